"""Corner data sets: for each system of days, the few complete data sets at which every bound is attained.

A system fixes the history up to its last event by the last landmark. The patients left over are then censored by the
landmark (k of them) or followed beyond it, where they may die or not. For a given k the possible days form a lattice:
the smallest days fit together, and so do the largest. What rises (or falls) with every day has its extremes there.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import floor

from helpers.inversion.evidence import Count
from helpers.inversion.history import CENSORED, EVENT, states
from helpers.inversion.solve import Solution
from helpers.inversion.timelines import Chain, Timeline, free_chain, tighten, with_counts


@dataclass(frozen=True)
class DataSet:
    """All patients of one endpoint in order of time, events first on a day: `kinds` and whole `days`, each (n,)."""

    kinds: str
    days: tuple[int, ...]

    @cached_property
    def curve(self) -> tuple[Fraction, ...]:
        """S before the first step and after each step; shape (n + 1,)."""
        return tuple(state.survival for state in states(self.kinds, len(self.kinds)))

    def survival(self, day: Fraction) -> Fraction:
        """S(t), events of that day included; carried on flat after the last patient."""
        return self.curve[bisect_right(self.days, day)]

    def number(self, kind: str, day: Fraction | None) -> int:
        """Events or censorings up to and including a day; None: in all."""
        return self.kinds.count(kind) if day is None else self.kinds[: bisect_right(self.days, day)].count(kind)

    def at_risk(self, day: Fraction) -> int:
        """Patients followed to a day or longer, as R counts."""
        return len(self.days) - bisect_left(self.days, day)

    def agrees(self, counts: tuple[Count, ...]) -> bool:
        """Whether printed counts can have been read off; at risk on a whole day: with or without that day's leavers."""
        return all(self._agrees(count) for count in counts)

    def _agrees(self, count: Count) -> bool:
        if count.kind != "at_risk":
            return self.number(EVENT if count.kind == "events" else CENSORED, count.day) == count.number
        if count.day is None:
            return True
        before = (bisect_left(self.days, count.day), bisect_right(self.days, count.day))
        return before[0] <= len(self.days) - count.number <= before[1]


@dataclass(frozen=True)
class Corner:
    """A corner data set; `real` is False where it is only an outer corner, at odds with a count printed for later."""

    data: DataSet
    real: bool


def corners(timeline: Timeline, solution: Solution, longest: int) -> Iterator[Corner]:
    """The corner data sets of one system.

    Parameters
    ----------
    timeline : one feasible system of `solution`.
    solution : the inverted landmarks (and counts) of the endpoint.
    longest : largest possible day.
    """
    left = solution.n - len(timeline.history)
    last = floor(solution.landmarks[-1].day) if solution.landmarks else -1
    numbers = range(left + 1) if solution.counts else sorted({0, left})
    for k in numbers:
        if k < left and longest <= last:
            continue
        if not _room(timeline.history, left, k, solution.counts, last):
            continue
        first = _extended(timeline.chain, CENSORED * k, "", last, longest)
        early = tighten(with_counts(first, solution) if solution.counts else first)
        if early is None:
            continue
        yield from _with_rest(early, left - k, solution, last, longest)


def _room(history: str, left: int, k: int, counts: tuple[Count, ...], last: int) -> bool:
    """Whether the totals, and what is printed for after the last landmark, leave room for k more censorings by then."""
    for count in counts:
        if count.day is not None and floor(count.day) <= last:
            continue
        events, censored = count.number - history.count(EVENT), count.number - history.count(CENSORED)
        if count.kind == "at_risk" and count.number > left - k:
            return False
        if count.kind == "events" and not 0 <= events <= left - k:
            return False
        if count.kind == "censored" and not k <= censored <= left:
            return False
    return True


def _with_rest(first: Chain, rest: int, solution: Solution, last: int, longest: int) -> Iterator[Corner]:
    """A tightened chain of those who leave by the last landmark, with everything the `rest` may do after it."""
    seen = set()
    settled = tuple(count for count in solution.counts if count.day is not None and floor(count.day) <= last)
    for kinds in _endings(first.kinds, rest, solution.counts):
        whole = _extended(first, "", kinds, last, longest)
        chains = [tighten(whole)]
        if solution.counts:
            chains.append(tighten(with_counts(whole, solution)))
        for chain in chains:
            if chain is None:
                continue
            for days in (chain.low, chain.high):
                data = DataSet(chain.kinds, days)
                if data not in seen and data.agrees(settled):
                    seen.add(data)
                    yield Corner(data, data.agrees(solution.counts))


def _endings(before: str, rest: int, counts: tuple[Count, ...]) -> set[str]:
    """Everybody left is lost, or dies; and, where a total is printed, the two orders that agree with it."""
    found = {CENSORED * rest, EVENT * rest}
    for count in counts:
        if count.day is None and count.kind != "at_risk":
            kind, other = (EVENT, CENSORED) if count.kind == "events" else (CENSORED, EVENT)
            number = count.number - before.count(kind)
            if 0 <= number <= rest:
                found |= {kind * number + other * (rest - number), other * (rest - number) + kind * number}
    return found


def _extended(chain: Chain, lost: str, rest: str, last: int, longest: int) -> Chain:
    """A chain with further steps: `lost` by the last landmark, and `rest` after it."""
    kinds = chain.kinds + lost + rest
    free = free_chain(kinds, longest)
    more = len(lost)
    return Chain(
        kinds,
        (*chain.low, *(0,) * more, *(last + 1,) * len(rest)),
        (*chain.high, *(min(last, longest),) * more, *(longest,) * len(rest)),
        (*chain.gap, *free.gap[len(chain.kinds) :]),
        chain.tied,
        chain.differences,
    )
