"""Backwards over the ladder: from each cell, how many ways lead on to a history that possibly prints everything.

The layers are made from the last step to the first. A layer holds, for each phase, the completions of a history that
stands in a cell with every landmark passed that can be passed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from helpers.inversion.certify.effort import Effort
from helpers.inversion.certify.grid import Box, Grid


@dataclass(frozen=True)
class Layer:
    """Completions after `step` steps.

    `here` by phase, each over the phase's box; it is changed in place by the next layer. `event` by phase: blocks of
    cells with the share of their completions that goes on by an event. `stop` by phase, over its landmark's box: the
    share of the event's arrivals that ends there (None: none).
    """

    step: int
    here: list[np.ndarray]
    event: list[list[tuple[Box, np.ndarray]]]
    stop: list[np.ndarray | None]


def layers(grid: Grid, masks: Sequence[np.ndarray], effort: Effort) -> Iterator[Layer]:
    """One layer a step, the last step first.

    `masks` are the cells in which each landmark, the last one included, is possibly printed.
    """
    last = grid.task.last
    here = [np.zeros(box.shape) for box in grid.phases]
    for step in range(grid.steps - 1, -1, -1):
        effort.spend(0.4 * grid.cells)
        settle(grid, here, masks, step + 1)
        ends: list[np.ndarray | None] = [None] * (last + 1)
        for phase in range(last, -1, -1):
            ends[phase] = _ends(grid, masks, phase, step + 1, ends[phase + 1] if phase < last else None)
        stop = [
            None if end is None else _share(end, end + here[phase][_inside(grid, phase)])
            for phase, end in enumerate(ends)
        ]
        event = [_step_back(grid, here[phase], phase, step, end) for phase, end in enumerate(ends)]
        yield Layer(step, here, event, stop)


def _step_back(
    grid: Grid, here: np.ndarray, phase: int, step: int, ends: np.ndarray | None
) -> list[tuple[Box, np.ndarray]]:
    """One phase, in place, from the layer after a step to the one before it; returns the shares that go by an event."""
    box, mark = grid.phases[phase], grid.marks[phase]
    shares = []
    for source, target in reversed(list(grid.moves(phase, step))):
        event = here[target].copy()
        if ends is not None:
            reached = _box(target, box)
            event[mark.within(reached)] += ends[reached.within(mark)]
        here[source] += event
        shares.append((_box(source, box), _share(event, here[source])))
    return shares


def _box(part: tuple[slice, slice], box: Box) -> Box:
    """The cells of a part of an array over a box."""
    rows, cols = part
    return Box(rows.start, rows.stop, cols.start, cols.stop).moved(box.row0, box.col0)


def _inside(grid: Grid, phase: int) -> tuple[slice, slice]:
    return grid.marks[phase].within(grid.phases[phase])


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.zeros(whole.shape), where=whole > 0)


def settle(grid: Grid, here: Sequence[np.ndarray], masks: Sequence[np.ndarray], position: int) -> None:
    """The completions with every landmark passed that can be passed after so many steps, in place."""
    for phase in range(grid.task.last - 1, -1, -1):
        if grid.open(phase, position, outer=True):
            inside = _inside(grid, phase)
            following = here[phase + 1]
            value = np.zeros(grid.marks[phase].shape)
            collapse = grid.flat[phase + 1] and not grid.flat[phase]
            rows, cols = min(value.shape[0], following.shape[0]), min(value.shape[1], following.shape[1])
            value[:rows, : None if collapse else cols] = following[:rows, : 1 if collapse else cols]
            here[phase][inside] = np.where(masks[phase], value, here[phase][inside])


def _ends(
    grid: Grid, masks: Sequence[np.ndarray], phase: int, position: int, beyond: np.ndarray | None
) -> np.ndarray | None:
    """Over a landmark's box: 1 where an arriving event may end the history, every landmark ahead passed at once."""
    last = grid.task.last
    if phase == last:
        return masks[last].astype(float) if grid.closes(last, position) else None
    if beyond is None or not grid.closes(phase, position):
        return None
    mark, ahead = grid.marks[phase], grid.marks[phase + 1]
    spread = np.zeros(mark.shape)
    rows, cols = mark.within(ahead)
    row = max(0, ahead.row0 - mark.row0)
    piece = beyond[rows]
    if grid.flat[phase + 1] and not grid.flat[phase]:
        spread[row : row + piece.shape[0]] = piece[:, :1]
    else:
        piece = piece[:, cols]
        col = max(0, ahead.col0 - mark.col0)
        spread[row : row + piece.shape[0], col : col + piece.shape[1]] = piece
    return spread * masks[phase]
