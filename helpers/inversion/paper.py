"""The whole paper: all endpoints and all printed numbers under one account of how the numbers were made.

The landmarks and counts are inverted first, endpoint by endpoint (`account`); then medians, follow-up, the calendar and
the other endpoints of the same patients join them (`reconcile`).
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from helpers.conventions import Convention, Interval, all_conventions
from helpers.inversion.account import cheapest, chosen_endpoint, options_by_size
from helpers.inversion.certified import (
    Certified,
    Tell,
    certified_endpoints,
    job_line,
    silent,
    size_of,
    size_words,
    unlisted,
)
from helpers.inversion.evidence import MAX_INVERTED, TOO_MANY, Evidence, evidence_of
from helpers.inversion.inverted import EndpointInversion, StudyInversion
from helpers.inversion.landmarks import MAX_SET_ASIDE
from helpers.inversion.reconcile import Reconciled, expectations, reconcile
from helpers.inversion.search import TooLargeError
from helpers.inversion.solve import Solution
from helpers.printed import Rounding
from helpers.study.model import DAYS_PER_MONTH, Study

_NOTHING_FITS = f"no history fits, whichever {MAX_SET_ASIDE} numbers are set aside"


def conventions_of(study: Study) -> tuple[Convention, ...]:
    """Every convention, less what the study folder rules out."""
    fixed = study.conventions
    choices: dict[str, tuple] = {}
    if "interval" in fixed:
        choices["intervals"] = (Interval(str(fixed["interval"])),)
    if "z" in fixed:
        choices["zs"] = (str(fixed["z"]),)
    if "rounded_to" in fixed:
        choices["rounded_to"] = (fixed["rounded_to"],)
    if "rounding" in fixed:
        choices["roundings"] = (Rounding(str(fixed["rounding"])),)
    return tuple(all_conventions(**choices))


def invert_study(
    study: Study,
    days_per_month: Fraction = DAYS_PER_MONTH,
    deadline: float | None = None,
    tell: Tell = silent,
    *,
    linked: bool = True,
    same_follow_up: bool = True,
) -> StudyInversion:
    """Invert everything a study prints about its endpoints.

    Parameters
    ----------
    study : the study folder, read.
    days_per_month : length of a printed month in days.
    deadline : seconds for each endpoint whose histories are too many to list; None: the usual work, counted in units
        and not in seconds, so that the result is the same on every machine.
    tell : called with a line about the size of each job before it starts.
    linked : whether endpoints of the same patients, one of which counts the other's events too, are linked.
    same_follow_up : an assumption: a patient censored for the inner endpoint (EFS) is censored for the outer one (OS)
        on the same day. Without it the outer follow-up may go on.

    Returns
    -------
    StudyInversion
        with one entry for each endpoint that has a printed landmark and no more than `MAX_INVERTED` patients.
    """
    conventions = conventions_of(study)
    printed = {name: evidence_of(study, name, days_per_month) for name in study.endpoints}
    printed = {name: evidence for name, evidence in printed.items() if evidence.landmarks}
    for name in [name for name, evidence in printed.items() if evidence.n > MAX_INVERTED]:
        tell(f"{name}: {printed.pop(name).n:,} patients; it is {TOO_MANY}")
    searched, sizes = {}, {}
    for name, evidence in printed.items():
        sizes[name] = size_of(evidence, conventions)
        tell(job_line(name, evidence.n, sizes[name]))
        try:
            if sizes[name].listable:
                found = options_by_size(evidence, conventions, further=0)
                if found or not any(unlisted(evidence, size, conventions) for size in range(1, MAX_SET_ASIDE + 1)):
                    searched[name] = found
        except TooLargeError as error:
            sizes[name] = replace(sizes[name], candidates=error.size, listable=False)
    choice, shared = cheapest(searched)
    if len(choice) > 1 and not shared:
        # No convention serves all at the smallest sizes: perhaps one does with one number more set aside.
        for name in choice:
            searched[name] = options_by_size(printed[name], conventions, further=1)
        choice, shared = cheapest(searched)
    large = [name for name in printed if name not in searched]
    proven, shared = certified_endpoints(
        {name: printed[name] for name in large}, conventions, shared if searched else None, study, deadline, tell
    )
    endpoints = {}
    for name, evidence in printed.items():
        if name in choice:
            endpoints[name] = chosen_endpoint(name, evidence, choice[name], searched[name], shared)
            more = unlisted(evidence, len(choice[name].removed), conventions) if choice[name].removed else ()
            endpoints[name] = replace(endpoints[name], alternatives=(*endpoints[name].alternatives, *more))
        elif name in proven:
            endpoints[name] = _certified(name, evidence, proven[name], conventions)
        else:
            empty = Solution(evidence.n, evidence.landmarks, {})
            endpoints[name] = EndpointInversion(name, evidence, empty, why_not=_NOTHING_FITS)
    reconciled = reconcile(
        study,
        {name: (e.removed, *e.alternatives) for name, e in endpoints.items() if e.histories},
        conventions,
        one_convention=bool(shared),
        days_per_month=days_per_month,
        linked=linked,
        same_follow_up=same_follow_up,
    )
    endpoints = {name: _sharp(endpoint, reconciled) for name, endpoint in endpoints.items()}
    listed = [e.conventions for e in endpoints.values() if e.histories]
    shared = tuple(c for c in shared if all(c in some for some in listed))
    return StudyInversion(study, days_per_month, endpoints, shared, deadline, reconciled=reconciled)


def _sharp(endpoint: EndpointInversion, reconciled: Reconciled) -> EndpointInversion:
    """The endpoint with the histories that stand under everything printed, and what was set aside for that."""
    whole = reconciled.printed.wholes.get(endpoint.endpoint)
    if whole is None:
        return endpoint
    found = reconciled.sharp.get(endpoint.endpoint)
    own = {*whole.curve.fields, *(field for demand in whole.medians for field in demand.fields)}
    chosen = [field for field in reconciled.removed if field in own]
    rest = {field for field in reconciled.removed if field not in own}
    alternatives = [
        tuple(field for field in some if field in own)
        for some in reconciled.sets[1:]
        if {field for field in some if field not in own} == rest
    ]
    endpoint = replace(
        endpoint,
        set_aside=expectations(reconciled.printed, reconciled.removed, chosen),
        alternatives=tuple(alternatives),
    )
    if found is None:
        empty = Solution(endpoint.n, endpoint.evidence.landmarks, {})
        why = "without what had to be set aside there are too many histories to list"
        return replace(endpoint, solution=empty, exhaustive=False, why_not=why)
    return replace(
        endpoint,
        solution=found.solution,
        exhaustive=endpoint.exhaustive and not found.undecided,
        why_not=_undecided(found.undecided),
        removals=found.removals,
        undecided=found.undecided,
    )


def _undecided(number: int) -> str:
    """What to say where some histories could not be decided."""
    if not number:
        return ""
    return f"of {number} histories it was not found out whether days exist for them under everything printed"


def _certified(
    name: str, evidence: Evidence, found: Certified, conventions: tuple[Convention, ...]
) -> EndpointInversion:
    """An endpoint whose set is too large to list."""
    rest = evidence.without(tuple(item.field for item in found.set_aside))
    size = size_of(rest, conventions)
    return EndpointInversion(
        name,
        evidence,
        Solution(rest.n, rest.landmarks, {}, rest.counts),
        found.set_aside,
        found.rivals,
        exhaustive=False,
        why_not=_NOTHING_FITS if found.contradiction else f"the set is too large to list: {size_words(size)}",
        size=size,
        certificate=found.certificate,
    )
