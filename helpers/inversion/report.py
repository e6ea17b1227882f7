"""The inversion as plain data: the JSON contract of `unrounded invert`."""

from __future__ import annotations

from typing import Any

from helpers.errors import InputError, Problem, nearest
from helpers.inversion.certified_report import certified_data
from helpers.inversion.evidence import MAX_INVERTED, TOO_MANY
from helpers.inversion.history import event_steps
from helpers.inversion.inverted import EndpointInversion, StudyInversion
from helpers.inversion.joint.possible_days import possible_timelines
from helpers.inversion.landmarks import SetAside
from helpers.inversion.timelines import Timeline, event_days

_MOST_FOR_DAYS = 500


def endpoint_timelines(inversion: StudyInversion, endpoint: str) -> tuple[Timeline, ...]:
    """All feasible systems of one endpoint under everything printed; see `possible_timelines`."""
    joint = inversion.reconciled.joint
    if endpoint not in joint.listed:
        return ()
    key = ("timelines", endpoint)
    if key not in joint.memo:
        joint.memo[key] = possible_timelines(joint, endpoint)
    return tuple(joint.memo[key])


def as_json(inversion: StudyInversion, endpoint: str | None = None, limit: int = 20) -> dict[str, Any]:
    """What `unrounded invert --json` prints.

    Beside the endpoints: `contradictions`, each with the claims that contradict each other and the smallest sets of
    fields to set aside, nearest repairs first; `evidence`, how many histories are left after each kind of evidence; and
    `assumptions` about endpoints of the same patients.

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
    reconciled = inversion.reconciled
    assumptions = reconciled.printed.assumptions
    return {
        "study": inversion.study.id,
        "endpoints": {name: _endpoint(inversion, inversion.endpoints[name], limit) for name in names},
        "contradictions": [
            {"claims": list(found.claims), "ways_out": [[_set_aside(item) for item in some] for some in found.ways_out]}
            for found in reconciled.contradictions
        ],
        "evidence": {
            name: [
                {"evidence": step.evidence, "before": step.before, "after": step.after}
                for step in inversion.endpoints[name].removals
            ]
            for name in names
        },
        "assumptions": {
            "linked": [list(pair) for pair in assumptions.pairs],
            "same_follow_up": assumptions.same_follow_up,
        },
        **({"unresolved": reconciled.unresolved} if reconciled.unresolved else {}),
    }


def _set_aside(item: SetAside) -> dict[str, Any]:
    """One field set aside; where what is expected is too much to list, its range and the nearest repair."""
    found: dict[str, Any] = {
        "claim": item.field.claim,
        "field": item.field.name,
        "printed": item.printed,
        "expected": list(item.expected),
        "one_digit": item.one_digit,
    }
    if item.span is not None:
        found |= {"expected_range": {"min": item.span[0], "max": item.span[1]}, "nearest": item.nearest}
    return found


def _no_such_endpoint(inversion: StudyInversion, endpoint: str) -> Problem:
    known = ", ".join(inversion.endpoints) or "none"
    if endpoint in inversion.study.endpoints and inversion.study.patients(endpoint) > MAX_INVERTED:
        return Problem(f"endpoint {endpoint!r} is {TOO_MANY}", "`unrounded check` judges the other numbers")
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
        "count": _count(found),
        "histories": list(histories[:limit]),
        "conventions": [c.as_dict() for c in found.conventions],
        "set_aside": [_set_aside(item) for item in found.set_aside],
        "events": [min(events), max(events)] if events else None,
        "censored": [min(censored), max(censored)] if censored else None,
        "event_days": {str(k): list(days) for k, days in event_days(systems).items()},
        **(certified_data(found, limit) if found.certificate is not None else {}),
        **({"why_not": found.why_not} if found.why_not else {}),
    }


def _count(found: EndpointInversion) -> int | list[int] | None:
    """How many histories stand; a range where some were not decided; None where they cannot be listed."""
    number = len(found.histories)
    if found.exhaustive:
        return number
    return [number - found.undecided, number] if found.undecided else None
