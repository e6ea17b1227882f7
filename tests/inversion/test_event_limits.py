"""Limits of a median that are event times: the steps and days are those that programs give on patient rows."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import inf, isnan

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.conventions import Interval
from helpers.estimators.kaplan_meier import survival_table
from helpers.estimators.medians import FlatMedianRule, brookmeyer_crowley, median_survival
from helpers.inversion.chains import free_chain
from helpers.inversion.conditions import satisfied
from helpers.inversion.event_limits import event_demands, event_time_median, whole_numbers
from helpers.inversion.median_ways import FlatRule, MedianWay, all_ways, event_time_ways
from helpers.inversion.medians import PrintedMedian
from helpers.inversion.readings import Moment, Outcome
from helpers.inversion.symmetric_limits import symmetric_demands
from helpers.printed import PrintedNumber, Rounding
from tests.inversion.patients import Rows
from tests.inversion.programs import event_times, printed_ways

Z = 1.959963984540054
NOTHING = PrintedMedian("m", "OS", None, None, None, Fraction(1))
steady = settings(deadline=None, derandomize=True, max_examples=150)


def apart(kinds: str) -> tuple[list[int], list[int]]:
    """One patient a step, ten days apart."""
    return [10 * (i + 1) for i in range(len(kinds))], [int(kind == "E") for kind in kinds]


def day_of(reading, time: list[int]) -> float:
    if isinstance(reading, Outcome):
        return inf
    return time[reading.first] if reading.second is None else (time[reading.first] + time[reading.second]) / 2


@steady
@given(st.integers(4, 20), st.text("EC", min_size=20, max_size=20), st.sampled_from(list(Interval)))
def test_on_days_of_their_own_the_steps_are_those_of_the_estimator(n, text, interval):
    """R's limits, as the estimator checked against R has them; a curve that falls to 0 has no limits there."""
    kinds = text[:n]
    time, event = apart(kinds)
    table = survival_table(time, event)
    expected = brookmeyer_crowley(table, interval, Z, FlatMedianRule.R_PRINT)
    way = MedianWay(str(interval), "exact", FlatRule.R_PRINT, Rounding.HALF_UP)
    holding = [
        item for item in event_demands(kinds, n, NOTHING, (way,), whole=True, sought=True) if not item.condition.tied
    ]
    assert len(holding) == 1
    told = holding[0].told
    assert day_of(told.value, time) == expected.value
    assert day_of(told.ci_low, time) == (inf if isnan(expected.low) else expected.low)
    assert day_of(told.ci_high, time) == expected.high


@steady
@given(st.integers(2, 16), st.text("EC", min_size=16, max_size=16), st.sampled_from(list(FlatRule)))
def test_the_median_itself_is_that_of_the_estimator_by_every_rule(n, text, flat):
    kinds = text[:n]
    time, event = apart(kinds)
    ways = (MedianWay("plain", "1.96", flat, Rounding.HALF_UP),)
    (told,) = [i.told for i in event_demands(kinds, n, NOTHING, ways, whole=True) if not i.condition.tied]
    assert day_of(told.value, time) == median_survival(survival_table(time, event), FlatMedianRule(str(flat)))


@st.composite
def tables(draw: st.DrawFn) -> Rows:
    """Few patients on few days, so that many share one."""
    n, longest = draw(st.integers(2, 9)), draw(st.integers(1, 8))
    rows = draw(st.lists(st.tuples(st.integers(0, longest), st.integers(0, 1)), min_size=n, max_size=n))
    return sorted(rows, key=lambda row: (row[0], -row[1]))


def holds(rows: Rows, condition, kinds: str) -> bool:
    chain = free_chain(kinds, 20)
    for i, (day, _) in enumerate(rows):
        chain = chain.pinned(i, day)
    return satisfied(chain, condition) is not None


