"""Landmarks and medians of small made-up studies, against the brute force."""

from __future__ import annotations

from fractions import Fraction

import pytest

from helpers.errors import InputError
from helpers.ledger import LedgerRow, Range, Verdict
from tests.inversion import brute
from tests.inversion.brute import Print
from tests.inversion.making import CONVENTIONS
from tests.ledger.making import claim, folder, landmark, rows_of, study

FIELDS = ("value", "ci_low", "ci_high")
PLAIN = next(c for c in CONVENTIONS if c.interval == "plain" and c.rounded_to == 3)
LOG_LOG = next(c for c in CONVENTIONS if c.interval == "log-log" and c.z == "exact" and c.rounded_to is None)


def printed(history: str, n: int, convention=PLAIN, decimals: int = 2) -> tuple[str, str, str]:
    return brute.print_history(history, n, convention, decimals).texts


def spanned(row: LedgerRow) -> tuple[Fraction, Fraction]:
    texts = (row.predicted.min, row.predicted.max) if isinstance(row.predicted, Range) else row.predicted
    return min(map(Fraction, texts)), max(map(Fraction, texts))


def predictions(n: int, marks: list[Print], target: int, field: int) -> set[str]:
    """What the other fields leave for one: over every convention, every history and every way past the landmarks."""
    decimals = len(next(t for t in marks[target].texts if t).partition(".")[2])
    names = ("value", "low", "high")
    rest = [Print(**{**vars(what), names[field]: None}) if k == target else what for k, what in enumerate(marks)]
    found = set()
    for convention in CONVENTIONS:
        sets = [{h for h in brute.all_histories(n) if brute.agrees(h, n, what, convention)} for what in rest]
        for last in sets[-1]:
            ways = [(last,)] if len(marks) == 1 else [(h, last) for h in sets[0] if last.startswith(h)]
            for way in ways:
                found.add(brute.print_history(way[target], n, convention, decimals).texts[field])
    return found


@pytest.mark.parametrize(
    ("n", "histories"),
    [
        (6, ["EECE"]),
        (7, ["EE", "EECE"]),
        (7, ["E", "ECEECE"]),
        (8, ["EE", "EEE"]),
        (8, ["E", "E"]),
        (6, ["EE", "EEEEEE"]),
    ],
    ids=str,
)
@pytest.mark.parametrize("convention", [PLAIN, LOG_LOG], ids=lambda c: str(c.interval))
def test_each_field_is_predicted_as_the_brute_force_predicts_it(n, histories, convention):
    marks = [brute.print_history(h, n, convention, 2) for h in histories]
    rows = rows_of(study(n, [landmark(f"m{k}", 6 * (k + 1), *m.texts) for k, m in enumerate(marks)]))
    for k, what in enumerate(marks):
        for j, name in enumerate(FIELDS):
            expected = predictions(n, marks, k, j)
            row = rows[f"m{k}", name]
            assert what.texts[j] in expected
            if isinstance(row.predicted, Range):
                ends = sorted(expected, key=Fraction)
                assert len(expected) > 8
                assert (row.predicted.min, row.predicted.max) == (ends[0], ends[-1])
            else:
                assert set(row.predicted) == expected
            assert row.verdict is (Verdict.RE_DERIVED if len(expected) == 1 else Verdict.CONSISTENT)


def test_a_landmark_alone_with_nothing_but_its_estimate_is_not_derivable(tmp_path):
    rows = rows_of(folder(tmp_path / "s", 12, [landmark("m", 6, "66.67")]))
    assert rows["m", "value"].verdict is Verdict.NOT_DERIVABLE
    assert rows["m", "value"].predicted == ()


def test_a_later_estimate_without_interval_is_bounded_by_the_one_before():
    first = printed("EECE", 8)
    rows = rows_of(study(8, [landmark("a", 6, *first), landmark("b", 12, "30.00")]))
    row = rows["b", "value"]
    assert isinstance(row.predicted, Range)
    assert spanned(row) == (0, Fraction(first[0]))
    assert row.verdict is Verdict.CONSISTENT
    higher = rows_of(study(8, [landmark("a", 6, *first), landmark("b", 12, "90.00")]))
    assert {higher[k].verdict for k in higher} >= {Verdict.IMPOSSIBLE}


