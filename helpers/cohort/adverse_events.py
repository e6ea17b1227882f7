"""Adverse events: one row an event, beside a cohort file or named."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from helpers.cohort import values
from helpers.cohort.columns import origin_column
from helpers.cohort.draft import Draft
from helpers.cohort.files import Texts, TextTable, read_table
from helpers.cohort.frame import numbered
from helpers.cohort.header import header_line, identifying_columns
from helpers.cohort.rules import overall_survival
from helpers.errors import InputError, Problem, nearest, shorten

if TYPE_CHECKING:
    import pandas as pd

NAMES = ("adverse_events.csv", "adverse_events.parquet")
COLUMNS = ("patient_id", "term", "grade", "day", "date")
REQUIRED = ("patient_id", "term")


def beside(cohort: Path) -> Path | None:
    """The file of adverse events in the folder of a cohort file, if there is one."""
    return next((path for name in NAMES if (path := cohort.parent / name).is_file()), None)


def read_adverse_events(path: Path, cohort: Draft, allow_identifiers: bool) -> pd.DataFrame | None:
    """Read and check the adverse events of the patients of a cohort file.

    Parameters
    ----------
    path : a CSV or Parquet file with the columns ``patient_id, term, grade, day`` (or ``date``).
    cohort : the cohort file, read; its patients are those that may occur, and warnings are added to it.
    allow_identifiers : drop identifying columns instead of refusing them.

    Returns
    -------
    DataFrame
        ``patient_id`` (the running number), ``term``, ``grade``, ``day``; None for the invented example of a template
        beside a file that is none.

    Raises
    ------
    InputError
        With every problem of the file.
    """
    table = read_table(path)
    if table.invented and not cohort.table.invented:
        cohort.warnings.append(f"{table.name} is still the invented example of the template and was not read")
        return None
    draft = Draft(cohort.study, table, problems=list(table.problems))
    private = identifying_columns(table, draft, allow_identifiers)
    _header(draft, private)
    parsed = {
        name: values.parse(table.columns[name], parser, name, table.lines, table.name)
        for name, parser in (
            ("term", values.words),
            ("grade", values.grade),
            ("day", values.time),
            ("date", values.iso_date),
        )
        if name in table.columns and name not in private
    }
    for part in parsed.values():
        draft.problems += part.problems
    if not set(REQUIRED) <= set(table.columns) or "term" in private:
        raise InputError(draft.problems)
    frame = _frame(draft, cohort, {name: part.values for name, part in parsed.items()})
    if draft.problems:
        raise InputError(sorted(draft.problems, key=lambda problem: problem.row or 0))
    cohort.warnings += draft.warnings
    return frame


def _header(draft: Draft, private: set[str]) -> None:
    table = draft.table
    for name in table.columns:
        if name not in COLUMNS and name not in private:
            close = nearest(name[:100], COLUMNS)
            hint = f"did you mean {close}? " if close else ""
            remedy = f"{hint}The columns are {', '.join(COLUMNS)}"
            draft.problems.append(
                Problem("unknown column", remedy, table.name, header_line(table), shorten(name), name)
            )
    for name in REQUIRED:
        if name not in table.columns:
            remedy = f"let row 1 name the columns: {','.join(COLUMNS[:4])}"
            draft.problems.append(
                Problem(f"the column {name} is missing", remedy, table.name, header_line(table), name)
            )


def _frame(draft: Draft, cohort: Draft, parsed: dict[str, Texts]) -> pd.DataFrame:
    """The canonical frame; problems of single rows are noted in the draft."""
    import pandas as pd

    table = draft.table
    names = cohort.table.columns.get("patient_id", np.empty(0, dtype=object))
    place = {name: position for position, name in enumerate(names)}
    positions = [place.get(name, -1) for name in table.columns["patient_id"]]
    for i in np.flatnonzero(np.array(positions, dtype=int) < 0)[: values.MOST_ALIKE]:
        _fault(draft, i, "patient_id", f"there is no such patient in {cohort.table.name}", "correct the patient_id")
    for i in [k for k, term in enumerate(parsed["term"]) if term is None][: values.MOST_ALIKE]:
        _fault(draft, i, "term", "the adverse event has no term", "write what it was, e.g. Infection")
    grades = parsed.get("grade", np.full(len(positions), None, dtype=object))
    for i in [k for k, g in enumerate(grades) if g is not None and not 1 <= g <= 5][: values.MOST_ALIKE]:
        _fault(draft, i, "grade", "the grade lies outside 1 to 5", "write the grade by CTCAE, 1 to 5")
    days = _days(draft, cohort, parsed, positions)
    numbers = np.array([*numbered(len(names)), None], dtype=object)
    frame = pd.DataFrame(
        {
            "patient_id": numbers[positions],
            "term": pd.Series(parsed["term"], dtype="string"),
            "grade": pd.Series(grades, dtype=object).astype("Int64"),
            "day": pd.Series(days, dtype=float),
        }
    )
    again = int(frame.duplicated().sum())
    if again:
        draft.warnings.append(f"{table.name}: {again} rows repeat another one exactly; all of them are kept")
    return frame


def _days(draft: Draft, cohort: Draft, parsed: dict[str, Texts], positions: list[int]) -> np.ndarray:
    """The day of each event, checked against the follow-up of its patient."""
    days = np.array(parsed.get("day", np.full(len(positions), None)), dtype=float)
    dates = parsed.get("date")
    if dates is not None:
        origin = origin_column(cohort.study.origin)
        begins = cohort.parsed.get(origin)
        if begins is None:
            message = f"the column date needs the column {origin} of {cohort.table.name}"
            draft.problems.append(Problem(message, "add it there, or give day", draft.table.name, None, "date"))
        else:
            dated = [
                np.nan if d is None or p < 0 or begins[p] is None else (d - begins[p]).days
                for d, p in zip(dates, positions, strict=True)
            ]
            days = np.where(np.isnan(days), np.array(dated, dtype=float), days)
    column = "day" if "day" in parsed else "date"
    for i in np.flatnonzero(days < 0)[: values.MOST_ALIKE]:
        _fault(draft, i, column, "the day is below 0", "leave out what came before treatment, or correct it")
    last = _follow_up(cohort)
    if last is not None:
        ends = np.array([np.nan if p < 0 else last[p] for p in positions], dtype=float)
        for i in np.flatnonzero(days > ends)[: values.MOST_ALIKE]:
            message = f"the day lies after the end of the patient's follow-up, day {ends[i]:g}"
            _fault(draft, i, column, message, "correct one of the two")
    return days


def _follow_up(cohort: Draft) -> np.ndarray | None:
    """The last day of each patient, as far as the cohort file tells it."""
    outer = overall_survival(cohort.study)
    names = [name for name in ("follow_up", outer.stem if outer else "") if name in cohort.times.days]
    if not names:
        return None
    first = cohort.times.days[names[0]]
    return np.where(np.isnan(first), cohort.times.days[names[-1]], first)


def _fault(draft: Draft, i: int, column: str, message: str, remedy: str) -> None:
    table: TextTable = draft.table
    found = str(table.columns[column][i]) if column in table.columns else None
    draft.problems.append(Problem(message, remedy, table.name, int(table.lines[i]), column, found))