@settings(deadline=None, derandomize=True, max_examples=250)
@given(tables(), st.sampled_from(all_ways()), st.sampled_from([(Fraction(1), 0), (Fraction(2), 1), (Fraction(3), 0)]))
def test_a_table_prints_a_median_if_and_only_if_it_meets_a_condition_for_it(rows, way, unit):
    day, decimals = unit
    kinds = "".join("E" if event else "C" for _, event in rows)
    parts = (way.limits, way.z, str(way.flat), str(way.rounding))
    truth = printed_ways(rows, parts, day, decimals)
    shifted = printed_ways([(d + 1, e) for d, e in rows], parts, day, decimals)
    for texts in truth | shifted:
        median = PrintedMedian("m", "OS", *map(PrintedNumber, texts), day)
        if way.symmetric:
            found = [i.condition for i in symmetric_demands(kinds, len(rows), median, (way,), whole=True, longest=20)]
        else:
            found = [i.condition for i in event_demands(kinds, len(rows), median, (way,), whole=True)]
        assert any(holds(rows, condition, kinds) for condition in found) == (texts in truth)


@settings(deadline=None, derandomize=True, max_examples=120)
@given(tables(), st.sampled_from(event_time_ways()), st.integers(1, 8))
def test_what_happened_so_far_never_rules_out_what_follows(rows, way, cut):
    """The conditions on a prefix hold for every table that goes on to print the numbers."""
    assume(cut < len(rows) and rows[cut - 1][0] < rows[cut][0])
    kinds = "".join("E" if event else "C" for _, event in rows[:cut])
    parts = (way.limits, way.z, str(way.flat), str(way.rounding))
    for texts in printed_ways(rows, parts, Fraction(1), 0):
        median = PrintedMedian("m", "OS", *map(PrintedNumber, texts), Fraction(1))
        found = event_demands(kinds, len(rows), median, (way,), whole=False, later=rows[cut][0])
        assert any(holds(rows[:cut], item.condition, kinds) for item in found)


def test_r_and_sas_differ_where_the_interval_jumps_over_one_half():
    """Three die on one day: the interval of S is below 1/2 at once, R has both limits on that day, SAS neither."""
    rows = [(5, 1)] * 5 + [(9, 0)]
    assert event_times(rows, "plain", "1.96", "r-print") == [(5, 5, 5)]
    assert event_times(rows, "plain", "1.96", "sas-average") == [(5, None, None)]
    kinds = "EEEEEC"
    for flat, reached in ((FlatRule.R_PRINT, "5"), (FlatRule.SAS_AVERAGE, "NR")):
        median = replace(
            NOTHING, value=PrintedNumber("5"), ci_low=PrintedNumber(reached), ci_high=PrintedNumber(reached)
        )
        ways = (MedianWay("plain", "1.96", flat, Rounding.HALF_UP),)
        found = event_demands(kinds, 6, median, ways, whole=True)
        assert any(holds(rows, item.condition, kinds) for item in found), flat


def test_a_curve_that_rests_on_one_half_is_told_from_one_below_it():
    """18 of 36 die and nobody later: the first day at or below 1/2 is reached, one below it is not."""
    kinds = "E" * 18 + "C" * 18
    for flat, told in ((FlatRule.FIRST_AT_OR_BELOW, Moment(17)), (FlatRule.FIRST_BELOW, Outcome.NEVER)):
        ways = (MedianWay("plain", "1.96", flat, Rounding.HALF_UP),)
        (item,) = event_demands(kinds, 36, NOTHING, ways, whole=True)
        assert item.told.value == told


def test_a_limit_that_is_reached_cannot_be_printed_as_not_reached():
    kinds, n = "EEEEEEEEEEE", 12
    for high, possible in (("NR", False), ("80", True)):
        median = event_time_median(replace(NOTHING, value=PrintedNumber("70"), ci_high=PrintedNumber(high)))
        ways = event_time_ways((Interval.PLAIN,), zs=("exact",))
        r = tuple(way for way in ways if not way.flat.as_set)
        assert bool(event_demands(kinds + "C", n, median, r, whole=True)) is possible


@pytest.mark.parametrize(
    ("text", "rule", "days"),
    [
        ("9.1", Rounding.HALF_UP, (276, 278)),
        ("9.1", Rounding.TRUNCATION, (277, 280)),
        ("3", Rounding.HALF_EVEN, (77, 106)),
    ],
)
def test_whole_days_that_print_as_months(text, rule, days):
    cell = PrintedNumber(text).cell(rule).scaled(Fraction("30.4375"))
    assert whole_numbers(cell) == days
