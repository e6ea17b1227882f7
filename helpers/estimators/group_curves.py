"""Curves of groups as tidy tables that figures draw: one row a group and time from 0 on, and the numbers beneath."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.conventions import Interval
from helpers.estimators.checks import checked_codes, checked_groups, multiplier
from helpers.estimators.competing_risks import IncidenceVariance, cumulative_incidence, incidence_limits
from helpers.estimators.intervals import confidence_limits
from helpers.estimators.kaplan_meier import at_risk_table, checked_rows, survival_table


def survival_curves(
    time: ArrayLike,
    event: ArrayLike,
    *,
    group: Any = None,
    interval: Interval = Interval.LOG_LOG,
    level: float = 0.95,
    z: float | None = None,
) -> pd.DataFrame:
    """Kaplan-Meier curves by group.

    Parameters
    ----------
    time, event : (n,) as in `survival_table`.
    group : (n,) labels, none missing; omitted: one group named "".
    interval, level, z : of the limits; `z`, if given, is their multiplier.

    Returns
    -------
    DataFrame
        One row a group and distinct time, with a row at 0 before all others of its group: `group` (text), `time`,
        `at_risk`, `events`, `censored`, `survival`, `std_error`, `low`, `high`. Made for
        ``helpers.figures.survival_groups.kaplan_meier_groups``.

    Raises
    ------
    InputError
        As `survival_table`; a label missing.

    Examples
    --------
    >>> curves = survival_curves([1, 2, 3], [1, 0, 1], interval=Interval.PLAIN)
    >>> curves[["time", "at_risk", "survival"]].round(3).values.tolist()
    [[0.0, 3.0, 1.0], [1.0, 3.0, 0.667], [2.0, 2.0, 0.667], [3.0, 1.0, 0.0]]
    """
    times, events = checked_rows(time, event)
    groups = checked_groups(group, times.size, "group")
    z = multiplier(level) if z is None else z
    frames = []
    for number, name in enumerate(groups.names):
        own = groups.of(number)
        table = survival_table(times[own], events[own])
        low, high = confidence_limits(table["survival"], table["greenwood"], interval, z)
        curve = table.drop(columns="greenwood").assign(low=low, high=high)
        if curve["time"].iloc[0] > 0:
            first = {"time": 0.0, "at_risk": int(own.sum()), "events": 0, "censored": 0, "survival": 1.0}
            curve = pd.concat((pd.DataFrame([first | {"std_error": 0.0, "low": 1.0, "high": 1.0}]), curve))
        curve.insert(0, "group", "" if group is None else str(name))
        frames.append(curve)
    return pd.concat(frames, ignore_index=True)


def numbers_at_risk(time: ArrayLike, event: ArrayLike, days: ArrayLike, *, group: Any = None) -> pd.DataFrame:
    """Numbers below Kaplan-Meier curves by group: `at_risk_table` with a column `group` (text).

    >>> numbers_at_risk([1, 2, 3], [1, 0, 1], [0, 2], group=list("aab")).values.tolist()
    [['a', 0.0, 2, 0, 0], ['a', 2.0, 1, 1, 0], ['b', 0.0, 1, 0, 0], ['b', 2.0, 1, 0, 0]]
    """
    times, events = checked_rows(time, event)
    groups = checked_groups(group, times.size, "group")
    frames = []
    for number, name in enumerate(groups.names):
        own = groups.of(number)
        below = at_risk_table(times[own], events[own], days)
        below.insert(0, "group", "" if group is None else str(name))
        frames.append(below)
    return pd.concat(frames, ignore_index=True)


def incidence_curves(
    time: ArrayLike,
    code: ArrayLike,
    causes: Mapping[int, str],
    *,
    group: Any = None,
    interval: Interval = Interval.LOG_LOG,
    level: float = 0.95,
    variance: IncidenceVariance = IncidenceVariance.GREENWOOD,
) -> pd.DataFrame:
    """Cumulative incidence curves by group and cause.

    Parameters
    ----------
    time, code : (n,) as in `cumulative_incidence`.
    causes : code → name, for all causes there can be.
    group, interval, level : as in `survival_curves`.
    variance : see `IncidenceVariance`.

    Returns
    -------
    DataFrame
        One row a group, cause and distinct time, with a row at 0 before all others: `group`, `cause` (text), `time`,
        `at_risk`, `events`, `censored`, `incidence`, `std_error`, `low`, `high`. Made for
        ``helpers.figures.incidence.cumulative_incidence``.

    Raises
    ------
    InputError
        As `cumulative_incidence`; a label missing.

    Examples
    --------
    >>> curves = incidence_curves([1, 2, 3], [1, 2, 0], {1: "relapse", 2: "death"})
    >>> curves.query("cause == 'death'")["incidence"].round(3).tolist()
    [0.0, 0.0, 0.333, 0.333]
    """
    times, codes = checked_codes(time, code, tuple(causes))
    groups = checked_groups(group, times.size, "group")
    frames = []
    for number, name in enumerate(groups.names):
        own = groups.of(number)
        curves = cumulative_incidence(times[own], codes[own], tuple(causes), variance=variance)
        low, high = incidence_limits(curves["incidence"], curves["std_error"], interval, level)
        curves = curves.assign(low=low, high=high)
        for cause, label in causes.items():
            curve = curves[curves["cause"] == cause].drop(columns="other_events").assign(cause=label)
            if curve["time"].iloc[0] > 0:
                first = {"cause": label, "time": 0.0, "at_risk": int(own.sum()), "events": 0, "censored": 0}
                zeros = dict.fromkeys(("incidence", "std_error", "low", "high"), 0.0)
                curve = pd.concat((pd.DataFrame([first | zeros]), curve))
            curve.insert(0, "group", "" if group is None else str(name))
            frames.append(curve)
    return pd.concat(frames, ignore_index=True)


def incidence_numbers(
    time: ArrayLike, code: ArrayLike, days: ArrayLike, causes: Mapping[int, str], *, group: Any = None
) -> pd.DataFrame:
    """Numbers below cumulative incidence curves by group, by the rule of `at_risk_table`.

    Returns
    -------
    DataFrame
        One row a group and day: `group` (text), `day`, `at_risk` (T ≥ day), a column for each cause by its name (events
        before the day), `censored` (before the day); each row sums to the group's n.

    Examples
    --------
    >>> incidence_numbers([1, 2, 3], [1, 2, 0], [0, 3], {1: "relapse", 2: "death"}).values.tolist()
    [['', 0.0, 3, 0, 0, 0], ['', 3.0, 1, 1, 1, 0]]
    """
    times, codes = checked_codes(time, code, tuple(causes))
    groups = checked_groups(group, times.size, "group")
    days = np.atleast_1d(np.asarray(days, dtype=float))
    frames = []
    for number, name in enumerate(groups.names):
        own = groups.of(number)

        def before(which: int, own: Any = own) -> Any:
            return np.searchsorted(np.sort(times[own & (codes == which)]), days, side="left")

        counts = {label: before(cause) for cause, label in causes.items()}
        left = before(0)
        at_risk = int(own.sum()) - left - sum(counts.values())
        label = "" if group is None else str(name)
        frames.append(pd.DataFrame({"group": label, "day": days, "at_risk": at_risk, **counts, "censored": left}))
    return pd.concat(frames, ignore_index=True)
