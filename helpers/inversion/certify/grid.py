"""The grid: the curve's state in whole steps, with a certain bound on what the whole steps leave out.

An event among r patients adds ln(r / (r − 1)) to −ln S and 1 / (r (r − 1)) to G; a censoring adds nothing. G is kept
as its excess H = G − λ (−ln S) over the least it can be, λ being the ratio of the two gains at r = n. Both gains are
rounded to whole multiples of a step once for each r, so a history lands in one cell, and its true values differ
from the cell's by a sum of known rounding errors: by at least the sum of the negative ones, at most that of the
positive ones. A phase is the time between two landmarks; it keeps only the part of the plane from which the next
landmark can be reached. A phase without a printed limit ahead of it has no G: one column.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor, inf, log

import numpy as np

from helpers.conventions import Convention
from helpers.inversion.certify.region import Boxes, classify
from helpers.inversion.certify.task import Task

_ROOM = 1e-10
_BLOCK, _FLAT_BLOCK = 96, 65_536  # rows gone through together
Pair = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle of cells: rows of −ln S, columns of H; the ends are not included."""

    row0: int
    row1: int
    col0: int
    col1: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return max(0, self.row1 - self.row0), max(0, self.col1 - self.col0)

    def within(self, outer: Box) -> tuple[slice, slice]:
        """Where the part of this box inside `outer` lies in an array over `outer`."""
        row0, col0 = max(self.row0, outer.row0) - outer.row0, max(self.col0, outer.col0) - outer.col0
        row1, col1 = min(self.row1, outer.row1) - outer.row0, min(self.col1, outer.col1) - outer.col0
        return slice(row0, max(row0, row1)), slice(col0, max(col0, col1))

    def moved(self, rows: int, cols: int) -> Box:
        """The same rectangle elsewhere."""
        return Box(self.row0 + rows, self.row1 + rows, self.col0 + cols, self.col1 + cols)


