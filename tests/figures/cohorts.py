"""Cohorts to draw: generated ones, the 6-mercaptopurine trial of lifelines, and edges, as the frames figures take."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.conventions import Interval
from helpers.estimators.kaplan_meier import at_risk_table, survival_at, survival_table
from helpers.estimators.medians import brookmeyer_crowley
from helpers.narrative.survival import Z, curve_frame, number_days

Rows = tuple[np.ndarray, np.ndarray]


def random_rows(n: int, scale: float, seed: int, longest: float = 900) -> Rows:
    """Whole days and events of patients whose events are exponential and whose follow-up is uniform."""
    rng = np.random.default_rng(seed)
    event, end = np.ceil(rng.exponential(scale, n)), np.ceil(rng.uniform(30, longest, n))
    return np.minimum(event, end), (event <= end).astype(int)


def leukaemia() -> dict[str, Rows]:
    """The trial of Freireich et al. 1963 as lifelines ships it, in weeks."""
    from lifelines.datasets import load_leukemia

    rows = load_leukemia()
    arms = {"6-mercaptopurine": 0, "placebo": 1}
    return {
        name: (rows.loc[rows["Rx"] == arm, "t"].to_numpy(float), rows.loc[rows["Rx"] == arm, "status"].to_numpy())
        for name, arm in arms.items()
    }


def survival_frames(
    groups: Mapping[str, Rows], days: list[float] | None = None, interval: Interval = Interval.LOG_LOG
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Curves, numbers and medians of groups."""
    last = max(float(time.max()) for time, _ in groups.values())
    curves, numbers, medians = [], [], []
    for name, (time, event) in groups.items():
        table = survival_table(time, event)
        curves.append(curve_frame(table, interval).assign(group=name))
        numbers.append(at_risk_table(time, event, days or number_days(last)).assign(group=name))
        found = brookmeyer_crowley(table, interval, Z)
        medians.append((name, found.value, found.low, found.high))
    return (
        pd.concat(curves, ignore_index=True),
        pd.concat(numbers, ignore_index=True),
        pd.DataFrame(medians, columns=["group", "median", "low", "high"]),
    )


def landmark_frame(groups: Mapping[str, Rows], days: list[float]) -> pd.DataFrame:
    """S at some days of each group."""
    rows = [(g, d, float(survival_at(survival_table(*r), [d])[0])) for g, r in groups.items() for d in days]
    return pd.DataFrame(rows, columns=["group", "day", "survival"])
