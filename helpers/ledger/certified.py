"""Numbers of endpoints whose histories are too many to list: judged by what the rest certainly allows.

The prediction is a range that holds everything that the rest of the paper allows, and perhaps a little more. So a
number outside it is certainly impossible; a number inside it is called consistent, and a range that no number could
miss says nothing.
"""

from __future__ import annotations

from fractions import Fraction

from helpers.conventions import Convention
from helpers.inversion.evidence import Field
from helpers.inversion.foretold import predict
from helpers.inversion.inverted import EndpointInversion, StudyInversion
from helpers.inversion.landmarks import Prediction
from helpers.inversion.paper import conventions_of
from helpers.inversion.repair import describe, nearest
from helpers.inversion.timelines import longest_day
from helpers.ledger.row import LedgerRow, Range, Verdict, unknown
from helpers.printed import PrintedNumber

BOUNDS = "too many histories to list: the rest certainly allows no more than this"
_SECONDS = 40.0  # of work for all predictions of a study together
_LEAST, _MOST = 0.5, 4.0  # seconds of work for one of them


def certified_row(
    inversion: StudyInversion, endpoint: EndpointInversion, target: Field, printed: PrintedNumber
) -> LedgerRow:
    """The row of one printed number of a landmark, or of a printed count."""
    if endpoint.certificate is None or endpoint.certificate.contradictory:
        return unknown(target.claim, target.name, printed, endpoint.why_not)
    prediction = predict(
        endpoint.evidence,
        target,
        endpoint.removed,
        allowed_without(inversion, endpoint),
        longest_day(inversion.study),
        seconds_for_each(inversion),
    )
    if prediction.bounds is None:
        why = prediction.why or "without it the other numbers contradict each other"
        return unknown(target.claim, target.name, printed, why)
    return _judged(endpoint, target, printed, prediction)


def _judged(endpoint: EndpointInversion, target: Field, printed: PrintedNumber, prediction: Prediction) -> LedgerRow:
    assert prediction.bounds is not None
    low, high = prediction.bounds
    note = prediction.why or BOUNDS

    def row(verdict: Verdict, note: str) -> LedgerRow:
        return LedgerRow(target.claim, target.name, printed.text, Range(low, high), verdict, note)

    if target in endpoint.removed:
        others = tuple(text for text in prediction.texts or () if text != printed.text)
        best = nearest(printed.text, others)
        repair = f"; nearest repair {describe(printed.text, best)}" if best is not None else ""
        return row(Verdict.IMPOSSIBLE, f"{note}{repair}")
    if low == high == printed.text:
        return LedgerRow(target.claim, target.name, printed.text, (low,), Verdict.RE_DERIVED, note)
    if _says_nothing(endpoint, target, low, high):
        return row(Verdict.NOT_DERIVABLE, f"{note}, and that is anything")
    inside = Fraction(low) <= printed.value <= Fraction(high)
    allowed = inside and (prediction.texts is None or printed.text in prediction.texts)
    return row(Verdict.CONSISTENT if allowed else Verdict.IMPOSSIBLE, note)


def _says_nothing(endpoint: EndpointInversion, target: Field, low: str, high: str) -> bool:
    """Whether no number could lie outside: from 0 to 1, or from nobody to everybody."""
    if target.name == "count":
        return Fraction(low) <= 0 and Fraction(high) >= endpoint.n
    scale = endpoint.evidence.landmark(target.claim).scale
    return Fraction(low) <= 0 and Fraction(high) * scale >= 1


def allowed_without(inversion: StudyInversion, endpoint: EndpointInversion) -> tuple[Convention, ...]:
    """The conventions that may explain the rest of the paper, in the account that serves it all."""
    allowed = conventions_of(inversion.study)
    if inversion.shared:
        for other in inversion.endpoints.values():
            if other is not endpoint and other.possible_conventions:
                kept = set(other.possible_conventions)
                allowed = tuple(c for c in allowed if c in kept)
    return allowed


def seconds_for_each(inversion: StudyInversion) -> float:
    """How much work one prediction may take, so that all of them together end in time."""
    fields = sum(len(e.evidence.fields) for e in inversion.endpoints.values() if e.certificate is not None)
    whole = _SECONDS if inversion.deadline is None else min(_SECONDS, inversion.deadline)
    return min(_MOST, max(_LEAST, whole / max(1, fields)))
