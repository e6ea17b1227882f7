"""Answers: what is right, and that a wrong one is told something about itself but never the truth."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.teaching import Function, Names, Number, Pair, Text, Unreadable
from helpers.teaching.diagnosis import about_number
from helpers.teaching.numerals import exact

SHARE = Number(Fraction(112, 165), 3, share=True)


@pytest.mark.parametrize(
    "given_as",
    [112 / 165, Fraction(112, 165), Decimal("0.679"), "0.679", "67.9 %", "112/165", np.float64(0.679),
     np.array([0.679]), pd.Series([0.679])],
)  # fmt: skip
def test_a_right_number_is_right_in_any_type(given_as: object) -> None:
    assert SHARE.judge(SHARE.read(given_as)).right


@pytest.mark.parametrize("given_as", ["many", "1e400x", [1, 2], {}, float("nan"), float("inf"), True, b"1"])
def test_what_is_no_number_cannot_be_read(given_as: object) -> None:
    with pytest.raises(Unreadable):
        SHARE.read(given_as)


@pytest.mark.parametrize(
    ("wrong", "about"),
    [(67.9, "percentage"), (0.321, "other part"), (-0.679, "sign"), (1.2, "cannot be"), (0.7, "rounded too early"),
     (0.68, "rounded too early"), (0.824, "square root"), (0.4608, "square of"), (0.6801, "a little too large"),
     (0.5, "too small"), (0.95, "too large")],
)  # fmt: skip
def test_a_wrong_share_is_told_what_happened(wrong: float, about: str) -> None:
    judgement = SHARE.judge(SHARE.read(wrong))
    assert not judgement.right
    assert about in judgement.about


@given(st.fractions(0, 1, max_denominator=400), st.fractions(-2, 200, max_denominator=400), st.integers(1, 4))
def test_a_remark_never_holds_the_truth(truth: Fraction, wrong: Fraction, decimals: int) -> None:
    number = Number(truth, decimals, share=True)
    judgement = number.judge(wrong)
    assert judgement.right == (abs(wrong - truth) <= Fraction(1, 2 * 10**decimals) * (1 + Fraction(1, 10**9)))
    if not judgement.right:
        assert judgement.about
        told = judgement.about.replace("between 0 and 1", "")
        if truth.denominator > 1:
            from helpers.teaching.numerals import plainly

            assert plainly(truth, max(decimals, 3)) not in told or plainly(wrong, max(decimals, 2)) in told


@given(st.fractions(Fraction(1, 100), Fraction(99, 100), max_denominator=300), st.integers(1, 5))
def test_a_number_rounded_as_asked_is_right(truth: Fraction, decimals: int) -> None:
    assert Number(truth, decimals).judge(Fraction(round(truth, decimals))).right
    assert Number(truth, decimals).judge(exact(float(truth))).right


def test_the_boundary_is_half_a_unit_of_the_last_decimal() -> None:
    number = Number(Fraction(1, 2), 2)
    assert number.judge(Fraction("0.505")).right
    assert not number.judge(Fraction("0.5051")).right


def test_a_pair_says_which_of_the_two_is_wrong() -> None:
    pair = Pair(Number(48.3, 1, 0, 100), Number(87.5, 1, 0, 100))
    assert pair.judge(pair.read((48.3, 87.5))).right
    assert "wrong order" in pair.judge(pair.read((87.5, 48.3))).about
    assert "The upper limit:" in pair.judge(pair.read([48.3, 84.5])).about
    assert "The lower limit:" in pair.judge(pair.read(np.array([51.3, 87.5]))).about
    assert pair.judge(pair.read((1, 2))).about.startswith("the lower limit:")
    for bad in (48.3, "48", (1, 2, 3), ("a", "b")):
        with pytest.raises(Unreadable):
            pair.read(bad)


def test_a_printed_number_is_text() -> None:
    printed = Text(("67.90",), "12.30", printed=True)
    assert printed.judge(printed.read(" 67.90 ")).right
    with pytest.raises(Unreadable, match="quotes"):
        printed.read(67.9)
    assert "not the digits" in printed.judge(printed.read("67.9")).about


def test_a_name_that_is_not_listed_gets_the_nearest() -> None:
    names = Names("efs_6mo.value", {"cr.value": "no", "efs_6mo.ci_low": "no"})
    assert names.judge(names.read("efs_6mo.value")).right
    with pytest.raises(Unreadable, match="efs_6mo.ci_low"):
        names.read("efs_6mo.ci_lo")
    with pytest.raises(Unreadable):
        names.read(3)


def test_a_function_is_told_the_first_case_that_differs() -> None:
    square = Function(lambda x: x * x, ((1,), (2,), (3.5,)), "square(2)")
    assert square.judge(square.read(lambda x: x**2)).right
    wrong = square.judge(lambda x: x * (x + 1) if x > 1 else 1)
    assert "`square(2)` should be `4`; your function returned `6`" in wrong.about
    assert "ZeroDivisionError" in square.judge(lambda x: x / 0).about
    assert "nothing" in square.judge(lambda x: None).about
    assert "not written yet" in square.judge(lambda x: x * x if x < 2 else ...).about
    assert square.unanswered(lambda x: ...)
    assert not square.unanswered(lambda x: 1 / 0)
    with pytest.raises(Unreadable):
        square.read(4)


def test_a_remark_of_a_large_number_does_not_take_it_for_a_share() -> None:
    assert about_number(Fraction(2055, 200), Fraction(2055, 2), 1, False, None, None).startswith("that is a hundredth")
