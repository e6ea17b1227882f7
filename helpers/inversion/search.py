"""The search: every history whose curve passes through a window at each landmark.

An event multiplies S and adds to Greenwood's sum G; a censoring does neither, but the next event counts for more. So
a history is a sum of steps, and two sums, ln S and G, must fall into a window at every landmark.

Between two landmarks (`halves`) beginnings grow forwards from what passed the first one, and endings grow backwards
from the last possible step, always the fewer of the two. Where they meet, each beginning looks up the endings that
complete it. What printed counts say is used while they grow: how many steps there are at most, which of them must
be events or censorings, how many events and censorings there may be. So the work follows the fewer of events and
censorings where either is known, numbers at risk cut a long history into short ones, and a few dozen steps are within
reach without either.

Nothing is sampled and nothing is lost; windows, bounds (`reach`) and counts only prune. Whether a history that is
found prints the numbers is decided elsewhere, exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from helpers.inversion.bits import censored_up_to, no_censoring, texts
from helpers.inversion.budget import CANDIDATE_LIMIT, Budget, TooLargeError
from helpers.inversion.counts import Limits
from helpers.inversion.halves import Goal, Partial, completed
from helpers.inversion.reach import can_pass, ceilings, inside, narrowed
from helpers.inversion.windows import Window

__all__ = ["CANDIDATE_LIMIT", "Budget", "Gate", "Paths", "TooLargeError", "search"]


@dataclass(frozen=True)
class Gate:
    """What a history must pass at one landmark: a window, and the limits that printed counts set."""

    window: Window
    limits: Limits


@dataclass(frozen=True)
class Paths:
    """Histories that have passed some gates, as parallel arrays over k of them; each ends in an event or is empty.

    `bits` are their steps (see `bits`), `length` counts steps with the censorings that surely follow, `ways`,
    `log_s` and `g`, shape (k, gates), hold the length and the curve at each gate. A history stands here once for each
    way in which it passes the gates.
    """

    bits: np.ndarray
    length: np.ndarray
    events: np.ndarray
    ways: np.ndarray
    log_s: np.ndarray
    g: np.ndarray

    def __len__(self) -> int:
        """Number of histories."""
        return len(self.bits)

    def take(self, index: np.ndarray) -> Paths:
        """Some of them."""
        return Paths(*(column[index] for column in vars(self).values()))

    def strings(self, n: int) -> list[str]:
        """The histories as text."""
        return texts(self.bits, self.ways[:, -1], n)


def search(n: int, gates: Sequence[Gate], budget: Budget) -> Paths:
    """All histories of n patients that pass the gates one after another.

    Raises TooLargeError before more candidates are formed than the budget allows.
    """
    zero, none = np.zeros(1, np.int64), np.zeros((1, 0))
    paths = Paths(no_censoring(1, n), zero, zero, none.astype(np.int64), none, none)
    gates = nested(n, gates)
    for k, gate in enumerate(gates):
        highest = ceilings(gate.window, [later.window for later in gates[k + 1 :]], n)
        paths = _through(n, paths, gate, highest, budget)
        paths = paths.take(_useful(n, paths, gate.limits, gates[k + 1 :]))
    return paths


def nested(n: int, gates: Sequence[Gate]) -> list[Gate]:
    """The gates with their windows cut to what later gates can still be reached from."""
    found = list(gates)
    for k in range(len(gates) - 2, -1, -1):
        for later in found[k + 1 :]:
            left = max(n - later.limits.most, 1)
            found[k] = replace(found[k], window=narrowed(found[k].window, later.window, n, left))
    return found


def _through(n: int, before: Paths, gate: Gate, highest: np.ndarray, budget: Budget) -> Paths:
    """Every way on to the next gate: as the history stands, or by steps of which the last is an event.

    `highest` is the largest G after so many steps, for the sake of later gates.
    """
    started = before.ways.shape[1] > 0
    none = np.zeros(len(before))
    log_s, g = (before.log_s[:, -1], before.g[:, -1]) if started else (none, none)
    begin = Partial(np.arange(len(before)), before.bits, log_s, g, before.events)
    standing = np.flatnonzero(inside(np.exp(begin.log_s), begin.g, gate.window))
    reached = before.ways[:, -1] if started else before.length
    found = [(begin.take(standing), reached[standing])]
    if len(before):
        known = gate.limits
        points = tuple((point.steps, point.fewest, point.most) for point in known.points)
        goal = Goal(
            n, gate.window, min(known.most, n), known.events_from, known.events, known.censored, points, highest
        )
        found += completed(begin, before.length, goal, budget)
    partial, way = Partial.joined([part for part, _ in found]), np.concatenate([length for _, length in found])
    old = before.take(partial.origin)
    over = np.maximum(np.maximum(way, old.length), gate.limits.over)
    over = np.maximum(over, way + gate.limits.lost - (way - partial.events))
    return Paths(
        censored_up_to(partial.bits, way, over),
        over,
        partial.events,
        np.column_stack([old.ways, way]),
        np.column_stack([old.log_s, partial.log_s]),
        np.column_stack([old.g, partial.g]),
    )


def _useful(n: int, paths: Paths, known: Limits, later: Sequence[Gate]) -> np.ndarray:
    """Which paths keep to the limits of the gate just passed and may still pass all later gates."""
    way, events = paths.ways[:, -1], paths.events
    keep = (way <= known.most) & (events >= known.events[0]) & (events <= known.events[1])
    keep &= way - events <= known.censored
    s, g, at_risk = np.exp(paths.log_s[:, -1]), paths.g[:, -1], n - paths.length
    for gate in later:
        if gate.window.s_low > 0:
            left = max(n - gate.limits.most, 1)
            keep &= inside(s, g, gate.window) | can_pass(s, g, at_risk, gate.window, left)
        keep &= (events <= gate.limits.events[1]) & (way - events <= gate.limits.censored)
    return np.flatnonzero(keep)
