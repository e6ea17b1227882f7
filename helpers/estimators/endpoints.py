"""Endpoints derived from the columns of a cohort, and the switches that papers leave unsaid.

Event-free survival with non-response dated as one chooses; relapse-free survival, duration of response and relapse
against death in remission, all from remission among responders; censoring at transplant. Pure functions on columns:
what they return can go straight to `survival_table` or `cumulative_incidence`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.errors import InputError, Problem
from helpers.estimators.cohort_columns import (
    FollowUp,
    check_follow_up,
    check_non_response_day,
    check_responses,
    coded,
    numbers,
)

RELAPSE, DEATH = 1, 2


class DeathInRemission(StrEnum):
    """What a death without relapse is: an event, a censoring, or a competing event of its own (code 2)."""

    EVENT = "event"
    CENSORED = "censored"
    COMPETING = "competing"


@dataclass(frozen=True, eq=False)
class DerivedEndpoint:
    """An endpoint made from others.

    Attributes
    ----------
    name, definition : for a caption.
    rows : one row a patient who counts: `row` (position among all patients, from 0), `days`, `event`.
    not_responders, not_evaluable : patients left out because they did not respond, or because it is not known.
    """

    name: str
    definition: str
    rows: pd.DataFrame
    not_responders: int = 0
    not_evaluable: int = 0


def event_free_survival(
    responder: ArrayLike,
    relapse_days: ArrayLike,
    os_days: ArrayLike,
    os_event: ArrayLike,
    non_response_day: float,
) -> DerivedEndpoint:
    """Event-free survival from infusion: relapse, death or non-response, whichever comes first.

    Parameters
    ----------
    responder : (n,) 1 remission, 0 none, missing if not evaluable (those can only die or be censored).
    relapse_days : (n,) day of relapse, missing if there was none.
    os_days, os_event : (n,) overall survival; an event of 1 is death.
    non_response_day : the day on which patients without remission have their event (papers use 0, 1 and 28), or the
        day they die or are lost if that is earlier.

    Raises
    ------
    InputError
        Columns that do not pair up; values out of range; a relapse after the end of follow-up or without remission.

    Examples
    --------
    >>> endpoint = event_free_survival([1, 0, 1], [90, None, None], [200, 60, 150], [1, 1, 0], 28)
    >>> endpoint.rows[["days", "event"]].values.tolist()
    [[90.0, 1.0], [28.0, 1.0], [150.0, 0.0]]
    """
    check_non_response_day(non_response_day)
    columns = FollowUp.of(responder, relapse_days, os_days, os_event)
    failed = columns.responder == 0
    relapsed = np.isfinite(columns.relapse)
    days = np.where(relapsed, columns.relapse, columns.end)
    days = np.where(failed, np.minimum(non_response_day, columns.end), days)
    event = (failed | relapsed | (columns.dead == 1)).astype(np.int64)
    rows = pd.DataFrame({"row": np.arange(days.size), "days": days, "event": event})
    definition = f"from infusion to relapse, death or non-response (dated day {non_response_day:g})"
    return DerivedEndpoint("Event-free survival", definition, rows)


def dated_non_response(
    days: ArrayLike, event: ArrayLike, responder: ArrayLike, os_days: ArrayLike, non_response_day: float
) -> pd.DataFrame:
    """An endpoint given by the cohort, with the event of patients without remission moved to a chosen day.

    Parameters
    ----------
    days, event : (n,) the endpoint as it stands, e.g. ``EFS_days`` and ``EFS_event``.
    responder : (n,) 1 remission, 0 none, missing if not evaluable; only those with 0 are moved.
    os_days : (n,) follow-up for survival, which no event can pass.
    non_response_day : the day to move to.

    Returns
    -------
    DataFrame
        `days`, `event`, and `moved`: whether the row differs from what was given.

    Raises
    ------
    InputError
        Columns that do not pair up, a value out of range.

    Examples
    --------
    >>> dated_non_response([28, 300], [1, 0], [0, 1], [77, 300], 1)["days"].tolist()
    [1.0, 300.0]
    """
    check_non_response_day(non_response_day)
    given, answered, end = numbers(days=days, responder=responder, os_days=os_days)
    codes = coded(event, given.size)
    check_responses(answered)
    check_follow_up(given, "days")
    check_follow_up(end, "os_days")
    failed = answered == 0
    moved_days = np.where(failed, np.minimum(non_response_day, end), given)
    moved_codes = np.where(failed, 1, codes)
    changed = (moved_days != given) | (moved_codes != codes)
    return pd.DataFrame({"days": moved_days, "event": moved_codes, "moved": changed})


def from_remission(
    responder: ArrayLike,
    remission_days: ArrayLike,
    relapse_days: ArrayLike,
    os_days: ArrayLike,
    os_event: ArrayLike,
    death: DeathInRemission,
    name: str = "",
) -> DerivedEndpoint:
    """Time from remission to relapse or to death without relapse, among responders.

    Parameters
    ----------
    responder : (n,) 1 remission, 0 none, missing if not evaluable.
    remission_days : (n,) day of remission, or one day for all (e.g. that of the first assessment).
    relapse_days, os_days, os_event : as in `event_free_survival`; days from infusion.
    death : what a death without relapse is; with COMPETING, `event` is 1 for relapse and 2 for that death.
    name : of the endpoint.

    Raises
    ------
    InputError
        As `event_free_survival`; a responder without a day of remission, or one that lies after relapse or the end of
        follow-up; no responder.

    Examples
    --------
    >>> endpoint = from_remission([1, 1, 0], 28, [90, None, None], [200, 60, 40], [1, 1, 1], DeathInRemission.COMPETING)
    >>> endpoint.rows[["days", "event"]].values.tolist(), endpoint.not_responders
    ([[62.0, 1.0], [32.0, 2.0]], 1)
    """
    columns = FollowUp.of(responder, relapse_days, os_days, os_event)
    inside = columns.responder == 1
    if not inside.any():
        message = f"none of {inside.size} patients is a responder, so nothing can start at remission"
        raise InputError(Problem(message, "check the column of responses"))
    (begin,) = numbers(remission_days=np.atleast_1d(np.asarray(remission_days, dtype=object)))
    begin = np.broadcast_to(begin, inside.shape) if np.ndim(remission_days) == 0 else begin
    if begin.shape != inside.shape:
        message = f"{begin.size} days of remission and {inside.size} patients do not pair up"
        raise InputError(Problem(message, "give one for each patient, or one day for all"))
    relapsed = np.isfinite(columns.relapse)
    stop = np.where(relapsed, columns.relapse, columns.end)
    problems = [
        Problem(f"responder {i + 1} of {inside.size} has no day of remission", "give the day, or one day for all")
        for i in np.flatnonzero(inside & ~np.isfinite(begin))
    ] + [
        Problem(f"responder {i + 1} of {inside.size} reaches remission on day {begin[i]:g}, after "
                f"{'relapse' if relapsed[i] else 'the end of follow-up'} on day {stop[i]:g}",
                "correct one of the days, or give the day of remission patient by patient")
        for i in np.flatnonzero(inside & (begin > stop))
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
    code = {DeathInRemission.EVENT: 1, DeathInRemission.CENSORED: 0, DeathInRemission.COMPETING: DEATH}[death]
    event = np.where(relapsed, RELAPSE, np.where(columns.dead == 1, code, 0))
    rows = pd.DataFrame({
        "row": np.flatnonzero(inside), "days": (stop - begin)[inside], "event": event[inside].astype(np.int64)
    })  # fmt: skip
    meaning = {
        DeathInRemission.EVENT: "to relapse or death",
        DeathInRemission.CENSORED: "to relapse; deaths without relapse censored",
        DeathInRemission.COMPETING: "to relapse, death without relapse being a competing event",
    }[death]
    return DerivedEndpoint(
        name or "Time from remission", f"from remission {meaning}, among responders", rows,
        int((columns.responder == 0).sum()), int(np.isnan(columns.responder).sum()),
    )  # fmt: skip


def relapse_free_survival(
    responder: ArrayLike, remission_days: ArrayLike, relapse_days: ArrayLike, os_days: ArrayLike, os_event: ArrayLike
) -> DerivedEndpoint:
    """Relapse-free survival: from remission to relapse or death; see `from_remission`."""
    return from_remission(
        responder, remission_days, relapse_days, os_days, os_event, DeathInRemission.EVENT, "Relapse-free survival"
    )


def duration_of_response(
    responder: ArrayLike,
    remission_days: ArrayLike,
    relapse_days: ArrayLike,
    os_days: ArrayLike,
    os_event: ArrayLike,
    death: DeathInRemission = DeathInRemission.CENSORED,
) -> DerivedEndpoint:
    """Duration of response: from remission to relapse, death in remission by choice; see `from_remission`."""
    return from_remission(responder, remission_days, relapse_days, os_days, os_event, death, "Duration of response")


def censored_at_transplant(days: ArrayLike, event: ArrayLike, transplant_days: ArrayLike) -> pd.DataFrame:
    """An endpoint with follow-up ended at transplant.

    Parameters
    ----------
    days, event : (n,) the endpoint, any event codes.
    transplant_days : (n,) day of transplant *from the endpoint's own origin*, missing if there was none. An event on
        the day of transplant stays one (events come before censorings); a transplant before the origin (negative)
        censors on day 0.

    Returns
    -------
    DataFrame
        `days`, `event`, and `cut`: whether follow-up was ended early.

    Raises
    ------
    InputError
        Columns that do not pair up, a value that is no number.

    Examples
    --------
    >>> censored_at_transplant([100, 50, 70], [1, 1, 0], [60, 50, None])[["days", "event"]].values.tolist()
    [[60.0, 0.0], [50.0, 1.0], [70.0, 0.0]]
    """
    given, transplant = numbers(days=days, transplant_days=transplant_days)
    codes = coded(event, given.size)
    check_follow_up(given, "days")
    cut = transplant < given
    ended = np.where(cut, np.maximum(transplant, 0.0), given)
    return pd.DataFrame({"days": ended, "event": np.where(cut, 0, codes), "cut": cut})
