"""The page of a sweep: which printed numbers depend on which choice, and what each point makes of those that do."""

from __future__ import annotations

import jinja2
from markupsafe import Markup

from helpers.ledger.tidy import BY_ROWS
from helpers.paths import shown
from helpers.printed import FIELD_TITLES
from helpers.spreadsheet import safe_csv
from helpers.suite.dataset import run_verdicts
from helpers.suite.dependence import Dependence, dependence_frame, dependences, points_frame
from helpers.suite.manifest import Manifest, read_manifest
from helpers.suite.overview import in_short
from helpers.suite.pages import TEMPLATES, finish, style
from helpers.suite.sweep import Swept

POINTS, DEPENDENCE, PAGE = "points.csv", "dependence.csv", "index.html"


def write_sweep_page(swept: Swept) -> None:
    """Write ``index.html``, ``points.csv`` (one row a number and point) and ``dependence.csv`` (one row a number)."""
    parameters = list(swept.grid.swept)
    read = {
        point.name: read_manifest(swept.folder / point.name) for point, ending in swept.endings if not ending.failure
    }
    held = {name: manifest for name, manifest in read.items() if manifest is not None}
    frame = points_frame(
        (point.values, run_verdicts(swept.study, swept.folder / point.name, held[point.name], {}))
        for point in swept.grid.points
        if point.name in held
    )
    found = dependences(frame, parameters)
    (swept.folder / POINTS).write_text(safe_csv(frame), encoding="utf-8", newline="")
    text = safe_csv(dependence_frame(found, parameters))
    (swept.folder / DEPENDENCE).write_text(text, encoding="utf-8", newline="")
    judged = {
        (*(row[name] for name in ("judged_by", "claim", "field")), *(row[name] for name in parameters)): row
        for row in frame.to_dict("records")
    }
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    html = environment.get_template("sweep.html.j2").render(
        study=swept.study,
        grid=swept.grid,
        endings=swept.endings,
        per_parameter=[
            (name, sum(name in one.depends_on for one in found), tables_on(name, swept, held)) for name in parameters
        ],
        numbers=len(found),
        dependent=[_row(one, swept, judged) for one in found if one.depends_on],
        same=[_named(one, swept) for one in found if not one.depends_on],
        fixed=swept.grid.fixed,
        failures=[(ending.name, in_short(ending.failure)) for ending in swept.failures],
        css=Markup(style()),
    )
    (swept.folder / PAGE).write_text(finish(html), encoding="utf-8")


def tables_on(parameter: str, swept: Swept, held: dict[str, Manifest]) -> list[str]:
    """The tables of numbers that change where nothing but one parameter does, by the sums in the manifests."""
    groups: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for point in swept.grid.points:
        if point.name in held:
            others = tuple(value for name, value in point.values.items() if name != parameter)
            groups.setdefault(others, []).append(_tables(held[point.name]))
    changed = set()
    for some in groups.values():
        names = {name for tables in some for name in tables}
        changed |= {name for name in names if len({tables.get(name) for tables in some}) > 1}
    return sorted(changed)


def _tables(manifest: Manifest) -> dict[str, str]:
    files = (item for record in manifest.notebooks.values() for item in record.outputs.items())
    return {name: sha256 for name, sha256 in files if name.startswith("tables/")}


def _row(one: Dependence, swept: Swept, judged: dict[tuple[str, ...], dict[str, str]]) -> dict[str, object]:
    """A number that depends on a choice: what each point predicts, and its verdict; None where the point failed."""
    cells = []
    for point in swept.grid.points:
        row = judged.get((one.judged_by, one.claim, one.field, *point.values.values()))
        cells.append(
            None if row is None else (row["predicted"] or "–", row["verdict"], row["verdict"].replace(" ", "-"))
        )
    return {"name": _named(one, swept), "printed": one.printed, "on": one.depends_on, "cells": cells}


def _named(one: Dependence, swept: Swept) -> str:
    claim = swept.study.claim(one.claim)
    name = (claim.note or one.claim).split(";")[0]
    by = ", by the rows" if one.judged_by == BY_ROWS else ""
    return f"{name}, {FIELD_TITLES.get(one.field, one.field)}{by}"


def page_of(swept: Swept) -> str:
    """Where the page is, for a person."""
    return shown(swept.folder / PAGE)
