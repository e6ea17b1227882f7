"""Cohorts with groups, covariates, competing events and transplant days, on which regressions are compared with R.

The real ones come from lifelines (a dependency); made-up ones sit on an edge. `python -m tests.oracle.cohorts FILE`
writes all rows to one CSV file for the R scripts. Further real cohorts live in R's own packages: `rows.R` makes them,
and they reach Python only while R runs (`conftest.py`); no row of them is stored here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

# `start`: row under observation after it (NaN: from the beginning); `code`: 0 censored, 1, 2 … causes; `exposure`: day
# of transplant or the like (NaN: none). An analysis is made where its columns hold something.
COLUMNS = ("dataset", "start", "time", "code", "group", "stratum", "x1", "x2", "x3", "exposure")
SEPARATED = "separated"


def _frame(time: object, code: object, **columns: object) -> pd.DataFrame:
    rows = pd.DataFrame({"time": np.asarray(time, dtype=float), "code": np.asarray(code, dtype=int)})
    for name in COLUMNS[1:]:
        if name not in rows:
            values = columns.get(name, np.nan)
            rows[name] = values if np.isscalar(values) else np.asarray(values)
    return rows[list(COLUMNS[1:])]


def _lifelines(name: str) -> pd.DataFrame:
    import lifelines.datasets

    rows: pd.DataFrame = getattr(lifelines.datasets, name)()
    return rows


def _rossi() -> pd.DataFrame:
    r = _lifelines("load_rossi")
    return _frame(r["week"], r["arrest"], group=r["fin"], stratum=r["race"], x1=r["fin"], x2=r["age"], x3=r["prio"])


def _lung() -> pd.DataFrame:
    r = _lifelines("load_lung")
    old = (r["age"] >= 65).astype(int)
    return _frame(r["time"], r["status"], group=r["sex"], stratum=old, x1=r["age"], x2=r["ph.ecog"], x3=r["wt.loss"])


def _larynx() -> pd.DataFrame:
    r = _lifelines("load_larynx")
    stage = 1 + r["Stage_II"] + 2 * r["Stage_III"] + 3 * r["Stage_IV"]
    old = (r["age"] >= 65).astype(int)
    return _frame(r["time"], r["death"], group=stage, stratum=old, x1=r["age"], x2=r["Stage_III"], x3=r["Stage_IV"])


def _leukemia() -> pd.DataFrame:
    r = _lifelines("load_leukemia")
    return _frame(r["t"], r["status"], group=r["Rx"], stratum=r["sex"], x1=r["Rx"], x2=r["logWBC"], x3=r["sex"])


def _breast() -> pd.DataFrame:
    r = _lifelines("load_lymph_node")
    return _frame(
        r["rectime"], r["censrec"], group=r["grade"], stratum=r["hormone"], x1=r["age"], x2=r["nodes"], x3=r["hormone"]
    )


def _senators() -> pd.DataFrame:
    """Time in the Senate of Canada until death (1), resignation (2) or retirement (3)."""
    r = _lifelines("load_canadian_senators")
    code = r["reason"].map({"Death": 1, "Resignation": 2, "Appointment declined": 2, "Retirement": 3}).fillna(0)
    liberal = r["Political Affiliation at Appointment"].str.startswith("Liberal Party").astype(int)
    year = r["start_date"].str[:4].astype(int)
    late = (year >= 1945).astype(int)
    return _frame(r["diff_days"], code, group=liberal, stratum=late, x1=year, x2=liberal)


def _kidney_transplant() -> pd.DataFrame:
    r = _lifelines("load_kidney_transplant")
    group = r["black_male"] + 2 * r["white_male"] + 3 * r["black_female"]
    return _frame(r["time"], r["death"], group=group, x1=r["age"], x2=r["black_male"], x3=r["white_male"])


def _lymphoma() -> pd.DataFrame:
    r = _lifelines("load_lymphoma")
    return _frame(r["Time"], r["Censor"], group=r["Stage_group"], x1=r["Stage_group"])


def _stanford_rows() -> pd.DataFrame:
    r = _lifelines("load_stanford_heart_transplants")
    return _frame(r["stop"], r["event"], start=r["start"], stratum=r["surgery"], x1=r["transplant"], x2=r["age"],
                  x3=r["year"])  # fmt: skip


def _stanford_patients() -> pd.DataFrame:
    r = _lifelines("load_stanford_heart_transplants").sort_values(["id", "start"])
    last = r.groupby("id").last()
    moved = r[r["transplant"] == 1].groupby("id")["start"].first().reindex(last.index)
    surgery = last["surgery"]
    return _frame(last["stop"], last["event"], group=surgery, x2=last["age"], x3=surgery, exposure=moved)


REAL: Mapping[str, Callable[[], pd.DataFrame]] = {
    "rossi": _rossi,
    "lung": _lung,
    "larynx": _larynx,
    "leukemia": _leukemia,
    "breast": _breast,
    "senators": _senators,
    "kidney_transplant": _kidney_transplant,
    "lymphoma": _lymphoma,
    "stanford_rows": _stanford_rows,
    "stanford_patients": _stanford_patients,
}

MADE_UP: Mapping[str, pd.DataFrame] = {
    "one_row_group": _frame(
        [4, 6, 7, 9, 9, 12, 15, 3, 8, 11, 14, 20], [1, 1, 2, 0, 1, 1, 0, 1, 2, 1, 0, 1],
        group=["a"] * 1 + ["b"] * 6 + ["c"] * 5, x1=[1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 1], x2=range(12),
    ),
    "all_censored": _frame([3, 5, 5, 8], [0] * 4, group=["a", "b", "a", "b"], x1=[1, 2, 3, 5]),
    "no_censoring": _frame(
        [1, 2, 2, 4, 7, 7, 9, 11], [1, 2, 1, 1, 2, 1, 1, 1], group=["a", "b"] * 4, x1=[2, 3, 1, 5, 2, 4, 1, 0],
    ),
    # every day has every kind of event, and a censoring
    "ties_of_all": _frame(
        [2, 2, 2, 2, 5, 5, 5, 5, 9, 9, 9, 9, 9, 12, 12, 12], [1, 2, 0, 1, 2, 1, 1, 0, 1, 0, 2, 2, 1, 0, 1, 2],
        group=["a", "b", "c", "a", "b", "c"] + ["a", "b"] * 5, stratum=[0, 1, 1, 0] * 4,
        x1=[1, 0, 0, 1, 2, 1, 0, 3, 1, 2, 0, 1, 1, 0, 2, 2], x2=[3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3],
    ),
    "early_censoring": _frame(
        [1, 1, 1, 2, 2, 3, 10, 20, 30, 40], [0, 0, 0, 0, 1, 0, 1, 2, 0, 1], group=["a", "b"] * 5,
        x1=[1, 0, 0, 1] * 2 + [1, 1],
    ),
    "event_on_day_zero": _frame([0, 0, 3, 3, 7, 8], [1, 2, 1, 1, 0, 2], group=["a", "b"] * 3, x1=[3, 2, 1, 5, 4, 1]),
    # S exactly 1/2 from day 20 to day 45 in group a, to the end in group b
    "half": _frame(
        [5, 8, 12, 15, 20, 28, 45, 60, 61, 70, 10, 30, 50, 70, 87, 90, 100, 105, 110, 118],
        [1, 1, 1, 1, 1, 0, 1, 0, 1, 0] + [1] * 5 + [0] * 5, group=["a"] * 10 + ["b"] * 10, x1=[0] * 10 + [1] * 10,
    ),
    "one_cause_only": _frame([1, 3, 4, 6, 8, 9], [2, 2, 0, 2, 0, 2], group=["a", "b"] * 3, x1=[1, 4, 2, 2, 0, 1]),
    # nobody of group a is at risk any more at the first event
    "group_gone": _frame([1, 2, 3, 4, 5, 6], [0, 0, 1, 1, 0, 1], group=list("aabbcc"), x1=[1, 2, 0, 1, 1, 0]),
    "constant": _frame(
        [1, 2, 3, 4, 5, 6], [1, 0, 1, 1, 0, 1], x1=[1, 0, 0, 1, 1, 0], x2=[7.0] * 6, x3=[2, 0, 0, 2, 2, 0],
    ),
    # a stratum of its own each, some without events
    "late_entry": _frame(
        [4, 7, 9, 9, 12, 15, 16, 20, 22, 22], [1, 1, 0, 1, 1, 0, 1, 1, 0, 1], start=[0, 2, 4, 7, 5, 9, 9, 0, 15, 16],
        stratum=[0, 0, 0, 1, 1, 1, 2, 2, 2, 2], x1=[1, 0, 1, 0, 0, 1, 1, 0, 1, 0], x2=[5, 2, 8, 1, 9, 4, 4, 6, 3, 7],
    ),
    # transplants on day 0, on the day of death, after it (which plays no part), on another's day of death
    "transplants": _frame(
        [5, 9, 12, 12, 18, 20, 25, 30, 31, 40, 44, 50], [1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0],
        exposure=[np.nan, 5, 12, 0, np.nan, 9, 25, 40, 10, 12, np.nan, 31], x2=[4, 1, 7, 3, 6, 5, 2, 9, 8, 3, 1, 5],
    ),
    # every event among those with x1 = 1: no finite estimate
    "separated_one": _frame([1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 1, 1, 0, 0, 0, 0], x1=[1, 1, 1, 1, 0, 0, 0, 1],
                            x2=[3, 1, 4, 1, 5, 9, 2, 6]),
    # neither covariate alone, only their sum
    "separated_sum": _frame(
        [1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 0], x1=[3, 0, 2, 0, 1, 0], x2=[0, 2.5, -0.5, 1, -0.5, 0],
    ),
    "separated_tied": _frame([2, 2, 4, 4, 6, 6], [1, 1, 1, 0, 1, 0], x1=[1, 1, 1, 0, 1, 0]),
}  # fmt: skip

NAMES = (*REAL, *MADE_UP)


def load(name: str) -> pd.DataFrame:
    """One cohort, the columns of `COLUMNS` without the name."""
    return REAL[name]() if name in REAL else MADE_UP[name].copy()


def export(file: Path) -> None:
    """All cohorts as one CSV file for R."""
    rows = pd.concat([load(name).assign(dataset=name) for name in NAMES])
    rows[list(COLUMNS)].to_csv(file, index=False, na_rep="NA")


if __name__ == "__main__":
    export(Path(sys.argv[1]))
