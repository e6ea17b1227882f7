"""Cox's partial likelihood with its derivatives, for ties as Efron or as Breslow has them.

With w_i = exp(x_i′β), R_j the rows at risk and D_j the d_j rows with an event at time j:

    ℓ(β) = Σ_j [ Σ_{i∈D_j} x_i′β − Σ_{r=0}^{d_j−1} log( Σ_{R_j} w − f_r Σ_{D_j} w ) ]

f_r = 0 by Breslow (Biometrics 1974;30:89), r / d_j by Efron (J Am Stat Assoc 1977;72:557). Each log term is the
log of a sum of exponentials, so its derivatives are the moments of x under weights: first moment in the score, second
and third central moments in the information and in its derivative.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from helpers.estimators.kaplan_meier import Floats, Integers
from helpers.estimators.risk_sets import RiskSets, risk_sets


class Ties(StrEnum):
    """How events on one day enter the partial likelihood. Efron is R's default, Breslow that of SAS and SPSS."""

    EFRON = "efron"
    BRESLOW = "breslow"


@dataclass(frozen=True, eq=False)
class Derivatives:
    """ℓ(β), its score (p,), the information −ℓ″ (p, p) and, if asked for, ∂I_ab/∂β_c as `slope` (p, p, p)."""

    log_likelihood: float
    score: Floats
    information: Floats
    slope: Floats | None = None


@dataclass(frozen=True, eq=False)
class PartialLikelihood:
    """The partial likelihood of rows with covariates `x` (n, p), best centred and of unit size.

    Take a new one for other covariates with `with_covariates`: the risk sets are laid out once.
    """

    x: Floats
    sets: RiskSets
    ties: Ties

    @classmethod
    def of(
        cls, x: Floats, start: Floats | None, stop: Floats, event: Integers, stratum: Integers, ties: Ties
    ) -> PartialLikelihood:
        """Lay out the risk sets of checked rows; see `risk_sets`."""
        return cls(x, risk_sets(start, stop, event, stratum), ties)

    def with_covariates(self, x: Floats) -> PartialLikelihood:
        """The same rows with other covariates."""
        return PartialLikelihood(x, self.sets, self.ties)

    @cached_property
    def _fraction(self) -> Floats:
        """f_r of every event (e, 1)."""
        share = self.sets.tie / self.sets.ties[self.sets.at] if self.ties is Ties.EFRON else np.zeros(self.sets.at.size)
        return share[:, None]

    @cached_property
    def _event_total(self) -> Floats:
        return self.x[self.sets.event_rows].sum(axis=0)

    def moments(self, weighted: Floats) -> Floats:
        """Sums over the risk set of every event (e, c), its share of tied events taken off."""
        sets = self.sets
        at_risk = sets.sums(weighted)[sets.at]
        if self.ties is Ties.EFRON and sets.tie.any():
            at_risk -= self._fraction * sets.event_sums(weighted)[sets.at]
        return at_risk

    def value(self, beta: Floats) -> float:
        """ℓ(β) alone; −∞ where the weights leave the range of floats."""
        eta = _linear(self.x, beta)
        top = float(eta.max(initial=-np.inf)) if eta.size else 0.0
        with np.errstate(divide="ignore", under="ignore", invalid="ignore"):
            logs = np.log(self.moments(np.exp(eta - top)[:, None])) + top
        value = float(eta[self.sets.event_rows].sum() - logs.sum())
        return value if np.isfinite(value) else -np.inf

    def derivatives(self, beta: Floats, *, slope: bool = False) -> Derivatives:
        """ℓ, score and information at β, and ∂I/∂β if `slope`."""
        p = self.x.shape[1]
        first, second = np.triu_indices(p)
        eta = _linear(self.x, beta)
        top = float(eta.max(initial=-np.inf)) if eta.size else 0.0
        products = self.x[:, first] * self.x[:, second]
        columns = [np.ones((eta.size, 1)), self.x, products]
        if slope:
            columns += [products * self.x[:, [c]] for c in range(p)]
        with np.errstate(divide="ignore", under="ignore", invalid="ignore"):
            weighted = np.exp(eta - top)[:, None] * np.hstack(columns)
            sums = self.moments(weighted)
            total = sums[:, 0]
            moments = sums[:, 1:] / total[:, None]
            logs = np.log(total) + top
        mean, raw = moments[:, :p], moments[:, p : p + first.size]
        central = raw - mean[:, first] * mean[:, second]
        value = float(eta[self.sets.event_rows].sum() - logs.sum())
        score = self._event_total - mean.sum(axis=0)
        information = _symmetric(central.sum(axis=0), first, second, p)
        if not slope:
            return Derivatives(value, score, information)
        third = np.empty((p, p, p))
        for c in range(p):
            begin = p + (c + 1) * first.size
            # E[abc] − E[ab]E[c] − E[a](E[bc] − E[b]E[c]) − E[b](E[ac] − E[a]E[c])
            at = {pair: k for k, pair in enumerate(zip(first.tolist(), second.tolist(), strict=True))}
            other = [[at[min(a, c), max(a, c)] for a in pair] for pair in (first.tolist(), second.tolist())]
            cubic = (
                moments[:, begin : begin + first.size] - raw * mean[:, [c]]
                - mean[:, first] * central[:, other[1]] - mean[:, second] * central[:, other[0]]
            )  # fmt: skip
            third[:, :, c] = _symmetric(cubic.sum(axis=0), first, second, p)
        return Derivatives(value, score, information, third)


def _linear(x: Floats, beta: Floats) -> Floats:
    """x β column by column: equal rows get equal values to the last bit, which a matrix product does not promise."""
    eta = np.zeros(x.shape[0])
    for column, b in zip(x.T, beta, strict=True):
        eta += column * b
    return eta


def _symmetric(upper: Floats, first: Integers, second: Integers, p: int) -> Floats:
    matrix = np.empty((p, p))
    matrix[first, second] = upper
    matrix[second, first] = upper
    return matrix
