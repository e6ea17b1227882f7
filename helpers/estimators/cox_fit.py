"""What a Cox regression gives back, the same for the plain and for the penalised fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from math import inf, isfinite, nan
from typing import Any

import numpy as np
import pandas as pd

from helpers.estimators.chi_square import ChiSquareTest
from helpers.estimators.concordance import Concordance
from helpers.estimators.cox_data import CoxData
from helpers.estimators.kaplan_meier import Floats
from helpers.estimators.partial_likelihood import Ties

ENOUGH_EVENTS = 10


@dataclass(frozen=True, eq=False)
class CoxFit:
    """A fitted Cox model.

    Attributes
    ----------
    method, inference : how it was fitted, and what its intervals and p-values are, for captions.
    n, events, missing : rows and events in the fit, and rows left out for a missing covariate.
    table : one row a term: `term`, `covariate`, `level`, `reference`, `n` and `events` (rows of the level; all rows for
        numbers), `coefficient`, `std_error`, `hazard_ratio`, `low`, `high` (of the hazard ratio), `statistic`,
        `p_value`.
    covariance : (p, p) of the coefficients, NaN where a coefficient is not estimable.
    log_likelihood, null_log_likelihood : at the estimate and at β = 0 (penalised ones in a penalised fit).
    likelihood_ratio, wald, score : tests of all terms at once.
    ranking : computes `concordance`, which takes longer than the fit of a large cohort and is left until asked for.
    infinite : terms without a finite estimate (monotone likelihood).
    notes : what a reader has to be told, one sentence each; empty if nothing.
    """

    method: str
    inference: str
    ties: Ties
    level: float
    n: int
    events: int
    missing: int
    table: pd.DataFrame
    covariance: Floats
    log_likelihood: float
    null_log_likelihood: float
    likelihood_ratio: ChiSquareTest
    wald: ChiSquareTest
    score: ChiSquareTest
    ranking: Callable[[], Concordance] = field(repr=False)
    infinite: tuple[str, ...]
    notes: tuple[str, ...]

    @cached_property
    def concordance(self) -> Concordance:
        """Harrell's concordance of the linear predictor."""
        return self.ranking()

    @property
    def events_per_variable(self) -> float:
        """Events for each estimated term; infinite if there is none."""
        return _per_variable(self.events, int(self.table["coefficient"].notna().sum()))

    def forest_rows(self) -> pd.DataFrame:
        """The terms with a row for each reference level, as ``hazard_forest`` and ``regression_table`` take them.

        Returns
        -------
        DataFrame
            `subgroup`, `level` (text; empty for numbers), `n`, `events`, `estimate` (hazard ratio; NaN where there is
            no finite one), `low`, `high`, `p`, `reference` (true for the level compared with).
        """
        rows: list[dict[str, Any]] = []
        for covariate, terms in self.table.groupby("covariate", sort=False):
            reference = terms["reference"].iloc[0]
            levels = terms[terms["level"] != reference] if reference is not None else terms
            if reference is not None:
                counts = {name: getattr(self, name) - int(levels[name].sum()) for name in ("n", "events")}
                rows.append({
                    "subgroup": covariate, "level": str(reference), **counts, "estimate": 1.0, "low": nan, "high": nan,
                    "p": nan, "reference": True,
                })  # fmt: skip
            for term in levels.to_dict("records"):
                rows.append({
                    "subgroup": covariate, "level": "" if term["level"] is None else str(term["level"]),
                    "n": term["n"], "events": term["events"], "low": term["low"], "high": term["high"],
                    "estimate": term["hazard_ratio"] if isfinite(term["coefficient"]) else nan,
                    "p": term["p_value"], "reference": False,
                })  # fmt: skip
        columns = ["subgroup", "level", "n", "events", "estimate", "low", "high", "p", "reference"]
        return pd.DataFrame(rows, columns=columns)


def _per_variable(events: int, terms: int) -> float:
    return events / terms if terms else inf


def fit_table(
    data: CoxData, estimate: Floats, error: Floats, low: Floats, high: Floats, statistic: Floats, p_value: Floats
) -> pd.DataFrame:
    """The table of `CoxFit` from results for the estimable terms; `low` and `high` on the scale of coefficients."""
    with np.errstate(over="ignore"):
        ratio, ratio_low, ratio_high = (np.exp(values) for values in (estimate, low, high))
    everyone = np.ones(data.stop.size, dtype=bool)
    columns = zip(data.terms, data.raw.T, strict=True)
    members = [everyone if term.level is None else column == 1 for term, column in columns]
    return pd.DataFrame({
        "term": [str(term) for term in data.terms],
        "covariate": [term.covariate for term in data.terms],
        "level": pd.Series([term.level for term in data.terms], dtype=object),
        "reference": pd.Series([term.reference for term in data.terms], dtype=object),
        "n": [int(rows.sum()) for rows in members],
        "events": [int(data.event[rows].sum()) for rows in members],
        "coefficient": data.full(estimate),
        "std_error": data.full(error),
        "hazard_ratio": data.full(ratio),
        "low": data.full(ratio_low),
        "high": data.full(ratio_high),
        "statistic": data.full(statistic),
        "p_value": data.full(p_value),
    })  # fmt: skip


def general_notes(data: CoxData) -> tuple[str, ...]:
    """What is to be said of the data of any fit: rows left out, terms not estimable, too few events."""
    notes: list[str] = []
    if data.missing:
        rows = "1 row is" if data.missing == 1 else f"{data.missing} rows are"
        notes.append(f"{rows} left out because a covariate is missing")
    if not data.events:
        return (*notes, "there is no event, so nothing can be estimated")
    lost = [str(term) for term, kept in zip(data.terms, data.estimable, strict=True) if not kept]
    if lost:
        why = "constant among those at risk, or determined by the other terms"
        notes.append(f"not estimable ({why}): {', '.join(lost)}")
    ratio = _per_variable(data.events, int(data.estimable.sum()))
    if ratio < ENOUGH_EVENTS:
        notes.append(
            f"{ratio:.1f} events per estimated term: below {ENOUGH_EVENTS}, coefficients and their intervals are not "
            "to be relied on (Peduzzi et al., J Clin Epidemiol 1995;48:1503)"
        )
    return tuple(notes)


def infinite_note(terms: tuple[str, ...]) -> str:
    """What monotone likelihood means, for the reader of a table."""
    return (
        f"monotone likelihood: no finite hazard ratio fits best for {', '.join(terms)} (at every event, the patient "
        "with it had the most extreme value among those at risk)"
    )
