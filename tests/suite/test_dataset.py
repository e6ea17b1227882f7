"""The data set of verdicts: pandas and DuckDB read the same rows, and writers never clash."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from helpers.ledger import ledger
from helpers.ledger.files import read_ledger_rows, write_ledger
from helpers.ledger.tidy import BY_NUMBERS, BY_ROWS, COLUMNS, tidy_verdicts
from helpers.study import load_study
from helpers.suite.dataset import (
    all_verdicts,
    drop_unpublished,
    file_of,
    keep_verdicts,
    parameters_of,
    publish_verdicts,
    run_verdicts,
    with_parameters,
    write_verdicts,
)
from helpers.suite.manifest import Manifest

STUDIES = ("zhuo2024", "hua2021", "deng2024")
DEFAULTS = {"study": "zhuo2024", "cohort": "", "results_dir": "", "days_per_month": 30.4375, "seed": 2024}


def manifest(study: str, **values: object) -> Manifest:
    return Manifest(study, "2026-01-01T00:00:00+00:00", "0.1.0", {"parameters": {"study": study, **values}}, {})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three studies with their ledgers, as runs leave them, gathered in one data set."""
    root = tmp_path_factory.mktemp("results")
    for name in STUDIES:
        study = load_study(name)
        write_ledger(ledger(study), root / name)
        for days in (30.4375, 30.0):
            publish_verdicts(
                write_verdicts(
                    root / "ledgers.parquet", study, root / name, manifest(name, days_per_month=days), DEFAULTS
                )
            )
    return root


def test_the_query_of_the_readme(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As shown in README.md: how many numbers of each paper are impossible, and which share is re-derived."""
    monkeypatch.chdir(folder.parent)
    (folder.parent / "results").symlink_to(folder)
    found = duckdb.sql("""
        SELECT study, count(*) AS printed,
               count(*) FILTER (verdict = 'impossible') AS impossible,
               round(100 * avg((verdict = 're-derived')::INT)) AS rederived_percent
        FROM 'results/ledgers.parquet/*.parquet'
        WHERE parameters->>'days_per_month' = '30.4375' AND judged_by = 'the other printed numbers'
        GROUP BY study ORDER BY impossible DESC, study
    """).df()
    assert found.values.tolist()[0] == ["zhuo2024", 31, 4, 55.0]
    assert list(found["study"]) == ["zhuo2024", "deng2024", "hua2021"]
    frame = pd.read_parquet("results/ledgers.parquet")
    here = frame[frame["parameters"].str.contains('"days_per_month": 30.4375')]
    assert here.groupby("study")["verdict"].size().to_dict() == dict(zip(found["study"], found["printed"], strict=True))


def test_a_row_says_what_the_ledger_says(folder: Path) -> None:
    frame = with_parameters(all_verdicts(folder / "ledgers.parquet"))
    assert list(pd.read_parquet(folder / "ledgers.parquet").columns) == list(COLUMNS)
    row = frame.query("study == 'zhuo2024' and claim == 'os_6mo' and field == 'ci_high' and days_per_month == 30").iloc[
        0
    ]
    assert (row["printed"], row["predicted"], row["predicted_min"], row["predicted_max"]) == (
        "84.50",
        "87.50",
        "87.50",
        "87.50",
    )
    assert (row["verdict"], row["n"], row["endpoint"], row["statistic"]) == ("impossible", 22, "OS", "survival")
    assert row["convention"].startswith("plain interval, z 1.96 or exact, S and se rounded to 3 decimals first")
    assert (row["seed"], row["version"], row["judged_by"]) == (2024, "0.1.0", BY_NUMBERS)
    assert "results_dir" not in frame.columns


def test_the_ledger_read_back_is_the_ledger(folder: Path) -> None:
    for name in STUDIES:
        assert read_ledger_rows(folder / name) == ledger(load_study(name))
    assert read_ledger_rows(folder) == ()


def test_a_run_replaces_its_own_file_and_no_other(tmp_path: Path) -> None:
    study = load_study("zhuo2024")
    write_ledger(ledger(study), tmp_path)
    ledgers = tmp_path / "ledgers.parquet"

    def one(number: int) -> None:
        publish_verdicts(write_verdicts(ledgers, study, tmp_path, manifest("zhuo2024", seed=number % 4), DEFAULTS))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(24)))
    assert len(list(ledgers.iterdir())) == 4
    assert len(all_verdicts(ledgers)) == 4 * 31
    assert not [path for path in ledgers.iterdir() if path.name.startswith(".")]


def test_a_missing_file_is_made_again_and_a_killed_writer_leaves_nothing_that_is_read(tmp_path: Path) -> None:
    study = load_study("hua2021")
    write_ledger(ledger(study), tmp_path)
    ledgers, run = tmp_path / "ledgers.parquet", manifest("hua2021")
    left = write_verdicts(ledgers, study, tmp_path, run, DEFAULTS)  # killed before it was published
    assert left is not None and left.name.startswith(".")
    keep_verdicts(ledgers, study, tmp_path, run, DEFAULTS)
    parameters = parameters_of(run.inputs["parameters"], DEFAULTS)
    assert [path.name for path in ledgers.iterdir()] == [file_of(ledgers, "hua2021", parameters).name]
    drop_unpublished(ledgers, "hua2021", parameters)
    assert len(all_verdicts(ledgers)) == len(read_ledger_rows(tmp_path))
    assert write_verdicts(ledgers, study, tmp_path / "empty", run, DEFAULTS) is None


def test_verdicts_against_rows_stand_beside_the_others(tmp_path: Path) -> None:
    study = load_study("freireich1963")
    row = {"claim": study.claims[0].id, "field": "count", "printed": "42", "rows_print": "–", "value": None,
           "difference": None, "verdict": "not computable", "convention": "", "note": ""}  # fmt: skip
    content = {"rows": [row, row | {"rows_print": "42", "verdict": "reproduced", "convention": "x", "value": 42.0}]}
    (tmp_path / "rows_ledger.json").write_text(json.dumps(content))
    frame = run_verdicts(study, tmp_path, manifest("freireich1963"), {})
    assert set(frame["judged_by"]) == {BY_ROWS}
    assert frame["predicted"].isna().tolist() == [True, False]
    assert frame["verdict"].tolist() == ["not computable", "reproduced"]
    empty = tidy_verdicts(study, ())
    assert list(empty.columns) == list(COLUMNS) and empty.empty
