"""A narrower certified range for the count, by bounding how many histories have large rounding errors.

On the grid a history's true −ln S and H differ from its cell's by sums of rounding errors. The sums of nearly all
histories are far smaller than the largest there can be, and how many are not is bounded as Chernoff did: the number
of histories whose sum exceeds t is at most Σ exp(θ (sum − t)), and that sum comes from the same dynamic programming
with a factor exp(θ · error) for each event. So cells are judged with small errors, and the rest is added or taken off.
Where to put the limits is read off a sample; the limits hold wherever they are put.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, exp, floor

import numpy as np

from helpers.conventions import Convention
from helpers.inversion.certify.counting import VERDICT, Range, forward
from helpers.inversion.certify.effort import Effort, OutOfTimeError
from helpers.inversion.certify.grid import Grid, Pair, grid_of
from helpers.inversion.certify.sampler import Draw
from helpers.inversion.certify.task import Task
from helpers.inversion.history import EVENT

_INNER = 3.3  # standard deviations allowed to the histories of the lower limit
_RINGS = (2.2, 2.7, 3.2, 3.7, 4.2, 4.8, 5.5, 6.5, 8.0)
_SLOPE = 3.2
_ROOM = 1e-9
_LARGEST_EXPONENT = 660.0
_LEAST_DRAWS = 20
_MOST_PATIENTS = 850  # beyond, the products leave the range of floating point
_CELLS = (1_000_000, 6_000_000)


@dataclass(frozen=True)
class Errors:
    """Centre and spread of the two sums at one landmark."""

    centre: tuple[float, float]
    spread: tuple[float, float]

    @classmethod
    def of(cls, grid: Grid, draws: Sequence[Draw], k: int) -> Errors:
        """Those of the draws at landmark k; a spread is never taken as nothing."""
        sums = np.zeros((len(draws), 2))
        for i, draw in enumerate(draws):
            events = np.array([j for j in range(draw.way[k]) if draw.history[j] == EVENT], int)
            events = events[events < len(grid.rest_s)]
            sums[i] = grid.rest_s[events].sum(), grid.rest_h[events].sum()
        spread = np.maximum(sums.std(axis=0), (0.05 * grid.step_s, 0.05 * grid.step_h))
        centre = sums.mean(axis=0)
        return cls((float(centre[0]), float(centre[1])), (float(spread[0]), float(spread[1])))

    def within(self, deviations: float) -> tuple[Pair, Pair]:
        """Both sums within so many standard deviations of their centres."""
        (s, h), (ds, dh) = self.centre, self.spread
        return (s - deviations * ds, s + deviations * ds), (h - deviations * dh, h + deviations * dh)


def narrowed(task: Task, conventions: Sequence[Convention], draws: Sequence[Draw], effort: Effort) -> Range:
    """A certified range for the union of the conventions, on ever finer grids while the time lasts.

    With several landmarks the lower limit is that of the commonest convention among the draws, and the upper limit
    uses small errors at the last landmark only. Nothing is known (0 and None) with fewer than twenty draws.
    """
    known = Range(0, None)
    if len(draws) < _LEAST_DRAWS or task.n > _MOST_PATIENTS or task.zero_phase(conventions) is not None:
        return known
    for cells in _CELLS:
        before = effort.left
        grid = grid_of(task, conventions, cells)
        errors = [Errors.of(grid, draws, k) for k in range(len(task.landmarks))]
        try:
            known = known.tightened(Range(0, upper(grid, conventions, errors[-1], effort)))
            if not task.partial:
                known = known.tightened(Range(lower(grid, conventions, draws, errors, effort), None))
        except OutOfTimeError:
            break
        if known.close or (before - effort.left) * 5 > effort.left:
            break
    return known


def _tilts(grid: Grid, errors: Errors, k: int) -> Iterator[tuple[np.ndarray, float, float]]:
    """`(factors by step, scale, slope)` for each side of each sum.

    The product of a history's factors, times the scale, is exp(θ (sum − centre)); the slope is θ in spreads. Any θ
    gives a true bound, so it is made small enough that no product leaves the range of floating point.
    """
    most = _LARGEST_EXPONENT - 0.7 * grid.task.n
    rests = [(grid.rest_s, errors.centre[0], errors.spread[0])]
    if not grid.flat[k]:
        rests.append((grid.rest_h, errors.centre[1], errors.spread[1]))
    for rest, centre, spread in rests:
        for sign in (1.0, -1.0):
            theta = sign * min(_SLOPE / spread, most / (np.abs(rest).sum() + abs(centre) + spread))
            yield np.exp(theta * rest), exp(-theta * centre), abs(theta) * spread


def upper(grid: Grid, conventions: Sequence[Convention], errors: Errors, effort: Effort) -> int:
    """Cells that print with small errors in full; a cell further off by its histories with errors as large as that."""
    last = grid.task.last
    middle = [grid.union_verdicts(k, conventions)[1] for k in range(last)]
    tally, _ = forward(grid, middle, effort, zero=None, outer=True)
    sides = [
        (scale * forward(grid, middle, effort, zero=None, outer=True, weights=(factors, last))[0], slope)
        for factors, scale, slope in _tilts(grid, errors, last)
    ]
    total = 0.0
    left = grid.union_verdicts(last, conventions)[1]
    for outer, inner in zip(reversed(_RINGS), (*reversed(_RINGS[:-1]), None), strict=True):
        effort.spend(VERDICT * len(conventions) * tally.size)
        inside = grid.union_verdicts(last, conventions, errors.within(outer))[1] & left
        ring = left & ~inside
        beyond = sum((tilted[ring] * exp(-slope * outer) for tilted, slope in sides), np.zeros(int(ring.sum())))
        total += float(np.minimum(tally[ring], beyond).sum())
        left = inside
        if inner is None:
            total += float(tally[left].sum())
    empty = any(grid.task.ways("", c) for c in conventions)
    return floor(total * (1 + _ROOM)) + empty


def lower(
    grid: Grid, conventions: Sequence[Convention], draws: Sequence[Draw], errors: Sequence[Errors], effort: Effort
) -> int:
    """Histories in cells that print with small errors, less those that may have larger ones at some landmark."""
    last = grid.task.last
    some = list(conventions)
    if last:
        seen = [c for draw in draws for c in draw.conventions]
        some = [max(set(seen), key=lambda c: (seen.count(c), -some.index(c)))]
    masks = [grid.union_verdicts(k, some, errors[k].within(_INNER))[0] for k in range(last + 1)]
    tally, _ = forward(grid, masks[:-1], effort, zero=None, outer=False)
    sure = float(tally[masks[-1]].sum())
    for k in range(last + 1):
        for factors, scale, slope in _tilts(grid, errors[k], k):
            if sure <= 0:
                return 0
            tilted, _ = forward(grid, masks[:-1], effort, zero=None, outer=False, weights=(factors, k))
            sure -= float(tilted[masks[-1]].sum()) * scale * exp(-slope * _INNER) * (1 + _ROOM)
    return max(0, ceil(sure * (1 - _ROOM)))
