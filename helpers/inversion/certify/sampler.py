"""The sampler: histories drawn at random from the whole set, each decided exactly.

Candidates are drawn uniformly from the histories that possibly print everything, going forwards with the completions
counted backwards on a grid; those that do not print everything, in exact arithmetic, are thrown away. What is left is
uniform over the set, up to single-precision shares. The share kept, times the number of candidates there are,
estimates the size of the set. Histories that end with S = 0 are not drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from helpers.conventions import Convention
from helpers.inversion.certify.backward import layers, settle
from helpers.inversion.certify.effort import Effort, OutOfTimeError
from helpers.inversion.certify.grid import Box, Grid, grid_of
from helpers.inversion.certify.task import Task
from helpers.inversion.history import CENSORED, EVENT
from helpers.inversion.screen import screen

_CELLS = 3_000_000
_STORED = 30_000_000
_SMALLEST = 100_000
_BATCH = 4000
_HOPELESS = 24_000  # candidates after which it is given up if none prints
_DECISION = 6_000  # units of work to decide one history at one landmark under one convention


@dataclass(frozen=True)
class Draw:
    """One history of the set: under which of the conventions it prints, and the first way it does."""

    history: str
    conventions: tuple[Convention, ...]
    way: tuple[int, ...]


@dataclass(frozen=True)
class Sample:
    """Draws, with repetition, and what they say about the size of the set (not certified).

    Drawing stops at the last draw wanted, so with k draws among N candidates tried the share (k − 1) / (N − 1) is
    unbiased; `estimate` is that share of the candidates, `error` its standard error. None with fewer than two draws.
    """

    draws: tuple[Draw, ...]
    tried: int
    candidates: float
    finished: bool = True

    @property
    def estimate(self) -> float | None:
        """Size of the set, by the share of candidates kept."""
        if len(self.draws) < 2:
            return None
        return self.candidates * (len(self.draws) - 1) / (self.tried - 1) if self.tried > 1 else None

    @property
    def error(self) -> float | None:
        """Standard error of the estimate."""
        if self.estimate is None:
            return None
        share = len(self.draws) / self.tried
        return self.estimate * sqrt((1 - share) / len(self.draws))


@dataclass(frozen=True)
class _Ragged:
    """A table kept where it can be reached: from row `top` on, each row from its first column; single precision."""

    top: int
    first: np.ndarray
    width: np.ndarray
    offset: np.ndarray
    values: np.ndarray

    @classmethod
    def of(cls, blocks: Sequence[tuple[Box, np.ndarray]]) -> _Ragged:
        """From blocks of rows, in order."""
        if not blocks:
            none = np.zeros(0, np.int64)
            return cls(0, none, none, none, np.zeros(0, np.float32))
        heights = [box.shape[0] for box, _ in blocks]
        first = np.repeat([box.col0 for box, _ in blocks], heights)
        width = np.repeat([box.shape[1] for box, _ in blocks], heights)
        top, bottom = blocks[0][0].row0, blocks[-1][0].row1
        rows = np.concatenate([np.arange(box.row0, box.row1) for box, _ in blocks]) - top
        values = np.concatenate([share.astype(np.float32).ravel() for _, share in blocks])
        firsts, widths, offsets = (np.zeros(bottom - top, np.int64) for _ in range(3))
        firsts[rows], widths[rows], offsets[rows] = first, width, np.cumsum(width) - width
        return cls(top, firsts, widths, offsets, values)

    def at(self, row: np.ndarray, col: np.ndarray) -> np.ndarray:
        """Entries, 0 outside."""
        row, found = row - self.top, np.zeros(len(row))
        known = np.flatnonzero((row >= 0) & (row < len(self.first)))
        column = col[known] - self.first[row[known]]
        inside = (column >= 0) & (column < self.width[row[known]])
        known, column = known[inside], column[inside]
        found[known] = self.values[self.offset[row[known]] + column]
        return found


@dataclass(frozen=True)
class _Stored:
    """The shares of one step, by phase."""

    event: list[_Ragged]
    stop: list[np.ndarray | None]


class Sampler:
    """Shares of every step on one grid, ready to draw candidates."""

    def __init__(self, grid: Grid, conventions: Sequence[Convention], effort: Effort) -> None:
        """Go backwards once. Raises OutOfTimeError."""
        self.grid = grid
        self.masks = [grid.union_verdicts(k, conventions)[1] for k in range(len(grid.marks))]
        self._steps: list[_Stored] = []
        here = [np.zeros(box.shape) for box in grid.phases]
        for layer in layers(grid, self.masks, effort):
            stop = [None if table is None else table.astype(np.float32) for table in layer.stop]
            kept = _Stored([_Ragged.of(blocks) for blocks in layer.event], stop)
            self._steps.append(kept)
            here = layer.here
        self._steps.reverse()
        settle(grid, here, self.masks, 0)
        self.candidates = float(here[0][0, 0]) if here[0].size else 0.0

    def candidates_drawn(self, size: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """`(events, lengths)`: candidates as booleans of shape (size, steps), and where each ends."""
        grid = self.grid
        phase = np.zeros(size, np.int64)
        row, col = np.zeros(size, np.int64), np.zeros(size, np.int64)
        events = np.zeros((size, grid.steps), bool)
        lengths = np.full(size, -1)
        self._pass(phase, row, col, np.ones(size, bool), 0)
        for step, stored in enumerate(self._steps):
            going = lengths < 0
            if not going.any():
                break
            share = np.zeros(size)
            for p, table in enumerate(stored.event):
                own = np.flatnonzero(going & (phase == p))
                share[own] = table.at(row[own], np.zeros_like(own) if grid.flat[p] else col[own])
            event = going & (rng.random(size) < share)
            events[:, step] = event
            row[event] += grid.rows[step]
            col[event] += grid.cols[step]
            ending = rng.random(size)
            for p, stop in enumerate(stored.stop):
                if stop is not None:
                    own = np.flatnonzero(event & (phase == p))
                    chance = _looked_up(stop, *self._cell(p, grid.marks[p], row[own], col[own]))
                    lengths[own[ending[own] < chance]] = step + 1
            self._pass(phase, row, col, lengths < 0, step + 1)
        return events, lengths

    def _cell(self, phase: int, box: Box, row: np.ndarray, col: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where cells lie in a table over a box of a phase."""
        return row - box.row0, np.zeros_like(col) if self.grid.flat[phase] else col - box.col0

    def _pass(self, phase: np.ndarray, row: np.ndarray, col: np.ndarray, going: np.ndarray, position: int) -> None:
        """Pass every landmark that can be passed after so many steps, in place."""
        for p in range(self.grid.task.last):
            if self.grid.open(p, position, outer=True):
                own = np.flatnonzero(going & (phase == p))
                inside = _looked_up(self.masks[p], *self._cell(p, self.grid.marks[p], row[own], col[own]))
                phase[own[inside > 0]] += 1


