"""Gray's test: does the cumulative incidence of one cause differ between groups? (Gray, Ann Stat 1988;16:1141)

In group k, let n_k be at risk, S_k the Kaplan-Meier curve of any event and F_k the cumulative incidence of the cause,
and write Q_k = n_k / S_k(t−), a number of patients as if no one had had a competing event. With d_k events of the
cause, d = Σ d_k and Q = Σ Q_k:

    z_k = Σ_t [ d_k − d Q_k (1 − F_k(t−)) / Σ_j Q_j (1 − F_j(t−)) ]

The variance under the hypothesis of a common F₀ (ΔF₀ = d / Q) follows from what one step of F_j at time s does to z_k:
at once, A_kj(s) = Q_k (δ_kj − Q_j / Q); and later, through the changed curves, b times what is left after s of
c_kj(s) = Σ_{u ≤ s} A_kj(u) ΔF₀(u) / (1 − F₀(u−)):

    V_kl = Σ_{j,s} [ v_j (A_kj + b c′_kj) (A_lj + b c′_lj) + v̄_j b̄² c′_kj c′_lj ],    c′ = c(∞) − c(s)

    events of the cause:  b = 1 − (1 − F₀) / S_j,   v_j = S_j(t−) ΔF₀ / n_j,      times 1 − (d − 1) / (Q S_j(t−) − 1)
    other events d̄_j:     b̄ = (1 − F₀) / S_j,       v̄_j = S_j(t−)² d̄_j / n_j²,   times 1 − (d̄_j − 1) / (n_j − 1)

the last factors being for ties (b is 1 where S_j has come to 0). Results agree with R's ``cmprsk::cuminc``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.estimators.checks import checked_codes, checked_groups
from helpers.estimators.chi_square import ChiSquareTest, quadratic_form_test
from helpers.estimators.kaplan_meier import Floats, Integers


@dataclass(frozen=True, eq=False)
class GrayTest:
    """Gray's test for one cause: `groups` has one row a group (`group`, `n`, `events`, `score`)."""

    cause: int
    test: ChiSquareTest
    groups: pd.DataFrame
    strata: int

    @property
    def p_value(self) -> float:
        """Two-sided p-value; NaN with one group or no event of the cause."""
        return self.test.p_value


def gray_test(
    time: ArrayLike,
    code: ArrayLike,
    group: Any,
    cause: int = 1,
    causes: Sequence[int] = (1, 2),
    strata: Any = None,
) -> GrayTest:
    """Compare the cumulative incidence of a cause between groups, as R's ``cmprsk::cuminc`` (ρ = 0).

    Parameters
    ----------
    time, code : (n,) as in `cumulative_incidence`.
    group : (n,) labels, none missing.
    cause : the cause whose incidence is compared; `causes` lists all there can be.
    strata : (n,) labels within which patients are compared, none missing.

    Raises
    ------
    InputError
        As `cumulative_incidence`; a label missing.

    Examples
    --------
    >>> time, code = [1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 2, 1, 2, 1, 0, 2]
    >>> round(gray_test(time, code, list("aabaabbb")).p_value, 4)
    0.044
    """
    times, codes = checked_codes(time, code, tuple(causes))
    groups, layers = (
        checked_groups(group, times.size, "group"), checked_groups(strata, times.size, "stratum")
    )  # fmt: skip
    k = len(groups.names)
    kind = np.where(codes == cause, 1, np.where(codes > 0, 2, 0))
    score, variance = np.zeros(k), np.zeros((k, k))
    for layer in range(len(layers.names)):
        own = layers.of(layer)
        z, v = _score_and_variance(times[own], kind[own], groups.codes[own], k)
        score, variance = score + z, variance + v
    frame = pd.DataFrame({
        "group": list(groups.names), "n": np.bincount(groups.codes, minlength=k),
        "events": np.bincount(groups.codes[kind == 1], minlength=k), "score": score,
    })  # fmt: skip
    return GrayTest(int(cause), quadratic_form_test(score, variance), frame, len(layers.names))


def _score_and_variance(time: Floats, kind: Integers, group: Integers, k: int) -> tuple[Floats, Floats]:
    """z and V of one stratum, arrays over groups and over the m days with an event."""
    if not kind.any():
        return np.zeros(k), np.zeros((k, k))
    distinct, place = np.unique(time, return_inverse=True)
    m = distinct.size

    def counted(who: np.ndarray) -> Floats:
        return np.bincount(group[who] * m + place[who], minlength=k * m).reshape(k, m).astype(float)

    leaving = counted(np.ones(time.size, dtype=bool))
    n = leaving[:, ::-1].cumsum(axis=1)[:, ::-1]
    own, other = counted(kind == 1), counted(kind == 2)
    eventful = (own + other).sum(axis=0) > 0
    n, own, other = n[:, eventful], own[:, eventful], other[:, eventful]
    present = n > 0

    def over_risk(numerator: Floats) -> Floats:
        return np.divide(numerator, n, out=np.zeros(n.shape), where=present)

    after: Floats = np.asarray(np.cumprod(1 - over_risk(own + other), axis=1), dtype=float)
    before = _shifted(after, 1.0)
    incidence = np.cumsum(before * over_risk(own), axis=1)
    q = np.divide(n, before, out=np.zeros(n.shape), where=present)
    total, d = q.sum(axis=0), own.sum(axis=0)
    weight = q * (1 - _shifted(incidence, 0.0))
    score = (own - d * weight / weight.sum(axis=0)).sum(axis=1)

    jump = d / total
    common = np.cumsum(jump)
    at_once = q[:, None] * (np.eye(k)[:, :, None] - q[None] / total)
    free = 1 - _shifted(common[None], 0.0)[0]
    drift = np.cumsum(at_once * np.divide(jump, free, out=np.zeros(free.size), where=free > 0), axis=2)
    later = drift[:, :, -1:] - drift
    left = np.divide(1 - common, after, out=np.zeros(n.shape), where=after > 0)

    others_in = total * before - 1
    tie = np.divide(d - 1, others_in, out=np.zeros(n.shape), where=(d > 1) & (others_in > 0))
    step = (1 - tie) * before * over_risk(np.broadcast_to(jump, n.shape))
    moved = at_once + (1 - left) * later
    variance = np.einsum("jt,kjt,ljt->kl", step, moved, moved, optimize=True)
    tie = np.divide(other - 1, n - 1, out=np.zeros(n.shape), where=other > 1)
    step = (1 - tie) * before**2 * over_risk(over_risk(other)) * left**2
    return score, variance + np.einsum("jt,kjt,ljt->kl", step, later, later, optimize=True)


def _shifted(curve: Floats, first: float) -> Floats:
    """Values just before each step."""
    return np.concatenate((np.full((curve.shape[0], 1), first), curve[:, :-1]), axis=1)
