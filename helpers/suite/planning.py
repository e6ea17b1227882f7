"""What a run is about: settings as they are given, and plans in which all that can be checked has been checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.errors import InputError, Problem, nearest
from helpers.paths import NOTEBOOKS, RESULTS
from helpers.suite.cache import Source
from helpers.suite.execution import DEFAULT_JOBS
from helpers.suite.hashing import file_sha256
from helpers.suite.inputs import Shared
from helpers.suite.notebook import code_sha256, declared_outputs, read_notebook
from helpers.suite.parameters import Parameter, Value, declared_everywhere, requested
from helpers.suite.results import Place
from helpers.suite.rows import ANY_NAME, NO_ROWS, Rows, rows_of
from helpers.suite.sequence import SEQUENCE, sequence

if TYPE_CHECKING:
    from helpers.study.model import Study

LEDGERS = "ledgers.parquet"  # no study can be called so


@dataclass(frozen=True)
class Settings:
    """How to run: parameter texts, patient-level files, where results go, how many at once, whether to reuse.

    Without `cohort` the study folder's own ``cohort.csv`` is used, with ``none`` in its place only what is published.
    `only` are the notebooks that may be executed; the others stay as they are, as far as they still hold. Results go to
    ``out/folder``, a folder of the study's name if `folder` is empty; verdicts to the data set `ledgers`, by default
    ``out/ledgers.parquet``.
    """

    pairs: tuple[str, ...] = ()
    cohort: Path | None = None
    adverse_events: Path | None = None
    allow_identifiers: bool = False
    out: Path = RESULTS
    jobs: int = DEFAULT_JOBS
    force: bool = False
    notebooks: Path = NOTEBOOKS
    names: tuple[str, ...] = SEQUENCE
    only: tuple[str, ...] = ()
    folder: str = ""
    ledgers: Path | None = None


@dataclass(frozen=True)
class Ground:
    """What the plans of one command share: notebooks with their hashes and what they declare, code and versions."""

    paths: Mapping[str, Path]
    known: Mapping[str, Parameter]
    sources: Mapping[str, Source]
    declared: Mapping[str, tuple[str, ...]]
    shared: Shared


@dataclass(frozen=True)
class Plan:
    """A run that has been checked and can start; `rows` are its patient-level rows, if it has any."""

    study: Study
    values: Mapping[str, Value]
    settings: Settings
    ground: Ground
    rows: Rows | None = None

    @cached_property
    def place(self) -> Place:
        """Where its results go."""
        return Place(self.settings.out, self.settings.folder or self.study.id)

    @property
    def ledgers(self) -> Path:
        """The data set of verdicts to which it adds its own."""
        return self.settings.ledgers or self.settings.out / LEDGERS

    @property
    def shown_values(self) -> dict[str, object]:
        """The parameters of the run as they are stored and compared: no path of this machine among them."""
        named = self.rows.named if self.rows else None
        cohort = ANY_NAME if named else NO_ROWS if str(self.settings.cohort) == NO_ROWS else ""
        return {"study": self.study.id, "cohort": cohort, "results_dir": "", **self.values}


def ground(settings: Settings) -> Ground:
    """Read the notebooks and hash the code. Raises InputError for settings that no study could be run with."""
    if settings.jobs < 1:
        raise InputError(Problem("--jobs must be at least 1", "e.g. --jobs 2", found=str(settings.jobs)))
    if settings.cohort is not None and str(settings.cohort) != NO_ROWS and not settings.cohort.is_file():
        raise InputError(Problem("the cohort file does not exist", "check its path", found=str(settings.cohort)))
    paths = {path.stem: path for path in sequence(settings.notebooks, settings.names)}
    for name in settings.only:
        if name not in paths:
            like = nearest(name, paths)
            hint = f"did you mean {like}? " if like else ""
            raise InputError(
                Problem("the sequence has no such notebook", f"{hint}it has {', '.join(paths)}", found=name)
            )
    read = {name: read_notebook(path) for name, path in paths.items()}
    return Ground(
        paths,
        declared_everywhere(paths.values()),
        {name: Source(code_sha256(notebook), file_sha256(paths[name])) for name, notebook in read.items()},
        {name: declared_outputs(notebook) for name, notebook in read.items()},
        Shared.now(),
    )


def plan_one(study: str, settings: Settings, given: Ground, load: Callable[[str], Study] | None = None) -> Plan:
    """Check one study with its rows. Raises InputError with everything that is wrong with them."""
    if load is None:
        from helpers.study import load_study

        load = load_study
    values = requested(settings.pairs, given.known)
    loaded = load(study)
    return Plan(loaded, values, settings, given, rows_of(loaded, settings, values))


def plan(studies: Sequence[str], settings: Settings, load: Callable[[str], Study] | None = None) -> list[Plan]:
    """Check all that can be checked before anything runs: studies, notebooks, parameters, cohort file."""
    given = ground(settings)
    requested(settings.pairs, given.known)
    one_cohort_one_study(settings, len(studies))
    plans = [plan_one(name, settings, given, load) for name in studies]
    ids = [planned.study.id for planned in plans]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise called_alike(twice[0])
    return plans


def one_cohort_one_study(settings: Settings, studies: int) -> None:
    """Raise InputError if one file of rows is named for several studies."""
    if settings.cohort is not None and str(settings.cohort) != NO_ROWS and studies > 1:
        raise InputError(Problem("one cohort file belongs to one study", "run the studies one at a time"))


def called_alike(study: str) -> InputError:
    """The error for two studies that would write to the same results."""
    return InputError(Problem(f"two studies are called {study}", "run them one at a time, each with its own --out"))
