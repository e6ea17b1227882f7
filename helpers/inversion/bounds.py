"""Bounds: the smallest and largest value of a quantity over every data set that prints the numbers, exactly.

Nothing is sampled. Each quantity rises or falls with every single day, or (S, numbers of events and censorings) with
the number of steps so far, so within one system of days it is extreme at one of a few corner data sets (`corners`).
Every bound comes with the data set that attains it.

* Events, censorings and S(t) count everything up to and including the day; at risk are those followed to the day or
  longer. Beyond the last landmark nothing binds: S can fall to 0 the day after it, or stay.
* RMST = ∫₀^τ S(t) dt rises with every event's day and does not depend on the days of censorings, given their order.
* The hazard between two landmarks a < b is events / Σ (min(day, b) − min(day, a)). The landmarks' estimates fix the
  number of events; the person-time rises with every day, censorings' days included.
* Medians by each rule of `helpers.estimators.medians.FlatMedianRule`; ∞ where the curve may never come down to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import inf
from typing import TYPE_CHECKING

from helpers.inversion.corners import DataSet, corners
from helpers.inversion.history import CENSORED, EVENT
from helpers.inversion.solve import Solution
from helpers.inversion.timelines import Timeline
from helpers.study.model import DAYS_PER_MONTH

if TYPE_CHECKING:
    import pandas as pd

HALF = Fraction(1, 2)
FLAT_RULES = ("first-at-or-below", "first-below", "r-midpoint", "r-print", "sas-average")
_MEDIAN = "median, "
Value = Fraction | float


@dataclass(frozen=True)
class Bound:
    """The smallest and largest value of one quantity.

    `at` is a day, the end of a period that begins at `since`, or None for the whole follow-up. Values are exact
    fractions, or infinite. `attained` says that both witnesses print every number; where it is False (a count printed
    for later than the last landmark, or a total, stands in the way) no data set lies outside the bounds, but they
    need not be the narrowest.
    """

    quantity: str
    at: Fraction | None
    low: Value
    high: Value
    unit: str
    attained: bool
    low_witness: DataSet | None
    high_witness: DataSet | None
    since: Fraction | None = None


@dataclass(frozen=True)
class Quantity:
    """Something to bound; `value` returns None on a data set for which it is not defined."""

    name: str
    at: Fraction | None
    unit: str
    value: Callable[[DataSet], Value | None]
    since: Fraction | None = None


def rmst(data: DataSet, horizon: Fraction) -> Fraction:
    """Restricted mean survival time ∫₀^τ S(t) dt in days; past the last patient the curve is carried on flat."""
    area, reached = Fraction(0), Fraction(0)
    for day, kind, before in zip(data.days, data.kinds, data.curve, strict=False):
        if kind == EVENT:
            until = min(Fraction(day), horizon)
            area, reached = area + before * (until - reached), until
    return area + data.curve[-1] * (horizon - reached)


def median(data: DataSet, rule: str) -> Value:
    """The median in days by one rule for a curve that is flat at 1/2; infinite if not reached."""
    at_or_below = next((d for d, s in zip(data.days, data.curve[1:], strict=True) if s <= HALF), None)
    below = next((d for d, s in zip(data.days, data.curve[1:], strict=True) if s < HALF), None)
    if at_or_below is None:
        return inf
    if rule == "first-at-or-below":
        return Fraction(at_or_below)
    if rule == "first-below":
        return inf if below is None else Fraction(below)
    if below is not None:
        return Fraction(at_or_below + below, 2)
    if rule == "r-midpoint":
        return Fraction(at_or_below + data.days[-1], 2)
    return Fraction(at_or_below) if rule == "r-print" else inf


def person_time(data: DataSet, since: Fraction, until: Fraction) -> Fraction:
    """Days that the patients were followed between two moments."""
    return sum((min(Fraction(day), until) - since for day in data.days if day > since), Fraction(0))


def hazard(data: DataSet, since: Fraction, until: Fraction) -> Value | None:
    """Events per person-day after one moment and up to another; None where there is neither event nor person-time."""
    events = data.number(EVENT, until) - (data.number(EVENT, since) if since else 0)
    time = person_time(data, since, until)
    if time == 0:
        return inf if events else None
    return events / time


def quantities(
    solution: Solution,
    days: Iterable[Fraction | int] = (),
    horizons: Iterable[Fraction | int] = (),
    days_per_month: Fraction = DAYS_PER_MONTH,
) -> tuple[Quantity, ...]:
    """What is bounded unless something else is asked for; see `bounds`."""
    marks = sorted({mark.day for mark in solution.landmarks})
    found: list[Quantity] = []
    for day in (*marks, None):
        found.append(Quantity("events", day, "patients", partial(_number, EVENT, day)))
        found.append(Quantity("censored", day, "patients", partial(_number, CENSORED, day)))
    for day in marks:
        found.append(Quantity("at_risk", day, "patients", partial(_at_risk, day)))
    for day in sorted({*marks, *map(Fraction, days)}):
        found.append(Quantity("survival", day, "proportion", partial(_survival, day)))
    for day in sorted({*marks, *map(Fraction, horizons)}):
        found.append(Quantity("rmst", day, "day", partial(_rmst, day)))
    for rule in FLAT_RULES:
        found.append(Quantity(_MEDIAN + rule, None, "day", partial(_median, rule)))
    for unit, length in (("per person-day", Fraction(1)), ("per person-month", days_per_month)):
        for since, until in zip([Fraction(0), *marks], marks, strict=False):
            found.append(Quantity("hazard", until, unit, partial(_hazard, since, until, length), since))
    return tuple(found)


def _number(kind: str, day: Fraction | None, data: DataSet) -> Value:
    return Fraction(data.number(kind, day))


def _at_risk(day: Fraction, data: DataSet) -> Value:
    return Fraction(data.at_risk(day))


def _survival(day: Fraction, data: DataSet) -> Value:
    return data.survival(day)


def _rmst(horizon: Fraction, data: DataSet) -> Value:
    return rmst(data, horizon)


def _median(rule: str, data: DataSet) -> Value:
    return median(data, rule)


def _hazard(since: Fraction, until: Fraction, length: Fraction, data: DataSet) -> Value | None:
    rate = hazard(data, since, until)
    return None if rate is None else rate * length


def bounds(
    found: Iterable[Timeline],
    solution: Solution,
    longest: int,
    days: Iterable[Fraction | int] = (),
    horizons: Iterable[Fraction | int] = (),
    days_per_month: Fraction = DAYS_PER_MONTH,
    *,
    real_only: bool = False,
) -> tuple[Bound, ...]:
    """The smallest and largest value of everything that the printed numbers bound.

    Events and censorings by each landmark and in all; number at risk at each landmark; S(t) at the landmarks and at
    `days`; RMST to the landmarks and to `horizons`; the median by every rule; the hazard between landmarks.

    Parameters
    ----------
    found : the feasible systems of the endpoint (`timelines`); none, and there is nothing to bound.
    solution : the inverted landmarks to which they belong.
    longest : largest possible day.
    days, horizons : further days for S(t) and for RMST; before or after the last landmark.
    days_per_month : length of the month in the hazard per person-month.
    real_only : look only at data sets that print every number; what is returned is then attained, but certain only
        of the systems given.

    Returns
    -------
    tuple of Bound
        for each quantity that is defined on at least one data set.
    """
    wanted = quantities(solution, days, horizons, days_per_month)
    lows: list[_Best] = [_Best(-1) for _ in wanted]
    highs: list[_Best] = [_Best(1) for _ in wanted]
    for timeline in {(t.history, t.passed, t.chain): t for t in found}.values():
        for corner in corners(timeline, solution, longest):
            if real_only and not corner.real:
                continue
            for quantity, low, high in zip(wanted, lows, highs, strict=True):
                value = quantity.value(corner.data)
                if value is not None:
                    low.offer(value, corner.data, real=corner.real)
                    high.offer(value, corner.data, real=corner.real)
    return tuple(
        Bound(q.name, q.at, low.value, high.value, q.unit, low.real and high.real, low.data, high.data, q.since)
        for q, low, high in zip(wanted, lows, highs, strict=True)
        if low.data is not None and high.data is not None
    )


class _Best:
    """The most extreme value so far in one direction, with a data set that has it, one that prints all if possible."""

    def __init__(self, direction: int) -> None:
        self.direction = direction
        self.value: Value = -direction * inf
        self.data: DataSet | None = None
        self.real = False

    def offer(self, value: Value, data: DataSet, *, real: bool) -> None:
        """Take a value if it is more extreme, or as extreme and better attested."""
        better = value > self.value if self.direction > 0 else value < self.value
        if self.data is None or better or (real and not self.real and value == self.value):
            self.value, self.data, self.real = value, data, real


def bounds_frame(found: Iterable[Bound]) -> pd.DataFrame:
    """One row a bound: columns quantity, since, at (days), low, high, unit, attained; numbers as floats."""
    import pandas as pd

    columns = ["quantity", "since", "at", "low", "high", "unit", "attained"]
    rows = [
        {
            "quantity": bound.quantity,
            "since": None if bound.since is None else float(bound.since),
            "at": None if bound.at is None else float(bound.at),
            "low": float(bound.low),
            "high": float(bound.high),
            "unit": bound.unit,
            "attained": bound.attained,
        }
        for bound in found
    ]
    return pd.DataFrame(rows, columns=columns)
