"""What a masked run publishes lets nobody work out a small count: not from one table, nor from all of them together."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from helpers.narrative.patients import curves as curves_of_rows
from helpers.tables.masked_frames import HIDDEN
from tests.cohort.invented import write_invented
from tests.notebooks.attack import possible, read, subtracted, told_by
from tests.notebooks.running import run_notebook

BELOW = 5
COHORTS = [(22, 2024, "product"), (60, 3, "product"), (150, 1, "donor"), (400, 2, "none")]
COUNTS = {
    *("count", "of", "n", "without", "events", "censored", "at_risk", "missing", "not_recorded", "patients cut"),
    *("enrolled", "not_evaluable", "patients", "left out", "any", "severe", "any grade", "grade 1–2", "grade 3–4"),
    *("grade 5", "not recorded"),
}
NOTEBOOKS = ("01_cohort", "02_efficacy", "04_survival", "05_safety", "06_verdict")

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Published:
    """The results of a run: their folder, the size of the cohort, all texts, every curve with what stands beneath."""

    folder: Path
    n: int
    text: str
    curves: list[tuple[pd.DataFrame, pd.DataFrame]]


Run = Callable[[int, int, str, int], Published]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run the notebooks on an invented cohort with a threshold."""

    @cache
    def run(n: int, seed: int, group: str, below: int) -> Published:
        root = tmp_path_factory.mktemp("masked")
        invented = write_invented(root / "study", n=n, seed=seed, landmarks=False)
        claims = (root / "study" / "claims.csv").read_text(encoding="utf-8").splitlines()
        (root / "study" / "claims.csv").write_text("\n".join(claims[:2]) + "\n", encoding="utf-8")
        card = (root / "study" / "study.yaml").read_text(encoding="utf-8")
        card = re.sub(r"(?m)^outcomes:\n(?:  .*\n)+", "", card)
        (root / "study" / "study.yaml").write_text(card, encoding="utf-8")
        drawn: list[tuple[pd.DataFrame, pd.DataFrame]] = []
        draw = curves_of_rows.kaplan_meier_groups

        def keep(steps: pd.DataFrame, numbers: pd.DataFrame, **options: Any) -> Any:
            figure, plotted = draw(steps, numbers, **options)
            drawn.append((plotted, numbers))
            return figure, plotted

        texts = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("helpers.figures.display.render", lambda figure, kind, alt="": b"")
            patch.setattr(curves_of_rows, "kaplan_meier_groups", keep)
            for name in NOTEBOOKS:
                parameters = {
                    "study": str(invented.folder), "cohort": str(invented.cohort), "results_dir": str(root / "results"),
                    "mask_below": below, "group": group, "landmark_days": "90, 182, 240, 365, 500, 730",
                }  # fmt: skip
                ran = run_notebook(name, parameters)
                texts.append(ran.text(rows_only=True, kinds=("text/plain", "text/html", "text/markdown")))
        return Published(root / "results", n, "\n".join(texts), drawn)

    return run


def small_ones(open_run: Published) -> dict[str, int]:
    """The small counts of a cohort, as its unmasked tables tell them, or as they follow by subtraction."""
    return {name: x for name, x in subtracted(told_by(open_run.folder, open_run.n)).items() if 0 < x < BELOW}


@pytest.mark.parametrize(("n", "seed", "group"), COHORTS)
def test_no_small_count_follows_from_all_tables_together(n: int, seed: int, group: str, published: Run) -> None:
    hidden = small_ones(published(n, seed, group, 0))
    assert len(hidden) > 5, "the cohort has small counts to be hidden"
    masked = told_by(published(n, seed, group, BELOW).folder, n)
    worked_out = {}
    for name in hidden:
        if name in masked.cells:
            low, high = possible(masked, name)
            if low == high:
                worked_out[name] = (low, masked.cells[name])
    assert not worked_out


