"""Which columns a cohort file of a study may have, and what each means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from helpers.errors import InputError, Problem, nearest, shorten
from helpers.study.model import Study

UNITS = {"days": "day", "weeks": "week", "months": "month", "years": "year"}
MOMENTS = {
    "response": "first remission",
    "relapse": "relapse",
    "transplant": "transplantation after treatment",
    "follow_up": "end of follow-up",
}
FLAGS = {"cr": "complete remission", "cri": "CR with incomplete recovery", "mrd_negative": "MRD-negative"}
GRADES = {"crs_grade": ("CRS", 5), "icans_grade": ("ICANS", 4), "agvhd_grade": ("acute GVHD", 4)}
_RESPONSE_DAY = re.compile(r"response_day_(\d{1,4})", re.ASCII)


class Kind(StrEnum):
    """What the cells of a column hold."""

    PATIENT = "patient"
    MONTH = "month"
    TIME = "time"
    DATE = "date"
    EVENT = "event"
    REASON = "reason"
    FLAG = "flag"
    GRADE = "grade"
    RESPONSE = "response"
    SEX = "sex"
    NUMBER = "number"
    LEVEL = "level"


@dataclass(frozen=True)
class Column:
    """One column: its name, what its cells hold, what it means; `stem` is that of a time, `unit` the time's unit."""

    name: str
    kind: Kind
    meaning: str
    stem: str = ""
    unit: str = ""
    levels: tuple[str, ...] = ()
    most: int = 0


def slug(text: str) -> str:
    """A text as the beginning of a column's name: ``start of remission`` → ``start_of_remission``."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or "origin"


def origin_column(origin: str) -> str:
    """The column that holds the dates of an origin, e.g. ``infusion_date``."""
    return f"{slug(origin)}_date"


def stems(study: Study) -> dict[str, str]:
    """Every stem of time columns with the origin of its clock: the study's endpoints, then response, relapse, …

    Raises
    ------
    InputError
        An endpoint would use columns that mean something else.
    """
    found: dict[str, str] = {}
    problems = []
    for endpoint in study.endpoints.values():
        stem, origin = endpoint.stem, endpoint.origin or study.origin
        origins = {slug(e.origin) for e in study.endpoints.values() if e.origin}
        if stem in MOMENTS or stem in origins:
            message = f"the columns {stem}_days and {stem}_date of endpoint {endpoint.id} have another meaning"
            remedy = "give the endpoint other columns in study.yaml, e.g. `columns: TTE`"
            problems.append(Problem(message, remedy, "study.yaml", None, f"endpoints.{endpoint.id}"))
        found.setdefault(stem, origin)
    if problems:
        raise InputError(problems)
    return found | dict.fromkeys(MOMENTS, study.origin)


def known_columns(study: Study) -> dict[str, Column]:
    """Every column that a cohort file of this study may have, except ``response_day_<number>``.

    Raises
    ------
    InputError
        As `stems`.
    """
    columns = [Column("patient_id", Kind.PATIENT, "any text or number that is the patient's alone")]
    columns.append(Column("enrolled_month", Kind.MONTH, f"month of {study.origin}, yyyy-mm"))
    clocks = stems(study)
    for origin in dict.fromkeys([study.origin, *clocks.values()]):
        columns.append(Column(origin_column(origin), Kind.DATE, f"date of {origin}"))
    for stem, origin in clocks.items():
        what = MOMENTS.get(stem) or next(e.name for e in study.endpoints.values() if e.stem == stem)
        columns += [Column(f"{stem}_{u}", Kind.TIME, f"{what}: {u} from {origin}", stem, u) for u in UNITS]
        columns.append(Column(f"{stem}_date", Kind.DATE, f"{what}: date", stem))
    for endpoint in study.endpoints.values():
        codes = ", ".join(f"{code} {name}" for code, name in endpoint.codes.items())
        columns.append(Column(f"{endpoint.stem}_event", Kind.EVENT, codes, endpoint.stem, most=len(endpoint.codes) - 1))
        if endpoint.censoring:
            meaning = "why follow-up ended without an event"
            columns.append(
                Column(f"{endpoint.stem}_reason", Kind.REASON, meaning, endpoint.stem, levels=endpoint.censoring)
            )
    columns += [Column(name, Kind.FLAG, f"{meaning}: 1 yes, 0 no") for name, meaning in FLAGS.items()]
    columns.append(Column("best_response", Kind.RESPONSE, "best response", levels=study.responses))
    for name, (what, most) in GRADES.items():
        columns.append(Column(name, Kind.GRADE, f"highest grade of {what}, 0 for none", most=most))
    columns.append(Column("age", Kind.NUMBER, "age in years"))
    columns.append(Column("sex", Kind.SEX, "female or male", levels=("female", "male")))
    known = {column.name: column for column in columns}
    for column in _covariates(study):
        known.setdefault(column.name, column)
    return known


def _covariates(study: Study) -> list[Column]:
    """The declared covariates; then columns that only an endpoint's subset or a definition names, as categorical."""
    kinds = {"continuous": Kind.NUMBER, "categorical": Kind.LEVEL}
    found = [
        Column(c.name, kinds[c.kind], c.label or c.name, unit=c.unit, levels=c.levels)
        for c in study.covariates.values()
    ]
    named = {name for e in study.endpoints.values() for name in e.subset}
    named |= {name for d in study.definitions.values() for part in (d.rows, d.of) for name in part}
    return found + [Column(name, Kind.LEVEL, name) for name in sorted(named) if not _RESPONSE_DAY.fullmatch(name)]


def column_of(name: str, known: dict[str, Column], study: Study) -> Column | None:
    """The column of this name, ``response_day_<number>`` included; None if there is none."""
    match = _RESPONSE_DAY.fullmatch(name)
    if match:
        return Column(name, Kind.RESPONSE, f"response on day {int(match[1])}", levels=study.responses)
    return known.get(name)


def response_day(name: str) -> int | None:
    """The day of a column ``response_day_28``; None for any other."""
    match = _RESPONSE_DAY.fullmatch(name)
    return int(match[1]) if match else None


def unknown_column(name: str, known: dict[str, Column], file: str, line: int | None) -> Problem:
    """The problem of a column that no part of study.yaml explains."""
    close = nearest(name[:100], [*known, "response_day_28"])
    hint = f"did you mean {close}? Otherwise declare" if close else "Declare"
    remedy = f"{hint} it under `covariates` in study.yaml, list it under `ignored_columns`, or delete it"
    return Problem("unknown column", remedy, file, line, shorten(name), name)
