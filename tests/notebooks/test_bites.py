"""The comparison with the stored outputs bites: a changed number, or a changed helper, makes it fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.paths import PROJECT

NOTEBOOK = "notebooks/03_reconstruction.ipynb"
pytestmark = pytest.mark.slow


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    ignore = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for folder in ("helpers", "data", "notebooks", "tests"):
        shutil.copytree(PROJECT / folder, tmp_path / folder, ignore=ignore)
    shutil.copy2(PROJECT / "pyproject.toml", tmp_path)
    return tmp_path


def compare(project: Path) -> subprocess.CompletedProcess[str]:
    """Compare one notebook of a copy with its stored outputs, with the copy's own helpers and data."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "--nbval",
        "--nbval-current-env",
        NOTEBOOK,
    ]
    return subprocess.run(
        command, cwd=project, env=os.environ | {"PYTHONPATH": str(project)}, capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (path.name, old)
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_an_unchanged_copy_passes(copy: Path) -> None:
    ended = compare(copy)
    assert ended.returncode == 0, ended.stdout[-3000:]
    assert " passed" in ended.stdout


def test_one_changed_datum_fails(copy: Path) -> None:
    replace_in(copy / "data" / "zhuo2024" / "claims.csv", "6,month,,,67.90,", "6,month,,,67.80,")
    ended = compare(copy)
    assert ended.returncode == 1, ended.stdout[-3000:]
    assert " failed" in ended.stdout


def test_one_changed_helper_fails(copy: Path) -> None:
    replace_in(copy / "helpers" / "conventions.py", 'return Decimal("1.96") if', 'return Decimal("1.90") if')
    ended = compare(copy)
    assert ended.returncode == 1, ended.stdout[-3000:]
    assert " failed" in ended.stdout
