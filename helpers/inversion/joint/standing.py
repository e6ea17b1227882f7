"""Standing: which systems of a history stand under everything printed, alone and beside another endpoint's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from helpers.inversion.chains import Chain
from helpers.inversion.joint.systems import Course, Days, System, carried, course_budget, courses, needs_course, systems
from helpers.inversion.linkage.order import Order, beside, closed
from helpers.inversion.linkage.pairing import Pair, pairings
from helpers.inversion.median_ways import MedianWay
from helpers.inversion.timelines import Timeline
from helpers.inversion.work import Budget, WorkLimitError

PAIR_WORK = 20_000
PER_COURSE = 20


@dataclass(frozen=True)
class Standing:
    """A system that stands, with the ways for which that is not ruled out, and those for which a course was found."""

    system: System
    ways: frozenset[MedianWay]
    found: frozenset[MedianWay]

    @property
    def sure(self) -> bool:
        """Whether a course was found."""
        return bool(self.found)

    def limited(self, ways: frozenset[MedianWay]) -> Standing | None:
        """The same with only some ways left; None if none is."""
        if self.ways <= ways:
            return self
        left = self.ways & ways
        return Standing(self.system, left, self.found & ways) if left else None


@lru_cache(maxsize=20_000)
def standing(days: Days, history: str, passed: tuple[int, ...]) -> tuple[Standing, ...]:
    """The systems of a history, with one way past the landmarks, that everything printed about its endpoint allows."""
    found = []
    for system in systems(days, history, passed):
        onward = carried(days, system)
        if onward.possible is not False:
            found.append(Standing(system, onward.ways, onward.found))
    return tuple(found)


@dataclass(frozen=True)
class Side:
    """What stands of one endpoint for one history; the ways are those still allowed."""

    days: Days
    found: tuple[Standing, ...]


@lru_cache(maxsize=20_000)
def linked(inner: Side, outer: Side, one_way: bool, same_follow_up: bool) -> bool | None:
    """Whether two histories can belong to the same patients under everything printed; None: not known.

    First up to the last landmarks, where nothing that comes later matters; then with whole courses, where something
    printed bears on what comes later.
    """
    unknown = False
    for a in inner.found:
        for b in outer.found:
            if one_way and not a.ways & b.ways:
                continue
            answer = _pair_linked(inner.days, a, outer.days, b, one_way, same_follow_up)
            if answer:
                return True
            unknown |= answer is None
    return None if unknown else False


def _pair_linked(
    inner: Days, a: Standing, outer: Days, b: Standing, one_way: bool, same_follow_up: bool
) -> bool | None:
    budget = Budget(PAIR_WORK)
    try:
        if not _together(inner, a.system.timeline, outer, b.system.timeline, same_follow_up, budget):
            return False
        if not (needs_course(a.system, inner) or needs_course(b.system, outer)):
            return True
        ways = a.ways & b.ways if one_way else None
        left = course_budget(inner).left // PER_COURSE
        for first in _courses(inner, a, ways):
            for second in _courses(outer, b, ways):
                left -= 1
                if left < 0:
                    return None
                if _together(inner, first, outer, second, same_follow_up, budget):
                    return True
    except WorkLimitError:
        return None
    return False


def _courses(days: Days, one: Standing, ways: frozenset[MedianWay] | None) -> Iterator[Timeline]:
    """The courses of a system, if they matter; otherwise the system as it is, which leaves what comes later free."""
    timeline = one.system.timeline
    if not needs_course(one.system, days):
        yield timeline
        return
    for course in _remembered(days, one.system):
        if ways is None or course.ways & ways:
            yield Timeline(course.kinds, timeline.passed, None, course.chain)


class _Remembered:
    """The courses of a system, worked out as far as asked for, once; WorkLimitError where the work runs out."""

    def __init__(self, days: Days, system: System) -> None:
        self._found: list[Course] = []
        self._rest = courses(days, system, course_budget(days))
        self._limit = False

    def __iter__(self) -> Iterator[Course]:
        position = 0
        while True:
            if position == len(self._found):
                following = self._next()
                if following is None:
                    return
                self._found.append(following)
            yield self._found[position]
            position += 1

    def _next(self) -> Course | None:
        if self._limit:
            raise WorkLimitError
        try:
            return next(self._rest, None)
        except WorkLimitError:
            self._limit = True
            raise


@lru_cache(maxsize=512)
def _remembered(days: Days, system: System) -> _Remembered:
    return _Remembered(days, system)


def _together(
    inner: Days, first: Timeline, outer: Days, second: Timeline, same_follow_up: bool, budget: Budget
) -> bool:
    """Whether two systems of days leave one common table of patients."""
    one, other = _closed(first.chain), _closed(second.chain)
    if one is None or other is None:
        return False
    marks = (tuple(int(day) for day in inner.landmarks), tuple(int(day) for day in outer.landmarks))
    pair = Pair(first, second, inner.n, *marks, same_follow_up)
    return any(True for _ in pairings(pair, beside(other, one), budget))


@lru_cache(maxsize=2048)
def _closed(chain: Chain) -> Order | None:
    return closed(chain)
