"""Everything that can be wrong with claims.csv gets one message: file, row, column, value found, remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.errors import InputError, Problem
from helpers.study import load_study
from helpers.study.claims import STATISTICS
from tests.study.folder import COUNT, HEADER, MEDIAN, SHARE, SOUND, table, write


def problems_of(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        load_study(folder)
    return caught.value.problems


# (row, column, found, part of the message, part of the remedy)
CELLS = {
    "no number": (SOUND | {"value": "abc"}, "value", "abc", "no number", "plain digits"),
    "exponent": (SOUND | {"value": "6e1"}, "value", "6e1", "no number", "plain digits"),
    "infinity": (SOUND | {"value": "inf"}, "value", "inf", "no number", "plain digits"),
    "not a number": (SOUND | {"at": "NaN"}, "at", "NaN", "no number", "plain digits"),
    "comma as decimal": (SOUND | {"value": "67,90"}, "value", "67,90", "a comma stands", "write 67.90"),
    "comma of thousands": (MEDIAN | {"value": "1,037"}, "value", "1,037", "a comma stands", "1037 if the comma"),
    "full-width digit": (SOUND | {"value": "６7.90"}, "value", "６7.90", "FULLWIDTH DIGIT SIX, U+FF16", "write 67.90"),
    "full-width percent": (SOUND | {"value": "67.90％"}, "value", "67.90％", "FULLWIDTH PERCENT SIGN", "write 67.90"),
    "raised dot": (SOUND | {"value": "67·90"}, "value", "67·90", "MIDDLE DOT", "write 67.90"),
    "percent sign": (SOUND | {"ci_low": "48.30%"}, "ci_low", "48.30%", "a % sign", "drop the % sign: write 48.30"),
    "plus sign": (SOUND | {"value": "+67.9"}, "value", "+67.9", "plus sign", "write 67.9"),
    "no leading digit": (SOUND | {"value": ".679"}, "value", ".679", "before the decimal point", "write 0.679"),
    "no decimals": (SOUND | {"value": "67."}, "value", "67.", "after the decimal point", "write 67"),
    "endless number": (SOUND | {"value": "1" * 31}, "value", "1" * 31, "more than 30", "the digits the paper prints"),
    "percentage above 100": (SOUND | {"value": "100.01"}, "value", "100.01", "above 100", "from 0 to 100"),
    "percentage below 0": (SOUND | {"ci_low": "-0.01"}, "ci_low", "-0.01", "below 0", "from 0 to 100"),
    "proportion above 1": (
        SOUND | {"value": "67.90", "ci_low": "", "ci_high": "", "unit": "proportion"},
        "value", "67.90", "proportion is above 1", "unit percent",
    ),
    "proportion below 0": (
        SOUND | {"value": "-0.1", "ci_low": "", "ci_high": "", "unit": "proportion"},
        "value", "-0.1", "proportion is below 0", "from 0 to 1",
    ),
    "share above 100": (SHARE | {"value": "181.82"}, "value", "181.82", "percentage is above 100", "from 0 to 100"),
    "count above the study's n": (COUNT | {"count": "23"}, "count", "23", "above the n of the study, 22", "0 to 22"),
    "count above the row's n": (COUNT | {"n": "5", "count": "6"}, "count", "6", "above the n of the row, 5", "0 to 5"),
    "count with decimals": (COUNT | {"count": "3.0"}, "count", "3.0", "no whole number", "whole number"),
    "negative count": (COUNT | {"count": "-1"}, "count", "-1", "outside 0", "number of patients"),
    "n below 1": (COUNT | {"n": "0"}, "n", "0", "outside 1 to 10,000,000", "number of patients"),
    "n beyond reason": (COUNT | {"n": "10000001"}, "n", "10000001", "outside 1 to 10,000,000", "number of patients"),
    "NR for a survival": (SOUND | {"ci_high": "NR"}, "ci_high", "NR", "only for a median", "leave the cell empty"),
    "NR for a count": (COUNT | {"count": "NR"}, "count", "NR", "only for a median", "leave the cell empty"),
    "not reached in words": (MEDIAN | {"value": "not reached"}, "value", "not reached", "no number", "NR or NE"),
    "unknown statistic": (COUNT | {"statistic": "cuont"}, "statistic", "cuont", "unknown statistic", "mean count?"),
    "no statistic": (COUNT | {"statistic": ""}, "statistic", "", "names no statistic", "Allowed are survival"),
    "unknown endpoint": (SOUND | {"endpoint": "os"}, "endpoint", "os", "unknown endpoint", "mean OS?"),
    "endpoint missing": (SOUND | {"endpoint": ""}, "endpoint", "", "survival needs endpoint", "of study.yaml"),
    "median without endpoint": (MEDIAN | {"endpoint": ""}, "endpoint", "", "median needs endpoint", "of study.yaml"),
    "time missing": (SOUND | {"at": ""}, "at", "", "survival needs at", "the time"),
    "unit of time missing": (SOUND | {"at_unit": ""}, "at_unit", "", "survival needs at_unit", "day, week, month"),
    "unit missing": (SOUND | {"unit": ""}, "unit", "", "survival needs unit", "percent, proportion"),
    "median without unit": (MEDIAN | {"unit": ""}, "unit", "", "median needs unit", "day, week, month, year"),
    "follow-up without unit": (
        MEDIAN | {"statistic": "follow_up", "unit": ""}, "unit", "", "follow_up needs unit", "day, week, month, year",
    ),
    "share without unit": (SHARE | {"unit": ""}, "unit", "", "unit of the estimate is missing", "percent, proportion"),
    "at risk without time": (
        COUNT | {"statistic": "at_risk", "endpoint": "OS", "at_unit": "day"}, "at", "", "at_risk needs at", "the time",
    ),
    "events without endpoint": (COUNT | {"statistic": "events"}, "endpoint", "", "events needs endpoint", "study.yaml"),
    "count without count": (COUNT | {"count": ""}, "count", "", "count needs count", "number of patients"),
    "unknown unit": (SOUND | {"unit": "percnt"}, "unit", "percnt", "unknown unit", "mean percent?"),
    "percent sign as unit": (SOUND | {"unit": "%"}, "unit", "%", "unknown unit", "mean percent?"),
    "plural unit of time": (SOUND | {"at_unit": "months"}, "at_unit", "months", "unknown unit", "mean month?"),
    "unit that does not fit": (SOUND | {"unit": "day"}, "unit", "day", "does not fit the statistic", "percent"),
    "time without unit": (COUNT | {"at": "3"}, "at_unit", "", "unit of the time is missing", "day, week, month"),
    "unit without time": (COUNT | {"at_unit": "day"}, "at", "", "a unit of time without a time", "empty at_unit"),
    "negative time": (SOUND | {"at": "-6"}, "at", "-6", "the time is below 0", "0 or more"),
    "time beyond reason": (SOUND | {"at": "1201"}, "at", "1201", "beyond 100 years", "check the number"),
    "median beyond reason": (MEDIAN | {"value": "36526"}, "value", "36526", "beyond 100 years", "check the number"),
    "nothing printed": (
        SOUND | {"value": "", "ci_low": "", "ci_high": ""}, "value", "", "no printed number", "a count or an interval",
    ),
    "column that does not apply": (COUNT | {"value": "3"}, "value", "3", "does not apply", "leave the cell empty"),
    "level as a proportion": (SOUND | {"ci_level": "0.95"}, "ci_level", "0.95", "confidence level", "e.g. 95"),
    "level of 100": (SOUND | {"ci_level": "100"}, "ci_level", "100", "confidence level", "e.g. 95"),
    "id with a blank": (COUNT | {"id": "os 6mo"}, "id", "os 6mo", "not of the allowed form", "letters A-Z"),
    "id that is a path": (COUNT | {"id": "../x"}, "id", "../x", "not of the allowed form", "letters A-Z"),
    "no id": (COUNT | {"id": ""}, "id", "", "has no id", "letters A-Z"),
    "endless field": (COUNT | {"note": "x" * 10_001}, "note", "x" * 10_001, "10,001 characters", "at most 10,000"),
    "escape sequence": (COUNT | {"note": "\x1b[31m"}, "note", "\x1b[31m", "U+001B", "delete it"),
}  # fmt: skip


@pytest.mark.parametrize("case", CELLS)
def test_one_wrong_cell_gives_one_message(tmp_path: Path, case: str) -> None:
    row, column, found, message, remedy = CELLS[case]
    folder = write(tmp_path / "s", claims=table(SOUND | {"id": "sound"}, row))
    (problem,) = problems_of(folder)
    assert problem.file.endswith("claims.csv")
    assert (problem.row, problem.column, problem.found) == (3, column, found)
    assert message in problem.message
    assert remedy in problem.remedy
    assert str(problem).count("\n") == 1


COUNT_ROW = "icans,,count,,,,0,,,,,,,"
FILES: dict[str, tuple[str | bytes, int | None, str, str | None, str, str]] = {
    "unknown column": (f"{HEADER},remrk\n{COUNT_ROW},x\n", 1, "remrk", "remrk", "unknown column", "The columns are"),
    "misspelt column": (
        f"{HEADER.replace('value', 'valeu')}\n{COUNT_ROW}\n", 1, "valeu", "valeu", "unknown column", "mean value?",
    ),
    "column twice": (f"{HEADER},note\n{COUNT_ROW},\n", 1, "note", "note", "stands twice", "delete one"),
    "column missing": ("id,count\nicans,0\n", 1, "statistic", None, "column statistic is missing", "name the columns"),
    "unnamed column": (f"{HEADER},\n{COUNT_ROW},\n", 1, "", "", "column number 15 has no name", "delete it"),
    "semicolons": ("id;statistic\na;b\n", 1, "", "id;statistic", "separated by semicolons", "commas"),
    "ragged row": (f"{HEADER}\n{COUNT_ROW}\n{COUNT_ROW},extra\n", 3, "", "extra", "15 cells", "surplus comma"),
    "surplus empty cell": (f"{HEADER}\n{COUNT_ROW},\n", 2, "", "", "15 cells", "surplus comma"),
    "id twice": (f"{HEADER}\n{COUNT_ROW}\n\n{COUNT_ROW}\n", 4, "id", "icans", "first in row 2", "its own id"),
    "open quotation": (f'{HEADER}\n{COUNT_ROW}\na,"b\n', 3, "", None, "cannot be read on", "quotation mark"),
    "field of a million": (f"{HEADER}\na,{'b' * 1_000_000}\n", 2, "", None, "more than 10,000 characters", "quotation"),
    "empty file": ("", 1, "", None, "the file is empty", "name the columns: id,endpoint"),
    "no claims": (f"{HEADER}\n", None, "", None, "no claims", "one row per printed statement"),
    "NUL": (f"{HEADER}\nicans,\0\n", 2, "", "\0", f"byte {len(HEADER) + 8} ", "delete the character"),
    "Latin-1": (f"{HEADER}\né\n".encode("latin-1"), 2, "", "0xE9", f"byte {len(HEADER) + 2} ", "encoding UTF-8"),
    "UTF-16": (HEADER.encode("utf-16"), None, "", None, "UTF-16", "UTF-8"),
    "workbook": (b"PK\x03\x04" + bytes(20), None, "", None, "Excel workbook", "UTF-8"),
    "too large": (b"x" * (5 * 1024 * 1024 + 1), None, "", None, "5,242,881 bytes", "one row per printed"),
}  # fmt: skip


@pytest.mark.parametrize("case", FILES)
def test_one_wrong_table_gives_one_message(tmp_path: Path, case: str) -> None:
    content, row, column, found, message, remedy = FILES[case]
    (problem,) = problems_of(write(tmp_path / "s", claims=content))
    assert problem.file.endswith("claims.csv")
    assert (problem.row, problem.column, problem.found) == (row, column, found)
    assert message in problem.message
    assert remedy in problem.remedy


def test_a_table_of_too_many_rows_is_given_up(tmp_path: Path) -> None:
    rows = "".join(f"c{i},,count,,,,0\n" for i in range(10_001))
    (problem,) = problems_of(write(tmp_path / "s", claims=f"{HEADER}\n{rows}"))
    assert "more than 10,000 rows" in problem.message
    assert problem.row == 10_002


def test_a_file_of_100_megabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    folder = write(tmp_path / "s")
    with (folder / "claims.csv").open("r+b") as stream:
        stream.truncate(100 * 1024 * 1024)
    (problem,) = problems_of(folder)
    assert "104,857,600 bytes" in problem.message


def test_rows_are_checked_under_a_misspelt_column(tmp_path: Path) -> None:
    text = table(SOUND | {"value": "abc"}).replace("value", "valeu")
    assert [(p.row, p.column) for p in problems_of(write(tmp_path / "s", claims=text))] == [(1, "valeu"), (2, "value")]


def test_every_statistic_is_known_and_no_other() -> None:
    names = "survival median follow_up proportion count at_risk events censored"
    assert set(STATISTICS) == set(names.split())
