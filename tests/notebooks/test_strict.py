"""The plugin makes nbval compare figures, and stays out of the way where nbval is not asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.paths import PROJECT
from helpers.suite.baseline import store_baseline
from tests.suite.stubs import stub

RANDOM_IMAGE = """\
import base64, os
from IPython.display import display
display({"image/png": base64.b64encode(os.urandom(64)).decode(), "text/plain": "x"}, raw=True)
"""
FIXED_IMAGE = RANDOM_IMAGE.replace("os.urandom(64)", "bytes(64)")


def nbval(path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-o",
        "addopts=",
        "-p",
        "no:cacheprovider",
        *options,
        "--nbval",
    ]
    return subprocess.run(
        [*command, "--nbval-current-env", "--rootdir", str(path.parent), str(path)],
        cwd=PROJECT, capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_a_figure_that_changes_fails_under_the_plugin_only(tmp_path: Path) -> None:
    path = stub(tmp_path, "random", RANDOM_IMAGE)
    store_baseline(folder=tmp_path)
    assert nbval(path).returncode == 0
    strict = nbval(path, "-p", "tests.notebooks.strict")
    assert strict.returncode == 1
    assert "image/png" in strict.stdout


@pytest.mark.slow
def test_a_figure_that_stays_passes(tmp_path: Path) -> None:
    path = stub(tmp_path, "fixed", FIXED_IMAGE)
    store_baseline(folder=tmp_path)
    assert nbval(path, "-p", "tests.notebooks.strict").returncode == 0


def test_without_nbval_the_plugin_changes_nothing(tmp_path: Path) -> None:
    test = tmp_path / "test_x.py"
    test.write_text(
        "import os\ndef test_x():\n    assert 'unrounded-ipython-' not in os.environ.get('IPYTHONDIR', '')\n"
    )
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-o",
        "addopts=",
        "-p",
        "tests.notebooks.strict",
        "-p",
        "no:cacheprovider",
    ]
    outside = {name: value for name, value in os.environ.items() if name != "IPYTHONDIR"}
    ended = subprocess.run([*command, str(test)], cwd=PROJECT, env=outside, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout
