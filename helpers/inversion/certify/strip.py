"""The strip: for each short piece of −ln S, the range of G with which the landmarks of one moment can be printed.

At a given S each printed limit is a monotone function of √G, so its cell of reals is an interval of G; over a piece
of S the interval is widened to whatever some S of the piece allows. Where S and se are rounded first, the rounded
pairs are gone through instead. Every end is moved outwards by more than floating point can err, so a state outside
the strip certainly does not print; a state inside it may.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import e as EULER
from math import inf

import numpy as np

from helpers.conventions import Convention, Interval, z_value
from helpers.inversion.evidence import Landmark
from helpers.printed import Rounding

_MARGIN = 1e-10  # on proportions
_NEAR = 1e-8  # on S and se before they are rounded
Ends = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Strip:
    """Smallest and largest G for each piece j of −ln S, from j · step to (j + 1) · step; empty where low > high.

    `pad` is how far beyond the first and the last piece `over` may be asked to look.
    """

    step: float
    low: np.ndarray
    high: np.ndarray
    pad: int

    @property
    def rows(self) -> tuple[int, int]:
        """The first piece that is not empty, and one past the last; (0, 0) if there is none."""
        full = np.flatnonzero(self.low <= self.high)
        return (int(full[0]), int(full[-1]) + 1) if len(full) else (0, 0)

    @cached_property
    def _levels(self) -> list[Ends]:
        """Hulls over 1, 2, 4, … pieces from each piece on, the first `pad` pieces before the beginning included."""
        nothing = np.full(self.pad, inf)
        found = [(np.concatenate([nothing, self.low, nothing]), np.concatenate([-nothing, self.high, -nothing]))]
        width = 1
        while 2 * width <= 2 * self.pad:
            low, high = found[-1]
            found.append((np.minimum(low[:-width], low[width:]), np.maximum(high[:-width], high[width:])))
            width *= 2
        return found

    def over(self, first: int, number: int, before: int, after: int) -> Ends:
        """Hulls over the pieces row + before … row + after, for `number` rows from `first` on."""
        level = (after - before + 1).bit_length() - 1
        low, high = self._levels[level]
        a = slice(self.pad + first + before, self.pad + first + before + number)
        start = self.pad + first + after + 1 - (1 << level)
        b = slice(start, start + number)
        return np.minimum(low[a], low[b]), np.maximum(high[a], high[b])


def strip_of(marks: Sequence[Landmark], conventions: Sequence[Convention], step: float, rows: int, pad: int) -> Strip:
    """The strip of one moment: all its landmarks under one convention, whichever it is of several."""
    edges = np.exp(-step * np.arange(rows + 1))
    s0, s1 = edges[1:], edges[:-1]
    low, high = np.full(rows, inf), np.full(rows, -inf)
    for convention in conventions:
        own_low, own_high = np.zeros(rows), np.full(rows, inf)
        for mark in marks:
            if mark.fields:
                a, b = _allowed(s0, s1, mark, convention)
                np.maximum(own_low, a, out=own_low)
                np.minimum(own_high, b, out=own_high)
        full = own_low <= own_high
        np.minimum(low, np.where(full, own_low, inf), out=low)
        np.maximum(high, np.where(full, own_high, -inf), out=high)
    return Strip(step, low, high, pad)


def _allowed(s0: np.ndarray, s1: np.ndarray, mark: Landmark, convention: Convention) -> Ends:
    """Smallest and largest G for S somewhere in [s0, s1], for one landmark."""
    if convention.rounded_to is not None:
        low, high = _rounded_first(s0, s1, mark, convention)
    else:
        a, b = cell(mark, "value", convention)
        low, high = _root_range(np.maximum(s0, a), np.minimum(s1, b), mark, convention)
    empty = ~(low <= high)
    low, high = low**2, high**2
    low, high = low * (1 - 1e-9) - 1e-15, high * (1 + 1e-9) + 1e-15
    return np.where(empty, inf, low), np.where(empty, -inf, high)


def cell(mark: Landmark, name: str, convention: Convention) -> tuple[float, float]:
    """The ends of a field's cell as proportions, moved outwards; unbounded where it is not printed or may be capped."""
    number = getattr(mark, name)
    if number is None:
        return -inf, inf
    found = number.cell(convention.rounding).scaled(mark.scale)
    low = -inf if name == "ci_low" and 0 in found else float(found.low) - _MARGIN
    high = inf if name == "ci_high" and 1 in found else float(found.high) + _MARGIN
    return low, high


