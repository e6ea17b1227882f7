"""Beginnings and endings: all steps from some histories to a window, by growing from both sides and meeting.

Beginnings grow forwards by one step, an event or a censoring; endings, each of which ends in an event, grow backwards.
Only what can still succeed is kept (`reach`), and always the side with fewer members grows. Where they meet, an ending
must add an amount of ln S and an amount of G that lie in two ranges: the endings are sorted into cells of ln S as wide
as the window and by G within a cell, and each beginning looks up two cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np

from helpers.inversion.bits import censored_at, no_censoring
from helpers.inversion.budget import Budget
from helpers.inversion.reach import SLACK, Origin, can_pass, inside
from helpers.inversion.windows import Window

_CHUNK = 2_000_000
_MOST_CELLS = 1_000_000
_SAFE = 1e-7  # many times what rounding does to a number of a million cells


@dataclass(frozen=True)
class Goal:
    """Where to go: a window, by at most `most` steps of n, with events in a range and at most so many censorings.

    From step `events_from` on there are events only. Each of `points` is a number of steps with the fewest and most
    events that there are among them; in order of steps. `ceiling`, shape (n + 1,), is the largest G by number of steps.
    """

    n: int
    window: Window
    most: int
    events_from: int
    events: tuple[int, int]
    censored: int
    points: tuple[tuple[int, int, int], ...]
    ceiling: np.ndarray


@dataclass(frozen=True)
class Partial:
    """Beginnings of histories, as parallel arrays: the row each comes from, steps, ln S, G and number of events."""

    origin: np.ndarray
    bits: np.ndarray
    log_s: np.ndarray
    g: np.ndarray
    events: np.ndarray

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.bits)

    def take(self, index: np.ndarray) -> Partial:
        """Some of them, by position or by a boolean."""
        return Partial(*(column[index] for column in vars(self).values()))

    @staticmethod
    def joined(parts: Sequence[Partial]) -> Partial:
        """Several one after another."""
        return Partial(*(np.concatenate(column) for column in zip(*(vars(p).values() for p in parts), strict=True)))


def completed(begin: Partial, length: np.ndarray, goal: Goal, budget: Budget) -> Iterator[tuple[Partial, np.ndarray]]:
    """Every continuation by at least one step that ends in an event inside the window, with the lengths reached.

    Parameters
    ----------
    begin : histories to continue; `origin` is kept.
    length : steps of each so far, shape (k,).
    goal : where to go.
    budget : what may be formed on the way.
    """
    if goal.window.s_low <= 0 <= goal.window.s_high and goal.most >= goal.n:
        yield from _to_zero(begin, length, goal, budget)
    alive = np.isfinite(begin.log_s) & (length < min(goal.most, goal.n - 1))
    for steps, fewest, most in goal.points:
        alive &= (length != steps) | ((begin.events >= fewest) & (begin.events <= most))
    if not alive.any():
        return
    begin, length = begin.take(alive), length[alive]
    origin = Origin.of(np.exp(begin.log_s), begin.g, goal.n - length)
    first, last = int(length.min()), min(goal.most, goal.n - 1)
    heads, tails = begin.take(length == first), _Endings.none(goal.n)
    while first < last:
        if len(heads) <= len(tails):
            heads, arrived = _forwards(heads, first, goal, budget)
            first += 1
            yield arrived, np.full(len(arrived), first)
            heads = Partial.joined([heads, begin.take(length == first)])
        else:
            yield from _met(begin.take(length == last), tails, last, goal, budget)
            last -= 1
            tails = _backwards(tails, last, goal, origin, budget)
    yield from _met(heads, tails, first, goal, budget)


@dataclass(frozen=True)
class _Endings:
    """Endings of histories, each ending in an event, from one step on: steps, length of the whole, what they add.

    `early` counts those of their events that come before the next checkpoint; none where they begin at one.
    """

    bits: np.ndarray
    length: np.ndarray
    log_s: np.ndarray
    g: np.ndarray
    events: np.ndarray
    early: np.ndarray

    def __len__(self) -> int:
        return len(self.bits)

    @staticmethod
    def none(n: int) -> _Endings:
        zero, none = np.zeros(0, np.int64), np.zeros(0)
        return _Endings(no_censoring(0, n), zero, none, none, zero, zero)


def _effect(at_risk: int) -> tuple[float, float]:
    """What an event adds to ln S and to G."""
    return log((at_risk - 1) / at_risk), 1 / (at_risk * (at_risk - 1))


def _forwards(heads: Partial, step: int, goal: Goal, budget: Budget) -> tuple[Partial, Partial]:
    """The beginnings one step on, and those of them that have arrived in the window."""
    budget.spend(2 * len(heads))
    down, up = _effect(goal.n - step)
    died = Partial(heads.origin, heads.bits, heads.log_s + down, heads.g + up, heads.events + 1)
    arrived = died.take(inside(np.exp(died.log_s), died.g, goal.window) & (died.g <= goal.ceiling[step + 1]))
    both = Partial.joined([died, *_lost(heads, step, goal)])
    left = max(goal.n - goal.most, 1)
    window = replace(goal.window, g_high=float(goal.ceiling[step + 1]))
    keep = can_pass(np.exp(both.log_s), both.g, goal.n - step - 1, window, left)
    arrived = arrived.take(_allowed(arrived.events, step + 1, goal))
    return both.take(keep & _on_course(both.events, step + 1, goal)), arrived


def _lost(heads: Partial, step: int, goal: Goal) -> list[Partial]:
    """The beginnings one step on, the step a censoring, if that can be."""
    if step >= goal.events_from:
        return []
    return [Partial(heads.origin, censored_at(heads.bits, step), heads.log_s, heads.g, heads.events)]


def _on_course(events: np.ndarray, length: int, goal: Goal) -> np.ndarray:
    """Whether beginnings of some length, another event to follow, can still have allowed numbers of events."""
    keep = (events < goal.events[1]) & (events + (goal.most - length) >= goal.events[0])
    keep &= length - events <= goal.censored
    for steps, fewest, most in goal.points:
        if steps >= length:
            keep &= (events <= most) & (events + (steps - length) >= fewest)
    return keep


def _allowed(events: np.ndarray, length: np.ndarray | int, goal: Goal) -> np.ndarray:
    """Whether whole histories have allowed numbers of events and censorings."""
    keep = (events >= goal.events[0]) & (events <= goal.events[1]) & (length - events <= goal.censored)
    for steps, fewest, most in goal.points:
        keep &= (length > steps) | ((events >= fewest) & (events <= most))
    return keep


def _backwards(tails: _Endings, step: int, goal: Goal, origin: Origin, budget: Budget) -> _Endings:
    """The endings that begin one step earlier: that step an event, alone or before another ending, or a censoring."""
    budget.spend(2 * len(tails) + 1)
    down, up = _effect(goal.n - step)
    alone = no_censoring(1, goal.n)
    lost = tails if step < goal.events_from else _Endings.none(goal.n)
    found = _Endings(
        np.concatenate([alone, tails.bits, censored_at(lost.bits, step)]),
        np.concatenate([[step + 1], tails.length, lost.length]),
        np.concatenate([[down], tails.log_s + down, lost.log_s]),
        np.concatenate([[up], tails.g + up, lost.g]),
        np.concatenate([[1], tails.events + 1, lost.events]),
        np.concatenate([[1], tails.early + 1, lost.early]),
    )
    highest = goal.ceiling[found.length]
    keep = origin.can_precede(np.exp(found.log_s), found.g, goal.n - step, goal.window, highest)
    keep &= (found.events <= goal.events[1]) & (found.length - step - found.events <= goal.censored)
    low, high = _events_to_come(step, goal)
    keep &= (found.early >= low) & (found.early <= high)
    found = _Endings(*(column[keep] for column in vars(found).values()))
    at_point = any(steps == step for steps, _, _ in goal.points)
    return replace(found, early=np.zeros(len(found), np.int64)) if at_point else found


def _events_to_come(step: int, goal: Goal) -> tuple[int, int]:
    """Fewest and most events from a step to the first checkpoint after it, by the checkpoints around."""
    behind = [(fewest, most) for steps, fewest, most in goal.points if steps == step]
    ahead = next(((steps, fewest, most) for steps, fewest, most in goal.points if steps > step), None)
    if ahead is None:
        return 0, goal.n
    before = behind[-1] if behind else (0, step)
    return ahead[1] - before[1], ahead[2] - before[0]


def _met(
    heads: Partial, tails: _Endings, step: int, goal: Goal, budget: Budget
) -> Iterator[tuple[Partial, np.ndarray]]:
    """Every beginning with every ending that completes it from a step on, in portions."""
    if not len(heads) or not len(tails):
        return
    w = goal.window
    s_low = (log(w.s_low) if w.s_low > 0 else -np.inf) - SLACK - heads.log_s
    s_high = (log(w.s_high) if w.s_high > 0 else -np.inf) + SLACK - heads.log_s
    g_low, g_high = w.g_low - SLACK - heads.g, w.g_high + SLACK - heads.g
    bottom, top = float(tails.log_s.min()), float(tails.log_s.max())
    s_low, s_high = np.maximum(s_low, bottom), np.minimum(s_high, top)
    width = max(float((s_high - s_low).max()) * (1 + 1e-9), (top - bottom) / _MOST_CELLS, 1e-12)
    base, spread = float(tails.g.min()), float(np.ptp(tails.g)) + 1e-12

    def within(g: np.ndarray) -> np.ndarray:
        """G as a fraction that tells endings of one cell apart; what lies far outside stays within the cell."""
        return 0.25 + np.clip((g - base) / spread, -1, 2) / 8

    key = np.floor((tails.log_s - bottom) / width) + within(tails.g)
    order = np.argsort(key, kind="stable")
    key = key[order]
    low, high = within(g_low) - _SAFE, within(g_high) + _SAFE
    cell, last = np.floor((s_low - bottom) / width), np.floor((s_high - bottom) / width)
    for offset in (0, 1):
        live = np.flatnonzero((cell + offset <= last) & (s_low <= s_high))
        first = np.searchsorted(key, cell[live] + offset + low[live], "left")
        counts = np.maximum(np.searchsorted(key, cell[live] + offset + high[live], "right") - first, 0)
        budget.spend(int(counts.sum()))
        for rows in _chunks(counts):
            i, j = _pairs(first, counts, rows)
            yield _put_together(heads, tails, live[i], order[j], step, goal)


def _chunks(counts: np.ndarray) -> list[np.ndarray]:
    """Row numbers in groups whose candidates fit into memory together."""
    rows = np.flatnonzero(counts)
    if not len(rows):
        return []
    group = np.cumsum(counts[rows]) // _CHUNK
    return np.split(rows, np.flatnonzero(np.diff(group)) + 1)


def _pairs(first: np.ndarray, counts: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each row, all positions from its first on: `(row, position)`."""
    i = np.repeat(rows, counts[rows])
    offset = np.arange(len(i)) - np.repeat(np.cumsum(counts[rows]) - counts[rows], counts[rows])
    return i, first[i] + offset


