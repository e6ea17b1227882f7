"""Survival by subgroup, for a forest: events, hazard ratio against a reference level, log-rank test."""

from __future__ import annotations

from math import isfinite, nan
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.errors import InputError, Problem
from helpers.estimators.checks import checked_groups
from helpers.estimators.describe import NOT_KNOWN
from helpers.estimators.firth import Penalty, fit_cox
from helpers.estimators.kaplan_meier import checked_rows
from helpers.estimators.log_rank import log_rank
from helpers.estimators.partial_likelihood import Ties


def subgroup_hazards(
    time: ArrayLike,
    event: ArrayLike,
    subgroups: pd.DataFrame,
    *,
    ties: Ties = Ties.EFRON,
    level: float = 0.95,
    penalty: Penalty = Penalty.WHERE_NEEDED,
) -> pd.DataFrame:
    """One Cox model and one log-rank test for each subgroup variable by itself.

    Parameters
    ----------
    time, event : (n,) as in `survival_table`.
    subgroups : (n, k) one row a patient; every column is taken as labels, also numbers. Patients whose label is missing
        are in no comparison of that column, and make a row of their own.
    ties, level, penalty : as in `fit_cox`; by default Firth's penalty where there is no finite estimate.

    Returns
    -------
    DataFrame
        One row a level, as text, "not known" for those whose label is missing: `subgroup`, `level`, `n`, `events`, and
        against the first level `estimate` (hazard ratio), `low`, `high`, `p`, `reference` (true in the row of that
        level, whose ratio is 1); `p_log_rank`, the test of all levels, in each of their rows; `method` of the fit and
        its `notes`, joined by "; ". A ratio without a finite estimate is NaN. Made for
        ``helpers.figures.subgroup_forest.hazard_forest``.

    Raises
    ------
    InputError
        As `survival_table`; another number of rows.

    Examples
    --------
    >>> frame = subgroup_hazards([5, 8, 9, 12, 14, 20], [1, 1, 1, 1, 0, 1], pd.DataFrame({"sex": list("mfmfmf")}))
    >>> frame[["level", "n", "events"]].values.tolist()
    [['f', 3, 3], ['m', 3, 2]]
    """
    times, events = checked_rows(time, event)
    if len(subgroups) != times.size:
        message = f"{len(subgroups)} rows of subgroups and {times.size} patients do not pair up"
        raise InputError(Problem(message, "give one row for each patient"))
    rows: list[dict[str, Any]] = []
    for name, column in subgroups.items():
        known = column.notna().to_numpy()
        if known.any():
            groups = checked_groups(column[known], int(known.sum()), "subgroup")
            rows += _levels(str(name), groups.names, groups.codes, times[known], events[known], ties, level, penalty)
        if not known.all():
            rows.append(_row(str(name), NOT_KNOWN, events[~known]))
    return pd.DataFrame(rows, columns=list(_row("", "", events)))


def _levels(
    name: str, names: tuple[Any, ...], codes: Any, times: Any, events: Any, ties: Ties, level: float, penalty: Penalty
) -> list[dict[str, Any]]:
    rows = [_row(name, label, events[codes == number]) for number, label in enumerate(names)]
    if len(names) < 2:
        return rows
    p_value = log_rank(times, events, codes).p_value
    # Labels, not numbers: one term a level.
    labels = pd.DataFrame({name: pd.Categorical.from_codes(codes, [str(number) for number in range(len(names))])})
    fit = fit_cox(times, events, labels, penalty, ties=ties, level=level)
    for number, row in enumerate(rows):
        row |= {"method": fit.method, "p_log_rank": p_value, "notes": "; ".join(fit.notes)}
        if number == 0:
            row |= {"estimate": 1.0, "reference": True}
        else:
            term = fit.table.iloc[number - 1]
            row |= {"low": float(term["low"]), "high": float(term["high"]), "p": float(term["p_value"])}
            row["estimate"] = float(term["hazard_ratio"]) if isfinite(term["coefficient"]) else nan
    return rows


def _row(name: str, label: Any, events: np.ndarray) -> dict[str, Any]:
    return {
        "subgroup": name, "level": str(label), "n": int(events.size), "events": int(events.sum()), "estimate": nan,
        "low": nan, "high": nan, "p": nan, "reference": False, "p_log_rank": nan, "method": "", "notes": "",
    }  # fmt: skip
