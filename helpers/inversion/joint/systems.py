"""Systems: the whole days of one history under everything printed about its endpoint, and how they can go on.

A system is one history, one way past the landmarks, and one case of every printed median as far as the history tells
it. What only the days after the last landmark tell (the follow-up, a median not reached yet, totals) is asked of the
courses: every string over E and C for the patients left, each with conditions of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from math import floor

from helpers.inversion.chains import Chain, followed, free_chain, tighten, with_landmark_days, with_printed_counts
from helpers.inversion.conditions import satisfied
from helpers.inversion.evidence import Count
from helpers.inversion.follow_up import follow_up_days
from helpers.inversion.history import CENSORED, EVENT
from helpers.inversion.joint.asking import Asked, asked, asked_of_follow_up
from helpers.inversion.joint.whole import Demand, FollowUpRange
from helpers.inversion.median_ways import MedianWay, all_ways
from helpers.inversion.timelines import Timeline
from helpers.inversion.work import Budget, WorkLimitError

COURSE_WORK = 400_000
FURTHER = 6
_ODD = 0x9E3779B1


@dataclass(frozen=True)
class System:
    """One feasible system of days up to the last landmark.

    `ways` are those of its medians; `asked` what is asked of each printed median, `open` the demands that only the
    course decides.
    """

    timeline: Timeline
    ways: frozenset[MedianWay]
    asked: tuple[Asked, ...] = ()
    open: tuple[Demand, ...] = ()


@dataclass(frozen=True)
class Course:
    """One feasible system of whole days of all patients; `asked` is what is asked of the open demands, in order."""

    chain: Chain
    ways: frozenset[MedianWay]
    asked: tuple[Asked, ...]

    @property
    def kinds(self) -> str:
        """What happened to all patients, in order of time."""
        return self.chain.kinds


@dataclass(frozen=True)
class Carried:
    """Whether a system can go on to the end (None: not known).

    `ways` are those for which that is not ruled out, `found` those for which a course was found.
    """

    possible: bool | None
    ways: frozenset[MedianWay]
    found: frozenset[MedianWay]


@dataclass(frozen=True)
class Days:
    """Everything printed about an endpoint but the digits of its landmarks: what decides which days are possible.

    `work` is how much to go through for one system, before it is said that it was not gone through.
    """

    n: int
    landmarks: tuple[Fraction, ...]
    counts: tuple[Count, ...]
    demands: tuple[Demand, ...]
    ranges: tuple[FollowUpRange, ...]
    longest: int
    work: int = COURSE_WORK

    @cached_property
    def _hash(self) -> int:
        return hash((self.n, self.landmarks, self.counts, self.demands, self.ranges, self.longest, self.work))

    def __hash__(self) -> int:
        """Worked out once: these are looked up for every history."""
        return self._hash

    @property
    def last(self) -> int:
        """The whole day of the last landmark; -1 if there is none."""
        return floor(self.landmarks[-1]) if self.landmarks else -1

    @property
    def follow_ups(self) -> tuple[Demand, ...]:
        """The printed medians of the follow-up."""
        return tuple(demand for demand in self.demands if demand.follow_up)

    @property
    def late_counts(self) -> tuple[Count, ...]:
        """Counts that patients left over may enter: all but those of events up to the last landmark."""
        return tuple(c for c in self.counts if c.day is None or c.kind != "events" or floor(c.day) > self.last)

    def enough(self, kinds: str) -> bool:
        """Whether a whole course has the printed totals, and at least as many of a kind as are counted by some day."""
        for count in self.counts:
            if count.kind != "at_risk":
                number = kinds.count(EVENT if count.kind == "events" else CENSORED)
                if number < count.number or (count.day is None and number > count.number):
                    return False
        return True


@lru_cache(maxsize=20_000)
def systems(days: Days, history: str, passed: tuple[int, ...]) -> tuple[System, ...]:
    """Every feasible system of a history that passes the landmarks at given lengths."""
    chain = with_landmark_days(free_chain(history, days.longest), days.landmarks, passed)
    start = _bounded(chain, days) if all(demand.ways for demand in days.demands) else None
    if start is None or not all(_late_enough(demand, history, days, start) for demand in days.follow_ups):
        return ()
    found = [System(Timeline(history, passed, None, start), frozenset(all_ways()))]
    for demand in days.demands:
        if not demand.follow_up:
            found = [longer for system in found for longer in _with_median(system, demand, days)]
        else:
            found = [System(s.timeline, s.ways & set(demand.ways), s.asked, (*s.open, demand)) for s in found]
    return tuple(system for system in found if system.ways)


def _bounded(chain: Chain, days: Days) -> Chain | None:
    """The tightened chain with the days that counts and ranges allow."""
    if days.counts:
        chain = with_printed_counts(chain, days.counts, days.n)
    for some in days.ranges:
        chain = some.on(chain, days.landmarks)
    return tighten(chain)


def _with_median(system: System, demand: Demand, days: Days) -> Iterator[System]:
    timeline = system.timeline
    bounds = tuple(zip(timeline.chain.low, timeline.chain.high, strict=True))
    demand = demand.limited(system.ways)
    for item in asked(
        timeline.history, days.n, demand, whole=False, longest=days.longest, later=days.last + 1, days=bounds
    ):
        ways = system.ways & item.ways
        chain = satisfied(timeline.chain, item.condition) if ways else None
        if chain is not None:
            case = timeline.case or (item.formula.case if item.formula else None)
            left = system.open if item.settled else (*system.open, demand)
            yield System(Timeline(timeline.history, timeline.passed, case, chain), ways, (*system.asked, item), left)


def _late_enough(demand: Demand, history: str, days: Days, chain: Chain) -> bool:
    """Whether a printed median follow-up lies between the days that the history leaves for it."""
    low, high, reached = follow_up_days(history, days.n, chain, days.longest)
    value = demand.median.value
    if value is None:
        return True
    if not value.reached:
        return not reached
    cells = [demand.median.cell("value", rule) for rule in {way.rounding for way in demand.ways}]
    return any(cell is not None and cell.high >= low and cell.low <= high for cell in cells)


def needs_course(system: System, days: Days) -> bool:
    """Whether anything printed bears on what comes after the last landmark."""
    return bool(system.open or days.ranges or days.late_counts)


def tails(left: int) -> Iterator[str]:
    """Every string over E and C of a length, the plain ones first and the rest well mixed.

    >>> list(tails(2))
    ['CC', 'EE', 'EC', 'CE']
    """
    plain = dict.fromkeys(
        tail
        for k in (0, left, *range(1, left))
        for tail in (EVENT * k + CENSORED * (left - k), CENSORED * k + EVENT * (left - k))
    )
    yield from plain
    for k in range(2**left):
        number = k * _ODD % 2**left
        tail = "".join(EVENT if number >> i & 1 else CENSORED for i in range(left))
        if tail not in plain:
            yield tail


def courses(days: Days, system: System, budget: Budget) -> Iterator[Course]:
    """Every feasible course of a system.

    Raises WorkLimitError when the budget is used up; one unit is a course, a flipped history, or a set of conditions.
    """
    timeline = system.timeline
    for tail in tails(days.n - len(timeline.history)):
        budget.spend()
        kinds = timeline.history + tail
        if not days.enough(kinds):
            continue
        chain = _bounded(followed(timeline.chain, tail, days.last, days.longest), days)
        if chain is not None:
            yield from _met(days, Course(chain, system.ways, ()), system.open, budget)


def _met(days: Days, course: Course, left: Sequence[Demand], budget: Budget) -> Iterator[Course]:
    """The course with every open demand met, in every way."""
    if not left:
        yield course
        return
    for item in _asked(days, course.chain, left[0].limited(course.ways), budget):
        ways = course.ways & item.ways
        if not ways:
            continue
        budget.spend()
        chain = satisfied(course.chain, item.condition)
        if chain is not None:
            yield from _met(days, Course(chain, ways, (*course.asked, item)), left[1:], budget)


def _asked(days: Days, chain: Chain, demand: Demand, budget: Budget) -> Iterator[Asked]:
    bounds = tuple(zip(chain.low, chain.high, strict=True))
    if demand.follow_up:
        return asked_of_follow_up(chain.kinds, days.n, demand, longest=days.longest, budget=budget, days=bounds)
    return asked(chain.kinds, days.n, demand, whole=True, longest=days.longest, days=bounds)


def course_budget(days: Days) -> Budget:
    """How many courses to go through: each takes longer the more patients there are, and so do its conditions."""
    return Budget(days.work // days.n**2)


@lru_cache(maxsize=20_000)
def carried(days: Days, system: System) -> Carried:
    """Whether a system can go on to the end under everything printed, and in which ways."""
    if not needs_course(system, days):
        return Carried(True, system.ways, system.ways)
    budget = course_budget(days)
    ways: set[MedianWay] = set()
    try:
        for course in courses(days, system, budget):
            if not ways:
                budget.left = min(budget.left, days.work // FURTHER // days.n**2)
            ways |= course.ways
            if len(ways) == len(system.ways):
                break
    except WorkLimitError:
        return Carried(True if ways else None, system.ways, frozenset(ways))
    return Carried(bool(ways), frozenset(ways), frozenset(ways))
