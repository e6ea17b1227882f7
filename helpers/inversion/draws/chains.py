"""Chains: all whole-day timelines of one system of steps, counted and drawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from helpers.inversion.draws.block import Ints
from helpers.inversion.draws.chance import Uniforms
from helpers.inversion.draws.filling import Filler
from helpers.inversion.draws.paths import Place, Trace, walk_back
from helpers.inversion.draws.strand import Link, Strand, course_graph, marks_between, window_marks
from helpers.inversion.draws.sweep import sweep
from helpers.inversion.draws.ways import Bundle, Pair, Stage, Work
from helpers.inversion.timelines import Chain, tighten

_MOST = 10**9


def simplified(chain: Chain) -> Chain | None:
    """The chain without differences that say no more than a tie or a fixed day; None if one contradicts itself."""
    differences = []
    for first, second, days in chain.differences:
        u, v, d = (first, second, days) if first < second else (second, first, -days)
        if u == v or d <= 0:
            if d < 0 or (u == v and d):
                return None
            chain = replace(chain, tied=chain.tied | frozenset(range(u + 1, v + 1)))
            continue
        fixed = False
        for at, other, shift in ((v, u, -d), (u, v, d)):
            if chain.low[at] == chain.high[at]:
                chain, fixed = chain.pinned(other, chain.low[at] + shift), True
        if not fixed:
            differences.append((u, v, d))
    return replace(chain, differences=tuple(differences))


def link_of(chain: Chain, first: int, second: int, days: int) -> Link:
    """A difference of two steps, with the days that their own bounds leave for the first."""
    earliest = max(chain.low[first], chain.low[second] - days)
    return Link(first, second, 1, days, days, earliest, min(chain.high[first], chain.high[second] - days))


def _stages(chain: Chain) -> tuple[Stage, ...]:
    tight = tighten(chain)
    if tight is None or (found := simplified(tight)) is None or (ready := tighten(found)) is None:
        return ()
    size, last = len(ready.kinds), max(ready.high, default=0)
    # Every step is written as an event: what must come on a later day is in the gaps.
    graph = course_graph("E" * size, size, size)
    depth = np.array(graph.depth)
    marks = [*window_marks(depth, ready.low, ready.high, last + 1), (last, depth == size)]
    strand = Strand(
        graph,
        frozenset(i for i, gap in enumerate(ready.gap) if gap and i),
        ready.tied,
        marks_between(marks, -1, last),
        tuple(link_of(ready, *difference) for difference in ready.differences),
    )
    none = np.full((1, len(strand.links)), -1)
    zero = np.zeros(1, np.int64)
    start = {(0,) * len(strand.links): Bundle(none, zero, zero, np.ones((1, 1)))}
    return sweep(Pair(strand, None, 1.0), start, -1, last, Work(_MOST))


def count_timelines(chain: Chain) -> float:
    """The number of timelines of a chain, exact below 2**53.

    >>> count_timelines(Chain("EE", (0, 0), (2, 2), (0, 0)))
    6.0
    """
    if not chain.kinds:
        return 1.0
    stages = _stages(chain)
    return float(sum(bundle.weight.sum() for bundle in stages[-1].ends.values())) if stages else 0.0


def draw_timelines(chain: Chain, draws: int, seed: int) -> Ints | None:
    """Timelines drawn independently and uniformly from all of a chain, shape (draws, steps); None if it has none.

    Parameters
    ----------
    chain : the system, with any number of differences.
    draws : how many.
    seed : seed of the random numbers; draw k is the same however many are made.
    """
    days = np.zeros((draws, len(chain.kinds)), np.int64)
    if not chain.kinds:
        return days
    stages = _stages(chain)
    if not stages:
        return None
    (status,) = stages[-1].ends
    zero = np.zeros(draws, np.int64)
    trace = Trace()
    walk_back(stages, {status: Place(np.arange(draws), zero, zero)}, Uniforms((seed, 0), 0, draws), trace)
    for found in Filler(trace.stretches).fill(0, draws, Uniforms((seed, 1), 0, draws)):
        for k in range(int(found.what[:, 0].max(initial=0))):
            own = np.flatnonzero(found.what[:, 0] > k)
            days[found.draws[own], found.outer[own] + k] = found.day[own]
    return days
