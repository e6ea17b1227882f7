"""The same run once more, in a folder of its own, and every file of it compared byte by byte.

Nothing is normalised. Not compared are only the files that tell when they were made, and what follows from those:
index.html, manifest.json, ro-crate-metadata.json and SHA256SUMS.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from helpers.errors import InputError, Problem
from helpers.paths import DATA, NOTEBOOKS
from helpers.provenance import CRATE, MANIFEST, SUMS
from helpers.provenance.holding import Holding
from helpers.provenance.records import UNREADABLE, read_object
from helpers.provenance.verify import CHUNK, Finding
from helpers.suite.hashing import files_below
from helpers.suite.results import SWEEPS
from helpers.suite.sequence import SEQUENCE

if TYPE_CHECKING:
    from helpers.suite.planning import Plan
    from helpers.suite.watcher import Watcher

DATED = ("index.html", MANIFEST, CRATE, SUMS)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_ROWS = {"cohort": "--cohort", "adverse events": "--adverse-events"}


@dataclass(frozen=True)
class Means:
    """What a run needs that its results do not hold: a study folder not in data/, files of rows, and how to run."""

    study: Path | None = None
    cohort: Path | None = None
    adverse_events: Path | None = None
    allow_identifiers: bool = False
    jobs: int = 1
    notebooks: Path = NOTEBOOKS
    names: tuple[str, ...] = SEQUENCE


@dataclass(frozen=True)
class Rerun:
    """How it went: how many files were compared, what differs, and what else is to be known."""

    compared: int
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


def rerun(held: Holding, means: Means, watcher: Watcher | None = None) -> Rerun:
    """Execute the notebooks of a results folder again and compare what they write.

    From the manifest come the name of the study, the parameters and which notebooks; each is checked as if it had been
    typed. Raises InputError if the manifest cannot be used, or something that it needs is not given.
    """
    from helpers.suite.planning import plan_one
    from helpers.suite.run import RunFailed, run

    recorded = _recorded(held, means)
    with TemporaryDirectory(prefix="unrounded-") as folder:
        settings, given = _settings(recorded, means, Path(folder))
        plan = plan_one(_study(recorded, means), settings, given)
        differing, notes = _inputs(recorded, plan)
        try:
            done = run(plan, watcher)
        except RunFailed as error:
            first = str(error).splitlines()[0]
            return Rerun(0, (*differing, Finding("failed", "", first)), notes)
        fresh = {path.relative_to(done.folder).as_posix(): path for path in files_below(done.folder)}
        compared, findings = _compared(held, fresh)
    return Rerun(compared, (*differing, *findings), notes)


def _recorded(held: Holding, means: Means) -> dict[str, Any]:
    """The manifest, as far as it is used: its inputs, and notebooks that there are."""
    try:
        content = read_object(held.read(MANIFEST).decode("utf-8"))
        inputs = content["inputs"]
        tables = [content["notebooks"], *(inputs[key] for key in ("data", "helpers", "packages", "parameters"))]
        if not all(isinstance(table, dict) for table in tables):
            raise ValueError("not a manifest of this suite")
    except (KeyError, TypeError, *UNREADABLE) as error:
        raise InputError(Problem(f"{MANIFEST} cannot be used: {error}", "nothing can be executed again")) from error
    unknown = sorted(set(content["notebooks"]) - set(means.names))
    if unknown or not content["notebooks"]:
        message = f"{MANIFEST} tells of notebooks that this version does not have"
        raise InputError(Problem(message, "use the version that made the results", found=", ".join(unknown)))
    return content


def _settings(recorded: Mapping[str, Any], means: Means, out: Path) -> tuple[Any, Any]:
    from helpers.suite.parameters import ELSEWHERE
    from helpers.suite.planning import Settings, ground
    from helpers.suite.rows import NO_ROWS

    data, values = recorded["inputs"]["data"], recorded["inputs"]["parameters"]
    for label, option in _ROWS.items():
        if label in data and (means.cohort if label == "cohort" else means.adverse_events or means.cohort) is None:
            message = f"these results were made from a file of {label} that is not among them"
            raise InputError(Problem(message, f"give it with {option} FILE"))
    settings = Settings(
        pairs=tuple(f"{name}={value}" for name, value in values.items() if name not in ELSEWHERE),
        cohort=means.cohort or (Path(NO_ROWS) if values.get("cohort") == NO_ROWS else None),
        adverse_events=means.adverse_events,
        allow_identifiers=means.allow_identifiers,
        out=out,
        jobs=means.jobs,
        notebooks=means.notebooks,
        names=tuple(name for name in means.names if name in recorded["notebooks"]),
    )
    return settings, ground(settings)


def _study(recorded: Mapping[str, Any], means: Means) -> str:
    """The study folder: the one given, else that of this name in data/; never a path out of the manifest."""
    if means.study is not None:
        return str(means.study)
    name = str(recorded.get("study", ""))
    if not _NAME.fullmatch(name) or not (DATA / name).is_dir():
        raise InputError(
            Problem("the study of these results is not in data/", "give its folder with --study FOLDER", found=name)
        )
    return name


def _inputs(recorded: Mapping[str, Any], plan: Plan) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Inputs that are others than they were: data are findings; code and versions may be others and print the same."""
    from helpers.suite.inputs import differences, gather

    rows = (plan.rows.named, plan.rows.events) if plan.rows else (None, None)
    now = gather(plan.study.folder, rows[0], plan.shown_values, rows[1], plan.ground.shared)
    before, after = _by_file(recorded["inputs"]["data"]), _by_file(now.data)
    findings = tuple(
        Finding("input", name, "not what the results were made from")
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    )
    same = {**recorded["inputs"], "data": now.data, "parameters": now.parameters}
    return findings, tuple(f"made with others than now: {reason}" for reason in differences(same, now))


def _by_file(data: Mapping[str, Any]) -> dict[str, Any]:
    """Sums under the names of files alone: whoever was sent a study folder may call it what they like."""
    return {key.rpartition("/")[2]: sha256 for key, sha256 in data.items()}


def _compared(held: Holding, fresh: Mapping[str, Path]) -> tuple[int, list[Finding]]:
    old = {path for path in held.members if not path.startswith(f"{SWEEPS}/")} - set(DATED)
    new = set(fresh) - set(DATED)
    findings = [Finding("missing", path, "written this time, and not among the results") for path in sorted(new - old)]
    findings += [Finding("added", path, "not written this time") for path in sorted(old - new)]
    for path in sorted(old & new):
        try:
            same = _same(held, path, fresh[path])
        except UNREADABLE as error:
            findings.append(Finding("differs", path, f"cannot be read: {error}"))
            continue
        if not same:
            findings.append(Finding("differs", path, "its bytes are others than those written this time"))
    return len(old & new), findings


def _same(held: Holding, path: str, other: Path) -> bool:
    with held.members[path]() as one, other.open("rb") as two:
        while True:
            first, second = one.read(CHUNK), two.read(CHUNK)
            if first != second:
                return False
            if not first:
                return True
