"""Benchmark of a whole run on many patient-level rows: time, and the memory of all its processes together."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from helpers.bench.row import Row, Settings, Taken
from helpers.paths import PROJECT

YAML = """id: many-rows
title: Made-up rows for a benchmark
n: {n}
endpoints:
  OS: {{name: Overall survival, origin: infusion, events: death}}
  EFS: {{name: Event-free survival, origin: infusion, events: "relapse, non-response or death"}}
covariates:
  product: {{kind: categorical, label: Product, levels: [one, two]}}
  donor: {{kind: categorical, label: Donor, levels: [sibling, haploidentical, unrelated]}}
  blasts: {{kind: continuous, label: Blasts, unit: "%"}}
grading: {{crs: ASTCT 2019, icans: ASTCT 2019}}
"""
CLAIMS = "id,endpoint,statistic,at,at_unit,n,count,value,ci_low,ci_high,ci_level,unit,source,note\n"
GIBIBYTE = 2.0**30


def rows(settings: Settings) -> Iterator[Row]:
    """Two rows: seconds, and memory."""
    n = settings.rows
    with tempfile.TemporaryDirectory(prefix="unrounded-bench-") as name:
        study = write_rows(Path(name), n)
        taken, peak = run(study, Path(name) / "results")
    task = f"unrounded run --cohort, {n:,} rows"
    yield taken.row(task, most=120.0, note="six notebooks, two at a time, report included; timed once")
    yield Row(
        f"{task}, memory", peak, "GiB", most=2.0, note="all processes together, memory that they share counted once"
    )


def write_rows(folder: Path, n: int, seed: int = 20241) -> Path:
    """A study folder with a file ``rows.csv`` beside it: times, response, relapse, transplant, grades, covariates."""
    import pandas as pd

    rng = np.random.default_rng(seed)
    died, lost = np.ceil(rng.exponential(700, n)), np.ceil(rng.exponential(1200, n))
    end = np.minimum(died, lost) + 40
    responded = rng.random(n) < 0.8
    relapse = np.where(responded & (rng.random(n) < 0.5), 36 + np.floor(rng.random(n) * (end - 36)), np.nan)
    moved = np.where(responded & (rng.random(n) < 0.3), 36 + np.floor(rng.random(n) * (end - 36)), np.nan)
    relapsed, dead = np.isfinite(relapse), (died <= lost).astype(int)
    frame = pd.DataFrame({
        "patient_id": np.arange(1, n + 1), "OS_days": end, "OS_event": dead,
        "EFS_days": np.where(responded, np.where(relapsed, relapse, end), 28),
        "EFS_event": np.where(responded & ~relapsed, dead, 1), "cr": responded.astype(int),
        "response_days": np.where(responded, rng.integers(25, 36, n), np.nan), "relapse_days": relapse,
        "transplant_days": np.where(moved <= np.where(relapsed, relapse, end), moved, np.nan),
        "crs_grade": rng.integers(0, 5, n), "icans_grade": rng.integers(0, 4, n), "age": rng.integers(3, 75, n),
        "sex": rng.choice(["female", "male"], n), "product": rng.choice(["one", "two"], n),
        "donor": rng.choice(["sibling", "haploidentical", "unrelated"], n),
        "blasts": rng.integers(0, 1000, n) / 10,
    })  # fmt: skip
    study = folder / "many-rows"
    study.mkdir()
    (study / "study.yaml").write_text(YAML.format(n=n), encoding="utf-8")
    (study / "claims.csv").write_text(f"{CLAIMS}patients,,count,,,,{n},,,,,,text,Patients\n", encoding="utf-8")
    frame.to_csv(folder / "rows.csv", index=False, float_format="%g")
    return study


def run(study: Path, out: Path) -> tuple[Taken, float]:
    """Seconds of the run and all its children, and their largest memory together, in GiB.

    Linux tells the share of each process in what several of them hold; elsewhere the sum of resident memory is taken,
    which counts such memory more than once.
    """
    import psutil

    command = [
        sys.executable, "-m", "helpers", "run", str(study), "--cohort", str(study.parent / "rows.csv"),
        "--out", str(out),
    ]  # fmt: skip
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    begin, worked, peak = time.perf_counter(), _worked(), 0
    with tempfile.TemporaryFile() as said:
        process = psutil.Popen(command, cwd=PROJECT, env=environment, stdout=said, stderr=subprocess.STDOUT)
        while process.poll() is None:
            peak = max(peak, _memory(process))
            time.sleep(0.2)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(said.read().decode(errors="replace")[-2000:])
    return Taken(time.perf_counter() - begin, _worked() - worked), peak / GIBIBYTE


def _worked() -> float:
    """Seconds for which the processor has worked for children that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def _memory(process: object) -> int:
    import psutil

    total = 0
    try:
        family = [process, *process.children(recursive=True)]  # type: ignore[attr-defined]
    except psutil.Error:
        return 0
    for one in family:
        try:
            told = one.memory_full_info()
        except psutil.Error:  # it has just ended
            continue
        total += getattr(told, "pss", told.rss)
    return total
