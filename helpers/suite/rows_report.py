"""What the report tells of patient-level rows: whose they are, what they say of the printed numbers, key figures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.printed import FIELD_TITLES

if TYPE_CHECKING:
    from helpers.study.model import Study

FILE = "rows_ledger.json"
MEANINGS = {
    "reproduced": "the rows print exactly these digits under the conventions of the paper",
    "reproduced otherwise": "the rows print them, under another convention than the rest of the paper",
    "differs": "the rows print other digits, whichever convention is tried",
    "not computable": "the rows do not tell what is needed",
}


def read_rows(folder: Path) -> dict[str, Any] | None:
    """What the verdict notebook wrote about rows; None if the run had none."""
    path = folder / FILE
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def rows_summary(found: Mapping[str, Any] | None, study: Study) -> dict[str, Any] | None:
    """The rows in words for the first page; None without rows.

    Returns
    -------
    dict
        ``source``, ``n``, ``whose`` (observed or invented), ``total``, ``counts`` (verdict, number, meaning, class),
        ``differing`` (statement, field, printed, what the rows print, why), ``conventions`` and ``key`` (pairs and
        triples of text).
    """
    if found is None:
        return None
    counts = [(v, found["counts"].get(v, 0), text, v.replace(" ", "-")) for v, text in MEANINGS.items()]
    differing = [
        {
            "name": (study.claim(row["claim"]).note or row["claim"]).split(";")[0],
            "field": FIELD_TITLES.get(row["field"], row["field"]),
            "printed": row["printed"],
            "rows_print": row["rows_print"],
            "note": row["note"],
        }
        for row in found["rows"]
        if row["verdict"] == "differs"
    ]
    return {
        "source": found["source"],
        "n": found["n"],
        "whose": "invented" if found["invented"] else "observed",
        "total": len(found["rows"]),
        "counts": [line for line in counts if line[1]],
        "differing": differing,
        "conventions": list(found["conventions"].items()),
        "key": [(row["measure"], row["value"], row["how"]) for row in found["key"]],
    }


def beside(found: Mapping[str, Any] | None) -> dict[tuple[str, str], tuple[str, str, str]]:
    """For the ledger: claim and field → what the rows print, their verdict, and its class for the style sheet."""
    if found is None:
        return {}
    return {
        (row["claim"], row["field"]): (row["rows_print"], row["verdict"], row["verdict"].replace(" ", "-"))
        for row in found["rows"]
    }
