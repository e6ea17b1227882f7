"""Benchmarks of the inversion: start, a whole study, one pair of landmarks, and larger cohorts."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from helpers.bench.row import Row, Settings, Taken, timed
from helpers.conventions import Convention, Interval, all_conventions
from helpers.inversion.certify import certify, job_size
from helpers.inversion.evidence import Count, Landmark
from helpers.inversion.solve import solve
from helpers.paths import PROJECT
from helpers.printed import PrintedNumber, Rounding
from helpers.simulation.cohort import Cohort, clinical_cohort
from helpers.simulation.print_study import LEVEL, numbers_at_risk, printed_landmarks

ALL = tuple(all_conventions())
MONTH = Fraction("30.4375")
STUDY = "zhuo2024"
_PAIRS = (
    (("67.90", "48.30", "87.50"), ("41.10", "19.15", "63.05")),
    (("67.9", "48.3", "87.5"), ("41.1", "19.2", "63.1")),
    (("68", "48", "88"), ("41", "19", "63")),
)
_WAYS = (("1 decimal", None, 1), ("2 decimals", None, 2), ("S and se to 3 decimals first", 3, 2))


def rows(settings: Settings) -> Iterator[Row]:
    """One row after another, as they are measured."""
    yield _start(settings)
    yield _complete(settings)
    yield _pair(settings)
    yield _few_censored(settings)
    yield from _at_risk(settings)
    yield _certified(settings)


def _fresh(settings: Settings, *arguments: str) -> Taken:
    """The two numbers that a fresh interpreter prints first, as often as times are taken."""
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    found = []
    for _ in range(settings.repeats):
        done = subprocess.run(
            [sys.executable, *arguments], capture_output=True, text=True, check=True, env=environment, cwd=PROJECT
        )
        clock, processor = done.stdout.split()[:2]
        found.append(Taken(float(clock), float(processor)))
    return Taken.middle(found)


def _start(settings: Settings) -> Row:
    code = (
        "from time import perf_counter, process_time; a, b = perf_counter(), process_time(); "
        "import helpers.inversion, helpers.ledger; print(perf_counter() - a, process_time() - b)"
    )
    return _fresh(settings, "-c", code).row("import of the inversion and the ledger")


def _complete(settings: Settings) -> Row:
    taken = _fresh(settings, "-m", "helpers.bench.complete", STUDY)
    return taken.row(f"{STUDY}, everything but draws, after import", most=2.0)


def _pair(settings: Settings) -> Row:
    """The slowest of three ways to print the same pair."""
    times = [_listing(22, _landmarks(pair), (), settings) for pair in _PAIRS]
    note = f"slowest of {len(_PAIRS)} ways to print it, {len(ALL)} conventions"
    return max(times).row("one pair of landmarks, n = 22, all conventions", "ms", most=50.0, note=note)


def _landmarks(pair: tuple[tuple[str, str, str], ...]) -> tuple[Landmark, ...]:
    found = []
    for k, texts in enumerate(pair, start=1):
        value, low, high = map(PrintedNumber, texts)
        found.append(Landmark(f"m{k}", 6 * k * MONTH, value, low, high, Fraction(1, 100), LEVEL))
    return tuple(found)


def _listing(n: int, marks: tuple[Landmark, ...], counts: tuple[Count, ...], settings: Settings) -> Taken:
    """Time to list all histories under all conventions."""
    return timed(lambda: solve.__wrapped__(n, marks, ALL, counts=counts), settings.repeats)


def _few_censored(settings: Settings) -> Row:
    """The slowest of some cohorts of 40 with at most 6 censored by the second landmark, printed in three ways."""
    rng, times, sizes, days = np.random.default_rng(40), [], [], (6 * MONTH, 12 * MONTH)
    for case in range(settings.cases):
        patients = clinical_cohort(rng, 40, median=(12, 5)[case % 2])
        while patients.number(event=False, until=days[-1]) > 6:
            patients = clinical_cohort(rng, 40, median=(12, 5)[case % 2])
        for _, rounded_to, decimals in _WAYS:
            convention = Convention(Interval.PLAIN, "1.96", rounded_to, Rounding.HALF_UP)
            marks = printed_landmarks(patients, days, convention, decimals)
            found = solve.__wrapped__(40, marks, ALL)
            if patients.history(days[-1]) not in found.histories:
                raise AssertionError("the truth is not in the set")
            sizes.append(len(found.histories))
            times.append(_listing(40, marks, (), settings))
    note = f"slowest of {len(times)}; sets of {min(sizes):,} to {max(sizes):,} histories, all conventions"
    return max(times).row("two landmarks, n = 40, at most 6 censored, exhaustive", most=5.0, note=note)


def _at_risk(settings: Settings) -> Iterator[Row]:
    """Numbers at risk every 6 months: follow-up complete for a year (listed), and not (certified)."""
    n, days = settings.large[0], tuple(k * MONTH for k in (6, 12, 18, 24))
    task = f"n = {n}, numbers at risk every 6 months, "
    calm = clinical_cohort(np.random.default_rng(80), n, follow_up=(10, 40))
    counts, convention = numbers_at_risk(calm, days), Convention(Interval.LOG, "exact", None, Rounding.HALF_UP)
    marks = printed_landmarks(calm, days[:2], convention, 1)
    found = solve.__wrapped__(n, marks, ALL, counts=counts)
    taken = _listing(n, marks, counts, settings)
    note = f"{len(found.histories):,} histories, all conventions"
    yield taken.row(task + "few censored: exhaustive", most=10.0, note=note)
    busy = clinical_cohort(np.random.default_rng(81), n, follow_up=(2, 30))
    yield _certify(task + "many censored: certified", busy, days[:2], settings.deadlines[0], 10.0, at_risk=True)


def _certified(settings: Settings) -> Row:
    patients = clinical_cohort(np.random.default_rng(200), settings.large[1], follow_up=(2, 30))
    days = (6 * MONTH, 12 * MONTH)
    return _certify(f"n = {patients.n}, certified bounds", patients, days, settings.deadlines[1], 30.0, at_risk=False)


def _certify(
    task: str, patients: Cohort, days: tuple[Fraction, ...], deadline: float, most: float, *, at_risk: bool
) -> Row:
    """The size of the job and the certificate; once, since a time limit is part of it."""
    convention = Convention(Interval.LOG, "exact", None, Rounding.HALF_UP)
    marks = printed_landmarks(patients, days, convention, 1)
    counts = numbers_at_risk(patients, days) if at_risk else ()
    kept = []

    def work() -> None:
        job_size(patients.n, marks, ALL, counts)
        kept.append(certify(patients.n, marks, ALL, counts, deadline=0.9 * deadline))

    taken = timed(work)
    found = kept[0]
    high = "" if found.count.high is None else f" to {_number(found.count.high)}"
    events = found.bounds[-1].events if found.bounds else None
    bounds = f"{events.low} to {events.high} events by the last landmark" if events else "no bounds"
    ended = "finished" if found.complete else "stopped by its time limit"
    note = f"{_number(found.count.low)}{high} histories, {bounds}; {ended}; timed once"
    return taken.row(task, most=most, note=note)


def _number(count: int) -> str:
    return f"{count:,}" if count < 10**6 else f"{count:.1e}"
