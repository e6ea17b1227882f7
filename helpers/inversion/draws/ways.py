"""Ways: what a sweep keeps of the ways from one day to another, so that they can be walked back.

At a mark the ways that agree in where they stand come together in a bundle: the state (how far each endpoint has come)
and, for each link whose first step is past and whose second is not, the day of the first. Between two marks a wave
stands on the day on which a step of a link was passed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from helpers.inversion.draws.block import Block, Ints, Terminal
from helpers.inversion.draws.chance import Lottery
from helpers.inversion.draws.strand import Link, Strand

Status = tuple[int, ...]


@dataclass
class Bundle:
    """Ways that have come to the end of a day with the same status of every link.

    `opened` holds the days of the first steps of open links, one row a combination; `outer` and `inner` are the nodes
    of the states; `weight` has shape (combinations, states). `endings` are what led here.
    """

    opened: Ints
    outer: Ints
    inner: Ints
    weight: np.ndarray
    endings: list[Ending] = field(default_factory=list)

    @cached_property
    def lottery(self) -> tuple[Lottery, Ints]:
        """Tickets in the urn ``combination · states + state``: ending, row and state that it came from."""
        size, keys, weights, origins = len(self.outer), [], [], []
        for number, ending in enumerate(self.endings):
            ways = ending.wave.weight[ending.rows][:, :, None] * ending.table[ending.which]
            row, state, end = np.nonzero(ways)
            keys.append(ending.group[row] * size + end)
            weights.append(ways[row, state, end])
            origins.append(np.column_stack((np.full(len(row), number), row, state)))
        return Lottery(np.concatenate(keys), np.concatenate(weights)), np.concatenate(origins)


@dataclass
class Wave:
    """Ways at the end of the last day on which a step of a link was passed, or where the stretch begins.

    Row k has come from row `rows[k]` of the parent through as many days as `which[k]` says of `table`. Where there is
    no parent, `columns` are the states of the bundle that it began with.
    """

    status: Status
    day: Ints
    opened: Ints
    states: Ints
    weight: np.ndarray
    columns: Ints
    parent: Wave | None = None
    rows: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    terminal: Terminal | None = None
    table: np.ndarray = field(default_factory=lambda: np.zeros((0, 0, 0)))
    which: Ints = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass
class Ending:
    """How some rows of a wave get to the end of a stretch; `group` is the row of the bundle that each comes to."""

    wave: Wave
    rows: Ints
    terminal: Terminal
    table: np.ndarray
    which: Ints
    group: Ints


@dataclass(frozen=True)
class Stage:
    """A stretch from the end of one day to the end of another; its parts begin after so many patients."""

    block: Block
    begin: int
    end: int
    outer_from: int
    inner_from: int
    ends: dict[Status, Bundle]


@dataclass
class Work:
    """How much has been done, in products of numbers, and how much may be."""

    limit: int
    done: int = 0

    @property
    def over(self) -> bool:
        """Whether no more should be begun."""
        return self.done > self.limit

    def add(self, products: int) -> None:
        """Some more. Raises TooMuchError where one table of ways is larger than all that may be done."""
        self.done += products
        if products > self.limit:
            raise TooMuchError


class TooMuchError(Exception):
    """More ways than can be held."""


@dataclass(frozen=True)
class Pair:
    """One strand, or an outer and an inner one of the same patients, of whom each step counts 1/`scale`."""

    outer: Strand
    inner: Strand | None
    scale: float

    @property
    def sides(self) -> tuple[Strand, ...]:
        """The strands."""
        return (self.outer,) if self.inner is None else (self.outer, self.inner)

    @property
    def links(self) -> list[tuple[int, Link | None]]:
        """Every link with the side it belongs to."""
        return [(s, link) for s, side in enumerate(self.sides) for link in side.links]
