"""Executing results again: equal byte for byte, or told in which file and why; and the command around it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from helpers.errors import InputError
from helpers.provenance import CRATE, MANIFEST, SUMS
from helpers.provenance.command import lines, run_verify
from helpers.provenance.holding import hold
from helpers.provenance.rerun import DATED, Means, Rerun, rerun
from helpers.provenance.verify import verify
from helpers.study import load_study
from helpers.suite.planning import Settings
from helpers.suite.run import plan, run
from tests.provenance.conftest import NAMES
from tests.suite.stubs import stub


def again(path: Path, means: Means) -> Rerun:
    with hold(path) as held:
        return rerun(held, means)


@pytest.fixture
def means(made: Path) -> Means:
    return Means(notebooks=made / "notebooks", names=NAMES)


def altered(results: Path, **values: object) -> None:
    content = json.loads((results / MANIFEST).read_text(encoding="utf-8"))
    (results / MANIFEST).write_text(json.dumps(content | values), encoding="utf-8")


@pytest.mark.slow
def test_an_archive_is_executed_again_to_the_same_bytes_and_a_forgery_is_not(results: Path, means: Means) -> None:
    archive = Path(shutil.make_archive(str(results.parent / "moved"), "zip", results.parent, results.name))
    same = again(archive, means)
    assert (same.findings, same.notes) == ((), ())
    assert same.compared == 12 - len(DATED)
    (results / "tables" / "01_a-facts.csv").write_text("seed\n8\n")
    (results / "tables" / "more.csv").write_text("x")
    (results / "pages" / "02_b.html").unlink()
    found = again(results, means).findings
    assert {(f.kind, f.path) for f in found} == {
        ("differs", "tables/01_a-facts.csv"), ("added", "tables/more.csv"), ("missing", "pages/02_b.html"),
    }  # fmt: skip


@pytest.mark.slow
def test_other_inputs_are_findings_and_other_code_is_a_note(results: Path, means: Means, tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    shutil.copytree(load_study("zhuo2024").folder, folder)
    (folder / "SOURCES.md").write_text("elsewhere", encoding="utf-8")
    inputs = json.loads((results / MANIFEST).read_text(encoding="utf-8"))["inputs"]
    inputs["packages"]["numpy"] = "0.1"
    altered(results, inputs=inputs)
    stub(tmp_path / "broken", "01_a", "1 / 0")
    shutil.copy2(means.notebooks / "02_b.ipynb", tmp_path / "broken")
    found = again(results, Means(study=folder, notebooks=tmp_path / "broken", names=NAMES))
    assert [(f.kind, f.path) for f in found.findings] == [("input", "SOURCES.md"), ("failed", "")]
    assert "ZeroDivisionError" in found.findings[1].why
    assert len(found.notes) == 1 and "numpy 0.1 →" in found.notes[0]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"study": "../data/zhuo2024"}, "not in data/"),
        ({"study": "/etc"}, "not in data/"),
        ({"study": "."}, "not in data/"),
        ({"notebooks": {"../../evil": {}}}, "does not have"),
        ({"notebooks": {}}, "does not have"),
        ({"notebooks": []}, "cannot be used"),
        ({"inputs": {}}, "cannot be used"),
    ],
)
def test_a_manifest_cannot_lead_a_rerun_astray(
    values: dict[str, object], words: str, results: Path, means: Means
) -> None:
    altered(results, **values)
    with pytest.raises(InputError, match=words):
        again(results, means)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("seed", "7\nimport os", "whole number"),
        ("seed); import os  #", 1, "identifier"),
        ("interval", "linear", "one of"),
        ("unknown", 1, "no notebook declares"),
    ],
)
def test_parameters_of_a_manifest_are_checked_as_if_typed(
    name: str, value: object, words: str, results: Path, means: Means
) -> None:
    inputs = json.loads((results / MANIFEST).read_text(encoding="utf-8"))["inputs"]
    inputs["parameters"][name] = value
    altered(results, inputs=inputs)
    with pytest.raises(InputError, match=words):
        again(results, means)


@pytest.mark.parametrize(("label", "option"), [("cohort", "--cohort"), ("adverse events", "--adverse-events")])
def test_rows_that_are_not_in_the_results_are_asked_for(label: str, option: str, results: Path, means: Means) -> None:
    inputs = json.loads((results / MANIFEST).read_text(encoding="utf-8"))["inputs"]
    inputs["data"][label] = "a" * 64
    altered(results, inputs=inputs)
    with pytest.raises(InputError, match=f"give it with {option} FILE"):
        again(results, means)


def test_the_command_shows_what_differs_and_the_seal(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_verify(results, "", False, Means(), as_json=False)
    assert "12 files, all as recorded\nseal (sha256 of SHA256SUMS): " in capsys.readouterr().out
    (results / "ledger.json").write_text("[1]")
    assert not run_verify(results, "", False, Means(), as_json=True)
    shown = json.loads(capsys.readouterr().out)
    assert [(f["kind"], f["path"]) for f in shown["findings"]] == [("changed", "ledger.json")]
    for bad in ({"seal": "abc"}, {"means": Means(study=results)}):
        with pytest.raises(InputError):
            run_verify(results, **{"seal": "", "again": False, "means": Means(), "as_json": False} | bad)  # type: ignore


def test_many_findings_are_cut_short(results: Path) -> None:
    for number in range(300):
        (results / "tables" / f"{number}.csv").touch()
    with hold(results) as held:
        shown = lines(verify(held))
    assert "… and 100 more" in shown
    assert shown[-2].endswith("312 files, 300 added")


@pytest.mark.slow
def test_results_without_or_with_damaged_records_get_them_again_without_executing(
    made: Path, results: Path, tmp_path: Path
) -> None:
    shutil.copytree(results, tmp_path / "results" / "zhuo2024")
    folder = tmp_path / "results" / "zhuo2024"
    settings = Settings(pairs=("seed=7",), out=tmp_path / "results", notebooks=made / "notebooks", names=NAMES)
    for damage in ((folder / CRATE).unlink, (folder / SUMS).unlink, lambda: (folder / CRATE).write_text("{}")):
        damage()
        (planned,) = plan(["zhuo2024"], settings)
        assert run(planned).executed == ()
        with hold(folder) as held:
            assert verify(held).findings == ()
