"""Sets of linked tables of two endpoints against going through every pair of tables and every linkage."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.inversion import invert_study
from helpers.inversion.draws import PatientTables
from helpers.inversion.inverted import StudyInversion
from tests.inversion.drawing import (
    Print,
    allowed_ways,
    chi_square,
    fitting,
    history_of,
    landmark,
    linkages,
    made,
    some_texts,
)
from tests.inversion.test_draws_counted import WAYS, statements, ways

SIZES = {3: 5, 4: 4}
Cells = dict[tuple[str, str], Counter]


@st.composite
def papers(draw: st.DrawFn) -> tuple[int, int, list[Print]]:
    """A table of linked patients, printed."""
    n = draw(st.sampled_from([3, 3, 4]))
    longest, rows = SIZES[n], []
    for _ in range(n):
        last = draw(st.integers(0, longest))
        if draw(st.sampled_from([True, False, False])):
            rows.append((last, 0, last, 0))
        else:
            rows.append((draw(st.integers(0, last)), 1, last, draw(st.integers(0, 1))))
    return n, longest, printed(draw, rows, longest)


def printed(draw: st.DrawFn, rows: list[tuple], longest: int) -> list[Print]:
    outer = sorted(((y, d) for _, _, y, d in rows), key=lambda r: (r[0], -r[1]))
    inner = sorted(((x, e) for x, e, _, _ in rows), key=lambda r: (r[0], -r[1]))
    way = draw(ways)
    return statements(draw, "OS", outer, longest, way) + statements(draw, "EFS", inner, longest, way, follow_up=False)


def every_linked(inversion: StudyInversion, prints: list[Print], n: int, longest: int) -> Cells | None:
    """By pair of histories: the ways to each table, told by the outer rows and the inner ones in their order.

    None where there are too many pairs of tables to go through.
    """
    allowed = allowed_ways(inversion)
    of = {name: [p for p in prints if p.endpoint == name] for name in ("OS", "EFS")}
    last = {name: max(p.day for p in some if p.statistic == "survival") for name, some in of.items()}
    tables = {name: fitting(some, allowed, n, longest) for name, some in of.items()}
    if len(tables["OS"]) * len(tables["EFS"]) > 20_000:
        return None
    found: Cells = defaultdict(Counter)
    for outer, by in tables["OS"].items():
        for inner, others in tables["EFS"].items():
            if not by & others:
                continue  # one way has to have made all medians
            key = history_of(list(outer), last["OS"]), history_of(list(inner), last["EFS"])
            for dealt, number in linkages(list(outer), list(inner)).items():
                found[key][outer, dealt] += number
    return found


def drawn_cells(source: PatientTables, draws: int) -> Counter:
    found = source.draw(draws)
    columns = (found.days["OS"], found.events["OS"], found.days["EFS"], found.events["EFS"])
    return Counter(
        (tuple(zip(y, d, strict=True)), tuple(zip(x, e, strict=True)))
        for y, d, x, e in zip(*(column.tolist() for column in columns), strict=True)
    )


@settings(deadline=None, derandomize=True, max_examples=50)
@given(papers(), st.integers(0, 1000))
def test_every_linked_table_is_counted_and_drawn_as_often_as_any_other(paper, seed):
    n, longest, prints = paper
    inversion = invert_study(made(prints, n, longest))
    found = [inversion.endpoints.get(name) for name in ("OS", "EFS")]
    assume(all(e is not None and e.histories for e in found) and not inversion.reconciled.removed)
    assume(inversion.reconciled.joint.assumptions.one_way)
    expected = every_linked(inversion, prints, n, longest)
    assume(expected is not None)
    source = PatientTables(inversion, seed)
    assert source.sizes() == {key: sum(cells.values()) for key, cells in expected.items()}
    chances = {
        cell: ways / sum(cells.values()) / len(expected) for cells in expected.values() for cell, ways in cells.items()
    }
    if not expected:
        return
    draws = 40 * len(chances) if len(chances) <= 200 else 30
    hits = drawn_cells(source, draws)
    assert set(hits) <= set(chances)
    if len(chances) <= 200:
        # One in ten million by chance, in each of some dozens of studies.
        assert chi_square(hits, chances) > 1e-7


@pytest.mark.parametrize("seed", [3, 4])
def test_with_medians_and_follow_up_linked_tables_are_equally_likely(seed):
    """A study in which SPSS's formula holds steps of both endpoints a fixed number of days apart."""
    os = [(1, 1), (3, 1), (4, 1), (5, 0)]
    efs = [(0, 1), (2, 1), (3, 1), (4, 1)]
    prints = [
        Print("survival", "OS", Fraction(5, 2), landmark(os, Fraction(5, 2))),
        Print("survival", "EFS", Fraction(3, 2), landmark(efs, Fraction(3, 2))),
    ]
    way = WAYS[0]
    assert way[0] == "symmetric"
    for name, rows in (("OS", os), ("EFS", efs)):
        prints.append(Print("median", name, None, some_texts(rows, way, 1, losses=False)))
    inversion = invert_study(made(prints, 4, 6))
    expected = every_linked(inversion, prints, 4, 6)
    assert expected
    chances = {
        cell: ways / sum(cells.values()) / len(expected) for cells in expected.values() for cell, ways in cells.items()
    }
    source = PatientTables(inversion, seed)
    assert source.sizes() == {key: sum(cells.values()) for key, cells in expected.items()}
    assert len(chances) > 20
    assert chi_square(drawn_cells(source, 60 * len(chances)), chances) > 1e-5
