"""The main job on small notebooks: run, keep, replace, fail without loss."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.errors import InputError
from helpers.paths import PROJECT
from helpers.study import load_study
from helpers.suite import inputs
from helpers.suite.cache import Decision
from helpers.suite.hashing import files_below, hashes
from helpers.suite.notebook import read_notebook
from helpers.suite.planning import LEDGERS
from helpers.suite.run import Done, RunFailed, Settings, plan, run
from helpers.suite.watcher import Watcher
from tests.suite.stubs import ALT, DRAW, stub

NAMES = ("01_a", "02_b")
LEDGER = """\
import json
row = {"claim": "os_6mo", "field": "ci_high", "printed": "84.50", "predicted": ["87.50"],
       "verdict": "impossible", "note": "a & b"}
if results_dir:
    Path(results_dir, "ledger.json").write_text(json.dumps([row]))
"""
pytestmark = pytest.mark.slow


class Recorder(Watcher):
    def __init__(self) -> None:
        self.decisions: dict[str, Decision] = {}
        self.begun: list[str] = []

    def decided(self, name: str, decision: Decision) -> None:
        self.decisions[name] = decision

    def started(self, name: str) -> None:
        self.begun.append(name)


def settings(root: Path, *pairs: str) -> Settings:
    return Settings(pairs=pairs, out=root / "results {x}", notebooks=root / "notebooks", names=NAMES)


def go(root: Path, *pairs: str, recorder: Recorder | None = None) -> Done:
    (planned,) = plan(["zhuo2024"], settings(root, *pairs))
    return run(planned, recorder)


def state(folder: Path) -> dict[str, str]:
    return hashes(files_below(folder), folder)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of two stub notebooks that has been run once."""
    root = tmp_path_factory.mktemp("first")
    stub(root / "notebooks", "01_a", DRAW)
    stub(root / "notebooks", "02_b", LEDGER, outputs=("tables/02_b-facts.csv", "ledger.json"))
    go(root, "seed=7")
    return root


@pytest.fixture
def root(template: Path, tmp_path: Path) -> Path:
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_results_hold_what_they_should_and_nothing_of_this_machine(root: Path) -> None:
    folder = root / "results {x}" / "zhuo2024"
    expected = {
        "index.html", "ledger.json", "manifest.json", "notebooks/01_a.ipynb", "notebooks/02_b.ipynb",
        "pages/01_a.html", "pages/02_b.html", "tables/01_a-facts.csv", "tables/02_b-facts.csv",
        "ro-crate-metadata.json", "SHA256SUMS",
    }  # fmt: skip
    assert set(state(folder)) == expected
    assert (folder / "tables" / "01_a-facts.csv").read_text() == "seed\n7\n"
    assert sorted(p.name for p in folder.parent.iterdir()) == [LEDGERS, "zhuo2024"]
    for path in files_below(folder):
        text = path.read_text(encoding="utf-8")
        for leak in (str(Path.home()) + "/", str(PROJECT), "/tmp/", "first0"):
            assert leak not in text, (path.name, leak)


def test_the_manifest_records_every_file_with_its_hash(root: Path) -> None:
    folder = root / "results {x}" / "zhuo2024"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    recorded = dict(manifest["report"])
    for entry in manifest["notebooks"].values():
        recorded |= entry["outputs"]
        assert entry["seconds"] > 0
    actual = state(folder)
    for record in ("manifest.json", "ro-crate-metadata.json", "SHA256SUMS"):  # the crate and the sums cover the first
        del actual[record]
    assert recorded == actual
    assert manifest["inputs"]["parameters"]["seed"] == 7
    assert manifest["inputs"]["data"]["zhuo2024/claims.csv"]


def test_a_stored_notebook_shows_its_parameters_and_its_alt_text(root: Path) -> None:
    folder = root / "results {x}" / "zhuo2024"
    notebook = read_notebook(folder / "notebooks" / "01_a.ipynb")
    (injected,) = [c for c in notebook["cells"] if "injected-parameters" in c["metadata"].get("tags", [])]
    assert "seed = 7" in injected["source"]
    assert "results_dir = ''" in injected["source"]
    assert "seed 7 in results/zhuo2024" in json.dumps(notebook["cells"])
    assert "papermill" not in json.dumps(notebook["metadata"])
    image = next(o for c in notebook["cells"] for o in c.get("outputs", []) if "image/png" in o.get("data", {}))
    assert image["metadata"]["image/png"]["alt"] == ALT


