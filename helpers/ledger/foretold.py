"""From what the rest says about a number to its row of the ledger."""

from __future__ import annotations

from helpers.inversion.evidence import Field
from helpers.inversion.joint import Foretold
from helpers.inversion.joint.foretold import NOT_REACHED
from helpers.inversion.reconcile import Contradiction, Reconciled
from helpers.inversion.repair import describe, nearest
from helpers.ledger.row import LedgerRow, Predicted, Range, Verdict, judge, judge_range, unknown
from helpers.printed import FIELD_TITLES, PrintedNumber


def digits_row(target: Field, printed: PrintedNumber, foretold: Foretold, note: str) -> LedgerRow:
    """The row of a landmark's number or of a count: its digits are known one by one, or a range of them."""
    if foretold.texts is not None:
        return judge(target.claim, target.name, printed, foretold.texts, note)
    if foretold.span is not None:
        return judge_range(target.claim, target.name, printed, *foretold.span, note=foretold.why)
    return unknown(target.claim, target.name, printed, foretold.why)


def time_row(target: Field, printed: PrintedNumber, foretold: Foretold, note: str, *, as_range: bool) -> LedgerRow:
    """The row of a median or follow-up: days in a range, or digits from a formula, or not reached.

    Where nothing printed bounds the number from above, and it is not too small, there is nothing to derive it from.
    """
    claim, name = target.claim, target.name
    ends = foretold.ends
    if not foretold.known and not foretold.never:
        return unknown(claim, name, printed, foretold.why)
    allowed = foretold.allows(printed.text, reached=printed.reached)
    if allowed and foretold.above:
        least = f"at least {ends[0]} by the rest, and " if ends is not None and ends[0] != "0" else ""
        return unknown(claim, name, printed, f"{least}nothing printed bounds it from above")
    texts = foretold.sorted_texts
    if not texts and ends is None and not foretold.never:
        # A rest that leaves nothing at all to be printed here contradicts itself: that is no verdict on this number.
        return unknown(claim, name, printed, "the rest of the paper leaves nothing that could be printed here")
    predicted: Predicted
    if foretold.never:
        predicted = Range(ends[0], NOT_REACHED) if ends is not None else (NOT_REACHED,)
    elif len(texts) == 1 or (texts and not as_range):
        return _judged(target, printed, foretold, note)
    else:
        predicted = Range(*ends) if ends is not None else ()
    forced = allowed and isinstance(predicted, tuple) and len(predicted) == 1
    verdict = Verdict.RE_DERIVED if forced else Verdict.CONSISTENT if allowed else Verdict.IMPOSSIBLE
    return LedgerRow(claim, name, printed.text, predicted, verdict, note)


def _judged(target: Field, printed: PrintedNumber, foretold: Foretold, note: str) -> LedgerRow:
    row = judge(target.claim, target.name, printed, foretold.texts or (), note)
    mixed = foretold.above and row.verdict is Verdict.RE_DERIVED
    return row if not mixed else LedgerRow(row.claim, row.field, row.printed, row.predicted, Verdict.CONSISTENT, note)


def contradiction_of(reconciled: Reconciled, target: Field) -> Contradiction | None:
    """The contradiction that setting one field aside would help to end."""
    for found in reconciled.contradictions:
        if any(item.field == target for some in found.ways_out for item in some):
            return found
    return None


def blame(found: Contradiction, target: Field, printed: PrintedNumber, foretold: Foretold) -> str:
    """Why a number is called impossible: its nearest repair, and what else may be the wrong one instead."""
    if len(found.ways_out) == 1 and len(found.ways_out[0]) == 1:
        return repair_note(printed, foretold)
    best = " and ".join(
        f"{item.field.claim} {FIELD_TITLES[item.field.name]} {_repair(item.printed, item.nearest)}"
        for item in found.ways_out[0]
    )
    names = f"{', '.join(found.claims[:-1])} and {found.claims[-1]}" if len(found.claims) > 1 else found.claims[0]
    if len(found.ways_out) == 1:
        return f"the numbers of {names} cannot all be right; wrong: {best}"
    return f"the numbers of {names} cannot all be right; {len(found.ways_out)} ways out, fewest slips: {best}"


def _repair(printed: str, expected: str | None) -> str:
    return describe(printed, expected) if expected is not None else printed


def repair_note(printed: PrintedNumber, foretold: Foretold) -> str:
    """The nearest digits that the rest allows."""
    best = nearest(printed.text, foretold.sorted_texts)
    return f"nearest repair {describe(printed.text, best)}" if best is not None else "no digits can be printed here"
