"""Witnesses: histories that attain a bound, by integer programming, each decided exactly.

For each step one binary variable: an event or a censoring. −ln S and G at a landmark are linear in them, and the region
that prints the landmark is cut into slices of S between straight lines in G. HiGHS (through `scipy.optimize.milp`)
finds the history with the fewest or most events, censorings or patients left; the history counts only if it prints
everything in exact arithmetic. The solver's own bound is not used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from helpers.conventions import Convention
from helpers.inversion.certify.reach import Passage
from helpers.inversion.certify.task import Task
from helpers.inversion.history import CENSORED, EVENT
from helpers.inversion.screen import screen
from helpers.inversion.windows import window
from helpers.printed import Rounding

_SLICES = 5
_ACROSS, _DOWN = 7, 400
_S, _G = 1e4, 1e6  # units of −ln S and G in the programme, so that windows are wide against the solver's tolerance


@dataclass(frozen=True)
class Slice:
    """A piece of the region: low ≤ −ln S ≤ high, and G between two lines `(intercept, slope)` in −ln S."""

    low: float
    high: float
    floor: tuple[float, float]
    ceiling: tuple[float, float]


def slices(task: Task, k: int, convention: Convention, most: int = 24) -> list[Slice]:
    """Pieces of the region that prints a landmark, the largest ones; approximate, inside rather than outside."""
    hull = window(task.landmarks[k], convention)
    if hull.empty:
        return []
    s0, s1 = max(hull.s_low, 0.5 / task.n), min(hull.s_high, 1 - 0.5 / task.n)
    top = min(hull.g_high, 1.0)
    cuts = np.linspace(s0, s1, _SLICES + 1)
    if convention.rounded_to is not None:
        scale = 10**convention.rounded_to
        shift = 0.0 if convention.rounding is Rounding.TRUNCATION else 0.5
        first, last = int(np.floor(s0 * scale + shift)), int(np.floor(s1 * scale + shift))
        if last - first <= 200:
            cuts = np.clip((np.arange(first, last + 2) - shift) / scale, s0, s1)
    found = [_slice(task, k, convention, a, b, hull.g_low, top) for a, b in zip(cuts[:-1], cuts[1:], strict=True)]
    good = [piece for piece in found if piece is not None]
    good.sort(key=lambda p: -(p.high - p.low) * (p.ceiling[0] - p.floor[0] + (p.ceiling[1] - p.floor[1]) * p.low))
    return good[:most]


def _slice(task: Task, k: int, convention: Convention, s0: float, s1: float, g0: float, g1: float) -> Slice | None:
    if s1 <= s0:
        return None
    edge = (s1 - s0) * 1e-4
    depth = -np.log(np.linspace(s1 - edge, s0 + edge, _ACROSS))
    g = np.linspace(max(g0, 1e-12), g1, _DOWN)
    sure, _ = screen(np.repeat(-depth, _DOWN), np.tile(g, _ACROSS), task.landmarks[k], convention)
    inside = sure.reshape(_ACROSS, _DOWN)
    kept = np.flatnonzero(inside.any(1))
    if len(kept) < 2:
        return None
    low = np.array([g[inside[i]].min() for i in kept])
    high = np.array([g[inside[i]].max() for i in kept])
    d = depth[kept]
    lines = []
    for values, sign in ((low, 1.0), (high, -1.0)):
        slope = (values[-1] - values[0]) / (d[-1] - d[0])
        rest = values - slope * d
        lines.append((float(rest.max() if sign > 0 else rest.min()), float(slope)))
    if all(lines[0][0] + lines[0][1] * x >= lines[1][0] + lines[1][1] * x for x in (d[0], d[-1])):
        return None
    return Slice(float(d[0]), float(d[-1]), lines[0], lines[1])


class _Programme:
    """Columns and rows of a mixed-integer programme, built up name by name."""

    def __init__(self) -> None:
        self.upper: list[float] = []
        self.whole: list[int] = []
        self.entries: tuple[list[int], list[int], list[float]] = ([], [], [])
        self.limits: tuple[list[float], list[float]] = ([], [])

    def columns(self, number: int, upper: float, *, whole: bool) -> np.ndarray:
        first = len(self.upper)
        self.upper += [upper] * number
        self.whole += [int(whole)] * number
        return np.arange(first, first + number)

    def row(self, terms: Sequence[tuple[int, float]], low: float, high: float) -> None:
        number = len(self.limits[0])
        for column, value in terms:
            self.entries[0].append(number)
            self.entries[1].append(column)
            self.entries[2].append(value)
        self.limits[0].append(low)
        self.limits[1].append(high)

    def solve(self, cost: np.ndarray, seconds: float) -> np.ndarray | None:
        """The best point found, or None."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        rows, columns, values = self.entries
        matrix = csr_array((values, (rows, columns)), shape=(len(self.limits[0]), len(self.upper)))
        result = milp(
            cost,
            integrality=np.array(self.whole),
            bounds=Bounds(np.zeros(len(self.upper)), np.array(self.upper)),
            constraints=LinearConstraint(matrix, self.limits[0], self.limits[1]),
            options={"time_limit": seconds, "mip_rel_gap": 0.0},
        )
        return None if result.x is None else np.asarray(result.x)


