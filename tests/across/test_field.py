"""Studies side by side: counts and curves as their papers print them, overlaps, and who is pooled."""

from __future__ import annotations

from math import log, sqrt
from pathlib import Path

import pandas as pd
import pytest

from helpers.across.counts import counted
from helpers.across.curves import NO_INTERVAL, Z, at_landmark, read_curve
from helpers.across.field import CURVES, OUTCOMES, Field, label, load_field, overlaps_frame
from helpers.across.pooling import pooled_lines, representatives, with_least_errors
from helpers.conventions import Interval
from helpers.errors import InputError
from helpers.paths import DATA
from helpers.study import list_studies, load_study
from helpers.study.comparison import Group
from tests.study.folder import COUNT, SHARE, SOUND, YAML, table, write


@pytest.fixture(scope="module")
def field() -> Field:
    return load_field("zhuo2024")


def line(field: Field, outcome: str, study: str) -> dict:
    rows = field.lines[(field.lines["outcome"] == outcome) & (field.lines["study"] == study)]
    assert len(rows) == 1
    return rows.iloc[0].to_dict()


# Written out by hand from the papers: outcome, study, count, denominator.
COUNTS = [
    ("cr", "zhuo2024", 18, 22), ("cr", "zhang2021", 34, 43), ("cr", "ash2019", 13, 18), ("cr", "ash2020", 27, 28),
    ("cr", "carcik2025", 30, 36), ("cr", "sequential2022", 22, 22), ("cr", "delbufalo2023", 13, 13),
    ("cr", "cmj2025", 24, 24), ("cr", "felix2024", 72, 94), ("cr", "pan2019", 24, 34),
    ("cr", "transcend2020", 136, 256),
    ("mrd_negative_cr", "zhuo2024", 18, 22), ("mrd_negative_in_cr", "zhuo2024", 18, 18),
    ("mrd_negative_in_cr", "ash2020", 25, 27), ("mrd_negative_cr", "ash2020", 25, 28),
    ("mrd_negative_cr", "hua2021", 8, 13),
    ("crs_3", "zhuo2024", 3, 22), ("crs_3", "hua2021", 3, 13), ("crs_3", "delbufalo2023", 0, 13),
    ("crs_3", "felix2024", 3, 127), ("icans", "zhuo2024", 0, 22), ("icans_3", "zhuo2024", 0, 22),
    ("icans_3", "zhang2021", 0, 43), ("icans_3", "ash2020", 3, 28), ("gvhd", "zhuo2024", 2, 22),
    ("gvhd", "carcik2025", 0, 36), ("gvhd", "deng2024", 3, 14),
]  # fmt: skip


@pytest.mark.parametrize(("outcome", "study", "count", "n"), COUNTS)
def test_counts_are_those_of_the_papers(field: Field, outcome: str, study: str, count: int, n: int) -> None:
    found = line(field, outcome, study)
    assert (found["count_low"], found["count_high"], found["n"]) == (count, count, n)
    assert found["printed"] == f"{count}/{n}"


def test_a_percentage_that_several_counts_share_has_them_all(field: Field) -> None:
    found = line(field, "cr", "prwcc2022")
    assert (found["count_low"], found["count_high"]) == (157, 158)
    narrow = line(field, "crs_3", "transcend2020")
    assert (narrow["count_low"], narrow["count_high"], narrow["printed"]) == (5, 8, "5–8/269")


def test_the_interval_tells_apart_counts_that_a_percentage_does_not() -> None:
    study = load_study("transcend2020")
    assert study.comparison is not None
    assert counted(study, study.comparison.outcomes["cr"]).counts == (136,)


def test_a_percentage_that_no_count_prints_is_shown_and_not_used(field: Field) -> None:
    found = line(field, "mrd_negative_in_cr", "carcik2025")
    assert not found["usable"]
    assert found["how"] == "no whole number of 30 prints 89 %"
    assert found["printed"] == "89 % of 30"


def test_every_study_but_the_control_can_be_compared(field: Field) -> None:
    assert [study.id for study in field.others] == ["freireich1963"]
    assert len(field.studies) + 1 == len(list_studies())
    assert field.studies[0].id == "zhuo2024"
    assert len(set(field.labels.values())) == len(field.labels)
    assert len(label(field.studies[0])) < 30