@dataclass(frozen=True)
class Grid:
    """Whole steps of the ladder, the box of each landmark and the box and flatness of each phase.

    `rows` and `cols` give the shift of an event at each step, shape (n - 1,). The true −ln S of a cell lies in
    row · step_s + error_s, its H in column · step_h + error_h, and G = H + tilt · (−ln S).
    `rest_s` and `rest_h` are what rounding leaves out of each event's gains, shape (n - 1,).
    """

    task: Task
    step_s: float
    step_h: float
    tilt: float
    rows: np.ndarray
    cols: np.ndarray
    error_s: tuple[float, float]
    error_h: tuple[float, float]
    rest_s: np.ndarray
    rest_h: np.ndarray
    marks: tuple[Box, ...]
    phases: tuple[Box, ...]
    flat: tuple[bool, ...]

    @property
    def cells(self) -> int:
        """Cells of all phases."""
        return sum(box.shape[0] * box.shape[1] for box in self.phases)

    @property
    def empty(self) -> bool:
        """Some landmark cannot be reached at all."""
        return any(0 in box.shape for box in (*self.marks, *self.phases))

    @property
    def steps(self) -> int:
        """Steps to go through."""
        return max(0, min(self.task.most[-1], self.task.n - 1))

    def shift(self, phase: int, step: int) -> tuple[int, int]:
        """How far an event moves in a phase."""
        return int(self.rows[step]), 0 if self.flat[phase] else int(self.cols[step])

    def open(self, k: int, position: int, *, outer: bool) -> bool:
        """Whether landmark k may be passed after so many steps."""
        most = max(self.task.most[k], self.task.least[k]) if outer else self.task.most[k]
        return self.task.least[k] <= position <= most

    def closes(self, k: int, position: int) -> bool:
        """Whether an event after so many steps may be both the last of the history and the last before landmark k."""
        return position <= self.task.most[k]

    def verdicts(
        self, k: int, convention: Convention, within: tuple[Pair, Pair] | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Cells of landmark k's box that certainly, and that possibly, print it; the start is decided exactly.

        With `within`, only for histories whose sums of `rest_s` and `rest_h` lie in these two ranges.
        """
        box, n = self.marks[k], self.task.n
        (s_low, s_high), (h_low, h_high) = within or (self.error_s, self.error_h)
        depth = np.arange(box.row0, box.row1)[:, None] * self.step_s
        shallow, deep = depth + s_low - _ROOM, depth + s_high + _ROOM
        shallow = np.maximum(shallow, log(n / (n - 1)) * (1 - 1e-9) if n > 1 else 1.0)
        if self.flat[k]:
            low = high = np.zeros((1, 1))
        else:
            h = np.arange(box.col0, box.col1)[None, :] * self.step_h
            low = h + h_low - _ROOM + self.tilt * shallow
            low = np.maximum(low, (1 - 1e-9) / (n * max(n - 1, 1)))
            high = np.maximum(h + h_high + _ROOM + self.tilt * np.maximum(deep, shallow), low)
        boxes = Boxes(-np.maximum(deep, shallow), -shallow, low, high)
        certain, possible = classify(boxes, self.task.landmarks[k], convention)
        if box.row0 == 0:
            certain[0], possible[0] = False, False
            if box.col0 == 0 and possible.shape[1]:
                certain[0, 0] = possible[0, 0] = self.task.start_prints(k, convention)
        return certain, possible

    def union_verdicts(
        self, k: int, conventions: Sequence[Convention], within: tuple[Pair, Pair] | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """The same under at least one of several conventions."""
        certain, possible = np.zeros(self.marks[k].shape, bool), np.zeros(self.marks[k].shape, bool)
        for convention in conventions:
            c, p = self.verdicts(k, convention, within)
            certain |= c
            possible |= p
        return certain, possible

    def moves(self, phase: int, step: int) -> Iterator[tuple[tuple[slice, slice], tuple[slice, slice]]]:
        """Pairs of slices (from, to) that cover every move of an event at a step in a phase, deepest rows first.

        Cells that no history can occupy, or from which the phase's landmark is out of reach, are left out.
        """
        dr, dc = self.shift(phase, step)
        box, mark = self.phases[phase], self.marks[phase]
        top = min(box.row1 - dr, int(self.rows[:step].sum()) + 1)
        bottom = box.row0
        height = _FLAT_BLOCK if self.flat[phase] else _BLOCK
        while top > bottom:
            row = max(bottom, top - height)
            col0, col1 = self._columns(phase, step, row, top)
            col1 = min(col1, box.col1 - dc, self._ceiling(phase, step, top + dr, mark) - dc)
            if col1 > col0:
                source = Box(row, top, col0, col1)
                yield source.within(box), source.moved(dr, dc).within(box)
            top = row

    def _columns(self, phase: int, step: int, row0: int, row1: int) -> tuple[int, int]:
        """The columns that some rows can have after so many steps."""
        if self.flat[phase]:
            return 0, 1
        box = self.phases[phase]
        if step == 0:
            return box.col0, min(box.col1, 1)
        low = floor(row0 * self._ratios[0][step - 1] - _ROOM)
        high = ceil(row1 * self._ratios[1][step - 1] + _ROOM) + 1
        return max(low, box.col0), min(high, box.col1)

    def _ceiling(self, phase: int, step: int, row1: int, mark: Box) -> int:
        """One past the last column from which the landmark's box can still be reached from above its rows."""
        if self.flat[phase] or row1 > mark.row0 or step + 1 >= len(self.rows):
            return mark.col1
        return mark.col1 - floor(max(0.0, (mark.row0 - row1) * self._ratios[2][step + 1] - _ROOM))

    @cached_property
    def _ratios(self) -> tuple[list[float], list[float], list[float]]:
        """Columns moved for each row: the least and the most so far, and the least from a step on."""
        ratio = self.cols / self.rows
        ahead = np.minimum.accumulate(ratio[::-1])[::-1]
        return np.minimum.accumulate(ratio).tolist(), np.maximum.accumulate(ratio).tolist(), ahead.tolist()


def grid_of(task: Task, conventions: Sequence[Convention], cells: int) -> Grid:
    """The finest grid with at most about so many cells, balanced between S and G."""
    coarse, fine = 64.0, 1e-6
    best = _grid(task, conventions, coarse)
    while coarse / fine > 1.05:
        middle = (coarse * fine) ** 0.5
        grid = _grid(task, conventions, middle)
        if grid.cells > cells:
            fine = middle
        else:
            coarse, best = middle, grid
    return best


def _grid(task: Task, conventions: Sequence[Convention], fraction: float) -> Grid:
    """The grid whose steps are a fraction of the narrowest windows."""
    n, marks = task.n, range(len(task.landmarks))
    hulls = [_limits(task, k, conventions) for k in marks]
    uses_g = [mark.ci_low is not None or mark.ci_high is not None for mark in task.landmarks]
    flat = tuple(not any(uses_g[k:]) for k in marks)
    width_s, width_h = _narrowest(task, conventions, hulls)
    r = np.arange(n, 1, -1)
    gain_s, gain_g = np.log(r / (r - 1.0)), 1.0 / (r * (r - 1.0))
    tilt = float(gain_g[0] / gain_s[0]) if n > 1 else 0.0
    gain_h = np.maximum(gain_g - tilt * gain_s, 0.0)
    step_s, step_h = min(width_s * fraction, 0.4 / n), width_h * fraction
    rows, cols = np.rint(gain_s / step_s).astype(np.int64), np.rint(gain_h / step_h).astype(np.int64)
    most_g = max((h[3] for h, f in zip(hulls, flat, strict=True) if not f), default=np.inf)
    early = np.arange(len(r)) < task.most[-1]
    used = (gain_g <= most_g * (1 + 1e-6)) & early
    rest_s, rest_h = gain_s - rows * step_s, gain_h - cols * step_h
    error_s, error_h = _error(rest_s, early if any(flat) else used), _error(rest_h, used)
    boxes = []
    for (s0, s1, g0, g1), is_flat in zip(hulls, flat, strict=True):
        row0 = max(0, floor((s0 - error_s[1]) / step_s - _ROOM) - 1)
        row1 = max(0, floor((s1 - error_s[0]) / step_s + _ROOM) + 2)
        col0 = 0 if is_flat else max(0, floor((g0 - tilt * s1 - error_h[1]) / step_h - _ROOM) - 1)
        col1 = 1 if is_flat else max(0, floor((g1 - tilt * s0 - error_h[0]) / step_h + _ROOM) + 2)
        boxes.append(Box(row0, row1, col0, col1))
    nested = _nested(boxes, flat)
    phases = tuple(
        Box(
            nested[k - 1].row0 if k else 0,
            nested[k].row1,
            0 if flat[k] or not k else nested[k - 1].col0,
            nested[k].col1,
        )
        for k in marks
    )
    return Grid(task, step_s, step_h, tilt, rows, cols, error_s, error_h, rest_s, rest_h, tuple(nested), phases, flat)


def _limits(task: Task, k: int, conventions: Sequence[Convention]) -> tuple[float, float, float, float]:
    """Smallest and largest −ln S and G at a landmark; G is at most (1 − S) / (patients left)."""
    hull = task.window(k, conventions)
    if hull.empty:
        return 1.0, 0.0, 1.0, 0.0
    low = max(hull.s_low, (1 - 1e-9) / task.n)
    high = max(hull.s_high, low)
    left = max(1, task.n - max(task.most[k], task.least[k]))
    s0, s1 = (0.0 if high >= 1 else -log(high)), -log(low)
    g0, g1 = max(0.0, hull.g_low), hull.g_high
    if any(task.start_prints(k, c) for c in conventions):
        s0 = g0 = 0.0
    zero = task.zero_phase(conventions)
    if zero is not None and k >= zero:
        s1, low, g1 = max(log(max(task.n, 2)), s0) * (1 + 1e-9), 0.0, inf
    return s0, s1, g0, min(g1, (1 - low) / left * (1 + 1e-9) + 1e-12)


def _narrowest(
    task: Task, conventions: Sequence[Convention], hulls: Sequence[tuple[float, float, float, float]]
) -> tuple[float, float]:
    """The narrowest windows on −ln S and on G, not below a fiftieth of the range."""
    range_s, range_g = max(max(h[1] for h in hulls), 1e-3), max(max(h[3] for h in hulls), 1e-9)
    width_s, width_g = range_s, range_g
    for k in range(len(hulls)):
        for convention in {(c.interval, c.rounded_to): c for c in conventions}.values():
            s0, s1, g0, g1 = _limits(task, k, (convention,))
            if s1 > s0 and g1 > g0:
                width_s, width_g = min(width_s, s1 - s0), min(width_g, g1 - g0)
    return max(width_s, range_s / 500), max(width_g, range_g / 50)


def _error(differences: np.ndarray, used: np.ndarray) -> tuple[float, float]:
    kept = differences[used]
    return float(kept[kept < 0].sum()), float(kept[kept > 0].sum())


def _nested(boxes: Sequence[Box], flat: Sequence[bool]) -> list[Box]:
    """Each box cut to what later (and earlier) landmarks allow, as S only falls and H only grows."""
    found = []
    for k in range(len(boxes)):
        tail = [b for b, f in zip(boxes[k:], flat[k:], strict=True) if not f]
        head = [b for b, f in zip(boxes[: k + 1], flat[: k + 1], strict=True) if not f]
        found.append(
            Box(
                max(b.row0 for b in boxes[: k + 1]),
                min(b.row1 for b in boxes[k:]),
                0 if flat[k] else max(b.col0 for b in head),
                1 if flat[k] else min(b.col1 for b in tail),
            )
        )
    return found
