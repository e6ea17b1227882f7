"""Every small data set of one endpoint, and plain readings of it: rows of (day, event), apart from `helpers`."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement
from math import inf

from tests.inversion.brute import text_of
from tests.inversion.patients import Rows, at_day, curve

HALF = Fraction(1, 2)


@cache
def every_cohort(n: int, longest: int) -> tuple[tuple[tuple[int, int], ...], ...]:
    """All data sets of n patients on days 0..longest, as rows in order of time, events first on a day."""
    rows = [(day, event) for day in range(longest + 1) for event in (1, 0)]
    return tuple(combinations_with_replacement(rows, n))


@cache
def printed(rows: tuple[tuple[int, int], ...], days: tuple[Fraction, ...], decimals: int) -> tuple[str, ...]:
    """S(t) in percent at some days, half-up."""
    return tuple(text_of(100 * at_day(list(rows), day)[0], decimals, "half-up") for day in days)


def median(rows: Rows, rule: str) -> Fraction | float:
    steps = [(day, s) for day, s, _ in curve(rows)]
    flat = [day for day, s in steps if s == HALF]
    below = [day for day, s in steps if s < HALF]
    first_below = Fraction(below[0]) if below else inf
    if not flat or rule == "first-below":
        return first_below
    if rule == "first-at-or-below":
        return Fraction(flat[0])
    if below:
        return Fraction(flat[0] + below[0], 2)
    last = max(day for day, _ in rows)
    return {"r-print": Fraction(flat[0]), "r-midpoint": Fraction(flat[0] + last, 2), "sas-average": inf}[rule]


def mean_to(rows: Rows, horizon: Fraction) -> Fraction:
    """The area under the curve, day by day: every step of S lies on a whole day."""
    area, day = Fraction(0), 0
    while day < horizon:
        area += at_day(rows, day)[0] * (min(Fraction(day + 1), horizon) - day)
        day += 1
    return area


def rate(rows: Rows, since: Fraction, until: Fraction) -> Fraction | float | None:
    """Events per day followed after one moment (from the start: at it too) and up to another."""
    events = sum(event for day, event in rows if (since < day or since == 0) and day <= until)
    time = sum((min(Fraction(day), until) - min(Fraction(day), since) for day, _ in rows), Fraction(0))
    if time == 0:
        return inf if events else None
    return events / time


def reading(
    rows: Rows, quantity: str, since: Fraction | None, at: Fraction | None, unit: str
) -> Fraction | float | None:
    """One quantity of one data set, by the name that `bounds` gives it."""
    if quantity in ("events", "censored"):
        return Fraction(sum(event == (quantity == "events") and (at is None or day <= at) for day, event in rows))
    if quantity == "at_risk":
        return Fraction(sum(day >= at for day, _ in rows))
    if quantity == "survival":
        return at_day(rows, at)[0]
    if quantity == "rmst":
        return mean_to(rows, at)
    if quantity.startswith("median, "):
        return median(rows, quantity.removeprefix("median, "))
    found = rate(rows, since, at)
    month = Fraction("30.4375") if unit == "per person-month" else 1
    return None if found is None else found * month
