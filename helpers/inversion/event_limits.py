"""Medians whose limits are event times (Brookmeyer and Crowley 1982, as R prints them): the steps they fall on.

The lower limit is the first event at which the lower confidence limit of S is below 1/2, the upper limit the first at
which the upper one is. On a history both are known steps, so a printed limit fixes the day of an event. Where a curve
comes so near to 1/2 that the choice of z matters, or rests on it, nothing is concluded.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import ceil, exp, floor, log, sqrt

from helpers.conventions import Interval, z_value
from helpers.inversion.history import State, event_steps, states
from helpers.inversion.medians import PrintedMedian
from helpers.printed import Rounding

_HALF = Fraction(1, 2)
_NEAR = 2e-5  # more than the difference between z = 1.96 and 1.959964 can move a limit


def limit_step(history: str, n: int, name: str, interval: Interval) -> int | None:
    """The step whose day a printed number of the median is; None if the history does not tell.

    Parameters
    ----------
    history : string over E and C.
    n : patients at the start.
    name : ``value``, ``ci_low`` or ``ci_high``.
    interval : scale of the confidence curves.
    """
    curve = states(history, n)
    for i in event_steps(history):
        state = curve[i + 1]
        if name == "value":
            if state.survival == _HALF:
                return None
            below = state.survival < _HALF
        else:
            limit = _limit(state, interval, -1 if name == "ci_low" else 1)
            if abs(limit - 0.5) < _NEAR:
                return None
            below = limit < 0.5
        if below:
            return i
    return None


def _limit(state: State, interval: Interval, sign: int) -> float:
    s, width = float(state.survival), float(z_value("exact")) * sqrt(state.greenwood)
    if s in (0.0, 1.0):
        return s
    if interval is Interval.PLAIN:
        return s + sign * width * s
    if interval is Interval.LOG:
        return s * exp(sign * width)
    return float(s ** exp(sign * width / log(s)))


def day_range(median: PrintedMedian, name: str, roundings: tuple[Rounding, ...]) -> tuple[int, int] | None:
    """Whole days that print as one number of a median under one of some rules; None if no number is printed."""
    cells = [cell for rounding in roundings if (cell := median.cell(name, rounding)) is not None]
    return (ceil(min(c.low for c in cells)), floor(max(c.high for c in cells))) if cells else None


def fixed_days(
    history: str, n: int, median: PrintedMedian, roundings: tuple[Rounding, ...], interval: Interval
) -> dict[int, tuple[int, int]] | None:
    """Days that a median with its limits fixes on a history, by step; None if the history cannot have printed it.

    A limit that is printed as not reached must not be reached on the history.
    """
    fixed: dict[int, tuple[int, int]] = {}
    for name in ("value", "ci_low", "ci_high"):
        number = getattr(median, name)
        step = limit_step(history, n, name, interval)
        if number is None or step is None:
            continue
        if not number.reached:
            return None
        days = day_range(median, name, roundings)
        if days is not None:
            before = fixed.get(step, days)
            fixed[step] = max(before[0], days[0]), min(before[1], days[1])
    return fixed


def event_time_median(median: PrintedMedian, intervals: tuple[Interval, ...] = tuple(Interval)) -> PrintedMedian:
    """The same median, its limits read as event times of curves of the given types."""
    return replace(median, event_times=intervals)
