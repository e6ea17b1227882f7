"""The proof that runs at scale hold, in small: real notebooks, a cluster of two processes, one of them killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.bench.scale import compared, contents, measure
from helpers.simulation.folders import made_up_folder
from helpers.study import load_study


@pytest.mark.slow
def test_a_killed_worker_changes_nothing(tmp_path: Path) -> None:
    found = measure(6, 2, tmp_path, turns=1)
    assert found.failed == () and found.different == ()
    assert found.killed_after == 2
    assert found.files >= 6 * 8
    assert [mark.studies for mark in found.marks] == [1, 3, 6]
    assert all(mark.worker > 50 and mark.driver > 50 for mark in found.marks)
    assert found.loop_seconds > 0 < found.cluster_seconds
    # the comparison can fail
    ledger = tmp_path / "cluster" / "invented-0003" / "ledger.csv"
    ledger.write_text(ledger.read_text(encoding="utf-8").replace("re-derived", "consistent", 1), encoding="utf-8")
    (tmp_path / "loop" / "invented-0004" / "pages" / "06_verdict.html").unlink()
    assert compared(tmp_path / "loop", tmp_path / "cluster")[0] == ("invented-0003", "invented-0004")


def test_of_files_only_times_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>Made on 3 March 2026 with</p>")
    before = contents(tmp_path)
    (tmp_path / "index.html").write_text("<p>Made on 13 May 2027 with</p>")
    assert contents(tmp_path) == before
    (tmp_path / "index.html").write_text("<p>Made on 13 May 2027 without</p>")
    assert contents(tmp_path) != before


def test_invented_folders_are_studies_that_say_so(tmp_path: Path) -> None:
    folders = [made_up_folder(tmp_path / "a", 1, number) for number in range(20)]
    for number, folder in enumerate(folders):
        study = load_study(folder)
        assert "invented" in study.title.lower() and study.population == "invented patients"
        again = made_up_folder(tmp_path / "b", 1, number)
        assert (again / "claims.csv").read_bytes() == (folder / "claims.csv").read_bytes()
    assert len({(folder / "claims.csv").read_text() for folder in folders}) == 20
