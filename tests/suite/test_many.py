"""Many runs at once: none stops another, nothing is done twice, and a killed worker leaves no trace."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd
import psutil
import pytest

from helpers.simulation.folders import made_up_folder
from helpers.spread import Alone, open_crew
from helpers.suite.hashing import files_below, hashes
from helpers.suite.lock import exclusive
from helpers.suite.many import Ending, Target, Told, run_many
from helpers.suite.planning import LEDGERS, Settings, ground, plan_one
from helpers.suite.run import run
from tests.suite.stubs import DRAW, stub

NAMES = ("01_a", "02_b")
LEDGER = """\
import json
row = {"claim": "os_6mo", "field": "value", "printed": "1", "predicted": [str(seed)],
       "verdict": "consistent", "note": "", "convention": "plain"}
if results_dir:
    Path(results_dir, "ledger.json").write_text(json.dumps([row]))
if "invented-0002" in study and "fail" in interval_note:
    raise ValueError("what is wrong")
"""
pytestmark = pytest.mark.slow


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project of two stub notebooks and four invented studies."""
    notebooks(tmp_path)
    for number in range(4):
        made_up_folder(tmp_path / "studies", 1, number)
    return tmp_path


def notebooks(root: Path, note: str = "") -> None:
    stub(root / "notebooks", "01_a", DRAW)
    stub(
        root / "notebooks",
        "02_b",
        f"interval_note = {note!r}",
        LEDGER,
        outputs=("tables/02_b-facts.csv", "ledger.json"),
    )


def made(root: Path, **changes: object) -> Settings:
    return replace(Settings(out=root / "results", notebooks=root / "notebooks", names=NAMES), **changes)


def targets(root: Path, settings: Settings, numbers: range = range(4)) -> list[Target]:
    given = ground(settings)
    folders = [str(root / "studies" / f"invented-{number:04d}") for number in numbers]
    return [Target(Path(folder).name, partial(plan_one, folder, settings, given)) for folder in folders]


def go(root: Path, settings: Settings | None = None, told: Told | None = None) -> dict[str, Ending]:
    settings = settings or made(root)
    return {ending.name: ending for ending in run_many(targets(root, settings), Alone(), told)}


def without_times(folder: Path) -> dict[str, object]:
    """All results but what tells when they were made."""
    found: dict[str, object] = dict(hashes(files_below(folder), folder))
    for name in [n for n in found if n.endswith(("ro-crate-metadata.json", "SHA256SUMS"))]:
        del found[name]  # they follow from the manifest and its times
    for path in folder.rglob("manifest.json"):
        content = json.loads(path.read_text(encoding="utf-8"))
        for record in content["notebooks"].values():
            del record["seconds"]
        del content["made"]
        found[path.relative_to(folder).as_posix()] = content
    return found


def test_they_are_as_one_by_one_and_a_second_time_nothing_is_done(root: Path) -> None:
    assert {e.executed for e in go(root).values()} == {2}
    for target in targets(root, made(root, out=root / "alone")):
        run(target.plan())
    assert without_times(root / "results") == without_times(root / "alone")
    before = {path: path.stat().st_mtime_ns for path in (root / "results").rglob("*")}
    assert {(e.executed, e.failure) for e in go(root).values()} == {(0, "")}
    assert {path: path.stat().st_mtime_ns for path in (root / "results").rglob("*")} == before


def test_one_that_fails_stops_no_other_and_only_it_is_run_again(root: Path) -> None:
    notebooks(root, "fail")
    (root / "studies" / "invented-0001" / "claims.csv").write_text("id\n")
    endings = go(root)
    assert endings["invented-0001"].failure.splitlines()[1].startswith("  remedy: ")
    assert "02_b failed: cell [5]: ValueError: what is wrong" in endings["invented-0002"].failure
    assert [endings[f"invented-{k:04d}"].failure for k in (0, 3)] == ["", ""]
    left = sorted(path.name for path in (root / "results").iterdir())
    assert left == ["invented-0000", "invented-0002.failed", "invented-0003", LEDGERS]
    made_up_folder(root / "studies", 1, 1)
    notebooks(root)
    endings = go(root)
    assert {name: ending.executed for name, ending in endings.items()} == {
        "invented-0000": 1,  # the notebook whose code was mended
        "invented-0001": 2,
        "invented-0002": 2,
        "invented-0003": 1,
    }
    assert sorted(path.name for path in (root / "results").iterdir()) == [*sorted(endings), LEDGERS]


