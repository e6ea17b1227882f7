"""Medians: the flat at one half decided exactly, limits, and SPSS's formula by hand."""

from __future__ import annotations

from fractions import Fraction
from math import inf, isnan, sqrt

import numpy as np
import pytest
from hypothesis import given

from helpers.conventions import Interval
from helpers.estimators.kaplan_meier import survival_table
from helpers.estimators.medians import (
    FlatMedianRule,
    Median,
    brookmeyer_crowley,
    compared,
    median_survival,
    spss_median,
)
from tests.estimators import naive
from tests.oracle import datasets

HALF = Fraction(1, 2)
RULES = list(FlatMedianRule)


def table_of(name: str):
    rows = datasets.load(name)
    return survival_table(rows["time"], rows["event"])


def medians(name: str) -> list[float]:
    return [median_survival(table_of(name), rule) for rule in RULES]


@given(naive.cohorts)
def test_every_rule_is_its_definition_in_fractions(rows):
    days = sorted({day for day, _ in rows})
    at_or_below = [t for t in days if naive.survival(rows, t) <= HALF]
    below = [t for t in days if naive.survival(rows, t) < HALF]
    first, drop = (float(found[0]) if found else inf for found in (at_or_below, below))
    flat = first != drop
    expected = {
        FlatMedianRule.FIRST_AT_OR_BELOW: first,
        FlatMedianRule.FIRST_BELOW: drop,
        FlatMedianRule.SAS_AVERAGE: (first + drop) / 2,
        FlatMedianRule.R_MIDPOINT: (first + (drop if below else days[-1])) / 2 if flat else first,
        FlatMedianRule.R_PRINT: (first + drop) / 2 if below else first,
    }
    table = survival_table(*naive.split(rows))
    assert {rule: median_survival(table, rule) for rule in RULES} == expected


@pytest.mark.parametrize("threshold", [HALF, Fraction(11, 20), Fraction(9, 20), Fraction(1, 3)])
@given(rows=naive.cohorts)
def test_sides_of_a_threshold_are_exact(threshold, rows):
    table = survival_table(*naive.split(rows))
    exact = [naive.survival(rows, t) for t in table["time"]]
    assert compared(table, threshold).tolist() == [(s > threshold) - (s < threshold) for s in exact]


def test_a_float_alone_would_put_half_on_the_wrong_side():
    table = table_of("half_but_for_floats")
    half = table[table["time"] == 60]["survival"].item()
    assert half != 0.5 and half == pytest.approx(0.5), "otherwise this data set tests nothing"
    assert compared(table, HALF)[table["time"] == 60].tolist() == [0]
    assert medians("half_but_for_floats") == [67.5, 67.5, 67.5, 60.0, 75.0]


def test_five_events_then_five_censored_have_five_answers():
    assert dict(zip(RULES, medians("half_to_the_end"), strict=True)) == {
        FlatMedianRule.R_MIDPOINT: 102.5,
        FlatMedianRule.R_PRINT: 87.0,
        FlatMedianRule.SAS_AVERAGE: inf,
        FlatMedianRule.FIRST_AT_OR_BELOW: 87.0,
        FlatMedianRule.FIRST_BELOW: inf,
    }


def test_a_flat_that_ends_is_halved_by_r_and_sas():
    assert medians("half_then_drop") == [32.5, 32.5, 32.5, 20.0, 45.0]
    assert medians("leukemia_sex_1") == [12.0, 12.0, 12.0, 8.0, 16.0]


def test_without_a_flat_at_half_all_rules_agree_with_lifelines_and_statsmodels():
    from lifelines import KaplanMeierFitter
    from statsmodels.duration.survfunc import SurvfuncRight

    for name in ("leukemia_6mp", "leukemia_placebo", "psychiatric", "larynx", "lung", "waltons", "dictatorships"):
        rows = datasets.load(name)
        fitter = KaplanMeierFitter().fit(rows["time"], rows["event"])
        right = SurvfuncRight(rows["time"].to_numpy(), rows["event"].to_numpy())
        expected = {fitter.median_survival_time_, right.quantile(0.5)}
        assert set(medians(name)) == expected, name


def test_not_reached_is_infinite():
    assert medians("rossi") == medians("all_censored") == [inf] * 5
    median = brookmeyer_crowley(table_of("all_censored"), Interval.LOG, 1.96)
    assert median == Median(inf, inf, inf, "Brookmeyer-Crowley, log")
    assert not median.reached


@pytest.mark.parametrize("name", ["one_patient", "all_on_one_day"])
def test_a_fall_to_zero_in_one_step_has_a_median_without_lower_limit(name):
    median = brookmeyer_crowley(table_of(name), Interval.LOG_LOG, 1.96)
    assert median.reached and isnan(median.low) and median.high == inf


