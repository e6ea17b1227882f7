"""Bracket: what the landmarks alone say about a median, without any history.

Used where there are too many histories to list: S at a landmark lies within its printed digits and between its limits,
so a median lies before a landmark at which S is below 1/2, and after one at which it is above.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor

from helpers.inversion.evidence import Landmark
from helpers.inversion.joint.whole import Demand, Whole
from helpers.printed import PrintedNumber

_HALF = Fraction(1, 2)


def survival_range(mark: Landmark, first_decimals: int = 2) -> tuple[Fraction, Fraction]:
    """Proportions between which S certainly lies at a landmark.

    S may have been rounded to `first_decimals` before anything else, and any rule may have rounded the print.
    """
    slack = Fraction(1, 10**first_decimals)
    low, high = Fraction(0), Fraction(1)
    for number, sign in ((mark.value, 0), (mark.ci_low, -1), (mark.ci_high, 1)):
        if number is not None:
            x, unit = number.value * mark.scale, number.unit * mark.scale
            if sign <= 0:
                low = max(low, x - unit - slack)
            if sign >= 0:
                high = min(high, x + unit + slack)
    return low, high


def median_bracket(whole: Whole) -> tuple[int, int | None]:
    """The first and last day on which the median can lie; None where it need not be reached."""
    first, last = 0, None
    for mark in whole.curve.landmarks:
        low, high = survival_range(mark)
        if low > _HALF:
            first = max(first, floor(mark.day) + 1)
        if high < _HALF and last is None:
            last = floor(mark.day)
    return first, last


def bracketed(whole: Whole) -> bool:
    """Whether every printed median agrees with the landmarks as far as they bracket it."""
    first, last = median_bracket(whole)
    return all(_agrees(demand, first, last) for demand in whole.medians)


def _agrees(demand: Demand, first: int, last: int | None) -> bool:
    median = demand.median
    if not _within(demand, "value", median.value, first, last):
        return False
    if any(way.symmetric or way.flat.as_set for way in demand.ways):
        return True
    # The first days at which limits of S are below 1/2 lie on either side of the median; others need not.
    low = median.ci_low is None or not median.ci_low.reached or _within(demand, "ci_low", median.ci_low, 0, last)
    return low and _within(demand, "ci_high", median.ci_high, first, None)


def _within(demand: Demand, name: str, number: PrintedNumber | None, first: int, last: int | None) -> bool:
    """Whether a printed number can be a day from `first` to `last`."""
    if number is None:
        return True
    if not number.reached:
        return last is None
    cells = [demand.median.cell(name, way.rounding) for way in demand.ways]
    return any(cell is not None and cell.high >= first and (last is None or cell.low <= last) for cell in cells)
