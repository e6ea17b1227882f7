"""The many ways papers print the same thing, one sentence at a time."""

from __future__ import annotations

import pytest

from helpers.reading.reader import read_text

WAYS = [
    ("OS at 6 months was 67.90% (95% CI 48.30%-84.50%).", ("survival", "OS", "6 month"), "67.90 48.30 84.50"),
    ("6个月OS率为67.90％（95％CI 48.30％～84.50％）。", ("survival", "OS", "6 month"), "67.90 48.30 84.50"),
    ("6个月总生存率67.90%，95%可信区间为48.30%~84.50%。", ("survival", "OS", "6 month"), "67.90 48.30 84.50"),
    ("12个月时OS率为41.1%（19.2%–63.1%，95%CI）。", ("survival", "OS", "12 month"), "41.1 19.2 63.1"),
    ("1-year OS was 41.1% [95% confidence interval (CI): 19.2–63.1].", ("survival", "OS", "1 year"), "41.1 19.2 63.1"),
    ("One-year overall survival, 41·1% (95% CI 19·2–63·1).", ("survival", "OS", "1 year"), "41.1 19.2 63.1"),
    ("The estimated 12-mo. OS was 72% (95% CI: 60 – 82%).", ("survival", "OS", "12 month"), "72 60 82"),
    ("OS (12 months): 57.0 % (95 % CI 40.1 – 70.7).", ("survival", "OS", "12 month"), "57.0 40.1 70.7"),
    ("One-year OS was 0.57 (95% CI 0.40 to 0.71).", ("survival", "OS", "1 year"), "0.57 0.40 0.71"),
    ("PFS was 47% (95% IC 27%-67%) at 1 year.", ("survival", "PFS", "1 year"), "47 27 67"),
    ("EFS at one year was 43 per cent.", ("survival", "EFS", "1 year"), "43"),
    ("OS at 24 months was 53.2% ± 5.6%.", ("survival", "OS", "24 month"), "53.2"),
    ("OS at day 100 was 80.0% (90% CI, 70.1-89.9).", ("survival", "OS", "100 day"), "80.0 70.1 89.9"),
    ("中位OS期为287（95％CI 132～441）d。", ("median", "OS", ""), "287 132 441"),
    ("Median OS: 12.9 months (95% CI, 8.7 to not reached).", ("median", "OS", ""), "12.9 8.7 NR"),
    ("The median PFS was NE (95% CI, 6.2 months to NE).", ("median", "PFS", ""), "NE 6.2 NE"),
    ("The median overall survival was not reached.", ("median", "OS", ""), "NR"),
    ("中位无进展生存期未达到。", ("median", "PFS", ""), "NR"),
    ("Median (95% CI) EFS was 212 (120-303) days.", ("median", "EFS", ""), "212 120 303"),
    ("中位随访时间10.5（范围1.2~36.0）个月。", ("follow_up", "", ""), "10.5 1.2 36.0"),
    ("Patients were followed for a median of 38.8 months (range, 1–65).", ("follow_up", "", ""), "38.8 1 65"),
    ("With a 17.5-month median follow-up, patients did well.", ("follow_up", "", ""), "17.5"),
    ("CR was achieved in 18 of 22 patients (81.82%).", ("proportion", "cr", ""), "81.82 18"),
    ("The CR rate was 81.82% (18/22).", ("proportion", "cr", ""), "81.82 18"),
    ("Eighteen (81.82%) of 22 patients achieved complete remission.", ("proportion", "cr", ""), "81.82 18"),
    ("18例（81.82%）患者获得完全缓解（CR）。", ("proportion", "cr", ""), "81.82 18"),
    ("CR/CRi: 24 (80%; 95%CI 61-92).", ("proportion", "cr", ""), "80 61 92 24"),
    ("CRS developed in 38 (88%; 95% CI: 78, 98%).", ("proportion", "crs", ""), "88 78 98 38"),
    ("≥3级CRS发生率为13.64%（3/22）。", ("proportion", "crs_grade_3_plus", ""), "13.64 3"),
    ("Grade III–IV acute GVHD occurred in two patients.", ("count", "agvhd_grade_3_plus", ""), "2"),
    ("Two patients had CRS of grade 2 or lower.", ("count", "crs_grade_2_or_lower", ""), "2"),
    ("No ICANS was observed.", ("count", "icans", ""), "0"),
    ("GVHD never occurred.", ("count", "gvhd", ""), "0"),
    ("未发生ICANS。", ("count", "icans", ""), "0"),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "about", "numbers"), WAYS, ids=[way[0] for way in WAYS])
def test_one_way_to_print_it(sentence: str, about: tuple[str, str, str], numbers: str) -> None:
    (one,) = [s for s in read_text(sentence).statements if s.what != "patients"]
    assert (one.statistic, one.what, f"{one.at} {one.at_unit}".strip()) == about
    order = ("value", "ci_low", "ci_high", "count")
    assert " ".join(one.numbers[field].text for field in order if field in one.numbers) == numbers


