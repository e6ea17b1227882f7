"""Who is at risk at each event, for rows (start, stop] in strata, and sums over all those sets at once.

A row is at risk at an event time t of its own stratum if start < t ≤ stop: a run of consecutive event times. The runs
are laid on a binary tree over all event times (each run is at most 2 log₂ m nodes), values are summed once at the
nodes and then handed down to the leaves. Sums over m risk sets of n rows so take O((n + m) log m) without a loop over
rows, and nothing is ever subtracted: the difference of two running sums would lose digits where few are left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from helpers.estimators.kaplan_meier import Floats, Integers

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True, eq=False)
class RiskSets:
    """Risk sets of n rows at m distinct (stratum, event time) pairs, those of one stratum side by side.

    `event_rows` (e,) are the rows that end in an event, ordered by `at` (e,), the event time of each; `tie` (e,) is
    0, 1, … within the events of one time and `ties` (m,) their number; row i is at risk at the event times
    `first[i]` ≤ j < `last[i]`. `nodes` (2 size, n) holds the run of each row on the tree; leaf j is node size + j.
    """

    rows: int
    event_rows: Integers
    at: Integers
    tie: Integers
    ties: Integers
    first: Integers
    last: Integers
    size: int
    nodes: csr_array

    @property
    def times(self) -> int:
        """Number m of distinct event times, over all strata."""
        return int(self.ties.size)

    def sums(self, values: Floats) -> Floats:
        """Sum of `values` (n, c) over every risk set, (m, c)."""
        tree = self.nodes @ values
        level = 1
        while level < self.size:
            tree[2 * level : 4 * level] += np.repeat(tree[level : 2 * level], 2, axis=0)
            level *= 2
        return tree[self.size : self.size + self.times]

    def highest(self, values: Floats) -> Integers:
        """A row with the largest of `values` (n,) in every risk set, (m,)."""
        order = np.argsort(values, kind="stable")
        rank = np.empty(self.rows, dtype=np.int64)
        rank[order] = np.arange(self.rows)
        top = np.full(2 * self.size, -1, dtype=np.int64)
        held = np.diff(self.nodes.indptr) > 0
        top[held] = np.maximum.reduceat(rank[self.nodes.indices], self.nodes.indptr[:-1][held])
        level = 1
        while level < self.size:
            below = top[2 * level : 4 * level]
            np.maximum(below, np.repeat(top[level : 2 * level], 2), out=below)
            level *= 2
        return order[top[self.size : self.size + self.times]]

    def event_sums(self, values: Floats) -> Floats:
        """Sum of `values` (n, c) over the rows with an event at every event time, (m, c)."""
        total = np.zeros((self.times, values.shape[1]))
        np.add.at(total, self.at, values[self.event_rows])
        return total


def risk_sets(start: Floats | None, stop: Floats, event: Integers, stratum: Integers) -> RiskSets:
    """Lay out the risk sets of checked rows.

    Parameters
    ----------
    start : (n,) time after which a row is under observation, below `stop`; None: from before the first time on.
    stop : (n,) end of the row.
    event : (n,) 1 if the row ends in an event, otherwise 0.
    stratum : (n,) whole numbers from 0.
    """
    if start is None:
        _, end_rank = np.unique(stop, return_inverse=True)
        begin_rank = np.full(stop.size, -1)
    else:
        ranks = np.unique(np.concatenate((start, stop)), return_inverse=True)[1]
        begin_rank, end_rank = ranks[: stop.size], ranks[stop.size :]
    # One number for stratum and time; a stratum's numbers start above 0 so that rank -1 stays within it.
    span = int(end_rank.max(initial=0)) + 2
    end = stratum * span + end_rank + 1
    begin = stratum * span + begin_rank + 1
    events = np.flatnonzero(event == 1)
    distinct, at = np.unique(end[events], return_inverse=True)
    order = np.argsort(at, kind="stable")
    events, at = events[order], at[order]
    ties = np.bincount(at, minlength=distinct.size)
    tie = np.arange(at.size) - np.repeat(np.cumsum(ties) - ties, ties)
    first = np.searchsorted(distinct, begin, side="right")
    last = np.searchsorted(distinct, end, side="right")
    size = 1 << max(int(distinct.size) - 1, 0).bit_length()
    return RiskSets(stop.size, events, at, tie, ties, first, last, size, _on_tree(first, last, size))


def _on_tree(first: Integers, last: Integers, size: int) -> csr_array:
    """The nodes whose leaves make up each run, as a sparse matrix of ones."""
    from scipy.sparse import csr_array

    rows = np.flatnonzero(first < last)
    low, high = first[rows] + size, last[rows] + size
    found_nodes, found_rows = [], []
    while rows.size:
        odd = (low & 1).astype(bool)
        found_nodes.append(low[odd])
        found_rows.append(rows[odd])
        low = (low + 1) >> 1
        odd = (high & 1).astype(bool)
        found_nodes.append(high[odd] - 1)
        found_rows.append(rows[odd])
        high = high >> 1
        open_ = low < high
        rows, low, high = rows[open_], low[open_], high[open_]
    where = (np.concatenate(found_nodes), np.concatenate(found_rows)) if found_nodes else (np.zeros(0, np.int64),) * 2
    return csr_array((np.ones(where[0].size), where), shape=(2 * size, first.size))
