"""Small notebooks for the tests of the suite: quick to run, and broken where a test wants them to be."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

PARAMETERS = """\
study: str = "zhuo2024"  # a study in data/, or the path of a study folder
cohort: str = ""  # patient-level rows
results_dir: str = ""  # where to write files; empty writes none
seed: int = 1  # seed of every draw
level: float = 0.95  # confidence level
interval: str = "plain"  # one of: plain, log, log-log
"""
ALT = 'A curve that falls from "1" to 0.41 & stays'
PNG = base64.b64encode(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
    )
).decode()
WRITE = """\
from pathlib import Path
if results_dir:
    Path(results_dir, "tables", "{name}-facts.csv").write_text(f"seed\\n{{seed}}\\n")
print("seed", seed, "in", results_dir or "nothing")
"""
DRAW = f"""\
from IPython.display import display
display({{"image/png": "{PNG}", "text/plain": "x"}}, raw=True, metadata={{"image/png": {{"alt": {ALT!r}}}}})
display({{"text/markdown": "**Figure.** A reconstructed curve.", "text/plain": "c"}}, raw=True)
"""


def stub(
    folder: Path, name: str, *extra: str, outputs: tuple[str, ...] | None = None, text: str = "Some prose."
) -> Path:
    """Write one stub notebook; `extra` are further code cells."""
    cells = [
        new_markdown_cell(f"# Notebook {name}\n\nIt says what it is for, with $\\hat S(t)$."),
        new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}),
        new_markdown_cell(f"## First part\n\n{text}\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
        new_code_cell(WRITE.format(name=name)),
        new_markdown_cell("## Second part"),
        *(new_code_cell(source) for source in extra),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    declared = [f"tables/{name}-facts.csv"] if outputs is None else list(outputs)
    notebook = new_notebook(cells=cells, metadata={"unrounded": {"outputs": declared}})
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.ipynb"
    nbformat.write(notebook, path)
    return path


def cell(source: str, kind: str = "code", **metadata: Any) -> dict[str, Any]:
    """A cell as plain data."""
    made: dict[str, Any] = {"cell_type": kind, "source": source, "metadata": metadata}
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    return made


def notebook(*cells: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    """A notebook as plain data."""
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}
