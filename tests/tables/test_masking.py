"""Masked tables: by brute force, no hidden small count can be worked out from what is shown."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.errors import InputError
from helpers.tables.masking import VAGUE, Sum, masked_counts


def two_way(cells: list[list[int]]) -> tuple[list[int], list[Sum], list[int]]:
    """A table of levels by groups with a column of all patients and public group sizes, as Table 1 has it.

    With a single group there is no such column. Counts line by line, then the sizes; how they add up; public places.
    """
    counts = full(np.array([cells]))[0].tolist()
    levels, wide = len(cells), len(counts) // (len(cells) + 1)
    n = levels * wide
    sums = [Sum(n + j, tuple(i * wide + j for i in range(levels))) for j in range(wide)]
    if wide > 1:
        sums += [Sum(i * wide + wide - 1, tuple(i * wide + j for j in range(wide - 1))) for i in range(levels)]
    return counts, sums, list(range(n, n + wide))


def full(tables: np.ndarray) -> np.ndarray:
    """Tables (k, levels, groups) with their totals, as flat counts in the order of `two_way`."""
    if tables.shape[2] > 1:
        tables = np.concatenate((tables, tables.sum(axis=2, keepdims=True)), axis=2)
    tables = np.concatenate((tables, tables.sum(axis=1, keepdims=True)), axis=1)
    return tables.reshape(len(tables), -1)


def readings(cells: list[list[int]], hidden: dict[int, str], threshold: int) -> list[set[int]]:
    """All values that each count takes in tables with these group sizes that show the same, by trying every one."""
    sizes = np.array(cells).sum(axis=0)
    columns = [[c for c in product(range(n + 1), repeat=len(cells)) if sum(c) == n] for n in sizes.tolist()]
    tables = full(np.array([np.transpose(columns) for columns in product(*columns)]))
    counts = full(np.array([cells]))[0]
    fits = np.ones(len(tables), dtype=bool)
    for k, count in enumerate(counts):
        column, text = tables[:, k], hidden.get(k)
        if text is None:
            fits &= column == count
        elif text.startswith("<"):
            fits &= (column >= 1) & (column < threshold)
        elif text.startswith("≥"):
            fits &= column >= threshold
        else:
            assert text == VAGUE
    return [set(tables[fits, k].tolist()) for k in range(len(counts))]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=2, max_size=4), st.integers(2, 4))
def test_one_column_keeps_its_small_counts(column: list[int], threshold: int) -> None:
    cells = [[x] for x in column]
    counts, sums, public = two_way(cells)
    assume(sum(column) >= threshold)
    check_safe(cells, counts, sums, public, threshold)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.integers(0, 4), min_size=2, max_size=2), min_size=2, max_size=3), st.integers(2, 3))
def test_a_table_with_totals_keeps_its_small_counts(cells: list[list[int]], threshold: int) -> None:
    counts, sums, public = two_way(cells)
    assume(all(counts[k] >= threshold for k in public))
    check_safe(cells, counts, sums, public, threshold)


def check_safe(cells: list[list[int]], counts: list[int], sums: list[Sum], public: list[int], threshold: int) -> None:
    hidden = masked_counts(counts, sums, threshold, public)
    values = readings(cells, hidden, threshold)
    assert not set(hidden) & set(public)
    for k, count in enumerate(counts):
        assert count in values[k]
        if 0 < count < threshold:
            assert hidden[k] in (f"<{threshold}", VAGUE)
            assert len(values[k]) > 1


def test_what_cannot_be_shown_safely_is_refused() -> None:
    with pytest.raises(InputError, match="follows from public ones"):
        masked_counts([6, 4, 2], [Sum(0, (1, 2))], 3, public=[0, 1])
    with pytest.raises(InputError, match="fewer than 5 patients"):
        masked_counts([3, 1, 2], [Sum(0, (1, 2))], 5, public=[0])


def test_counts_that_pin_each_other_are_not_even_bounded() -> None:
    # "<5" and "<5" out of 8 would be 4 and 4
    assert masked_counts([8, 4, 4], [Sum(0, (1, 2))], 5, public=[0]) == {1: VAGUE, 2: VAGUE}


def test_zero_and_large_counts_stay() -> None:
    assert masked_counts([20, 0, 20], [Sum(0, (1, 2))], 5, public=[0]) == {}
    assert masked_counts([20, 2, 18], [Sum(0, (1, 2))], 0, public=[0]) == {}
    assert masked_counts([3, 9], [], 5) == {0: "<5"}
