"""Save what stands on the bench: as a study folder that every command reads, or as figures."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

from helpers.errors import InputError, Problem
from helpers.explore.drawn import Drawn
from helpers.explore.figures import band_figure, ladder_figure
from helpers.explore.model import Answer
from helpers.explore.pictures import curve_alt, curve_drawing, ladder_alt
from helpers.explore.state import State, base_study, study_of
from helpers.explore.typed import typed_files
from helpers.figures.display import render
from helpers.paths import RESULTS, shown
from helpers.spreadsheet import shielded
from helpers.study import load_study
from helpers.study.model import DAYS_PER_MONTH

DEFAULT_FOLDER = RESULTS / "explore"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def save_study(state: State, name: str, folder: Path = DEFAULT_FOLDER) -> Path:
    """Write a study folder with the numbers on the bench; changed ones say so in their source.

    Parameters
    ----------
    state : what stands on the bench.
    name : the folder's name and the study's id: lower-case letters, digits, - and _.
    folder : where it is put; by default below ``results/``, which is not part of the repository.

    Returns
    -------
    Path
        The folder. It was read again, so that it can be used: ``unrounded check FOLDER``.

    Raises
    ------
    InputError
        for a name that cannot be one, for a folder that exists, or for numbers that cannot be read.
    """
    study = study_of(state)
    target = _fresh(name, folder)
    if state.typed is not None:
        files = typed_files(state.typed, name)
    else:
        source = base_study(state).folder
        files = {n: (source / n).read_text(encoding="utf-8-sig") for n in ("study.yaml", "claims.csv")}
    files["study.yaml"] = _yaml(files["study.yaml"], state, name)
    files["claims.csv"] = _claims(files["claims.csv"], state, {claim.id for claim in study.claims})
    target.mkdir(parents=True)
    for file, text in files.items():
        (target / file).write_text(text, encoding="utf-8", newline="\n")
    load_study(target)
    return target


def _fresh(name: str, folder: Path) -> Path:
    if _NAME.fullmatch(name) is None:
        raise InputError(
            Problem("this cannot be the name of a study", "use a-z, 0-9, - and _, e.g. my_study", found=name)
        )
    target = folder / name
    if target.exists():
        raise InputError(Problem("there is such a folder already, and it stays as it is", "choose another name",
                                 found=shown(target)))  # fmt: skip
    return target


def _yaml(text: str, state: State, name: str) -> str:
    """study.yaml under a new id, with the conventions held fixed; what was changed stands in a comment above."""
    import yaml

    content: dict[str, Any] = yaml.safe_load(text)
    origin, content["id"] = content["id"], name
    content.pop("overlaps", None)  # they name the study itself, which this is not
    content.pop("citation", None)  # the paper is not to be quoted for numbers that it does not print
    if state.typed is None:
        content["title"] = f"What-if: {content['title']}"
    if state.fixed:
        content["conventions"] = {**content.get("conventions", {}), **state.fixed}
    changes = "".join(f"#   {e.claim}.{e.field}: {e.text or 'taken away'}\n" for e in state.edits)
    what = "numbers typed in by hand" if state.typed is not None else f"the study {origin}"
    head = f"# A what-if, made in notebooks/explore.ipynb from {what}; it is not a transcription of a paper.\n"
    head += f"# Changed on the bench:\n{changes}" if changes else ""
    if state.month != DAYS_PER_MONTH:
        head += f"# Months of {state.days_per_month} days: run it with -p days_per_month={state.days_per_month}\n"
    return head + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)


def _claims(text: str, state: State, kept: set[str]) -> str:
    rows = list(csv.DictReader(io.StringIO(text)))
    names = list(dict.fromkeys([*(rows[0] if rows else ()), "source"]))
    edits = {(e.claim, e.field): e.text for e in state.edits}
    out = io.StringIO()
    writer = csv.DictWriter(out, names, lineterminator="\n", restval="")
    writer.writeheader()
    for row in rows:
        own = {field: text for (claim, field), text in edits.items() if claim == row["id"]}
        if row["id"] in kept:
            texts = {name: shielded(row[name]) for name in ("source", "note") if row.get(name)}
            writer.writerow({**row, **texts, **own, **({"source": "what-if"} if own else {})})
    return out.getvalue()


def save_figures(answer: Answer, position: int, name: str, folder: Path = DEFAULT_FOLDER, drawn: Drawn | None = None,
                 *, best: bool = False, worst: bool = False) -> list[Path]:  # fmt: skip
    """Write the ladder and the band in the house style as PNG, SVG and PDF, and the curve as seen as SVG.

    Returns
    -------
    list of Path
        The files written, below ``folder/name``.

    Raises
    ------
    InputError
        for a name that cannot be one, for a folder that exists, or where nothing is on display.
    """
    if not answer.courses and not answer.band:
        raise InputError(Problem("there is no picture to save", "choose numbers that some history can print"))
    target = _fresh(name, folder)
    figures = []
    if answer.courses:
        figures.append(("ladder", ladder_figure(answer, position), ladder_alt(answer, position)))
    if answer.band:
        figures.append(("band", band_figure(answer), curve_alt(answer, None)))
    target.mkdir(parents=True)
    written = []
    for stem, figure, alt in figures:
        for kind in ("png", "svg", "pdf"):
            written.append(target / f"{stem}.{kind}")
            written[-1].write_bytes(render(figure, kind, alt))
    written.append(target / "curve-as-seen.svg")
    alt = curve_alt(answer, drawn, best=best, worst=worst)
    written[-1].write_text(curve_drawing(answer, drawn, best=best, worst=worst).svg(alt), encoding="utf-8")
    return written
