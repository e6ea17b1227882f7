"""Reverse Kaplan-Meier on a history under both rules for ties, against patient rows."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import isqrt

from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.inversion.chains import free_chain, tighten
from helpers.inversion.conditions import satisfied
from helpers.inversion.follow_up import flips, follow_up_days, meetings, rational_curves
from helpers.inversion.history import states
from helpers.inversion.joint.whole import FollowUpRange
from helpers.inversion.median_ways import ReverseTies
from helpers.printed import PrintedNumber
from tests.inversion.patients import Rows
from tests.inversion.programs import steps

steady = settings(deadline=None, derandomize=True, max_examples=150)


@st.composite
def tables(draw: st.DrawFn, largest: int = 8) -> Rows:
    n, longest = draw(st.integers(1, largest)), draw(st.integers(0, 6))
    rows = draw(st.lists(st.tuples(st.integers(0, longest), st.integers(0, 1)), min_size=n, max_size=n))
    return sorted(rows, key=lambda row: (row[0], -row[1]))


def kinds_of(rows: Rows) -> str:
    return "".join("E" if event else "C" for _, event in rows)


@steady
@given(tables(), st.sampled_from(list(ReverseTies)))
def test_exactly_one_flipped_history_belongs_to_a_table_and_it_is_its_reverse_curve(rows, ties):
    kinds, n = kinds_of(rows), len(rows)
    chain = free_chain(kinds, 10)
    for i, (day, _) in enumerate(rows):
        chain = chain.pinned(i, day)
    fitting = [flipped for flipped in flips(kinds, ties) if satisfied(chain, flipped.condition) is not None]
    assert len(fitting) == 1
    (flipped,) = fitting
    days = [rows[step][0] for step in flipped.order]
    assert days == sorted(days)
    curve = states(flipped.kinds, n)
    at = {day: curve[i + 1].survival for i, day in enumerate(days)}
    for step in steps(rows, reverse=str(ties)):
        assert at[step.day] == step.s


@steady
@given(tables(), st.integers(0, 8), st.sampled_from(list(ReverseTies)))
def test_the_median_follow_up_lies_between_the_days_that_a_history_leaves(rows, cut, ties):
    """The history is what happened by some day; what follows is not looked at."""
    last = rows[min(cut, len(rows) - 1)][0] if cut else -1
    history = "".join("E" if event else "C" for day, event in rows if day <= last).rstrip("C")
    chain = tighten(free_chain(history, 10))
    for i in range(len(history)):
        chain = tighten(chain.pinned(i, rows[i][0]))
    low, high, reached = follow_up_days(history, len(rows), chain, 10)
    curve = steps(rows, reverse=str(ties))
    flat = [step.day for step in curve if step.s <= Fraction(1, 2)]
    below = [step.day for step in curve if step.s < Fraction(1, 2)]
    assert all(day >= low for day in flat)
    if reached:
        assert below and below[0] <= high


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.text("EC", max_size=6), st.integers(0, 4))
def test_no_rational_standard_error_at_the_median_is_missed(text, more):
    """Every course and every flipped history of it, gone through."""
    history = text.rstrip("C")
    n = len(history) + more
    if n == 0:
        return
    found = set(rational_curves(history, n))
    for tail in product("EC", repeat=n - len(history)):
        for flipped in flips(history + "".join(tail), ReverseTies.KEEP):
            curve = states(flipped.kinds, n)
            half = next((i for i in range(n) if curve[i + 1].survival <= Fraction(1, 2)), None)
            if half is None:
                continue
            end = half
            while end < n and flipped.kinds[end] == "E":
                g = curve[end + 1].greenwood
                if g and all(isqrt(x) ** 2 == x for x in (g.numerator, g.denominator)):
                    assert flipped.kinds[: end + 1] in found
                end += 1


def test_where_deaths_and_losses_can_share_a_day():
    assert [(m.event, m.censoring, m.last) for m in meetings("CEECCEC")] == [(1, 3, 4), (5, 6, 6)]
    assert meetings("CCEE") == ()


def test_a_range_of_follow_up_bounds_losses_and_what_lies_beyond_it():
    seen = FollowUpRange("f", PrintedNumber("3"), PrintedNumber("10"), Fraction(1))
    chain = tighten(seen.on(free_chain("CEEC", 40), [Fraction(5), Fraction(12), Fraction(20)]))
    assert (chain.low, chain.high) == ((3, 4, 4, 4), (9, 10, 10, 10))
    alone = seen.on(free_chain("CE", 40), [Fraction(5)])
    assert alone.high == (10, 40)
    beyond = seen.on(free_chain("E", 40), [Fraction(25, 2)])
    assert beyond.high == (12,)
    assert (seen.end("ci_low"), seen.end("ci_high")) == (3, 10)
