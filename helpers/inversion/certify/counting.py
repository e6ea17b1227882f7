"""The certified count: how many histories certainly print everything, and how many possibly do.

Dynamic programming over the ladder on the cells of a grid. Each history takes one path: it passes a landmark at the
first moment at which it may, so it is counted once however many ways it has. With the cells that certainly print it
gives a lower limit, with those that possibly do an upper limit. Counts are floating-point sums of at most a few
thousand non-negative terms in sequence, so they are within a part in 10¹¹ of the exact sums, and exact below 2⁵³.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from helpers.conventions import Convention
from helpers.inversion.certify.effort import Effort, OutOfTimeError
from helpers.inversion.certify.grid import Grid, grid_of
from helpers.inversion.certify.task import Task

_RELATIVE = 1e-11
_EXACT = 2.0**53
_MOST_PATIENTS = 1000  # beyond, counts leave the range of floating point
_FIRST_CELLS = 60_000
_MOST_CELLS = 8_000_000
VERDICT = 12  # units of work to judge one cell under one convention
_CLOSE = 1.02
_SINGLE = 3  # conventions counted one by one where there are several landmarks


@dataclass(frozen=True)
class Range:
    """A certified range for a number of histories, ends included; `high` None where nothing is known."""

    low: int
    high: int | None

    def tightened(self, other: Range) -> Range:
        """What both allow."""
        highs = [r.high for r in (self, other) if r.high is not None]
        return Range(max(self.low, other.low), min(highs, default=None))

    @property
    def close(self) -> bool:
        """Whether there is little left to gain."""
        return self.high is not None and (self.high <= self.low or self.high < _CLOSE * self.low)


@dataclass(frozen=True)
class Count:
    """The counts found so far: for the union of the conventions, and for each of them where that was computed."""

    union: Range
    by_convention: dict[Convention, Range]
    cells: int = 0
    finished: bool = True


def count_on(grid: Grid, conventions: Sequence[Convention], effort: Effort) -> Count:
    """The certified range on one grid.

    With one landmark a single pass serves every convention. With several, the upper limit lets each landmark be
    printed under a convention of its own, and the lower limit is the best of the first few conventions, one by one.
    """
    task = grid.task
    if len(task.landmarks) > 1:
        return _count_many(grid, conventions, effort)
    zero = task.zero_phase(conventions)
    tally, _ = forward(grid, (), effort, zero=None, outer=True)
    everything = _zero_completions(task, 0) if zero == 0 else 0.0
    some, any_ = np.zeros(grid.marks[0].shape, bool), np.zeros(grid.marks[0].shape, bool)
    found: dict[Convention, Range] = {}
    for convention in conventions:
        effort.spend(VERDICT * grid.marks[0].shape[0] * grid.marks[0].shape[1])
        certain, possible = grid.verdicts(0, convention)
        some |= certain
        any_ |= possible
        extra = everything if task.zero_phase((convention,)) == 0 else 0.0
        extra += _empty_prints(task, (convention,))
        found[convention] = _range(task, tally[certain].sum() + extra, tally[possible].sum() + extra)
    extra = everything + _empty_prints(task, conventions)
    return Count(_range(task, tally[some].sum() + extra, tally[any_].sum() + extra), found, grid.cells)


def _count_many(grid: Grid, conventions: Sequence[Convention], effort: Effort) -> Count:
    """With several landmarks: the hull of the conventions for the upper limit, then one convention after another."""
    task, marks = grid.task, range(len(grid.task.landmarks))

    def total(masks: Sequence[np.ndarray], some: Sequence[Convention], *, outer: bool) -> float:
        tally, zeros = forward(grid, masks[:-1], effort, zero=task.zero_phase(some), outer=outer)
        return float(tally[masks[-1]].sum()) + zeros + _empty_prints(task, some)

    effort.spend(VERDICT * len(conventions) * sum(box.shape[0] * box.shape[1] for box in grid.marks))
    high = total([grid.union_verdicts(k, conventions)[1] for k in marks], conventions, outer=True)
    union, found = Range(0, _range(task, 0.0, high).high), {}
    try:
        for convention in conventions[:_SINGLE]:
            masks = [grid.verdicts(k, convention) for k in marks]
            upper = high
            if len(conventions) > 1:
                upper = total([m[1] for m in masks], (convention,), outer=True)
            lower = total([m[0] for m in masks], (convention,), outer=False) if upper else 0.0
            found[convention] = _range(task, lower, upper)
            union = union.tightened(Range(found[convention].low, None))
    except OutOfTimeError:
        return Count(union, found, grid.cells, finished=False)
    if len(found) == len(conventions):
        union = union.tightened(Range(0, sum(r.high or 0 for r in found.values())))
    return Count(union, found, grid.cells)


def count(task: Task, conventions: Sequence[Convention], effort: Effort, most_cells: int = _MOST_CELLS) -> Count:
    """Certified ranges on ever finer grids until they are close, the cells run out or the time does."""
    best = Count(Range(0, None), {}, finished=False)
    if task.n > _MOST_PATIENTS:
        return best
    cells = _FIRST_CELLS
    while cells <= most_cells:
        before = effort.left
        try:
            grid = grid_of(task, conventions, cells)
            if grid.empty:
                if task.zero_phase(conventions) is not None:  # S = 0 needs no cell
                    return best
                return Count(Range(0, 0), dict.fromkeys(conventions, Range(0, 0)))
            found = count_on(grid, conventions, effort)
        except OutOfTimeError:
            return Count(best.union, best.by_convention, best.cells, finished=False)
        before_that, best = best.union, _better(best, found)
        if best.union.close or best.union == before_that or (before - effort.left) * 5 > effort.left:
            break
        cells *= 5
    return best


def forward(
    grid: Grid,
    middle: Sequence[np.ndarray],
    effort: Effort,
    *,
    zero: int | None,
    outer: bool,
    weights: tuple[np.ndarray, int] | None = None,
) -> tuple[np.ndarray, float]:
    """`(tally, zeros)`: histories that end in each cell of the last landmark's box, and those that end in S = 0.

    Parameters
    ----------
    middle : for each landmark but the last, the cells in which it is passed.
    zero : the landmark from which on S = 0 prints them all, if any.
    outer : whether doubtful passages are allowed.
    weights : a factor for the event of each step, and the landmark after which events count once again.
    """
    task, last = grid.task, grid.task.last
    mass = [np.zeros(box.shape) for box in grid.phases]
    mass[0][0, 0] = 1.0
    tally = np.zeros(grid.marks[-1].shape)
    zeros = _zero_completions(task, 0) if zero == 0 else 0.0
    zeros += _settle(grid, mass, middle, 0, zero, outer=outer)
    for step in range(grid.steps):
        effort.spend(0.15 * grid.cells + sum(mark.shape[0] * mark.shape[1] for mark in grid.marks))
        if grid.closes(last, step + 1):
            tally += _arrivals(grid, mass, middle, step, weights)
        for phase in range(last + 1):
            a, factor = mass[phase], _factor(weights, phase, step)
            for source, target in grid.moves(phase, step):
                a[target] += a[source] if factor == 1.0 else a[source] * factor
        zeros += _settle(grid, mass, middle, step + 1, zero, outer=outer)
    return tally, zeros


def _arrivals(
    grid: Grid,
    mass: Sequence[np.ndarray],
    middle: Sequence[np.ndarray],
    step: int,
    weights: tuple[np.ndarray, int] | None,
) -> np.ndarray:
    """What an event at a step brings into the last landmark's box, every earlier landmark passed."""
    carried: np.ndarray | None = None
    for phase, mark in enumerate(grid.marks):
        arrived = np.zeros(mark.shape)
        dr, dc = grid.shift(phase, step)
        box = grid.phases[phase]
        source = mark.moved(-dr, -dc)
        rows, cols = source.within(box)
        row, col = max(0, box.row0 - source.row0), max(0, box.col0 - source.col0)
        piece = mass[phase][rows, cols] * _factor(weights, phase, step)
        arrived[row : row + piece.shape[0], col : col + piece.shape[1]] += piece
        if carried is not None:
            arrived += _embedded(grid, phase, carried)
        if phase == grid.task.last:
            return arrived
        carried = arrived * middle[phase] if grid.closes(phase, step + 1) else None
    raise AssertionError


