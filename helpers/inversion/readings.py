"""Readings: which steps of a history tell the median and its limits, by each program's rules.

Confidence limits of the median are days at which a limit of S crosses 1/2. On a history those days are days of known
steps, or the middle of two. Nothing here knows any day; `event_limits` turns readings and printed digits into
conditions on days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import lru_cache, partial

from helpers.conventions import Interval
from helpers.inversion.crossing import (
    Ending,
    Side,
    first_showing,
    last_showing,
    limit_sides,
    limit_size,
    run_end,
    survival_sides,
)
from helpers.inversion.history import EVENT
from helpers.inversion.median_ways import FlatRule


class Outcome(Enum):
    """What there is to say where no step is the one sought.

    NEVER: there is none. LATER: none so far, an event still to come may be it. OPEN: what is still to come decides.
    """

    NEVER = "never"
    LATER = "later"
    OPEN = "open"


@dataclass(frozen=True)
class Moment:
    """The day of a step, or the middle of the days of two."""

    first: int
    second: int | None = None


Reading = Moment | Outcome
_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Answer:
    """A reading with the ties under which it holds."""

    reading: Reading
    tied: frozenset[int] = _NONE
    apart: frozenset[int] = _NONE


@dataclass(frozen=True)
class Limits:
    """Both limits at once, with their ties."""

    low: Reading
    high: Reading
    tied: frozenset[int] = _NONE
    apart: frozenset[int] = _NONE


def next_event(kinds: str, after: int) -> int | None:
    """The first event behind a step."""
    found = kinds.find(EVENT, after + 1)
    return None if found < 0 else found


def value_answers(kinds: str, n: int, flat: FlatRule, *, whole: bool) -> tuple[Answer, ...]:
    """What tells the median itself.

    Parameters
    ----------
    kinds : string over E and C.
    n : patients at the start.
    flat : the program's rule where S rests on 1/2.
    whole : whether the string is the whole course, rather than what happened so far.
    """
    at = survival_sides(kinds, n)
    rests = [side.rests if flat.as_r else side is Side.AT for side in at]
    first = next((i for i, kind in enumerate(kinds) if kind == EVENT and (rests[i] or at[i] < 0)), None)
    if first is None:
        return (Answer(Outcome.NEVER if whole else Outcome.LATER),)
    if not rests[first]:
        return (Answer(Moment(first)),)
    following = next_event(kinds, first)
    resting = _resting(kinds, first, following, flat, whole=whole)
    if following == first + 1:
        beyond = frozenset({following})
        return Answer(Moment(first), beyond), Answer(resting, _NONE, beyond)
    return (Answer(resting),)


def _resting(kinds: str, step: int, following: int | None, flat: FlatRule, *, whole: bool) -> Reading:
    """The median where S is 1/2 after a step and stays so until the following event."""
    if flat is FlatRule.FIRST_AT_OR_BELOW:
        return Moment(step)
    if following is not None:
        return Moment(step, following) if flat.middle else Moment(following)
    if not whole:
        return Outcome.OPEN if flat.middle else Outcome.LATER
    if flat is FlatRule.R_PRINT:
        return Moment(step)
    if flat is FlatRule.R_MIDPOINT:
        last = len(kinds) - 1
        return Moment(step, last) if last > step else Moment(step)
    return Outcome.NEVER


def limit_answers(
    kinds: str, n: int, interval: Interval, z: str, flat: FlatRule, level: Fraction, *, whole: bool
) -> tuple[Limits, ...]:
    """What tells the two limits of the median; parameters as in `value_answers`."""
    lower, upper = (limit_sides(kinds, n, interval, z, level, sign) for sign in (-1, 1))
    if flat.as_r and any(side.rests for side in (*lower, *upper)):
        sizes = tuple(partial(limit_size, kinds, n, interval=interval, z=z, level=level, sign=sign) for sign in (-1, 1))
        return _both(_r_crossing(kinds, lower, sizes[0], whole=whole), _r_crossing(kinds, upper, sizes[1], whole=whole))
    return _plainly(kinds, lower, upper, flat.as_set, flat.as_r, whole)


@lru_cache(maxsize=32768)
def _plainly(
    kinds: str, lower: tuple[Side, ...], upper: tuple[Side, ...], as_set: bool, as_r: bool, whole: bool
) -> tuple[Limits, ...]:
    """The limits where only the sides of 1/2 matter."""
    if as_set:
        return tuple(_ends_of_the_set(kinds, lower, upper, whole=whole))
    return _both(_crossing(kinds, lower, as_r=as_r, whole=whole), _crossing(kinds, upper, as_r=as_r, whole=whole))


def _both(lows: Iterator[Answer], highs: Iterator[Answer]) -> tuple[Limits, ...]:
    upper = tuple(highs)
    return tuple(
        Limits(low.reading, high.reading, low.tied | high.tied, low.apart | high.apart)
        for low in lows
        for high in upper
        if not (low.tied | high.tied) & (low.apart | high.apart)
    )


def _ends_of_the_set(kinds: str, lower: Sequence[Side], upper: Sequence[Side], *, whole: bool) -> Iterator[Limits]:
    """The first event day whose interval holds 1/2, and the event day after the last of them."""
    good = [a <= 0 <= b < Side.NONE for a, b in zip(lower, upper, strict=True)]
    missing = Outcome.NEVER if whole else Outcome.LATER
    for first in first_showing(kinds, good):
        low: Reading = missing if first.step is None else Moment(first.step)
        if not whole:
            yield Limits(low, Outcome.OPEN, first.tied, first.apart)
            continue
        for last in last_showing(kinds, good):
            both = last.under(first.tied, first.apart)
            if both is not None:
                after = None if last.step is None else next_event(kinds, last.step)
                high: Reading = Outcome.NEVER if after is None else Moment(after)
                yield Limits(low, high, both.tied, both.apart)


def _crossing(kinds: str, found: Sequence[Side], *, as_r: bool, whole: bool) -> Iterator[Answer]:
    """The first day on which a limit is below 1/2 (R; it nowhere rests there), or at or below it."""
    for ending in first_showing(kinds, [side <= 0 for side in found]):
        if ending.step is None:
            yield Answer(Outcome.NEVER if whole else Outcome.LATER, ending.tied, ending.apart)
            continue
        yield Answer(Moment(ending.step), ending.tied, ending.apart)
        last = next((side for side in reversed(found) if side is not Side.NONE), Side.NONE)
        if not as_r and whole and last > 0:
            # A limit that rises again to more than 1/2: lifelines looks at its end first, and calls it not reached.
            yield Answer(Outcome.NEVER, ending.tied, ending.apart)


def _r_crossing(kinds: str, found: Sequence[Side], size: Callable[[int], float], *, whole: bool) -> Iterator[Answer]:
    """R where a limit somewhere rests on 1/2: the first day below or about 1/2, or the middle of the flat there."""
    good = [side < Side.ABOVE for side in found]
    for ending in first_showing(kinds, good):
        if ending.step is None:
            yield Answer(Outcome.NEVER if whole else Outcome.LATER, ending.tied, ending.apart)
            continue
        last = run_end(kinds, ending.step)
        for end in range(ending.step, last + 1):
            apart = frozenset({end + 1}) if end < last else _NONE
            shown = ending.under(frozenset(range(ending.step + 1, end + 1)), apart)
            if shown is not None and good[end]:
                reading = _r_reading(found, good, size, shown, end, whole=whole)
                yield Answer(reading, shown.tied, shown.apart)


def _r_reading(
    found: Sequence[Side], good: Sequence[bool], size: Callable[[int], float], shown: Ending, end: int, *, whole: bool
) -> Reading:
    """The day, or the middle of it and the first day with a smaller limit."""
    step = shown.step
    assert step is not None
    if not found[end].rests:
        return Moment(step)
    smaller = next((i for i in range(end + 1, len(found)) if good[i] and size(i) < size(end)), None)
    if smaller is not None:
        return Moment(step, smaller)
    return Moment(step) if whole else Outcome.OPEN
