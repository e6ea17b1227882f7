"""Filling: the days inside the stretches, uniformly over all ways to get through them.

For each stretch the number of days used is drawn first, then which days they are, then what happens on each of them,
forwards, in proportion to the ways in which the rest can go on. All stretches of many draws are filled side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
    """Stretches on which something happens, one an entry, in order of their draws.

    `terminal` numbers the terminals of the store, `state` is where a stretch starts, `top` the most days that it can
    use; the rest is as in `Stretches`.
    """

    draws: Ints
    terminal: Ints
    state: Ints
    column: Ints
    length: Ints
    after: Ints
    ways: np.ndarray
    outer_from: Ints
    inner_from: Ints
    top: Ints

    def part(self, begin: int, end: int) -> _Tasks:
        """Some neighbouring entries."""
        return _Tasks(*(getattr(self, name)[begin:end] for name in self.__dataclass_fields__))


class Filler:
    """Stretches of many draws, ready to be filled a part of the draws at a time."""

    def __init__(self, stretches: Sequence[Stretches]) -> None:
        """Lay them out in order of their draws; those in which nothing happens are left out."""
        self._store = Store(stretches)
        self._tasks = _tasks(stretches, self._store)

    def fill(self, begin: int, end: int, uniforms: Uniforms) -> Iterator[Happenings]:
        """What happens to the draws from `begin` to before `end`, in no order; days are counted from the origin.

        `uniforms` serves just these draws; in what happens they are counted from 0.
        """
        rows = np.searchsorted(self._tasks.draws, (begin, end))
        tasks, store = self._tasks.part(*rows.tolist()), self._store
        draws = tasks.draws - begin
        place = uniforms.reserve(draws, np.ones(len(draws), np.int64))
        used = _days_used(tasks, store, uniforms.at(draws, place))
        place = uniforms.reserve(draws, 2 * used + 1)
        days, first = _days(tasks, draws, used, uniforms, place)
        base = store.state_base[tasks.terminal]
        ways = store.base[tasks.terminal] + tasks.column
        state, active = tasks.state.copy(), np.arange(len(used))
        for k in range(int(used.max(initial=0))):
            active = active[used[active] > k]
            here = state[active]
            u = uniforms.at(draws[active], place[active] + used[active] + k)
            width, step = store.width[tasks.terminal[active]], store.step[tasks.terminal[active]]
            now = ways[active] + (used[active] - k) * step
            move = _moves(base[active] + here, now + here * width, now - step, width, u, store)
            yield _happening(tasks, active, draws, here, days[first[active] + k], move, store)
            state[active] = store.end[move]
        active = np.flatnonzero(store.hits[tasks.terminal])
        u = uniforms.at(draws[active], place[active] + 2 * used[active])
        goal = store.end_of(tasks.terminal[active], tasks.column[active])
        total = ways[active] + state[active] * store.width[tasks.terminal[active]]
        move = _last_moves(base[active] + state[active], total, goal, u, store)
        hit = tasks.after[active] + tasks.length[active] + 1
        yield _happening(tasks, active, draws, state[active], hit, move, store)


def _tasks(stretches: Sequence[Stretches], store: Store) -> _Tasks:
    sizes = [len(s.draws) for s in stretches]

    def spread(values: Sequence[int]) -> Ints:
        return np.repeat(np.array(values), sizes)

    def joined(name: str) -> Ints:
        return np.concatenate([getattr(s, name) for s in stretches])

    terminal = spread([store.number[id(s.terminal)] for s in stretches])
    state, column, length = joined("start"), joined("column"), joined("length")
    top = np.minimum(store.top(terminal, state, column), length)
    rows = np.flatnonzero((top > 0) | store.hits[terminal])
    draws = joined("draws")
    rows = rows[np.argsort(draws[rows], kind="stable")]
    columns = (draws, terminal, state, column, length, joined("after"), joined("ways"))
    froms = (spread([s.outer_from for s in stretches]), spread([s.inner_from for s in stretches]))
    return _Tasks(*(c[rows] for c in (*columns, *froms, top)))


def _days_used(tasks: _Tasks, store: Store, u: np.ndarray) -> Ints:
    """How many days something happens on, in proportion to C(length, k) · N^k; the most, likeliest, tried first."""
    choices = binomials(int(tasks.length.max(initial=0)), int(tasks.top.max(initial=0)) + 1)
    where = store.base[tasks.terminal] + tasks.state * store.width[tasks.terminal] + tasks.column
    step = store.step[tasks.terminal]
    used, left, active = tasks.top.copy(), u * tasks.ways, np.arange(len(u))
    while len(active):
        k = used[active]
        left[active] -= store.powers[where[active] + k * step[active]] * choices[tasks.length[active], k]
        # The last way left takes what rounding leaves over.
        active = active[(left[active] >= 0) & (k > 0)]
        used[active] -= 1
    return used


def _days(tasks: _Tasks, draws: Ints, used: Ints, uniforms: Uniforms, place: Ints) -> tuple[Ints, Ints]:
    """Different days in rising order, one stretch after the other, and where each begins (Floyd's algorithm)."""
    first = np.cumsum(used) - used
    days = np.empty(int(used.sum()), np.int64)
    for size in np.unique(used[used > 0]).tolist():
        rows = np.flatnonzero(used == size)
        columns = np.arange(size)
        numbers = uniforms.at(draws[rows][:, None], place[rows][:, None] + columns)
        last = tasks.length[rows][:, None] - size + 1 + columns
        chosen = (numbers * last).astype(np.int64) + 1
        for k in range(1, size):
            taken = (chosen[:, :k] == chosen[:, k, None]).any(axis=1)
            chosen[taken, k] = last[taken, k]
        chosen.sort(axis=1)
        days[first[rows][:, None] + columns] = tasks.after[rows][:, None] + chosen
    return days, first


def _moves(at: Ints, total: Ints, after: Ints, width: Ints, u: np.ndarray, store: Store) -> Ints:
    """The next move of each: those of a single patient are looked at first, all others only if it is none of them.

    `at` is the state among all states; the ways to go on from it stand at `total`, those from state s after the move
    at ``after + s · width``.
    """
    weight = store.single_weight[at] * store.powers[after[:, None] + store.single_end[at] * width[:, None]]
    rising = np.cumsum(weight, axis=1)
    target = u * store.powers[total]
    which = (rising <= target[:, None]).sum(axis=1)
    move = store.single[at, np.minimum(which, 3)]
    slow = np.flatnonzero(which == 4)
    if len(slow):

        def onwards(owner: Ints, tried: Ints) -> np.ndarray:
            own = slow[owner]
            found: np.ndarray = store.weight[tried] * store.powers[after[own] + store.end[tried] * width[own]]
            return found

        move[slow] = _any_move(at[slow], u[slow], store, onwards)
    return move


def _last_moves(at: Ints, total: Ints, goal: Ints, u: np.ndarray, store: Store) -> Ints:
    """The last move of a hit, which must lead to its goal; `total` is where the ways to it stand."""
    weight = store.single_weight[at] * (store.single_end[at] == goal[:, None])
    which = (np.cumsum(weight, axis=1) <= (u * store.powers[total])[:, None]).sum(axis=1)
    move = store.single[at, np.minimum(which, 3)]
    slow = np.flatnonzero(which == 4)
    if len(slow):
        move[slow] = _any_move(
            at[slow], u[slow], store, lambda owner, tried: store.weight[tried] * (store.end[tried] == goal[slow][owner])
        )
    return move


def _any_move(at: Ints, u: np.ndarray, store: Store, onwards: Callable[[Ints, Ints], np.ndarray]) -> Ints:
    """Among all moves, by the same random numbers."""
    size = store.last[at] - store.first[at]
    owner = np.repeat(np.arange(len(at)), size)
    move = np.arange(len(owner)) - np.repeat(np.cumsum(size) - size, size) + store.first[at][owner]
    # The order must be the one in which the single moves were tried: they come first.
    later = ~(move[:, None] == store.single[at][owner]).any(axis=1)
    order = np.lexsort((later, owner))
    owner, move = owner[order], move[order]
    return move[Lottery(owner, onwards(owner, move)).pick(np.arange(len(at)), u)]


def _happening(
    tasks: _Tasks, active: Ints, draws: Ints, state: Ints, day: Ints, move: Ints, store: Store
) -> Happenings:
    at = store.state_base[tasks.terminal[active]] + state
    return Happenings(
        draws[active],
        day,
        tasks.outer_from[active] + store.outer_depth[at],
        tasks.inner_from[active] + store.inner_depth[at],
        store.what[move],
    )
