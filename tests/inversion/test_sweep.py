"""Every n from 1 to 14 under every convention: the search finds what the brute force finds."""

from __future__ import annotations

import random

import pytest

from helpers.inversion.solve import solve
from tests.inversion import brute
from tests.inversion.brute import Print
from tests.inversion.making import CONVENTIONS, landmarks
from tests.inversion.sweep import (
    LARGEST,
    as_print,
    disagreements,
    every_text,
    ladder,
    matching,
    passing,
    printed,
    text,
)  # fmt: skip

SIZES = range(1, LARGEST + 1)
ALL_TEXTS_UP_TO = 5
FIELDS = (7, 3, 5, 6, 1, 2, 4)


def drawn(n: int, convention, decimals: int, rng: random.Random) -> tuple[int, tuple[int, ...]]:
    """A history and what it prints."""
    index = rng.randrange(len(ladder(n).code))
    return int(ladder(n).code[index]), tuple(printed(n, convention, decimals)[index].tolist())


def found(n: int, prints: tuple[Print, ...], convention) -> set[str]:
    return set(solve.__wrapped__(n, landmarks(prints), (convention,)).histories)


@pytest.mark.parametrize("n", SIZES)
def test_what_the_sweep_prints_is_what_the_exact_brute_force_prints(n):
    rng = random.Random(n)
    assert len(set(ladder(n).code.tolist())) == 2**n
    for k, convention in enumerate(CONVENTIONS):
        decimals = k % 3
        for index in {0, len(ladder(n).code) - 1, *(rng.randrange(len(ladder(n).code)) for _ in range(3))}:
            history, units = text(int(ladder(n).code[index])), printed(n, convention, decimals)[index]
            expected = brute.print_history(history, n, convention, decimals)
            assert as_print(tuple(units.tolist()), decimals) == expected, (history, convention)


@pytest.mark.parametrize("n", range(1, ALL_TEXTS_UP_TO + 1))
def test_every_text_that_any_history_prints_gives_the_brute_force_sets(n):
    asked = 0
    for units in every_text(n, 1):
        assert disagreements(n, 1, units) == [], units
        asked += 1
    assert asked == {1: 2, 2: 11, 3: 36, 4: 84, 5: 187}[n]


@pytest.mark.parametrize("n", range(ALL_TEXTS_UP_TO + 1, LARGEST + 1))
def test_a_text_of_every_convention_gives_the_brute_force_sets_of_all(n):
    rng = random.Random(100 + n)
    for convention in rng.sample(CONVENTIONS, len(CONVENTIONS))[:: 2 if n < 11 else 4]:
        _, units = drawn(n, convention, 1, rng)
        assert disagreements(n, 1, units) == [], (units, convention)


@pytest.mark.parametrize("n", SIZES)
def test_one_landmark_with_any_fields_gives_the_brute_force_set(n):
    rng = random.Random(200 + n)
    for k, convention in enumerate(CONVENTIONS):
        decimals, kept = (k % 3 if n < 13 else 1), FIELDS[k % len(FIELDS)] if n < 12 else FIELDS[k % 4]
        _, units = drawn(n, convention, decimals, rng)
        expected = {text(c) for c in matching(n, convention, decimals, units, kept).tolist()}
        assert found(n, (as_print(units, decimals, kept),), convention) == expected, (units, kept, convention)


@pytest.mark.parametrize("n", SIZES)
def test_two_landmarks_give_the_brute_force_set(n):
    rng = random.Random(300 + n)
    several = 0
    for k, convention in enumerate(CONVENTIONS):
        decimals, kept = (k % 3 if n < 13 else 1), rng.choice((7, 7, 3, 5, 6))
        code, last = drawn(n, convention, decimals, rng)
        on_the_way = [c for c in {1, *(code >> j for j in range(code.bit_length() - 1))} if c == 1 or c % 2 == 0]
        index = int((ladder(n).code == rng.choice(on_the_way)).argmax())
        first = tuple(printed(n, convention, decimals)[index].tolist())
        before = matching(n, convention, decimals, first, kept)
        expected = passing(before, matching(n, convention, decimals, last))
        assert text(code) in expected
        prints = (as_print(first, decimals, kept), as_print(last, decimals))
        assert found(n, prints, convention) == expected, (prints, convention)
        several += len(expected) > 1
    assert several > 5 or n < 4


@pytest.mark.parametrize("n", SIZES)
def test_what_no_history_prints_gives_the_empty_set(n):
    rng = random.Random(400 + n)
    empty = 0
    for k, convention in enumerate(CONVENTIONS):
        decimals = k % 3 if n < 13 else 1
        _, units = drawn(n, convention, decimals, rng)
        field, step = rng.randrange(3), rng.choice((-1, 1))
        wrong = tuple(min(max(u + step * (i == field), 0), 10 ** (decimals + 2)) for i, u in enumerate(units))
        expected = {text(c) for c in matching(n, convention, decimals, wrong).tolist()}
        assert found(n, (as_print(wrong, decimals),), convention) == expected, (wrong, convention)
        empty += not expected
    assert empty > 30
