"""Checkpoints: what two counts printed for one day say together.

A number at risk tells how many steps come before a day, events and censorings so far tell how many steps come up to
and including it, and either tells how many of these steps are events. So the history is known to have a certain
number of events among its first steps, wherever the landmarks are; two checkpoints cut a long history into short ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations

import numpy as np

from helpers.inversion.evidence import Count
from helpers.inversion.history import EVENT


@dataclass(frozen=True)
class Checkpoint:
    """Among the first `steps` steps there are `fewest` to `most` events.

    Where those steps come before the day and `total` is known, the events that `total` has beyond them happened on the
    day itself, so they follow at once.
    """

    day: Fraction
    steps: int
    fewest: int
    most: int
    total: int | None = None

    def holds(self, history: str, n: int, last_day: Fraction) -> bool:
        """Whether a history up to a last landmark keeps to it; what comes after that landmark is free."""
        events = np.array([[history[:k].count(EVENT) for k in range(n + 1)]])
        return bool(self.which_hold(events, np.array([len(history)]), last_day)[0])

    def which_hold(self, events: np.ndarray, length: np.ndarray, last_day: Fraction) -> np.ndarray:
        """`holds` for many; `events`, shape (k, n + 1), counts those before each step, `length` all steps."""
        n = events.shape[1] - 1
        if not 0 <= self.steps <= n:
            return np.zeros(len(events), bool)
        seen = events[:, self.steps]
        if self.day > last_day:
            unknown = np.maximum(self.steps - length, 0)
            return (seen <= self.most) & (seen + unknown >= self.fewest)
        keep = (seen >= self.fewest) & (seen <= self.most)
        if self.total is not None:
            more = np.clip(self.total - seen, 0, n - self.steps)
            keep &= events[np.arange(len(events)), self.steps + more] == self.total
        return keep


@lru_cache(maxsize=256)
def checkpoints(counts: tuple[Count, ...], n: int) -> tuple[Checkpoint, ...]:
    """The checkpoints that pairs of printed counts set, in order of steps."""
    found = []
    for one, other in combinations(counts, 2):
        if one.day is not None and one.day == other.day:
            by_kind = {one.kind: one.number, other.kind: other.number}
            if len(by_kind) == 2:
                found.append(_checkpoint(one.day, by_kind, n))
    return tuple(sorted(found, key=lambda c: (c.steps, c.day)))


def _checkpoint(day: Fraction, number: dict[str, int], n: int) -> Checkpoint:
    if "at_risk" not in number:
        return Checkpoint(day, number["events"] + number["censored"], number["events"], number["events"])
    steps, whole = n - number["at_risk"], day.denominator == 1
    if "events" in number:
        events = number["events"]
        return Checkpoint(day, steps, 0 if whole else events, events, events if whole else None)
    fewest = steps - number["censored"]
    return Checkpoint(day, steps, fewest, n if whole else fewest)


def seen(points: Sequence[Checkpoint], until: Fraction) -> tuple[Checkpoint, ...]:
    """Those of a day that is over."""
    return tuple(point for point in points if point.day <= until)
