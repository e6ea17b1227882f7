"""Pieces: every course cut in two on one day, so that what courses have in common is gone through only once.

Courses of a history differ in what comes after its last landmark. Up to that day most of them are the same graph with
the same conditions; after it, courses that differ only in what is over by then are the same. A piece says which early
strand a course begins with, which late strand it goes on with, and which nodes are one.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

import numpy as np

from helpers.inversion.draws.courses import Course
from helpers.inversion.draws.strand import (
    NEVER,
    Graph,
    Link,
    Strand,
    course_graph,
    marks_between,
    window_marks,
)
from helpers.inversion.evidence import Count
from helpers.inversion.history import CENSORED, EVENT
from helpers.inversion.median_ways import MedianWay


@dataclass(frozen=True)
class Piece:
    """An early and a late strand; `late_node` is the late strand's node for each of the early one's, -1 for none.

    `losses` are the course's censorings after its history; `ways` print its medians, None where that is free.
    """

    early: Strand
    late: Strand
    late_node: tuple[int, ...]
    losses: int = 0
    ways: frozenset[MedianWay] | None = None


def piece_of(course: Course, cut: int, longest: int) -> Piece:
    """Cut a course at the end of a day.

    Parameters
    ----------
    course : letters with their conditions.
    cut : the day; not before the course's last landmark.
    longest : largest possible day.
    """
    counted = any(count.kind != "at_risk" for count in course.counts)
    whole = course_graph(course.kinds, course.history, course.n, counted=counted)
    gone = max((k + 1 for k, last in enumerate(course.chain.high) if last <= cut), default=0)
    if course.day == cut:
        early, steps = _common_start(course, cut, longest)
        nodes = _waiting_nodes(whole, course, steps)
    else:
        early = _strand(whole, course, -1, cut, longest, len(course.kinds), _early_links(course, cut))
        nodes = tuple(range(len(whole.depth)))
    late = _strand(whole, course, cut, longest, longest, gone, _late_links(course, cut, gone), from_step=True)
    return Piece(early, late, nodes, course.decided_losses, course.ways)


def _common_start(course: Course, cut: int, longest: int) -> tuple[Strand, int]:
    """The history and then censorings only: no event can follow by its last landmark."""
    free = course.n - course.history
    graph = course_graph(course.kinds[: course.history] + CENSORED * free, course.history, course.n)
    later = next((k for k, first in enumerate(course.tight.low) if first > cut), len(course.kinds))
    steps = min(course.waiting, max(later, course.history))
    open_ended = course.waiting == len(course.kinds) and steps == len(course.kinds)
    strand = _strand(graph, course, -1, cut, longest, steps, _early_links(course, cut))
    return strand, course.n if open_ended else steps


def _waiting_nodes(whole: Graph, course: Course, steps: int) -> tuple[int, ...]:
    """The node of the whole graph that stands for each node of the common start."""
    at = {whole.depth[v]: v for v in range(len(whole.depth)) if whole.waiting[v]}
    return tuple(at.get(k, -1) if course.history <= k <= steps else -1 for k in range(course.n + 1))


def _strand(
    graph: Graph,
    course: Course,
    after: int,
    until: int,
    longest: int,
    step: int,
    links: tuple[Link | None, ...],
    *,
    from_step: bool = False,
) -> Strand:
    """The conditions of a course from one day to another, on its steps before `step` (or from it on)."""
    depth, chain = np.array(graph.depth), course.chain
    steps = range(step, len(chain.low)) if from_step else range(step)
    low = [chain.low[k] if k in steps else 0 for k in range(len(chain.low))]
    high = [chain.high[k] if k in steps else longest for k in range(len(chain.low))]
    marks = window_marks(depth, low, high, longest)
    landmark = np.array(graph.waiting) & (depth >= course.history)
    marks += [(course.day, landmark), (course.gone, depth == course.n), (longest, depth == course.n)]
    for count in course.counts:
        marks += _count_marks(graph, count, course.n, longest)
    apart = {k for k in steps if chain.gap[k]}
    if not from_step and step == course.history and _losses_apart(course):
        # No step of this course by the cut, but it makes the start like that of other courses.
        apart.add(step)
    tied = {k for k in chain.tied if k in steps}
    return Strand(graph, frozenset(apart), frozenset(tied), marks_between(marks, after, until), links, course.losses)


def _losses_apart(course: Course) -> bool:
    """Whether losses are kept off the days of events, somewhere."""
    return any(gap and course.kinds[k - 1 : k + 1] == EVENT + CENSORED for k, gap in enumerate(course.chain.gap))


def _count_marks(graph: Graph, count: Count, n: int, longest: int) -> list[tuple[int, np.ndarray]]:
    """A printed count as marks; at a whole day those who leave on it may be among those at risk or not."""
    depth, events = np.array(graph.depth), np.array(graph.events)
    day = longest if count.day is None else floor(count.day)
    if day > longest:
        day = longest
    if count.kind == "at_risk":
        gone = n - count.number
        if count.day is not None and count.day.denominator == 1:
            return [(day - 1, depth <= gone), (day, depth >= gone)]
        return [(day, depth == gone)]
    return [(day, (events if count.kind == "events" else depth - events) == count.number)]


def _bounds(course: Course, sign: int, pair: tuple[int, int, int, int]) -> tuple[int, int]:
    """The days that a pair's own bounds leave for its first step."""
    i, j, a, b = pair
    low, high = course.chain.low, course.chain.high
    first, last = (low[j] - b, high[j] - a) if sign > 0 else (a - high[j], b - low[j])
    return max(low[i], first), min(high[i], last)


def _early_links(course: Course, cut: int) -> tuple[Link | None, ...]:
    """Links with a step by the cut; where the second comes after it for certain, only the first one's day is kept."""
    found: list[Link | None] = []
    for signed in course.pairs:
        if signed is None:
            found.append(None)
            continue
        sign, (i, j, a, b) = signed
        earliest, latest = _bounds(course, sign, (i, j, a, b))
        if course.tight.low[i] > cut:
            found.append(None)
        elif course.tight.low[j] > cut:
            found.append(Link(i, NEVER, 0, NEVER, NEVER, course.chain.low[i], course.chain.high[i]))
        else:
            found.append(Link(i, j, sign, a, b, earliest, latest))
    return tuple(found)


def _late_links(course: Course, cut: int, gone: int) -> tuple[Link | None, ...]:
    """Links whose second step can come after the cut."""
    found: list[Link | None] = []
    for signed in course.pairs:
        if signed is None or signed[1][1] < gone:
            found.append(None)
            continue
        sign, (i, j, a, b) = signed
        earliest, latest = _bounds(course, sign, (i, j, a, b))
        if i < gone:
            found.append(Link(i, j, sign, a, b, 0, -1))
        else:
            found.append(Link(i, j, sign, a, b, max(earliest, cut + 1), latest))
    return tuple(found)
