"""Summaries over studies: against brute-force integration, against laws they must obey, and at their edges."""

from __future__ import annotations

from math import exp, inf, isnan, log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import simpson
from scipy.stats import binom, norm

from helpers.estimators.binomial_normal import log_likelihood, pool_proportions, predicted_counts
from helpers.estimators.proportions import proportion
from helpers.estimators.random_effects import pool_effects

STUDY = st.integers(1, 150).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
STUDIES = st.lists(STUDY, min_size=2, max_size=6)


def expit(x: float) -> float:
    return 1 / (1 + exp(-x))


def by_brute_force(mu: float, tau: float, k: int, n: int) -> float:
    """The integral over u by Simpson's rule in steps of a thousandth."""
    u = np.linspace(-16, 16, 32_001)
    return float(simpson(norm.pdf(u) * binom.pmf(k, n, 1 / (1 + np.exp(-mu - tau * u))), x=u))


@pytest.mark.parametrize(("mu", "tau"), [(0.0, 0.3), (-2.0, 1.0), (1.5, 4.0), (-3.0, 9.0)])
@pytest.mark.parametrize(("k", "n"), [(0, 22), (18, 22), (13, 13), (5, 127)])
def test_the_integral_is_that_of_brute_force(mu: float, tau: float, k: int, n: int) -> None:
    assert log_likelihood(mu, tau, [k], [n]) == pytest.approx(log(by_brute_force(mu, tau, k, n)), abs=2e-8)


def test_without_scatter_it_is_one_binomial() -> None:
    expected = sum(float(binom.logpmf(k, n, expit(0.7))) for k, n in ((3, 5), (7, 9)))
    assert log_likelihood(0.7, 0.0, [3, 7], [5, 9]) == pytest.approx(expected, abs=1e-12)
    assert log_likelihood(0.7, 1e-9, [3, 7], [5, 9]) == pytest.approx(expected, abs=1e-9)


@settings(max_examples=8, deadline=None)
@given(STUDIES)
def test_nothing_lies_higher_than_the_maximum(studies: list[tuple[int, int]]) -> None:
    k, n = zip(*studies, strict=True)
    fit = pool_proportions(k, n)
    if isnan(fit.tau):
        assert sum(k) in (0, sum(n))
        assert (fit.low, fit.high) == (proportion(sum(k), sum(n)).low, proportion(sum(k), sum(n)).high)
        return
    assert fit.low <= fit.estimate <= fit.high
    assert 0 <= fit.tau_low <= fit.tau <= fit.tau_high
    for mu in np.linspace(-8, 8, 17):
        for tau in (0.0, 0.5, 2.5):
            assert log_likelihood(float(mu), tau, k, n) <= fit.log_likelihood + 1e-6


@settings(max_examples=5, deadline=None)
@given(STUDIES)
def test_it_does_not_matter_what_is_called_an_event(studies: list[tuple[int, int]]) -> None:
    k, n = zip(*studies, strict=True)
    one, other = pool_proportions(k, n), pool_proportions([b - a for a, b in studies], n)
    assert one.estimate == pytest.approx(1 - other.estimate, abs=1e-5)
    assert one.low == pytest.approx(1 - other.high, abs=1e-5)
    if not isnan(one.tau):
        assert one.tau == pytest.approx(other.tau, abs=1e-4)


def test_the_order_of_studies_does_not_matter() -> None:
    one = pool_proportions([18, 34, 0, 30], [22, 43, 14, 36])
    other = pool_proportions([0, 30, 34, 18], [14, 36, 43, 22])
    assert (one.estimate, one.tau, one.low) == pytest.approx((other.estimate, other.tau, other.low), abs=1e-6)


def test_studies_that_agree_are_as_good_as_one_large_study() -> None:
    fit = pool_proportions([10, 20, 30], [20, 40, 60])
    assert fit.tau == 0.0
    assert fit.estimate == pytest.approx(0.5, abs=1e-8)
    assert fit.error == pytest.approx(1 / sqrt(120 / 4), rel=1e-6)


