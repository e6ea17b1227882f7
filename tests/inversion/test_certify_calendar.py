"""Certified bounds on the calendar hold every data set there is; formulas by hand; days of events."""

from __future__ import annotations

from fractions import Fraction
from math import inf

import pytest

from helpers.conventions import Convention, Interval
from helpers.inversion.certify import certify
from helpers.inversion.certify.calendar import Calendar, Outer, event_days
from helpers.inversion.certify.effort import Effort
from helpers.inversion.certify.enclose import certified_bounds, certified_frame
from helpers.inversion.certify.members import extreme_members
from helpers.inversion.evidence import Count, Evidence, Landmark
from helpers.inversion.foretold import groups_of
from helpers.inversion.timelines import timelines
from helpers.printed import PrintedNumber, Rounding
from tests.inversion.brute import Print
from tests.inversion.cohorts import every_cohort, printed, reading
from tests.inversion.making import landmarks

PLAIN = Convention(Interval.PLAIN, "1.96", None, Rounding.HALF_UP)
LONGEST = 4


def marks_of(texts, days):
    return tuple(
        Landmark(f"mark{k}", day, PrintedNumber(text), None, None, Fraction(1, 100), Fraction(95, 100))
        for k, (text, day) in enumerate(zip(texts, days, strict=True))
    )


def outer_of(evidence, days, horizons):
    groups = groups_of(evidence, (PLAIN,), LONGEST)
    groups.search(Effort(1e6))
    return Calendar.of(groups, evidence, LONGEST).bounds(days, horizons, Fraction("30.4375"))


@pytest.mark.parametrize("days", [(Fraction(2),), (Fraction(5, 2),), (Fraction(1), Fraction(7, 2)), (Fraction(4),)])
@pytest.mark.parametrize("counted", [None, "at_risk", "events", "censored"])
def test_bounds_hold_every_data_set_of_three_patients(days, counted):
    sets: dict = {}
    for rows in every_cohort(3, LONGEST):
        number = None
        if counted == "at_risk":
            number = sum(day >= days[-1] for day, _ in rows)
        elif counted:
            number = sum(day <= days[-1] and event == (counted == "events") for day, event in rows)
        sets.setdefault((printed(rows, days, 0), number), []).append(rows)
    same = total = 0
    for (texts, number), members in sets.items():
        counts = () if number is None else (Count("count", counted, days[-1], number),)
        evidence = Evidence(3, marks_of(texts, days), counts)
        for bound in outer_of(evidence, (0, 1, 3, 6), (1, Fraction(5, 2), 6)):
            values = [reading(list(rows), bound.quantity, bound.since, bound.at, bound.unit) for rows in members]
            values = [value for value in values if value is not None]
            assert all(bound.range.low <= value <= bound.range.high for value in values), (texts, number, bound)
            if values:
                same += bound.range.low == min(values) and bound.range.high == max(values)
                total += 1
    assert same > total / 3  # and many are the very ends


def simple(n=10, value="50", day=Fraction(100)):
    """n patients, one landmark with S printed without decimals and nothing else."""
    return Evidence(n, marks_of((value,), (day,)))


def by_name(found: list[Outer]):
    return {(o.quantity, o.at, o.unit): o.range for o in found}


def test_the_area_under_the_smallest_and_the_largest_curve():
    evidence = simple()
    groups = groups_of(evidence, (PLAIN,), 300)
    groups.search(Effort(1e6))
    calendar = Calendar.of(groups, evidence, 300)
    low, high = calendar.survival(Fraction(100)).low, calendar.survival(Fraction(100)).high
    assert 0.495 <= low <= Fraction(1, 2) <= high <= 0.505
    area = calendar.rmst(Fraction(200))
    assert area.low == 101 * low  # down on day 0, and to 0 the day after the landmark
    assert area.high == 100 + 100 * high  # nothing happens before day 100
    assert calendar.rmst(Fraction(50)).high == 50
    assert calendar.survival(Fraction(101)).low == 0


def test_medians_where_the_curve_may_rest_on_one_half():
    evidence = simple()
    groups = groups_of(evidence, (PLAIN,), 300)
    groups.search(Effort(1e6))
    calendar = Calendar.of(groups, evidence, 300)
    assert calendar.median("first-at-or-below") == calendar.median("first-at-or-below")
    assert calendar.median("first-at-or-below").low == 0
    assert calendar.median("first-below").high == inf
    assert calendar.median("sas-average").high == inf
    below = simple(value="40")
    groups = groups_of(below, (PLAIN,), 300)
    groups.search(Effort(1e6))
    for rule in ("first-at-or-below", "first-below", "r-midpoint", "r-print", "sas-average"):
        found = Calendar.of(groups, below, 300).median(rule)
        assert (found.low, found.high) == (0, 100)


def test_days_of_events_that_certainly_happened():
    marks = landmarks((Print("80", "68", "92"), Print("60", "44", "76")))
    found = certify(40, marks, (PLAIN,), size=10)
    assert not found.contradictory
    days = event_days(found)
    least = [bound.events.low for bound in found.bounds]
    assert list(days) == list(range(1, min(e for _, e in found.passages[-1].counts) + 1))
    assert days[1] == (0, 180)
    assert all(high == 180 for k, (_, high) in days.items() if k <= least[0])
    assert all(high == 360 for k, (_, high) in days.items() if k > found.bounds[0].events.high)
    assert all(low == 181 for k, (low, _) in days.items() if k > max(e for _, e in found.passages[0].counts))


def test_attained_bounds_have_witnesses_that_print_everything():
    marks = landmarks((Print("43", "25", "62"),))
    found = certify(43, marks, (PLAIN,), size=40)
    some = found.solution_of(extreme_members(found))
    bounds = certified_bounds(found, timelines(some, None, (), found.longest), some, (90,), (365,))
    frame = certified_frame(bounds)
    assert list(frame.columns[:7]) == ["quantity", "since", "at", "low", "high", "unit", "attained"]
    assert frame["attained"].any() and not frame["attained"].all()
    for bound in bounds:
        assert bound.seen_low is None or bound.low <= bound.seen_low <= bound.seen_high <= bound.high
        assert bound.attained == (bound.low_attained and bound.high_attained)
        for witness in (bound.low_witness, bound.high_witness):
            steps = sum(day <= 180 for day in witness.days)
            history = witness.kinds[:steps].rstrip("C")
            assert history in found.members
    events = next(b for b in bounds if b.quantity == "events" and b.at == 180)
    assert events.attained
