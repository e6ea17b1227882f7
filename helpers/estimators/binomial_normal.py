r"""Pooled proportions of small studies: the binomial-normal model, fitted by maximum likelihood without any correction.

Of study i, with true rate p_i, k_i of n_i patients have an event, and the rates of studies scatter about a common one:

    k_i ~ Binomial(n_i, p_i),   logit p_i = mu + tau u_i,   u_i ~ Normal(0, 1).

Studies without an event, or with nothing else, say what they say and need no half patient (Hamza, van Houwelingen &
Stijnen, J Clin Epidemiol 2008; Stijnen, Hamza & Özdemir, Stat Med 2010). The integral over u_i is taken by the
trapezoidal rule about the mode, with steps below the width of the narrowest possible peak: for analytic integrands on
the
whole line that rule converges exponentially (Trefethen & Weideman, SIAM Review 2014).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, inf, isfinite, log, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

LARGEST_TAU = 12.0  # on this scale rates scatter over everything from 0 to 1
_FURTHEST = 30.0  # logits beyond are rates of 0 and 1 to every digit
_REACH = 8.5  # standard deviations on either side of what is integrated
_LEAST = 160  # steps at least
_TAUS = (0.0, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.5, 7.0, LARGEST_TAU)


@dataclass(frozen=True)
class PooledProportion:
    """A common rate of several studies.

    Attributes
    ----------
    counts, sizes : the studies' events and patients.
    estimate : expit(mu), the rate of a study in the middle of the distribution; `low`, `high` its profile-likelihood
        limits.
    mu, error : on the logit scale, with the standard error from the observed information (NaN where all rates are 0 or
        1).
    tau : standard deviation of the studies' logits, with its profile-likelihood limits; `tau_high` may be infinite, and
        all
        three are NaN where no study, or every patient, had an event: then nothing can be said of it.
    predicted_low, predicted_high : limits for the true rate of a further study,
        expit(mu ± t(k − 2) √(tau² + error²)) (Higgins, Thompson & Spiegelhalter, JRSS A 2009); NaN for fewer than 3.
    log_likelihood : at the maximum, binomial coefficients included.
    """

    counts: tuple[int, ...]
    sizes: tuple[int, ...]
    level: float
    estimate: float
    low: float
    high: float
    mu: float
    error: float
    tau: float
    tau_low: float
    tau_high: float
    predicted_low: float
    predicted_high: float
    log_likelihood: float

    @property
    def studies(self) -> int:
        """How many studies."""
        return len(self.counts)


def pool_proportions(
    counts: Sequence[int], sizes: Sequence[int], level: float = 0.95, *, tau_limits: bool = True
) -> PooledProportion:
    """Fit the binomial-normal model.

    Parameters
    ----------
    counts, sizes : (k,) events and patients of each study, at least two studies.
    level : of all intervals.
    tau_limits : whether the limits of tau are wanted, which take as long as all the rest; else they are NaN.

    Raises
    ------
    ValueError
        Fewer than two studies, or a count that is not between 0 and its n.

    Examples
    --------
    >>> fit = pool_proportions([18, 34, 11, 30], [22, 43, 14, 36])
    >>> round(fit.estimate, 3), fit.tau
    (0.809, 0.0)
    """
    k, n = tuple(int(x) for x in counts), tuple(int(x) for x in sizes)
    if len(k) < 2 or len(k) != len(n):
        raise ValueError(f"at least two studies are needed, each with its patients, not {len(k)} and {len(n)}")
    if any(not 0 <= x <= size or size < 1 for x, size in zip(k, n, strict=True)):
        raise ValueError(f"counts must lie between 0 and their n: {k} of {n}")
    if sum(k) in (0, sum(n)):
        return _all_alike(k, n, level)
    model = _Model(k, n)
    tau, top = model.best_tau()
    mu = model.best_mu(tau)
    drop = _chi2(level) / 2
    error = model.error(mu, tau)
    ends = _t_limits(mu, sqrt(tau**2 + error**2), len(k), level)
    scatter = (float("nan"), float("nan"))
    if tau_limits:
        scatter = (
            max(0.0, _crossing(lambda x: model.profile_tau(x) - top + drop, tau, 0.0)),
            _crossing(lambda x: model.profile_tau(x) - top + drop, tau, LARGEST_TAU, open_end=inf),
        )
    return PooledProportion(
        k, n, level, _expit(mu),
        _expit(_crossing(lambda x: model.profile_mu(x) - top + drop, mu, -_FURTHEST)),
        _expit(_crossing(lambda x: model.profile_mu(x) - top + drop, mu, _FURTHEST)),
        mu, error, tau, *scatter,
        _expit(ends[0]), _expit(ends[1]), top,
    )  # fmt: skip


def log_likelihood(mu: float, tau: float, counts: Sequence[int], sizes: Sequence[int]) -> float:
    """Log-likelihood of the model at a point, binomial coefficients included.

    >>> round(log_likelihood(0.0, 0.0, [1], [2]), 6) == round(log(0.5), 6)
    True
    """
    return _Model(tuple(counts), tuple(sizes)).log_likelihood(mu, tau)


class _Model:
    """The likelihood of some counts, and its profiles."""

    def __init__(self, counts: tuple[int, ...], sizes: tuple[int, ...]) -> None:
        import numpy as np
        from scipy.special import gammaln

        self.k = np.asarray(counts, float)[:, None]
        self.n = np.asarray(sizes, float)[:, None]
        self.constant = float((gammaln(self.n + 1) - gammaln(self.k + 1) - gammaln(self.n - self.k + 1)).sum())

    def log_likelihood(self, mu: float, tau: float) -> float:
        """Sum over studies of the log of the integral over u."""
        import numpy as np

        if tau == 0.0:
            return self.constant + float(self._binomial(np.asarray(mu)).sum())
        mode = self._modes(mu, tau)
        low, high = np.minimum(mode, 0) - _REACH, np.maximum(mode, 0) + _REACH
        steepest = sqrt(1 + tau**2 * float(self.n.max()) / 4)
        steps = max(_LEAST, int(float((high - low).max()) * steepest) + 1)
        u = low + (high - low) * np.linspace(0.0, 1.0, steps + 1)
        inside = self._binomial(mu + tau * u) - u**2 / 2
        top = inside.max(axis=1)
        heights = top + np.log(np.exp(inside - top[:, None]).sum(axis=1))
        return self.constant + float((heights + np.log((high - low)[:, 0] / steps) - log(2 * np.pi) / 2).sum())

    def _binomial(self, eta: np.ndarray) -> np.ndarray:
        import numpy as np

        return self.k * eta - self.n * np.logaddexp(0.0, eta)

    def _modes(self, mu: float, tau: float) -> np.ndarray:
        """Where each integrand is highest, to within half a unit: the root of a falling function, bracketed, halved."""
        import numpy as np
        from scipy.special import expit

        bound = tau * self.n.max() + 1
        low, high = np.full_like(self.k, -bound), np.full_like(self.k, bound)
        for _ in range(int(log(2 * bound / 0.5, 2)) + 1):
            middle = (low + high) / 2
            rising = tau * (self.k - self.n * expit(mu + tau * middle)) - middle > 0
            low, high = np.where(rising, middle, low), np.where(rising, high, middle)
        return (low + high) / 2

    def best_mu(self, tau: float) -> float:
        """The best mu for a tau: the likelihood is log-concave in mu (Prékopa), so there is one."""
        from scipy.optimize import minimize_scalar

        found = minimize_scalar(
            lambda mu: -self.log_likelihood(mu, tau), bounds=(-_FURTHEST, _FURTHEST), method="bounded",
            options={"xatol": 1e-9},
        )  # fmt: skip
        return float(found.x)

    def profile_tau(self, tau: float) -> float:
        """Highest log-likelihood for a tau."""
        return self.log_likelihood(self.best_mu(tau), tau)

    def profile_mu(self, mu: float) -> float:
        """Highest log-likelihood for a mu."""
        return self._over_tau(lambda tau: self.log_likelihood(mu, tau))[1]

    def best_tau(self) -> tuple[float, float]:
        """The best tau, and the highest log-likelihood of all."""
        return self._over_tau(self.profile_tau)

    def _over_tau(self, height: Callable[[float], float]) -> tuple[float, float]:
        """The highest place over tau: the best of a grid, then refined between its neighbours."""
        from scipy.optimize import minimize_scalar

        heights = [height(tau) for tau in _TAUS]
        best = max(range(len(_TAUS)), key=heights.__getitem__)
        ends = _TAUS[max(best - 1, 0)], _TAUS[min(best + 1, len(_TAUS) - 1)]
        found = minimize_scalar(lambda tau: -height(tau), bounds=ends, method="bounded", options={"xatol": 1e-8})
        if -found.fun > heights[best] + 1e-12:
            return float(found.x), float(-found.fun)
        return _TAUS[best], heights[best]

    def error(self, mu: float, tau: float) -> float:
        """Standard error of mu from the observed information; at tau = 0 that of the common rate."""
        import numpy as np

        h = 1e-3
        f = self.log_likelihood
        if tau < 5 * h:
            p = _expit(mu)
            return 1 / sqrt(float(self.n.sum()) * p * (1 - p))
        top = f(mu, tau)
        mm = (f(mu + h, tau) - 2 * top + f(mu - h, tau)) / h**2
        tt = (f(mu, tau + h) - 2 * top + f(mu, tau - h)) / h**2
        mt = (f(mu + h, tau + h) - f(mu + h, tau - h) - f(mu - h, tau + h) + f(mu - h, tau - h)) / (4 * h**2)
        return sqrt(float(np.linalg.inv(-np.array([[mm, mt], [mt, tt]]))[0, 0]))


def _all_alike(k: tuple[int, ...], n: tuple[int, ...], level: float) -> PooledProportion:
    """No event, or nothing but events: the exact interval of all patients together; nothing can be said of tau."""
    from helpers.estimators.proportions import proportion

    found = proportion(sum(k), sum(n), level=level)
    nan = float("nan")
    mu = -inf if sum(k) == 0 else inf
    return PooledProportion(
        k, n, level, found.estimate, found.low, found.high, mu, nan, nan, nan, nan, nan, nan, 0.0
    )  # fmt: skip


def predicted_counts(fit: PooledProportion, n: int) -> tuple[float, ...]:
    """Probability of 0, 1, …, n events in a further study of n patients, the doubt about mu and tau included.

    logit p = mu + t √(tau² + error²) with t of k − 2 degrees of freedom, integrated over 2000 equally likely values of
    t.

    Raises
    ------
    ValueError
        Fewer than three studies, or rates of 0 or 1 alone.
    """
    import numpy as np
    from scipy.special import expit
    from scipy.stats import binom, t

    if fit.studies < 3 or not isfinite(fit.mu):
        raise ValueError("nothing is predicted from fewer than three studies, or from rates that are all 0 or all 1")
    places = (np.arange(2000) + 0.5) / 2000
    rates = expit(fit.mu + t.ppf(places, fit.studies - 2) * sqrt(fit.tau**2 + fit.error**2))
    return tuple(binom.pmf(np.arange(n + 1)[:, None], n, rates[None, :]).mean(axis=1).tolist())


def _t_limits(middle: float, spread: float, studies: int, level: float) -> tuple[float, float]:
    from scipy.stats import t

    if studies < 3:
        return float("nan"), float("nan")
    reach = float(t.ppf((1 + level) / 2, studies - 2)) * spread
    return middle - reach, middle + reach


def _crossing(f: Callable[[float], float], inside: float, outside: float, open_end: float | None = None) -> float:
    """Where a function that is above 0 at `inside` falls to 0 on the way to `outside`; `outside` if it never does."""
    from scipy.optimize import brentq

    if f(outside) >= 0:
        return outside if open_end is None else open_end
    return float(brentq(f, min(inside, outside), max(inside, outside), xtol=1e-7)) if f(inside) > 0 else inside


def _chi2(level: float) -> float:
    from scipy.stats import chi2

    return float(chi2.ppf(level, 1))


def _expit(x: float) -> float:
    if x != x:
        return x
    return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))
