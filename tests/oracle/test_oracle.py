"""Our estimators against frozen results of R's survival package, and those against R itself."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.conventions import Interval, z_value
from helpers.estimators.follow_up import ReverseTies, median_follow_up, reverse_table
from helpers.estimators.intervals import confidence_limits
from helpers.estimators.kaplan_meier import at_risk_table, restricted_mean, survival_at, survival_table
from helpers.estimators.medians import FlatMedianRule, brookmeyer_crowley, median_survival
from tests.oracle import datasets

HERE = Path(__file__).parent
FROZEN = HERE / "frozen"
FILES = ("curves.csv", "medians.csv", "means.csv", "landmarks.csv")
CURVES = ("forward", "reverse-keep", "reverse-strict")
Z = float(z_value("exact"))


def read(file: Path) -> pd.DataFrame:
    return pd.read_csv(file, float_precision="round_trip", keep_default_na=False, na_values=["NA", "NaN"])


def frozen(name: str, dataset: str, curve: str | None = None) -> pd.DataFrame:
    frame = read(FROZEN / name)
    frame = frame[frame["dataset"] == dataset]
    frame = frame if curve is None else frame[frame["curve"] == curve]
    return frame.reset_index(drop=True)


def close(ours: object, theirs: object) -> None:
    np.testing.assert_allclose(np.asarray(ours, float), np.asarray(theirs, float), rtol=1e-9, atol=1e-9)


def table_of(curve: str, rows: pd.DataFrame) -> pd.DataFrame:
    if curve == "forward":
        return survival_table(rows["time"], rows["event"])
    if curve == "reverse-keep":
        return reverse_table(rows["time"], rows["event"], ReverseTies.KEEP)
    strict = reverse_table(rows["time"], rows["event"], ReverseTies.STRICT)
    return strict[strict["events"] > 0].reset_index(drop=True)


def test_the_oracle_covers_what_it_promises():
    frames = {name: read(FROZEN / name) for name in FILES}
    for frame in frames.values():
        assert set(frame["dataset"]) == set(datasets.NAMES)
    curves = frames["curves.csv"].query("curve == 'forward'")
    real = curves[curves["dataset"].isin(datasets.REAL)]
    assert real["dataset"].nunique() >= 5
    assert ((real["n_event"] > 0) & (real["n_censor"] > 0)).any(), "a tie of events and censorings"
    assert (real["surv"] == 0).any(), "a curve that reaches 0"
    assert (np.abs(real["surv"] - 0.5) < 1e-12).any(), "a real curve that is exactly 1/2"
    assert frames["medians.csv"].query("curve == 'forward'")["median"].isna().any(), "a median that is not reached"


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("name", datasets.NAMES)
def test_curve_equals_r(name: str, curve: str):
    table, theirs = table_of(curve, datasets.load(name)), frozen("curves.csv", name, curve)
    assert len(table) == len(theirs)
    close(table["time"], theirs["time"])
    assert table["at_risk"].tolist() == theirs["n_risk"].tolist()
    assert table["events"].tolist() == theirs["n_event"].tolist()
    if curve != "reverse-strict":
        assert table["censored"].tolist() == theirs["n_censor"].tolist()
    close(table["survival"], theirs["surv"])
    close(table["std_error"], theirs["std_err"])


@pytest.mark.parametrize("interval", Interval)
@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("name", datasets.NAMES)
def test_interval_equals_r(name: str, curve: str, interval: Interval):
    table, theirs = table_of(curve, datasets.load(name)), frozen("curves.csv", name, curve)
    lower, upper = confidence_limits(table["survival"], table["greenwood"], interval, Z)
    close(lower, theirs[f"lower_{interval}"])
    close(upper, theirs[f"upper_{interval}"])


@pytest.mark.parametrize("interval", Interval)
@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("name", datasets.NAMES)
def test_median_and_its_limits_equal_r(name: str, curve: str, interval: Interval):
    rows = datasets.load(name)
    if curve == "forward":
        table = survival_table(rows["time"], rows["event"])
        ours = brookmeyer_crowley(table, interval, Z)
    else:
        ties = ReverseTies.KEEP if curve == "reverse-keep" else ReverseTies.STRICT
        table = reverse_table(rows["time"], rows["event"], ties)
        ours = median_follow_up(rows["time"], rows["event"], ties, interval, Z)
    row = frozen("medians.csv", name, curve).set_index("interval").loc[str(interval)]
    quantile = median_survival(table, FlatMedianRule.R_MIDPOINT)
    for value, theirs in zip((ours.value, ours.low, ours.high, quantile), row[["median", "lower", "upper", "quantile"]],
                             strict=True):  # fmt: skip
        if np.isnan(theirs):
            assert not np.isfinite(value)
        else:
            close(value, theirs)


@pytest.mark.parametrize("name", datasets.NAMES)
def test_restricted_mean_equals_r(name: str):
    rows = datasets.load(name)
    table, theirs = survival_table(rows["time"], rows["event"]), frozen("means.csv", name)
    assert len(theirs) == 4
    close([restricted_mean(table, horizon) for horizon in theirs["horizon"]], theirs[["rmean", "se"]])


@pytest.mark.parametrize("name", datasets.NAMES)
def test_landmarks_equal_r(name: str):
    rows, theirs = datasets.load(name), frozen("landmarks.csv", name)
    table = survival_table(rows["time"], rows["event"])
    close(survival_at(table, theirs["day"], extend=True), theirs["surv"])
    below = at_risk_table(rows["time"], rows["event"], theirs["day"])
    assert below["at_risk"].tolist() == theirs["n_risk"].tolist()
    assert (below[["at_risk", "events", "censored"]].sum(axis=1) == len(rows)).all()


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of R, run now on the same data."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("Rscript is not installed: only the frozen results of R are compared")
    probe = [rscript, "-e", 'quit(status = !requireNamespace("survival", quietly = TRUE))']
    if subprocess.run(probe, capture_output=True).returncode:
        pytest.skip("R has no package survival: only the frozen results of R are compared")
    folder = tmp_path_factory.mktemp("oracle")
    datasets.export(folder / "rows.csv")
    subprocess.run([rscript, str(HERE / "make_oracle.R"), str(folder / "rows.csv"), str(folder)], check=True)
    return folder


@pytest.mark.parametrize("file", FILES)
def test_frozen_results_are_what_r_says_now(live: Path, file: str):
    now, then = read(live / file), read(FROZEN / file)
    assert list(now.columns) == list(then.columns)
    text = [column for column in then if then[column].dtype == object]
    assert now[text].equals(then[text])
    numbers = then.columns.difference(text)
    np.testing.assert_allclose(now[numbers], then[numbers], rtol=1e-9, atol=1e-9)
