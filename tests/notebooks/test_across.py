"""The notebook across studies with other first studies and other choices: it runs without warnings, writes files."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.paths import NOTEBOOKS
from helpers.suite.notebook import declared_outputs, read_notebook
from tests.notebooks.running import run_notebook

pytestmark = pytest.mark.slow


def test_it_writes_what_it_declares(tmp_path: Path) -> None:
    run_notebook("across_studies", {"results_dir": str(tmp_path)})
    for name in declared_outputs(read_notebook(NOTEBOOKS / "across_studies.ipynb")):
        assert (tmp_path / name).is_file(), name
    assert len(list((tmp_path / "figures").glob("across_studies-*.png"))) == 9


@pytest.mark.parametrize(
    "parameters",
    [
        {"study": "ari0001", "pool_near": False},
        {"study": "zuma1_2023", "possible_overlaps": True},
    ],
    ids=lambda parameters: parameters["study"],
)
def test_any_study_can_be_the_first(parameters: dict[str, object]) -> None:
    ran = run_notebook("across_studies", parameters)
    field = ran.names["field"]
    assert field.first.id == parameters["study"]
    assert f"Studies by their likeness to {field.labels[field.first.id]}" in ran.text()
