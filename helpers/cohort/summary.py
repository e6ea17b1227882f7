"""What a reader should know of a cohort file before any number of it: what is missing, and what is odd."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from helpers.cohort.columns import origin_column
from helpers.cohort.conditions import select
from helpers.cohort.draft import Draft
from helpers.study.model import Study

if TYPE_CHECKING:
    import pandas as pd

_MAY_NOT_HAPPEN = ("relapse_days", "transplant_days")
_FEW = 6


def missing_table(study: Study, rows: pd.DataFrame) -> pd.DataFrame:
    """How many values each column lacks: ``column, missing, of``.

    Times and events of an endpoint are counted among its own patients, the day of remission among those in remission.
    A relapse or transplantation that did not happen is not a missing value, nor is a reason of censoring.
    """
    import pandas as pd

    found = []
    for name in map(str, rows.columns):
        if name in _MAY_NOT_HAPPEN or name == "patient_id" or name.endswith("_reason"):
            continue
        concerned = _concerned(study, rows, name)
        found.append((name, int(rows[name].isna().to_numpy()[concerned].sum()), int(concerned.sum())))
    return pd.DataFrame(found, columns=["column", "missing", "of"])


def _concerned(study: Study, rows: pd.DataFrame, name: str) -> np.ndarray:
    """The rows in which a column should have a value."""
    stem = name.removesuffix("_days").removesuffix("_event")
    endpoints = [e for e in study.endpoints.values() if e.stem == stem and name != stem]
    if endpoints:
        known = [select(rows, e.subset) for e in endpoints if set(e.subset) <= set(rows.columns)]
        return np.logical_or.reduce([part.met for part in known]) if known else np.ones(len(rows), dtype=bool)
    if name == "response_days":
        flags = [(rows[flag] == 1).fillna(False).to_numpy(dtype=bool) for flag in ("cr", "cri") if flag in rows]
        return np.logical_or.reduce(flags) if flags else rows[name].notna().to_numpy()
    return np.ones(len(rows), dtype=bool)


def oddities(study: Study, rows: pd.DataFrame, invented: bool) -> list[str]:
    """What is odd about the rows, in sentences."""
    found = ["the file says of itself that its patients are invented"] if invented else []
    if len(rows) != study.n:
        found.append(f"the file has {count_of(len(rows), 'patient')}, study.yaml says n: {study.n}")
    found += [*_sizes(study, rows), *_halves(study, rows), *_too_long(study, rows)]
    absent = [e.id for e in study.endpoints.values() if f"{e.stem}_event" not in rows]
    if absent:
        found.append(f"the file has no columns for {', '.join(absent)}; what needs them is left out")
    return found


def _sizes(study: Study, rows: pd.DataFrame) -> list[str]:
    """Endpoints whose subset has another size than study.yaml says, or whose rows do not tell who belongs to it."""
    found = []
    for endpoint in study.endpoints.values():
        if not endpoint.subset or f"{endpoint.stem}_event" not in rows or not set(endpoint.subset) <= set(rows.columns):
            continue
        chosen = select(rows, endpoint.subset)
        if endpoint.n is not None and chosen.met.sum() != endpoint.n:
            who = f"endpoint {endpoint.id} has {count_of(int(chosen.met.sum()), 'patient')}"
            found.append(f"{who} in the file, study.yaml says n: {endpoint.n}")
        if chosen.unknown.any():
            unknown = count_of(int(chosen.unknown.sum()), "patient")
            found.append(f"of {unknown} the file does not tell whether they belong to endpoint {endpoint.id}")
    return found


def _halves(study: Study, rows: pd.DataFrame) -> list[str]:
    """Rows that have a time without an event or the other way round."""
    found = []
    for stem in dict.fromkeys(e.stem for e in study.endpoints.values()):
        days, event = f"{stem}_days", f"{stem}_event"
        if {days, event} <= set(rows.columns):
            lone = rows[days].notna() ^ rows[event].notna()
            if lone.any():
                found.append(
                    f"{count_of(int(lone.sum()), 'patient')} with only one of {days} and {event}: counted as missing "
                    f"({', '.join(rows.loc[lone, 'patient_id'].head(_FEW))}{' …' if lone.sum() > _FEW else ''})"
                )
    return found


def _too_long(study: Study, rows: pd.DataFrame) -> list[str]:
    """Times that study.yaml's calendar does not allow."""
    longest = study.longest_follow_up
    stems = dict.fromkeys(e.stem for e in study.endpoints.values() if f"{e.stem}_days" in rows)
    beyond = {stem: int((rows[f"{stem}_days"] > longest).sum()) for stem in stems} if longest is not None else {}
    return [
        f"{stem} is longer than {longest} days in {count_of(rows_beyond, 'row')}: longer than study.yaml's dates allow"
        for stem, rows_beyond in beyond.items()
        if rows_beyond
    ]


def dates_off(draft: Draft) -> list[str]:
    """Notes on empty rows, and on dates that study.yaml's calendar does not allow."""
    study, found = draft.study, []
    if draft.table.empty:
        found.append(f"{count_of(len(draft.table.empty), 'empty row')} skipped: {_rows(draft.table.empty)}")
    begins = draft.parsed.get(origin_column(study.origin))
    if begins is not None:
        outside = sum(_outside(d, study.enrolled_from, study.enrolled_to) for d in begins if d is not None)
        if outside:
            found.append(f"{count_of(outside, 'patient')} enrolled outside the period that study.yaml gives")
    end = study.last_follow_up_before
    late = [n for n, cells in draft.parsed.items() if n.endswith("_date") and end and _any_after(cells, end)]
    if late:
        found.append(f"dates in {', '.join(late)} lie on or after last_follow_up_before of study.yaml, {end}")
    return found


def _any_after(cells: np.ndarray, end: date) -> bool:
    return any(d is not None and d >= end for d in cells)


def _outside(day: date, first: date | None, last: date | None) -> bool:
    return (first is not None and day < first) or (last is not None and day > last)


def count_of(count: int, what: str) -> str:
    """A number with its noun: ``1 row``, ``2 rows``."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _rows(lines: tuple[int, ...]) -> str:
    return ", ".join(map(str, lines[:_FEW])) + (" …" if len(lines) > _FEW else "")
