"""Columns of a cohort checked at the door of the derived endpoints: numbers, event codes, responses, days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.errors import InputError, Problem
from helpers.estimators.kaplan_meier import Floats, Integers


@dataclass(frozen=True, eq=False)
class FollowUp:
    """Response (1, 0, NaN), day of relapse (NaN without), end of follow-up and death (0, 1), one entry a patient."""

    responder: Floats
    relapse: Floats
    end: Floats
    dead: Integers

    @classmethod
    def of(cls, responder: ArrayLike, relapse: ArrayLike, end: ArrayLike, dead: ArrayLike) -> FollowUp:
        """Check the columns against each other."""
        answered, relapsed, ended = numbers(responder=responder, relapse_days=relapse, os_days=end)
        died = coded(dead, answered.size)
        check_responses(answered)
        check_follow_up(ended, "os_days")
        problems = [
            Problem(f"the os_event of patient {i + 1} is neither 0 nor 1", "give 1 for a death", found=str(died[i]))
            for i in np.flatnonzero(died > 1)
        ] + [
            Problem(f"patient {i + 1} relapses on day {relapsed[i]:g}, outside of follow-up (day 0 to {ended[i]:g})",
                    "correct one of the days")
            for i in np.flatnonzero((relapsed < 0) | (relapsed > ended))
        ] + [
            Problem(f"patient {i + 1} relapses on day {relapsed[i]:g} without having reached remission",
                    "correct the response, or leave the day of relapse empty")
            for i in np.flatnonzero(np.isfinite(relapsed) & (answered != 1))
        ]  # fmt: skip
        if problems:
            raise InputError(problems)
        return cls(answered, relapsed, ended, died)


def numbers(**columns: ArrayLike) -> list[Floats]:
    """Columns as floats of one length, missing as NaN."""
    found: dict[str, Floats] = {}
    for name, values in columns.items():
        try:
            series = pd.Series(np.asarray(values, dtype=object))
            found[name] = pd.to_numeric(series).to_numpy(dtype=float, na_value=np.nan)
        except (TypeError, ValueError) as error:
            raise InputError(Problem(f"{name} must hold numbers: {error}", "leave unknown values empty")) from None
    sizes = {name: values.size for name, values in found.items()}
    if len(set(sizes.values())) > 1:
        message = "columns do not pair up: " + ", ".join(f"{name} has {size}" for name, size in sizes.items())
        raise InputError(Problem(message, "give one value for each patient"))
    return list(found.values())


def coded(event: ArrayLike, n: int) -> Integers:
    """Event codes: whole numbers from 0, none missing."""
    (codes,) = numbers(event=event)
    if codes.size != n:
        raise InputError(Problem(f"{codes.size} events and {n} patients do not pair up", "give one for each patient"))
    strange = np.flatnonzero(~(codes >= 0) | (codes != np.floor(codes)))
    if strange.size:
        i = strange[0]
        message = f"the event of patient {i + 1} of {n} is no code"
        raise InputError(Problem(message, "give 0 for censored, 1 for an event", found=str(codes[i])))
    return codes.astype(np.int64)


def check_responses(responder: Floats) -> None:
    """Responses are 0, 1 or missing."""
    strange = np.flatnonzero(~(np.isnan(responder) | (responder == 0) | (responder == 1)))
    if strange.size:
        message = f"the response of patient {strange[0] + 1} is neither 0 nor 1"
        raise InputError(Problem(message, "leave it empty if it is not known", found=str(responder[strange[0]])))


def check_follow_up(days: Floats, name: str) -> None:
    """Days of follow-up are finite and not negative."""
    strange = np.flatnonzero(~(np.isfinite(days) & (days >= 0)))
    if strange.size:
        message = f"the {name} of patient {strange[0] + 1} is not a length of follow-up"
        raise InputError(Problem(message, "give a finite number, zero or larger", found=str(days[strange[0]])))


def check_non_response_day(day: float) -> None:
    """The day on which non-response is dated is a day from 0 on."""
    if not (np.isfinite(day) and day >= 0):
        raise InputError(Problem("non-response must be dated a day from 0 on", "give e.g. 0, 1 or 28", found=str(day)))
