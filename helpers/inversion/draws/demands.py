"""Demands: what a printed median or median follow-up asks of the days of a course, letter by letter.

As soon as the letters so far decide which steps a printed number is about, it becomes a condition on their days; the
patients left are then free of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from helpers.inversion.crossing import run_end
from helpers.inversion.draws.conditions import Condition, condition_of, exclusive
from helpers.inversion.follow_up import FLIP
from helpers.inversion.history import EVENT
from helpers.inversion.inverted import StudyInversion
from helpers.inversion.joint.asking import Asked, asked
from helpers.inversion.joint.whole import Demand, FollowUpRange


@dataclass(frozen=True)
class Printed:
    """What is printed of an endpoint beyond its landmarks and counts, less what was set aside.

    `one_way`: all medians of the paper were made in one way. `longest` is the largest possible day.
    """

    demands: tuple[Demand, ...]
    ranges: tuple[FollowUpRange, ...]
    one_way: bool
    longest: int


@dataclass(frozen=True)
class Known:
    """The conditions under which a demand is met, as far as some letters decide; `settled`: none can be added."""

    conditions: tuple[Condition, ...]
    settled: bool


def printed_of(inversion: StudyInversion, endpoint: str) -> Printed:
    """What the whole paper leaves to be printed again of one endpoint."""
    joint = inversion.reconciled.joint
    whole, one_way = joint.wholes[endpoint], joint.assumptions.one_way
    demands = (demand.by_itself() for demand in whole.demands)
    limited = tuple(demand.limited(joint.ways) if one_way else demand for demand in demands)
    return Printed(limited, whole.ranges, one_way, whole.longest)


def known_of(course: str, history: int, n: int, day: int, demand: Demand, longest: int) -> Known:
    """Every condition under which a course prints a median, as far as its letters decide; no two hold together.

    Parameters
    ----------
    course : letters so far, the first `history` of them up to the last landmark.
    history : how many.
    n : patients at the start.
    day : the day of the last landmark.
    demand : the printed median.
    longest : largest possible day.
    """
    kinds = course.translate(FLIP) if demand.follow_up else course
    whole, later = len(course) == n, 0 if demand.follow_up else day + 1
    found = list(asked(kinds, n, demand, whole=whole, longest=longest, later=later))
    if not found and (whole or kinds[-1:] != EVENT):
        return Known((), True)
    needed = [_needed(item, kinds, history, n, losses=demand.follow_up) for item in found]
    some = [condition_of(item.condition, item.ways, k) for item, k in zip(found, needed, strict=True)]
    decided = [c for c in some if c is not None and c.needed <= len(course)]
    if demand.follow_up:
        decided = [_separated(condition, course, demand) for condition in decided]
    settled = whole or (bool(found) and all(k <= len(course) for k in needed))
    if _by_formula(demand):
        # The cases of SPSS's formula exclude each other, and each is known with all its ways.
        return Known(tuple(dict.fromkeys(decided)), settled)
    if not settled:
        return Known((), False)
    return Known(tuple(replace(c, needed=len(course)) for c in exclusive(dict.fromkeys(decided))), True)


def _by_formula(demand: Demand) -> bool:
    """Whether only SPSS's formula can have made the limits."""
    limits = (demand.median.ci_low, demand.median.ci_high)
    return all(way.symmetric for way in demand.ways) and any(limit is not None and limit.reached for limit in limits)


def _needed(item: Asked, kinds: str, history: int, n: int, *, losses: bool) -> int:
    """Letters that decide a condition: all steps are known, and that no further one shares the last one's day."""
    if not item.settled:
        return n + 1 if len(kinds) < n else n
    condition = item.condition
    steps = (*condition.tied, *condition.apart, *(k for k, _, _ in condition.within))
    pairs = (*((i, j) for i, j, _ in condition.spread), *((i, j) for i, j, _, _ in condition.sums))
    last = max((*steps, *(k for pair in pairs for k in pair)), default=-1)
    if item.formula is not None:
        last = item.formula.case.after
        while last + 1 in condition.tied:
            last += 1
    elif last >= 0:
        last = run_end(kinds, last)
    if last < 0 or (not losses and last < history):
        return history  # an event after the last landmark comes later by itself
    return max(min(last + 2, n), history)


def _separated(condition: Condition, course: str, demand: Demand) -> Condition:
    """Deaths and losses on different days as far as the curve of losses matters.

    The two tie rules of reverse Kaplan-Meier give different curves on a day with both; apart, either prints the same.
    """
    numbers = (demand.median.value, demand.median.ci_low, demand.median.ci_high)
    everything = any(number is not None and not number.reached for number in numbers)
    last = len(course) - 1 if everything else condition.last
    changes = {k for k in range(1, last + 1) if course[k] != course[k - 1]}
    return replace(condition, apart=condition.apart | changes)