def _looked_up(table: np.ndarray, row: np.ndarray, col: np.ndarray) -> np.ndarray:
    """Entries of a table, 0 outside it."""
    inside = (row >= 0) & (row < table.shape[0]) & (col >= 0) & (col < table.shape[1])
    found = np.zeros(len(row))
    found[inside] = table[row[inside], col[inside]]
    return found


def sample(
    task: Task,
    conventions: Sequence[Convention],
    size: int,
    effort: Effort,
    seed: int = 0,
    cells: int | None = None,
) -> Sample:
    """`size` draws from the set under at least one of the conventions, or as many as time allows.

    Parameters
    ----------
    task : what the histories must do.
    conventions : the ones to allow.
    size : draws wanted.
    seed : of the generator.
    cells : size of the grid; by default as fine as memory and time allow.
    """
    rng = np.random.default_rng(seed)
    wanted = cells or int(min(_CELLS, _STORED // max(1, task.n), _SMALLEST + effort.left / (0.8 * max(1, task.n))))
    draws: list[Draw] = []
    tried, candidates = 0, 0.0
    try:
        grid = grid_of(task, conventions, wanted)
        if grid.empty:
            return Sample((), 0, 0.0)
        sampler = Sampler(grid, conventions, effort)
        candidates = sampler.candidates
        while candidates and len(draws) < size and (draws or tried < _HOPELESS):
            effort.spend(_BATCH * (grid.steps * 3 + len(conventions) * 20))
            events, lengths = sampler.candidates_drawn(_BATCH, rng)
            hopeful = _hopeful(task, conventions, events, lengths)
            done = 0
            for k in np.flatnonzero(hopeful.any(0)).tolist():
                effort.spend(_DECISION * len(task.landmarks) * int(hopeful[:, k].sum()))
                tried, done = tried + k + 1 - done, k + 1
                history = "".join(EVENT if e else CENSORED for e in events[k, : lengths[k]].tolist())
                draw = _decided(task, history, [conventions[i] for i in np.flatnonzero(hopeful[:, k]).tolist()])
                if draw is not None:
                    draws.append(draw)
                    if len(draws) == size:
                        return Sample(tuple(draws), tried, candidates)
            effort.spend(0)
            tried += len(events) - done
    except OutOfTimeError:
        return Sample(tuple(draws), tried, candidates, finished=False)
    return Sample(tuple(draws), tried, candidates, finished=bool(draws) or not candidates)


def _hopeful(task: Task, conventions: Sequence[Convention], events: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Which candidates may print the last landmark under which convention, in floats; shape (conventions, size)."""
    log_s, g = _ends(task.n, events)
    hopeful = np.zeros((len(conventions), len(events)), bool)
    for i, convention in enumerate(conventions):
        sure, doubtful = screen(log_s, g, task.landmarks[-1], convention)
        hopeful[i] = (sure | doubtful) & (lengths >= 0)
    return hopeful


def _decided(task: Task, history: str, conventions: Sequence[Convention]) -> Draw | None:
    """The history with the conventions under which it prints everything, exactly; None if there is none."""
    ways = {c: task.ways(history, c) for c in conventions}
    fitting = {c: w for c, w in ways.items() if w}
    return Draw(history, tuple(fitting), next(iter(fitting.values()))[0]) if fitting else None


def _ends(n: int, events: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """ln S and G at the end of each candidate."""
    r = n - np.arange(events.shape[1])
    return events @ -np.log(r / (r - 1.0)), events @ (1.0 / (r * (r - 1.0)))
