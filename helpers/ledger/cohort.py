"""Every claim of a paper against the patient-level rows behind it.

For each printed number the rows are printed under every convention that is tried: type of interval, z, rounding before
the interval, rounding rule, rule for a median on a flat, kind of limits, tie rule of reverse Kaplan-Meier, length of a
month. One account, the same conventions throughout, is chosen for the whole paper: the one under which most numbers
agree. A number that agrees under another one only is told apart from one that agrees.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from helpers.cohort.model import Cohort
from helpers.cohort.rules import overall_survival
from helpers.inversion.paper import conventions_of
from helpers.ledger.rows.counts import COUNT, proportion_numbers
from helpers.ledger.rows.curves import Curve, count_numbers, follow_up_numbers, landmark_numbers, median_numbers
from helpers.ledger.rows.row import RowsLedgerRow, RowsVerdict, as_frame
from helpers.ledger.rows.ways import Account, Number, best_account, describe
from helpers.printed import NOT_REACHED
from helpers.study.model import DAYS_PER_MONTH, Claim

if TYPE_CHECKING:
    import pandas as pd

MONTHS = (DAYS_PER_MONTH, Fraction(365, 12), Fraction(30), Fraction("30.5"))


@dataclass(frozen=True)
class RowsLedger:
    """The claims of a paper against its rows: one row a printed number, and the account under which most agree.

    `in_months` says whether a claim is in months or years, so that the length of a month matters.
    """

    rows: tuple[RowsLedgerRow, ...]
    account: Account
    in_months: bool = False

    @property
    def frame(self) -> pd.DataFrame:
        """The rows as a tidy frame: ``claim, field, printed, digits, value, difference, verdict, convention, note``."""
        return as_frame(self.rows)

    def as_dicts(self) -> list[dict[str, Any]]:
        """The rows as plain values, for JSON."""
        return [row.as_dict() for row in self.rows]

    def conventions(self) -> dict[str, str]:
        """The account in words: each part of the paper with its conventions; a month's length if it matters."""
        words = {part: text for part, text in self.account.as_dict().items() if text and part != COUNT.name}
        if self.in_months:
            words["month"] = f"{float(self.account.days_per_month):g} days"
        return words

    def count(self, verdict: RowsVerdict) -> int:
        """How many printed numbers have a verdict."""
        return sum(row.verdict is verdict for row in self.rows)


def cohort_ledger(cohort: Cohort, days_per_month: Fraction = DAYS_PER_MONTH) -> RowsLedger:
    """Hold every printed number of a study against the rows of its cohort.

    Parameters
    ----------
    cohort : the rows, and with them the study whose claims are checked.
    days_per_month : length of a month to try first; others in use are tried as well.

    Returns
    -------
    RowsLedger

    Examples
    --------
    >>> from helpers.cohort import open_cohort
    >>> from helpers.study import load_study
    >>> ledger = cohort_ledger(open_cohort(load_study("freireich1963")))
    >>> ledger.count(RowsVerdict.DIFFERS), ledger.account.describe("landmarks")
    (0, 'log-log interval, full precision, half-up or half-even, z exact')
    """
    months = tuple(dict.fromkeys((days_per_month, *MONTHS)))
    curves: dict[str, Curve] = {}
    numbers = [number for claim in cohort.study.claims for number in _numbers(claim, cohort, curves, months)]
    account = best_account(numbers, months)
    in_months = any(unit in ("month", "year") for c in cohort.study.claims for unit in (c.at_unit, c.unit))
    return RowsLedger(tuple(_row(number, account) for number in numbers), account, in_months)


def _numbers(claim: Claim, cohort: Cohort, curves: dict[str, Curve], months: tuple[Fraction, ...]) -> list[Number]:
    if claim.statistic in ("count", "proportion"):
        return proportion_numbers(claim, cohort, months)
    name, why_not = _endpoint(claim, cohort)
    if why_not:
        return [Number(claim, field, printed, why_not=why_not) for field, printed in claim.printed.items()]
    curve = curves.setdefault(name, Curve(cohort.endpoint(name)))
    if curve.rows.n == 0:
        why_not = f"no row has a known time and event of {name}"
        return [Number(claim, field, printed, why_not=why_not) for field, printed in claim.printed.items()]
    match claim.statistic:
        case "survival":
            numbers = landmark_numbers(claim, curve, conventions_of(cohort.study), months)
        case "median":
            numbers = median_numbers(claim, curve, months)
        case "follow_up":
            numbers = follow_up_numbers(claim, curve, months)
        case _:
            numbers = count_numbers(claim, curve, months)
    if curve.rows.n != claim.n:
        for number in numbers:
            number.note = "; ".join(filter(None, (f"printed for {claim.n} patients, {curve.rows.n} rows", number.note)))
    return numbers


def _endpoint(claim: Claim, cohort: Cohort) -> tuple[str, str]:
    """The endpoint on whose rows a claim is computed, or why it cannot be."""
    name = claim.endpoint
    if name is None and claim.statistic == "follow_up":
        outer = overall_survival(cohort.study)
        known = [outer.id] if outer is not None and outer.id in cohort.endpoints else list(cohort.endpoints)
        name = known[0] if known else None
    if name is None or name not in cohort.endpoints:
        return "", f"the file has no columns for {name or 'any endpoint'}"
    everybody = cohort.study.patients(name)
    if claim.n != everybody:
        return "", f"printed for {claim.n} of {everybody} patients, and study.yaml does not say which"
    return name, ""


def _row(number: Number, account: Account) -> RowsLedgerRow:
    claim, printed = number.claim.id, number.printed
    if number.part is None:
        note = number.why_not
        return RowsLedgerRow(claim, number.field, printed.text, "", None, RowsVerdict.NOT_COMPUTABLE, note=note)
    month, part = account.days_per_month, number.part
    chosen = account.chosen[part.name]
    fitting = [way for way in account.equal[part.name] if number.agrees(month, way)]
    printing = number.ways[month][fitting[0] if fitting else chosen]
    verdict, convention, note = RowsVerdict.REPRODUCED, account.describe(part.name), number.note
    if not fitting:
        others = {m: [w for w in part.ways if number.agrees(m, w)] for m in number.ways}
        other = next(((m, ways) for m, ways in others.items() if ways), None)
        if other is not None:
            verdict = RowsVerdict.OTHERWISE
            convention = describe(part, other[1])
            if other[0] != month:
                convention += f", a month of {float(other[0]):g} days"
        elif not printing.digits:
            verdict = RowsVerdict.NOT_COMPUTABLE
            note = "; ".join(filter(None, (note, "the rows give no such number")))
        else:
            verdict = RowsVerdict.DIFFERS
    difference = None
    if printing.digits and printed.reached and printing.digits not in NOT_REACHED:
        difference = float(printed.value - Fraction(printing.digits))
    value = printing.value if printing.digits else None
    return RowsLedgerRow(
        claim, number.field, printed.text, printing.digits, value, verdict, convention, difference, note
    )
