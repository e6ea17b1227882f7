"""Moments: the days of the landmarks, with what the printed counts say about who has left by then.

At a moment so many patients have left observation (steps), so many of them by an event. A printed number at risk on a
day t counts those followed to t or longer; on a whole day, those whose last day is t may be counted or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from helpers.inversion.evidence import Count, Landmark


@dataclass(frozen=True)
class Span:
    """Whole numbers from low to high, ends included."""

    low: int
    high: int

    def meet(self, low: int | None = None, high: int | None = None) -> Span:
        """Cut to what lies above one number and below another."""
        return Span(
            self.low if low is None else max(self.low, low), self.high if high is None else min(self.high, high)
        )

    def __contains__(self, x: int) -> bool:
        """Whether a number lies inside."""
        return self.low <= x <= self.high

    @property
    def empty(self) -> bool:
        """Nothing lies inside."""
        return self.low > self.high


@dataclass(frozen=True)
class Moment:
    """The end of one day on which something is printed of the curve.

    `steps` patients have left by then, `events` of them by an event, `censored` of them without one.
    """

    day: int
    marks: tuple[Landmark, ...]
    steps: Span
    events: Span
    censored: Span

    def positions(self, events: int) -> Span:
        """How many can have left, given the number of events."""
        return self.steps.meet(self.censored.low + events, self.censored.high + events)


def moments_of(n: int, marks: Sequence[Landmark], counts: Sequence[Count]) -> tuple[Moment, ...]:
    """The moments of some landmarks in order of time; landmarks of the same whole day share one."""
    found = []
    for day in sorted({floor(mark.day) for mark in marks}):
        own = tuple(mark for mark in marks if floor(mark.day) == day)
        steps, events, censored = Span(0, n), Span(0, n), Span(0, n)
        for count in counts:
            if count.kind == "at_risk":
                steps = _left(steps, day, n - count.number, count)
            elif count.kind == "events":
                events = _so_far(events, day, count)
            else:
                censored = _so_far(censored, day, count)
        found.append(Moment(day, own, steps, events, censored))
    return tuple(found)


def _left(span: Span, day: int, steps: int, count: Count) -> Span:
    """The number who have left by a day, from those who have left before the count was taken."""
    if count.day is None:
        return span
    taken = floor(count.day)
    if count.day.denominator != 1:
        return span.meet(steps if day >= taken else None, steps if day <= taken else None)
    return span.meet(steps if day >= taken else None, steps if day < taken else None)


def _so_far(span: Span, day: int, count: Count) -> Span:
    """A number that only grows with time, from its value on another day; a total is the value in the end."""
    if count.day is None:
        return span.meet(high=count.number)
    taken = floor(count.day)
    return span.meet(count.number if day >= taken else None, count.number if day <= taken else None)


@dataclass(frozen=True)
class Rest:
    """Who is left after the last moment: `beyond` says whether anybody can be followed longer than that.

    `events` and `censored` are the printed totals, where there are any, and `later` the counts printed for afterwards.
    """

    n: int
    beyond: bool
    events: int | None
    censored: int | None

    def allows(self, steps: int, events: int) -> bool:
        """Whether the totals can still be reached after so many steps and events."""
        left = self.n - steps
        if left and not self.beyond:
            return False
        more = [
            (self.events, events),
            (None if self.censored is None else self.n - self.censored, events),
        ]
        return all(total is None or total - left <= now <= total for total, now in more)


def rest_of(n: int, moments: Sequence[Moment], counts: Sequence[Count], longest: int) -> Rest:
    """What the totals, and the longest possible follow-up, say about the patients left after the last moment."""
    totals = {c.kind: c.number for c in counts if c.day is None}
    beyond = not moments or longest > moments[-1].day
    return Rest(n, beyond, totals.get("events"), totals.get("censored"))
