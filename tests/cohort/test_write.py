"""A cohort written for the notebooks is the same cohort, without its past."""

from __future__ import annotations

import stat
from pathlib import Path

import pandas as pd

from helpers.cohort import load_cohort, write_cohort
from tests.cohort.making import file, rows, study
from tests.cohort.test_load import FULL


def test_it_reads_back_as_it_was(tmp_path: Path) -> None:
    file(tmp_path, "patient_id,term,grade,day\na,Infection,3,12\nc,Fever,,\n", "adverse_events.csv")
    first = load_cohort(study(tmp_path), file(tmp_path, FULL, "my rows.csv"))
    out = tmp_path / "out"
    out.mkdir()
    path = write_cohort(first, out)
    assert path == out / "my rows.csv"
    again = load_cohort(first.study, path)
    pd.testing.assert_frame_equal(again.rows, first.rows)
    assert first.adverse_events is not None and again.adverse_events is not None
    pd.testing.assert_frame_equal(again.adverse_events, first.adverse_events)
    pd.testing.assert_frame_equal(again.missing, first.missing)
    assert again.warnings == first.warnings
    assert not again.invented


def test_notes_and_months_survive_dates_and_exact_units_do_not(tmp_path: Path) -> None:
    content = rows()
    for row, day in zip(content, ("2020-01-31", "2020-02-01", "2021-12-24"), strict=True):
        row["infusion_date"] = day
    for row in content:
        row["EFS_months"] = f"{int(row.pop('EFS_days')) / 30.4375:.3f}"
    content[0]["EFS_months"] = "1.9"
    text = "# INVENTED EXAMPLE: not real\n" + "\n".join(
        [",".join(content[0])] + [",".join(row.values()) for row in content]
    )
    first = load_cohort(study(tmp_path), file(tmp_path, text.replace("6.571", "6.5")))
    out = tmp_path / "out"
    out.mkdir()
    again = load_cohort(first.study, write_cohort(first, out))
    assert again.notes == first.notes == ("EFS_months was turned into days with 30.4375 days a month",)
    assert again.invented
    assert again.oddities == first.oddities
    pd.testing.assert_frame_equal(again.rows, first.rows)
    written = (out / "rows.csv").read_text(encoding="utf-8")
    assert "2020-01-31" not in written and "2020-01" in written
    assert stat.S_ISREG((out / "rows.csv").stat().st_mode)
