"""Paths: from the end of a sweep back to its beginning, for all draws at once, in proportion to the weights.

What comes out are stretches of days: from which state to which, through how many days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from helpers.inversion.draws.block import Ints, Terminal
from helpers.inversion.draws.chance import Uniforms, choose
from helpers.inversion.draws.ways import Bundle, Ending, Stage, Status, Wave


@dataclass(frozen=True)
class Place:
    """Where some draws stand in bundles of one status: row and column of its weights."""

    draws: Ints
    row: Ints
    state: Ints


@dataclass(frozen=True)
class Stretches:
    """Stretches of some draws by one terminal: `length` days that begin after day `after`, from `start` to `column`.

    Where the terminal hits, its last move is made on the day after them. `ways` is in how many ways each can be gone
    through. The parts begin after `outer_from` and `inner_from` patients.
    """

    terminal: Terminal
    draws: Ints
    start: Ints
    column: Ints
    length: Ints
    after: Ints
    ways: np.ndarray
    outer_from: int
    inner_from: int


@dataclass
class Trace:
    """All stretches so far."""

    stretches: list[Stretches] = field(default_factory=list)


def walk_back(
    stages: Sequence[Stage], places: dict[Status, Place], uniforms: Uniforms, trace: Trace
) -> dict[Status, Place]:
    """Choose how each draw came to where it stands; returns where it stood before the first stage."""
    for stage in reversed(stages):
        before: dict[Status, list[Place]] = {}
        for status, place in places.items():
            for root, found in _through_stage(stage, stage.ends[status], place, uniforms, trace):
                before.setdefault(root, []).append(found)
        places = {status: together(some) for status, some in before.items()}
    return places


def together(places: Sequence[Place]) -> Place:
    """Several places of one status as one."""
    if len(places) == 1:
        return places[0]
    return Place(*(np.concatenate([getattr(p, name) for p in places]) for name in ("draws", "row", "state")))


def _through_stage(
    stage: Stage, bundle: Bundle, place: Place, uniforms: Uniforms, trace: Trace
) -> list[tuple[Status, Place]]:
    lottery, origins = bundle.lottery
    ticket = lottery.pick(place.row * len(bundle.outer) + place.state, uniforms.take(place.draws))
    number, row, state = origins[ticket].T
    found = []
    for k, ending in enumerate(bundle.endings):
        own = number == k
        if own.any():
            came = Place(place.draws[own], ending.rows[row[own]], state[own])
            _add(trace, stage, ending, came, ending.which[row[own]], place.state[own])
            found.append(_climb(stage, ending.wave, came, uniforms, trace))
    return found


def _add(trace: Trace, stage: Stage, ending: Ending, came: Place, which: Ints, column: Ints) -> None:
    """The last stretch, from a wave to the end of the stage."""
    wave, after = ending.wave, ending.wave.day[came.row]
    trace.stretches.append(
        Stretches(
            ending.terminal, came.draws, wave.states[came.state], column, stage.end - after, after,
            ending.table[which, came.state, column], stage.outer_from, stage.inner_from,
        )
    )  # fmt: skip


def _climb(stage: Stage, wave: Wave, place: Place, uniforms: Uniforms, trace: Trace) -> tuple[Status, Place]:
    """From a wave to its parent and so on to the bundle in which the stage began."""
    while wave.parent is not None:
        assert wave.terminal is not None
        parent, row = wave.parent, wave.rows[place.row]
        ways = wave.table[wave.which[place.row], :, place.state]
        state = choose(parent.weight[row] * ways, uniforms.take(place.draws))
        after = parent.day[row]
        trace.stretches.append(
            Stretches(
                wave.terminal, place.draws, parent.states[state], wave.columns[place.state],
                wave.day[place.row] - 1 - after, after, ways[np.arange(len(row)), state], stage.outer_from,
                stage.inner_from,
            )
        )  # fmt: skip
        wave, place = parent, Place(place.draws, row, state)
    return wave.status, Place(place.draws, place.row, wave.columns[place.state])
