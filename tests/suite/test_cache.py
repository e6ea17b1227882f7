"""What is run again, what is kept, and the reason a person is given."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from helpers.suite.cache import Action, Decision, Source, decide
from helpers.suite.hashing import file_sha256
from helpers.suite.inputs import Inputs, differences, gather
from helpers.suite.manifest import Manifest, NotebookRecord, read_manifest

INPUTS = Inputs(
    helpers={"helpers/ledger.py": "a", "helpers/cli.py": "b"},
    data={"zhuo2024/claims.csv": "c"},
    packages={"python": "3.11.7", "numpy": "2.0"},
    parameters={"study": "zhuo2024", "seed": 1},
)


@pytest.fixture
def earlier(tmp_path: Path) -> Manifest:
    (tmp_path / "tables").mkdir()
    table = tmp_path / "tables" / "01_a-t.csv"
    table.write_text("x\n1\n")
    record = NotebookRecord("code", "source", {"tables/01_a-t.csv": file_sha256(table)}, 1.5, "forced")
    manifest = Manifest("zhuo2024", "2026-01-01T00:00:00+00:00", "0.1.0", INPUTS.as_dict(), {"01_a": record})
    manifest.write(tmp_path)
    return manifest


def one(
    earlier: Manifest | None, folder: Path, inputs: Inputs = INPUTS, code: str = "code", whole: str = "source"
) -> Decision:
    return decide(earlier, folder, inputs, {"01_a": Source(code, whole)})["01_a"]


def test_the_manifest_reads_back_as_it_was_written(earlier: Manifest, tmp_path: Path) -> None:
    assert read_manifest(tmp_path) == earlier


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 99}', '{"format": 1}', "null"])
def test_a_manifest_that_cannot_be_read_is_no_manifest(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    assert read_manifest(tmp_path) is None


def test_what_has_not_changed_is_kept(earlier: Manifest, tmp_path: Path) -> None:
    assert one(earlier, tmp_path) == Decision(Action.KEEP, "unchanged")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (
            {"helpers": {"helpers/ledger.py": "A", "helpers/cli.py": "b"}},
            "helpers changed: helpers/ledger.py",
        ),
        ({"helpers": {"helpers/cli.py": "b"}}, "helpers changed: helpers/ledger.py"),
        ({"data": {"zhuo2024/claims.csv": "C"}}, "data changed: zhuo2024/claims.csv"),
        ({"packages": {"python": "3.12.1", "numpy": "2.0"}}, "version changed: python 3.11.7 → 3.12.1"),
        ({"parameters": {"study": "zhuo2024", "seed": 2}}, "parameter changed: seed 1 → 2"),
    ],
)
def test_each_kind_of_change_runs_it_again_and_is_named(
    earlier: Manifest, tmp_path: Path, changed: dict[str, dict[str, object]], reason: str
) -> None:
    assert one(earlier, tmp_path, replace(INPUTS, **changed)) == Decision(Action.RUN, reason)  # type: ignore[arg-type]


def test_changed_code_runs_and_changed_prose_is_grafted(earlier: Manifest, tmp_path: Path) -> None:
    assert one(earlier, tmp_path, code="other", whole="other") == Decision(Action.RUN, "its code changed")
    assert one(earlier, tmp_path, whole="other") == Decision(Action.GRAFT, "only its text changed")


def test_an_altered_or_removed_output_runs_it_again(earlier: Manifest, tmp_path: Path) -> None:
    table = tmp_path / "tables" / "01_a-t.csv"
    table.write_text("x\n2\n")
    assert one(earlier, tmp_path) == Decision(Action.RUN, "its results were altered: tables/01_a-t.csv")
    table.unlink()
    assert one(earlier, tmp_path).action is Action.RUN


def test_without_earlier_results_or_by_force_everything_runs(earlier: Manifest, tmp_path: Path) -> None:
    assert one(None, tmp_path).reason == "no earlier results"
    forced = decide(earlier, tmp_path, INPUTS, {"01_a": Source("code", "source")}, force=True)
    assert forced["01_a"] == Decision(Action.RUN, "forced")


def test_many_changes_are_counted_not_listed() -> None:
    before = INPUTS.as_dict() | {"helpers": {f"helpers/{i}.py": "x" for i in range(9)}}
    (reason,) = differences(before, INPUTS)
    assert reason.endswith("and 8 more")


def test_inputs_hold_code_data_cohort_and_versions_but_no_path_of_this_machine(tmp_path: Path) -> None:
    study = tmp_path / "mine"
    study.mkdir()
    (study / "claims.csv").write_text("id\n")
    (study / ".hidden").write_text("x")
    (study / "letter of a patient.txt").write_text("x")
    cohort = tmp_path / "rows.csv"
    cohort.write_text("patient_id\n")
    inputs = gather(study, cohort, {"seed": 1})
    assert set(inputs.data) == {"mine/claims.csv", "cohort"}
    with_events = gather(study, cohort, {}, cohort)
    assert set(with_events.data) == {"mine/claims.csv", "cohort", "adverse events"}
    assert inputs.helpers["helpers/suite/inputs.py"] == file_sha256(Path("helpers/suite/inputs.py").resolve())
    assert "helpers/suite/templates/style.css" in inputs.helpers
    assert not any("__pycache__" in name for name in inputs.helpers)
    assert {"python", "numpy", "papermill"} <= set(inputs.packages)
    assert str(tmp_path) not in repr(inputs)