def test_two_of_one_name_and_one_that_is_being_run_are_refused(root: Path) -> None:
    settings = made(root)
    twice = targets(root, settings, range(1)) * 2
    with exclusive(root / "results" / ".invented-0001.lock"):
        endings = list(run_many([*twice, *targets(root, settings, range(1, 2))], Alone()))
    failures = sorted(ending.failure.partition(" (")[0] for ending in endings)
    assert failures == [
        "",
        "another run is writing to " + str(root / "results"),
        "two studies are called invented-0000\n  remedy: run them one at a time, each with its own --out",
    ]
    assert (root / "results" / "invented-0000" / "index.html").is_file()


def test_only_some_notebooks_leave_the_others_as_they_are_while_they_hold(root: Path) -> None:
    go(root)
    kept = (root / "results" / "invented-0000" / "pages" / "01_a.html").read_bytes()
    some = made(root, only=("02_b",), force=True)
    assert {e.executed for e in go(root, some).values()} == {1}
    assert (root / "results" / "invented-0000" / "pages" / "01_a.html").read_bytes() == kept
    stub(root / "notebooks", "01_a", "print('other code')")
    assert {e.executed for e in go(root, some).values()} == {1}
    assert not (root / "results" / "invented-0000" / "pages" / "01_a.html").exists()  # it no longer held
    assert {e.executed for e in go(root).values()} == {1}
    assert (root / "results" / "invented-0000" / "pages" / "01_a.html").exists()


def kill_when_running(marker: Path, killed: list[int]) -> threading.Thread:
    """Kill the worker whose kernel writes both process ids into a file."""

    def wait() -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until and not marker.exists():
            time.sleep(0.05)
        killed.extend(map(int, marker.read_text().split()))
        os.kill(killed[0], signal.SIGKILL)

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def test_a_worker_killed_in_the_middle_of_a_notebook_leaves_no_trace(root: Path) -> None:
    marker, killed = root / "running", list[int]()
    slow = f"""\
import os, time
marker = Path({str(marker)!r})
if not marker.exists():
    Path(results_dir, "tables", "half.csv").write_text("half")
    marker.with_suffix(".new").write_text(f"{{os.getppid()}} {{os.getpid()}}")
    marker.with_suffix(".new").rename(marker)
    time.sleep(600)
"""
    stub(root / "notebooks", "01_a", slow)
    assassin = kill_when_running(marker, killed)
    with open_crew(2) as crew:
        endings = list(run_many(targets(root, made(root), range(3)), crew))
    assassin.join()
    worker, kernel = killed
    assert not psutil.pid_exists(worker)
    assert not psutil.pid_exists(kernel)  # it was asleep for ten minutes, and ended with its worker
    assert {(e.executed, e.failure) for e in endings} == {(2, "")}
    assert sorted(path.name for path in (root / "results").iterdir()) == [*sorted(e.name for e in endings), LEDGERS]
    assert not [path for path in (root / "results").rglob("*") if path.name.startswith(".") or path.name == "half.csv"]
    for target in targets(root, made(root, out=root / "alone"), range(3)):
        run(target.plan())
    assert without_times(root / "results") == without_times(root / "alone")
    assert len(pd.read_parquet(root / "results" / LEDGERS)) == 3
    for path in files_below(root / "results"):
        if path.suffix != ".parquet":
            assert str(root / "results") not in path.read_text(encoding="utf-8"), path


class Interrupts(Told):
    """Stops everything when the first run has ended."""

    def finished(self, ending: Ending) -> None:
        raise KeyboardInterrupt


def test_an_interrupt_leaves_what_is_published_and_nothing_half_made(root: Path) -> None:
    with pytest.raises(KeyboardInterrupt), open_crew(2) as crew:
        list(run_many(targets(root, made(root)), crew, Interrupts()))
    (published,) = [path for path in (root / "results").iterdir() if path.name != LEDGERS]
    assert (published / "index.html").is_file()
    again = go(root)
    assert sorted(ending.executed for ending in again.values()) == [0, 2, 2, 2]
