"""Read a cohort file: every problem of it is told at once, and nothing in it is guessed or dropped in silence."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from helpers.cohort.adverse_events import beside, read_adverse_events
from helpers.cohort.frame import numbered
from helpers.cohort.model import Cohort
from helpers.cohort.reading import read_rows
from helpers.cohort.summary import dates_off, missing_table, oddities
from helpers.errors import InputError
from helpers.study.files import require_inside
from helpers.study.model import DAYS_PER_MONTH, Study


def load_cohort(
    study: Study,
    path: str | Path,
    *,
    allow_identifiers: bool = False,
    adverse_events: str | Path | None = None,
    days_per_month: Fraction = DAYS_PER_MONTH,
) -> Cohort:
    """Read and check the patient-level rows of a study.

    Parameters
    ----------
    study : the study folder, read; it declares endpoints, codes, covariates and gradings.
    path : a CSV file in UTF-8 or a Parquet file, one row a patient.
    allow_identifiers : read a file although it has columns that identify patients. They are dropped all the same.
    adverse_events : a file with one row an adverse event; by default ``adverse_events.csv`` beside `path`, if there.
    days_per_month : length of a month in days, where a column is in months or years.

    Returns
    -------
    Cohort
        Canonical columns (see `Cohort`); patients are numbered P01, P02, … in the order of the file.

    Raises
    ------
    InputError
        With every problem of the file, each with row, column, value and remedy.

    Examples
    --------
    >>> from helpers.study import load_study
    >>> study = load_study("freireich1963")
    >>> cohort = load_cohort(study, study.folder / "cohort.csv")
    >>> cohort.n, cohort.endpoint("DR_6MP").n
    (42, 21)
    """
    path = Path(path)
    events_path = Path(adverse_events) if adverse_events is not None else beside(path)
    for own in (path, events_path):
        if own is not None and own.absolute().parent == study.folder.absolute() and own.exists():
            require_inside(own, study.folder, own.name)
    reading = read_rows(study, path, allow_identifiers, days_per_month)
    events = None
    if events_path is not None:
        try:
            events = read_adverse_events(events_path, reading, allow_identifiers)
        except InputError as error:
            reading.problems += error.problems
    if reading.problems:
        raise InputError(reading.problems)
    rows = reading.frame.assign(patient_id=numbered(len(reading.frame)))
    return Cohort(
        study,
        rows,
        events,
        missing_table(study, rows),
        tuple([*reading.warnings, *dates_off(reading)]),
        tuple(oddities(study, rows, reading.table.invented)),
        reading.table.name,
        reading.table.invented,
    )
