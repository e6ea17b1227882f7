"""The size of a job, told before it starts: how many candidates the exhaustive search would form.

Coarse histograms of ln S and G stand in for the beginnings and endings that the search would grow, and grow as they
do. It is an estimate, good to a factor of a few; nothing is decided by it but which way to go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import exp, floor, inf, log

import numpy as np

from helpers.conventions import Convention
from helpers.inversion.evidence import Count, Landmark
from helpers.inversion.reach import Origin, can_pass, ceilings
from helpers.inversion.search import CANDIDATE_LIMIT, Gate, nested
from helpers.inversion.solve import jobs
from helpers.inversion.windows import Window

_FINE, _COARSE = (400, 60), (200, 30)  # bins of ln S and of H
_FEW_LAYERS, _MOST_LAYERS = 12, 50
_DOUBT = 5.0  # what is this much too large may still be tried: the search stops by itself
_BEYOND = 1e200  # useful beginnings, each of which some candidate ends: no need to count on
_SHADOW = 0.05
_CELLS = 2.0  # a beginning looks endings up in two cells as wide as the window


@dataclass(frozen=True)
class JobSize:
    """What an exhaustive search would take.

    `candidates` are formed by the search, `passing` are left inside the windows before the exact check, both summed
    over groups of conventions; `listable` says whether it is worth a trial: the search stops where it is too large.
    """

    candidates: float
    passing: float
    listable: bool


def job_size(
    n: int,
    landmarks: Sequence[Landmark],
    conventions: Sequence[Convention],
    counts: Sequence[Count] = (),
    limit: float = CANDIDATE_LIMIT,
) -> JobSize:
    """Estimate the size of `solve(n, landmarks, conventions, limit, counts)` without starting it."""
    candidates = passing = 0.0
    for job in jobs(n, landmarks, conventions, counts) if landmarks else ():
        formed, left = _job(n, job.gates, _DOUBT * limit - candidates)
        candidates, passing = candidates + formed, passing + left
        if candidates > _DOUBT * limit:
            break
    return JobSize(candidates, passing, candidates <= _DOUBT * limit)


@dataclass(frozen=True)
class _Grid:
    """Bins of -ln S and of H = G + tilt · ln S, in layers by the number of events or censorings where few are allowed.

    The tilt is such that histories without censoring, on which G is smallest, stay near H = 0.
    """

    n: int
    unit_s: float
    unit_h: float
    h_low: float
    tilt: float
    layers: int
    counted: str
    bins: tuple[int, int]

    @cached_property
    def s(self) -> np.ndarray:
        """S at the centre of each bin, as a column."""
        return np.exp(-np.arange(self.bins[0]) * self.unit_s)[:, None]

    @cached_property
    def g(self) -> np.ndarray:
        """G at the centre of each bin, shape (bins of S, bins of H)."""
        h = self.h_low + np.arange(self.bins[1]) * self.unit_h
        return np.maximum(h[None, :] + self.tilt * self.unit_s * np.arange(self.bins[0])[:, None], 0.0)

    def start(self) -> np.ndarray:
        """One history, before its first step, or one ending after its last."""
        mass = np.zeros((self.layers, *self.bins))
        mass[0, 0, min(round(-self.h_low / self.unit_h), self.bins[1] - 1)] = 1.0
        return mass

    def after(self, mass: np.ndarray, kind: str, step: int) -> np.ndarray:
        """The same with one step more, which is an event or a censoring."""
        r = self.n - step
        if kind == "E":
            down, up = log(r / (r - 1)), 1 / (r * (r - 1))
            mass = _shifted(mass, down / self.unit_s, axis=1)
            mass = _shifted(mass, (up - self.tilt * down) / self.unit_h, axis=2)
        return _shifted(mass, 1.0, axis=0) if kind == self.counted else mass

    def with_events(self, fewest: int, most: int, length: int) -> np.ndarray:
        """Which layers can have a number of events among so many steps; all of them where nothing is counted."""
        if not self.counted:
            return np.ones((1, 1, 1))
        layer = np.arange(self.layers)
        events = layer if self.counted == "E" else length - layer
        return ((events >= fewest) & (events <= most)).astype(float)[:, None, None]

    def widened(self, window: Window) -> Window:
        """By half a bin to each side, so that it never falls between two bins."""
        half, more = exp(self.unit_s / 2), self.unit_h / 2
        s_high, g_low = min(window.s_high * half, 1.0), max(window.g_low - more, 0.0)
        return Window(window.s_low / half, s_high, g_low, window.g_high + more)

    def share(self, window: Window) -> np.ndarray:
        """Which part of each bin lies in a window."""
        low = 0.0 if window.s_high >= 1 else -log(max(window.s_high, 1e-300))
        high = inf if window.s_low <= 0.5 / self.n else -log(window.s_low)
        in_s = _overlap(np.arange(self.bins[0]) * self.unit_s, self.unit_s, low, high)[:, None]
        return in_s * _overlap(self.g, self.unit_h, window.g_low, window.g_high)


def _shifted(mass: np.ndarray, bins: float, axis: int) -> np.ndarray:
    """Everything moved along an axis; what falls between two bins is shared by them, what leaves is lost."""
    whole, size = floor(bins), mass.shape[axis]
    found = np.zeros_like(mass)
    for move, share in ((whole, 1 - (bins - whole)), (whole + 1, bins - whole)):
        if share and abs(move) < size:
            here, there = [slice(None)] * 3, [slice(None)] * 3
            here[axis] = slice(max(0, -move), min(size, size - move))
            there[axis] = slice(max(0, move), min(size, size + move))
            found[tuple(there)] += share * mass[tuple(here)]
    return found


def _overlap(centre: np.ndarray, unit: float, low: float, high: float) -> np.ndarray:
    """Share of each bin around a centre that lies in a range."""
    start = centre - unit / 2
    return np.clip((np.minimum(high, start + unit) - np.maximum(low, start)) / unit, 0.0, 1.0)


def _grid(n: int, gates: Sequence[Gate]) -> _Grid:
    depth = -log(max(min(gate.window.s_low for gate in gates), 1.0 / n))
    tilt = (exp(depth) - 1) / n / depth if depth > 1e-9 else 1 / n
    lowest = log(max(n * tilt, 1.0))
    h_low = (exp(lowest) - 1) / n - tilt * lowest
    h_high = max(min(gate.window.g_high, 1.0) + tilt * log(max(gate.window.s_high, 1.0 / n)) for gate in gates)
    events = max(min(gate.limits.events[1], n) for gate in gates)
    censored = max(min(gate.limits.censored, n) for gate in gates)
    layers, counted = min(events, censored) + 1, "E" if events < censored else "C"
    if layers > (_MOST_LAYERS if any(gate.limits.points for gate in gates) else _FEW_LAYERS):
        layers, counted = 1, ""
    bins = _FINE if layers <= _FEW_LAYERS else _COARSE
    unit_h = max(h_high - h_low, 1e-9) / (bins[1] - 4)
    return _Grid(n, (depth + 0.02) / bins[0], unit_h, h_low - 2 * unit_h, tilt, max(layers, 1), counted, bins)


def _job(n: int, gates: Sequence[Gate], limit: float) -> tuple[float, float]:
    """Candidates formed and left over for one set of windows."""
    gates = nested(n, gates)
    if any(gate.window.empty for gate in gates):
        return 0.0, 0.0
    grid = _grid(n, gates)
    seeds = {0: grid.start()}
    formed = 0.0
    for k, gate in enumerate(gates):
        more, seeds = _gate(grid, seeds, gate, gates[k + 1 :])
        formed += more
        for later in gates[k + 1 :]:
            seeds = {m: a * _may_pass(grid, later, n - max(m, gate.limits.over)) for m, a in seeds.items()}
        padded: dict[int, np.ndarray] = {}
        for m, a in seeds.items():
            over = max(m, gate.limits.over)
            padded[over] = padded.get(over, 0.0) + a
        seeds = {m: a for m, a in padded.items() if a.any()}
        if formed > limit or not seeds:
            break
    return formed, float(sum(a.sum() for a in seeds.values()))


def _may_pass(grid: _Grid, gate: Gate, at_risk: int) -> np.ndarray:
    """Which bins may still pass a gate, or lie in its window already."""
    if gate.window.s_low <= 0:
        return np.ones(grid.bins)
    window = grid.widened(gate.window)
    ahead = can_pass(grid.s, grid.g, at_risk, window, max(grid.n - gate.limits.most, 1))
    return ahead | (grid.share(gate.window) > 0)


def _gate(
    grid: _Grid, seeds: dict[int, np.ndarray], gate: Gate, later: Sequence[Gate]
) -> tuple[float, dict[int, np.ndarray]]:
    """Candidates on the way to one gate, and the histories in its window, by length."""
    n, known = grid.n, gate.limits
    highest = ceilings(gate.window, [other.window for other in later], n)
    lowered = [replace(gate.window, g_high=float(h)) for h in highest]
    inside = grid.share(gate.window)
    passed = {m: a * inside for m, a in seeds.items() if m <= known.most}
    first, stop = min(seeds), min(known.most, n - 1)
    heads, here = [0.0] * (n + 1), np.zeros_like(seeds[first])
    for step in range(first, stop):
        here = here + seeds[step] if step in seeds else here
        useful = can_pass(grid.s, grid.g, n - step, grid.widened(lowered[step]), max(n - known.most, 1))
        heads[step] = float((here * useful).sum())
        if heads[step] > _BEYOND:
            return inf, {}
        died = grid.after(here, "E", step)
        if (arrived := died * grid.share(lowered[step + 1])).any():
            passed[step + 1] = passed.get(step + 1, 0.0) + arrived
        here = died + (grid.after(here, "C", step) if step < known.events_from else 0.0)
        for point in known.points:
            if point.steps == step + 1:
                here = here * grid.with_events(point.fewest, point.most, step + 1)
    passed = {
        m: a * grid.with_events(max(known.events[0], m - known.censored), known.events[1], m) for m, a in passed.items()
    }
    lengths = _probable(passed) or [stop]
    formed = _grown(grid, seeds, heads, first, min(max(lengths), stop), gate, lowered[min(lengths)])
    formed += _CELLS * sum(float(a.sum()) for m, a in passed.items())
    if gate.window.s_low <= 0 and known.most >= n:
        formed += float(here.sum()) * 4
        passed[n] = passed.get(n, 0.0) + here
    return formed, {m: a for m, a in passed.items() if a.any()}


def _probable(passed: dict[int, np.ndarray]) -> list[int]:
    """The lengths at which more than a shadow of a history arrives."""
    sums = {m: float(a.sum()) for m, a in passed.items()}
    least = min(_SHADOW, max(sums.values(), default=0.0))
    return [m for m, total in sums.items() if total >= least > 0]


def _grown(
    grid: _Grid,
    seeds: dict[int, np.ndarray],
    heads: Sequence[float],
    first: int,
    last: int,
    gate: Gate,
    goal: Window,
) -> float:
    """Beginnings and endings formed until they meet, the fewer growing."""
    origin, window = _origin(grid, seeds), grid.widened(goal)
    alone, count, formed = grid.start(), 0.0, 0.0
    tails = np.zeros_like(alone)
    while first < last:
        if heads[first] <= count:
            formed += 2 * heads[first]
            first += 1
        else:
            last -= 1
            formed += 2 * count + 1
            lost = grid.after(tails, "C", last) if last < gate.limits.events_from else 0.0
            tails = grid.after(tails + alone, "E", last) + lost
            tails = tails * origin.can_precede(grid.s, grid.g, grid.n - last, window, window.g_high)
            count = float(tails.sum())
    return formed


def _origin(grid: _Grid, seeds: dict[int, np.ndarray]) -> Origin:
    """Where the search begins, by the bins that hold more than a shadow of a history."""
    least = min(_SHADOW, max(float(a.sum(0).max()) for a in seeds.values()))
    rows = [(m, *index) for m, a in seeds.items() for index in zip(*np.nonzero(a.sum(0) >= least), strict=True)]
    m, i, j = (np.array(column) for column in zip(*rows, strict=True))
    return Origin.of(np.exp(-i * grid.unit_s), grid.g[i, j], grid.n - m)
