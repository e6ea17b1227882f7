"""Candidates: every history that the landmarks and counts leave, with every way in which it passes the landmarks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from helpers.conventions import Convention
from helpers.inversion.counts import agrees
from helpers.inversion.evidence import Landmark
from helpers.inversion.history import State, landmark_prefixes, order_key, states
from helpers.inversion.printing import prints_landmark
from helpers.inversion.solve import Solution


@dataclass(frozen=True)
class Candidate:
    """A history of one endpoint, the lengths at which it passes the landmarks, and the conventions for that."""

    history: str
    passed: tuple[int, ...]
    conventions: frozenset[Convention]


class Candidates:
    """Every history of a solution with every way past its landmarks, in ladder order, worked out as far as needed."""

    def __init__(self, solution: Solution) -> None:
        """Nothing is worked out yet."""
        self._solution = solution
        self._found: list[Candidate] = []
        self._rest = self._all()

    def __iter__(self) -> Iterator[Candidate]:
        """From the first on; each is worked out once."""
        position = 0
        while True:
            if position == len(self._found):
                following = next(self._rest, None)
                if following is None:
                    return
                self._found.append(following)
            yield self._found[position]
            position += 1

    def _all(self) -> Iterator[Candidate]:
        conventions: dict[str, list[Convention]] = {}
        for convention, histories in self._solution.by_convention.items():
            for history in histories:
                conventions.setdefault(history, []).append(convention)
        for history in sorted(conventions, key=order_key):
            found = passages(self._solution, history, conventions[history])
            yield from (Candidate(history, way, frozenset(found[way])) for way in sorted(found))


def passages(
    solution: Solution, history: str, conventions: Iterable[Convention]
) -> dict[tuple[int, ...], set[Convention]]:
    """Every way in which a history passes the landmarks, with the conventions for it; `bindings` for many at once.

    Where S is clearly not the printed one, no convention is asked.
    """
    n, marks = solution.n, solution.landmarks
    curve, prefixes = states(history, n), landmark_prefixes(history)
    near = [[m for m in prefixes if _near(curve[m], mark)] for mark in marks]
    if marks:
        near[-1] = [m for m in near[-1] if m == len(history)]
    found: dict[tuple[int, ...], set[Convention]] = {}
    for convention in conventions:
        ways: list[tuple[int, ...]] = [()]
        for mark, lengths in zip(marks, near, strict=True):
            fitting = [m for m in lengths if prints_landmark(curve[m], mark, convention)]
            ways = [(*way, m) for way in ways for m in fitting if not way or m >= way[-1]]
        for way in ways:
            found.setdefault(way, set()).add(convention)
    agreeing = (way for way in found if all(agrees(history, n, marks, way, count) for count in solution.counts))
    return {way: found[way] for way in agreeing}


def _near(state: State, mark: Landmark) -> bool:
    """Whether S may be printed at a landmark; the estimate may have been rounded to two decimals first."""
    s = float(state.survival)
    reach = [
        (sign, float(number.value * mark.scale), float(number.unit * mark.scale) + 0.0100001)
        for sign, number in ((0, mark.value), (-1, mark.ci_low), (1, mark.ci_high))
        if number is not None
    ]
    return all(
        (sign < 0 or s <= printed + slack) and (sign > 0 or s >= printed - slack) for sign, printed, slack in reach
    )
