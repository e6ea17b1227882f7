"""Study folders of invented trials, as many as are wanted: what runs at scale are measured on.

Each says of itself that it is invented. The same seed and number make the same folder, whatever was made before.
"""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from pathlib import Path

import numpy as np

from helpers.conventions import Convention, Interval
from helpers.printed import Rounding
from helpers.simulation.cohort import Cohort, clinical_cohort
from helpers.simulation.print_study import printed_landmark

MONTH = Fraction("30.4375")
LANDMARKS = (6, 12)
SIZES = (8, 14)  # patients: few, so that what is measured is the running, not the inversion
CONVENTIONS = tuple(
    Convention(interval, "1.96", decimals, Rounding.HALF_UP) for interval in Interval for decimals in (None, 3)
)
COLUMNS = (
    "id", "endpoint", "statistic", "at", "at_unit", "n", "count", "value", "ci_low", "ci_high", "ci_level", "unit",
    "source", "note",
)  # fmt: skip
_CARD = """\
# Made up by a program to measure runs at scale: no patient and no paper stands behind it.
id: {id}
title: Invented trial number {number}
n: {n}
population: invented patients
endpoints:
  OS: {{name: Overall survival, origin: infusion, events: death}}
"""


def made_up_folder(root: Path, seed: int, number: int) -> Path:
    """Write one study folder below `root`: two landmarks with intervals, a proportion, and the number of patients."""
    rng = np.random.default_rng([seed, number])
    n = int(rng.integers(SIZES[0], SIZES[1] + 1))
    patients = clinical_cohort(rng, n)
    convention = CONVENTIONS[int(rng.integers(len(CONVENTIONS)))]
    decimals, responses = int(rng.integers(1, 3)), int(rng.integers(n // 2, n + 1))
    name = f"invented-{number:04d}"
    folder = root / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.yaml").write_text(_CARD.format(id=name, number=number, n=n), encoding="utf-8")
    (folder / "claims.csv").write_text(_claims(patients, convention, decimals, responses), encoding="utf-8")
    return folder


def _claims(patients: Cohort, convention: Convention, decimals: int, responses: int) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerow({"id": "patients", "statistic": "count", "n": patients.n, "count": patients.n, "note": "Patients"})
    writer.writerow({
        "id": "cr", "statistic": "proportion", "n": patients.n, "count": responses,
        "value": f"{100 * responses / patients.n:.{decimals}f}", "unit": "percent", "note": "Complete remission",
    })  # fmt: skip
    for month in LANDMARKS:
        mark = printed_landmark(patients, month * MONTH, convention, decimals)
        assert mark.value is not None and mark.ci_low is not None and mark.ci_high is not None
        writer.writerow({
            "id": f"os_{month}mo", "endpoint": "OS", "statistic": "survival", "at": month, "at_unit": "month",
            "value": mark.value.text, "ci_low": mark.ci_low.text, "ci_high": mark.ci_high.text, "ci_level": 95,
            "unit": "percent", "note": f"OS at {month} months",
        })  # fmt: skip
    return buffer.getvalue()
