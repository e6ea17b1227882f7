"""Derived endpoints: every patient by hand, the switches, what they must agree with, messages."""

from __future__ import annotations

from math import nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.errors import InputError
from helpers.estimators.endpoints import (
    DeathInRemission,
    censored_at_transplant,
    dated_non_response,
    duration_of_response,
    event_free_survival,
    from_remission,
    relapse_free_survival,
)
from helpers.estimators.kaplan_meier import survival_table

# relapsed and alive, died in remission, in remission, died without response, alive without response, died without
# response before day 28, relapsed and died, response not evaluable
RESPONSE = [1, 1, 1, 0, 0, 0, 1, None]
RELAPSE = [90, None, None, None, None, None, 60, None]
END = [300, 200, 400, 120, 150, 20, 80, 10]
DEAD = [0, 1, 0, 1, 0, 1, 1, 1]


def made(endpoint) -> list[tuple]:
    return [tuple(row) for row in endpoint.rows[["row", "days", "event"]].itertuples(index=False)]


@pytest.mark.parametrize(("day", "failed"), [(0, (0, 0, 0)), (1, (1, 1, 1)), (28, (28, 28, 20))])
def test_event_free_survival_by_hand(day, failed):
    endpoint = event_free_survival(RESPONSE, RELAPSE, END, DEAD, day)
    days = [90, 200, 400, *failed, 60, 10]
    assert made(endpoint) == list(zip(range(8), days, [1, 1, 0, 1, 1, 1, 1, 1], strict=True))
    assert f"dated day {day}" in endpoint.definition


def test_from_remission_by_hand():
    for death, code in ((DeathInRemission.EVENT, 1), (DeathInRemission.CENSORED, 0), (DeathInRemission.COMPETING, 2)):
        endpoint = from_remission(RESPONSE, 28, RELAPSE, END, DEAD, death)
        assert made(endpoint) == [(0, 62, 1), (1, 172, code), (2, 372, 0), (6, 32, 1)]
        assert (endpoint.not_responders, endpoint.not_evaluable) == (3, 1)


def test_names_and_definitions():
    data = (RESPONSE, 28, RELAPSE, END, DEAD)
    rfs, dor = relapse_free_survival(*data), duration_of_response(*data)
    assert (rfs.name, dor.name) == ("Relapse-free survival", "Duration of response")
    assert rfs.definition == "from remission to relapse or death, among responders"
    assert "deaths without relapse censored" in dor.definition
    assert made(rfs) == made(from_remission(*data, DeathInRemission.EVENT))
    assert made(duration_of_response(*data, DeathInRemission.EVENT)) == made(rfs)


def test_days_of_remission_patient_by_patient():
    endpoint = relapse_free_survival([1, 0, 1], [30, None, 14], [None, None, 50], [100, 40, 60], [1, 1, 0])
    assert made(endpoint) == [(0, 70, 1), (2, 36, 1)]


def test_the_result_goes_straight_into_an_estimator():
    rows = relapse_free_survival(RESPONSE, 28, RELAPSE, END, DEAD).rows
    assert survival_table(rows["days"], rows["event"])["survival"].tolist() == [0.75, 0.5, 0.25, 0.25]


transplanted = st.tuples(st.integers(0, 50), st.integers(0, 2), st.one_of(st.none(), st.integers(-5, 60)))
answered = st.tuples(st.sampled_from([0, 1, nan]), st.integers(0, 60), st.integers(0, 1), st.integers(0, 40))


@settings(deadline=None)
@given(st.lists(transplanted, min_size=1))
def test_censoring_at_transplant(rows):
    days, event, transplant = (list(column) for column in zip(*rows, strict=True))
    cut = censored_at_transplant(days, event, transplant)
    for (d, e, t), row in zip(rows, cut.itertuples(), strict=True):
        if t is None or t >= d:
            assert (row.days, row.event, row.cut) == (d, e, False)
        else:
            assert (row.days, row.event, row.cut) == (max(t, 0), 0, True)


