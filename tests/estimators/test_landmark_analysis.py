"""Landmark and time-dependent analysis of transplant: every patient accounted for, no immortal time."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.errors import InputError
from helpers.estimators.cox import cox_regression
from helpers.estimators.firth import Penalty
from helpers.estimators.landmark_analysis import at_landmark, counting_process, time_dependent_cox

patients = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 1), st.one_of(st.none(), st.integers(0, 11))), min_size=1, max_size=15
)

steady = settings(deadline=None)


@steady
@given(patients, st.integers(0, 9))
def test_every_patient_is_in_or_counted_out(rows, day):
    time, event, exposure = (list(column) for column in zip(*rows, strict=True))
    if max(time) < day:
        with pytest.raises(InputError, match="no patient is under observation"):
            at_landmark(time, event, exposure, day)
        return
    cut = at_landmark(time, event, exposure, day)
    assert len(cut.rows) + cut.excluded == len(rows)
    assert cut.events_before == sum(t < day and e for t, e, _ in rows)
    assert cut.censored_before == sum(t < day and not e for t, e, _ in rows)
    assert cut.exposed_before == sum(t < day and x is not None and x <= t for t, _, x in rows)
    for row in cut.rows.itertuples():
        t, e, x = rows[row.row]
        assert (row.time, row.event) == (t - day, e)
        assert row.exposed == (x is not None and x <= day)
    later = [x for t, _, x in rows if t >= day and x is not None and day < x <= t]
    assert cut.exposed_later == len(later)


@steady
@given(patients)
def test_pieces_cover_follow_up_once_and_know_only_the_past(rows):
    time, event, exposure = (list(column) for column in zip(*rows, strict=True))
    pieces = counting_process(time, event, exposure)
    origin = -1 if min(time) == 0 else 0
    for patient, own in pieces.groupby("row"):
        t, e, x = rows[patient]
        assert own["start"].tolist() == [origin, *own["stop"].tolist()[:-1]]
        assert own["stop"].iloc[-1] == t
        assert own["event"].tolist() == [0] * (len(own) - 1) + [e]
        assert (own["start"] < own["stop"]).all()
        for piece in own.itertuples():
            # exposed in a piece: transplanted by its start
            assert piece.exposed == (x is not None and x <= piece.start) or (origin == 0 == x and piece.exposed)
    assert set(pieces["row"]) == set(range(len(rows)))


@steady
@given(patients)
def test_a_fit_to_pieces_without_transplants_is_the_fit_to_patients(rows):
    time, event, _ = (list(column) for column in zip(*rows, strict=True))
    x = pd.DataFrame({"x": [(7 * i) % 5 for i in range(len(rows))]})
    whole = cox_regression(time, event, x)
    pieces = time_dependent_cox(time, event, [None] * len(rows), x)
    assert np.isnan(pieces.table["coefficient"][0]), "no one is ever transplanted"
    np.testing.assert_allclose(pieces.table["coefficient"][1], whole.table["coefficient"][0], rtol=1e-9, equal_nan=True)
    assert pieces.null_log_likelihood == pytest.approx(whole.null_log_likelihood, abs=1e-12)


def test_immortal_time_fools_the_naive_comparison_only():
    """Transplant does nothing here, but takes time to reach."""
    generator = np.random.default_rng(20242)
    n = 3000
    time = np.ceil(generator.exponential(200, n))
    exposure = np.ceil(generator.exponential(150, n))
    exposure[exposure >= time] = np.nan
    event = np.ones(n)
    naive = cox_regression(time, event, pd.DataFrame({"transplant": np.isfinite(exposure)})).table.iloc[0]
    assert naive["high"] < 0.7, "a strong effect out of nothing"
    honest = time_dependent_cox(time, event, exposure).table.iloc[0]
    assert honest["low"] < 1 < honest["high"]
    cut = at_landmark(time, event, exposure, 100)
    landmark = cox_regression(cut.rows["time"], cut.rows["event"], cut.rows[["exposed"]]).table.iloc[0]
    assert landmark["low"] < 1 < landmark["high"]


def test_the_landmark_accounts_for_itself_in_one_sentence():
    cut = at_landmark([10, 20, 50, 80, 90], [1, 0, 1, 0, 1], [None, 5, 20, 60, None], 30)
    assert cut.sentence() == (
        "Landmark at day 30: 3 patients, 1 with transplant by then and 2 without (1 of these later); left out: "
        "1 with an earlier event, 1 censored earlier."
    )
    assert cut.exposed_before == 1


def test_competing_codes_are_kept():
    assert at_landmark([10, 50, 60], [2, 2, 1], [None] * 3, 30).rows["event"].tolist() == [2, 1]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("event", [[0] * 5, [1] * 5, [1, 0, 0, 1, 0]])
@pytest.mark.parametrize("exposure", [[None] * 5, [0] * 5, [1, None, 2, None, 9]])
@pytest.mark.parametrize("penalty", Penalty)
def test_five_rows_make_no_noise(event, exposure, penalty):
    fit = time_dependent_cox([0, 2, 2, 4, 5], event, exposure, penalty=penalty)
    assert fit.events == sum(event)
    at_landmark([0, 2, 2, 4, 5], event, exposure, 2).sentence()


@pytest.mark.parametrize(
    ("exposure", "day", "says"),
    [
        ([-3, None, 1], 1, "patient 1 of 3 is transplanted before day 0 (found '-3.0')"),
        ([1, 2], 1, "2 days of transplant and 3 patients do not pair up"),
        (["yes", None, None], 1, "days of transplant must be numbers"),
        ([None] * 3, -1, "a landmark must be a day from 0 on (found '-1')"),
        ([None] * 3, 99, "no patient is under observation at the landmark of day 99 (the last leaves at 3)"),
    ],
)
def test_bad_input_is_refused(exposure, day, says):
    with pytest.raises(InputError) as caught:
        at_landmark([1, 2, 3], [1, 0, 1], exposure, day)
    assert says in str(caught.value)


def test_a_covariate_must_not_have_the_name_of_the_exposure():
    with pytest.raises(InputError, match="name of the exposure"):
        time_dependent_cox([1, 2], [1, 0], [None, 1], pd.DataFrame({"transplant": [1, 0]}))
