"""The table of adverse events beside a cohort file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from helpers.cohort import Cohort, load_cohort
from helpers.errors import InputError, Problem
from tests.cohort.making import ROWS, file, rows, study

SOUND = "patient_id,term,grade,day\nb,Infection,3,12\na,Fever,1,0\nb,Infection,3,12\nc,Neutropenia,,\n"


def load(folder: Path, events: str, name: str = "adverse_events.csv", **options: object) -> Cohort:
    file(folder, events, name)
    return load_cohort(study(folder), file(folder, ROWS), **options)  # type: ignore[arg-type]


def problems(folder: Path, events: str) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        load(folder, events)
    return caught.value.problems


def test_it_is_found_beside_the_cohort_and_takes_its_numbers(tmp_path: Path) -> None:
    cohort = load(tmp_path, SOUND)
    events = cohort.adverse_events
    assert events is not None
    assert events["patient_id"].tolist() == ["P02", "P01", "P02", "P03"]
    assert events["term"].tolist() == ["Infection", "Fever", "Infection", "Neutropenia"]
    assert events["grade"].tolist() == [3, 1, 3, pd.NA]
    assert events["day"].tolist()[:3] == [12.0, 0.0, 12.0]
    assert {str(events[n].dtype) for n in ("term", "grade", "day")} == {"string", "Int64", "float64"}
    assert "adverse_events.csv: 1 rows repeat another one exactly; all of them are kept" in cohort.notes


def test_it_may_be_named(tmp_path: Path) -> None:
    file(tmp_path, SOUND, "ae.csv")
    cohort = load_cohort(study(tmp_path), file(tmp_path, ROWS), adverse_events=tmp_path / "ae.csv")
    assert cohort.adverse_events is not None
    with pytest.raises(InputError, match="does not exist"):
        load_cohort(study(tmp_path), file(tmp_path, ROWS), adverse_events=tmp_path / "none.csv")


def test_dates_count_from_the_patients_origin(tmp_path: Path) -> None:
    dated = [row | {"infusion_date": f"2020-01-0{i}"} for i, row in enumerate(ROWS, 1)]
    file(tmp_path, "patient_id,term,date\nb,Infection,2020-01-12\na,Fever,\n", "adverse_events.csv")
    cohort = load_cohort(study(tmp_path), file(tmp_path, dated))
    assert cohort.adverse_events is not None
    assert cohort.adverse_events["day"].tolist()[0] == 10.0


@pytest.mark.parametrize(
    ("row", "line", "column", "message"),
    [
        ("x,Fever,1,0", 2, "patient_id", "there is no such patient in rows.csv"),
        ("a,,1,0", 2, "term", "the adverse event has no term"),
        ("a,Fever,6,0", 2, "grade", "the grade lies outside 1 to 5"),
        ("a,Fever,0,0", 2, "grade", "the grade lies outside 1 to 5"),
        ("a,Fever,IV,0", 2, "grade", "the grade is not written as a number"),
        ("a,Fever,1,-1", 2, "day", "the day is below 0"),
        ("a,Fever,1,101", 2, "day", "the day lies after the end of the patient's follow-up, day 100"),
        ("a,Fever,1,2020-01-01", 2, "day", "a date stands where a length of time belongs"),
        ("a,call 13812345678,1,1", 2, "term", "the column holds what looks like a mobile telephone number"),
    ],
)
def test_bad_rows_are_told(tmp_path: Path, row: str, line: int, column: str, message: str) -> None:
    (problem,) = problems(tmp_path, f"patient_id,term,grade,day\n{row}\n")
    assert (problem.file, problem.row, problem.column) == ("adverse_events.csv", line, column)
    assert problem.message == message


def test_bad_headers_are_told(tmp_path: Path) -> None:
    found = problems(tmp_path, "patient_id,grad,Name\na,1,x\n")
    assert {(p.column, p.message) for p in found} == {
        ("Name", "the name of the column says that it identifies patients"),
        ("grad", "unknown column"),
        ("term", "the column term is missing"),
    }
    (problem,) = problems(tmp_path, "patient_id,term,date\na,Fever,2020-01-01\n")
    assert problem.message == "the column date needs the column infusion_date of rows.csv"


def test_its_problems_come_together_with_those_of_the_cohort(tmp_path: Path) -> None:
    file(tmp_path, "patient_id,term,grade\na,Fever,9\n", "adverse_events.csv")
    with pytest.raises(InputError) as caught:
        load_cohort(study(tmp_path), file(tmp_path, rows({0: {"cr": "2"}})))
    assert [p.file for p in caught.value.problems] == ["rows.csv", "adverse_events.csv"]


def test_the_invented_example_is_not_read_beside_real_rows(tmp_path: Path) -> None:
    cohort = load(tmp_path, "# INVENTED EXAMPLE: not real\n" + SOUND)
    assert cohort.adverse_events is None
    assert cohort.notes == ("adverse_events.csv is still the invented example of the template and was not read",)


def test_allowed_identifiers_are_dropped_here_too(tmp_path: Path) -> None:
    events = "patient_id,term,grade,姓名\na,Fever,1,王小明\n"
    cohort = load(tmp_path, events, allow_identifiers=True)
    assert cohort.adverse_events is not None
    assert list(cohort.adverse_events.columns) == ["patient_id", "term", "grade", "day"]
    assert cohort.notes == ("columns that identify patients were dropped while reading: 姓名",)
