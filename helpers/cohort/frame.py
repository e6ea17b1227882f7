"""The canonical frame: one row a patient, columns with the types that the analysis relies on."""

from __future__ import annotations

from math import inf, isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.cohort import values
from helpers.cohort.columns import Column, Kind, origin_column
from helpers.cohort.draft import Draft
from helpers.cohort.files import Texts
from helpers.errors import Problem

if TYPE_CHECKING:
    import pandas as pd


def canonical_frame(draft: Draft, wanted: dict[str, Column]) -> pd.DataFrame:
    """The canonical frame; patients still bear the names of the file."""
    import pandas as pd

    rows = len(draft.lines)
    data: dict[str, Any] = {"patient_id": pd.Series(_patients(draft), dtype=object)}
    month = _enrolled(draft)
    if month is not None:
        data["enrolled_month"] = month
    times = {f"{stem}_days": pd.Series(days) for stem, days in draft.times.days.items()}
    for stem in dict.fromkeys(e.stem for e in draft.study.endpoints.values()):
        data |= {name: times.pop(name) for name in [f"{stem}_days"] if name in times}
        data |= {n: _typed(draft, wanted[n]) for n in (f"{stem}_event", f"{stem}_reason") if n in wanted}
    data |= times
    for name, column in wanted.items():
        if column.kind in (Kind.FLAG, Kind.RESPONSE, Kind.GRADE, Kind.NUMBER, Kind.SEX, Kind.LEVEL):
            data.setdefault(name, _typed(draft, column))
    return pd.DataFrame(data, index=range(rows))


def _typed(draft: Draft, column: Column) -> pd.Series:
    import pandas as pd

    cells = draft.parsed[column.name]
    match column.kind:
        case Kind.EVENT | Kind.FLAG | Kind.GRADE:
            return pd.Series(cells, dtype=object).astype("Int64")
        case Kind.NUMBER:
            return pd.Series(cells.astype(float))
        case Kind.REASON:
            return pd.Series(cells, dtype="string")
        case _:
            levels = list(column.levels) or sorted({text for text in cells if text is not None}, key=_by_number)
            ordered = column.kind is Kind.RESPONSE
            return pd.Series(pd.Categorical(cells, categories=levels, ordered=ordered))


def _by_number(text: str) -> tuple[float, str]:
    """Levels that are numbers come first, in their order; the others in order of the alphabet."""
    try:
        number = float(text)
    except ValueError:
        number = inf
    return (number if isfinite(number) else inf), text


def _patients(draft: Draft) -> Texts:
    """The patients' names in the file; those without one are told, and get a name that nobody else has."""
    cells = draft.table.columns.get("patient_id")
    if cells is None:
        return np.array([f"row {line}" for line in draft.lines], dtype=object)
    named = cells.copy()
    nameless = np.flatnonzero([text in values.MISSING for text in cells])
    for i in nameless[: values.MOST_ALIKE]:
        draft.problems.append(
            Problem(
                "the patient has no patient_id",
                "write one, e.g. the number of the row",
                draft.table.name,
                int(draft.lines[i]),
                "patient_id",
                "",
            )
        )
    draft.problems += values.more(len(nameless), "patient_id", draft.table.name)
    for i in nameless:
        named[i] = f"\0{i}"
    return named


def _enrolled(draft: Draft) -> pd.Series | None:
    """The first of the month in which each patient was enrolled: the dates themselves are not kept."""
    import pandas as pd

    dates = draft.parsed.get("enrolled_month")
    if dates is None:
        dates = draft.parsed.get(origin_column(draft.study.origin))
    if dates is None:
        return None
    return pd.Series(pd.to_datetime([None if d is None else d.replace(day=1) for d in dates]))


def numbered(n: int) -> list[str]:
    """Running numbers in place of names: P01, P02, …

    >>> numbered(3)
    ['P01', 'P02', 'P03']
    """
    width = max(2, len(str(n)))
    return [f"P{i:0{width}d}" for i in range(1, n + 1)]
