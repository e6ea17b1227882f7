"""Run a notebook's code cells in this process: quick, with its names at hand, and every warning an error."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from helpers.paths import NOTEBOOKS
from helpers.suite.notebook import PARAMETERS, code_cells, read_notebook, tags
from helpers.suite.parameters import declared

PATIENT_LEVEL = "patient-level"


@dataclass
class Ran:
    """A notebook that was run: its names, and the outputs of every cell by its id."""

    names: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    metadata: list[dict[str, Any]] = field(default_factory=list)
    of_rows: list[str] = field(default_factory=list)

    def text(self, *, rows_only: bool = False, kinds: tuple[str, ...] = ("text/plain", "text/html")) -> str:
        """All text that was shown, by the cells about patient-level rows alone if asked."""
        cells = self.of_rows if rows_only else list(self.outputs)
        return "\n".join(out.get(kind, "") for cell in cells for out in self.outputs[cell] for kind in kinds)


def run_notebook(name: str, parameters: Mapping[str, object]) -> Ran:
    """Run one of the six notebooks with some parameters; a warning of any kind is an error."""
    path = NOTEBOOKS / f"{name}.ipynb"
    notebook = read_notebook(path)
    unknown = set(parameters) - set(declared(notebook, path.name))
    assert not unknown, unknown
    ran = Ran({"__name__": "notebook"})
    with _in(path.parent), warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
        warnings.simplefilter("error")
        for cell in code_cells(notebook):
            shown: list[dict[str, str]] = []
            ran.outputs[cell["id"]] = shown
            if PATIENT_LEVEL in tags(cell):
                ran.of_rows.append(cell["id"])

            def display(data: dict[str, str], raw: bool, metadata: dict[str, Any], to: list = shown) -> None:
                to.append(data)
                ran.metadata.append(metadata)

            patch.setattr("IPython.display.display", display)
            exec(compile(cell["source"], f"{name}[{cell['id']}]", "exec"), ran.names)
            if PARAMETERS in tags(cell):
                ran.names.update(parameters)
    return ran


@contextmanager
def _in(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
