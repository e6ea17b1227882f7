"""Readings by group, quantiles, restricted means and Fisher's test against R."""

from __future__ import annotations

from math import hypot

import numpy as np
import pytest

from helpers.conventions import Interval
from helpers.estimators.proportion_contrasts import contrast_proportions
from helpers.estimators.readings import quantile_readings, survival_readings
from helpers.estimators.restricted_means import restricted_mean_difference, restricted_means
from tests.oracle import cohorts
from tests.oracle.compare import FROZEN, OF_R, Cohort, assert_r_says_so_now, close, frozen, quiet, read

FILES = ("readings.csv", "quantiles.csv", "group_means.csv", "fisher.csv")
NAMES = sorted(set(read(FROZEN / "readings.csv")["dataset"]))

pytestmark = quiet


def test_the_oracle_covers_what_it_promises():
    for file in ("readings.csv", "quantiles.csv", "group_means.csv"):
        frame = read(FROZEN / file)
        assert set(frame["dataset"]) == set(NAMES)
        assert len(set(NAMES) & {*cohorts.REAL, *OF_R}) >= 6
        assert {"bmt", "alloauto", "hodg", "myeloid"} <= set(NAMES), "transplant patients"
    readings = read(FROZEN / "readings.csv")
    assert (readings["survival"] == 0).any() and (readings["survival"] == 1).any()
    quantiles = read(FROZEN / "quantiles.csv")
    assert quantiles["time"].isna().any() and quantiles["high"].isna().any()


@pytest.mark.parametrize("name", NAMES)
def test_readings_equal_r(cohort: Cohort, name: str):
    rows, theirs = cohort(name), frozen("readings.csv", dataset=name)
    for (group, level), expected in theirs.groupby(["group", "level"]):
        inside = rows[rows["group"].astype(str) == str(group)]
        ours = survival_readings(inside["time"], inside["code"] > 0, expected["day"].unique(), level=level, extend=True)
        expected = expected.set_index(["interval", "day"]).loc[list(zip(ours["interval"], ours["day"], strict=True))]
        assert ours["at_risk"].tolist() == expected["at_risk"].tolist()
        close(ours["survival"], expected["survival"])
        close(ours["std_error"], expected["se"])
        close(ours["low"], expected["low"])
        close(ours["high"], expected["high"])


@pytest.mark.parametrize("interval", Interval)
@pytest.mark.parametrize("name", NAMES)
def test_quantiles_equal_r(cohort: Cohort, name: str, interval: Interval):
    rows, theirs = cohort(name), frozen("quantiles.csv", dataset=name, interval=str(interval))
    ours = quantile_readings(
        rows["time"], rows["code"] > 0, sorted(theirs["probability"].unique()), group=rows["group"].astype(str),
        intervals=[interval],
    )  # fmt: skip
    assert ours["group"].tolist() == theirs["group"].astype(str).tolist()
    close(ours["probability"], theirs["probability"])
    for column in ("time", "low", "high"):
        close(ours[column].where(np.isfinite(ours[column])), theirs[column])


@pytest.mark.parametrize("name", NAMES)
def test_restricted_means_of_groups_equal_r(cohort: Cohort, name: str):
    rows, theirs = cohort(name), frozen("group_means.csv", dataset=name)
    for expected in theirs.itertuples():
        ours = restricted_means(rows["time"], rows["code"] > 0, expected.horizon, rows["group"].astype(str))
        close(ours.set_index("group").loc[str(expected.group), ["mean", "std_error"]], [expected.mean, expected.se])


def test_the_difference_of_restricted_means_is_that_of_r(cohort: Cohort):
    rows = cohort("rossi")
    for horizon, expected in frozen("group_means.csv", dataset="rossi").groupby("horizon"):
        if len(expected) < 2:
            continue
        ours = restricted_mean_difference(rows["time"], rows["code"], rows["group"], horizon).difference
        close(ours.estimate, expected["mean"].iloc[1] - expected["mean"].iloc[0])
        close(ours.std_error, hypot(*expected["se"]))
        break
    else:
        pytest.fail("no horizon is shared by both groups")


def test_fisher_equals_r():
    theirs = frozen("fisher.csv")
    assert len(theirs) > 50
    ours = [contrast_proportions(row.count_, row.n, row.other, row.other_n).p_value
            for row in theirs.rename(columns={"count": "count_"}).itertuples()]  # fmt: skip
    close(ours, theirs["p"])


@pytest.mark.parametrize("file", FILES)
def test_frozen_results_are_what_r_says_now(run_r, file: str):
    assert_r_says_so_now(run_r("make_readings.R"), file)
