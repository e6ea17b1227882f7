"""Claims against rows: what was printed from the rows is recognised, under one account, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.cohort import Cohort
from helpers.conventions import Convention, Interval, all_conventions
from helpers.ledger.cohort import RowsLedger, RowsVerdict, cohort_ledger
from helpers.ledger.rows import curves
from helpers.printed import PrintedNumber, Rounding
from helpers.simulation.cohort import clinical_cohort
from helpers.simulation.cohort import cohort as patients
from helpers.simulation.print_study import printed_texts
from helpers.study.model import Claim, Definition, Endpoint, Study

CONVENTIONS = tuple(all_conventions())
REPRODUCED, OTHERWISE, DIFFERS, NOT = RowsVerdict


def number(text: str | None) -> PrintedNumber | None:
    return None if text is None else PrintedNumber(text)


def claim(id: str, statistic: str, n: int = 10, **parts: object) -> Claim:
    texts = {k: number(str(parts.pop(k))) for k in ("value", "ci_low", "ci_high", "count") if k in parts}
    return Claim(id, statistic, n, **texts, **parts)  # type: ignore[arg-type]


def landmark(id: str, at: int, texts: tuple[str, str, str], n: int, unit: str = "month") -> Claim:
    value, low, high = texts
    return claim(id, "survival", n, endpoint="OS", at=Fraction(at), at_unit=unit, value=value, ci_low=low,
                 ci_high=high, unit="percent")  # fmt: skip


def cohort_of(days: list[float], events: list[int], claims: list[Claim], **parts: object) -> Cohort:
    """A cohort with one endpoint, OS, made without a file; further columns as keywords."""
    n = len(days)
    definitions = parts.pop("definitions", {})
    competing = parts.pop("competing", ())
    os = Endpoint("OS", "Overall survival", "infusion", "death", competing=competing)  # type: ignore[arg-type]
    study = Study("demo", "Demo", n, Path("demo"), {"OS": os}, tuple(claims), definitions=definitions)  # type: ignore[arg-type]
    frame = pd.DataFrame(
        {
            "patient_id": [f"P{i}" for i in range(n)],
            "OS_days": np.array(days, dtype=float),
            "OS_event": pd.array(events, dtype="Int64"),
            **{name: pd.array(cells, dtype="Int64") for name, cells in parts.items()},  # type: ignore[arg-type]
        }
    )
    return Cohort(study, frame, None, pd.DataFrame(), source="rows.csv")


def verdicts(ledger: RowsLedger) -> dict[tuple[str, str], RowsVerdict]:
    return {(row.claim, row.field): row.verdict for row in ledger.rows}


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 2**32 - 1), st.integers(5, 40), st.sampled_from(CONVENTIONS), st.integers(0, 2),
    st.sampled_from(["30.4375", "30"]),
)  # fmt: skip
def test_landmarks_printed_from_the_rows_under_any_convention_are_reproduced(
    seed: int, n: int, convention: Convention, decimals: int, month: str
) -> None:
    truth = clinical_cohort(np.random.default_rng(seed), n)
    claims = [
        landmark(f"m{at}", at, printed_texts(*truth.curve(at * Fraction(month)), convention, decimals), n)
        for at in (6, 12, 24)
    ]
    ledger = cohort_ledger(cohort_of([float(d) for d in truth.days], [int(e) for e in truth.events], claims))
    assert set(verdicts(ledger).values()) == {REPRODUCED}
    for row in ledger.rows:
        assert row.digits == row.printed and row.difference == 0


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(8, 40), st.integers(0, 8), st.sampled_from(CONVENTIONS))
def test_a_number_that_no_convention_prints_differs_and_leaves_the_others_alone(
    seed: int, n: int, which: int, convention: Convention
) -> None:
    truth = clinical_cohort(np.random.default_rng(seed), n)
    marks = [printed_texts(*truth.curve(at * Fraction("30.4375")), convention, 1) for at in (6, 12, 24)]
    mark, field = divmod(which, 3)
    right = Fraction(marks[mark][field])
    wrong = f"{float(right - 21 if right > 50 else right + 21):.1f}"
    texts = [tuple(wrong if (i, k) == (mark, field) else text for k, text in enumerate(t)) for i, t in enumerate(marks)]
    claims = [landmark(f"m{i}", at, t, n) for i, (at, t) in enumerate(zip((6, 12, 24), texts, strict=True))]  # type: ignore[arg-type]
    ledger = cohort_ledger(cohort_of([float(d) for d in truth.days], [int(e) for e in truth.events], claims))
    name = ("value", "ci_low", "ci_high")[field]
    others = {key: v for key, v in verdicts(ledger).items() if key != (f"m{mark}", name)}
    assert set(others.values()) == {REPRODUCED}
    (row,) = [row for row in ledger.rows if (row.claim, row.field) == (f"m{mark}", name)]
    if row.verdict is DIFFERS:
        assert row.difference == pytest.approx(float(Fraction(wrong) - Fraction(row.digits)))
        assert abs(row.value - float(row.digits)) <= (1.0 if convention.rounded_to == 2 else 0.1)  # type: ignore[operator]
    else:
        # Another convention may be that far away in a small cohort; then it is named.
        assert row.verdict is OTHERWISE and row.convention


def test_one_convention_for_the_whole_paper_is_preferred() -> None:
    truth = clinical_cohort(np.random.default_rng(7), 30)
    plain = Convention(Interval.PLAIN, "1.96", None, Rounding.HALF_UP)
    log = replace(plain, interval=Interval.LOG_LOG)
    marks = {at: printed_texts(*truth.curve(at * Fraction("30.4375")), plain, 2) for at in (6, 12, 18, 24)}
    odd = printed_texts(*truth.curve(12 * Fraction("30.4375")), log, 2)
    claims = [landmark(f"m{at}", at, odd if at == 12 else texts, 30) for at, texts in marks.items()]
    ledger = cohort_ledger(cohort_of([float(d) for d in truth.days], [int(e) for e in truth.events], claims))
    assert ledger.account.describe("landmarks").startswith("plain interval, full precision")
    found = verdicts(ledger)
    assert found["m12", "value"] is REPRODUCED
    assert found["m12", "ci_low"] is found["m12", "ci_high"] is OTHERWISE
    assert all(v is REPRODUCED for key, v in found.items() if key[0] != "m12")
    (row,) = [r for r in ledger.rows if (r.claim, r.field) == ("m12", "ci_low")]
    assert row.convention.startswith("log-log interval, full precision")
    assert row.digits == marks[12][1] and row.printed == odd[1]


def test_the_length_of_a_month_is_found_and_told() -> None:
    # One death on day 181: after six months of 30 days, before six of 30.4375.
    days, events = [100.0, 181.0, 300.0, 400.0], [1, 1, 0, 0]
    claims = [claim("m6", "survival", 4, endpoint="OS", at=Fraction(6), at_unit="month", value="75.0", unit="percent")]
    ledger = cohort_ledger(cohort_of(days, events, claims))
    assert (ledger.rows[0].verdict, ledger.conventions()["month"]) == (REPRODUCED, "30 days")
    claims = [replace(claims[0], value=PrintedNumber("50.0"))]
    assert cohort_ledger(cohort_of(days, events, claims)).conventions()["month"] == "30.4375 days"
    both = [claims[0], replace(claims[0], id="again"), replace(claims[0], id="odd", value=PrintedNumber("75.0"))]
    ledger = cohort_ledger(cohort_of(days, events, both))
    assert [row.verdict for row in ledger.rows] == [REPRODUCED, REPRODUCED, OTHERWISE]
    assert ledger.rows[2].convention.endswith("a month of 30 days")


FLAT = [10.0, 30, 50, 70, 87, 90, 100, 105, 110, 118]


@pytest.mark.parametrize(
    ("printed", "rule"),
    [
        ("87", "r-print or first-at-or-below"), ("102.5", "r-midpoint"), ("NR", "sas-average or first-below"),
        ("NE", "sas-average or first-below"), ("88", None),
    ],
)  # fmt: skip
def test_the_rule_for_a_median_on_a_flat_is_told(printed: str, rule: str | None) -> None:
    claims = [claim("med", "median", endpoint="OS", value=printed, unit="day")]
    ledger = cohort_ledger(cohort_of(FLAT, [1] * 5 + [0] * 5, claims))
    if rule is None:
        assert ledger.rows[0].verdict is DIFFERS
        assert (ledger.rows[0].digits, ledger.rows[0].difference) == ("87", 1.0)
    else:
        assert ledger.rows[0].verdict is REPRODUCED
        words = ledger.account.describe("medians").split(", ")[0].replace(" on a flat at 1/2", "")
        assert set(words.split(" or ")) == set(rule.split(" or "))


def test_symmetric_limits_in_months_that_were_truncated_are_recognised() -> None:
    from helpers.estimators.kaplan_meier import survival_table
    from helpers.estimators.medians import spss_median

    truth = clinical_cohort(np.random.default_rng(5), 40)
    days, events = [float(d) for d in truth.days], [int(e) for e in truth.events]
    median = spss_median(survival_table(days, events))
    assert median.low > 0
    cut = [f"{int(x * 10 / 30.4375) / 10:.1f}" for x in (median.value, median.low, median.high)]
    up = [f"{x / 30.4375:.1f}" for x in (median.value, median.low, median.high)]
    assert cut != up
    claims = [claim("med", "median", 40, endpoint="OS", value=cut[0], ci_low=cut[1], ci_high=cut[2], unit="month")]
    ledger = cohort_ledger(cohort_of(days, events, claims))
    assert set(verdicts(ledger).values()) == {REPRODUCED}
    assert "SPSS's symmetric interval" in ledger.account.describe("medians")
    assert "truncation" in ledger.account.describe("medians")


def test_follow_up_by_every_method_and_a_range_in_place_of_limits() -> None:
    days, events = [6.0, 6, 6, 6, 7, 9, 10, 10, 11, 13], [1, 1, 1, 0, 1, 0, 1, 0, 0, 1]

    def method(value: str, **parts: object) -> tuple[RowsVerdict, str]:
        ledger = cohort_ledger(
            cohort_of(days, events, [claim("fu", "follow_up", endpoint="OS", value=value, unit="day", **parts)])
        )
        return ledger.rows[0].verdict, ledger.account.describe("follow-up")

    assert method("10")[0] is REPRODUCED and "reverse Kaplan-Meier" in method("10")[1]
    assert method("8") == (REPRODUCED, "median of the observed times")
    assert method("9.5") == (REPRODUCED, "median of the observed times of those without an event")
    ledger = cohort_ledger(
        cohort_of(days, events, [claim("fu", "follow_up", value="8", ci_low="6", ci_high="13", unit="day",
                                       ci_level=Fraction(1))])
    )  # fmt: skip
    assert set(verdicts(ledger).values()) == {REPRODUCED}


def test_numbers_at_risk_and_totals_under_both_rules() -> None:
    days, events = [10.0, 20, 20, 30, 40], [1, 1, 0, 0, 1]

    def one(statistic: str, count: int, at: int | None = 20) -> tuple[RowsVerdict, str]:
        parts = {"at": Fraction(at), "at_unit": "day"} if at is not None else {}
        claims = [claim("x", statistic, 5, endpoint="OS", count=count, **parts)]
        ledger = cohort_ledger(cohort_of(days, events, claims))
        return ledger.rows[0].verdict, ledger.account.describe("numbers below a curve")

    assert one("at_risk", 4) == (REPRODUCED, "at risk: T ≥ t")
    assert one("at_risk", 2) == (REPRODUCED, "at risk: T > t")
    assert one("at_risk", 3)[0] is DIFFERS
    assert one("events", 2) == (REPRODUCED, "events up to the day")
    assert one("events", 1) == (REPRODUCED, "events before the day")
    assert one("censored", 1) == (REPRODUCED, "events up to the day")
    assert one("events", 3, None) == (REPRODUCED, "")
    assert one("censored", 2, None) == (REPRODUCED, "")


def test_competing_events_are_neither_events_nor_censored() -> None:
    claims = [claim("e", "events", 4, endpoint="OS", count=1), claim("c", "censored", 4, endpoint="OS", count=2)]
    ledger = cohort_ledger(cohort_of([1, 2, 3, 4], [1, 2, 0, 0], claims, competing=("other death",)))
    assert set(verdicts(ledger).values()) == {REPRODUCED}
    assert ledger.rows[0].note == "patients with a competing event, 1, are neither"


def test_counts_and_percentages_by_the_ids_that_need_no_definition() -> None:
    claims = [
        claim("patients", "count", 6, count=6),
        claim("cr", "proportion", 6, count=3, value="50.0", unit="percent"),
        claim("cr_cri", "proportion", 6, count=4, value="66.6", unit="percent"),
        claim("mrd_negative", "proportion", 4, count=3, value="75", ci_low="19", ci_high="99", unit="percent"),
        claim("crs", "count", 6, count=5), claim("crs_any", "count", 6, count=5),
        claim("crs_grade_1_2", "count", 6, count=3), claim("crs_grade_3_plus", "count", 6, count=2),
        claim("crs_grade_4", "count", 6, count=1),
    ]  # fmt: skip
    cohort = cohort_of([1.0] * 6, [0] * 6, claims, cr=[1, 1, 1, 0, 0, 0], cri=[0, 0, 0, 1, 0, 0],
                       mrd_negative=[1, 1, 0, 1, 1, None], crs_grade=[0, 1, 1, 2, 3, 4])  # fmt: skip
    ledger = cohort_ledger(cohort)
    assert set(verdicts(ledger).values()) == {REPRODUCED}
    assert ledger.account.describe("percentages") == "truncation"
    assert "Clopper-Pearson" in ledger.account.describe("limits of proportions")
    notes = {row.claim: row.note for row in ledger.rows}
    assert notes["mrd_negative"] == "mrd_negative = 1: 3 of 4 with cr or cri = 1"
    assert notes["crs_grade_1_2"] == "crs_grade 1 to 2: 3 of 6"


def test_a_definition_of_the_study_goes_before_the_id() -> None:
    severe = claim("severe", "proportion", 2, count=1, value="0.5", unit="proportion")
    claims = [claim("cr", "count", 3, count=1), severe]
    definitions = {"cr": Definition({"cr": "0"}), "severe": Definition({"crs_grade": ">= 3"}, {"cr": "1"})}
    cohort = cohort_of([1.0] * 3, [0] * 3, claims, definitions=definitions, cr=[1, 1, 0], crs_grade=[3, 1, 4])
    assert set(verdicts(cohort_ledger(cohort)).values()) == {REPRODUCED}


def test_unknown_values_are_never_dropped_in_silence() -> None:
    claims = [claim("cr", "proportion", 4, count=2, value="50.0", unit="percent")]
    ledger = cohort_ledger(cohort_of([1.0] * 4, [0] * 4, claims, cr=[1, 1, 0, None]))
    assert set(verdicts(ledger).values()) == {REPRODUCED}
    assert ledger.rows[0].note == "cr = 1: 2 of 4; 1 of unknown value counted as not"
    claims = [replace(claims[0], n=3, value=PrintedNumber("66.7"))]
    ledger = cohort_ledger(cohort_of([1.0] * 4, [0] * 4, claims, cr=[1, 1, 0, None]))
    assert set(verdicts(ledger).values()) == {REPRODUCED}
    assert ledger.rows[0].note == "cr = 1: 2 of 4; 1 of unknown value left out"


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (claim("odd", "count", count=3), "study.yaml does not say which rows it counts (definitions), nor does its id"),
        (claim("cr", "count", count=3), "the file has no column cr"),
        (claim("x", "proportion", endpoint="OS", at=Fraction(1), at_unit="month", value="9", unit="percent"),
         "a proportion at a time is not a count of rows"),
        (claim("x", "median", endpoint="EFS", value="9", unit="day"), "the file has no columns for EFS"),
        (claim("x", "median", 4, endpoint="OS", value="9", unit="day"),
         "printed for 4 of 10 patients, and study.yaml does not say which"),
    ],
)  # fmt: skip
def test_what_the_rows_do_not_tell_is_not_computable(made: Claim, why: str) -> None:
    ledger = cohort_ledger(cohort_of(FLAT, [1] * 10, [made]))
    assert {(row.verdict, row.note) for row in ledger.rows} == {(NOT, why)}
    assert ledger.rows[0].as_dict()["predicted"] == []


def test_what_is_beyond_the_last_patient_is_told() -> None:
    claims = [claim("x", "survival", 2, endpoint="OS", at=Fraction(99), at_unit="day", value="50", unit="percent")]
    row = cohort_ledger(cohort_of([1.0, 5.0], [1, 0], claims)).rows[0]
    assert (row.verdict, row.note) == (REPRODUCED, "nobody is followed so long: the curve is carried on from day 5")


def test_digits_beyond_what_can_be_told_apart_do_not_stop_the_ledger() -> None:
    value = "0." + "6" * 27
    claims = [claim("x", "survival", 3, endpoint="OS", at=Fraction(2), at_unit="day", value=value, unit="proportion")]
    (row,) = cohort_ledger(cohort_of([1.0, 5.0, 6.0], [1, 0, 0], claims)).rows
    assert row.verdict in (NOT, DIFFERS, REPRODUCED)


@pytest.mark.parametrize("seed", range(3))
def test_the_way_for_many_events_prints_the_same_digits(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    truth = clinical_cohort(np.random.default_rng(seed), 200)
    convention = Convention(CONVENTIONS[0].interval, "exact", None, Rounding.HALF_UP)
    claims = [
        landmark(f"m{at}", at, printed_texts(*truth.curve(at * Fraction("30.4375")), convention, 2), 200)
        for at in (3, 6, 12, 18)
    ]
    cohort = cohort_of([float(d) for d in truth.days], [int(e) for e in truth.events], claims)
    exact = cohort_ledger(cohort)
    monkeypatch.setattr(curves, "MOST_EXACT", 0)
    assert [row.digits for row in cohort_ledger(cohort).rows] == [row.digits for row in exact.rows]
    assert set(verdicts(exact).values()) == {REPRODUCED}


def test_frame_and_json_hold_the_same() -> None:
    median = claim("med", "median", endpoint="OS", value="87", ci_high="NR", unit="day")
    claims = [median, claim("odd", "count", count=3)]
    ledger = cohort_ledger(cohort_of(FLAT, [1] * 5 + [0] * 5, claims))
    frame = ledger.frame
    assert list(frame.columns) == [
        "claim", "field", "printed", "digits", "value", "difference", "verdict", "convention", "note",
    ]  # fmt: skip
    assert frame["printed"].tolist() == [row["printed"] for row in ledger.as_dicts()]
    assert ledger.as_dicts()[1] == {
        "claim": "med", "field": "ci_high", "printed": "NR", "predicted": ["NR"], "value": None, "difference": None,
        "verdict": "reproduced", "convention": frame["convention"][1], "note": "",
    }  # fmt: skip
    assert all(verdict.meaning for verdict in RowsVerdict)


def test_a_small_cohort_made_by_hand_agrees_with_its_own_curve() -> None:
    truth = patients([(Fraction(d), e) for d, e in ((1, True), (2, False), (3, True), (4, False))])
    s, variance = truth.curve(Fraction(3))
    assert (s, variance) == (Fraction(3, 8), Fraction(3, 8) ** 2 * (Fraction(1, 12) + Fraction(1, 2)))
    claims = [claim("x", "survival", 4, endpoint="OS", at=Fraction(3), at_unit="day", value="37.5", unit="percent")]
    assert cohort_ledger(cohort_of([1, 2, 3, 4], [1, 0, 1, 0], claims)).rows[0].value == 37.5