@pytest.mark.parametrize(("n", "seed", "group"), COHORTS)
def test_no_table_has_a_small_count_or_its_complement(n: int, seed: int, group: str, published: Run) -> None:
    for name, table in read(published(n, seed, group, BELOW).folder).items():
        for column in COUNTS & set(table.columns):
            for cell in table[column]:
                number = re.match(r"\d[\d,]*(?![\d.]*[1-9])", cell)
                assert number is None or not 0 < int(number[0].replace(",", "")) < BELOW, (name, column, cell)
        for whole in ("of", "n"):
            part = next((c for c in ("count", "missing", "n") if c in table and c != whole), None)
            if whole in table and part:
                pairs = table[[part, whole]][table[part].str.fullmatch(r"\d+") & table[whole].str.fullmatch(r"\d+")]
                rest = pairs[whole].astype(int) - pairs[part].astype(int)
                assert not ((rest > 0) & (rest < BELOW)).any(), (name, part, whole)


@pytest.mark.parametrize(("n", "seed", "group"), COHORTS)
def test_no_share_is_that_of_few_patients(n: int, seed: int, group: str, published: Run) -> None:
    for name, table in read(published(n, seed, group, BELOW).folder).items():
        for column in {"estimate", "survival", "incidence", "one_minus_km", "percent"} & set(table.columns):
            if "subgroups-" in name or "cox" in name:
                continue  # hazard ratios
            shares = pd.to_numeric(table[column], errors="coerce").dropna()
            whole = pd.to_numeric(table["n"], errors="coerce").reindex(shares.index) if "n" in table else n
            counts = shares * whole / (100 if column == "percent" else 1)
            for of_few in (counts, whole - counts):
                near = of_few.round()
                told = ((of_few - near).abs() < 1e-6) & (near > 0) & (near < BELOW)
                assert not told.any(), (name, column, table.loc[shares.index[told]])


@pytest.mark.parametrize(("n", "seed", "group"), COHORTS)
def test_curves_step_for_enough_patients_and_numbers_beneath_change_by_enough(
    n: int, seed: int, group: str, published: Run
) -> None:
    run = published(n, seed, group, BELOW)
    assert run.curves
    for plotted, numbers in run.curves:
        assert (plotted["censored"] == 0).all()
        shares = plotted["survival"].to_numpy()
        assert np.allclose(shares, shares.round(2), atol=1e-12)
        for _, beneath in numbers.groupby("group"):
            for column in ("at_risk", "events", "censored"):
                values = beneath.loc[beneath[column].astype(str) != HIDDEN, column].astype(int).to_numpy()
                for count in (*values, *np.abs(np.diff(values))):
                    assert not 0 < count < BELOW
        for name, curve in plotted.groupby("group"):
            size = int(numbers[(numbers["group"] == name) & (numbers["day"] == 0)]["at_risk"].iloc[0])
            drops = -np.diff(curve["survival"].to_numpy())
            assert (drops[drops > 1e-9] * size >= BELOW - 0.01 * size - 1e-9).all()


@pytest.mark.parametrize(("n", "seed", "group"), COHORTS)
def test_sentences_captions_and_shown_tables_tell_no_small_count(n: int, seed: int, group: str, published: Run) -> None:
    text = published(n, seed, group, BELOW).text
    words = "one|two|three|four|[1-4]"
    for pattern in (
        rf"(?<![\d.,<≥–-])(?:{words}) (?:of \d+|patients?\b|rows?\b|responders?\b|deaths?\b|with(?:out)? transplant)",
        rf"(?<![\d.,<≥])(?:{words}) of (?:these|them)",
        r"\bP\d\d\b",
    ):
        hits = [m[0] for m in re.finditer(pattern, text)]
        assert not hits, hits


def test_the_attack_works_out_what_one_table_alone_would_have_hidden(published: Run) -> None:
    open_run = published(60, 3, "product", 0)
    told = told_by(open_run.folder, 60)
    table = told_by(published(60, 3, "product", BELOW).folder, 60)
    table.cells["CR"] = told.cells["CR"]  # as if the table of best responses stood for itself
    table.cells["remission"] = told.cells["remission"]
    low, high = possible(table, "CRi")
    assert low == high == int(told.cells["CRi"])
