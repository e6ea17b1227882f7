"""The patient-level rows of a run: found, checked before anything runs, and given to the notebooks without names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.errors import InputError, Problem
from helpers.study.model import DAYS_PER_MONTH, Study
from helpers.suite.parameters import Value

if TYPE_CHECKING:
    from helpers.cohort import Cohort
    from helpers.suite.run import Settings


NO_ROWS = "none"


@dataclass(frozen=True)
class Rows:
    """The rows of one study: `named` is the file given on the command line, `events` its adverse events.

    `named` is None where the study folder's own file was found; that one is among the study's inputs anyway.
    """

    cohort: Cohort
    named: Path | None
    events: Path | None

    def write(self, folder: Path) -> Path:
        """Write the canonical rows, patients as numbers, into a private folder that is made here."""
        from helpers.cohort import write_cohort
        from helpers.cohort.checked import LARGE, keep_checked

        folder.mkdir(mode=0o700, parents=True)
        path = write_cohort(self.cohort, folder)
        if self.cohort.n >= LARGE:
            keep_checked(self.cohort, path)
        return path


def rows_of(study: Study, settings: Settings, values: Mapping[str, Value]) -> Rows | None:
    """Read and check the rows that a run is about; None if there are none, or none are wanted.

    Raises
    ------
    InputError
        As `load_cohort`; or adverse events are named, and there are no rows that they could belong to.
    """
    from helpers.cohort import find_cohort, load_cohort
    from helpers.cohort.adverse_events import beside

    path = find_cohort(study, settings.cohort or "")
    if path is None:
        if settings.adverse_events is not None:
            message = "adverse events need the rows of their patients"
            raise InputError(Problem(message, "name the cohort file with --cohort", found=str(settings.adverse_events)))
        return None
    events = settings.adverse_events or beside(path)
    cohort = load_cohort(
        study,
        path,
        allow_identifiers=settings.allow_identifiers,
        adverse_events=settings.adverse_events,
        days_per_month=Fraction(str(values.get("days_per_month", DAYS_PER_MONTH))),
    )
    own = path.parent == study.folder and settings.cohort is None
    inside = events is not None and events.parent == study.folder
    return Rows(cohort, None if own else path, None if inside else events)
