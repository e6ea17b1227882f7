"""Table sets: all patient tables of one history, or of two histories linked, counted and ready to be drawn from.

Early strands are swept once for each pair of them. On the day of the cut they are joined to the late strands, and each
pair of late strands is swept to the last possible day. The weights at the end are numbers of tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from helpers.inversion.draws.block import Block, Ints, Part
from helpers.inversion.draws.chance import Lottery, Uniforms
from helpers.inversion.draws.paths import Place, Trace, together, walk_back
from helpers.inversion.draws.pieces import Piece
from helpers.inversion.draws.strand import BEFORE, Strand
from helpers.inversion.draws.sweep import combined, sweep
from helpers.inversion.draws.ways import Bundle, Pair, Stage, Status, TooMuchError, Work
from helpers.inversion.median_ways import MedianWay

Early = tuple[int, int]
WORK_LIMIT, _FOR_THE_FIRST, _LARGEST = 250_000_000, 2, 250_000_000


@dataclass(frozen=True)
class Junction:
    """What early ways come to the cut in one late status, and the tickets that say where each came from."""

    bundle: Bundle
    lottery: Lottery
    early: list[tuple[Early, Status]]
    origin: Ints


@dataclass(frozen=True)
class Late:
    """A pair of late strands: how it starts, how it goes on, and its weight at the end."""

    start: dict[Status, Junction]
    stages: tuple[Stage, ...]
    weight: float


class TableSet:
    """All tables of one endpoint, or of an outer and an inner one of the same patients.

    Parameters
    ----------
    outer, inner : the pieces of each endpoint's courses; `inner` None for a single endpoint.
    n : patients.
    cut : day of the cut.
    longest : largest possible day.
    rng, limit : where there is more to count than a limit on the work allows, courses with few censorings for the
        inner endpoint come first, otherwise at random.

    Attributes
    ----------
    whole : whether all pairs have been counted.
    """

    def __init__(
        self,
        outer: Sequence[Piece],
        inner: Sequence[Piece] | None,
        n: int,
        cut: int,
        longest: int,
        rng: np.random.Generator,
        limit: int = WORK_LIMIT,
    ) -> None:
        """Count them."""
        self.scale = 2.0 ** max(0, round(float(np.log2(max(1.0, longest / n)))))
        self.n, self.cut, self.longest, self.linked = n, cut, longest, inner is not None
        self._blocks: dict[tuple[Part, Part, int, bool, float], Block] = {}
        self._early: dict[Early, tuple[Stage, ...]] = {}
        self._outer, self._inner = _Sorted(outer), _Sorted(inner) if inner is not None else None
        self._junctions: dict[object, dict[Status, Junction]] = {}
        self._work, self.whole = Work(_LARGEST), True
        self.late: list[Late] = []
        pairs = [
            (a, b)
            for a in self._outer.late
            for b in (self._inner.late if self._inner else (None,))
            if b is None or a.agrees(b)
        ]
        losses = np.array([self._inner.losses[b] if self._inner and b else 0 for _, b in pairs])
        for k in np.lexsort((rng.random(len(pairs)), losses)).tolist():
            if self._work.done > limit * (1 if self.late else _FOR_THE_FIRST):
                self.whole = False
                break
            try:
                found = self._late(*pairs[k])
            except TooMuchError:
                self.whole, found = False, None
            if found is not None and found.weight > 0:
                self.late.append(found)

    @property
    def size(self) -> float:
        """How many tables there are (with linkages), as a float that may be infinite."""
        steps = self.n * (2 if self.linked else 1)
        with np.errstate(over="ignore"):
            return float(sum(late.weight for late in self.late) * np.float64(self.scale) ** steps)

    def _block(self, outer: Part, inner: Part, offset: int, linked: bool, scale: float) -> Block:
        key = (outer, inner, offset, linked, scale)
        if key not in self._blocks:
            self._blocks[key] = Block(*key)
        return self._blocks[key]

    def _stages(self, key: Early) -> tuple[Stage, ...]:
        if key not in self._early:
            outer = self._outer.early[key[0]]
            inner = self._inner.early[key[1]] if self._inner else None
            links = len(outer.links) + (len(inner.links) if inner else 0)
            zero = np.zeros(1, np.int64)
            start = {(BEFORE,) * links: Bundle(np.full((1, links), -1), zero, zero, np.ones((1, 1)))}
            self._early[key] = sweep(Pair(outer, inner, self.scale), start, -1, self.cut, self._work, self._block)
        return self._early[key]

    def _late(self, first: Ahead, second: Ahead | None) -> Late | None:
        beginnings = (self._outer.late[first], self._inner.late[second] if self._inner and second else ((0, (0,)),))
        outer, inner = first.strand, second.strand if second else None
        keeps = tuple(link is not None for side in (outer, inner) if side is not None for link in side.links)
        key = (tuple(beginnings[0]), tuple(beginnings[1]), keeps)
        if key not in self._junctions:
            self._junctions[key] = self._joined(*beginnings, keeps)
        start = self._junctions[key]
        if not start:
            return None
        bundles = {status: junction.bundle for status, junction in start.items()}
        stages = sweep(Pair(outer, inner, self.scale), bundles, self.cut, self.longest, self._work, self._block)
        if not stages:
            return None
        return Late(start, stages, float(sum(bundle.weight.sum() for bundle in stages[-1].ends.values())))

    def _joined(
        self, outer: Sequence[Beginning], inner: Sequence[Beginning], keeps: tuple[bool, ...]
    ) -> dict[Status, Junction]:
        arriving: dict[Status, list[_Arrival]] = {}
        for one, outer_node in outer:
            for other, inner_node in inner:
                stages = self._stages((one, other))
                for status, bundle in stages[-1].ends.items() if stages else ():
                    a, b = np.array(outer_node)[bundle.outer], np.array(inner_node)[bundle.inner]
                    own = np.flatnonzero((a >= 0) & (b >= 0) & bundle.weight.any(axis=0))
                    if len(own):
                        late = tuple(s if keep else BEFORE for s, keep in zip(status, keeps, strict=True))
                        arrival = _Arrival((one, other), status, bundle, own, a[own], b[own])
                        arriving.setdefault(late, []).append(arrival)
        return {status: _junction(some, keeps) for status, some in arriving.items()}

    def draw(self, draws: Ints, uniforms: Uniforms, trace: Trace) -> None:
        """Choose, for some draws, a way through the whole set, which must not be empty; stretches go to the trace."""
        chances = Lottery(np.zeros(len(self.late), np.int64), np.array([late.weight for late in self.late]))
        which = chances.pick(np.zeros(len(draws), np.int64), uniforms.take(draws))
        early: dict[tuple[Early, Status], list[Place]] = {}
        for k in np.unique(which).tolist():
            late = self.late[k]
            places = _at_the_end(late.stages[-1], draws[which == k], uniforms)
            for status, place in walk_back(late.stages, places, uniforms, trace).items():
                for key, came in _through(late.start[status], place, uniforms):
                    early.setdefault(key, []).append(came)
        by_pair: dict[Early, dict[Status, Place]] = {}
        for (pair, status), places_ in early.items():
            by_pair.setdefault(pair, {})[status] = together(places_)
        for pair, places in by_pair.items():
            walk_back(self._early[pair], places, uniforms, trace)


Beginning = tuple[int, tuple[int, ...]]


@dataclass(frozen=True)
class Ahead:
    """A late strand, with the ways in which the medians of its courses were made; None where that is free."""

    strand: Strand
    ways: frozenset[MedianWay] | None

    def agrees(self, other: Ahead) -> bool:
        """Whether one way can have made the medians of both."""
        return self.ways is None or other.ways is None or bool(self.ways & other.ways)


class _Sorted:
    """Pieces by what is ahead of them: for each the early strands (by number) that it can follow."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        number: dict[Strand, int] = {}
        late: dict[Ahead, dict[Beginning, None]] = {}
        self.losses: dict[Ahead, int] = {}
        for piece in pieces:
            early, ahead = number.setdefault(piece.early, len(number)), Ahead(piece.late, piece.ways)
            late.setdefault(ahead, {})[(early, piece.late_node)] = None
            self.losses[ahead] = min(piece.losses, self.losses.get(ahead, piece.losses))
        self.early = list(number)
        self.late = {ahead: list(found) for ahead, found in late.items()}


