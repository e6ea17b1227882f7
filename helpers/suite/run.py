"""The main job: run the sequence for a study, keep what holds, replace results only when all is well."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.errors import InputError, Problem
from helpers.paths import DATA, NOTEBOOKS, PROJECT, RESULTS, shown
from helpers.suite.cache import Action, Decision, Source, decide
from helpers.suite.execution import DEFAULT_JOBS, Job, Outcome, execute_all
from helpers.suite.hashing import file_sha256, hashes
from helpers.suite.inputs import Inputs, gather
from helpers.suite.lock import exclusive
from helpers.suite.manifest import Manifest, NotebookRecord, altered, read_manifest
from helpers.suite.notebook import code_sha256, declared_outputs, read_notebook, write_notebook
from helpers.suite.parameters import Value, declared_everywhere, requested
from helpers.suite.results import Place
from helpers.suite.rows import ANY_NAME, NO_ROWS, Rows, rows_of
from helpers.suite.sequence import SEQUENCE, sequence
from helpers.suite.tidy import graft
from helpers.suite.watcher import Watcher

if TYPE_CHECKING:
    from helpers.study.model import Study


class RunFailed(Exception):
    """A notebook failed. The message is two lines: what failed and where; what to do."""

    exit_code = 1


@dataclass(frozen=True)
class Settings:
    """How to run: parameter texts, patient-level files, where results go, how many at once, whether to reuse.

    Without `cohort` the study folder's own ``cohort.csv`` is used, with ``none`` in its place only what is published.
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


@dataclass(frozen=True)
class Plan:
    """A run that has been checked and can start; `rows` are its patient-level rows, if it has any."""

    study: Study
    paths: Mapping[str, Path]
    values: Mapping[str, Value]
    settings: Settings
    rows: Rows | None = None


@dataclass(frozen=True)
class Done:
    """Where the results are, and which notebooks were executed for them."""

    folder: Path
    executed: tuple[str, ...]
    decisions: Mapping[str, Decision]


def plan(studies: Sequence[str], settings: Settings, load: Callable[[str], Study] | None = None) -> list[Plan]:
    """Check all that can be checked before anything runs: studies, notebooks, parameters, cohort file."""
    if load is None:
        from helpers.study import load_study

        load = load_study
    if settings.jobs < 1:
        raise InputError(Problem("--jobs must be at least 1", "e.g. --jobs 2", found=str(settings.jobs)))
    if settings.cohort is not None and str(settings.cohort) != NO_ROWS and not settings.cohort.is_file():
        raise InputError(Problem("the cohort file does not exist", "check its path", found=str(settings.cohort)))
    paths = {path.stem: path for path in sequence(settings.notebooks, settings.names)}
    values = requested(settings.pairs, declared_everywhere(paths.values()))
    loaded = [load(name) for name in studies]
    ids = [study.id for study in loaded]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise InputError(
            Problem(f"two studies are called {twice[0]}", "run them one at a time, each with its own --out")
        )
    if settings.cohort is not None and len(loaded) > 1:
        raise InputError(Problem("one cohort file belongs to one study", "run the studies one at a time"))
    return [Plan(study, paths, values, settings, rows_of(study, settings, values)) for study in loaded]


def run(plan: Plan, watcher: Watcher | None = None) -> Done:
    """Bring the results of one study up to date.

    Raises
    ------
    RunFailed
        If a notebook fails or leaves a declared output out; earlier results are then untouched and the failed
        notebook lies in ``<study>.failed`` beside them.
    InputError
        If another run is writing to the same results.
    """
    watcher = watcher or Watcher()
    place = Place(plan.settings.out, plan.study.id)
    with exclusive(place.lock):
        place.recover()
        try:
            return _run(plan, place, watcher)
        finally:
            place.discard()


def _run(plan: Plan, place: Place, watcher: Watcher) -> Done:
    named, events = (plan.rows.named, plan.rows.events) if plan.rows else (None, None)
    inputs = gather(plan.study.folder, named, _shown_values(plan), events)
    sources = {name: Source(code_sha256(read_notebook(p)), file_sha256(p)) for name, p in plan.paths.items()}
    earlier = read_manifest(place.final)
    decisions = decide(earlier, place.final, inputs, sources, plan.settings.force)
    for name, decision in decisions.items():
        watcher.decided(name, decision)
    unchanged = all(decision.action is Action.KEEP for decision in decisions.values())
    if earlier and unchanged and set(earlier.notebooks) == set(sources) and not altered(place.final, earlier.report):
        return Done(place.final, (), decisions)

    place.begin()
    records: dict[str, NotebookRecord] = {}
    for name, decision in decisions.items():
        if decision.action is not Action.RUN and earlier is not None:
            records[name] = _reuse(plan, place, earlier.notebooks[name], name, decision, sources[name])
    wanted = [name for name, decision in decisions.items() if decision.action is Action.RUN]
    outcomes = _execute(plan, place, wanted, watcher)
    for name in wanted:
        outputs = _adopt(place, name)
        records[name] = NotebookRecord(
            sources[name].code, sources[name].whole, outputs, outcomes[name].seconds, decisions[name].reason
        )
    _finish(plan, place, inputs, {name: records[name] for name in plan.paths})
    return Done(place.final, tuple(wanted), decisions)