def readings(text: str) -> list[tuple[str, str, str]]:
    return [(s.what, f"{s.at} {s.at_unit}".strip(), s.numbers["value"].text) for s in read_text(text).statements]


def test_lists_are_told_apart() -> None:
    assert readings("At 2 years, EFS, RFS and OS were 45.3%, 51.7%, and 53.2%, respectively.") == [
        ("EFS", "2 year", "45.3"), ("RFS", "2 year", "51.7"), ("OS", "2 year", "53.2"),
    ]  # fmt: skip
    assert readings("1年OS率和EFS率分别为41.1%和34.3%。") == [("OS", "1 year", "41.1"), ("EFS", "1 year", "34.3")]
    assert readings("6、12个月OS率分别为67.9%和41.1%。") == [("OS", "6 month", "67.9"), ("OS", "12 month", "41.1")]
    assert readings("OS rates at 1, 2 and 3 years were 70%, 60% and 55%.") == [
        ("OS", "1 year", "70"), ("OS", "2 year", "60"), ("OS", "3 year", "55"),
    ]  # fmt: skip
    assert readings("At 6 and 12 months, EFS was 65.4% and 49.5%, and OS was 80.1% and 70.2%.")[2:] == [
        ("OS", "6 month", "80.1"), ("OS", "12 month", "70.2"),
    ]  # fmt: skip
    assert readings("The median OS and EFS were 12.9 and 6.1 months, respectively.") == [
        ("OS", "", "12.9"), ("EFS", "", "6.1"),
    ]  # fmt: skip


def test_groups_are_kept_apart_and_never_called_sure() -> None:
    for text in (
        "The 2-year OS was 49.5% vs. 63.6% (P = 0.215).",
        "The 2-year OS was 49.5% in the recipient group and 63.6% in the donor group.",
        "两组2年OS率分别为49.5%和63.6%（P=0.215）。",
    ):
        statements = read_text(text).statements
        assert [s.what for s in statements] == ["OS_1", "OS_2"]
        assert all("which, and of how many patients?" in s.doubts[0] for s in statements)


def test_a_group_with_its_size_has_its_n() -> None:
    (whole, part) = read_text(
        "Forty-three subjects were treated. In 32 subjects in remission, 1-year EFS was 59% (95% CI, 37 to 81%)."
    ).statements
    assert (whole.numbers["count"].text, part.what, part.n) == ("43", "EFS_n32", "32")


def test_the_number_of_patients_is_the_one_that_the_percentages_agree_with() -> None:
    text = "58 patients were included and 47 treated, 38 with ALL. "
    text += "In ALL, CRS was seen in 13.2%, neurotoxicity in 2.6% and MRD-negative CR in 71.1%."
    draft = read_text(text)
    assert draft.facts.n == 38
    assert any("other numbers of patients" in doubt for doubt in draft.statements[0].doubts)


def test_a_second_number_for_the_same_is_another_group() -> None:
    text = "The 1-year OS was 60% (95% CI, 50-70). In the elderly the 1-year OS was 40% (95% CI, 20-60)."
    first, second = read_text(text).statements
    assert (first.what, first.doubts, second.what) == ("OS", (), "OS_2")
    assert "another number is printed for the same" in second.doubts[0]


def test_what_is_said_twice_is_one_statement() -> None:
    draft = read_text("The 1-year OS was 60.0% (95% CI, 50.1-69.9). In conclusion, OS at 12 months was 60.0%.")
    assert [s.what for s in draft.statements] == ["OS"]
    assert draft.repeats == 1


def test_a_time_in_another_place_is_used_and_doubted() -> None:
    text = "EFS was 44% (95% CI, 31 to 57) and OS was 63% (95% CI, 51 to 73) at 3 years."
    first, second = read_text(text).statements
    assert (first.at, first.at_unit, first.doubts) == ("3", "year", ("the time stands later in the sentence",))
    assert second.doubts == ()


def test_a_curve_without_a_time_is_left_to_a_person() -> None:
    draft = read_text("OS was 72% (95% CI, 60 to 82).")
    assert draft.statements == ()
    assert [(left.written, left.known) for left in draft.unplaced] == [("72", False), ("60", False), ("82", False)]


def test_numerals_in_words_keep_what_stands_in_the_text() -> None:
    (patients,) = read_text("Forty-three subjects were treated.").statements
    number = patients.numbers["count"]
    assert (number.text, number.written) == ("43", "Forty-three")


def test_two_languages_of_one_abstract_are_merged() -> None:
    text = "共22例患者接受治疗，18例（81.82％）获得CR，6个月OS率为67.90％（95％CI 48.30％～84.50％）。\n\n"
    text += "Of 22 patients, 18 (81.82%) achieved CR; OS at 6 months was 67.90% (95% CI, 48.30%-84.50%)."
    draft = read_text(text)
    assert [s.what for s in draft.statements] == ["patients", "cr", "OS"]
    assert draft.repeats == 2
