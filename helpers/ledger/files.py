"""The ledger as files: ledger.csv for a spreadsheet, ledger.json for a program."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from helpers.ledger.row import LedgerRow, Range, Verdict
from helpers.spreadsheet import shielded

_COLUMNS = ("claim", "field", "printed", "predicted", "verdict", "convention", "note")


def write_ledger(rows: Sequence[LedgerRow], results_dir: str | Path) -> None:
    """Write ``ledger.csv`` and ``ledger.json`` into a results folder; nothing if none is given."""
    if not results_dir:
        return
    folder = Path(results_dir)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ledger.csv").write_text(as_csv(rows), encoding="utf-8", newline="")
    kept = [row.as_dict() | {"convention": row.convention} for row in rows]
    text = json.dumps(kept, ensure_ascii=False, indent=1)
    (folder / "ledger.json").write_text(text + "\n", encoding="utf-8")


def as_csv(rows: Sequence[LedgerRow]) -> str:
    """One line a printed number; a range of predictions as ``min to max``."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in rows:
        verdict = str(row.verdict)
        cells = (row.claim, row.field, row.printed, row.predicted_text, verdict, row.convention, row.note)
        writer.writerow([shielded(cell) for cell in cells])
    return buffer.getvalue()


def read_ledger_rows(folder: Path) -> tuple[LedgerRow, ...]:
    """The rows that `write_ledger` left in a results folder; none if there is no ledger."""
    path = folder / "ledger.json"
    if not path.is_file():
        return ()
    return tuple(_row(entry) for entry in json.loads(path.read_text(encoding="utf-8")))


def _row(entry: Mapping[str, Any]) -> LedgerRow:
    predicted = entry["predicted"]
    return LedgerRow(
        entry["claim"],
        entry["field"],
        entry["printed"],
        Range(predicted["min"], predicted["max"]) if isinstance(predicted, Mapping) else tuple(predicted),
        Verdict(entry["verdict"]),
        entry["note"],
        entry.get("convention", ""),
    )