def _root_range(s0: np.ndarray, s1: np.ndarray, mark: Landmark, convention: Convention) -> Ends:
    """Smallest and largest √G for S in [s0, s1]; low > high where there is none."""
    low, high = np.zeros(s0.shape), np.full(s0.shape, inf)
    z = float(z_value(convention.z, mark.level))
    with np.errstate(all="ignore"):
        for name, sign in (("ci_low", -1), ("ci_high", 1)):
            if getattr(mark, name) is not None:
                a, b = _widths(s0, s1, cell(mark, name, convention), convention.interval, sign)
                np.maximum(low, a / z, out=low)
                np.minimum(high, b / z, out=high)
    return np.where(s0 <= s1, low, inf), np.where(s0 <= s1, high, -inf)


def _widths(s0: np.ndarray, s1: np.ndarray, ends: tuple[float, float], interval: Interval, sign: int) -> Ends:
    """Smallest and largest z √G with which S in [s0, s1] has its limit between two ends."""
    a, b = ends
    if interval is Interval.PLAIN:
        if sign > 0:
            return a / s1 - 1, b / s0 - 1
        return 1 - b / np.where(b >= 0, s0, s1), 1 - a / np.where(a >= 0, s1, s0)
    if interval is Interval.LOG:
        if sign > 0:
            return np.log(max(a, 1e-300) / s1), np.log(b / s0)
        return np.log(s0 / max(b, 1e-300)), np.log(s1 / max(a, 0.0))
    u0, u1 = np.maximum(-np.log(np.minimum(s1, 1.0)), 1e-300), np.maximum(-np.log(s0), 1e-300)
    nearest, farthest = (abs(float(np.log(min(max(x, 0.0), 1.0)))) for x in (b, a))  # -ln of the limit
    if sign > 0:
        least = np.minimum(u0 * np.log(u0 / farthest), u1 * np.log(u1 / farthest))
        most = np.maximum(u0 * np.log(u0 / nearest), u1 * np.log(u1 / nearest))
        return np.maximum(least, 0.0), most
    least = np.minimum(u0 * np.log(nearest / u0), u1 * np.log(nearest / u1))
    turning = (u0 <= farthest / EULER) & (farthest / EULER <= u1)
    ends_most = np.maximum(u0 * np.log(farthest / u0), u1 * np.log(farthest / u1))
    return least, np.where(turning, farthest / EULER, ends_most)


def _rounded_first(s0: np.ndarray, s1: np.ndarray, mark: Landmark, convention: Convention) -> Ends:
    """By the rounded values of S that a piece covers: the rounded standard errors that print with each."""
    assert convention.rounded_to is not None
    scale = 10**convention.rounded_to
    cut = convention.rounding is Rounding.TRUNCATION
    shift = 0.0 if cut else 0.5
    i0 = np.maximum(np.floor((s0 - _NEAR) * scale + shift), 0).astype(int)
    i1 = np.minimum(np.floor((s1 + _NEAR) * scale + shift), scale).astype(int)
    first = int(i0.min())
    least, most = _errors_for(np.arange(first, int(i1.max()) + 1), scale, mark, convention)
    error_low = np.maximum(least - (0.0 if cut else 0.5), 0.0) / scale - _NEAR
    error_high = (most + (1.0 if cut else 0.5)) / scale + _NEAR
    low, high = np.full(s0.shape, inf), np.full(s0.shape, -inf)
    for k in range(int((i1 - i0).max()) + 1):
        i = np.minimum(i0 + k, i1) - first
        full = least[i] <= most[i]
        low = np.minimum(low, np.where(full, np.maximum(error_low[i], 0.0), inf))
        high = np.maximum(high, np.where(full, error_high[i], -inf))
    return low / s1, high / s0


def _errors_for(i: np.ndarray, scale: int, mark: Landmark, convention: Convention) -> Ends:
    """Smallest and largest j such that S = i / scale and se = j / scale print; 0 stands for no standard error."""
    s = i / scale
    inner = (i > 0) & (i < scale)
    at = np.where(inner, s, 0.5)
    a, b = cell(mark, "value", convention)
    own = (s >= a) & (s <= b)
    low, high = _root_range(at, at, mark, convention)
    with np.errstate(all="ignore"):
        least = np.maximum(np.ceil(low * at * scale - 1e-7), 1.0)
        most = np.floor(high * at * scale + 1e-7)
    full = inner & own & (least <= most)
    least, most = np.where(full, least, inf), np.where(full, most, -inf)
    bare = own.copy()  # no standard error: both limits are S itself
    for name in ("ci_low", "ci_high"):
        number = getattr(mark, name)
        if number is not None:
            found = number.cell(convention.rounding).scaled(mark.scale)
            bare &= (s >= float(found.low) - _MARGIN) & (s <= float(found.high) + _MARGIN)
    least = np.where(bare, 0.0, least)
    most = np.where(bare & ~inner, inf, np.where(bare & ~full, 0.0, most))
    return least, most
