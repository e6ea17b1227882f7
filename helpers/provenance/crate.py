"""ro-crate-metadata.json: a results folder as a research object (RO-Crate 1.2, Process Run Crate).

Everything in it follows from the folder, the manifest and the study: two crates of equal results differ only where
their manifests do. It names no person; who wrote a paper stands there as the text of its citation.

Sources: RO-Crate Metadata Specification 1.2, https://w3id.org/ro/crate/1.2; Process Run Crate 0.5,
https://w3id.org/ro/wfrun/process/0.5.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.provenance import CRATE, MANIFEST, SUMS, entities, licences
from helpers.provenance.formats import media_type
from helpers.suite.hashing import file_sha256, files_below
from helpers.suite.notebook import purpose, read_notebook, title

if TYPE_CHECKING:
    from helpers.study.model import Study
    from helpers.suite.manifest import Manifest

VERSION = "1.2"
SHA256 = "http://schema.org/sha256"
SPECIAL = {
    "index.html": "The report",
    "ledger.csv": "The ledger: one verdict a printed number",
    "ledger.json": "The ledger: one verdict a printed number",
    MANIFEST: "The record of the run: inputs, versions, notebooks, sums",
    SUMS: "The sha256 of every other file",
}


def write_crate(folder: Path, study: Study, manifest: Manifest) -> Path:
    """Describe a complete results folder whose manifest is written; the sums are written after it, and cover it."""
    path = folder / CRATE
    text = json.dumps(crate(folder, study, manifest), indent=1, ensure_ascii=False, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    return path


def crate(folder: Path, study: Study, manifest: Manifest) -> dict[str, Any]:
    """The content of the file as JSON-LD."""
    from rocrate.model.contextentity import ContextEntity
    from rocrate.rocrate import ROCrate

    from helpers.suite.report import citation

    made = ROCrate(gen_preview=False, version=VERSION)
    made.metadata.extra_terms["sha256"] = SHA256
    data: dict[str, str] = dict(manifest.inputs["data"])
    rows = any(key.rpartition("/")[2].startswith(("cohort", "adverse")) for key in data)
    terms = licences.of_results(study, rows)
    files = {
        name: made.add_file(dest_path=name, properties=_file(folder, name, manifest)).id for name in _names(folder)
    }
    given = [
        *entities.inputs(study, data, free=licences.CC0 in terms),
        *entities.parameters(manifest.inputs["parameters"]),
    ]
    paper = entities.paper(study, *citation(study))
    written = {name: i for name, i in files.items() if name not in (MANIFEST, SUMS)}
    acts = entities.actions(manifest, [entity["@id"] for entity in given], written)
    others = [
        *licences.entities(tuple(dict.fromkeys((*terms, licences.MIT)))),
        *given,
        *_notebooks(folder, manifest),
        *entities.workflow(manifest.notebooks),
        *entities.software(manifest.version, str(manifest.inputs["packages"].get("python", ""))),
        *([paper] if paper else []),
        *acts,
        {"@id": entities.PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
    ]
    for entity in others:
        about = {key: value for key, value in entity.items() if key != "@id"}
        made.add(ContextEntity(made, entity["@id"], properties=about))
    root = {
        "name": f"Results of unrounded for {study.id}: {study.title}",
        "description": _description(study, rows),
        "datePublished": manifest.made,
        "license": entities.refer(terms),
        "conformsTo": {"@id": entities.PROFILE},
        "mentions": entities.refer(act["@id"] for act in acts),
    }
    if paper:
        root["citation"] = {"@id": paper["@id"]}
    for key, value in root.items():
        made.root_dataset[key] = value
    found: dict[str, Any] = made.metadata.generate()
    return found


def _names(folder: Path) -> list[str]:
    found = {path.relative_to(folder).as_posix() for path in files_below(folder)}
    return sorted((found | {SUMS}) - {CRATE})


def _file(folder: Path, name: str, manifest: Manifest) -> dict[str, Any]:
    """What is said of one file; the sums come last, so nothing can be said of what is in them."""
    about: dict[str, Any] = {"name": SPECIAL.get(name, name), "encodingFormat": media_type(name)}
    if name != SUMS:
        path = folder / name
        about |= {"sha256": file_sha256(path), "contentSize": str(path.stat().st_size)}
    if name.startswith("notebooks/"):
        about["name"] = f"{Path(name).stem}, executed"
    writer = next((n for n, entry in manifest.notebooks.items() if name in entry.outputs), None)
    if writer is not None and name not in SPECIAL and not name.startswith("notebooks/"):
        about["description"] = f"Written by the notebook {writer}"
    return about


def _notebooks(folder: Path, manifest: Manifest) -> list[dict[str, Any]]:
    made = []
    for name, entry in manifest.notebooks.items():
        executed = read_notebook(folder / "notebooks" / f"{name}.ipynb")
        made.append(entities.notebook(name, title(executed), purpose(executed), entry.source))
    return made


def _description(study: Study, rows: bool) -> str:
    what = f"The printed survival numbers of a study of {study.n} patients, held against each other"
    if rows:
        return f"{what} and against patient-level rows, which are not part of this crate."
    return (
        f"{what}. No patient was observed for this: every curve, history and patient table here is reconstructed from "
        "printed numbers, and says so."
    )
