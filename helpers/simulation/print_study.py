"""Print the landmarks and counts of a cohort as a paper would under a convention.

Written apart from `helpers.inversion`, which reads such digits backwards: rational where the numbers are rational,
otherwise decimals of 50 digits, never near enough to a rounding boundary to matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from math import isqrt

from helpers.conventions import Convention, Interval, z_value
from helpers.inversion.evidence import Count, Landmark
from helpers.printed import PrintedNumber, Rounding
from helpers.simulation.cohort import Cohort

Real = Fraction | Decimal
LEVEL = Fraction(95, 100)
_C = Context(prec=50)
_MODES = {Rounding.HALF_UP: ROUND_HALF_UP, Rounding.HALF_EVEN: ROUND_HALF_EVEN, Rounding.TRUNCATION: ROUND_DOWN}


def printed_landmark(
    patients: Cohort, day: Fraction, convention: Convention, decimals: int, *, interval: bool = True, name: str = ""
) -> Landmark:
    """The landmark at a day, in percent with some decimals, with or without its interval."""
    texts = printed_texts(*patients.curve(day), convention, decimals)
    value, low, high = (PrintedNumber(text) for text in texts)
    return Landmark(
        name or f"at_{day}", day, value, low if interval else None, high if interval else None, Fraction(1, 100), LEVEL
    )


def printed_landmarks(
    patients: Cohort, days: Iterable[Fraction], convention: Convention, decimals: int, *, interval: bool = True
) -> tuple[Landmark, ...]:
    """One landmark a day."""
    return tuple(printed_landmark(patients, day, convention, decimals, interval=interval) for day in days)


def numbers_at_risk(patients: Cohort, days: Sequence[Fraction]) -> tuple[Count, ...]:
    """The numbers at risk at some days, as R prints them under a curve."""
    return tuple(Count(f"at_risk_{day}", "at_risk", day, patients.at_risk(day)) for day in days)


def event_total(patients: Cohort, day: Fraction) -> Count:
    """The printed number of events up to a day."""
    return Count(f"events_{day}", "events", day, patients.number(event=True, until=day))


@lru_cache(maxsize=20_000)
def printed_texts(
    survival: Fraction,
    variance: Fraction,
    convention: Convention,
    decimals: int,
    level: Fraction = LEVEL,
    factor: int = 100,
) -> tuple[str, str, str]:
    """Estimate, lower and upper limit as text, in percent (or, with a factor of 1, as proportions).

    >>> printed_texts(Fraction(19, 28), Fraction(10) / 1000, Convention(Interval.PLAIN, "1.96", 3, Rounding.HALF_UP), 1)
    ('67.9', '48.3', '87.5')
    """
    s, error = survival, _root(variance)
    if convention.rounded_to is not None:
        s = _rounded(s, convention.rounded_to, convention.rounding)
        error = _rounded(error, convention.rounded_to, convention.rounding)
    low, high = (_limit(s, error, sign, convention, level) for sign in (-1, 1))
    value, lower, upper = (_text(x, decimals, convention.rounding, factor) for x in (s, low, high))
    return value, lower, upper


def _root(x: Fraction) -> Real:
    a, b = isqrt(x.numerator), isqrt(x.denominator)
    if a * a == x.numerator and b * b == x.denominator:
        return Fraction(a, b)
    return _C.sqrt(Context(prec=70).divide(Decimal(x.numerator), Decimal(x.denominator)))


def _rounded(x: Real, decimals: int, rounding: Rounding) -> Fraction:
    """Rounded to some decimals; never negative here."""
    if isinstance(x, Decimal):
        return Fraction(x.quantize(Decimal(1).scaleb(-decimals), rounding=_MODES[rounding], context=_C))
    units, rest = divmod(x.numerator * 10**decimals, x.denominator)
    over = 2 * rest - x.denominator
    if rounding is Rounding.HALF_UP:
        units += over >= 0
    elif rounding is Rounding.HALF_EVEN:
        units += over > 0 or (over == 0 and units % 2 == 1)
    return Fraction(units, 10**decimals)


def _limit(s: Fraction, error: Real, sign: int, convention: Convention, level: Fraction) -> Real:
    """A limit as a proportion, cut to [0, 1]; the estimate itself where there is no standard error."""
    if error == 0 or s in (0, 1):
        return s
    z = z_value(convention.z, level)
    if convention.interval is Interval.PLAIN and isinstance(error, Fraction):
        return min(max(s + sign * Fraction(z) * error, Fraction(0)), Fraction(1))
    estimate = _decimal(s)
    width = _C.multiply(sign * z, _decimal(error))
    if convention.interval is Interval.PLAIN:
        limit = _C.add(estimate, width)
    elif convention.interval is Interval.LOG:
        limit = _C.multiply(estimate, _C.exp(_C.divide(width, estimate)))
    else:
        log = _C.ln(estimate)
        limit = _C.exp(_C.multiply(log, _C.exp(_C.divide(width, _C.multiply(estimate, log)))))
    return min(max(limit, Decimal(0)), Decimal(1))


def _decimal(x: Real) -> Decimal:
    return x if isinstance(x, Decimal) else _C.divide(Decimal(x.numerator), Decimal(x.denominator))


def _text(x: Real, decimals: int, rounding: Rounding, factor: int) -> str:
    number = _rounded(factor * x if isinstance(x, Fraction) else _C.multiply(x, Decimal(factor)), decimals, rounding)
    return f"{_decimal(number):.{decimals}f}"
