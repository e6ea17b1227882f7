"""Timelines: whole days for the steps of a history, as a system of difference constraints with exact bounds.

Day 0 is the origin (infusion). Events come before censorings on the same day, so an event that follows a censoring
in a history is at least one day later. An estimate printed "at 6 months" counts events up to and including that
moment; an event after it is strictly later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import floor

from helpers.inversion.event_limits import fixed_days
from helpers.inversion.history import CENSORED, EVENT, State, event_steps, states
from helpers.inversion.landmarks import Landmark
from helpers.inversion.medians import MedianCase, PrintedMedian, day_pairs, median_cases
from helpers.inversion.solve import Solution
from helpers.printed import Rounding
from helpers.study.model import Study

DEFAULT_LONGEST = 3653


def longest_day(study: Study) -> int:
    """The largest day a follow-up can reach: what the calendar of the study allows, or ten years if it is not known."""
    return study.longest_follow_up or DEFAULT_LONGEST


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
        low, high = list(self.low), list(self.high)
        low[step], high[step] = max(low[step], day), min(high[step], day)
        return replace(self, low=tuple(low), high=tuple(high))


def free_chain(history: str, longest: int) -> Chain:
    """Only the order of the steps and the longest possible follow-up."""
    gap = tuple(int(i > 0 and kind == EVENT and history[i - 1] == CENSORED) for i, kind in enumerate(history))
    return Chain(history, (0,) * len(history), (longest,) * len(history), gap)


def with_landmarks(chain: Chain, landmarks: tuple[Landmark, ...], passed: tuple[int, ...]) -> Chain:
    """Events before a landmark's prefix end by its day; events after it come later. Censorings are free."""
    low, high = list(chain.low), list(chain.high)
    for mark, length in zip(landmarks, passed, strict=True):
        day = floor(mark.day)
        for i in event_steps(chain.kinds):
            if i < length:
                high[i] = min(high[i], day)
            else:
                low[i] = max(low[i], day + 1)
    return replace(chain, low=tuple(low), high=tuple(high))


def with_counts(chain: Chain, solution: Solution) -> Chain:
    """The days that printed counts bound: so many steps before a day, so many events or censorings up to it.

    Where a number at risk is printed for a whole day, those who leave on that very day may be counted or not.
    """
    low, high = list(chain.low), list(chain.high)
    for count in solution.counts:
        if count.day is None:
            continue
        if count.kind == "at_risk":
            steps, number = list(range(len(chain.kinds))), solution.n - count.number
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


def with_median(chain: Chain, case: MedianCase, day: int, difference: int) -> Chain:
    """The days that SPSS's median formula fixes in one case."""
    gap = tuple(max(g, int(i in case.apart)) for i, g in enumerate(chain.gap))
    chain = replace(
        chain,
        gap=gap,
        tied=chain.tied | case.tied,
        differences=(*chain.differences, (case.before, case.after, difference)),
    )
    return chain.pinned(case.median, day)


def tighten(chain: Chain) -> Chain | None:
    """The same chain with the smallest and largest possible day of every step; None if there is no timeline.

    Differences with whole bounds are shortest paths, so the bounds are attained, each by some timeline.
    """
    low, high = list(chain.low), list(chain.high)
    if any(a > b for a, b in zip(low, high, strict=True)):
        return None
    steps = range(len(low))
    links: list[tuple[int, int, int]] = []
    for i in steps[1:]:
        links.append((i - 1, i, chain.gap[i]))
        if i in chain.tied:
            if chain.gap[i]:
                return None
            links.append((i, i - 1, 0))
    for u, after, d in chain.differences:
        links += [(u, after, d), (after, u, -d)]
    changed, forth = True, True
    while changed:
        changed = False
        # To and fro, so that a day moves along the whole chain in one go.
        for a, b, d in links if forth else reversed(links):
            if low[a] + d > low[b]:
                low[b], changed = low[a] + d, True
            if high[b] - d < high[a]:
                high[a], changed = high[b] - d, True
            if low[b] > high[b] or low[a] > high[a]:
                return None
        forth = not forth
    return replace(chain, low=tuple(low), high=tuple(high))


