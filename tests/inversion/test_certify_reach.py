"""Whatever can happen by a moment is among what is said to be possible: every string and position is gone through."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations_with_replacement, product
from math import floor

import pytest

from helpers.inversion.certify.effort import Effort
from helpers.inversion.certify.groups import Groups
from helpers.inversion.certify.moments import moments_of, rest_of
from helpers.inversion.certify.reach import Problem, Reach
from helpers.inversion.certify.task import Task
from helpers.inversion.evidence import Count
from helpers.inversion.history import states
from helpers.inversion.printing import prints_landmark
from helpers.simulation.odd_papers import odd_paper
from tests.inversion.brute import Print
from tests.inversion.making import CONVENTIONS, landmarks

FOREVER = 1e6


def agrees(word, position, day_of, count):
    """Whether a printed count fits, `position(day)` being the number of patients who have left by the end of a day."""
    n = len(word)
    if count.day is None:
        return word.count("E" if count.kind == "events" else "C") == count.number
    left = position(floor(count.day))
    if count.kind == "at_risk":
        if count.day.denominator == 1:
            return position(int(count.day) - 1) <= n - count.number <= left
        return left == n - count.number
    return word[:left].count("E" if count.kind == "events" else "C") == count.number


def every_passage(evidence, convention, longest):
    """By moment: the sets of (length, events), (steps, events) and S, going through everything."""
    n = evidence.n
    days = {floor(mark.day) for mark in evidence.landmarks}
    moments = sorted(days)
    for count in evidence.counts:
        if count.day is not None:
            days |= {floor(count.day), floor(count.day) - 1} if count.day.denominator == 1 else {floor(count.day)}
    days = sorted(days)
    place = {day: k for k, day in enumerate(days)}
    found = [(set(), set(), set()) for _ in moments]
    for letters in product("EC", repeat=n):
        word = "".join(letters)
        curve = states(word, n)
        fits = [
            [
                all(prints_landmark(state, m, convention) for m in evidence.landmarks if floor(m.day) == day)
                for state in curve
            ]
            for day in moments
        ]
        if not all(any(f) for f in fits):
            continue
        for positions in combinations_with_replacement(range(n + 1), len(days)):

            def position(day, positions=positions):
                return positions[place[day]]

            if not all(f[position(day)] for f, day in zip(fits, moments, strict=True)):
                continue
            if longest <= moments[-1] and position(moments[-1]) < n:
                continue
            if all(agrees(word, position, place, count) for count in evidence.counts):
                for (lengths, counts, survival), day in zip(found, moments, strict=True):
                    p = position(day)
                    length = len(word[:p].rstrip("C"))
                    lengths.add((length, word[:p].count("E")))
                    counts.add((p, word[:p].count("E")))
                    survival.add(curve[p].survival)
    return found


@pytest.mark.parametrize("rows", [40, 300])
@pytest.mark.parametrize("seed", range(3))
def test_nothing_that_can_happen_is_left_out(seed, rows):
    asked = said = true = 0
    for number in range(40):
        paper = odd_paper(900 + seed, number, 4)
        evidence, convention = paper.evidence, paper.conventions[0]
        moments = moments_of(evidence.n, evidence.landmarks, evidence.counts)
        rest = rest_of(evidence.n, moments, evidence.counts, paper.longest)
        reach = Reach(Problem(evidence.n, moments, rest, (convention,)), rows, Effort(FOREVER))
        truth = every_passage(evidence, convention, paper.longest)
        for passage, (lengths, counts, survival) in zip(reach.passages, truth, strict=True):
            assert lengths <= passage.lengths, (paper, convention)
            assert counts <= passage.counts, (paper, convention)
            if survival:
                assert passage.survival[0] <= min(survival) and float(max(survival)) <= passage.survival[1] + 1e-15
            said, true = said + len(passage.counts), true + len(counts)
        asked += bool(truth[0][0])
    assert asked > 20
    assert said < (1.6 if rows == 40 else 1.25) * true  # not much more than the truth


def test_finer_rows_and_groups_only_narrow():
    marks = landmarks((Print("43", "25", "62"),))
    moments = moments_of(43, marks, ())
    groups = Groups(43, moments, rest_of(43, moments, (), 3653), CONVENTIONS)
    sizes = []
    for levels in (1, 2, 3):
        assert groups.search(Effort(FOREVER), levels)
        sizes.append(len(groups.passages[0].counts))
    assert sizes == sorted(sizes, reverse=True)
    assert 0 < len(groups.possible) < len(CONVENTIONS)


def test_a_number_at_risk_is_where_the_history_stands():
    rng = random.Random(7)
    text = "".join(rng.choice("EEC") for _ in range(30))
    half = Fraction(361, 2)
    marks = landmarks((Print("62.1", None, None),))
    marks = (marks[0].__class__(**{**vars(marks[0]), "day": half}),)
    counts = (Count("risk", "at_risk", half, 17),)
    moments = moments_of(30, marks, counts)
    assert (moments[0].steps.low, moments[0].steps.high) == (13, 13)
    reach = Reach(Problem(30, moments, rest_of(30, moments, counts, 999), CONVENTIONS), 500, Effort(FOREVER))
    assert {p for p, _ in reach.passages[0].counts} <= {13}
    assert text


def test_landmarks_of_one_day_share_a_moment():
    marks = landmarks((Print("61.9", "50.8", "75.5"), Print("62", None, None)))
    together = (marks[0], marks[1].__class__(**{**vars(marks[1]), "day": marks[0].day}))
    assert len(moments_of(40, marks, ())) == 2
    assert len(moments_of(40, together, ())) == 1


def test_totals_leave_room_for_the_rest():
    marks = landmarks((Print("50", None, None),))
    counts = (Count("total", "events", None, 5),)
    moments = moments_of(8, marks, counts)
    rest = rest_of(8, moments, counts, 9999)
    reach = Reach(Problem(8, moments, rest, CONVENTIONS[:1]), 500, Effort(FOREVER))
    assert reach.passages[0].counts
    for steps, events in reach.passages[0].counts:
        assert events <= 5 <= events + 8 - steps
    assert Task(8, marks, counts).partial
