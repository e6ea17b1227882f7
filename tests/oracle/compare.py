"""Reading frozen results, and comparing with them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

HERE = Path(__file__).parent
FROZEN = HERE / "frozen"

# Cohorts of R's packages (rows.R); two and more are of transplant patients.
OF_R = ("bmt", "alloauto", "hodg", "myeloid", "liver_waiting", "heart_waiting", "veteran", "mgus", "cirrhosis")


def read(file: Path) -> pd.DataFrame:
    """A CSV file of R, floats to their last bit."""
    return pd.read_csv(file, float_precision="round_trip", keep_default_na=False, na_values=["NA", "NaN"])


def frozen(name: str, **where: object) -> pd.DataFrame:
    """Rows of a frozen file, by the values of some columns."""
    frame = read(FROZEN / name)
    for column, value in where.items():
        frame = frame[frame[column] == value]
    return frame.reset_index(drop=True)


def close(ours: object, theirs: object, tolerance: float = 1e-9) -> None:
    """Equal to 1e-9, relative to numbers above 1; NaN where they have NA."""
    np.testing.assert_allclose(
        np.asarray(ours, float), np.asarray(theirs, float), rtol=tolerance, atol=tolerance, equal_nan=True
    )


def assert_r_says_so_now(folder: Path, file: str, tolerance: float = 1e-9) -> None:
    """Frozen results are those of R run now, row by row."""
    now, then = read(folder / file), read(FROZEN / file)
    assert list(now.columns) == list(then.columns)
    text = [column for column in then if then[column].dtype == object]
    assert now[text].equals(then[text])
    close(now[then.columns.difference(text)], then[then.columns.difference(text)], tolerance)


Cohort = Callable[[str], pd.DataFrame]

quiet = pytest.mark.filterwarnings("error")