def _factor(weights: tuple[np.ndarray, int] | None, phase: int, step: int) -> float:
    return float(weights[0][step]) if weights is not None and phase <= weights[1] else 1.0


def _embedded(grid: Grid, phase: int, passed: np.ndarray) -> np.ndarray:
    """What passed the landmark before a phase, cut to the box of the phase's own landmark."""
    before, mark = grid.marks[phase - 1], grid.marks[phase]
    if grid.flat[phase] and not grid.flat[phase - 1]:
        passed = passed.sum(1, keepdims=True)
    rows, cols = (mark.within(before)[0], slice(None)) if grid.flat[phase] else mark.within(before)
    piece = passed[rows, cols]
    whole = np.zeros(mark.shape)
    row, col = max(0, before.row0 - mark.row0), 0 if grid.flat[phase] else max(0, before.col0 - mark.col0)
    whole[row : row + piece.shape[0], col : col + piece.shape[1]] = piece
    return whole


def _settle(
    grid: Grid,
    mass: Sequence[np.ndarray],
    middle: Sequence[np.ndarray],
    position: int,
    zero: int | None,
    *,
    outer: bool,
) -> float:
    """Pass every landmark that can be passed after so many steps; returns the histories this sends to S = 0."""
    zeros = 0.0
    for phase in range(grid.task.last):
        if not grid.open(phase, position, outer=outer):
            continue
        inside = grid.marks[phase].within(grid.phases[phase])
        moved = mass[phase][inside] * middle[phase]
        mass[phase][inside] -= moved
        if phase + 1 == zero:
            zeros += float(moved.sum()) * _zero_completions(grid.task, position)
        if grid.flat[phase + 1] and not grid.flat[phase]:
            moved = moved.sum(1, keepdims=True)
        target = mass[phase + 1]
        rows, cols = min(moved.shape[0], target.shape[0]), min(moved.shape[1], target.shape[1])
        target[:rows, :cols] += moved[:rows, :cols]
    return zeros


def _zero_completions(task: Task, position: int) -> float:
    """Ways on to S = 0 after so many steps: everything is free but the last step."""
    return 2.0 ** (task.n - 1 - position)


def _empty_prints(task: Task, conventions: Sequence[Convention]) -> float:
    return float(any(task.ways("", c) for c in conventions))


def _range(task: Task, low: float, high: float) -> Range:
    """With room for the rounding of sums; a lower limit says nothing where printed counts were left out."""
    down = low if low < _EXACT else low * (1 - _RELATIVE)
    up = high if high < _EXACT else high * (1 + _RELATIVE)
    return Range(0 if task.partial else ceil(down), floor(up))


def _better(a: Count, b: Count) -> Count:
    every = {**a.by_convention, **b.by_convention}
    joined = {c: r.tightened(a.by_convention.get(c, r)).tightened(b.by_convention.get(c, r)) for c, r in every.items()}
    return Count(a.union.tightened(b.union), joined, b.cells, b.finished)
