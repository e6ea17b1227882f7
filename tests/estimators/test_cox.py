"""Cox regression against the likelihood spelled out, statsmodels and lifelines; and what cannot be estimated."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from helpers.errors import InputError
from helpers.estimators.cox import cox_regression
from helpers.estimators.partial_likelihood import PartialLikelihood, Ties
from helpers.estimators.separation import diverging
from tests.estimators import naive_cox as naive
from tests.oracle import cohorts

steady = settings(deadline=None)

BETAS = st.tuples(st.floats(-2, 2), st.floats(-1, 1))


def arrays(data: list[naive.Row]) -> tuple[np.ndarray, ...]:
    start, stop, event, stratum = (np.array([row[k] for row in data]) for k in range(4))
    return start.astype(float), stop.astype(float), event, stratum, np.array([row[4] for row in data], dtype=float)


def likelihood_of(data: list[naive.Row], ties: str) -> PartialLikelihood:
    start, stop, event, stratum, x = arrays(data)
    return PartialLikelihood.of(x, start, stop, event, stratum, Ties(ties))


def fitted(data: list[naive.Row], ties: str = "efron"):
    start, stop, event, stratum, x = arrays(data)
    frame = pd.DataFrame(x, columns=["a", "b"])
    return cox_regression(stop, event, frame, start=start, strata=stratum, ties=Ties(ties))


@steady
@given(naive.rows(), BETAS, st.sampled_from(["efron", "breslow"]))
def test_likelihood_and_derivatives_are_those_spelled_out(data, beta, ties):
    beta = np.array(beta)
    ours = likelihood_of(data, ties)
    now = ours.derivatives(beta, slope=True)
    assert now.log_likelihood == pytest.approx(naive.log_likelihood(data, beta, ties), rel=1e-11, abs=1e-11)
    assert ours.value(beta) == pytest.approx(now.log_likelihood, rel=1e-12, abs=1e-12)
    np.testing.assert_allclose(now.information, naive.information(data, beta, ties), rtol=1e-9, atol=1e-10)
    slope = naive.gradient(lambda b: naive.log_likelihood(data, b, ties), beta)
    np.testing.assert_allclose(now.score, slope, rtol=1e-7, atol=1e-7)
    for a in range(2):
        for b in range(2):
            third = naive.gradient(lambda c, a=a, b=b: naive.information(data, c, ties)[a, b], beta)
            np.testing.assert_allclose(now.slope[a, b], third, rtol=1e-6, atol=1e-7)


@steady
@given(naive.rows(), st.sampled_from(["efron", "breslow"]))
def test_the_fit_is_a_maximum_or_says_why_not(data, ties):
    fit = fitted(data, ties)
    estimable = fit.table["coefficient"].notna().to_numpy()
    if fit.infinite or not estimable.any():
        return
    beta = fit.table["coefficient"].fillna(0.0).to_numpy()
    score = likelihood_of(data, ties).derivatives(beta).score
    assert np.abs(score[estimable]).max() < 1e-7
    assert fit.log_likelihood == pytest.approx(naive.log_likelihood(data, beta, ties), abs=1e-9)
    information = naive.information(data, beta, ties)[np.ix_(estimable, estimable)]
    np.testing.assert_allclose(
        fit.covariance[np.ix_(estimable, estimable)] @ information, np.eye(estimable.sum()), atol=1e-6
    )


def brute_diverging(data: list[naive.Row]) -> np.ndarray:
    """The cone of directions from every pair of an event and someone at risk, searched on a fine circle."""
    angles = np.unique(np.concatenate([
        np.arange(0, 2 * np.pi, np.pi / 360),
        # the cone's edges are at right angles to differences of covariates
        [np.arctan2(b, a) + turn for a in range(-1, 2) for b in range(-5, 6) if (a, b) != (0, 0)
         for turn in (np.pi / 2, -np.pi / 2)],
    ]))  # fmt: skip
    directions = np.column_stack((np.cos(angles), np.sin(angles)))
    inside, strict = np.ones(len(directions), dtype=bool), np.zeros(len(directions), dtype=bool)
    for died in (row for row in data if row[2]):
        for other in data:
            if other[3] == died[3] and other[0] < died[1] <= other[1]:
                gain = directions @ (np.array(died[4]) - np.array(other[4]))
                inside &= gain >= -1e-9
                strict |= gain > 1e-9
    found = directions[inside & strict]
    if not len(found):
        return np.zeros(2)
    signs = [(found[:, k].max() > 1e-6, found[:, k].min() < -1e-6) for k in range(2)]
    return np.array([np.nan if up and down else float(up) - float(down) for up, down in signs])


@settings(max_examples=300, deadline=None)
@given(naive.rows(at_most=7))
@example([(0, 1, 1, 0, (1, 0)), (0, 2, 1, 0, (1, 1)), (0, 3, 0, 0, (0, 1)), (0, 3, 0, 0, (0, 0))])
def test_separation_is_found_where_it_is_and_nowhere_else(data):
    information = naive.information(data, np.zeros(2), "efron")
    assume(np.linalg.matrix_rank(information, tol=1e-9) == 2)
    ours = diverging(likelihood_of(data, "efron"))
    np.testing.assert_array_equal(ours, brute_diverging(data))
    fit = fitted(data)
    names = ["a", "b"]
    assert list(fit.infinite) == [name for name, sign in zip(names, ours, strict=True) if sign != 0]
    for name, sign in zip(names, ours, strict=True):
        value = fit.table.set_index("term").loc[name]
        if abs(sign) == 1:
            assert value["coefficient"] == sign * np.inf
            assert value["hazard_ratio"] == (np.inf if sign > 0 else 0)
        if sign != 0:
            assert value[["std_error", "low", "high", "p_value"]].isna().all()
        else:
            assert np.isfinite(value["coefficient"])


@pytest.mark.parametrize("ties", Ties)
@pytest.mark.parametrize("name", ["rossi", "larynx", "leukemia", "kidney_transplant"])
def test_cox_equals_statsmodels(name, ties):
    from statsmodels.duration.hazard_regression import PHReg

    rows = cohorts.load(name)
    x = rows[["x1", "x2", "x3"]]
    ours = cox_regression(rows["time"], rows["code"], x, ties=ties)
    model = PHReg(rows["time"].to_numpy(), x.to_numpy(float), status=rows["code"].to_numpy(), ties=str(ties))
    beta = ours.table["coefficient"].to_numpy()
    # At our estimate, its score vanishes and its likelihood and information are ours.
    assert np.abs(model.score(beta) * ours.table["std_error"]).max() < 1e-7
    assert model.loglike(beta) == pytest.approx(ours.log_likelihood, rel=1e-11)
    np.testing.assert_allclose(np.linalg.inv(-model.hessian(beta)), ours.covariance, rtol=1e-8)


def test_cox_equals_lifelines():
    from lifelines import CoxPHFitter

    rows = cohorts.load("rossi")[["time", "code", "x1", "x2", "x3"]]
    settings_before = np.geterr()
    theirs = CoxPHFitter().fit(rows, "time", "code", fit_options={"precision": 1e-14})
    np.seterr(**settings_before)
    ours = cox_regression(rows["time"], rows["code"], rows[["x1", "x2", "x3"]])
    np.testing.assert_allclose(ours.table["coefficient"], theirs.params_, rtol=1e-9)
    np.testing.assert_allclose(ours.table["std_error"], theirs.standard_errors_, rtol=1e-9)


def test_splitting_follow_up_changes_nothing():
    rows = cohorts.load("leukemia")
    x = rows[["x1", "x2"]]
    whole = cox_regression(rows["time"], rows["code"], x)
    cut = np.minimum(rows["time"], 5)
    later = rows["time"] > 5
    pieces = cox_regression(
        np.concatenate((cut, rows["time"][later])),
        np.concatenate((np.where(later, 0, rows["code"]), rows["code"][later])),
        pd.concat((x, x[later])), start=np.concatenate((np.zeros(len(rows)), np.full(later.sum(), 5))),
    )  # fmt: skip
    np.testing.assert_allclose(pieces.table["coefficient"], whole.table["coefficient"], rtol=1e-11)
    np.testing.assert_allclose(pieces.covariance, whole.covariance, rtol=1e-10)


def test_units_and_origin_of_covariates_do_not_matter():
    rows = cohorts.load("rossi")
    x = rows[["x1", "x2"]]
    plain = cox_regression(rows["time"], rows["code"], x)
    other = cox_regression(rows["time"], rows["code"], x.assign(x2=1e6 + 1e-3 * x["x2"]))
    assert other.table.loc[1, "coefficient"] == pytest.approx(1e3 * plain.table.loc[1, "coefficient"], rel=1e-6)
    assert other.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-9)


def test_categories_missing_values_and_few_events_are_told():
    frame = pd.DataFrame({
        "age": [50, 61, None, 47, 58, 39, 71],
        "risk": pd.Categorical(["low", "high", "low", "high", "low", "low", "high"], ["low", "high", "none"]),
        "male": [True, False, True, False, False, True, True],
    })  # fmt: skip
    fit = cox_regression([3, 5, 6, 8, 9, 12, 14], [1, 1, 1, 0, 1, 1, 0], frame)
    assert fit.table["term"].tolist() == ["age", "risk: high (vs low)", "male"]
    assert (fit.n, fit.missing, fit.events) == (6, 1, 4)
    assert fit.notes[0] == "1 row is left out because a covariate is missing"
    assert any(note.startswith("1.3 events per estimated term: below 10") for note in fit.notes)
    assert fit.events_per_variable == pytest.approx(4 / 3)


def test_terms_stand_beside_their_reference_with_their_numbers():
    frame = pd.DataFrame({"age": [50, 61, None, 47, 58, 39, 71], "risk": list("lhlhmlh"), "same": ["only"] * 7})
    event = [1, 1, 1, 0, 1, 1, 0]
    fit = cox_regression([3, 5, 6, 8, 9, 12, 14], event, frame)
    rows = fit.forest_rows()
    assert rows[["subgroup", "level", "n", "events", "reference"]].values.tolist() == [
        ["age", "", 6, 4, False],
        ["risk", "h", 3, 1, True],
        ["risk", "l", 2, 2, False],
        ["risk", "m", 1, 1, False],
        ["same", "only", 6, 4, True],
    ]
    terms = fit.table.set_index("term")
    assert rows["estimate"].tolist()[1] == 1
    assert rows["estimate"].tolist()[2] == terms.loc["risk: l (vs h)", "hazard_ratio"]
    separated = cox_regression([1, 2, 3, 4], [1, 1, 0, 0], pd.DataFrame({"x": [1, 1, 0, 0]})).forest_rows()
    assert np.isnan(separated.loc[0, "estimate"]), "an infinite ratio is none to draw"


def test_enough_events_raise_no_warning():
    rows = cohorts.load("rossi")
    assert cox_regression(rows["time"], rows["code"], rows[["x1", "x2"]]).notes == ()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("event", [[0] * 5, [1, 0, 0, 0, 0], [0, 0, 0, 0, 1], [1] * 5, [1, 1, 0, 1, 0]])
@pytest.mark.parametrize("x", [[0, 0, 0, 0, 0], [0, 0, 1, 1, 1], [3, 1, 2, 5, 4], list("aabbc"), [None, 1, 2, 2, 1]])
@pytest.mark.parametrize("time", [[1, 2, 3, 4, 5], [2, 2, 2, 2, 2], [0, 0, 1, 1, 7]])
def test_five_rows_give_sensible_output_without_noise(time, event, x):
    before = np.geterr()
    fit = cox_regression(time, event, pd.DataFrame({"x": x}))
    assert np.geterr() == before
    if not fit.events:
        assert fit.table["coefficient"].isna().all() and "no event" in fit.notes[-1]
    for row in fit.table.itertuples():
        if np.isfinite(row.coefficient):
            assert 0 < row.low < row.hazard_ratio < row.high
            assert 0 <= row.p_value <= 1
        else:
            assert np.isnan(row.low) and np.isnan(row.p_value)
            assert any(row.term in note for note in fit.notes) or not fit.events


@pytest.mark.parametrize(
    ("covariates", "options", "says"),
    [
        (pd.DataFrame(index=range(3)), {}, "no covariate"),
        (pd.DataFrame({"x": [1, 2]}), {}, "2 rows of covariates and 3 patients"),
        (pd.DataFrame({"x": [1, 2, np.inf]}), {}, "not a finite number (found 'inf')"),
        (pd.DataFrame({"x": [None, None, None]}), {}, "none of 3 patients has all of x"),
        (pd.DataFrame([[1, 2]] * 3, columns=["x", "x"]), {}, "two covariates have one name (found 'x')"),
        (pd.DataFrame({"x": [1, 2, 3]}), {"start": [0, 2, 1]}, "row 2 of 3 does not start before it ends (at 2.0)"),
        (pd.DataFrame({"x": [1, 2, 3]}), {"start": [0, 1]}, "starts of shape (2,)"),
        (pd.DataFrame({"x": [1, 2, 3]}), {"start": [0, np.nan, 0]}, "does not start before it ends"),
        (pd.DataFrame({"x": [1, 2, 3]}), {"strata": ["a", None, "b"]}, "the stratum is missing for 1 of 3"),
        (pd.DataFrame({"x": [1, 2, 3]}), {"level": 95}, "strictly between 0 and 1 (found '95')"),
    ],
)
def test_bad_input_is_refused_with_its_value(covariates, options, says):
    with pytest.raises(InputError) as caught:
        cox_regression([1, 2, 3], [1, 1, 0], covariates, **options)
    assert says in str(caught.value)
    assert "remedy:" in str(caught.value)
