"""The canonical frame of a cohort as a pandera schema: all that breaks it is told at once, row by row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from helpers.cohort.rules import Rule
from helpers.cohort.values import MOST_ALIKE, more
from helpers.errors import Problem

if TYPE_CHECKING:
    import pandas as pd

Found = Callable[[str, int], "str | None"]


def violations(frame: pd.DataFrame, checked: list[Rule], unique: str = "") -> dict[int, NDArray[np.int64]]:
    """The rows that break each rule, by the rule's position in the list; −1 for values of `unique` that stand twice.

    Parameters
    ----------
    frame : the canonical frame, index 0..rows−1.
    checked : rules whose columns are all in the frame.
    unique : a column in which no value may stand twice.
    """
    import pandera.pandas as pa

    def check(position: int) -> pa.Check:
        rule = checked[position]
        return pa.Check(lambda series: rule.holds(frame).reindex(series.index), error=str(position), ignore_na=False)

    columns = {
        str(name): pa.Column(
            frame[name].dtype,
            [check(k) for k, rule in enumerate(checked) if rule.column == name],
            nullable=True,
            unique=name == unique,
            report_duplicates="exclude_first",
        )
        for name in frame.columns
    }
    schema = pa.DataFrameSchema(columns, strict=True)
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
    else:
        return {}
    found: dict[int, NDArray[np.int64]] = {}
    for name, part in cases.groupby("check", sort=False):
        if part["index"].isna().any():
            case = part.iloc[0]
            raise AssertionError(f"a rule on {case['column']} cannot be evaluated: {case['failure_case']}")
        position = -1 if str(name) == "field_uniqueness" else int(str(name))
        found[position] = np.unique(part["index"].to_numpy(dtype=np.int64))
    return found


def problems_of(
    frame: pd.DataFrame,
    checked: list[Rule],
    lines: NDArray[np.int64],
    file: str,
    source: Mapping[str, str],
    found: Found,
) -> list[Problem]:
    """Every broken rule, and every patient_id that stands twice, as problems.

    `source` maps a canonical column to that of the file, `found` gives the text of a cell.
    """
    import pandas as pd

    problems: list[Problem] = []
    for position, rows in violations(frame, checked, "patient_id").items():
        if position < 0:
            problems += _twice(frame, rows, lines, file)
            continue
        rule = checked[position]
        column = source.get(rule.column, rule.column)
        for i in rows[:MOST_ALIKE].tolist():
            row = {str(k): None if pd.isna(v) else v for k, v in frame.loc[i].items()}
            remedy = rule.remedy if isinstance(rule.remedy, str) else rule.remedy(row)
            problems.append(Problem(rule.message(row), remedy, file, int(lines[i]), column, found(column, i)))
        problems += more(len(rows), column, file)
    return problems


def _twice(frame: pd.DataFrame, rows: NDArray[np.int64], lines: NDArray[np.int64], file: str) -> list[Problem]:
    patients = frame["patient_id"]
    first = patients.drop_duplicates(keep="first")
    begin = dict(zip(first, first.index, strict=True))
    return [
        Problem(
            f"the patient stands twice, first in row {lines[begin[patients[i]]]}",
            "keep one row a patient, or give two patients two names",
            file,
            int(lines[i]),
            "patient_id",
            str(patients[i]),
        )
        for i in rows[:MOST_ALIKE].tolist()
    ] + more(len(rows), "patient_id", file)
