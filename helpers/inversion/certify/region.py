"""The region that prints a landmark: which boxes in (ln S, G) lie wholly inside it, and which touch it.

Each printed field is a monotone function of S and √G along each edge of a box, so its range over a box is taken at
the corners (the lower log-log limit turns once, at -ln S = z √G). Where S and se are rounded first, a box covers a
rectangle of rounded pairs, and each pair is decided exactly once. Floating point is kept away from every verdict by
a margin: what lies within it is never called certain and never called impossible. States with 0 < S < 1 only.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import e as EULER
from math import inf

import numpy as np

from helpers.conventions import Z_95_ROUNDED, Convention, Interval, z_value
from helpers.inversion.evidence import Landmark
from helpers.inversion.history import State
from helpers.inversion.printing import prints_landmark
from helpers.printed import PrintedNumber, Rounding

_MARGIN = 1e-10
_NEAR = 1e-8
_TABLE_LIMIT = 2_000_000
_SMALL_TABLE, _A_BOX = 20_000, 50  # pairs worth deciding in any case, and for each box


@dataclass(frozen=True)
class Boxes:
    """Boxes in (ln S, G): four arrays that broadcast against each other."""

    log_low: np.ndarray
    log_high: np.ndarray
    g_low: np.ndarray
    g_high: np.ndarray


Verdict = tuple[np.ndarray, np.ndarray]


def classify(boxes: Boxes, landmark: Landmark, convention: Convention) -> Verdict:
    """`(certain, possible)`: every state of a box prints the landmark; some state may. Broadcast shape of the boxes."""
    s0, s1 = np.exp(boxes.log_low), np.exp(boxes.log_high)
    q0, q1 = np.sqrt(np.maximum(boxes.g_low, 0.0)), np.sqrt(np.maximum(boxes.g_high, 0.0))
    if convention.rounded_to is None:
        return _judge(s0, s1, q0, q1, landmark, convention)
    return _rounded_first(s0, s1, q0, q1, landmark, convention)


def _judge(
    s0: np.ndarray, s1: np.ndarray, q0: np.ndarray, q1: np.ndarray, landmark: Landmark, convention: Convention
) -> Verdict:
    shape = np.broadcast_shapes(s0.shape, q0.shape)
    certain, possible = np.ones(shape, bool), np.ones(shape, bool)
    z = float(z_value(convention.z, landmark.level))
    for number, sign in ((landmark.value, 0), (landmark.ci_low, -1), (landmark.ci_high, 1)):
        if number is None:
            continue
        low, high = _cell(number, landmark.scale, convention.rounding, sign)
        with np.errstate(all="ignore"):
            least, most = (s0, s1) if sign == 0 else limit_range(s0, s1, q0, q1, convention.interval, sign, z)
        certain &= (least > low + _MARGIN) & (most < high - _MARGIN)
        possible &= (most >= low - _MARGIN) & (least <= high + _MARGIN)
    return certain, possible


def _cell(number: PrintedNumber, scale: Fraction, rounding: Rounding, sign: int) -> tuple[float, float]:
    """The ends of a field's cell; what is printed as 0 or 1 may have been cut to [0, 1]."""
    cell = number.cell(rounding).scaled(scale)
    low = -inf if sign < 0 and Fraction(0) in cell else float(cell.low)
    high = inf if sign > 0 and Fraction(1) in cell else float(cell.high)
    return low, high


def limit_range(
    s0: np.ndarray, s1: np.ndarray, q0: np.ndarray, q1: np.ndarray, interval: Interval, sign: int, z: float
) -> tuple[np.ndarray, np.ndarray]:
    """Smallest and largest value of a limit over boxes S in [s0, s1], √G in [q0, q1]."""
    near, far = (q1, q0) if sign < 0 else (q0, q1)  # √G at which the limit is smallest, largest
    if interval is Interval.PLAIN:
        least, most = 1 + sign * z * near, 1 + sign * z * far
        return np.minimum(s0 * least, s1 * least), np.maximum(s0 * most, s1 * most)
    if interval is Interval.LOG:
        return s0 * np.exp(sign * z * near), s1 * np.exp(sign * z * far)
    u0, u1 = np.maximum(-np.log(s1), 1e-300), np.maximum(-np.log(s0), 1e-300)

    def depth(u: np.ndarray, q: np.ndarray) -> np.ndarray:
        return u * np.exp(-sign * z * q / u)

    if sign > 0:
        return np.exp(-depth(u1, q0)), np.exp(-depth(u0, q1))
    deepest = np.maximum(depth(u0, q1), depth(u1, q1))
    turning = (u0 <= z * q0) & (z * q0 <= u1)
    shallowest = np.where(turning, EULER * z * q0, np.minimum(depth(u0, q0), depth(u1, q0)))
    return np.exp(-deepest), np.exp(-shallowest)


