"""Restricted mean survival of groups, and their difference and ratio (Royston & Parmar, Stat Med 2011;30:2409)."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from math import erfc, exp, log, nan, sqrt
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.errors import InputError, Problem
from helpers.estimators.checks import checked_groups, multiplier
from helpers.estimators.kaplan_meier import checked_rows, restricted_mean, survival_table


@dataclass(frozen=True)
class Contrast:
    """A difference or ratio of two groups with its interval and the two-sided p-value of no difference."""

    estimate: float
    std_error: float
    low: float
    high: float
    p_value: float


@dataclass(frozen=True, eq=False)
class RestrictedMeans:
    """Restricted means of two groups up to one horizon.

    `groups` has one row a group: `group`, `n`, `mean`, `std_error`, `low`, `high`, `last` (end of follow-up).
    `difference` is `compared` minus `reference`, in the unit of time; `ratio` is `compared` over `reference`, its
    standard error that of its logarithm. `notes` says where the horizon lies past what was observed.
    """

    horizon: float
    level: float
    reference: Hashable
    compared: Hashable
    groups: pd.DataFrame
    difference: Contrast
    ratio: Contrast
    notes: tuple[str, ...]


def restricted_means(
    time: ArrayLike, event: ArrayLike, horizon: float, group: Any = None, level: float = 0.95
) -> pd.DataFrame:
    """Restricted mean up to a horizon for each group.

    Returns
    -------
    DataFrame
        `group`, `n`, `mean`, `std_error` (see `restricted_mean`), `low` and `high` (normal limits), `last` (last
        observed time), `complete`: whether the curve is known up to the horizon (someone was followed to it, or S
        is 0).
    """
    times, events = checked_rows(time, event)
    groups = checked_groups(group, times.size, "group")
    z = multiplier(level)
    rows = []
    for number, name in enumerate(groups.names):
        own = groups.of(number)
        table = survival_table(times[own], events[own])
        mean, error = restricted_mean(table, horizon)
        last = float(table["time"].iloc[-1])
        complete = last >= horizon or float(table["survival"].iloc[-1]) == 0
        rows.append((name, int(own.sum()), mean, error, mean - z * error, mean + z * error, last, complete))
    return pd.DataFrame(rows, columns=["group", "n", "mean", "std_error", "low", "high", "last", "complete"])


def restricted_mean_difference(
    time: ArrayLike, event: ArrayLike, group: Any, horizon: float, *, reference: Hashable = None, level: float = 0.95
) -> RestrictedMeans:
    """Difference and ratio of the restricted means of two groups.

    Parameters
    ----------
    time, event : (n,) as in `survival_table`.
    group : (n,) labels of exactly two groups.
    horizon : τ > 0, the same for both; best not past the shorter follow-up.
    reference : label of the group that is subtracted; omitted: the first.
    level : of the intervals.

    Raises
    ------
    InputError
        Not two groups; a reference that is neither of them; what `restricted_mean` says.

    Examples
    --------
    >>> result = restricted_mean_difference([1, 2, 3, 4, 5, 6], [1] * 6, list("aaabbb"), 6)
    >>> round(result.difference.estimate, 6), round(result.difference.std_error, 6)
    (3.0, 0.666667)
    """
    z = multiplier(level)
    frame = restricted_means(time, event, horizon, group, level)
    names = frame["group"].tolist()
    if len(names) != 2:
        message = f"a difference needs two groups, not {len(names)}"
        raise InputError(Problem(message, "choose two of them", found=", ".join(map(str, names))))
    reference = names[0] if reference is None else reference
    if reference not in names:
        message = f"the reference is neither of the groups {names[0]} and {names[1]}"
        raise InputError(Problem(message, "name one of them", found=str(reference)))
    base = names.index(reference)
    mean, error = frame["mean"].tolist(), frame["std_error"].tolist()
    gap, gap_error = mean[1 - base] - mean[base], sqrt(error[0] ** 2 + error[1] ** 2)
    difference = Contrast(gap, gap_error, gap - z * gap_error, gap + z * gap_error, _p_value(gap, gap_error))
    ratio = Contrast(nan, nan, nan, nan, nan)
    if min(mean) > 0:
        log_ratio = log(mean[1 - base] / mean[base])
        log_error = sqrt((error[0] / mean[0]) ** 2 + (error[1] / mean[1]) ** 2)
        low, high = (exp(log_ratio + side * z * log_error) for side in (-1, 1))
        ratio = Contrast(exp(log_ratio), log_error, low, high, _p_value(log_ratio, log_error))
    notes = tuple(
        f"the horizon of {horizon:g} lies past the last observed time of group {row.group} ({row.last:g}): its curve "
        "is carried on flat"
        for row in frame[~frame["complete"]].itertuples()
    )
    return RestrictedMeans(float(horizon), level, reference, names[1 - base], frame, difference, ratio, notes)


def _p_value(estimate: float, error: float) -> float:
    """Two-sided normal p-value; NaN without a standard error."""
    return erfc(abs(estimate) / error / np.sqrt(2)) if error > 0 else nan
