"""What is taken out of an executed notebook before it is stored: times, machine paths, renderer leftovers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from helpers.suite.notebook import INJECTED, Notebook, code_cells, tags

VOLATILE_CELL = ("execution", "papermill", "collapsed", "scrolled")
VOLATILE_NOTEBOOK = ("papermill", "widgets", "toc")
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"  # names a widget of a kernel that is gone
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python"}


def tidy(notebook: Notebook) -> Notebook:
    """Strip in place all that differs between two runs of the same notebook; number the cells 1..n.

    The cell that a run puts in gets a name in place of its random one.
    """
    metadata = notebook["metadata"]
    for key in VOLATILE_NOTEBOOK:
        metadata.pop(key, None)
    metadata["kernelspec"] = dict(KERNEL)
    metadata["language_info"] = dict(LANGUAGE)
    count = 0
    for cell in notebook["cells"]:
        for key in VOLATILE_CELL:
            cell["metadata"].pop(key, None)
        if INJECTED in tags(cell) and "id" in cell:
            cell["id"] = INJECTED
        if "tags" in cell["metadata"] and not cell["metadata"]["tags"]:
            del cell["metadata"]["tags"]
        if cell["cell_type"] != "code":
            continue
        if cell["execution_count"] is not None:
            count += 1
            cell["execution_count"] = count
        for output in cell["outputs"]:
            output.get("data", {}).pop(WIDGET_VIEW, None)
            if "execution_count" in output:
                output["execution_count"] = cell["execution_count"]
        cell["outputs"] = merged_streams(cell["outputs"])
    return notebook


def merged_streams(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join neighbouring pieces of one stream: where a kernel cuts its text depends on timing."""
    merged: list[dict[str, Any]] = []
    for output in outputs:
        last = merged[-1] if merged else None
        if last and output["output_type"] == last["output_type"] == "stream" and output["name"] == last["name"]:
            last["text"] += output["text"]
        else:
            merged.append(output)
    return merged


def without_injected(notebook: Notebook) -> Notebook:
    """Remove, in place, the cells that a parametrised run put in."""
    notebook["cells"] = [cell for cell in notebook["cells"] if INJECTED not in tags(cell)]
    return notebook


def show_parameters(notebook: Notebook, values: Mapping[str, object]) -> None:
    """Rewrite the injected cell: it shows the parameters of the run without any path of this machine."""
    for cell in notebook["cells"]:
        if INJECTED in tags(cell):
            lines = ["# Parameters of this run", *(f"{name} = {value!r}" for name, value in values.items())]
            cell["source"] = "\n".join(lines)


def scrub(notebook: Notebook, replacements: Mapping[str, str]) -> list[str]:
    """Replace paths of this machine in all text outputs, longest first; returns the paths that were found."""
    found: set[str] = set()

    def cleaned(text: str) -> str:
        for path in sorted(replacements, key=len, reverse=True):
            if path in text:
                found.add(path)
                text = text.replace(path, replacements[path])
        return text

    def walk(value: Any) -> Any:
        if isinstance(value, str):
            return cleaned(value)
        if isinstance(value, list):
            return [walk(item) for item in value]
        if isinstance(value, dict):
            return {key: item if key in ("image/png", "image/jpeg") else walk(item) for key, item in value.items()}
        return value

    for cell in notebook["cells"]:
        if "outputs" in cell:
            cell["outputs"] = walk(cell["outputs"])
    return sorted(found)


def graft(source: Notebook, executed: Notebook) -> Notebook:
    """The new text of a notebook with the outputs of an earlier run of the same code.

    Raises ValueError if the code cells differ.
    """
    fresh: Notebook = json.loads(json.dumps(source))
    old, new = code_cells(executed), code_cells(fresh)
    if [c["source"] for c in old] != [c["source"] for c in new]:
        raise ValueError("the code cells differ: outputs of one cannot stand under the other")
    for before, after in zip(old, new, strict=True):
        after["outputs"], after["execution_count"] = before["outputs"], before["execution_count"]
    injected = [cell for cell in executed["cells"] if INJECTED in tags(cell)]
    if injected:
        where = next(i for i, cell in enumerate(fresh["cells"]) if "parameters" in tags(cell))
        fresh["cells"][where + 1 : where + 1] = injected
    return tidy(fresh)
