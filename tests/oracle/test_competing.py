"""Cumulative incidence and Gray's test against R's survival and cmprsk packages."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.conventions import Interval
from helpers.estimators.competing_risks import (
    IncidenceVariance,
    cumulative_incidence,
    incidence_limits,
    incidence_readings,
)
from helpers.estimators.gray import gray_test
from tests.oracle import cohorts
from tests.oracle.compare import FROZEN, OF_R, Cohort, assert_r_says_so_now, close, frozen, quiet, read

FILES = ("incidence.csv", "gray.csv")

pytestmark = quiet


def causes_of(rows: pd.DataFrame) -> tuple[int, ...]:
    return tuple(range(1, int(rows["code"].max()) + 1))


def cases(file: str, *keys: str) -> list[tuple]:
    return [tuple(row) for row in read(FROZEN / file)[list(keys)].drop_duplicates().itertuples(index=False)]


def test_the_oracle_covers_what_it_promises():
    incidence, gray = read(FROZEN / "incidence.csv"), read(FROZEN / "gray.csv")
    for frame in (incidence, gray):
        assert len(set(frame["dataset"]) & {*cohorts.REAL, *OF_R}) >= 4
        assert {"bmt", "liver_waiting"} <= set(frame["dataset"]), "transplant patients"
    assert set(gray["strata"]) == {0, 1} and set(gray["cause"]) == {1, 2, 3}
    assert (gray["df"] >= 2).any()
    assert ((incidence["incidence"] == 0) & (incidence["day"] > 0)).any(), "a cause without an event so far"
    last = incidence.groupby(["dataset", "group", "day"])["incidence"].sum()
    assert (np.abs(last - 1) < 1e-12).any(), "everyone has had an event"


@pytest.mark.parametrize(("name", "group"), cases("incidence.csv", "dataset", "group"))
def test_incidence_and_its_limits_equal_r(cohort: Cohort, name: str, group: str):
    rows, theirs = cohort(name), frozen("incidence.csv", dataset=name).query("group == @group")
    causes = causes_of(rows)
    inside = rows if group == "all" else rows[rows["group"].astype(str) == group]
    for interval in Interval:
        ours = incidence_readings(
            inside["time"], inside["code"], theirs["day"].unique(), causes, interval=interval
        ).sort_values(["cause", "day"])  # fmt: skip
        assert ours["cause"].tolist() == theirs["cause"].tolist()
        assert ours["at_risk"].tolist() == theirs["at_risk"].tolist()
        close(ours["incidence"], theirs["incidence"])
        close(ours["std_error"], theirs["se"])
        # Where F is 1, R's own rounding of 1 to 0.99999… decides between NA and 1; the limits are compared elsewhere.
        open_ = (theirs["incidence"] < 1 - 1e-12).to_numpy()
        close(ours["low"][open_], theirs[f"low_{interval}"].to_numpy()[open_])
        close(ours["high"][open_], theirs[f"high_{interval}"].to_numpy()[open_])
    other = incidence_readings(
        inside["time"], inside["code"], theirs["day"].unique(), causes, variance=IncidenceVariance.CMPRSK
    )
    close(other["std_error"], theirs["se_cmprsk"])


def test_where_everyone_has_had_the_event_there_is_no_variance():
    curves = cumulative_incidence([1, 2, 3, 4], [1, 1, 1, 1])
    assert curves.query("cause == 1")["std_error"].tolist()[-1] == 0
    low, high = incidence_limits([1.0], [0.0], Interval.LOG)
    assert (low, high) == (1, 1)


@pytest.mark.parametrize(("name", "strata", "cause"), cases("gray.csv", "dataset", "strata", "cause"))
def test_gray_equals_r(cohort: Cohort, name: str, strata: int, cause: int):
    rows, theirs = cohort(name), frozen("gray.csv", dataset=name, strata=strata, cause=cause).iloc[0]
    ours = gray_test(
        rows["time"], rows["code"], rows["group"].astype(str), cause, causes_of(rows),
        strata=rows["stratum"].astype(str) if strata else None,
    )  # fmt: skip
    if np.isnan(theirs["chisq"]):
        # cmprsk gives up where a group is gone before the first event of the cause; it takes no part in ours.
        assert ours.test.df < theirs["df"]
        gone = rows["group"].isin(ours.groups.query("score == 0")["group"])
        rest = rows[~gone]
        close(ours.p_value, gray_test(rest["time"], rest["code"], rest["group"], cause, causes_of(rows)).p_value)
        return
    assert ours.test.df == theirs["df"]
    close([ours.test.statistic, ours.p_value], theirs[["chisq", "p"]])


@pytest.mark.parametrize("file", FILES)
def test_frozen_results_are_what_r_says_now(run_r, file: str):
    assert_r_says_so_now(run_r("make_competing.R"), file)