def _execute(plan: Plan, place: Place, wanted: list[str], watcher: Watcher) -> dict[str, Outcome]:
    cohort = plan.rows.write(place.rows) if plan.rows and wanted else None
    jobs = [_job(plan, place, name, cohort) for name in wanted]
    results = execute_all(jobs, plan.settings.jobs, lambda job: watcher.started(job.name), watcher.ended)
    checked = [_with_declared(plan, place, outcome) for outcome in results]
    failures = [outcome for outcome in checked if outcome.failure]
    if failures:
        place.keep_failed([outcome.name for outcome in failures])
        raise RunFailed("\n".join(_two_lines(outcome, place) for outcome in failures))
    return {outcome.name: outcome for outcome in checked}


def _with_declared(plan: Plan, place: Place, outcome: Outcome) -> Outcome:
    declared = declared_outputs(read_notebook(plan.paths[outcome.name]))
    missing = [] if outcome.failure else place.missing(outcome.name, declared)
    if not missing:
        return outcome
    return replace(outcome, failure=f"it ended without writing what it declares: {', '.join(missing)}")


def _adopt(place: Place, name: str) -> dict[str, str]:
    executed = f"notebooks/{name}.ipynb"
    try:
        return {**place.adopt(name), executed: file_sha256(place.fresh / executed)}
    except FileExistsError as error:
        place.keep_failed([name])
        raise RunFailed(_two_lines(Outcome(name, 0.0, str(error)), place)) from error


def _job(plan: Plan, place: Place, name: str, cohort: Path | None) -> Job:
    study, part = plan.study, place.part(name)
    values: dict[str, object] = {
        "study": study.id if study.folder.parent == DATA else str(study.folder.resolve()),
        "cohort": str(cohort.resolve()) if cohort else _shown_values(plan)["cohort"],
        "results_dir": str(part),
        **plan.values,
    }
    known = declared_everywhere([plan.paths[name]])
    replacements = {
        str(part): f"results/{study.id}",
        str(study.folder.parent.resolve()): "…" if study.folder.parent != DATA else "data",
        str(PROJECT): ".",
        str(Path.home()): "~",
    }
    replacements[str(place.rows)] = "…"
    replacements.pop("/", None)
    return Job(
        name=name,
        source=plan.paths[name],
        output=place.fresh / "notebooks" / f"{name}.ipynb",
        parameters={key: value for key, value in values.items() if key in known},
        shown_parameters={key: value for key, value in _shown_values(plan).items() if key in known},
        execution_dir=plan.paths[name].parent,
        replacements=replacements,
    )


def _shown_values(plan: Plan) -> dict[str, object]:
    """The parameters of the run as they are stored and compared: no path of this machine among them."""
    named = plan.rows.named if plan.rows else None
    cohort = ANY_NAME if named else NO_ROWS if str(plan.settings.cohort) == NO_ROWS else ""
    return {"study": plan.study.id, "cohort": cohort, "results_dir": "", **plan.values}


def _reuse(
    plan: Plan, place: Place, record: NotebookRecord, name: str, decision: Decision, source: Source
) -> NotebookRecord:
    place.carry_over(list(record.outputs))
    outputs = dict(record.outputs)
    if decision.action is Action.GRAFT:
        executed = place.fresh / "notebooks" / f"{name}.ipynb"
        write_notebook(graft(read_notebook(plan.paths[name]), read_notebook(executed)), executed)
        outputs[f"notebooks/{name}.ipynb"] = file_sha256(executed)
    return replace(record, source=source.whole, outputs=outputs, reason=decision.reason)


def _finish(plan: Plan, place: Place, inputs: Inputs, records: dict[str, NotebookRecord]) -> None:
    from helpers import __version__
    from helpers.suite.report import write_report

    manifest = Manifest(
        study=plan.study.id,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        version=__version__,
        inputs=inputs.as_dict(),
        notebooks=records,
    )
    written = write_report(place.fresh, plan.study, manifest)
    replace(manifest, report=hashes(written, place.fresh)).write(place.fresh)
    place.commit()


def _two_lines(outcome: Outcome, place: Place) -> str:
    kept = place.failed / f"{outcome.name}.ipynb"
    read = f"read {shown(kept)}, " if kept.is_file() else ""
    untouched = " (earlier results are untouched)" if place.final.exists() else ""
    return f"{outcome.name} failed: {outcome.failure}\n  remedy: {read}mend the cause and run again{untouched}"
