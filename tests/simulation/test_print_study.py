"""Cohorts and their print agree with the brute force, which knows neither."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from helpers.conventions import all_conventions
from helpers.simulation.cohort import KINDS, clinical_cohort, cohort, random_cohort
from helpers.simulation.print_study import event_total, numbers_at_risk, printed_landmark, printed_landmarks
from tests.inversion import brute, patients

CONVENTIONS = tuple(all_conventions())


def made(seed: int, kind: str):
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    return random_cohort(rng, int(rng.integers(5, 25)), kind)


@pytest.mark.parametrize("kind", KINDS)
def test_curve_with_ties_equals_the_curve_of_the_history_and_of_the_rows(kind):
    for seed in range(25):
        who, days = made(seed, kind)
        rows = [(int(day), int(event)) for day, event in zip(who.days, who.events, strict=True)]
        for day in days:
            assert who.curve(day) == patients.at_day(rows, day)
            assert who.curve(day) == brute.curve(who.history(day), who.n)
            assert who.at_risk(day) == sum(d >= day for d, _ in rows)
            assert (
                who.number(event=True, until=day) == sum(e for d, e in rows if d <= day) == who.history(day).count("E")
            )


@pytest.mark.parametrize("kind", KINDS)
def test_every_convention_prints_what_the_brute_force_prints(kind):
    for seed, convention in enumerate(CONVENTIONS):
        who, days = made(seed, kind)
        decimals = seed % 3
        for mark in printed_landmarks(who, days, convention, decimals):
            shown = brute.print_history(who.history(mark.day), who.n, convention, decimals)
            assert (mark.value.text, mark.ci_low.text, mark.ci_high.text) == shown.texts


def test_kinds_are_what_they_are_called():
    reached = {kind: [made(seed, kind) for seed in range(40)] for kind in KINDS}
    final = {kind: [who.curve(days[-1])[0] for who, days in some] for kind, some in reached.items()}
    assert all(s == 0 for s in final["to zero"])
    assert all(s == Fraction(1, 2) for s in final["half"])
    assert all(s == 1 for s in final["one"])
    assert all(all(who.events) for who, _ in reached["none"])
    assert np.mean([np.mean(who.events) for who, _ in reached["heavy"]]) < 0.4
    assert all(len(set(who.days)) < who.n for who, _ in reached["ties"])
    assert {len(days) for _, days in reached["light"]} == {1, 2}


def test_a_landmark_without_its_interval_and_the_counts_beside_it():
    who = cohort([(Fraction(d), e) for d, e in [(5, True), (5, False), (9, True), (12, False)]])
    mark = printed_landmark(who, Fraction(9), CONVENTIONS[0], 1, interval=False)
    assert (mark.value.text, mark.ci_low, mark.ci_high) == ("37.5", None, None)
    assert [c.number for c in numbers_at_risk(who, (Fraction(5), Fraction(9), Fraction(10)))] == [4, 2, 1]
    assert event_total(who, Fraction(9)).number == 2
    assert who.history(Fraction(9)) == "ECE"


def test_clinical_cohorts_lose_about_one_patient_in_seven_within_a_year():
    rng = np.random.default_rng(4)
    year = Fraction("365.25")
    trials = [clinical_cohort(rng, 40) for _ in range(200)]
    lost = sum(who.number(event=False, until=year) for who in trials) / (40 * 200)
    died = sum(who.number(event=True, until=year) for who in trials) / (40 * 200)
    assert 0.1 < lost < 0.25
    assert 0.4 < died < 0.5
