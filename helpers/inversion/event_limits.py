"""Medians whose limits are event times, as conditions on days: a printed number fixes the day of a step.

Which step that is follows from the history, exactly and for each way of making limits (`readings`). Where the history
so far does not tell, nothing is demanded but that what is still to come comes later.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor

from helpers.conventions import Interval
from helpers.inversion.conditions import Condition
from helpers.inversion.median_ways import FlatRule, MedianWay
from helpers.inversion.medians import PrintedMedian
from helpers.inversion.readings import (
    Answer,
    Limits,
    Moment,
    Outcome,
    Reading,
    limit_answers,
    value_answers,
)
from helpers.printed import Cell, PrintedNumber, Rounding

_LEVEL = Fraction(95, 100)


@dataclass(frozen=True)
class Told:
    """Steps that tell the median and its limits (a limit that was not looked at is OPEN)."""

    value: Reading
    ci_low: Reading = Outcome.OPEN
    ci_high: Reading = Outcome.OPEN


@dataclass(frozen=True)
class Demanded:
    """Conditions under which a median prints its digits, what then tells each number, and the ways that do it."""

    condition: Condition
    told: Told
    ways: frozenset[MedianWay]


def event_demands(
    kinds: str,
    n: int,
    median: PrintedMedian,
    ways: Iterable[MedianWay],
    *,
    whole: bool,
    later: int = 0,
    sought: bool = False,
) -> tuple[Demanded, ...]:
    """Every condition under which a median is printed by one of some ways with event times.

    Parameters
    ----------
    kinds : string over E and C.
    n : patients at the start.
    median : the printed numbers; those that are None demand nothing.
    ways : the ways to try; symmetric ones are passed over.
    whole : whether the string is the whole course, rather than what happened so far.
    later : first day of events still to come, where the string is not the whole course.
    sought : look at the limits even if none is printed.
    """
    limits = sought or median.ci_low is not None or median.ci_high is not None
    groups: dict[_Answers, dict[Rounding, list[MedianWay]]] = {}
    for (scale, z, flat), by_rounding in _sorted_out(tuple(ways)).items():
        if limits:
            answers = _answers(kinds, n, Interval(scale), z, flat, median.level, whole=whole)
        else:
            answers = _values(kinds, n, flat, whole=whole)
        group = groups.setdefault(answers, {})
        for rounding, few in by_rounding.items():
            group.setdefault(rounding, []).extend(few)
    found: dict[tuple[Condition, Told], set[MedianWay]] = {}
    for answers, roundings in groups.items():
        for told, tied, apart in answers:
            for rounding, some in roundings.items():
                condition = _condition(median, told, rounding, tied, apart, later)
                if condition is not None:
                    found.setdefault((condition, told), set()).update(some)
    return tuple(Demanded(condition, told, frozenset(some)) for (condition, told), some in found.items())


_Answers = tuple[tuple[Told, frozenset[int], frozenset[int]], ...]


@lru_cache(maxsize=1000)
def _sorted_out(ways: tuple[MedianWay, ...]) -> dict[tuple[str, str, FlatRule], dict[Rounding, tuple[MedianWay, ...]]]:
    """Ways with event times by what decides their steps, and by rounding rule."""
    found: dict[tuple[str, str, FlatRule], dict[Rounding, tuple[MedianWay, ...]]] = {}
    for way in ways:
        if not way.symmetric:
            group = found.setdefault((way.limits, way.z, way.flat), {})
            group[way.rounding] = (*group.get(way.rounding, ()), way)
    return found


@lru_cache(maxsize=8192)
def _values(kinds: str, n: int, flat: FlatRule, *, whole: bool) -> _Answers:
    return tuple((Told(a.reading), a.tied, a.apart) for a in value_answers(kinds, n, flat, whole=whole))


@lru_cache(maxsize=32768)
def _answers(
    kinds: str, n: int, interval: Interval, z: str, flat: FlatRule, level: Fraction, *, whole: bool
) -> _Answers:
    """Median and limits together, where their ties agree."""
    values: tuple[Answer, ...] = value_answers(kinds, n, flat, whole=whole)
    limits: tuple[Limits, ...] = limit_answers(kinds, n, interval, z, flat, level, whole=whole)
    return tuple(
        (Told(a.reading, b.low, b.high), a.tied | b.tied, a.apart | b.apart)
        for a in values
        for b in limits
        if not (a.tied | b.tied) & (a.apart | b.apart)
    )


def _condition(
    median: PrintedMedian,
    told: Told,
    rounding: Rounding,
    tied: frozenset[int],
    apart: frozenset[int],
    later: int,
) -> Condition | None:
    within: list[tuple[int, int, int]] = []
    sums: list[tuple[int, int, int, int]] = []
    for name in ("value", "ci_low", "ci_high"):
        number: PrintedNumber | None = getattr(median, name)
        reading: Reading = getattr(told, name)
        if number is None:
            continue
        if not number.reached:
            if isinstance(reading, Moment):
                return None
            continue
        if reading is Outcome.NEVER:
            return None
        first, last = printed_days(median, name, rounding)
        if isinstance(reading, Moment) and reading.second is None:
            if first > last:
                return None
            within.append((reading.first, first, last))
        elif isinstance(reading, Moment):
            low, high = printed_days(median, name, rounding, halves=True)
            if low > high:
                return None
            assert reading.second is not None
            sums.append((reading.first, reading.second, low, high))
        elif reading is Outcome.LATER and last < later:
            return None
    return Condition(tied, apart, tuple(within), (), tuple(sums))


@lru_cache(maxsize=10_000)
def printed_days(median: PrintedMedian, name: str, rounding: Rounding, *, halves: bool = False) -> tuple[int, int]:
    """The first and last whole day (or half day, counted in halves) that prints as one of the numbers of a median."""
    cell = median.cell(name, rounding)
    assert cell is not None
    return whole_numbers(cell.scaled(Fraction(2)) if halves else cell)


def whole_numbers(cell: Cell) -> tuple[int, int]:
    """The smallest and largest whole number in a cell; in the wrong order if there is none.

    >>> from helpers.printed import PrintedNumber
    >>> whole_numbers(PrintedNumber("9.1").cell(Rounding.HALF_UP).scaled(Fraction("30.4375")))
    (276, 278)
    """
    low, high = ceil(cell.low), floor(cell.high)
    if not cell.low_closed and low == cell.low:
        low += 1
    if not cell.high_closed and high == cell.high:
        high -= 1
    return low, high


def event_time_median(median: PrintedMedian, intervals: tuple[Interval, ...] = tuple(Interval)) -> PrintedMedian:
    """The same median, its limits read as event times of curves of the given types."""
    return replace(median, event_times=intervals)
