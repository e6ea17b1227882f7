"""A cohort as files again: canonical columns, running numbers, nothing else of the original file.

A run gives its notebooks these files in place of the original ones, so that what identifies patients, or is not
analysed, never comes near a notebook. They can be read like any cohort file.
"""

from __future__ import annotations

from pathlib import Path

from helpers.cohort.files import INVENTED, NOTE
from helpers.cohort.model import Cohort
from helpers.spreadsheet import safe_csv


def write_cohort(cohort: Cohort, folder: Path) -> Path:
    """Write a cohort, and its adverse events if it has any, into a folder that exists.

    Returns
    -------
    The path of the rows: the stem of the source with the ending ``.csv``. Reading it gives the same cohort, its
    warnings as notes.
    """
    path = folder / f"{Path(cohort.source).stem}.csv"
    notes = [f"# {INVENTED}: these are not real patients."] if cohort.invented else []
    notes += [f"# {NOTE}{' '.join(text.split())}" for text in cohort.notes]
    rows = cohort.rows
    if "enrolled_month" in rows:
        rows = rows.assign(enrolled_month=rows["enrolled_month"].dt.strftime("%Y-%m"))
    _write(path, notes, safe_csv(rows))
    if cohort.adverse_events is not None:
        invented = notes[:1] if cohort.invented else []
        _write(folder / "adverse_events.csv", invented, safe_csv(cohort.adverse_events))
    return path


def _write(path: Path, comments: list[str], text: str) -> None:
    path.write_text("".join(f"{line}\n" for line in comments) + text, encoding="utf-8", newline="")
