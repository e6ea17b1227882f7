"""Tidy curves: they are the tables they come from, sum to n, and figures take them as they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.conventions import Interval
from helpers.estimators.competing_risks import cumulative_incidence, incidence_limits, incidence_readings
from helpers.estimators.cox import cox_regression
from helpers.estimators.gray import gray_test
from helpers.estimators.group_curves import incidence_curves, incidence_numbers, numbers_at_risk, survival_curves
from helpers.estimators.intervals import confidence_limits
from helpers.estimators.kaplan_meier import survival_table
from helpers.estimators.proportion_contrasts import subgroup_proportions
from helpers.estimators.readings import median_readings, survival_readings
from helpers.estimators.subgroup_survival import subgroup_hazards
from tests.oracle import cohorts

CAUSES = {1: "relapse", 2: "death"}
patients = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2), st.sampled_from("ab")), min_size=1, max_size=20)


def split(rows: list[tuple]) -> tuple[np.ndarray, ...]:
    return tuple(np.array(column) for column in zip(*rows, strict=True))


@settings(deadline=None)
@given(patients, st.sampled_from(Interval))
def test_survival_curves_are_tables_from_0_on(rows, interval):
    time, code, group = split(rows)
    event = (code > 0).astype(int)
    curves = survival_curves(time, event, group=group, interval=interval, z=1.96)
    assert list(dict.fromkeys(curves["group"])) == sorted(set(group))
    for name, curve in curves.groupby("group"):
        own = group == name
        table = survival_table(time[own], event[own])
        assert curve["time"].iloc[0] == 0
        assert curve["events"].sum() == event[own].sum()
        assert curve["censored"].sum() == (event[own] == 0).sum()
        assert curve["at_risk"].iloc[0] == own.sum()
        rest = curve.iloc[len(curve) - len(table) :]
        np.testing.assert_array_equal(rest["survival"], table["survival"])
        low, high = confidence_limits(table["survival"], table["greenwood"], interval, 1.96)
        np.testing.assert_array_equal(rest[["low", "high"]].to_numpy().T, [low, high])


@settings(deadline=None)
@given(patients, st.sampled_from(Interval))
def test_incidence_curves_are_tables_from_0_on(rows, interval):
    time, code, group = split(rows)
    curves = incidence_curves(time, code, CAUSES, group=group, interval=interval)
    for (name, cause), curve in curves.groupby(["group", "cause"]):
        own = group == name
        table = cumulative_incidence(time[own], code[own])
        table = table[table["cause"].map(CAUSES) == cause]
        assert curve["time"].iloc[0] == 0
        rest = curve.iloc[len(curve) - len(table) :]
        np.testing.assert_array_equal(rest["incidence"], table["incidence"])
        low, high = incidence_limits(table["incidence"], table["std_error"], interval)
        np.testing.assert_array_equal(rest[["low", "high"]].to_numpy().T, [low, high])


@settings(deadline=None)
@given(patients, st.lists(st.integers(0, 11), min_size=1, max_size=4))
def test_numbers_add_up_to_n_on_every_day(rows, days):
    time, code, group = split(rows)
    by_cause = incidence_numbers(time, code, days, CAUSES, group=group)
    together = numbers_at_risk(time, code > 0, days, group=group)
    sizes = by_cause["group"].map({name: int((group == name).sum()) for name in group})
    assert (by_cause[["at_risk", "relapse", "death", "censored"]].sum(axis=1) == sizes).all()
    assert by_cause[["group", "day", "at_risk", "censored"]].equals(together[["group", "day", "at_risk", "censored"]])
    assert (by_cause["relapse"] + by_cause["death"]).equals(together["events"])


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("event", [[0] * 5, [1] * 5, [1, 0, 0, 1, 0]])
@pytest.mark.parametrize("interval", Interval)
def test_five_rows_make_no_noise(event, interval):
    for group in (None, list("aabbc")):
        survival_curves([0, 2, 2, 4, 5], event, group=group, interval=interval)
        incidence_curves([0, 2, 2, 4, 5], event, CAUSES, group=group, interval=interval)


def test_figures_take_the_frames_as_they_are():
    from helpers.figures.incidence import cumulative_incidence as draw_incidence
    from helpers.figures.subgroup_forest import hazard_forest, rate_forest
    from helpers.figures.survival_groups import kaplan_meier_groups
    from helpers.tables.cohort_tables import regression_table

    rows = cohorts.load("senators")
    rows = rows.assign(code=rows["code"].clip(upper=2))
    time, event, group = rows["time"], (rows["code"] > 0).astype(int), rows["group"]
    days = [0, 4000, 8000, 12000, 16000]
    medians = median_readings(time, event, group=group, rules=["r-print"], intervals=[Interval.LOG_LOG]).iloc[[0, 2]]
    _, plotted = kaplan_meier_groups(
        survival_curves(time, event, group=group), numbers_at_risk(time, event, days, group=group), ylabel="In office",
        medians=medians.assign(group=medians["group"].astype(str)),
        landmarks=survival_readings(time, event, [4000], group=group.astype(str), intervals=[Interval.LOG_LOG]),
    )  # fmt: skip
    assert plotted["group"].nunique() == 2
    _, plotted = draw_incidence(
        incidence_curves(time, rows["code"], CAUSES, group=group),
        incidence_numbers(time, rows["code"], days, CAUSES, group=group),
        landmarks=incidence_readings(time, rows["code"], [4000], group=group.astype(str)).replace({"cause": CAUSES}),
        notes={name: f"Gray: {gray_test(time, rows['code'], group, k).p_value:.3f}" for k, name in CAUSES.items()},
    )  # fmt: skip
    assert plotted["cause"].nunique() == 2
    subgroups = rows[["group", "stratum"]].astype(str)
    _, drawn = hazard_forest(subgroup_hazards(time, event, subgroups))
    assert len(drawn) == 4
    _, drawn = rate_forest(subgroup_proportions(event, subgroups))
    assert len(drawn) == 5
    fit = cox_regression(time, event, rows[["x1"]].assign(group=group.map({0: "other", 1: "Liberal"})))
    hazard_forest(fit.forest_rows())
    table = regression_table(fit.forest_rows(), mask_below=5)
    assert len(table) == 3
