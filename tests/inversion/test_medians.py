"""Symmetric medians: what they predict of one another, and SPSS's formula on patient tables, both gone through."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.conventions import Interval
from helpers.inversion.median_account import median_accounts, predicted_texts
from helpers.inversion.medians import (
    PrintedMedian,
    day_pairs,
    median_cases,
    symmetric_prediction,
    symmetric_roundings,
)
from helpers.printed import PrintedNumber, Rounding
from tests.inversion import brute
from tests.inversion.patients import Rows, spss
from tests.ledger.making import claim, study

DAY, MONTH = Fraction(1), Fraction("30.4375")
rules = st.sampled_from(list(Rounding))


def median(value: str | None, low: str | None, high: str | None, day: Fraction = DAY) -> PrintedMedian:
    numbers = (None if text is None else PrintedNumber(text) for text in (value, low, high))
    return PrintedMedian("m", "OS", *numbers, day)


def text(x: Fraction, day: Fraction, decimals: int, rule: Rounding) -> str:
    return brute.text_of(x / day, decimals, rule)


@settings(deadline=None, derandomize=True, max_examples=150)
@given(st.integers(0, 1500), st.integers(1, 4 * 1500), rules, st.sampled_from([(DAY, 0), (MONTH, 0), (MONTH, 1)]))
def test_a_symmetric_median_is_known_for_one_and_its_parts_predict_one_another(t, quarters, rule, unit):
    """The half-width stays off the boundaries by an eighth of a day and more: no tie there."""
    day, decimals = unit
    half = Fraction(quarters, 4) + Fraction(1, 8) + Fraction(1, 10**7)
    assume(t - half > 0)
    texts = dict(
        zip(
            ("value", "ci_low", "ci_high"), (text(x, day, decimals, rule) for x in (t, t - half, t + half)), strict=True
        )
    )
    printed = median(*texts.values(), day=day)
    assert rule in symmetric_roundings(printed)
    for name, shown in texts.items():
        low, high = symmetric_prediction(printed, name, rule)
        assert low <= Fraction(shown) * 10**decimals <= high
        assert shown in predicted_texts(printed, name, (rule,))


def half_widths(t: int, about: Fraction, printed: PrintedMedian, ties: bool) -> list[Fraction]:
    """Half-widths near a given one, one from each open stretch between rounding boundaries of t − h or t + h.

    With `ties`, also those that put a limit exactly on a boundary.
    """
    unit = PrintedNumber(printed.ci_low.text).unit * printed.day
    low, high = max(about - 3 * unit, Fraction(0)), about + 3 * unit
    marks = {low, high}
    for sign in (-1, 1):
        ends = sorted((t + sign * low, t + sign * high))
        first, last = floor(2 * ends[0] / unit), floor(2 * ends[1] / unit) + 1
        marks |= {abs(Fraction(k) * unit / 2 - t) for k in range(first, last + 1)}
    inside = sorted(h for h in marks if low <= h <= high)
    between = [(a + b) / 2 for a, b in zip(inside, inside[1:], strict=False)]
    return between + (inside if ties else [])


def by_enumeration(printed: PrintedMedian, name: str, rule: Rounding, ties: bool) -> set[str]:
    """What a field shows on every whole day t and every half-width for which the other two show their texts."""
    others = {k: getattr(printed, k) for k in ("value", "ci_low", "ci_high") if k != name}
    decimals = getattr(printed, name).decimals
    value, low, high = (number.value * printed.day for number in (printed.value, printed.ci_low, printed.ci_high))
    centre, about = {
        "value": ((low + high) / 2, (high - low) / 2),
        "ci_low": (value, high - value),
        "ci_high": (value, value - low),
    }[name]
    reach = 2 * printed.value.unit * printed.day
    found = set()
    for t in range(max(0, floor(centre - reach)), floor(centre + reach) + 2):
        for half in half_widths(t, about, printed, ties):
            shown = {"value": Fraction(t), "ci_low": t - half, "ci_high": t + half}
            if all(text(shown[k], printed.day, number.decimals, rule) == number.text for k, number in others.items()):
                found.add(text(shown[name], printed.day, decimals, rule))
    return found


CASES = [
    ("287", "132", "441", DAY),
    ("212", "120", "303", DAY),
    ("1037", "546", "1509", DAY),
    ("1037", "564", "1509", DAY),
    ("40", "10", "75", DAY),
    ("10", "5", "25", DAY),
    ("10", "0", "20", DAY),
    ("10", "0", "21", DAY),
    ("9.4", "4.3", "14.5", MONTH),
    ("9.4", "4.3", "14.6", MONTH),
    ("7", "3", "11", MONTH),
    ("12.0", "11.9", "12.1", MONTH),
]


@pytest.mark.parametrize("rule", list(Rounding))
@pytest.mark.parametrize("name", ["value", "ci_low", "ci_high"])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_predictions_by_symmetry_are_those_of_an_enumeration(case, name, rule):
    """All that needs no tie is predicted, and nothing that not even a tie can give."""
    printed = median(*case[:3], day=case[3])
    scale = 10 ** getattr(printed, name).decimals
    sure, possible = (
        sorted(Decimal(t) * scale for t in by_enumeration(printed, name, rule, ties)) for ties in (False, True)
    )
    ends = symmetric_prediction(printed, name, rule)
    if not possible:
        assert ends is None
    if sure:
        assert ends is not None
        assert ends[0] <= sure[0] and sure[-1] <= ends[1]
    if ends is not None:
        assert possible[0] <= ends[0] <= ends[1] <= possible[-1]


@pytest.mark.parametrize("upper", range(146, 155))
@pytest.mark.parametrize("lower", [50, 51])
def test_which_rounding_a_symmetric_median_allows(lower, upper):
    """Whole days: every half-width in quarters of a day, ties included."""
    case = ("100", str(lower), str(upper))
    by_hand = [
        rule
        for rule in Rounding
        if any(
            (text(100 - half, DAY, 0, rule), text(100 + half, DAY, 0, rule)) == case[1:]
            for half in (Fraction(k, 4) for k in range(180, 221))
        )
    ]
    assert list(symmetric_roundings(median(*case))) == by_hand


def even_halves() -> Rows:
    """36 patients without censoring: 16 deaths by day 75, the 18th on day 100, the 20th on day 125."""
    days = [*range(60, 76), 90, 100, 110, 125, *range(200, 216)]
    return [(day, 1) for day in days]


def test_a_half_width_can_lie_exactly_on_a_rounding_boundary():
    """se = 1/12 and 50 days for 4/36 of the curve: 1.96 · 37.5 = 73.5, and SPSS's limits are 26.5 and 173.5."""
    t, half = spss(even_halves())
    assert (t, half) == (100, Decimal("73.5"))
    texts = [text(x, DAY, 0, Rounding.HALF_UP) for x in (Fraction(100), Fraction("26.5"), Fraction("173.5"))]
    assert texts == ["100", "27", "174"]
    printed = median(*texts)
    assert Rounding.HALF_UP in symmetric_roundings(printed)
    for name, shown in zip(("value", "ci_low", "ci_high"), texts, strict=True):
        assert shown in predicted_texts(printed, name, (Rounding.HALF_UP,)), name


