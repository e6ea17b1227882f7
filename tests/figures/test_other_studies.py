"""The notebooks on other studies: true sentences, honest gaps, and nothing left over from the first study."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.errors import InputError
from helpers.figures import display
from helpers.paths import NOTEBOOKS
from helpers.tables import house as tables

HEADER = "id,endpoint,statistic,at,at_unit,n,count,value,ci_low,ci_high,ci_level,unit,source,note\n"
MINE = ("01_cohort", "02_efficacy", "05_safety")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[dict[str, str]]]:
    """Run a notebook's code cells with other parameters and collect what they publish."""

    def runner(notebook: str, **parameters: object) -> list[dict[str, str]]:
        outputs: list[dict[str, str]] = []

        def keep(data: dict[str, str], metadata: dict[str, object]) -> None:
            outputs.append(data)

        monkeypatch.setattr(display, "publish", keep)
        monkeypatch.setattr(tables, "publish", keep)
        cells = json.loads((NOTEBOOKS / f"{notebook}.ipynb").read_text(encoding="utf-8"))["cells"]
        namespace: dict[str, object] = {}
        for cell in cells:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), namespace)
                if "parameters" in cell["metadata"].get("tags", ()):
                    assert set(parameters) <= set(namespace)
                    namespace.update(parameters)
        return outputs

    return runner


def folder(path: Path, yaml: str, rows: str) -> str:
    path.mkdir()
    (path / "study.yaml").write_text(f"id: {path.name}\n{yaml}", encoding="utf-8")
    (path / "claims.csv").write_text(HEADER + rows, encoding="utf-8")
    return str(path)


@pytest.fixture
def sparse(tmp_path: Path) -> str:
    yaml = (
        "title: A *sparse* study\nn: 9\nendpoints:\n  OS: {name: Overall survival, origin: infusion, events: death}\n"
    )
    return folder(tmp_path / "sparse", yaml, "os_12,OS,survival,12,month,,,50,,,,percent,table 2,OS at 12 months\n")


@pytest.fixture
def other(tmp_path: Path) -> str:
    yaml = (
        "title: Another study\nn: 75\nenrolled: {from: 2020-01, to: 2021-06}\nlast_follow_up_before: 2022-01-01\n"
        "endpoints:\n  OS: {name: Overall survival, origin: infusion, events: death}\n"
        "outcomes: {efficacy: [orr], safety: [crs, crs3, deaths]}\n"
    )
    rows = (
        "orr,,proportion,,,,61,81,,,,percent,text,Overall response\n"
        "fu,OS,follow_up,,,,,900,,,,day,text,Median follow-up\n"
        "crs,,count,,,,58,,,,,,text,CRS of any grade\n"
        "crs3,,count,,,,60,,,,,,text,CRS grade 3 or higher\n"
        "deaths,,proportion,,,,2,2.5,,,,percent,text,Deaths from toxicity\n"
    )
    return folder(tmp_path / "other", yaml, rows)


@pytest.mark.parametrize("notebook", MINE)
def test_a_sparse_study_gets_sentences_and_no_empty_figures(notebook: str, run: Callable, sparse: str) -> None:
    outputs = run(notebook, study=sparse)
    assert not any("image/png" in data for data in outputs)
    said = "\n".join(data["text/plain"] for data in outputs)
    assert r"A \*sparse\* study" in said
    gaps = {
        "01_cohort": ("there is no flow to draw", "no follow-up can be bounded"),
        "02_efficacy": ("no response rate can be derived", "no digits to check"),
        "05_safety": ("no rate of toxicity can be derived", "no grades to show", "nothing to rule out"),
    }
    assert all(gap in said for gap in gaps[notebook])


def test_another_cohort_is_described_by_its_own_numbers(run: Callable, other: str) -> None:
    said = "\n".join(data["text/plain"] for data in run("01_cohort", study=other))
    assert "Patients: 75. Overall response: 61 of 75." in said
    assert "more than **730 days**" in said
    assert "median follow-up of 900 days is **longer than the calendar allows**" in said


def test_wrong_percentages_are_told(run: Callable, other: str) -> None:
    said = "\n".join(data["text/plain"] for data in run("02_efficacy", study=other))
    assert "81 % is 61/75 under every rounding rule" in said
    safety = "\n".join(data["text/plain"] for data in run("05_safety", study=other))
    assert "2/75 prints as 2.7 %, **never as 2.5 %**" in safety
    assert "CRS* **contradict each other**" in safety
    assert "when the ASTCT consensus was there" in safety


@pytest.mark.parametrize("notebook", MINE)
def test_prose_holds_no_number_of_the_first_study(notebook: str) -> None:
    cells = json.loads((NOTEBOOKS / f"{notebook}.ipynb").read_text(encoding="utf-8"))["cells"]
    prose = "".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    assert not any(word in prose for word in ("Zhuo", "22 patients", "81.8", "1037", "12.7", "13.6"))


@pytest.mark.parametrize("notebook", MINE)
def test_a_patient_level_file_is_refused_clearly(notebook: str, run: Callable) -> None:
    with pytest.raises(InputError, match="the file does not exist"):
        run(notebook, cohort="cohort.csv")


@pytest.mark.parametrize("notebook", MINE)
def test_results_are_written_as_declared(notebook: str, run: Callable, tmp_path: Path) -> None:
    run(notebook, results_dir=str(tmp_path / "out"))
    written = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.*")}
    document = json.loads((NOTEBOOKS / f"{notebook}.ipynb").read_text(encoding="utf-8"))
    assert set(document["metadata"]["unrounded"]["outputs"]) <= written
    assert any(name.endswith(".png") for name in written)
