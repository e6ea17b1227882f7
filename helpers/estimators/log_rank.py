"""Log-rank test of k survival curves, optionally within strata (Mantel 1966; Peto & Peto 1972)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.estimators.checks import checked_groups
from helpers.estimators.chi_square import ChiSquareTest, quadratic_form_test
from helpers.estimators.kaplan_meier import checked_rows


@dataclass(frozen=True, eq=False)
class LogRank:
    """A log-rank test: `groups` has one row a group (`group`, `n`, `observed`, `expected`), `strata` counts strata."""

    test: ChiSquareTest
    groups: pd.DataFrame
    strata: int

    @property
    def p_value(self) -> float:
        """Two-sided p-value; NaN with one group, without events, or where groups are never at risk together."""
        return self.test.p_value


def log_rank(
    time: ArrayLike,
    event: ArrayLike,
    group: Sequence[Any] | ArrayLike | pd.Series,
    strata: Sequence[Any] | ArrayLike | pd.Series | None = None,
) -> LogRank:
    """Compare the survival of groups, as R's ``survdiff(Surv(time, event) ~ group + strata(strata))``.

    At each distinct event time j (of each stratum), with d_j events among n_j at risk, n_gj of them in group g:

        U_g = Σ_j (d_gj − d_j n_gj / n_j)
        V_gh = Σ_j d_j (n_j − d_j) / (n_j − 1) · (n_gj / n_j) (δ_gh − n_hj / n_j),    χ² = U′ V⁻ U

    A group of which nobody was at risk when an event happened takes no part and costs no degree of freedom.

    Parameters
    ----------
    time, event : (n,) as in `survival_table`.
    group : (n,) labels, none missing; ordered as their categories, otherwise sorted.
    strata : (n,) labels within which patients are compared, none missing.

    Raises
    ------
    InputError
        As `survival_table`; a label missing or one too few.

    Examples
    --------
    >>> result = log_rank([1, 2, 3, 4], [1, 1, 1, 0], ["a", "a", "b", "b"])
    >>> result.groups["observed"].tolist(), round(result.p_value, 4)
    ([2, 1], 0.0896)
    """
    times, events = checked_rows(time, event)
    groups = checked_groups(group, times.size, "group")
    layers = checked_groups(strata, times.size, "stratum")
    k = len(groups.names)

    # Each (stratum, time) is one number, so that all strata are counted in one go.
    _, rank = np.unique(times, return_inverse=True)
    span = int(rank.max()) + 1
    place = layers.codes * span + rank
    steps, step = np.unique(place[events == 1], return_inverse=True)
    observed = np.bincount(step * k + groups.codes[events == 1], minlength=steps.size * k).reshape(steps.size, k)
    stratum_end = (steps // span + 1) * span
    at_risk = np.empty((steps.size, k))
    for g in range(k):
        own = np.sort(place[groups.of(g)])
        at_risk[:, g] = np.searchsorted(own, stratum_end) - np.searchsorted(own, steps)

    n, d = at_risk.sum(axis=1), observed.sum(axis=1)
    share = at_risk / n[:, None]
    expected = (d[:, None] * share).sum(axis=0)
    spread = np.divide(d * (n - d), n - 1, out=np.zeros(n.size), where=n > 1)
    weighted = share * spread[:, None]
    variance = np.diag(weighted.sum(axis=0)) - weighted.T @ share
    totals = observed.sum(axis=0)
    frame = pd.DataFrame({
        "group": list(groups.names), "n": np.bincount(groups.codes, minlength=k),
        "observed": totals.astype(np.int64), "expected": expected,
    })  # fmt: skip
    return LogRank(quadratic_form_test(totals - expected, variance), frame, len(layers.names))
