"""Kaplan-Meier tables against a naive implementation in fractions, lifelines and statsmodels."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpers.errors import InputError
from helpers.estimators.kaplan_meier import (
    COLUMNS,
    at_risk_table,
    exact_survival,
    restricted_mean,
    survival_at,
    survival_at_days,
    survival_table,
)
from tests.estimators import naive
from tests.oracle import datasets


@given(naive.cohorts)
def test_table_is_the_textbook_in_exact_fractions_and_in_floats(rows):
    table, exact = survival_table(*naive.split(rows)), exact_survival(*naive.split(rows))
    assert tuple(table.columns) == COLUMNS
    assert table["time"].tolist() == sorted({float(day) for day, _ in rows}) == [t for t, _, _ in exact]
    for row, (t, s, g) in zip(table.itertuples(), exact, strict=True):
        assert s == naive.survival(rows, t)
        assert g == naive.greenwood(rows, t)
        assert row.at_risk == sum(day >= t for day, _ in rows)
        assert row.events == rows.count((t, 1))
        assert row.censored == rows.count((t, 0))
        assert row.survival == pytest.approx(float(s), rel=1e-12)
        if g is None:
            assert s == 0 and row.survival == 0
            assert row.greenwood == np.inf and np.isnan(row.std_error)
        else:
            assert row.greenwood == pytest.approx(float(g), rel=1e-12)
            assert row.std_error == pytest.approx(float(s) * sqrt(g), rel=1e-12)


@given(naive.cohorts, st.permutations(range(25)))
def test_order_of_patients_does_not_matter(rows, order):
    shuffled = [rows[i] for i in order if i < len(rows)]
    assert survival_table(*naive.split(shuffled)).equals(survival_table(*naive.split(rows)))


@pytest.mark.parametrize("name", datasets.NAMES)
def test_table_equals_lifelines_and_statsmodels(name):
    from lifelines import KaplanMeierFitter
    from statsmodels.duration.survfunc import SurvfuncRight

    rows = datasets.load(name)
    table = survival_table(rows["time"], rows["event"])
    with np.errstate(all="ignore"):
        fitter = KaplanMeierFitter().fit(rows["time"], rows["event"])
        right = SurvfuncRight(rows["time"].to_numpy(), rows["event"].to_numpy())
    theirs = fitter.event_table.loc[table["time"]]
    assert table["at_risk"].tolist() == theirs["at_risk"].tolist()
    assert table["events"].tolist() == theirs["observed"].tolist()
    assert table["censored"].tolist() == theirs["censored"].tolist()
    survival = fitter.survival_function_["KM_estimate"].loc[table["time"]]
    np.testing.assert_allclose(table["survival"], survival, rtol=1e-12, atol=1e-12)
    ours = table[table["time"].isin(right.surv_times)]
    assert ours["events"].sum() == rows["event"].sum()
    np.testing.assert_allclose(ours["survival"], right.surv_prob, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(
        ours["std_error"], np.where(right.surv_prob > 0, right.surv_prob_se, np.nan), rtol=1e-12, atol=1e-12
    )


@pytest.mark.parametrize(
    ("time", "event", "says"),
    [
        ([], [], "no patients"),
        ([1, 2], [1], "do not pair up"),
        ([[1, 2]], [[1, 0]], "do not pair up"),
        ([1, -2], [1, 0], "patient 2 of 2 is not a length of follow-up (found '-2.0')"),
        ([1, float("nan")], [1, 0], "not a length of follow-up (found 'nan')"),
        ([1, float("inf")], [1, 0], "not a length of follow-up (found 'inf')"),
        ([1, 2], [1, 2], "patient 2 of 2 is neither 0 nor 1 (found '2.0')"),
        ([1, 2], [1, float("nan")], "neither 0 nor 1 (found 'nan')"),
        (["one"], [1], "must be numbers"),
    ],
)
@pytest.mark.parametrize("estimator", [survival_table, exact_survival, lambda t, e: at_risk_table(t, e, [0])])
def test_bad_rows_are_refused_with_their_value(estimator, time, event, says):
    with pytest.raises(InputError) as caught:
        estimator(time, event)
    assert says in str(caught.value)
    assert "remedy:" in str(caught.value)


def test_every_bad_row_is_named_at_once():
    with pytest.raises(InputError) as caught:
        survival_table([-1, 2, -3], [1, 5, 0])
    assert len(caught.value.problems) == 3


def test_booleans_are_events():
    assert survival_table([1, 2], [True, False]).equals(survival_table([1, 2], [1, 0]))


@given(naive.cohorts, st.integers(0, 14))
def test_survival_at_a_day_steps_down_on_the_day_of_the_event(rows, day):
    table = survival_table(*naive.split(rows))
    expected = float(naive.survival(rows, day))
    assert survival_at(table, [day], extend=True)[0] == pytest.approx(expected, abs=1e-12)
    last = max(t for t, _ in rows)
    read = survival_at(table, [day])[0]
    if day > last and expected > 0:
        assert np.isnan(read), "nothing is known past the last observed time"
    else:
        assert read == pytest.approx(expected, abs=1e-12)


@given(
    st.integers(1, 8).flatmap(
        lambda n: st.lists(
            st.lists(st.tuples(st.integers(0, 9), st.integers(0, 1)), min_size=n, max_size=n), min_size=1, max_size=5
        )
    ),
    st.booleans(),
)
def test_many_cohorts_at_once_are_each_cohort_alone(cohorts, extend):
    days = [0, 1, 4.5, 9, 20]
    time, event = np.array(cohorts)[..., 0], np.array(cohorts)[..., 1]
    together = survival_at_days(time, event, days, extend=extend)
    alone = [survival_at(survival_table(t, e), days, extend=extend) for t, e in zip(time, event, strict=True)]
    assert together.shape == (len(cohorts), len(days))
    np.testing.assert_allclose(together, alone, rtol=1e-12, atol=1e-12)


def test_many_cohorts_without_days_have_no_columns():
    assert survival_at_days([[1, 2], [3, 4]], [[1, 0], [0, 1]], []).shape == (2, 0)


@given(naive.cohorts, st.lists(st.integers(0, 14), min_size=1, max_size=4))
def test_numbers_below_the_curve_add_up_on_every_day(rows, days):
    below = at_risk_table(*naive.split(rows), days)
    assert below["day"].tolist() == days
    assert (below[["at_risk", "events", "censored"]].sum(axis=1) == len(rows)).all()
    for row in below.itertuples():
        assert row.at_risk == sum(t >= row.day for t, _ in rows)
        assert row.events == sum(t < row.day and e == 1 for t, e in rows)
        assert row.censored == sum(t < row.day and e == 0 for t, e in rows)


@given(rows=naive.cohorts, horizon=st.integers(1, 15))
@example(rows=[(3, 1), (10, 1), (12, 0)], horizon=10)
@example(rows=[(3, 1), (10, 1), (12, 0)], horizon=11)
@example(rows=[(3, 1), (10, 1), (12, 0)], horizon=15)
def test_restricted_mean_is_the_area_below_the_curve(rows, horizon):
    mean, error = restricted_mean(survival_table(*naive.split(rows)), horizon)
    assert mean == pytest.approx(float(naive.mean(rows, horizon)), abs=1e-11)
    assert error == pytest.approx(sqrt(naive.mean_variance(rows, horizon)), abs=1e-7)


def test_without_censoring_the_restricted_mean_is_a_mean_with_its_standard_error():
    time = np.array([3.0, 5, 5, 8, 11])
    mean, error = restricted_mean(survival_table(time, np.ones(5)), 11)
    assert mean == pytest.approx(time.mean(), rel=1e-12)
    assert error == pytest.approx(time.std() / sqrt(5), rel=1e-12)


@pytest.mark.parametrize("horizon", [0, -1, float("nan"), float("inf")])
def test_a_horizon_must_be_positive(horizon):
    with pytest.raises(InputError, match="must be positive"):
        restricted_mean(survival_table([1], [1]), horizon)


def test_the_ladder_identity_of_os_at_six_months():
    """EEEEEECE on 22 patients: m = 8 steps, one censoring, at risk-set size 16."""
    time, event = range(1, 23), [1] * 6 + [0, 1] + [0] * 14
    _, s, g = exact_survival(time, event)[7]
    assert s == Fraction(14, 22) * Fraction(16, 15)
    assert g == Fraction(1, 14) - Fraction(1, 22) - Fraction(1, 16 * 15)
