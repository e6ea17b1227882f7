"""A notebook as plain data: reading, writing, and the few questions the suite asks of it.

Notebooks are read as JSON because that takes milliseconds; nbformat is imported only to write one.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.errors import InputError, Problem
from helpers.paths import shown

Notebook = dict[str, Any]
Cell = dict[str, Any]

PARAMETERS = "parameters"
INJECTED = "injected-parameters"


def joined(text: str | list[str]) -> str:
    """Text as one string, however the file splits it into lines."""
    return text if isinstance(text, str) else "".join(text)


def read_notebook(path: Path) -> Notebook:
    """Read a notebook, multi-line fields joined to one string. Raises InputError for what is no notebook."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cells = notebook["cells"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            Problem(
                f"notebook {shown(path)} cannot be read: {error}",
                "restore it from the repository, or open and save it in JupyterLab",
            )
        ) from error
    for cell in cells:
        cell["source"] = joined(cell["source"])
        for output in cell.get("outputs", []):
            if "text" in output:
                output["text"] = joined(output["text"])
            for kind, content in output.get("data", {}).items():
                if isinstance(content, list) and all(isinstance(line, str) for line in content):
                    output["data"][kind] = "".join(content)
    return notebook


def write_notebook(notebook: Notebook, path: Path) -> None:
    """Write a notebook the way JupyterLab does, so that a stored file differs only where its content does."""
    import nbformat

    path.write_text(nbformat.writes(nbformat.from_dict(notebook)).rstrip("\n") + "\n", encoding="utf-8")


def tags(cell: Cell) -> tuple[str, ...]:
    """The tags of a cell."""
    return tuple(cell.get("metadata", {}).get("tags", ()))


def code_cells(notebook: Notebook) -> list[Cell]:
    """The code cells a person wrote: what a run injects is left out."""
    return [c for c in notebook["cells"] if c["cell_type"] == "code" and INJECTED not in tags(c)]


def code_sha256(notebook: Notebook) -> str:
    """One hash over the sources of all code cells and the declared outputs: what decides the results."""
    material = [c["source"] for c in code_cells(notebook)] + list(declared_outputs(notebook))
    return hashlib.sha256(json.dumps(material).encode()).hexdigest()


def declared_outputs(notebook: Notebook) -> tuple[str, ...]:
    """Files, or patterns of files, that a run of this notebook must leave in the results folder."""
    return tuple(notebook.get("metadata", {}).get("unrounded", {}).get("outputs", ()))


def title(notebook: Notebook) -> str:
    """The text of the notebook's first level-one heading, or an empty string."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            match = re.search(r"^# +(.+)$", cell["source"], re.MULTILINE)
            if match:
                return match[1].strip()
    return ""


def purpose(notebook: Notebook) -> str:
    """The first paragraph below the title: the sentence that says what the notebook is for."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            match = re.search(r"^# +.+\n+((?:(?!#).+\n?)+)", cell["source"], re.MULTILINE)
            return " ".join(match[1].split()) if match else ""
    return ""


@dataclass(frozen=True)
class Picture:
    """An image among the outputs of a notebook. `data` is base64 for PNG, markup for SVG."""

    notebook: str
    kind: str
    data: str
    alt: str
    caption: str
    name: str


def pictures(notebook: Notebook, name: str) -> Iterator[Picture]:
    """Every image output in order, with its alternative text and caption.

    The caption is ``caption`` in the metadata of the image, or the Markdown output that follows it.
    """
    for cell in code_cells(notebook):
        outputs = cell.get("outputs", [])
        for position, output in enumerate(outputs):
            for kind, content in output.get("data", {}).items():
                if not kind.startswith("image/"):
                    continue
                about = picture_metadata(output, kind)
                following = outputs[position + 1].get("data", {}) if position + 1 < len(outputs) else {}
                caption = about.get("caption") or following.get("text/markdown", "")
                yield Picture(name, kind, content, about.get("alt", ""), caption, about.get("name", ""))


def picture_metadata(output: dict[str, Any], kind: str) -> dict[str, str]:
    """What is recorded about an image output: ``alt``, and where given ``caption`` and ``name``."""
    metadata = output.get("metadata", {})
    return {**{k: v for k, v in metadata.items() if isinstance(v, str)}, **metadata.get(kind, {})}
