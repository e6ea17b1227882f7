"""Cumulative incidence of competing events (Aalen & Johansen, Scand J Stat 1978;5:141), and cause-specific hazards.

With d_kj events of cause k among n_j at risk at time t_j, and S the Kaplan-Meier curve of any event:

    F_k(t) = Σ_{t_j ≤ t} S(t_j−) d_kj / n_j

Why not a library: lifelines' Aalen-Johansen jitters tied times at random and reseeds NumPy's generator; statsmodels'
``CumIncidenceRight`` needs codes 0 to k with none left out, and its standard error becomes NaN, with warnings, where
the last patient under observation has an event. Where it has one, it is the one below (tests compare them).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.conventions import Interval
from helpers.estimators.checks import checked_codes, checked_groups, multiplier
from helpers.estimators.cox_fit import CoxFit
from helpers.estimators.firth import Penalty, fit_cox
from helpers.estimators.intervals import confidence_limits
from helpers.estimators.kaplan_meier import Floats, Integers
from helpers.estimators.partial_likelihood import Ties

INCIDENCE_COLUMNS = ("cause", "time", "at_risk", "events", "other_events", "censored", "incidence", "std_error")


class IncidenceVariance(StrEnum):
    """Variance of the cumulative incidence.

    GREENWOOD: binomial steps as in Greenwood's formula; R's ``survfit``, ``etm``, statsmodels, Stata's ``stcompet``.
    CMPRSK: Poisson steps with a correction for ties, R's ``cmprsk::cuminc``; a little larger, for papers that used it.
    """

    GREENWOOD = "greenwood"
    CMPRSK = "cmprsk"


def cumulative_incidence(
    time: ArrayLike,
    code: ArrayLike,
    causes: Sequence[int] = (1, 2),
    *,
    variance: IncidenceVariance = IncidenceVariance.GREENWOOD,
) -> pd.DataFrame:
    """Cumulative incidence of every cause at every observed time.

    Parameters
    ----------
    time : (n,) follow-up in any unit, zero or larger.
    code : (n,) 0 censored, otherwise the cause of the event.
    causes : the causes there can be, also those that no patient has.
    variance : of the estimate.

    Returns
    -------
    DataFrame
        Long: one row a cause and distinct time, columns `INCIDENCE_COLUMNS`; `at_risk` counts T ≥ time,
        `events` those of the cause, `other_events` those of the other causes, on that day. `std_error` is 0 before
        the first event.

    Raises
    ------
    InputError
        As `survival_table`; a code that is neither 0 nor a cause.

    Examples
    --------
    >>> curves = cumulative_incidence([1, 2, 3, 4], [1, 2, 0, 1])
    >>> curves.query("cause == 1")["incidence"].tolist()
    [0.25, 0.25, 0.25, 0.75]
    """
    causes = tuple(causes)
    times, codes = checked_codes(time, code, causes)
    distinct, place = np.unique(times, return_inverse=True)
    leaving = np.bincount(place, minlength=distinct.size)
    at_risk = times.size - np.cumsum(leaving) + leaving
    events = np.bincount(place[codes > 0], minlength=distinct.size)
    before = np.concatenate(([1.0], np.cumprod((at_risk - events) / at_risk)[:-1]))
    frames = []
    for cause in causes:
        own = np.bincount(place[codes == cause], minlength=distinct.size)
        incidence = np.cumsum(before * own / at_risk)
        by = _greenwood if variance is IncidenceVariance.GREENWOOD else _poisson
        spread = by(at_risk, events, own, before, incidence)
        columns = (
            cause, distinct, at_risk, own, events - own, leaving - events, incidence, np.sqrt(np.maximum(spread, 0.0))
        )  # fmt: skip
        frames.append(pd.DataFrame(dict(zip(INCIDENCE_COLUMNS, columns, strict=True))))
    return pd.concat(frames, ignore_index=True)


def _greenwood(at_risk: Integers, events: Integers, own: Integers, before: Floats, incidence: Floats) -> Floats:
    """Var F by propagation of multinomial steps, G being Greenwood's sum before t_j and C = cov(S, F) / S:

    Var F = Σ [ 2 ΔF C + ΔF² G + S(t−)² p (1 − p) / n ],    C = Σ ΔF (G − 1/n),    p = d_k / n

    which has no division by S: it holds to the end also where the last patient has an event.
    """
    staying = at_risk - events
    steps = np.divide(events, at_risk * staying, out=np.zeros(at_risk.size), where=staying > 0)
    greenwood = np.cumsum(steps) - steps
    share = own / at_risk
    jump = before * share
    shared = jump * (greenwood - 1 / at_risk)
    together = np.cumsum(shared) - shared
    variance = np.cumsum(2 * jump * together + jump**2 * greenwood + before**2 * share * (1 - share) / at_risk)
    # Certain to have had the event: no variance, whatever rounding left.
    certain = (staying == 0) & (np.cumsum(events - own) == 0)
    return np.where(certain, 0.0, variance)


def _poisson(at_risk: Integers, events: Integers, own: Integers, before: Floats, incidence: Floats) -> Floats:
    """Var F(t) = Σ_{s ≤ t} [ v_k (1 − r)² + v_o r² ], r = (F(t) − F(s)) / S(s), v = (S(s−) / n)² d (n − d) / (n − 1).

    v_k is that of the events of the cause, v_o that of the other events; r is what an event at s takes away from F(t).
    """

    def steps(d: Integers) -> Floats:
        ties = np.divide(at_risk - d, at_risk - 1, out=np.ones(at_risk.size), where=d > 1)
        return (before / at_risk) ** 2 * d * ties

    after = before * (at_risk - events) / at_risk
    inverse = np.divide(1.0, after, out=np.zeros(after.size), where=at_risk > events)
    mine, others = steps(own), steps(events - own)
    once, twice = mine * inverse, (mine + others) * inverse**2
    f = incidence
    return (
        np.cumsum(mine) - 2 * (f * np.cumsum(once) - np.cumsum(f * once))
        + f**2 * np.cumsum(twice) - 2 * f * np.cumsum(f * twice) + np.cumsum(f**2 * twice)
    )  # fmt: skip


def incidence_limits(
    incidence: ArrayLike, std_error: ArrayLike, interval: Interval, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Limits of a cumulative incidence: plain F ± z se, log F exp(± z se / F), log-log F ** exp(± z se / (F ln F)).

    They are R's ``survfit`` limits for the probability in a state. Where F is 0, plain gives 0 and 0, the others NaN.
    """
    f, error = np.atleast_1d(np.asarray(incidence, dtype=float)), np.atleast_1d(np.asarray(std_error, dtype=float))
    relative = np.divide(error, f, out=np.zeros(f.size), where=f > 0)
    low, high = confidence_limits(f, relative**2, interval, multiplier(level))
    if interval is Interval.PLAIN:
        none = f == 0
        low[none] = high[none] = 0.0
    return low, high


