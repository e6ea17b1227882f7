"""The search: bounds that only prune, counts that prune on the way, and long histories, against plain enumeration."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations, product
from math import exp, log

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpers.conventions import Convention, Interval
from helpers.inversion.bits import censored_at, censored_up_to, is_censored, no_censoring, texts
from helpers.inversion.budget import Budget, TooLargeError
from helpers.inversion.counts import Limits, all_agree, limits, which_agree
from helpers.inversion.evidence import Count
from helpers.inversion.history import landmark_prefixes, state_after, states
from helpers.inversion.reach import Origin, can_pass, inside
from helpers.inversion.search import Gate, search
from helpers.inversion.solve import bindings, jobs, solve
from helpers.inversion.windows import Window
from helpers.printed import Rounding
from helpers.simulation.cohort import KINDS, Cohort, random_cohort
from helpers.simulation.print_study import printed_landmarks
from tests.inversion import brute
from tests.inversion.making import CONVENTIONS, conventions, landmarks, thinned

steady = settings(deadline=None, derandomize=True, max_examples=150)
LOG = Convention(Interval.LOG, "exact", None, Rounding.HALF_UP)
DAYS = [None, *(Fraction(k) for k in (30, 90, 180, 270, 360, 400)), *(Fraction(k, 2) for k in (181, 361, 721, 901))]


def some_window(rng: random.Random, s: float, g: float) -> Window:
    """A window, wide or narrow, around a state or beside it."""
    width_s, width_g = rng.choice((0.0, 0.01, 0.1, 0.3)), rng.choice((0.0, 1e-3, 0.02, 1.0))
    s_low, g_low = s - width_s * rng.uniform(-0.3, 1.3), g - width_g * rng.uniform(-0.3, 1.3)
    s_high, g_high = s_low + width_s + 1e-9, g_low + width_g + 1e-9
    s_high, g_high = (1.0 if rng.random() < 0.1 else s_high), (np.inf if rng.random() < 0.2 else g_high)
    return Window(max(s_low, 0.0 if rng.random() < 0.1 else 1e-6), s_high, max(g_low, 0.0), g_high)


def lies_in(history: str, n: int, window: Window) -> bool:
    state = states(history, n)[-1]
    s, g = float(state.survival), float(state.greenwood)
    return bool(inside(np.array([s]), np.array([g]), window)[0])


@steady
@given(st.integers(2, 9), st.integers(0, 10**6))
def test_a_beginning_that_some_steps_lead_into_a_window_is_never_given_up(n, seed):
    rng = random.Random(seed)
    whole = "".join(rng.choice("EEC") for _ in range(rng.randint(1, n - 1)))
    target = states(whole, n)[-1]
    window = some_window(rng, float(target.survival), float(target.greenwood))
    head, most = whole[: rng.randrange(len(whole))], rng.randint(1, n)
    left, room = max(n - most, 1), min(most, n - 1) - len(head)
    state = states(head, n)[-1]
    kept = can_pass(np.array([float(state.survival)]), np.array([float(state.greenwood)]), state.at_risk, window, left)
    ends = ["".join(t) + "E" for k in range(max(room, 0)) for t in product("EC", repeat=k)]
    if any(lies_in(head + end, n, window) for end in ends):
        assert kept[0], (head, window)


@steady
@given(st.integers(3, 9), st.integers(0, 10**6))
def test_an_ending_that_some_beginning_takes_into_a_window_is_never_given_up(n, seed):
    rng = random.Random(seed)
    starts = ["".join(rng.choice("EEC") for _ in range(rng.randint(0, n - 2))) for _ in range(rng.randint(1, 3))]
    position = rng.randint(max(map(len, starts)), n - 2)
    tail = "".join(rng.choice("EEC") for _ in range(rng.randint(0, n - 2 - position))) + "E"
    curve = [states(start, n)[-1] for start in starts]
    origin = Origin.of(
        np.array([float(c.survival) for c in curve]),
        np.array([float(c.greenwood) for c in curve]),
        np.array([c.at_risk for c in curve]),
    )
    between = ["".join(t) for t in product("EC", repeat=position - len(starts[0]))]
    window = some_window(rng, *_after(starts[0] + rng.choice(between) + tail, n))
    factor, gain = _effect(tail, position, n)
    kept = origin.can_precede(np.array([factor]), np.array([gain]), n - position, window, window.g_high)
    wholes = (s + "".join(m) + tail for s in starts for m in product("EC", repeat=position - len(s)))
    if any(lies_in(whole, n, window) for whole in wholes):
        assert kept[0], (starts, tail, window)


def _after(history: str, n: int) -> tuple[float, float]:
    state = states(history, n)[-1]
    return float(state.survival), float(state.greenwood)


def _effect(tail: str, position: int, n: int) -> tuple[float, float]:
    at_events = [n - position - i for i, kind in enumerate(tail) if kind == "E"]
    return exp(sum(log((r - 1) / r) for r in at_events)), sum(1 / (r * (r - 1)) for r in at_events)


def free(n: int) -> Limits:
    return Limits(n, n, 0, 0, (0, n), n)


@steady
@given(st.integers(1, 9), st.integers(1, 3), st.integers(0, 10**6))
def test_the_search_returns_every_way_through_its_gates_once(n, gates, seed):
    """In floats as the search sees it, whatever prints; windows that only S = 0 or S = 1 can pass included."""
    rng = random.Random(seed)
    whole = "".join(rng.choice("EEC") for _ in range(n))
    ends = sorted(rng.choice(landmark_prefixes(whole)) for _ in range(gates))
    windows = [some_window(rng, *_after(whole[:m], n)) for m in ends]
    paths = search(n, [Gate(window, free(n)) for window in windows], Budget(1e6))
    found = list(zip(paths.strings(n), map(tuple, paths.ways.tolist()), strict=True))
    expected = []
    for history in brute.all_histories(n):
        ways: list[tuple[int, ...]] = [()]
        for window in windows:
            fitting = [m for m in landmark_prefixes(history) if lies_in(history[:m], n, window)]
            ways = [(*way, m) for way in ways for m in fitting if not way or m >= way[-1]]
        expected += [(history, way) for way in ways if way[-1] == len(history)]
    assert len(found) == len(set(found))
    assert set(found) == set(expected)
    for history, s, g, ways in zip(paths.strings(n), paths.log_s, paths.g, paths.ways, strict=True):
        for column, m in enumerate(ways.tolist()):
            true_s, true_g = _after(history[:m], n)
            assert np.exp(s[column]) == pytest.approx(true_s, abs=1e-12)
            assert g[column] == pytest.approx(true_g, abs=1e-12)


def random_counts(rng: random.Random, n: int, most: int = 3) -> tuple[Count, ...]:
    """Counts on any days, now and then several on one day."""
    kinds, some = ("at_risk", "events", "censored"), rng.sample(DAYS[1:], rng.randint(1, 2))
    found = []
    for k in range(rng.randint(1, most)):
        day = rng.choice(some) if rng.random() < 0.6 else rng.choice(DAYS)
        found.append(Count(f"c{k}", rng.choice(kinds[1:] if day is None else kinds), day, rng.randint(0, n)))
    return tuple(found)


@steady
@given(st.integers(1, 8), st.integers(0, 10**6))
def test_counts_in_one_go_agree_with_counts_one_by_one_and_keep_to_the_limits(n, seed):
    rng = random.Random(seed)
    days = sorted(rng.choice(DAYS[1:]) for _ in range(rng.randint(1, 3)))
    marks = tuple(m.__class__(**{**vars(m), "day": d}) for m, d in zip(_marks(len(days)), days, strict=True))
    counts = random_counts(rng, n)
    rows = []
    for history in brute.all_histories(n):
        prefixes = landmark_prefixes(history)
        for _ in range(2):
            rows.append((history, (*sorted(rng.choice(prefixes) for _ in days[1:]), len(history))))
    letters = np.array([[i < len(h) and h[i] == "C" for i in range(n)] for h, _ in rows], bool)
    agreed = which_agree(letters, np.array([way for _, way in rows]), n, marks, counts)
    known = limits(counts, marks, n)
    for (history, way), verdict in zip(rows, agreed.tolist(), strict=True):
        assert verdict == all_agree(history, n, marks, way, counts), (history, way, counts)
        if verdict:
            for m, limit in zip(way, known, strict=True):
                events = history[:m].count("E")
                assert m <= limit.most and limit.events[0] <= events <= limit.events[1]
                assert m - events <= limit.censored
                assert "C" not in history[limit.events_from : m]
                for point in limit.points:
                    assert point.fewest <= history[: point.steps].count("E") <= point.most
                following = history.find("E", m)
                if following >= 0:
                    assert following >= limit.over and history[:following].count("C") >= limit.lost


def _marks(many: int):
    return landmarks(tuple(brute.Print("50", None, None) for _ in range(many)))


@steady
@given(conventions, st.integers(1, 8), st.integers(0, 10**6))
def test_printed_counts_on_any_day_give_the_set_of_every_string_that_agrees(convention, n, seed):
    rng = random.Random(seed)
    history = "".join(rng.choice("EEC") for _ in range(rng.randint(0, n))).rstrip("C")
    ends = sorted(rng.choice(landmark_prefixes(history)) for _ in range(rng.randint(0, 2)))
    decimals = rng.randint(0, 2)
    prints = tuple(
        thinned(brute.print_history(history[:m], n, convention, decimals), rng.choice((7, 3, 1, 6)))
        for m in (*ends, len(history))
    )
    days = sorted(rng.sample(DAYS[1:], len(prints)))
    marks = tuple(m.__class__(**{**vars(m), "day": d}) for m, d in zip(landmarks(prints), days, strict=True))
    counts = random_counts(rng, n, 2)
    found = solve.__wrapped__(n, marks, (convention,), counts=counts).histories
    assert set(found) == {h for h in brute.all_histories(n) if bindings(h, n, marks, convention, counts)}


@steady
@given(conventions, st.integers(2, 10), st.integers(0, 10**6))
def test_tables_beneath_a_curve_give_the_set_of_every_string_that_agrees(convention, n, seed):
    """Two or three counts on each of several days, of which some are landmarks, as beneath a published curve."""
    rng = random.Random(seed)
    rows = sorted(
        ((Fraction(rng.randint(1, 12)), rng.random() < 0.6) for _ in range(n)), key=lambda r: (r[0], not r[1])
    )
    who = Cohort(tuple(day for day, _ in rows), tuple(event for _, event in rows))
    half = Fraction(rng.randint(0, 1), 2)
    times = sorted(rng.sample([Fraction(k) + half for k in range(14)], rng.randint(2, 4)))
    days = sorted(rng.sample(times, rng.randint(1, 2)))
    marks, counts = printed_landmarks(who, days, convention, rng.randint(0, 2), interval=rng.random() < 0.6), []
    for day in times:
        for kind in rng.sample(["at_risk", "events", "censored"], rng.randint(2, 3)):
            number = who.at_risk(day) if kind == "at_risk" else who.number(event=kind == "events", until=day)
            counts.append(Count(f"{kind} {day}", kind, day, number))
    found = solve.__wrapped__(n, marks, (convention,), counts=tuple(counts)).histories
    assert who.history(days[-1]) in found
    assert set(found) == {h for h in brute.all_histories(n) if bindings(h, n, marks, convention, tuple(counts))}


@pytest.mark.parametrize("kind", KINDS)
def test_counts_read_off_patients_on_any_day_keep_the_truth(kind):
    """At risk by both readings of a whole day; days before, between, on and after the landmarks; ties."""
    rng, generator, asked = random.Random(kind), np.random.default_rng(KINDS.index(kind)), 0
    for _ in range(120):
        who, days = random_cohort(generator, rng.randint(3, 12), kind)
        convention, kinds = rng.choice(CONVENTIONS), ("at_risk", "events", "censored")
        marks = printed_landmarks(who, days, convention, rng.randint(0, 2))
        times = [*days, *who.days, *(d + Fraction(1, 2) for d in (*days, *who.days)), who.days[-1] + 9]
        counts = []
        for k in range(rng.randint(1, 4)):
            day, what = rng.choice(times), rng.choice(kinds)
            number = who.at_risk(day) if what == "at_risk" else who.number(event=what == "events", until=day)
            if what == "at_risk" and day in days and day.denominator == 1 and rng.random() < 0.5:
                number = sum(d > day for d in who.days)
            counts.append(Count(f"c{k}", what, day, number))
        found = solve.__wrapped__(who.n, marks, (convention,), 100_000, tuple(counts))
        assert who.history(days[-1]) in found.histories, (who, days, counts)
        asked += 1
    assert asked == 120


@pytest.mark.parametrize(
    ("n", "fewer", "most"), [(66, "E", 3), (70, "C", 2), (100, "E", 2), (131, "C", 1), (64, "C", 2)]
)
@pytest.mark.parametrize("decimals", [1, 2])
def test_long_histories_with_few_events_or_few_censorings_are_all_found(n, fewer, most, decimals):
    """Against every choice of up to a few positions; the number of the fewer letter is printed."""
    rng = random.Random(n + decimals)
    length = rng.randint(n // 2, n - 4)
    other = "C" if fewer == "E" else "E"
    letters = [other] * length
    for i in rng.sample(range(length - 1), most - (fewer == "E")):
        letters[i] = fewer
    truth = "".join([*letters[:-1], "E"])
    number = truth.count(fewer)
    (mark,) = landmarks((brute.print_history(truth, n, LOG, decimals),))
    mark = mark.__class__(**{**vars(mark), "day": Fraction("182.625")})
    count = Count("n", "events" if fewer == "E" else "censored", mark.day, number)
    found = solve.__wrapped__(n, (mark,), (LOG,), counts=(count,)).histories
    expected = {h for h in _with_few(n, fewer, number) if _prints(h, n, mark)}
    assert truth in expected
    assert set(found) == expected


def _with_few(n: int, letter: str, number: int):
    """Every history with so many of a letter if it is E, or at most so many if it is C (more may follow its end)."""
    for length in range(1, n):
        if letter == "E":
            for chosen in combinations(range(length - 1), number - 1):
                yield "".join("E" if i in chosen else "C" for i in range(length - 1)) + "E"
        else:
            for k in range(number + 1):
                for chosen in combinations(range(length - 1), k):
                    yield "".join("C" if i in chosen else "E" for i in range(length - 1)) + "E"


def _prints(history: str, n: int, mark) -> bool:
    s = g = 0.0
    for i, kind in enumerate(history):
        if kind == "E":
            r = n - i
            s, g = s + log((r - 1) / r), g + 1 / (r * (r - 1))
    near = abs(exp(s) - float(mark.value.value) / 100) < 0.002
    return near and bool(bindings(history, n, (mark,), LOG))


@steady
@given(st.integers(1, 200), st.integers(0, 10**6))
@example(64, 1)
@example(128, 2)
def test_bits_are_histories(n, seed):
    rng = random.Random(seed)
    histories = ["".join(rng.choice("EC") for _ in range(rng.randint(0, n))).rstrip("C") for _ in range(4)]
    bits = no_censoring(len(histories), n)
    for i in range(n):
        here = np.array([i < len(h) and h[i] == "C" for h in histories])
        bits = np.where(here[:, None], censored_at(bits, i), bits)
    lengths = np.array([len(h) for h in histories])
    assert texts(bits, lengths, n) == histories
    ends = np.array([rng.randint(0, n) for _ in histories])
    more = is_censored(censored_up_to(bits, lengths, ends), n)
    for row, history, end in zip(more, histories, ends.tolist(), strict=True):
        padded = history.ljust(max(end, len(history)), "C")
        assert "".join("C" if c else "E" for c in row[: len(padded)]) == padded


@steady
@given(st.integers(1, 40), st.text("EC", max_size=40))
def test_the_last_state_alone_is_the_last_of_all(n, history):
    assert state_after(history[:n], n) == states(history[:n], n)[-1]


def test_one_search_serves_conventions_whose_windows_lie_in_another():
    marks = landmarks((brute.Print("67.9", "48.3", "87.5"),))
    served = [job.conventions for job in jobs(22, marks, CONVENTIONS)]
    every = [convention for some in served for convention in some]
    assert len(every) == len(set(every))
    assert len(served) < len({(c.interval, c.rounded_to) for c in every})
    assert set(solve(22, marks, CONVENTIONS).by_convention) <= set(every)


def test_the_budget_stops_a_search_before_it_is_spent():
    marks = landmarks((brute.Print("50", None, None),))
    with pytest.raises(TooLargeError, match="candidates"):
        solve.__wrapped__(60, marks, (LOG,), 50_000)
