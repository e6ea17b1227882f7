"""Rows that were checked once, kept so that the notebooks of a run need not check them again.

A large cohort takes longer to read and check than to analyse. A run checks it before anything starts; what it then
gives its notebooks can lie beside the canonical CSV file as Parquet, bound to that file by its hash. Only `open_cohort`
takes it, and only where the hashes are right and the session that made it signed them: what lies in a study folder
that came from elsewhere is never taken for checked.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.cohort.model import Cohort
from helpers.cohort.summary import missing_table, oddities

if TYPE_CHECKING:
    import pandas as pd

    from helpers.study.model import Study

LARGE = 5_000  # rows from which on it is worth while
_KEY = "UNROUNDED_SESSION_KEY"  # in the environment, so that the kernels of a run inherit it
_CARD, _ROWS, _EVENTS = ".checked.json", ".checked.parquet", ".checked-events.parquet"


def keep_checked(cohort: Cohort, path: Path) -> None:
    """Lay a checked cohort beside the canonical file that `write_cohort` has made of it."""
    cohort.rows.to_parquet(_beside(path, _ROWS), index=False)
    if cohort.adverse_events is not None:
        cohort.adverse_events.to_parquet(_beside(path, _EVENTS), index=False)
    hashes = _hashes(path, cohort.adverse_events is not None)
    card = {
        "hashes": hashes,
        "notes": list(cohort.notes),
        "source": path.name,
        "invented": cohort.invented,
        "events": cohort.adverse_events is not None,
    }
    card["signature"] = _signature(card, os.environ.setdefault(_KEY, secrets.token_hex(32)))
    _beside(path, _CARD).write_text(json.dumps(card, ensure_ascii=False), encoding="utf-8")


def checked_cohort(study: Study, path: Path) -> Cohort | None:
    """The checked cohort beside a canonical file; None where there is none, or it is not to be trusted."""
    card_path, key = _beside(path, _CARD), os.environ.get(_KEY)
    if key is None or not card_path.is_file():
        return None
    try:
        card: dict[str, Any] = json.loads(card_path.read_text(encoding="utf-8"))
        signature = str(card.pop("signature", ""))
        signed = hmac.compare_digest(signature.encode(), _signature(card, key).encode())
        if not signed or card["hashes"] != _hashes(path, card["events"]):
            return None
    except (OSError, ValueError, AttributeError):
        return None
    import pandas as pd

    rows = pd.read_parquet(_beside(path, _ROWS))
    events: pd.DataFrame | None = pd.read_parquet(_beside(path, _EVENTS)) if card["events"] else None
    return Cohort(
        study, rows, events, missing_table(study, rows), tuple(card["notes"]),
        tuple(oddities(study, rows, card["invented"])), card["source"], card["invented"],
    )  # fmt: skip


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _hashes(path: Path, events: bool) -> dict[str, str]:
    files = [path, _beside(path, _ROWS), *([_beside(path, _EVENTS)] if events else [])]
    return {file.name: _sha256(file) for file in files}


def _signature(card: dict[str, Any], key: str) -> str:
    text = json.dumps(card, ensure_ascii=False, sort_keys=True)
    return hmac.new(key.encode(), text.encode("utf-8", "surrogatepass"), "sha256").hexdigest()


def _sha256(path: Path) -> str:
    import hashlib

    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
