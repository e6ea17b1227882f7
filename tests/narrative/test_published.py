"""Days that can be told and curves that can be published: nobody finds fewer than the threshold between them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from helpers.conventions import Interval
from helpers.estimators.kaplan_meier import survival_table
from helpers.narrative.patients.published import MONTH, coarse_curve, leaving, tellable_days
from helpers.narrative.survival import curve_frame

BELOW = 5
COHORT = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 2)), min_size=1, max_size=120)


def split(rows: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([day for day, _ in rows], dtype=float), np.array([code for _, code in rows])


@given(COHORT, st.lists(st.integers(0, 420), min_size=1, max_size=8, unique=True))
def test_what_is_told_on_days_and_between_them_is_nobody_or_enough(
    rows: list[tuple[int, int]], days: list[int]
) -> None:
    time, code = split(rows)
    told = tellable_days([float(day) for day in days], BELOW, leaving(time, code))
    assert set(told) <= set(days)
    assert told == sorted(told)
    before = -1.0
    for day in told:
        counts = [int(((code == kind) & (time <= day)).sum()) for kind in (0, 1, 2)]
        counts += [int(((code == kind) & (time > before) & (time <= day)).sum()) for kind in (0, 1, 2)]
        counts += [int((time >= day).sum()), int((time > day).sum()), int((time == day).sum())]
        assert not any(0 < count < BELOW for count in counts)
        before = day


def test_a_day_that_hides_nobody_is_told_and_without_a_threshold_all_are() -> None:
    time, code = np.repeat([10.0, 20.0, 30.0], 6), np.repeat([1, 0, 1], 6)
    curve = leaving(time, code)
    assert tellable_days([5, 10, 15, 25, 35], BELOW, curve) == [5, 10, 15, 25, 35]
    assert tellable_days([1, 2, 3], 0, leaving(time[:1], code[:1])) == [1, 2, 3]


def test_the_rest_of_a_whole_is_protected_too() -> None:
    time, code = np.arange(1.0, 31), np.ones(30, dtype=int)
    whole, part = leaving(time, code), leaving(time[::2], code[::2])
    rest = leaving(time[1::2][:13], code[1::2][:13])
    assert tellable_days([12.5], BELOW, whole) == [12.5]
    assert tellable_days([12], BELOW, whole) == []  # who leaves on the day itself is at risk on it
    assert tellable_days([8.5], BELOW, whole, part) == []
    assert tellable_days([27.5], BELOW, part, rest) == []


@given(COHORT)
def test_a_coarse_curve_is_the_curve_at_its_steps_and_each_stands_for_enough(rows: list[tuple[int, int]]) -> None:
    time, code = split(rows)
    event = (code == 1).astype(int)
    full = curve_frame(survival_table(time, event), Interval.PLAIN)
    coarse = coarse_curve(full, time, event, BELOW)
    steps = coarse["time"].tolist()
    assert steps[0] == 0
    exact = full.set_index("time")["survival"]
    told = 0
    for k, (day, share) in enumerate(zip(steps, coarse["survival"], strict=True)):
        count = int(event[time <= day].sum())
        if k and share != coarse["survival"].iloc[k - 1]:
            assert count - told >= BELOW
            assert abs(share - exact[day]) <= 0.005 + 1e-12
            assert (time >= day).sum() >= BELOW
        if k == 0 or share != coarse["survival"].iloc[k - 1]:
            told = count
    assert (coarse["censored"] == 0).all()
    if len(steps) > 1:
        assert steps[-1] % MONTH == 0 or steps[-1] in set(time)
