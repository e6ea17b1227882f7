"""Symmetric medians: what they predict of one another, and SPSS's formula on patient tables, both gone through."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

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
    texts = dict(zip(("value", "ci_low", "ci_high"), (text(x, day, decimals, rule) for x in (t, t - half, t + half)), strict=True))
    printed = median(*texts.values(), day=day)
    assert rule in symmetric_roundings(printed)
    for name, shown in texts.items():
        low, high = symmetric_prediction(printed, name, rule)
        assert low <= Fraction(shown) * 10**decimals <= high
        assert shown in predicted_texts(printed, name, (rule,))


def grid(low: Fraction, high: Fraction, step: Fraction):
    """Numbers strictly inside, in steps, never on a multiple of a step."""
    k = floor(low / step)
    x = k * step + step / 2 + Fraction(1, 10**9)
    while x < high:
        if x > low:
            yield x
        x += step


def by_enumeration(printed: PrintedMedian, name: str, rule: Rounding) -> set[str]:
    """Every whole day t and a fine grid of half-widths: what the field shows where the other two show their texts."""
    others = {k: getattr(printed, k) for k in ("value", "ci_low", "ci_high") if k != name}
    decimals = getattr(printed, name).decimals
    reach = [float(number.value * printed.day) for number in others.values()]
    spread = 2 * float(printed.day)
    step = Fraction(1, 4) if printed.day == 1 else Fraction(1, 32)
    found = set()
    if name == "value":
        centre = sum(reach) / 2
        for t in range(max(0, floor(centre - spread)), floor(centre + spread) + 2):
            about = abs(reach[1] - reach[0]) / 2
            for half in grid(Fraction(max(0.0, about - 2 * spread)), Fraction(about + 2 * spread), step):
                if _shows(others["ci_low"], t - half, printed.day, rule) and _shows(
                    others["ci_high"], t + half, printed.day, rule
                ):
                    found.add(text(Fraction(t), printed.day, decimals, rule))
                    break
        return found
    other = "ci_low" if name == "ci_high" else "ci_high"
    sign = 1 if other == "ci_high" else -1
    for t in range(max(0, floor(reach[0] - spread)), floor(reach[0] + spread) + 2):
        if not _shows(others["value"], Fraction(t), printed.day, rule):
            continue
        about = sign * (reach[1] - t)
        for half in grid(Fraction(max(0.0, about - spread)), Fraction(max(0.0, about + spread)), step):
            if _shows(others[other], t + sign * half, printed.day, rule):
                found.add(text(t - sign * half, printed.day, decimals, rule))
    return found


def _shows(number: PrintedNumber, x: Fraction, day: Fraction, rule: Rounding) -> bool:
    return text(x, day, number.decimals, rule) == number.text


CASES = [
    ("287", "132", "441", DAY),
    ("212", "120", "303", DAY),
    ("1037", "546", "1509", DAY),
    ("1037", "564", "1509", DAY),
    ("40", "10", "75", DAY),
    ("9.4", "4.3", "14.5", MONTH),
    ("9.4", "4.3", "14.6", MONTH),
    ("7", "3", "11", MONTH),
    ("12.0", "11.9", "12.1", MONTH),
]


@pytest.mark.parametrize("rule", list(Rounding))
@pytest.mark.parametrize("name", ["value", "ci_low", "ci_high"])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_predictions_by_symmetry_are_those_of_an_enumeration(case, name, rule):
    printed = median(*case[:3], day=case[3])
    expected = by_enumeration(printed, name, rule)
    ends = symmetric_prediction(printed, name, rule)
    decimals = getattr(printed, name).decimals
    if not expected:
        assert ends is None
        return
    units = sorted(Decimal(t) * 10**decimals for t in expected)
    assert ends == (units[0], units[-1])
    assert expected <= set(predicted_texts(printed, name, (rule,)))


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (("287", "132", "441"), ["truncation"]),
        (("212", "120", "303"), ["truncation"]),
        (("1037", "546", "1509"), []),
        (("100", "50", "150"), ["half-up", "half-even", "truncation"]),
        (("100", "50", "151"), ["half-up", "half-even", "truncation"]),
        (("100", "50", "149"), ["half-even", "truncation"]),
        (("100", "50", "152"), []),
    ],
)
def test_which_rounding_a_symmetric_median_allows(case, expected):
    """By hand: with t whole, half-up allows a shift of 0 or 1 of the upper limit, truncation of 0 or −1."""
    found = [str(r) for r in symmetric_roundings(median(*case))]
    by_grid = [
        str(rule)
        for rule in Rounding
        if any(
            text(Fraction(t), DAY, 0, rule) == case[0]
            and text(t - half, DAY, 0, rule) == case[1]
            and text(t + half, DAY, 0, rule) == case[2]
            for t in range(int(case[0]) - 1, int(case[0]) + 2)
            for half in (Fraction(k, 4) for k in range(4 * (int(case[0]) - int(case[1]) - 3), 4 * (int(case[0]) - int(case[1]) + 3)))
        )
    ]
    assert found == by_grid


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
    rows = [claim(f"m{k}", "median", endpoint="OS", value=v, ci_low=a, ci_high=b, unit="day") for k, (v, a, b) in enumerate(medians)]
    return median_accounts(study(10, rows))


def test_one_median_that_differs_from_two_symmetric_ones_contradicts_itself():
    accounts = accounts_of(("287", "132", "441"), ("212", "120", "303"), ("1037", "546", "1509"))
    assert [bool(a.candidates) for a in accounts.values()] == [False, False, True]


def test_where_most_medians_are_not_symmetric_nothing_is_demanded():
    accounts = accounts_of(("287", "132", "441"), ("200", "150", "900"), ("300", "290", "700"))
    assert not any(a.symmetric or a.candidates for a in accounts.values())
    assert all(a.used.ci_low is a.used.ci_high is None for a in accounts.values())


@pytest.mark.parametrize("marks", [("NR", "100", "NR"), ("NR", "NR", "NR"), ("200", "150", "NE"), ("200", "NR", "250")])
def test_a_median_that_is_not_reached_demands_nothing(marks):
    accounts = accounts_of(marks)
    assert not accounts["m0"].symmetric
    assert accounts["m0"].candidates == ()
