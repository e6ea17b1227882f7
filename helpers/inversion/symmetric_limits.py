"""Medians with SPSS's symmetric limits as conditions on days: t50 on one day, u and l a number of days apart.

Where the formula has no value (no event with S ≥ .55, none with S ≤ .45, S(t50) = 0) SPSS prints no limits, which a
paper may print as not reached.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor

from helpers.conventions import Z_95_ROUNDED, z_value
from helpers.inversion.conditions import NOTHING, Condition
from helpers.inversion.crossing import curve_of
from helpers.inversion.event_limits import Told, event_demands, printed_days
from helpers.inversion.history import event_steps
from helpers.inversion.median_ways import MedianWay
from helpers.inversion.medians import (
    MedianCase,
    PrintedMedian,
    Z,
    day_pairs,
    median_cases,
    run_back,
)
from helpers.inversion.readings import Moment, Outcome
from helpers.printed import Cell, PrintedNumber, Rounding, round_to, show

MOST_DAYS = 60
_UPPER, _HALF, _LOWER = Fraction(55, 100), Fraction(1, 2), Fraction(45, 100)


@dataclass(frozen=True)
class Formula:
    """SPSS's formula with its days: a case, t50 and l − u."""

    case: MedianCase
    day: int
    gap: int


@dataclass(frozen=True)
class DemandedFormula:
    """Conditions under which SPSS prints the digits; `told` has the step of the median itself.

    There is no formula where SPSS prints no limits, none is looked at, or the history does not reach it yet.
    """

    condition: Condition
    told: Told
    formula: Formula | None
    ways: frozenset[MedianWay]


@lru_cache(maxsize=8192)
def formula_cases(kinds: str, n: int, level: Fraction) -> tuple[MedianCase, ...]:
    """All cases of a history at a confidence level; see `median_cases`."""
    cases = median_cases(kinds, n)
    if level == Fraction(95, 100):
        return cases
    scale = (Fraction(z_value(Z_95_ROUNDED, level)) / Z) ** 2
    return tuple(replace(case, factor_squared=case.factor_squared * scale) for case in cases)


def symmetric_demands(
    kinds: str,
    n: int,
    median: PrintedMedian,
    ways: Iterable[MedianWay],
    *,
    whole: bool,
    longest: int,
    later: int = 0,
    days: tuple[tuple[int, int], ...] = (),
) -> tuple[DemandedFormula, ...]:
    """Every condition under which SPSS prints a median by one of some ways.

    Parameters
    ----------
    kinds, n, median, ways, whole, later : as in `event_demands`; ways that are not symmetric are passed over.
    longest : largest possible day.
    days : smallest and largest possible day of each step, to go through where t50 is printed nowhere.
    """
    some = [way for way in ways if way.symmetric]
    numbers = [number for number in (median.ci_low, median.ci_high) if number is not None]
    found: dict[tuple[Condition, Told, Formula | None], set[MedianWay]] = {}
    if any(number.reached for number in numbers):
        pairs = _with_limits if all(number.reached for number in numbers) else _none
        for way in some:
            for condition, told, formula in pairs(kinds, n, median, way.rounding, whole, longest, later, days):
                found.setdefault((condition, told, formula), set()).add(way)
    else:
        bare = replace(median, ci_low=None, ci_high=None)
        undefined = tuple(_undefined(kinds, n, whole=whole)) if numbers else (NOTHING,)
        as_events = {replace(way, limits="plain"): way for way in some}
        for demanded in event_demands(kinds, n, bare, as_events, whole=whole, later=later):
            for condition in undefined:
                both = demanded.condition.both(condition)
                if both is not None:
                    key = (both, demanded.told, None)
                    found.setdefault(key, set()).update(as_events[way] for way in demanded.ways)
    return tuple(DemandedFormula(c, told, formula, frozenset(some)) for (c, told, formula), some in found.items())


_Pairs = Iterator[tuple[Condition, Told, Formula | None]]
_Days = tuple[tuple[int, int], ...]


def _none(*_: object) -> _Pairs:
    """SPSS prints both limits or neither."""
    return iter(())


def _with_limits(
    kinds: str, n: int, median: PrintedMedian, rounding: Rounding, whole: bool, longest: int, later: int, days: _Days
) -> _Pairs:
    if median.value is not None and not median.value.reached:
        return
    curve, events = curve_of(kinds, n), event_steps(kinds)
    half = next((i for i in events if curve[i + 1].survival <= _HALF), None)
    if not any(curve[i + 1].survival <= _LOWER for i in events):
        if not whole:
            yield from _so_far(median, rounding, half, later)
        return
    fixed = median.value is not None or (median.ci_low is not None and median.ci_high is not None)
    for case in formula_cases(kinds, n, median.level):
        first, last = days[case.median] if days else (0, longest)
        if not fixed and last - first > MOST_DAYS:
            # Only one limit is printed, and there are too many days to go through: t50 lies on its right side.
            if case.factor_squared:
                within = ((case.median, *_on_its_side(median, rounding, longest)),)
                yield Condition(case.tied, case.apart, within), Told(Moment(case.median)), None
            continue
        for day, gap in _day_pairs(case, median, rounding, longest, days):
            within, spread = ((case.median, day, day),), ((case.before, case.after, gap),)
            yield Condition(case.tied, case.apart, within, spread), Told(Moment(case.median)), Formula(case, day, gap)


