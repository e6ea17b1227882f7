"""Cox regression with Firth's penalty, for small cohorts and where no finite estimate exists otherwise.

Heinze & Schemper (Biometrics 2001;57:114), after Firth (Biometrika 1993;80:27): maximise

    ℓ*(β) = ℓ(β) + ½ log det I(β),    U*_k(β) = U_k(β) + ½ tr( I⁻¹ ∂I/∂β_k )

The estimate is always finite, and its bias of order 1/n is gone. Its distribution is skew when events are few, so the
interval of a term is that of the profile penalised likelihood, {b : 2 (ℓ*(β̂) − max_{β_k=b} ℓ*) ≤ χ²₁}, and its p-value
the one of the same test at b = 0. The penalty is that of the whole model throughout, as in R's ``coxphf``.

No Python library has this model.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from math import isfinite, sqrt
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.estimators.checks import multiplier
from helpers.estimators.chi_square import chi_square_test
from helpers.estimators.concordance import row_concordance
from helpers.estimators.cox import cox_regression, linear_predictor
from helpers.estimators.cox_data import cox_data
from helpers.estimators.cox_fit import CoxFit, fit_table, general_notes
from helpers.estimators.kaplan_meier import Floats
from helpers.estimators.partial_likelihood import PartialLikelihood, Ties

_ITERATIONS = 200
_STEP = 1e-10
_LAST_STEP = 1e-8
_DIFFERENCE = 1e-6
_LONGEST_STEP = 5.0
_FLAT = 1e-13


class Penalty(StrEnum):
    """When a Cox model is fitted with Firth's penalty."""

    NEVER = "never"
    WHERE_NEEDED = "where needed"
    ALWAYS = "always"


def firth_cox_regression(
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    *,
    start: ArrayLike | None = None,
    strata: Any = None,
    ties: Ties = Ties.EFRON,
    level: float = 0.95,
) -> CoxFit:
    """Fit a proportional-hazards model by penalised likelihood.

    Parameters
    ----------
    time, event, covariates, start, strata, ties, level : as in `cox_regression`. Published analyses with ``coxphf``
        have Breslow's ties.

    Returns
    -------
    CoxFit
        `low`, `high` and `p_value` of the terms are those of the profile penalised likelihood, `statistic` its
        chi-square with one degree of freedom, `std_error` the root of the inverse information at the estimate. The
        likelihoods are penalised ones, `likelihood_ratio` is their test, `score` is not defined (NaN).

    Raises
    ------
    InputError
        As `cox_regression`.

    Examples
    --------
    One event, in the treated one of two patients: e^β / (1 + e^β) is 1 by maximum likelihood, 3/4 with the penalty.

    >>> fit = firth_cox_regression([1, 2], [1, 0], pd.DataFrame({"treated": [1, 0]}))
    >>> round(float(fit.table.loc[0, "hazard_ratio"]), 9)
    3.0
    """
    z = multiplier(level)
    ties = Ties(ties)
    data = cox_data(time, event, covariates, start, strata, ties)
    penalised = Penalised(data.likelihood)
    p = data.likelihood.x.shape[1]
    null = penalised.value(np.zeros(p)) if p else 0.0
    peak = penalised.maximum(np.zeros(p), np.ones(p, dtype=bool)) if p else Peak(np.zeros(0), null, True)
    low, high, statistic = np.empty(p), np.empty(p), np.empty(p)
    settled = peak.settled
    covariance: Floats = np.zeros((p, p))
    if p:
        covariance = np.asarray(np.linalg.inv(data.likelihood.derivatives(peak.beta).information), dtype=float)
    for k in range(p):
        profile = Profile(penalised, peak, k)
        low[k], high[k] = profile.limits(z, sqrt(covariance[k, k]))
        statistic[k] = max(2 * profile.drop(0.0), 0.0)
        settled &= profile.settled
    notes = general_notes(data)
    if not settled:
        notes += ("the penalised likelihood could not be maximised to full precision",)
    # ℓ* of the columns as given: they are `scale` times as large as those it was maximised over.
    shift = float(np.log(data.scale).sum())
    wald = float(peak.beta @ np.linalg.solve(covariance, peak.beta)) if p else np.nan
    return CoxFit(
        method=f"Cox regression with Firth's penalty, {ties} ties", inference="profile penalised likelihood", ties=ties,
        level=level, n=data.stop.size, events=data.events, missing=data.missing,
        table=fit_table(
            data, peak.beta / data.scale, np.sqrt(np.diag(covariance)) / data.scale, low / data.scale,
            high / data.scale, statistic, np.array([chi_square_test(value, 1).p_value for value in statistic]),
        ),
        covariance=data.full_matrix(covariance / np.outer(data.scale, data.scale)),
        log_likelihood=peak.value + shift, null_log_likelihood=null + shift,
        likelihood_ratio=chi_square_test(2 * (peak.value - null), p),
        wald=chi_square_test(wald, p), score=chi_square_test(np.nan, p),
        concordance=row_concordance(data.start, data.stop, data.event, data.stratum, linear_predictor(data, peak.beta)),
        infinite=(), notes=notes,
    )  # fmt: skip


