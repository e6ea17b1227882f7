"""Conditions on the days of steps, and how to write a union of them so that no two hold together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

Within = tuple[int, int, int]
Spread = tuple[int, int, int, int]
_FAR = 10**6


@dataclass(frozen=True)
class Condition:
    """What must hold of the days of some steps, all at once.

    `tied` steps share the day of the step before them, `apart` steps do not; `within` (step, a, b) bounds a day;
    `spread` (i, j, a, b) bounds t[j] − t[i], `sums` the sum of the two, i before j. The first `needed` letters of a
    course decide that this is what a printed number asks.
    """

    tied: frozenset[int] = frozenset()
    apart: frozenset[int] = frozenset()
    within: tuple[Within, ...] = ()
    spread: tuple[Spread, ...] = ()
    sums: tuple[Spread, ...] = ()
    needed: int = 0

    @property
    def last(self) -> int:
        """The last step that it speaks of; -1 if it asks nothing."""
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
        changes: dict[str, Any] = {name: tuple((*k, *b) for k, b in bounds.items())}
        return replace(self, **changes)


def exclusive(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """Conditions of which always just one holds where any of the given ones does.

    What is decided by fewer letters keeps its whole set; the others lose what they have in common with it.

    >>> first, second = Condition(within=((0, 2, 5),)), Condition(within=((0, 4, 9),), needed=1)
    >>> [c.within for c in exclusive([first, second])]
    [((0, 2, 5),), ((0, 6, 9),)]
    """
    found: list[Condition] = []
    before: list[Condition] = []
    for condition in sorted(dict.fromkeys(conditions), key=lambda c: c.needed):
        pieces = [condition]
        for other in before:
            pieces = [rest for piece in pieces for rest in _without(piece, other)]
        found += pieces
        before.append(condition)
    return tuple(found)


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
    days = {step: (low, high) for step, low, high in one.within}
    return any(step in days and (low > days[step][1] or high < days[step][0]) for step, low, high in other.within)


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
