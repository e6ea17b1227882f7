"""Cox regression with Firth's penalty, for small cohorts and where no finite estimate exists otherwise.

Heinze & Schemper (Biometrics 2001;57:114), after Firth (Biometrika 1993;80:27): maximise

    ℓ*(β) = ℓ(β) + ½ log det I(β),    U*_k(β) = U_k(β) + ½ tr( I⁻¹ ∂I/∂β_k )

The estimate is always finite, and its bias of order 1/n is gone. Its distribution is skew when events are few, so the
interval of a term is that of the profile penalised likelihood, {b : 2 (ℓ*(β̂) − max_{β_k=b} ℓ*) ≤ χ²₁}, and its p-value
the one of the same test at b = 0. The penalty is that of the whole model throughout, as in R's ``coxphf``.

No Python library has this model.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from math import sqrt
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
from helpers.estimators.partial_likelihood import Ties
from helpers.estimators.penalised_likelihood import Peak, Penalised, Profile


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
    peak = penalised.highest(np.zeros(p), np.ones(p, dtype=bool)) if p else Peak(np.zeros(0), null, True)
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
        ranking=lambda: row_concordance(
            data.start, data.stop, data.event, data.stratum, linear_predictor(data, peak.beta)
        ),
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
