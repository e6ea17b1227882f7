"""Sets of tables of one endpoint against going through every table, on tiny studies."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from itertools import combinations_with_replacement

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.inversion import invert_study
from helpers.inversion.draws import PatientTables
from helpers.inversion.draws.conditions import Condition, exclusive
from helpers.inversion.median_ways import FlatRule, MedianWay, all_ways
from helpers.printed import Rounding
from tests.inversion.drawing import (
    Print,
    allowed_ways,
    at_risk,
    chi_square,
    count,
    fitting,
    history_of,
    landmark,
    made,
    some_texts,
)
from tests.inversion.patients import Rows

steady = settings(deadline=None, derandomize=True, max_examples=40)
SIZES = {3: 5, 4: 4, 5: 2}
# SPSS's way as often as one of the others.
WAYS = [(way.limits, way.z, str(way.flat), str(way.rounding)) for way in all_ways()]
ways = st.one_of(st.sampled_from(WAYS), st.sampled_from([way for way in WAYS if way[0] == "symmetric"]))


def statements(
    draw: st.DrawFn, name: str, rows: Rows, longest: int, way: tuple | None, *, follow_up: bool = True
) -> list[Print]:
    """What a made-up paper prints of one endpoint of a table, its medians in one way."""
    halves = st.integers(2, 2 * longest - 1).map(lambda k: Fraction(k, 2))
    days = sorted(draw(st.sets(halves, min_size=1, max_size=2)))
    prints = [Print("survival", name, day, landmark(rows, day)) for day in days]
    for what in draw(st.sets(st.sampled_from(["at_risk", "events", "censored", "all events"]), max_size=1)):
        day = None if what == "all events" else draw(halves)
        what = what.removeprefix("all ")
        number = at_risk(rows, day) if what == "at_risk" else count(rows, what, day)
        prints.append(Print(what, name, day, (str(number),)))
    decimals = draw(st.integers(0, 1))
    for statistic in ("median", *(("follow_up",) if follow_up else ())):
        if way is not None and draw(st.booleans()):
            texts = some_texts(rows, way, decimals, losses=statistic == "follow_up")
            prints += [Print(statistic, name, None, texts)] if texts else []
    return prints


@st.composite
def papers(draw: st.DrawFn) -> tuple[int, int, list[Print]]:
    n = draw(st.sampled_from(list(SIZES)))
    patient = st.tuples(st.integers(0, SIZES[n]), st.sampled_from([1, 1, 0]))
    rows = sorted(draw(st.lists(patient, min_size=n, max_size=n)), key=lambda r: (r[0], -r[1]))
    return n, SIZES[n], statements(draw, "OS", rows, SIZES[n], draw(ways))


@steady
@given(papers(), st.integers(0, 1000))
def test_every_table_is_counted_once_and_only_those_are_drawn(paper, seed):
    n, longest, prints = paper
    inversion = invert_study(made(prints, n, longest))
    endpoint = inversion.endpoints.get("OS")
    assume(endpoint is not None and endpoint.histories and not inversion.reconciled.removed)
    last = max(p.day for p in prints if p.statistic == "survival")
    expected = defaultdict(set)
    for table in fitting(prints, allowed_ways(inversion), n, longest):
        expected[history_of(list(table), last)].add(table)
    source = PatientTables(inversion, seed)
    assert source.sizes() == {(history,): len(tables) for history, tables in expected.items()}
    drawn = source.draw(30) if expected else None
    for days, event in zip(drawn.days["OS"].tolist(), drawn.events["OS"].tolist(), strict=True) if drawn else ():
        table = tuple(zip(days, event, strict=True))
        assert table in expected[history_of(list(table), last)]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    "rows",
    [
        [(1, 1), (2, 0), (4, 1), (6, 0)],
        [(1, 1), (3, 1), (3, 0), (5, 1)],
        [(0, 1), (2, 1), (3, 1), (5, 0)],
    ],
)
def test_histories_are_equally_likely_and_so_are_the_tables_of_each(rows, seed):
    """One estimate without its limits leaves several histories."""
    day = Fraction(7, 2)
    prints = [
        Print("survival", "OS", day, (landmark(rows, day)[0], None, None)),
        Print("events", "OS", None, (str(count(rows, "events", None)),)),
    ]
    inversion = invert_study(made(prints, 4, 6))
    expected = defaultdict(list)
    for table in fitting(prints, allowed_ways(inversion), 4, 6):
        expected[history_of(list(table), day)].append(table)
    chances = {t: 1 / len(expected) / len(tables) for tables in expected.values() for t in tables}
    drawn = PatientTables(inversion, seed).draw(60 * len(chances))
    hits = Counter(
        tuple(zip(days, event, strict=True))
        for days, event in zip(drawn.days["OS"].tolist(), drawn.events["OS"].tolist(), strict=True)
    )
    assert chi_square(hits, chances) > 1e-5


bounds = st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 4)).map(lambda t: (t[0], *sorted(t[1:])))
steps = st.frozensets(st.integers(1, 3), max_size=2)
pairs = st.tuples(st.integers(0, 1), st.integers(2, 3), st.integers(0, 6), st.integers(0, 6))


@st.composite
def some_conditions(draw: st.DrawFn, most: int = 4) -> list[Condition]:
    found = []
    for _ in range(draw(st.integers(1, most))):
        tied = draw(steps)
        windows = {step: (step, low, high) for step, low, high in draw(st.lists(bounds, max_size=2))}
        two = [(i, j, *sorted((a, b))) for i, j, a, b in draw(st.lists(pairs, max_size=1))]
        spread, sums = (two, []) if draw(st.booleans()) else ([], two)
        way = MedianWay("plain", "1.96", FlatRule.R_PRINT, draw(st.sampled_from(list(Rounding))))
        within = tuple(windows.values())
        found.append(Condition(tied, draw(steps) - tied, within, tuple(spread), tuple(sums), 0, frozenset({way})))
    return found


def holds(condition: Condition, days: tuple[int, ...]) -> bool:
    return (
        all(days[k] == days[k - 1] for k in condition.tied)
        and all(days[k] != days[k - 1] for k in condition.apart)
        and all(low <= days[k] <= high for k, low, high in condition.within)
        and all(low <= days[j] - days[i] <= high for i, j, low, high in condition.spread)
        and all(low <= days[j] + days[i] <= high for i, j, low, high in condition.sums)
    )


@settings(deadline=None, derandomize=True, max_examples=200)
@given(some_conditions())
def test_exclusive_conditions_hold_one_at_a_time_and_wherever_one_did(conditions):
    assert_exclusive(conditions, exclusive(conditions))


@settings(deadline=None, derandomize=True, max_examples=200)
@given(some_conditions(most=7))
def test_so_do_many_that_are_parted_by_days_first(conditions):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("helpers.inversion.draws.conditions.FEW", 0)
        assert_exclusive(conditions, exclusive(conditions))


def assert_exclusive(conditions: list[Condition], pieces: tuple[Condition, ...]) -> None:
    for days in combinations_with_replacement(range(5), 4):
        holding = [c for c in conditions if holds(c, days)]
        found = [piece for piece in pieces if holds(piece, days)]
        assert len(found) == bool(holding)
        if holding:
            assert found[0].ways == frozenset[MedianWay]().union(*(c.ways for c in holding))
