"""The baseline: notebooks stored with the outputs of their defaults, or not touched at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.suite.baseline import BaselineFailed, store_baseline
from helpers.suite.notebook import read_notebook
from tests.suite.stubs import DRAW, stub

pytestmark = pytest.mark.slow


def test_outputs_are_stored_in_place_tidy_and_the_same_every_time(tmp_path: Path) -> None:
    stub(tmp_path, "01_a", DRAW)
    lesson = stub(
        tmp_path / "lessons",
        "one",
        "import os\nprint(os.path.basename(os.getcwd()), os.path.expanduser('~'))",
    )
    checkpoint = stub(tmp_path / ".ipynb_checkpoints", "01_a", "1/0")
    before = checkpoint.read_bytes()
    assert len(store_baseline(folder=tmp_path)) == 2
    notebook = read_notebook(lesson)
    text = json.dumps(notebook)
    assert "lessons ~" in text
    for word in ("papermill", '"execution"', "injected", str(Path.home())):
        assert word not in text
    code = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    assert [c["execution_count"] for c in code] == [1, 2, 3]
    assert code[1]["outputs"][0]["text"] == "seed 1 in nothing\n"
    assert store_baseline(folder=tmp_path) == []
    assert checkpoint.read_bytes() == before


def test_if_one_notebook_fails_none_is_stored(tmp_path: Path) -> None:
    good, bad = stub(tmp_path, "01_a"), stub(tmp_path, "02_b", "1/0")
    before = good.read_bytes(), bad.read_bytes()
    with pytest.raises(BaselineFailed, match="ZeroDivisionError"):
        store_baseline(folder=tmp_path)
    assert (good.read_bytes(), bad.read_bytes()) == before
