"""Conditions on days, and which steps show: against every timeline and every pattern of shared days."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.inversion.conditions import Condition, satisfied
from helpers.inversion.crossing import first_showing, last_showing
from tests.inversion.test_timelines import LAST, chains, every_timeline

steady = settings(deadline=None, derandomize=True, max_examples=200)


@st.composite
def conditioned(draw: st.DrawFn):
    chain = draw(chains(differences=1))
    size = len(chain.low)
    step = st.integers(0, size - 1)
    day = st.integers(0, LAST)
    within = tuple((draw(step), *sorted((draw(day), draw(day)))) for _ in range(draw(st.integers(0, 1))))
    sums = ()
    if size > 1 and draw(st.booleans()):
        i, j = sorted(draw(st.lists(step, min_size=2, max_size=2, unique=True)))
        low = draw(st.integers(0, 2 * LAST))
        sums = ((i, j, low, low + draw(st.integers(0, 2))),)
    later = st.sets(st.integers(1, size - 1)) if size > 1 else st.just(set())
    tied = frozenset(draw(later))
    return chain, Condition(tied, frozenset(draw(later)) - tied, within, (), sums)


def meets(days: tuple[int, ...], condition: Condition) -> bool:
    return (
        all(days[i] == days[i - 1] for i in condition.tied)
        and all(days[i] != days[i - 1] for i in condition.apart)
        and all(low <= days[i] <= high for i, low, high in condition.within)
        and all(low <= days[i] + days[j] <= high for i, j, low, high in condition.sums)
    )


@steady
@given(conditioned())
def test_a_condition_leaves_the_timelines_that_meet_it(case):
    """With one sum the bounds are those of all timelines, but where only every other sum is possible."""
    chain, condition = case
    every = [days for days in every_timeline(chain) if meets(days, condition)]
    tight = satisfied(chain, condition)
    assert (tight is None) == (not every)
    if tight is None:
        return
    columns = list(zip(*every, strict=True))
    low, high = tuple(map(min, columns)), tuple(map(max, columns))
    assert all(a <= b for a, b in zip(tight.low, low, strict=True))
    assert all(a >= b for a, b in zip(tight.high, high, strict=True))
    if not condition.sums:
        assert (tight.low, tight.high) == (low, high)


def test_two_conditions_at_once_and_moved():
    one, other = Condition(tied=frozenset({2})), Condition(apart=frozenset({2}))
    assert one.both(other) is None
    assert one.both(Condition(apart=frozenset({1}))) == Condition(frozenset({2}), frozenset({1}))
    # Two losses with a death between them are on different days; flipped, they stand side by side.
    assert Condition(tied=frozenset({1})).moved((0, 2, 1)) is None
    assert Condition(apart=frozenset({1})).moved((0, 2, 1)) == Condition()
    assert Condition(tied=frozenset({1}), within=((1, 3, 4),)).moved((0, 1, 2)).within == ((1, 3, 4),)


@steady
@given(st.text("EC", min_size=1, max_size=7), st.lists(st.booleans(), min_size=7, max_size=7))
def test_the_first_and_the_last_step_that_show_under_every_pattern_of_shared_days(kinds, flags):
    """Each pattern of ties belongs to exactly one ending, and that is what can be read off its days."""
    good = flags[: len(kinds)]
    free = [i for i in range(1, len(kinds)) if kinds[i] == kinds[i - 1] == "E"]
    for choice in product((False, True), repeat=len(free)):
        tied = {i for i, chosen in zip(free, choice, strict=True) if chosen}
        ends = [i for i, kind in enumerate(kinds) if kind == "E" and i + 1 not in tied]
        shows = [i for i in ends if good[i]]
        begin = {}
        for i, kind in enumerate(kinds):
            if kind == "E":
                begin[i] = begin[i - 1] if i in tied else i
        first = [e for e in first_showing(kinds, good) if e.tied <= tied and not e.apart & tied]
        last = [e for e in last_showing(kinds, good) if e.tied <= tied and not e.apart & tied]
        assert len(first) == len(last) == 1
        if not shows:
            assert first[0].step is last[0].step is None
        else:
            assert begin[first[0].step] == begin[shows[0]]
            assert last[0].step == shows[-1]
