"""R at work: each script run once a session on the rows of today, and the cohorts that only R has."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from tests.oracle import cohorts
from tests.oracle.compare import HERE, read

NEEDED = ("survival", "KMsurv")
NEEDED_BY = {"make_competing.R": (*NEEDED, "cmprsk")}


@cache
def missing_for(packages: tuple[str, ...]) -> str:
    """What keeps R from running with these packages; empty if nothing does."""
    path = shutil.which("Rscript")
    if path is None:
        return "Rscript is not installed"
    asked = ", ".join(f"'{name}'" for name in packages)
    probe = f"quit(status = !all(vapply(c({asked}), requireNamespace, TRUE, quietly = TRUE)))"
    found = subprocess.run([path, "-e", probe], capture_output=True).returncode == 0
    return "" if found else f"R lacks one of the packages {', '.join(packages)}"


@pytest.fixture(scope="session")
def run_r(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Run one of the scripts, and return the folder of its results (with `rows_of_r.csv`, the cohorts only R has)."""

    @cache
    def run(script: str) -> Path:
        missing = missing_for(NEEDED_BY.get(script, NEEDED))
        if missing:
            pytest.skip(f"{missing}: only the frozen results of R are compared")
        folder = tmp_path_factory.mktemp("oracle")
        rows = folder / "rows.csv"
        cohorts.export(rows)
        command = ["Rscript", str(HERE / script), str(rows), str(folder), str(folder / "rows_of_r.csv")]
        subprocess.run(command, check=True, capture_output=True)
        return folder

    return run


@pytest.fixture(scope="session")
def cohort(run_r: Callable[[str], Path]) -> Callable[[str], pd.DataFrame]:
    """A cohort by its name; those of R's packages are asked of R, and the test is skipped without it."""

    @cache
    def of_r() -> pd.DataFrame:
        return read(run_r("make_readings.R") / "rows_of_r.csv")

    def load(name: str) -> pd.DataFrame:
        if name in cohorts.NAMES:
            return cohorts.load(name)
        rows = of_r()
        return rows[rows["dataset"] == name].drop(columns="dataset").reset_index(drop=True)

    return load
