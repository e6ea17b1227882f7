"""Intervals of S(t): their formulas, their edges, and the naming of their scales."""

from __future__ import annotations

from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.conventions import Interval
from helpers.estimators.intervals import confidence_limits
from helpers.estimators.kaplan_meier import survival_table
from tests.oracle import datasets

probabilities = st.floats(0.02, 0.98)
variances = st.floats(1e-4, 1.0)


def one(s: float, g: float, interval: Interval, z: float = 1.96, capped: bool = True) -> tuple[float, float]:
    lower, upper = confidence_limits([s], [g], interval, z, capped=capped)
    return float(lower[0]), float(upper[0])


@given(probabilities, variances)
def test_limits_are_z_standard_errors_away_on_their_own_scale(s, g):
    """Delta method: the standard error of log S is √G, that of log(−log S) is √G / |log S|."""
    low, high = one(s, g, Interval.PLAIN, capped=False)
    assert (high - s, s - low) == pytest.approx((1.96 * s * sqrt(g),) * 2, rel=1e-9, abs=1e-12)
    low, high = one(s, g, Interval.LOG, capped=False)
    assert (log(high) - log(s), log(s) - log(low)) == pytest.approx((1.96 * sqrt(g),) * 2, rel=1e-9)
    low, high = one(s, g, Interval.LOG_LOG)
    if low > 1e-12 and high < 1 - 1e-12:
        scale = [log(-log(x)) for x in (low, s, high)]
        step = 1.96 * sqrt(g) / abs(log(s))
        assert (scale[0] - scale[1], scale[1] - scale[2]) == pytest.approx((step, step), rel=1e-3)


@given(probabilities, variances, st.sampled_from(Interval))
def test_capped_limits_are_the_uncapped_ones_brought_into_zero_to_one(s, g, interval):
    free, capped = one(s, g, interval, capped=False), one(s, g, interval)
    assert capped == (max(free[0], 0.0), min(free[1], 1.0))
    assert 0 <= capped[0] <= s <= capped[1] <= 1


def test_plain_limits_beyond_the_possible_are_cut_only_when_asked():
    assert one(0.9, 0.05, Interval.PLAIN) == (pytest.approx(0.9 * (1 - 1.96 * sqrt(0.05))), 1.0)
    assert one(0.9, 0.05, Interval.PLAIN, capped=False)[1] == pytest.approx(1.2944, abs=1e-4)
    assert one(0.1, 0.5, Interval.PLAIN)[0] == 0.0
    assert one(0.1, 0.5, Interval.PLAIN, capped=False)[0] == pytest.approx(-0.0386, abs=1e-4)


@pytest.mark.parametrize("interval", Interval)
def test_where_survival_is_zero_there_are_no_limits(interval):
    assert np.isnan(one(0.0, np.inf, interval)).all()


def test_where_survival_is_one_plain_and_log_have_limits_and_log_log_has_none():
    assert one(1.0, 0.0, Interval.PLAIN) == one(1.0, 0.0, Interval.LOG) == (1.0, 1.0)
    assert np.isnan(one(1.0, 0.0, Interval.LOG_LOG)).all()


def test_what_klein_and_moeschberger_call_log_transformed_is_log_log():
    """Their formula (4.3.2): [S^(1/θ), S^θ], θ = exp{z σ / ln S}, σ² = G."""
    s, g, z = 0.7, 0.03, 1.959964
    theta = exp(z * sqrt(g) / log(s))
    assert one(s, g, Interval.LOG_LOG, z) == pytest.approx((s ** (1 / theta), s**theta), rel=1e-12)
    assert abs(one(s, g, Interval.LOG, z)[0] - s ** (1 / theta)) > 0.02


def test_log_log_is_what_lifelines_prints_under_any_label():
    from lifelines import KaplanMeierFitter

    rows = datasets.load("leukemia_6mp")
    fitter = KaplanMeierFitter().fit(rows["time"], rows["event"], ci_labels=["plain_low", "plain_high"])
    table = survival_table(rows["time"], rows["event"])
    theirs = fitter.confidence_interval_.loc[table["time"]]
    lower, upper = confidence_limits(table["survival"], table["greenwood"], Interval.LOG_LOG, 1.959963984540054)
    np.testing.assert_allclose(lower, theirs["plain_low"], rtol=1e-9)
    np.testing.assert_allclose(upper, theirs["plain_high"], rtol=1e-9)


def test_printed_landmark_of_zhuo_2024():
    """EFS at 6 months, 58.70 % (37.92-79.48): S and se to three decimals, plain, 1.96."""
    table = survival_table(range(1, 23), [1] * 8 + [0, 1] + [0] * 12)
    s, se = round(table["survival"][9], 3), round(table["std_error"][9], 3)
    lower, upper = confidence_limits(s, (se / s) ** 2, Interval.PLAIN, 1.96)
    assert [f"{100 * float(x):.2f}" for x in (s, lower[0], upper[0])] == ["58.70", "37.92", "79.48"]
