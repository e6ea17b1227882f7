"""Firth's penalty against closed forms and against a maximum found on its own."""

from __future__ import annotations

from math import log

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize, minimize_scalar
from scipy.stats import chi2

from helpers.estimators.cox import cox_regression
from helpers.estimators.firth import Penalty, firth_cox_regression, fit_cox
from helpers.estimators.partial_likelihood import Ties
from tests.estimators import naive_cox as naive
from tests.estimators.test_cox import arrays
from tests.oracle import cohorts


def penalised(data: list[naive.Row], ties: str):
    def f(beta: np.ndarray) -> float:
        sign, value = np.linalg.slogdet(naive.information(data, beta, ties))
        return naive.log_likelihood(data, beta, ties) + 0.5 * value if sign > 0 else -1e6

    return f


def highest(f) -> float:
    """The largest value along a line: every bump of a wide grid, by golden section."""
    places = np.linspace(-60, 60, 121)
    values = np.array([f(place) for place in places])
    bumps = np.flatnonzero((values[1:-1] >= values[:-2]) & (values[1:-1] >= values[2:])) + 1
    return max(
        -minimize_scalar(
            lambda c: -f(c), bounds=(places[k - 1], places[k + 1]), method="bounded", options={"xatol": 1e-9}
        ).fun
        for k in bumps
        if values[k] > -1e6
    )


@pytest.mark.parametrize("treated", range(1, 6))
@pytest.mark.parametrize("others", range(1, 6))
def test_one_event_has_a_closed_form(treated, others):
    """p = a e^β / (a e^β + b); ℓ* is log of p (p (1 − p))^½, largest at p = 3/4."""
    n = treated + others
    x = [1] * treated + [0] * others
    fit = firth_cox_regression([1] + [2] * (n - 1), [1] + [0] * (n - 1), pd.DataFrame({"x": x}))
    assert fit.table.loc[0, "coefficient"] == pytest.approx(log(3 * others / treated), abs=1e-10)
    # and its limits solve p³(1 − p) = exp(−χ²) · (3/4)³ / 4
    goal = np.exp(-chi2.ppf(0.95, 1)) * 27 / 256
    limits = sorted(r.real for r in np.roots([-1, 1, 0, 0, -goal]) if abs(r.imag) < 1e-9 and 0 < r.real < 1)
    odds = [p / (1 - p) * others / treated for p in limits]
    np.testing.assert_allclose(fit.table.loc[0, ["low", "high"]].astype(float), odds, rtol=1e-7)


# With the limit for b at −5.118, what is left has two peaks, of nearly the same height.
TWO_PEAKS = [
    (0, 1, 0, 0, (0, 0)), (0, 8, 0, 0, (1, 2)), (2, 3, 1, 0, (1, 1)), (0, 1, 0, 0, (0, 0)), (0, 2, 1, 0, (0, 0)),
    (0, 1, 0, 0, (0, 0)), (0, 1, 1, 0, (1, 0)), (0, 1, 0, 0, (0, 0)), (0, 1, 0, 0, (0, 0)),
]  # fmt: skip


@settings(max_examples=12, deadline=None)
@given(naive.rows(at_most=9), st.sampled_from(["efron", "breslow"]))
@example(TWO_PEAKS, "efron")
def test_the_fit_is_the_maximum_found_on_its_own(data, ties):
    assume(np.linalg.matrix_rank(naive.information(data, np.zeros(2), ties), tol=1e-6) == 2)
    start, stop, event, stratum, x = arrays(data)
    frame = pd.DataFrame(x, columns=["a", "b"])
    fit = firth_cox_regression(stop, event, frame, start=start, strata=stratum, ties=Ties(ties))
    f = penalised(data, ties)
    beta = fit.table["coefficient"].to_numpy()
    assert f(beta) == pytest.approx(fit.log_likelihood, abs=1e-9)
    for begin in (beta + [0.5, -0.5], np.array([2.0, -1.0]), np.array([-2.0, 1.0])):
        found = minimize(lambda b: -f(b), begin, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12})
        assert -found.fun <= fit.log_likelihood + 1e-9
    assert np.abs(naive.gradient(f, beta)).max() < 1e-6
    # The limits: what is left when the other coefficient is maximised over is 1.92 lower.
    for k, (low, high) in enumerate(np.log(fit.table[["low", "high"]].to_numpy())):
        for b in (low, high):
            best = highest(lambda c, b=b, k=k: f(np.insert([c], k, b)))
            assert 2 * (fit.log_likelihood - best) == pytest.approx(chi2.ppf(0.95, 1), abs=1e-5)


def test_the_penalty_hardly_matters_where_events_are_many():
    rows = cohorts.load("rossi")
    plain = cox_regression(rows["time"], rows["code"], rows[["x1", "x2", "x3"]])
    firth = firth_cox_regression(rows["time"], rows["code"], rows[["x1", "x2", "x3"]])
    gap = (firth.table["coefficient"] - plain.table["coefficient"]).abs() / plain.table["std_error"]
    assert gap.max() < 0.1


@pytest.mark.filterwarnings("error")
def test_the_penalty_comes_in_where_it_is_needed_and_says_so():
    rows = cohorts.load("separated_one")
    data = (rows["time"], rows["code"], rows[["x1", "x2"]])
    needed = fit_cox(*data)
    assert needed.inference == "profile penalised likelihood"
    assert needed.notes[-1] == "Firth's penalty, because the likelihood has no maximum for x1"
    assert np.isfinite(needed.table[["coefficient", "low", "high", "p_value"]].to_numpy(float)).all()
    assert fit_cox(*data, Penalty.NEVER).infinite == ("x1",)
    rossi = cohorts.load("rossi")
    plenty = (rossi["time"], rossi["code"], rossi[["x1"]])
    assert fit_cox(*plenty).inference == "Wald"
    assert fit_cox(*plenty, Penalty.ALWAYS).inference == "profile penalised likelihood"


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("event", [[0] * 5, [1, 0, 0, 0, 0], [0, 0, 0, 0, 1], [1] * 5])
@pytest.mark.parametrize("x", [[0, 0, 0, 0, 0], [0, 0, 1, 1, 1], [3, 1, 2, 5, 4], list("aabbc")])
def test_five_rows_give_sensible_output_without_noise(event, x):
    fit = firth_cox_regression([1, 2, 3, 4, 5], event, pd.DataFrame({"x": x}))
    assert not any("full precision" in note for note in fit.notes)
    for row in fit.table.itertuples():
        assert np.isnan(row.coefficient) or 0 < row.low < row.hazard_ratio < row.high < np.inf


def test_level_and_p_value_agree():
    """A coefficient of 0 is a limit at the level of one minus the p-value."""
    rows = cohorts.load("separated_one")
    fit = firth_cox_regression(rows["time"], rows["code"], rows[["x1", "x2"]])
    for k in range(2):
        p_value = fit.table.loc[k, "p_value"]
        again = firth_cox_regression(rows["time"], rows["code"], rows[["x1", "x2"]], level=1 - p_value)
        side = "low" if fit.table.loc[k, "coefficient"] > 0 else "high"
        assert again.table.loc[k, side] == pytest.approx(1, abs=1e-7)
