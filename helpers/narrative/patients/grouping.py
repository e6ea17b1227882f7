"""Groups of patients: the one that tables and curves compare, and the levels of every covariate for subgroups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpers.errors import InputError, Problem, nearest
from helpers.figures.wording import number_text
from helpers.narrative.patients.masking import small

if TYPE_CHECKING:
    import pandas as pd

    from helpers.cohort import Cohort

MOST_GROUPS = 4
MOST_LEVELS = 6
NONE = "none"


@dataclass(frozen=True, eq=False)
class Grouping:
    """A covariate whose levels are compared: its column, what it is called, and the level of every patient.

    `levels` is categorical, one entry a row of the cohort, missing where it is not known.
    """

    column: str
    label: str
    levels: pd.Series

    def of(self, rows: pd.DataFrame) -> pd.Series:
        """The levels of some rows of the cohort, those that nobody has taken away."""
        own = self.levels.loc[rows.index]
        return own.cat.remove_unused_categories()


def grouping(cohort: Cohort, group: str = "", mask_below: int = 0) -> Grouping | None:
    """The covariate that a run compares groups by.

    Parameters
    ----------
    cohort : the rows.
    group : a covariate; ``""`` for the one that endpoints with the same columns divide the patients by (as the arms of
        a trial in study.yaml), if there is one; ``"none"`` for no groups.
    mask_below : groups smaller than this are not compared.

    Returns
    -------
    Grouping or None
        None where there is nothing to compare: no such covariate, one level only, or a group too small to be shown.

    Raises
    ------
    InputError
        The named covariate is not there, or has fewer than two or more than four levels.
    """
    if group == NONE:
        return None
    column = group or declared_group(cohort)
    if not column:
        return None
    if column not in cohort.covariates:
        close = nearest(column, cohort.covariates)
        known = ", ".join(cohort.covariates) or "none"
        remedy = f"did you mean {close}?" if close else f"covariates of {cohort.source} are: {known}"
        raise InputError(Problem("no covariate has the name given as group", remedy, found=column))
    levels = covariate_levels(cohort, column)
    if levels is None or len(levels.cat.categories) > MOST_GROUPS:
        if not group:
            return None
        count = 1 if levels is None else len(levels.cat.categories)
        message = f"two to {MOST_GROUPS} groups can be compared, and {column} has another number of levels"
        raise InputError(Problem(message, "choose another covariate, or merge levels", found=str(count)))
    if any(small(int(size), mask_below) for size in levels.value_counts(dropna=False)):
        return None
    return Grouping(column, cohort.label(column), levels)


def declared_group(cohort: Cohort) -> str:
    """The covariate that divides the patients of endpoints sharing their columns; "" if there is none.

    >>> from helpers.cohort import open_cohort
    >>> from helpers.study import load_study
    >>> declared_group(open_cohort(load_study("freireich1963")))
    'arm'
    """
    values: dict[tuple[str, str], set[str]] = {}
    for endpoint in cohort.study.endpoints.values():
        if len(endpoint.subset) == 1:
            ((column, value),) = endpoint.subset.items()
            values.setdefault((endpoint.stem, column), set()).add(value)
    found = [column for (_, column), named in values.items() if len(named) > 1 and column in cohort.covariates]
    return found[0] if found else ""


def covariate_levels(cohort: Cohort, column: str) -> pd.Series | None:
    """The levels of a covariate, categorical; a continuous one is parted at its median.

    None where there are fewer than two levels or more than six (a number for each patient or pair, say).
    """
    import pandas as pd

    values = cohort.rows[column]
    if isinstance(values.dtype, pd.CategoricalDtype):
        used = values.cat.remove_unused_categories()
        levels = used.cat.rename_categories([str(name) for name in used.cat.categories])
    else:
        known = values.dropna()
        if known.empty:
            return None
        middle = float(known.median())
        names = [f"up to {number_text(middle)}", f"over {number_text(middle)}"]
        texts = pd.Series(names[0], index=values.index, dtype=object).mask(values > middle, names[1])
        texts = texts.mask(values.isna())
        levels = pd.Series(pd.Categorical(texts, categories=names), index=values.index)
        levels = levels.cat.remove_unused_categories()
    return levels if 2 <= len(levels.cat.categories) <= MOST_LEVELS else None


def subgroups(cohort: Cohort, mask_below: int = 0) -> tuple[dict[str, pd.Series], list[str]]:
    """Every covariate as levels, by what a table calls it; and sentences on those that are left out."""
    found: dict[str, pd.Series] = {}
    left_out: list[str] = []
    for column in cohort.covariates:
        levels, label = covariate_levels(cohort, column), cohort.label(column)
        if levels is None:
            left_out.append(f"{label}: one level only, or more than {MOST_LEVELS}")
        elif any(small(int(size), mask_below) for size in levels.value_counts(dropna=False)):
            left_out.append(f"{label}: a level with fewer than {mask_below} patients")
        else:
            found[label] = levels
    return found, left_out


def left_out_sentence(left_out: list[str]) -> str:
    """Which covariates are not shown, and why; empty if all are.

    >>> left_out_sentence(["Pair: one level only, or more than 6"])
    'Left out: Pair (one level only, or more than 6).'
    """
    named = [f"{text.split(': ')[0]} ({': '.join(text.split(': ')[1:])})" for text in left_out]
    return f"Left out: {'; '.join(named)}." if named else ""


def frame_of(levels: Mapping[str, pd.Series], rows: pd.DataFrame) -> pd.DataFrame:
    """Levels of some rows as a frame with one column a covariate, those with one level among these rows left out."""
    import pandas as pd

    columns = {name: series.loc[rows.index].cat.remove_unused_categories() for name, series in levels.items()}
    kept = {name: series.reset_index(drop=True) for name, series in columns.items() if len(series.cat.categories) > 1}
    return pd.DataFrame(kept, index=range(len(rows)))
