"""Sweeps: all ways from one day to another, mark by mark, weighed by how many timelines and linkages they stand for.

Between two marks a way passes the steps of links on days of its own. These days are gone through one by one, and
everything between them is counted by the blocks. What is kept is enough to walk back from the end and draw ways in
proportion to their weight.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np

from helpers.inversion.draws.block import NOBODY, Block, Ints, Part, part_of
from helpers.inversion.draws.strand import BEFORE, OPEN, Link, Strand, reached, reaching
from helpers.inversion.draws.ways import Bundle, Ending, Pair, Stage, Status, Wave, Work

BlockMaker = Callable[[Part, Part, int, bool, float], Block]
_NO_DAY = -1
_STAGE = 20_000  # what a stretch costs however little it does


def sweep(
    pair: Pair, start: dict[Status, Bundle], begin: int, end: int, work: Work, make: BlockMaker = Block
) -> tuple[Stage, ...]:
    """Go from the end of one day to the end of another; empty if nothing gets there.

    Parameters
    ----------
    pair : the strands.
    start : where the ways are, by the status of the links.
    begin, end : the two days.
    work : is told what is done.
    make : makes a block of its fields; one that remembers what it made saves time.

    Raises
    ------
    TooMuchError
        if there are more ways than may be held.
    """
    marked = {day for side in pair.sides for day, _ in side.marks} | {
        day for side in pair.sides for day in (side.losses[0] - 1, side.losses[1])
    }
    days = sorted({day for day in marked if begin < day < end} | {end})
    hopes = [_hopeful(side, days) for side in pair.sides]
    stages: list[Stage] = []
    for k, day in enumerate(days):
        stage = _stage(pair, start, begin, day, [hope[k] for hope in hopes], work, make)
        if stage is None or not stage.ends:
            return ()
        stages.append(stage)
        start, begin = stage.ends, day
    return tuple(stages)


def _hopeful(strand: Strand, days: Sequence[int]) -> list[np.ndarray]:
    """For each day the nodes that are allowed at its end and from which all later marks can be met."""
    found: list[np.ndarray] = []
    later = np.ones(len(strand.graph.depth), bool)
    for day in reversed(days):
        later = strand.allowed(day) & reaching(strand.graph, later)
        found.append(later)
    return found[::-1]


def _stage(
    pair: Pair,
    start: dict[Status, Bundle],
    begin: int,
    end: int,
    hopeful: list[np.ndarray],
    work: Work,
    make: BlockMaker,
) -> Stage | None:
    numbers, parts, first, goals = [], [], [], []
    for s, side in enumerate(pair.sides):
        here = np.zeros(len(side.graph.depth), bool)
        for bundle in start.values():
            here[bundle.inner if s else bundle.outer] = True
        nodes = reached(side.graph, here) & reaching(side.graph, hopeful[s])
        if not nodes.any():
            return None
        parts.append(part_of(side, nodes, losses=side.loses(begin, end)))
        first.append(int(side.depth[nodes][0]))
        goals.append(hopeful[s][nodes])
        numbers.append(np.where(nodes, np.cumsum(nodes) - 1, -1))
    linked = pair.inner is not None
    offset = first[1] - first[0] if linked else 0
    block = make(parts[0], parts[1] if linked else NOBODY, offset, linked, pair.scale)
    stretch = _Stretch(pair, block, begin, end, first, goals, work)
    for status, bundle in start.items():
        a = numbers[0][bundle.outer]
        b = numbers[1][bundle.inner] if linked else np.zeros(len(a), np.int64)
        states = np.where((a >= 0) & (b >= 0), block.number[a, b], -1)
        own = np.flatnonzero((states >= 0) & bundle.weight.any(axis=0))
        if len(own):
            day = np.full(len(bundle.opened), begin)
            stretch.go(Wave(status, day, bundle.opened, states[own], bundle.weight[:, own], own))
    nodes_of = [np.flatnonzero(number >= 0) for number in numbers]
    return Stage(block, begin, end, first[0], first[-1], stretch.bundles(nodes_of))


class _Stretch:
    """The days between two marks, while they are gone through."""

    def __init__(
        self,
        pair: Pair,
        block: Block,
        begin: int,
        end: int,
        first: list[int],
        goals: list[np.ndarray],
        work: Work,
    ) -> None:
        self.links, self.block, self.begin, self.end, self.work = pair.links, block, begin, end, work
        work.add(_STAGE)
        outer, inner = block.states
        self.depth = [first[0] + np.array(block.outer.depth)[outer], first[-1] + np.array(block.inner.depth)[inner]]
        self.goal = goals[0][outer] & (goals[1][inner] if pair.inner is not None else True)
        self.found: dict[Status, list[Ending]] = {}

    def go(self, wave: Wave) -> None:
        """Let a wave reach the end, and every wave that comes of it by passing steps of links before."""
        self._finish(wave)
        passable = [r for r, (_, link) in enumerate(self.links) if link is not None and self._passable(link, r, wave)]
        for size in range(1, len(passable) + 1):
            for some in combinations(passable, size):
                child = self._passed(wave, some)
                if child is not None:
                    self.go(child)

    def _passable(self, link: Link, r: int, wave: Wave) -> bool:
        if wave.status[r] == BEFORE:
            return link.earliest <= self.end and link.latest > self.begin
        return wave.status[r] == OPEN and bool((link.sign * wave.opened[:, r] + link.low <= self.end).any())

    def _mask(self, status: Status) -> np.ndarray:
        mask = np.ones(len(self.depth[0]), bool)
        for (side, link), state in zip(self.links, status, strict=True):
            if link is not None:
                mask &= link.allows(self.depth[side], state)
        return mask

    def _passed(self, wave: Wave, some: tuple[int, ...]) -> Wave | None:
        """The wave after the days on which just these links have a step, all on the same day."""
        before, rows, days = self._mask(wave.status), *self._days(wave, some)
        opened, status = wave.opened[rows], list(wave.status)
        for r in some:
            opened[:, r] = days if status[r] == BEFORE else _NO_DAY
            status[r] += 1
        ends = np.flatnonzero(self._mask(tuple(status)))
        if not len(rows) or not len(ends) or not before.any():
            return None
        terminal = self.block.terminal(ends, before)
        self.work.add(len(rows) * len(wave.states) * len(ends))
        length, which = np.unique(days - 1 - wave.day[rows], return_inverse=True)
        table = terminal.table(length, wave.states)
        weight = _through(wave.weight, rows, table, which)
        own, kept = np.flatnonzero(weight.any(axis=0)), np.flatnonzero(weight.any(axis=1))
        if not len(kept):
            return None
        weight, rows, days, opened = weight[np.ix_(kept, own)], rows[kept], days[kept], opened[kept]
        return Wave(
            tuple(status), days, opened, ends[own], weight, own, wave, rows, terminal, table[:, :, own], which[kept]
        )

    def _days(self, wave: Wave, some: tuple[int, ...]) -> tuple[Ints, Ints]:
        """Rows of the wave with the days on which all of these links can have their step, of one the first, say."""
        first = np.maximum(wave.day + 1, self.begin + 1)
        last = np.full(len(first), self.end)
        for r in some:
            link = self.links[r][1]
            assert link is not None
            opened = wave.opened[:, r]
            early = wave.status[r] == BEFORE
            first = np.maximum(first, link.earliest if early else link.sign * opened + link.low)
            last = np.minimum(last, link.latest if early else link.sign * opened + link.high)
        size = np.maximum(last - first + 1, 0)
        rows = np.repeat(np.arange(len(first)), size)
        return rows, first[rows] + np.arange(len(rows)) - np.repeat(np.cumsum(size) - size, size)

    def _finish(self, wave: Wave) -> None:
        """Let the rows that are due no step before the end reach it."""
        due = np.zeros(len(wave.day), bool)
        for r, (_, link) in enumerate(self.links):
            if link is None:
                continue
            if wave.status[r] == BEFORE and link.latest <= self.end:
                return
            if wave.status[r] == OPEN:
                due |= link.sign * wave.opened[:, r] + link.high <= self.end
        rows, ends = np.flatnonzero(~due), np.flatnonzero(self._mask(wave.status) & self.goal)
        if not len(rows) or not len(ends):
            return
        terminal = self.block.terminal(ends)
        self.work.add(len(rows) * len(wave.states) * len(ends))
        length, which = np.unique(self.end - wave.day[rows], return_inverse=True)
        ending = Ending(wave, rows, terminal, terminal.table(length, wave.states), which, np.zeros(0, np.int64))
        self.found.setdefault(wave.status, []).append(ending)

    def bundles(self, nodes: list[Ints]) -> dict[Status, Bundle]:
        """What has come to the end, by status; rows that agree in every open day are one."""
        outer, inner = self.block.states
        bundles = {}
        for status, endings in self.found.items():
            opened, group = combined([ending.wave.opened[ending.rows] for ending in endings])
            ends = endings[0].terminal.ends
            weight = np.zeros((len(opened), len(ends)))
            at = 0
            for ending in endings:
                ending.group = group[at : at + len(ending.rows)]
                at += len(ending.rows)
                np.add.at(weight, ending.group, _through(ending.wave.weight, ending.rows, ending.table, ending.which))
            if weight.any():
                inside = nodes[1][inner[ends]] if len(nodes) > 1 else np.zeros(len(ends), np.int64)
                bundles[status] = Bundle(opened, nodes[0][outer[ends]], inside, weight, endings)
        return bundles


def _through(weight: np.ndarray, rows: Ints, table: np.ndarray, which: Ints) -> np.ndarray:
    """``weight[rows] @ table[which]`` row by row, shape (rows, ends)."""
    total = np.zeros((len(rows), table.shape[2]))
    for state in range(table.shape[1]):
        total += weight[rows, state][:, None] * table[which, state, :]
    return total


def combined(many: Sequence[Ints]) -> tuple[Ints, Ints]:
    """The different rows among several tables of days, and which of them each row is."""
    rows = np.concatenate(many)
    key = np.zeros(len(rows), np.int64)
    base = int(rows.max(initial=0)) + 2
    for column in rows.T:
        key = key * base + column + 1
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    return rows[first], group
