"""The first study: every printed number is there, digit for digit, and says where it stands in the paper."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from helpers.paths import DATA
from helpers.study import Study, load_study

PRINTED = {
    "patients": {"count": "22"},
    "cr": {"count": "18", "value": "81.82"},
    "mrd_negative": {"count": "18"},
    "follow_up": {"value": "1037", "ci_low": "546", "ci_high": "1509"},
    "os_median": {"value": "287", "ci_low": "132", "ci_high": "441"},
    "efs_median": {"value": "212", "ci_low": "120", "ci_high": "303"},
    "os_6mo": {"value": "67.90", "ci_low": "48.30", "ci_high": "84.50"},
    "efs_6mo": {"value": "58.70", "ci_low": "37.92", "ci_high": "79.48"},
    "os_12mo": {"value": "41.10", "ci_low": "19.15", "ci_high": "63.05"},
    "efs_12mo": {"value": "34.30", "ci_low": "13.92", "ci_high": "54.68"},
    "crs_grade_3_plus": {"count": "3", "value": "13.64"},
    "icans": {"count": "0"},
    "agvhd": {"count": "2"},
    "agvhd_grade_2": {"count": "1"},
    "agvhd_grade_4": {"count": "1"},
}


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study("zhuo2024")


def test_all_31_printed_numbers_keep_their_text(study: Study) -> None:
    texts = {c.id: {field: number.text for field, number in c.printed.items()} for c in study.claims}
    assert texts == PRINTED
    assert sum(len(c.printed) for c in study.claims) == 31
    assert study.warnings == ()


def test_denominators_times_and_levels(study: Study) -> None:
    assert study.claim("mrd_negative").n == 18
    assert {c.n for c in study.claims if c.id != "mrd_negative"} == {22}
    assert [(c.id, c.at, c.at_unit) for c in study.select("survival", "OS")] == [
        ("os_6mo", 6, "month"),
        ("os_12mo", 12, "month"),
    ]
    assert {c.ci_level for c in study.claims} == {Fraction(95, 100)}
    assert [study.claim(c).row for c in ("patients", "agvhd_grade_4")] == [2, 16]


def test_dates_groups_and_endpoints(study: Study) -> None:
    assert (study.enrolled_from, study.enrolled_to) == (date(2015, 9, 1), date(2022, 12, 31))
    assert study.last_follow_up_before == date(2023, 8, 15)
    assert study.longest_follow_up == 2904
    assert study.totals == {"agvhd": ("agvhd_grade_2", "agvhd_grade_4")}
    assert study.outcomes["efficacy"] == ("cr", "mrd_negative")
    assert list(study.endpoints) == ["OS", "EFS"]
    assert study.endpoints["EFS"].events == "relapse, non-response or death"
    assert study.citation["pmcid"] == "PMC10951125"


def test_sources_cover_every_claim_and_every_number(study: Study) -> None:
    text = (DATA / "zhuo2024" / "SOURCES.md").read_text(encoding="utf-8")
    rows = {row.split("`")[1]: row for row in text.splitlines() if row.startswith("| `")}
    assert list(rows) == [c.id for c in study.claims]
    for claim in study.claims:
        for field in ("value", "ci_low", "ci_high"):
            number = claim.printed.get(field)
            assert number is None or number.text in rows[claim.id], (claim.id, field)
    for known in ("PMC10951125", "10.3760/cma.j.cn121090-20230815-00068", "CC0", "2023-08-15"):
        assert known in text
