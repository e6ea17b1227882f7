"""Tests whose statistic is a quadratic form u′ V⁻¹ u, compared with a chi-square distribution."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np

from helpers.estimators.kaplan_meier import Floats

_RANK_TOLERANCE = 1e-11


@dataclass(frozen=True)
class ChiSquareTest:
    """A chi-square statistic with its degrees of freedom; `p_value` is NaN if there is nothing to test (`df` 0)."""

    statistic: float
    df: int
    p_value: float


def chi_square_test(statistic: float, df: int) -> ChiSquareTest:
    """The test that belongs to a statistic; rounding errors below 0 become 0.

    >>> round(chi_square_test(3.841458820694124, 1).p_value, 12)
    0.05
    """
    from scipy.special import chdtrc

    if df < 1 or np.isnan(statistic):
        return ChiSquareTest(nan, 0 if df < 1 else df, nan)
    statistic = max(float(statistic), 0.0)
    return ChiSquareTest(statistic, df, float(chdtrc(df, statistic)))


def quadratic_form_test(score: Floats, variance: Floats) -> ChiSquareTest:
    """u′ V⁻ u with a generalised inverse; the degrees of freedom are the rank of V.

    With k scores that sum to 0, as observed minus expected over k groups do, this is the usual statistic after one
    group is left out, whichever it is.

    Parameters
    ----------
    score : (k,) u.
    variance : (k, k) V, symmetric and not negative.
    """
    # Rounding, and a correction for ties, can leave a variance that is none.
    size = np.sqrt(np.maximum(np.diag(variance), 0.0))
    present = size > 0
    if not present.any():
        return chi_square_test(nan, 0)
    scale = size[present]
    roots, axes = np.linalg.eigh(variance[np.ix_(present, present)] / np.outer(scale, scale))
    kept = roots > _RANK_TOLERANCE * roots[-1]
    projected = axes[:, kept].T @ (score[present] / scale)
    return chi_square_test(float(np.sum(projected**2 / roots[kept])), int(kept.sum()))
