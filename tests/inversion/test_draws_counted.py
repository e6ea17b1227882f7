"""Sets of tables of one endpoint against going through every table, on tiny studies."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.inversion import invert_study
from helpers.inversion.draws import PatientTables
from helpers.inversion.draws.conditions import Condition, exclusive
from helpers.inversion.median_account import median_accounts
from tests.inversion.drawing import (
    RULES,
    SCALES,
    Print,
    at_risk,
    chi_square,
    cohorts,
    count,
    event_time_texts,
    follow_up_texts,
    history_of,
    landmark,
    made,
    mixed_days,
    says,
    separated,
    spss_texts,
)
from tests.inversion.patients import Rows

steady = settings(deadline=None, derandomize=True, max_examples=70)
SIZES = {3: 6, 4: 5, 5: 3}


def statements(draw: st.DrawFn, name: str, rows: Rows, longest: int, *, follow_up: bool = True) -> list[Print]:
    """What a made-up paper prints of one endpoint of a table; nothing that no rule can tell."""
    halves = st.integers(2, 2 * longest - 1).map(lambda k: Fraction(k, 2))
    prints = [
        Print("survival", name, day, landmark(rows, day))
        for day in sorted(draw(st.sets(halves, min_size=1, max_size=2)))
    ]
    for what in draw(st.sets(st.sampled_from(["at_risk", "events", "censored", "all events"]), max_size=1)):
        day = None if what == "all events" else draw(halves)
        what = what.removeprefix("all ")
        number = at_risk(rows, day) if what == "at_risk" else count(rows, what, day)
        prints.append(Print(what, name, day, (str(number),)))
    rule = draw(st.sampled_from(RULES))
    kind = draw(st.sampled_from(["none", "spss", "event times"]))
    flipped = [(d, 1 - e) for d, e in rows]
    if kind == "spss":
        decimals = draw(st.integers(0, 1))
        median = spss_texts(rows, decimals, rule)
        reverse = follow_up_texts(rows, decimals, rule) if separated(rows) else None
        # A standard error of 0, where S is 0 at the median, tells nothing of the days around it.
        prints += [Print("median", name, None, median)] if median and len(set(median)) > 1 else []
        if follow_up and reverse and len(set(reverse)) > 1 and draw(st.booleans()):
            prints.append(Print("follow_up", name, None, reverse))
    if kind == "event times":
        scale = draw(st.sampled_from(SCALES))
        prints.append(Print("median", name, None, event_time_texts(rows, scale, "1.96", rule)))
        if follow_up and not mixed_days(rows) and draw(st.booleans()):
            prints.append(Print("follow_up", name, None, event_time_texts(flipped, scale, "1.96", rule)))
    return prints


@st.composite
def papers(draw: st.DrawFn) -> tuple[int, int, list[Print]]:
    n = draw(st.sampled_from(list(SIZES)))
    patient = st.tuples(st.integers(0, SIZES[n]), st.sampled_from([1, 1, 0]))
    rows = sorted(draw(st.lists(patient, min_size=n, max_size=n)), key=lambda r: (r[0], -r[1]))
    return n, SIZES[n], statements(draw, "OS", rows, SIZES[n])


def fitting(prints: list[Print], accounts: dict, n: int, longest: int) -> list[tuple]:
    """Every table of one endpoint that prints some statements, by the rules that the paper's account leaves open."""

    def printed_by(rows: Rows, what: Print) -> bool:
        account = accounts.get(what.row["id"])
        rules = tuple(str(rule) for rule in account.roundings) if account else ()
        return says(rows, what, rules, symmetric=bool(account and account.symmetric))

    return [c for c in cohorts(n, longest) if all(printed_by(list(c), what) for what in prints)]


