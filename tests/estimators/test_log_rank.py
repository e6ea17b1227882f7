"""Log-rank test against the textbook in fractions, and against lifelines."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.errors import InputError
from helpers.estimators.log_rank import log_rank
from tests.oracle import cohorts

Rows = list[tuple[int, int, str, int]]
patients: st.SearchStrategy[Rows] = st.lists(
    st.tuples(st.integers(0, 8), st.integers(0, 1), st.sampled_from("ab"), st.integers(0, 1)), min_size=1, max_size=20
)

steady = settings(deadline=None)


def textbook(rows: Rows) -> tuple[Fraction, Fraction]:
    """Observed minus expected in group a, and its hypergeometric variance, over strata and days."""
    difference, variance = Fraction(0), Fraction(0)
    for stratum, day in sorted({(s, t) for t, e, _, s in rows if e}):
        at_risk = [row for row in rows if row[3] == stratum and row[0] >= day]
        died = [row for row in at_risk if row[0] == day and row[1]]
        n, d = len(at_risk), len(died)
        share = Fraction(sum(row[2] == "a" for row in at_risk), n)
        difference += sum(row[2] == "a" for row in died) - d * share
        if n > 1:
            variance += d * share * (1 - share) * Fraction(n - d, n - 1)
    return difference, variance


def columns(rows: Rows) -> tuple[list, ...]:
    return tuple([row[k] for row in rows] for k in range(4))


@steady
@given(patients)
def test_two_groups_are_the_textbook_s(rows):
    time, event, group, stratum = columns(rows)
    result = log_rank(time, event, group, stratum)
    difference, variance = textbook(rows)
    if variance == 0:
        assert result.test.df == 0 and np.isnan(result.p_value)
    else:
        assert result.test.df == 1
        assert result.test.statistic == pytest.approx(float(difference**2 / variance), rel=1e-10, abs=1e-12)
    assert result.groups["observed"].sum() == sum(event)
    assert result.groups["expected"].sum() == pytest.approx(sum(event))
    own = result.groups.set_index("group").reindex(["a"]).iloc[0]
    if "a" in group:
        assert own["observed"] - own["expected"] == pytest.approx(float(difference), abs=1e-10)


@steady
@given(patients, st.permutations(range(20)))
def test_order_names_and_scale_do_not_matter(rows, order):
    shuffled = [rows[i] for i in order if i < len(rows)]
    time, event, group, stratum = columns(rows)
    other_time, other_event, other_group, other_stratum = columns(shuffled)
    one = log_rank(time, event, group, stratum).test
    other = log_rank(
        3 * np.array(other_time), other_event, ["z" if g == "a" else "y" for g in other_group],
        [f"stratum {-s}" for s in other_stratum],
    ).test  # fmt: skip
    assert other.df == one.df
    np.testing.assert_allclose(other.statistic, one.statistic, rtol=1e-10, atol=1e-12)


def test_many_groups_equal_lifelines():
    from lifelines.statistics import multivariate_logrank_test

    rows = cohorts.load("larynx")
    before = np.geterr()
    theirs = multivariate_logrank_test(rows["time"], rows["group"], rows["code"])
    np.seterr(**before)
    ours = log_rank(rows["time"], rows["code"], rows["group"])
    assert ours.test.statistic == pytest.approx(theirs.test_statistic, rel=1e-9)
    assert ours.p_value == pytest.approx(theirs.p_value, rel=1e-9)


def test_groups_stand_in_the_order_of_their_categories():
    group = pd.Categorical(["low", "high", "low", "high"], categories=["low", "high", "none"])
    assert log_rank([1, 2, 3, 4], [1, 1, 0, 1], group).groups["group"].tolist() == ["low", "high"]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("event", "group"),
    [([0] * 5, "aabbb"), ([1] * 5, "aaaaa"), ([1, 0, 0, 0, 1], "abcde"), ([0, 0, 0, 0, 1], "aaaab")],
)
def test_five_rows_make_no_noise(event, group):
    result = log_rank([1, 2, 3, 4, 5], event, list(group))
    assert np.isnan(result.p_value) == (result.test.df == 0)


@pytest.mark.parametrize(
    ("group", "strata", "says"),
    [
        (["a", None, "b"], None, "the group is missing for 1 of 3 patients, first for patient 2"),
        (["a", "b"], None, "2 labels of the group and 3 patients do not pair up"),
        (["a", "b", "a"], [1, np.nan, np.nan], "the stratum is missing for 2 of 3 patients"),
    ],
)
def test_bad_labels_are_refused(group, strata, says):
    with pytest.raises(InputError, match="remedy") as caught:
        log_rank([1, 2, 3], [1, 0, 1], group, strata)
    assert says in str(caught.value)