@settings(deadline=None)
@given(st.lists(answered, min_size=1), st.sampled_from([0, 1, 28]))
def test_dating_non_response_moves_those_without_remission_only(rows, day):
    response, days, event, beyond = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    end = days + beyond
    moved = dated_non_response(days, event, response, end, day)
    failed = response == 0
    assert (moved["event"][failed] == 1).all()
    assert (moved["days"][failed] == np.minimum(day, end[failed])).all()
    assert (moved["days"][~failed] == days[~failed]).all() and (moved["event"][~failed] == event[~failed]).all()
    assert moved["moved"].tolist() == ((moved["days"] != days) | (moved["event"] != event)).tolist()
    again = dated_non_response(moved["days"], moved["event"], response, end, day)
    assert not again["moved"].any()


def test_dating_agrees_with_deriving():
    """An endpoint derived with one date and moved to another is the one derived with the other."""
    for first in (0, 1, 28):
        rows = event_free_survival(RESPONSE, RELAPSE, END, DEAD, first).rows
        for second in (0, 1, 28):
            expected = event_free_survival(RESPONSE, RELAPSE, END, DEAD, second).rows
            moved = dated_non_response(rows["days"], rows["event"], RESPONSE, END, second)
            assert moved["days"].tolist() == expected["days"].tolist()
            assert moved["event"].tolist() == expected["event"].tolist()


def with_one(column: str, value: object) -> dict[str, list]:
    columns = {"responder": [1, 0], "relapse_days": [50, None], "os_days": [90, 40], "os_event": [1, 0]}
    columns[column] = [value, columns[column][1]]
    return columns


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("responder", 2, "the response of patient 1 is neither 0 nor 1 (found '2.0')"),
        ("responder", 0, "relapses on day 50 without having reached remission"),
        ("responder", None, "relapses on day 50 without having reached remission"),
        ("responder", "CR", "responder must hold numbers"),
        ("relapse_days", 91, "patient 1 relapses on day 91, outside of follow-up (day 0 to 90)"),
        ("relapse_days", -1, "patient 1 relapses on day -1, outside of follow-up"),
        ("os_days", None, "the os_days of patient 1 is not a length of follow-up (found 'nan')"),
        ("os_days", -9, "the os_days of patient 1 is not a length of follow-up (found '-9.0')"),
        ("os_event", 2, "the os_event of patient 1 is neither 0 nor 1 (found '2')"),
        ("os_event", 0.5, "the event of patient 1 of 2 is no code (found '0.5')"),
        ("os_event", None, "the event of patient 1 of 2 is no code (found 'nan')"),
    ],
)
def test_bad_columns_are_refused(column, value, says):
    columns = with_one(column, value)
    for derive in (
        lambda: event_free_survival(**columns, non_response_day=28),
        lambda: from_remission(**columns, remission_days=28, death=DeathInRemission.EVENT),
    ):
        with pytest.raises(InputError) as caught:
            derive()
        assert says in str(caught.value)
        assert "remedy:" in str(caught.value)


@pytest.mark.parametrize(
    ("remission", "says"),
    [
        ([None, None], "responder 1 of 2 has no day of remission"),
        (60, "responder 1 of 2 reaches remission on day 60, after relapse on day 50"),
        ([10], "1 days of remission and 2 patients do not pair up"),
        ("late", "remission_days must hold numbers"),
    ],
)
def test_bad_days_of_remission_are_refused(remission, says):
    with pytest.raises(InputError) as caught:
        relapse_free_survival([1, 0], remission, [50, None], [90, 40], [1, 0])
    assert says in str(caught.value)


def test_without_responders_nothing_starts_at_remission():
    with pytest.raises(InputError, match="none of 2 patients is a responder"):
        relapse_free_survival([0, None], 28, [None, None], [90, 40], [1, 0])


@pytest.mark.parametrize("day", [-1, nan])
def test_non_response_is_dated_a_day_from_0_on(day):
    with pytest.raises(InputError, match="day from 0 on"):
        event_free_survival(RESPONSE, RELAPSE, END, DEAD, day)


def test_columns_of_unequal_length_are_named():
    with pytest.raises(InputError, match="responder has 2, relapse_days has 1, os_days has 2"):
        event_free_survival([1, 1], [None], [5, 6], [0, 0], 28)
