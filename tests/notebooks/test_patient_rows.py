"""The six notebooks on patient-level rows: they run without warnings, agree with R, and give nobody away."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.suite.sequence import SEQUENCE
from tests.cohort.invented import write_invented
from tests.notebooks.running import run_notebook


@pytest.mark.slow
@pytest.mark.parametrize("name", SEQUENCE)
def test_five_rows_run_without_a_warning(name: str, tmp_path: Path) -> None:
    invented = write_invented(tmp_path / "five", n=5, seed=3, missing=0.0)
    ran = run_notebook(name, {"study": str(invented.folder), "cohort": str(invented.cohort)})
    assert ran.text(rows_only=True)


@pytest.mark.slow
def test_the_positive_control_finds_its_truth_and_reproduces_its_numbers() -> None:
    truth = run_notebook("03_reconstruction", {"study": "freireich1963"}).text()
    assert "truth" in truth.lower()
    held = run_notebook("06_verdict", {"study": "freireich1963"}).names["held"]
    assert {str(row.verdict) for row in held.rows} == {"reproduced"}


@pytest.mark.slow
def test_the_positive_control_is_drawn_as_reconstructed_and_as_observed() -> None:
    ran = run_notebook("04_survival", {"study": "freireich1963"})
    drawn, held = ran.names["rows"], ran.names["patients"]
    assert len(drawn) == held.n == 42
    assert drawn["DR_6MP_days"].notna().sum() == drawn["DR_placebo_days"].notna().sum() == 21
    figures = [alt["image/png"]["alt"] for alt in ran.metadata if "image/png" in alt]
    observed = ran.text(rows_only=True)
    assert "Observed patients" in observed and "invented" not in observed
    assert "econstructed patients" not in observed
    assert "Log-rank P < 0.001" in "\n".join(figures)
    assert any(text.startswith("Reconstructed, not observed.") for text in figures)
