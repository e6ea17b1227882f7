"""Rows that were checked once, kept so that the notebooks of a run need not check them again.

A large cohort takes longer to read and check than to analyse. A run checks it before anything starts; what it then
gives its notebooks can lie beside the canonical CSV file as Parquet, bound to that file by its hash. Only `open_cohort`
takes it, and only where the hash is right.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.cohort.model import Cohort
from helpers.cohort.summary import missing_table, oddities

if TYPE_CHECKING:
    import pandas as pd

    from helpers.study.model import Study

LARGE = 5_000  # rows from which on it is worth while
_CARD, _ROWS, _EVENTS = ".checked.json", ".checked.parquet", ".checked-events.parquet"


def keep_checked(cohort: Cohort, path: Path) -> None:
    """Lay a checked cohort beside the canonical file that `write_cohort` has made of it."""
    cohort.rows.to_parquet(_beside(path, _ROWS), index=False)
    if cohort.adverse_events is not None:
        cohort.adverse_events.to_parquet(_beside(path, _EVENTS), index=False)
    card = {
        "sha256": _sha256(path),
        "notes": list(cohort.notes),
        "source": path.name,
        "invented": cohort.invented,
        "events": cohort.adverse_events is not None,
    }
    _beside(path, _CARD).write_text(json.dumps(card, ensure_ascii=False), encoding="utf-8")


def checked_cohort(study: Study, path: Path) -> Cohort | None:
    """The checked cohort beside a canonical file; None where there is none, or it belongs to another file."""
    card_path = _beside(path, _CARD)
    if not card_path.is_file():
        return None
    import pandas as pd

    card: dict[str, Any] = json.loads(card_path.read_text(encoding="utf-8"))
    if card["sha256"] != _sha256(path):
        return None
    rows = pd.read_parquet(_beside(path, _ROWS))
    events: pd.DataFrame | None = pd.read_parquet(_beside(path, _EVENTS)) if card["events"] else None
    return Cohort(
        study, rows, events, missing_table(study, rows), tuple(card["notes"]),
        tuple(oddities(study, rows, card["invented"])), card["source"], card["invented"],
    )  # fmt: skip


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _sha256(path: Path) -> str:
    import hashlib

    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