def test_a_curve_that_rises_is_impossible_somewhere():
    marks = [landmark("a", 6, *printed("EEEE", 7)), landmark("b", 12, *printed("EE", 7))]
    rows = rows_of(study(7, marks))
    assert Verdict.IMPOSSIBLE in {row.verdict for row in rows.values()}


def test_a_cohort_within_the_cohort_is_not_inverted():
    row = {**landmark("a", 6, *printed("EE", 8)), "n": "8"}
    rows = rows_of(study(10, [row]))
    assert {r.verdict for r in rows.values()} == {Verdict.NOT_DERIVABLE}
    assert all("8 of 10" in r.note for r in rows.values())


def test_a_cohort_too_large_to_list_says_so_and_does_not_guess():
    rows = rows_of(study(400, [landmark("a", 6, "67.9", "60.1", "75.7")]))
    assert {r.verdict for r in rows.values()} == {Verdict.NOT_DERIVABLE}
    assert all(r.note for r in rows.values())


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        ("1", "", "0"),
        ("98.9", "99", ""),
        ("50", "60", "70"),
        ("50", "90", "10"),
        ("0", "10", "20"),
        ("100", "90", "95"),
    ],
)
def test_nonsense_in_print_is_judged_and_not_a_crash(tmp_path, value, low, high):
    rows = rows_of(
        folder(tmp_path / "s", 6, [landmark("a", 6, value, low, high), landmark("b", 12, "40.0", "10.0", "70.0")])
    )
    present = [text for text in (value, low, high) if text]
    assert len(rows) == len(present) + 3
    assert any(r.verdict is Verdict.IMPOSSIBLE or r.verdict is Verdict.NOT_DERIVABLE for r in rows.values())


def test_leading_zeros_do_not_make_a_landmark_impossible(tmp_path):
    """Either the loader refuses 014.30 or the ledger reads it as 14.30."""
    value, low, high = printed("EEEEEE", 7)
    try:
        padded = folder(tmp_path / "s", 7, [landmark("a", 6, "0" + value, low, high)])
    except InputError:
        return
    assert rows_of(padded)["a", "value"].verdict is Verdict.RE_DERIVED


# Medians


def only_medians(*medians: tuple[str, str, str], statistic: str = "median"):
    rows = [
        claim(f"m{k}", statistic, endpoint="OS", value=v, ci_low=a, ci_high=b, unit="day")
        for k, (v, a, b) in enumerate(medians)
    ]
    return rows_of(study(20, rows))


def test_medians_alone_symmetric_ones_predict_their_parts():
    rows = only_medians(("287", "132", "441"), ("212", "120", "303"))
    for row in rows.values():
        assert row.verdict in (Verdict.RE_DERIVED, Verdict.CONSISTENT)
    rows = only_medians(("287", "132", "441"), ("212", "120", "303"), ("1037", "546", "1509"))
    assert {k for k, row in rows.items() if row.verdict is Verdict.IMPOSSIBLE} == {("m2", f) for f in FIELDS}


def test_a_symmetric_median_alone_in_whole_days_is_consistent():
    """100 (50–150) fits every rounding rule, and each number could be one off."""
    rows = only_medians(("100", "50", "150"))
    assert {row.verdict for row in rows.values()} <= {Verdict.CONSISTENT, Verdict.RE_DERIVED}
    assert "50" in rows["m0", "ci_low"].predicted


def test_a_symmetric_median_on_a_rounding_boundary_is_possible():
    """36 deaths without censoring print 100 (27–174) half-up: see the test of medians."""
    rows = only_medians(("100", "27", "174"))
    assert Verdict.IMPOSSIBLE not in {row.verdict for row in rows.values()}


def test_a_lower_limit_just_below_zero_is_cut_to_zero():
    """10 ± 10.5 is 10 (0–20) when cut to whole days, beside two medians that were cut."""
    rows = only_medians(("10", "0", "20"), ("287", "132", "441"), ("212", "120", "303"))
    assert rows["m0", "ci_low"].verdict is not Verdict.IMPOSSIBLE


def test_an_asymmetric_median_alone_is_not_derivable():
    rows = only_medians(("200", "150", "900"))
    assert {row.verdict for row in rows.values()} == {Verdict.NOT_DERIVABLE}