def fit_cox(
    time: ArrayLike, event: ArrayLike, covariates: pd.DataFrame, penalty: Penalty = Penalty.WHERE_NEEDED, **options: Any
) -> CoxFit:
    """`cox_regression` or `firth_cox_regression`, by choice; `notes` says so where the choice fell on the penalty.

    Parameters
    ----------
    time, event, covariates : as in `cox_regression`, and so are `options` (`start`, `strata`, `ties`, `level`).
    penalty : see `Penalty`.

    Examples
    --------
    >>> fit = fit_cox([1, 2], [1, 0], pd.DataFrame({"treated": [1, 0]}))
    >>> fit.notes[-1]
    "Firth's penalty, because the likelihood has no maximum for treated"
    """
    if penalty is Penalty.ALWAYS:
        return firth_cox_regression(time, event, covariates, **options)
    plain = cox_regression(time, event, covariates, **options)
    if penalty is Penalty.NEVER or not plain.infinite:
        return plain
    fitted = firth_cox_regression(time, event, covariates, **options)
    reason = f"Firth's penalty, because the likelihood has no maximum for {', '.join(plain.infinite)}"
    return replace(fitted, notes=(*fitted.notes, reason))


@dataclass(frozen=True, eq=False)
class Peak:
    """A maximum of ℓ*, over all coefficients or with one held fixed."""

    beta: Floats
    value: float
    settled: bool


