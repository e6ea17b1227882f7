"""Linkage of two endpoints against every table of few patients, and what it says of Zhuo 2024."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.inversion import invert_study
from helpers.inversion.draws import draw_patients
from helpers.inversion.linkage import linkages
from helpers.inversion.linkage.pairing import Pair
from helpers.inversion.linkage.patients import (
    ALIVE,
    DIED_FIRST,
    DIED_UNSEEN,
    THEN_DIED,
    THEN_LOST,
    Patient,
    keeps_the_rules,
)
from helpers.inversion.report import endpoint_timelines
from helpers.inversion.solve import solve
from helpers.inversion.timelines import Timeline, free_chain, tighten, timelines, with_landmarks
from helpers.study import load_study
from tests.inversion.cohorts import printed
from tests.inversion.tables import Row, allowed, belongs, endpoints_of, every_table, state, system_of
from tests.inversion.test_bounds import CONVENTION, marks

NAMES = (ALIVE, THEN_DIED, DIED_FIRST, THEN_LOST, DIED_UNSEEN)
SIZES = st.sampled_from([(2, 5), (3, 4), (3, 4), (4, 3), (5, 2)])


@st.composite
def linked_studies(draw: st.DrawFn):
    """`(n, longest, days, systems of both)`: from a true table, printed coarsely, or two systems with ties and more."""
    n, longest = draw(SIZES)
    moments = st.lists(st.integers(0, longest - 1), min_size=1, max_size=2, unique=True).map(lambda d: tuple(sorted(d)))
    first = draw(moments)
    second = first if draw(st.integers(0, 2)) else draw(moments)
    if draw(st.booleans()):
        days = range(longest + 1)
        same = draw(st.booleans())
        rows = [row for row in product(days, (0, 1), days, (0, 1)) if allowed(row, same=same)]
        table = tuple(draw(st.lists(st.sampled_from(rows), min_size=n, max_size=n)))
        both = zip(endpoints_of(table), (first, second), strict=True)
        return n, longest, (first, second), tuple(_printed(rows, days, longest) for rows, days in both)
    systems = []
    for days in (first, second):
        rows = st.tuples(st.integers(0, longest), st.integers(0, 1))
        cohort = sorted(draw(st.lists(rows, min_size=n, max_size=n)), key=lambda row: (row[0], -row[1]))
        systems.append(_with_more(draw, *system_of(tuple(cohort), days), days, longest))
    return n, longest, (first, second), tuple(systems)


def _printed(rows: tuple, days: tuple[int, ...], longest: int) -> tuple[Timeline, ...]:
    moments = tuple(map(Fraction, days))
    solution = solve(len(rows), marks(printed(rows, moments, 0), moments), (CONVENTION,))
    return tuple(timelines(solution, None, (), longest))


def _with_more(draw: st.DrawFn, history: str, cuts: tuple[int, ...], days: tuple[int, ...], longest: int):
    """One system, with a tie and a difference demanded now and then, as a printed median does."""
    chain = with_landmarks(free_chain(history, longest), marks(("50",) * len(days), tuple(map(Fraction, days))), cuts)
    if len(history) > 1:
        a, b = sorted((draw(st.integers(0, len(history) - 1)), draw(st.integers(0, len(history) - 1))))
        if draw(st.booleans()):
            chain = replace(chain, differences=((a, b, draw(st.integers(0, 2))),))
        if draw(st.booleans()):
            chain = replace(chain, tied=frozenset({draw(st.integers(1, len(history) - 1))}))
    tight = tighten(chain)
    return () if tight is None else (Timeline(history, cuts, None, tight),)


def same_as_brute_force(study, *, same: bool) -> None:
    """Which histories can be linked, every bound, and every witness, against all tables of patients."""
    n, longest, (inner_days, outer_days), (inner, outer) = study
    found = linkages(inner, outer, n, inner_days, outer_days, same_follow_up=same)
    every = every_table(n, longest, same)
    ends = {outer for some in every.values() for outer in some}
    right = {rows: system_of(rows, outer_days)[0] for rows in ends if belongs(rows, outer, outer_days)}
    left = {rows: system_of(rows, inner_days)[0] for rows in every if belongs(rows, inner, inner_days)}
    tables, linked = [], set()
    for one, first in left.items():
        for other, second in right.items():
            if other in every[one]:
                linked.add((first, second))
                tables += every[one][other]
    assert found.exhaustive
    pairs = {(a.history, b.history) for a, b in product(inner, outer)}
    assert {(p.inner, p.outer): p.linked for p in found.pairs} == {pair: pair in linked for pair in pairs}
    common = {*inner_days} & {*outer_days} if tables else ()
    assert {(b.quantity, b.at) for b in found.bounds} == set(product(NAMES[:4] if same else NAMES, common))
    for bound in found.bounds:
        values = {_number(table, bound) for table in tables}
        assert (bound.low, bound.high) == (min(values), max(values)), (bound.quantity, bound.at)
        assert bound.attained
        for value, witness in ((bound.low, bound.low_witness), (bound.high, bound.high_witness)):
            rows = tuple((p.inner_day, int(p.inner_event), p.outer_day, int(p.outer_event)) for p in witness)
            one, other = endpoints_of(rows)
            assert _number(rows, bound) == value
            assert all(allowed(row, same=same) for row in rows)
            assert one in left
            assert other in right


def _number(table: tuple[Row, ...], bound) -> int:
    return sum(state(row, int(bound.at)) == bound.quantity for row in table)


@settings(deadline=None, derandomize=True, max_examples=250)
@given(linked_studies(), st.booleans())
def test_linkages_are_those_of_all_tables(study, same):
    same_as_brute_force(study, same=same)


def system(history: str, cuts: tuple[int, ...], days: tuple[int, ...], longest: int) -> tuple[Timeline, ...]:
    moments = tuple(map(Fraction, days))
    chain = tighten(with_landmarks(free_chain(history, longest), marks(("50",) * len(days), moments), cuts))
    assert chain is not None
    return (Timeline(history, cuts, None, chain),)


@pytest.mark.parametrize("same", [True, False])
@pytest.mark.parametrize(
    ("n", "longest", "inner", "outer"),
    [
        # A censoring between two landmarks on either side of the first; the inner endpoint has failed already.
        (3, 4, ("E", (1, 1), (1, 3)), ("CE", (0, 2), (1, 3))),
        (4, 3, ("EE", (2, 2), (1, 2)), ("CE", (0, 2), (1, 2))),
        (4, 3, ("EEE", (2, 3), (0, 2)), ("ECE", (1, 3), (0, 2))),
        # More deaths later than the inner endpoint's landmarks reach, and one of them censored before.
        (3, 4, ("CE", (2,), (1,)), ("EEE", (0, 3), (1, 3))),
        (3, 4, ("E", (1,), (1,)), ("EEE", (1, 3), (1, 3))),
        # The inner endpoint is printed for later than the outer one.
        (3, 4, ("ECE", (1, 3), (1, 3)), ("E", (1,), (1,))),
        # Nothing happened in one of them.
        (3, 4, ("", (0,), (2,)), ("", (0,), (2,))),
        (3, 4, ("EEE", (3,), (2,)), ("", (0,), (2,))),
        (3, 4, ("", (0,), (2,)), ("E", (1,), (2,))),
    ],
)
def test_linkages_of_chosen_histories_are_those_of_all_tables(n, longest, inner, outer, same):
    systems = tuple(system(history, cuts, days, longest) for history, cuts, days in (inner, outer))
    same_as_brute_force((n, longest, (inner[2], outer[2]), systems), same=same)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(linked_studies(), st.booleans(), st.integers(0, 30))
def test_with_too_little_work_the_bounds_still_hold(study, same, limit):
    n, _, (inner_days, outer_days), (inner, outer) = study
    whole = linkages(inner, outer, n, inner_days, outer_days, same_follow_up=same)
    part = linkages(inner, outer, n, inner_days, outer_days, same_follow_up=same, limit=limit)
    for bound in whole.bounds:
        wide = part.bound(bound.quantity, bound.at)
        assert wide.low <= bound.low <= bound.high <= wide.high
        assert not wide.attained or (wide.low, wide.high) == (bound.low, bound.high)
    known = {(p.inner, p.outer): p.linked for p in whole.pairs}
    for pair in part.pairs:
        assert pair.linked in (None, known[pair.inner, pair.outer])
    assert part.exhaustive or part.possible in (None, whole.possible)


def test_a_table_that_breaks_a_rule_is_recognised():
    days = (2,)
    pair = Pair(*system("E", (1,), days, 9), *system("E", (1,), days, 9), 2, days, days, True)
    good = (Patient(1, True, 2, True), Patient(4, False, 4, False))
    assert keeps_the_rules(pair, good)
    for bad in (
        (Patient(2, True, 1, True), good[1]),
        (Patient(1, False, 2, True), good[1]),
        (good[0], Patient(4, False, 5, False)),
        (good[0], Patient(2, True, 5, False)),
        (good[0],),
    ):
        assert not keeps_the_rules(pair, bad)
    apart = replace(pair, same_follow_up=False)
    assert keeps_the_rules(apart, (good[0], Patient(4, False, 5, True)))
    assert not keeps_the_rules(apart, (good[0], Patient(5, False, 5, True)))


@pytest.fixture(scope="module")
def zhuo():
    inversion = invert_study(load_study("zhuo2024"))
    systems = [endpoint_timelines(inversion, name) for name in ("EFS", "OS")]
    days = [mark.day for mark in inversion.endpoints["OS"].landmarks]
    return {same: linkages(*systems, 22, days, same_follow_up=same) for same in (True, False)}


def test_linkages_of_zhuo_2024(zhuo):
    assert [(p.inner, p.outer, p.linked) for p in zhuo[True].pairs] == [
        ("EEEEEEEECEEEEEE", "EEEEEECEEECECEE", True),
        ("EEEEEEEECEEEEEE", "EEEEEECECEEEECE", True),
    ]
    assert zhuo[True].exhaustive
    assert zhuo[True].possible
    found = {(b.quantity, floor(b.at)): (b.low, b.high) for b in zhuo[True].bounds}
    assert found == {
        (ALIVE, 182): (1, 2),
        (THEN_DIED, 182): (0, 7),
        (DIED_FIRST, 182): (0, 7),
        (THEN_LOST, 182): (0, 1),
        (ALIVE, 365): (0, 2),
        (THEN_DIED, 365): (0, 12),
        (DIED_FIRST, 365): (0, 12),
        (THEN_LOST, 365): (0, 2),
    }


def test_what_every_linkage_of_zhuo_2024_shares(zhuo):
    """Of 14 EFS events within a year, 12 are deaths: two patients relapsed and are alive, followed or lost."""
    for bound in zhuo[True].bounds:
        for witness in (bound.low_witness, bound.high_witness):
            rows = [(p.inner_day, p.inner_event, p.outer_day, p.outer_event) for p in witness]
            assert sum(state(row, 365) in (ALIVE, THEN_LOST) for row in rows) == 2
            assert sum(state(row, 182) in (ALIVE, THEN_LOST) for row in rows) == 2
            assert all(allowed(row, same=True) for row in rows)


def test_without_the_assumption_zhuo_2024_leaves_more_open(zhuo):
    for bound in zhuo[True].bounds:
        wide = zhuo[False].bound(bound.quantity, bound.at)
        assert wide.low <= bound.low <= bound.high <= wide.high
    unseen = zhuo[False].bound(DIED_UNSEEN, 365)
    assert (unseen.low, unseen.high) == (0, 6)
    assert (zhuo[False].bound(ALIVE, 365).high, zhuo[False].bound(THEN_LOST, 365).high) == (7, 8)


def test_the_sentences_say_what_was_found(zhuo):
    text = zhuo[True].sentences("EFS", "OS")
    assert text[0].startswith("2 of 2 pairs of EFS and OS histories can be linked, assuming")
    assert "By day 365, 0 to 2 of 22 patients: EFS event, then lost alive." in text
    assert len(text) == 1 + len(zhuo[True].bounds)


def test_drawn_tables_of_zhuo_2024_lie_within_the_bounds(zhuo):
    table = draw_patients(load_study("zhuo2024"), draws=10, seed=5)
    columns = ["EFS_days", "EFS_event", "OS_days", "OS_event"]
    for _, frame in table.groupby("draw"):
        rows = [tuple(row) for row in frame[columns].to_numpy().tolist()]
        for bound in zhuo[True].bounds:
            assert bound.low <= sum(state(row, floor(bound.at)) == bound.quantity for row in rows) <= bound.high
