"""What every stored notebook must be, so that comparing its outputs means something."""

from __future__ import annotations

import ast
import json
import re
import socket
from pathlib import Path

import pytest

from helpers.paths import NOTEBOOKS
from helpers.suite.notebook import code_cells, declared_outputs, pictures, read_notebook, tags
from helpers.suite.parameters import declared
from helpers.suite.sequence import SEQUENCE, every_notebook, sequence
from helpers.suite.tidy import KERNEL, LANGUAGE, VOLATILE_CELL, VOLATILE_NOTEBOOK

ALL = every_notebook()
MACHINE = re.compile(
    r"(?<![\w.~/:])/(?:home|root|Users|tmp|work|opt|usr|var|mnt|private)/\w|\b[A-Z]:\\\\?\w|localhost|127\.0\.0\.1"
)
ADDRESS = re.compile(r"<[\w.]+ object at 0x[0-9a-f]+>|\bat 0x[0-9a-f]{6,}")
COMMENT = re.compile(r"#\s*\S.*\S")

each = pytest.mark.parametrize("path", ALL, ids=[path.relative_to(NOTEBOOKS).as_posix() for path in ALL])


def test_the_six_notebooks_are_there_in_order() -> None:
    assert [path.stem for path in sequence()] == list(SEQUENCE)
    numbered = [path.stem for path in ALL if path.parent == NOTEBOOKS and path.stem[0].isdigit()]
    assert numbered == list(SEQUENCE)


def test_the_six_notebooks_take_the_same_parameters() -> None:
    first, *others = [declared(read_notebook(path), path.name) for path in sequence()]
    assert {"study", "cohort", "results_dir"} <= set(first)
    for parameters in others:
        assert {n: (p.type_name, p.default) for n, p in parameters.items()} == {
            n: (p.type_name, p.default) for n, p in first.items()
        }


def test_the_six_notebooks_declare_what_they_write() -> None:
    for path in sequence():
        outputs = declared_outputs(read_notebook(path))
        assert outputs, path.name
        own = [f for f in outputs if f.split("/")[-1].startswith(f"{path.stem}-")]
        assert set(outputs) - set(own) == ({"ledger.csv", "ledger.json"} if path.stem == "06_verdict" else set())


@each
def test_it_opens_with_one_title(path: Path) -> None:
    notebook = read_notebook(path)
    first = notebook["cells"][0]
    assert first["cell_type"] == "markdown"
    assert first["source"].startswith("# ")
    text = "\n".join(c["source"] for c in notebook["cells"] if c["cell_type"] == "markdown")
    outside_code = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    assert len(re.findall(r"^# ", outside_code, re.MULTILINE)) == 1


@each
def test_its_parameters_cell_explains_every_line(path: Path) -> None:
    notebook = read_notebook(path)
    parameters = declared(notebook, path.name)
    assert parameters
    for parameter in parameters.values():
        assert len(parameter.help) > 5, parameter.name
        assert type(parameter.default).__name__ == parameter.type_name, parameter.name
    (cell,) = [c for c in notebook["cells"] if "parameters" in tags(c)]
    assert len(ast.parse(cell["source"]).body) == len(parameters)
    assert cell is code_cells(notebook)[0]


@each
def test_every_code_cell_was_executed_once_in_order(path: Path) -> None:
    cells = code_cells(read_notebook(path))
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    assert all(cell["source"].strip() for cell in cells)
    assert any(cell["outputs"] for cell in cells)


@each
def test_nothing_was_injected_and_nbval_skips_nothing(path: Path) -> None:
    for cell in read_notebook(path)["cells"]:
        assert "injected-parameters" not in tags(cell)
        assert not [tag for tag in tags(cell) if "nbval" in tag.lower() or tag == "raises-exception"]
        assert "NBVAL" not in cell["source"]


@each
def test_no_output_is_an_error_or_on_standard_error(path: Path) -> None:
    for cell in code_cells(read_notebook(path)):
        for output in cell["outputs"]:
            assert output["output_type"] != "error"
            assert output.get("name") != "stderr"


@each
def test_nothing_volatile_is_stored(path: Path) -> None:
    notebook = read_notebook(path)
    assert not set(notebook["metadata"]) & set(VOLATILE_NOTEBOOK)
    assert notebook["metadata"]["kernelspec"] == KERNEL
    assert notebook["metadata"]["language_info"] == LANGUAGE
    for cell in notebook["cells"]:
        assert not set(cell["metadata"]) & set(VOLATILE_CELL)
        for output in cell.get("outputs", []):
            assert not ADDRESS.search(json.dumps(output.get("data", output.get("text", ""))))
            assert not [kind for kind in output.get("data", {}) if "widget" in kind or "javascript" in kind]


@each
def test_every_image_has_alt_text_and_a_caption(path: Path) -> None:
    for number, picture in enumerate(pictures(read_notebook(path), path.stem), 1):
        assert len(picture.alt.split()) >= 5, f"image {number}: {picture.alt!r}"
        assert picture.caption.strip(), f"image {number}"


@each
def test_nothing_of_the_machine_it_ran_on_is_stored(path: Path) -> None:
    for cell in read_notebook(path)["cells"]:
        for output in cell.get("outputs", []):
            data = {k: v for k, v in output.get("data", {}).items() if k not in ("image/png", "image/jpeg")}
            text = output.get("text", "") + json.dumps(data, ensure_ascii=False)
            assert not MACHINE.search(text), MACHINE.search(text)
            if len(socket.gethostname()) > 5:
                assert socket.gethostname() not in text


@pytest.mark.parametrize("text", ["in /home/ann/x", '"/tmp/r"', "C:\\\\Users", "/root/a", "http://localhost:8888"])
def test_the_search_for_machine_paths_finds_them(text: str) -> None:
    assert MACHINE.search(text)


@pytest.mark.parametrize("text", ["and/or/usr", "results/tmp/x", "22/root", "https://doi.org/10.1/usr/x"])
def test_the_search_for_machine_paths_leaves_prose_alone(text: str) -> None:
    assert not MACHINE.search(text)
