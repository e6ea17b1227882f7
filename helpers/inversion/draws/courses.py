"""Courses: how the patients of a history can go on, as far as the printed medians tell courses apart.

A history is followed by one letter for each patient left. Letters are added one by one until every median and median
follow-up is decided; what the patients left then do is open. Each course with its conditions stands for a set of
data sets, no two of these sets have one in common, and together they are all that print the endpoint's numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from math import floor

import numpy as np

from helpers.inversion.chains import Chain, free_chain, tighten, with_landmarks
from helpers.inversion.draws.conditions import Condition, Spread
from helpers.inversion.draws.demands import Known, Printed, known_of
from helpers.inversion.evidence import Count
from helpers.inversion.history import CENSORED, EVENT
from helpers.inversion.inverted import EndpointInversion
from helpers.inversion.median_ways import MedianWay

Signed = tuple[int, Spread]
_Partial = tuple[Chain, tuple[Signed | None, ...]]
MOST_COURSES = 600
_MOST_LOOKED_AT, _MOST_AT_RANDOM = 1200, 400


@dataclass(frozen=True)
class Course:
    """Letters that are decided, `history` of them by the last landmark (on day `day`), and conditions on their days.

    `chain` bounds the days of the steps, `tight` as narrowly as they allow. `pairs` (sign, (i, j, a, b)) demand that
    t[j] − sign · t[i] lie from a to b, None where a demand makes none. `counts` are printed counts. `losses` are the
    first and last day on which anybody can be lost, and by the end of day `gone` all have left, whatever they did.
    `ways` print the medians; None where it does not matter which.
    """

    kinds: str
    history: int
    n: int
    day: int
    chain: Chain
    tight: Chain
    pairs: tuple[Signed | None, ...]
    counts: tuple[Count, ...]
    losses: tuple[int, int]
    gone: int
    ways: frozenset[MedianWay] | None

    @property
    def decided_losses(self) -> int:
        """Decided censorings after the history."""
        return self.kinds.count(CENSORED, self.history)

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
    printed: Printed,
    rng: np.random.Generator,
    *,
    few_losses: bool = False,
) -> Courses:
    """All courses of a history that can print everything, or, where they are too many, some of them.

    Parameters
    ----------
    endpoint : the inverted endpoint.
    history : one of its histories.
    printed : what is printed beyond landmarks and counts.
    rng : for the choice where courses are too many.
    few_losses : choose those with the fewest censorings then, rather than any: of an inner endpoint they have by far
        the most tables, as whoever is censored there must be lost for the outer endpoint on that very day.
    """
    ways = sorted(
        {
            way
            for convention, found in endpoint.solution.by_convention.items()
            if history in found
            for way in endpoint.solution.bindings(history, convention)
        }
    )
    searches = [_Search(history, endpoint, way, printed) for way in ways]
    if few_losses:
        return _with_few_losses(searches, history, rng)
    found: list[Course] = []
    try:
        for search in searches:
            found += search.every(history)
    except _TooManyError:
        return _at_random(searches, history, rng)
    if len(found) <= MOST_COURSES:
        return Courses(tuple(found), True)
    return Courses(tuple(found[k] for k in sorted(rng.choice(len(found), MOST_COURSES, replace=False))), False)


def _at_random(searches: list[_Search], history: str, rng: np.random.Generator) -> Courses:
    """Courses met by going on at random, as many as a limit on the work allows."""
    some: dict[Course, None] = {}
    begun = sum(search.looked for search in searches)
    while sum(search.looked for search in searches) - begun < _MOST_AT_RANDOM:
        some |= dict.fromkeys(searches[rng.integers(len(searches))].one(history, rng))
    return Courses(tuple(some), False)


def _with_few_losses(searches: list[_Search], history: str, rng: np.random.Generator) -> Courses:
    """Courses in order of their censorings after the history, as many as a limit on the work allows."""
    found: list[Course] = []
    open_: list[tuple[int, float, int, str, tuple[Known, ...]]] = [
        (0, rng.random(), k, history, ()) for k in range(len(searches))
    ]
    looked = 0
    while open_ and looked < _MOST_LOOKED_AT and len(found) < MOST_COURSES:
        losses, _, k, kinds, known = heappop(open_)
        looked += 1
        some, after = searches[k].look(kinds, known)
        found += some
        if after is not None:
            heappush(open_, (losses, rng.random(), k, kinds + EVENT, after))
            heappush(open_, (losses + 1, rng.random(), k, kinds + CENSORED, after))
    return Courses(tuple(found), not open_)


class _Search:
    """The courses of one history that passes the landmarks in one way."""

    def __init__(self, history: str, endpoint: EndpointInversion, way: tuple[int, ...], printed: Printed) -> None:
        self.history, self.n, self.way, self.printed = len(history), endpoint.n, way, printed
        self.landmarks, self.counts = endpoint.solution.landmarks, endpoint.solution.counts
        self.day = min(floor(self.landmarks[-1].day), printed.longest)
        self.looked = 0
        ends = [(some.end("ci_low"), some.end("ci_high")) for some in printed.ranges]
        self.losses = (
            max((low for low, _ in ends if low is not None), default=0),
            min((high for _, high in ends if high is not None), default=printed.longest),
        )
        beyond = [mark.day for mark in self.landmarks for _, last in ends if last is not None and mark.day > last]
        self.gone = min((floor(day) - (day.denominator == 1) for day in beyond), default=printed.longest)

    def look(self, kinds: str, known: tuple[Known, ...]) -> tuple[list[Course], tuple[Known, ...] | None]:
        """The courses that just these letters decide, and what is known further on; None if nothing comes further on.

        `known` are the conditions of demands, as far as the letters before settled them.
        """
        self.looked += 1
        if tighten(self._base(kinds)) is None:
            return [], None
        known = self._asked(kinds, known)
        if any(some.settled and not some.conditions for some in known):
            return [], None
        return list(self._decided(kinds, known)), None if all(some.settled for some in known) else known

    def _base(self, kinds: str) -> Chain:
        """What the landmarks and a range of the follow-up say of the days of some letters."""
        chain = with_landmarks(free_chain(kinds, self.printed.longest), self.landmarks, self.way)
        for some in self.printed.ranges:
            chain = some.on(chain, [mark.day for mark in self.landmarks])
        return chain

    def every(self, kinds: str, known: tuple[Known, ...] = ()) -> Iterator[Course]:
        """All courses that begin with some letters. Raises _TooManyError."""
        if self.looked >= _MOST_LOOKED_AT:
            raise _TooManyError
        found, after = self.look(kinds, known)
        yield from found
        if after is not None:
            yield from self.every(kinds + EVENT, after)
            yield from self.every(kinds + CENSORED, after)

    def one(self, kinds: str, rng: np.random.Generator, known: tuple[Known, ...] = ()) -> Iterator[Course]:
        """Those that are met on one way, letter by letter at random."""
        found, after = self.look(kinds, known)
        yield from found
        if after is not None:
            yield from self.one(kinds + (EVENT if rng.random() < 0.5 else CENSORED), rng, after)

    def _asked(self, kinds: str, known: tuple[Known, ...]) -> tuple[Known, ...]:
        """What each demand asks, as far as the letters decide."""
        return tuple(
            known[k]
            if known and known[k].settled
            else known_of(kinds, self.history, self.n, self.day, demand, self.printed.longest)
            for k, demand in enumerate(self.printed.demands)
        )

    def _decided(self, kinds: str, known: tuple[Known, ...]) -> Iterator[Course]:
        """What just these letters decide."""
        partial: list[tuple[int, frozenset[MedianWay] | None, _Partial]] = [
            (self.history, None, (self._base(kinds), ()))
        ]
        for some in known:
            partial = [
                (max(needed, condition.needed), common, added)
                for needed, ways, (chain, pairs) in partial
                for condition in some.conditions
                if (common := self._common(ways, condition.ways)) or common is None
                for added in _with_condition(chain, pairs, condition)
            ]
        for needed, ways, (chain, pairs) in partial:
            tight = tighten(chain) if needed == len(kinds) else None
            if tight is not None:
                yield Course(
                    kinds,
                    self.history,
                    self.n,
                    self.day,
                    chain,
                    tight,
                    pairs,
                    self.counts,
                    self.losses,
                    self.gone,
                    ways,
                )

    def _common(self, ways: frozenset[MedianWay] | None, more: frozenset[MedianWay]) -> frozenset[MedianWay] | None:
        """The ways that print two medians; None where each may have been made in a way of its own."""
        if not self.printed.one_way:
            return None
        return more if ways is None else ways & more


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
    # A link passes its second step on a later day than its first; that they share a day is a case of its own.
    together = replace(chain, tied=chain.tied | set(range(i + 1, j + 1)))
    if sign < 0:
        low, high = list(chain.low), list(chain.high)
        low[i], high[i] = max(low[i], -(-a // 2)), min(high[i], b // 2)
        yield from _with_pairs(replace(together, low=tuple(low), high=tuple(high)), (*pairs, None), rest)
    elif a <= 0 <= b:
        yield from _with_pairs(together, (*pairs, None), rest)
    if sign > 0:
        a = max(a, 1)
    if a > b:
        return
    if sign > 0 and a == b:
        chain = replace(chain, differences=(*chain.differences, (i, j, a)))
    yield from _with_pairs(chain, (*pairs, (sign, (i, j, a, b))), rest)
