"""Kaplan-Meier estimate, its Greenwood variance, and the counts that go below a curve.

Equations (Kaplan & Meier, J Am Stat Assoc 1958;53:457; Greenwood 1926), over the distinct times t_j:

    S(t) = Π_{t_j ≤ t} (1 − d_j / n_j),    G(t) = Σ_{t_j ≤ t} d_j / (n_j (n_j − d_j)),    se = S √G

with d_j events among n_j at risk. Events come before censorings on the same day: a patient censored on day t is
still at risk on day t. Times are compared exactly as given.
"""

from __future__ import annotations

from fractions import Fraction
from math import isfinite

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from helpers.errors import InputError, Problem

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

COLUMNS = ("time", "at_risk", "events", "censored", "survival", "greenwood", "std_error")
AT_RISK_RULE = "at risk on day t: followed to day t or longer (T ≥ t); events and censored: before day t"


def checked_rows(time: ArrayLike, event: ArrayLike) -> tuple[Floats, Integers]:
    """Patient-level rows as two clean arrays.

    Parameters
    ----------
    time : (n,) follow-up, finite and not negative; any unit.
    event : (n,) 1 or True for an event, 0 or False for a censored patient.

    Raises
    ------
    InputError
        No rows, unequal lengths, a time that is missing, infinite or negative, an event other than 0 and 1.
    """
    try:
        times, events = np.asarray(time, dtype=float), np.asarray(event, dtype=float)
    except (TypeError, ValueError) as error:
        message = f"times and events must be numbers: {error}"
        raise InputError(Problem(message, "give times as numbers and events as 0 or 1")) from None
    if times.ndim != 1 or times.shape != events.shape:
        message = f"times of shape {times.shape} and events of shape {events.shape} do not pair up"
        raise InputError(Problem(message, "give one time and one event indicator for each patient"))
    if times.size == 0:
        raise InputError(Problem("there are no patients to estimate from", "give at least one row"))
    problems = [
        Problem(f"the time of patient {i + 1} of {times.size} is not a length of follow-up",
                "give a finite number, zero or larger", found=str(times[i]))
        for i in np.flatnonzero(~(np.isfinite(times) & (times >= 0)))
    ] + [
        Problem(f"the event of patient {i + 1} of {times.size} is neither 0 nor 1",
                "give 1 for an event and 0 for a censored patient", found=str(events[i]))
        for i in np.flatnonzero((events != 0) & (events != 1))
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
    return times, events.astype(np.int64)


def tally(time: Floats, event: Integers) -> tuple[Floats, Integers, Integers, Integers]:
    """Distinct times in rising order, each with the numbers at risk, with an event, and censored."""
    distinct, place = np.unique(time, return_inverse=True)
    leaving = np.bincount(place, minlength=distinct.size)
    events = np.bincount(place[event == 1], minlength=distinct.size)
    at_risk = time.size - np.cumsum(leaving) + leaving
    return distinct, at_risk, events, leaving - events


def product_limit(time: Floats, at_risk: Integers, events: Integers, censored: Integers) -> pd.DataFrame:
    """The table of `survival_table` from counts; where there are no events, `at_risk` may be 0."""
    staying = at_risk - events
    with np.errstate(divide="ignore", invalid="ignore"):
        survival = np.cumprod(np.where(events > 0, staying / at_risk, 1.0))
        greenwood = np.cumsum(np.where(events > 0, events / (at_risk * staying), 0.0))
        std_error = survival * np.sqrt(greenwood)
    columns = (time, at_risk, events, censored, survival, greenwood, std_error)
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))


def survival_table(time: ArrayLike, event: ArrayLike) -> pd.DataFrame:
    """Kaplan-Meier table of patient-level rows.

    Parameters
    ----------
    time : (n,) follow-up in any unit, zero or larger.
    event : (n,) 1 event, 0 censored.

    Returns
    -------
    DataFrame
        One row a distinct time, those with censorings only included; columns `time`, `at_risk` (T ≥ time),
        `events`, `censored`, `survival`, `greenwood` and `std_error` (of `survival`). Once S reaches 0, Greenwood's
        sum is infinite and the standard error NaN, as R's ``summary(survfit)`` has it.

    Raises
    ------
    InputError
        As `checked_rows`.

    Examples
    --------
    >>> survival_table([1, 2, 2, 3], [1, 1, 0, 0])[["time", "at_risk", "survival"]].values.tolist()
    [[1.0, 4.0, 0.75], [2.0, 3.0, 0.5], [3.0, 1.0, 0.5]]
    """
    return product_limit(*tally(*checked_rows(time, event)))


def exact_survival(time: ArrayLike, event: ArrayLike) -> list[tuple[float, Fraction, Fraction | None]]:
    """Kaplan-Meier and Greenwood in exact fractions, for small n.

    Returns
    -------
    list
        ``(time, S, G)`` for each distinct time, as in `survival_table`; G is None once S is 0.

    Examples
    --------
    >>> exact_survival([1, 2], [1, 0])
    [(1.0, Fraction(1, 2), Fraction(1, 2)), (2.0, Fraction(1, 2), Fraction(1, 2))]
    """
    steps: list[tuple[float, Fraction, Fraction | None]] = []
    s, g = Fraction(1), Fraction(0)
    times, at_risk, events, _ = tally(*checked_rows(time, event))
    for t, n, d in zip(times.tolist(), at_risk.tolist(), events.tolist(), strict=True):
        s *= Fraction(n - d, n)
        if s:
            g += Fraction(d, n * (n - d))
        steps.append((t, s, g if s else None))
    return steps


