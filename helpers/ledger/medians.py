"""Medians and median follow-up: each number judged by everything else in print."""

from __future__ import annotations

from helpers.inversion.evidence import ESTIMATE_FIELDS, Field
from helpers.inversion.inverted import StudyInversion
from helpers.inversion.median_account import MedianAccount, median_accounts, predicted_texts
from helpers.inversion.medians import symmetric_roundings
from helpers.inversion.repair import describe
from helpers.ledger.foretold import blame, contradiction_of, time_row
from helpers.ledger.row import LedgerRow, Verdict, judge, unknown
from helpers.printed import FIELD_TITLES, PrintedNumber, Rounding
from helpers.study.model import Claim

__all__ = ["median_accounts", "median_rows"]


def median_rows(inversion: StudyInversion, claim: Claim, accounts: dict[str, MedianAccount]) -> list[LedgerRow]:
    """The rows of a claim of statistic `median` or `follow_up`."""
    rows = []
    for name, number in claim.printed.items():
        if name not in ESTIMATE_FIELDS:
            continue
        account, target = accounts.get(claim.id), Field(claim.id, name)
        whole = next((w for w in inversion.reconciled.printed.wholes.values() if target in w.fields), None)
        if account is None:
            everybody = inversion.study.patients(claim.endpoint)
            rows.append(unknown(claim.id, name, number, f"printed for {claim.n} of {everybody} patients"))
        elif whole is not None:
            rows.append(_row(inversion, whole.endpoint, account, target, number))
        elif claim.ci_level == 1 and name != "value":
            rows.append(unknown(claim.id, name, number, "the end of a range, not of a confidence interval"))
        elif not number.reached:
            rows.append(unknown(claim.id, name, number, "not reached"))
        elif account.candidates:
            rows.append(_contradicting_row(account, target, number))
        elif account.symmetric:
            rows.append(_symmetric_row(account, target, number, accounts))
        else:
            rows.append(unknown(claim.id, name, number, "no other printed number bears on it"))
    return rows


def _row(
    inversion: StudyInversion, endpoint: str, account: MedianAccount, target: Field, number: PrintedNumber
) -> LedgerRow:
    """A number of an endpoint whose curve is known."""
    reconciled = inversion.reconciled
    foretold = reconciled.foretell(endpoint, target)
    note = foretold.how or _how(inversion, target)
    found = contradiction_of(reconciled, target)
    if found is not None:
        note = _not_symmetric(account) if account.candidates else blame(found, target, number, foretold)
    return time_row(target, number, foretold, note, as_range=not foretold.how)


def _how(inversion: StudyInversion, target: Field) -> str:
    """How a number that is the day of a step was come by."""
    if inversion.study.claim(target.claim).statistic == "follow_up":
        return "by reverse Kaplan-Meier on the surviving histories, either rule for ties"
    return "the landmarks on either side bound it" if target.name == "value" else "limits taken as event times"


def _not_symmetric(account: MedianAccount) -> str:
    best = account.candidates[0]
    repair = describe(best.printed, best.nearest) if best.nearest is not None else best.printed
    return (
        "estimate and limits cannot be symmetric, as the paper's other medians are; one of the three is wrong, "
        f"fewest slips: {FIELD_TITLES[best.field.name]} {repair}; or this interval was made in another way"
    )


def _contradicting_row(account: MedianAccount, target: Field, number: PrintedNumber) -> LedgerRow:
    """Estimate and limits contradict each other, and no curve is known: any one of the three may be the wrong one."""
    item = next(c for c in account.candidates if c.field == target)
    return judge(target.claim, target.name, number, item.expected, _not_symmetric(account))


def _symmetric_row(
    account: MedianAccount, target: Field, number: PrintedNumber, accounts: dict[str, MedianAccount]
) -> LedgerRow:
    """Symmetric limits without a curve predict one another; if they may as well be event times, no more than that."""
    others = [
        set(a.roundings) for key, a in accounts.items() if key != target.claim and a.symmetric and not a.candidates
    ]
    own = set(symmetric_roundings(account.printed.without(target.name)))
    roundings = tuple(rule for rule in Rounding if rule in own and all(rule in rules for rules in others))
    texts = predicted_texts(account.printed, target.name, roundings)
    note = f"limits symmetric about the median, {' or '.join(roundings)}"
    row = judge(target.claim, target.name, number, texts, note)
    if account.decisive or row.verdict is not Verdict.RE_DERIVED:
        return row
    return LedgerRow(row.claim, row.field, row.printed, row.predicted, Verdict.CONSISTENT, note)
