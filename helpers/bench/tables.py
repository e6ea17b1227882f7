"""Benchmarks of drawn tables, and of their curves by vectorised arithmetic against fitting one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from helpers.bench.row import Row, Settings, Taken, timed
from helpers.estimators.kaplan_meier import survival_at_days

_PATIENTS, _DAYS = 22, np.array([182.625, 365.25])


def rows(settings: Settings) -> Iterator[Row]:
    """One row after another, as they are measured."""
    yield from _draws(settings)
    yield from _curves(settings)


def _draws(settings: Settings) -> Iterator[Row]:
    """Draws of the first study from its inversion: with all tables counted first, and when that is done."""
    from helpers.inversion import invert_study
    from helpers.inversion.draws import PatientTables
    from helpers.study import load_study

    inversion = invert_study(load_study("zhuo2024"))
    n, draws = inversion.study.n, settings.draws
    PatientTables(inversion, 1).draw(1)
    yield timed(lambda: PatientTables(inversion, 1).draw(1), settings.repeats).row(f"one drawn table of {n} patients")
    first, more = [], []
    for seed in range(min(settings.repeats, 3)):
        source = PatientTables(inversion, seed)
        first.append(timed(partial(source.draw, draws)))
        more.append(timed(partial(source.draw, draws, first=draws)))
    yield Taken.middle(first).row(f"{draws:,} drawn tables of {n} patients", most=5.0)
    yield Taken.middle(more).row(f"{draws:,} more of them")


def _curves(settings: Settings) -> Iterator[Row]:
    rng = np.random.default_rng(22)
    times = rng.integers(1, 700, (settings.cohorts, _PATIENTS)).astype(float)
    events = rng.integers(0, 2, times.shape)
    ours, theirs, other = [], [], []
    beside = _scikit_survival()
    _lifelines(times[0], events[0])  # its import is not part of a fit
    for _ in range(settings.repeats):  # in turn, so that a busy machine slows them alike
        begin = perf_counter()
        values = survival_at_days(times, events, _DAYS, extend=True)
        ours.append((perf_counter() - begin) / settings.cohorts)
        theirs.append(_each(_lifelines, times, events, values, settings.fits))
        if beside is not None:
            other.append(_each(beside, times, events, values, settings.fits))
    one = median(ours)
    yield Row(f"curve of {_PATIENTS} patients at 2 days, vectorised", 1e6 * one, "µs")
    yield Row("the same by lifelines in a loop", 1e3 * median(theirs), "ms")
    yield Row("vectorised, times as fast as lifelines", median(theirs) / one, "×", least=1000)
    if other:
        yield Row("vectorised, times as fast as scikit-survival", median(other) / one, "×", least=50)
    else:
        yield Row("vectorised, times as fast as scikit-survival", None, "×", least=50, note="not installed here")


Fit = Callable[[np.ndarray, np.ndarray], np.ndarray]


def _each(fit: Fit, times: np.ndarray, events: np.ndarray, expected: np.ndarray, fits: int) -> float:
    """Seconds a fit; every fit must agree with the vectorised curve."""
    begin = perf_counter()
    found = [fit(times[k], events[k]) for k in range(fits)]
    taken = (perf_counter() - begin) / fits
    if not np.allclose(np.array(found), expected[:fits], atol=1e-9):
        raise AssertionError("the curves differ")
    return taken


def _lifelines(times: np.ndarray, events: np.ndarray) -> np.ndarray:
    from lifelines import KaplanMeierFitter

    return KaplanMeierFitter().fit(times, events).survival_function_at_times(_DAYS).to_numpy()


def _scikit_survival() -> Fit | None:
    """A fit by scikit-survival, which is no dependency; None where it is not installed."""
    try:
        from sksurv.nonparametric import kaplan_meier_estimator
    except ImportError:
        return None
    estimate: Any = kaplan_meier_estimator

    def fit(times: np.ndarray, events: np.ndarray) -> np.ndarray:
        steps, curve = estimate(events.astype(bool), times)
        return np.concatenate([[1.0], curve])[np.searchsorted(steps, _DAYS, side="right")]

    return fit
