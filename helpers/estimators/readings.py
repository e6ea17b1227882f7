"""Readings of Kaplan-Meier curves as tidy tables: S(t) at given days, times at which given shares are reached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import inf
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from helpers.conventions import Interval
from helpers.errors import InputError, Problem
from helpers.estimators.checks import checked_groups, multiplier
from helpers.estimators.intervals import confidence_limits
from helpers.estimators.kaplan_meier import Floats, at_risk_table, checked_rows, survival_at, survival_table
from helpers.estimators.medians import FlatMedianRule, Median, brookmeyer_crowley, compared, spss_median

_R_TOLERANCE = float(np.sqrt(np.finfo(float).eps))


def survival_readings(
    time: ArrayLike,
    event: ArrayLike,
    days: ArrayLike,
    *,
    group: Any = None,
    intervals: Sequence[Interval] = tuple(Interval),
    level: float = 0.95,
    z: float | None = None,
    extend: bool = False,
) -> pd.DataFrame:
    """S(t) at any days with its standard error and intervals, by group.

    Parameters
    ----------
    time, event : (n,) as in `survival_table`.
    days : (d,) days to read at, in any order.
    group : (n,) labels, none missing; omitted: one group named ``all``.
    intervals : one row for each of them.
    level : of the intervals; `z`, if given, is their multiplier instead (e.g. 1.96).
    extend : carry the last value on past the last observed time; otherwise S is NaN there unless it is 0.

    Returns
    -------
    DataFrame
        One row a group, day and interval: `group`, `day`, `at_risk` (T ≥ day), `events`, `censored` (both up to and
        including the day), `survival`, `std_error`, `interval`, `low`, `high`. The edges of the limits are those of
        `confidence_limits`; before the first event the standard error is 0.

    Raises
    ------
    InputError
        As `survival_table`; a label missing.

    Examples
    --------
    >>> readings = survival_readings([10, 20, 30, 40], [1, 1, 0, 1], [25], intervals=[Interval.PLAIN])
    >>> readings[["at_risk", "events", "survival", "high"]].round(4).values.tolist()
    [[2.0, 2.0, 0.5, 0.99]]
    """
    days = np.atleast_1d(np.asarray(days, dtype=float))
    z = multiplier(level) if z is None else z
    frames = []
    for name, times, events in _by_group(time, event, group):
        table = survival_table(times, events)
        row = np.searchsorted(table["time"].to_numpy(), days, side="right")
        survival = survival_at(table, days, extend=extend)
        known = ~np.isnan(survival)
        greenwood = np.where(known, np.concatenate(([0.0], table["greenwood"].to_numpy()))[row], np.nan)
        error = np.where(known, np.concatenate(([0.0], table["std_error"].to_numpy()))[row], np.nan)
        past = {c: np.concatenate(([0], table[c].cumsum().to_numpy()))[row] for c in ("events", "censored")}
        for interval in intervals:
            low, high = confidence_limits(survival, greenwood, interval, z)
            frames.append(pd.DataFrame({
                "group": [name] * days.size, "day": days, "at_risk": at_risk_table(times, events, days)["at_risk"],
                **past, "survival": survival, "std_error": error, "interval": str(interval), "low": low, "high": high,
            }))  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def quantile_readings(
    time: ArrayLike,
    event: ArrayLike,
    probabilities: Sequence[float | Fraction] = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)),
    *,
    group: Any = None,
    intervals: Sequence[Interval] = tuple(Interval),
    level: float = 0.95,
    z: float | None = None,
) -> pd.DataFrame:
    """Times by which given shares of patients have had the event, with limits, by group: R's ``quantile(survfit)``.

    The q-quantile is where S comes below 1 − q, the middle of the flat where S is exactly 1 − q (up to the last
    observed time if it never drops again); its limits are where the lower and the upper confidence curves do the same.

    Parameters
    ----------
    time, event, group, intervals, level, z : as in `survival_readings`.
    probabilities : q strictly between 0 and 1; fractions are taken exactly, floats as the decimal they print as.

    Returns
    -------
    DataFrame
        One row a group, probability and interval: `group`, `probability`, `interval`, `time`, `low`, `high`; infinite
        where not reached.

    Raises
    ------
    InputError
        As `survival_readings`; a probability out of range.

    Examples
    --------
    >>> readings = quantile_readings([10, 20, 30, 40], [1, 1, 0, 1], [0.5], intervals=[Interval.LOG])
    >>> readings[["time", "low", "high"]].values.tolist()
    [[30.0, 10.0, inf]]
    """
    shares = [Fraction(str(q)) if isinstance(q, float) else Fraction(q) for q in probabilities]
    for q in shares:
        if not 0 < q < 1:
            remedy = "give e.g. 0.5 for the median"
            raise InputError(Problem("a probability lies strictly between 0 and 1", remedy, found=str(q)))
    z = multiplier(level) if z is None else z
    rows = []
    for name, times, events in _by_group(time, event, group):
        table = survival_table(times, events)
        observed = table["time"].to_numpy()
        for q in shares:
            signs = compared(table, 1 - q)
            value = _middle(observed, signs)
            for interval in intervals:
                curves = confidence_limits(table["survival"], table["greenwood"], interval, z)
                low, high = (_middle(observed, _signs(curve, float(1 - q))) for curve in curves)
                rows.append((name, float(q), str(interval), value, low, high))
    return pd.DataFrame(rows, columns=["group", "probability", "interval", "time", "low", "high"])


def median_readings(
    time: ArrayLike,
    event: ArrayLike,
    *,
    group: Any = None,
    rules: Sequence[FlatMedianRule] = tuple(FlatMedianRule),
    intervals: Sequence[Interval] = tuple(Interval),
    level: float = 0.95,
    z: float | None = None,
) -> pd.DataFrame:
    """Medians by every rule for flat curves and with every kind of limits, by group; SPSS's own in the last row.

    Returns
    -------
    DataFrame
        One row a group, rule and interval: `group`, `rule`, `interval`, `median`, `low`, `high`; infinite where not
        reached. The row of SPSS has rule ``first-at-or-below`` and interval ``SPSS``; its multiplier is 1.96 unless
        another is given.
    """
    limits = multiplier(level) if z is None else z
    rows = []
    for name, times, events in _by_group(time, event, group):
        table = survival_table(times, events)
        found: list[tuple[str, str, Median]] = [
            (str(rule), str(interval), brookmeyer_crowley(table, interval, limits, rule))
            for rule in rules
            for interval in intervals
        ]
        found.append((str(FlatMedianRule.FIRST_AT_OR_BELOW), "SPSS", spss_median(table, 1.96 if z is None else z)))
        rows += [(name, rule, interval, median.value, median.low, median.high) for rule, interval, median in found]
    return pd.DataFrame(rows, columns=["group", "rule", "interval", "median", "low", "high"])


def _by_group(time: ArrayLike, event: ArrayLike, group: Any) -> Iterator[tuple[Any, Floats, Any]]:
    times, events = checked_rows(time, event)
    groups = checked_groups(group, times.size, "group")
    for number, name in enumerate(groups.names):
        yield name, times[groups.of(number)], events[groups.of(number)]


def _signs(curve: Floats, threshold: float) -> Floats:
    """Sign of curve − threshold to R's tolerance; NaN stays."""
    difference = curve - threshold
    return np.where(np.abs(difference) < _R_TOLERANCE, 0.0, np.sign(difference))


def _middle(times: Floats, signs: NDArray[Any]) -> float:
    """First time below, or the middle of the flat that reaches the threshold before."""
    below = np.flatnonzero(signs < 0)
    level = np.flatnonzero(signs == 0)
    if level.size and (not below.size or level[0] < below[0]):
        end = times[below[0]] if below.size else times[-1]
        return float((times[level[0]] + end) / 2)
    return float(times[below[0]]) if below.size else inf
