"""Which number depends on which choice, against a definition written out pair by pair."""

from __future__ import annotations

from itertools import combinations, product

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.suite.dependence import dependence_frame, dependences, points_frame


def verdicts(**predicted: tuple[str, str]) -> pd.DataFrame:
    rows = [
        {"judged_by": "n", "claim": claim, "field": "value", "printed": "1", "predicted": text, "verdict": verdict,
         "convention": None, "note": ""}
        for claim, (text, verdict) in predicted.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_it_depends_if_two_points_that_differ_in_nothing_else_differ(data: st.DataObject) -> None:
    sizes = {name: data.draw(st.integers(1, 3), label=name) for name in "abc"}
    grid = [dict(zip("abc", map(str, values), strict=True)) for values in product(*map(range, sizes.values()))]
    kept = data.draw(st.lists(st.sampled_from(grid), min_size=1, unique_by=lambda p: tuple(p.values())))
    cells = [data.draw(st.sampled_from([("1", "x"), ("1", "y"), ("2", "x")])) for _ in kept]
    frame = points_frame((values, verdicts(k=cell)) for values, cell in zip(kept, cells, strict=True))
    (found,) = dependences(frame, list("abc"))
    expected = {
        name
        for (one, first), (two, second) in combinations(list(zip(kept, cells, strict=True)), 2)
        for name in "abc"
        if first != second and [key for key in "abc" if one[key] != two[key]] == [name]
    }
    assert set(found.depends_on) == expected


def test_as_a_table_every_number_has_one_row() -> None:
    points = [({"m": "30"}, verdicts(a=("5", "x"), b=("6", "x"))), ({"m": "31"}, verdicts(a=("5", "y"), b=("6", "x")))]
    frame = points_frame(points)
    assert list(frame.columns) == [
        "judged_by",
        "claim",
        "field",
        "printed",
        "m",
        "predicted",
        "verdict",
        "convention",
        "note",
    ]
    table = dependence_frame(dependences(frame, ["m"]), ["m"])
    assert table[["claim", "m", "verdicts"]].values.tolist() == [["a", "yes", "x / y"], ["b", "no", "x"]]
