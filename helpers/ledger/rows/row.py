"""A row of the cohort ledger: one printed number, what the patient-level rows give, and under which convention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


class RowsVerdict(StrEnum):
    """What the rows say about a printed number."""

    REPRODUCED = "reproduced"
    OTHERWISE = "reproduced otherwise"
    DIFFERS = "differs"
    NOT_COMPUTABLE = "not computable"

    @property
    def meaning(self) -> str:
        """One sentence for a reader."""
        return {
            RowsVerdict.REPRODUCED: "the rows print exactly these digits under the conventions of the paper",
            RowsVerdict.OTHERWISE: "the rows print these digits, under another convention than the rest of the paper",
            RowsVerdict.DIFFERS: "the rows print other digits, whichever convention is tried",
            RowsVerdict.NOT_COMPUTABLE: "the rows do not tell what is needed",
        }[self]


@dataclass(frozen=True)
class RowsLedgerRow:
    """One printed number against the rows.

    `digits` is what the rows print under the conventions of the paper, and `value` the same unrounded, both in the unit
    of the print; `value` is None where nothing was computed, infinite where a median is not reached. `convention` says
    under which conventions the digits agree; where none does, it is that of the paper. `difference` is the printed
    number less that of `digits`.
    """

    claim: str
    field: str
    printed: str
    digits: str
    value: float | None
    verdict: RowsVerdict
    convention: str = ""
    difference: float | None = None
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain values; ``predicted`` as in the ledger of printed numbers."""
        finite = self.value is not None and abs(self.value) != float("inf")
        return {
            "claim": self.claim,
            "field": self.field,
            "printed": self.printed,
            "predicted": [self.digits] if self.digits else [],
            "value": self.value if finite else None,
            "difference": self.difference,
            "verdict": str(self.verdict),
            "convention": self.convention,
            "note": self.note,
        }


def as_frame(rows: Sequence[RowsLedgerRow]) -> pd.DataFrame:
    """One row a printed number: ``claim, field, printed, digits, value, difference, verdict, convention, note``."""
    import pandas as pd

    columns = ["claim", "field", "printed", "digits", "value", "difference", "verdict", "convention", "note"]
    frame = pd.DataFrame([{name: getattr(row, name) for name in columns} for row in rows], columns=columns)
    return frame.assign(verdict=frame["verdict"].astype(str)).astype({"value": float, "difference": float})
