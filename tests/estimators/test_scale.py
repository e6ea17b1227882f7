"""Two hundred thousand patients: each estimator within its time, with no warning and no trace in NumPy's state."""

from __future__ import annotations

import time as clock
import tracemalloc
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from helpers.estimators.competing_risks import IncidenceVariance, incidence_readings
from helpers.estimators.cox import cox_regression
from helpers.estimators.endpoints import event_free_survival, relapse_free_survival
from helpers.estimators.gray import gray_test
from helpers.estimators.landmark_analysis import at_landmark, time_dependent_cox
from helpers.estimators.log_rank import log_rank
from helpers.estimators.readings import median_readings, quantile_readings, survival_readings
from helpers.estimators.restricted_means import restricted_mean_difference

N = 200_000
TRUE = np.array([0.3, -0.2, 0.5])

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("error")]


@pytest.fixture(scope="module", params=["whole days", "no two alike"])
def cohort(request: pytest.FixtureRequest) -> pd.DataFrame:
    generator = np.random.default_rng(20243)
    x = generator.normal(size=(N, 3))
    time = np.ceil(generator.exponential(np.exp(-x @ TRUE)) * 500)
    censored = np.ceil(generator.exponential(700, N))
    event = (time <= censored).astype(int)
    time = np.minimum(time, censored)
    if request.param == "no two alike":
        time = time + generator.random(N)
    return pd.DataFrame({
        "time": time, "event": event, "code": event * generator.integers(1, 3, N), "group": generator.integers(0, 3, N),
        "stratum": generator.integers(0, 5, N), "cr": generator.integers(0, 2, N),
        "transplant": np.where(generator.random(N) < 0.4, np.floor(generator.random(N) * 400), np.nan),
        "a": x[:, 0], "b": x[:, 1], "c": x[:, 2],
    })  # fmt: skip


def within(seconds: float, work: Callable[[], object]) -> object:
    errors, state = np.geterr(), np.random.get_state()[1].tolist()
    begin = clock.process_time()
    result = work()
    taken = clock.process_time() - begin
    assert taken < seconds, f"took {taken:.1f} s of processor time"
    assert np.geterr() == errors
    assert np.random.get_state()[1].tolist() == state
    return result


def test_curves_and_tests_take_seconds(cohort):
    time, event, code, group = (cohort[name] for name in ("time", "event", "code", "group"))
    within(5, lambda: survival_readings(time, event, [180, 365], group=group))
    within(5, lambda: quantile_readings(time, event, group=group))
    within(5, lambda: median_readings(time, event, group=group))
    within(5, lambda: restricted_mean_difference(time, event, group > 0, 500))
    within(5, lambda: log_rank(time, event, group, cohort["stratum"]))
    within(5, lambda: gray_test(time, code, group, strata=cohort["stratum"]))
    for variance in IncidenceVariance:
        within(5, lambda variance=variance: incidence_readings(time, code, [180], group=group, variance=variance))
    within(5, lambda: at_landmark(time, event, cohort["transplant"], 100))
    none = np.full(N, np.nan)
    within(5, lambda: event_free_survival(cohort["cr"], none, time, event, 28))
    within(5, lambda: relapse_free_survival(cohort["cr"], 0, none, time, event))


def test_a_curve_that_is_exactly_one_half_takes_seconds():
    days = np.arange(N) + 1.0
    assert within(5, lambda: quantile_readings(days, np.ones(N), [0.5]))["time"][0] == N / 2 + 0.5
    half = (days <= N / 2).astype(int)
    assert within(5, lambda: quantile_readings(days, half, [0.5]))["time"][0] == 3 * N / 4


def test_cox_regression_takes_seconds_and_little_memory(cohort):
    x = cohort[["a", "b", "c"]]
    for options in ({}, {"strata": cohort["stratum"], "ties": "breslow"}):
        fit = within(20, lambda options=options: cox_regression(cohort["time"], cohort["event"], x, **options))
        assert (np.abs(fit.table["coefficient"] - TRUE) < 5 * fit.table["std_error"]).all()
    fit = within(30, lambda: time_dependent_cox(cohort["time"], cohort["event"], cohort["transplant"], x))
    assert abs(fit.table["coefficient"][0]) < 5 * fit.table["std_error"][0]


def test_cox_regression_takes_little_memory(cohort):
    tracemalloc.start()
    try:
        cox_regression(cohort["time"], cohort["event"], cohort[["a", "b", "c"]])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 400 * 2**20


def test_separation_is_found_among_many(cohort):
    event = cohort["event"] * (cohort["a"] > 0)
    x = cohort[["b", "c"]].assign(positive=cohort["a"] > 0)
    fit = within(60, lambda: cox_regression(cohort["time"], event, x))
    assert fit.infinite == ("positive",)
    assert np.isfinite(fit.table["coefficient"][:2]).all()
