"""Every table of few patients with two endpoints, by plain rules written apart from `helpers`."""

from __future__ import annotations

from functools import cache
from itertools import combinations_with_replacement, product

from helpers.inversion.linkage.patients import ALIVE, DIED_FIRST, DIED_UNSEEN, THEN_DIED, THEN_LOST
from helpers.inversion.timelines import Timeline

# One patient: inner day, inner event, outer day, outer event.
Row = tuple[int, int, int, int]


def allowed(row: Row, *, same: bool) -> bool:
    x, failed, y, died = row
    if failed:
        return x <= y
    if same:
        return x == y and not died
    return x < y or (x == y and not died)


def state(row: Row, day: int) -> str:
    x, failed, y, died = row
    if failed and x <= day and y > day:
        return ALIVE
    if failed and died and y <= day:
        return DIED_FIRST if x == y else THEN_DIED
    if failed and y <= day:
        return THEN_LOST
    return DIED_UNSEEN if died and y <= day else "other"


def endpoints_of(table: tuple[Row, ...]) -> tuple[tuple, tuple]:
    """The two endpoints of a table, each in order of time, events first on a day."""
    inner = sorted(((x, e) for x, e, _, _ in table), key=lambda row: (row[0], -row[1]))
    outer = sorted(((y, e) for _, _, y, e in table), key=lambda row: (row[0], -row[1]))
    return tuple(inner), tuple(outer)


@cache
def every_table(n: int, longest: int, same: bool) -> dict[tuple, dict[tuple, list[tuple[Row, ...]]]]:
    """All tables of n patients, by their inner and outer endpoint."""
    days = range(longest + 1)
    rows = [row for row in product(days, (0, 1), days, (0, 1)) if allowed(row, same=same)]
    found: dict[tuple, dict[tuple, list[tuple[Row, ...]]]] = {}
    for table in combinations_with_replacement(rows, n):
        inner, outer = endpoints_of(table)
        found.setdefault(inner, {}).setdefault(outer, []).append(table)
    return found


def system_of(rows: tuple, days: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    """The history of one endpoint up to its last event by the last landmark, and where the landmarks cut it."""
    kinds = "".join("E" if event else "C" for _, event in rows)
    cuts = [max([i + 1 for i, (day, event) in enumerate(rows) if event and day <= at], default=0) for at in days]
    return kinds[: cuts[-1]], tuple(cuts)


def belongs(rows: tuple, systems: tuple[Timeline, ...], days: tuple[int, ...]) -> bool:
    history, cuts = system_of(rows, days)
    at = [day for day, _ in rows]
    for system in systems:
        if (system.history, system.passed) == (history, cuts):
            chain = system.chain
            good = all(a <= t <= b for a, t, b in zip(chain.low, at, chain.high, strict=False))
            good &= all(at[i] == at[i - 1] for i in chain.tied)
            if good and all(at[b] - at[a] == d for a, b, d in chain.differences):
                return True
    return False
