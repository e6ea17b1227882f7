"""Certified bounds: the fewest and most events, censorings and patients left at each landmark, and S.

Dynamic programming over the cells of a grid: each cell keeps the fewest and the most events with which it can be
reached, in every way of passing the landmarks, and a way counts only if it can be completed. Cells are whole numbers,
and whatever possibly prints is let through, so no history of the set lies outside the bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp

import numpy as np

from helpers.conventions import Convention
from helpers.inversion.certify.grid import Box, Grid
from helpers.inversion.certify.task import Clock

_NONE_LOW, _NONE_HIGH = 30_000, -30_000
Labels = tuple[np.ndarray, np.ndarray]


@dataclass
class Passages:
    """How one landmark can be passed: the fewest and most events by length of the history, and the range of S."""

    events: dict[int, tuple[int, int]] = field(default_factory=dict)
    survival: tuple[float, float] | None = None

    def add(self, length: int, low: int, high: int, survival: tuple[float, float]) -> None:
        """One more way."""
        old = self.events.get(length, (low, high))
        self.events[length] = min(low, old[0]), max(high, old[1])
        if self.survival is not None:
            survival = min(survival[0], self.survival[0]), max(survival[1], self.survival[1])
        self.survival = survival

    def span(self, quantity: str, n: int) -> tuple[int, int]:
        """Smallest and largest number of events, censored or at_risk (just after the last event before it)."""
        values = {
            "events": [e for pair in self.events.values() for e in pair],
            "censored": [m - e for m, pair in self.events.items() for e in pair],
            "at_risk": [n - m for m in self.events],
        }[quantity]
        return min(values), max(values)


def passages(grid: Grid, conventions: Sequence[Convention], clock: Clock) -> tuple[Passages, ...]:
    """The possible passages of every landmark under a set of conventions, each landmark under any of them.

    A landmark that nothing can pass has no events. Raises OutOfTimeError.
    """
    return _Search(grid, conventions, clock).run()


class _Search:
    def __init__(self, grid: Grid, conventions: Sequence[Convention], clock: Clock) -> None:
        self.grid, self.task, self.clock = grid, grid.task, clock
        self.last = grid.task.last
        self.masks = [grid.union_verdicts(k, conventions)[1] for k in range(self.last + 1)]
        self.zero = grid.task.zero_phase(conventions)
        hulls = [grid.task.window(k, conventions) for k in range(self.last + 1)]
        self.hulls = [(max(0.0, h.s_low), min(1.0, h.s_high)) for h in hulls]
        self.found = tuple(Passages() for _ in grid.marks)
        self.open_after: dict[tuple[int, int, int], np.ndarray] = {}
        self.pending: dict[int, list[tuple[int, Box, Labels]]] = {}

    def run(self) -> tuple[Passages, ...]:
        grid, n = self.grid, self.task.n
        if self.zero == 0:
            for k in range(self.last + 1):
                self.found[k].add(n, 1, n, (0.0, 0.0))
        if self.last:
            self._look_ahead()
        labels = [_empty(box.shape) for box in grid.phases]
        labels[0][0][0, 0] = labels[0][1][0, 0] = 0
        arrived = _cut(labels[0], grid.phases[0], grid.marks[0])
        self._pass(0, 0, arrived, labels)
        for step in range(grid.steps):
            self.clock.check()
            self._enter(self.pending.pop(step, []), labels)
            arrivals = [self._arrivals(labels, phase, step) for phase in range(self.last + 1)]
            for phase, (low, high) in enumerate(labels):
                for source, target in grid.moves(phase, step):
                    low[target] = np.minimum(low[target], low[source] + 1)
                    high[target] = np.maximum(high[target], high[source] + 1)
            for phase, arrived in enumerate(arrivals):
                self._pass(phase, step + 1, arrived, labels)
        return self.found

    def _arrivals(self, labels: Sequence[Labels], phase: int, step: int) -> Labels:
        """The labels that an event at a step brings into the phase's landmark's box."""
        source = self.grid.marks[phase].moved(*(-d for d in self.grid.shift(phase, step)))
        low, high = _cut(labels[phase], self.grid.phases[phase], source)
        return low + 1, high + 1

    def _pass(self, first: int, length: int, arrived: Labels, labels: Sequence[Labels]) -> None:
        """Pass one landmark after another at the same length; note each passage that can be completed."""
        low, high = arrived
        wait = length
        for k in range(first, self.last + 1):
            if length > self.task.most[k]:
                return
            fits = self.masks[k] & (high >= 0)
            if not fits.any():
                return
            wait = max(wait, self.task.least[k])
            good = fits
            if k < self.last:
                good = fits & self.open_after[k, first, length]
            if good.any():
                self._note(k, length, low[good], high[good], np.flatnonzero(good.any(1)))
            if k + 1 == self.zero:
                self._note_zero(int(low[fits].min()), int(high[fits].max()), wait)
            if k == self.last:
                return
            low, high = np.where(fits, low, _NONE_LOW), np.where(fits, high, _NONE_HIGH)
            box = self.grid.marks[k]
            if self.grid.flat[k + 1] and not self.grid.flat[k]:
                low, high = low.min(1, keepdims=True), high.max(1, keepdims=True)
                box = Box(box.row0, box.row1, 0, 1)
            if wait > length:
                self.pending.setdefault(wait, []).append((k + 1, box, (low, high)))
            else:
                self._enter([(k + 1, box, (low, high))], labels)
            low, high = _cut((low, high), box, self.grid.marks[k + 1])

    def _enter(self, entries: Sequence[tuple[int, Box, Labels]], labels: Sequence[Labels]) -> None:
        for phase, box, (low, high) in entries:
            here = self.grid.phases[phase]
            target, source = box.within(here), here.within(box)
            labels[phase][0][target] = np.minimum(labels[phase][0][target], low[source])
            labels[phase][1][target] = np.maximum(labels[phase][1][target], high[source])

    def _note(self, k: int, length: int, low: np.ndarray, high: np.ndarray, rows: np.ndarray) -> None:
        grid, box = self.grid, self.grid.marks[k]
        deep = (box.row0 + int(rows[-1])) * grid.step_s + grid.error_s[1]
        shallow = (box.row0 + int(rows[0])) * grid.step_s + grid.error_s[0]
        survival = max(exp(-deep) - 1e-9, self.hulls[k][0]), min(exp(-shallow) + 1e-9, self.hulls[k][1])
        self.found[k].add(length, int(low.min()), int(high.max()), survival)

    def _note_zero(self, low: int, high: int, position: int) -> None:
        """From here the curve may fall to 0 with the last patient, whatever happens in between."""
        n = self.task.n
        assert self.zero is not None
        for k in range(self.zero, self.last + 1):
            self.found[k].add(n, low + 1, high + n - min(position, n - 1), (0.0, 0.0))

    def _look_ahead(self) -> None:
        """Backwards: whether a history that passes landmark k at some length, the chain begun at `first`, can go on."""
        grid, task = self.grid, self.task
        free = [np.full(box.shape, self.zero is not None and p >= self.zero) for p, box in enumerate(grid.phases)]
        saved: dict[tuple[int, int], np.ndarray] = {}
        waits = set(task.least)
        for length in range(grid.steps, -1, -1):
            self.clock.check()
            if length < grid.steps:
                self._step_back(free, length)
            if length in waits:
                saved |= {(p, length): a.copy() for p, a in enumerate(free)}
            for first in range(self.last):
                for k in range(self.last - 1, first - 1, -1):
                    wait = max(length, *task.least[first : k + 1])
                    layer = free[k + 1] if wait == length else saved.get((k + 1, wait))
                    self.open_after[k, first, length] = self._onward(k, first, length, layer)

    def _onward(self, k: int, first: int, length: int, layer: np.ndarray | None) -> np.ndarray:
        grid, mark = self.grid, self.grid.marks[k]
        if self.zero is not None and k + 1 >= self.zero:
            return np.ones(mark.shape, bool)
        onward = np.zeros(mark.shape, bool)
        if layer is not None:
            _merge(onward, layer, mark, grid.phases[k + 1], collapse=grid.flat[k + 1] and not grid.flat[k])
        if length <= self.task.most[k + 1]:
            follows = self.masks[k + 1].copy()
            if k + 1 < self.last:
                follows &= self.open_after[k + 1, first, length]
            _merge(onward, follows, mark, grid.marks[k + 1], collapse=grid.flat[k + 1] and not grid.flat[k])
        return onward

    def _step_back(self, free: list[np.ndarray], step: int) -> None:
        """From the layer after a step to the layer before it."""
        grid, length = self.grid, step + 1
        for phase, box in enumerate(grid.phases):
            arrived = free[phase].copy()
            if length <= self.task.most[phase]:
                ends = self.masks[phase]
                if phase < self.last:
                    ends = ends & self.open_after[phase, phase, length]
                arrived[grid.marks[phase].within(box)] |= ends
            for source, target in grid.moves(phase, step):
                free[phase][source] |= arrived[target]


def _merge(into: np.ndarray, other: np.ndarray, box: Box, other_box: Box, *, collapse: bool) -> None:
    """Or a table over another box into one over `box`; with `collapse` the other has no columns."""
    if collapse:
        wide = Box(other_box.row0, other_box.row1, box.col0, box.col1)
        rows = wide.within(box)[0], slice(None)
        into[rows] |= other[box.within(wide)[0]]
    else:
        into[other_box.within(box)] |= other[box.within(other_box)]


def _empty(shape: tuple[int, int]) -> Labels:
    return np.full(shape, _NONE_LOW, np.int16), np.full(shape, _NONE_HIGH, np.int16)


def _cut(labels: Labels, box: Box, target: Box) -> Labels:
    """Labels over one box as labels over another; nothing where they do not overlap."""
    low, high = _empty(target.shape)
    into, out = box.within(target), target.within(box)
    low[into], high[into] = labels[0][out], labels[1][out]
    return low, high
