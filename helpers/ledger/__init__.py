"""The ledger: every printed number of a study, judged by what the other numbers predict."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from helpers.inversion.certified import Tell, silent
from helpers.inversion.inverted import StudyInversion
from helpers.inversion.median_account import median_accounts
from helpers.inversion.paper import invert_study
from helpers.ledger.arithmetic import count_rows
from helpers.ledger.made import how_made
from helpers.ledger.medians import median_rows
from helpers.ledger.row import LedgerRow, Range, Verdict
from helpers.ledger.survival import landmark_rows, number_rows
from helpers.study.model import DAYS_PER_MONTH, Study

__all__ = ["LedgerRow", "Range", "Verdict", "ledger", "ledger_of"]


def ledger(
    study: Study,
    days_per_month: Fraction = DAYS_PER_MONTH,
    deadline: float | None = None,
    tell: Tell = silent,
    *,
    linked: bool = True,
    same_follow_up: bool = True,
) -> tuple[LedgerRow, ...]:
    """One row for every printed number of a study, in the order of its claims; parameters as in `invert_study`."""
    inversion = invert_study(study, days_per_month, deadline, tell, linked=linked, same_follow_up=same_follow_up)
    return ledger_of(inversion, tell)


def ledger_of(inversion: StudyInversion, tell: Tell = silent) -> tuple[LedgerRow, ...]:
    """The same from an inversion that is already there."""
    accounts = median_accounts(inversion.study, inversion.days_per_month)
    rows: list[LedgerRow] = []
    for claim in inversion.study.claims:
        endpoint = inversion.endpoints.get(claim.endpoint or "")
        if endpoint is not None and endpoint.certificate is not None:
            tell(f"{endpoint.endpoint}: judging {claim.id} by the other numbers")
        if claim.statistic == "survival":
            found = landmark_rows(inversion, claim)
        elif claim.statistic in ("median", "follow_up"):
            found = median_rows(inversion, claim, accounts)
        elif claim.statistic in ("count", "proportion"):
            found = count_rows(inversion.study, claim)
        else:
            found = number_rows(inversion, claim)
        made = how_made(inversion, claim, accounts)
        rows += [replace(row, convention=made) for row in found]
    return tuple(rows)
