"""The results folder: replaced as a whole, recovered after a kill, and never at the cost of someone else's files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.errors import InputError
from helpers.suite.lock import exclusive
from helpers.suite.results import Place

HOLD = """
import sys, time
from pathlib import Path
from helpers.suite.lock import exclusive
with exclusive(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def place_with_results(root: Path) -> Place:
    place = Place(root, "s")
    place.final.mkdir(parents=True)
    (place.final / "manifest.json").write_text("old")
    return place


def test_new_results_take_the_place_of_the_old_and_of_a_failure(tmp_path: Path) -> None:
    place = place_with_results(tmp_path)
    place.failed.mkdir()
    place.begin()
    (place.fresh / "manifest.json").write_text("new")
    place.commit()
    assert (place.final / "manifest.json").read_text() == "new"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["s"]


def test_a_kill_between_the_two_renames_loses_nothing(tmp_path: Path) -> None:
    place = place_with_results(tmp_path)
    place.begin()
    place.final.rename(place.old)
    Place(tmp_path, "s").recover()
    assert (place.final / "manifest.json").read_text() == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["s"]


def test_what_a_killed_run_left_is_removed_but_only_of_this_study(tmp_path: Path) -> None:
    for name in (".s.new-1", ".s.parts-1", ".other.new-1"):
        (tmp_path / name).mkdir()
    Place(tmp_path, "s").recover()
    assert [p.name for p in tmp_path.iterdir()] == [".other.new-1"]


def test_a_folder_that_is_not_ours_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "thesis.docx").write_text("years of work")
    with pytest.raises(InputError, match="not a results folder"):
        Place(tmp_path, "s").recover()
    assert (tmp_path / "s" / "thesis.docx").read_text() == "years of work"


def test_files_belong_to_the_notebook_that_wrote_them_and_no_two_may_share_a_name(tmp_path: Path) -> None:
    place = Place(tmp_path, "s")
    place.begin()
    for name in ("01_a", "02_b"):
        (place.part(name) / "tables" / "same.csv").write_text(name)
    assert list(place.adopt("01_a")) == ["tables/same.csv"]
    with pytest.raises(FileExistsError, match="tables/same.csv"):
        place.adopt("02_b")


def test_declared_outputs_may_be_patterns(tmp_path: Path) -> None:
    place = Place(tmp_path, "s")
    place.begin()
    (place.part("01_a") / "figures" / "01_a-km_OS.svg").write_text("x")
    assert place.missing("01_a", ("figures/01_a-km_*.svg", "ledger.csv", "figures")) == [
        "ledger.csv",
        "figures",
    ]


def test_a_second_run_is_refused_and_told_who_holds_the_folder(tmp_path: Path) -> None:
    lock = tmp_path / ".s.lock"
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(lock)], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(InputError, match=str(holder.pid)), exclusive(lock):
            pass
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
        assert lock.exists()
        with exclusive(lock):
            assert lock.read_text() == f"{os.getpid()}\n"
        assert not lock.exists()
    finally:
        holder.kill()
        holder.wait()
        if holder.stdout:
            holder.stdout.close()
