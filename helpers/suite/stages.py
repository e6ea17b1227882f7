"""The stages of a run: prepare, (execute the notebooks,) assemble, publish.

Preparing and publishing are done by whoever holds the lock of the results; executing and assembling can be done by any
process that sees the same files, as often as it takes: they write only into folders of their own. Nothing is seen in
the results folder before it is published, by renaming, as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.paths import DATA, PROJECT, shown
from helpers.suite.cache import Action, Decision, Source, decide
from helpers.suite.execution import Job, Outcome
from helpers.suite.hashing import file_sha256, hashes
from helpers.suite.inputs import Inputs, gather
from helpers.suite.manifest import Manifest, NotebookRecord, altered, read_manifest
from helpers.suite.notebook import read_notebook, write_notebook
from helpers.suite.parameters import declared_everywhere
from helpers.suite.planning import Plan
from helpers.suite.results import Place
from helpers.suite.tidy import graft
from helpers.suite.watcher import Watcher

if TYPE_CHECKING:
    from helpers.study.model import Study


class RunFailed(Exception):
    """A notebook failed. The message is two lines: what failed and where; what to do."""

    exit_code = 1


class Clash(Exception):
    """Two notebooks wrote a file of the same name: the notebook that came second, and what it wrote."""


@dataclass(frozen=True)
class Done:
    """Where the results are, and which notebooks were executed for them."""

    folder: Path
    executed: tuple[str, ...]
    decisions: Mapping[str, Decision]


@dataclass(frozen=True)
class Prepared:
    """A run whose notebooks can be executed: what goes in, what is kept, and the jobs that are left."""

    study: Study
    place: Place
    ledgers: Path
    paths: Mapping[str, Path]
    sources: Mapping[str, Source]
    declared: Mapping[str, tuple[str, ...]]
    defaults: Mapping[str, object]
    inputs: Inputs
    decisions: Mapping[str, Decision]
    earlier: Manifest | None
    jobs: tuple[Job, ...]


@dataclass(frozen=True)
class Assembled:
    """New results that are complete but not published: their folder, and the file of their verdicts, if any."""

    fresh: Path
    verdicts: Path | None


def prepare(plan: Plan, watcher: Watcher) -> Prepared | Done:
    """Decide what is to be executed, and make the folders for it; `Done` if everything still holds."""
    from helpers.suite.dataset import drop_unpublished, keep_verdicts, parameters_of

    place, given = plan.place, plan.ground
    named, events = (plan.rows.named, plan.rows.events) if plan.rows else (None, None)
    inputs = gather(plan.study.folder, named, plan.shown_values, events, given.shared)
    earlier = read_manifest(place.final)
    decisions = _decisions(plan, earlier, inputs)
    for name, decision in decisions.items():
        watcher.decided(name, decision)
    defaults: dict[str, object] = {name: parameter.default for name, parameter in given.known.items()}
    unchanged = all(decision.action is Action.KEEP for decision in decisions.values())
    if earlier and unchanged and set(earlier.notebooks) == set(decisions) and _whole(place.final, earlier):
        keep_verdicts(plan.ledgers, plan.study, place.final, earlier, defaults)
        return Done(place.final, (), decisions)
    drop_unpublished(plan.ledgers, plan.study.id, parameters_of(inputs.parameters, defaults))
    place.begin()
    wanted = [name for name, decision in decisions.items() if decision.action is Action.RUN]
    cohort = plan.rows.write(place.rows) if plan.rows and wanted else None
    return Prepared(
        plan.study,
        place,
        plan.ledgers,
        {name: given.paths[name] for name in decisions},
        {name: given.sources[name] for name in decisions},
        given.declared,
        defaults,
        inputs,
        decisions,
        earlier,
        tuple(_job(plan, name, cohort) for name in wanted),
    )


def _whole(folder: Path, earlier: Manifest) -> bool:
    """Whether the report is as the manifest says, and manifest and crate as the sums say."""
    from helpers.provenance import SEALED
    from helpers.provenance.sums import seal_holds

    return not altered(folder, earlier.report) and seal_holds(folder, SEALED)


def _decisions(plan: Plan, earlier: Manifest | None, inputs: Inputs) -> dict[str, Decision]:
    """One decision a notebook; of those that may not be executed only the ones whose results still hold."""
    only, force = plan.settings.only, plan.settings.force
    decisions = decide(earlier, plan.place.final, inputs, plan.ground.sources, force)
    if not only:
        return decisions
    kept = decide(earlier, plan.place.final, inputs, plan.ground.sources)
    return {
        name: decisions[name] if name in only else kept[name]
        for name in decisions
        if name in only or kept[name].action is not Action.RUN
    }


def _job(plan: Plan, name: str, cohort: Path | None) -> Job:
    study, place, path = plan.study, plan.place, plan.ground.paths[name]
    part, stored = place.parts / name, plan.shown_values
    values: dict[str, object] = {
        "study": study.id if study.folder.parent == DATA else str(study.folder.resolve()),
        "cohort": str(cohort.resolve()) if cohort else stored["cohort"],
        "results_dir": str(part),
        **plan.values,
    }
    known = declared_everywhere([path])
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
        source=path,
        output=place.executed(name),
        parameters={key: value for key, value in values.items() if key in known},
        shown_parameters={key: value for key, value in stored.items() if key in known},
        execution_dir=path.parent,
        replacements=replacements,
    )


def require_success(prepared: Prepared, outcomes: Iterable[Outcome]) -> dict[str, float]:
    """Seconds by notebook if each ended well and left what it declares; else RunFailed, with the failed ones kept."""
    checked = [_with_declared(prepared, outcome) for outcome in outcomes]
    failures = [outcome for outcome in checked if outcome.failure]
    if failures:
        prepared.place.keep_failed([outcome.name for outcome in failures])
        raise RunFailed("\n".join(two_lines(outcome, prepared.place) for outcome in failures))
    return {outcome.name: outcome.seconds for outcome in checked}


def _with_declared(prepared: Prepared, outcome: Outcome) -> Outcome:
    missing = [] if outcome.failure else prepared.place.missing(outcome.name, prepared.declared[outcome.name])
    if not missing:
        return outcome
    return replace(outcome, failure=f"it ended without writing what it declares: {', '.join(missing)}")


def assemble(prepared: Prepared, seconds: Mapping[str, float]) -> Assembled:
    """Put together, in a folder of this attempt's own, what is kept and what was executed; write report and records.

    Raises Clash if two notebooks wrote a file of the same name.
    """
    from helpers import __version__
    from helpers.provenance.crate import write_crate
    from helpers.provenance.sums import write_sums
    from helpers.suite.dataset import write_verdicts
    from helpers.suite.report import write_report

    place = prepared.place.attempt()
    place.begin_fresh()
    records: dict[str, NotebookRecord] = {}
    for name, decision in prepared.decisions.items():
        if decision.action is not Action.RUN and prepared.earlier is not None:
            records[name] = _reuse(prepared, place, prepared.earlier.notebooks[name], name, decision)
    for name in seconds:
        try:
            outputs = place.adopt(name)
        except FileExistsError as error:
            raise Clash(name, str(error)) from error
        source = prepared.sources[name]
        records[name] = NotebookRecord(
            source.code, source.whole, outputs, seconds[name], prepared.decisions[name].reason
        )
    manifest = Manifest(
        study=prepared.study.id,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        version=__version__,
        inputs=prepared.inputs.as_dict(),
        notebooks={name: records[name] for name in prepared.decisions},
        title=prepared.study.title,
        patients=prepared.study.n,
    )
    written = write_report(place.fresh, prepared.study, manifest)
    manifest = replace(manifest, report=hashes(written, place.fresh))
    manifest.write(place.fresh)
    write_crate(place.fresh, prepared.study, manifest)
    write_sums(place.fresh)
    verdicts = write_verdicts(prepared.ledgers, prepared.study, place.fresh, manifest, prepared.defaults)
    return Assembled(place.fresh, verdicts)


def _reuse(prepared: Prepared, place: Place, record: NotebookRecord, name: str, decision: Decision) -> NotebookRecord:
    place.carry_over(list(record.outputs))
    outputs = dict(record.outputs)
    if decision.action is Action.GRAFT:
        executed = place.fresh / "notebooks" / f"{name}.ipynb"
        write_notebook(graft(read_notebook(prepared.paths[name]), read_notebook(executed)), executed)
        outputs[f"notebooks/{name}.ipynb"] = file_sha256(executed)
    return replace(record, source=prepared.sources[name].whole, outputs=outputs, reason=decision.reason)


def publish(prepared: Prepared, assembled: Assembled) -> Done:
    """Put new results in the place of the old ones, and their verdicts into the data set."""
    from helpers.suite.dataset import publish_verdicts

    prepared.place.commit(assembled.fresh)
    publish_verdicts(assembled.verdicts)
    return Done(prepared.place.final, tuple(job.name for job in prepared.jobs), prepared.decisions)


def clashed(prepared: Prepared, clash: Clash) -> RunFailed:
    """The failure of a run in which two notebooks wrote a file of the same name; the second is kept for reading."""
    name, what = clash.args
    prepared.place.keep_failed([name])
    return RunFailed(two_lines(Outcome(name, 0.0, what), prepared.place))


def two_lines(outcome: Outcome, place: Place) -> str:
    """What failed and where; what to do."""
    kept = place.failed / f"{outcome.name}.ipynb"
    read = f"read {shown(kept)}, " if kept.is_file() else ""
    untouched = " (earlier results are untouched)" if place.final.exists() else ""
    return f"{outcome.name} failed: {outcome.failure}\n  remedy: {read}mend the cause and run again{untouched}"