def table_of(history: str, n: int, days: list[int]) -> Rows:
    rows = [(day, int(kind == "E")) for day, kind in zip(days, history, strict=True)]
    return rows + [(max(days, default=0) + 50, 0)] * (n - len(history))


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.data())
def test_median_cases_give_what_spss_gives_on_patient_tables(data):
    """Random histories on random days with many ties: exactly one case fits, and it says what SPSS says."""
    n = data.draw(st.integers(4, 14))
    history = data.draw(st.text("EEC", min_size=3, max_size=n)).rstrip("C")
    assume(history)
    days, day = [], 1
    for i, kind in enumerate(history):
        after_censoring = i > 0 and history[i - 1] == "C" and kind == "E"
        day += data.draw(st.sampled_from([0, 0, 1, 5])) + int(after_censoring)
        days.append(day)
    rows = table_of(history, n, days)
    fitting = [
        case
        for case in median_cases(history, n)
        if all(days[i] == days[i - 1] for i in case.tied) and all(days[i] != days[i - 1] for i in case.apart)
    ]
    truth = spss(rows)
    if truth is None:
        assert fitting == []
        return
    t, half = truth
    assert len(fitting) == 1
    case = fitting[0]
    assert days[case.median] == t
    difference = days[case.after] - days[case.before]
    assert float(case.factor_squared) ** 0.5 * difference == pytest.approx(float(half), rel=1e-12)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.data(), rules)
def test_day_pairs_hold_the_truth(data, rule):
    n = data.draw(st.integers(6, 14))
    history = data.draw(st.text("EEEC", min_size=4, max_size=n)).rstrip("C")
    cases = median_cases(history, n)
    assume(cases)
    case = data.draw(st.sampled_from(cases))
    assume(case.factor_squared > 0)
    t, difference = data.draw(st.integers(100, 600)), data.draw(st.integers(1, 80))
    half = brute.root(case.factor_squared)
    half = half * difference if isinstance(half, Fraction) else Fraction(half) * difference
    assume(t - half > 0)
    texts = [text(x, DAY, 0, rule) for x in (Fraction(t), t - half, t + half)]
    pairs = list(day_pairs(case, median(*texts), rule, 4000))
    assert (t, difference) in pairs
    for day, gap in pairs:
        width = half * gap / difference
        assert [text(x, DAY, 0, rule) for x in (Fraction(day), day - width, day + width)] == texts
    assert len(pairs) == len(set(pairs))


def accounts_of(*medians: tuple[str, str, str]):
    rows = [
        claim(f"m{k}", "median", endpoint="OS", value=v, ci_low=a, ci_high=b, unit="day")
        for k, (v, a, b) in enumerate(medians)
    ]
    return median_accounts(study(10, rows))


def test_one_median_that_differs_from_two_symmetric_ones_contradicts_itself():
    accounts = accounts_of(("287", "132", "441"), ("212", "120", "303"), ("1037", "546", "1509"))
    assert [bool(a.candidates) for a in accounts.values()] == [False, False, True]


def test_where_most_medians_are_not_symmetric_limits_are_event_times():
    accounts = accounts_of(("287", "132", "441"), ("200", "150", "900"), ("300", "290", "700"))
    assert not any(a.symmetric or a.candidates for a in accounts.values())
    assert all(a.used.event_times == tuple(Interval) for a in accounts.values())


@pytest.mark.parametrize("marks", [("NR", "100", "NR"), ("NR", "NR", "NR"), ("200", "150", "NE"), ("200", "NR", "250")])
def test_a_median_that_is_not_reached_demands_nothing(marks):
    accounts = accounts_of(marks)
    assert not accounts["m0"].symmetric
    assert accounts["m0"].candidates == ()
