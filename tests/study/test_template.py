"""The folder that `unrounded new` writes: it loads as it stands, says that it is invented, and overwrites nothing."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from helpers.errors import InputError
from helpers.printed import Rounding, round_to, show
from helpers.study import load_study, write_template
from helpers.study.rules import STATISTICS
from helpers.study.schema import StudyFile
from helpers.study.template import TEMPLATE

# The invented patients behind the template's numbers: days, and whether the patient died.
DAYS = ((41, 1), (77, 1), (133, 1), (150, 0), (198, 1), (255, 1), (301, 0), (388, 1), (420, 0), (455, 0), (512, 0),
        (600, 0))  # fmt: skip


def test_it_loads_straight_away_and_says_that_it_is_invented(tmp_path: Path) -> None:
    written = write_template(tmp_path / "deep" / "my-trial")
    assert [path.name for path in written] == ["study.yaml", "claims.csv", "cohort.csv", "adverse_events.csv"]
    study = load_study(tmp_path / "deep" / "my-trial")
    assert study.id == "my-trial"
    assert study.warnings == ()
    assert "Fictional" in study.title
    assert {claim.source for claim in study.claims} == {"fictional"}
    assert {claim.statistic for claim in study.claims} >= set(STATISTICS) - {"censored"}


def test_its_landmarks_are_those_of_its_invented_patients(tmp_path: Path) -> None:
    study = load_study(write_template(tmp_path / "t")[0].parent)
    for claim in study.select("survival", "OS"):
        survival, greenwood = Fraction(1), Fraction(0)
        for index, (day, event) in enumerate(DAYS):
            at_risk = study.n - index
            if event and day <= claim.at_day():
                survival *= Fraction(at_risk - 1, at_risk)
                greenwood += Fraction(1, at_risk * (at_risk - 1))
        reach = Fraction(1.96 * float(survival) * float(greenwood) ** 0.5)
        texts = [show(round_to(100 * (survival + k * reach), 2, Rounding.HALF_UP), 2) for k in (0, -1, 1)]
        assert [number.text for number in claim.printed.values()] == texts
    counts = {claim.id: int(claim.count.value) for claim in study.claims if claim.count is not None}
    assert counts["os_deaths"] == sum(event for _, event in DAYS)
    assert counts["os_at_risk_12mo"] == sum(day >= 366 for day, _ in DAYS)
    assert sum(counts[part] for part in study.totals["crs_any"]) == counts["crs_any"]


def test_every_optional_key_is_shown_and_may_be_used(tmp_path: Path) -> None:
    folder = write_template(tmp_path / "t")[0].parent
    lines = (folder / "study.yaml").read_text(encoding="utf-8").splitlines()
    keys = {line.lstrip("# ").split(":")[0] for line in lines}
    assert {name.removesuffix("_") for name in StudyFile.model_fields} <= keys
    optional = ("# title_", "# cit", "# conv", "# resp", "# non_r", "# defin", "# ign", "# over", "#   ")
    commented = [line[2:] if line.startswith(optional) else line for line in lines]
    (folder / "study.yaml").write_text("\n".join(commented), encoding="utf-8")
    study = load_study(folder)
    assert set(study.endpoints) == {"OS", "EFS", "RFS", "CIR"}
    assert study.endpoints["CIR"].codes == {0: "censored", 1: "relapse", 2: "death without relapse"}
    assert study.covariates["blasts"].unit == "%"
    assert study.definitions["cr"].rows == {"best_response": "CR or CRi"}
    assert (study.non_response_day, study.ignored_columns) == (28, ("remarks",))
    assert set(study.conventions) == {"interval", "z", "rounded_to", "rounding"}
    assert set(study.citation) == {"authors", "journal", "year", "doi", "pmcid"}


def test_it_is_copied_as_it_is_but_for_the_id(tmp_path: Path) -> None:
    folder = write_template(tmp_path / "trial")[0].parent
    for name in ("claims.csv", "cohort.csv", "adverse_events.csv"):
        assert (folder / name).read_bytes() == (TEMPLATE / name).read_bytes()
    changed = yaml.safe_load((folder / "study.yaml").read_text(encoding="utf-8"))
    original = yaml.safe_load((TEMPLATE / "study.yaml").read_text(encoding="utf-8"))
    assert changed.pop("id") == "trial" and original.pop("id") == "my-study"
    assert changed == original


@pytest.mark.parametrize(
    ("name", "study_id"),
    [
        ("My Trial.v2", "my-trial-v2"),
        ("my_trial", "my_trial"),
        ("2024", "2024"),
        ("0x1f", "0x1f"),
        ("NO", "no"),
        ("研究", "my-study"),
        ("_x", "x"),
    ],
)
def test_the_id_comes_from_the_folder_where_it_can(tmp_path: Path, name: str, study_id: str) -> None:
    write_template(tmp_path / name)
    assert load_study(tmp_path / name).id == study_id


@pytest.mark.parametrize("present", ["study.yaml", "claims.csv", "cohort.csv", "adverse_events.csv"])
def test_nothing_is_overwritten_and_nothing_half_written(tmp_path: Path, present: str) -> None:
    (tmp_path / present).write_text("mine", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        write_template(tmp_path)
    (problem,) = caught.value.problems
    assert problem.file.endswith(present)
    assert [path.name for path in tmp_path.iterdir()] == [present]
    assert (tmp_path / present).read_text(encoding="utf-8") == "mine"


def test_a_folder_that_cannot_be_made_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for folder in (tmp_path / "file", tmp_path / "file" / "below", tmp_path / "a\0b"):
        with pytest.raises(InputError):
            write_template(folder)


def test_its_invented_rows_print_its_claims_but_are_only_read_when_named(tmp_path: Path) -> None:
    from helpers.cohort import find_cohort, load_cohort
    from helpers.ledger.cohort import cohort_ledger

    folder = write_template(tmp_path / "trial")[0].parent
    study = load_study(folder)
    assert find_cohort(study) is None
    cohort = load_cohort(study, folder / "cohort.csv")
    assert cohort.invented
    assert [(int(day), int(event)) for day, event in cohort.rows[["OS_days", "OS_event"]].to_numpy()] == list(DAYS)
    assert cohort.adverse_events is not None and len(cohort.adverse_events) == 11
    rows = cohort_ledger(cohort).rows
    assert {row.printed: str(row.verdict) for row in rows} == {row.printed: "reproduced" for row in rows}
    text = (folder / "cohort.csv").read_text(encoding="utf-8")
    (folder / "cohort.csv").write_text(text.split("\n", 1)[1], encoding="utf-8")
    assert find_cohort(study) == folder / "cohort.csv"
