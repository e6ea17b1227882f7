"""Blocks: stretches of days without a mark, and in how many ways one or two endpoints can go through them.

Inside a stretch every day is like every other. What can happen on one day is a matrix N over the states (how far
the outer and the inner endpoint have come), identity excluded, so that N^k counts the ways that use k days, and

    Σ_k C(r, k) · N^k

counts all ways through r days: the k days on which something happens are any k of the r. This is exact, knows nothing
of single days, and gives uniform draws: first k, then the states day by day, then k days at random.

One day: first the inner events, then the outer events, then the losses. A patient who leaves the outer endpoint has
had the inner event, or is censored for both on that day. Whose inner event it was is one of as many as are open: the
weight of a day is the number of these choices, so that linkages are counted along with the days.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from helpers.inversion.draws.strand import Strand

Ints = np.ndarray
# Of a single patient: the inner event, the outer event, lost from the outer endpoint, lost from both.
_SINGLE = ((0, 0, 1, 0), (1, 0, 0, 0), (0, 1, 0, 0), (0, 1, 0, 1))


class Part(NamedTuple):
    """The part of a strand between two marks, nodes and patients numbered from its own beginning."""

    depth: tuple[int, ...]
    event: tuple[int, ...]
    loss: tuple[int, ...]
    apart: tuple[int, ...]
    tied: tuple[int, ...]


NOBODY = Part((0,), (-1,), (-1,), (), ())


def part_of(strand: Strand, nodes: np.ndarray, *, losses: bool = True) -> Part:
    """The part of a strand made of some nodes, with or without losses."""
    graph, own = strand.graph, np.flatnonzero(nodes)
    number = {int(node): k for k, node in enumerate(own)}
    number[-1] = -1
    depth = [graph.depth[v] for v in own]
    first = depth[0]
    inside = range(first, max(depth) + 1)
    return Part(
        tuple(d - first for d in depth),
        tuple(number.get(graph.event[v], -1) for v in own),
        tuple(number.get(graph.loss[v], -1) if losses else -1 for v in own),
        tuple(k - first for k in inside if k in strand.apart),
        tuple(k - first for k in inside if k in strand.tied),
    )


_choose = np.ones((1, 1))


def binomials(most: int, size: int) -> np.ndarray:
    """C(r, k) for r up to `most` and k below `size`, at least; exact as long as floats hold the numbers."""
    global _choose
    if most >= len(_choose) or size > _choose.shape[1]:
        r = np.arange(max(most + 1, len(_choose)))
        _choose = np.ones((len(r), max(size, _choose.shape[1])))
        for k in range(1, _choose.shape[1]):
            _choose[:, k] = _choose[:, k - 1] * (r - k + 1) / k
    return _choose


def day_moves(part: Part) -> Ints:
    """Rows (from, to, events, losses): all that one endpoint can do in a day, nothing included."""
    rows = []
    for start, depth in enumerate(part.depth):
        if depth in part.tied:
            continue
        events, node = 0, start
        while node >= 0:
            losses, end = 0, node
            while end >= 0:
                if part.depth[end] not in part.tied:
                    rows.append((start, end, events, losses))
                together = events + losses == 0 or part.depth[end] not in part.apart
                end, losses = (part.loss[end] if together else -1), losses + 1
            together = events == 0 or part.depth[node] not in part.apart
            node, events = (part.event[node] if together else -1), events + 1
    return np.array(rows, np.int64).reshape(-1, 4)


@dataclass(frozen=True)
class Block:
    """One or two endpoints between two marks.

    `offset` is how many more have left the inner endpoint than the outer one where both parts begin; with `linked`
    False the inner part is empty. Each patient's step counts 1/`scale`, which keeps the numbers within floats.
    """

    outer: Part
    inner: Part
    offset: int
    linked: bool
    scale: float

    @cached_property
    def number(self) -> Ints:
        """State of a pair of nodes, -1 where there is none; shape (outer nodes, inner nodes)."""
        tied = [np.isin(part.depth, part.tied) for part in (self.outer, self.inner)]
        open_ = self.offset + np.array(self.inner.depth)[None, :] - np.array(self.outer.depth)[:, None]
        valid = ~tied[0][:, None] & ~tied[1][None, :] & ((open_ >= 0) | (not self.linked))
        number = np.full(valid.shape, -1)
        number[valid] = np.arange(valid.sum())
        return number

    @cached_property
    def states(self) -> tuple[Ints, Ints]:
        """Outer and inner node of each state."""
        outer, inner = np.nonzero(self.number >= 0)
        return outer, inner

    @cached_property
    def moves(self) -> Moves:
        """Everything that can happen on a day on which something happens."""
        outer, inner = day_moves(self.outer), day_moves(self.inner)
        one, other = (grid.ravel() for grid in np.meshgrid(np.arange(len(outer)), np.arange(len(inner)), indexing="ij"))
        a, a2, events, losses = outer[one].T
        b, b2, inner_events, both = inner[other].T
        start, end = self.number[a, b], self.number[a2, b2]
        weight = np.ones(len(start))
        keep = (start >= 0) & (end >= 0) & (events + losses + inner_events + both > 0)
        if self.linked:
            keep &= both <= losses
            able = self.offset + np.array(self.inner.depth)[b] + inner_events - np.array(self.outer.depth)[a]
            leaving = events + losses - both
            keep &= leaving <= able
            weight = _choices(able, leaving, losses, both)
        weight = weight * float(self.scale) ** -(events + losses + inner_events + both)
        order = np.flatnonzero(keep)
        order = order[np.argsort(start[order], kind="stable")]
        return Moves(
            start[order],
            end[order],
            np.column_stack((events, losses, inner_events, both))[order],
            weight[order],
            len(self.states[0]),
        )

    @cached_property
    def one_day(self) -> np.ndarray:
        """N, shape (states, states)."""
        size = len(self.states[0])
        matrix = np.zeros((size, size))
        np.add.at(matrix, (self.moves.start, self.moves.end), self.moves.weight)
        return matrix

    @cached_property
    def _terminals(self) -> dict[tuple[bytes | None, bytes], Terminal]:
        return {}

    def terminal(self, ends: Ints, before: np.ndarray | None = None) -> Terminal:
        """Ways to some states, or, with `before`, to them on the last day from states that are marked."""
        key = (None if before is None else before.tobytes(), ends.tobytes())
        if key not in self._terminals:
            if before is None:
                last = np.zeros((len(self.states[0]), len(ends)))
                last[ends, np.arange(len(ends))] = 1.0
            else:
                last = self.one_day[:, ends] * before[:, None]
            powers = [last]
            while powers[-1].any():
                powers.append(self.one_day @ powers[-1])
            self._terminals[key] = Terminal(self, ends, before is not None, np.array(powers[:-1] or powers))
        return self._terminals[key]


@dataclass(frozen=True)
class Moves:
    """One row a way to spend a day, sorted by the state it starts from; `weight` counts the choices of patients.

    The columns of `what` are outer events, losses from the outer endpoint, inner events, and losses from both.
    """

    start: Ints
    end: Ints
    what: Ints
    weight: np.ndarray
    states: int

    @cached_property
    def first(self) -> Ints:
        """First row of each state; shape (states + 1,)."""
        return np.searchsorted(self.start, np.arange(self.states + 1))

    @cached_property
    def single(self) -> Ints:
        """Row of the four moves of a single patient from each state, -1 where impossible; shape (states, 4)."""
        rows = np.full((self.states, len(_SINGLE)), -1)
        for k, kind in enumerate(_SINGLE):
            found = np.flatnonzero((self.what == kind).all(axis=1))
            rows[self.start[found], k] = found
        return rows


@dataclass(frozen=True)
class Terminal:
    """In how many ways a stretch of days ends in each of some states; `powers` has shape (days used, states, ends).

    With `hit`, one more day follows the stretch, and the last move is made on it.
    """

    block: Block
    ends: Ints
    hit: bool
    powers: np.ndarray

    def table(self, days: Ints, starts: Ints) -> np.ndarray:
        """Ways through each number of days, shape (len(days), len(starts), len(ends))."""
        size = len(self.powers)
        choices = binomials(int(days.max(initial=0)), size)[days, :size]
        # Not by tensordot: for tables of this size the threads of a BLAS cost more than they save.
        return np.einsum("rk,kse->rse", choices, self.powers[:, starts, :], optimize=False)


def _choices(able: Ints, leaving: Ints, losses: Ints, both: Ints) -> np.ndarray:
    """Ways to deal `leaving` patients out of `able`, and the inner endpoint's losses to as many of a day's losses."""
    ways = np.ones(len(able))
    for k in range(int(leaving.max(initial=0))):
        ways *= np.where(k < leaving, able - k, 1)
    for k in range(int(both.max(initial=0))):
        ways *= np.where(k < both, losses - k, 1)
    return np.maximum(ways, 0.0)
