"""A further endpoint, given the outer one: its tables among those that can belong to the same patients."""

from __future__ import annotations

import numpy as np

from helpers.inversion.draws.block import Ints
from helpers.inversion.draws.chance import Uniforms
from helpers.inversion.draws.dealing import collected, dealt
from helpers.inversion.draws.endpoints import Endpoint
from helpers.inversion.draws.filling import Filler
from helpers.inversion.draws.paths import Trace
from helpers.inversion.draws.pieces import Piece
from helpers.inversion.draws.strand import Strand, course_graph, marks_between
from helpers.inversion.draws.tableset import TableSet
from helpers.inversion.history import CENSORED, EVENT

_MOST_HISTORIES = 25


def fixed_piece(days: Ints, event: Ints, cut: int, longest: int) -> Piece:
    """An endpoint whose days and events are known, in order of time; shape (patients,) each."""
    n = len(days)
    graph = course_graph("".join(EVENT if e else CENSORED for e in event), n, n)
    depth, marks = np.array(graph.depth), []
    for day in np.unique(days).tolist():
        marks += [(day - 1, depth == (days < day).sum()), (day, depth == (days <= day).sum())]
    none: frozenset[int] = frozenset()
    early = Strand(graph, none, none, marks_between(marks, -1, cut), ())
    late = Strand(graph, none, none, marks_between([*marks, (longest, depth == n)], cut, longest), ())
    return Piece(early, late, tuple(range(n + 1)))


def draw_given(
    endpoint: Endpoint, days: Ints, event: Ints, number: int, stream: int, seed: int
) -> tuple[Ints, Ints] | None:
    """One table of an endpoint for patients whose outer endpoint is known; None if none of its histories fits them.

    Histories are tried in random order; of the first that fits, all timelines and linkages are equally likely.

    Parameters
    ----------
    endpoint : the further endpoint.
    days, event : the outer one, in order of time, shape (patients,).
    number, stream, seed : of the draw, for its random numbers.
    """
    rng = np.random.default_rng([seed, stream, number])
    order = rng.permutation(len(endpoint.histories))[:_MOST_HISTORIES]
    cut = endpoint.last_landmark
    piece = fixed_piece(days, event, cut, endpoint.longest)
    for k in order.tolist():
        pieces = endpoint.pieces(endpoint.histories[k], cut)
        found = TableSet([piece], pieces, endpoint.n, cut, endpoint.longest, rng) if pieces else None
        if found is not None and found.late:
            trace, one = Trace(), np.zeros(1, np.int64)
            found.draw(one, Uniforms((seed, stream, 0), number, 1), trace)
            numbers = Uniforms((seed, stream, 1), number, 1)
            drawn = collected(Filler(trace.stretches).fill(0, 1, numbers), 1, endpoint.n, numbers)
            return dealt(drawn, numbers)
    return None
