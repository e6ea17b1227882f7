"""Best responses and highest grades: every patient once, by counting patient by patient."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import InputError
from helpers.estimators.adverse_events import highest_grades
from helpers.estimators.responses import NOT_ASSESSED, best_responses

ORDER = ("CR", "PR", "PD")
ASSESSMENTS = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from([1.0, 28.0, 90.0, None]), st.sampled_from([*ORDER, None])), max_size=20
)
EVENTS = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["fever", " fever", "rash", None]),
              st.sampled_from([1, 2, 3, 4, 5, None])),
    max_size=25,
)  # fmt: skip


@given(ASSESSMENTS, st.lists(st.sampled_from([0.0, 28.0, 60.0, 365.0]), min_size=1, max_size=4, unique=True))
def test_best_responses_by_patient(rows: list[tuple], days: list[float]) -> None:
    frame = pd.DataFrame(rows, columns=["patient_id", "day", "response"])
    counts = best_responses(frame, range(6), days, ORDER)
    for day in days:
        expected = dict.fromkeys((*ORDER, NOT_ASSESSED), 0)
        for patient in range(6):
            seen = [r for p, d, r in rows if p == patient and d is not None and r is not None and d <= day]
            expected[min(seen, key=ORDER.index) if seen else NOT_ASSESSED] += 1
        part = counts[counts["day"] == day]
        assert dict(zip(part["category"], part["count"], strict=True)) == expected
        assert set(part["n"]) == {6}


@given(EVENTS)
def test_highest_grades_by_patient(rows: list[tuple]) -> None:
    frame = pd.DataFrame(rows, columns=["patient_id", "term", "grade"])
    counts = highest_grades(frame, 6)
    expected: dict[tuple[str, int], int] = {}
    for term in ("fever", "rash"):
        for patient in range(6):
            mine = [g or 0 for p, t, g in rows if p == patient and t is not None and t.strip() == term]
            if mine:
                key = (term, max(mine))
                expected[key] = expected.get(key, 0) + 1
    assert {(r.term, r.grade): r.count_ for r in counts.rename(columns={"count": "count_"}).itertuples()} == expected
    for term, part in counts.groupby("term"):
        assert set(part["any"]) == {part["count"].sum()}
        assert set(part["severe"]) == {sum(n for (t, g), n in expected.items() if t == term and g >= 3)}


def test_terms_are_ordered_by_frequency_then_severity() -> None:
    rows = pd.DataFrame(
        [(1, "b", 1), (2, "b", 2), (1, "a", 1), (2, "a", 4), (1, "c", 5), (2, "d", 3)],
        columns=["patient_id", "term", "grade"],
    )
    assert list(dict.fromkeys(highest_grades(rows, 2)["term"])) == ["a", "b", "c", "d"]


def test_wrong_tables_are_refused() -> None:
    events = pd.DataFrame({"patient_id": [1, 2], "term": "fever", "grade": [6, 1]})
    with pytest.raises(InputError, match="none of 1 to 5"):
        highest_grades(events, 5)
    with pytest.raises(InputError, match="none of 1 to 5"):
        highest_grades(events.assign(grade=["mild", None]), 5)
    with pytest.raises(InputError, match="more patients"):
        highest_grades(events.assign(grade=1), 1)
    seen = pd.DataFrame({"patient_id": [1], "day": [1], "response": ["CR"]})
    with pytest.raises(InputError) as error:
        best_responses(seen, [2, 2], [1], ["PR"])
    assert len(error.value.problems) == 3


def test_a_large_table_of_assessments_takes_no_time() -> None:
    n = 100_000
    seen = pd.DataFrame({"patient_id": range(n), "day": 28, "response": "CR"})
    assert best_responses(seen, range(n), [28], ["CR"])["count"].tolist() == [n, 0]
