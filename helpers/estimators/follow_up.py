"""Follow-up by reverse Kaplan-Meier (Schemper & Smith, Control Clin Trials 1996;17:343): time to being censored.

Events and censorings change places. What is left open is a day with both: an event comes before a censoring, so those
with an event are no longer under observation when the censorings of that day are counted.
"""

from __future__ import annotations

from enum import StrEnum

import pandas as pd
from numpy.typing import ArrayLike

from helpers.conventions import Interval
from helpers.estimators.kaplan_meier import checked_rows, product_limit, tally
from helpers.estimators.medians import FlatMedianRule, Median, brookmeyer_crowley


class ReverseTies(StrEnum):
    """Whether patients with an event are at risk of being censored on that same day.

    KEEP: yes, which is what flipping the indicator does in any program (``survfit(Surv(t, 1 - event) ~ 1)``).
    STRICT: no, they leave first (R ``prodlim(reverse=TRUE)``, scikit-survival ``reverse=True``).
    """

    KEEP = "keep"
    STRICT = "strict"


def reverse_table(time: ArrayLike, event: ArrayLike, ties: ReverseTies) -> pd.DataFrame:
    """Kaplan-Meier table of the time to censoring.

    Parameters
    ----------
    time, event : (n,) as in `survival_table`: `event` 1 for an event, *not* flipped.
    ties : what happens on a day with an event and a censoring.

    Returns
    -------
    DataFrame
        The columns of `survival_table`, roles changed: `events` counts the patients censored, `censored` those with
        an event, and `at_risk` those who could be censored, which under STRICT leaves out that day's events (and may
        be 0 on a day that has only events).

    Raises
    ------
    InputError
        As `survival_table`.
    """
    times, at_risk, events, censored = tally(*checked_rows(time, event))
    return product_limit(times, at_risk if ties is ReverseTies.KEEP else at_risk - events, censored, events)


def median_follow_up(
    time: ArrayLike,
    event: ArrayLike,
    ties: ReverseTies,
    interval: Interval,
    z: float,
    rule: FlatMedianRule = FlatMedianRule.R_PRINT,
) -> Median:
    """Median follow-up by reverse Kaplan-Meier, with limits as R prints them for the flipped indicator.

    Parameters
    ----------
    time, event : (n,) as in `survival_table`, `event` not flipped.
    ties : rule for days with an event and a censoring.
    interval, z, rule : as in `brookmeyer_crowley`.

    Returns
    -------
    Median
        In the unit of `time`; `value` infinite if half of the patients were never censored.
    """
    median = brookmeyer_crowley(reverse_table(time, event, ties), interval, z, rule)
    return Median(median.value, median.low, median.high, f"reverse Kaplan-Meier ({ties} ties), {median.method}")
