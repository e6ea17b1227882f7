"""The task: what a history must do at each landmark, with the printed numbers at risk turned into step counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import accumulate

import numpy as np

from helpers.conventions import Convention
from helpers.inversion.counts import all_agree
from helpers.inversion.evidence import Count, Landmark
from helpers.inversion.history import EVENT, State, start, step
from helpers.inversion.printing import prints_landmark
from helpers.inversion.screen import screen
from helpers.inversion.windows import Window, window

ZERO = State(Fraction(0), Fraction(0), 0)


@dataclass(frozen=True)
class Task:
    """n patients, their landmarks in order of time, and the printed counts.

    Numbers at risk bound the length of the history at landmark k: it is at most `most[k]`, and no event lies
    between it and step `least[k]`. Printed events and censorings are not part of the counting; see `partial`.
    """

    n: int
    landmarks: tuple[Landmark, ...]
    counts: tuple[Count, ...] = ()

    @property
    def last(self) -> int:
        """Position of the last landmark."""
        return len(self.landmarks) - 1

    @property
    def partial(self) -> bool:
        """Whether some printed counts are left to the exact check, wholly or in part."""
        return any(c.kind != "at_risk" or (self._on_landmark(c) and _whole(c)) for c in self.counts)

    @cached_property
    def most(self) -> tuple[int, ...]:
        """Largest length of a history at each landmark."""
        limits = [self.n] * len(self.landmarks)
        for count in self._at_risk:
            before = self._before(count)
            if before is not None and not (_whole(count) and self._on_landmark(count)):
                limits[before] = min(limits[before], self.n - count.number)
        return tuple(accumulate(reversed(limits), min))[::-1]

    @cached_property
    def least(self) -> tuple[int, ...]:
        """The step up to which no event may follow each landmark."""
        found = [0] * len(self.landmarks)
        for count in self._at_risk:
            places = [k for k, mark in enumerate(self.landmarks) if count.day is not None and mark.day >= count.day][:1]
            before = self._before(count)
            if self._on_landmark(count) and before is not None:
                places.append(before)
            for k in places:
                found[k] = max(found[k], self.n - count.number)
        return tuple(found)

    @property
    def _at_risk(self) -> list[Count]:
        return [c for c in self.counts if c.kind == "at_risk"]

    def _before(self, count: Count) -> int | None:
        if count.day is None:
            return self.last
        return max((k for k, mark in enumerate(self.landmarks) if mark.day <= count.day), default=None)

    def _on_landmark(self, count: Count) -> bool:
        return any(mark.day == count.day for mark in self.landmarks)

    def window(self, k: int, conventions: Sequence[Convention]) -> Window:
        """The hull of the windows of one landmark under some conventions."""
        hull = Window(1.0, 0.0)
        for some in {(c.interval, c.rounded_to): c for c in conventions}.values():
            hull = hull.union(window(self.landmarks[k], some))
        return hull

    def start_prints(self, k: int, convention: Convention) -> bool:
        """Whether S = 1, before any event, prints landmark k."""
        return prints_landmark(start(self.n), self.landmarks[k], convention)

    def zero_phase(self, conventions: Sequence[Convention]) -> int | None:
        """The first landmark from which on S = 0, after the last patient's event, prints them all; None if none."""
        found = None
        for k in range(self.last, -1, -1):
            if self.most[k] < self.n or not any(prints_landmark(ZERO, self.landmarks[k], c) for c in conventions):
                break
            found = k
        return found

    def ways(self, history: str, convention: Convention) -> tuple[tuple[int, ...], ...]:
        """Every way a history passes the landmarks, decided exactly; as `solve.bindings`, without its cache."""
        ways: list[tuple[int, ...]] = [()]
        for k, mark in enumerate(self.landmarks):
            fitting = self._fitting(history, mark, convention, last=k == self.last)
            ways = [(*way, m) for way in ways for m in fitting if not way or m >= way[-1]]
            if not ways:
                return ()
        return tuple(w for w in ways if all_agree(history, self.n, self.landmarks, w, self.counts))

    def _fitting(self, history: str, mark: Landmark, convention: Convention, *, last: bool) -> list[int]:
        """The lengths at which a history prints a landmark: screened in floats, exact where they leave a doubt."""
        prefixes, log_s, g = _after_events(history, self.n)
        some = slice(len(prefixes) - 1, None) if last else slice(None)
        if last and prefixes[-1] != len(history):
            return []
        sure, doubtful = screen(log_s[some], g[some], mark, convention)
        found = []
        for m, certain, doubt in zip(prefixes[some], sure.tolist(), doubtful.tolist(), strict=True):
            if certain or (doubt and prints_landmark(_state(history[:m], self.n), mark, convention)):
                found.append(m)
        return found


def _whole(count: Count) -> bool:
    return count.day is not None and count.day.denominator == 1


@lru_cache(maxsize=16)
def _after_events(history: str, n: int) -> tuple[list[int], np.ndarray, np.ndarray]:
    """Lengths, ln S and G at the start and after each event, each of shape (events + 1,)."""
    steps = [i for i, kind in enumerate(history) if kind == EVENT]
    r = n - np.array(steps, float)
    with np.errstate(divide="ignore"):
        log_s = np.cumsum([0.0, *np.log((r - 1) / r)])
        g = np.cumsum([0.0, *np.where(r > 1, 1 / (r * np.maximum(r - 1, 1)), 0.0)])
    g[np.isinf(log_s)] = 0.0
    return [0, *(i + 1 for i in steps)], log_s, g


@lru_cache(maxsize=1024)
def _state(prefix: str, n: int) -> State:
    """The state after a prefix of a history, exactly."""
    state = start(n)
    for kind in prefix:
        state = step(state, kind)
    return state
