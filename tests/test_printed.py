"""Printed numbers: their cells partition the line, and rounding is that of the `decimal` module."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpers.printed import Cell, PrintedNumber, Rounding, round_root, round_to, show

MODES = {
    Rounding.HALF_UP: ROUND_HALF_UP,
    Rounding.HALF_EVEN: ROUND_HALF_EVEN,
    Rounding.TRUNCATION: ROUND_DOWN,
}
steady = settings(deadline=None, derandomize=True, max_examples=200)
rules = st.sampled_from(list(Rounding))
fractions = st.fractions(-200, 200, max_denominator=4000)


def around(x: Fraction, decimals: int) -> list[str]:
    """The five texts nearest to a number, without a negative zero."""
    middle = floor(x * 10**decimals)
    return [f"{Decimal(k).scaleb(-decimals):.{decimals}f}" for k in range(middle - 2, middle + 4)]


def halves(low: int, high: int) -> st.SearchStrategy[Fraction]:
    """Numbers on or just beside a rounding boundary."""
    shift = st.sampled_from([Fraction(0), Fraction(1, 10**9), Fraction(-1, 10**9)])
    return st.builds(lambda k, d: Fraction(k, 2000) + d, st.integers(low * 2000, high * 2000), shift)


@steady
@given(fractions | halves(-3, 3), st.integers(0, 3), rules)
@example(Fraction(0), 0, Rounding.TRUNCATION)
@example(Fraction(-1, 2), 0, Rounding.HALF_UP)
@example(Fraction(1, 2), 0, Rounding.HALF_EVEN)
@example(Fraction(-3, 2), 0, Rounding.HALF_EVEN)
def test_exactly_one_text_holds_each_number(x, decimals, rule):
    holding = [text for text in around(x, decimals) if x in PrintedNumber(text).cell(rule)]
    assert len(holding) == 1
    assert holding == [show(round_to(x, decimals, rule), decimals)]


@steady
@given(
    st.decimals(-100, 100, places=7) | st.integers(-4000, 4000).map(lambda k: Decimal(k) / 2000),
    st.integers(0, 4),
    rules,
)
def test_rounding_is_that_of_the_decimal_module(x, decimals, rule):
    expected = x.quantize(Decimal(1).scaleb(-decimals), rounding=MODES[rule])
    assert round_to(Fraction(x), decimals, rule) == Fraction(expected)


@steady
@given(fractions, st.integers(0, 3), rules)
def test_rounding_is_odd_and_idempotent(x, decimals, rule):
    once = round_to(x, decimals, rule)
    assert round_to(once, decimals, rule) == once
    assert round_to(-x, decimals, rule) == -once
    assert abs(once - x) < Fraction(1, 10**decimals)


@steady
@given(
    st.fractions(0, 50, max_denominator=3000) | st.integers(0, 400).map(lambda k: Fraction(k, 200) ** 2),
    st.integers(0, 3),
    rules,
)
def test_a_root_is_rounded_as_a_search_over_whole_numbers_rounds_it(square, decimals, rule):
    scale = 10**decimals
    whole = 0
    while Fraction(whole + 1, scale) ** 2 <= square:
        whole += 1
    middle = Fraction(2 * whole + 1, 2 * scale) ** 2
    if rule is Rounding.HALF_UP:
        whole += square >= middle
    elif rule is Rounding.HALF_EVEN:
        whole += square > middle or (square == middle and whole % 2 == 1)
    assert round_root(square, decimals, rule) == Fraction(whole, scale)


@steady
@given(st.integers(0, 3000), st.integers(0, 3), rules)
def test_the_root_of_a_square_is_rounded_like_the_number(k, decimals, rule):
    x = Fraction(k, 2000)
    assert round_root(x * x, decimals, rule) == round_to(x, decimals, rule)


@steady
@given(st.integers(-(10**6), 10**6), st.integers(0, 4))
def test_text_and_number_are_the_same_thing(k, decimals):
    x = Fraction(k, 10**decimals)
    text = show(x, decimals)
    number = PrintedNumber(text)
    assert (number.value, number.decimals, number.unit) == (x, decimals, Fraction(1, 10**decimals))
    assert Decimal(text) == Decimal(k).scaleb(-decimals)
    assert text == f"{Decimal(k).scaleb(-decimals):.{decimals}f}"


def test_a_number_with_more_decimals_than_asked_for_is_not_shown():
    with pytest.raises(ValueError, match="more than 1 decimals"):
        show(Fraction(1, 4), 1)


@steady
@given(fractions, st.integers(0, 2), rules, st.fractions(Fraction(1, 200), 40, max_denominator=400))
def test_a_scaled_cell_is_the_cell_of_scaled_numbers(x, decimals, rule, factor):
    for text in around(x, decimals):
        cell = PrintedNumber(text).cell(rule)
        assert (x * factor in cell.scaled(factor)) == (x in cell)


def test_the_ends_of_a_cell_count_only_where_closed():
    cell = Cell(Fraction(1), Fraction(2), True, False)
    assert Fraction(1) in cell
    assert Fraction(2) not in cell
    assert Fraction(1) not in Cell(Fraction(1), Fraction(2), False, True)
    assert Fraction(2) in Cell(Fraction(1), Fraction(2), False, True)


@pytest.mark.parametrize("mark", ["NR", "NE", "NA", "∞"])
def test_what_was_not_reached_has_no_value(mark):
    number = PrintedNumber(mark)
    assert not number.reached
    assert number.decimals == 0
    with pytest.raises(ValueError, match="no value"):
        _ = number.value


@pytest.mark.parametrize("text", ["", "1.", ".5", "1,5", "1e3", "nan", "--1", "1 2", "６", "nr", "67.90%", "1\n"])
def test_what_is_no_printed_number_is_refused(text):
    with pytest.raises(ValueError, match="not a printed number"):
        PrintedNumber(text)