@pytest.mark.parametrize(("interval", "method"), [(Interval.PLAIN, "linear"), (Interval.LOG, "log"),
                                                  (Interval.LOG_LOG, "cloglog")])  # fmt: skip
@pytest.mark.parametrize("name", ["leukemia_6mp", "leukemia_placebo", "larynx", "lung"])
def test_limits_equal_those_of_statsmodels(name, interval, method):
    from statsmodels.duration.survfunc import SurvfuncRight

    rows = datasets.load(name)
    with np.errstate(all="ignore"):
        right = SurvfuncRight(rows["time"].to_numpy(), rows["event"].to_numpy())
        low, high = right.quantile_ci(0.5, alpha=0.05, method=method)
    median = brookmeyer_crowley(table_of(name), interval, 1.959963984540054)
    assert (median.low, median.high) == (low, high)


def test_an_upper_limit_is_not_reached_by_a_fall_to_zero_without_standard_error():
    """S falls from .45 to 0 with the last patient, on day 40: R prints NA, statsmodels ends the interval there."""
    median = brookmeyer_crowley(table_of("psychiatric"), Interval.LOG_LOG, 1.96)
    assert table_of("psychiatric")["survival"].iloc[-1] == 0
    assert (median.low, median.high) == (24.0, inf)


def test_spss_by_hand_on_the_6mp_arm():
    """6-MP arm: events at 6 (3 of 21), 7 (1/17), 10 (1/15), 13 (1/12), 16 (1/11), 22 (1/7), 23 (1/6)."""
    steps = [(6, 3, 21), (7, 1, 17), (10, 1, 15), (13, 1, 12), (16, 1, 11), (22, 1, 7), (23, 1, 6)]
    s, g, curve = Fraction(1), Fraction(0), {}
    for day, d, n in steps:
        s, g = s * Fraction(n - d, n), g + Fraction(d, n * (n - d))
        curve[day] = (s, g)
    # S(16) = .627, S(22) = .538, S(23) = .448: t50 = 23, u = 16 (the last ≥ .55), l = 23 (the first ≤ .45)
    assert curve[22][0] < Fraction(11, 20) <= curve[16][0]
    assert curve[23][0] <= Fraction(9, 20) < curve[22][0]
    density = (curve[16][0] - curve[23][0]) / (23 - 16)
    variance = curve[23][0] ** 2 * curve[23][1] / density**2
    margin = 1.96 * sqrt(variance)
    ours = spss_median(table_of("leukemia_6mp"))
    assert ours.value == 23
    assert (ours.low, ours.high) == pytest.approx((23 - margin, 23 + margin), rel=1e-12)
    assert sqrt(variance) == pytest.approx(5.255, abs=5e-3)


def test_spss_takes_equality_at_55_and_45_hundredths_and_at_half():
    """S is exactly 11/20 on day 6, 1/2 on day 8 and 9/20 on day 16."""
    table = table_of("leukemia_sex_1")
    row = table.set_index("time")
    margin = 1.96 * row.loc[8, "std_error"] / ((0.55 - 0.45) / (16 - 6))
    ours = spss_median(table)
    assert ours.value == 8
    assert (ours.low, ours.high) == pytest.approx((8 - margin, 8 + margin), rel=1e-12)


def test_spss_limits_are_symmetric_and_may_be_negative():
    ours = spss_median(table_of("leukemia_sex_1"))
    assert ours.high - ours.value == pytest.approx(ours.value - ours.low)
    assert ours.low < 0


@pytest.mark.parametrize(
    ("time", "event"),
    [
        ([1, 2, 3, 4], [1, 1, 0, 0]),  # never at .45
        ([1, 1, 2, 3], [1, 1, 1, 1]),  # no event at .55 or above
        ([1, 2, 3, 3], [0, 0, 1, 1]),  # the curve falls to 0
    ],
)
def test_spss_has_no_limits_where_its_formula_has_no_value(time, event):
    ours = spss_median(survival_table(time, event))
    assert ours.reached and isnan(ours.low) and isnan(ours.high)


def test_spss_not_reached():
    ours = spss_median(table_of("rossi"))
    assert ours.value == inf and isnan(ours.low) and isnan(ours.high)


@given(naive.cohorts)
def test_spss_median_is_the_first_event_at_or_below_half(rows):
    table = survival_table(*naive.split(rows))
    assert spss_median(table).value == median_survival(table, FlatMedianRule.FIRST_AT_OR_BELOW)
