"""Counts of patients with an outcome, as tidy frames: intervals, posteriors and digits of percentages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from helpers.estimators.proportions import (
    JEFFREYS_PRIOR,
    UNIFORM_PRIOR,
    Posterior,
    ProportionMethod,
    counts_that_print,
    denominators_that_print,
    patients_to_rule_out,
    percentage_digits,
    posterior,
    proportion,
    rule_of_three,
    upper_bound_zero,
)
from helpers.figures.display import literal
from helpers.printed import Rounding

if TYPE_CHECKING:
    import pandas as pd

    from helpers.study.model import Claim, Study

THREE_METHODS = (ProportionMethod.CLOPPER_PEARSON, ProportionMethod.WILSON, ProportionMethod.JEFFREYS)
_MOST_COUNTS = 12
PRIORS = {"Jeffreys prior, Beta(½, ½)": JEFFREYS_PRIOR, "uniform prior, Beta(1, 1)": UNIFORM_PRIOR}


def counted(study: Study, kind: str) -> tuple[Claim, ...]:
    """The claims of one kind of outcome (``efficacy`` or ``safety``) that print a count."""
    claims = (study.claim(name) for name in study.outcomes.get(kind, ()))
    return tuple(c for c in claims if c.count is not None)


def label(claim: Claim) -> str:
    """What a claim is called in tables and figures."""
    return claim.note or claim.id


def count_of(claim: Claim) -> int:
    """The printed count as an integer. Raises ValueError if none is printed."""
    if claim.count is None:
        raise ValueError(f"claim {claim.id} prints no count")
    return int(claim.count.value)


def printed_outcomes(claims: Sequence[Claim]) -> pd.DataFrame:
    """The outcomes as printed: ``outcome, count, n, printed %``; the last may be missing."""
    import pandas as pd

    rows = [(label(c), count_of(c), c.n, c.value.text if c.value is not None else None) for c in claims]
    return pd.DataFrame(rows, columns=["outcome", "count", "n", "printed %"])


def intervals_frame(claims: Sequence[Claim], methods: Sequence[ProportionMethod] = THREE_METHODS) -> pd.DataFrame:
    """Intervals of every outcome: ``outcome, method, count, n, estimate, low, high`` (proportions)."""
    import pandas as pd

    rows = [
        (label(c), str(p.method), p.count, p.n, p.estimate, p.low, p.high)
        for c in claims
        for p in (proportion(count_of(c), c.n, method) for method in methods)
    ]
    return pd.DataFrame(rows, columns=["outcome", "method", "count", "n", "estimate", "low", "high"])


def intervals_table(frame: pd.DataFrame) -> pd.DataFrame:
    """An intervals frame for reading: percent with one decimal, one column a method."""
    wide: dict[str, dict[str, str]] = {}
    for row in frame.to_dict("records"):
        cells = wide.setdefault(str(row["outcome"]), {"outcome": str(row["outcome"])})
        cells["count"] = f"{row['count']} of {row['n']}"
        cells["%"] = f"{100 * row['estimate']:.1f}"
        cells[str(row["method"])] = f"{100 * row['low']:.1f}–{100 * row['high']:.1f}"
    import pandas as pd

    return pd.DataFrame(list(wide.values()))


def posteriors(claims: Sequence[Claim]) -> list[tuple[str, str, Posterior]]:
    """The posterior of each outcome under each prior: (outcome, prior, posterior)."""
    return [(label(c), name, posterior(count_of(c), c.n, prior)) for c in claims for name, prior in PRIORS.items()]


def posterior_sentences(triples: Sequence[tuple[str, str, Posterior]]) -> str:
    """Each outcome's posterior in words, as a Markdown list."""
    lines = []
    for outcome in dict.fromkeys(name for name, _, _ in triples):
        parts = [
            f"under the {prior.split(',')[0]} the true rate lies between **{100 * p.low:.1f} % and "
            f"{100 * p.high:.1f} %** with probability {100 * p.level:g} % (median {100 * p.median:.1f} %)"
            for name, prior, p in triples
            if name == outcome
        ]
        lines.append(f"- *{literal(outcome)}*: " + "; ".join(parts) + ".")
    return "\n".join(lines)


