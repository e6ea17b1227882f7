"""Timelines: whole days for the steps of a history, as a system of difference constraints with exact bounds.

Day 0 is the origin (infusion). Events come before censorings on the same day, so an event that follows a censoring
in a history is at least one day later. An estimate printed "at 6 months" counts events up to and including that
moment; an event after it is strictly later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil

from helpers.inversion.chains import Chain, free_chain, tighten, with_landmarks, with_printed_counts
from helpers.inversion.conditions import Condition, constrained
from helpers.inversion.event_limits import event_demands
from helpers.inversion.history import State, event_steps, states
from helpers.inversion.median_ways import event_time_ways
from helpers.inversion.medians import MedianCase, PrintedMedian, day_pairs, median_cases
from helpers.inversion.solve import Solution
from helpers.printed import Rounding
from helpers.study.model import Study, days_in

__all__ = [
    "Chain",
    "Timeline",
    "event_days",
    "free_chain",
    "longest_day",
    "median_chains",
    "survival_band",
    "tighten",
    "timelines",
    "with_counts",
    "with_landmarks",
]

DEFAULT_LONGEST = 3653


def longest_day(study: Study) -> int:
    """The largest day a follow-up can reach: what the calendar of the study allows.

    Where the calendar is not known, ten years, or twice the longest time in print if that is more.
    """
    return study.longest_follow_up or max(DEFAULT_LONGEST, 2 * _latest_in_print(study))


def _latest_in_print(study: Study) -> int:
    """The longest time that stands in print, in days, rounded up."""
    times = [claim.at_day() for claim in study.claims if claim.at is not None]
    for claim in (*study.select("median"), *study.select("follow_up")):
        times += [n.value * days_in(claim.unit or "day") for n in claim.printed.values() if n.reached]
    return ceil(max(times, default=0))


def with_counts(chain: Chain, solution: Solution) -> Chain:
    """The days that the printed counts of a solution bound; see `with_printed_counts`."""
    return with_printed_counts(chain, solution.counts, solution.n)


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
        ways = event_time_ways(median.event_times, roundings)
        found = event_demands(chain.kinds, n, median, ways, whole=len(chain.kinds) == n)
        for condition in dict.fromkeys(item.condition for item in found):
            yield from ((None, some) for some in _summed(constrained(chain, condition), condition))
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
                    within, spread = ((case.median, day, day),), ((case.before, case.after, difference),)
                    yield case, constrained(chain, Condition(case.tied, case.apart, within, spread))


def _summed(chain: Chain, condition: Condition) -> Iterator[Chain]:
    """The chain, for every day of the first step of a flat whose middle is printed."""
    if not condition.sums:
        yield chain
        return
    i, j, low, high = condition.sums[0]
    rest = Condition(sums=condition.sums[1:])
    tight = tighten(chain)
    for day in range(tight.low[i], tight.high[i] + 1) if tight is not None else ():
        yield from _summed(chain.pinned(i, day).between(j, low - day, high - day), rest)


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
    found: tuple[Timeline, ...], n: int, days: Iterable[int]
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
