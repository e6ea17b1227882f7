"""One cell of a cohort file as a value, or one clear sentence on why it is none. Nothing is guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from helpers.cohort.files import Texts
from helpers.errors import Problem, shorten
from helpers.spreadsheet import unshielded
from helpers.study.cells import Flaw, read_number
from helpers.study.rules import MAX_YEARS

MISSING = ("", "NA")
MAX_DAYS = MAX_YEARS * 365.25
MOST_ALIKE = 100
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_DATE_LIKE = re.compile(
    r"\d{1,4}[-/.年]\s?(?:\d{1,2}|[A-Za-z]{3,9}\.?)[-/.月]\s?\d{1,4}日?(?:[ T].*)?"
    r"|\d{1,2}[-. ][A-Za-z]{3,9}[-., ]+\d{2,4}"
)
_WORDS = "n/a nan none null nil unknown unk missing na. . .. - -- ? nr ne 无 缺失 不详 未知 未查 未评估"
_MISSING_WORDS = frozenset(_WORDS.split())
_EXCEL_ZERO, _EXCEL_FIRST, _EXCEL_LAST = date(1899, 12, 30), 20_000, 60_000
_ROMAN = {"0": 0, "I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "Ⅴ": 5}
_FLAGS = {"0": 0, "1": 1, "0.0": 0, "1.0": 1, "FALSE": 0, "TRUE": 1, "False": 0, "True": 1, "false": 0, "true": 1}
_SEX = {"female": "female", "f": "female", "女": "female", "male": "male", "m": "male", "男": "male"}

Parser = Callable[[str], "Any | Flaw"]


@dataclass(frozen=True)
class Parsed:
    """The values of one column, shape (rows,), None where a cell is missing or flawed; `flawed` marks the latter."""

    values: Texts
    flawed: NDArray[np.bool_]
    problems: list[Problem]


def parse(cells: Texts, parser: Parser, column: str, lines: NDArray[np.int64], file: str) -> Parsed:
    """Read every cell of a column; each distinct text is read once."""
    known: dict[str, Any] = {text: None for text in MISSING}
    values = np.empty(len(cells), dtype=object)
    for i, text in enumerate(cells):
        if text not in known:
            value = parser(text)
            known[text] = (_missing_word(text) or value) if isinstance(value, Flaw) else value
        values[i] = known[text]
    if not any(isinstance(value, Flaw) for value in known.values()):
        return Parsed(values, np.zeros(len(cells), dtype=bool), [])
    flawed = np.array([isinstance(value, Flaw) for value in values], dtype=bool)
    problems = [
        Problem(values[i].message, values[i].remedy, file, int(lines[i]), column, cells[i])
        for i in np.flatnonzero(flawed)[:MOST_ALIKE]
    ]
    problems += more(int(flawed.sum()), column, file)
    values[flawed] = None
    return Parsed(values, flawed, problems)


def more(count: int, column: str, file: str) -> list[Problem]:
    """A last problem where more cells of a column are wrong than are told one by one."""
    rest = count - MOST_ALIKE
    message = f"{rest:,} more rows are wrong in this column"
    return [Problem(message, "mend the column as told above", file, None, column)] if rest > 0 else []


def _missing_word(text: str) -> Flaw | None:
    """A word that stands for "missing" in some files: it is not guessed that it does in this one."""
    if text.casefold() not in _MISSING_WORDS:
        return None
    return Flaw("the cell holds a word in place of a value", "leave it empty (or write NA) where nothing is known")


def number(text: str) -> float | Flaw:
    """A plain decimal number.

    >>> number("12.5"), number("12,5").remedy
    (12.5, 'write 12.5')
    """
    if _DATE_LIKE.fullmatch(text):
        return Flaw("a date stands where a number belongs", "write a number here")
    read = read_number(text)
    return read if isinstance(read, Flaw) else float(read.text) + 0.0


def time(text: str) -> float | Flaw:
    """A length of time; a date in its place is named as such."""
    if _DATE_LIKE.fullmatch(text):
        return Flaw(
            "a date stands where a length of time belongs",
            "write the time since the origin, or name the column …_date and add the date of the origin",
        )
    return number(text)


def excel_date(value: float) -> date | None:
    """The date that a number is in Excel, if it can be one of the years 1954 to 2064.

    >>> excel_date(44197).isoformat()
    '2021-01-01'
    """
    return _EXCEL_ZERO + timedelta(days=int(value)) if _EXCEL_FIRST <= value <= _EXCEL_LAST else None


def iso_date(text: str) -> date | Flaw:
    """A date as ``yyyy-mm-dd``, the only form in which no day can be taken for a month."""
    match = _ISO.fullmatch(text)
    if match:
        try:
            found = date(*map(int, match.groups()))
        except ValueError:
            return Flaw("there is no such date", "correct it; the form is yyyy-mm-dd, e.g. 2021-03-09")
        if 1950 <= found.year <= 2100:
            return found
        return Flaw("the year of the date is not from 1950 to 2100", "correct the date")
    if re.fullmatch(r"\d{5}(\.\d+)?", text, re.ASCII):
        meant = excel_date(float(text))
        hint = f", here probably {meant.isoformat()}" if meant else ""
        return Flaw(
            "this is a date as Excel counts it, a serial number of days",
            f"format the column as yyyy-mm-dd before saving{hint}",
        )
    if text.endswith((" 00:00:00", "T00:00:00")) and _ISO.fullmatch(text[:10]):
        return Flaw("the date has a time of day", f"write {text[:10]}")
    if _DATE_LIKE.fullmatch(text):
        return Flaw("the date is not written as yyyy-mm-dd", "write e.g. 2021-03-09: year, month and day, with hyphens")
    return Flaw("this is no date", "write a date as yyyy-mm-dd, e.g. 2021-03-09, or leave the cell empty")


def month(text: str) -> date | Flaw:
    """A month as ``yyyy-mm``."""
    if re.fullmatch(r"\d{4}-\d\d", text, re.ASCII):
        return iso_date(f"{text}-01")
    return Flaw("this is no month", "write a month as yyyy-mm, e.g. 2021-03")


def flag(text: str) -> int | Flaw:
    """0 or 1; TRUE and FALSE as R and Python write them."""
    if text in _FLAGS:
        return _FLAGS[text]
    return Flaw("the cell holds neither 0 nor 1", "write 1 for yes, 0 for no, or leave the cell empty")


def code(text: str) -> int | Flaw:
    """An event code: a whole number from 0; TRUE and FALSE count as 1 and 0."""
    if text in _FLAGS:
        return _FLAGS[text]
    value = number(text)
    if isinstance(value, Flaw):
        return Flaw("this is no event code", "write 1 for an event, 0 for a censored patient")
    if value < 0 or not value.is_integer() or value > 99:
        return Flaw("an event code is a whole number from 0", "write 1 for an event, 0 for a censored patient")
    return int(value)


def grade(text: str) -> int | Flaw:
    """A grade as a whole number; Roman numerals are named as such."""
    roman = _ROMAN.get(unicodedata.normalize("NFKC", text).upper().removeprefix("GRADE ").strip())
    if roman is not None and text != "0":
        return Flaw("the grade is not written as a number", f"write {roman}")
    value = number(text)
    if isinstance(value, Flaw):
        return Flaw("this is no grade", "write the grade as a whole number, 0 for none, or leave the cell empty")
    if not value.is_integer():
        return Flaw("a grade is a whole number", "write the highest grade")
    return int(max(min(value, 10**6), -(10**6)))


def sex(text: str) -> str | Flaw:
    """female or male, F or M, 女 or 男."""
    found = _SEX.get(text.casefold())
    return found or Flaw("the sex is told in an unknown word", "write female or male (F and M, 女 and 男 are read too)")


def level(levels: tuple[str, ...]) -> Parser:
    """One of some texts."""

    def read(text: str) -> str | Flaw:
        for meant in (text, unshielded(text)):
            if meant in levels:
                return meant
        from helpers.errors import nearest

        close = nearest(text[:100], levels)
        hint = f"did you mean {close}? " if close else ""
        return Flaw("the value is not one of the levels", f"{hint}Allowed are {', '.join(levels)}")

    return read


def words(text: str) -> str | Flaw:
    """Any text, runs of blanks as one; ``unknown`` may be a level of its own, other words for nothing may not.

    The apostrophe that keeps a spreadsheet from taking a text for a formula is not part of it.
    """
    text = unshielded(text)
    return (None if text.casefold() == "unknown" else _missing_word(text)) or " ".join(shorten(text, 200).split())
