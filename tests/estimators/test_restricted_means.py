"""Differences of restricted means: against plain means, by simulation, edges and messages."""

from __future__ import annotations

from math import hypot, log

import numpy as np
import pytest
from scipy.stats import norm

from helpers.errors import InputError
from helpers.estimators.restricted_means import restricted_mean_difference, restricted_means


def test_without_censoring_it_is_a_difference_of_means():
    a, b = np.array([3.0, 5, 5, 8, 11]), np.array([2.0, 4, 9, 10])
    result = restricted_mean_difference(np.concatenate((a, b)), np.ones(9), ["a"] * 5 + ["b"] * 4, 20)
    gap, error = b.mean() - a.mean(), hypot(a.std() / 5**0.5, b.std() / 4**0.5)
    assert result.difference.estimate == pytest.approx(gap)
    assert result.difference.std_error == pytest.approx(error)
    assert result.difference.p_value == pytest.approx(2 * norm.sf(abs(gap) / error))
    assert (result.difference.low, result.difference.high) == pytest.approx(
        (gap - norm.ppf(0.975) * error, gap + norm.ppf(0.975) * error)
    )
    assert result.ratio.estimate == pytest.approx(b.mean() / a.mean())
    assert log(result.ratio.high / result.ratio.estimate) == pytest.approx(norm.ppf(0.975) * result.ratio.std_error)
    assert (result.reference, result.compared) == ("a", "b")
    assert result.notes == ()


def test_the_reference_turns_the_sign():
    time, event, group = [1, 2, 3, 4, 5, 6], [1, 0, 1, 1, 1, 0], list("ababab")
    one = restricted_mean_difference(time, event, group, 5)
    other = restricted_mean_difference(time, event, group, 5, reference="b")
    assert other.difference.estimate == -one.difference.estimate
    assert other.ratio.estimate == pytest.approx(1 / one.ratio.estimate)
    assert other.difference.p_value == one.difference.p_value


def test_a_horizon_past_follow_up_is_told():
    result = restricted_mean_difference([5, 6, 2, 3], [1, 0, 1, 1], list("aabb"), 8)
    assert result.groups.set_index("group")["complete"].to_dict() == {"a": False, "b": True}
    assert len(result.notes) == 1 and "group a (6)" in result.notes[0]


def test_the_interval_covers_as_often_as_it_says():
    generator = np.random.default_rng(20241)
    truth = 12 * (1 - np.exp(-15 / 12)) - 9 * (1 - np.exp(-15 / 9))
    group = np.repeat([0, 1], 80)
    hits = 0
    for _ in range(400):
        time = np.where(group == 1, generator.exponential(12, 160), generator.exponential(9, 160))
        censored = generator.uniform(5, 40, 160)
        found = restricted_mean_difference(np.minimum(time, censored), time <= censored, group, 15, level=0.9)
        hits += found.difference.low <= truth <= found.difference.high
    assert 0.86 < hits / 400 < 0.94


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("event", [[0] * 5, [1] * 5, [0, 0, 1, 0, 1]])
def test_five_rows_make_no_noise(event):
    result = restricted_mean_difference([0, 0, 4, 5, 6], event, list("aabbb"), 6)
    assert np.isfinite(result.difference.estimate)
    assert np.isnan(result.difference.p_value) == (result.difference.std_error == 0)
    assert restricted_means([1, 2, 3, 4, 5], event, 4)["group"].tolist() == ["all"]


@pytest.mark.parametrize(
    ("group", "options", "says"),
    [
        (list("abc"), {}, "a difference needs two groups, not 3 (found 'a, b, c')"),
        (list("aaa"), {}, "needs two groups, not 1"),
        (list("aab"), {"reference": "c"}, "neither of the groups a and b (found 'c')"),
        (list("aab"), {"horizon": 0}, "must be positive"),
    ],
)
def test_bad_input_is_refused(group, options, says):
    with pytest.raises(InputError) as caught:
        restricted_mean_difference([1, 2, 3], [1, 1, 0], group, **({"horizon": 2} | options))
    assert says in str(caught.value)
