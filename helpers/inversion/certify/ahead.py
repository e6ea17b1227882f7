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
_DOWN, _UP = np.float32(-inf), np.float32(inf)


class Ahead:
    """Tables by phase, of shape (n + 2, rows), in single precision moved outwards; empty where low > high.

    The number of events is not followed here, so the rounding errors are those of any number of events.
    """

    def __init__(self, reach: Reach) -> None:
        """Go backwards once. Raises OutOfTimeError."""
        problem, rows = reach.problem, reach.rows
        n, moments = problem.n, problem.moments
        self.zero = problem.zero
        self.low = [np.full((n + 2, rows), inf, np.float32) for _ in moments]
        self.high = [np.full((n + 2, rows), -inf, np.float32) for _ in moments]
        bands = [_Band.of(reach, k) for k in range(len(moments))]
        for p in range(n, -1, -1):
            reach.effort.spend(0.6 * rows * len(moments) + 1000)
            for k in reversed(range(len(moments))):
                self._stay_or_event(reach, k, p)
                if p in moments[k].steps:
                    self._pass(reach, k, p, bands[k])

    def _stay_or_event(self, reach: Reach, k: int, p: int) -> None:
        """What one more step can lead to: a censoring changes nothing, an event moves rows and adds to G."""
        low, high = self.low[k], self.high[k]
        low[p], high[p] = low[p + 1], high[p + 1]
        shift = int(reach.shift[p]) if p <= reach.problem.n - 2 else reach.rows
        if shift < reach.rows:
            gain, into = np.float32(reach.gain_g[p]), slice(0, reach.rows - shift)
            more, less = np.nextafter(gain, _UP), np.nextafter(gain, _DOWN)
            np.minimum(low[p][into], np.nextafter(low[p + 1][shift:] - more, _DOWN), out=low[p][into])
            np.maximum(high[p][into], np.nextafter(high[p + 1][shift:] - less, _UP), out=high[p][into])

    def _pass(self, reach: Reach, k: int, p: int, band: _Band) -> None:
        """What passing the moment here can lead to."""
        low, high = band.ends(reach, k, p)
        if k + 1 < len(self.low) and not self.to_zero(k + 1, p):
            low, high = np.maximum(low, self.low[k + 1][p][band.rows]), np.minimum(high, self.high[k + 1][p][band.rows])
            empty = low > high
            low[empty], high[empty] = inf, -inf
        into_low, into_high = self.low[k][p][band.rows], self.high[k][p][band.rows]
        np.minimum(into_low, np.nextafter(low.astype(np.float32), _DOWN), out=into_low)
        np.maximum(into_high, np.nextafter(high.astype(np.float32), _UP), out=into_high)

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


class _Band:
    """The rows from which a moment's strip can be reached at all, rounding errors included."""

    def __init__(self, first: int, number: int) -> None:
        self.first, self.number = first, number
        self.rows = slice(first, first + number)

    @classmethod
    def of(cls, reach: Reach, k: int) -> _Band:
        strip = reach.strips[k]
        first, end = strip.rows
        first, end = max(0, first - strip.pad), min(reach.rows, end + strip.pad)
        if reach.problem.start_prints[k]:
            first, end = 0, max(end, 1)
        return cls(first, max(0, end - first))

    def ends(self, reach: Reach, k: int, steps: int) -> Ends:
        """The ranges of G that print the moment after so many steps, with any number of events among them."""
        number = min(steps, reach.problem.n - 1)
        before, after = floor(reach.least[number].min() - TINY), floor(reach.most[number].max() + TINY)
        low, high = reach.strips[k].over(self.first, self.number, before, after)
        if reach.problem.start_prints[k]:
            low[0], high[0] = min(low[0], 0.0), max(high[0], 0.0)
        return low, high
