"""Medians of a survival curve: what to call the median when S is flat at one half, and three ways to bound it.

Whether S is above, at or below a threshold such as 1/2 is decided from the counts in whole numbers wherever a float
could be wrong: the float product of 5 drops out of 10 patients may well be 0.5000000000000001.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import inf, isfinite, isnan, nan, prod

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.conventions import Interval
from helpers.estimators.intervals import confidence_limits
from helpers.estimators.kaplan_meier import Floats

HALF = Fraction(1, 2)
_DOUBTFUL = 1e-9
_R_TOLERANCE = float(np.sqrt(np.finfo(float).eps))


class FlatMedianRule(StrEnum):
    """Which time is the median when S is exactly 1/2 from one event to the next. The rules agree otherwise.

    R_MIDPOINT: middle of the flat, which ends at the last observed time if S never drops again: R's
    ``quantile(survfit)``. R_PRINT: the same, but the start of the flat if S never drops again: R's ``print(survfit)``.
    SAS_AVERAGE: mean of the two event times, not estimable if S never drops again. FIRST_AT_OR_BELOW: first time with
    S ≤ 1/2 (lifelines, SPSS). FIRST_BELOW: first time with S < 1/2 (statsmodels).
    """

    R_MIDPOINT = "r-midpoint"
    R_PRINT = "r-print"
    SAS_AVERAGE = "sas-average"
    FIRST_AT_OR_BELOW = "first-at-or-below"
    FIRST_BELOW = "first-below"


@dataclass(frozen=True)
class Median:
    """A median with its limits, in the unit of the times.

    `value` and `high` are infinite where not reached; a limit that cannot be computed is NaN. `method` says how.
    """

    value: float
    low: float
    high: float
    method: str

    @property
    def reached(self) -> bool:
        """Whether the curve came down to its median."""
        return isfinite(self.value)


def compared(table: pd.DataFrame, threshold: Fraction) -> NDArray[np.int64]:
    """Sign of S − threshold in each row of a table (-1, 0, 1), exact."""
    survival = table["survival"].to_numpy()
    signs = np.sign(survival - float(threshold)).astype(np.int64)
    doubtful = np.flatnonzero(np.abs(survival - float(threshold)) < _DOUBTFUL)
    if doubtful.size:
        drops = np.flatnonzero(table["events"].to_numpy() > 0)
        at_risk = table["at_risk"].to_numpy()[drops]
        staying = at_risk - table["events"].to_numpy()[drops]
        # S is the same from one drop to the next: one comparison for all rows between.
        passed = np.searchsorted(drops, doubtful, side="right")
        for count in np.unique(passed):
            signs[doubtful[passed == count]] = _exact_sign(staying[:count], at_risk[:count], threshold)
    return signs


def _exact_sign(staying: NDArray[np.int64], at_risk: NDArray[np.int64], threshold: Fraction) -> int:
    """Sign of Π staying / at_risk − threshold, in whole numbers."""
    # Without a censoring in between, those who stay are those at risk at the next drop, and cancel.
    kept = np.ones(staying.size, dtype=bool)
    kept[:-1] = staying[:-1] != at_risk[1:]
    entered = np.concatenate(([True], kept[:-1]))[: at_risk.size]
    left = _product(staying[kept].tolist()) * threshold.denominator
    right = _product(at_risk[entered].tolist()) * threshold.numerator
    return (left > right) - (left < right)


def _product(numbers: list[int]) -> int:
    """Their product, by halves: large factors are multiplied with large ones."""
    if len(numbers) < 32:
        return prod(numbers)
    middle = len(numbers) // 2
    return _product(numbers[:middle]) * _product(numbers[middle:])


def median_survival(table: pd.DataFrame, rule: FlatMedianRule) -> float:
    """Median survival time of a table by one rule; infinite if not reached (or, by the SAS rule, not estimable).

    Parameters
    ----------
    table : result of `survival_table` (or of `reverse_table`).
    rule : what to do when S is exactly 1/2 on a flat.

    Examples
    --------
    >>> from helpers.estimators.kaplan_meier import survival_table
    >>> table = survival_table([10, 30, 50, 70, 87, 90, 100, 105, 110, 118], [1] * 5 + [0] * 5)
    >>> [median_survival(table, rule) for rule in FlatMedianRule]
    [102.5, 87.0, inf, 87.0, inf]
    """
    times, signs = table["time"].to_numpy(), compared(table, HALF)
    below = float(times[signs < 0][0]) if (signs < 0).any() else inf
    if not (signs == 0).any() or rule is FlatMedianRule.FIRST_BELOW:
        return below
    first = float(times[signs == 0][0])
    if rule is FlatMedianRule.FIRST_AT_OR_BELOW:
        return first
    if isfinite(below):
        return (first + below) / 2
    return {
        FlatMedianRule.R_MIDPOINT: (first + float(times[-1])) / 2,
        FlatMedianRule.R_PRINT: first,
        FlatMedianRule.SAS_AVERAGE: inf,
    }[rule]


def brookmeyer_crowley(
    table: pd.DataFrame, interval: Interval, z: float, rule: FlatMedianRule = FlatMedianRule.R_PRINT
) -> Median:
    """Median with the limits of Brookmeyer & Crowley (Biometrics 1982;38:29) as R's ``print(survfit)`` has them.

    The limits are the times at which the lower and the upper confidence curve of S come below 1/2, i.e. the ends of
    {t : |g(S(t)) − g(1/2)| ≤ z |g′(S)| se} on the scale g of the interval. A limit's curve that is flat at 1/2 (to
    R's tolerance of 1.5e-8) gives the middle of the flat.

    Parameters
    ----------
    table : result of `survival_table` (or of `reverse_table`).
    interval : scale of the confidence curves.
    z : multiplier, e.g. 1.96.
    rule : for the median itself; the limits follow R whatever the rule.

    Returns
    -------
    Median
        `high` is infinite where R prints NA. `low`, where R prints NA, is infinite if the curve stays above 1/2, and
        NaN if S falls to 0 (where it has no limits) before its lower limit is below 1/2.
    """
    lower, upper = confidence_limits(table["survival"], table["greenwood"], interval, z)
    value = median_survival(table, rule)
    times = table["time"].to_numpy()
    low, high = _crossing(times, lower), _crossing(times, upper)
    if low == inf and table["survival"].iloc[-1] == 0:
        low = nan
    return Median(value, low, high, f"Brookmeyer-Crowley, {interval}")


def _crossing(times: Floats, curve: Floats) -> float:
    """First time at which a confidence curve is below 1/2, by the rule and tolerance of R's survmean."""
    keep = ~np.isnan(curve) & (curve < 0.5 + _R_TOLERANCE)
    if not keep.any():
        return inf
    times, curve = times[keep], curve[keep]
    lower = np.flatnonzero(curve < curve[0])
    if abs(curve[0] - 0.5) < _R_TOLERANCE and lower.size:
        return float((times[0] + times[lower[0]]) / 2)
    return float(times[0])