@pytest.mark.xfail(
    reason="where a median can be made in several ways, draws and brute force disagree on which count: open",
    strict=False,
)
@steady
@given(papers(), st.integers(0, 1000))
def test_every_table_is_counted_once_and_only_those_are_drawn(paper, seed):
    n, longest, prints = paper
    inversion = invert_study(made(prints, n, longest))
    endpoint = inversion.endpoints.get("OS")
    assume(endpoint is not None and endpoint.histories and not endpoint.removed)
    accounts = median_accounts(inversion.study, inversion.days_per_month)
    assume(not any(account.candidates for account in accounts.values()))
    last = max(p.day for p in prints if p.statistic == "survival")
    expected = defaultdict(set)
    for table in fitting(prints, accounts, n, longest):
        expected[history_of(list(table), last)].add(table)
    source = PatientTables(inversion, seed)
    assert source.sizes() == {(history,): len(tables) for history, tables in expected.items()}
    if not expected:
        return  # event times that look like symmetric limits are read as such
    drawn = source.draw(30)
    for days, event in zip(drawn.days["OS"].tolist(), drawn.events["OS"].tolist(), strict=True):
        table = tuple(zip(days, event, strict=True))
        assert table in expected[history_of(list(table), last)]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    "rows",
    [
        [(1, 1), (2, 0), (4, 1), (6, 0)],
        [(1, 1), (3, 1), (3, 0), (5, 1)],
        [(0, 1), (2, 1), (3, 1), (5, 0)],
    ],
)
def test_histories_are_equally_likely_and_so_are_the_tables_of_each(rows, seed):
    """One estimate without its limits leaves several histories."""
    day = Fraction(7, 2)
    prints = [
        Print("survival", "OS", day, (landmark(rows, day)[0], None, None)),
        Print("events", "OS", None, (str(count(rows, "events", None)),)),
    ]
    inversion = invert_study(made(prints, 4, 6))
    expected = defaultdict(list)
    for table in fitting(prints, {}, 4, 6):
        expected[history_of(list(table), day)].append(table)
    chances = {t: 1 / len(expected) / len(tables) for tables in expected.values() for t in tables}
    drawn = PatientTables(inversion, seed).draw(60 * len(chances))
    hits = Counter(
        tuple(zip(days, event, strict=True))
        for days, event in zip(drawn.days["OS"].tolist(), drawn.events["OS"].tolist(), strict=True)
    )
    assert chi_square(hits, chances) > 1e-5


bounds = st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 4)).map(lambda t: (t[0], *sorted(t[1:])))
steps = st.frozensets(st.integers(1, 3), max_size=2)
pairs = st.tuples(st.integers(0, 1), st.integers(2, 3), st.integers(0, 6), st.integers(0, 6))


@st.composite
def some_conditions(draw: st.DrawFn) -> list[Condition]:
    found = []
    for _ in range(draw(st.integers(1, 4))):
        tied = draw(steps)
        windows = {step: (step, low, high) for step, low, high in draw(st.lists(bounds, max_size=2))}
        two = [(i, j, *sorted((a, b))) for i, j, a, b in draw(st.lists(pairs, max_size=1))]
        spread, sums = (two, []) if draw(st.booleans()) else ([], two)
        needed = draw(st.integers(0, 2))
        found.append(Condition(tied, draw(steps) - tied, tuple(windows.values()), tuple(spread), tuple(sums), needed))
    return found


def holds(condition: Condition, days: tuple[int, ...]) -> bool:
    return (
        all(days[k] == days[k - 1] for k in condition.tied)
        and all(days[k] != days[k - 1] for k in condition.apart)
        and all(low <= days[k] <= high for k, low, high in condition.within)
        and all(low <= days[j] - days[i] <= high for i, j, low, high in condition.spread)
        and all(low <= days[j] + days[i] <= high for i, j, low, high in condition.sums)
    )


@settings(deadline=None, derandomize=True, max_examples=200)
@given(some_conditions())
def test_exclusive_conditions_hold_one_at_a_time_and_wherever_one_did(conditions):
    from itertools import combinations_with_replacement

    pieces = exclusive(conditions)
    for days in combinations_with_replacement(range(5), 4):
        assert sum(holds(piece, days) for piece in pieces) == any(holds(c, days) for c in conditions)
