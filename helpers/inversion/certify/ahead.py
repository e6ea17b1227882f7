"""Backwards: for each phase, number of steps and row, the range of G from which everything ahead can be printed."""

from __future__ import annotations

from math import floor, inf
from typing import TYPE_CHECKING

import numpy as np

from helpers.inversion.certify.strand import Strand
from helpers.inversion.certify.strip import Ends

if TYPE_CHECKING:
    from helpers.inversion.certify.reach import Reach

TINY = 1e-6  # rows: more than the rounding of sums of gains


class Ahead:
    """Tables by phase, of shape (n + 2, rows), in single precision moved outwards; empty where low > high.

    The number of events is not followed here, so the rounding errors are those of any number of events.
    """

    def __init__(self, reach: Reach) -> None:
        """Go backwards once. Raises OutOfTimeError."""
        problem, rows = reach.problem, reach.rows
        n, moments, last = problem.n, problem.moments, len(problem.moments) - 1
        self.zero = problem.zero
        ends = [strip.rows[1] for strip in reach.strips]
        top = [max(ends[k:], default=0) + reach.strips[k].pad for k in range(last + 1)]
        self.low = [np.full((n + 2, rows), inf, np.float32) for _ in moments]
        self.high = [np.full((n + 2, rows), -inf, np.float32) for _ in moments]
        for p in range(n, -1, -1):
            reach.effort.spend(2.0 * rows * (last + 1))
            for k in range(last, -1, -1):
                low, high = self._here(reach, k, p, min(rows, top[k]))
                # Single precision, moved outwards.
                self.low[k][p] = np.nextafter(low.astype(np.float32), np.float32(-inf))
                self.high[k][p] = np.nextafter(high.astype(np.float32), np.float32(inf))

    def _here(self, reach: Reach, k: int, p: int, top: int) -> Ends:
        problem, rows, n = reach.problem, reach.rows, reach.problem.n
        low, high = self.low[k][p + 1].astype(float), self.high[k][p + 1].astype(float)
        if p <= n - 2:
            shift, gain = int(reach.shift[p]), float(reach.gain_g[p])
            reached = slice(0, max(0, rows - shift))
            low[reached] = np.minimum(low[reached], self.low[k][p + 1][shift:].astype(float) - gain)
            high[reached] = np.maximum(high[reached], self.high[k][p + 1][shift:].astype(float) - gain)
        if p in problem.moments[k].steps:
            number = min(p, n - 1)
            before, after = floor(reach.least[number].min() - TINY), floor(reach.most[number].max() + TINY)
            whole = Strand(0, np.full(top, -inf), np.full(top, inf))
            a, b = reach.strip(k, whole, before, after)
            if problem.start_prints[k]:
                a[0], b[0] = min(a[0], 0.0), max(b[0], 0.0)
            if k + 1 < len(problem.moments) and not self.to_zero(k + 1, p):
                a, b = np.maximum(a, self.low[k + 1][p][:top]), np.minimum(b, self.high[k + 1][p][:top])
                empty = a > b
                a[empty], b[empty] = inf, -inf
            low[:top], high[:top] = np.minimum(low[:top], a), np.maximum(high[:top], b)
        return low, high

    def to_zero(self, phase: int, steps: int) -> bool:
        """Whether from a phase, after so many steps, everything can be printed by falling to S = 0."""
        return phase >= self.zero and steps < len(self.low[0]) - 2

    @property
    def possible(self) -> bool:
        """Whether anything can be printed at all."""
        return self.zero == 0 or bool(self.low[0][0][0] <= 0 <= self.high[0][0][0])

    def within(self, phase: int, steps: int, strand: Strand) -> Strand | None:
        """The cells of a strand from which the phase's moment and all later ones can be printed."""
        part = slice(strand.row, strand.row + len(strand.low))
        return strand.cut(self.low[phase][steps][part], self.high[phase][steps][part])
