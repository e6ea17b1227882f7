"""The report: an index that an editor could be sent, and one page a notebook."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup

from helpers.printed import FIELD_TITLES
from helpers.provenance import SEALED, SUMS
from helpers.suite.manifest import Manifest
from helpers.suite.notebook import Notebook, Picture, pictures, purpose, read_notebook, title
from helpers.suite.pages import TEMPLATES, finish, links, render_markdown, render_page, style
from helpers.suite.rows_report import beside, read_rows, rows_summary

if TYPE_CHECKING:
    from helpers.study.model import Study

VERDICTS = ("re-derived", "consistent", "arithmetic", "not derivable", "impossible")
MEANINGS = {
    "re-derived": "all the other numbers together force exactly the printed digits",
    "consistent": "the printed digits are among those the other numbers allow",
    "arithmetic": "follows from other printed counts",
    "not derivable": "the other numbers say nothing about it",
    "impossible": "no data set that fits the other numbers prints these digits",
}
# The pictures of the first page; of several names the first that there is.
KEY_FIGURES = (
    ("04_survival-rows-groups", "04_survival-rows-km"), ("03_reconstruction-ladder",), ("04_survival-km",),
)  # fmt: skip
MAIN_PACKAGES = (
    "numpy",
    "pandas",
    "scipy",
    "lifelines",
    "statsmodels",
    "matplotlib",
    "papermill",
    "nbconvert",
)


def write_report(folder: Path, study: Study, manifest: Manifest) -> list[Path]:
    """Write index.html and pages/ into a results folder; returns the files written."""
    notebooks = {name: read_notebook(folder / "notebooks" / f"{name}.ipynb") for name in manifest.notebooks}
    pages = links([(name, title(notebook) or name) for name, notebook in notebooks.items()])
    written = []
    for position, (name, notebook) in enumerate(notebooks.items()):
        before = pages[position - 1] if position else None
        after = pages[position + 1] if position + 1 < len(pages) else None
        path = folder / "pages" / f"{name}.html"
        path.write_text(render_page(notebook, name, study.title, before, after), encoding="utf-8")
        written.append(path)
    index = folder / "index.html"
    index.write_text(render_index(folder, study, manifest, notebooks), encoding="utf-8")
    return [*written, index]


def render_index(folder: Path, study: Study, manifest: Manifest, notebooks: Mapping[str, Notebook]) -> str:
    """The HTML of the index, from the results folder and the study card."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["markdown"] = lambda text: Markup(render_markdown(text))
    environment.filters["sentence"] = lambda text: text[:1].upper() + text[1:].rstrip(".") + "."
    environment.filters["unbroken"] = lambda text: re.sub(r"-(?=\w\b)", "\u2011", text)
    ledger, rows = read_ledger(folder), read_rows(folder)
    counts = Counter(row["verdict"] for row in ledger)
    files = sorted({f for record in manifest.notebooks.values() for f in record.outputs})
    html = environment.get_template("index.html.j2").render(
        study=study,
        card=study_card(study),
        cite=citation(study),
        claims=by_claim(ledger, study),
        rows=rows_summary(rows, study),
        by_rows=beside(rows),
        total=len(ledger),
        counts=[(verdict, counts[verdict], MEANINGS[verdict]) for verdict in VERDICTS if counts[verdict]],
        impossible=by_claim([row for row in ledger if row["verdict"] == "impossible"], study),
        figures=key_figures(folder, notebooks),
        notebooks=[(name, title(n) or name, purpose(n)) for name, n in notebooks.items()],
        downloads=downloads(files),
        parameters={k: v for k, v in manifest.inputs["parameters"].items() if v != "" and k != "results_dir"},
        packages={name: manifest.inputs["packages"].get(name, "") for name in ("python", *MAIN_PACKAGES)},
        version=manifest.version,
        made=day(datetime.fromisoformat(manifest.made).date()),
        css=Markup(style()),
    )
    return finish(html)


