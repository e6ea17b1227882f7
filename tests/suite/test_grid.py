"""What is swept and what is fixed: commas part values where a comma cannot be part of one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import InputError
from helpers.suite.grid import grid_of
from helpers.suite.parameters import Parameter, requested

KNOWN = {
    parameter.name: parameter
    for parameter in (
        Parameter("seed", "int", 1, ""),
        Parameter("level", "float", 0.95, ""),
        Parameter("flag", "bool", False, ""),
        Parameter("interval", "str", "plain", "one of: plain, log, log-log"),
        Parameter("days", "str", "", 'days, e.g. "90, 180"'),
    )
}


def test_the_grid_is_every_combination_the_last_changing_fastest() -> None:
    grid = grid_of(["level=0.9, 0.95", "interval=plain,log-log", "seed=7"], KNOWN)
    assert grid.name == "level+interval"
    assert [point.name for point in grid.points] == [
        "level=0.9,interval=plain",
        "level=0.9,interval=log-log",
        "level=0.95,interval=plain",
        "level=0.95,interval=log-log",
    ]
    assert grid.points[1].pairs == ("seed=7", "level=0.9", "interval=log-log")
    assert requested(grid.points[1].pairs, KNOWN) == {"seed": 7, "level": 0.9, "interval": "log-log"}


def test_a_free_text_keeps_its_commas_and_is_swept_by_repeating_it() -> None:
    one = grid_of(["days=90, 180"], KNOWN)
    assert one.swept == {}
    assert one.fixed == ("days=90, 180",)
    assert one.points[0].pairs == ("days=90, 180",)
    two = grid_of(["days=90, 180", "days="], KNOWN)
    assert two.swept == {"days": ("90, 180", "")}
    assert [point.name for point in two.points] == ["days=90-180", "days=empty"]


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        (["seed=1,x"], "whole number"),
        (["seed=1,"], "whole number"),
        (["interval=plain,logg"], "did you mean log"),
        (["seed=1,2", "seed=3"], "given twice"),
        (["seed=3", "seed=1"], "given twice"),
        (["level=0.9,0.90"], "one value twice"),
        (["days=a b", "days=a-b"], "share a folder"),
        (["sede=1,2"], "did you mean seed"),
        (["cohort=a,b"], "--cohort"),
        (["seed=" + ",".join(map(str, range(30))), "level=" + ",".join(map(str, range(30)))], "900 points"),
    ],
)
def test_what_cannot_be_swept_is_refused(pairs: list[str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        grid_of(pairs, KNOWN)


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=5, unique=True), st.text(max_size=8), st.text(max_size=8))
def test_every_point_has_a_folder_of_its_own_and_runs(seeds: list[int], first: str, second: str) -> None:
    pairs = ["seed=" + ",".join(map(str, seeds)), f"days={first}", f"days={second}"]
    try:
        grid = grid_of(pairs, KNOWN)
    except InputError as error:
        assert first == second or "share a folder" in str(error)
        return
    names = [point.name for point in grid.points]
    assert len(set(names)) == len(names) == 2 * len(seeds)
    for point in grid.points:
        assert not set(point.name) & set("/\\\0 ")
        values = requested(point.pairs, KNOWN)
        assert str(values["seed"]) == point.values["seed"]
        assert values["days"] == point.values["days"]
