"""Statistics of explicit patient tables, written apart from `helpers`: rows of (day, event), day by day."""

from __future__ import annotations

from decimal import ROUND_DOWN, Context, Decimal
from fractions import Fraction

Rows = list[tuple[int, int]]
EXACT = Context(prec=50)


def curve(rows: Rows) -> list[tuple[int, Fraction, Fraction]]:
    """For each day with an event: the day, S after it and its Greenwood variance; events before censorings."""
    s, terms, found = Fraction(1), Fraction(0), []
    for day in sorted({d for d, event in rows if event}):
        at_risk = sum(d >= day for d, _ in rows)
        died = sum(d == day for d, event in rows if event)
        s *= Fraction(at_risk - died, at_risk)
        if at_risk > died:
            terms += Fraction(died, at_risk * (at_risk - died))
        found.append((day, s, s * s * terms))
    return found


def at_day(rows: Rows, day: Fraction | int) -> tuple[Fraction, Fraction]:
    """S and its variance at a moment, events of that moment included."""
    passed = [(s, v) for d, s, v in curve(rows) if d <= day]
    return passed[-1] if passed else (Fraction(1), Fraction(0))


def spss(rows: Rows) -> tuple[int, Decimal] | None:
    """SPSS's median and the half-width of its interval; None where the median or a neighbour is not reached."""
    steps = curve(rows)
    upper = [(d, s) for d, s, _ in steps if s >= Fraction(55, 100)]
    lower = [(d, s) for d, s, _ in steps if s <= Fraction(45, 100)]
    half = [(d, v) for d, s, v in steps if s <= Fraction(1, 2)]
    if not upper or not lower or not half:
        return None
    (u, s_u), (low, s_low), (t, variance) = upper[-1], lower[0], half[0]
    slope = (s_u - s_low) / (low - u)
    error = EXACT.sqrt(EXACT.divide(Decimal(variance.numerator), Decimal(variance.denominator)))
    factor = Fraction("1.96") / slope
    return t, EXACT.multiply(error, EXACT.divide(Decimal(factor.numerator), Decimal(factor.denominator)))


def spss_truncated(rows: Rows) -> tuple[str, str, str] | None:
    """The median with its limits as text, all cut to whole days."""
    found = spss(rows)
    if found is None:
        return None
    t, half = found
    low, high = (Decimal(x).quantize(Decimal(1), rounding=ROUND_DOWN) for x in (t - half, t + half))
    return str(t), str(low), str(high)


def flipped(rows: Rows) -> Rows:
    """For the median follow-up: a loss is the event, a death ends the observation."""
    return [(d, 1 - event) for d, event in rows]


def placed(groups: list[list[str]], windows: list[tuple[int, int]]) -> Rows | None:
    """One patient table with each group of steps on a day of its own, as early as its window allows; None if none."""
    rows: Rows = []
    last = -1
    for kinds, (earliest, latest) in zip(groups, windows, strict=True):
        day = max(last + 1, earliest)
        if day > latest:
            return None
        rows += [(day, int(kind == "E")) for kind in kinds]
        last = day
    return rows