def _put_together(
    heads: Partial, tails: _Endings, i: np.ndarray, j: np.ndarray, step: int, goal: Goal
) -> tuple[Partial, np.ndarray]:
    """Beginning i with ending j, where the whole lies in the window and has an allowed number of events."""
    log_s, g = heads.log_s[i] + tails.log_s[j], heads.g[i] + tails.g[j]
    keep = inside(np.exp(log_s), g, goal.window) & (g <= goal.ceiling[tails.length[j]])
    ahead = next(((fewest, most) for steps, fewest, most in goal.points if steps >= step), None)
    if ahead is not None:
        early = heads.events[i] + tails.early[j]
        keep &= (early >= ahead[0]) & (early <= ahead[1])
    i, j = i[keep], j[keep]
    whole = Partial(
        heads.origin[i], heads.bits[i] | tails.bits[j], log_s[keep], g[keep], heads.events[i] + tails.events[j]
    )
    keep = _allowed(whole.events, tails.length[j], goal)
    return whole.take(keep), tails.length[j][keep]


def _to_zero(begin: Partial, length: np.ndarray, goal: Goal, budget: Budget) -> Iterator[tuple[Partial, np.ndarray]]:
    """The curve falls to 0 with the last patient: every choice of the steps before does it, as far as counts allow."""
    alive = np.isfinite(begin.log_s) & (length < goal.n)
    begin, length = begin.take(alive), length[alive]
    rows = begin.take(length < 0)
    for step in range(int(length.min(initial=goal.n)), goal.n):
        rows = Partial.joined([rows, begin.take(length == step)])
        budget.spend(2 * len(rows))
        died = Partial(rows.origin, rows.bits, rows.log_s, rows.g, rows.events + 1)
        if step < goal.n - 1:
            rows = Partial.joined([died, *_lost(rows, step, goal)])
            rows = rows.take(_on_course(rows.events, step + 1, goal))
        else:
            rows = died.take(_allowed(died.events, goal.n, goal))
    bottom = Partial(rows.origin, rows.bits, np.full(len(rows), -np.inf), np.zeros(len(rows)), rows.events)
    yield bottom, np.full(len(rows), goal.n)
