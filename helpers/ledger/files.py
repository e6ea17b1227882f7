"""The ledger as files: ledger.csv for a spreadsheet, ledger.json for a program."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

from helpers.ledger.row import LedgerRow

_COLUMNS = ("claim", "field", "printed", "predicted", "verdict", "note")


def write_ledger(rows: Sequence[LedgerRow], results_dir: str | Path) -> None:
    """Write ``ledger.csv`` and ``ledger.json`` into a results folder; nothing if none is given."""
    if not results_dir:
        return
    folder = Path(results_dir)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ledger.csv").write_text(as_csv(rows), encoding="utf-8", newline="")
    text = json.dumps([row.as_dict() for row in rows], ensure_ascii=False, indent=1)
    (folder / "ledger.json").write_text(text + "\n", encoding="utf-8")


def as_csv(rows: Sequence[LedgerRow]) -> str:
    """One line a printed number; a range of predictions as ``min to max``."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in rows:
        writer.writerow([row.claim, row.field, row.printed, row.predicted_text, row.verdict, row.note])
    return buffer.getvalue()
