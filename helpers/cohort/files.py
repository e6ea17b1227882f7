"""A cohort file as columns of text: CSV in UTF-8 or Parquet, read whole, every row with its line in the file."""

from __future__ import annotations

import csv
import io
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from helpers.errors import InputError, Problem, shorten
from helpers.study.files import decode

MAX_BYTES = 64 * 1024 * 1024
MAX_ROWS = 1_000_000
MAX_COLUMNS = 500
MAX_FIELD = 1_000
MAX_TOLD = 50
INVENTED = "INVENTED EXAMPLE"
NOTE = "note: "
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029]")
_OTHER_FORMATS = {
    ".xlsx": "an Excel workbook", ".xls": "an Excel workbook", ".ods": "a spreadsheet", ".sav": "an SPSS file",
    ".sas7bdat": "a SAS file", ".dta": "a Stata file", ".rds": "an R file", ".rda": "an R file", ".tsv": "a TSV file",
}  # fmt: skip

Texts = NDArray[np.object_]


@dataclass(frozen=True)
class TextTable:
    """A table as it stands in a file.

    `columns` maps each name of the header to its cells, shape (rows,), blanks stripped, missing ones empty; `lines`
    has the line of the file on which each row begins (in Parquet: the number of the row). `comments` are the lines
    above the header without their ``#``; `empty` the lines of rows without any content.
    """

    name: str
    columns: dict[str, Texts]
    lines: NDArray[np.int64]
    comments: tuple[str, ...] = ()
    empty: tuple[int, ...] = ()
    problems: list[Problem] = field(default_factory=list)

    @property
    def invented(self) -> bool:
        """Whether the file says of itself that its rows are invented."""
        return any(comment.startswith(INVENTED) for comment in self.comments)

    @property
    def notes(self) -> tuple[str, ...]:
        """Comments that are notes of this suite on how the file was made."""
        return tuple(comment.removeprefix(NOTE) for comment in self.comments if comment.startswith(NOTE))


def says_invented(path: Path) -> bool:
    """Whether a CSV file says in the comments above its header that its rows are invented; reads no further."""
    try:
        with path.open("rb") as stream:
            begin = stream.read(4096).decode("utf-8-sig", "replace")
    except OSError:
        return False
    return any(comment.startswith(INVENTED) for comment in _comments(begin)[0])


def read_table(path: Path) -> TextTable:
    """Read a CSV or Parquet file as text.

    Raises
    ------
    InputError
        The file is missing, too large, of another format, not UTF-8, or has no usable header. What is wrong with
        single rows is collected in `problems` instead.
    """
    raw = _bytes(path)
    if path.suffix.lower() in (".parquet", ".pq") or raw.startswith(b"PAR1"):
        from helpers.cohort.parquet import read_parquet

        return read_parquet(raw, path.name)
    return read_csv_text(decode(raw, path.name), path.name)


def _bytes(path: Path) -> bytes:
    name = path.name
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InputError(Problem("this is not a regular file", "name a CSV or Parquet file", name))
        kind = _OTHER_FORMATS.get(path.suffix.lower())
        if kind is not None:
            remedy = "save it as CSV in UTF-8 (in Excel: CSV UTF-8), or as Parquet"
            raise InputError(Problem(f"the file is {kind}, which is not read", remedy, name))
        if status.st_size > MAX_BYTES:
            raise _too_large(name, status.st_size)
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputError(Problem("the file does not exist", "check its path", name, found=str(path))) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not possible"
        raise InputError(Problem(f"cannot be read: {reason}", "check the file and its permissions", name)) from None
    if len(raw) > MAX_BYTES:
        raise _too_large(name, len(raw))
    return raw


def _too_large(name: str, size: int) -> InputError:
    remedy = "keep one row per patient and the columns that are analysed, or save it as Parquet"
    return InputError(Problem(f"the file is too large: {size:,} bytes; at most {MAX_BYTES:,} are read", remedy, name))


def too_many_rows(name: str) -> InputError:
    """The error for a table that is beyond what is read."""
    return InputError(Problem(f"the table has more than {MAX_ROWS:,} rows", "keep one row per patient", name))


def read_csv_text(text: str, name: str) -> TextTable:
    """Split the text of a CSV file into columns; comments may stand above its header."""
    comments, text, skipped = _comments(text)
    problems: list[Problem] = []
    records: list[list[str]] = []
    lines: list[int] = []
    empty: list[int] = []
    header: list[str] | None = None
    for line, record in _records(text, skipped, name, problems):
        cells = [cell.strip() for cell in record]
        if not any(cells):
            empty += [line] if header is not None else []
        elif header is None:
            header = cells
            problems += header_problems(header, line, name)
            if problems:
                raise InputError(problems)
        elif len(cells) != len(header):
            problems.append(_ragged(cells, header, line, name))
        else:
            records.append(cells)
            lines.append(line)
            if len(records) > MAX_ROWS:
                raise too_many_rows(name)
    if header is None:
        raise InputError(problems or Problem("the file is empty", "let row 1 name the columns", name, 1))
    columns = _columns(header, records)
    begins = np.array(lines, dtype=np.int64)
    problems = [*problems[:MAX_TOLD], *_more(problems, name), *bad_cells(columns, begins, name)]
    return TextTable(name, columns, begins, comments, tuple(empty), problems)


