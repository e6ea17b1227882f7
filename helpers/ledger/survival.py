"""Landmarks, numbers at risk and totals: each judged by inverting the paper without it."""

from __future__ import annotations

from helpers.conventions import Convention
from helpers.inversion.evidence import ESTIMATE_FIELDS, MAX_INVERTED, TOO_MANY, Field
from helpers.inversion.inverted import EndpointInversion, StudyInversion
from helpers.inversion.landmarks import solved
from helpers.inversion.paper import conventions_of
from helpers.inversion.search import TooLargeError
from helpers.ledger.certified import certified_row
from helpers.ledger.foretold import blame, contradiction_of, digits_row
from helpers.ledger.row import LedgerRow, unknown
from helpers.printed import PrintedNumber
from helpers.study.model import Claim


def landmark_rows(inversion: StudyInversion, claim: Claim) -> list[LedgerRow]:
    """The rows of a claim of statistic `survival`."""
    endpoint = inversion.endpoints.get(claim.endpoint or "")
    if endpoint is None or all(mark.claim != claim.id for mark in endpoint.landmarks):
        everybody = inversion.study.patients(claim.endpoint)
        why = f"printed for {claim.n} of {everybody} patients: a cohort within the cohort is not inverted"
        why = TOO_MANY if endpoint is None and everybody > MAX_INVERTED else why
        return [unknown(claim.id, name, number, why) for name, number in claim.printed.items()]
    return [
        _landmark_row(inversion, endpoint, Field(claim.id, name), number)
        for name, number in claim.printed.items()
        if name in ESTIMATE_FIELDS
    ]


def _landmark_row(
    inversion: StudyInversion, endpoint: EndpointInversion, target: Field, printed: PrintedNumber
) -> LedgerRow:
    if not printed.reached:
        return unknown(target.claim, target.name, printed, "not a number")
    if endpoint.certificate is not None:
        return certified_row(inversion, endpoint, target, printed)
    if not endpoint.histories:
        return unknown(target.claim, target.name, printed, endpoint.why_not)
    conventions = conventions_without(inversion, endpoint, target)
    if not conventions:
        return unknown(target.claim, target.name, printed, "without it the rest is too large to go through")
    return _foretold_row(inversion, endpoint, target, printed, _made(conventions))


def _foretold_row(
    inversion: StudyInversion, endpoint: EndpointInversion, target: Field, printed: PrintedNumber, note: str
) -> LedgerRow:
    """The row of a number by everything else in print."""
    foretold = inversion.reconciled.foretell(endpoint.endpoint, target)
    found = contradiction_of(inversion.reconciled, target)
    return digits_row(target, printed, foretold, note if found is None else blame(found, target, printed, foretold))


def conventions_without(
    inversion: StudyInversion, endpoint: EndpointInversion, target: Field
) -> tuple[Convention, ...]:
    """The conventions that explain the whole paper when one field is not read."""
    others = [e for e in inversion.endpoints.values() if e is not endpoint and e.possible_conventions]
    allowed = conventions_of(inversion.study)
    if inversion.shared:
        for other in others:
            allowed = tuple(c for c in allowed if c in _explaining(other))
    try:
        rest = endpoint.evidence.without({*endpoint.removed, target})
        return solved(rest, allowed).conventions if rest.landmarks else allowed
    except TooLargeError:
        return ()


def _explaining(endpoint: EndpointInversion) -> tuple[Convention, ...]:
    """Every convention that explains an endpoint alone, or may do so, after what was set aside."""
    return endpoint.possible_conventions


def _made(conventions: tuple[Convention, ...]) -> str:
    intervals = sorted({str(c.interval) for c in conventions})
    first = {c.rounded_to for c in conventions}
    rounded = f", S and se rounded to {first.pop()} decimals first" if len(first) == 1 and None not in first else ""
    return f"{' or '.join(intervals)} interval{rounded}" if len(intervals) <= 2 else "several conventions fit"


def number_rows(inversion: StudyInversion, claim: Claim) -> list[LedgerRow]:
    """The rows of a claim of statistic `at_risk`, `events` or `censored`."""
    printed = claim.count
    if printed is None:
        return []
    endpoint = inversion.endpoints.get(claim.endpoint or "")
    target = Field(claim.id, "count")
    if endpoint is None or target not in endpoint.evidence.fields:
        too_many = endpoint is None and inversion.study.patients(claim.endpoint) > MAX_INVERTED
        why = TOO_MANY if too_many else "no landmark of this endpoint bears on it"
        return [unknown(claim.id, "count", printed, why)]
    if endpoint.certificate is not None:
        return [certified_row(inversion, endpoint, target, printed)]
    if not endpoint.histories:
        return [unknown(claim.id, "count", printed, endpoint.why_not)]
    return [_foretold_row(inversion, endpoint, target, printed, "from the surviving histories")]