def survival_at(table: pd.DataFrame, days: ArrayLike, *, extend: bool = False) -> Floats:
    """S(t) read off a table at given times, steps taken at the event (right-continuous).

    Parameters
    ----------
    table : result of `survival_table`.
    days : (d,) times in the table's unit.
    extend : carry the last value on past the last observed time, where the estimate is otherwise undefined (NaN)
        unless the curve has already come down to 0; R's ``summary(fit, times=, extend=)``.

    Returns
    -------
    (d,) array
    """
    days = np.atleast_1d(np.asarray(days, dtype=float))
    times = table["time"].to_numpy()
    curve = np.concatenate(([1.0], table["survival"].to_numpy()))
    values = curve[np.searchsorted(times, days, side="right")]
    return values if extend else np.where((days > times[-1]) & (values > 0), np.nan, values)


def survival_at_days(time: ArrayLike, event: ArrayLike, days: ArrayLike, *, extend: bool = False) -> Floats:
    """S(t) of many cohorts of one size at once, e.g. of many reconstructions of one study.

    Parameters
    ----------
    time, event : (k, n) one row a cohort; trusted to be finite times ≥ 0 and 0/1.
    days : (d,) times at which to read each curve.
    extend : as in `survival_at`.

    Returns
    -------
    (k, d) array

    Examples
    --------
    >>> survival_at_days([[1, 2], [3, 4]], [[1, 0], [0, 1]], [1, 4]).tolist()
    [[0.5, nan], [1.0, 0.0]]
    """
    times, events = np.atleast_2d(np.asarray(time, dtype=float)), np.atleast_2d(np.asarray(event, dtype=float))
    days = np.atleast_1d(np.asarray(days, dtype=float))
    order = np.lexsort((1 - events, times), axis=-1)
    times, events = np.take_along_axis(times, order, -1), np.take_along_axis(events, order, -1)
    k, n = times.shape
    # One at a time, events first, the factors of a tie telescope to 1 − d/n.
    steps = np.cumprod(1 - events / np.arange(n, 0, -1), axis=-1)
    curves = np.concatenate((np.ones((k, 1)), steps), axis=-1)
    passed = np.array([(times <= day).sum(axis=-1) for day in days], dtype=np.int64).reshape(days.size, k).T
    values = np.take_along_axis(curves, passed, -1)
    return values if extend else np.where((days > times[:, -1:]) & (values > 0), np.nan, values)


def at_risk_table(time: ArrayLike, event: ArrayLike, days: ArrayLike) -> pd.DataFrame:
    """Numbers below a Kaplan-Meier curve: at risk, events so far, censored so far (KMunicate).

    The rule (`AT_RISK_RULE`, fit for a caption): at risk on day t are those with T ≥ t, as R's
    ``summary(fit, times=)`` counts; events and censored are those *before* day t, so that the three add up to n
    on every day. A patient who leaves on day t itself is therefore still at risk on it.

    Parameters
    ----------
    time, event : (n,) as in `survival_table`.
    days : (d,) times below which the numbers stand.

    Returns
    -------
    DataFrame
        One row a day; columns `day`, `at_risk`, `events`, `censored`.
    """
    times, events = checked_rows(time, event)
    days = np.atleast_1d(np.asarray(days, dtype=float))
    event_times, censor_times = np.sort(times[events == 1]), np.sort(times[events == 0])
    before_events = np.searchsorted(event_times, days, side="left")
    before_censored = np.searchsorted(censor_times, days, side="left")
    at_risk = times.size - before_events - before_censored
    return pd.DataFrame({"day": days, "at_risk": at_risk, "events": before_events, "censored": before_censored})


def restricted_mean(table: pd.DataFrame, horizon: float) -> tuple[float, float]:
    """Restricted mean survival time up to a horizon, with its standard error.

    RMST = ∫₀^τ S(t) dt;  Var = Σ_{t_j ≤ τ} A_j² d_j / (n_j (n_j − d_j)), A_j = ∫_{t_j}^τ S(t) dt, as R's
    ``print(survfit, rmean=τ)``. This is the sampling variance of the mean, not the variance of min(T, τ). Past the last
    observed time the curve is carried on flat, as R does: keep τ within follow-up.

    Parameters
    ----------
    table : result of `survival_table`.
    horizon : τ > 0, in the table's unit.

    Returns
    -------
    (mean, standard error) in the table's unit.

    Raises
    ------
    InputError
        A horizon that is not a positive number.
    """
    if not (isfinite(horizon) and horizon > 0):
        raise InputError(
            Problem("the horizon of a restricted mean must be positive", "give a time above 0", found=str(horizon))
        )
    rows = table[table["time"] <= horizon]
    edges = np.concatenate(([0.0], rows["time"].to_numpy(), [horizon]))
    areas = np.diff(edges) * np.concatenate(([1.0], rows["survival"].to_numpy()))
    beyond = np.cumsum(areas[:0:-1])[::-1]
    events, at_risk = rows["events"].to_numpy(), rows["at_risk"].to_numpy()
    staying = at_risk - events
    weight = np.divide(events, at_risk * staying, out=np.zeros(len(rows)), where=staying > 0)
    return float(areas.sum()), float(np.sqrt(np.sum(beyond**2 * weight)))
