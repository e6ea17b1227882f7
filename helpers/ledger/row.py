"""A row of the ledger: one printed number, what the others predict, and the verdict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from helpers.printed import PrintedNumber

MOST_TEXTS = 8


class Verdict(StrEnum):
    """What the other printed numbers say about one."""

    RE_DERIVED = "re-derived"
    CONSISTENT = "consistent"
    IMPOSSIBLE = "impossible"
    ARITHMETIC = "arithmetic"
    NOT_DERIVABLE = "not derivable"

    @property
    def meaning(self) -> str:
        """One sentence for a reader."""
        return {
            Verdict.RE_DERIVED: "the other printed numbers force exactly these digits",
            Verdict.CONSISTENT: "these digits are among those that the other printed numbers allow",
            Verdict.IMPOSSIBLE: "no data that print the other numbers can print these digits",
            Verdict.ARITHMETIC: "follows from other printed counts",
            Verdict.NOT_DERIVABLE: "no other printed number bears on it",
        }[self]


@dataclass(frozen=True)
class Range:
    """A smallest and a largest prediction, as text, where they are too many to list."""

    min: str
    max: str


Predicted = tuple[str, ...] | Range


@dataclass(frozen=True)
class LedgerRow:
    """One printed number and its verdict; `convention` says how the others show it was made, empty if they do not."""

    claim: str
    field: str
    printed: str
    predicted: Predicted
    verdict: Verdict
    note: str = ""
    convention: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The JSON form of the contract."""
        predicted = self.predicted
        return {
            "claim": self.claim,
            "field": self.field,
            "printed": self.printed,
            "predicted": {"min": predicted.min, "max": predicted.max}
            if isinstance(predicted, Range)
            else list(predicted),
            "verdict": str(self.verdict),
            "note": self.note,
        }

    @property
    def predicted_text(self) -> str:
        """The prediction as a reader sees it; a dash where there is none."""
        if isinstance(self.predicted, Range):
            return f"{self.predicted.min} to {self.predicted.max}"
        return ", ".join(self.predicted) or "–"


def judge(
    claim: str,
    field: str,
    printed: PrintedNumber,
    texts: Iterable[str],
    note: str = "",
    sure: Verdict = Verdict.RE_DERIVED,
) -> LedgerRow:
    """The row for a number whose allowed texts are all known; `sure` is the verdict where only one is allowed."""
    allowed = tuple(sorted(set(texts), key=Fraction))
    if printed.text not in allowed:
        verdict = Verdict.IMPOSSIBLE
    elif len(allowed) == 1:
        verdict = sure
    else:
        verdict = Verdict.CONSISTENT
    predicted: Predicted = allowed if len(allowed) <= MOST_TEXTS else Range(allowed[0], allowed[-1])
    return LedgerRow(claim, field, printed.text, predicted, verdict, note)


def judge_range(claim: str, field: str, printed: PrintedNumber, low: str, high: str, note: str = "") -> LedgerRow:
    """The row for a number of which only the smallest and largest possible value are known."""
    inside = Fraction(low) <= printed.value <= Fraction(high)
    verdict = Verdict.CONSISTENT if inside else Verdict.IMPOSSIBLE
    return LedgerRow(claim, field, printed.text, Range(low, high), verdict, note)


def unknown(claim: str, field: str, printed: PrintedNumber, note: str) -> LedgerRow:
    """The row for a number on which nothing else bears."""
    return LedgerRow(claim, field, printed.text, (), Verdict.NOT_DERIVABLE, note)
