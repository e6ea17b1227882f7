"""Certified bounds hold every history in every way it passes the landmarks; witnesses are members of the set."""

from __future__ import annotations

from fractions import Fraction

import pytest

from helpers.inversion.certify.bounds import passages
from helpers.inversion.certify.grid import grid_of
from helpers.inversion.certify.task import Clock
from helpers.inversion.certify.witness import witness
from helpers.inversion.history import states
from helpers.inversion.search import TooLargeError
from helpers.inversion.solve import solve
from tests.inversion.certifying import every_history, tasks

QUANTITIES = ("events", "censored", "at_risk")


def true_values(task, convention, members):
    """By landmark: the sets of events, censored, at_risk and S over every history and way."""
    found = [{q: set() for q in (*QUANTITIES, "survival")} for _ in task.landmarks]
    for history in members:
        for way in task.ways(history, convention):
            for k, m in enumerate(way):
                found[k]["events"].add(history[:m].count("E"))
                found[k]["censored"].add(history[:m].count("C"))
                found[k]["at_risk"].add(task.n - m)
                found[k]["survival"].add(states(history, task.n)[m].survival)
    return found


def check(task, convention, members, cells):
    """How many bounds hold more than the truth."""
    found = passages(grid_of(task, (convention,), cells), (convention,), Clock(1000.0))
    loose = 0
    for passing, truth in zip(found, true_values(task, convention, members), strict=True):
        for quantity in QUANTITIES:
            low, high = passing.span(quantity, task.n)
            assert low <= min(truth[quantity]) and max(truth[quantity]) <= high, (task, convention, quantity)
            loose += (low, high) != (min(truth[quantity]), max(truth[quantity]))
        low, high = (Fraction(x) for x in passing.survival)
        assert low <= min(truth["survival"]) and max(truth["survival"]) <= high, (task, convention)
    return loose


@pytest.mark.parametrize("at_risk", [False, True])
@pytest.mark.parametrize("n", range(1, 9))
def test_bounds_hold_the_brute_force_set(n, at_risk):
    loose = total = 0
    for task, convention, _ in tasks(n, 5, at_risk=at_risk):
        members = every_history(task, convention)
        check(task, convention, members, 500)
        loose += check(task, convention, members, 20_000)
        total += len(task.landmarks) * len(QUANTITIES)
    assert loose < total / 4


@pytest.mark.parametrize("n", [13, 19])
def test_bounds_hold_the_listed_set_and_witnesses_belong_to_it(n):
    tried = attained = asked = 0
    for task, convention, _ in tasks(n, 6, at_risk=n == 19, every=3):
        try:
            listed = solve(n, task.landmarks, (convention,), limit=200_000, counts=task.counts).histories
        except TooLargeError:
            continue
        if not 2 < len(listed) <= 500:
            continue
        check(task, convention, listed, 50_000)
        tried += 1
        passing = passages(grid_of(task, (convention,), 50_000), (convention,), Clock(1000.0))
        for quantity in QUANTITIES:
            for sign in (1, -1):
                history = witness(task, passing, convention, task.last, quantity, sign, 2.0)
                asked += 1
                if history is not None:
                    assert history in listed
                    value = {
                        "events": history.count("E"),
                        "censored": history.count("C"),
                        "at_risk": n - len(history),
                    }[quantity]
                    best = true_values(task, convention, listed)[task.last][quantity]
                    attained += value == (min(best) if sign > 0 else max(best))
    assert tried > 3
    assert attained > asked / 4