def witness(
    task: Task,
    passing: Sequence[Passage],
    convention: Convention,
    k: int,
    quantity: str,
    sign: int,
    seconds: float,
) -> str | None:
    """A history that prints everything under a convention, with few (sign 1) or many (-1) of a quantity at landmark k.

    `quantity` is events, censored or at_risk. None where the solver finds none in time, or none that prints exactly.
    """
    pieces = [slices(task, j, convention) for j in range(len(task.landmarks))]
    if not all(pieces):
        return None
    steps = min(task.n - 1, max((m for m, _ in passing[-1].lengths), default=0))
    if steps < 1:
        return None
    p = _Programme()
    event = p.columns(steps, 1.0, whole=True)
    ends: list[dict[int, int]] = []
    counted: list[np.ndarray] = []
    for j in range(len(task.landmarks)):
        lengths = sorted({m for m, _ in passing[j].lengths if 0 < m <= steps})
        if not lengths:
            return None
        ends.append(dict(zip(lengths, p.columns(len(lengths), 1.0, whole=True).tolist(), strict=True)))
        counted.append(event if j == task.last else p.columns(steps, 1.0, whole=False))
        _place(p, task, j, event, ends[j], counted[j])
        _pass_through(p, task.n, counted[j], pieces[j])
        if j:
            order = [(c, -float(m)) for m, c in ends[j - 1].items()] + [(c, float(m)) for m, c in ends[j].items()]
            p.row(order, 0.0, np.inf)
    cost = np.zeros(len(p.upper))
    if quantity in ("events", "censored"):
        cost[counted[k]] += 1.0 if quantity == "events" else -1.0
    if quantity in ("censored", "at_risk"):
        for m, c in ends[k].items():
            cost[c] += m if quantity == "censored" else -m
    point = p.solve(sign * cost, seconds)
    if point is None:
        return None
    length = next((m for m, c in ends[-1].items() if point[c] > 0.5), 0)
    history = "".join(EVENT if point[c] > 0.5 else CENSORED for c in event[:length].tolist())
    return history if history.endswith(EVENT) and task.ways(history, convention) else None


def _place(p: _Programme, task: Task, k: int, event: np.ndarray, ends: dict[int, int], counted: np.ndarray) -> None:
    """One length for the landmark, ending in an event; `counted` are the events up to it."""
    p.row([(c, 1.0) for c in ends.values()], 1.0, 1.0)
    for m, c in ends.items():
        p.row([(int(event[m - 1]), 1.0), (c, -1.0)], 0.0, np.inf)
        for s in range(m, min(task.least[k], len(event))):
            p.row([(int(event[s]), 1.0), (c, 1.0)], -np.inf, 1.0)
    for s in range(len(event)):
        later = [(c, -1.0) for m, c in ends.items() if m > s]
        p.row([(int(counted[s]), 1.0), *later], -np.inf, 0.0)
        if counted is not event:
            p.row([(int(counted[s]), 1.0), (int(event[s]), -1.0)], -np.inf, 0.0)
            p.row([(int(counted[s]), 1.0), (int(event[s]), -1.0), *later], -1.0, np.inf)


def _pass_through(p: _Programme, n: int, counted: np.ndarray, pieces: Sequence[Slice]) -> None:
    """The curve at the landmark lies in one of the pieces."""
    r = n - np.arange(len(counted), dtype=float)
    depth = [(int(c), a) for c, a in zip(counted, np.log(r / (r - 1)) * _S, strict=True)]
    green = [(int(c), b) for c, b in zip(counted, _G / (r * (r - 1)), strict=True)]
    chosen = p.columns(len(pieces), 1.0, whole=True)
    p.row([(int(c), 1.0) for c in chosen], 1.0, 1.0)
    p.row([*depth, *((int(c), -_S * x.low) for c, x in zip(chosen, pieces, strict=True))], 0.0, np.inf)
    p.row([*depth, *((int(c), -_S * x.high) for c, x in zip(chosen, pieces, strict=True))], -np.inf, 0.0)
    ends = (min(x.low for x in pieces), max(x.high for x in pieces))
    least = min(x.floor[0] + x.floor[1] * d for x in pieces for d in (x.low, x.high))
    most = max(x.ceiling[0] + x.ceiling[1] * d for x in pieces for d in (x.low, x.high))
    for c, x in zip(chosen, pieces, strict=True):
        for (start, slope), sign in ((x.floor, 1.0), (x.ceiling, -1.0)):
            # G - slope D ≥ start (or ≤), let go where another piece is chosen.
            terms = {i: sign * (b - slope * a * _G / _S) for (i, a), (_, b) in zip(depth, green, strict=True)}
            corners = [sign * (g - slope * d) for g in (least, most) for d in ends]
            room = max(0.0, sign * start - min(corners)) * _G
            p.row([*terms.items(), (int(c), -room)], sign * start * _G - room, np.inf)