def _rounded_first(
    s0: np.ndarray, s1: np.ndarray, q0: np.ndarray, q1: np.ndarray, landmark: Landmark, convention: Convention
) -> Verdict:
    """By the rounded pairs (S, se) that a box covers."""
    assert convention.rounded_to is not None
    scale = 10**convention.rounded_to
    shift = 0.0 if convention.rounding is Rounding.TRUNCATION else 0.5
    i0, i1 = (_index(s0, scale, shift, -_NEAR), _index(s1, scale, shift, _NEAR))
    j0, j1 = (_index(s0 * q0, scale, shift, -_NEAR), _index(s1 * q1, scale, shift, _NEAR))
    i0, i1, j0, j1 = np.broadcast_arrays(i0, np.minimum(i1, scale), j0, j1)
    if not i0.size:
        return np.zeros(i0.shape, bool), np.zeros(i0.shape, bool)
    first, last = int(i0.min()), int(i1.max())
    left, right = int(j0.min()), int(j1.max())
    if (last - first + 1) * (right - left + 1) > min(_TABLE_LIMIT, max(_SMALL_TABLE, _A_BOX * i0.size)):
        return _by_ranges(i0, i1, j0, j1, scale, landmark, convention)
    sums = _summed(landmark, convention, first, last, left, right)
    a, b, c, d = i0 - first, i1 - first + 1, j0 - left, j1 - left + 1
    inside = sums[b, d] - sums[a, d] - sums[b, c] + sums[a, c]
    return inside == (b - a) * (d - c), inside > 0


def _index(x: np.ndarray, scale: int, shift: float, margin: float) -> np.ndarray:
    return np.maximum(np.floor((x + margin) * scale + shift), 0).astype(np.int64)


def _by_ranges(
    i0: np.ndarray,
    i1: np.ndarray,
    j0: np.ndarray,
    j1: np.ndarray,
    scale: int,
    landmark: Landmark,
    convention: Convention,
) -> Verdict:
    """Without a table: the ranges over the rounded values; degenerate pairs are possible and never certain."""
    degenerate = (i0 == 0) | (i1 == scale) | (j0 == 0)
    s0, s1 = np.maximum(i0, 1) / scale, np.maximum(i1, 1) / scale
    certain, possible = _judge(s0, s1, j0 / scale / s1, j1 / scale / s0, landmark, convention)
    return certain & ~degenerate, possible | degenerate


@lru_cache(maxsize=32)
def _summed(landmark: Landmark, convention: Convention, first: int, last: int, left: int, right: int) -> np.ndarray:
    """Summed-area table of the rounded pairs that print; shape (rows + 1, columns + 1)."""
    prints = printing_pairs(landmark, convention, first, last, left, right)
    sums = np.zeros((prints.shape[0] + 1, prints.shape[1] + 1), np.int64)
    sums[1:, 1:] = prints.cumsum(0).cumsum(1)
    return sums


def printing_pairs(
    landmark: Landmark, convention: Convention, first: int, last: int, left: int, right: int
) -> np.ndarray:
    """Which pairs S = i / 10^d, se = j / 10^d print the landmark, exactly; shape (i's, j's).

    Where se is 0, or S is 0 or 1, both limits are S itself.
    """
    assert convention.rounded_to is not None
    scale = 10**convention.rounded_to
    i, j = np.arange(first, last + 1)[:, None], np.arange(left, right + 1)[None, :]
    degenerate = (j == 0) | (i == 0) | (i == scale)
    sure, possible = np.ones(degenerate.shape, bool), np.ones(degenerate.shape, bool)
    for number, sign in ((landmark.value, 0), (landmark.ci_low, -1), (landmark.ci_high, 1)):
        if number is None:
            continue
        cell = number.cell(convention.rounding).scaled(landmark.scale)
        own = np.array([Fraction(k, scale) in cell for k in range(first, last + 1)])[:, None]
        inside, touched = (own, own) if sign == 0 else _limit_pairs(i, j, scale, number, landmark, convention, sign)
        sure &= np.where(degenerate, own, inside)
        possible &= np.where(degenerate, own, touched)
    for a, b in np.argwhere(possible & ~sure).tolist():
        row, column = first + a, left + b
        state = State(Fraction(row, scale), Fraction(column, row) ** 2, 1)
        sure[a, b] = prints_landmark(state, landmark, convention)
    return sure


def _limit_pairs(
    i: np.ndarray,
    j: np.ndarray,
    scale: int,
    number: PrintedNumber,
    landmark: Landmark,
    convention: Convention,
    sign: int,
) -> Verdict:
    """`(inside, touched)` for one limit: exactly by integers where it is rational with a short z, else by a margin."""
    z = z_value(convention.z, landmark.level)
    if convention.interval is Interval.PLAIN and convention.z == Z_95_ROUNDED:
        cell = number.cell(convention.rounding).scaled(landmark.scale)
        short = Fraction(z)
        unit = scale * short.denominator
        ends = (cell.low, cell.high)
        x = short.denominator * i + sign * short.numerator * j
        low, high = (x * end.denominator - end.numerator * unit for end in ends)
        above = (low >= 0) if cell.low_closed else (low > 0)
        below = (high <= 0) if cell.high_closed else (high < 0)
        if sign < 0 and Fraction(0) in cell:
            above |= x < 0
        if sign > 0 and Fraction(1) in cell:
            below |= x > unit
        return above & below, above & below
    low_end, high_end = _cell(number, landmark.scale, convention.rounding, sign)
    s = np.clip(i, 1, scale - 1) / scale
    q = j / scale / s
    with np.errstate(all="ignore"):
        least, most = limit_range(s, s, q, q, convention.interval, sign, float(z))
    inside = (least > low_end + _MARGIN) & (most < high_end - _MARGIN)
    return inside, (most >= low_end - _MARGIN) & (least <= high_end + _MARGIN)
