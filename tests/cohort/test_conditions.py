"""Conditions on rows: what meets them, what fails them, and what cannot be told."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.cohort.conditions import describe, select
from helpers.errors import InputError

ROWS = pd.DataFrame(
    {
        "cr": pd.array([1, 0, None, 1], dtype="Int64"),
        "crs_grade": pd.array([0, 2, 3, None], dtype="Int64"),
        "age": [10.0, 20.5, float("nan"), 40.0],
        "arm": pd.Categorical(["A", "B", "A or B", None]),
    }
)


@pytest.mark.parametrize(
    ("conditions", "met", "unknown"),
    [
        ({}, [0, 1, 2, 3], []),
        ({"cr": "1"}, [0, 3], [2]),
        ({"cr": "0 or 1"}, [0, 1, 3], [2]),
        ({"crs_grade": ">= 2"}, [1, 2], [3]),
        ({"crs_grade": "≥2"}, [1, 2], [3]),
        ({"crs_grade": "1 to 2"}, [1], [3]),
        ({"crs_grade": "2"}, [1], [3]),
        ({"age": "> 20"}, [1, 3], [2]),
        ({"age": "40"}, [3], [2]),
        ({"arm": "A"}, [0], [3]),
        ({"arm": "A or B"}, [2], [3]),  # a level of that name comes first
        ({"arm": "B or C"}, [1], [3]),
        ({"cr": "1", "crs_grade": "<= 1"}, [0], [3]),
        ({"cr": "0", "crs_grade": ">= 3"}, [], [2]),
    ],
)
def test_rows_meet_fail_or_are_unknown(conditions: dict[str, str], met: list[int], unknown: list[int]) -> None:
    chosen = select(ROWS, conditions)
    assert chosen.met.nonzero()[0].tolist() == met
    assert chosen.unknown.nonzero()[0].tolist() == unknown


def test_a_column_that_is_not_there_is_told_with_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean crs_grade"):
        select(ROWS, {"crs_grad": "1"})


def test_conditions_in_words() -> None:
    assert describe({"crs_grade": ">= 3", "arm": "6-MP"}) == "crs_grade ≥ 3 and arm = 6-MP"
    assert describe({"crs_grade": "1 to 2"}) == "crs_grade 1 to 2"
    assert describe({}) == "all rows"