def test_lines_are_proportions_in_order_with_the_first_study_first(field: Field) -> None:
    known = field.lines.dropna(subset=["estimate"])
    assert known["estimate"].between(0, 1).all()
    both = known.dropna(subset=["low", "high"])
    assert (both["low"] <= both["estimate"]).all() and (both["estimate"] <= both["high"]).all()
    assert list(dict.fromkeys(field.lines["outcome"])) == [o for o in OUTCOMES if o in set(field.lines["outcome"])]
    for _, part in field.lines.groupby(["outcome", "group"], sort=False):
        if "zhuo2024" in set(part["study"]):
            assert part["study"].iloc[0] == "zhuo2024"


def test_an_error_is_what_the_interval_says() -> None:
    study = load_study("zhuo2024")
    claim = study.claim("os_12mo")
    se = (0.6305 - 0.1915) / 2 / Z
    found = read_curve(claim, [Interval.PLAIN])
    assert found.error == pytest.approx(se / (0.411 * -log(0.411)))
    assert found.text == "41.10 (19.15–63.05)"
    double = read_curve(load_study("sequential2022").claim("os_12mo"), [Interval.LOG_LOG])
    assert double.error == pytest.approx((log(-log(0.432)) - log(-log(0.831))) / 2 / Z)
    log_kind = read_curve(claim, [Interval.LOG])
    assert log_kind.error == pytest.approx((log(0.6305) - log(0.1915)) / 2 / Z / -log(0.411))
    either = read_curve(claim, [Interval.PLAIN, Interval.LOG])
    assert either.error == max(found.error, log_kind.error)  # type: ignore[type-var]


def test_a_contradicted_limit_is_not_used(field: Field) -> None:
    claim = load_study("zhuo2024").claim("os_6mo")
    found = read_curve(claim, [Interval.PLAIN], ["ci_high"])
    assert found.error == pytest.approx((0.679 - 0.483) / Z / (0.679 * -log(0.679)))
    assert line(field, "os_6", "zhuo2024")["error"] == pytest.approx(found.error)
    assert "84.50 is contradicted" in line(field, "os_6", "zhuo2024")["how"]
    assert read_curve(claim, [Interval.PLAIN], ["value"]).error is None


def test_without_an_interval_there_is_no_error() -> None:
    found = read_curve(load_study("deng2024").claim("os_12mo"), [Interval.PLAIN])
    assert (found.error, found.how) == (None, NO_INTERVAL)


def test_a_landmark_is_found_by_its_time_and_not_by_its_name() -> None:
    study = load_study("zhuo2024")
    assert study.comparison is not None
    claim = at_landmark(study, study.comparison.outcomes["efs"], 12)
    assert claim is not None and claim.id == "efs_12mo"
    assert at_landmark(study, study.comparison.outcomes["efs"], 24) is None


def test_the_least_error_is_that_of_complete_follow_up(field: Field) -> None:
    found = with_least_errors(field.lines)
    row = found[(found["outcome"] == "os_12") & (found["study"] == "deng2024")].iloc[0]
    assert row["usable"]
    assert row["error"] == pytest.approx(sqrt(0.56 * 0.44 / 14) / (0.56 * -log(0.56)))
    same = field.lines["how"] != NO_INTERVAL
    pd.testing.assert_frame_equal(found[same], field.lines[same])


def test_nobody_is_pooled_twice(field: Field) -> None:
    for possible in (False, True):
        pooled = pooled_lines(field.lines, field.overlaps, possible_overlaps=possible)
        certain = field.overlaps if not possible else field.overlaps[field.overlaps["certain"].astype(bool)]
        pairs = {frozenset(pair) for pair in zip(certain["study"], certain["other"], strict=True)}
        assert pairs
        for _, part in pooled[pooled["pooled"]].groupby(["outcome", "group"]):
            for pair in pairs:
                assert not pair <= set(part["study"])