def read_ledger(folder: Path) -> list[dict[str, Any]]:
    """The ledger that the verdict notebook wrote; an empty list if there is none."""
    path = folder / "ledger.json"
    return list(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else []


def study_card(study: Study) -> dict[str, str]:
    """What the paper says of itself, as terms with descriptions; what is not given is left out."""
    card = {
        "Population": study.population,
        "Product": study.product,
        "Patients": str(study.n),
        "Sites": "; ".join(study.sites),
        "Enrolled": _span(study.enrolled_from, study.enrolled_to),
        "Endpoints": "; ".join(f"{e.name} ({e.id}), event: {e.events}" for e in study.endpoints.values()),
    }
    return {term: text for term, text in card.items() if text}


def citation(study: Study) -> tuple[str, list[tuple[str, str]]]:
    """The citation as a sentence, and links as pairs of text and address."""
    c = study.citation
    authors = str(c.get("authors", "")).split(",")
    who = (
        f"{', '.join(a.strip() for a in authors[:3])}{' et al.' if len(authors) > 3 else ''}"
        if c.get("authors")
        else ""
    )
    sentence = ". ".join(str(part).rstrip(".") for part in (who, c.get("journal", ""), c.get("year", "")) if part)
    found = []
    doi, pmcid = str(c.get("doi", "")), str(c.get("pmcid", ""))
    if re.fullmatch(r"10\.\d{4,9}/\S+", doi):
        found.append((f"doi:{doi}", f"https://doi.org/{doi}"))
    if re.fullmatch(r"PMC\d+", pmcid):
        found.append((pmcid, f"https://pmc.ncbi.nlm.nih.gov/articles/{pmcid}/"))
    return sentence, found


def by_claim(ledger: list[dict[str, Any]], study: Study) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """Ledger rows under the statement they belong to: name, claim id, rows ready to show."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in ledger:
        groups.setdefault(row["claim"], []).append(statement(row, study))
    return [(rows[0]["name"], claim, rows) for claim, rows in groups.items()]


def statement(row: Mapping[str, Any], study: Study) -> dict[str, Any]:
    """A ledger row in words: the name of the claim, the field, and what the rest predicts with its unit."""
    claim = next((c for c in study.claims if c.id == row["claim"]), None)
    unit = {"percent": "%", "day": "days", "month": "months"}.get(claim.unit, "") if claim else ""
    unit = "" if row["field"] == "count" else unit
    predicted = row["predicted"]
    if isinstance(predicted, Mapping):
        text = f"{predicted['min']} to {predicted['max']}"
    else:
        text = _few([str(p) for p in predicted])
    return {
        "claim": row["claim"],
        "name": (claim.note.split(";")[0] if claim and claim.note else row["claim"]),
        "key": row["field"],
        "field": FIELD_TITLES.get(row["field"], row["field"]),
        "printed": row["printed"],
        "predicted": text,
        "unit": unit,
        "verdict": row["verdict"],
        "class": str(row["verdict"]).replace(" ", "-"),
        "note": row.get("note", ""),
    }


def key_figures(folder: Path, notebooks: Mapping[str, Notebook]) -> list[tuple[Picture, str]]:
    """The pictures for the index, each with its data address: observed curve, ladder, curve; else the first ones."""
    files = {
        hashlib.sha256(path.read_bytes()).hexdigest(): path.stem for path in sorted((folder / "figures").glob("*.png"))
    }
    every = [picture for name, notebook in notebooks.items() for picture in pictures(notebook, name)]
    named = [(picture, _stem(picture, files)) for picture in every]
    chosen = []
    for wanted in KEY_FIGURES:
        found = [[p for p, stem in named if stem.startswith(name)][:1] for name in wanted]
        chosen += next((some for some in found if some), [])
    return [(picture, address(picture)) for picture in chosen or every[:2]]


def address(picture: Picture) -> str:
    """A picture as a data: address."""
    if picture.kind == "image/svg+xml":
        return "data:image/svg+xml;base64," + base64.b64encode(picture.data.encode()).decode()
    return f"data:{picture.kind};base64," + "".join(picture.data.split())


def downloads(files: list[str]) -> list[tuple[str, list[str]]]:
    """Files to take along, under the heading they belong to."""
    groups = {
        "The ledger and the record of this run": [f for f in files if "/" not in f] + [*SEALED, SUMS],
        "Tables": [f for f in files if f.startswith("tables/")],
        "Figures": [f for f in files if f.startswith("figures/") and f.endswith((".svg", ".pdf"))],
        "Notebooks, executed": [f for f in files if f.startswith("notebooks/")],
    }
    return [(heading, members) for heading, members in groups.items() if members]


def day(when: date) -> str:
    """A date as a reader writes it: 5 March 2024."""
    return f"{when.day} {when:%B %Y}"


def _stem(picture: Picture, files: Mapping[str, str]) -> str:
    if picture.kind != "image/png":
        return picture.name
    return picture.name or files.get(hashlib.sha256(base64.b64decode(picture.data)).hexdigest(), "")


def _span(start: date | None, end: date | None) -> str:
    if start is None:
        return ""
    return f"{start:%B %Y} to {end:%B %Y}" if end else f"from {start:%B %Y}"


def _few(texts: list[str], limit: int = 4) -> str:
    if len(texts) <= limit:
        return " or ".join(texts) if texts else "–"
    return f"{', '.join(texts[:limit])} … ({len(texts)} values)"
