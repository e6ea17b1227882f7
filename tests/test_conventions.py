"""Conventions: all of them, each once, the plainest first; and the multipliers, from the normal integral itself."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest

from helpers.conventions import Convention, Interval, all_conventions, z_value
from helpers.printed import Rounding
from tests.inversion.brute import normal_quantile


def test_every_combination_stands_once():
    found = list(all_conventions())
    assert len(found) == len(set(found)) == 3 * 2 * 4 * 3
    counts = Counter(c.interval for c in found)
    assert set(counts) == {"plain", "log", "log-log"}
    assert set(counts.values()) == {24}
    assert Counter(c.rounded_to for c in found) == {None: 18, 3: 18, 4: 18, 2: 18}


def test_the_plainest_comes_first():
    assert next(all_conventions()) == Convention(Interval.PLAIN, "1.96", None, Rounding.HALF_UP)


def test_choices_narrow_the_list():
    some = list(all_conventions((Interval.LOG,), ("exact",), (3,), (Rounding.TRUNCATION,)))
    assert some == [Convention(Interval.LOG, "exact", 3, Rounding.TRUNCATION)]


def test_ninety_five_percent_is_the_normal_integral_to_48_digits():
    exact = z_value("exact")
    assert abs(exact - normal_quantile("0.95")) < Decimal("1e-48")
    assert z_value("1.96") == Decimal("1.96")


@pytest.mark.parametrize(("level", "short"), [("0.9", "1.64"), ("0.99", "2.58"), ("0.8", "1.28"), ("0.5", "0.67")])
def test_other_levels_are_the_normal_integral_to_14_digits(level, short):
    assert abs(z_value("exact", Fraction(level)) - normal_quantile(level)) < Decimal("1e-14")
    assert z_value("1.96", Fraction(level)) == Decimal(short)


def test_plain_values_for_json():
    convention = Convention(Interval.LOG_LOG, "exact", None, Rounding.HALF_EVEN)
    assert convention.as_dict() == {"interval": "log-log", "z": "exact", "rounded_to": None, "rounding": "half-even"}
    assert all(value is None or type(value) in (str, int) for value in convention.as_dict().values())


def test_a_reader_learns_of_every_choice():
    texts = {c.describe() for c in all_conventions()}
    assert len(texts) == 72
    assert "plain interval, z 1.96, S and se rounded to 3 decimals first, half-up" in texts


def test_rounding_to_whole_numbers_first_is_told_from_full_precision():
    """A study folder may fix rounded_to at 0."""
    zero = Convention(Interval.PLAIN, "1.96", 0, Rounding.HALF_UP)
    assert "full precision" not in zero.describe()
