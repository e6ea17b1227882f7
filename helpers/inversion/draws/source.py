"""Sources: the tables of one group of endpoints, over all its histories, ready to be drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from helpers.inversion.draws.block import Ints
from helpers.inversion.draws.chance import Uniforms
from helpers.inversion.draws.dealing import collected, dealt
from helpers.inversion.draws.endpoints import Endpoint
from helpers.inversion.draws.filling import Filler
from helpers.inversion.draws.paths import Trace
from helpers.inversion.draws.pieces import Piece
from helpers.inversion.draws.tableset import WORK_LIMIT, TableSet

MOST_HISTORIES = 100
_AT_A_TIME, _BATCH = 8192, 131_072
_HISTORY, _PATH, _FILL = range(3)


class NothingToDrawError(Exception):
    """No table prints everything; says why in a few words."""


@dataclass
class Tables:
    """Days and events of some draws by endpoint, shape (draws, patients); patients in order of the outer endpoint."""

    days: dict[str, Ints]
    events: dict[str, Ints]

    def put(self, rows: slice, other: Tables) -> None:
        """Write other tables over some rows."""
        for name in other.days:
            self.days[name][rows], self.events[name][rows] = other.days[name], other.events[name]


def empty_tables(endpoints: Sequence[Endpoint], draws: int) -> Tables:
    """Tables to be written over."""
    shape = (draws, endpoints[0].n)
    return Tables(
        {e.name: np.zeros(shape, np.int32) for e in endpoints}, {e.name: np.zeros(shape, np.int8) for e in endpoints}
    )


@dataclass
class Source:
    """One endpoint, or two that are linked: all tables, over a choice of histories.

    `choices` are the histories (pairs of them) that may be drawn: all, or where they are many, some at random. Which of
    them have a table is found out as they are drawn; `why` collects what spoke against the others.
    """

    outer: Endpoint
    inner: Endpoint | None
    seed: int
    choices: list[tuple[str, ...]] = field(init=False)
    why: set[str] = field(default_factory=set)
    _sets: dict[int, TableSet | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Choose the histories."""
        sides = [self.outer.histories] + ([self.inner.histories] if self.inner else [])
        total = int(np.prod([len(side) for side in sides]))
        if total <= MOST_HISTORIES:
            self.choices = list(product(*sides))
            return
        chosen = np.random.default_rng([self.seed, total]).choice(total, MOST_HISTORIES, replace=False)
        places = np.unravel_index(chosen, [len(side) for side in sides])
        self.choices = [tuple(side[k] for side, k in zip(sides, at, strict=True)) for at in zip(*places, strict=True)]

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The outer and, if there is one, the inner endpoint."""
        return (self.outer,) if self.inner is None else (self.outer, self.inner)

    @property
    def complete(self) -> bool:
        """Whether all histories may be drawn, and so far with all their courses."""
        total = int(np.prod([len(e.histories) for e in self.endpoints]))
        known = [e.courses(h) for k in self._sets for e, h in zip(self.endpoints, self.choices[k], strict=True)]
        whole = [found.whole for found in self._sets.values() if found is not None]
        return total == len(self.choices) and all(courses.whole for courses in known) and all(whole)

    def table_set(self, choice: int) -> TableSet | None:
        """The tables of one choice of histories; None if there are none."""
        if choice not in self._sets:
            self._sets[choice] = self._made(self.choices[choice])
        return self._sets[choice]

    def _made(self, histories: tuple[str, ...]) -> TableSet | None:
        for endpoint, history in zip(self.endpoints, histories, strict=True):
            if not endpoint.courses(history).found:
                self.why.add(f"the medians of {endpoint.name} contradict its landmarks")
                return None
        cut, pieces = self._cut(histories)
        rng = np.random.default_rng([self.seed, *"|".join(histories).encode()])
        limit = min(WORK_LIMIT, max(2 * WORK_LIMIT // len(self.choices), WORK_LIMIT // 10))
        inner = pieces[1] if self.inner else None
        found = TableSet(pieces[0], inner, self.outer.n, cut, self.outer.longest, rng, limit)
        if found.late:
            return found
        names = " and ".join(e.name for e in self.endpoints)
        if not found.whole:
            self.why.add(f"no table of {names} was found before the work limit was reached")
        elif self.inner:
            self.why.add(f"{names} cannot belong to the same patients")
        else:
            self.why.add(f"the counts of {names} fit nothing else that is printed")
        return None

    def _cut(self, histories: tuple[str, ...]) -> tuple[int, list[tuple[Piece, ...]]]:
        """The courses, cut on the last day of a landmark that makes the fewest pairs of strands."""
        found = []
        for cut in sorted({e.last_landmark for e in self.endpoints}):
            pieces = [e.pieces(h, cut) for e, h in zip(self.endpoints, histories, strict=True)]
            early, late = (
                np.prod([float(len({getattr(piece, name) for piece in side})) for side in pieces])
                for name in ("early", "late")
            )
            found.append((3 * early + late, cut, pieces))
        return min(found, key=lambda item: item[:2])[1:]

    def draw(self, draws: int, first: int, stream: int) -> Tables:
        """Tables number `first` and following, each of its own random numbers.

        Raises
        ------
        NothingToDrawError
            if none of the histories has a table.
        """
        tables = empty_tables(self.endpoints, draws)
        for begin in range(0, draws, _BATCH):
            end = min(begin + _BATCH, draws)
            self._batch(tables, begin, end, first, stream)
        return tables

    def _batch(self, tables: Tables, begin: int, end: int, first: int, stream: int) -> None:
        size = end - begin
        uniforms, trace = Uniforms((self.seed, stream, _PATH), first + begin, size), Trace()
        parts = range(0, size, _AT_A_TIME)
        choice = np.concatenate([self._choose(first + begin + at, min(_AT_A_TIME, size - at), stream) for at in parts])
        for k in np.unique(choice).tolist():
            found = self.table_set(k)
            assert found is not None
            found.draw(np.flatnonzero(choice == k), uniforms, trace)
        filler = Filler(trace.stretches)
        for at in parts:
            until = min(at + _AT_A_TIME, size)
            numbers = Uniforms((self.seed, stream, _FILL), first + begin + at, until - at)
            drawn = collected(filler.fill(at, until, numbers), until - at, self.outer.n, numbers)
            rows = slice(begin + at, begin + until)
            columns = {self.outer.name: (drawn.outer_days, drawn.outer_event)}
            if self.inner is not None:
                columns[self.inner.name] = dealt(drawn, numbers)
            days = {name: column for name, (column, _) in columns.items()}
            tables.put(rows, Tables(days, {name: column for name, (_, column) in columns.items()}))

    def _choose(self, first: int, draws: int, stream: int) -> Ints:
        """A choice of histories for each draw, all that have a table alike: those that have none are tried again."""
        choice, open_ = np.zeros(draws, np.int64), np.arange(draws)
        uniforms = Uniforms((self.seed, stream, _HISTORY), first, draws)
        while len(open_):
            if len(self._sets) == len(self.choices) and not any(self._sets.values()):
                raise NothingToDrawError("; ".join(sorted(self.why)))
            choice[open_] = (uniforms.take(open_) * len(self.choices)).astype(np.int64)
            good = {k: self.table_set(k) is not None for k in np.unique(choice[open_]).tolist()}
            open_ = open_[[not good[k] for k in choice[open_].tolist()]]
        return choice
