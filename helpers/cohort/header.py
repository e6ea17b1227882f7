"""The header of a cohort file: columns that must be there, that need each other, or that nobody should have sent."""

from __future__ import annotations

import numpy as np

from helpers.cohort.columns import Column, Kind
from helpers.cohort.draft import Draft
from helpers.cohort.files import TextTable
from helpers.cohort.identifiers import first_identifying, identifying_name, looks_like_a_name
from helpers.errors import Problem, shorten

PRIVACY = (
    "delete the column before the file leaves the hospital; the analysis does not need it. "
    "With --allow-identifiers it is dropped while reading"
)


DRAWN = ("data_kind", "draw")


def is_reconstructed(table: TextTable) -> bool:
    """Whether the rows say of themselves that they were drawn from printed numbers."""
    return "reconstructed" in table.columns.get(DRAWN[0], ())


def header_line(table: TextTable) -> int | None:
    """The line of the header in a CSV file."""
    return len(table.comments) + 1 if table.name.lower().endswith(".csv") else None


def identifying_columns(table: TextTable, draft: Draft, allowed: bool) -> set[str]:
    """Columns that identify patients, by their name or by a value; problems unless they are allowed."""
    found: dict[str, tuple[str, str | None, int | None]] = {}
    for name, cells in table.columns.items():
        if identifying_name(name):
            found[name] = ("the name of the column says that it identifies patients", None, header_line(table))
            continue
        hit = first_identifying(dict.fromkeys(cells))
        if hit is None and name == "patient_id":
            named = next((text for text in dict.fromkeys(cells) if looks_like_a_name(text)), None)
            hit = (named, "a person's name") if named is not None else None
        if hit is not None:
            row: int | None = int(table.lines[int(np.flatnonzero(cells == hit[0])[0])])
            found[name] = (f"the column holds what looks like {hit[1]}", f"{hit[0][:2]}…", row)
    if allowed:
        dropped = ", ".join(shorten(name) for name in found if name != "patient_id")
        if dropped:
            draft.warnings.append(f"columns that identify patients were dropped while reading: {dropped}")
        return set(found) - {"patient_id"}
    for name, (message, value, row) in found.items():
        remedy = PRIVACY if name != "patient_id" else "number the patients instead, e.g. P01, P02, …; " + PRIVACY
        draft.problems.append(Problem(message, remedy, table.name, row, shorten(name), value))
    return set(found) - {"patient_id"}


def check_header(wanted: dict[str, Column], draft: Draft, private: set[str]) -> None:
    """Columns that must be there, and pairs of which one half is missing."""
    file, line = draft.table.name, header_line(draft.table)
    if is_reconstructed(draft.table):
        remedy = "name a file of observed patients: no claim is judged by rows that were made from it"
        draft.problems.append(
            Problem("the file holds reconstructed patients, not observed ones", remedy, file, line, "data_kind")
        )
    if "patient_id" not in wanted:
        remedy = "add it: any text or number that is the patient's alone"
        draft.problems.append(Problem("the column patient_id is missing", remedy, file, line, "patient_id"))
    for endpoint in {e.stem: e for e in draft.study.endpoints.values()}.values():
        stem = endpoint.stem
        times = [n for n, column in wanted.items() if column.stem == stem and column.kind in (Kind.TIME, Kind.DATE)]
        event = f"{stem}_event" in wanted
        if event and not times and not {f"{stem}_date", f"{stem}_days"} & private:
            message, remedy = f"the column {stem}_event has no time beside it", f"add {stem}_days (or _weeks, _date …)"
            draft.problems.append(Problem(message, remedy, file, line, f"{stem}_event"))
        if f"{stem}_reason" in wanted and not event:
            message = f"the column {stem}_reason has no event beside it"
            draft.problems.append(Problem(message, f"add {stem}_event and a time", file, line, f"{stem}_reason"))
        if times and not event:
            message, remedy = f"the column {times[0]} has no event beside it", f"add {stem}_event: 1 event, 0 censored"
            draft.problems.append(Problem(message, remedy, file, line, times[0]))
    for endpoint in draft.study.endpoints.values():
        absent = sorted(set(endpoint.subset) - set(wanted))
        has = any(column.stem == endpoint.stem for column in wanted.values())
        for name in absent if has else ():
            message = f"endpoint {endpoint.id} runs over rows chosen by {name}, and there is no such column"
            draft.problems.append(Problem(message, "add the column, or change subset in study.yaml", file, line, name))
