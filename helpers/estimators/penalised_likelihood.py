"""Firth's penalised partial likelihood ℓ*(β) = ℓ(β) + ½ log det I(β): its maximum, and its profile along one term.

ℓ* need not have one peak only: with a handful of events, its ridges can carry two, and so can what is left of it when
one coefficient is held fixed. Where events are few, the flattest line through a maximum is therefore searched for other
bumps, and those are climbed, until none is higher. (A climb from one start alone may end an interval too early.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, isfinite

import numpy as np
from numpy.typing import NDArray

from helpers.estimators.kaplan_meier import Floats
from helpers.estimators.partial_likelihood import PartialLikelihood

_ITERATIONS = 200
_STEP = 1e-10
_LAST_STEP = 1e-8
_DIFFERENCE = 1e-6
_LONGEST_STEP = 5.0
_FLAT = 1e-13

# With more events than this for each term, ℓ* is as good as a paraboloid.
_ONE_PEAK = 50
_LINE = np.arange(-20.0, 20.5, 0.5)
_HIGHER = 1e-9
_CELLS = 2_000_000

Mask = NDArray[np.bool_]


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

    def maximum(self, start: Floats, free: Mask) -> Peak:
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

    def highest(self, start: Floats, free: Mask) -> Peak:
        """The maximum climbed to from a start, or a higher one found from it where events are few."""
        best = self.maximum(start, free)
        if not free.any() or self.likelihood.sets.event_rows.size > _ONE_PEAK * free.size:
            return best
        improved = True
        while improved and isfinite(best.value):
            others = [self.maximum(start, free) for start in self._bumps(best.beta, free)]
            other = max(others, key=lambda peak: peak.value, default=best)
            improved = other.value > best.value + _HIGHER
            best = other if improved else best
        return best

    def _bumps(self, beta: Floats, free: Mask) -> list[Floats]:
        """Local maxima of ℓ* along the line through β in its flattest direction, other than β's own."""
        information = self.likelihood.derivatives(beta).information[np.ix_(free, free)]
        flattest = np.zeros(free.size)
        flattest[free] = np.linalg.eigh(information)[1][:, 0]
        line = beta + _LINE[:, None] * flattest
        values = np.concatenate(([-np.inf], self.values(line), [-np.inf]))
        bump = (values[1:-1] > values[:-2]) & (values[1:-1] >= values[2:]) & (np.abs(_LINE) > _LINE[1] - _LINE[0])
        return list(line[bump])

    def values(self, betas: Floats) -> Floats:
        """ℓ* at many β (g, p) at once, a block at a time; −∞ where the information vanishes."""
        x, p = self.likelihood.x, self.likelihood.x.shape[1]
        first, second = np.triu_indices(p)
        columns = np.hstack((np.ones((x.shape[0], 1)), x, x[:, first] * x[:, second]))
        block = max(_CELLS // max(columns.size, 1), 1)
        parts = [self._block(betas[i : i + block], columns) for i in range(0, len(betas), block)]
        return np.concatenate(parts)

    def _block(self, betas: Floats, columns: Floats) -> Floats:
        sets, p = self.likelihood.sets, betas.shape[1]
        eta = self.likelihood.x @ betas.T
        top = eta.max(axis=0)
        with np.errstate(divide="ignore", under="ignore", invalid="ignore"):
            weighted = (np.exp(eta - top)[:, :, None] * columns[:, None, :]).reshape(len(eta), -1)
            sums = self.likelihood.moments(weighted).reshape(-1, len(betas), columns.shape[1])
            moments = sums[:, :, 1:] / sums[:, :, :1]
            logs = (np.log(sums[:, :, 0]) + top).sum(axis=0)
            first, second = np.triu_indices(p)
            central = (moments[:, :, p:] - moments[:, :, first] * moments[:, :, second]).sum(axis=0)
            information = np.empty((len(betas), p, p))
            information[:, first, second] = information[:, second, first] = central
            sign, log_det = np.linalg.slogdet(np.where(np.isfinite(information), information, 0.0))
            found = eta[sets.event_rows].sum(axis=0) - logs + 0.5 * log_det
        return np.where((sign > 0) & np.isfinite(found), found, -np.inf)

    def _curvature(self, beta: Floats, score: Floats, information: Floats, free: Mask) -> Floats:
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
        for others in (self._near, self._peak.beta, 0.0):
            found = self._penalised.highest(np.where(self._free, others, b), self._free)
            if isfinite(found.value):
                break
        else:
            return inf
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
