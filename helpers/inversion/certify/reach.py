"""Reach: with how many steps and events, and which S and G, a history can pass each moment and still print the rest.

Dynamic programming over the ladder, exact in steps and events. −ln S is kept in whole rows of one step each: an event
among r patients moves ln(r / (r − 1)) / step rows, rounded once for each r, so that of e events among the first p steps
the true value differs from the row's by at least the sum of the e smallest rounding errors and at most that of the e
largest. Of G each cell keeps the smallest and the largest value with which it can be reached, cut to the strip of each
moment that is passed. Nothing that can print is ever lost; what is left over may be a little too much.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import exp, floor, inf, log

import numpy as np

from helpers.conventions import Convention
from helpers.inversion.certify.ahead import TINY, Ahead
from helpers.inversion.certify.effort import Effort
from helpers.inversion.certify.forward import Forward
from helpers.inversion.certify.moments import Moment, Rest
from helpers.inversion.certify.strand import Strand
from helpers.inversion.certify.strip import Ends, strip_of
from helpers.inversion.certify.task import ZERO
from helpers.inversion.history import State, start
from helpers.inversion.printing import prints_landmark
from helpers.inversion.windows import window

_ROOM = 1e-9


@dataclass
class Passage:
    """How one moment can be passed.

    `lengths` are pairs (length of the history, events), `counts` pairs (steps, events) at the moment itself,
    `survival` the range of S.
    """

    lengths: set[tuple[int, int]] = field(default_factory=set)
    counts: set[tuple[int, int]] = field(default_factory=set)
    survival: tuple[float, float] = (inf, -inf)

    def see(self, low: float, high: float) -> None:
        """S from low to high is possible."""
        self.survival = min(self.survival[0], low), max(self.survival[1], high)

    @property
    def empty(self) -> bool:
        """Whether it cannot be passed at all."""
        return not self.lengths or not self.counts

    def reconciled(self) -> Passage:
        """Without lengths and counts that do not go together: so many events need a history of that many."""
        shortest: dict[int, int] = {}
        for length, events in self.lengths:
            shortest[events] = min(length, shortest.get(events, length))
        counts = {(p, e) for p, e in self.counts if e in shortest and shortest[e] <= p}
        known = {e for _, e in counts}
        return Passage({(m, e) for m, e in self.lengths if e in known}, counts, self.survival)


@dataclass(frozen=True)
class Problem:
    """n patients, the moments to pass, what is left for afterwards, and the conventions, each moment under any."""

    n: int
    moments: tuple[Moment, ...]
    rest: Rest
    conventions: tuple[Convention, ...]

    def all_print(self, k: int, state: State) -> bool:
        """Whether a state prints moment k under one of the conventions."""
        return any(all(prints_landmark(state, mark, c) for mark in self.moments[k].marks) for c in self.conventions)

    @cached_property
    def start_prints(self) -> tuple[bool, ...]:
        """By moment: whether it can be passed before any event."""
        return tuple(self.all_print(k, start(self.n)) for k in range(len(self.moments)))

    @cached_property
    def zero(self) -> int:
        """The first moment from which on S = 0 prints them all; as many as there are moments if none does."""
        found = len(self.moments)
        for k in range(len(self.moments) - 1, -1, -1):
            moment = self.moments[k]
            if self.n not in moment.steps or not self.all_print(k, ZERO):
                break
            found = k
        return found

    @cached_property
    def depth(self) -> float:
        """No history need be followed to a larger −ln S than this."""
        lows = [
            min((window(mark, c).s_low for c in self.conventions), default=0.0)
            for moment in self.moments
            for mark in moment.marks
        ]
        return -log(max(min(lows, default=0.0), (1 - _ROOM) / max(self.n, 2))) + 1e-6


@dataclass
class Cells:
    """Every cell with which one moment can be passed: by row the range of G, and how far S can lie from the row."""

    low: np.ndarray
    high: np.ndarray
    before: int = 0
    after: int = 0
    start: bool = False

    def see(self, strand: Strand, offsets: tuple[int, int], events: int) -> None:
        """The cells of one strand are possible."""
        if events == 0:
            self.start = True
            return
        part = slice(strand.row, strand.row + len(strand.low))
        self.low[part] = np.minimum(self.low[part], strand.low)
        self.high[part] = np.maximum(self.high[part], strand.high)
        self.before, self.after = min(self.before, offsets[0]), max(self.after, offsets[1])


class Reach:
    """One search; `passages` are its results, one a moment, all empty if nothing can print."""

    def __init__(
        self, problem: Problem, rows: int, effort: Effort, keep: int | None = None, *, keep_trace: bool = False
    ) -> None:
        """Search with so many rows. Raises OutOfTimeError.

        `keep` is a moment whose cells are wanted; with `keep_trace` the cells of each step are kept too.
        """
        self.problem, self.effort, self.keep = problem, effort, keep
        n, moments = problem.n, problem.moments
        r = np.arange(n, 1, -1)
        self.gain_s = np.log(r / (r - 1.0))
        self.gain_g = 1.0 / (r * (r - 1.0))
        self.step = problem.depth / rows
        self.shift = np.rint(self.gain_s / self.step).astype(int)
        rests = self.gain_s / self.step - self.shift
        self.least, self.most = _sums(rests, 1), _sums(rests, -1)
        pad = int(max(-self.least.min(), self.most.max())) + 3
        self.rows = rows + pad
        effort.spend(4.0 * len(moments) * len(problem.conventions) * self.rows)
        self.strips = [strip_of(m.marks, problem.conventions, self.step, self.rows, pad) for m in moments]
        self.passages = tuple(Passage() for _ in moments)
        self.cells = Cells(np.full(self.rows, inf), np.full(self.rows, -inf))
        self.ahead = Ahead(self)
        self.forward = Forward(self, keep_trace=keep_trace)
        if self.ahead.possible:
            self.forward.run()
        self.passages = tuple(p.reconciled() for p in self.passages)
        if self.empty:
            self.passages = tuple(Passage() for _ in moments)

    @property
    def empty(self) -> bool:
        """Whether certainly nothing prints all the moments."""
        return any(p.empty for p in self.passages)

    def offsets(self, steps: int, events: int) -> tuple[int, int]:
        """The pieces of −ln S, counted from the row, in which the true value can lie."""
        low, high = float(self.least[steps, events]), float(self.most[steps, events])
        return floor(low - TINY), floor(high + TINY)

    def strip(self, k: int, strand: Strand, before: int, after: int) -> Ends:
        """The strip of moment k over the cells of a strand whose true values may lie so many rows off."""
        return self.strips[k].over(strand.row, len(strand.low), before, after)

    def passed(self, k: int, strand: Strand, steps: int, events: int) -> Strand | None:
        """The cells of a strand in which moment k may be printed."""
        if events == 0:
            return strand if self.problem.start_prints[k] else None
        return strand.cut(*self.strip(k, strand, *self.offsets(steps, events)))

    def survival(self, k: int, strand: Strand, steps: int, events: int) -> tuple[float, float]:
        """The range of S over the cells of a strand that passes moment k."""
        if events == 0:
            return 1.0, 1.0
        first, last = self.strips[k].rows
        shallow = max(strand.row + float(self.least[steps, events]) - TINY, first)
        deep = min(strand.row + len(strand.low) - 1 + float(self.most[steps, events]) + TINY, last)
        low, high = exp(-deep * self.step) * (1 - _ROOM), exp(-shallow * self.step) * (1 + _ROOM)
        return max(low, (1 - _ROOM) / self.problem.n), min(high, 1 - (1 - _ROOM) / self.problem.n)


def _sums(rests: np.ndarray, sign: int) -> np.ndarray:
    """For p steps and e events: the sum of the e smallest (sign −1: largest) of the first p; shape (n + 1, n + 1)."""
    n = len(rests) + 1
    found = np.zeros((n + 1, n + 1))
    for p in range(1, n + 1):
        total = np.cumsum(np.sort(sign * rests[:p]))
        found[p, 1 : len(total) + 1] = sign * total
        found[p, len(total) + 1 :] = sign * total[-1] if len(total) else 0.0
    return found
