"""Strands: cells of one phase with the same number of events, each with a range of G."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np


@dataclass(frozen=True)
class Strand:
    """Cells of one phase with the same number of events: the first row, and for each row a range of G."""

    row: int
    low: np.ndarray
    high: np.ndarray

    def trimmed(self) -> Strand | None:
        """Without empty cells at the ends; None if all are empty."""
        full = np.flatnonzero(self.low <= self.high)
        if not len(full):
            return None
        a, b = int(full[0]), int(full[-1]) + 1
        return self if (a, b) == (0, len(self.low)) else Strand(self.row + a, self.low[a:b], self.high[a:b])

    def cut(self, low: np.ndarray, high: np.ndarray) -> Strand | None:
        """The part inside other ranges, row by row."""
        a, b = np.maximum(self.low, low), np.minimum(self.high, high)
        empty = a > b
        if empty.any():
            a[empty], b[empty] = inf, -inf
        return Strand(self.row, a, b).trimmed()

    def joined(self, other: Strand | None) -> Strand:
        """The hull of two, row by row."""
        if other is None:
            return self
        first, last = min(self.row, other.row), max(self.row + len(self.low), other.row + len(other.low))
        low, high = np.full(last - first, inf), np.full(last - first, -inf)
        for one in (self, other):
            part = slice(one.row - first, one.row - first + len(one.low))
            low[part], high[part] = np.minimum(low[part], one.low), np.maximum(high[part], one.high)
        return Strand(first, low, high)
