"""manifest.json: what went in, what came out, with what versions, how long it took."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.suite.hashing import file_sha256

FORMAT = 1
NAME = "manifest.json"


@dataclass(frozen=True)
class NotebookRecord:
    """One notebook of a run: hashes of its code and of the file it was made from, its outputs, its time.

    `outputs` are the files it wrote (path below the results folder to sha256), its executed copy included.
    """

    code: str
    source: str
    outputs: Mapping[str, str]
    seconds: float
    reason: str

    def as_dict(self) -> dict[str, Any]:
        """The form in the file."""
        return {
            "code_sha256": self.code,
            "source_sha256": self.source,
            "seconds": round(self.seconds, 2),
            "reason": self.reason,
            "outputs": dict(self.outputs),
        }


@dataclass(frozen=True)
class Manifest:
    """The record of a run. `inputs` is ``Inputs.as_dict()``; `report` maps report files to sha256.

    `title` and `patients` are the study's; None where an earlier version did not record them.
    """

    study: str
    made: str
    version: str
    inputs: Mapping[str, Any]
    notebooks: Mapping[str, NotebookRecord]
    report: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    patients: int | None = None

    def write(self, folder: Path) -> None:
        """Write manifest.json into a results folder."""
        content = {
            "format": FORMAT,
            "study": self.study,
            "title": self.title,
            "patients": self.patients,
            "made": self.made,
            "unrounded": self.version,
            "inputs": dict(self.inputs),
            "notebooks": {name: record.as_dict() for name, record in self.notebooks.items()},
            "report": dict(self.report),
        }
        (folder / NAME).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of earlier results; None if there is none that this version can read."""
    try:
        content = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            return None
        notebooks = {
            name: NotebookRecord(
                entry["code_sha256"],
                entry["source_sha256"],
                entry["outputs"],
                entry["seconds"],
                entry["reason"],
            )
            for name, entry in content["notebooks"].items()
        }
        return Manifest(
            content["study"],
            content["made"],
            content["unrounded"],
            content["inputs"],
            notebooks,
            content["report"],
            content.get("title", ""),
            content.get("patients"),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def altered(folder: Path, outputs: Mapping[str, str]) -> list[str]:
    """Outputs that are gone, or no longer what the manifest says."""
    return [
        path
        for path, sha256 in outputs.items()
        if not (folder / path).is_file() or file_sha256(folder / path) != sha256
    ]
