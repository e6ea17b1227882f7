"""Courses: how the patients of a history can go on, as far as the printed medians tell courses apart.

A history is followed by one letter for each patient left. Letters are added one by one until every median and median
follow-up is decided; what the patients left then do is open. Each course with its conditions stands for a set of
data sets, no two of these sets have one in common, and together they are all that print the endpoint's numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import floor

import numpy as np

from helpers.inversion.draws.conditions import Condition, Spread
from helpers.inversion.draws.demands import Demand, conditions, settled
from helpers.inversion.evidence import Count
from helpers.inversion.history import CENSORED, EVENT
from helpers.inversion.paper import EndpointInversion
from helpers.inversion.timelines import Chain, free_chain, tighten, with_landmarks

Signed = tuple[int, Spread]
_Partial = tuple[Chain, tuple[Signed | None, ...]]
Known = tuple[tuple[bool, tuple[Condition, ...]], ...]
MOST_COURSES = 600
_MOST_LOOKED_AT, _MOST_AT_RANDOM = 2100, 600


@dataclass(frozen=True)
class Course:
    """Letters that are decided, `history` of them by the last landmark (on day `day`), and conditions on their days.

    `chain` bounds the days of the steps, `tight` as narrowly as they allow. `pairs` (sign, (i, j, a, b)) demand that
    t[j] − sign · t[i] lie from a to b, None where a demand makes none. `counts` are printed counts.
    """

    kinds: str
    history: int
    n: int
    day: int
    chain: Chain
    tight: Chain
    pairs: tuple[Signed | None, ...]
    counts: tuple[Count, ...]

    @property
    def waiting(self) -> int:
        """Letters before the first event after the history."""
        first = self.kinds.find(EVENT, self.history)
        return len(self.kinds) if first < 0 else first


@dataclass(frozen=True)
class Courses:
    """Courses of one history; `whole` is False where they were too many and only some were found, at random."""

    found: tuple[Course, ...]
    whole: bool


class _TooManyError(Exception):
    """More courses than will be looked at."""


def courses(
    endpoint: EndpointInversion,
    history: str,
    demands: tuple[Demand, ...],
    longest: int,
    rng: np.random.Generator,
    chance: float = 0.5,
) -> Courses:
    """All courses of a history that can print everything, or, where they are too many, some of them at random.

    Parameters
    ----------
    endpoint : the inverted endpoint.
    history : one of its histories.
    demands : printed medians and follow-ups.
    longest : largest possible day.
    rng, chance : for the choice of courses where they are too many: the probability that a letter is an event.
    """
    ways = sorted(
        {
            way
            for convention, found in endpoint.solution.by_convention.items()
            if history in found
            for way in endpoint.solution.bindings(history, convention)
        }
    )
    every = [_Search(history, endpoint, way, demands, longest) for way in ways]
    found: list[Course] = []
    try:
        for search in every:
            found += search.every(history)
    except _TooManyError:
        found = []
    if 0 < len(found) <= MOST_COURSES or all(search.looked <= _MOST_LOOKED_AT for search in every):
        return _some(tuple(found), MOST_COURSES, rng)
    some: dict[Course, None] = {}
    for search in every:
        search.looked = 0
    while sum(search.looked for search in every) < _MOST_AT_RANDOM:
        some |= dict.fromkeys(every[rng.integers(len(every))].one(history, rng, chance))
    return Courses(tuple(some), False)


def _some(found: tuple[Course, ...], most: int, rng: np.random.Generator) -> Courses:
    """All courses, or so many of them at random."""
    if len(found) <= most:
        return Courses(found, True)
    return Courses(tuple(found[k] for k in sorted(rng.choice(len(found), most, replace=False))), False)


class _Search:
    """The courses of one history that passes the landmarks in one way."""

    def __init__(
        self,
        history: str,
        endpoint: EndpointInversion,
        way: tuple[int, ...],
        demands: tuple[Demand, ...],
        longest: int,
    ) -> None:
        self.history, self.n, self.way = len(history), endpoint.n, way
        self.landmarks, self.counts = endpoint.solution.landmarks, endpoint.solution.counts
        self.demands, self.longest = demands, longest
        self.day = min(floor(self.landmarks[-1].day), longest)
        self.looked = 0

    def every(self, kinds: str, known: Known = ()) -> Iterator[Course]:
        """All courses that begin with some letters; `known` are the conditions of demands that are settled by them."""
        if self._feasible(kinds) is None:
            return
        known, all_settled = self._asked(kinds, known)
        yield from self._decided(kinds, known)
        if not all_settled:
            yield from self.every(kinds + EVENT, known)
            yield from self.every(kinds + CENSORED, known)

    def one(self, kinds: str, rng: np.random.Generator, chance: float, known: Known = ()) -> Iterator[Course]:
        """Those that are met on one way, letter by letter at random."""
        if self._feasible(kinds) is None:
            return
        known, all_settled = self._asked(kinds, known)
        yield from self._decided(kinds, known)
        if not all_settled:
            letter = EVENT if rng.random() < chance else CENSORED
            yield from self.one(kinds + letter, rng, chance, known)

    def _asked(self, kinds: str, known: Known) -> tuple[Known, bool]:
        """What each demand asks, as far as the letters decide, and whether nothing can be added to it."""
        found: list[tuple[bool, tuple[Condition, ...]]] = []
        for k, demand in enumerate(self.demands):
            if known and known[k][0]:
                found.append(known[k])
            else:
                some = conditions(kinds, self.history, self.n, demand, self.longest)
                found.append((settled(kinds, self.history, self.n, demand), some))
        return tuple(found), all(done for done, _ in found)

    def _feasible(self, kinds: str) -> Chain | None:
        self.looked += 1
        if self.looked > _MOST_LOOKED_AT:
            raise _TooManyError
        chain = with_landmarks(free_chain(kinds, self.longest), self.landmarks, self.way)
        return chain if tighten(chain) is not None else None

    def _decided(self, kinds: str, known: Known) -> Iterator[Course]:
        """What just these letters decide."""
        base = with_landmarks(free_chain(kinds, self.longest), self.landmarks, self.way)
        partial: list[tuple[int, Chain, tuple[Signed | None, ...]]] = [(self.history, base, ())]
        for _, some in known:
            partial = [
                (max(needed, condition.needed), *added)
                for needed, chain, pairs in partial
                for condition in some
                for added in _with_condition(chain, pairs, condition)
            ]
        for needed, chain, pairs in partial:
            tight = tighten(chain) if needed == len(kinds) else None
            if tight is not None:
                yield Course(kinds, self.history, self.n, self.day, chain, tight, pairs, self.counts)


def _with_condition(chain: Chain, pairs: tuple[Signed | None, ...], condition: Condition) -> Iterator[_Partial]:
    """A chain with one more condition, none if they contradict each other."""
    low, high, gap = list(chain.low), list(chain.high), list(chain.gap)
    for step, first, last in condition.within:
        low[step], high[step] = max(low[step], first), min(high[step], last)
    for step in condition.apart:
        gap[step] = 1
    changed = replace(chain, low=tuple(low), high=tuple(high), gap=tuple(gap), tied=chain.tied | condition.tied)
    both = [*((1, s) for s in condition.spread), *((-1, s) for s in condition.sums)]
    for ready, found in _with_pairs(changed, (), both):
        # A place for each demand, so that courses that agree in one condition look alike.
        yield ready, pairs + (found or (None,))


def _with_pairs(chain: Chain, pairs: tuple[Signed | None, ...], more: list[Signed]) -> Iterator[_Partial]:
    """The same with conditions on two steps each; two that share a day are tied."""
    if any(a > b for a, b in zip(chain.low, chain.high, strict=True)) or any(chain.gap[k] for k in chain.tied):
        return
    if not more:
        yield chain, pairs
        return
    (sign, (i, j, a, b)), *rest = more
    if sign > 0 and a <= 0:
        if b >= 0:
            yield from _with_pairs(replace(chain, tied=chain.tied | set(range(i + 1, j + 1))), pairs, rest)
        a = 1
    if a > b:
        return
    if sign > 0 and a == b:
        chain = replace(chain, differences=(*chain.differences, (i, j, a)))
    yield from _with_pairs(chain, (*pairs, (sign, (i, j, a, b))), rest)
