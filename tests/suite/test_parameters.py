"""Parameters: what a notebook declares, and what the command line may set."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.errors import InputError
from helpers.suite.parameters import Parameter, coerce, declared, declared_everywhere, requested
from tests.suite.stubs import PARAMETERS, cell, notebook, stub

KNOWN = declared(notebook(cell(PARAMETERS, tags=["parameters"])), "stub")


def test_declarations_are_read_with_type_default_and_help() -> None:
    assert KNOWN["seed"] == Parameter("seed", "int", 1, "seed of every draw")
    assert KNOWN["interval"].choices == ("plain", "log", "log-log")
    assert list(KNOWN) == ["study", "cohort", "results_dir", "seed", "level", "interval"]


def test_help_after_characters_of_several_bytes_is_read_whole() -> None:
    parameter = declared(notebook(cell('x: str = "é→"  # naïve', tags=["parameters"])), "stub")["x"]
    assert (parameter.default, parameter.help) == ("é→", "naïve")


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("n: int = 1\ndouble: int = n * 2", "not a literal"),
        ("n = 1", "n = 1"),
        ("import os", "import os"),
        ("n: list = []", "list"),
        ("n: int", "n: int"),
    ],
)
def test_a_parameters_cell_holds_annotated_literals_only(source: str, word: str) -> None:
    with pytest.raises(InputError, match=word):
        declared(notebook(cell(source, tags=["parameters"])), "stub.ipynb")


@pytest.mark.parametrize("count", [0, 2])
def test_there_is_exactly_one_parameters_cell(count: int) -> None:
    cells = [cell("n: int = 1", tags=["parameters"])] * count
    with pytest.raises(InputError, match=f"{count} cells"):
        declared(notebook(*cells), "stub.ipynb")


def test_one_name_means_one_type_in_all_notebooks(tmp_path: Path) -> None:
    first = stub(tmp_path, "01_a")
    second = stub(tmp_path, "02_b")
    second.write_text(second.read_text().replace("seed: int = 1", "seed: str = '1'"))
    with pytest.raises(InputError, match="seed as str"):
        declared_everywhere([first, second])


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("seed", "007", 7),
        ("seed", "-3", -3),
        ("level", "0.9", 0.9),
        ("level", "1", 1.0),
        ("study", "007", "007"),
        ("study", "nan", "nan"),
        ("study", "true", "true"),
        ("study", "a=b", "a=b"),
        ("interval", "log-log", "log-log"),
    ],
)
def test_text_becomes_the_declared_type_and_nothing_else(name: str, text: str, value: object) -> None:
    result = coerce(KNOWN[name], text)
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("seed", "1.0"),
        ("seed", "1e3"),
        ("seed", ""),
        ("seed", "٣"),
        ("seed", "1_0"),
        ("level", "nan"),
        ("level", "inf"),
        ("level", "high"),
        ("interval", "logg"),
        ("interval", ""),
    ],
)
def test_text_of_another_type_is_refused_with_the_value(name: str, text: str) -> None:
    with pytest.raises(InputError) as caught:
        coerce(KNOWN[name], text)
    (problem,) = caught.value.problems
    assert name in problem.message
    assert problem.found == text


@pytest.mark.parametrize(("text", "value"), [("true", True), ("No", False), ("0", False)])
def test_yes_and_no(text: str, value: bool) -> None:
    assert coerce(Parameter("flag", "bool", False, ""), text) is value


def test_yes_and_no_only() -> None:
    with pytest.raises(InputError, match="true or false"):
        coerce(Parameter("flag", "bool", False, ""), "maybe")


def test_a_misspelt_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean seed"):
        requested(["sede=2"], KNOWN)


def test_code_in_a_name_is_refused() -> None:
    for pair in ("seed\nimport os=1", "seed; x=1", "1seed=2", "seed", "=3", "seed.x=1"):
        with pytest.raises(InputError, match="identifier"):
            requested([pair], KNOWN)


@pytest.mark.parametrize(
    ("pair", "word"), [("results_dir=/x", "--out"), ("cohort=x", "--cohort"), ("study=x", "argument")]
)
def test_what_has_an_option_of_its_own_is_not_a_parameter(pair: str, word: str) -> None:
    with pytest.raises(InputError, match=word):
        requested([pair], KNOWN)


def test_all_problems_come_at_once() -> None:
    with pytest.raises(InputError) as caught:
        requested(["sede=2", "level=x", "seed=1", "seed=2", "oops"], KNOWN)
    assert len(caught.value.problems) == 4


def test_a_value_may_hold_anything_and_keeps_its_spaces() -> None:
    known = {"label": Parameter("label", "str", "", "")}
    assert requested(["label= a = b\n"], known) == {"label": " a = b\n"}
