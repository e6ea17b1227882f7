"""A run on patient-level rows: checked before anything runs, anonymous in the notebooks, part of what is cached."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.errors import InputError
from helpers.paths import DATA
from helpers.suite.hashing import files_below
from helpers.suite.notebook import read_notebook
from helpers.suite.run import Done, RunFailed, Settings, plan, run
from tests.suite.stubs import stub
from tests.suite.test_run import Recorder

READ = """\
from helpers.cohort import open_cohort
from helpers.study import load_study
rows = open_cohort(load_study(study), cohort)
print("cohort:", cohort or "found")
if rows is not None:
    print(rows.n, "patients of", rows.source, *rows.notes)
    print(sorted(rows.rows.columns), 0 if rows.adverse_events is None else len(rows.adverse_events))
    if results_dir:
        rows.rows.to_csv(Path(results_dir, "tables", "01_a-rows.csv"), index=False)
"""
pytestmark = pytest.mark.slow
NAMES = ("01_a",)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with one stub notebook, and a study folder with rows of its own."""
    stub(tmp_path / "notebooks", "01_a", READ)
    shutil.copytree(DATA / "freireich1963", tmp_path / "mine")
    card = tmp_path / "mine" / "study.yaml"
    card.write_text(card.read_text(encoding="utf-8").replace("id: freireich1963", "id: mine"), encoding="utf-8")
    return tmp_path


def settings(root: Path, cohort: Path | None = None, **more: object) -> Settings:
    made = Settings(cohort=cohort, out=root / "results", notebooks=root / "notebooks", names=NAMES)
    return replace(made, **more)  # type: ignore[arg-type]


def go(root: Path, cohort: Path | None = None, recorder: Recorder | None = None, **more: object) -> Done:
    (planned,) = plan([str(root / "mine")], settings(root, cohort, **more))
    return run(planned, recorder)


def printed(root: Path) -> str:
    notebook = read_notebook(root / "results" / "mine" / "notebooks" / "01_a.ipynb")
    return "".join(o.get("text", "") for cell in notebook["cells"] for o in cell.get("outputs", []))


def everything(root: Path) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in files_below(root / "results"))


