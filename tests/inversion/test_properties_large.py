"""Larger cohorts and whole data sets: the truth lies within every bound, is accepted, and comes back from counts."""

from __future__ import annotations

from fractions import Fraction

import pytest

from helpers.inversion.bounds import bounds
from helpers.inversion.search import TooLargeError
from helpers.inversion.solve import bindings, solve
from helpers.inversion.timelines import timelines
from helpers.simulation.cohort import KINDS, clinical_cohort
from helpers.simulation.coverage import CONVENTIONS, made_up
from helpers.simulation.print_study import numbers_at_risk, printed_landmarks
from tests.inversion.cohorts import reading

MARKS = (Fraction("182.625"), Fraction("365.25"))
MOST_HISTORIES = 40


def small_cases(kind: str, count: int):
    """Made-up studies of one kind whose sets are short, with their solutions."""
    found = 0
    for number in range(KINDS.index(kind), 100_000, len(KINDS)):
        case = made_up(99, number)
        if case.cohort.n > 12:
            continue
        try:
            solution = solve(case.cohort.n, case.landmarks, (case.convention,), 20_000, case.counts)
        except TooLargeError:
            continue
        if len(solution.histories) <= MOST_HISTORIES:
            yield case, solution
            found += 1
        if found == count:
            return


@pytest.mark.parametrize("kind", KINDS)
def test_every_reading_of_the_true_data_set_lies_within_its_bounds(kind):
    """Events, censorings, at risk, S, restricted mean, medians and hazards of the very patients that were printed."""
    checked = set()
    for case, solution in small_cases(kind, 12):
        who = case.cohort
        rows = [(int(day), int(event)) for day, event in zip(who.days, who.events, strict=True)]
        longest = max(401, int(max(who.days)))
        systems = tuple(timelines(solution, None, (), longest))
        assert systems
        days, horizons = (Fraction(7), Fraction(200)), (Fraction(100), Fraction(350))
        for bound in bounds(systems, solution, longest, days, horizons):
            true = reading(rows, bound.quantity, bound.since, bound.at, bound.unit)
            if true is not None:
                assert bound.low <= true <= bound.high, (kind, bound.quantity, bound.at, case)
                checked.add(bound.quantity)
    assert {"events", "censored", "at_risk", "survival", "rmst", "hazard"} <= checked


@pytest.mark.parametrize("n", [17, 25, 33, 40, 48, 55, 60])
def test_large_truths_are_accepted_under_every_convention(n):
    import numpy as np

    rng = np.random.default_rng(n)
    for k, convention in enumerate(CONVENTIONS):
        who = clinical_cohort(rng, n, median=float(rng.choice([3, 8, 20])), follow_up=(1, float(rng.choice([8, 30]))))
        marks = printed_landmarks(who, MARKS, convention, k % 3)
        counts = numbers_at_risk(who, MARKS)
        way = tuple(len(who.history(day)) for day in MARKS)
        assert way in bindings(who.history(MARKS[-1]), n, marks, convention, counts)


@pytest.mark.parametrize("n", [24, 32, 36])
def test_large_truths_are_listed_where_numbers_at_risk_cut_the_history_short(n):
    import numpy as np

    rng = np.random.default_rng(n)
    listed = 0
    for k in range(8):
        convention = CONVENTIONS[k * 9]
        who = clinical_cohort(rng, n)
        days = (Fraction("91.3125"), *MARKS)
        marks = printed_landmarks(who, days, convention, 2)
        try:
            found = solve(n, marks, (convention,), 200_000, numbers_at_risk(who, days))
        except TooLargeError:
            continue
        listed += 1
        assert who.history(days[-1]) in found.histories
    assert listed >= 5
