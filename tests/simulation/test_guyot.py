"""Guyot's algorithm does what its paper says; it is here to be compared with fairly."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from helpers.simulation.cohort import clinical_cohort, cohort
from helpers.simulation.guyot import Clicks, curve_clicks, landmark_clicks, reconstruct

YEAR = Fraction(365)


def test_without_numbers_at_risk_nobody_is_censored():
    clicks = Clicks((0, 10, 20, 30), (1, 0.9, 0.7, 0.4))
    found = reconstruct(clicks, [(0, 10)])
    assert found.history(Fraction(30)) == "EEEEEE"
    assert [found.number(event=True, until=Fraction(t)) for t in (10, 20, 30)] == [1, 3, 6]
    assert found.n == 10


def test_a_number_at_risk_tells_how_many_were_censored_and_they_are_spread_evenly():
    # 10 patients, S = 0.8 from day 4 on, 4 at risk on day 10: 2 deaths of 10 leave 8, so 4 were censored.
    clicks = Clicks((0, 4, 9.99, 10, 20), (1, 0.8, 0.8, 0.8, 0.4))
    found = reconstruct(clicks, [(0, 10), (10, 4)])
    assert found.at_risk(Fraction(10)) == 4
    censored = [float(d) for d, e in zip(found.days, found.events, strict=True) if not e and d < 10]
    # one of the moments 2, 4, 6, 8 comes before the click at day 4: 9 are then at risk, and 2 deaths bring S to 7/9
    assert len(censored) == 4
    assert found.number(event=True, until=Fraction(9)) == 2
    # after the last number at risk the algorithm goes on censoring at the same rate: all 4 before day 20
    assert found.number(event=False, until=Fraction(20)) == 8
    # a total of 4 events takes that back: 4 at risk on day 20, of whom 1 - 0.4/(7/9) die, to whole patients 2
    known = reconstruct(clicks, [(0, 10), (10, 4)], events=4)
    assert known.number(event=True, until=Fraction(20)) == 4
    assert known.number(event=False, until=Fraction(20)) == 4


def test_a_total_of_events_sets_the_censorings():
    clicks = Clicks((0, 10, 20, 30), (1, 0.9, 0.7, 0.4))
    found = reconstruct(clicks, [(0, 10)], events=5)
    assert found.number(event=True, until=Fraction(30)) == 5
    assert found.number(event=False, until=Fraction(30)) >= 1


def test_a_total_that_is_already_reached_leaves_the_rest_of_the_curve_flat():
    clicks = Clicks((0, 5, 9, 10, 20), (1, 0.8, 0.8, 0.8, 0.4))
    found = reconstruct(clicks, [(0, 10), (10, 8)], events=2)
    assert found.number(event=True, until=Fraction(20)) == 2
    assert found.n == 10
    assert found.at_risk(Fraction(20)) == 8


@pytest.mark.parametrize("seed", range(6))
def test_a_whole_curve_without_censoring_gives_back_every_death(seed):
    rng = np.random.default_rng(seed)
    days = sorted(rng.integers(1, 300, 25).tolist())
    who = cohort([(Fraction(day), True) for day in days])
    found = reconstruct(curve_clicks(who, YEAR), [(0.0, 25)])
    assert [d for d, e in zip(found.days, found.events, strict=True) if e] == list(who.days)


@pytest.mark.parametrize("seed", range(20))
def test_every_patient_is_accounted_for(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(8, 50))
    who = clinical_cohort(rng, n)
    marks = (Fraction(183), YEAR)
    at_risk = [(0.0, n), *((float(day), who.at_risk(day)) for day in marks)]
    for clicks in (curve_clicks(who, YEAR), landmark_clicks(marks, [who.curve(day)[0] for day in marks])):
        for events in (None, who.number(event=True, until=YEAR)):
            for known in (at_risk[:1], at_risk):
                found = reconstruct(clicks, known, events)
                assert found.n == n
                assert abs(found.curve(YEAR)[0] - who.curve(YEAR)[0]) < Fraction(1, 4)


def test_numbers_at_risk_are_met():
    met = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        who = clinical_cohort(rng, 30)
        at_risk = [(0.0, 30), *((float(day), who.at_risk(day)) for day in (Fraction(183), Fraction(365)))]
        found = reconstruct(curve_clicks(who, YEAR), at_risk)
        met += found.at_risk(Fraction(183)) == who.at_risk(Fraction(183))
    assert met >= 36


@pytest.mark.parametrize(
    ("times", "survival"), [((1, 2), (1, 0.5)), ((0, 1), (0.9, 0.5)), ((0, 2, 1), (1, 0.5, 0.4)), ((0, 1), (1, 1.2))]
)
def test_what_is_no_curve_is_refused(times, survival):
    with pytest.raises(ValueError):
        Clicks(times, survival)
