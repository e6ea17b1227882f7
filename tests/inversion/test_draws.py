"""Reconstructed patient tables print every number that was not set aside, by code of our own."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest

from helpers.errors import InputError
from helpers.inversion import invert_study
from helpers.inversion.draws import PatientTables, draw_arrays, draw_patients
from helpers.study import load_study
from tests.inversion.drawing import down, mixed_days
from tests.inversion.patients import Rows, at_day, spss_truncated
from tests.inversion.programs import symmetric, texts
from tests.ledger.making import claim, folder
from tests.ledger.making import landmark as printed_landmark

SEED, DRAWS = 20241, 1000
MONTH = Fraction("30.4375")


@pytest.fixture(scope="module")
def table():
    return draw_patients(load_study("zhuo2024"), draws=DRAWS, seed=SEED)


def rows(frame, endpoint: str) -> Rows:
    return list(zip(frame[f"{endpoint}_days"].tolist(), frame[f"{endpoint}_event"].tolist(), strict=True))


def tables(table):
    return [frame for _, frame in table.groupby("draw")]


def both(table) -> list[tuple[Rows, Rows]]:
    return [(rows(frame, "OS"), rows(frame, "EFS")) for frame in tables(table)]


def landmark_texts(patients: Rows, months: int) -> tuple[str, str, str]:
    """S ± 1.96 se of the curve at a landmark, S and se half-up to three decimals first, in percent."""
    three = Decimal("0.001")
    s, variance = at_day(patients, months * MONTH)
    survival = (Decimal(s.numerator) / s.denominator).quantize(three, ROUND_HALF_UP)
    error = (Decimal(variance.numerator) / variance.denominator).sqrt().quantize(three, ROUND_HALF_UP)
    return tuple(
        str((100 * x).quantize(Decimal("0.01"), ROUND_HALF_UP))
        for x in (survival, survival - Decimal("1.96") * error, survival + Decimal("1.96") * error)
    )


def test_the_table_has_one_row_a_patient_and_draw_and_says_what_it_is(table):
    assert list(table.columns) == [
        "data_kind", "draw", "patient_id", "OS_days", "OS_event", "EFS_days", "EFS_event",
    ]  # fmt: skip
    assert set(table["data_kind"]) == {"reconstructed"}
    assert table["draw"].tolist() == [k for k in range(1, DRAWS + 1) for _ in range(22)]
    assert all(frame["patient_id"].nunique() == 22 for frame in tables(table))
    assert table.attrs["distribution"].startswith("OS and EFS: uniform over the histories that print everything")


def test_a_draw_is_the_same_however_many_are_made_and_another_seed_gives_another(table):
    study = load_study("zhuo2024")
    for draws in (1, 17):
        assert draw_patients(study, draws=draws, seed=SEED).equals(table[table["draw"] <= draws])
    assert not draw_patients(study, draws=1, seed=SEED + 1).equals(table[table["draw"] == 1])


def test_arrays_are_the_same_tables(table):
    arrays = draw_arrays(invert_study(load_study("zhuo2024")), draws=40, seed=SEED)
    assert arrays.groups == (("OS", "EFS"),)
    assert arrays.distribution == table.attrs["distribution"]
    for name in ("OS", "EFS"):
        for found, column in ((arrays.days, "days"), (arrays.events, "event")):
            assert found[name].shape == (40, 22)
            assert found[name].ravel().tolist() == table[f"{name}_{column}"].tolist()[: 40 * 22]


def test_later_tables_can_be_drawn_without_the_earlier_ones(table):
    source = PatientTables(load_study("zhuo2024"), SEED)
    later = source.draw(5, first=100)
    assert later.days["EFS"].ravel().tolist() == table["EFS_days"].tolist()[100 * 22 : 105 * 22]


def test_every_landmark_is_printed_again_but_for_the_one_that_was_set_aside(table):
    for os, efs in both(table):
        assert landmark_texts(os, 6) == ("67.90", "48.30", "87.50")
        assert landmark_texts(os, 12) == ("41.10", "19.15", "63.05")
        assert landmark_texts(efs, 6) == ("58.70", "37.92", "79.48")
        assert landmark_texts(efs, 12) == ("34.30", "13.92", "54.68")


def test_both_medians_are_printed_again(table):
    for os, efs in both(table):
        assert spss_truncated(os) == ("287", "132", "441")
        assert spss_truncated(efs) == ("212", "120", "303")


@pytest.mark.parametrize("ties", ["keep", "strict"])
def test_the_median_follow_up_and_its_upper_limit_are_printed_again_by_both_rules_for_ties(table, ties):
    """The lower limit, 546, was set aside: 564 stands in its place."""
    for os, _ in both(table):
        (numbers,) = symmetric(os, ties)
        assert texts(numbers, Fraction(1), 0, "truncation") == ("1037", "564", "1509")
        assert min(mixed_days(os), default=9999) > down(os)


def test_deaths_and_losses_share_days_where_that_does_not_matter(table):
    assert any(mixed_days(os) for os, _ in both(table))


def test_the_endpoints_belong_to_the_same_patients(table):
    assert (table["EFS_days"] <= table["OS_days"]).all()
    died, lost = table[table["OS_event"] == 1], table[table["EFS_event"] == 0]
    assert (died["EFS_event"] == 1).all()
    assert (lost["EFS_days"] == lost["OS_days"]).all()
    assert (lost["OS_event"] == 0).all()
    assert table["OS_days"].between(0, 2904).all()
    assert set(table["OS_event"]) == set(table["EFS_event"]) == {0, 1}


def test_draws_differ_and_both_histories_are_equally_likely(table):
    histories = Counter()
    for os, _ in both(table):
        patients = sorted(os, key=lambda r: (r[0], -r[1]))
        histories["".join("E" if event else "C" for day, event in patients if day <= 365).rstrip("C")] += 1
    assert set(histories) == {"EEEEEECEEECECEE", "EEEEEECECEEEECE"}
    # Six standard deviations of a fair coin.
    assert abs(histories["EEEEEECEEECECEE"] - DRAWS / 2) < 6 * (DRAWS / 4) ** 0.5
    assert len({tuple(frame["OS_days"]) for frame in tables(table)}) == DRAWS
    assert len({int(frame["EFS_event"].sum()) for frame in tables(table)}) > 1


def test_a_study_without_landmarks_gives_no_table_and_says_why(tmp_path):
    study = folder(tmp_path / "s", 12, [claim("m", "median", endpoint="OS", value="200", unit="day")])
    with pytest.raises(InputError, match="nothing can be drawn"):
        draw_patients(study, draws=1, seed=1)


def test_a_study_of_one_endpoint_prints_its_landmark_again(tmp_path):
    study = folder(tmp_path / "s", 22, [printed_landmark("os6", 6, "67.90", "48.30", "87.50")])
    table = draw_patients(study, draws=10, seed=3)
    assert list(table.columns) == ["data_kind", "draw", "patient_id", "OS_days", "OS_event"]
    for frame in tables(table):
        assert landmark_texts(rows(frame, "OS"), 6) == ("67.90", "48.30", "87.50")


def test_a_draw_keeps_to_the_last_possible_day():
    study = load_study("zhuo2024")
    earlier = replace(study, last_follow_up_before=study.last_follow_up_before.replace(year=2021))
    assert earlier.longest_follow_up < study.longest_follow_up == 2904
    arrays = draw_arrays(earlier, draws=200, seed=9)
    assert 1800 < arrays.days["OS"].max() <= earlier.longest_follow_up