@dataclass(frozen=True, eq=False)
class Penalised:
    """ℓ* of a partial likelihood."""

    likelihood: PartialLikelihood

    def value(self, beta: Floats) -> float:
        """ℓ*(β); −∞ where the information vanishes."""
        return self._with_penalty(beta)[0]

    def _with_penalty(self, beta: Floats, *, slope: bool = False) -> tuple[float, Floats, Floats]:
        """ℓ*, U* (or U without `slope`) and I."""
        now = self.likelihood.derivatives(beta, slope=slope)
        if not (np.isfinite(now.log_likelihood) and np.isfinite(now.information).all()):
            return -np.inf, now.score, now.information
        sign, log_det = np.linalg.slogdet(now.information)
        if sign <= 0 or not isfinite(log_det):
            return -np.inf, now.score, now.information
        score = now.score
        if now.slope is not None:
            # tr(I⁻¹ ∂I/∂β_c) for every c at once
            relative = np.linalg.solve(now.information, now.slope.transpose(2, 0, 1))
            score = score + 0.5 * np.trace(relative, axis1=1, axis2=2)
        return now.log_likelihood + 0.5 * float(log_det), score, now.information

    def maximum(self, start: Floats, free: np.ndarray) -> Peak:
        """Climb from `start` over the coefficients that are `free` by Newton steps, halved until ℓ* does not fall."""
        beta = start.copy()
        value, score, information = self._with_penalty(beta, slope=True)
        if not free.any():
            return Peak(beta, value, True)
        for _ in range(_ITERATIONS):
            if not isfinite(value):
                return Peak(beta, value, False)
            step = np.linalg.solve(self._curvature(beta, score, information, free), score[free])
            longest = float(np.abs(step).max())
            if longest < _LAST_STEP:
                # Each step is a millionth of the one before: this is the last that counts, and ℓ* does not feel it.
                beta[free] += step
                return Peak(beta, value, True)
            step *= min(1.0, _LONGEST_STEP / longest)
            slack = _FLAT * (1 + abs(value))
            while True:
                moved = beta.copy()
                moved[free] += step
                reached, new_score, new_information = self._with_penalty(moved, slope=True)
                if reached >= value - slack:
                    break
                step = step / 2
                if np.abs(step).max() < _STEP:
                    return Peak(beta, value, True)
            beta, value, score, information = moved, reached, new_score, new_information
        return Peak(beta, value, False)

    def _curvature(self, beta: Floats, score: Floats, information: Floats, free: np.ndarray) -> Floats:
        """−∂U*/∂β of the free coefficients, by differences; I where that is not positive definite.

        Steps by I alone may circle the maximum for ever: with one event among two, ℓ* is twice as curved as ℓ.
        """
        chosen = np.flatnonzero(free)
        slopes = np.empty((chosen.size, chosen.size))
        for row, k in enumerate(chosen):
            aside = beta.copy()
            aside[k] += _DIFFERENCE
            slopes[row] = (score - self._with_penalty(aside, slope=True)[1])[chosen] / _DIFFERENCE
        slopes = (slopes + slopes.T) / 2
        if np.isfinite(slopes).all() and np.linalg.eigvalsh(slopes)[0] > 0:
            return slopes
        return information[np.ix_(free, free)]


class Profile:
    """The profile of ℓ* along one coefficient: max ℓ* with β_k held at b."""

    def __init__(self, penalised: Penalised, peak: Peak, term: int) -> None:
        """Start from the maximum over all coefficients."""
        self._penalised, self._peak, self._term = penalised, peak, term
        self._free = np.arange(peak.beta.size) != term
        self._near = peak.beta
        self.settled = True

    def drop(self, b: float) -> float:
        """ℓ*(β̂) − max_{β_k = b} ℓ*; infinite where the information vanishes."""
        begin = self._near.copy()
        begin[self._term] = b
        found = self._penalised.maximum(begin, self._free)
        if not isfinite(found.value):
            begin = np.where(self._free, 0.0, b)
            found = self._penalised.maximum(begin, self._free)
        if isfinite(found.value):
            self._near = found.beta
            self.settled &= found.settled
        return self._peak.value - found.value

    def limits(self, z: float, error: float) -> tuple[float, float]:
        """Where twice the drop is z², on either side of the maximum."""
        estimate = float(self._peak.beta[self._term])

        def excess(b: float) -> float:
            return 2 * self.drop(b) - z * z

        low, high = (self._limit(excess, estimate, side * error * z) for side in (-1.0, 1.0))
        self._near = self._peak.beta
        return low, high

    def _limit(self, excess: Callable[[float], float], estimate: float, width: float) -> float:
        from scipy.optimize import brentq

        self._near = self._peak.beta
        inner, outer = estimate, estimate + width
        while True:
            above = excess(outer)
            if above == np.inf:
                # The information is gone in floats: come back half way.
                outer = (inner + outer) / 2
                if abs(outer - inner) < _STEP:
                    return np.nan
                continue
            if above >= 0:
                break
            inner, outer = outer, outer + width
        return float(brentq(excess, inner, outer, xtol=1e-13, rtol=1e-13))
