"""Readings of curves: what they must agree with, their edges, noise and messages."""

from __future__ import annotations

from fractions import Fraction
from math import inf

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.conventions import Interval
from helpers.errors import InputError
from helpers.estimators.intervals import confidence_limits
from helpers.estimators.kaplan_meier import survival_table
from helpers.estimators.medians import FlatMedianRule, brookmeyer_crowley, compared, median_survival, spss_median
from helpers.estimators.readings import median_readings, quantile_readings, survival_readings
from tests.estimators import naive

steady = settings(deadline=None)


@steady
@given(naive.cohorts, st.integers(0, 12))
def test_a_reading_is_the_row_of_the_table(rows, day):
    time, event = naive.split(rows)
    readings = survival_readings(time, event, [day], extend=True)
    assert readings["interval"].tolist() == [str(interval) for interval in Interval]
    table = survival_table(time, event)
    passed = table[table["time"] <= day]
    for row in readings.itertuples():
        assert row.survival == pytest.approx(float(naive.survival(rows, day)), abs=1e-12)
        assert row.at_risk == sum(t >= day for t in time)
        assert (row.events, row.censored) == (passed["events"].sum(), passed["censored"].sum())
        if len(passed):
            low, high = confidence_limits(
                passed["survival"].iloc[-1], passed["greenwood"].iloc[-1], Interval(row.interval), 1.959963984540054
            )
            np.testing.assert_array_equal([row.low, row.high], [low[0], high[0]])
        else:
            assert (row.survival, row.std_error) == (1, 0)


def test_past_follow_up_nothing_is_known_unless_the_curve_is_down():
    readings = survival_readings(
        [1, 2, 3, 1, 2], [1, 1, 0, 1, 1], [2.5, 9], group=list("aaabb"), intervals=[Interval.LOG]
    ).set_index(["group", "day"])  # fmt: skip
    assert readings.loc[("a", 9), ["survival", "std_error", "low", "high"]].isna().all()
    assert readings.loc[("a", 2.5), "survival"] == pytest.approx(1 / 3)
    assert readings.loc[("b", 9), "survival"] == 0


def test_level_and_multiplier():
    time, event = [1, 2, 3, 4, 5], [1, 0, 1, 0, 1]
    ninety = survival_readings(time, event, [3], level=0.9, intervals=[Interval.PLAIN])
    by_hand = survival_readings(time, event, [3], z=1.6448536269514722, intervals=[Interval.PLAIN])
    pd.testing.assert_frame_equal(ninety, by_hand)
    rounded = survival_readings(time, event, [3], z=1.96, intervals=[Interval.PLAIN]).iloc[0]
    assert rounded["low"] == pytest.approx(rounded["survival"] - 1.96 * rounded["std_error"])


@steady
@given(naive.cohorts)
def test_the_quantile_of_one_half_is_r_s_median(rows):
    time, event = naive.split(rows)
    found = quantile_readings(time, event, [Fraction(1, 2)], intervals=[Interval.LOG]).iloc[0]
    assert found["time"] == median_survival(survival_table(time, event), FlatMedianRule.R_MIDPOINT)


@steady
@given(naive.cohorts, st.fractions(min_value=Fraction(1, 20), max_value=Fraction(19, 20)))
def test_quantiles_by_the_exact_curve(rows, q):
    time, event = naive.split(rows)
    days = sorted(set(time))
    curve = [naive.survival(rows, day) for day in days]
    below = [day for day, s in zip(days, curve, strict=True) if s < 1 - q]
    level = [day for day, s in zip(days, curve, strict=True) if s == 1 - q]
    expected = (level[0] + (below[0] if below else days[-1])) / 2 if level else below[0] if below else inf
    assert quantile_readings(time, event, [q], intervals=[Interval.PLAIN])["time"].iloc[0] == expected


def test_a_float_probability_is_the_decimal_it_prints_as():
    """S is exactly 0.9 after one of ten, and 1 − 0.1 in floats is 0.9 only by luck."""
    found = quantile_readings(range(1, 11), [1] * 10, [0.1, 0.3, 0.7])
    assert found["time"].unique().tolist() == [1.5, 3.5, 7.5]


def test_medians_stand_under_every_rule_with_every_limit():
    time, event = [10, 30, 50, 70, 87, 90, 100, 105, 110, 118], [1] * 5 + [0] * 5
    readings = median_readings(time, event)
    assert len(readings) == len(FlatMedianRule) * 3 + 1
    table = survival_table(time, event)
    for row in readings.iloc[:-1].itertuples():
        expected = brookmeyer_crowley(table, Interval(row.interval), 1.959963984540054, FlatMedianRule(row.rule))
        np.testing.assert_array_equal([row.median, row.low, row.high], [expected.value, expected.low, expected.high])
    last, spss = readings.iloc[-1], spss_median(table)
    assert last["interval"] == "SPSS"
    np.testing.assert_array_equal(last[["median", "low", "high"]].astype(float), [spss.value, spss.low, spss.high])


@steady
@given(naive.cohorts, st.fractions(min_value=0, max_value=1, max_denominator=30))
def test_comparison_with_a_threshold_is_exact(rows, threshold):
    time, event = naive.split(rows)
    signs = compared(survival_table(time, event), threshold)
    exact = [naive.survival(rows, day) for day in sorted(set(time))]
    assert signs.tolist() == [(s > threshold) - (s < threshold) for s in exact]


@steady
@given(naive.cohorts, st.sampled_from([0, Fraction(1, 10**12), Fraction(-1, 10**12)]))
def test_comparison_is_exact_at_every_step_and_just_beside_it(rows, aside):
    time, event = naive.split(rows)
    table = survival_table(time, event)
    exact = [naive.survival(rows, day) for day in sorted(set(time))]
    for step in set(exact):
        threshold = step + aside
        assert compared(table, threshold).tolist() == [(s > threshold) - (s < threshold) for s in exact]


def test_comparison_is_exact_where_floats_cannot_tell():
    """Products of tens of thousands of factors, whose floats are off; without a censoring and with one."""
    n = 40_000
    time, event = np.arange(2 * n) + 1.0, np.ones(2 * n)
    signs = compared(survival_table(time, event), Fraction(1, 2))
    assert signs.tolist() == [1] * (n - 1) + [0] + [-1] * n
    event[10] = 0
    table = survival_table(time, event)
    near = np.flatnonzero(np.abs(table["survival"] - 0.5) < 1e-4)
    signs = compared(table.iloc[: near[-1] + 1], Fraction(1, 2))
    for k in near:
        # S = Π over events; with one censored at place 11: (2n − 10)/2n · (2n − 1 − k)/(2n − 11)
        s = Fraction(2 * n - 10, 2 * n) * Fraction(2 * n - 1 - int(k), 2 * n - 11)
        assert signs[k] == (s > Fraction(1, 2)) - (s < Fraction(1, 2))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("event", [[0] * 5, [1] * 5, [1, 0, 0, 1, 0], [0, 0, 0, 0, 1]])
@pytest.mark.parametrize("time", [[1, 2, 3, 4, 5], [2] * 5, [0, 0, 1, 1, 7]])
def test_five_rows_make_no_noise(time, event):
    before = np.geterr()
    for group in (None, list("aabbc")):
        survival_readings(time, event, [0, 1, 3, 99], group=group)
        quantile_readings(time, event, group=group)
        median_readings(time, event, group=group)
    assert np.geterr() == before


@pytest.mark.parametrize("q", [0, 1, -0.5, 50])
def test_a_probability_is_a_proportion(q):
    with pytest.raises(InputError, match="strictly between 0 and 1"):
        quantile_readings([1], [1], [q])
