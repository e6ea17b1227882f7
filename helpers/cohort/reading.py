"""From a file to the canonical frame: columns recognised, cells read, times in days, rules checked."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from helpers.cohort import values
from helpers.cohort.columns import Column, Kind, column_of, known_columns, unknown_column
from helpers.cohort.draft import Draft
from helpers.cohort.files import TextTable, read_table
from helpers.cohort.frame import canonical_frame
from helpers.cohort.header import DRAWN, check_header, header_line, identifying_columns, is_reconstructed
from helpers.cohort.rules import rules
from helpers.cohort.schema import problems_of
from helpers.cohort.times import times_of
from helpers.errors import Problem
from helpers.study.model import Study


def read_rows(study: Study, path: Path, allow_identifiers: bool, days_per_month: Fraction) -> Draft:
    """Read the rows of a cohort file as far as they can be read; what is wrong is collected."""
    known = known_columns(study)
    table = read_table(path)
    draft = Draft(study, table, problems=list(table.problems), warnings=list(table.notes))
    private = identifying_columns(table, draft, allow_identifiers)
    reconstructed = is_reconstructed(table)
    wanted: dict[str, Column] = {}
    for name in table.columns:
        column = column_of(name, known, study)
        if name in study.ignored_columns:
            draft.warnings.append(f"the column {name} is not read (ignored_columns in study.yaml)")
        elif column is None and name not in private and not (reconstructed and name in DRAWN):
            draft.problems.append(unknown_column(name, known, table.name, header_line(table)))
        elif column is not None and name not in private:
            wanted[name] = column
    check_header(wanted, draft, private)
    for name, column in wanted.items():
        if column.kind is not Kind.PATIENT:
            parsed = values.parse(table.columns[name], _parser(column), name, table.lines, table.name)
            draft.parsed[name] = parsed.values
            draft.problems += parsed.problems
    draft.times = times_of(study, draft.parsed, table.lines, table.name, days_per_month)
    draft.problems += draft.times.problems
    draft.warnings += draft.times.warnings
    draft.frame = canonical_frame(draft, wanted)
    checked = [rule for rule in rules(study, set(draft.frame.columns)) if rule.column in draft.frame]
    draft.problems += problems_of(
        draft.frame, checked, table.lines, table.name, _sources(draft), lambda name, i: _cell(table, name, i)
    )
    if not len(table.lines) and not draft.problems:
        message = "the file has a header but no patients"
        draft.problems.append(Problem(message, "add one row per patient", table.name))
    place = {name: position for position, name in enumerate(table.columns)}
    draft.problems.sort(key=lambda problem: (problem.row or 0, place.get(problem.column, -1)))
    return draft


def _cell(table: TextTable, name: str, i: int) -> str | None:
    return str(table.columns[name][i]) if name in table.columns else None


def _sources(draft: Draft) -> dict[str, str]:
    """From the canonical columns of times to those of the file."""
    return {f"{stem}_days": source for stem, source in draft.times.source.items()}


def _parser(column: Column) -> values.Parser:
    match column.kind:
        case Kind.TIME:
            return values.time
        case Kind.NUMBER:
            return values.number
        case Kind.DATE:
            return values.iso_date
        case Kind.MONTH:
            return values.month
        case Kind.EVENT:
            return values.code
        case Kind.FLAG:
            return values.flag
        case Kind.GRADE:
            return values.grade
        case Kind.SEX:
            return values.sex
        case _:
            return values.level(column.levels) if column.levels else values.words
