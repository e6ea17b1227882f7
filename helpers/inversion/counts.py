"""Printed counts as evidence: numbers at risk, events so far, censorings so far, and totals.

At risk on day t are those followed to t or longer (as R counts), so n − (at risk) steps of the history come before t.
On a whole day some programs leave out those whose last day is t itself; both readings are then allowed. By the first
one, what comes between those steps and a landmark on that day happened on the day itself: events, as these come before
the censorings of a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from helpers.inversion.checkpoints import Checkpoint, checkpoints, seen
from helpers.inversion.evidence import Count, Field, Landmark
from helpers.inversion.history import CENSORED, EVENT


def keep(counts: Iterable[Count], set_aside: Iterable[Field]) -> tuple[Count, ...]:
    """The counts that are not set aside."""
    gone = set(set_aside)
    return tuple(count for count in counts if count.field not in gone)


@dataclass(frozen=True)
class Limits:
    """What printed counts say of a history at one landmark, by the order of steps alone.

    Attributes
    ----------
    most : most steps up to the last event before the landmark.
    events_from : from this step on, all steps up to that event are events.
    over : steps that are over before the next event after the landmark.
    lost : censorings that have happened before the next event after the landmark.
    events : fewest and most events up to the landmark.
    censored : most censorings before the last event before the landmark.
    points : checkpoints of days that are over at the landmark.
    """

    most: int
    events_from: int
    over: int
    lost: int
    events: tuple[int, int]
    censored: int
    points: tuple[Checkpoint, ...] = ()


def limits(counts: Sequence[Count], landmarks: Sequence[Landmark], n: int) -> tuple[Limits, ...]:
    """The limits at each landmark; every history for which `all_agree` keeps to them."""
    points = checkpoints(tuple(counts), n)
    return tuple(_with_points(_limits(counts, landmarks, n, k), points, mark.day) for k, mark in enumerate(landmarks))


def _with_points(known: Limits, points: Sequence[Checkpoint], day: Fraction) -> Limits:
    """The limits narrowed by checkpoints of later days, and with those of days that are over."""
    for point in points:
        if point.day > day:
            most, censored = min(known.most, point.steps), min(known.censored, point.steps - point.fewest)
            known = replace(known, most=most, censored=censored)
    return replace(known, points=seen(points, day))


def _limits(counts: Sequence[Count], landmarks: Sequence[Landmark], n: int, k: int) -> Limits:
    own, following = landmarks[k].day, landmarks[k + 1].day if k + 1 < len(landmarks) else None
    most, events_from, over, lost, fewest, events, censored = n, n, 0, 0, 0, n, n
    for count in counts:
        counted_later = count.day is None or count.day > own
        here = count.day == own
        if count.kind == "at_risk":
            steps = n - count.number
            most = min(most, steps) if counted_later or (here and not _whole(count.day)) else most
            events_from = min(events_from, max(steps, 0)) if counted_later or here else events_from
            over = over if counted_later else max(over, steps)
        elif count.kind == "events":
            events = min(events, count.number) if counted_later or here else events
            fewest = fewest if counted_later or (here and following == own) else max(fewest, count.number)
            censored = min(censored, n - count.number)
        else:
            censored = min(censored, count.number) if counted_later or here else censored
            lost = lost if counted_later else max(lost, count.number)
            events = min(events, n - count.number)
    return Limits(most, events_from, over, lost, (fewest, min(events, most)), min(censored, most - fewest, events_from))


def all_agree(history: str, n: int, landmarks: Sequence[Landmark], way: Sequence[int], counts: Sequence[Count]) -> bool:
    """Whether a history that passes the landmarks at given lengths can have shown all printed counts, and together.

    Only the order of steps is used here; days are the timelines' business.
    """
    if not all(agrees(history, n, landmarks, way, count) for count in counts):
        return False
    return all(point.holds(history, n, landmarks[-1].day) for point in checkpoints(tuple(counts), n))


def possible(
    history: str,
    n: int,
    landmarks: Sequence[Landmark],
    way: Sequence[int],
    kind: str,
    day: Fraction | None,
    others: Sequence[Count] = (),
) -> tuple[int, ...]:
    """The numbers that a history, passing the landmarks in one way, could show for a count beside other counts."""
    trials = (Count("", kind, day, k) for k in range(n + 1))
    return tuple(c.number for c in trials if all_agree(history, n, landmarks, way, (*others, c)))


def _whole(day: Fraction | None) -> bool:
    return day is not None and day.denominator == 1


def agrees(history: str, n: int, landmarks: Sequence[Landmark], way: Sequence[int], count: Count) -> bool:
    """Whether a history that passes the landmarks at given lengths can have shown a printed count.

    Only the order of steps is used here; days are the timelines' business.
    """
    before, after = _around(landmarks, way, count.day)
    tail = n - len(history)
    if count.kind == "at_risk":
        if any(m > n - count.number for mark, m in zip(landmarks, way, strict=True) if _earlier(mark, count.day)):
            return False
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
    if steps < before and not (at_landmark and _whole(count.day) and CENSORED not in history[max(steps, 0) : before]):
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


def _earlier(mark: Landmark, day: Fraction | None) -> bool:
    return day is None or mark.day < day


def _at_landmark(landmarks: Sequence[Landmark], day: Fraction | None) -> bool:
    return any(mark.day == day for mark in landmarks)


def _next_event(history: str, start: int) -> int:
    position = history.find(EVENT, start)
    return len(history) if position < 0 else position


def which_agree(
    censored: np.ndarray, ways: np.ndarray, n: int, landmarks: Sequence[Landmark], counts: Sequence[Count]
) -> np.ndarray:
    """`all_agree` for many histories at once, each with one way of passing the landmarks.

    Parameters
    ----------
    censored : whether each step is a censoring, shape (k, n); what follows a history's last event is not looked at.
    ways : lengths at the landmarks, shape (k, landmarks).

    Returns
    -------
    np.ndarray
        boolean, shape (k,): those that agree with every count.
    """
    length = ways[:, -1]
    happened = ~censored & (np.arange(n) < length[:, None])
    events = np.concatenate([np.zeros((len(ways), 1), np.int64), np.cumsum(happened, axis=1)], axis=1)
    keep = np.ones(len(ways), bool)
    for count in counts:
        keep &= _agree(events, ways, n, landmarks, count)
    for point in checkpoints(tuple(counts), n):
        keep &= point.which_hold(events, length, landmarks[-1].day)
    return keep


def _agree(events: np.ndarray, ways: np.ndarray, n: int, landmarks: Sequence[Landmark], count: Count) -> np.ndarray:
    """One count for many histories; `events`, shape (k, n + 1), are those before each step."""
    rows = np.arange(len(ways))
    until = [k for k, mark in enumerate(landmarks) if count.day is None or mark.day <= count.day]
    since = [k for k, mark in enumerate(landmarks) if count.day is not None and mark.day >= count.day]
    before = ways[:, until[-1]] if until else np.zeros(len(ways), np.int64)
    after = ways[:, since[0]] if since else None
    at_landmark = bool(since) and landmarks[since[0]].day == count.day
    had, total, number = events[rows, before], events[:, -1], count.number
    keep = np.ones(len(ways), bool)
    if count.kind == "at_risk":
        steps = n - number
        earlier = [k for k, mark in enumerate(landmarks) if _earlier(mark, count.day)]
        keep &= np.all(ways[:, earlier] <= steps, axis=1)
        if at_landmark and _whole(count.day):
            until_steps = np.minimum(max(steps, 0), before)
            keep &= had - events[rows, until_steps] == before - until_steps
        else:
            keep &= before <= steps
        for place in ([before] if at_landmark else []) + ([after] if after is not None else []):
            keep &= events[rows, np.maximum(steps, place)] == events[rows, place]
    elif count.kind == "events":
        high = total + n - ways[:, -1] if after is None else had if at_landmark else events[rows, after]
        keep = (had <= number) & (number <= high)
    else:
        low, high = ways[:, -1] - total if count.day is None else before - had, n - total
        if after is not None:
            so_far = events[rows, after]
            following = np.argmax(events > so_far[:, None], axis=1) - 1
            high = np.where(total > so_far, following - so_far, high)
        keep = (low <= number) & (number <= high)
    return keep
