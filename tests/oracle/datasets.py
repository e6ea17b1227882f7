"""The data sets on which the estimators are compared with R: real ones shipped with lifelines, and made-up edges.

Nothing of the real data is stored in this project; `python -m tests.oracle.datasets FILE` writes all rows to a CSV
file (dataset, time, event) from which `make_oracle.R` computes the frozen results.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

SYNTHETIC: dict[str, tuple[list[float], list[int]]] = {
    # S stops at exactly 1/2 and never drops again: five answers to "what is the median?"
    "half_to_the_end": ([10, 30, 50, 70, 87, 90, 100, 105, 110, 118], [1] * 5 + [0] * 5),
    # S is exactly 1/2 from day 20 to day 45
    "half_then_drop": ([5, 8, 12, 15, 20, 28, 45, 60, 61, 70], [1, 1, 1, 1, 1, 0, 1, 0, 1, 0]),
    # S is exactly 1/2 from day 60 to day 75, though its float product is 0.4999999999999999
    "half_but_for_floats": ([10, 20, 30, 40, 40, 60, 75, 80, 90], [1, 1, 1, 0, 0, 1, 1, 0, 1]),
    "all_censored": ([3, 5, 5, 8], [0, 0, 0, 0]),
    "no_censoring": ([1, 2, 2, 4, 7, 7, 9], [1] * 7),
    # every day has an event and a censoring
    "ties_of_both": ([2, 2, 2, 5, 5, 5, 5, 9, 9, 12, 12], [1, 0, 1, 1, 1, 0, 0, 1, 0, 1, 0]),
    "early_censoring": ([1, 1, 1, 2, 2, 3, 10, 20, 30, 40], [0, 0, 0, 0, 1, 0, 1, 1, 0, 1]),
    # an event on day 0, as where non-responders count as events at infusion
    "event_on_day_zero": ([0, 0, 3, 3, 7], [1, 0, 1, 1, 0]),
    "all_on_one_day": ([6, 6, 6], [1, 1, 1]),
    "one_patient": ([11], [1]),
}


def _loaded(loader: str, time: str, event: str, where: str = "") -> Callable[[], pd.DataFrame]:
    def load() -> pd.DataFrame:
        import lifelines.datasets

        rows = getattr(lifelines.datasets, loader)()
        rows = rows.query(where) if where else rows
        columns = {"time": rows[time].to_numpy(dtype=float), "event": rows[event].to_numpy(dtype=int)}
        return pd.DataFrame(columns)

    return load


REAL: Mapping[str, Callable[[], pd.DataFrame]] = {
    "leukemia_6mp": _loaded("load_leukemia", "t", "status", "Rx == 0"),
    "leukemia_placebo": _loaded("load_leukemia", "t", "status", "Rx == 1"),
    # both arms, sex 1: S passes through exactly .55, .50 and .45
    "leukemia_sex_1": _loaded("load_leukemia", "t", "status", "sex == 1"),
    "psychiatric": _loaded("load_psychiatric_patients", "T", "C"),
    "larynx": _loaded("load_larynx", "time", "death"),
    "lung": _loaded("load_lung", "time", "status"),
    "waltons": _loaded("load_waltons", "T", "E"),
    "rossi": _loaded("load_rossi", "week", "arrest"),
    "dictatorships": _loaded("load_dd", "duration", "observed"),
}

NAMES = (*REAL, *SYNTHETIC)


def load(name: str) -> pd.DataFrame:
    """One data set, columns `time` and `event` (1 event, 0 censored)."""
    if name in REAL:
        return REAL[name]()
    time, event = SYNTHETIC[name]
    return pd.DataFrame({"time": pd.Series(time, dtype=float), "event": event})


def export(file: Path) -> None:
    """All data sets as one CSV file for R, floats to their last bit."""
    rows = pd.concat([load(name).assign(dataset=name) for name in NAMES])
    rows[["dataset", "time", "event"]].to_csv(file, index=False)


if __name__ == "__main__":
    export(Path(sys.argv[1]))