def _so_far(median: PrintedMedian, rounding: Rounding, half: int | None, later: int) -> _Pairs:
    """The history does not reach .45 yet: only the day of the median itself is known, if it reaches that."""
    told = Told(Outcome.LATER if half is None else Moment(half))
    if median.value is None:
        yield NOTHING, told, None
        return
    first, last = printed_days(median, "value", rounding)
    if half is not None and first <= last:
        yield Condition(within=((half, first, last),)), told, None
    elif half is None and last >= later:
        yield NOTHING, told, None


def _on_its_side(median: PrintedMedian, rounding: Rounding, longest: int) -> tuple[int, int]:
    """The days of t50 that leave a single printed limit on the right side of it."""
    if median.ci_low is not None:
        return printed_days(median, "ci_low", rounding)[0], longest
    return 0, printed_days(median, "ci_high", rounding)[1]


def _day_pairs(
    case: MedianCase, median: PrintedMedian, rounding: Rounding, longest: int, days: _Days
) -> Iterator[tuple[int, int]]:
    """Pairs (t50, l − u); t50 goes through its possible days where neither it nor both limits are printed."""
    if median.value is not None or (median.ci_low is not None and median.ci_high is not None):
        yield from day_pairs(case, median, rounding, longest)
        return
    if case.factor_squared == 0 or not days:
        return
    name = "ci_low" if median.ci_low is not None else "ci_high"
    cell = median.cell(name, rounding)
    assert cell is not None
    factor = float(case.factor_squared) ** 0.5
    for t in range(days[case.median][0], days[case.median][1] + 1):
        least, most = (t - cell.high, t - cell.low) if name == "ci_low" else (cell.low - t, cell.high - t)
        for gap in range(max(0, floor(least / factor) - 1), min(longest, ceil(most / factor) + 1) + 1):
            if prints(case, median, rounding, t, gap):
                yield t, gap


def _undefined(kinds: str, n: int, *, whole: bool) -> Iterator[Condition]:
    """Conditions under which the formula has no value."""
    curve, events = curve_of(kinds, n), event_steps(kinds)
    if not any(curve[i + 1].survival <= _LOWER for i in events):
        # So far it has none; what is still to come may change that.
        yield NOTHING
        return
    drop = next(i for i in events if curve[i + 1].survival < _UPPER)
    begin = run_back(kinds, drop)[-1]
    if begin == events[0]:
        yield Condition(tied=frozenset(range(begin + 1, drop + 1)))
    for case in median_cases(kinds, n):
        if case.factor_squared == 0:
            yield Condition(case.tied, case.apart)


def prints(case: MedianCase, median: PrintedMedian, rounding: Rounding, t: int, gap: int) -> bool:
    """Whether t50 = t and l − u = gap print the limits that are there; exact at the boundaries."""
    square = case.factor_squared * gap * gap
    low, high = median.cell("ci_low", rounding), median.cell("ci_high", rounding)
    return (low is None or in_cell(t, -1, square, low)) and (high is None or in_cell(t, 1, square, high))


def in_cell(t: int, sign: int, square: Fraction, cell: Cell) -> bool:
    """Whether ``t + sign √square`` lies in a cell, by comparing squares."""

    def side(x: Fraction) -> int:
        distance = x - t
        size = (square > distance**2) - (square < distance**2)
        if distance == 0 or (distance > 0) == (sign > 0):
            return sign * size
        return sign if square or distance else 0

    low, high = side(cell.low), side(cell.high)
    return (low > 0 or (low == 0 and cell.low_closed)) and (high < 0 or (high == 0 and cell.high_closed))


def formula_text(
    case: MedianCase, t: int, gap: int, name: str, like: PrintedNumber, day: Fraction, rounding: Rounding
) -> str:
    """The digits that SPSS's formula prints for one number of a median, exact at the boundaries.

    Parameters
    ----------
    case, t, gap : the formula with t50 and l − u in whole days.
    name : ``value``, ``ci_low`` or ``ci_high``.
    like : a number with the decimals that are printed.
    day : length of the unit in days.
    rounding : rule for the printed digits.
    """
    if name == "value":
        return show(round_to(Fraction(t) / day, like.decimals, rounding), like.decimals)
    sign, square = {"ci_low": -1, "ci_high": 1}[name], case.factor_squared * gap * gap
    guess = round_to(Fraction(t + sign * float(square) ** 0.5) / day, like.decimals, rounding)
    for x in (guess, guess - like.unit, guess + like.unit):
        text = show(x, like.decimals)
        if in_cell(t, sign, square, PrintedNumber(text).cell(rounding).scaled(day)):
            return text
    raise ArithmeticError(f"no text with {like.decimals} decimals is t50 {'+' if sign > 0 else '-'} √{square}")
