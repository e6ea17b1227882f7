"""Concordance against a count of all pairs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.estimators.concordance import concordance

steady = settings(deadline=None)

Rows = list[tuple[int, int, int, int, int]]
patients: st.SearchStrategy[Rows] = st.lists(
    st.tuples(st.integers(0, 7), st.integers(1, 7), st.integers(0, 1), st.integers(0, 3), st.integers(0, 1)),
    min_size=1, max_size=14,
)  # fmt: skip


def all_pairs(rows: Rows) -> np.ndarray:
    """Concordant, discordant and tied pairs of each patient, in either role."""
    counts = np.zeros((len(rows), 3))
    for i, (t, _, event, risk, stratum) in enumerate(rows):
        for j, (other, length, other_event, other_risk, other_stratum) in enumerate(rows):
            outlived = other > t or (other == t and not other_event)
            if event and stratum == other_stratum and other - length < t and outlived:
                kind = 0 if other_risk < risk else 1 if other_risk > risk else 2
                counts[i, kind] += 1
                counts[j, kind] += 1
    return counts


@steady
@given(patients)
def test_pairs_are_those_counted_one_by_one(rows):
    time, length, event, risk, stratum = (np.array(column) for column in zip(*rows, strict=True))
    result = concordance(time, event, risk / 2, time - length, stratum)
    counts = all_pairs(rows)
    agree, differ, equal = counts.sum(axis=0) / 2
    assert (result.concordant, result.discordant, result.tied_risk) == (agree, differ, equal)
    pairs = agree + differ + equal
    if not pairs:
        assert np.isnan(result.estimate)
        return
    assert result.estimate == pytest.approx((agree + equal / 2) / pairs)
    somers = (agree - differ) / pairs
    influence = (counts[:, 0] - counts[:, 1] - somers * counts.sum(axis=1)) / (2 * pairs)
    assert result.std_error == pytest.approx(np.sqrt((influence**2).sum()), abs=1e-12)


def test_perfect_and_reversed_prediction():
    time, event = np.arange(1, 9), [1, 1, 0, 1, 1, 0, 1, 1]
    assert concordance(time, event, -time).estimate == 1
    assert concordance(time, event, time).estimate == 0
    assert concordance(time, event, np.zeros(8)).estimate == 0.5
