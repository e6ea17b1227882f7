"""Counts and percentages: what follows by plain arithmetic from other printed counts."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

from helpers.estimators.proportions import ProportionMethod, proportion
from helpers.ledger.row import LedgerRow, Verdict, judge, unknown
from helpers.printed import PrintedNumber, Rounding, round_to, show
from helpers.study.model import Claim, Study

_LARGEST_N = 5000


def count_rows(study: Study, claim: Claim) -> list[LedgerRow]:
    """The rows of a claim of statistic `count` or `proportion`."""
    rows = []
    for name, printed in claim.printed.items():
        if name == "value":
            rows.append(_percentage(claim, printed))
        elif name == "count":
            rows.append(_count(study, claim, printed))
        else:
            rows.append(_limit(claim, name, printed))
    return rows


def _texts(x: Fraction, printed: PrintedNumber) -> set[str]:
    """A number as text with the decimals of another, under every rounding rule."""
    return {show(round_to(x, printed.decimals, rule), printed.decimals) for rule in Rounding}


def prints_proportion(count: int, n: int, printed: PrintedNumber, scale: Fraction) -> bool:
    """Whether count / n can be printed as a percentage or proportion under some rounding rule."""
    return printed.text in _texts(Fraction(count, n) / scale, printed)


def fitting_counts(n: int, printed: PrintedNumber, scale: Fraction) -> list[int]:
    """Every count out of n that can be printed as these digits under some rounding rule.

    Only counts within one unit of the last digit are tried: no rule goes further.

    >>> fitting_counts(22, PrintedNumber("13.64"), Fraction(1, 100))
    [3]
    """
    low, high = ((printed.value + side * printed.unit) * scale * n for side in (-1, 1))
    candidates = range(max(ceil(low), 0), min(floor(high), n) + 1)
    return [k for k in candidates if prints_proportion(k, n, printed, scale)]


def _percentage(claim: Claim, printed: PrintedNumber) -> LedgerRow:
    if claim.count is not None:
        k = int(claim.count.value)
        note = f"{k} of {claim.n}"
        texts = _texts(Fraction(k, claim.n) / claim.scale, printed)
        if printed.text in texts:
            return LedgerRow(claim.id, "value", printed.text, (printed.text,), Verdict.ARITHMETIC, note)
        return judge(claim.id, "value", printed, texts, note)
    fitting = fitting_counts(claim.n, printed, claim.scale)
    if fitting:
        note = f"{' or '.join(map(str, fitting[:4]))} of {claim.n}; the count itself is not printed"
        return LedgerRow(claim.id, "value", printed.text, (printed.text,), Verdict.CONSISTENT, note)
    around = {text for k in _neighbours(claim, printed) for text in _texts(Fraction(k, claim.n) / claim.scale, printed)}
    note = f"no whole number of {claim.n} gives {printed.text}; perhaps the denominator is another one"
    return judge(claim.id, "value", printed, around, note)


def _neighbours(claim: Claim, printed: PrintedNumber) -> tuple[int, int]:
    """Two counts next to each other with the printed share between them; none and all where it is no share."""
    exact = printed.value * claim.scale * claim.n
    if not 0 <= exact <= claim.n:
        return 0, claim.n
    below = max(ceil(exact) - 1, 0)
    return below, below + 1


def _count(study: Study, claim: Claim, printed: PrintedNumber) -> LedgerRow:
    if claim.value is not None:
        fitting = fitting_counts(claim.n, claim.value, claim.scale)
        note = f"{claim.value.text} % of {claim.n}" if claim.unit == "percent" else f"{claim.value.text} of {claim.n}"
        return judge(claim.id, "count", printed, map(str, fitting), note, Verdict.ARITHMETIC)
    by_sum = _from_totals(study, claim)
    if by_sum is not None:
        total, note = by_sum
        return judge(claim.id, "count", printed, [str(total)] if total >= 0 else [], note, Verdict.ARITHMETIC)
    if claim.n == study.n == int(printed.value):
        if study.n > _LARGEST_N:
            note = f"too large a study to try which sizes fit its percentages (more than {_LARGEST_N:,})"
            return unknown(claim.id, "count", printed, note)
        return _size(study, claim, printed)
    return unknown(claim.id, "count", printed, f"of {claim.n}; no other printed number implies it")


def _from_totals(study: Study, claim: Claim) -> tuple[int, str] | None:
    """The count that follows from counts which add up, and how."""
    for whole, parts in study.totals.items():
        counts = {key: study.claim(key).count for key in (whole, *parts)}
        if claim.id not in counts or any(number is None for key, number in counts.items() if key != claim.id):
            continue
        values = {key: int(number.value) for key, number in counts.items() if number is not None}
        if claim.id == whole:
            return sum(values[p] for p in parts), " + ".join(str(values[p]) for p in parts)
        others = [values[p] for p in parts if p != claim.id]
        return values[whole] - sum(others), " − ".join(str(v) for v in (values[whole], *others))
    return None


def _size(study: Study, claim: Claim, printed: PrintedNumber) -> LedgerRow:
    """The size of the study, from the counts that are printed with a percentage of it."""
    shares = [
        c
        for c in study.claims
        if c.statistic == "proportion" and c.n == study.n and c.count is not None and c.value is not None
    ]
    shares = [c for c in shares if c.count is not None and c.count.value > 0]
    if not shares:
        return unknown(claim.id, "count", printed, "no count is printed together with its percentage")

    def fits(n: int) -> bool:
        return all(
            c.count is not None
            and c.value is not None
            and int(c.count.value) <= n
            and prints_proportion(int(c.count.value), n, c.value, c.scale)
            for c in shares
        )

    sizes = [str(n) for n in range(1, _LARGEST_N + 1) if fits(n)]
    pairs = " and ".join(f"{c.count.text} = {c.value.text} %" for c in shares if c.count and c.value)
    kind = "the only size" if len(sizes) == 1 else "sizes" if sizes else "there is no size"
    return judge(claim.id, "count", printed, sizes, f"{kind} for which {pairs}", Verdict.ARITHMETIC)


def _limit(claim: Claim, name: str, printed: PrintedNumber) -> LedgerRow:
    """A limit of a proportion's interval: under every method, and whether one gives the printed digits."""
    if claim.count is None:
        return unknown(claim.id, name, printed, "the count is not printed, so the interval cannot be computed")
    k, level = int(claim.count.value), float(claim.ci_level)
    attribute = "low" if name == "ci_low" else "high"
    by_method = {}
    for method in ProportionMethod:
        limit = getattr(proportion(k, claim.n, method, level), attribute)
        inside = min(max(Fraction(limit), Fraction(0)), Fraction(1))
        by_method[method] = _texts(inside / claim.scale, printed) | _texts(Fraction(limit) / claim.scale, printed)
    fitting = [str(m) for m, texts in by_method.items() if printed.text in texts]
    if fitting:
        note = f"{k} of {claim.n}, {' or '.join(fitting)}"
        return LedgerRow(claim.id, name, printed.text, (printed.text,), Verdict.RE_DERIVED, note)
    texts = set().union(*by_method.values())
    return judge(claim.id, name, printed, texts, f"{k} of {claim.n}; no usual method gives it")
