"""Best response so far at chosen days, from a table of assessments: every patient is counted on every day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from helpers.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

NOT_ASSESSED = "not assessed"


def best_responses(
    assessments: pd.DataFrame, patients: Sequence[object], days: Sequence[float], order: Sequence[str]
) -> pd.DataFrame:
    """Count patients by the best response recorded up to and including each day.

    A patient without an assessment by then, whether lost, dead or not yet due, is "not assessed"; so the counts of
    each day add up to all patients, as an intention to treat asks for.

    Parameters
    ----------
    assessments : DataFrame
        One row an assessment: patient_id, day, response. Rows without day or response are left out.
    patients : sequence
        Every patient, also those without an assessment.
    days : sequence of float
        Days at which to look, in any order.
    order : sequence of str
        Responses from the best down.

    Returns
    -------
    DataFrame
        Columns day, category, count, n: one row a day and response (0 included), and "not assessed" last.

    Raises
    ------
    InputError
        A response that is not in `order`, a patient who is not in `patients`, a patient twice.

    Examples
    --------
    >>> import pandas as pd
    >>> seen = pd.DataFrame({"patient_id": [1, 1, 2], "day": [28, 90, 28], "response": ["PR", "CR", "CR"]})
    >>> best_responses(seen, [1, 2, 3], [28, 90], ["CR", "PR"])["count"].tolist()
    [1, 1, 1, 2, 0, 1]
    """
    import pandas as pd

    rank = {name: k for k, name in enumerate(order)}
    known = assessments.dropna(subset=["day", "response"])
    _check(known, patients, order)
    ranked = known.assign(rank=known["response"].map(rank))
    rows = []
    for day in days:
        best = ranked[ranked["day"] <= day].groupby("patient_id")["rank"].min().value_counts()
        counts = [int(best.get(k, 0)) for k in range(len(order))]
        left = len(patients) - sum(counts)
        rows += [(day, name, count, len(patients)) for name, count in zip(order, counts, strict=True)]
        rows.append((day, NOT_ASSESSED, left, len(patients)))
    return pd.DataFrame(rows, columns=["day", "category", "count", "n"])


def _check(known: pd.DataFrame, patients: Sequence[object], order: Sequence[str]) -> None:
    problems = []
    odd = [str(name) for name in dict.fromkeys(known["response"]) if name not in order]
    if odd:
        problems.append(
            Problem("a response is not in the order from best to worst", f"use {', '.join(order)}", found=odd[0])
        )
    members = set(patients)
    strangers = [str(name) for name in dict.fromkeys(known["patient_id"]) if name not in members]
    if strangers:
        problems.append(
            Problem("an assessment's patient is not in the cohort", "give every patient", found=strangers[0])
        )
    if len(members) < len(patients):
        problems.append(Problem("a patient is counted twice", "give each patient once", found=f"{len(patients)} rows"))
    if problems:
        raise InputError(problems)
