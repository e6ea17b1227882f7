"""Printed numbers: a number as text, and the exact set of reals that could have been printed as that text.

A printed number keeps its decimals (``67.90`` is not ``67.9``): they say how it was rounded. All arithmetic
here is in `fractions.Fraction`, so no rounding boundary is ever blurred by a float.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import floor, isqrt

_NUMBER = re.compile(r"[+-]?(?:0|[1-9]\d*)(?:\.(?P<decimals>\d+))?", re.ASCII)
NOT_REACHED = frozenset({"NR", "NE", "NA", "∞"})
FIELD_TITLES = {"value": "estimate", "ci_low": "lower limit", "ci_high": "upper limit", "count": "count"}


class Rounding(StrEnum):
    """How a real becomes digits. Halves go away from zero, to the even digit, or everything is cut off."""

    HALF_UP = "half-up"
    HALF_EVEN = "half-even"
    TRUNCATION = "truncation"


@dataclass(frozen=True)
class Cell:
    """An interval of reals with its two ends open or closed."""

    low: Fraction
    high: Fraction
    low_closed: bool
    high_closed: bool

    def __contains__(self, x: Fraction) -> bool:
        """Whether x lies in the cell, exactly."""
        above = x >= self.low if self.low_closed else x > self.low
        below = x <= self.high if self.high_closed else x < self.high
        return above and below

    def scaled(self, factor: Fraction) -> Cell:
        """The cell of ``factor * x`` for a positive factor."""
        return Cell(self.low * factor, self.high * factor, self.low_closed, self.high_closed)


@dataclass(frozen=True)
class PrintedNumber:
    """A number as it stands in print.

    Parameters
    ----------
    text : str
        The digits as printed, e.g. ``"67.90"``, or a not-reached mark such as ``"NR"``.

    Examples
    --------
    >>> PrintedNumber("67.90").decimals
    2
    >>> Fraction("67.8999") in PrintedNumber("67.90").cell(Rounding.HALF_UP)
    True
    >>> Fraction("67.8999") in PrintedNumber("67.90").cell(Rounding.TRUNCATION)
    False
    """

    text: str

    def __post_init__(self) -> None:
        """Refuse what is neither a plain decimal number nor a not-reached mark."""
        if self.text not in NOT_REACHED and _NUMBER.fullmatch(self.text) is None:
            raise ValueError(f"not a printed number: {self.text!r}")

    @property
    def reached(self) -> bool:
        """False for NR and its kin: the statistic had no finite value."""
        return self.text not in NOT_REACHED

    @property
    def decimals(self) -> int:
        """How many digits stand after the decimal point."""
        match = _NUMBER.fullmatch(self.text)
        return len(match["decimals"] or "") if match else 0

    @property
    def value(self) -> Fraction:
        """The number read exactly. Raises ValueError where nothing was reached."""
        if not self.reached:
            raise ValueError(f"{self.text} has no value")
        return Fraction(self.text)

    @property
    def unit(self) -> Fraction:
        """One unit of the last printed digit."""
        return Fraction(1, 10**self.decimals)

    def cell(self, rounding: Rounding) -> Cell:
        """The exact set of reals that print as this text under a rounding rule."""
        v, unit = self.value, self.unit
        if rounding is Rounding.TRUNCATION:
            return Cell(v - unit if v <= 0 else v, v + unit if v >= 0 else v, v > 0, v < 0)
        half = unit / 2
        if rounding is Rounding.HALF_EVEN:
            even = (v / unit).numerator % 2 == 0
            return Cell(v - half, v + half, even, even)
        return Cell(v - half, v + half, v > 0, v < 0)


def round_to(x: Fraction, decimals: int, rounding: Rounding) -> Fraction:
    """Round a rational number exactly.

    >>> round_to(Fraction("0.0625"), 3, Rounding.HALF_UP), round_to(Fraction("0.0625"), 3, Rounding.HALF_EVEN)
    (Fraction(63, 1000), Fraction(31, 500))
    """
    scale = 10**decimals
    size = abs(x) * scale
    whole = floor(size)
    rest = size - whole
    up = rest > Fraction(1, 2) or (
        rest == Fraction(1, 2) and (rounding is Rounding.HALF_UP or (rounding is Rounding.HALF_EVEN and whole % 2 == 1))
    )
    if rounding is not Rounding.TRUNCATION and up:
        whole += 1
    return Fraction(whole if x >= 0 else -whole, scale)


def round_root(square: Fraction, decimals: int, rounding: Rounding) -> Fraction:
    """Round the square root of a non-negative rational exactly, without ever computing the root."""
    scale = 10**decimals
    whole = isqrt(square.numerator * scale * scale // square.denominator)
    if rounding is Rounding.TRUNCATION:
        return Fraction(whole, scale)
    boundary = Fraction(2 * whole + 1, 2 * scale) ** 2
    tie_up = rounding is Rounding.HALF_UP or whole % 2 == 1
    if square > boundary or (square == boundary and tie_up):
        whole += 1
    return Fraction(whole, scale)


def show(x: Fraction, decimals: int) -> str:
    """A rational that is already rounded, as text with a fixed number of decimals.

    >>> show(Fraction(875, 10), 2)
    '87.50'
    """
    scaled = x * 10**decimals
    if scaled.denominator != 1:
        raise ValueError(f"{x} has more than {decimals} decimals")
    digits = f"{abs(scaled.numerator):0{decimals + 1}d}"
    sign = "-" if scaled < 0 else ""
    return sign + (f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits)
