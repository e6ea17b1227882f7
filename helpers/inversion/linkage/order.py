"""Two timelines at once: all smallest distances between days, kept complete while conditions are added one by one.

A closed matrix holds, for every pair of days a and b, the largest w for which t_b − t_a ≥ w in every timeline; node 0
is day 0. Whether one more condition can hold is then one comparison, and adding it costs one pass over the matrix.
Everything is a whole number, so a condition that can hold can hold in whole days.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from helpers.inversion.timelines import Chain

Order = NDArray[np.int64]
_FREE = -(10**9)


def closed(chain: Chain) -> Order | None:
    """The closed matrix of one chain, shape (steps + 1, steps + 1); None if it has no timeline."""
    size = len(chain.kinds) + 1
    order = np.full((size, size), _FREE, np.int64)
    np.fill_diagonal(order, 0)
    for i in range(1, size):
        order[0, i], order[i, 0] = chain.low[i - 1], -chain.high[i - 1]
        if i > 1:
            order[i - 1, i] = chain.gap[i - 1]
            if i - 1 in chain.tied:
                order[i, i - 1] = 0
    for u, after, d in chain.differences:
        if u == after:
            if d:
                return None
            continue
        order[u + 1, after + 1] = max(order[u + 1, after + 1], d)
        order[after + 1, u + 1] = max(order[after + 1, u + 1], -d)
    for via in range(size):
        order = np.maximum(order, order[:, via, None] + order[None, via, :])
    return None if (order.diagonal() > 0).any() else order


def beside(first: Order, second: Order) -> Order:
    """Two independent timelines in one matrix: day 0, the steps of the first, the steps of the second."""
    size = len(first) + len(second) - 1
    order = np.zeros((size, size), np.int64)
    cut = len(first)
    order[:cut, :cut] = first
    order[0, cut:], order[cut:, 0] = second[0, 1:], second[1:, 0]
    order[cut:, cut:] = second[1:, 1:]
    order[1:cut, cut:] = first[1:, 0, None] + second[None, 0, 1:]
    order[cut:, 1:cut] = second[1:, 0, None] + first[None, 0, 1:]
    return order


def can(order: Order, a: int, b: int, gap: int) -> bool:
    """Whether t_b − t_a ≥ gap is possible."""
    return bool(gap + order[b, a] <= 0)


def demand(order: Order | None, a: int, b: int, gap: int) -> Order | None:
    """The same with t_b − t_a ≥ gap demanded; None if that is impossible, or was before."""
    if order is None or gap + order[b, a] > 0:
        return None
    if order[a, b] >= gap:
        return order
    closer: Order = np.maximum(order, order[:, a, None] + (gap + order[None, b, :]))
    return closer


def equal(order: Order | None, a: int, b: int) -> Order | None:
    """The same with two days made equal."""
    return demand(demand(order, a, b, 0), b, a, 0)
