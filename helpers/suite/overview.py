"""The index over all studies of a results folder: one line a study, with its verdicts, its state and a link."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import jinja2
from markupsafe import Markup

from helpers.errors import InputError, Problem
from helpers.paths import shown
from helpers.suite.manifest import read_manifest
from helpers.suite.pages import TEMPLATES, finish, style
from helpers.suite.report import MEANINGS, VERDICTS, read_ledger
from helpers.suite.results import SWEEPS
from helpers.suite.rows_report import read_rows

NAME = "index.html"
GENERATOR = '<meta name="generator" content="unrounded: all studies">'


@dataclass(frozen=True)
class Line:
    """One study: `counts` by verdict, `rows` the verdicts of its rows in words, `failure` why its last run failed.

    `made` is empty where there are no results; `sweeps` are names of sweeps below its folder.
    """

    study: str
    title: str = ""
    patients: int | None = None
    counts: Mapping[str, int] | None = None
    rows: str = ""
    made: str = ""
    failure: str = ""
    sweeps: tuple[str, ...] = ()


def lines_of(root: Path, failures: Mapping[str, str] | None = None) -> list[Line]:
    """Every study with results below `root`, and those that failed without; in the order of their names.

    `failures` are the reasons of this command's failures by study; a study that failed in an earlier one, and has not
    been run since, is known by the folder it left.
    """
    reasons = {
        path.name.removesuffix(".failed"): "a notebook failed" for path in root.glob("*.failed") if path.is_dir()
    }
    reasons |= {study: in_short(reason) for study, reason in (failures or {}).items()}
    found = {}
    for folder in sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith(".")):
        line = _line(folder, reasons.get(folder.name, ""))
        if line is not None:
            found[folder.name] = line
    lacking = {study: Line(study, failure=reason) for study, reason in reasons.items() if study not in found}
    return sorted([*found.values(), *lacking.values()], key=lambda line: line.study)


def in_short(reason: str) -> str:
    """The first line of a reason, without the folders of this machine.

    >>> in_short("/somewhere/mine/study.yaml, column n: the key n is missing\\n  remedy: add it")
    '…/study.yaml, column n: the key n is missing'
    """
    return re.sub(r"(?<![^\s(])/(?:[^\s/]+/)+", "…/", reason.splitlines()[0])


def _line(folder: Path, failure: str) -> Line | None:
    manifest = read_manifest(folder)
    sweeps = tuple(sorted(p.name for p in (folder / SWEEPS).glob("*") if (p / "index.html").is_file()))
    if manifest is None:
        return Line(folder.name, failure=failure, sweeps=sweeps) if sweeps else None
    ledger, rows = read_ledger(folder), read_rows(folder)
    counts = Counter(str(row["verdict"]) for row in ledger)
    by_rows = ", ".join(f"{number} {word}" for word, number in (rows["counts"] if rows else {}).items() if number)
    when = datetime.fromisoformat(manifest.made)
    made = f"{when.day} {when:%b %Y}"
    return Line(
        folder.name,
        manifest.title,
        manifest.patients,
        counts if "06_verdict" in manifest.notebooks or ledger else None,
        by_rows,
        made,
        failure,
        sweeps,
    )


def render_overview(lines: list[Line]) -> str:
    """The page: how many numbers have which verdict over all studies, then one line a study."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    totals: Counter[str] = Counter()
    for line in lines:
        totals.update(line.counts or {})
    html = environment.get_template("overview.html.j2").render(
        lines=lines,
        verdicts=VERDICTS,
        totals=[(verdict, totals[verdict], MEANINGS[verdict]) for verdict in VERDICTS if totals[verdict]],
        printed=totals.total(),
        failed=[line for line in lines if line.failure],
        generator=Markup(GENERATOR),
        css=Markup(style()),
    )
    return finish(html)


def write_overview(root: Path, failures: Mapping[str, str] | None = None) -> Path:
    """Write ``index.html`` into a results folder, whole or not at all. Raises InputError if another page is there."""
    path = root / NAME
    if path.exists() and not is_ours(path):
        raise InputError(
            Problem(
                f"{shown(path)} is no page of this suite, and is left alone",
                "move it away, or choose another place with --out DIR",
            )
        )
    root.mkdir(parents=True, exist_ok=True)
    waiting = root / f".{NAME}.new"
    waiting.write_text(render_overview(lines_of(root, failures)), encoding="utf-8")
    waiting.replace(path)
    return path


def is_ours(path: Path) -> bool:
    """Whether a file is an index that this suite wrote."""
    try:
        return 'content="unrounded: all studies"' in path.read_text(encoding="utf-8")[:2000]
    except (OSError, UnicodeDecodeError):
        return False