def test_an_unchanged_second_run_executes_and_writes_nothing(root: Path) -> None:
    folder = root / "results {x}"
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    recorder = Recorder()
    done = go(root, "seed=7", recorder=recorder)
    assert done.executed == ()
    assert recorder.begun == []
    assert {d.reason for d in recorder.decisions.values()} == {"unchanged"}
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_a_changed_helper_runs_all_again_and_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = root / "project"
    shutil.copytree(inputs.HELPERS, copy / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(inputs, "HELPERS", copy / "helpers")
    monkeypatch.setattr(inputs, "PROJECT", copy)
    assert go(root, "seed=7").executed == ()
    with (copy / "helpers" / "printed.py").open("a") as stream:
        stream.write("# changed\n")
    recorder = Recorder()
    assert go(root, "seed=7", recorder=recorder).executed == NAMES
    assert recorder.decisions["01_a"].reason == "helpers changed: helpers/printed.py"


def test_only_the_notebook_whose_code_changed_runs_again(root: Path) -> None:
    stub(root / "notebooks", "02_b", LEDGER, "print('more')", outputs=("ledger.json",))
    kept = (root / "results {x}" / "zhuo2024" / "notebooks" / "01_a.ipynb").read_bytes()
    assert go(root, "seed=7").executed == ("02_b",)
    assert (root / "results {x}" / "zhuo2024" / "notebooks" / "01_a.ipynb").read_bytes() == kept
    assert go(root, "seed=7").executed == ()


def test_new_prose_gets_the_old_outputs_and_reaches_the_report(root: Path) -> None:
    stub(root / "notebooks", "01_a", DRAW, text="Quite new prose.")
    recorder = Recorder()
    assert go(root, "seed=7", recorder=recorder).executed == ()
    assert recorder.decisions["01_a"].reason == "only its text changed"
    folder = root / "results {x}" / "zhuo2024"
    page = (folder / "pages" / "01_a.html").read_text(encoding="utf-8")
    assert "Quite new prose." in page
    assert "data:image/png;base64," in page
    assert "seed = 7" in json.dumps(read_notebook(folder / "notebooks" / "01_a.ipynb"))
    assert go(root, "seed=7").decisions["01_a"].reason == "unchanged"


def test_a_damaged_page_is_made_again_without_running_a_notebook(root: Path) -> None:
    index = root / "results {x}" / "zhuo2024" / "index.html"
    good = index.read_text(encoding="utf-8")
    index.write_text("tampered")
    assert go(root, "seed=7").executed == ()
    assert index.read_text(encoding="utf-8").split("Made on")[0] == good.split("Made on")[0]


def test_a_failing_notebook_leaves_the_earlier_results_byte_for_byte(root: Path) -> None:
    stub(root / "notebooks", "02_b", "raise ValueError('what is\\nwrong')")
    before = state(root / "results {x}" / "zhuo2024")
    with pytest.raises(RunFailed) as caught:
        go(root, "seed=7")
    first, second = str(caught.value).splitlines()
    assert first == "02_b failed: cell [4]: ValueError: what is"
    assert "zhuo2024.failed/02_b.ipynb" in second
    assert state(root / "results {x}" / "zhuo2024") == before
    assert sorted(p.name for p in (root / "results {x}").iterdir()) == [LEDGERS, "zhuo2024", "zhuo2024.failed"]
    failed = json.dumps(read_notebook(root / "results {x}" / "zhuo2024.failed" / "02_b.ipynb"))
    assert "ValueError" in failed
    stub(root / "notebooks", "02_b", LEDGER, outputs=("ledger.json",))
    go(root, "seed=7")
    assert sorted(p.name for p in (root / "results {x}").iterdir()) == [LEDGERS, "zhuo2024"]


@pytest.mark.parametrize(
    ("source", "outputs", "words"),
    [
        ("pass", ("tables/02_b-never.csv",), "tables/02_b-never.csv"),
        (
            "Path(results_dir, 'tables', '01_a-facts.csv').write_text('x')",
            (),
            "already written by another notebook",
        ),
        ("import os; os._exit(3)", (), "the kernel ended"),
    ],
)
def test_other_ways_to_fail_lose_nothing_either(root: Path, source: str, outputs: tuple[str, ...], words: str) -> None:
    stub(root / "notebooks", "02_b", source, outputs=outputs)
    before = state(root / "results {x}" / "zhuo2024")
    with pytest.raises(RunFailed, match=f"02_b failed: .*{words}"):
        go(root, "seed=7")
    assert state(root / "results {x}" / "zhuo2024") == before


def test_a_misspelt_parameter_is_refused_before_anything_runs(tmp_path: Path) -> None:
    for name in NAMES:
        stub(tmp_path / "notebooks", name)
    with pytest.raises(InputError, match="did you mean seed"):
        plan(["zhuo2024"], settings(tmp_path, "sed=7"))
    assert not (tmp_path / "results {x}").exists()


def test_what_is_missing_is_refused_before_anything_runs(tmp_path: Path) -> None:
    stub(tmp_path / "notebooks", "01_a")
    with pytest.raises(InputError, match="02_b.ipynb"):
        plan(["zhuo2024"], settings(tmp_path))
    stub(tmp_path / "notebooks", "02_b")
    with pytest.raises(InputError, match="cohort file"):
        plan(["zhuo2024"], replace(settings(tmp_path), cohort=tmp_path / "none.csv"))
    with pytest.raises(InputError, match="jobs"):
        plan(["zhuo2024"], replace(settings(tmp_path), jobs=0))
    with pytest.raises(InputError, match="two studies"):
        plan(["zhuo2024", "zhuo2024"], settings(tmp_path))


KILLED = """
import sys
from pathlib import Path
from helpers.suite.run import Settings, plan, run
if __name__ == "__main__":
    root = Path(sys.argv[1])
    settings = Settings(out=root / "results {x}", notebooks=root / "notebooks", names=("01_a", "02_b"))
    (planned,) = plan(["zhuo2024"], settings)
    run(planned)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_killed_run_leaves_the_earlier_results_and_the_next_one_works(root: Path, number: signal.Signals) -> None:
    marker = root / "running"
    stub(root / "notebooks", "02_b", f"import time; Path({str(marker)!r}).touch(); time.sleep(600)")
    before = state(root / "results {x}" / "zhuo2024")
    script = root / "killed.py"
    script.write_text(KILLED)
    runner = subprocess.Popen(
        [sys.executable, str(script), str(root)],
        cwd=PROJECT,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not marker.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert marker.exists()
    os.kill(runner.pid, number)
    runner.wait(timeout=60)
    assert state(root / "results {x}" / "zhuo2024") == before
    if number == signal.SIGINT:
        assert sorted(p.name for p in (root / "results {x}").iterdir()) == [LEDGERS, "zhuo2024"]
    else:
        os.killpg(runner.pid, signal.SIGKILL)
    stub(root / "notebooks", "02_b", LEDGER, outputs=("ledger.json",))
    go(root, "seed=7")
    assert sorted(p.name for p in (root / "results {x}").iterdir()) == [LEDGERS, "zhuo2024"]


def test_a_study_folder_outside_the_project_is_run_without_leaking_its_path(root: Path) -> None:
    folder = root / "mine"
    shutil.copytree(load_study("zhuo2024").folder, folder)
    card = (folder / "study.yaml").read_text(encoding="utf-8").replace("zhuo2024", "mine")
    (folder / "study.yaml").write_text(card, encoding="utf-8")
    stub(root / "notebooks", "02_b", "print(study)", outputs=())
    (planned,) = plan([str(folder)], settings(root))
    done = run(planned)
    executed = (done.folder / "notebooks" / "02_b.ipynb").read_text(encoding="utf-8")
    assert "…/mine" in executed
    assert str(root) not in executed
