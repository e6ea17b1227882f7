"""Conditions on the days of a course, and how to write a union of them so that no two hold together.

A printed median can have been made in many ways, and the conditions of two ways can hold of the same days. They are
cut up until each piece tells all the ways that print the number on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from helpers.inversion import conditions as printed
from helpers.inversion.median_ways import MedianWay

Within = tuple[int, int, int]
Spread = tuple[int, int, int, int]
_FAR = 10**6
FEW = 12  # conditions that are cut up each by each


@dataclass(frozen=True)
class Condition:
    """What must hold of the days of some steps, all at once.

    `tied` steps share the day of the step before them, `apart` steps do not; `within` (step, a, b) bounds a day;
    `spread` (i, j, a, b) bounds t[j] − t[i], `sums` the sum of the two, i before j. The first `needed` letters of a
    course decide that this is what a printed number asks; `ways` are those that print it.
    """

    tied: frozenset[int] = frozenset()
    apart: frozenset[int] = frozenset()
    within: tuple[Within, ...] = ()
    spread: tuple[Spread, ...] = ()
    sums: tuple[Spread, ...] = ()
    needed: int = 0
    ways: frozenset[MedianWay] = frozenset()

    @property
    def last(self) -> int:
        """The last step whose day it asks for; -1 if it asks for none."""
        pairs = (step for i, j, _, _ in self.spread + self.sums for step in (i, j))
        return max((*self.tied, *(step for step, _, _ in self.within), *pairs), default=-1)

    def with_tie(self, step: int, *, tied: bool) -> Condition | None:
        """With a step tied to the one before it, or apart from it; None if it is known not to be."""
        if step in (self.apart if tied else self.tied):
            return None
        if tied:
            return replace(self, tied=self.tied | {step})
        return replace(self, apart=self.apart | {step})

    def with_bounds(self, name: str, key: tuple[int, ...], low: int, high: int) -> Condition | None:
        """With bounds added to one of `within`, `spread` and `sums`; None if they leave nothing."""
        bounds = {entry[:-2]: entry[-2:] for entry in getattr(self, name)}
        before = bounds.get(key, (-_FAR, _FAR))
        bounds[key] = (max(before[0], low), min(before[1], high))
        if bounds[key][0] > bounds[key][1]:
            return None
        changes: dict[str, Any] = {name: tuple((*k, *b) for k, b in sorted(bounds.items()))}
        return replace(self, **changes)


def condition_of(asked: printed.Condition, ways: frozenset[MedianWay], needed: int) -> Condition | None:
    """A condition as the printed number asks it; None if it contradicts itself."""
    found: Condition | None = Condition(asked.tied, asked.apart, needed=needed, ways=ways)
    for step, low, high in asked.within:
        found = found and found.with_bounds("within", (step,), low, high)
    for i, j, days in asked.spread:
        found = found and found.with_bounds("spread", (i, j), days, days)
    for i, j, low, high in asked.sums:
        found = found and found.with_bounds("sums", (i, j), low, high)
    return found


def exclusive(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """Pieces of which just one holds wherever any of some conditions does, each with all the ways that hold on it.

    >>> some = [Condition(within=((0, 2, 5),)), Condition(within=((0, 4, 9),))]
    >>> [piece.within for piece in exclusive(some)]
    [((0, 4, 5),), ((0, 2, 3),), ((0, 6, 9),)]
    """
    some = tuple(conditions)
    return tuple(_parted(some)) if len(some) > FEW else _pair_by_pair(some)


def _parted(some: Sequence[Condition]) -> Iterator[Condition]:
    """The pieces of many conditions, parted by which steps share a day: each by each they are cut too fine."""
    step = _dividing(some)
    if len(some) <= 1 or step is None:
        yield from _pair_by_pair(some)
        return
    for tied in (True, False):
        side = (condition.with_tie(step, tied=tied) for condition in some)
        possible = (_by_days(condition) for condition in side if condition is not None)
        yield from _parted(_merged(condition for condition in possible if condition is not None))


def _by_days(condition: Condition) -> Condition | None:
    """The same with bounds of days in place of bounds of steps that share one; None if no days meet it.

    >>> _by_days(Condition(tied=frozenset({3}), within=((2, 1, 5), (3, 4, 9)))).within
    ((2, 4, 5),)
    >>> _by_days(Condition(tied=frozenset({3}), within=((2, 1, 5), (3, 7, 9)))) is None
    True
    """
    found: Condition | None = replace(condition, within=())
    for step, low, high in condition.within:
        first = step
        while first in condition.tied:
            first -= 1
        found = found and found.with_bounds("within", (first,), low, high)
    if found is None:
        return None
    earliest = -_FAR  # no step comes before an earlier one
    for _, low, high in found.within:
        earliest = max(earliest, low)
        if earliest > high:
            return None
    return found


def _dividing(some: Sequence[Condition]) -> int | None:
    """The step of whose tie most conditions speak, among those of which they say different things."""
    said: dict[int, int] = {}
    for condition in some:
        for step in condition.tied | condition.apart:
            said[step] = said.get(step, 0) + 1
    open_ = [
        (count, -step)
        for step, count in said.items()
        if count < len(some) or len({step in condition.tied for condition in some}) > 1
    ]
    return -max(open_)[1] if open_ else None


def _merged(some: Iterable[Condition]) -> tuple[Condition, ...]:
    """Conditions that ask the same as one, with all the ways of them."""
    found: dict[Condition, Condition] = {}
    for condition in some:
        bare = replace(condition, ways=frozenset(), needed=0)
        known = found.get(bare)
        found[bare] = (
            condition
            if known is None
            else replace(known, ways=known.ways | condition.ways, needed=max(known.needed, condition.needed))
        )
    return tuple(found.values())


def _pair_by_pair(conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    found: list[Condition] = []
    for condition in conditions:
        rest, pieces = [condition], []
        for piece in found:
            common = _both(piece, condition)
            if common is None:
                pieces.append(piece)
                continue
            pieces += [common, *_without(piece, condition)]
            rest = [left for some in rest for left in _without(some, piece)]
        found = pieces + rest
    return tuple(found)


def _both(one: Condition, other: Condition) -> Condition | None:
    """Two conditions at once, by all their ways; None if they exclude each other."""
    if _contradict(one, other):
        return None
    found: Condition | None = one
    for holds, _ in _atoms(other):
        found = found and holds(found)
    return found and replace(found, ways=one.ways | other.ways, needed=max(one.needed, other.needed))


def _without(condition: Condition, other: Condition) -> Iterator[Condition]:
    """The part of a condition in which another does not hold, in exclusive pieces."""
    if _contradict(condition, other):
        yield condition
        return
    rest: Condition | None = condition
    for holds, fails in _atoms(other):
        if rest is None:
            return
        for piece in fails:
            left = piece(rest)
            if left is not None:
                yield left
        rest = holds(rest)


def _contradict(one: Condition, other: Condition) -> bool:
    """Whether two conditions cannot hold together, by what each says of the same steps."""
    if one.tied & other.apart or one.apart & other.tied:
        return True
    for name in ("within", "spread", "sums"):
        bounds = {entry[:-2]: entry[-2:] for entry in getattr(one, name)}
        for *key, low, high in getattr(other, name):
            first, last = bounds.get(tuple(key), (low, high))
            if low > last or high < first:
                return True
    return False


Change = Callable[[Condition], Condition | None]


def _atoms(condition: Condition) -> Iterator[tuple[Change, tuple[Change, ...]]]:
    """Each single statement of a condition: what adds it to another, and what adds its opposites."""
    for steps, tied in ((condition.tied, True), (condition.apart, False)):
        for step in sorted(steps):
            yield _tie(step, tied=tied), (_tie(step, tied=not tied),)
    for name in ("within", "spread", "sums"):
        for *key, low, high in getattr(condition, name):
            inside = _bounds(name, tuple(key), low, high)
            yield inside, (_bounds(name, tuple(key), -_FAR, low - 1), _bounds(name, tuple(key), high + 1, _FAR))


def _tie(step: int, *, tied: bool) -> Change:
    return lambda condition: condition.with_tie(step, tied=tied)


def _bounds(name: str, key: tuple[int, ...], low: int, high: int) -> Change:
    return lambda condition: condition.with_bounds(name, key, low, high)
