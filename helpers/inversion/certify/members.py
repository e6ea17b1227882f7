"""Members: histories that were found, the days they allow, and the most extreme data sets among them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import floor, log

from helpers.inversion.bounds import Bound, bounds
from helpers.inversion.certify.certificate import Certificate
from helpers.inversion.certify.moments import Moment, Rest
from helpers.inversion.certify.task import Task
from helpers.inversion.history import EVENT
from helpers.inversion.solve import Solution
from helpers.inversion.timelines import Chain, Timeline, free_chain, tighten, with_counts, with_landmarks

_EXTREME = 16  # histories looked at for the bounds they attain


def has_data(task: Task, moments: Sequence[Moment], rest: Rest, history: str, way: Sequence[int], longest: int) -> bool:
    """Whether a history that passes the landmarks in one way can be given days, and its other patients too."""
    lengths = {floor(mark.day): length for mark, length in zip(task.landmarks, way, strict=True)}
    if any(lengths[floor(mark.day)] != length for mark, length in zip(task.landmarks, way, strict=True)):
        return False  # two lengths on the same day
    steps = 0
    for moment in moments:
        length = lengths[moment.day]
        events, following = history[:length].count(EVENT), history.find(EVENT, length)
        span = moment.positions(events)
        steps = max(steps, length, span.low)
        latest = min(span.high, following if following >= 0 else task.n)
        if events not in moment.events or steps > latest:
            return False
        if moment is moments[-1] and not rest.allows(steps, events):
            steps = latest
            if not rest.allows(steps, events):
                return False
    return tighten(chain_of(task, history, way, longest)) is not None


def chain_of(task: Task, history: str, way: Sequence[int], longest: int) -> Chain:
    """The days of a history, bounded by the landmarks and by the printed counts."""
    bare = Solution(task.n, task.landmarks, {}, task.counts)
    return with_counts(with_landmarks(free_chain(history, longest), task.landmarks, tuple(way)), bare)


def extreme_members(certificate: Certificate, most: int = _EXTREME) -> tuple[str, ...]:
    """The histories found with the fewest and most events, censorings and patients left, and the least and most S."""
    task = Task(certificate.n, certificate.landmarks, certificate.counts)
    features: dict[str, list[float]] = {}
    for history, conventions in certificate.members.items():
        way = task.ways(history, conventions[0])[0]
        values: list[float] = []
        for length in way:
            events = history[:length].count(EVENT)
            values += [events, length - events, length, _depth(history[:length], certificate.n)]
        features[history] = values
    chosen: dict[str, None] = {}
    for column in range(4 * len(certificate.landmarks) - 1, -1, -1):
        for end in (min, max):
            if features:
                chosen[end(features, key=lambda h: (features[h][column], h))] = None
    return tuple(chosen)[:most]


def _depth(history: str, n: int) -> float:
    """−ln S, large where S = 0."""
    return sum(log((n - i) / (n - i - 1)) if i < n - 1 else 1e9 for i, kind in enumerate(history) if kind == EVENT)


def attained(
    found: Iterable[Timeline],
    solution: Solution,
    longest: int,
    days: Iterable[Fraction | int],
    horizons: Iterable[Fraction | int],
    days_per_month: Fraction,
) -> dict[tuple[str, Fraction | None, str, Fraction | None], Bound]:
    """The most extreme values of everything over some systems of days, each with a data set that prints all numbers."""
    exact = bounds(found, solution, longest, days, horizons, days_per_month, real_only=True)
    return {(b.quantity, b.at, b.unit, b.since): b for b in exact}
