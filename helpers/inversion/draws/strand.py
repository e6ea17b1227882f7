"""Strands: one endpoint's courses as a graph, with the days at which it must have got somewhere.

A node says how many patients have left; one step leads on by an event, one by a censoring. A history, and the part of
what follows it that a printed number fixes, is a path; beyond it every course of the patients left is open, and the
paths lie together in few nodes. All that is printed becomes three things: marks (where a course can be at the end of a
day), steps that share a day or must not, and links (two steps of which the first fixes the day of the second).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from helpers.inversion.history import EVENT

NEVER = 10**6
BEFORE, OPEN, CLOSED = 0, 1, 2
Mask = tuple[bool, ...]


@dataclass(frozen=True)
class Link:
    """The day of the step `second` lies from ``sign · day + low`` to ``sign · day + high``, `day` that of `first`.

    `earliest` and `latest` bound the day of `first`; it comes before that of `second`.
    """

    first: int
    second: int
    sign: int
    low: int
    high: int
    earliest: int
    latest: int

    def allows(self, depth: np.ndarray, status: int) -> np.ndarray:
        """Where a course can be before the first step, between the two, or after the second."""
        if status == BEFORE:
            return depth <= self.first
        return (depth > self.first) & (depth <= self.second) if status == OPEN else depth > self.second


@dataclass(frozen=True)
class Graph:
    """Courses: for each node how many have left (`depth`), and where an event or a censoring leads (-1: nowhere).

    `events` counts those that were events, -1 where the node does not tell; `waiting` marks the nodes that no event
    after the history has led to. Steps lead to nodes of higher number.
    """

    depth: tuple[int, ...]
    event: tuple[int, ...]
    loss: tuple[int, ...]
    events: tuple[int, ...]
    waiting: Mask


@dataclass(frozen=True)
class Strand:
    """A graph with its conditions; `marks` are (day, nodes allowed at its end) in order of time.

    Steps in `apart` come on a later day than the step before them, steps in `tied` on the same. Nobody is lost before
    the first or after the last day of `losses`.
    """

    graph: Graph
    apart: frozenset[int]
    tied: frozenset[int]
    marks: tuple[tuple[int, Mask], ...]
    links: tuple[Link | None, ...]
    losses: tuple[int, int] = (0, NEVER)

    def loses(self, begin: int, end: int) -> bool:
        """Whether anybody can be lost after the end of one day and until the end of another."""
        return self.losses[0] <= begin + 1 and end <= self.losses[1]

    @property
    def depth(self) -> np.ndarray:
        """Patients gone at each node."""
        return np.array(self.graph.depth, np.int64)

    def allowed(self, day: int) -> np.ndarray:
        """The nodes allowed at the end of a day."""
        for marked, nodes in self.marks:
            if marked == day:
                return np.array(nodes)
        return np.ones(len(self.graph.depth), bool)


def course_graph(course: str, history: int, n: int, *, counted: bool = False) -> Graph:
    """A path along `course`, of which the first `history` letters are the history, and then everything.

    `counted` tells nodes with different numbers of events apart beyond the path too.

    >>> course_graph("E", 1, 2).depth
    (0, 1, 2, 2)
    """
    depth, event, loss = [0], [-1], [-1]
    events, waiting = [0], [True]

    def add(gone: int, count: int, idle: bool) -> int:
        depth.append(gone)
        events.append(count)
        waiting.append(idle)
        event.append(-1)
        loss.append(-1)
        return len(depth) - 1

    for k, kind in enumerate(course):
        happened = kind == EVENT
        new = add(k + 1, events[k] + happened, waiting[k] and not (happened and k >= history))
        (event if happened else loss)[k] = new
    level = {(events[-1] if counted or waiting[-1] else -1, waiting[-1]): len(course)}
    for gone in range(len(course), n):
        following: dict[tuple[int, bool], int] = {}
        for (count, idle), node in level.items():
            after = (count + 1 if counted else -1, False)
            for key, steps in ((after, event), ((count, idle), loss)):
                if key not in following:
                    following[key] = add(gone + 1, *key)
                steps[node] = following[key]
        level = following
    return Graph(tuple(depth), tuple(event), tuple(loss), tuple(events), tuple(waiting))


def marks_between(marks: Iterable[tuple[int, np.ndarray]], after: int, until: int) -> tuple[tuple[int, Mask], ...]:
    """Marks of the same day combined, those outside (after, until] and those that forbid nothing left out."""
    combined: dict[int, np.ndarray] = {}
    for day, nodes in marks:
        if after < day <= until:
            combined[day] = combined[day] & nodes if day in combined else nodes
    return tuple((day, tuple(nodes.tolist())) for day, nodes in sorted(combined.items()) if not nodes.all())


def window_marks(
    depth: np.ndarray, low: Sequence[int], high: Sequence[int], longest: int
) -> list[tuple[int, np.ndarray]]:
    """Steps between their smallest and largest days, as marks on how many patients have left."""
    marks = []
    for k, (first, last) in enumerate(zip(low, high, strict=True)):
        if first > 0:
            marks.append((first - 1, depth <= k))
        if last < longest:
            marks.append((last, depth > k))
    return marks


def reaching(graph: Graph, targets: np.ndarray) -> np.ndarray:
    """The nodes from which one of some nodes can be reached, themselves included."""
    found = targets.copy()
    for node in range(len(graph.depth) - 1, -1, -1):
        for after in (graph.event[node], graph.loss[node]):
            if after >= 0 and found[after]:
                found[node] = True
    return found


def reached(graph: Graph, sources: np.ndarray) -> np.ndarray:
    """The nodes that can be reached from some nodes, themselves included."""
    found = sources.copy()
    for node in range(len(graph.depth)):
        if found[node]:
            for after in (graph.event[node], graph.loss[node]):
                if after >= 0:
                    found[after] = True
    return found
