"""What a crate tells beside its files: inputs, parameters, notebooks, software, the paper, and what was done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from helpers.provenance.formats import media_type
from helpers.provenance.licences import CC0, MIT

if TYPE_CHECKING:
    from helpers.study.model import Study
    from helpers.suite.manifest import Manifest

Entity = dict[str, Any]
SOFTWARE = "#unrounded"
SEQUENCE = "#sequence"
PYTHON = "#python"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
DONE = "http://schema.org/CompletedActionStatus"
_ROWS = {"cohort": "Patient-level rows", "adverse events": "Adverse events of the patients"}
_READ = {
    "study.yaml": "What the public part of the paper says about the study",
    "claims.csv": "The printed numbers, as text",
    "SOURCES.md": "Where each printed number stands",
}


def refer(ids: Iterable[str]) -> list[dict[str, str]]:
    """References to entities."""
    return [{"@id": i} for i in ids]


def inputs(study: Study, data: Mapping[str, str], free: bool) -> list[Entity]:
    """What went in, by sha256: files of the study folder under the study's id, rows without a name.

    They are not part of the crate, so none is a File; `free` says that the facts in them are this project's.
    """
    found = []
    for key, sha256 in data.items():
        name = key.rpartition("/")[2]
        rows = key in _ROWS or name.startswith(("cohort.", "adverse_events."))
        what = _ROWS.get(key) or _ROWS["cohort" if name.startswith("cohort.") else "adverse events"] if rows else ""
        entity: Entity = {
            "@id": f"#input/{quote(name)}" if key in _ROWS else f"#input/{quote(study.id)}/{quote(name)}",
            "@type": "DigitalDocument",
            "name": what if key in _ROWS else name,
            "description": f"{what or _READ.get(name, 'A file of the study folder')}; not part of this crate",
            "sha256": sha256,
        }
        if key not in _ROWS:
            entity["encodingFormat"] = media_type(name)
        if free and not rows:
            entity["license"] = {"@id": CC0}
        found.append(entity)
    return found


def parameters(values: Mapping[str, object]) -> list[Entity]:
    """The parameters of the run that say something."""
    return [
        {"@id": f"#parameter/{quote(name)}", "@type": "PropertyValue", "name": name, "value": value}
        for name, value in values.items()
        if value != "" and name != "results_dir"
    ]


def notebook(name: str, title: str, purpose: str, sha256: str) -> Entity:
    """The notebook as it stands in the project, before it was executed."""
    entity = {
        "@id": f"#notebook/{quote(name)}",
        "@type": "SoftwareSourceCode",
        "name": title or name,
        "sha256": sha256,
        "encodingFormat": media_type("n.ipynb"),
        "programmingLanguage": {"@id": PYTHON},
        "license": {"@id": MIT},
        "isPartOf": {"@id": SEQUENCE},
    }
    return {**entity, "description": purpose} if purpose else entity


def workflow(names: Iterable[str]) -> list[Entity]:
    """The sequence of notebooks, and the place of each in it."""
    every = list(names)
    steps = [
        {
            "@id": f"#step/{quote(name)}",
            "@type": "HowToStep",
            "name": name,
            "position": str(position),
            "workExample": {"@id": f"#notebook/{quote(name)}"},
        }
        for position, name in enumerate(every, start=1)
    ]
    whole = {
        "@id": SEQUENCE,
        "@type": ["SoftwareSourceCode", "ComputationalWorkflow"],
        "name": "The sequence of notebooks",
        "description": "Each notebook stands alone; the order is the one in which they are read.",
        "programmingLanguage": {"@id": PYTHON},
        "license": {"@id": MIT},
        "hasPart": refer(f"#notebook/{quote(name)}" for name in every),
        "step": refer(str(step["@id"]) for step in steps),
        "isPartOf": {"@id": SOFTWARE},
    }
    return [whole, *steps]


def software(version: str, python: str) -> list[Entity]:
    """What did it. The versions of all packages are in the manifest."""
    made: Entity = {
        "@id": SOFTWARE,
        "@type": "SoftwareApplication",
        "name": "unrounded",
        "version": version,
        "softwareVersion": version,
        "license": {"@id": MIT},
        "softwareRequirements": {"@id": PYTHON},
    }
    language = {"@id": PYTHON, "@type": "ComputerLanguage", "name": "Python", "url": "https://www.python.org/"}
    return [made, {**language, "version": python} if python else language]


def paper(study: Study, sentence: str, links: Iterable[tuple[str, str]]) -> Entity | None:
    """The paper whose numbers these are; who wrote it only in the words of the study folder's citation."""
    if not sentence:
        return None
    addresses = [address for _, address in links]
    entity: Entity = {
        "@id": addresses[0] if addresses else "#paper",
        "@type": "ScholarlyArticle",
        "name": study.title_original or study.title,
        "creditText": str(study.citation.get("authors", "")).strip() or sentence,
        "description": sentence,
    }
    if addresses[1:]:
        entity["sameAs"] = addresses[1:]
    return entity


def actions(manifest: Manifest, given: list[str], files: Mapping[str, str]) -> list[Entity]:
    """What was done: the run as a whole, and each notebook. `files` maps the path of each file to its id."""
    whole: Entity = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"unrounded run {manifest.study}",
        "instrument": {"@id": SOFTWARE},
        "object": refer(given),
        "result": refer(files[name] for name in files),
        "endTime": manifest.made,
        "actionStatus": {"@id": DONE},
    }
    each: list[Entity] = [
        {
            "@id": f"#run/{quote(name)}",
            "@type": "CreateAction",
            "name": f"Execution of {name}",
            "instrument": {"@id": f"#notebook/{quote(name)}"},
            "object": refer(given),
            "result": refer(files[path] for path in record.outputs if path in files),
            "actionStatus": {"@id": DONE},
        }
        for name, record in manifest.notebooks.items()
    ]
    return [whole, *each]
