"""Everything that can be wrong with a cohort file: each gets its own message, with row, column, value and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cohort.making import ROWS, YAML, csv, problems, rows

# name: (changed cells or further columns, row, column, found, message, part of the remedy)
CELLS: dict[str, tuple[list[dict[str, str]], int, str, str, str, str]] = {
    "negative time": (
        [{"patient_id": "a", "OS_days": "-5", "OS_event": "0"}], 2, "OS_days", "-5", "the time is below 0",
        "write a time of 0 or more",
    ),
    "event 2 without a competing event": (
        rows({0: {"OS_event": "2"}}), 2, "OS_event", "2",
        "study.yaml declares no competing event for OS, so 2 has no meaning",
        "write 0 or 1, or name the event under endpoints.OS.competing in study.yaml; "
        "where a file codes 1 for censored and 2 for an event, recode it",
    ),
    "event 3 where 2 is the last": (
        rows(CIR_days=["60", "200", "50"], CIR_event=["1", "0", "3"]), 4, "CIR_event", "3",
        "the event code is not one of 0 censored, 1 relapse, 2 death without relapse", "endpoints.CIR.competing",
    ),
    "duplicated patient": (
        rows({2: {"patient_id": "a"}}), 4, "patient_id", "a", "the patient stands twice, first in row 2",
        "keep one row a patient",
    ),
    "EFS after OS": (
        rows({0: {"EFS_days": "101"}}), 2, "EFS_days", "101", "EFS goes on after OS, which ends on day 100",
        "correct EFS_days or OS_days",
    ),
    "death that is no EFS event": (
        rows({0: {"EFS_days": "100", "EFS_event": "0"}}), 2, "EFS_event", "0",
        "EFS is censored on day 100, the day of death, and death is one of its events", "write 1 in EFS_event",
    ),
    "CR = 0 with a relapse": (
        rows(relapse_days=["60", "", "28"]), 4, "relapse_days", "28",
        "a relapse stands beside cr = 0: without remission there is none", "correct cr, or empty the cell",
    ),
    "a relapse beside an unknown remission": (
        rows({0: {"cr": ""}}, cri=["0", "0", "0"], relapse_days=["60", "", ""]), 2, "relapse_days", "60",
        "a relapse stands beside cr = (empty) and cri = 0: without remission there is none", "correct cr or cri",
    ),
    "a day of remission without one": (
        rows(response_days=["28", "28", "28"]), 4, "response_days", "28",
        "a day of remission stands beside cr = 0: without remission there is none", "correct cr",
    ),
    "CRS of grade 6": (
        rows(crs_grade=["6", "0", "1"]), 2, "crs_grade", "6", "the grade lies outside 0 to 5", "highest grade of CRS",
    ),
    "ICANS of grade 5": (
        rows(icans_grade=["0", "5", "1"]), 3, "icans_grade", "5", "the grade lies outside 0 to 4", "ICANS",
    ),
    "aGVHD of grade 5": (
        rows(agvhd_grade=["0", "5", "1"]), 3, "agvhd_grade", "5", "the grade lies outside 0 to 4", "acute GVHD",
    ),
    "a Roman grade": (
        rows(agvhd_grade=["0", "III", "1"]), 3, "agvhd_grade", "III", "the grade is not written as a number", "write 3",
    ),
    "half a grade": (rows(crs_grade=["1.5", "0", "0"]), 2, "crs_grade", "1.5", "a grade is a whole number", "highest"),
    "an Excel date in place of a time": (
        rows({1: {"OS_days": "44197", "EFS_days": "10"}}), 3, "OS_days", "44197",
        "this is a date as Excel counts it, 2021-01-01, not a length of time", "name the column …_date",
    ),
    "an Excel date in place of a date": (
        [{"patient_id": "a", "infusion_date": "44197", "OS_date": "2021-06-01", "OS_event": "0"}], 2, "infusion_date",
        "44197", "this is a date as Excel counts it, a serial number of days",
        "format the column as yyyy-mm-dd before saving, here probably 2021-01-01",
    ),
    "a date in another order": (
        [{"patient_id": "a", "infusion_date": "1/2/2021", "OS_date": "2021-06-01", "OS_event": "0"}], 2,
        "infusion_date", "1/2/2021", "the date is not written as yyyy-mm-dd", "year, month and day, with hyphens",
    ),
    "a date with a time of day": (
        [{"patient_id": "a", "infusion_date": "2021-01-02 00:00:00", "OS_date": "2021-06-01", "OS_event": "0"}], 2,
        "infusion_date", "2021-01-02 00:00:00", "the date has a time of day", "write 2021-01-02",
    ),
    "a date that does not exist": (
        [{"patient_id": "a", "infusion_date": "2021-02-30", "OS_date": "2021-06-01", "OS_event": "0"}], 2,
        "infusion_date", "2021-02-30", "there is no such date", "yyyy-mm-dd",
    ),
    "death before infusion": (
        [{"patient_id": "a", "infusion_date": "2021-03-01", "OS_date": "2021-02-01", "OS_event": "1"}], 2, "OS_date",
        "2021-02-01", "the date lies before infusion_date, 2021-03-01", "correct one of the two dates",
    ),
    "days that the dates contradict": (
        [{"patient_id": "a", "infusion_date": "2021-03-01", "OS_date": "2021-03-11", "OS_days": "11", "OS_event": "1"}],
        2, "OS_days", "11", "by the dates of the row the time is 10 days", "correct OS_days or one of the dates",
    ),
    "a date in place of a time": (
        rows({0: {"OS_days": "2021-03-01"}}), 2, "OS_days", "2021-03-01",
        "a date stands where a length of time belongs", "name the column …_date",
    ),
    "a time beyond reason": (
        rows({1: {"OS_days": "99999999"}}), 3, "OS_days", "1e+08", "the time is beyond 100 years", "its unit",
    ),
    "a comma in place of the point": (
        [{"patient_id": "a", "OS_days": '"12,5"', "OS_event": "1"}], 2, "OS_days", "12,5",
        "a comma stands where a decimal point belongs", "write 12.5",
    ),
    "a word in place of a value": (
        rows({0: {"OS_days": "unknown"}}), 2, "OS_days", "unknown", "the cell holds a word in place of a value",
        "leave it empty (or write NA) where nothing is known",
    ),
    "text in place of a time": (rows({0: {"OS_days": "x"}}), 2, "OS_days", "x", "this is no number", "plain digits"),
    "yes in place of 1": (rows({0: {"cr": "yes"}}), 2, "cr", "yes", "the cell holds neither 0 nor 1", "1 for yes"),
    "dead in place of 1": (rows({0: {"OS_event": "dead"}}), 2, "OS_event", "dead", "this is no event code", "write 1"),
    "half an event": (
        rows({0: {"OS_event": "0.5"}}), 2, "OS_event", "0.5", "an event code is a whole number from 0", "write 1",
    ),
    "a patient without a name": (
        rows({1: {"patient_id": ""}}), 3, "patient_id", "", "the patient has no patient_id", "number of the row",
    ),
    "an unknown level": (
        rows(donor=["sibling", "Haplo", "haplo"]), 3, "donor", "Haplo", "the value is not one of the levels",
        "did you mean haplo? Allowed are sibling, haplo",
    ),
    "sex as a number": (
        rows(sex=["1", "F", "M"]), 2, "sex", "1", "the sex is told in an unknown word", "write female or male",
    ),
    "an age of 200": (rows(age=["30", "200", "4"]), 3, "age", "200", "the age lies outside 0 to 120 years", "in years"),
    "transplantation after the end of follow-up": (
        rows(transplant_days=["", "201", ""]), 3, "transplant_days", "201",
        "the transplantation lies after the end of follow-up, day 200", "correct one of the two times",
    ),
    "relapse after the end of follow-up": (
        rows({0: {"EFS_event": "0", "EFS_days": "10"}}, relapse_days=["150", "", ""]), 2, "relapse_days", "150",
        "the relapse lies after the end of follow-up, day 100", "correct one of the two times",
    ),
    "survival beyond the end of follow-up": (
        rows(follow_up_days=["100", "190", "50"]), 3, "OS_days", "200",
        "OS goes on after the end of follow-up, day 190", "correct one of the two times",
    ),
    "EFS that goes on after relapse": (
        rows(relapse_days=["60", "150", ""]), 3, "EFS_days", "200",
        "EFS ends with the relapse of day 150, and relapse is one of its events", "correct relapse_days",
    ),
    "relapse before remission": (
        rows(response_days=["70", "28", ""], relapse_days=["60", "", ""]), 2, "relapse_days", "60",
        "the relapse lies before the remission of day 70", "correct one of the two times",
    ),
    "RFS beyond OS, counted from remission": (
        rows(response_days=["30", "30", ""], RFS_days=["71", "170", ""], RFS_event=["1", "0", ""]), 2, "RFS_days", "71",
        "RFS goes on after OS, which ends on day 100", "correct RFS_days or OS_days",
    ),
    "a reason of censoring beside an event": (
        rows(OS_reason=["lost", "alive", ""]), 2, "OS_reason", "lost", "a reason of censoring stands beside an event",
        "empty the cell, or correct OS_event",
    ),
    "a reason that nobody declared": (
        rows(OS_reason=["", "moved", ""]), 3, "OS_reason", "moved", "the value is not one of the levels", "alive, lost",
    ),
    "a best response that cr contradicts": (
        rows(best_response=["CR", "CR", "CR"]), 4, "best_response", "CR", "the best response is CR, but cr is 0",
        "correct best_response or cr",
    ),
    "no response, but cr": (
        rows(best_response=["CR", "NR", "NR"]), 3, "best_response", "NR", "the best response is NR, but cr is 1",
        "correct best_response or cr",
    ),
    "a response better than the best": (
        rows(best_response=["CR", "CR", "NR"], response_day_28=["CR", "CR", "PR"]), 4, "best_response", "NR",
        "the response on day 28, PR, is better than the best one", "lists `responses` best first",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CELLS)
def test_a_bad_cell_is_told_once_with_row_column_value_and_remedy(name: str, tmp_path: Path) -> None:
    content, row, column, found, message, remedy = CELLS[name]
    (problem,) = problems(tmp_path, content)
    assert (problem.file, problem.row, problem.column, problem.found) == ("rows.csv", row, column, found)
    assert problem.message == message
    assert remedy in problem.remedy
    assert str(problem).count("\n") == 1


SOUND = csv(ROWS)
# name: (bytes, row, column, message, part of the remedy)
FILES: dict[str, tuple[bytes, int | None, str, str, str]] = {
    "Latin-1": (
        SOUND.replace("a,100", "é,100").encode("latin-1"), 2, "",
        f"the file is not UTF-8: byte {SOUND.index('a,100') + 1} of the file cannot be read", "CSV UTF-8",
    ),
    "GB 18030": (
        ("patient_id,sex\n1,男\n").encode("gb18030"), 2, "",
        "the file is not UTF-8: byte 18 of the file cannot be read", "CSV UTF-8",
    ),
    "UTF-16": (SOUND.encode("utf-16"), None, "", "the file is UTF-16, not UTF-8 text", "plain text in UTF-8"),
    "a workbook under another name": (
        b"PK\x03\x04rest", None, "", "the file is an Excel workbook or zip file, not UTF-8 text", "UTF-8",
    ),
    "empty": (b"", 1, "", "the file is empty", "let row 1 name the columns"),
    "header only": (b"patient_id,OS_days,OS_event\n", None, "", "the file has a header but no patients", "one row per"),
    "semicolons": (SOUND.replace(",", ";").encode(), 1, "", "the columns are separated by semicolons", "by commas"),
    "tabs": (SOUND.replace(",", "\t").encode(), 1, "", "the columns are separated by tabs", "by commas"),
    "decimal commas without quotation marks": (
        b"patient_id,OS_days,OS_event\na,12,5,1\n", 2, "", "the row has 4 cells, the header names 3",
        "decimals take a point, not a comma",
    ),
    "a row cut short": (
        b"patient_id,OS_days,OS_event\na,12\n", 2, "", "the row has 2 cells, the header names 3",
        "an empty cell still takes its comma",
    ),
    "an open quotation mark": (
        b'patient_id,OS_days,OS_event\n"a,12,1\n', 2, "",
        "the table cannot be read on from here: unexpected end of data", "close every opened quotation mark",
    ),
    "a column twice": (
        b"patient_id,OS_days,OS_days,OS_event\na,1,1,1\n", 1, "OS_days",
        "the column stands twice in the header", "keep one",
    ),
    "a column without a name": (b"patient_id,,cr\na,1,1\n", 1, "", "column number 2 has no name", "name the column"),
    "a misspelt column": (
        b"patient_id,OS_days,OS_event,crs_grad\na,1,1,0\n", 1, "crs_grad", "unknown column",
        "did you mean crs_grade? Otherwise declare it under `covariates`",
    ),
    "no patient_id": (b"OS_days,OS_event\n1,1\n", 1, "patient_id", "the column patient_id is missing", "add it"),
    "an event without a time": (
        b"patient_id,OS_event\na,1\n", 1, "OS_event", "the column OS_event has no time beside it", "add OS_days",
    ),
    "a time without an event": (
        b"patient_id,OS_weeks\na,1\n", 1, "OS_weeks", "the column OS_weeks has no event beside it", "add OS_event",
    ),
    "a reason without an event": (
        b"patient_id,OS_reason\na,lost\n", 1, "OS_reason",
        "the column OS_reason has no event beside it", "add OS_event",
    ),
    "a time in two units": (
        b"patient_id,OS_weeks,OS_days,OS_event\na,1,7,1\n", None, "",
        "OS_days and OS_weeks state one time in two units", "keep one of them",
    ),
    "a date without the date of its origin": (
        b"patient_id,OS_date,OS_event\na,2021-01-01,1\n", None, "OS_date",
        "the column OS_date needs the date of its origin", "add the column infusion_date, or give OS_days",
    ),
    "weeks beside dates": (
        b"patient_id,infusion_date,OS_date,OS_weeks,OS_event\na,2021-01-01,2021-01-08,1,1\n", None, "OS_weeks",
        "the time stands in OS_weeks and follows from OS_date as well", "keep one of the two",
    ),
    "an endpoint whose subset has no column": (
        b"patient_id,RFS_days,RFS_event\na,5,1\n", 1, "cr",
        "endpoint RFS runs over rows chosen by cr, and there is no such column", "add the column",
    ),
    "a control character": (
        b"patient_id,site\na,x\x07y\n", 2, "site", "the cell holds the control character U+0007", "delete it",
    ),
    "a NUL": (b"patient_id,site\na,x\0y\n", 2, "", "the file holds a NUL character, as byte 20 of the file", "delete"),
    "a cell without an end": (
        b"patient_id,site\na," + b"x" * 1001 + b"\n", 2, "site", "the cell has 1,001 characters", "at most 1,000",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_told_once(name: str, tmp_path: Path) -> None:
    content, row, column, message, remedy = FILES[name]
    (problem,) = problems(tmp_path, content)
    assert (problem.file, problem.row, problem.column, problem.message) == ("rows.csv", row, column, message)
    assert remedy in problem.remedy


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("rows.xlsx", b"PK", "the file is an Excel workbook, which is not read"),
        ("rows.tsv", b"a\tb", "the file is a TSV file, which is not read"),
        ("rows.parquet", b"PAR1 nothing else", "the file is no Parquet file"),
    ],
)
def test_other_formats_are_named(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    from helpers.cohort import load_cohort
    from helpers.errors import InputError
    from tests.cohort.making import file, study

    with pytest.raises(InputError, match=message):
        load_cohort(study(tmp_path), file(tmp_path, content, name))


def test_a_file_that_is_not_there_and_a_folder(tmp_path: Path) -> None:
    from helpers.cohort import load_cohort
    from helpers.errors import InputError
    from tests.cohort.making import study

    with pytest.raises(InputError, match="none.csv: the file does not exist"):
        load_cohort(study(tmp_path), tmp_path / "none.csv")
    with pytest.raises(InputError, match="not a regular file"):
        load_cohort(study(tmp_path), tmp_path)


def test_a_file_of_100_megabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    from helpers.cohort import load_cohort
    from helpers.errors import InputError
    from tests.cohort.making import study

    with (tmp_path / "rows.csv").open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    with pytest.raises(InputError, match="too large: 104,857,600 bytes"):
        load_cohort(study(tmp_path), tmp_path / "rows.csv")


def test_all_problems_come_at_once_in_the_order_of_the_rows(tmp_path: Path) -> None:
    content = rows({0: {"OS_days": "x", "cr": "2"}, 1: {"EFS_days": "300"}, 2: {"patient_id": "a"}}, crs_grad=["1"] * 3)
    found = problems(tmp_path, content)
    assert [(p.row, p.column) for p in found] == [
        (1, "crs_grad"), (2, "OS_days"), (2, "cr"), (3, "EFS_days"), (4, "patient_id"),
    ]  # fmt: skip


def test_a_fault_in_every_row_is_told_a_hundred_times_and_counted(tmp_path: Path) -> None:
    content = "patient_id,OS_days,OS_event\n" + "".join(f"{i},x,7\n" for i in range(250))
    found = problems(tmp_path, content)
    assert len(found) == 2 * 101
    assert [p.message for p in found if p.row is None] == ["150 more rows are wrong in this column"] * 2


def test_an_endpoint_must_not_take_columns_that_mean_something_else(tmp_path: Path) -> None:
    yaml = YAML.replace("  CIR:", "  relapse:")
    (problem,) = problems(tmp_path, ROWS, yaml)
    assert (problem.file, problem.column) == ("study.yaml", "endpoints.relapse")
    assert "columns relapse_days and relapse_date of endpoint relapse have another meaning" in problem.message
