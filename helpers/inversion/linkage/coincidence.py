"""How few and how many deaths can be the first event: the fewest and most coincidences of days, by branch and bound.

On given days, deaths and inner events that share a day may as well be the same patients', or not as far as others
are left who could have died. So the most deaths without an earlier event are the most pairs (death, inner event) that
can share their days in order; the fewest are the deaths that cannot come later than the inner event of their rank.
Both are decided in whole numbers; a bound on what is still open cuts the search.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from helpers.inversion.linkage.order import Order, can, demand, equal
from helpers.inversion.work import Budget


def fewest_direct(
    order: Order, deaths: Sequence[tuple[int, int]], below: int, budget: Budget
) -> tuple[int, Order] | None:
    """The fewest of some deaths on the very day of the inner event of their rank, if fewer than `below`.

    Parameters
    ----------
    order : all common timelines.
    deaths : rows of each death and of the inner event of its rank.
    below : larger numbers are of no interest.
    budget : raises WorkLimitError when it is used up.
    """
    best: tuple[int, Order] | None = None
    limit = below

    def go(now: Order, i: int, direct: int) -> None:
        nonlocal best, limit
        budget.spend()
        if direct >= limit:
            return
        forced = [not can(now, event, death, 1) for death, event in deaths[i:]]
        if direct + sum(forced) >= limit:
            return
        if i == len(deaths):
            best, limit = (direct, now), direct
            return
        death, event = deaths[i]
        later = demand(now, event, death, 1)
        if later is not None:
            go(later, i + 1, direct)
        go(now, i + 1, direct + 1)

    go(order, 0, 0)
    return best


def most_direct(
    order: Order, deaths: Sequence[int], events: Sequence[int], above: int, budget: Budget
) -> tuple[int, Order] | None:
    """The most of some deaths that can fall on the day of an inner event each, if more than `above`.

    `deaths` and `events` are rows in order of time; see `fewest_direct` for the rest.
    """
    best: tuple[int, Order] | None = None
    limit = above

    def go(now: Order, i: int, first: int, shared: int) -> None:
        nonlocal best, limit
        budget.spend()
        if (
            shared + min(len(deaths) - i, len(events) - first) <= limit
            or shared + _longest(now, deaths[i:], events[first:]) <= limit
        ):
            return
        if i == len(deaths):
            best, limit = (shared, now), shared
            return
        for j in range(first, len(events)):
            together = equal(now, deaths[i], events[j])
            if together is not None:
                go(together, i + 1, j + 1, shared + 1)
        go(now, i + 1, first, shared)

    go(order, 0, 0, 0)
    return best


def _longest(order: Order, deaths: Sequence[int], events: Sequence[int]) -> int:
    """The most pairs in order that could each share a day if the others were not looked at."""
    if not deaths or not events:
        return 0
    possible = (order[np.ix_(deaths, events)] <= 0) & (order[np.ix_(events, deaths)].T <= 0)
    row = [0] * (len(events) + 1)
    for line in possible.tolist():
        before = row
        row = [0]
        for j, both in enumerate(line):
            row.append(max(before[j] + both, before[j + 1], row[j]))
    return row[-1]
