"""What a cohort is like: counts and quartiles of its variables by group, with everything that is missing counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from helpers.errors import InputError, Problem, nearest

if TYPE_CHECKING:
    import pandas as pd

ALL = "All patients"
NOT_KNOWN = "not known"
COLUMNS = (
    "variable", "kind", "level", "group", "n", "of", "percent", "median", "q1", "q3", "min", "max", "missing",
)  # fmt: skip


class QuartileRule(StrEnum):
    """How quartiles between two values are chosen (Hyndman & Fan, Am. Stat. 1996;50:361). The median is the same.

    R: type 7, R's and NumPy's default. SPSS: type 6, also Minitab. SAS: type 2, SAS's default and textbooks'.
    """

    R = "R (type 7)"
    SPSS = "SPSS (type 6)"
    SAS = "SAS (type 2)"

    @property
    def method(self) -> Any:
        """NumPy's name of the rule."""
        return {"R": "linear", "SPSS": "weibull", "SAS": "averaged_inverted_cdf"}[self.name]


@dataclass(frozen=True)
class Variable:
    """One variable of a Table 1.

    Attributes
    ----------
    column : str
        Column of the rows.
    label : str
        What it is called, with its unit, e.g. ``"Age, years"``.
    levels : tuple, optional
        Values of a categorical variable in the order of the table; also those that nobody has. Empty: in order of
        size for numbers and ordered categories, of the alphabet for text; yes before no.
    continuous : bool, optional
        None: continuous if the column holds numbers other than 0 and 1 and no levels are given.
    """

    column: str
    label: str
    levels: tuple[object, ...] = ()
    continuous: bool | None = None


def describe(
    rows: pd.DataFrame,
    variables: Sequence[Variable],
    *,
    group: str | None = None,
    overall: str = ALL,
    quartiles: QuartileRule = QuartileRule.R,
) -> pd.DataFrame:
    """Describe the variables of a cohort, of all patients and by group.

    Parameters
    ----------
    rows : DataFrame
        One row a patient.
    variables : sequence of Variable
        What to describe, in the order of the table.
    group : str, optional
        Column of groups; patients without one are the group "not known". Ordered categories keep their order.
    overall : str
        What all patients together are called; empty: they are left out (only possible with `group`).
    quartiles : QuartileRule
        How quartiles are chosen.

    Returns
    -------
    DataFrame
        One row a variable, group and level (level "" for continuous ones), columns `COLUMNS`. `n` patients have the
        level (or a value), `of` are in the group, `missing` of these have no value; `percent` is n out of those with a
        value (NaN if there are none). `median`, `q1`, `q3`, `min`, `max` are NaN for categorical variables.

    Raises
    ------
    InputError
        A column that is not there, a value that is not among the levels, text in a continuous variable, no rows; all
        problems at once.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"age": [20, 30, 50, None], "sex": ["f", "m", "m", "m"]})
    >>> table = describe(rows, [Variable("age", "Age, years"), Variable("sex", "Sex")])
    >>> table[["variable", "level", "n", "percent", "median", "missing"]].values.tolist()[:2]
    [['Age, years', '', 3, 100.0, 30.0, 1], ['Sex', 'f', 1, 25.0, nan, 0]]
    """
    import pandas as pd

    _check(rows, variables, group)
    groups = _groups(rows, group, overall)
    found: list[dict[str, Any]] = []
    for variable in variables:
        values = rows[variable.column]
        if _is_continuous(variable, values):
            numbers = pd.to_numeric(values)
            found += [_quartiles(variable, name, numbers[mask], quartiles) for name, mask in groups]
        else:
            levels = _levels(variable, values)
            found += [row for name, mask in groups for row in _counts(variable, name, values[mask], levels)]
    return pd.DataFrame(found, columns=list(COLUMNS))


