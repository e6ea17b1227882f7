"""Results of a run of two small notebooks, made once; every test has a copy of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from helpers.suite.planning import Settings
from helpers.suite.run import plan, run
from tests.suite.stubs import DRAW, stub

NAMES = ("01_a", "02_b")
LEDGER = """\
import json
if results_dir:
    Path(results_dir, "ledger.json").write_text(json.dumps([]))
    Path(results_dir, "figures", "02_b plot.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg" id="s{seed}"/>')
"""


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with results of zhuo2024 below ``results``."""
    root = tmp_path_factory.mktemp("provenance")
    stub(root / "notebooks", "01_a", DRAW)
    stub(root / "notebooks", "02_b", LEDGER, outputs=("tables/02_b-facts.csv", "ledger.json"))
    settings = Settings(pairs=("seed=7",), out=root / "results", notebooks=root / "notebooks", names=NAMES)
    (planned,) = plan(["zhuo2024"], settings)
    run(planned)
    return root


@pytest.fixture
def results(made: Path, tmp_path: Path) -> Path:
    """A copy of the results, moved to where nobody knows of their project."""
    return Path(shutil.copytree(made / "results" / "zhuo2024", tmp_path / "sent to a reviewer"))
