"""Printed counts as evidence: numbers at risk, events so far, censorings so far, and totals.

At risk on day t are those followed to t or longer (as R counts), so n − (at risk) steps of the history come before t.
On a whole day some programs leave out those whose last day is t itself; both readings are then allowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from helpers.inversion.evidence import Count, Field, Landmark
from helpers.inversion.history import CENSORED, EVENT


def keep(counts: Iterable[Count], set_aside: Iterable[Field]) -> tuple[Count, ...]:
    """The counts that are not set aside."""
    gone = set(set_aside)
    return tuple(count for count in counts if count.field not in gone)


def most_steps(counts: Iterable[Count], landmarks: Sequence[Landmark], n: int) -> tuple[int | None, ...]:
    """For each landmark, how many steps at most come before it, by the numbers at risk at that moment or later."""
    limits: list[int | None] = []
    for mark in landmarks:
        later = [n - c.number for c in counts if c.kind == "at_risk" and c.day is not None and _not_before(c.day, mark)]
        limits.append(min(later, default=None))
    return tuple(limits)


def exact_steps(counts: Iterable[Count], landmarks: Sequence[Landmark], n: int) -> tuple[int | None, ...]:
    """For each landmark, how many steps come before it exactly: a number at risk is printed for the same moment."""
    found: list[int | None] = []
    for mark in landmarks:
        same = {n - c.number for c in counts if c.kind == "at_risk" and c.day == mark.day and c.day.denominator != 1}
        found.append(same.pop() if len(same) == 1 else None)
    return tuple(found)


def implied(count: Count, exact: Sequence[int | None], landmarks: Sequence[Landmark]) -> bool:
    """Whether exact step counts at the landmarks already enforce a printed count."""
    return count.kind == "at_risk" and any(
        e is not None and mark.day == count.day for e, mark in zip(exact, landmarks, strict=True)
    )


def possible(
    history: str, n: int, landmarks: Sequence[Landmark], way: Sequence[int], kind: str, day: Fraction | None
) -> tuple[int, ...]:
    """The numbers that a history, passing the landmarks in one way, could show for a count; by their order only."""
    return tuple(k for k in range(n + 1) if agrees(history, n, landmarks, way, Count("", kind, day, k)))


def _not_before(day: Fraction, mark: Landmark) -> bool:
    return day > mark.day or (day == mark.day and day.denominator != 1)


def agrees(history: str, n: int, landmarks: Sequence[Landmark], way: Sequence[int], count: Count) -> bool:
    """Whether a history that passes the landmarks at given lengths can have shown a printed count.

    Only the order of steps is used here; days are the timelines' business.
    """
    before, after = _around(landmarks, way, count.day)
    tail = n - len(history)
    if count.kind == "at_risk":
        return _agrees_at_risk(history, n, before, after, count, at_landmark=_at_landmark(landmarks, count.day))
    letter = EVENT if count.kind == "events" else CENSORED
    low = history[:before].count(letter)
    if count.day is None or after is None:
        high = history.count(letter) + tail
        low = history.count(letter) if count.day is None else low
        return low <= count.number <= high
    if count.kind == "events":
        if _at_landmark(landmarks, count.day):
            return count.number == low
        return low <= count.number <= history[:after].count(letter)
    following = _next_event(history, after)
    high = history[:following].count(letter) + (tail if following == len(history) else 0)
    return low <= count.number <= high


def _agrees_at_risk(history: str, n: int, before: int, after: int | None, count: Count, *, at_landmark: bool) -> bool:
    steps = n - count.number
    whole_day = count.day is not None and count.day.denominator == 1
    if steps < before and not (at_landmark and whole_day):
        return False
    if at_landmark and EVENT in history[before : max(steps, before)]:
        return False
    if after is None:
        return 0 <= steps <= n
    return EVENT not in history[after : max(steps, after)]


def _around(landmarks: Sequence[Landmark], way: Sequence[int], day: Fraction | None) -> tuple[int, int | None]:
    """The lengths at the last landmark not after a day (0 if none) and at the first not before it (None if none)."""
    if day is None:
        return (way[-1] if way else 0), None
    before = max((m for mark, m in zip(landmarks, way, strict=True) if mark.day <= day), default=0)
    after = next((m for mark, m in zip(landmarks, way, strict=True) if mark.day >= day), None)
    return before, after


def _at_landmark(landmarks: Sequence[Landmark], day: Fraction | None) -> bool:
    return any(mark.day == day for mark in landmarks)


def _next_event(history: str, start: int) -> int:
    position = history.find(EVENT, start)
    return len(history) if position < 0 else position
