"""Small cells: hidden with all from which they could be had again, and nothing else."""

from __future__ import annotations

from itertools import product

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from helpers.errors import InputError
from helpers.tables.masked_frames import mask_counts

FRAME = pd.DataFrame(
    {
        "what": ["CRS", "CRS", "CRS", "ICANS", "ICANS"],
        "grade": ["0", "1-2", "3-5", "0", "1-4"],
        "n": [6, 13, 3, 22, 0],
        "of": [22, 22, 22, 22, 22],
        "percent": ["27.3 %", "59.1 %", "13.6 %", "100.0 %", "0.0 %"],
    }
)


def test_small_counts_go_with_their_percentages() -> None:
    masked = mask_counts(FRAME, 5, count="n", beside=["percent"])
    assert masked["n"].tolist() == [6, 13, "<5", 22, 0]
    assert masked["percent"].tolist() == ["27.3 %", "59.1 %", "–", "100.0 %", "0.0 %"]
    assert FRAME["n"].tolist() == [6, 13, 3, 22, 0]


def test_a_count_whose_complement_is_small_is_hidden_too() -> None:
    frame = pd.DataFrame({"n": [20, 17, 22, 21, 2], "of": 22})
    assert mask_counts(frame, 5, count="n", of="of")["n"].tolist() == ["≥5", 17, 22, "≥5", "<5"]


def test_a_lone_hidden_count_of_a_sum_takes_the_next_smallest_with_it() -> None:
    masked = mask_counts(FRAME, 5, count="n", adds_up=["what"])
    assert masked["n"].tolist() == ["≥5", 13, "<5", 22, 0]
    two = pd.DataFrame({"n": [10, 2, 3]})
    assert mask_counts(two, 5, count="n", adds_up=[])["n"].tolist() == [10, "<5", "<5"]


@pytest.mark.parametrize("below", [0, 1])
def test_without_a_threshold_nothing_changes(below: int) -> None:
    pd.testing.assert_frame_equal(mask_counts(FRAME, below, count="n", of="of", beside=["percent"]), FRAME)


def test_missing_counts_stay_missing() -> None:
    frame = pd.DataFrame({"n": pd.array([3, None, 8], dtype="Int64")})
    assert mask_counts(frame, 5, count="n")["n"].tolist() == ["<5", pd.NA, 8]


def test_wrong_requests_are_refused() -> None:
    with pytest.raises(InputError, match="no column m"):
        mask_counts(FRAME, 5, count="m")
    with pytest.raises(InputError, match="negative"):
        mask_counts(FRAME, -1, count="n")


def test_a_small_denominator_cannot_be_published() -> None:
    with pytest.raises(InputError, match="a group has fewer than 5 patients"):
        mask_counts(pd.DataFrame({"n": [2], "of": [4]}), 5, count="n", of="of")


def values_left(counts: list[int], shown: list[object], below: int, total: int) -> list[set[int]]:
    """Every value that each count can have, given what is shown and the total, by trying all."""
    ranges = []
    for count, cell in zip(counts, shown, strict=True):
        low, high = {"<": (1, below - 1), "≥": (below, total)}.get(str(cell)[0], (0, total))
        ranges.append(range(low, high + 1) if isinstance(cell, str) else (count,))
    fitting = [values for values in product(*ranges) if sum(values) == total]
    return [{values[i] for values in fitting} for i in range(len(counts))]


@given(st.lists(st.integers(0, 8), min_size=2, max_size=4), st.integers(2, 4))
def test_no_small_count_can_be_had_from_the_sum_of_its_group(counts: list[int], below: int) -> None:
    assume(sum(counts) >= below)
    try:
        shown = mask_counts(pd.DataFrame({"n": counts}), below, count="n", adds_up=[])["n"].tolist()
    except InputError:
        return
    left = values_left(counts, shown, below, sum(counts))
    for count, cell, values in zip(counts, shown, left, strict=True):
        assert count in values
        if 1 <= count < below:
            assert isinstance(cell, str)
            assert len(values) > 1
        elif not isinstance(cell, str):
            assert cell == count


@given(st.integers(1, 30), st.integers(0, 30), st.integers(2, 6))
def test_neither_a_small_count_nor_a_small_rest_can_be_had_from_a_denominator(n: int, k: int, below: int) -> None:
    assume(k <= n and n >= below)
    (cell,) = mask_counts(pd.DataFrame({"n": [k], "of": [n]}), below, count="n", of="of")["n"]
    small = 1 <= k < below or 1 <= n - k < below
    assert isinstance(cell, str) == small
    if small:
        assert len(values_left([k, n - k], [cell, "not shown"], below, n)[0]) > 1
