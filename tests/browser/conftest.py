"""What the browser tests share: Chromium, a copy of the checkout, JupyterLab, the bench as an application, a report."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.paths import NOTEBOOKS, PROJECT
from tests.browser.serving import Server, checkout, served

SCREENSHOTS = os.environ.get("UNROUNDED_SCREENSHOTS", "")


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout."""
    return checkout(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="module")
def lab(browser: object, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """JupyterLab on the copy."""
    arguments = (
        "-m", "jupyterlab", "--no-browser", "--ServerApp.ip=127.0.0.1", "--ServerApp.port={port}",
        "--ServerApp.port_retries=0", "--ServerApp.root_dir={root}", "--LabApp.expose_app_in_browser=True",
        "--ServerApp.allow_root=True",
    )  # fmt: skip
    with served(arguments, tmp_path_factory.mktemp("lab"), project, "/api/status") as server:
        yield server


@pytest.fixture(scope="module")
def bench(browser: object, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The bench as `make explore` serves it, on the copy."""
    arguments = ("-m", "helpers", "explore", "--no-browser", "--port", "{port}")
    with served(arguments, tmp_path_factory.mktemp("voila"), project, "/login") as server:
        yield server


@pytest.fixture(scope="session")
def report(browser: object, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of a run on the first study."""
    out = tmp_path_factory.mktemp("results")
    command = [sys.executable, "-m", "helpers", "run", "zhuo2024", "--out", str(out), "--jobs", "1"]
    ended = subprocess.run(
        command, cwd=PROJECT, env=os.environ | {"PYTHONPATH": str(PROJECT)}, capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return out / "zhuo2024"


@pytest.fixture
def keep() -> object:
    """Store a picture of a page for the README, if that is asked for with UNROUNDED_SCREENSHOTS=1."""

    def store(target: object, name: str, **options: object) -> None:
        if SCREENSHOTS:
            target.screenshot(path=NOTEBOOKS / "images" / f"{name}.png", **options)  # type: ignore[attr-defined]

    return store
