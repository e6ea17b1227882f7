"""Solve: all (convention, history) pairs that print a set of landmarks of one endpoint."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from helpers.conventions import Convention
from helpers.inversion.counts import agrees, exact_steps, implied, most_steps
from helpers.inversion.evidence import Count, Landmark
from helpers.inversion.history import landmark_prefixes, order_key, states
from helpers.inversion.printing import prints_landmark
from helpers.inversion.screen import screen
from helpers.inversion.search import CANDIDATE_LIMIT, Budget, Gate, Paths, TooLargeError, search
from helpers.inversion.windows import Window, window

# A landmark whose window on S is wider than this is only checked, not searched through, unless it is the last.
_WIDE = 0.05
_EXACT_LIMIT = 200_000


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
) -> Solution:
    """All histories of n patients that print every present field of every landmark, under one convention each.

    Parameters
    ----------
    n : patients at the start.
    landmarks : in order of time; fields that are None are not used.
    conventions : the ones to try.
    limit : largest number of candidates to form.
    counts : printed numbers at risk, events and censorings that must agree too.

    Raises
    ------
    TooLargeError
        if the search would exceed `limit`.
    """
    if not landmarks:
        return Solution(n, landmarks, {})
    most, exact = most_steps(counts, landmarks, n), exact_steps(counts, landmarks, n)
    unused = tuple(c for c in counts if not implied(c, exact, landmarks))
    budget = Budget(limit)
    found: dict[Convention, tuple[str, ...]] = {}
    for some in _groups(conventions).values():
        windows = [window(mark, some[0]) for mark in landmarks]
        if any(w.empty for w in windows):
            continue
        strong = _strong(windows, exact)
        paths = search(n, [Gate(windows[k], most[k], exact[k]) for k in strong], budget)
        for convention in some if len(paths) else ():
            histories = _fitting(n, paths, landmarks, strong, convention, unused)
            if histories:
                found[convention] = histories
    found = {c: found[c] for c in conventions if c in found}
    return Solution(n, landmarks, found, counts)


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
    return tuple(way for way in ways if all(agrees(history, n, landmarks, way, count) for count in counts))


def _groups(conventions: Iterable[Convention]) -> dict[tuple[str, int | None], list[Convention]]:
    """Conventions with the same windows together: z and the rounding rule do not change them."""
    groups: dict[tuple[str, int | None], list[Convention]] = {}
    for convention in conventions:
        groups.setdefault((str(convention.interval), convention.rounded_to), []).append(convention)
    return groups


def _strong(windows: Sequence[Window], exact: Sequence[int | None]) -> list[int]:
    """The landmarks worth searching through: narrow ones, the last one, and those with a known number of steps."""
    last = len(windows) - 1
    narrow = [w.s_high - w.s_low < _WIDE for w in windows]
    return [k for k in range(len(windows)) if k == last or narrow[k] or exact[k] is not None]


def _fitting(
    n: int,
    paths: Paths,
    landmarks: tuple[Landmark, ...],
    strong: list[int],
    convention: Convention,
    counts: tuple[Count, ...],
) -> tuple[str, ...]:
    """The histories among some candidates that print everything: screened in floats, decided exactly."""
    if not len(paths):
        return ()
    sure, possible = np.ones(len(paths), bool), np.ones(len(paths), bool)
    for column, k in enumerate(strong):
        s, d = screen(paths.log_s[:, column], paths.g[:, column], landmarks[k], convention)
        sure &= s
        possible &= s | d
    if len(strong) < len(landmarks) or counts:
        sure[:] = False
    doubtful = paths.take(np.flatnonzero(possible & ~sure))
    if len(doubtful) > _EXACT_LIMIT:
        raise TooLargeError(len(doubtful))
    fitting = set(paths.take(np.flatnonzero(sure)).strings())
    for history in set(doubtful.strings()) - fitting:
        if bindings(history, n, landmarks, convention, counts):
            fitting.add(history)
    return tuple(sorted(fitting, key=order_key))