def spss_median(table: pd.DataFrame, z: float = 1.96) -> Median:
    """Median with SPSS's symmetric interval.

    With t50 the first event time with S ≤ .5, u the last event time with S ≥ .55 and l the first with S ≤ .45::

        f = (S(u) − S(l)) / (l − u),    SE = se(S(t50)) / f,    t50 ± z SE

    Agrees with printed output of SPSS 31 to 10 digits. Not checked against SPSS: S equal to .55, .50 or .45 exactly
    (taken here as the signs ≥ and ≤ say), and no event with S ≥ .55.

    Fingerprints in print: symmetric, limits are not event times, may be negative, and are finite where others are not
    reached. Nothing is cut at 0.

    Returns
    -------
    Median
        Limits are NaN where the formula has no value: the median is not reached, no event with S ≥ .55, none with
        S ≤ .45, or S(t50) = 0.
    """
    rows = table[table["events"] > 0]
    times, survival, std_error = (rows[name].to_numpy() for name in ("time", "survival", "std_error"))
    half, upper, lower = (
        np.flatnonzero(reached)
        for reached in (
            compared(rows, HALF) <= 0,
            compared(rows, Fraction(11, 20)) >= 0,
            compared(rows, Fraction(9, 20)) <= 0,
        )
    )
    if not half.size:
        return Median(inf, nan, nan, "SPSS")
    t50 = float(times[half[0]])
    if not (upper.size and lower.size) or isnan(std_error[half[0]]):
        return Median(t50, nan, nan, "SPSS")
    u, l = upper[-1], lower[0]  # noqa: E741
    density = (survival[u] - survival[l]) / (times[l] - times[u])
    margin = float(z * std_error[half[0]] / density)
    return Median(t50, t50 - margin, t50 + margin, "SPSS")
