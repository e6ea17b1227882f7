"""Firth's penalised Cox regression against maxima found in R from coxph's own likelihood and information."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.estimators.firth import firth_cox_regression
from helpers.estimators.partial_likelihood import Ties
from tests.oracle.compare import FROZEN, Cohort, assert_r_says_so_now, close, frozen, quiet, read

# R's maxima are found by differences; they repeat to about 1e-10.
TOLERANCE = 1e-9

pytestmark = quiet
PAIRS = read(FROZEN / "firth.csv")[["dataset", "ties"]].drop_duplicates()
CASES = [tuple(pair) for pair in PAIRS.itertuples(index=False)]


@pytest.mark.parametrize(("name", "ties"), CASES)
def test_firth_equals_the_maximum_found_by_r(cohort: Cohort, name: str, ties: str):
    rows, theirs = cohort(name), frozen("firth.csv", dataset=name, ties=ties)
    ours = firth_cox_regression(
        rows["time"], (rows["code"] > 0).astype(int), rows[theirs["term"].tolist()], ties=Ties(ties),
        start=rows["start"] if rows["start"].notna().any() else None,
    )  # fmt: skip
    assert not any("full precision" in note for note in ours.notes)
    close(ours.table["coefficient"], theirs["coef"], TOLERANCE)
    close(np.log(ours.table[["low", "high"]]), theirs[["low", "high"]], TOLERANCE)
    close(ours.table["statistic"], theirs["chisq"], TOLERANCE)
    close([ours.log_likelihood, ours.null_log_likelihood], theirs.loc[0, ["loglik", "loglik0"]], TOLERANCE)


def test_the_oracle_covers_what_it_promises():
    names = {name for name, _ in CASES}
    assert {"separated_one", "separated_sum", "separated_tied", "late_entry", "alloauto", "hodg"} <= names


def test_frozen_results_are_what_r_says_now(run_r):
    assert_r_says_so_now(run_r("make_firth.R"), "firth.csv", TOLERANCE)