def test_profile_limits_are_where_the_deviance_is_that_of_chi_square() -> None:
    k, n = [3, 7, 3, 0, 9], [22, 43, 13, 13, 20]
    fit = pool_proportions(k, n)
    for rate in (fit.low, fit.high):
        mu = log(rate / (1 - rate))
        best = max(log_likelihood(mu, tau, k, n) for tau in np.linspace(0, 4, 401))
        assert 2 * (fit.log_likelihood - best) == pytest.approx(3.841459, abs=1e-3)


def test_no_event_anywhere_says_nothing_of_scatter() -> None:
    fit = pool_proportions([0, 0, 0], [22, 43, 13])
    assert (fit.estimate, fit.low, fit.mu) == (0.0, 0.0, -inf)
    assert fit.high == pytest.approx(1 - 0.025 ** (1 / 78))
    assert isnan(fit.tau) and isnan(fit.predicted_high)
    with pytest.raises(ValueError, match="nothing is predicted"):
        predicted_counts(fit, 10)


def test_two_studies_predict_nothing() -> None:
    fit = pool_proportions([1, 6], [10, 12])
    assert isnan(fit.predicted_low)
    with pytest.raises(ValueError, match="fewer than three"):
        predicted_counts(fit, 10)


def test_predicted_counts_are_a_distribution_wider_than_the_binomial() -> None:
    fit = pool_proportions([18, 34, 11, 30], [22, 43, 14, 36])
    chance = np.array(predicted_counts(fit, 22))
    assert chance.sum() == pytest.approx(1.0)
    assert len(chance) == 23
    counts = np.arange(23)
    mean = (chance * counts).sum()
    p = mean / 22
    assert (chance * (counts - mean) ** 2).sum() > 22 * p * (1 - p)


@pytest.mark.parametrize(
    ("counts", "sizes"), [([1], [2]), ([1, 2], [2]), ([3, 1], [2, 2]), ([-1, 1], [2, 2]), ([0, 0], [0, 2])]
)
def test_what_is_no_count_is_refused(counts: list[int], sizes: list[int]) -> None:
    with pytest.raises(ValueError, match="studies|counts"):
        pool_proportions(counts, sizes)


def test_effects_with_one_error_and_no_scatter_are_averaged() -> None:
    fit = pool_effects([1.0, 1.1, 0.9], [0.5, 0.5, 0.5])
    assert (fit.mu, fit.tau, fit.tau_low) == (pytest.approx(1.0), 0.0, 0.0)
    assert fit.error == pytest.approx(0.5 / sqrt(3))


def test_tau_of_equal_errors_is_the_variance_between_less_that_within() -> None:
    y, s = [0.0, 1.0, 3.0, 4.5], 0.4
    fit = pool_effects(y, [s] * 4)
    assert fit.tau**2 == pytest.approx(np.var(y, ddof=1) - s**2, rel=1e-5)


def test_the_hartung_knapp_error_agrees_with_statsmodels() -> None:
    from statsmodels.stats.meta_analysis import combine_effects

    y, s = np.array([0.1, 0.3, -0.2, 0.8, 0.5]), np.array([0.1, 0.2, 0.15, 0.3, 0.12])
    theirs = combine_effects(y, s**2, method_re="iterated", use_t=True)
    weights = 1 / (s**2 + theirs.tau2)
    mu = (weights * y).sum() / weights.sum()
    scatter = (weights * (y - mu) ** 2).sum() / 4
    assert np.sqrt(scatter / weights.sum()) == pytest.approx(theirs.sd_eff_w_re_hksj)
    ours = pool_effects(y, s)
    assert ours.tau**2 == pytest.approx(theirs.tau2, rel=0.35)  # REML beside Paule-Mandel


@pytest.mark.parametrize(("y", "s"), [([1.0], [1.0]), ([1.0, 2.0], [1.0]), ([1.0, inf], [1.0, 1.0]), ([1, 2], [0, 1])])
def test_effects_without_errors_are_refused(y: list[float], s: list[float]) -> None:
    with pytest.raises(ValueError, match="studies|effects"):
        pool_effects(y, s)
