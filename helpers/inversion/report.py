"""The inversion as plain data: the JSON contract of `unrounded invert`."""

from __future__ import annotations

from typing import Any

from helpers.errors import InputError, Problem, nearest
from helpers.inversion.certified_report import certified_data
from helpers.inversion.history import event_steps
from helpers.inversion.median_account import median_accounts
from helpers.inversion.paper import EndpointInversion, StudyInversion
from helpers.inversion.timelines import Timeline, event_days, longest_day, timelines

_MOST_FOR_DAYS = 500


def endpoint_timelines(inversion: StudyInversion, endpoint: str) -> tuple[Timeline, ...]:
    """All feasible systems of one endpoint, with its printed median where that has symmetric limits."""
    study = inversion.study
    accounts = median_accounts(study, inversion.days_per_month)
    account = next(
        (a for a in accounts.values() if a.printed.endpoint == endpoint and _is_median(study, a.printed.claim)), None
    )
    median, roundings = (account.used, account.roundings) if account else (None, ())
    return tuple(timelines(inversion.endpoints[endpoint].solution, median, roundings, longest_day(study)))


def _is_median(study: Any, claim: str) -> bool:
    return study.claim(claim).statistic == "median"


def as_json(inversion: StudyInversion, endpoint: str | None = None, limit: int = 20) -> dict[str, Any]:
    """What `unrounded invert --json` prints.

    Parameters
    ----------
    inversion : the inverted study.
    endpoint : only this one; None for all.
    limit : how many histories to list for each endpoint; counts are never cut.

    Raises
    ------
    InputError
        if the study has no such endpoint with a printed landmark.
    """
    if endpoint is not None and endpoint not in inversion.endpoints:
        raise InputError(_no_such_endpoint(inversion, endpoint))
    names = [endpoint] if endpoint is not None else list(inversion.endpoints)
    return {
        "study": inversion.study.id,
        "endpoints": {name: _endpoint(inversion, inversion.endpoints[name], limit) for name in names},
    }


def _no_such_endpoint(inversion: StudyInversion, endpoint: str) -> Problem:
    known = ", ".join(inversion.endpoints) or "none"
    close = nearest(endpoint, inversion.endpoints)
    remedy = f"use {close}" if close else f"endpoints with a printed landmark: {known}"
    return Problem(f"study {inversion.study.id} has no landmark of endpoint {endpoint!r}", remedy)


def _endpoint(inversion: StudyInversion, found: EndpointInversion, limit: int) -> dict[str, Any]:
    histories = found.histories
    events = [len(event_steps(h)) for h in histories]
    censored = [len(h) - k for h, k in zip(histories, events, strict=True)]
    systems = endpoint_timelines(inversion, found.endpoint) if 0 < len(histories) <= _MOST_FOR_DAYS else ()
    return {
        "n": found.n,
        "exhaustive": found.exhaustive,
        "count": len(histories) if found.exhaustive else None,
        "histories": list(histories[:limit]),
        "conventions": [c.as_dict() for c in found.conventions],
        "set_aside": [
            {
                "claim": item.field.claim,
                "field": item.field.name,
                "printed": item.printed,
                "expected": list(item.expected),
                "one_digit": item.one_digit,
            }
            for item in found.set_aside
        ],
        "events": [min(events), max(events)] if events else None,
        "censored": [min(censored), max(censored)] if censored else None,
        "event_days": {str(k): list(days) for k, days in event_days(systems).items()},
        **(certified_data(found, limit) if found.certificate is not None else {}),
        **({"why_not": found.why_not} if found.why_not else {}),
    }
