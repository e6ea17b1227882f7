"""Forwards: every phase's cells by number of events, step after step, and what each moment lets through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from helpers.inversion.certify.strand import Strand

if TYPE_CHECKING:
    from helpers.inversion.certify.reach import Reach


class Forward:
    """One walk over the ladder; the passages of the reach are filled as it goes."""

    def __init__(self, reach: Reach, *, keep_trace: bool = False) -> None:
        """Start; with `keep_trace` the cells of each step are kept, for `Walks`."""
        self.reach, self.problem, self.ahead = reach, reach.problem, reach.ahead
        self.trace: list[list[dict[int, Strand]]] = []
        self.keep_trace = keep_trace
        self.last = len(self.problem.moments) - 1
        self.phases: list[dict[int, Strand]] = [{} for _ in self.problem.moments]
        self.fresh: list[dict[int, Strand]] = [{} for _ in self.problem.moments]
        self.to_zero: tuple[int, int] | None = None

    def run(self) -> None:
        """Go through all steps. Raises OutOfTimeError."""
        n = self.problem.n
        origin = Strand(0, np.zeros(1), np.zeros(1))
        if self.problem.zero == 0:
            self._fall(0, 0)
        if self.ahead.within(0, 0, origin) is not None:
            self.phases[0][0] = self.fresh[0][0] = origin
        for p in range(n + 1):
            self.reach.effort.spend(sum(20.0 * len(s.low) + 2000 for phase in self.phases for s in phase.values()))
            for k, strands in enumerate(self.fresh):
                for events, strand in strands.items():
                    self._arrive(k, p, events, strand)
            for k, moment in enumerate(self.problem.moments):
                if p in moment.steps:
                    for events, strand in list(self.phases[k].items()):
                        self._pass(k, p, events, strand)
            if self.keep_trace:
                self.trace.append([dict(phase) for phase in self.phases])
            if p < n:
                self._step(p)
        self._note_zero()

    def _arrive(self, first: int, length: int, events: int, strand: Strand) -> None:
        """A history of this length, its last step an event: which moments can pass before the next event."""
        wait, here = length, strand
        for k in range(first, self.last + 1):
            moment = self.problem.moments[k]
            span = moment.positions(events)
            wait = max(wait, span.low)
            passed = self.reach.passed(k, here, length, events) if wait <= span.high else None
            if passed is None or events not in moment.events:
                return
            here = passed
            if self._goes_on(k, wait, span.high, events, here) is not None:
                self.reach.passages[k].lengths.add((length, events))

    def _goes_on(self, k: int, steps: int, latest: int, events: int, strand: Strand) -> Strand | None:
        """The cells, at moment k, from which everything afterwards can be printed."""
        if k == self.last:
            rest = self.problem.rest
            possible = rest.allows(steps, events) or (latest == self.problem.n and rest.allows(latest, events))
            return strand if possible else None
        return strand if self.ahead.to_zero(k + 1, steps) else self.ahead.within(k + 1, steps, strand)

    def _pass(self, k: int, steps: int, events: int, strand: Strand) -> None:
        moment, passage = self.problem.moments[k], self.reach.passages[k]
        if events not in moment.events or steps - events not in moment.censored:
            return
        passed = self.reach.passed(k, strand, steps, events)
        good = None if passed is None else self._goes_on(k, steps, steps, events, passed)
        if passed is None or good is None:
            return
        passage.counts.add((steps, events))
        passage.see(*self.reach.survival(k, good, steps, events))
        if k == self.reach.keep:
            self.reach.cells.see(good, self.reach.offsets(steps, events), events)
        if k == self.last:
            return
        if k + 1 == self.problem.zero and self.ahead.to_zero(k + 1, steps):
            self._fall(steps, events)
        onward = self.ahead.within(k + 1, steps, passed)
        if onward is not None:
            self.phases[k + 1][events] = onward.joined(self.phases[k + 1].get(events))

    def _fall(self, steps: int, events: int) -> None:
        """From here the curve may fall to 0 with the last patient, whatever happens in between."""
        low, high = events + 1, events + self.problem.n - steps
        self.to_zero = (low, high) if self.to_zero is None else (min(low, self.to_zero[0]), max(high, self.to_zero[1]))

    def _note_zero(self) -> None:
        if self.to_zero is None:
            return
        n, problem = self.problem.n, self.problem
        for k in range(problem.zero, self.last + 1):
            moment, passage = problem.moments[k], self.reach.passages[k]
            for events in range(self.to_zero[0], self.to_zero[1] + 1):
                if events in moment.events and n - events in moment.censored and problem.rest.allows(n, events):
                    passage.lengths.add((n, events))
                    passage.counts.add((n, events))
                    passage.see(0.0, 0.0)

    def _step(self, p: int) -> None:
        """One more patient leaves, with or without an event."""
        shift, gain = (int(self.reach.shift[p]), float(self.reach.gain_g[p])) if p <= self.problem.n - 2 else (0, 0.0)
        for k, strands in enumerate(self.phases):
            moment = self.problem.moments[k]
            after: dict[int, Strand] = {}
            self.fresh[k] = {}
            for events, strand in strands.items():
                stays = self.ahead.within(k, p + 1, strand) if p + 1 - events <= moment.censored.high else None
                if stays is not None:
                    after[events] = stays.joined(after.get(events))
                if shift and events + 1 <= moment.events.high:
                    room = max(0, self.reach.rows - strand.row - shift)
                    moved = Strand(strand.row + shift, strand.low[:room] + gain, strand.high[:room] + gain)
                    arrived = self.ahead.within(k, p + 1, moved)
                    if arrived is not None:
                        self.fresh[k][events + 1] = arrived
                        after[events + 1] = arrived.joined(after.get(events + 1))
            self.phases[k] = after
