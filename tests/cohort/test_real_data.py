"""Six real data sets of lifelines, renamed into the schema, load; their curves are those of the data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from lifelines import KaplanMeierFitter, datasets

from helpers.cohort import load_cohort
from helpers.estimators.kaplan_meier import survival_at, survival_table
from tests.cohort.making import study

# name: (loader, time, event, unit in the file, value of the event that counts)
SETS = {
    "6-MP": ("load_leukemia", "t", "status", "weeks", 1),
    "larynx": ("load_larynx", "time", "death", "years", 1),
    "lung": ("load_lung", "time", "status", "days", 1),
    "lymphoma": ("load_lymphoma", "Time", "Censor", "days", 1),
    "glioma": ("load_g3", "time", "event", "months", True),
    "kidney transplants": ("load_kidney_transplant", "time", "death", "days", 1),
    "psychiatric patients": ("load_psychiatric_patients", "T", "C", "years", 1),
    "rossi": ("load_rossi", "week", "arrest", "weeks", 1),
}
LENGTH = {"days": 1.0, "weeks": 7.0, "months": 30.4375, "years": 365.25}


@pytest.mark.parametrize("name", SETS)
def test_it_loads_and_keeps_every_row(name: str, tmp_path: Path) -> None:
    loader, time, event, unit, counts = SETS[name]
    data = getattr(datasets, loader)()
    frame = pd.DataFrame(
        {
            "patient_id": [f"X{i}" for i in range(len(data))],
            f"OS_{unit}": data[time],
            "OS_event": (data[event] == counts).astype(int),
        }
    )
    if "age" in data:
        frame["age"] = data["age"]
    frame.to_csv(tmp_path / "rows.csv", index=False)
    cohort = load_cohort(study(tmp_path), tmp_path / "rows.csv")
    rows = cohort.endpoint("OS")
    assert (rows.n, rows.missing) == (len(data), 0)
    np.testing.assert_allclose(rows.days, data[time] * LENGTH[unit], rtol=1e-12)
    ours = survival_table(rows.days, rows.event)
    theirs = KaplanMeierFitter().fit(data[time] * LENGTH[unit], data[event] == counts)
    middle = np.quantile(rows.days, [0.1, 0.25, 0.5, 0.75, 0.9])
    np.testing.assert_allclose(survival_at(ours, middle), theirs.predict(middle).to_numpy(), rtol=1e-9)