def incidence_readings(
    time: ArrayLike,
    code: ArrayLike,
    days: ArrayLike,
    causes: Sequence[int] = (1, 2),
    *,
    group: Any = None,
    interval: Interval = Interval.LOG_LOG,
    level: float = 0.95,
    variance: IncidenceVariance = IncidenceVariance.GREENWOOD,
) -> pd.DataFrame:
    """Cumulative incidences at given days with their intervals, by group.

    Returns
    -------
    DataFrame
        One row a group, cause and day: `group`, `cause`, `day`, `at_risk`, `events` (of the cause up to the day),
        `incidence`, `std_error`, `low`, `high`. Past the last observed time, all that is estimated is NaN, unless
        everyone has had an event by then.
    """
    days = np.atleast_1d(np.asarray(days, dtype=float))
    causes = tuple(causes)
    times, codes = checked_codes(time, code, causes)
    groups = checked_groups(group, times.size, "group")
    frames = []
    for number, name in enumerate(groups.names):
        own = groups.of(number)
        curves = cumulative_incidence(times[own], codes[own], causes, variance=variance)
        for cause in causes:
            curve = curves[curves["cause"] == cause]
            observed = curve["time"].to_numpy()
            row = np.searchsorted(observed, days, side="right")
            unknown = (days > observed[-1]) & bool(curve["censored"].iloc[-1])
            f, error = (
                np.where(unknown, np.nan, np.concatenate(([0.0], curve[column].to_numpy()))[row])
                for column in ("incidence", "std_error")
            )
            low, high = incidence_limits(f, error, interval, level)
            frames.append(pd.DataFrame({
                "group": [name] * days.size, "cause": cause, "day": days,
                "at_risk": times[own].size - np.searchsorted(np.sort(times[own]), days),
                "events": np.concatenate(([0], curve["events"].cumsum().to_numpy()))[row],
                "incidence": f, "std_error": error, "low": low, "high": high,
            }))  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def cause_specific_cox(
    time: ArrayLike,
    code: ArrayLike,
    cause: int,
    covariates: pd.DataFrame,
    causes: Sequence[int] = (1, 2),
    *,
    start: ArrayLike | None = None,
    strata: Any = None,
    ties: Ties = Ties.EFRON,
    level: float = 0.95,
    penalty: Penalty = Penalty.NEVER,
) -> CoxFit:
    """Cox regression of the cause-specific hazard: events of other causes count as censored on their day.

    Takes what `fit_cox` takes, with event codes for events.
    """
    times, codes = checked_codes(time, code, tuple(causes))
    event = (codes == cause).astype(np.int64)
    return fit_cox(times, event, covariates, penalty, start=start, strata=strata, ties=ties, level=level)
