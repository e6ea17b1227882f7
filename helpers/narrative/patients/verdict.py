"""The printed numbers held against the rows: the ledger as a table, what differs, and the conventions that fit."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.figures import style
from helpers.figures.display import literal, results_folder
from helpers.figures.wording import number_text
from helpers.ledger.cohort import RowsLedger
from helpers.ledger.row import LedgerRow
from helpers.ledger.rows.row import RowsLedgerRow, RowsVerdict
from helpers.narrative.patients.exhibit import Exhibit
from helpers.narrative.patients.masking import small
from helpers.narrative.phrases import counted, listed
from helpers.printed import FIELD_TITLES

if TYPE_CHECKING:
    import pandas as pd

    from helpers.cohort import Cohort

FILE = "rows_ledger.json"
COLOURS = {
    RowsVerdict.REPRODUCED: style.DERIVED,
    RowsVerdict.OTHERWISE: style.CONSISTENT,
    RowsVerdict.DIFFERS: style.IMPOSSIBLE,
    RowsVerdict.NOT_COMPUTABLE: style.NOT_DERIVABLE,
}
_COUNTING = ("count", "proportion", "at_risk", "events", "censored")


def rows_ledger_exhibit(
    cohort: Cohort, ledger: RowsLedger, printed: Sequence[LedgerRow], mask_below: int = 0
) -> Exhibit:
    """One line a printed number: what the rows print, their verdict, and that of the other printed numbers."""
    import pandas as pd

    beside = {(row.claim, row.field): str(row.verdict) for row in printed}
    rows = []
    for row in ledger.rows:
        hidden = hides(cohort, row, mask_below)
        rows.append({
            "claim": row.claim,
            "label": cohort.study.claim(row.claim).note or row.claim,
            "field": row.field,
            "printed": row.printed,
            "rows_print": "–" if hidden else row.digits or "–",
            "value": None if hidden else row.value,
            "difference": None if hidden else row.difference,
            "verdict": str(row.verdict),
            "convention": row.convention,
            "by_other_numbers": beside.get((row.claim, row.field), ""),
            "note": "" if mask_below > 1 else row.note,
        })  # fmt: skip
    exact = pd.DataFrame(rows).astype({"value": float, "difference": float})
    shown = pd.DataFrame({
        "claim": exact["label"],
        "field": [FIELD_TITLES.get(name, name) for name in exact["field"]],
        "printed": exact["printed"],
        "rows print": exact["rows_print"],
        "by the rows": exact["verdict"],
        "by the other numbers": exact["by_other_numbers"],
        "why": [why(row) for row in rows],
    })  # fmt: skip
    return Exhibit(shown, exact, "The rows print: under the conventions that fit the paper best, told below.")


def why(row: Mapping[str, Any]) -> str:
    """What is to be said of one number: by how much it is off, or under which convention it agrees."""
    words = []
    if row["verdict"] == RowsVerdict.DIFFERS and row["difference"] is not None:
        off = row["difference"]
        words.append(f"printed {number_text(abs(off))} {'above' if off > 0 else 'below'} the rows")
    if row["verdict"] == RowsVerdict.OTHERWISE:
        words.append(str(row["convention"]))
    return "; ".join(filter(None, (*words, str(row["note"]))))


def hides(cohort: Cohort, row: RowsLedgerRow, below: int) -> bool:
    """Whether what the rows print would show a small count: of a claim that counts, where it is not as printed."""
    if below <= 1 or row.verdict not in (RowsVerdict.DIFFERS, RowsVerdict.OTHERWISE):
        return False
    claim = cohort.study.claim(row.claim)
    if claim.statistic not in _COUNTING:
        return False
    if row.field == "count" and row.value is not None:
        return small(int(row.value), below) or small(claim.n - int(row.value), below)
    return True


def rows_headline(ledger: RowsLedger) -> str:
    """How many printed numbers the rows reproduce, in one sentence."""
    parts = [f"{ledger.count(verdict)} {verdict}" for verdict in RowsVerdict if ledger.count(verdict)]
    return f"Of {counted(len(ledger.rows), 'printed number')}, held against the rows: {listed(parts)}."


def differing_sentences(cohort: Cohort, ledger: RowsLedger, mask_below: int = 0) -> list[str]:
    """One sentence for each number that the rows print otherwise."""
    found = []
    for row in ledger.rows:
        if row.verdict is RowsVerdict.DIFFERS:
            name = cohort.study.claim(row.claim).note or row.claim
            text = "another number" if hides(cohort, row, mask_below) else f"**{row.digits or 'nothing'}**"
            field = FIELD_TITLES.get(row.field, row.field)
            found.append(f"**{literal(name)}**, {field}: printed {row.printed}, the rows print {text}.")
    return found


def conventions_table(ledger: RowsLedger) -> pd.DataFrame:
    """The account under which most numbers agree: part of the paper, conventions."""
    import pandas as pd

    return pd.DataFrame(list(ledger.conventions().items()), columns=["part of the paper", "conventions that fit best"])


def write_rows_ledger(
    cohort: Cohort, ledger: RowsLedger, exhibit: Exhibit, key: pd.DataFrame, results_dir: str | Path
) -> None:
    """Write ``rows_ledger.json`` for the report: whose rows, verdicts, key figures; nothing without a folder."""
    if not results_dir:
        return
    rows = [
        {name: None if isinstance(value, float) and not isfinite(value) else value for name, value in row.items()}
        for row in exhibit.exact.to_dict("records")
    ]
    content = {
        "source": cohort.source,
        "n": cohort.n,
        "invented": cohort.invented,
        "counts": {str(verdict): ledger.count(verdict) for verdict in RowsVerdict},
        "conventions": ledger.conventions(),
        "key": key.to_dict("records"),
        "rows": rows,
    }
    folder = results_folder(results_dir)
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")