def test_the_two_reports_of_eliana_are_one_trial(field: Field) -> None:
    pooled = pooled_lines(field.lines, field.overlaps, possible_overlaps=True)
    cr = pooled[pooled["outcome"] == "cr"].set_index("study")
    assert cr.loc["eliana2023", "pooled"] and not cr.loc["eliana2018", "pooled"]
    assert cr.loc["eliana2018", "left_out"] == "these share patients with eliana2023"
    # The later report prints no neurotoxicity: the earlier one stands in for it.
    late = pooled[(pooled["outcome"] == "icans_3") & pooled["pooled"]]
    assert "eliana2018" in set(late["study"])


def test_lymphoma_other_definitions_and_what_is_not_usable_are_never_pooled(field: Field) -> None:
    pooled = pooled_lines(field.lines, field.overlaps, possible_overlaps=True)
    kept = pooled[pooled["pooled"]]
    assert str(Group.OTHER_DISEASE) not in set(kept["group"])
    assert "apart" not in set(kept["match"])
    assert kept["usable"].all()
    assert (kept["left_out"] == "").all() and (pooled.loc[~pooled["pooled"], "left_out"] != "").all()
    strict = pooled_lines(field.lines, field.overlaps, near=False)
    assert set(strict.loc[strict["pooled"], "match"]) == {"same"}


def overlaps(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame([{"study": a, "other": b, "certain": True, "keep": k, "why": ""} for a, b, k in rows])


def test_who_stands_for_overlapping_studies() -> None:
    chain = overlaps(("a", "b", "b"), ("b", "c", "c"))
    assert representatives({"a": 1, "b": 2, "c": 3}, chain) == {"a", "c"}  # a and c share nobody
    assert representatives({"a": 1, "b": 2}, chain) == {"b"}
    assert representatives({"a": 1, "b": 2, "d": 9}, chain) == {"b", "d"}
    circle = overlaps(("a", "b", "b"), ("b", "c", "c"), ("a", "c", "a"))
    assert representatives({"a": 1, "b": 5, "c": 3}, circle) == {"b"}


def test_overlaps_must_be_of_known_studies_and_agree(tmp_path: Path) -> None:
    claims = table(SOUND, COUNT, SHARE)
    one = YAML + "overlaps: {other: {certain: true, keep: demo, why: the same trial}}\n"
    two = YAML.replace("id: demo", "id: other") + "overlaps: {demo: {certain: true, keep: other, why: the same}}\n"
    first = load_study(write(tmp_path / "demo", one, claims))
    second = load_study(write(tmp_path / "other", two, claims))
    with pytest.raises(InputError, match="not in data/"):
        overlaps_frame([first])
    with pytest.raises(InputError, match="say different things of the overlap of demo and other"):
        overlaps_frame([first, second])
    agreeing = load_study(write(tmp_path / "third", two.replace("keep: other", "keep: demo"), claims))
    assert len(overlaps_frame([first, agreeing])) == 1


def test_a_first_study_that_cannot_be_compared_is_refused() -> None:
    with pytest.raises(InputError, match="did you mean zhuo2024"):
        load_field("zhuo2023")
    with pytest.raises(InputError, match="no such study with a key comparison"):
        load_field("freireich1963")


def test_what_sources_call_the_same_patients_is_declared(field: Field) -> None:
    """Every pair of folders that a SOURCES.md names in its section on overlap is declared, or excluded there."""
    told = set()
    excluded = {
        ("bader2023", "eliana2018"),
        ("bader2023", "eliana2023"),
        ("eliana2018", "prwcc2022"),
        ("eliana2023", "prwcc2022"),
    }
    for study in field.studies:
        text = (DATA / study.id / "SOURCES.md").read_text(encoding="utf-8")
        part = text.split("## Overlap", 1)[1].split("\n## ", 1)[0] if "## Overlap" in text else ""
        told |= {
            (min(study.id, o.id), max(study.id, o.id)) for o in field.studies if o is not study and f"`{o.id}`" in part
        }
    declared = set(zip(field.overlaps["study"], field.overlaps["other"], strict=True))
    assert told - excluded <= declared
    assert all(outcome in OUTCOMES for outcome in CURVES)
