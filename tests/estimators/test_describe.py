"""Table 1: quartiles as R has them, counts that account for every patient, percentages of what is known."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import InputError
from helpers.estimators.describe import ALL, NOT_KNOWN, QuartileRule, Variable, describe

ORACLE = Path(__file__).parents[1] / "oracle"
FROZEN = ORACLE / "frozen" / "quartiles.csv"


def frozen_rows() -> list[dict[str, str]]:
    with FROZEN.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", frozen_rows(), ids=lambda r: f"{r['sample']}-{r['rule']}")
def test_quartiles_agree_with_r(row: dict[str, str]) -> None:
    rows = pd.DataFrame({"x": [float(x) for x in row["values"].split()]})
    found = describe(rows, [Variable("x", "X", continuous=True)], quartiles=QuartileRule(row["rule"])).iloc[0]
    for name in ("q1", "median", "q3"):
        assert found[name] == pytest.approx(float(row[name]), rel=1e-12)
    assert (found["min"], found["max"]) == (rows["x"].min(), rows["x"].max())


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_r_still_says_what_is_frozen() -> None:
    script = str(ORACLE / "make_quartiles.R")
    made = subprocess.run(["Rscript", script], capture_output=True, text=True, check=True, timeout=60).stdout
    new = list(csv.DictReader(made.splitlines()))
    for fresh, frozen in zip(new, frozen_rows(), strict=True):
        assert (fresh["sample"], fresh["rule"], fresh["values"]) == (frozen["sample"], frozen["rule"], frozen["values"])
        for name in ("q1", "median", "q3"):
            assert float(fresh[name]) == pytest.approx(float(frozen[name]), rel=1e-12)


COHORT = pd.DataFrame(
    {
        "age": [34, 51, None, 7, 60, 22],
        "sex": ["m", "f", "f", None, "m", "m"],
        "mrd": [1, 0, 1, 1, None, 0],
        "donor": pd.Categorical(["sibling", "haplo", "sibling", "haplo", "haplo", None], ["sibling", "cord", "haplo"]),
        "lines": [2, 3, 2, 2, 4, 2],
    }
)
VARIABLES = [
    Variable("age", "Age, years"),
    Variable("sex", "Sex", ("f", "m", "other")),
    Variable("mrd", "MRD"),
    Variable("lines", "Lines of therapy", continuous=False),
]


def test_every_patient_is_accounted_for_in_every_variable_and_group() -> None:
    table = describe(COHORT, VARIABLES, group="donor")
    sizes = {ALL: 6, "sibling": 2, "cord": 0, "haplo": 3, NOT_KNOWN: 1}
    for (_, group), part in table.groupby(["variable", "group"], sort=False):
        assert set(part["of"]) == {sizes[str(group)]} and part["missing"].nunique() == 1
        assert part["n"].sum() + part["missing"].iloc[0] == sizes[str(group)]
    assert list(dict.fromkeys(table["group"])) == list(sizes)


def test_percentages_are_of_what_is_known() -> None:
    table = describe(COHORT, VARIABLES).set_index(["variable", "level"])
    assert table.at[("Sex", "m"), "percent"] == pytest.approx(60)
    assert table.at[("Sex", "other"), "n"] == 0
    assert table.at[("MRD", "yes"), "n"] == 3 and table.at[("MRD", "yes"), "missing"] == 1
    assert [level for name, level in table.index if name == "Lines of therapy"] == ["2", "3", "4"]
    assert np.isnan(table.at[("Sex", "m"), "median"])


def test_a_group_in_which_nothing_is_known() -> None:
    rows = pd.DataFrame({"x": [1.5, None], "c": ["a", None], "g": ["one", "two"]})
    table = describe(rows, [Variable("x", "X"), Variable("c", "C")], group="g").set_index(["variable", "group"])
    assert np.isnan(table.at[("X", "two"), "median"]) and table.at[("X", "two"), "missing"] == 1
    assert np.isnan(table.at[("C", "two"), "percent"]) and table.at[("C", "two"), "n"] == 0


@given(st.lists(st.sampled_from(["a", "b", None]), min_size=1, max_size=30), st.booleans())
def test_counts_are_those_of_counting(values: list[str | None], boolean: bool) -> None:
    given_values = [None if v is None else v == "a" for v in values] if boolean else values
    rows = pd.DataFrame({"v": pd.Series(given_values, dtype="boolean" if boolean else "object")})
    table = describe(rows, [Variable("v", "V")])
    expected = {("yes" if boolean else "a"): values.count("a"), ("no" if boolean else "b"): values.count("b")}
    found = dict(zip(table["level"], table["n"], strict=True))
    assert {level: n for level, n in expected.items() if n} == {level: n for level, n in found.items() if n}
    assert table.empty or set(table["missing"]) == {values.count(None)}


def test_everything_that_is_wrong_is_told_at_once() -> None:
    variables = [
        Variable("agee", "Age"),
        Variable("sex", "Sex", ("male", "female")),
        Variable("sex", "Sex", continuous=True),
    ]
    with pytest.raises(InputError) as error:
        describe(COHORT, variables, group="arm")
    text = str(error.value)
    assert len(error.value.problems) == 4
    assert "did you mean age?" in text and "found 'arm'" in text
    assert "give one of male, female" in text and "give numbers" in text
    with pytest.raises(InputError, match="no patients"):
        describe(COHORT.iloc[:0], VARIABLES)


def test_a_large_cohort_takes_no_time() -> None:
    n = 200_000
    rng = np.random.default_rng(1)
    rows = pd.DataFrame({"age": rng.normal(40, 10, n), "sex": rng.choice(["f", "m"], n), "arm": rng.choice([0, 1], n)})
    table = describe(rows, [Variable("age", "Age"), Variable("sex", "Sex")], group="arm")
    assert table["n"].sum() == 4 * n and list(dict.fromkeys(table["group"])) == [ALL, "yes", "no"]
