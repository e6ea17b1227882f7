"""The patient-level rows of a run: found, checked before anything runs, and given to the notebooks without names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.errors import InputError, Problem
from helpers.study.model import DAYS_PER_MONTH, Study
from helpers.suite.parameters import Value

if TYPE_CHECKING:
    from helpers.cohort import Cohort
    from helpers.suite.run import Settings


NO_ROWS = "none"
ANY_NAME = "cohort.csv"  # what results call a file that was named: its own name may tell a hospital, a date, a patient
ANY_EVENTS = "adverse_events.csv"


@dataclass
class Rows:
    """The rows of one study: `named` is the file given on the command line, `events` its adverse events.

    `named` is None where the study folder's own file was found; that one is among the study's inputs anyway. `read`
    reads and checks the files.
    """

    read: Callable[[], Cohort]
    named: Path | None
    events: Path | None
    _cohort: Cohort | None = field(default=None, repr=False)

    @property
    def cohort(self) -> Cohort:
        """The rows, read and checked when they are first asked for."""
        if self._cohort is None:
            self._cohort = self.read()
        return self._cohort

    def write(self, folder: Path) -> Path:
        """Write the canonical rows, patients as numbers, into a private folder that is made here.

        What files are called that were named on the command line stays behind. Many rows are let go of afterwards: the
        notebooks need the memory.
        """
        from helpers.cohort import write_cohort
        from helpers.cohort.checked import LARGE, keep_checked

        folder.mkdir(mode=0o700, parents=True)
        cohort = self._under_any_name(self.cohort)
        path = write_cohort(cohort, folder)
        if cohort.n >= LARGE:
            keep_checked(cohort, path)
            self._cohort = None
        return path

    def _under_any_name(self, cohort: Cohort) -> Cohort:
        notes = cohort.notes
        names = [(self.named, ANY_NAME), (self.events, ANY_EVENTS)]
        for path, name in names:
            if path is not None:
                notes = tuple(text.replace(path.name, name) for text in notes)
        return replace(cohort, notes=notes, source=ANY_NAME if self.named is not None else cohort.source)


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
    read = partial(
        load_cohort,
        study,
        path,
        allow_identifiers=settings.allow_identifiers,
        adverse_events=settings.adverse_events,
        days_per_month=Fraction(str(values.get("days_per_month", DAYS_PER_MONTH))),
    )
    own = path.parent == study.folder and settings.cohort is None
    inside = events is not None and events.parent == study.folder and events.name == ANY_EVENTS
    return Rows(read, None if own else path, None if inside else events, read())
