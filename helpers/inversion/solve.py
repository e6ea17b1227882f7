"""Solve: all (convention, history) pairs that print a set of landmarks of one endpoint."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from helpers.conventions import Convention
from helpers.inversion.bits import is_censored, texts
from helpers.inversion.counts import all_agree, limits, which_agree
from helpers.inversion.evidence import Count, Landmark
from helpers.inversion.history import landmark_prefixes, order_key, state_after, states
from helpers.inversion.printing import prints_landmark
from helpers.inversion.reach import inside
from helpers.inversion.screen import screen
from helpers.inversion.search import CANDIDATE_LIMIT, Budget, Gate, Paths, TooLargeError, search
from helpers.inversion.windows import Window, window

# A landmark whose window on S is wider than this is only checked, not searched through, unless it is the last.
_WIDE = 0.05
_EXACT_LIMIT = 200_000
LIST_LIMIT = 1_000_000  # nobody reads a longer list
_PORTION = 100_000


@dataclass(frozen=True)
class Solution:
    """Which histories fit under which conventions.

    `by_convention` maps each convention that explains everything to its histories, in ladder order.
    """

    n: int
    landmarks: tuple[Landmark, ...]
    by_convention: dict[Convention, tuple[str, ...]]
    counts: tuple[Count, ...] = ()

    @property
    def conventions(self) -> tuple[Convention, ...]:
        """The conventions under which at least one history fits."""
        return tuple(self.by_convention)

    @property
    def histories(self) -> tuple[str, ...]:
        """Every history that fits under at least one convention, in ladder order."""
        return tuple(sorted({h for found in self.by_convention.values() for h in found}, key=order_key))

    def under(self, conventions: Iterable[Convention]) -> Solution:
        """The part of the solution that belongs to some conventions."""
        kept = set(conventions)
        return replace(self, by_convention={c: h for c, h in self.by_convention.items() if c in kept})

    def bindings(self, history: str, convention: Convention) -> tuple[tuple[int, ...], ...]:
        """Every way in which one of the histories passes the landmarks under a convention."""
        return bindings(history, self.n, self.landmarks, convention, self.counts)


@lru_cache(maxsize=512)
def solve(
    n: int,
    landmarks: tuple[Landmark, ...],
    conventions: tuple[Convention, ...],
    limit: int = CANDIDATE_LIMIT,
    counts: tuple[Count, ...] = (),
    most: int = LIST_LIMIT,
) -> Solution:
    """All histories of n patients that print every present field of every landmark, under one convention each.

    Parameters
    ----------
    n : patients at the start.
    landmarks : in order of time; fields that are None are not used.
    conventions : the ones to try.
    limit : largest number of candidates to form.
    counts : printed numbers at risk, events and censorings that must agree too.
    most : largest number of histories to list under one convention.

    Raises
    ------
    TooLargeError
        if the search would exceed `limit`, or the list `most`.
    """
    if not landmarks:
        return Solution(n, landmarks, {})
    budget = Budget(limit)
    found: dict[Convention, tuple[str, ...]] = {}
    for job in jobs(n, landmarks, conventions, counts):
        paths = search(n, job.gates, budget)
        if len(job.passed) == len(landmarks) and counts and len(paths):
            paths = paths.take(_agreeing(n, paths, landmarks, counts))
        for some in _groups(job.conventions):
            own = _near(paths, [window(landmarks[k], some[0]) for k in job.passed])
            for convention in some if len(own) else ():
                histories = _fitting(n, own, landmarks, job.passed, convention, counts, most)
                if histories:
                    found[convention] = histories
    found = {c: found[c] for c in conventions if c in found}
    return Solution(n, landmarks, found, counts)


@dataclass(frozen=True)
class Job:
    """One search: its gates, the landmarks (by position) that they stand for, and the conventions that it serves."""

    gates: tuple[Gate, ...]
    passed: tuple[int, ...]
    conventions: tuple[Convention, ...]


def jobs(
    n: int, landmarks: Sequence[Landmark], conventions: Iterable[Convention], counts: Sequence[Count] = ()
) -> tuple[Job, ...]:
    """The searches that serve some conventions; one whose windows lie in those of another needs none of its own."""
    known = limits(counts, landmarks, n)
    exact = [_known_steps(mark, counts) for mark in landmarks]
    found: list[Job] = []
    for some in _groups(conventions):
        windows = [window(mark, some[0]) for mark in landmarks]
        if not any(w.empty for w in windows):
            passed = _strong(windows, exact)
            found.append(Job(tuple(Gate(windows[k], known[k]) for k in passed), passed, some))
    kept: list[Job] = []
    for job in sorted(found, key=_size, reverse=True):
        wider = next((k for k, other in enumerate(kept) if _within(job, other)), None)
        if wider is None:
            kept.append(job)
        else:
            kept[wider] = replace(kept[wider], conventions=kept[wider].conventions + job.conventions)
    return tuple(kept)


def _size(job: Job) -> float:
    return sum(gate.window.s_high - gate.window.s_low + min(gate.window.g_high, 1.0) for gate in job.gates)


def _within(job: Job, other: Job) -> bool:
    return job.passed == other.passed and all(a.window in b.window for a, b in zip(job.gates, other.gates, strict=True))


def _near(paths: Paths, windows: Sequence[Window]) -> Paths:
    """The paths that lie in the windows of one group of conventions."""
    keep = np.ones(len(paths), bool)
    for column, goal in enumerate(windows):
        keep &= inside(np.exp(paths.log_s[:, column]), paths.g[:, column], goal)
    return paths if keep.all() else paths.take(np.flatnonzero(keep))


def _agreeing(n: int, paths: Paths, landmarks: Sequence[Landmark], counts: Sequence[Count]) -> np.ndarray:
    """Which paths agree with every printed count, a portion at a time."""
    portions = np.array_split(np.arange(len(paths)), len(paths) // _PORTION + 1)
    kept = [
        part[which_agree(is_censored(paths.bits[part], n), paths.ways[part], n, landmarks, counts)] for part in portions
    ]
    return np.concatenate(kept)


def bindings(
    history: str, n: int, landmarks: Sequence[Landmark], convention: Convention, counts: Sequence[Count] = ()
) -> tuple[tuple[int, ...], ...]:
    """Every way in which a history passes the landmarks: the length of the history at each of them.

    The last landmark is passed by the whole history, the earlier ones by ever longer prefixes of it.
    """
    curve = states(history, n)
    prefixes = landmark_prefixes(history)
    ways: list[tuple[int, ...]] = [()]
    for k, mark in enumerate(landmarks):
        last = k == len(landmarks) - 1
        fitting = [
            m for m in prefixes if (not last or m == len(history)) and prints_landmark(curve[m], mark, convention)
        ]
        ways = [(*way, m) for way in ways for m in fitting if not way or m >= way[-1]]
    return tuple(way for way in ways if all_agree(history, n, landmarks, way, counts))


def _groups(conventions: Iterable[Convention]) -> list[tuple[Convention, ...]]:
    """Conventions with the same windows together: z and the rounding rule do not change them."""
    groups: dict[tuple[str, int | None], tuple[Convention, ...]] = {}
    for convention in conventions:
        key = str(convention.interval), convention.rounded_to
        groups[key] = (*groups.get(key, ()), convention)
    return list(groups.values())


def _known_steps(mark: Landmark, counts: Sequence[Count]) -> bool:
    """Whether a number at risk at the very moment of a landmark says how many steps come before it."""
    return any(c.kind == "at_risk" and c.day == mark.day and c.day.denominator != 1 for c in counts)


def _strong(windows: Sequence[Window], known: Sequence[bool]) -> tuple[int, ...]:
    """The landmarks worth searching through: narrow ones, the last one, and those with a known number of steps."""
    last = len(windows) - 1
    narrow = [w.s_high - w.s_low < _WIDE for w in windows]
    return tuple(k for k in range(len(windows)) if k == last or narrow[k] or known[k])


def _fitting(
    n: int,
    paths: Paths,
    landmarks: tuple[Landmark, ...],
    passed: Sequence[int],
    convention: Convention,
    counts: tuple[Count, ...],
    most: int,
) -> tuple[str, ...]:
    """The histories among some candidates that print everything: screened in floats, decided exactly."""
    fits = np.ones(len(paths), bool)
    for column, k in enumerate(passed):
        sure, doubtful = screen(paths.log_s[:, column], paths.g[:, column], landmarks[k], convention)
        rows = np.flatnonzero(fits & doubtful)
        fits &= sure
        fits[rows] = _decided(n, paths.take(rows), column, landmarks[k], convention)
    if fits.sum() > most:
        raise TooLargeError(float(fits.sum()))
    fitting = set(paths.take(np.flatnonzero(fits)).strings(n))
    if len(passed) < len(landmarks):
        if len(fitting) > _EXACT_LIMIT:
            raise TooLargeError(len(fitting))
        fitting = {history for history in fitting if bindings(history, n, landmarks, convention, counts)}
    return tuple(sorted(fitting, key=order_key))


def _decided(n: int, paths: Paths, column: int, mark: Landmark, convention: Convention) -> np.ndarray:
    """Which paths print a landmark, decided in exact arithmetic."""
    if len(paths) > _EXACT_LIMIT:
        raise TooLargeError(len(paths))
    until = texts(paths.bits, paths.ways[:, column], n)
    verdict = {history: prints_landmark(state_after(history, n), mark, convention) for history in set(until)}
    return np.array([verdict[history] for history in until], bool)
