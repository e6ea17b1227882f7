"""Reverse Kaplan-Meier: what a day with both an event and a censoring does to follow-up."""

from __future__ import annotations

from fractions import Fraction
from math import inf

import pytest
from hypothesis import given

from helpers.conventions import Interval
from helpers.errors import InputError
from helpers.estimators.follow_up import ReverseTies, median_follow_up, reverse_table
from helpers.estimators.kaplan_meier import survival_table
from tests.estimators import naive
from tests.oracle import datasets

KEEP, STRICT = ReverseTies.KEEP, ReverseTies.STRICT


def test_the_6mp_arm_on_day_6():
    """Three events and one censoring among 21: 20/21 if the events stay at risk, 17/18 if they leave first."""
    rows = datasets.load("leukemia_6mp")
    first = {ties: reverse_table(rows["time"], rows["event"], ties).iloc[0] for ties in ReverseTies}
    assert first[KEEP]["time"] == first[STRICT]["time"] == 6
    assert (first[KEEP]["at_risk"], first[STRICT]["at_risk"]) == (21, 18)
    assert round(first[KEEP]["survival"], 4) == 0.9524
    assert round(first[STRICT]["survival"], 4) == 0.9444


@pytest.mark.parametrize("ties", ReverseTies)
def test_the_6mp_arm_is_followed_for_25_weeks_by_either_rule(ties):
    rows = datasets.load("leukemia_6mp")
    median = median_follow_up(rows["time"], rows["event"], ties, Interval.LOG_LOG, 1.96)
    assert median.value == 25
    assert median.method == f"reverse Kaplan-Meier ({ties} ties), Brookmeyer-Crowley, log-log"


def test_the_rule_can_change_the_median():
    """Two of six are censored on the first day, or two of the three who are left after that day's events."""
    time, event = [1] * 5 + [4], [1, 1, 1, 0, 0, 0]
    keep, strict = (median_follow_up(time, event, ties, Interval.LOG, 1.96).value for ties in ReverseTies)
    assert (keep, strict) == (4, 1)


@given(naive.cohorts)
def test_keep_is_the_flipped_indicator(rows):
    time, event = naive.split(rows)
    assert reverse_table(time, event, KEEP).equals(survival_table(time, [1 - e for e in event]))


@given(naive.cohorts)
def test_strict_is_as_if_events_came_half_a_day_before_censorings(rows):
    earlier = [(2 * day - event, 1 - event) for day, event in rows]
    table = reverse_table(*naive.split(rows), STRICT)
    for row in table.itertuples():
        expected = naive.survival(earlier, 2 * row.time)
        assert row.survival == pytest.approx(float(expected), abs=1e-12)
        assert row.at_risk == sum(day >= row.time for day, _ in rows) - rows.count((row.time, 1))
        assert (row.events, row.censored) == (rows.count((row.time, 0)), rows.count((row.time, 1)))


@given(naive.cohorts)
def test_the_rules_agree_without_a_day_of_both(rows):
    doubled = [(2 * day + event, event) for day, event in rows]
    keep, strict = (reverse_table(*naive.split(doubled), ties) for ties in ReverseTies)
    assert keep[["time", "survival", "greenwood"]].equals(strict[["time", "survival", "greenwood"]])


def test_forward_and_reverse_strict_share_out_the_empirical_survival():
    """Where events leave first, S(t) · R(t) is the share still followed after t: exactly 1 − F(t) of all patients."""
    rows = datasets.load("ties_of_both")
    time, event = rows["time"], rows["event"]
    product = survival_table(time, event)["survival"] * reverse_table(time, event, STRICT)["survival"]
    followed = [Fraction(int((time > t).sum()), len(time)) for t in sorted(set(time))]
    assert product.tolist() == pytest.approx([float(x) for x in followed], abs=1e-12)


def test_nobody_censored_means_follow_up_is_not_reached():
    median = median_follow_up([1, 2, 3], [1, 1, 1], STRICT, Interval.PLAIN, 1.96)
    assert (median.value, median.low, median.high) == (inf, inf, inf)


def test_bad_rows_are_refused():
    with pytest.raises(InputError, match="no patients"):
        reverse_table([], [], STRICT)
