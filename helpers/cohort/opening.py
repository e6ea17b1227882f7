"""Which cohort a run is about: the file that was named, or the one in the study folder."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from helpers.cohort.checked import checked_cohort
from helpers.cohort.files import says_invented
from helpers.cohort.load import load_cohort
from helpers.cohort.model import Cohort
from helpers.study.model import DAYS_PER_MONTH, Study

NONE = "none"
NAMES = ("cohort.csv", "cohort.parquet")


def find_cohort(study: Study, cohort: str | Path = "") -> Path | None:
    """The cohort file of a run.

    Parameters
    ----------
    study : the study folder, read.
    cohort : the path of a file; ``""`` for ``cohort.csv`` (or ``.parquet``) in the study folder, if there is one that
        is not the invented example of the template any more; ``"none"`` for the published numbers alone.
    """
    if str(cohort) == NONE:
        return None
    if str(cohort):
        return Path(cohort)
    for name in NAMES:
        path = study.folder / name
        if path.is_file() and not says_invented(path):
            return path
    return None


def open_cohort(
    study: Study, cohort: str | Path = "", *, days_per_month: float | Fraction = DAYS_PER_MONTH
) -> Cohort | None:
    """The cohort of a notebook: what its parameter `cohort` names, or the study folder holds; None if neither.

    Parameters
    ----------
    study, cohort : as in `find_cohort`.
    days_per_month : length of a month in days, where the file has times in months or years.

    Raises
    ------
    InputError
        As `load_cohort`.
    """
    path = find_cohort(study, cohort)
    if path is None:
        return None
    checked = checked_cohort(study, path)
    return checked or load_cohort(study, path, days_per_month=Fraction(str(days_per_month)))
