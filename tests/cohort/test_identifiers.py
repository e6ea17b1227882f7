"""Whatever identifies patients is refused, and never gets further even where it is allowed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.cohort import write_cohort
from helpers.cohort.columns import known_columns
from helpers.cohort.identifiers import identifying_name, identifying_value, looks_like_a_name
from tests.cohort.making import ROWS, load, problems, rows, study

NAMES = (
    "name", "Patient Name", "patient_name", "LAST NAME", "initials", "DOB", "date_of_birth", "Birth Date", "MRN",
    "hospital number", "Hospital_No.", "inpatient_no", "medical record number", "SSN", "ID number", "id_card",
    "passport", "phone", "Telephone", "mobile", "home address", "zip code", "e-mail", "Email", "WeChat",
    "姓名", "患者姓名", "出生日期", "身份证号", "身份证号码", "住院号", "病历号", "病案号", "门诊号", "联系电话",
    "手机号", "家庭住址", "电子邮箱", "医保号", "zhuyuanhao", "ＮＡＭＥ",
)  # fmt: skip
HARMLESS = (
    "patient_id", "OS_days", "OS_date", "infusion_date", "cr", "age", "sex", "arm", "pair", "donor", "site",
    "gene_name", "cell_dose", "blasts", "cell_count", "号", "性别", "年龄", "疗效", "address_flag_removed",
)  # fmt: skip
VALUES = {
    "11010519491231002X": "an 18-digit Chinese identity number",
    "440524188001010014": "an 18-digit Chinese identity number",
    "id 11010519491231002x": "an 18-digit Chinese identity number",
    "13812345678": "a mobile telephone number",
    "138 1234 5678": "a mobile telephone number",
    "+86 138-1234-5678": "a mobile telephone number",
    "020-62787349": "a telephone number",
    "+49 89 1234567": "a telephone number",
    "ann.smith@example.org": "an e-mail address",
    "078-05-1120": "a social security number",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_column_that_names_itself_identifying_is_refused_with_an_explanation(name: str, tmp_path: Path) -> None:
    found = problems(tmp_path, [row | {name: "x"} for row in ROWS])
    (problem,) = found
    assert problem.message == "the name of the column says that it identifies patients"
    assert "delete the column before the file leaves the hospital" in problem.remedy
    assert "--allow-identifiers" in problem.remedy


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_names_are_left_alone(name: str) -> None:
    assert not identifying_name(name)


def test_no_column_of_the_schema_is_taken_for_an_identifier(tmp_path: Path) -> None:
    assert not [name for name in known_columns(study(tmp_path)) if identifying_name(name)]


@pytest.mark.parametrize("value", VALUES)
def test_a_value_that_identifies_is_refused_wherever_it_stands_and_not_repeated(value: str, tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, rows(site=["A", value, "B"]))
    assert (problem.row, problem.column) == (3, "site")
    assert problem.message == f"the column holds what looks like {VALUES[value]}"
    assert value not in str(problem)
    (problem,) = problems(tmp_path, rows({1: {"patient_id": value}}))
    assert problem.remedy.startswith("number the patients instead, e.g. P01")


@pytest.mark.parametrize("value", ["P01", "20150930", "1234567", "123456789012", "2021-03-04", "99123456789", "1.3e10"])
def test_harmless_values_are_left_alone(value: str) -> None:
    assert identifying_value(value) is None


@pytest.mark.parametrize(("value", "name"), [("王小明", True), ("欧阳小明", True), ("Ann Smith", True),
                                             ("Smith, Ann", True), ("P01", False), ("placebo", False), ("A B", False),
                                             ("01-6MP", False), ("患者一号病区三床", False)])  # fmt: skip
def test_names_in_patient_id(value: str, name: bool) -> None:
    assert looks_like_a_name(value) is name


@given(
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.integers(110000, 659999),
    st.integers(0, 999),
    st.sampled_from("0123456789X"),
)
def test_every_identity_number_with_a_date_is_found(born: date, area: int, order: int, check: str) -> None:
    assert identifying_value(f"{area}{born:%Y%m%d}{order:03d}{check}") is not None


def test_allowed_identifiers_are_dropped_and_names_become_numbers(tmp_path: Path) -> None:
    content = rows(
        {0: {"patient_id": "王小明"}, 1: {"patient_id": "13812345678"}, 2: {"patient_id": "11010519491231002X"}},
        site=["A", "B", "C"], 姓名=["王小明", "李雷", "韩梅梅"], donor_mail=["sib@example.org", "", ""],
    )  # fmt: skip
    cohort = load(tmp_path, content, allow_identifiers=True)
    assert list(cohort.rows["patient_id"]) == ["P01", "P02", "P03"]
    assert cohort.notes == ("columns that identify patients were dropped while reading: 姓名, donor_mail",)
    (tmp_path / "out").mkdir()
    text = write_cohort(cohort, tmp_path / "out").read_text(encoding="utf-8")
    everything = text + repr(cohort.rows.to_dict()) + repr(cohort.warnings)
    for secret in ("王小明", "李雷", "13812345678", "11010519491231002X", "example.org"):
        assert secret not in everything


def test_an_identifying_column_is_refused_even_if_it_shall_not_be_read(tmp_path: Path) -> None:
    from tests.cohort.making import YAML

    (problem,) = problems(tmp_path, [row | {"name": "x"} for row in ROWS], YAML + "ignored_columns: [name]\n")
    assert problem.column == "name"


def test_an_identifying_covariate_is_dropped_although_it_is_declared(tmp_path: Path) -> None:
    content = rows(site=["A", "ann@example.org", "B"])
    assert problems(tmp_path, content)[0].column == "site"
    cohort = load(tmp_path, content, allow_identifiers=True)
    assert "site" not in cohort.rows and cohort.covariates == ()
