"""The size of a job, told before it starts: how many candidates the exhaustive search would form.

A coarse histogram of the ladder, in ln S and G, stands in for the candidates. It is an estimate, good to a factor of
a few; nothing is decided by it but which way to go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log, log2

import numpy as np

from helpers.conventions import Convention
from helpers.inversion.counts import exact_steps, most_steps
from helpers.inversion.evidence import Count, Landmark
from helpers.inversion.search import CANDIDATE_LIMIT, MAX_STEPS
from helpers.inversion.windows import Window, window

_BINS_S, _BINS_G = 500, 40
_WIDE = 0.05  # as in `solve`: a wider window is only checked, not searched through


@dataclass(frozen=True)
class JobSize:
    """What an exhaustive search would take.

    `candidates` are formed by the search, `passing` are left inside the windows before the exact check, both summed
    over groups of conventions; `listable` says whether the search would accept the job.
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
    if not landmarks or n < 1:
        return JobSize(0.0, 0.0, True)
    most, exact = most_steps(counts, landmarks, n), exact_steps(counts, landmarks, n)
    candidates = passing = 0.0
    jobs: dict[tuple[Window, ...], int] = {}
    for some in {(c.interval, c.rounded_to): c for c in conventions}.values():
        windows = tuple(window(mark, some) for mark in landmarks)
        if not any(w.empty for w in windows):
            jobs[windows] = jobs.get(windows, 0) + 1
    for windows, times in jobs.items():
        formed, left = _group(n, windows, most, exact)
        candidates, passing = candidates + times * formed, passing + times * left
    return JobSize(candidates, passing, n <= MAX_STEPS and candidates <= limit)


def _group(
    n: int, windows: Sequence[Window], most: Sequence[int | None], exact: Sequence[int | None]
) -> tuple[float, float]:
    """Candidates formed and left over for one set of windows."""
    last = len(windows) - 1
    strong = [k for k, w in enumerate(windows) if k == last or w.s_high - w.s_low < _WIDE or exact[k] is not None]
    depth = -log(max(min(windows[k].s_low for k in strong), 1.0 / n)) + 0.02
    widest = min(max(windows[k].g_high for k in strong), 1.0) * 1.02 + 1e-9
    unit_s, unit_g = depth / _BINS_S, widest / _BINS_G
    seeds = {0: np.zeros((_BINS_S, _BINS_G))}
    seeds[0][0, 0] = 1.0
    formed = 0.0
    for k in strong:
        end = n if most[k] is None else min(n, most[k] or 0)
        more, seeds = _gate(n, seeds, windows[k], end, unit_s, unit_g)
        formed += more
        step = exact[k]
        if step is not None and k != last and seeds:
            seeds = {step: sum(seeds.values(), np.zeros((_BINS_S, _BINS_G)))}
    return formed, float(sum(a.sum() for a in seeds.values()))


def _gate(
    n: int, seeds: dict[int, np.ndarray], goal: Window, end: int, unit_s: float, unit_g: float
) -> tuple[float, dict[int, np.ndarray]]:
    """Candidates on the way to one landmark, and the histories in its window, by length."""
    inside_s = _overlap(_bounds(goal.s_low, goal.s_high, n), unit_s, _BINS_S)[:, None]
    inside_g = _overlap((goal.g_low, goal.g_high), unit_g, _BINS_G)[None, :]
    passed = {m: a * inside_s * inside_g for m, a in seeds.items()}
    formed = 0.0
    here = np.zeros((_BINS_S, _BINS_G))
    for step in range(min(seeds, default=end), end):
        if step in seeds:
            here = here + seeds[step]
        r = n - step
        if r == 1:
            if goal.s_low <= 0:
                formed += float(here.sum())
            break
        ds, dg = round(log(r / (r - 1)) / unit_s), round(1 / (r * (r - 1)) / unit_g)
        moved = np.zeros_like(here)
        if ds < _BINS_S and dg < _BINS_G:
            moved[ds:, dg:] = here[: _BINS_S - ds, : _BINS_G - dg]
        near = moved * inside_s
        matched = float(near.sum())
        if matched > 0:
            formed += matched + _halves(seeds, step)
            found = near * inside_g
            if found.any():
                passed[step + 1] = passed.get(step + 1, 0.0) + found
        here = here + moved
    return formed, {m: a for m, a in passed.items() if a.any()}


def _halves(seeds: dict[int, np.ndarray], step: int) -> float:
    """Subsets of the two halves that the search forms and sorts."""
    total = 0.0
    for length, a in seeds.items():
        rows = max(1.0, float(a.sum()))
        if length <= step:
            free = step - length
            cut = max(0, min(free, round((free - log2(rows)) / 2)))
            total += rows * 2.0**cut + 2.0 ** (free - cut)
    return total


def _bounds(s_low: float, s_high: float, n: int) -> tuple[float, float]:
    low = 0.0 if s_high >= 1 else -log(max(s_high, 1e-300))
    return low, inf if s_low <= 0.5 / n else -log(s_low)


def _overlap(goal: tuple[float, float], unit: float, bins: int) -> np.ndarray:
    """Share of each bin, centred on a multiple of the unit, that lies in a range."""
    low = (np.arange(bins) - 0.5) * unit
    return np.clip((np.minimum(goal[1], low + unit) - np.maximum(goal[0], low)) / unit, 0.0, 1.0)
