"""Chains: whole days for the steps of a history as a system of difference constraints, with exact bounds.

Day 0 is the origin (infusion). Events come before censorings on the same day, so an event that follows a censoring
in a history is at least one day later. An estimate printed "at 6 months" counts events up to and including that
moment; an event after it is strictly later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor

from helpers.inversion.evidence import Count, Landmark
from helpers.inversion.history import CENSORED, EVENT, event_steps


@dataclass(frozen=True)
class Chain:
    """Whole days t[0] ≤ t[1] ≤ … for the steps of a history.

    `low[i] ≤ t[i] ≤ high[i]`; `t[i] - t[i-1]` is at least `gap[i]` (0 or 1) and exactly 0 where i is in `tied`;
    each difference (u, l, d) demands `t[l] - t[u] = d`.
    """

    kinds: str
    low: tuple[int, ...]
    high: tuple[int, ...]
    gap: tuple[int, ...]
    tied: frozenset[int] = frozenset()
    differences: tuple[tuple[int, int, int], ...] = ()

    def pinned(self, step: int, day: int) -> Chain:
        """The same chain with one step on a given day."""
        return self.between(step, day, day)

    def between(self, step: int, first: int, last: int) -> Chain:
        """The same chain with one step between two given days."""
        low, high = list(self.low), list(self.high)
        low[step], high[step] = max(low[step], first), min(high[step], last)
        return replace(self, low=tuple(low), high=tuple(high))


def free_chain(history: str, longest: int) -> Chain:
    """Only the order of the steps and the longest possible follow-up."""
    gap = tuple(int(i > 0 and kind == EVENT and history[i - 1] == CENSORED) for i, kind in enumerate(history))
    return Chain(history, (0,) * len(history), (longest,) * len(history), gap)


def with_landmarks(chain: Chain, landmarks: Sequence[Landmark], passed: Sequence[int]) -> Chain:
    """Events before a landmark's prefix end by its day; events after it come later. Censorings are free."""
    return with_landmark_days(chain, [mark.day for mark in landmarks], passed)


def with_landmark_days(chain: Chain, days: Sequence[Fraction], passed: Sequence[int]) -> Chain:
    """The same for landmarks of which only the days matter."""
    low, high = list(chain.low), list(chain.high)
    for at, length in zip(days, passed, strict=True):
        day = floor(at)
        for i in event_steps(chain.kinds):
            if i < length:
                high[i] = min(high[i], day)
            else:
                low[i] = max(low[i], day + 1)
    return replace(chain, low=tuple(low), high=tuple(high))


def followed(chain: Chain, tail: str, last: int, longest: int) -> Chain:
    """A chain up to the last landmark, on day `last`, with further steps; events among them come later."""
    free = free_chain(chain.kinds[-1:] + tail, longest)
    return Chain(
        chain.kinds + tail,
        (*chain.low, *(last + 1 if kind == EVENT else 0 for kind in tail)),
        (*chain.high, *(longest,) * len(tail)),
        (*chain.gap, *free.gap[len(chain.kinds[-1:]) :]),
        chain.tied,
        chain.differences,
    )


def with_printed_counts(chain: Chain, counts: Sequence[Count], n: int) -> Chain:
    """The days that printed counts bound: so many steps before a day, so many events or censorings up to it.

    Where a number at risk is printed for a whole day, those who leave on that very day may be counted or not.
    """
    low, high = list(chain.low), list(chain.high)
    for count in counts:
        if count.day is None:
            continue
        if count.kind == "at_risk":
            steps, number = list(range(len(chain.kinds))), n - count.number
        else:
            letter = EVENT if count.kind == "events" else CENSORED
            steps, number = [i for i, kind in enumerate(chain.kinds) if kind == letter], count.number
        whole = count.kind == "at_risk" and count.day.denominator == 1
        for k, i in enumerate(steps):
            if k < number:
                high[i] = min(high[i], floor(count.day))
            else:
                low[i] = max(low[i], floor(count.day) + (0 if whole else 1))
    return replace(chain, low=tuple(low), high=tuple(high))


def tighten(chain: Chain) -> Chain | None:
    """The same chain with the smallest and largest possible day of every step; None if there is no timeline.

    Differences with whole bounds are shortest paths, so the bounds are attained, each by some timeline.
    """
    low, high = list(chain.low), list(chain.high)
    size, gap = len(low), chain.gap
    if any(chain.gap[i] for i in chain.tied) or _clash(chain.differences):
        return None
    changed = True
    while changed:
        changed = False
        for i in range(1, size):
            if low[i - 1] + gap[i] > low[i]:
                low[i], changed = low[i - 1] + gap[i], True
        for i in range(size - 1, 0, -1):
            if high[i] - gap[i] < high[i - 1]:
                high[i - 1], changed = high[i] - gap[i], True
        for i in chain.tied:
            if low[i] > low[i - 1]:
                low[i - 1], changed = low[i], True
            if high[i - 1] < high[i]:
                high[i], changed = high[i - 1], True
        for u, after, d in chain.differences:
            if low[after] - d > low[u]:
                low[u], changed = low[after] - d, True
            if low[u] + d > low[after]:
                low[after], changed = low[u] + d, True
            if high[after] - d < high[u]:
                high[u], changed = high[after] - d, True
            if high[u] + d < high[after]:
                high[after], changed = high[u] + d, True
        for i in range(size):
            if low[i] > high[i]:
                return None
    return replace(chain, low=tuple(low), high=tuple(high))


def _clash(differences: Sequence[tuple[int, int, int]]) -> bool:
    """Whether two steps that lie within two others are farther apart than those; `tighten` would creep up on it."""
    return any(
        u <= v and before <= after and inner > outer
        for u, after, outer in differences
        for v, before, inner in differences
    )
