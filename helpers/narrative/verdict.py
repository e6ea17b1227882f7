"""The ledger in words and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from helpers.figures.display import literal
from helpers.inversion.median_account import median_accounts
from helpers.ledger.row import LedgerRow, Verdict
from helpers.narrative.phrases import counted, listed
from helpers.printed import FIELD_TITLES
from helpers.study.model import Study

if TYPE_CHECKING:
    import pandas as pd


def ledger_frame(study: Study, rows: Sequence[LedgerRow]) -> pd.DataFrame:
    """One row a printed number: claim, label, field, printed, predicted, verdict, note."""
    import pandas as pd

    columns = ["claim", "label", "field", "printed", "predicted", "verdict", "note"]
    records = [
        {
            "claim": row.claim,
            "label": study.claim(row.claim).note or row.claim,
            "field": row.field,
            "printed": row.printed,
            "predicted": row.predicted_text,
            "verdict": str(row.verdict),
            "note": row.note,
        }
        for row in rows
    ]
    return pd.DataFrame(records, columns=columns)


def headline(rows: Sequence[LedgerRow]) -> str:
    """How many printed numbers got which verdict, in one sentence."""
    counts = {verdict: sum(row.verdict is verdict for row in rows) for verdict in Verdict}
    parts = [f"{count} {verdict}" for verdict, count in counts.items() if count]
    return f"Of {counted(len(rows), 'printed number')}: {listed(parts)}."


def contradictions(study: Study, rows: Sequence[LedgerRow]) -> list[str]:
    """One paragraph for each claim that the rest of the paper contradicts, with the nearest repair."""
    paragraphs = []
    for claim in dict.fromkeys(row.claim for row in rows if row.verdict is Verdict.IMPOSSIBLE):
        wrong = [row for row in rows if row.claim == claim and row.verdict is Verdict.IMPOSSIBLE]
        label = literal(study.claim(claim).note or claim)
        if len(wrong) == 1:
            row = wrong[0]
            paragraphs.append(
                f"**{label}**, {FIELD_TITLES[row.field]} {row.printed}: the other numbers predict "
                f"{row.predicted_text}. {_sentence(row.note)}"
            )
            continue
        each = listed([f"{FIELD_TITLES[r.field]} {r.printed} (then {r.predicted_text})" for r in wrong], "or")
        paragraphs.append(
            f"**{label}**: its numbers contradict each other; wrong is {each}. {_sentence(wrong[0].note)}"
        )
    return paragraphs


def _sentence(note: str) -> str:
    return f"{note[:1].upper()}{note[1:]}." if note else ""


def medians_sentence(study: Study, days_per_month: Fraction) -> str:
    """How the limits of the paper's medians were made."""
    accounts = median_accounts(study, days_per_month)
    complete = [a for a in accounts.values() if a.printed.complete]
    if not complete:
        return "No median is printed with both limits, so nothing can be said about how such limits were made."
    fitting = [
        literal(study.claim(a.printed.claim).note or a.printed.claim)
        for a in complete
        if a.symmetric and not a.candidates
    ]
    if not fitting:
        return "The limits of the printed medians are not symmetric; limits that are event times are made so."
    rules = listed(sorted({str(r) for a in complete if a.symmetric and not a.candidates for r in a.roundings}), "or")
    return (
        f"The limits of {listed(fitting)} lie symmetrically about the estimate, as SPSS prints them, "
        f"and were brought to whole units by **{rules}**."
    )


def tiles_words(frame: pd.DataFrame) -> str:
    """The figure of all verdicts in words."""
    counts = frame["verdict"].value_counts(sort=False).to_dict()
    wrong = frame[frame["verdict"] == str(Verdict.IMPOSSIBLE)]
    which = listed([f"{r['label']} {FIELD_TITLES[r['field']]} {r['printed']}" for r in wrong.to_dict("records")])
    tail = f" Impossible: {which}." if which else ""
    return f"One tile a printed number: {listed([f'{n} {v}' for v, n in counts.items()])}.{tail}"