@dataclass(frozen=True)
class _Arrival:
    """Some columns of an early bundle, with the late nodes that they are."""

    early: Early
    status: Status
    bundle: Bundle
    columns: Ints
    outer: Ints
    inner: Ints


def _junction(arrivals: Sequence[_Arrival], keeps: tuple[bool, ...]) -> Junction:
    opened, group = combined([np.where(keeps, a.bundle.opened, -1).reshape(a.bundle.opened.shape) for a in arrivals])
    nodes = np.concatenate([np.column_stack((a.outer, a.inner)) for a in arrivals])
    states, state = np.unique(nodes, axis=0, return_inverse=True)
    weight = np.zeros((len(opened), len(states)))
    urns, weights, origins, row, column = [], [], [], 0, 0
    for k, a in enumerate(arrivals):
        own_group = group[row : row + len(a.bundle.opened)]
        own_state = state[column : column + len(a.columns)]
        row, column = row + len(own_group), column + len(own_state)
        ways = a.bundle.weight[:, a.columns]
        np.add.at(weight, (own_group[:, None], own_state[None, :]), ways)
        i, j = np.nonzero(ways)
        urns.append(own_group[i] * len(states) + own_state[j])
        weights.append(ways[i, j])
        origins.append(np.column_stack((np.full(len(i), k), i, a.columns[j])))
    bundle = Bundle(opened, states[:, 0], states[:, 1], weight)
    lottery = Lottery(np.concatenate(urns), np.concatenate(weights))
    return Junction(bundle, lottery, [(a.early, a.status) for a in arrivals], np.concatenate(origins))


def _at_the_end(stage: Stage, draws: Ints, uniforms: Uniforms) -> dict[Status, Place]:
    """Where each draw stands on the last day: in proportion to the number of ways that lead there."""
    statuses = list(stage.ends)
    sizes = [stage.ends[s].weight.size for s in statuses]
    lottery = Lottery(np.zeros(sum(sizes), np.int64), np.concatenate([stage.ends[s].weight.ravel() for s in statuses]))
    ticket = lottery.pick(np.zeros(len(draws), np.int64), uniforms.take(draws))
    places, before = {}, 0
    for status, size in zip(statuses, sizes, strict=True):
        own = (ticket >= before) & (ticket < before + size)
        if own.any():
            row, state = np.divmod(ticket[own] - before, len(stage.ends[status].outer))
            places[status] = Place(draws[own], row, state)
        before += size
    return places


def _through(junction: Junction, place: Place, uniforms: Uniforms) -> list[tuple[tuple[Early, Status], Place]]:
    """From a late start back to the ends of the early strands."""
    urn = place.row * len(junction.bundle.outer) + place.state
    number, row, column = junction.origin[junction.lottery.pick(urn, uniforms.take(place.draws))].T
    return [
        (junction.early[k], Place(place.draws[number == k], row[number == k], column[number == k]))
        for k in np.unique(number).tolist()
    ]