@pytest.mark.parametrize("marks", [("NR", "100", "NR"), ("NR", "NR", "NR"), ("200", "150", "NE"), ("200", "NR", "NR")])
@pytest.mark.parametrize("statistic", ["median", "follow_up"])
def test_what_was_not_reached_is_not_derivable(marks, statistic):
    rows = only_medians(marks, statistic=statistic)
    assert [row.printed for row in rows.values()] == list(marks)
    assert {row.verdict for row in rows.values()} == {Verdict.NOT_DERIVABLE}


def bounded(value: str, unit: str, *marks: dict[str, str]) -> LedgerRow:
    return rows_of(study(10, [*marks, claim("m", "median", endpoint="OS", value=value, unit=unit)]))["m", "value"]


AT_6, AT_12 = landmark("a", 6, *printed("EEEE", 10)), landmark("b", 12, *printed("EEEEEE", 10))


@pytest.mark.parametrize(
    ("value", "unit", "verdict"),
    [
        ("183", "day", Verdict.CONSISTENT),
        ("365", "day", Verdict.CONSISTENT),
        ("182", "day", Verdict.IMPOSSIBLE),
        ("366", "day", Verdict.IMPOSSIBLE),
        ("9.1", "month", Verdict.CONSISTENT),
        ("5.9", "month", Verdict.IMPOSSIBLE),
        ("12.1", "month", Verdict.IMPOSSIBLE),
        ("11.9", "month", Verdict.CONSISTENT),
        ("0.7", "year", Verdict.CONSISTENT),
        ("1.1", "year", Verdict.IMPOSSIBLE),
    ],
)
def test_a_median_lies_between_the_landmarks_around_one_half(value, unit, verdict):
    """60 % at 6 months and 40 % at 12: days 183 to 365."""
    row = bounded(value, unit, AT_6, AT_12)
    assert row.verdict is verdict
    assert isinstance(row.predicted, Range)


def test_a_median_cut_to_whole_months_may_print_below_the_landmark_before_it():
    """Day 205 is month 6.7: half-up 7, cut 6. The landmark before it is on day 200, month 6.6."""
    marks = [{**AT_6, "at": "200", "at_unit": "day"}, {**AT_12, "at": "400", "at_unit": "day"}]
    assert bounded("7", "month", *marks).verdict is Verdict.CONSISTENT
    assert bounded("6", "month", *marks).verdict is Verdict.CONSISTENT


def test_a_median_beyond_the_last_landmark_is_not_derivable():
    assert bounded("500", "day", AT_6).verdict is Verdict.NOT_DERIVABLE


def test_a_curve_that_rests_on_one_half_bounds_no_median_from_above():
    """5 of 10 dead by day 150, the next at 350: R prints 250, though S is 50 % at 6 months."""
    half = landmark("a", 6, *printed("EEEEE", 10))
    assert bounded("150", "day", half).verdict is not Verdict.IMPOSSIBLE
    assert bounded("250", "day", half).verdict is not Verdict.IMPOSSIBLE
    low = landmark("b", 12, *printed("EEEEEE", 10))
    assert bounded("250", "day", half, low).verdict is Verdict.CONSISTENT
    assert bounded("366", "day", half, low).verdict is Verdict.IMPOSSIBLE


def test_the_ends_of_a_range_are_no_limits(tmp_path):
    """Follow-up 1037 (546–1509) as a range of what was seen contradicts nothing, beside two symmetric medians."""
    claims = [
        claim(f"m{k}", "median", endpoint="OS", value=v, ci_low=a, ci_high=b, unit="day")
        for k, (v, a, b) in enumerate([("287", "132", "441"), ("212", "120", "303")])
    ]
    seen = claim("seen", "follow_up", value="1037", ci_low="546", ci_high="1509", unit="day", ci_level="100")
    rows = rows_of(folder(tmp_path / "s", 22, [*claims, seen]))
    assert {rows["seen", f].verdict for f in ("value", "ci_low", "ci_high")} == {Verdict.NOT_DERIVABLE}
    assert rows["m0", "value"].verdict is not Verdict.IMPOSSIBLE
