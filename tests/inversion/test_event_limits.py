"""Limits of a median that are event times: the step found on a history is the day that R's rule gives on rows."""

from __future__ import annotations

from fractions import Fraction
from math import isfinite

from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.conventions import Interval
from helpers.estimators.kaplan_meier import survival_table
from helpers.estimators.medians import FlatMedianRule, brookmeyer_crowley, median_survival
from helpers.inversion.event_limits import event_time_median, fixed_days, limit_step
from helpers.inversion.medians import PrintedMedian
from helpers.printed import PrintedNumber, Rounding

Z = 1.959963984540054
steady = settings(deadline=None, derandomize=True, max_examples=150)


def rows(history: str, n: int) -> tuple[list[int], list[int]]:
    """One patient a step, ten days apart, and the rest censored later on."""
    kinds = history + "C" * (n - len(history))
    return [10 * (i + 1) for i in range(n)], [int(kind == "E") for kind in kinds]


def printed(value: str, low: str | None, high: str | None) -> PrintedMedian:
    numbers = [PrintedNumber(text) if text else None for text in (value, low, high)]
    return event_time_median(PrintedMedian("m", "OS", *numbers, Fraction(1)))


@steady
@given(st.integers(4, 20), st.text("EC", min_size=3, max_size=20), st.sampled_from(list(Interval)))
def test_the_step_is_the_event_time_of_the_estimator(n, text, interval):
    history = text[: n - 1]
    time, event = rows(history, n)
    table = survival_table(time, event)
    median = brookmeyer_crowley(table, interval, Z)
    for name, day in (("ci_low", median.low), ("ci_high", median.high)):
        step = limit_step(history, n, name, interval)
        if step is not None:
            assert day == time[step]
        elif isfinite(day):
            assert day not in time or day > 10 * len(history) or history[int(day / 10) - 1] == "E"
    step = limit_step(history, n, "value", interval)
    if step is not None:
        assert median_survival(table, FlatMedianRule.FIRST_BELOW) == time[step]


def test_a_limit_fixes_the_day_of_a_step():
    history, n = "EEEEEEEE", 11
    steps = {name: limit_step(history, n, name, Interval.LOG) for name in ("value", "ci_low", "ci_high")}
    assert steps["ci_low"] < steps["value"]
    fixed = fixed_days(history, n, printed("70", "30", None), (Rounding.HALF_UP,), Interval.LOG)
    assert fixed[steps["value"]] == (70, 70) and fixed[steps["ci_low"]] == (30, 30)


def test_a_limit_that_is_reached_cannot_be_printed_as_not_reached():
    history, n = "EEEEEEEEEEE", 12
    assert limit_step(history, n, "ci_high", Interval.PLAIN) is not None
    assert fixed_days(history, n, printed("70", "30", "NR"), tuple(Rounding), Interval.PLAIN) is None
    assert fixed_days("EEEEEEE", n, printed("70", "30", "NR"), tuple(Rounding), Interval.LOG) is not None