def _more(problems: list[Problem], name: str) -> list[Problem]:
    more = len(problems) - MAX_TOLD
    return [Problem(f"{more:,} more rows cannot be read", "check the rows told above", name)] if more > 0 else []


def _comments(text: str) -> tuple[tuple[str, ...], str, int]:
    """The comment lines above the header, the text without them, and how many lines they take.

    A spreadsheet that saved the file may have put quotation marks around a comment and commas after it.
    """
    found: list[str] = []
    while True:
        line, end, rest = _first_line(text)
        if not line.lstrip('"').startswith("#"):
            return tuple(found), text, len(found)
        bare = line.rstrip(",;").strip('"').replace('""', '"')
        found.append(bare.lstrip("#").strip())
        text = rest
        if not end:
            return tuple(found), text, len(found)


def _first_line(text: str) -> tuple[str, str, str]:
    match = re.search(r"\r\n|\r|\n", text)
    return (text[: match.start()], match[0], text[match.end() :]) if match else (text, "", "")


def _records(text: str, skipped: int, name: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it begins; a fault of the CSV itself ends them with a problem."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = skipped + 1
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = f"the table cannot be read on from here: {shorten(str(error))}"
            remedy = "close every opened quotation mark, and double those that stand inside a quoted cell"
            problems.append(Problem(message, remedy, name, start))
            return
        yield start, record
        start = skipped + reader.line_num + 1


def header_problems(header: list[str], line: int | None, name: str) -> list[Problem]:
    """What makes a header unusable: another separator, too many columns, names that are empty or stand twice."""
    if len(header) == 1:
        for mark, called in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
            if mark in header[0]:
                message = f"the columns are separated by {called}"
                return [Problem(message, "separate them by commas", name, line, found=header[0])]
    if len(header) > MAX_COLUMNS:
        message = f"the header has {len(header):,} columns"
        return [Problem(message, f"keep the columns that are analysed, at most {MAX_COLUMNS}", name, line)]
    problems = []
    for position, column in enumerate(header, 1):
        if not column:
            remedy = "name the column or delete it"
            problems.append(Problem(f"column number {position} has no name", remedy, name, line, found=""))
        elif column in header[: position - 1]:
            message = "the column stands twice in the header"
            problems.append(Problem(message, "keep one of the two", name, line, shorten(column), column))
    return problems


def _ragged(cells: list[str], header: list[str], line: int, name: str) -> Problem:
    message = f"the row has {len(cells)} cells, the header names {len(header)}"
    if len(cells) > len(header):
        remedy = "remove the surplus comma, or put a text that holds commas into quotation marks"
        if any(re.fullmatch(r"-?\d+", a) and re.fullmatch(r"\d+", b) for a, b in zip(cells, cells[1:], strict=False)):
            remedy += "; decimals take a point, not a comma"
        return Problem(message, remedy, name, line, found=",".join(cells[len(header) :]))
    return Problem(message, "complete the row: an empty cell still takes its comma", name, line)


def _columns(header: list[str], records: list[list[str]]) -> dict[str, Texts]:
    cells = np.empty((len(records), len(header)), dtype=object)
    if records:
        cells[:] = records
    return {column: cells[:, position] for position, column in enumerate(header)}


def bad_cells(columns: dict[str, Texts], lines: NDArray[np.int64], name: str) -> list[Problem]:
    """Cells that are too long, or hold control characters."""
    problems: list[Problem] = []
    for column, cells in columns.items():
        if not (_CONTROL.search("".join(cells)) or max(map(len, cells), default=0) > MAX_FIELD):
            continue
        for line, cell in zip(lines.tolist(), cells, strict=True):
            if len(cell) > MAX_FIELD:
                message = f"the cell has {len(cell):,} characters"
                problems.append(Problem(message, f"write at most {MAX_FIELD:,}", name, line, shorten(column), cell))
            elif (bad := _CONTROL.search(cell)) is not None:
                message = f"the cell holds the control character U+{ord(bad[0]):04X}"
                problems.append(Problem(message, "delete it", name, line, shorten(column), cell))
            if len(problems) >= MAX_TOLD:
                return problems
    return problems
