"""Medians whose limits are event times, as conditions on a course (Brookmeyer and Crowley 1982, as R prints them).

The median is the first day with S below 1/2; where S rests on 1/2, the middle of the flat, or its first day if S never
drops again. A limit is the first day on which the confidence limit of S is below 1/2. The scale of the limits, z and
the rounding to printed digits are left open: one of them has to print all three numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from math import ceil, exp, floor, log, sqrt

from helpers.conventions import Z_95_EXACT, Z_95_ROUNDED, Interval, z_value
from helpers.inversion.draws.conditions import Condition
from helpers.inversion.history import EVENT, State, event_steps, states
from helpers.inversion.medians import PrintedMedian
from helpers.printed import Cell, Rounding

_HALF = Fraction(1, 2)
_CLOSE = 1e-12


def event_conditions(
    kinds: str, history: int, n: int, median: PrintedMedian, roundings: tuple[Rounding, ...]
) -> tuple[Condition, ...]:
    """Conditions under which a median is printed, each in one way; they may hold together.

    One that the letters so far do not decide has `needed` beyond them and means nothing else.

    Parameters
    ----------
    kinds : letters so far (of a follow-up: with E and C exchanged).
    history : of the letters, how many have happened by the last landmark.
    n : patients at the start.
    median : what is printed; `event_times` names the scales to try.
    roundings : rules to try.
    """
    found: dict[Condition, None] = {}
    steps = {
        (interval, z): (_first_below(kinds, n, -1, interval, z), _first_below(kinds, n, 1, interval, z))
        for interval in median.event_times
        for z in (Z_95_ROUNDED, Z_95_EXACT)
    }
    # Where two scales or values of z take the same steps, the first speaks for both.
    for interval, z in {both: way for way, both in reversed(steps.items())}.values():
        for rounding in roundings:
            for value in _with_value(Condition(needed=history), kinds, n, median, rounding):
                low = _with_limit(value, kinds, n, median, "ci_low", interval, z, rounding)
                both = low and _with_limit(low, kinds, n, median, "ci_high", interval, z, rounding)
                if both:
                    found[both] = None
    return tuple(found)


def _with_value(
    condition: Condition, kinds: str, n: int, median: PrintedMedian, rounding: Rounding
) -> Iterator[Condition]:
    number = median.value
    if number is None:
        yield condition
        return
    curve = states(kinds, n)
    half = next((i for i in event_steps(kinds) if curve[i + 1].survival <= _HALF), None)
    if half is None:
        yield from _undecided(condition, kinds, n, reached=number.reached)
        return
    if not number.reached:
        return
    cell = median.cell("value", rounding)
    assert cell is not None
    days, following = whole_numbers(cell), kinds.find(EVENT, half + 1)
    alone = _needing(condition.with_bounds("within", (half,), *days), half)
    if curve[half + 1].survival < _HALF:
        yield from filter(None, (alone,))
    elif following < 0:
        # S rests on 1/2: what comes decides, or nothing does.
        yield from (replace(condition, needed=len(kinds) + 1),) if len(kinds) < n else filter(None, (alone,))
    else:
        tied = alone and alone.with_tie(following, tied=True) if following == half + 1 else None
        flat = condition.with_tie(following, tied=False)
        middle = flat and flat.with_bounds("sums", (half, following), *whole_numbers(cell.scaled(Fraction(2))))
        yield from filter(None, (_needing(tied, following), _needing(middle, following)))


def _needing(condition: Condition | None, step: int) -> Condition | None:
    return condition and replace(condition, needed=max(condition.needed, step + 1))


def _undecided(condition: Condition, kinds: str, n: int, *, reached: bool) -> Iterator[Condition]:
    """Nothing so far: not reached if the course is over, else still to be decided."""
    if len(kinds) < n:
        yield replace(condition, needed=len(kinds) + 1)
    elif not reached:
        yield replace(condition, needed=n)


def _with_limit(
    condition: Condition,
    kinds: str,
    n: int,
    median: PrintedMedian,
    name: str,
    interval: Interval,
    z: str,
    rounding: Rounding,
) -> Condition | None:
    number = getattr(median, name)
    if number is None:
        return condition
    sign = -1 if name == "ci_low" else 1
    step = _first_below(kinds, n, sign, interval, z)
    if step is None:
        return next(_undecided(condition, kinds, n, reached=number.reached), None)
    cell = median.cell(name, rounding)
    if cell is None:
        return None
    found = _needing(condition.with_bounds("within", (step,), *whole_numbers(cell)), step)
    curve, after = states(kinds, n), step + 1
    while found and kinds[after : after + 1] == EVENT:
        if not _is_below(curve[after + 1], sign, interval, z):
            # The limit rises again: the curve must be seen before it does.
            return found.with_tie(after, tied=False)
        after += 1
    return found


@lru_cache(maxsize=100_000)
def _first_below(kinds: str, n: int, sign: int, interval: Interval, z: str) -> int | None:
    """The first event after which a confidence limit of S is below 1/2."""
    if not kinds:
        return None
    before = _first_below(kinds[:-1], n, sign, interval, z)
    if before is not None or kinds[-1] != EVENT:
        return before
    return len(kinds) - 1 if _is_below(states(kinds, n)[-1], sign, interval, z) else None


def _is_below(state: State, sign: int, interval: Interval, z: str) -> bool:
    return _limit(state, sign, interval, z) < 0.5 - _CLOSE


def _limit(state: State, sign: int, interval: Interval, z: str) -> float:
    s, width = float(state.survival), float(z_value(z)) * sqrt(state.greenwood)
    if s in (0.0, 1.0):
        return s
    if interval is Interval.PLAIN:
        return s + sign * width * s
    if interval is Interval.LOG:
        return s * exp(sign * width)
    return float(s ** exp(sign * width / log(s)))


def whole_numbers(cell: Cell) -> tuple[int, int]:
    """The smallest and largest whole number in a cell; in the wrong order if there is none."""
    low, high = ceil(cell.low), floor(cell.high)
    return low + (low == cell.low and not cell.low_closed), high - (high == cell.high and not cell.high_closed)
