"""Timelines: bounds of a chain of whole days against going through every timeline."""

from __future__ import annotations

from collections import Counter
from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.inversion.draws.chains import count_timelines, draw_timelines
from helpers.inversion.sampling import sample_days
from helpers.inversion.timelines import Chain, free_chain, tighten, with_landmarks
from tests.inversion.brute import Print
from tests.inversion.drawing import chi_square
from tests.inversion.making import landmark

steady = settings(deadline=None, derandomize=True, max_examples=150)
LAST = 5


def every_timeline(chain: Chain, last: int = LAST) -> list[tuple[int, ...]]:
    """All whole days 0..last for the steps, each condition of the chain read out one by one."""
    found = []
    for days in product(range(last + 1), repeat=len(chain.low)):
        good = all(a <= d <= b for a, d, b in zip(chain.low, days, chain.high, strict=True))
        for i in range(1, len(days)):
            good &= days[i] >= days[i - 1] + chain.gap[i]
            good &= i not in chain.tied or days[i] == days[i - 1]
        good &= all(days[after] - days[before] == d for before, after, d in chain.differences)
        if good:
            found.append(days)
    return found


@st.composite
def chains(draw: st.DrawFn, differences: int = 2) -> Chain:
    size = draw(st.integers(1, 4))
    low = tuple(draw(st.lists(st.integers(0, 3), min_size=size, max_size=size)))
    high = tuple(min(LAST, a + draw(st.integers(0, LAST))) for a in low)
    gap = (0, *draw(st.lists(st.sampled_from([0, 0, 0, 1]), min_size=size - 1, max_size=size - 1)))
    tied = frozenset(i for i in range(1, size) if draw(st.integers(0, 3)) == 0)
    pairs = st.tuples(st.integers(0, size - 1), st.integers(0, size - 1), st.integers(0, LAST))
    some = draw(st.lists(pairs.map(lambda p: (min(p[:2]), max(p[:2]), p[2])), max_size=differences))
    return Chain("E" * size, low, high, gap, tied, tuple(some))


@steady
@given(chains())
def test_tightened_bounds_are_those_of_all_timelines(chain):
    every = every_timeline(chain)
    tight = tighten(chain)
    if not every:
        assert tight is None
        return
    assert tight is not None
    columns = list(zip(*every, strict=True))
    assert tight.low == tuple(min(c) for c in columns)
    assert tight.high == tuple(max(c) for c in columns)
    assert (tight.kinds, tight.gap, tight.tied, tight.differences) == (
        chain.kinds,
        chain.gap,
        chain.tied,
        chain.differences,
    )


@settings(deadline=None, derandomize=True, max_examples=250)
@given(chains(differences=3), st.integers(0, 10**6))
def test_timelines_are_counted_and_drawn_from_all_and_no_others(chain, seed):
    every = every_timeline(chain)
    assert count_timelines(chain) == len(every)
    days = draw_timelines(chain, 10, seed)
    if not every:
        assert days is None
        assert sample_days(chain, np.random.default_rng(seed)) is None
    else:
        assert {tuple(row) for row in days.tolist()} <= set(every)
        assert tuple(sample_days(chain, np.random.default_rng(seed)).tolist()) in every


@pytest.mark.parametrize(
    "chain",
    [
        Chain("EEEE", (0, 0, 0, 0), (4, 4, 4, 4), (0, 0, 0, 0)),
        Chain("EECE", (0, 0, 1, 0), (3, 4, 4, 5), (0, 0, 0, 1)),
        Chain("EEEE", (0, 0, 0, 0), (5, 5, 5, 5), (0, 1, 0, 1), frozenset({2})),
        Chain("EEEEE", (0, 0, 0, 0, 0), (5, 5, 5, 5, 5), (0, 0, 1, 0, 0), frozenset(), ((0, 3, 3),)),
        Chain("EEEEE", (0, 0, 0, 2, 0), (5, 5, 5, 5, 5), (0, 0, 0, 0, 1), frozenset({1}), ((1, 4, 2),)),
        Chain("EEEE", (0, 0, 0, 0), (5, 5, 5, 5), (0, 0, 0, 0), frozenset(), ((0, 2, 0),)),
        Chain("EEEEEE", (0,) * 6, (5,) * 6, (0, 0, 1, 0, 0, 0), frozenset({3}), ((0, 3, 2), (1, 5, 3))),
    ],
    ids=["free", "censored", "tied", "difference", "tied and difference", "difference of none", "two differences"],
)
def test_draws_are_uniform_over_all_timelines(chain):
    """Chi-square against the list of all; the 1e-5 quantile, with a fixed seed."""
    every = every_timeline(chain)
    hits = Counter(tuple(row) for row in draw_timelines(chain, 100 * len(every), 20240).tolist())
    assert set(hits) == set(every)
    assert chi_square(hits, dict.fromkeys(every, 1 / len(every))) > 1e-5


def test_a_drawn_timeline_is_the_same_however_many_are_drawn():
    chain = free_chain("EECEEC", 400)
    few, many = (draw_timelines(chain, draws, 5).tolist() for draws in (3, 50))
    assert few == many[:3]
    assert draw_timelines(chain, 3, 6).tolist() != few


def test_many_steps_on_many_days_are_counted_as_choices_of_days():
    """Steps on rising days are a choice of days; steps that may share days a choice with repetition."""
    free, strict = (Chain("E" * 8, (0,) * 8, (2904,) * 8, (0, *(gap,) * 7)) for gap in (0, 1))
    assert count_timelines(strict) == pytest.approx(comb(2905, 8), rel=1e-12)
    assert count_timelines(free) == pytest.approx(comb(2905 + 7, 8), rel=1e-12)


def test_an_event_after_a_censoring_comes_on_a_later_day():
    """Events stand before censorings of the same day."""
    chain = tighten(free_chain("ECCE", 9))
    assert chain.low == (0, 0, 0, 1)
    assert chain.high == (8, 8, 8, 9)


@pytest.mark.parametrize("day", [180, 182])
def test_events_end_by_the_landmark_and_the_next_one_comes_later(day):
    mark = landmark(Print("50.0", None, None), day=day)
    chain = with_landmarks(free_chain("EECEC", 400), (mark,), (2,))
    tight = tighten(chain)
    assert tight.high[:2] == (day, day)
    assert tight.low[3] == day + 1
    assert (tight.low[2], tight.high[2]) == (0, 399)


@settings(deadline=None, derandomize=True, max_examples=80)
@given(st.text("EC", min_size=1, max_size=5), st.integers(0, 5), st.integers(0, 5))
def test_landmarks_split_the_events_as_a_table_of_patients_does(history, length, day):
    """Against every timeline: those in which just the first steps' events have come by the day, and no others."""
    events = [i for i, kind in enumerate(history) if kind == "E"]
    passed = max([i + 1 for i in events if i < length], default=0)
    mark = landmark(Print("50", None, None), day=day)
    tight = tighten(with_landmarks(free_chain(history, LAST), (mark,), (passed,)))
    every = []
    for days in product(range(LAST + 1), repeat=len(history)):
        rows = list(zip(days, history, strict=True))
        in_order = all(
            a[0] < b[0] or (a[0] == b[0] and not (a[1] == "C" and b[1] == "E"))
            for a, b in zip(rows, rows[1:], strict=False)
        )
        by_then = [i for i in events if days[i] <= day]
        if in_order and by_then == [i for i in events if i < passed]:
            every.append(days)
    if not every:
        assert tight is None
    else:
        columns = list(zip(*every, strict=True))
        assert (tight.low, tight.high) == (tuple(map(min, columns)), tuple(map(max, columns)))
