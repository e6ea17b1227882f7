"""Small cells: hidden with all from which they could be had again, and nothing else."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.cohort import mask_counts
from helpers.errors import InputError

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


@given(st.lists(st.integers(0, 12), min_size=1, max_size=8), st.integers(2, 6))
def test_no_hidden_count_can_be_had_from_the_sum_of_its_group(counts: list[int], below: int) -> None:
    frame = pd.DataFrame({"n": counts})
    masked = mask_counts(frame, below, count="n", adds_up=[])["n"].tolist()
    hidden = [i for i, cell in enumerate(masked) if isinstance(cell, str)]
    for i, (cell, count) in enumerate(zip(masked, counts, strict=True)):
        if 1 <= count < below:
            assert i in hidden
        elif i not in hidden:
            assert cell == count
    assert len(hidden) != 1 or len(counts) == 1
