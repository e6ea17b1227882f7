"""Pooled estimates that come with standard errors: the normal random-effects model, by REML and Hartung-Knapp.

    y_i ~ Normal(theta_i, s_i²),   theta_i ~ Normal(mu, tau²),   s_i taken as known.

tau² maximises the restricted likelihood; the interval of mu is that of Hartung & Knapp (Stat Med 2001) with
t(k − 1), never narrower than its plain counterpart (the ad-hoc correction of Röver, Knapp & Friede, BMC Med Res
Methodol 2015); that of tau inverts Cochran's Q (the Q profile, Viechtbauer, Stat Med 2007); a further study lies within
mu ± t(k − 2) √(tau² + error²) (Higgins, Thompson & Spiegelhalter, JRSS A 2009).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class RandomEffects:
    """A common effect of several studies on the scale of what was pooled.

    `tau_high` may be infinite; the predicted limits are NaN for fewer than three studies.
    """

    studies: int
    level: float
    mu: float
    error: float
    low: float
    high: float
    tau: float
    tau_low: float
    tau_high: float
    predicted_low: float
    predicted_high: float


def pool_effects(effects: Sequence[float], errors: Sequence[float], level: float = 0.95) -> RandomEffects:
    """Fit the normal random-effects model.

    Parameters
    ----------
    effects, errors : (k,) estimates and their standard errors, at least two, errors above 0.
    level : of all intervals.

    Raises
    ------
    ValueError
        Fewer than two studies, or an error that is not above 0.

    Examples
    --------
    >>> fit = pool_effects([0.0, 1.0, 2.0], [0.1, 0.1, 0.1])
    >>> round(fit.mu, 3), round(fit.tau, 3)
    (1.0, 0.995)
    """
    import numpy as np
    from scipy.stats import t

    y, s = np.asarray(effects, float), np.asarray(errors, float)
    if len(y) < 2 or len(y) != len(s):
        raise ValueError(f"at least two studies are needed, each with its error, not {len(y)} and {len(s)}")
    if not (np.isfinite(y).all() and np.isfinite(s).all() and (s > 0).all()):
        raise ValueError(f"effects must be finite and errors above 0: {y.tolist()}, {s.tolist()}")
    k = len(y)
    tau2 = _reml(y, s)
    weights = 1 / (s**2 + tau2)
    mu = float((weights * y).sum() / weights.sum())
    scatter = float((weights * (y - mu) ** 2).sum()) / (k - 1)
    error = sqrt(max(1.0, scatter) / float(weights.sum()))
    reach = float(t.ppf((1 + level) / 2, k - 1)) * error
    nan = float("nan")
    beyond = float(t.ppf((1 + level) / 2, k - 2)) * sqrt(tau2 + error**2) if k > 2 else nan
    low, high = _q_profile(y, s, level)
    return RandomEffects(
        k, level, mu, error, mu - reach, mu + reach, sqrt(tau2), low, high, mu - beyond, mu + beyond
    )  # fmt: skip


def restricted_log_likelihood(tau2: float, y: np.ndarray, s: np.ndarray) -> float:
    """Restricted log-likelihood of tau², without constants."""
    import numpy as np

    weights = 1 / (s**2 + tau2)
    mu = (weights * y).sum() / weights.sum()
    return float(np.log(weights).sum() / 2 - np.log(weights.sum()) / 2 - (weights * (y - mu) ** 2).sum() / 2)


def _reml(y: np.ndarray, s: np.ndarray) -> float:
    """The tau² of the highest restricted likelihood: the best of a grid, refined between its neighbours."""
    import numpy as np
    from scipy.optimize import minimize_scalar

    largest = 10 * (float(np.ptp(y)) + float(s.max())) ** 2
    grid = np.concatenate([[0.0], largest * np.geomspace(1e-8, 1.0, 200)])
    heights = [restricted_log_likelihood(x, y, s) for x in grid]
    best = int(np.argmax(heights))
    ends = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    found = minimize_scalar(
        lambda x: -restricted_log_likelihood(x, y, s), bounds=ends, method="bounded", options={"xatol": 1e-12}
    )
    return float(found.x) if -found.fun > heights[best] else float(grid[best])


def _q_profile(y: np.ndarray, s: np.ndarray, level: float) -> tuple[float, float]:
    """Limits of tau: Cochran's Q, which falls as tau grows, against its chi-square quantiles."""
    from scipy.optimize import brentq
    from scipy.stats import chi2

    def q(tau: float) -> float:
        weights = 1 / (s**2 + tau**2)
        mu = (weights * y).sum() / weights.sum()
        return float((weights * (y - mu) ** 2).sum())

    largest = 1e4 * (float(y.max() - y.min()) + float(s.max()))

    def crossing(quantile: float) -> float:
        if q(0.0) <= quantile:
            return 0.0
        return float(brentq(lambda x: q(x) - quantile, 0.0, largest, xtol=1e-12)) if q(largest) < quantile else inf

    tail = (1 - level) / 2
    return crossing(float(chi2.ppf(1 - tail, len(y) - 1))), crossing(float(chi2.ppf(tail, len(y) - 1)))
