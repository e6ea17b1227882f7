"""Groups of conventions that print alike: which certainly print nothing, and how the others pass the moments.

Conventions that differ only in z, or in what is done with an exact half, hardly differ in what they print, so they are
searched together; each moment may then be printed under any of them, which can only add possibilities.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor

from helpers.conventions import Convention
from helpers.inversion.certify.effort import Effort, OutOfTimeError
from helpers.inversion.certify.moments import Moment, Rest
from helpers.inversion.certify.reach import Passage, Problem, Reach
from helpers.inversion.evidence import Landmark
from helpers.printed import Rounding

_ROWS = (6, 40, 250)  # rows for each patient, coarse first
_FINE = 150
_MOST_CELLS = 12_000_000  # patients × moments × rows, for the memory they take

Key = tuple[str, int | None, bool]


def grouped(conventions: Iterable[Convention]) -> dict[Key, tuple[Convention, ...]]:
    """Conventions by interval, rounding before the interval, and whether digits are cut off."""
    found: dict[Key, list[Convention]] = {}
    for c in conventions:
        found.setdefault((str(c.interval), c.rounded_to, c.rounding is Rounding.TRUNCATION), []).append(c)
    return {key: tuple(some) for key, some in found.items()}


class Groups:
    """The groups that are left, and how each can pass the moments; both shrink as the search goes on."""

    def __init__(
        self,
        n: int,
        moments: tuple[Moment, ...],
        rest: Rest,
        conventions: tuple[Convention, ...],
        keep: int | None = None,
    ) -> None:
        """Nothing is known yet: every convention is possible. `keep` is a moment whose cells are wanted."""
        self.n, self.moments, self.rest, self.conventions, self.keep = n, moments, rest, conventions, keep
        self._reaches: dict[Key, Reach] = {}
        self._a_row: dict[Key, float] = {}  # units of work of the last search, for each row
        self.groups = grouped(conventions)
        self._passages: dict[Key, tuple[Passage, ...]] = {}

    @property
    def possible(self) -> tuple[Convention, ...]:
        """The conventions that are not excluded, in their order."""
        left = {c for some in self.groups.values() for c in some}
        return tuple(c for c in self.conventions if c in left)

    @property
    def all_passages(self) -> list[tuple[Passage, ...]]:
        """How the moments can be passed, group by group."""
        return [self._passages[key] for key in self.groups]

    @property
    def reaches(self) -> list[Reach]:
        """The last search of each group that is left, where cells are kept."""
        return [self._reaches[key] for key in self.groups]

    @property
    def known(self) -> bool:
        """Whether every group that is left was searched once, so that there are bounds."""
        return all(key in self._passages for key in self.groups)

    @property
    def passages(self) -> tuple[Passage, ...]:
        """How the moments can be passed under any convention that is left."""
        return joined(self.all_passages, len(self.moments))

    def rows_for(self, key: Key, units: float) -> int:
        """Rows fine enough to look for single histories of a group, as far as so much work allows."""
        levels = self._levels()
        most = units / self._a_row.get(key, 1.0)
        return int(max(levels[0], min(levels[-1], _FINE * self.n, most)))

    def problem(self, key: Key) -> Problem:
        """The question to one group."""
        return Problem(self.n, self.moments, self.rest, self.groups[key])

    def lengths(self, key: Key, moment: int) -> set[tuple[int, int]]:
        """Pairs (length, events) with which one group can pass a moment."""
        return self._passages[key][moment].lengths

    def forget(self, key: Key, moment: int, pairs: Iterable[tuple[int, int]]) -> None:
        """Pairs (length, events) with which certainly nothing in a group passes a moment."""
        old = self._passages[key]
        less = Passage(old[moment].lengths - set(pairs), old[moment].counts, old[moment].survival).reconciled()
        self._passages[key] = (*old[:moment], less, *old[moment + 1 :])
        if less.empty:
            del self.groups[key]

    def moment_of(self, mark: Landmark) -> int:
        """The moment of a landmark."""
        return next(k for k, moment in enumerate(self.moments) if moment.day == floor(mark.day))

    def search(self, effort: Effort, levels: int | None = None) -> bool:
        """On ever finer rows, or the first few; returns whether the finest was reached."""
        for level, rows in enumerate(self._levels()[:levels]):
            for key in list(self.groups):
                if level and not effort.affords(self._a_row[key] * rows):
                    return False
                before = effort.left
                try:
                    found = Reach(self.problem(key), rows, effort, self.keep)
                except OutOfTimeError:
                    return False
                self._a_row[key] = (before - effort.left) / rows
                self._learn(key, found)
        return True

    def _levels(self) -> list[int]:
        most = _MOST_CELLS // max(1, self.n * len(self.moments))
        return sorted({max(60, min(most, rows * self.n)) for rows in _ROWS})

    def _learn(self, key: Key, found: Reach) -> None:
        if found.empty:
            del self.groups[key]
            self._passages.pop(key, None)
        else:
            both = met(self._passages.get(key), found.passages)
            self._passages[key] = both
            if any(passage.empty for passage in both):
                del self.groups[key]
            if self.keep is not None:
                self._reaches[key] = found

    def exclude_single(self, kept: Iterable[Convention], effort: Effort) -> None:
        """Conventions one by one, but those to keep: excluded where alone they certainly print nothing."""
        kept = set(kept)
        try:
            for key, some in list(self.groups.items()):
                left = []
                for c in some:
                    alone = len(some) > 1 and c not in kept
                    if not (alone and Reach(self._single(c), self.rows_for(key, effort.left / 8), effort).empty):
                        left.append(c)
                    self.groups[key] = (*left, *some[some.index(c) + 1 :])
                if not left:
                    del self.groups[key]
        except OutOfTimeError:
            return

    def _single(self, convention: Convention) -> Problem:
        return Problem(self.n, self.moments, self.rest, (convention,))


def met(old: Sequence[Passage] | None, new: Sequence[Passage]) -> tuple[Passage, ...]:
    """What two searches of the same set both allow."""
    if old is None:
        return tuple(new)
    found = []
    for a, b in zip(old, new, strict=True):
        survival = max(a.survival[0], b.survival[0]), min(a.survival[1], b.survival[1])
        found.append(Passage(a.lengths & b.lengths, a.counts & b.counts, survival).reconciled())
    return tuple(found)


def joined(many: Iterable[Sequence[Passage]], moments: int) -> tuple[Passage, ...]:
    """What at least one of several searches allows."""
    found = tuple(Passage() for _ in range(moments))
    for passages in many:
        for whole, part in zip(found, passages, strict=True):
            whole.lengths |= part.lengths
            whole.counts |= part.counts
            whole.see(*part.survival)
    return found
