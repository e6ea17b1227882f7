"""Reading a number that a learner has typed or computed, exactly, whatever its type."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from numbers import Rational, Real

_TEXT = re.compile(r"[+-]?\d+(\.\d*)?|[+-]?\.\d+|[+-]?\d+/[1-9]\d*", re.ASCII)


def exact(given: object) -> Fraction | None:
    """The number as a fraction; None for what is no finite number.

    Texts may hold a percent sign (divided by 100), a minus sign as printers set it, or a fraction.

    >>> exact("67.9 %"), exact(0.7), exact("14/15"), exact("many")
    (Fraction(679, 1000), Fraction(7, 10), Fraction(14, 15), None)
    """
    if isinstance(given, bool):
        return None
    if isinstance(given, str):
        text = given.strip().replace("\N{MINUS SIGN}", "-").replace(" ", "")
        share = text.endswith("%")
        text = text.rstrip("%")
        if not _TEXT.fullmatch(text):
            return None
        return Fraction(text) / (100 if share else 1)
    if isinstance(given, Rational):
        return Fraction(int(given.numerator), int(given.denominator))
    if isinstance(given, (Real, Decimal)):
        # A float is read as the shortest decimal that it stands for: what the learner typed.
        number = repr(float(given)) if not isinstance(given, Decimal) else str(given)
        try:
            return Fraction(number)
        except ValueError:
            return None
    item = getattr(given, "item", None)  # an array or a Series with one number in it
    if callable(item) and getattr(given, "size", 0) == 1:
        return exact(item())
    return None


def plainly(x: Fraction | float, decimals: int) -> str:
    """A number for a reader, rounded half-up; whole numbers without decimals.

    >>> plainly(Fraction(112, 165), 3), plainly(22, 3)
    ('0.679', '22')
    """
    from helpers.printed import Rounding, round_to, show

    x = Fraction(x)
    return str(x) if x.denominator == 1 else show(round_to(x, decimals, Rounding.HALF_UP), decimals)
