"""Log-rank tests, Cox regression and landmark analysis against R's survival package."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.estimators.competing_risks import cause_specific_cox
from helpers.estimators.cox import cox_regression
from helpers.estimators.cox_fit import CoxFit
from helpers.estimators.landmark_analysis import at_landmark, time_dependent_cox
from helpers.estimators.log_rank import log_rank
from helpers.estimators.partial_likelihood import Ties
from tests.oracle import cohorts
from tests.oracle.compare import FROZEN, OF_R, Cohort, assert_r_says_so_now, close, frozen, quiet, read

FILES = ("log_rank.csv", "cox_terms.csv", "cox_fits.csv", "landmark_analysis.csv")
KEYS = ["dataset", "analysis", "ties", "strata"]

pytestmark = quiet


def cases(file: str, keys: list[str]) -> list[tuple]:
    return [tuple(row) for row in read(FROZEN / file)[keys].drop_duplicates().itertuples(index=False)]


def test_the_oracle_covers_what_it_promises():
    fits, tests = read(FROZEN / "cox_fits.csv"), read(FROZEN / "log_rank.csv")
    for frame in (fits, tests):
        assert set(frame["dataset"]) <= {*cohorts.NAMES, *OF_R}
        assert len(set(frame["dataset"]) & {*cohorts.REAL, *OF_R}) >= 6
        assert {"bmt", "alloauto", "hodg", "myeloid"} <= set(frame["dataset"]), "transplant patients"
    assert set(fits["analysis"]) == {"any", "cause1", "cause2", "time-dependent"}
    assert (fits["df"] == 0).any() and read(FROZEN / "cox_terms.csv")["coef"].isna().any(), "terms not estimable"
    assert (tests["df"] == 0).any() and (tests["expected"] == 0).any() and (tests["df"] >= 3).any()
    assert (tests["n"] == 1).any(), "a group of one"
    untied = fits[fits["ties"] == "efron"]["loglik0"].to_numpy() - fits[fits["ties"] == "breslow"]["loglik0"].to_numpy()
    assert (untied == 0).any() and (np.abs(untied) > 1).any(), "without ties, and with many"


@pytest.mark.parametrize(("name", "strata"), cases("log_rank.csv", ["dataset", "strata"]))
def test_log_rank_equals_r(cohort: Cohort, name: str, strata: int):
    rows, theirs = cohort(name), frozen("log_rank.csv", dataset=name, strata=strata)
    ours = log_rank(rows["time"], rows["code"] > 0, rows["group"].astype(str), rows["stratum"] if strata else None)
    assert ours.groups["group"].tolist() == theirs["group"].astype(str).tolist()
    assert ours.groups["n"].tolist() == theirs["n"].tolist()
    assert ours.groups["observed"].tolist() == theirs["observed"].tolist()
    close(ours.groups["expected"], theirs["expected"])
    assert ours.test.df == theirs["df"][0]
    close([ours.test.statistic, ours.p_value], theirs.loc[0, ["chisq", "p"]])


def fit(rows: pd.DataFrame, analysis: str, ties: str, strata: int) -> CoxFit:
    terms = [name for name in ("x1", "x2", "x3") if rows[name].notna().any()]
    options = {"ties": Ties(ties), "level": 0.9}
    if analysis == "time-dependent":
        further = rows[[name for name in terms if name != "x1"]]
        return time_dependent_cox(
            rows["time"], (rows["code"] > 0).astype(int), rows["exposure"], further if further.shape[1] else None,
            exposure="x1", **options,
        )  # fmt: skip
    options |= {"strata": rows["stratum"] if strata else None}
    options |= {"start": rows["start"] if rows["start"].notna().any() else None}
    if analysis == "any":
        return cox_regression(rows["time"], (rows["code"] > 0).astype(int), rows[terms], **options)
    return cause_specific_cox(rows["time"], rows["code"], int(analysis[-1]), rows[terms], (1, 2, 3), **options)


@pytest.mark.parametrize(("name", "analysis", "ties", "strata"), cases("cox_fits.csv", KEYS))
def test_cox_equals_r(cohort: Cohort, name: str, analysis: str, ties: str, strata: int):
    key = {"dataset": name, "analysis": analysis, "ties": ties, "strata": strata}
    ours = fit(cohort(name), analysis, ties, strata)
    terms, whole = frozen("cox_terms.csv", **key), frozen("cox_fits.csv", **key).iloc[0]
    assert (ours.n, ours.events, ours.likelihood_ratio.df) == (whole["n"], whole["events"], whole["df"])
    assert ours.table["term"].tolist() == terms["term"].tolist()
    close([ours.null_log_likelihood, ours.log_likelihood], whole[["loglik0", "loglik1"]])
    close([ours.likelihood_ratio.p_value, ours.score.statistic], whole[["lr_p", "score"]])
    if name.startswith(cohorts.SEPARATED):
        # R goes on until its patience ends; what it says of coefficients is not frozen.
        assert ours.infinite and np.isnan(ours.wald.statistic)
        return
    assert not ours.infinite
    close(ours.table[["coefficient", "std_error", "statistic", "p_value"]], terms[["coef", "se", "z", "p"]])
    close(ours.table[["low", "high"]], terms[["low90", "high90"]])
    close(ours.wald.statistic, whole["wald"])
    close([ours.concordance.estimate, ours.concordance.std_error], whole[["concordance", "concordance_se"]])


@pytest.mark.parametrize(("name", "day"), cases("landmark_analysis.csv", ["dataset", "day"]))
def test_landmark_analysis_equals_r(cohort: Cohort, name: str, day: float):
    rows, theirs = cohort(name), frozen("landmark_analysis.csv", dataset=name, day=day).iloc[0]
    cut = at_landmark(rows["time"], (rows["code"] > 0).astype(int), rows["exposure"], day)
    assert (len(cut.rows), cut.rows["exposed"].sum()) == (theirs["n"], theirs["exposed"])
    assert (cut.events_before, cut.censored_before) == (theirs["events_before"], theirs["censored_before"])
    close(log_rank(cut.rows["time"], cut.rows["event"], cut.rows["exposed"]).test.statistic, theirs["chisq"])
    ours = cox_regression(cut.rows["time"], cut.rows["event"], cut.rows[["exposed"]]).table.iloc[0]
    close(ours[["coefficient", "std_error"]], theirs[["coef", "se"]])


@pytest.mark.parametrize("file", FILES)
def test_frozen_results_are_what_r_says_now(run_r, file: str):
    assert_r_says_so_now(run_r("make_regression.R"), file)
