"""Names and values of parameters are data: nothing of them is run as code, in the kernel or in a path."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from helpers.errors import InputError
from helpers.suite.parameters import declared_everywhere, requested
from helpers.suite.tidy import show_parameters

CELL = """\
label: str = "x"  # any text
seed: int = 1  # seed
level: float = 0.95  # level
flag: bool = False  # a flag
"""
VALUES = [
    "1); import os; os.system('touch pwned')", "'; raise SystemExit #", '"; raise SystemExit #', '"""',
    "'''", "\\", "\\'", '\\"', "a\nraise SystemExit", "a\r\nraise SystemExit", "{0}", "{{x}}", "%s", "$(id)",
    "`id`", "\u2028raise", "\x00",
    "\ud800", "\x1b[0m", "é病\U0001f4a9", "\\N{BULLET}", "\\x41", "#", "f'{x}'", "None", "1", "", " ", "x" * 100_000,
]  # fmt: skip
NAMES = ["x=1); import os", "a b=1", "a[0]=1", "a.b=1", "__import__('os')=1", "=1", "label", "1a=1", "a;b=1",
         "a\nb=1", "__class__=1", "\uff4cabel=x",
         "import=1", "seed =1=2", "results_dir=/", "study=x"]  # fmt: skip


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    made = new_notebook(
        cells=[new_code_cell(CELL, metadata={"tags": ["parameters"]})],
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}},
    )
    path = tmp_path / "one.ipynb"
    nbformat.write(made, path)
    return path


def injected(path: Path, values: dict[str, object]) -> str:
    """The cell that papermill puts in."""
    node = load_notebook_node(str(path))
    made = parameterize_notebook(node, values, kernel_name="python3", language="python")
    cells = [cell for cell in made.cells if "injected-parameters" in cell.metadata.get("tags", [])]
    assert len(cells) == 1
    return str(cells[0].source)


@pytest.mark.parametrize("value", VALUES)
def test_a_value_arrives_as_it_was_given_and_runs_nothing(
    value: str, notebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    values = requested([f"label={value}"], declared_everywhere([notebook]))
    assert values == {"label": value}
    source = injected(notebook, dict(values))
    for statement in ast.parse(source).body:
        assert isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant), source
    space: dict[str, object] = {}
    exec(compile(source, "cell", "exec"), space)
    assert space["label"] == value and not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("value", VALUES)
def test_what_is_stored_of_a_value_is_a_literal_too(value: str) -> None:
    cell = {"cell_type": "code", "source": "", "metadata": {"tags": ["injected-parameters"]}, "outputs": []}
    show_parameters({"cells": [cell], "metadata": {}}, {"label": value})
    statements = ast.parse(str(cell["source"])).body
    assert len(statements) == 1 and isinstance(statements[0], ast.Assign)
    assert ast.literal_eval(statements[0].value) == value


@pytest.mark.parametrize("pair", NAMES)
def test_a_name_that_is_none_is_refused(pair: str, notebook: Path) -> None:
    with pytest.raises(InputError) as caught:
        requested([pair], declared_everywhere([notebook]))
    for problem in caught.value.problems:
        assert str(problem).count("\n") == 1
        assert all(line.isprintable() for line in str(problem).split("\n"))


@pytest.mark.parametrize(
    "pair",
    ["seed=1; import os", "seed=__import__('os')", "seed=0x10", "seed=1e3", "seed=" + "9" * 5000, "level=nan",
     "level=inf", "level=1)", "level=", "flag=maybe", "seed=٣"],
)  # fmt: skip
def test_a_value_of_another_type_is_refused(pair: str, notebook: Path) -> None:
    with pytest.raises(InputError):
        requested([pair], declared_everywhere([notebook]))


@pytest.mark.parametrize("code", ["label: str = open('x').read()", "import os", "label: str = 'a' + 'b'", "x = 1"])
def test_a_parameters_cell_with_code_is_refused(code: str, notebook: Path) -> None:
    made = nbformat.read(notebook, as_version=4)
    made.cells[0].source = code
    nbformat.write(made, notebook)
    with pytest.raises(InputError):
        declared_everywhere([notebook])
