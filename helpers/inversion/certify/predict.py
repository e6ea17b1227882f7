"""Predict: between which digits a number must lie that is not read, over all data sets that print the others.

The cells with which its moment can be passed are gone through; a box of cells gives a range of each limit, as in
`region`. Ranges are taken outwards, so digits outside them certainly cannot be printed; digits inside may.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

import numpy as np

from helpers.conventions import Convention, z_value
from helpers.inversion.certify.groups import Groups
from helpers.inversion.certify.reach import Passage, Reach
from helpers.inversion.certify.region import limit_range
from helpers.inversion.evidence import Count, Landmark
from helpers.printed import PrintedNumber, Rounding, round_to, show

_ROOM = Fraction(1, 10**9)
_NEAR = 1e-8
SIGNS = {"value": 0, "ci_low": -1, "ci_high": 1}


MOST_TEXTS = 1000


@dataclass(frozen=True)
class Allowed:
    """Smallest and largest digits, and all that lie between those of each convention; None where they are too many."""

    low: str
    high: str
    texts: tuple[str, ...] | None


def predicted_estimate(groups: Groups, mark: Landmark, name: str, number: PrintedNumber) -> Allowed | None:
    """The digits that one field of a landmark may show, at the moment that the groups were searched for.

    None where nothing can be printed there.

    Parameters
    ----------
    groups : searched without the field, its cells kept.
    mark : the landmark; its scale and level are used.
    name : value, ci_low or ci_high.
    number : the printed number, for its decimals.
    """
    decimals = number.decimals

    def printed(x: Fraction, rounding: Rounding) -> Fraction:
        return round_to(min(max(x, Fraction(0)), Fraction(1)) / mark.scale, decimals, rounding)

    ranges = {
        (printed(low, rounding), printed(high, rounding))
        for reach in groups.reaches
        for low, high, rounding in _ranges(reach, groups.moment_of(mark), mark, SIGNS[name])
    }
    if not ranges:
        return None
    low, high = min(a for a, _ in ranges), max(b for _, b in ranges)
    unit = number.unit
    if (high - low) / unit > MOST_TEXTS:
        return Allowed(show(low, decimals), show(high, decimals), None)
    found = {a + k * unit for a, b in ranges for k in range(int((b - a) / unit) + 1)}
    return Allowed(show(low, decimals), show(high, decimals), tuple(show(x, decimals) for x in sorted(found)))


def _ranges(reach: Reach, k: int, mark: Landmark, sign: int) -> Iterator[tuple[Fraction, Fraction, Rounding]]:
    """Smallest and largest value of the estimate or a limit under each convention of a search, moved outwards."""
    passage = reach.passages[k]
    boxes = _boxes(reach, k)
    for c in reach.problem.conventions:
        if reach.cells.start:
            yield Fraction(1), Fraction(1), c.rounding
        if passage.survival[0] <= 0:
            yield Fraction(0), Fraction(0), c.rounding
        if len(boxes[0]):
            low, high = (
                _rounded_ends(boxes, mark, c, sign) if c.rounded_to is not None else _plain_ends(boxes, mark, c, sign)
            )
            yield Fraction(low) - _ROOM, Fraction(high) + _ROOM, c.rounding


Boxes = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _boxes(reach: Reach, k: int) -> Boxes:
    """The cells of a moment as boxes: smallest and largest S, and √G; each of shape (cells,)."""
    cells = reach.cells
    low, high = np.full(reach.rows, np.inf), np.full(reach.rows, -np.inf)
    for offset in range(cells.before, cells.after + 1):
        # Row R can stand for piece R + offset.
        source = slice(max(0, -offset), reach.rows - max(0, offset))
        target = slice(max(0, offset), reach.rows - max(0, -offset))
        low[target] = np.minimum(low[target], cells.low[source])
        high[target] = np.maximum(high[target], cells.high[source])
    low, high = np.maximum(low, reach.strips[k].low), np.minimum(high, reach.strips[k].high)
    piece = np.flatnonzero(low <= high)
    s0, s1 = np.exp(-(piece + 1) * reach.step), np.exp(-piece * reach.step)
    return s0, s1, np.sqrt(np.maximum(low[piece], 0.0)), np.sqrt(np.maximum(high[piece], 0.0))


def _plain_ends(boxes: Boxes, mark: Landmark, convention: Convention, sign: int) -> tuple[float, float]:
    s0, s1, q0, q1 = boxes
    if sign == 0:
        return float(s0.min()), float(s1.max())
    with np.errstate(all="ignore"):
        low, high = limit_range(s0, s1, q0, q1, convention.interval, sign, float(z_value(convention.z, mark.level)))
    return max(float(low.min()), 0.0), min(float(high.max()), 1.0)


def _rounded_ends(boxes: Boxes, mark: Landmark, convention: Convention, sign: int) -> tuple[float, float]:
    """Where S and se are rounded first: by the rounded values that the boxes cover."""
    s0, s1, q0, q1 = boxes
    assert convention.rounded_to is not None
    scale = 10**convention.rounded_to
    shift = 0.0 if convention.rounding is Rounding.TRUNCATION else 0.5

    def rounded(x: np.ndarray, near: float) -> np.ndarray:
        return np.maximum(np.floor((x + near) * scale + shift), 0.0) / scale

    r0, r1 = rounded(s0, -_NEAR), np.minimum(rounded(s1, _NEAR), 1.0)
    if sign == 0:
        return float(r0.min()), float(r1.max())
    e0, e1 = rounded(s0 * q0, -_NEAR), rounded(s1 * q1, _NEAR)
    inner0, inner1 = np.maximum(r0, 1.0 / scale), np.minimum(np.maximum(r1, 1.0 / scale), 1 - 1.0 / scale)
    inner0 = np.minimum(inner0, inner1)
    with np.errstate(all="ignore"):
        low, high = limit_range(
            inner0,
            inner1,
            e0 / inner1,
            e1 / inner0,
            convention.interval,
            sign,
            float(z_value(convention.z, mark.level)),
        )
    # Without a standard error the limit is S itself.
    bare = (e0 <= 0) | (r0 <= 0) | (r1 >= 1)
    low, high = np.where(bare, np.minimum(low, r0), low), np.where(bare, np.maximum(high, r1), high)
    return max(float(low.min()), 0.0), min(float(high.max()), 1.0)


def predicted_count(groups: Groups, count: Count) -> tuple[int, int]:
    """Smallest and largest number for a printed count that was not read."""
    n, passages = groups.n, groups.passages
    if count.day is None:
        return _total(groups, count.kind)
    day = floor(count.day)
    if count.kind == "at_risk":
        before = day - 1 if count.day.denominator == 1 else day
        return n - _by(groups, passages, day, "steps")[1], n - _by(groups, passages, before, "steps")[0]
    return _by(groups, passages, day, count.kind)


def _values(passage: Passage, kind: str) -> list[int]:
    return [{"steps": p, "events": e, "censored": p - e}[kind] for p, e in passage.counts]


def _by(groups: Groups, passages: Sequence[Passage], day: int, kind: str) -> tuple[int, int]:
    """Smallest and largest number by the end of a day: it lies between those of the moments around it."""
    low, high = 0, None
    for moment, passage in zip(groups.moments, passages, strict=True):
        values = _values(passage, kind)
        if moment.day <= day:
            low = min(values)
        if moment.day >= day:
            high = max(values)
            break
    return low, _total(groups, kind)[1] if high is None else high


def _total(groups: Groups, kind: str) -> tuple[int, int]:
    """Smallest and largest number in the end."""
    n, counts = groups.n, groups.passages[-1].counts
    if kind == "steps":
        return n, n
    left = [(n - p) * groups.rest.beyond for p, _ in counts]
    values = [e if kind == "events" else p - e for p, e in counts]
    return min(values), max(v + more for v, more in zip(values, left, strict=True))
