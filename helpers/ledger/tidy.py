"""Verdicts as tidy rows, one a printed number, alike for every study: what is gathered over studies and runs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from helpers.ledger.row import LedgerRow, Range
from helpers.ledger.rows.row import RowsLedgerRow

if TYPE_CHECKING:
    import pandas as pd

    from helpers.study.model import Study

BY_NUMBERS, BY_ROWS = "the other printed numbers", "patient-level rows"
COLUMNS = {
    "study": "string", "n": "int64", "claim": "string", "endpoint": "string", "statistic": "string",
    "field": "string", "printed": "string", "predicted": "string", "predicted_min": "string",
    "predicted_max": "string", "verdict": "string", "convention": "string", "judged_by": "string",
    "parameters": "string", "version": "string", "note": "string",
}  # fmt: skip


def tidy_verdicts(
    study: Study,
    rows: Iterable[LedgerRow],
    against_rows: Iterable[RowsLedgerRow] = (),
    parameters: Mapping[str, object] | None = None,
    version: str = "",
) -> pd.DataFrame:
    """One row for every printed number of a study and way of judging it.

    Parameters
    ----------
    rows : the ledger of printed numbers.
    against_rows : the ledger against patient-level rows, if there are any.
    parameters : name and value of each parameter of the run; kept as JSON, names in order.
    version : version of the suite that judged.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`, all text but `n` (patients of the claim). `predicted` is one text, or several joined by a
        comma, or a range with ``to``; `predicted_min` and `predicted_max` are its ends, null where nothing is
        predicted, as are `endpoint` and `convention` where there is none. `judged_by` is ``the other printed numbers``
        or ``patient-level rows``.

    Examples
    --------
    >>> from helpers.ledger import ledger
    >>> from helpers.study import load_study
    >>> paper = load_study("zhuo2024")
    >>> frame = tidy_verdicts(paper, ledger(paper))
    >>> frame.loc[frame["claim"] == "os_6mo", ["field", "printed", "predicted", "verdict"]].values.tolist()[-1]
    ['ci_high', '84.50', '87.50', 'impossible']
    """
    import pandas as pd

    claims = {claim.id: claim for claim in study.claims}
    run = {"parameters": as_json(parameters or {}), "version": version}
    found = []
    judged: list[LedgerRow | RowsLedgerRow] = [*rows, *against_rows]
    for row in judged:
        claim = claims[row.claim]
        about = {"n": claim.n, "endpoint": claim.endpoint or None, "statistic": claim.statistic}
        found.append({"study": study.id, **about, **_judged(row), **run})
    return pd.DataFrame(found, columns=list(COLUMNS)).astype(COLUMNS)


def as_json(parameters: Mapping[str, object]) -> str:
    """Parameters as one text: the same text for the same parameters.

    >>> as_json({"seed": 1, "days_per_month": 30.0})
    '{"days_per_month": 30.0, "seed": 1}'
    """
    return json.dumps(dict(parameters), sort_keys=True, ensure_ascii=False)


def _judged(row: LedgerRow | RowsLedgerRow) -> dict[str, Any]:
    low, high, text = _prediction(row)
    return {
        "claim": row.claim,
        "field": row.field,
        "printed": row.printed,
        "predicted": text,
        "predicted_min": low,
        "predicted_max": high,
        "verdict": str(row.verdict),
        "convention": row.convention or None,
        "judged_by": BY_NUMBERS if isinstance(row, LedgerRow) else BY_ROWS,
        "note": row.note,
    }


def _prediction(row: LedgerRow | RowsLedgerRow) -> tuple[str | None, str | None, str | None]:
    """Smallest, largest, and all of it as text; None where nothing is predicted."""
    if isinstance(row, RowsLedgerRow):
        return (row.digits, row.digits, row.digits) if row.digits else (None, None, None)
    if isinstance(row.predicted, Range):
        return row.predicted.min, row.predicted.max, row.predicted_text
    texts: Sequence[str] = row.predicted
    return (texts[0], texts[-1], row.predicted_text) if texts else (None, None, None)
