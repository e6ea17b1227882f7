"""Every number that the notebooks write on patient-level rows agrees with R to 1e-9.

The notebooks are run on study folders of real cohorts and read back from the files that they leave. Where Python has
the rows, they are held against results of R that are frozen; where R is installed, so are the cohorts of R's own
packages, against R run now on the very same files, and the frozen results themselves.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.oracle import notebook_studies as studies
from tests.oracle.compare import FROZEN, HERE, close, quiet, read
from tests.oracle.conftest import missing_for
from tests.oracle.notebook_numbers import Written, numbers, rescued, written

FILE = "notebooks.csv"
PACKAGES = ("survival", "KMsurv", "cmprsk")
TABLES = {
    "curve", "readings", "restricted", "medians", "follow-up", "groups", "group-means", "subgroups", "cox", "censored",
    "transplant", "non-response", "incidence", "gray", "table-one", "rates", "response", "toxicity",
}  # fmt: skip

Run = Callable[[str, Path | None], Written]
Now = tuple[pd.DataFrame, Path]

pytestmark = quiet


@pytest.fixture(scope="module")
def r_now(tmp_path_factory: pytest.TempPathFactory) -> Now:
    """What R says now of every study, and the folder of the cohorts that only R has."""
    missing = missing_for(PACKAGES)
    if missing:
        pytest.skip(f"{missing}: only the frozen results of R are compared")
    root = tmp_path_factory.mktemp("notebooks")
    packages, folders = root / "packages", root / "studies"
    packages.mkdir()
    subprocess.run(["Rscript", str(HERE / "rows_of_packages.R"), str(packages)], check=True, capture_output=True)
    for name in (*studies.HELD, *studies.OF_R):
        studies.study_of_rows(name, packages).write(folders / name, name)
    command = ["Rscript", str(HERE / "make_notebooks.R"), str(folders), str(root / FILE)]
    subprocess.run(command, check=True, capture_output=True)
    return read(root / FILE), packages


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The notebooks on a study, run once."""

    @cache
    def run(name: str, packages: Path | None) -> Written:
        study, root = studies.study_of_rows(name, packages), tmp_path_factory.mktemp(name)
        return written(study.write(root / name, name), study.parameters, root / "results")

    return run


def differing(name: str, run: Written, said: pd.DataFrame) -> pd.DataFrame:
    """The numbers of a study that are not what R has said, key by key; both sides must have the same keys."""
    ours, theirs = numbers(run), said[said["study"] == name].set_index("key")["value"]
    assert theirs.index.is_unique
    without = rescued(run)
    assert bool(without) == (name == "edges"), "models without a finite estimate"
    keys = [key for key in theirs.index if key in ours or not (without and key.startswith(without))]
    assert not [key for key in keys if key not in ours], "R was asked for more than the notebooks write"
    # R reads curves at some of their times, and has no word where cuminc finds its variance singular.
    unasked = [key for key in ours if key not in theirs.index and not key.startswith(("curve|", "gray|"))]
    assert not [key for key in unasked if not key.endswith("|firth")], "the notebooks write what R was not asked for"
    values = np.array([ours[key] for key in keys])
    values = np.where(np.isinf(values), np.nan, values)
    equal = np.isclose(values, theirs[keys], rtol=1e-9, atol=1e-9, equal_nan=True)
    return pd.DataFrame({"ours": values, "R": theirs[keys]})[~equal]


def test_the_frozen_results_cover_what_they_promise() -> None:
    found = read(FROZEN / FILE)
    assert set(found["study"]) == set(studies.HELD)
    tables = {key.partition("|")[0] for key in found["key"]}
    assert tables == TABLES
    assert len(studies.REAL) >= 6
    assert len(set(studies.REAL) & set(studies.OF_TRANSPLANTS)) >= 2
    edges = found[found["study"] == "edges"].set_index("key")["value"]
    assert edges["readings|EVERY|41|plain|survival"] == 0
    assert edges["readings|NONE|20|plain|survival"] == 1
    assert edges["medians|HALF|r-print|plain|median"] == 32.5, "the middle of a flat part at one half"
    assert edges["medians|FLAT|r-print|plain|median"] != edges["medians|FLAT|r-midpoint|plain|median"]
    assert np.isnan(edges["medians|FLAT|r-print|plain|high"])
    assert edges["groups|NONE|1|events"] == 0
    assert edges["groups|HALF|1|n"] == 1


@pytest.mark.parametrize("name", studies.HELD)
def test_what_the_notebooks_write_is_what_r_has_said(name: str, ran: Run) -> None:
    wrong = differing(name, ran(name, None), read(FROZEN / FILE))
    assert wrong.empty, wrong.to_string()


@pytest.mark.slow
@pytest.mark.parametrize("name", studies.OF_R)
def test_what_they_write_of_cohorts_of_r_is_what_r_says_now(name: str, ran: Run, r_now: Now) -> None:
    wrong = differing(name, ran(name, r_now[1]), r_now[0])
    assert wrong.empty, wrong.to_string()


@pytest.mark.slow
def test_the_frozen_results_are_what_r_says_now(r_now: Now) -> None:
    now, then = r_now[0], read(FROZEN / FILE)
    now = now[now["study"].isin(studies.HELD)].reset_index(drop=True)
    assert now[["study", "key"]].equals(then[["study", "key"]])
    close(now["value"], then["value"])


@pytest.mark.parametrize("table", sorted(TABLES))
def test_a_number_that_is_off_by_little_is_noticed(table: str, ran: Run) -> None:
    said = read(FROZEN / FILE)
    concerned = said["key"].str.startswith(f"{table}|") & (said["value"].abs() > 1e-3) & (said["study"] != "edges")
    changed = said[concerned].iloc[-1]
    said.loc[changed.name, "value"] += 1e-8 * (1 + abs(changed["value"]))
    assert differing(changed["study"], ran(changed["study"], None), said).index.tolist() == [changed["key"]]
