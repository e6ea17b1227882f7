"""Two proportions: published intervals, the exact test spelled out, subgroups by hand."""

from __future__ import annotations

from fractions import Fraction
from math import comb, inf

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.errors import InputError
from helpers.estimators.proportion_contrasts import contrast_proportions, subgroup_proportions
from helpers.estimators.proportions import proportion


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((10, 10, 0, 20), 0.6791, 1.0),
        ((10, 10, 0, 10), 0.6075, 1.0),
    ],
)
def test_differences_are_those_newcombe_printed(counts, low, high):
    """Stat Med 1998;17:873, table II, method 10."""
    found = contrast_proportions(*counts)
    assert (round(found.difference_low, 4), round(found.difference_high, 4)) == (low, high)


tables = st.tuples(st.integers(1, 14), st.integers(1, 14)).flatmap(
    lambda n: st.tuples(st.integers(0, n[0]), st.just(n[0]), st.integers(0, n[1]), st.just(n[1]))
)


def probabilities(n: int, m: int, total: int, odds: float = 1.0) -> dict[int, float]:
    weight = {x: comb(n, x) * comb(m, total - x) * odds**x for x in range(max(0, total - m), min(n, total) + 1)}
    return {x: w / sum(weight.values()) for x, w in weight.items()}


@settings(deadline=None)
@given(tables)
def test_fisher_spelled_out(table):
    a, n, b, m = table
    exact = {x: Fraction(comb(n, x) * comb(m, a + b - x), comb(n + m, a + b)) for x in probabilities(n, m, a + b)}
    expected = sum(p for p in exact.values() if p <= exact[a])
    assert contrast_proportions(*table).p_value == pytest.approx(float(expected), rel=1e-9)


@settings(deadline=None)
@given(tables, st.sampled_from([0.8, 0.95]))
def test_the_odds_ratio_s_limits_are_where_one_sided_tests_turn(table, level):
    a, n, b, m = table
    found = contrast_proportions(*table, level)
    if not 0 < a + b < n + m:
        assert np.isnan([found.odds_ratio, found.odds_ratio_low, found.odds_ratio_high]).all()
        return
    support = probabilities(n, m, a + b)
    if a == min(support):
        assert found.odds_ratio_low == 0
    else:
        tail = sum(p for x, p in probabilities(n, m, a + b, found.odds_ratio_low).items() if x >= a)
        assert tail == pytest.approx((1 - level) / 2, rel=1e-5)
    if a == max(support):
        assert found.odds_ratio_high == inf
    else:
        tail = sum(p for x, p in probabilities(n, m, a + b, found.odds_ratio_high).items() if x <= a)
        assert tail == pytest.approx((1 - level) / 2, rel=1e-5)
    if min(support) < a < max(support):
        mean = sum(x * p for x, p in probabilities(n, m, a + b, found.odds_ratio).items())
        assert mean == pytest.approx(a, rel=1e-6), "the conditional maximum-likelihood estimate"


@settings(deadline=None)
@given(tables)
def test_exchanging_the_groups_turns_everything_round(table):
    a, n, b, m = table
    one, other = contrast_proportions(a, n, b, m), contrast_proportions(b, m, a, n)
    assert other.difference == pytest.approx(-one.difference)
    assert other.difference_low == pytest.approx(-one.difference_high)
    assert other.p_value == pytest.approx(one.p_value)
    assert -1 <= one.difference_low <= one.difference + 1e-12 and one.difference - 1e-12 <= one.difference_high <= 1


def test_subgroups_by_hand():
    frame = subgroup_proportions(
        [1, 1, 0, None, 1, 0, 0, 1],
        pd.DataFrame({
            "sex": ["f", "m", "f", "m", "m", None, "f", "m"],
            "risk": pd.Categorical(["low"] * 3 + ["high"] * 5, categories=["low", "high", "none"]),
        }),
    )  # fmt: skip
    assert frame[["subgroup", "level", "count", "n", "not_evaluable"]].values.tolist() == [
        ["", "", 4, 7, 1],
        ["sex", "f", 1, 3, 0],
        ["sex", "m", 3, 3, 1],
        ["sex", "not known", 0, 1, 0],
        ["risk", "low", 2, 3, 0],
        ["risk", "high", 2, 4, 1],
    ]
    expected = contrast_proportions(3, 3, 1, 3)
    row = frame.iloc[2]
    assert (row["difference"], row["p"], row["odds_ratio_high"]) == (
        expected.difference, expected.p_value, inf
    )  # fmt: skip
    assert frame.iloc[[0, 1, 3, 4]]["p"].isna().all()
    whole = proportion(4, 7)
    assert frame.iloc[0][["estimate", "low", "high"]].tolist() == [whole.estimate, whole.low, whole.high]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("response", [[None] * 5, [1] * 5, [0] * 5, [1, 0, None, 1, 0]])
def test_five_rows_make_no_noise(response):
    groups = pd.DataFrame({"a": [None] * 5, "b": list("vwxyz"), "c": [1] * 5, "d": [True, False, True, None, False]})
    frame = subgroup_proportions(response, groups)
    evaluable = frame[frame["n"] > 0]
    assert (evaluable["low"] <= evaluable["estimate"]).all() and (evaluable["estimate"] <= evaluable["high"]).all()
    assert frame.groupby("subgroup")[["n", "not_evaluable"]].sum().sum(axis=1).eq(5).all()


def test_bad_input_is_refused():
    with pytest.raises(InputError, match="response of patient 2 is neither 0 nor 1"):
        subgroup_proportions([1, 3], pd.DataFrame({"sex": ["f", "m"]}))
    with pytest.raises(InputError, match="1 rows of subgroups and 2 responses"):
        subgroup_proportions([1, 0], pd.DataFrame({"sex": ["f"]}))
    with pytest.raises(ValueError):
        contrast_proportions(3, 2, 0, 1)
