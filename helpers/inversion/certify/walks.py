"""Walks: histories found by going backwards through the cells of a search, from the last event to the first.

The cells say which steps can have come before; among those that can, one is taken at random. Rows of −ln S are rounded
and ranges of G are hulls, so a walk may miss what it aims at; it is mended (`mend`), and every history is decided
exactly before it is used.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from helpers.inversion.certify.mend import mended
from helpers.inversion.certify.reach import Reach
from helpers.inversion.certify.strand import Strand
from helpers.inversion.history import CENSORED, EVENT


@dataclass(frozen=True)
class _Cell:
    """Where a walk stands: before moment `phase`, after so many steps and events, S in a row, G in a range."""

    phase: int
    steps: int
    events: int
    row: int
    low: float
    high: float


class Walks:
    """Walks through one search that kept its cells."""

    def __init__(self, reach: Reach, tight: Collection[int], rng: np.random.Generator) -> None:
        """`tight` are the moments just before which the last step must be an event."""
        self.reach, self.rng = reach, rng
        self.trace = reach.forward.trace
        self.tight = {*tight, len(reach.problem.moments) - 1}
        self.ends = sorted(reach.passages[-1].lengths)

    def histories(self, tries: int) -> Iterator[str]:
        """What so many walks arrive at; not decided yet."""
        for _ in range(tries if self.ends else 0):
            history = self._walk()
            if history is not None:
                yield history

    def _walk(self) -> str | None:
        here = self._end()
        word: list[str] = []
        passed: list[int] = [here.steps] if here is not None else []
        event_next = True
        while here is not None and (here.steps or here.phase):
            ways = self._passing(here) + self._stepping(here, event_next=event_next)
            if not ways:
                return None
            came, kind = ways[self.rng.integers(len(ways))]
            if kind:
                event_next = False
                word.append(kind)
            else:
                passed.append(came.steps)
                event_next |= came.phase in self.tight
            here = came
        if here is None or not here.low <= 0 <= here.high:
            return None
        return mended("".join(reversed(word)), passed[::-1], self.reach, self.rng)

    def _end(self) -> _Cell | None:
        """A cell in which the last moment is passed, the last step an event."""
        steps, events = self.ends[self.rng.integers(len(self.ends))]
        last = len(self.reach.problem.moments) - 1
        strand = self._strand(last, steps, events)
        passed = None if strand is None else self.reach.passed(last, strand, steps, events)
        if passed is None:
            return None
        i = self.rng.choice(np.flatnonzero(passed.low <= passed.high))
        return _Cell(last, steps, events, passed.row + int(i), float(passed.low[i]), float(passed.high[i]))

    def _strand(self, phase: int, steps: int, events: int) -> Strand | None:
        if steps >= len(self.trace):
            return None
        return self.trace[steps][phase].get(events)

    def _met(self, strand: Strand | None, at: _Cell) -> _Cell | None:
        """The part of a cell that lies in a strand."""
        i = -1 if strand is None else at.row - strand.row
        if strand is None or not 0 <= i < len(strand.low):
            return None
        low, high = max(at.low, float(strand.low[i]) - 1e-12), min(at.high, float(strand.high[i]) + 1e-12)
        return _Cell(at.phase, at.steps, at.events, at.row, low, high) if low <= high else None

    def _passing(self, at: _Cell) -> list[tuple[_Cell, str]]:
        """Back over the moment before, at the same step."""
        k = at.phase - 1
        if k < 0:
            return []
        moment = self.reach.problem.moments[k]
        if (
            at.steps not in moment.steps
            or at.events not in moment.events
            or at.steps - at.events not in moment.censored
        ):
            return []
        strand = self._strand(k, at.steps, at.events)
        passed = None if strand is None else self.reach.passed(k, strand, at.steps, at.events)
        met = self._met(passed, _Cell(k, at.steps, at.events, at.row, at.low, at.high))
        return [] if met is None else [(met, "")]

    def _stepping(self, at: _Cell, *, event_next: bool) -> list[tuple[_Cell, str]]:
        """Back over one step: an event, or a censoring."""
        p = at.steps - 1
        if p < 0:
            return []
        found = []
        if at.events and p < len(self.reach.shift):
            gain = float(self.reach.gain_g[p])
            before = _Cell(at.phase, p, at.events - 1, at.row - int(self.reach.shift[p]), at.low - gain, at.high - gain)
            met = self._met(self._strand(at.phase, p, at.events - 1), before)
            if met is not None:
                found.append((met, EVENT))
        if not event_next:
            before = _Cell(at.phase, p, at.events, at.row, at.low, at.high)
            met = self._met(self._strand(at.phase, p, at.events), before)
            if met is not None:
                found.append((met, CENSORED))
        return found
