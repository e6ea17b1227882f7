"""Printed medians with symmetric limits: what they say by themselves, and what they say about a history's days.

SPSS prints  t50 ± 1.96 · se(S(t50)) · (l − u) / (S(u) − S(l)),  where t50 is the first event time with S ≤ .50,
u the last event time with S ≥ .55 and l the first with S ≤ .45 (see formulas in the documentation of
`helpers.estimators.medians`). Limits made so lie symmetrically about the estimate, need not be event times, and on a
known history leave only whole numbers of days for l − u.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor

from helpers.conventions import Interval
from helpers.inversion.crossing import curve_of
from helpers.inversion.history import event_steps
from helpers.printed import Cell, PrintedNumber, Rounding, round_to, show
from helpers.study.model import DAYS_PER_MONTH, Claim, days_in

Z = Fraction("1.96")
_UPPER, _HALF, _LOWER = Fraction(55, 100), Fraction(1, 2), Fraction(45, 100)
_NEAR = 1e-7


@dataclass(frozen=True)
class PrintedMedian:
    """A printed median (or median follow-up) with its limits; `day` is the length of its unit in days.

    `event_times` names the types of confidence curve at whose crossings of 1/2 the limits may lie; empty where they
    are taken to be symmetric. `level` is that of the limits.
    """

    claim: str
    endpoint: str | None
    value: PrintedNumber | None
    ci_low: PrintedNumber | None
    ci_high: PrintedNumber | None
    day: Fraction
    event_times: tuple[Interval, ...] = ()
    level: Fraction = Fraction(95, 100)

    @property
    def complete(self) -> bool:
        """Estimate and both limits are printed and finite."""
        numbers = (self.value, self.ci_low, self.ci_high)
        return all(number is not None and number.reached for number in numbers)

    def without(self, name: str) -> PrintedMedian:
        """The same with one field not read."""
        return self.having(name, None)

    def having(self, name: str, number: PrintedNumber | None) -> PrintedMedian:
        """The same with another number in one field."""
        return replace(
            self,
            value=number if name == "value" else self.value,
            ci_low=number if name == "ci_low" else self.ci_low,
            ci_high=number if name == "ci_high" else self.ci_high,
        )

    def cell(self, name: str, rounding: Rounding) -> Cell | None:
        """The reals, in days, that print as one of the fields; None if it is not printed or not reached."""
        number: PrintedNumber | None = getattr(self, name)
        return number.cell(rounding).scaled(self.day) if number is not None and number.reached else None


def median_of(claim: Claim, days_per_month: Fraction = DAYS_PER_MONTH) -> PrintedMedian:
    """Read a median or follow-up claim; the ends of a full range (level 100 %) are no limits and are left out."""
    unit = days_in(claim.unit or "day", days_per_month)
    low, high = (None, None) if claim.ci_level == 1 else (claim.ci_low, claim.ci_high)
    level = claim.ci_level if claim.ci_level != 1 else Fraction(95, 100)
    return PrintedMedian(claim.id, claim.endpoint, claim.value, low, high, unit, level=level)


def symmetric_roundings(median: PrintedMedian) -> tuple[Rounding, ...]:
    """The rounding rules under which the three numbers can be t − h, t and t + h; t is a whole day.

    >>> p = lambda *t: PrintedMedian("m", None, *map(PrintedNumber, t), Fraction(1))
    >>> [str(r) for r in symmetric_roundings(p("287", "132", "441"))]
    ['truncation']
    >>> symmetric_roundings(p("1037", "546", "1509"))
    ()
    """
    return tuple(r for r in Rounding if any(True for _ in symmetric_days(median, r)))


def symmetric_days(median: PrintedMedian, rounding: Rounding) -> Iterator[tuple[int, Cell | None]]:
    """Whole days t that can be the centre, each with the half-widths that then fit.

    None in place of half-widths: neither limit is read. Nothing is yielded where neither the estimate nor both limits
    are there to fix t.
    """
    value, low, high = (median.cell(name, rounding) for name in ("value", "ci_low", "ci_high"))
    if value is not None:
        candidates = range(ceil(value.low), floor(value.high) + 1)
    elif low is not None and high is not None:
        candidates = range(ceil((low.low + high.low) / 2), floor((low.high + high.high) / 2) + 1)
    else:
        return
    for t in candidates:
        if value is not None and Fraction(t) not in value:
            continue
        widths = []
        if low is not None:
            widths.append(Cell(t - low.high, t - low.low, low.high_closed, low.low_closed))
        if high is not None:
            widths.append(Cell(high.low - t, high.high - t, high.low_closed, high.high_closed))
        if not widths:
            yield t, None
            continue
        both = widths[0] if len(widths) == 1 else _common(*widths)
        both = _common(both, Cell(Fraction(0), both.high, True, True))
        if both.low < both.high or (both.low == both.high and both.low_closed and both.high_closed):
            yield t, both


def _common(a: Cell, b: Cell) -> Cell:
    """The reals that lie in two cells; empty if its ends are in the wrong order."""
    low, high = max(a.low, b.low), min(a.high, b.high)
    return Cell(
        low,
        high,
        all(c.low_closed for c in (a, b) if c.low == low),
        all(c.high_closed for c in (a, b) if c.high == high),
    )


def symmetric_prediction(median: PrintedMedian, name: str, rounding: Rounding) -> tuple[int, int] | None:
    """The smallest and largest printed unit that a field can show if the other two are symmetric about t."""
    number: PrintedNumber | None = getattr(median, name)
    if number is None or not number.reached:
        return None
    shown: list[int] = []
    for t, widths in symmetric_days(median.without(name), rounding):
        if name == "value":
            shown += _printed_units(Cell(Fraction(t), Fraction(t), True, True), median.day, number, rounding)
        elif widths is not None and name == "ci_high":
            reach = Cell(t + widths.low, t + widths.high, widths.low_closed, widths.high_closed)
            shown += _printed_units(reach, median.day, number, rounding)
        elif widths is not None:
            reach = Cell(t - widths.high, t - widths.low, widths.high_closed, widths.low_closed)
            shown += _printed_units(reach, median.day, number, rounding)
    return (min(shown), max(shown)) if shown else None


def _printed_units(reach: Cell, day: Fraction, like: PrintedNumber, rounding: Rounding) -> tuple[int, int]:
    """First and last number, in units of the last digit, that the reals of a cell print; an open end is approached."""
    ends = []
    for end, closed, side in ((reach.low, reach.low_closed, 1), (reach.high, reach.high_closed, -1)):
        text = show(round_to(end / day, like.decimals, rounding), like.decimals)
        units = int(Fraction(text) / like.unit)
        cell = PrintedNumber(text).cell(rounding)
        at_edge = end / day == (cell.high if side > 0 else cell.low)
        ends.append(units + side if at_edge and not closed else units)
    return ends[0], max(ends)


@dataclass(frozen=True)
class MedianCase:
    """One pattern of tied days around the median under which SPSS's formula takes definite steps of a history.

    Steps are 0-based positions in the history: t50, u and l are the days of `median`, `before` and `after`. `tied`
    holds the steps that share the day of the step before them, `apart` those that must not. The half-width of the
    interval is √`factor_squared` · (l − u), with `factor_squared` = 1.96² · var(S(t50)) / (S(u) − S(l))².
    """

    median: int
    before: int
    after: int
    tied: frozenset[int]
    apart: frozenset[int]
    factor_squared: Fraction


def median_cases(history: str, n: int) -> tuple[MedianCase, ...]:
    """All cases of a history, mutually exclusive; empty where the median or one of its neighbours is not reached."""
    curve = curve_of(history, n)
    events = event_steps(history)
    s_after = {i: curve[i + 1].survival for i in events}
    drop = next((i for i in events if s_after[i] < _UPPER), None)
    half = next((i for i in events if s_after[i] <= _HALF), None)
    low = next((i for i in events if s_after[i] <= _LOWER), None)
    if drop is None or half is None or low is None:
        return ()
    cases = []
    for begin in run_back(history, drop):
        if begin == 0 or not any(i < begin for i in events):
            continue
        before = max(i for i in events if i < begin)
        for end_half in _run_on(history, half):
            for end_low in _run_on(history, low):
                case = _case(history, n, begin, drop, before, half, end_half, low, end_low)
                if case is not None:
                    cases.append(case)
    return tuple(cases)


def run_back(history: str, step: int) -> list[int]:
    """Steps at which a group of events tied with `step` can begin."""
    begins = [step]
    while begins[-1] > 0 and history[begins[-1] - 1] == "E":
        begins.append(begins[-1] - 1)
    return begins


def _run_on(history: str, step: int) -> list[int]:
    """Steps at which a group of events tied with `step` can end."""
    ends = [step]
    while ends[-1] + 1 < len(history) and history[ends[-1] + 1] == "E":
        ends.append(ends[-1] + 1)
    return ends


def _case(
    history: str,
    n: int,
    begin: int,
    drop: int,
    before: int,
    half: int,
    end_half: int,
    low: int,
    end_low: int,
) -> MedianCase | None:
    tied = {*range(begin + 1, drop + 1), *range(half + 1, end_half + 1), *range(low + 1, end_low + 1)}
    apart = {begin} if before == begin - 1 else set()
    apart |= {end + 1 for end in (end_half, end_low) if end + 1 < len(history) and history[end + 1] == "E"}
    if tied & apart:
        return None
    curve = curve_of(history, n)
    fall = curve[before + 1].survival - curve[end_low + 1].survival
    factor = Z**2 * curve[end_half + 1].variance / fall**2
    return MedianCase(half, before, low, frozenset(tied), frozenset(apart), factor)


def day_pairs(case: MedianCase, median: PrintedMedian, rounding: Rounding, longest: int) -> Iterator[tuple[int, int]]:
    """Pairs (t50, l − u) in whole days for which a case prints the median and its limits; exact at the boundaries."""
    if case.factor_squared == 0:
        return
    factor = float(case.factor_squared) ** 0.5
    for t, widths, low, high in _centres(median, rounding):
        for gap in range(max(0, floor(low / factor) - 1), min(longest, ceil(high / factor) + 1) + 1):
            width = factor * gap
            if width < low - _NEAR or width > high + _NEAR:
                continue
            if low + _NEAR < width < high - _NEAR or _is_half_width(case.factor_squared * gap * gap, widths):
                yield t, gap


@lru_cache(maxsize=1024)
def _centres(median: PrintedMedian, rounding: Rounding) -> tuple[tuple[int, Cell, float, float], ...]:
    """Whole days that can be the centre, with the half-widths that then fit, their ends in floating point too."""
    return tuple(
        (t, widths, float(widths.low), float(widths.high))
        for t, widths in symmetric_days(median, rounding)
        if widths is not None
    )


def _is_half_width(square: Fraction, widths: Cell) -> bool:
    """Whether the root of a square lies among some half-widths, none of them below 0."""
    low, high = max(widths.low, Fraction(0)) ** 2, widths.high**2
    return square in Cell(low, high, widths.low_closed or widths.low < 0, widths.high_closed)
