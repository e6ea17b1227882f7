"""Cox regression by maximum partial likelihood, as R's ``coxph`` (Cox, J R Stat Soc B 1972;34:187).

Why not a library: statsmodels' ``PHReg`` counts a row as at risk on its own day of entry, so that counting-process
rows (start, stop] come out wrong (.0310 for R's .0307 in the Stanford data), ends with a coefficient of 27.4 and
no word where the likelihood is monotone, and has no score test; lifelines has Efron's ties only, loops over event times
in Python for counting-process rows, and changes NumPy's error settings. The likelihood is written once
(`partial_likelihood`) and serves Firth's penalty as well, whose third derivatives no library has. Tests compare with
R, and with both libraries where they apply.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.estimators.checks import multiplier
from helpers.estimators.chi_square import chi_square_test, quadratic_form_test
from helpers.estimators.concordance import row_concordance
from helpers.estimators.cox_data import CoxData, cox_data
from helpers.estimators.cox_fit import CoxFit, fit_table, general_notes, infinite_note
from helpers.estimators.kaplan_meier import Floats
from helpers.estimators.partial_likelihood import Derivatives, PartialLikelihood, Ties
from helpers.estimators.separation import diverging

_ITERATIONS = 60
_STEP = 1e-8
_FLAT = 1e-13


def cox_regression(
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    *,
    start: ArrayLike | None = None,
    strata: Any = None,
    ties: Ties = Ties.EFRON,
    level: float = 0.95,
) -> CoxFit:
    """Fit a proportional-hazards model.

    Parameters
    ----------
    time, event : (n,) as in `survival_table`; with `start`, a row covers (start, time] and ends in an event or not.
    covariates : (n, p) numbers, true/false and categories; see `design`. Rows with a missing value are left out and
        counted.
    start : (n,) time after which a row is under observation (counting process: covariates that change, late entry).
    strata : (n,) labels; each stratum has a baseline hazard of its own.
    ties : events on one day by Efron (R's default) or Breslow.
    level : of the intervals.

    Returns
    -------
    CoxFit
        Intervals and p-values of the terms are Wald's. A term that cannot be estimated (constant, or a combination
        of others) has NaN. Where the likelihood is monotone, the terms that have no finite estimate are named in
        `infinite`, with ± ∞ as coefficient and no interval: see `firth_cox_regression`.

    Raises
    ------
    InputError
        As `survival_table`; see `design` for covariates; a start not below its time; a missing stratum.

    Examples
    --------
    >>> frame = pd.DataFrame({"treated": [0, 1, 0, 1, 0, 1]})
    >>> fit = cox_regression([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 0], frame)
    >>> round(float(fit.table.loc[0, "hazard_ratio"]), 4)
    0.5315
    """
    z = multiplier(level)
    data = cox_data(time, event, covariates, start, strata, Ties(ties))
    likelihood = data.likelihood
    null = likelihood.derivatives(np.zeros(likelihood.x.shape[1]))
    beta, best, settled = maximise(likelihood, null)
    direction = np.zeros(beta.size) if settled else diverging(likelihood)
    finite = direction == 0
    covariance = _covariance(best.information, finite)

    estimate = np.where(finite, beta, np.copysign(np.inf, beta)) / data.scale
    error = np.where(finite, np.sqrt(np.diag(covariance)), np.nan) / data.scale
    with np.errstate(invalid="ignore"):
        statistic = estimate / error
    p_values = [chi_square_test(value**2, 1).p_value for value in statistic]
    infinite = tuple(str(term) for term, out in zip(_kept(data), ~finite, strict=True) if out)
    notes = general_notes(data)
    if infinite:
        notes += (infinite_note(infinite),)
    elif not settled:
        notes += ("the likelihood could not be maximised to full precision",)
    table = fit_table(data, estimate, error, estimate - z * error, estimate + z * error, statistic, np.array(p_values))
    df = beta.size
    return CoxFit(
        method=f"Cox regression, {ties} ties", inference="Wald", ties=ties, level=level,
        n=data.stop.size, events=data.events, missing=data.missing, table=table,
        covariance=data.full_matrix(covariance / np.outer(data.scale, data.scale)),
        log_likelihood=best.log_likelihood, null_log_likelihood=null.log_likelihood,
        likelihood_ratio=chi_square_test(2 * (best.log_likelihood - null.log_likelihood), df),
        wald=chi_square_test(np.nan if infinite else float(beta @ best.information @ beta), df),
        score=quadratic_form_test(null.score, null.information),
        ranking=lambda: row_concordance(
            data.start, data.stop, data.event, data.stratum, linear_predictor(data, beta)
        ),
        infinite=infinite, notes=notes,
    )  # fmt: skip


def linear_predictor(data: CoxData, beta: Floats) -> Floats:
    """x β of the raw columns, equal for equal rows to the last bit, so that ties of risk stay ties."""
    eta = np.zeros(data.stop.size)
    for column, b in zip(data.raw[:, data.estimable].T, beta / data.scale, strict=True):
        eta += column * b
    return eta


def maximise(likelihood: PartialLikelihood, null: Derivatives) -> tuple[Floats, Derivatives, bool]:
    """Newton's method from β = 0, steps halved until ℓ does not fall.

    Returns
    -------
    (β, derivatives there, settled)
        `settled` if the last step was small, which proves a finite maximum: ℓ is strictly concave. Where it is
        monotone, steps stay near 1 while ℓ levels off.
    """
    beta, now = np.zeros(likelihood.x.shape[1]), null
    if not beta.size:
        return beta, now, True
    for _ in range(_ITERATIONS):
        try:
            step = np.linalg.solve(now.information, now.score)
        except np.linalg.LinAlgError:
            return beta, now, False
        if not np.isfinite(step).all():
            return beta, now, False
        small = bool(np.abs(step).max() < _STEP)
        slack = _FLAT * (1 + abs(now.log_likelihood))
        while not small and likelihood.value(beta + step) < now.log_likelihood - slack:
            step = step / 2
            if np.abs(step).max() < _STEP:
                return beta, now, False
        before, beta = now, beta + step
        now = likelihood.derivatives(beta)
        if small:
            return beta, now, True
        if now.log_likelihood - before.log_likelihood < slack and np.abs(step).max() > 0.1:
            return beta, now, False
    return beta, now, False


def _kept(data: CoxData) -> list[Any]:
    return [term for term, kept in zip(data.terms, data.estimable, strict=True) if kept]


def _covariance(information: Floats, finite: np.ndarray) -> Floats:
    """Inverse information; with infinite estimates, its limit for the finite ones and NaN for the others."""
    if finite.all():
        return np.asarray(np.linalg.inv(information), dtype=float)
    covariance = np.asarray(np.linalg.pinv(information, rcond=1e-7, hermitian=True), dtype=float)
    covariance[~finite, :] = np.nan
    covariance[:, ~finite] = np.nan
    return covariance
