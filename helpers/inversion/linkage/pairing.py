"""Pairings: how the outer endpoint's last days can belong to the inner endpoint's, as conditions between days.

Each patient leaves the outer endpoint (OS) once and the inner one (EFS) once. Only one thing has to be chosen: which
steps of the outer history belong to patients who were *censored* for the inner endpoint; the others had its event.
Within each of the two groups the k-th to leave the outer endpoint may as well be the k-th to leave the inner one
(pairs that cross can be uncrossed), and everything that counts patients by their kinds stays the same. Patients left
over after a history's last step never stand in the way:

* left over in both: followed beyond every landmark (a pair censored together earlier could as well be later);
* left over in the inner endpoint only: an event after its last landmark, or a censoring after its last step;
* left over in the outer endpoint only: censored on the day demanded, or followed on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from helpers.inversion.history import CENSORED, EVENT, event_steps
from helpers.inversion.linkage.order import Order, demand, equal
from helpers.inversion.timelines import Timeline
from helpers.inversion.work import Budget


@dataclass(frozen=True)
class Pair:
    """A system of the inner and one of the outer endpoint, of the same n patients; landmarks in whole days."""

    inner: Timeline
    outer: Timeline
    n: int
    inner_days: tuple[int, ...]
    outer_days: tuple[int, ...]
    same_follow_up: bool

    @cached_property
    def events(self) -> tuple[int, ...]:
        """Steps of the inner history that are events."""
        return event_steps(self.inner.history)

    @cached_property
    def losses(self) -> tuple[int, ...]:
        """Steps of the inner history that are censorings."""
        return tuple(i for i, kind in enumerate(self.inner.history) if kind == CENSORED)

    @property
    def inner_end(self) -> int:
        """The inner endpoint's last landmark: events of those left over come after it."""
        return max(self.inner_days, default=-1)

    @property
    def beyond(self) -> int:
        """A day after every landmark."""
        return max((*self.inner_days, *self.outer_days), default=-1) + 1

    def outer_node(self, step: int) -> int:
        """The row of a step of the outer history in the common matrix."""
        return 1 + step

    def inner_node(self, step: int) -> int:
        """The row of a step of the inner history in the common matrix."""
        return 1 + len(self.outer.history) + step

    def spare(self) -> int:
        """Patients left over after the inner history."""
        return self.n - len(self.inner.history)


@dataclass(frozen=True)
class Pairing:
    """One choice: for each step of the outer history, whether its patient was censored for the inner endpoint."""

    censored: tuple[bool, ...]
    order: Order

    def rank(self, step: int) -> int:
        """How many before this step are of its group."""
        return sum(flag == self.censored[step] for flag in self.censored[:step])


def pairings(pair: Pair, order: Order, budget: Budget) -> Iterator[Pairing]:
    """Every choice that leaves at least one common timeline, with the matrix of all its timelines."""
    yield from _choose(pair, order, (), budget)


def _choose(pair: Pair, order: Order, chosen: tuple[bool, ...], budget: Budget) -> Iterator[Pairing]:
    budget.spend()
    step = len(chosen)
    if step == len(pair.outer.history):
        closed = _finished(pair, order, chosen)
        if closed is not None:
            yield Pairing(chosen, closed)
        return
    had_event = _with_event(pair, order, step, step - sum(chosen))
    if had_event is not None:
        yield from _choose(pair, had_event, (*chosen, False), budget)
    if pair.outer.history[step] == CENSORED or not pair.same_follow_up:
        lost = _with_loss(pair, order, step, sum(chosen))
        if lost is not None:
            yield from _choose(pair, lost, (*chosen, True), budget)


def _with_event(pair: Pair, order: Order, step: int, rank: int) -> Order | None:
    """The patient had the inner event on that day or before."""
    if rank < len(pair.events):
        return demand(order, pair.inner_node(pair.events[rank]), pair.outer_node(step), 0)
    return demand(order, 0, pair.outer_node(step), pair.inner_end + 1)


def _with_loss(pair: Pair, order: Order, step: int, rank: int) -> Order | None:
    """The patient was censored for the inner endpoint: the same day, or (without that assumption) any day before.

    A death on the very day would have been an event of the inner endpoint, so it comes later.
    """
    if rank >= len(pair.losses) + pair.spare():
        return None
    later = int(pair.outer.history[step] == EVENT)
    if rank < len(pair.losses):
        loss = pair.inner_node(pair.losses[rank])
        if pair.same_follow_up:
            return equal(order, loss, pair.outer_node(step))
        return demand(order, loss, pair.outer_node(step), later)
    last = pair.inner_node(len(pair.inner.history) - 1) if pair.inner.history else 0
    return demand(order, last, pair.outer_node(step), later)


def _finished(pair: Pair, order: Order, chosen: tuple[bool, ...]) -> Order | None:
    """Enough patients are left over, and the inner censorings that remain belong to some who are."""
    lost = sum(chosen)
    had_event = len(chosen) - lost
    if max(0, lost - len(pair.losses)) + max(0, had_event - len(pair.events)) > pair.spare():
        return None
    closed: Order | None = order
    if pair.same_follow_up and pair.outer.history:
        last = pair.outer_node(len(pair.outer.history) - 1)
        for step in pair.losses[lost:]:
            closed = demand(closed, last, pair.inner_node(step), 0)
    return closed
