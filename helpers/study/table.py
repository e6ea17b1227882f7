"""claims.csv as rows of named text cells; what is wrong with the table itself is collected, not raised."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from helpers.errors import Problem, nearest, shorten

COLUMNS = (
    "id",
    "endpoint",
    "statistic",
    "at",
    "at_unit",
    "n",
    "count",
    "value",
    "ci_low",
    "ci_high",
    "ci_level",
    "unit",
    "source",
    "note",
)
REQUIRED_COLUMNS = ("id", "statistic")
MAX_FIELD = 10_000
MAX_ROWS = 10_000
MAX_COLUMNS = 100


@dataclass(frozen=True)
class Row:
    """One row: its line in the file and its cells, every column of `COLUMNS` present, blanks stripped."""

    line: int
    cells: Mapping[str, str]


def read_table(text: str, file: str) -> tuple[list[Row], list[Problem]]:
    """Split the text of a claims.csv into rows.

    Columns may stand in any order and optional ones may be missing, as may the last cells of a row. A row
    whose cells are all empty is skipped; one with a fault is left out and described in the problems.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    rows: list[Row] = []
    problems: list[Problem] = []
    start = 1
    try:
        for record in reader:
            line, start = start, reader.line_num + 1
            cells = [cell.strip() for cell in record]
            if header is None:
                problems = _check_header(cells, line, file)
                header = _meant(cells)
                if not set(REQUIRED_COLUMNS) <= set(header):
                    return [], problems
            elif any(cells):
                faults = _check_cells(cells, header, line, file)
                problems += faults
                if not faults:
                    padded = dict.fromkeys(COLUMNS, "") | dict(zip(header, cells, strict=False))
                    rows.append(Row(line, padded))
                if len(rows) + len(problems) > MAX_ROWS:
                    problems.append(
                        Problem(
                            f"the table has more than {MAX_ROWS:,} rows",
                            "keep one row per printed statement",
                            file,
                            line,
                        )
                    )
                    break
    except csv.Error as error:
        if "field limit" in str(error):
            message = f"a cell has more than {MAX_FIELD:,} characters"
        else:
            message = f"the table cannot be read on from here: {shorten(str(error))}"
        remedy = "close every opened quotation mark, and double those that stand inside a quoted cell"
        problems.append(Problem(message, remedy, file, start))
    if header is None and not problems:
        problems.append(Problem("the file is empty", f"let row 1 name the columns: {','.join(COLUMNS)}", file, 1))
    return rows, problems


def _meant(header: list[str]) -> list[str]:
    """The header with misspelt columns as they were probably meant, so that the rows can still be checked."""
    if len(header) > MAX_COLUMNS:
        return []
    absent = [name for name in COLUMNS if name not in header]
    return [name if name in COLUMNS else nearest(name[:100], absent) or "" for name in header]


def _check_header(header: list[str], line: int, file: str) -> list[Problem]:
    """Unknown, repeated and missing columns."""
    if len(header) == 1:
        for mark, name in ((";", "semicolons"), ("\t", "tabs")):
            if mark in header[0]:
                found = header[0]
                return [
                    Problem(
                        f"the columns are separated by {name}",
                        "separate them by commas",
                        file,
                        line,
                        found=found,
                    )
                ]
    if len(header) > MAX_COLUMNS:
        remedy = f"let row 1 name the columns: {','.join(COLUMNS)}"
        return [Problem(f"the header has {len(header):,} columns", remedy, file, line, found=",".join(header[:20]))]
    problems = []
    for position, name in enumerate(header, 1):
        if not name:
            problems.append(
                Problem(
                    f"column number {position} has no name",
                    "name the column or delete it",
                    file,
                    line,
                    found="",
                )
            )
        elif name not in COLUMNS:
            close = nearest(name[:100], COLUMNS)
            hint = f"did you mean {close}? " if close else ""
            problems.append(
                Problem(
                    "unknown column",
                    f"{hint}The columns are {', '.join(COLUMNS)}",
                    file,
                    line,
                    shorten(name),
                    name,
                )
            )
    for name in sorted({name for name in header if name in COLUMNS and header.count(name) > 1}):
        problems.append(
            Problem("the column stands twice in the header", "delete one of the two", file, line, name, name)
        )
    known = _meant(header)
    for name in REQUIRED_COLUMNS:
        if name not in known:
            remedy = f"let row 1 name the columns: {','.join(COLUMNS)}"
            problems.append(Problem(f"the column {name} is missing", remedy, file, line, name))
    return problems


def _check_cells(cells: list[str], header: list[str], line: int, file: str) -> list[Problem]:
    """Too many cells, cells that are too long, control characters."""
    if len(cells) > len(header):
        return [
            Problem(
                f"the row has {len(cells)} cells, the header only {len(header)}",
                "remove the surplus comma, or put a text that holds commas into quotation marks",
                file,
                line,
                found=",".join(cells[len(header) :]),
            )
        ]
    problems = []
    for column, cell in zip(header, cells, strict=False):
        if len(cell) > MAX_FIELD:
            problems.append(
                Problem(
                    f"the cell has {len(cell):,} characters",
                    f"write at most {MAX_FIELD:,}",
                    file,
                    line,
                    column,
                    cell,
                )
            )
            continue
        control = next((c for c in cell if unicodedata.category(c) == "Cc" and c not in "\t\r\n"), None)
        if control is not None:
            problems.append(
                Problem(
                    f"the cell holds the control character U+{ord(control):04X}",
                    "delete it",
                    file,
                    line,
                    column,
                    cell,
                )
            )
    return problems
