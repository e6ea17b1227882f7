"""What could explain a printed number that the rest of its paper contradicts: tried out, never guessed.

Only accounts that do print the number are given. None of them says what happened; the authors alone know.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from helpers.estimators.proportions import ProportionMethod, proportion
from helpers.printed import PrintedNumber, Rounding, round_to, show
from helpers.study.model import Claim, Study

_WORDS = ("no", "one", "two", "three", "four", "five")
MOST_MISSING = len(_WORDS) - 1  # patients without an answer that are tried as an account of a denominator


def explanations(study: Study, claim_id: str, field: str) -> list[str]:
    """Accounts that print a contradicted number of a count or percentage; empty where none was found.

    >>> from helpers.study import load_study
    >>> explanations(load_study("carcik2025"), "mrd_negative", "value")[0]
    '25 of 28 prints 89 %, if two of the 30 patients were not assessed'
    """
    claim = study.claim(claim_id)
    printed = claim.printed[field]
    if claim.statistic not in ("proportion", "count"):
        return []
    if field == "value":
        return _denominators(claim, printed)
    if field in ("ci_low", "ci_high") and claim.count is not None:
        return [*_outwards(claim, field, printed), *_rounded_twice(claim, field, printed)]
    return []


def _denominators(claim: Claim, printed: PrintedNumber) -> list[str]:
    """Smaller denominators that print a percentage: the nearest by rounding, and the nearest by cutting off."""
    known = int(claim.count.value) if claim.count is not None else None
    found = []
    for rule, how in ((Rounding.HALF_UP, "prints"), (Rounding.TRUNCATION, "prints, once its digits are cut off,")):
        for missing in range(1, min(MOST_MISSING, claim.n - 1) + 1):
            n = claim.n - missing
            exact = {k: round_to(Fraction(k, n) / claim.scale, printed.decimals, rule) for k in range(n + 1)}
            fitting = [k for k, share in exact.items() if share == printed.value and known in (None, k)]
            if fitting:
                counts = " or ".join(map(str, fitting))
                whose = f"{_WORDS[missing]} of the {claim.n} patients {'was' if missing == 1 else 'were'} not assessed"
                found.append(f"{counts} of {n} {how} {printed.text} %, if {whose}")
                break
    return found


def _limit(claim: Claim, field: str, method: ProportionMethod) -> Fraction:
    assert claim.count is not None
    found = proportion(int(claim.count.value), claim.n, method, float(claim.ci_level))
    return Fraction(found.low if field == "ci_low" else found.high)


def _outwards(claim: Claim, field: str, printed: PrintedNumber) -> list[str]:
    """Limits that were rounded away from the estimate."""
    found = []
    for method in ProportionMethod:
        scaled = _limit(claim, field, method) / claim.scale / printed.unit
        whole = floor(scaled) if field == "ci_low" else ceil(scaled)
        if whole * printed.unit == printed.value:
            side = "down" if field == "ci_low" else "up"
            found.append(
                f"the {method} limit is {float(scaled * printed.unit):.{printed.decimals + 2}f} %, which gives "
                f"{printed.text} if it was rounded {side}, away from the estimate"
            )
    return found


def _rounded_twice(claim: Claim, field: str, printed: PrintedNumber) -> list[str]:
    """Limits that were rounded as proportions first, and as percentages then."""
    found = []
    for method in ProportionMethod:
        limit = _limit(claim, field, method)
        for decimals in (printed.decimals + 3, printed.decimals + 4):
            once = round_to(limit, decimals, Rounding.HALF_UP)
            if show(round_to(once / claim.scale, printed.decimals, Rounding.HALF_UP), printed.decimals) == printed.text:
                found.append(
                    f"the {method} limit is {float(limit):.6f}; first rounded to {show(once, decimals)}, it gives "
                    f"{printed.text} when rounded again"
                )
                break
    return found
