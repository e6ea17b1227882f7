"""Filling: the days inside the stretches, uniformly over all ways to get through them.

For each stretch the number of days used is drawn first, then which days they are, then what happens on each of them,
forwards, in proportion to the ways in which the rest can go on. All stretches of all draws are filled side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from helpers.inversion.draws.block import Ints, binomials
from helpers.inversion.draws.chance import Lottery, Uniforms
from helpers.inversion.draws.paths import Stretches
from helpers.inversion.draws.store import Store


@dataclass(frozen=True)
class Happenings:
    """What happens to some draws on one day each.

    `outer` and `inner` are how many patients have left each endpoint before; the columns of `what` are the outer
    events, the losses from the outer endpoint, the inner events, and how many of the losses are the inner one's too.
    """

    draws: Ints
    day: Ints
    outer: Ints
    inner: Ints
    what: Ints


@dataclass(frozen=True)
class _Tasks:
    """Stretches on which something happens, one an entry."""

    terminal: Ints
    draws: Ints
    state: Ints
    column: Ints
    length: Ints
    after: Ints
    hit: Ints
    outer_from: Ints
    inner_from: Ints
    top: Ints

    def __getitem__(self, rows: Ints) -> _Tasks:
        """Some of them."""
        return _Tasks(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def fill(stretches: Sequence[Stretches], uniforms: Uniforms) -> Iterator[Happenings]:
    """What happens in all stretches, in no order; days are whole, counted from the origin.

    Parameters
    ----------
    stretches : of any number of draws.
    uniforms : their random numbers.
    """
    store = Store(stretches)
    tasks = _tasks(stretches, store)
    place = uniforms.reserve(tasks.draws, np.ones(len(tasks.draws), np.int64))
    used = _days_used(tasks, store, uniforms.at(tasks.draws, place))
    place = uniforms.reserve(tasks.draws, 2 * used + 1)
    days, begin = _days(tasks, used, uniforms, place)
    state, active = tasks.state.copy(), np.arange(len(used))
    for k in range(int(used.max(initial=0))):
        active = active[used[active] > k]
        now = tasks[active]
        left = used[active] - k
        u = uniforms.at(now.draws, place[active] + used[active] + k)
        move = _moves(now, state[active], left, u, store)
        yield _happening(now, state[active], days[begin[active] + k], move, store)
        state[active] = store.end[move]
    active = np.flatnonzero(store.hits[tasks.terminal])
    now = tasks[active]
    u = uniforms.at(now.draws, place[active] + 2 * used[active])
    move = _moves(now, state[active], np.zeros(len(active), np.int64), u, store)
    yield _happening(now, state[active], now.hit, move, store)


def _tasks(stretches: Sequence[Stretches], store: Store) -> _Tasks:
    def spread(name: str) -> Ints:
        return np.repeat([getattr(s, name) for s in stretches], [len(s.draws) for s in stretches])

    def joined(name: str) -> Ints:
        return np.concatenate([getattr(s, name) for s in stretches])

    terminal = np.repeat([store.number[id(s.terminal)] for s in stretches], [len(s.draws) for s in stretches])
    state, column, length = joined("start"), joined("column"), joined("length")
    top = np.minimum(store.top(terminal, state, column), length)
    rows = np.flatnonzero((top > 0) | store.hits[terminal])
    draws = joined("draws")
    rows = rows[np.argsort(draws[rows], kind="stable")]
    columns = (terminal, draws, state, column, length, joined("after"), joined("hit"))
    return _Tasks(*(c[rows] for c in (*columns, spread("outer_from"), spread("inner_from"), top)))


def _days_used(tasks: _Tasks, store: Store, u: np.ndarray) -> Ints:
    """How many days something happens on, in proportion to C(length, k) · N^k; the most likely, the most, first."""
    choices = binomials(np.arange(int(tasks.length.max(initial=0)) + 1), int(tasks.top.max(initial=0)) + 1)

    def ways(rows: Ints, k: Ints) -> np.ndarray:
        found: np.ndarray = store.power(tasks.terminal[rows], k, tasks.state[rows], tasks.column[rows])
        return found * choices[tasks.length[rows], k]

    total, active, less = np.zeros(len(u)), np.arange(len(u)), 0
    while len(active):
        total[active] += ways(active, tasks.top[active] - less)
        less += 1
        active = active[tasks.top[active] >= less]
    used, left, active, less = np.zeros(len(u), np.int64), u * total, np.arange(len(u)), 0
    while len(active):
        here = ways(active, tasks.top[active] - less)
        # The last way left takes what rounding leaves over.
        done = (left[active] < here) | (tasks.top[active] == less)
        used[active[done]] = tasks.top[active[done]] - less
        left[active] -= here
        active, less = active[~done], less + 1
    return used


def _days(tasks: _Tasks, used: Ints, uniforms: Uniforms, place: Ints) -> tuple[Ints, Ints]:
    """Different days in rising order, one stretch after the other, and where each begins (Floyd's algorithm)."""
    begin = np.cumsum(used) - used
    days = np.empty(int(used.sum()), np.int64)
    for size in np.unique(used[used > 0]).tolist():
        rows = np.flatnonzero(used == size)
        chosen = np.zeros((len(rows), size), np.int64)
        for k in range(size):
            last = tasks.length[rows] - size + 1 + k
            day = (uniforms.at(tasks.draws[rows], place[rows] + k) * last).astype(np.int64) + 1
            taken = (chosen[:, :k] == day[:, None]).any(axis=1)
            chosen[:, k] = np.where(taken, last, day)
        chosen.sort(axis=1)
        days[begin[rows][:, None] + np.arange(size)] = tasks.after[rows][:, None] + chosen
    return days, begin


def _moves(tasks: _Tasks, state: Ints, left: Ints, u: np.ndarray, store: Store) -> Ints:
    """The next move of each: those of a single patient are looked at first, all others only if it is none of them."""
    rows = store.single[store.state_base[store.block[tasks.terminal]] + state]
    weight = np.zeros(rows.shape)
    for k in range(rows.shape[1]):
        own = np.flatnonzero(rows[:, k] >= 0)
        weight[own, k] = _onwards(tasks, own, rows[own, k], left[own], store)
    rising = np.cumsum(weight, axis=1)
    target = u * _total(tasks, state, left, store)
    which = (rising <= target[:, None]).sum(axis=1)
    move = rows[np.arange(len(rows)), np.minimum(which, rows.shape[1] - 1)]
    slow = np.flatnonzero(which == rows.shape[1])
    if len(slow):
        move[slow] = _any_move(tasks, slow, state, left, u, rows, store)
    return move


def _onwards(tasks: _Tasks, own: Ints, move: Ints, left: Ints, store: Store) -> np.ndarray:
    """Weight of a move times the ways to go on after it; the last move of a hit must lead to its end."""
    terminal, column, end = tasks.terminal[own], tasks.column[own], store.end[move]
    on = np.where(
        left > 0, store.power(terminal, np.maximum(left - 1, 0), end, column), end == store.end_of(terminal, column)
    )
    found: np.ndarray = store.weight[move] * on
    return found


def _total(tasks: _Tasks, state: Ints, left: Ints, store: Store) -> np.ndarray:
    return store.power(tasks.terminal, left, state, tasks.column)


def _any_move(
    tasks: _Tasks, slow: Ints, state: Ints, left: Ints, u: np.ndarray, single: Ints, store: Store
) -> Ints:
    """Among all moves, by the same random numbers."""
    at = store.state_base[store.block[tasks.terminal[slow]]] + state[slow]
    size = store.last[at] - store.first[at]
    owner = np.repeat(np.arange(len(slow)), size)
    move = np.arange(len(owner)) - np.repeat(np.cumsum(size) - size, size) + store.first[at][owner]
    # The order must be the one in which the single moves were tried: they come first.
    later = ~(move[:, None] == single[slow][owner]).any(axis=1)
    order = np.lexsort((later, owner))
    owner, move = owner[order], move[order]
    weight = _onwards(tasks, slow[owner], move, left[slow][owner], store)
    return move[Lottery(owner, weight).pick(np.arange(len(slow)), u[slow])]


def _happening(tasks: _Tasks, state: Ints, day: Ints, move: Ints, store: Store) -> Happenings:
    at = store.state_base[store.block[tasks.terminal]] + state
    return Happenings(
        tasks.draws,
        day,
        tasks.outer_from + store.outer_depth[at],
        tasks.inner_from + store.inner_depth[at],
        store.what[move],
    )