def percentage_check(claims: Sequence[Claim]) -> pd.DataFrame:
    """Printed percentages against count / n under each rounding rule.

    Columns ``outcome, count / n, printed``, one a rounding rule, and ``counts that print it``: every count
    out of n whose percentage has these digits when rounded half-up.
    """
    import pandas as pd

    rows = []
    for claim in claims:
        if claim.value is None or not claim.value.reached or claim.count is None or claim.unit != "percent":
            continue
        count = count_of(claim)
        fits = counts_that_print(claim.value, claim.n, Rounding.HALF_UP)
        digits = {str(r): percentage_digits(count, claim.n, claim.value.decimals, r) for r in Rounding}
        rows.append(
            {
                "outcome": label(claim),
                "count / n": f"{count}/{claim.n}",
                "printed": claim.value.text,
                **digits,
                "counts that print it": _few(fits),
            }
        )
    return pd.DataFrame(rows)


def _few(counts: Sequence[int]) -> str:
    """Counts that follow on each other, as a cell of a table: all of them, or the first and the last."""
    if len(counts) > _MOST_COUNTS:
        return f"{counts[0]:,} to {counts[-1]:,}"
    return ", ".join(map(str, counts)) or "none"


def percentage_sentences(claims: Sequence[Claim], up_to: int = 60) -> str:
    """What the digits of the printed percentages say about rounding and denominators, as a Markdown list."""
    table = percentage_check(claims)
    lines = []
    for row in table.to_dict("records"):
        rules = [str(r) for r in Rounding if row[str(r)] == row["printed"]]
        claim = next(c for c in claims if label(c) == row["outcome"] and c.value is not None)
        number = f"{row['printed']} %"
        if not rules:
            text = f"{row['count / n']} prints as {row[str(Rounding.HALF_UP)]} %, **never as {number}**"
        elif len(rules) == len(Rounding):
            text = f"{number} is {row['count / n']} under every rounding rule"
        else:
            others = ", ".join(f"{r} would print {row[str(r)]}" for r in map(str, Rounding) if r not in rules)
            text = f"{number} is {row['count / n']} by {' or '.join(rules)}; {others}"
        if claim.value is not None and claim.value.decimals:
            fits = denominators_that_print(claim.value, up_to, Rounding.HALF_UP)
            if fits and len(fits) < up_to / 2:
                shown = ", ".join(map(str, fits))
                text += f". Of all denominators up to {up_to}, only these can print it: {shown}"
        lines.append(f"- *{literal(row['outcome'])}*: {text}.")
    return "\n".join(lines)


def totals_sentences(study: Study) -> str:
    """Whether printed counts that should add up do, as a Markdown list; empty without such counts."""
    lines = []
    for total, parts in study.totals.items():
        whole = study.claim(total)
        pieces = [study.claim(name) for name in parts]
        if whole.count is None or any(p.count is None for p in pieces):
            continue
        added = sum(count_of(p) for p in pieces)
        sum_text = " + ".join(str(count_of(p)) for p in pieces)
        agree = "as printed" if added == count_of(whole) else f"but **{count_of(whole)} is printed**"
        lines.append(f"- *{literal(label(whole))}*: {sum_text} = {added}, {agree}.")
    return "\n".join(lines)


def zero_table(n: int) -> pd.DataFrame:
    """Bounds in percent after zero events in n patients, and in larger groups for comparison."""
    import pandas as pd

    sizes = [n, *(size for size in (30, 50, 100, 200, 300) if size > n)]
    rows = [
        (size, f"{100 * upper_bound_zero(size):.1f}", f"{100 * rule_of_three(size):.1f}",
         f"{100 * upper_bound_zero(size, 0.975):.1f}")
        for size in sizes
    ]  # fmt: skip
    columns = ["patients without an event", "95 % bound (%)", "rule of three (%)", "two-sided 95 % limit (%)"]
    return pd.DataFrame(rows, columns=columns)


def zero_sentence(claim: Claim) -> str:
    """What zero events in this claim's n rule out, in words."""
    bound = 100 * upper_bound_zero(claim.n)
    needed = ", ".join(f"{patients_to_rule_out(rate):,} for {100 * rate:g} %" for rate in (0.1, 0.05, 0.01))
    one_in = 1 / upper_bound_zero(claim.n)
    return (
        f"*{literal(label(claim))}*: none in {claim.n}. A true rate of {bound:.1f} % (about one patient in "
        f"{one_in:.0f}) would still show nothing in {claim.n} patients one time in twenty, so nothing below "
        f"that is ruled out. To rule out a true rate one needs this many patients without an event: {needed}."
    )
