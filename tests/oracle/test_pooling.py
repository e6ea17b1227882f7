"""Summaries over studies against R: the same likelihoods, written out and climbed in another way."""

from __future__ import annotations

from math import exp, inf
from pathlib import Path

import pytest

from helpers.estimators.binomial_normal import pool_proportions
from helpers.estimators.random_effects import pool_effects
from tests.oracle.compare import assert_r_says_so_now, close, frozen

PROPORTIONS = frozen("pooled_proportions.csv")
EFFECTS = frozen("pooled_effects.csv")
# Both sides climb likelihoods that are flat at the top: what is read off a height is good to about the square root.
SUMMIT, CROSSING = 1e-6, 1e-6


def expit(x: float) -> float:
    return 1 / (1 + exp(-x))


@pytest.mark.parametrize("record", PROPORTIONS.to_dict("records"), ids=PROPORTIONS["case"])
def test_pooled_proportions(record: dict) -> None:
    rows = frozen("pooled_counts.csv", case=record["case"])
    fit = pool_proportions(rows["count"], rows["n"])
    close(fit.log_likelihood, record["log_likelihood"], 1e-8)
    close([fit.mu, fit.tau], [record["mu"], record["tau"]], SUMMIT)
    close(fit.error, record["error"], 1e-3)
    close([fit.low, fit.high], [expit(record["mu_low"]), expit(record["mu_high"])], SUMMIT)
    close([fit.tau_low, fit.tau_high], [record["tau_low"], record["tau_high"]], CROSSING)


@pytest.mark.parametrize("record", EFFECTS.to_dict("records"), ids=EFFECTS["case"])
def test_pooled_effects(record: dict) -> None:
    rows = frozen("pooled_effects_rows.csv", case=record["case"])
    fit = pool_effects(rows["effect"], rows["error"])
    names = ("mu", "error", "low", "high", "tau", "predicted_low", "predicted_high")
    close([getattr(fit, name) for name in names], [record[name] for name in names], SUMMIT)
    close([fit.tau_low, fit.tau_high], [record["tau_low"], record["tau_high"]], 1e-7)


def test_the_frozen_cases_are_worth_their_place() -> None:
    assert (PROPORTIONS["tau"] == 0).any() and (PROPORTIONS["tau"] > 2).any()
    assert (PROPORTIONS["tau_low"] > 0).any()
    assert not PROPORTIONS.isin([inf]).to_numpy().any()
    assert (EFFECTS["tau"] == 0).any() and EFFECTS["predicted_low"].isna().any()


@pytest.mark.slow
@pytest.mark.parametrize("file", ["pooled_proportions.csv", "pooled_effects.csv"])
def test_r_says_so_now(file: str, run_r) -> None:  # type: ignore[no-untyped-def]
    folder: Path = run_r("make_pooling.R")
    assert_r_says_so_now(folder, file, 1e-6)
