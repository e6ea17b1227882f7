"""Conditions on rows, as study.yaml writes them: a value, several joined by ``or``, a range, or a comparison."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from helpers.errors import InputError, Problem, nearest

if TYPE_CHECKING:
    import pandas as pd

_RANGE = re.compile(r"(-?\d+(?:\.\d+)?) to (-?\d+(?:\.\d+)?)")
_COMPARISON = re.compile(r"(>=|<=|>|<|≥|≤)\s*(-?\d+(?:\.\d+)?)")
_SIGNS = {">=": "≥", "<=": "≤"}


@dataclass(frozen=True)
class Selection:
    """Which rows meet some conditions: `met` and `unknown` (a value is missing), both of shape (rows,)."""

    met: NDArray[np.bool_]
    unknown: NDArray[np.bool_]


def select(rows: pd.DataFrame, conditions: Mapping[str, str]) -> Selection:
    """The rows that meet every condition.

    A row of which one value is missing is unknown, unless another condition already fails.

    Raises
    ------
    InputError
        A condition names a column that is not there.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"crs_grade": [0, 3, None], "arm": ["A", "B", "B"]})
    >>> select(rows, {"crs_grade": ">= 2", "arm": "A or B"}).met.tolist()
    [False, True, False]
    """
    met = np.ones(len(rows), dtype=bool)
    unknown = np.zeros(len(rows), dtype=bool)
    for column, condition in conditions.items():
        if column not in rows:
            raise InputError(_no_such_column(column, rows))
        fits = _fits(rows[column], condition)
        missing = rows[column].isna().to_numpy()
        met, unknown = met & (fits | missing), (unknown | missing) & met & (fits | missing)
    return Selection(met & ~unknown, unknown)


def _no_such_column(column: str, rows: pd.DataFrame) -> Problem:
    close = nearest(column, [str(name) for name in rows.columns])
    hint = f"did you mean {close}? " if close else ""
    remedy = f"{hint}Add the column to the cohort file, or correct the condition in study.yaml"
    return Problem("study.yaml asks for rows by a column that the cohort file does not have", remedy, found=column)


def _fits(column: pd.Series, condition: str) -> NDArray[np.bool_]:
    import pandas as pd

    comparison = _COMPARISON.fullmatch(condition.strip())
    if comparison and pd.api.types.is_numeric_dtype(column):
        sign, bound = comparison[1], float(comparison[2])
        values = column.astype(float).to_numpy()
        with np.errstate(invalid="ignore"):
            result = {">": values > bound, "<": values < bound, ">=": values >= bound, "<=": values <= bound}
        return np.asarray(result[{"≥": ">=", "≤": "<="}.get(sign, sign)])
    between = _RANGE.fullmatch(condition.strip())
    if between and pd.api.types.is_numeric_dtype(column):
        values = column.astype(float).to_numpy()
        with np.errstate(invalid="ignore"):
            return np.asarray((values >= float(between[1])) & (values <= float(between[2])))
    texts = column.map(_plain, na_action="ignore").astype(object)
    wanted = {condition.strip()}
    if condition.strip() not in set(texts.dropna()):
        wanted = {part.strip() for part in condition.split(" or ")}
    return texts.isin(wanted).to_numpy(dtype=bool)


def _plain(value: object) -> str:
    """A value as study.yaml writes it: 1, not 1.0."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def describe(conditions: Mapping[str, str]) -> str:
    """Conditions as a reader sees them, e.g. ``crs_grade ≥ 3 and arm = 6-MP``; ``all rows`` for none."""
    parts = []
    for column, condition in conditions.items():
        comparison = _COMPARISON.fullmatch(condition.strip())
        if comparison:
            parts.append(f"{column} {_SIGNS.get(comparison[1], comparison[1])} {comparison[2]}")
        elif _RANGE.fullmatch(condition.strip()):
            parts.append(f"{column} {condition}")
        else:
            parts.append(f"{column} = {condition}")
    return " and ".join(parts) or "all rows"
