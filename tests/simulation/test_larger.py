"""Larger cohorts: the truth is in every listed set, and the frozen table is what comes out anew."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.inversion.solve import solve
from helpers.simulation import larger
from helpers.simulation.cohort import clinical_cohort
from helpers.simulation.larger import COLUMNS, CONVENTION, DAYS, FOLLOW_UP, SIZES, WAYS, counts, row, size
from helpers.simulation.print_study import printed_landmarks

BY_NAME = {way.name: way for way in WAYS}


@pytest.fixture(scope="module")
def frozen():
    return larger.frozen()


def test_the_frozen_table_is_complete(frozen):
    assert list(frozen.columns) == list(COLUMNS)
    assert len(frozen) == len(SIZES) * len(FOLLOW_UP) * len(WAYS)
    assert (frozen["unique"] <= frozen["to_1000"]).all()
    assert (frozen["to_1000"] <= frozen["listed"]).all()
    assert (frozen["listed"] <= frozen["cases"]).all()


@pytest.mark.parametrize(("n", "censored"), [(30, "few"), (30, "one in seven"), (60, "few"), (100, "few")])
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_the_frozen_table_is_made_by_the_documented_command(frozen, n, censored, way):
    """Some rows of it, made again as the command makes them; a truth that is lost would raise."""
    again = pd.DataFrame([row(n, censored, way, 20, 1)], columns=COLUMNS)
    cell = frozen[(frozen["n"] == n) & (frozen["censored"] == censored) & (frozen["printed"] == way.name)]
    exact = [name for name in COLUMNS if name != "estimated"]
    pd.testing.assert_frame_equal(again[exact], cell[exact].reset_index(drop=True), check_dtype=False)
    assert again["estimated"].item() == pytest.approx(cell["estimated"].item(), rel=0.11)  # two digits are stored


def test_counts_never_widen_a_set_and_two_decimals_are_worth_most(frozen):
    rng = np.random.default_rng(5)
    for _ in range(4):
        patients = clinical_cohort(rng, 40, follow_up=FOLLOW_UP["one in seven"])
        found = {way.name: size(patients, way)[0] for way in WAYS}
        assert found["at risk and events, quarterly"] <= found["numbers at risk"] <= found["one decimal"]
        marks = printed_landmarks(patients, DAYS, CONVENTION, 1)
        inner = set(solve(40, marks, (CONVENTION,), counts=counts(patients, BY_NAME["numbers at risk"])).histories)
        assert inner <= set(solve(40, marks, (CONVENTION,)).histories)
    usual = frozen[(frozen["censored"] == "one in seven") & (frozen["n"] <= 40)]
    best = usual.groupby("printed")["median_size"].max()
    assert best["two decimals"] == best.min()


def test_a_lost_truth_is_not_passed_over(monkeypatch):
    patients = clinical_cohort(np.random.default_rng(1), 20)

    class Empty:
        histories = ()

    monkeypatch.setattr(larger.solve, "__wrapped__", lambda *arguments: Empty())
    with pytest.raises(ArithmeticError, match="lost"):
        size(patients, WAYS[0])