@dataclass(frozen=True)
class Timeline:
    """One feasible system: a history, how it passes the landmarks, its median case, and its tightened chain."""

    history: str
    passed: tuple[int, ...]
    case: MedianCase | None
    chain: Chain


def timelines(
    solution: Solution, median: PrintedMedian | None, roundings: tuple[Rounding, ...], longest: int
) -> Iterator[Timeline]:
    """Every feasible system of a solution; their union is exactly the set of possible timelines.

    Parameters
    ----------
    solution : the inverted landmarks.
    median : a printed median with symmetric limits to satisfy too, where the history reaches it; None: ignored.
    roundings : rules by which the median may have been rounded.
    longest : largest possible day.
    """
    for history in solution.histories:
        ways = {
            way
            for convention, found in solution.by_convention.items()
            if history in found
            for way in solution.bindings(history, convention)
        }
        free = free_chain(history, longest)
        for way in sorted(ways):
            base = with_counts(with_landmarks(free, solution.landmarks, way), solution)
            for case, chain in median_chains(base, solution.n, median, roundings, longest):
                tight = tighten(chain)
                if tight is not None:
                    yield Timeline(history, way, case, tight)


def median_chains(
    chain: Chain, n: int, median: PrintedMedian | None, roundings: tuple[Rounding, ...], longest: int
) -> Iterator[tuple[MedianCase | None, Chain]]:
    """The chain under each case of a printed median; unchanged where the history does not determine the median."""
    if median is None:
        yield None, chain
        return
    if median.event_times:
        for interval in median.event_times:
            fixed = fixed_days(chain.kinds, n, median, roundings, interval)
            if fixed is not None:
                yield None, with_days(chain, fixed)
        return
    cases = median_cases(chain.kinds, n)
    if not cases:
        yield None, chain
        return
    seen = set()
    for case in cases:
        for rounding in roundings:
            for day, difference in day_pairs(case, median, rounding, longest):
                if (case, day, difference) not in seen:
                    seen.add((case, day, difference))
                    yield case, with_median(chain, case, day, difference)


def with_days(chain: Chain, fixed: dict[int, tuple[int, int]]) -> Chain:
    """The chain with some steps between given days."""
    low, high = list(chain.low), list(chain.high)
    for step, (first, last) in fixed.items():
        low[step], high[step] = max(low[step], first), min(high[step], last)
    return replace(chain, low=tuple(low), high=tuple(high))


def event_days(found: tuple[Timeline, ...]) -> dict[int, tuple[int, int]]:
    """Smallest and largest possible day of the k-th event (1-based) over all systems that have one."""
    days: dict[int, tuple[int, int]] = {}
    for timeline in found:
        for k, i in enumerate(event_steps(timeline.history), start=1):
            low, high = timeline.chain.low[i], timeline.chain.high[i]
            before = days.get(k, (low, high))
            days[k] = min(before[0], low), max(before[1], high)
    return days


def survival_band(
    found: tuple[Timeline, ...], n: int, days: range
) -> tuple[list[tuple[float, float]], tuple[State, ...]]:
    """Smallest and largest S(t) over all timelines, for each day of a range, and the states at the last landmark.

    Within one system the number of events by day t takes every value between those of the latest and the earliest
    timeline, so the two ends are attained. Beyond the last landmark nothing is printed: only the order of steps
    inside the history counts, and what follows it is not looked at here.
    """
    curves = [states(t.history, n) for t in found]
    band = []
    for day in days:
        lows, highs = [], []
        for timeline, curve in zip(found, curves, strict=True):
            steps = event_steps(timeline.history)
            early = [i for i in steps if timeline.chain.low[i] <= day]
            late = [i for i in steps if timeline.chain.high[i] <= day]
            lows.append(curve[early[-1] + 1].survival if early else curve[0].survival)
            highs.append(curve[late[-1] + 1].survival if late else curve[0].survival)
        band.append((float(min(lows)), float(max(highs))))
    return band, tuple({curve[-1] for curve in curves})
