"""Possible days: the systems of an endpoint that stand under everything printed, with their exact bounds."""

from __future__ import annotations

from dataclasses import replace

from helpers.inversion.joint.joint import Joint
from helpers.inversion.joint.standing import Standing
from helpers.inversion.joint.systems import Days, course_budget, courses, needs_course
from helpers.inversion.timelines import Timeline
from helpers.inversion.work import WorkLimitError


def possible_timelines(joint: Joint, name: str) -> tuple[Timeline, ...]:
    """Every feasible system of days of an endpoint up to its last landmark.

    The bounds of each step are the smallest and largest day in any course that prints everything about the endpoint;
    where the work limit does not allow to see that, no possible day lies outside them. A system that can belong to no
    system of a linked endpoint is left out; further than that, days are not narrowed by the other endpoint.
    """
    found: dict[Timeline, None] = {}
    for candidate in joint.standing(name):
        for one in joint.systems(name, candidate):
            if joint.system_stands(name, candidate, one) is not False:
                found[_narrowed(joint.days[name], one)] = None
    return tuple(found)


def _narrowed(days: Days, one: Standing) -> Timeline:
    timeline = one.system.timeline
    chain = timeline.chain
    if not needs_course(one.system, days):
        return timeline
    low: list[int] | None = None
    high: list[int] = []
    try:
        for course in courses(days, one.system, course_budget(days)):
            if not course.ways & one.ways:
                continue
            size = len(chain.low)
            if low is None:
                low, high = list(course.chain.low[:size]), list(course.chain.high[:size])
            else:
                low = [min(a, b) for a, b in zip(low, course.chain.low, strict=False)]
                high = [max(a, b) for a, b in zip(high, course.chain.high, strict=False)]
            if tuple(low) == chain.low and tuple(high) == chain.high:
                return timeline
    except WorkLimitError:
        return timeline
    if low is None:
        return timeline
    return replace(timeline, chain=replace(chain, low=tuple(low), high=tuple(high)))