def _groups(rows: pd.DataFrame, group: str | None, overall: str) -> list[tuple[str, pd.Series]]:
    """Names of the groups, each with which rows belong to it."""
    import pandas as pd

    found = [(overall or ALL, pd.Series(True, index=rows.index))] if overall or group is None else []
    if group is None:
        return found
    values = rows[group]
    levels = _levels(Variable(group, group), values)
    found += [(text, values == level) for text, level in zip(_texts(levels), levels, strict=True)]
    if values.isna().any():
        found.append((NOT_KNOWN, values.isna()))
    return found


def _is_continuous(variable: Variable, values: pd.Series) -> bool:
    import pandas as pd

    if variable.continuous is not None:
        return variable.continuous
    if variable.levels or pd.api.types.is_bool_dtype(values) or not pd.api.types.is_numeric_dtype(values):
        return False
    return not values.dropna().isin([0, 1]).all()


def _levels(variable: Variable, values: pd.Series) -> list[object]:
    import pandas as pd

    if variable.levels:
        return list(variable.levels)
    if isinstance(values.dtype, pd.CategoricalDtype):
        return list(values.cat.categories)
    present = list(values.dropna().unique())
    if present and set(present) <= {0, 1}:
        return [1, 0]
    try:
        return sorted(present)
    except TypeError:
        return sorted(present, key=str)


def _texts(levels: Sequence[object]) -> list[str]:
    """Levels as they are read: yes and no where there is only 1 and 0, whole numbers without a point."""
    if set(levels) <= {0, 1}:
        return ["yes" if level else "no" for level in levels]
    return [str(int(x)) if isinstance(x, float) and x.is_integer() else str(x) for x in levels]


def _counts(variable: Variable, group: str, values: pd.Series, levels: list[object]) -> list[dict[str, Any]]:
    missing, of = int(values.isna().sum()), len(values)
    known = of - missing
    rows = []
    for text, level in zip(_texts(levels), levels, strict=True):
        n = int((values == level).sum())
        percent = 100 * n / known if known else float("nan")
        rows.append(_row(variable, "categorical", text, group, n, of, percent, missing))
    return rows


def _quartiles(variable: Variable, group: str, values: pd.Series, rule: QuartileRule) -> dict[str, Any]:
    import numpy as np

    known = values.dropna().to_numpy(dtype=float)
    missing, of = int(values.isna().sum()), len(values)
    row = _row(variable, "continuous", "", group, len(known), of, 100.0 if len(known) else np.nan, missing)
    if len(known):
        low, middle, high = np.quantile(known, [0.25, 0.5, 0.75], method=rule.method)
        row |= {"median": middle, "q1": low, "q3": high, "min": known.min(), "max": known.max()}
    return row


def _row(
    variable: Variable, kind: str, level: str, group: str, n: int, of: int, percent: float, missing: int
) -> dict[str, Any]:
    return {
        "variable": variable.label, "kind": kind, "level": level, "group": group, "n": n, "of": of, "percent": percent,
        "missing": missing,
    }  # fmt: skip


def _check(rows: pd.DataFrame, variables: Sequence[Variable], group: str | None) -> None:
    import pandas as pd

    if rows.empty:
        raise InputError(Problem("there are no patients to describe", "give at least one row"))
    problems = []
    for name in [*(variable.column for variable in variables), *([group] if group else [])]:
        if name not in rows.columns:
            close = nearest(name, list(map(str, rows.columns)))
            remedy = f"did you mean {close}?" if close else f"give one of {', '.join(map(str, rows.columns))}"
            problems.append(Problem("a variable is no column of the cohort", remedy, found=name))
    for variable in variables:
        if variable.column not in rows.columns:
            continue
        known = rows[variable.column].dropna()
        if variable.levels:
            odd = known[~known.isin(variable.levels)]
            remedy = f"give one of {', '.join(map(str, variable.levels))}"
        elif _is_continuous(variable, rows[variable.column]):
            odd = known[pd.to_numeric(known, errors="coerce").isna()]
            remedy = "give numbers, or describe it by levels"
        else:
            continue
        if len(odd):
            message = f"{variable.label} has a value it cannot have"
            problems.append(Problem(message, remedy, column=variable.column, found=str(odd.iloc[0])))
    if problems:
        raise InputError(problems)
