"""Rows and covariates made ready for a Cox model: checked, complete, of unit size, with what cannot be estimated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from helpers.errors import InputError, Problem
from helpers.estimators.checks import checked_groups
from helpers.estimators.covariates import Term, design
from helpers.estimators.kaplan_meier import Floats, Integers, checked_rows
from helpers.estimators.partial_likelihood import PartialLikelihood, Ties

_ALIAS_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class CoxData:
    """What a Cox model is fitted to.

    `likelihood` has the centred and scaled columns of those terms that can be estimated, `estimable` (p,) which they
    are, `scale` their standard deviations; `raw` all columns as given; the other arrays have one entry a complete row.
    """

    terms: tuple[Term, ...]
    raw: Floats
    estimable: NDArray[np.bool_]
    scale: Floats
    likelihood: PartialLikelihood
    start: Floats | None
    stop: Floats
    event: Integers
    stratum: Integers
    missing: int

    @property
    def events(self) -> int:
        """Number of events among the complete rows."""
        return int(self.event.sum())

    def full(self, values: Floats) -> Floats:
        """Values of the estimable terms among all terms, NaN for the others."""
        all_values = np.full(len(self.terms), np.nan)
        all_values[self.estimable] = values
        return all_values

    def full_matrix(self, values: Floats) -> Floats:
        """The same for a matrix."""
        matrix = np.full((len(self.terms),) * 2, np.nan)
        matrix[np.ix_(self.estimable, self.estimable)] = values
        return matrix


def cox_data(
    time: ArrayLike,
    event: ArrayLike,
    covariates: pd.DataFrame,
    start: ArrayLike | None,
    strata: Any,
    ties: Ties,
) -> CoxData:
    """Check rows and covariates, leave out rows with a missing covariate, find terms that cannot be estimated.

    Terms that never differ within a risk set, or are a linear combination of those before them, are not estimable:
    R's ``coxph`` gives NA for them, and so do the results here (NaN).

    Raises
    ------
    InputError
        As `survival_table`, `design` and `checked_groups`; a start that is missing or not below its time; no row with
        complete covariates.
    """
    times, events = checked_rows(time, event)
    begin = None if start is None else _checked_start(start, times)
    made = design(covariates, times.size)
    keep = made.complete
    if not keep.any():
        message = f"none of {times.size} patients has all of {', '.join(map(str, covariates.columns))}"
        raise InputError(Problem(message, "regress on covariates that are known for some patients"))
    # Missing strata of rows that are left out anyway are no error.
    layers = checked_groups(None if strata is None else pd.Series(strata).to_numpy()[keep], int(keep.sum()), "stratum")
    times, events = times[keep], events[keep]
    begin = None if begin is None else begin[keep]

    centred = made.matrix - made.matrix.mean(axis=0)
    scale = np.sqrt(np.mean(centred**2, axis=0))
    varies = scale > 1e-12 * np.abs(made.matrix).max(axis=0, initial=0.0)
    scale = np.where(varies, scale, 1.0)
    likelihood = PartialLikelihood.of(centred / scale, begin, times, events, layers.codes, ties)
    estimable = varies & _independent(likelihood)
    likelihood = likelihood.with_covariates(np.ascontiguousarray(likelihood.x[:, estimable]))
    return CoxData(
        made.terms, made.matrix, estimable, scale[estimable], likelihood, begin, times, events, layers.codes,
        made.missing,
    )  # fmt: skip


def _checked_start(start: ArrayLike, time: Floats) -> Floats:
    begin = np.asarray(start, dtype=float)
    if begin.shape != time.shape:
        message = f"starts of shape {begin.shape} and times of shape {time.shape} do not pair up"
        raise InputError(Problem(message, "give one start for each row"))
    bad = np.flatnonzero(~(begin < time))
    if bad.size:
        raise InputError(
            Problem(f"row {i + 1} of {time.size} does not start before it ends (at {time[i]})",
                    "give a start below the time: a row covers (start, time]", found=str(begin[i]))
            for i in bad
        )  # fmt: skip
    return begin


def _independent(likelihood: PartialLikelihood) -> NDArray[np.bool_]:
    """Which columns carry information of their own beside those before them, judged at β = 0."""
    p = likelihood.x.shape[1]
    information = likelihood.derivatives(np.zeros(p)).information
    floor = _ALIAS_TOLERANCE * max(likelihood.sets.event_rows.size, 1)
    kept: list[int] = []
    for k in range(p):
        own = information[k, k]
        if kept:
            block, side = information[np.ix_(kept, kept)], information[kept, k]
            rest = own - side @ np.linalg.solve(block, side)
        else:
            rest = own
        if own > floor and rest > _ALIAS_TOLERANCE * own:
            kept.append(k)
    mask = np.zeros(p, dtype=bool)
    mask[kept] = True
    return mask
