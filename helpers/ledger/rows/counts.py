"""Counts and proportions, recomputed from rows: which rows a claim counts, and what it then prints."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from helpers.cohort.conditions import describe, select
from helpers.cohort.model import Cohort
from helpers.errors import InputError
from helpers.estimators.proportions import ProportionMethod, proportion
from helpers.ledger.rows.ways import ROUNDINGS, Number, Part, Printing, Way, digits_of
from helpers.study.model import Claim, Definition, Study

PERCENTAGE = Part("percentages", (("rounding", ROUNDINGS),))
LIMITS = Part("limits of proportions", (("method", tuple(map(str, ProportionMethod))), ("rounding", ROUNDINGS)))
COUNT = Part("counts", (("count", ("rows counted",)),))
_GRADE = re.compile(r"(crs|icans|agvhd)(?:_any|_grade_(\d)(?:_(plus|\d))?)?", re.ASCII)
_REMISSION = "cr or cri"


def definition_of(claim: Claim, study: Study) -> Definition | None:
    """Which rows a claim counts: as study.yaml says, or as its id says.

    Ids that need no definition: ``patients``; ``cr``, ``cri``, ``cr_cri``; ``mrd_negative`` (of those in remission
    where it is printed for fewer than all patients); ``crs``, ``icans``, ``agvhd`` with nothing or ``_any`` (grade 1 or
    higher), ``_grade_3``, ``_grade_1_2``, ``_grade_3_plus``.
    """
    if claim.id in study.definitions:
        return study.definitions[claim.id]
    if claim.id == "patients":
        return Definition()
    if claim.id in ("cr", "cri"):
        return Definition({claim.id: "1"})
    if claim.id == "cr_cri":
        return Definition({_REMISSION: "1"})
    if claim.id == "mrd_negative":
        return Definition({"mrd_negative": "1"}, {_REMISSION: "1"} if claim.n < study.n else {})
    match = _GRADE.fullmatch(claim.id)
    if match is None:
        return None
    what, low, high = match.groups()
    if low is None:
        low, high = "1", "plus"
    conditions = {None: low, "plus": f">= {low}"}
    return Definition({f"{what}_grade": conditions.get(high, f"{low} to {high}")})


def proportion_numbers(claim: Claim, cohort: Cohort, months: Sequence[Fraction]) -> list[Number]:
    """Every printed number of a claim of statistic `count` or `proportion`."""
    why_not, k, n, note = _counted(claim, cohort)
    if why_not:
        return [Number(claim, name, printed, why_not=why_not) for name, printed in claim.printed.items()]
    found = []
    for name, printed in claim.printed.items():
        ways: dict[Way, Printing] = {}
        if name == "count":
            ways = {("rows counted",): Printing(str(k), float(k))}
            found.append(Number(claim, name, printed, COUNT, dict.fromkeys(months, ways), note=note))
        elif n == 0:
            found.append(Number(claim, name, printed, why_not=f"{note}: there is no such row"))
        elif name == "value":
            share = Fraction(k, n) / claim.scale
            ways = {(r,): Printing(digits_of(share, printed.decimals, r), float(share)) for r in ROUNDINGS}
            found.append(Number(claim, name, printed, PERCENTAGE, dict.fromkeys(months, ways), note=note))
        else:
            for method in ProportionMethod:
                limits = proportion(k, n, method, float(claim.ci_level))
                inside = min(max(limits.low if name == "ci_low" else limits.high, 0.0), 1.0)
                limit = Fraction(inside) / claim.scale
                for r in ROUNDINGS:
                    ways[str(method), r] = Printing(digits_of(limit, printed.decimals, r), float(limit))
            found.append(Number(claim, name, printed, LIMITS, dict.fromkeys(months, ways), note=note))
    return found


def _counted(claim: Claim, cohort: Cohort) -> tuple[str, int, int, str]:
    """Why nothing can be counted; or the count, its denominator, and how both came about."""
    definition = definition_of(claim, cohort.study)
    if claim.at is not None:
        return "a proportion at a time is not a count of rows", 0, 0, ""
    if definition is None:
        return "study.yaml does not say which rows it counts (definitions), nor does its id", 0, 0, ""
    rows = cohort.rows.assign(**{_REMISSION: cohort.responder})
    endpoint = cohort.study.endpoints.get(claim.endpoint or "")
    of = {**(endpoint.subset if endpoint else {}), **definition.of}
    try:
        whole = select(rows, of)
        part = select(rows, {**of, **definition.rows})
    except InputError as error:
        return f"the file has no column {error.problems[0].found}", 0, 0, ""
    if _REMISSION in (*definition.rows, *of) and rows[_REMISSION].isna().all():
        return "the file does not tell who reached remission", 0, 0, ""
    unknown = int((part.unknown & whole.met).sum())
    k, n = int(part.met.sum()), int(whole.met.sum())
    note = f"{describe(definition.rows)}: {k} of {n}" + (f" with {describe(of)}" if of else "")
    if unknown and claim.n != n:
        note, n = f"{note}; {unknown} of unknown value left out", n - unknown
    elif unknown:
        note = f"{note}; {unknown} of unknown value counted as not"
    if n != claim.n:
        note += f"; printed for {claim.n} patients"
    return "", k, n, note
