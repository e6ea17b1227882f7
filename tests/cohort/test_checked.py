"""Checked rows kept beside a canonical file: the same cohort, only as long as they belong to that file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from helpers.cohort import Cohort, load_cohort, open_cohort, write_cohort
from helpers.cohort.checked import checked_cohort, keep_checked
from helpers.study import load_study
from tests.cohort.invented import write_invented


@pytest.fixture
def cohort(tmp_path: Path) -> Cohort:
    made = write_invented(tmp_path / "study", 60)
    return load_cohort(load_study(str(made.folder)), made.cohort)


def same(one: Cohort, other: Cohort) -> None:
    pd.testing.assert_frame_equal(one.rows, other.rows)
    assert one.adverse_events is not None and other.adverse_events is not None
    pd.testing.assert_frame_equal(one.adverse_events, other.adverse_events)
    pd.testing.assert_frame_equal(one.missing, other.missing)
    assert one.warnings == other.warnings
    assert (one.source, one.invented) == (other.source, other.invented)


def test_checked_rows_are_those_that_reading_the_file_gives(cohort: Cohort, tmp_path: Path) -> None:
    path = write_cohort(cohort, tmp_path)
    read = open_cohort(cohort.study, path)
    assert read is not None and checked_cohort(cohort.study, path) is None
    keep_checked(cohort, path)
    kept = checked_cohort(cohort.study, path)
    assert kept is not None
    same(kept, read)
    opened = open_cohort(cohort.study, path)
    assert opened is not None
    same(opened, read)


def test_they_are_not_taken_for_another_file(cohort: Cohort, tmp_path: Path) -> None:
    path = write_cohort(cohort, tmp_path)
    keep_checked(cohort, path)
    path.write_text(path.read_text(encoding="utf-8").replace(",female,", ",male,", 1), encoding="utf-8")
    assert checked_cohort(cohort.study, path) is None
    opened = open_cohort(cohort.study, path)
    assert opened is not None and (opened.rows["sex"] != cohort.rows["sex"]).sum() == 1


def test_without_adverse_events_there_are_none(cohort: Cohort, tmp_path: Path) -> None:
    from dataclasses import replace

    bare = replace(cohort, adverse_events=None)
    path = write_cohort(bare, tmp_path)
    keep_checked(bare, path)
    kept = checked_cohort(cohort.study, path)
    assert kept is not None and kept.adverse_events is None
