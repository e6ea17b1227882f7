"""Dealing: from happenings to tables, and which patient of the inner endpoint is which of the outer one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from helpers.inversion.draws.block import Ints
from helpers.inversion.draws.chance import Uniforms
from helpers.inversion.draws.filling import Happenings

_NOBODY = -1


@dataclass(frozen=True)
class Drawn:
    """Both endpoints of some draws, each in order of time; arrays of shape (draws, patients).

    `partner` is, for each patient of the outer endpoint, the place in the inner one if both are censored there
    together, else -1.
    """

    outer_days: Ints
    outer_event: Ints
    inner_days: Ints
    inner_event: Ints
    partner: Ints


def collected(happenings: Iterable[Happenings], draws: int, n: int, uniforms: Uniforms) -> Drawn:
    """Write what happens on single days into tables."""
    outer_days, inner_days = np.zeros((draws, n), np.int32), np.zeros((draws, n), np.int32)
    outer_event, inner_event = np.zeros((draws, n), np.int8), np.zeros((draws, n), np.int8)
    partner = np.full((draws, n), _NOBODY, np.int16)
    for found in happenings:
        events, losses, inner_events, both = found.what.T
        for k in range(int((events + losses).max(initial=0))):
            own = np.flatnonzero(events + losses > k)
            outer_days[found.draws[own], found.outer[own] + k] = found.day[own]
            outer_event[found.draws[own], found.outer[own] + k] = k < events[own]
        for k in range(int((inner_events + both).max(initial=0))):
            own = np.flatnonzero(inner_events + both > k)
            inner_days[found.draws[own], found.inner[own] + k] = found.day[own]
            inner_event[found.draws[own], found.inner[own] + k] = k < inner_events[own]
        _mark_both(found, partner, uniforms)
    return Drawn(outer_days, outer_event, inner_days, inner_event, partner)


def _mark_both(found: Happenings, partner: Ints, uniforms: Uniforms) -> None:
    """Say which of a day's losses are the inner endpoint's too: any of them, with equal chances."""
    events, losses, inner_events, both = found.what.T
    rows = np.flatnonzero(both > 0)
    sure = rows[both[rows] == losses[rows]]
    for k in range(int(both[sure].max(initial=0))):
        own = sure[both[sure] > k]
        partner[found.draws[own], found.outer[own] + events[own] + k] = found.inner[own] + inner_events[own] + k
    open_ = rows[both[rows] < losses[rows]]
    open_ = open_[np.argsort(found.draws[open_], kind="stable")]
    place = uniforms.reserve(found.draws[open_], losses[open_])
    done = np.zeros(len(open_), np.int64)
    for k in range(int(losses[open_].max(initial=0))):
        own = np.flatnonzero(losses[open_] > k)
        at = open_[own]
        u = uniforms.at(found.draws[at], place[own] + k)
        chosen = u * (losses[at] - k) < both[at] - done[own]
        own, at = own[chosen], at[chosen]
        partner[found.draws[at], found.outer[at] + events[at] + k] = found.inner[at] + inner_events[at] + done[own]
        done[own] += 1


def dealt(drawn: Drawn, uniforms: Uniforms) -> tuple[Ints, Ints]:
    """The inner endpoint in the order of the outer one's patients: days and events, shape (draws, patients).

    Whoever leaves the outer endpoint had one of the inner events that have happened by then and belong to nobody
    else: each of them with equal chances.
    """
    draws, n = drawn.outer_days.shape
    every = np.arange(draws)
    days, event = np.zeros((draws, n), np.int32), np.zeros((draws, n), np.int8)
    open_, size = np.zeros((draws, n), np.int16), np.zeros(draws, np.int64)
    read = np.zeros(draws, np.int64)
    for i in range(n):
        _open_up(drawn, i, open_, size, read)
        own = np.flatnonzero(drawn.partner[:, i] < 0)
        pick = (uniforms.take(every)[own] * size[own]).astype(np.int64)
        place = drawn.partner[:, i].astype(np.int64)
        place[own] = open_[own, pick]
        size[own] -= 1
        open_[own, pick] = open_[own, size[own]]
        days[:, i], event[:, i] = drawn.inner_days[every, place], drawn.inner_event[every, place]
    return days, event


def _open_up(drawn: Drawn, i: int, open_: Ints, size: Ints, read: Ints) -> None:
    """Add the inner events up to the day on which patient i leaves the outer endpoint."""
    draws, n = drawn.outer_days.shape
    active = np.arange(draws)
    while len(active):
        active = active[read[active] < n]
        due = drawn.inner_days[active, read[active]] <= drawn.outer_days[active, i]
        active = active[due]
        events = active[drawn.inner_event[active, read[active]] == 1]
        open_[events, size[events]] = read[events]
        size[events] += 1
        read[active] += 1