def private_rows(root: Path, **columns: str) -> Path:
    """A cohort file elsewhere, with adverse events beside it and whatever columns the test wants."""
    folder = root / "elsewhere"
    folder.mkdir(exist_ok=True)
    extra = "".join(f",{name}" for name in columns), "".join(f",{cell}" for cell in columns.values())
    lines = [f"patient_id,arm,DR_weeks,DR_event{extra[0]}"]
    lines += [f"secret-{i},{'6-MP' if i % 2 else 'placebo'},{i},1{extra[1]}" for i in range(1, 43)]
    (folder / "rows.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "adverse_events.csv").write_text("patient_id,term,grade\nsecret-1,Fever,1\n", encoding="utf-8")
    return folder / "rows.csv"


def test_rows_in_the_study_folder_are_found_and_lose_their_names(root: Path) -> None:
    go(root)
    assert "cohort: …/cohort.csv\n42 patients of cohort.csv" in printed(root)
    notebook = read_notebook(root / "results" / "mine" / "notebooks" / "01_a.ipynb")
    (injected,) = [c for c in notebook["cells"] if "injected-parameters" in c["metadata"].get("tags", [])]
    assert "cohort = ''" in injected["source"]
    text = everything(root)
    assert "P42" in text
    for leak in ("01-6MP", "21-placebo", str(root)):
        assert leak not in text
    assert [path.name for path in (root / "results").iterdir()] == ["mine"]


def test_named_rows_with_their_adverse_events_go_before_those_of_the_folder(root: Path) -> None:
    go(root, private_rows(root))
    assert "42 patients of cohort.csv" in printed(root)
    assert "['DR_days', 'DR_event', 'arm', 'patient_id'] 1" in printed(root)
    assert "secret" not in everything(root)
    assert "cohort = 'cohort.csv'" in everything(root)
    assert "rows.csv" not in everything(root).replace("01_a-rows.csv", "")


def test_none_asks_for_the_published_numbers_alone(root: Path) -> None:
    go(root, Path("none"))
    assert printed(root).startswith("seed 1 in results/mine\ncohort: none\n")
    assert "patients of" not in printed(root)


def test_identifiers_are_refused_before_anything_runs_and_dropped_where_allowed(root: Path) -> None:
    path = private_rows(root, 姓名="王小明", phone="13812345678")
    with pytest.raises(InputError) as caught:
        plan([str(root / "mine")], settings(root, path))
    assert [problem.column for problem in caught.value.problems] == ["姓名", "phone"]
    assert not (root / "results").exists()
    go(root, path, allow_identifiers=True)
    assert "columns that identify patients were dropped while reading: 姓名, phone" in printed(root)
    for secret in ("王小明", "13812345678", "secret"):
        assert secret not in everything(root)


def test_a_bad_file_is_refused_before_anything_runs_with_all_its_problems(root: Path) -> None:
    path = private_rows(root)
    text = path.read_text(encoding="utf-8").replace("secret-2,placebo,2,1", "secret-1,placebo,-2,3")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        plan([str(root / "mine")], settings(root, path))
    assert [(p.row, p.column) for p in caught.value.problems if p.file == "rows.csv"] == [
        (3, "patient_id"), (3, "DR_weeks"), (3, "DR_event"),
    ]  # fmt: skip


def test_a_change_of_rows_or_adverse_events_runs_again_and_is_named(root: Path) -> None:
    path = private_rows(root)
    assert go(root, path).executed == NAMES
    assert go(root, path).executed == ()
    for changed, old, new in (
        (path, "secret-1,6-MP,1,1", "secret-1,6-MP,2,1"),
        (path.parent / "adverse_events.csv", "Fever,1", "Fever,2"),
    ):
        changed.write_text(changed.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        recorder = Recorder()
        assert go(root, path, recorder).executed == NAMES
        label = "cohort" if changed == path else "adverse events"
        assert recorder.decisions["01_a"].reason == f"data changed: {label}"
    recorder = Recorder()
    assert go(root, None, recorder).executed == NAMES
    assert "cohort cohort.csv → " in recorder.decisions["01_a"].reason


def test_the_length_of_a_month_reaches_the_rows(root: Path) -> None:
    path = private_rows(root)
    path.write_text(path.read_text(encoding="utf-8").replace("DR_weeks", "DR_months"), encoding="utf-8")
    text = (root / "notebooks" / "01_a.ipynb").read_text(encoding="utf-8")
    declared = 'seed: int = 1  # seed of every draw\\n",\n    "days_per_month: float = 30.4375  # length of a month'
    (root / "notebooks" / "01_a.ipynb").write_text(
        text.replace("seed: int = 1  # seed of every draw", declared), encoding="utf-8"
    )
    go(root, path, pairs=("days_per_month=30",))
    assert "DR_months was turned into days with 30 days a month" in printed(root)


def test_what_cannot_be_asked_for_is_told(root: Path) -> None:
    with pytest.raises(InputError, match="one cohort file belongs to one study"):
        plan([str(root / "mine"), "zhuo2024"], settings(root, private_rows(root)))
    with pytest.raises(InputError, match="adverse events need the rows of their patients"):
        plan(["zhuo2024"], settings(root, None, adverse_events=root / "elsewhere" / "adverse_events.csv"))


def test_a_failed_notebook_leaves_no_rows_behind(root: Path) -> None:
    stub(root / "notebooks", "01_a", READ, "raise ValueError(cohort)")
    with pytest.raises(RunFailed):
        go(root)
    assert sorted(path.name for path in (root / "results").iterdir()) == ["mine.failed"]
    assert "01-6MP" not in everything(root)


def test_rows_that_a_killed_run_left_are_removed_by_the_next(root: Path) -> None:
    left = root / "results" / ".mine.rows-123"
    left.mkdir(parents=True)
    (left / "cohort.csv").write_text("patient_id\nP01\n", encoding="utf-8")
    go(root)
    assert [path.name for path in (root / "results").iterdir()] == ["mine"]
