"""The ledger of Zhuo 2024: 31 printed numbers, each with its verdict."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from helpers.ledger import Range, Verdict, ledger
from helpers.printed import PrintedNumber
from helpers.study import load_study

LANDMARKS = ("os_6mo", "efs_6mo", "os_12mo", "efs_12mo")
ARITHMETIC = {
    ("patients", "count"): "22",
    ("cr", "count"): "18",
    ("cr", "value"): "81.82",
    ("crs_grade_3_plus", "count"): "3",
    ("crs_grade_3_plus", "value"): "13.64",
    ("agvhd", "count"): "2",
    ("agvhd_grade_2", "count"): "1",
    ("agvhd_grade_4", "count"): "1",
}
IMPOSSIBLE = {
    ("os_6mo", "ci_high"): ("84.50", "87.50"),
    ("follow_up", "value"): ("1037", "1028"),
    ("follow_up", "ci_low"): ("546", "564"),
    ("follow_up", "ci_high"): ("1509", "1527"),
}
UNKNOWN = {("mrd_negative", "count"), ("icans", "count")}


@pytest.fixture(scope="module")
def study():
    return load_study("zhuo2024")


@pytest.fixture(scope="module")
def rows(study):
    return {(row.claim, row.field): row for row in ledger(study)}


def test_every_printed_number_has_one_row_in_the_order_of_the_claims(study, rows):
    assert len(rows) == len(ledger(study)) == 31
    printed = [(c.id, name, number.text) for c in study.claims for name, number in c.printed.items()]
    assert sorted(printed) == sorted((*key, row.printed) for key, row in rows.items())
    order = [c.id for c in study.claims]
    assert [claim for claim, _ in rows] == sorted((claim for claim, _ in rows), key=order.index)


def test_the_verdicts_in_numbers(rows):
    assert Counter(str(row.verdict) for row in rows.values()) == {
        "re-derived": 17,
        "arithmetic": 8,
        "impossible": 4,
        "not derivable": 2,
    }


def test_landmarks_follow_from_the_rest_but_for_one_digit(rows):
    for claim in LANDMARKS:
        for field in ("value", "ci_low", "ci_high"):
            row = rows[claim, field]
            if (claim, field) not in IMPOSSIBLE:
                assert row.verdict is Verdict.RE_DERIVED
                assert row.predicted == (row.printed,)
                assert "plain interval, S and se rounded to 3 decimals first" in row.note


@pytest.mark.parametrize("key", list(IMPOSSIBLE))
def test_what_cannot_be_and_what_should_stand_there(rows, key):
    row = rows[key]
    assert row.verdict is Verdict.IMPOSSIBLE
    assert (row.printed, *row.predicted) == IMPOSSIBLE[key]


def test_the_notes_on_what_cannot_be(rows):
    assert "84.50 → 87.50 (one digit)" in rows["os_6mo", "ci_high"].note
    for field in ("value", "ci_low", "ci_high"):
        note = rows["follow_up", field].note
        assert "546 → 564 (two neighbouring digits swapped)" in note
        assert "one of the three is wrong" in note
        assert "another way" in note


@pytest.mark.parametrize("claim", ["os_median", "efs_median"])
@pytest.mark.parametrize("field", ["value", "ci_low", "ci_high"])
def test_medians_follow_from_the_rest(rows, claim, field):
    row = rows[claim, field]
    assert row.verdict is Verdict.RE_DERIVED
    assert row.predicted == (row.printed,)
    assert "truncation" in row.note


@pytest.mark.parametrize("key", list(ARITHMETIC))
def test_counts_and_percentages_follow_from_one_another(rows, key):
    row = rows[key]
    assert row.verdict is Verdict.ARITHMETIC
    assert row.printed == ARITHMETIC[key]
    assert row.predicted == (ARITHMETIC[key],)


@pytest.mark.parametrize("key", sorted(UNKNOWN))
def test_what_nothing_else_says(rows, key):
    assert rows[key].verdict is Verdict.NOT_DERIVABLE
    assert rows[key].predicted == ()
    assert rows[key].note


def test_the_rows_as_plain_data(rows):
    for row in rows.values():
        data = row.as_dict()
        assert list(data) == ["claim", "field", "printed", "predicted", "verdict", "note"]
        if isinstance(row.predicted, Range):
            assert set(data["predicted"]) == {"min", "max"}
        else:
            assert data["predicted"] == list(row.predicted)
        assert all(isinstance(data[k], str) for k in ("claim", "field", "printed", "verdict", "note"))


def test_every_verdict_has_a_meaning():
    assert len({v.meaning for v in Verdict}) == len(Verdict) == 5


def test_with_the_digit_repaired_nothing_of_overall_survival_is_impossible(study):
    """The mirror of the finding: 87.50 in place of 84.50, and the row is re-derived like the rest."""
    claims = tuple(replace(c, ci_high=PrintedNumber("87.50")) if c.id == "os_6mo" else c for c in study.claims)
    rows = [row for row in ledger(replace(study, claims=claims)) if row.claim in LANDMARKS]
    assert [row.verdict for row in rows] == [Verdict.RE_DERIVED] * 12
