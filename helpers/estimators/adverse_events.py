"""Adverse events by highest grade: a patient with three episodes of a term counts once, in the worst of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

GRADE_UNKNOWN = 0
SEVERE = 3


def highest_grades(events: pd.DataFrame, n: int) -> pd.DataFrame:
    """Count patients by the highest grade of each term.

    Parameters
    ----------
    events : DataFrame
        One row an event: patient_id, term, grade (1 to 5; missing: not recorded). Rows without a term are left out.
        Terms are compared as given, but for space around them.
    n : int
        All patients at risk, with or without an event: the denominator.

    Returns
    -------
    DataFrame
        Columns term, grade (0: no episode of the patient has a grade), count, n, any (patients with the term), severe
        (with grade 3 or higher); one row a term and grade that occurs. The most frequent term first, then the one with
        more severe patients, then by the alphabet; within a term from the lowest grade up.

    Raises
    ------
    InputError
        A grade other than 1 to 5, or more patients with events than n.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"patient_id": [1, 1, 2], "term": ["fever"] * 3, "grade": [1, 3, 2]})
    >>> highest_grades(rows, 10)[["grade", "count"]].values.tolist()
    [[2, 1], [3, 1]]
    """
    import pandas as pd

    known = events.dropna(subset=["term"])
    grade = pd.to_numeric(known["grade"], errors="coerce")
    odd = known["grade"].notna() & ~grade.isin(range(1, 6))
    if odd.any():
        raise InputError(
            Problem("the grade of an adverse event is none of 1 to 5", "give whole grades, or leave the cell empty",
                    column="grade", found=str(known.loc[odd, "grade"].iloc[0]))
        )  # fmt: skip
    if known["patient_id"].nunique() > n:
        raise InputError(
            Problem("more patients have adverse events than there are", "give n as the number of all patients treated",
                    found=f"{known['patient_id'].nunique()} of {n}")
        )  # fmt: skip
    clean = pd.DataFrame(
        {
            "patient_id": known["patient_id"],
            "term": known["term"].astype(str).str.strip(),
            "grade": grade.fillna(GRADE_UNKNOWN).astype(int),
        }
    )
    worst = clean.groupby(["term", "patient_id"], as_index=False)["grade"].max()
    counts = worst.groupby(["term", "grade"], as_index=False).size().rename(columns={"size": "count"})
    counts["n"] = n
    counts["any"] = counts.groupby("term")["count"].transform("sum")
    severe = counts[counts["grade"] >= SEVERE].groupby("term")["count"].sum()
    counts["severe"] = counts["term"].map(severe).fillna(0).astype(int)
    ordered = counts.sort_values(["any", "severe", "term", "grade"], ascending=[False, False, True, True])
    return ordered.reset_index(drop=True)[["term", "grade", "count", "n", "any", "severe"]]
