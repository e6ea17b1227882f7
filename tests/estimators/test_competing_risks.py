"""Cumulative incidence against fractions and statsmodels; Gray's test by what it must agree with."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.conventions import Interval
from helpers.errors import InputError
from helpers.estimators.competing_risks import (
    INCIDENCE_COLUMNS,
    IncidenceVariance,
    cause_specific_cox,
    cumulative_incidence,
    incidence_limits,
    incidence_readings,
)
from helpers.estimators.cox import cox_regression
from helpers.estimators.gray import gray_test
from helpers.estimators.kaplan_meier import survival_table
from helpers.estimators.log_rank import log_rank
from tests.estimators import naive_competing as naive
from tests.oracle import cohorts

steady = settings(deadline=None)

CAUSES = (1, 2, 3)


@steady
@given(naive.cohorts)
def test_incidence_and_variance_are_those_in_fractions(rows):
    time, code = zip(*rows, strict=True)
    curves = cumulative_incidence(time, code, CAUSES)
    assert tuple(curves.columns) == INCIDENCE_COLUMNS
    for row in curves.itertuples():
        assert row.incidence == pytest.approx(float(naive.incidence(rows, row.cause, row.time)), abs=1e-13)
        assert row.std_error == pytest.approx(sqrt(naive.variance(rows, row.cause, row.time)), abs=2e-8)
        assert row.at_risk == sum(t >= row.time for t in time)
        assert row.events == rows.count((row.time, row.cause))
        assert row.events + row.other_events + row.censored == time.count(row.time)


@steady
@given(naive.cohorts)
def test_incidences_and_survival_add_up_to_one(rows):
    time, code = zip(*rows, strict=True)
    total = cumulative_incidence(time, code, CAUSES).groupby("time")["incidence"].sum()
    survival = survival_table(time, np.array(code) > 0)["survival"].to_numpy()
    np.testing.assert_allclose(total + survival, 1, atol=1e-12)


@steady
@given(naive.cohorts)
def test_one_cause_is_kaplan_meier_with_greenwood(rows):
    time, code = zip(*rows, strict=True)
    curve = cumulative_incidence(time, np.array(code) > 0, [1])
    table = survival_table(time, np.array(code) > 0)
    np.testing.assert_allclose(curve["incidence"], 1 - table["survival"], atol=1e-12)
    known = table["survival"] > 0
    np.testing.assert_allclose(curve["std_error"][known], table["std_error"][known], atol=1e-8)
    assert (curve["std_error"][~known] == 0).all()


@pytest.mark.parametrize("codes", [(1, 2, 3), (2, 7, 4), (7, 1, 3)])
def test_incidence_equals_statsmodels_whatever_the_codes(codes):
    """statsmodels wants codes 0 to 3 with none missing; ours are names."""
    from statsmodels.duration.survfunc import CumIncidenceRight

    rows = cohorts.load("senators")
    with np.errstate(all="ignore"):
        theirs = CumIncidenceRight(rows["time"].to_numpy(), rows["code"].to_numpy())
    renamed = rows["code"].map(dict(enumerate((0, *codes))))
    ours = cumulative_incidence(rows["time"], renamed, (*codes, 9))
    for k, code in enumerate(codes):
        curve = ours[ours["cause"] == code].set_index("time").loc[theirs.times]
        np.testing.assert_allclose(curve["incidence"], theirs.cinc[k], rtol=1e-10)
        # The last senator leaves with an event: no standard error there, says statsmodels.
        assert np.isnan(theirs.cinc_se[k][-1]) and curve["std_error"].iloc[-1] > 0
        np.testing.assert_allclose(curve["std_error"].iloc[:-1], theirs.cinc_se[k][:-1], rtol=1e-8)
    assert (ours[ours["cause"] == 9][["incidence", "std_error"]] == 0).all(axis=None)


def test_limits_are_symmetric_on_their_scale():
    f, se, z = 0.3, 0.05, 1.959963984540054
    low, high = incidence_limits([f], [se], Interval.PLAIN)
    assert (low[0], high[0]) == pytest.approx((f - z * se, f + z * se))
    low, high = incidence_limits([f], [se], Interval.LOG)
    assert (low[0] * high[0], high[0] / f) == pytest.approx((f**2, np.exp(z * se / f)))
    low, high = incidence_limits([f], [se], Interval.LOG_LOG)
    power = z * se / (f * np.log(f))
    assert (low[0], high[0]) == pytest.approx((f ** np.exp(-power), f ** np.exp(power)))


def test_limits_before_the_first_event():
    for interval, expected in ((Interval.PLAIN, 0), (Interval.LOG, np.nan), (Interval.LOG_LOG, np.nan)):
        np.testing.assert_array_equal(np.array(incidence_limits([0], [0], interval)).ravel(), [expected] * 2)


def test_readings_stop_where_knowledge_does():
    readings = incidence_readings(
        [2, 4, 6, 1, 2, 3], [1, 2, 0, 1, 1, 2], [0, 4, 7], group=list("aaabbb")
    ).set_index(["group", "cause", "day"])  # fmt: skip
    assert readings.loc[("a", 1, 4), "incidence"] == pytest.approx(1 / 3)
    assert readings.loc[("a", 1, 4), ["at_risk", "events"]].tolist() == [2, 1]
    assert readings.loc[("a", 1, 7), ["incidence", "std_error", "low", "high"]].isna().all(), "a is censored at 6"
    assert readings.loc[("b", 1, 7), "incidence"] == pytest.approx(2 / 3), "all of b have had an event"
    assert (readings.loc[(slice(None), slice(None), 0), "incidence"] == 0).all()


def test_a_cause_specific_model_is_a_cox_model_with_the_others_censored():
    rows = cohorts.load("senators")
    x = rows[["x1", "x2"]]
    ours = cause_specific_cox(rows["time"], rows["code"], 2, x, (1, 2, 3))
    plain = cox_regression(rows["time"], (rows["code"] == 2).astype(int), x)
    pd.testing.assert_frame_equal(ours.table, plain.table)


@steady
@given(naive.cohorts, st.lists(st.sampled_from("abc"), min_size=22, max_size=22))
def test_gray_without_competing_events_has_the_scores_of_the_log_rank_test(rows, groups):
    time, code = zip(*rows, strict=True)
    event = (np.array(code) > 0).astype(int)
    group = groups[: len(rows)]
    gray, mantel = gray_test(time, event, group, causes=[1]), log_rank(time, event, group)
    np.testing.assert_allclose(gray.groups["score"], mantel.groups["observed"] - mantel.groups["expected"], atol=1e-10)


@steady
@given(naive.cohorts, st.lists(st.sampled_from("abc"), min_size=22, max_size=22), st.permutations(range(22)))
def test_gray_does_not_mind_order_names_and_scale(rows, groups, order):
    shuffled = [i for i in order if i < len(rows)]
    names = {"a": "z", "b": "x", "c": "y"}
    one = gray_test(*zip(*rows, strict=True), groups[: len(rows)], 1, CAUSES).test
    time, code = zip(*(rows[i] for i in shuffled), strict=True)
    other = gray_test(7 * np.array(time), code, [names[groups[i]] for i in shuffled], 1, CAUSES).test
    assert one.df == other.df
    np.testing.assert_allclose(other.statistic, one.statistic, rtol=1e-8, atol=1e-10)


def test_gray_keeps_its_level():
    """Under the hypothesis, about 5 of 100 tests have p < .05."""
    generator = np.random.default_rng(20240)
    p_values = []
    for _ in range(600):
        time, code = np.ceil(generator.exponential(20, 60)), generator.integers(0, 3, 60)
        p_values.append(gray_test(time, code, generator.integers(0, 2, 60)).p_value)
    assert 0.03 < np.mean(np.array(p_values) < 0.05) < 0.075
    assert 0.45 < np.mean(p_values) < 0.55


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("code", [[0] * 5, [2] * 5, [1, 0, 0, 0, 2], [0, 0, 0, 0, 1], [1, 2, 0, 1, 1]])
@pytest.mark.parametrize("group", ["aaaaa", "abcde", "aabbb"])
def test_five_rows_make_no_noise(code, group):
    before = np.geterr()
    for variance in IncidenceVariance:
        curves = cumulative_incidence([1, 2, 2, 4, 5], code, variance=variance)
        assert curves["std_error"].notna().all()
        for interval in Interval:
            incidence_readings([1, 2, 2, 4, 5], code, [0, 3, 9], group=list(group), interval=interval)
    for cause in (1, 2):
        result = gray_test([1, 2, 2, 4, 5], code, list(group), cause)
        assert np.isnan(result.p_value) == (result.test.df == 0)
    assert np.geterr() == before


@pytest.mark.parametrize(
    ("code", "causes", "says"),
    [
        ([1, 3, 0], (1, 2), "patient 2 of 3 is neither 0 nor one of the causes (1, 2) (found '3.0')"),
        ([1, np.nan, 0], (1, 2), "neither 0 nor one of the causes"),
        ([1, 0], (1, 2), "do not pair up"),
        ([1, 0, 0], (0, 1), "not distinct whole numbers above 0"),
        ([1, 0, 0], (1, 1), "not distinct whole numbers above 0"),
        ([1, 0, 0], (), "not distinct whole numbers above 0"),
        (["relapse", 0, 0], (1, 2), "event codes must be numbers"),
    ],
)
def test_bad_codes_are_refused(code, causes, says):
    with pytest.raises(InputError, match="remedy") as caught:
        cumulative_incidence([1, 2, 3], code, causes)
    assert says in str(caught.value)
