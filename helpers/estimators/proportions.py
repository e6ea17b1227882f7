"""Proportions: exact and other intervals, a Bayesian posterior, and what zero events can rule out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor, sqrt

from helpers.printed import PrintedNumber, Rounding, round_to, show

JEFFREYS_PRIOR = (0.5, 0.5)
UNIFORM_PRIOR = (1.0, 1.0)


class ProportionMethod(StrEnum):
    """How an interval for a proportion is computed.

    Clopper-Pearson never covers less than its level; Wilson and Jeffreys cover it on average. Wald is here
    only to be recognised in papers: it has no width at 0 or n and may leave the range 0 to 1.
    """

    CLOPPER_PEARSON = "Clopper-Pearson"
    WILSON = "Wilson"
    JEFFREYS = "Jeffreys"
    WALD = "Wald"

    @property
    def meaning(self) -> str:
        """One sentence for a reader."""
        return {
            ProportionMethod.CLOPPER_PEARSON: "exact: every rate that neither one-sided test rejects",
            ProportionMethod.WILSON: "inverts the score test: every rate within z standard errors of its own",
            ProportionMethod.JEFFREYS: "Bayesian, prior Beta(½, ½), equal tails",
            ProportionMethod.WALD: "estimate ± z standard errors of the estimate; fails near 0 % and 100 %",
        }[self]


@dataclass(frozen=True)
class Proportion:
    """A count out of n with its interval; `estimate`, `low` and `high` are proportions from 0 to 1."""

    count: int
    n: int
    estimate: float
    low: float
    high: float
    method: ProportionMethod
    level: float

    def percent(self, decimals: int = 1) -> str:
        """Estimate and interval in percent, e.g. ``81.8 % (59.7–94.8)``."""
        values = (100 * x for x in (self.estimate, self.low, self.high))
        estimate, low, high = (f"{x:.{decimals}f}" for x in values)
        return f"{estimate} % ({low}–{high})"


@dataclass(frozen=True)
class Posterior:
    """The Beta(a, b) posterior of a proportion, with its mean, median and equal-tailed credible interval."""

    count: int
    n: int
    prior: tuple[float, float]
    a: float
    b: float
    mean: float
    median: float
    low: float
    high: float
    level: float

    def probability_above(self, rate: float) -> float:
        """Posterior probability that the true proportion exceeds a rate."""
        from scipy.stats import beta

        return float(beta.sf(rate, self.a, self.b))

    def probability_below(self, rate: float) -> float:
        """Posterior probability that the true proportion lies below a rate."""
        from scipy.stats import beta

        return float(beta.cdf(rate, self.a, self.b))


def proportion(
    count: int,
    n: int,
    method: ProportionMethod = ProportionMethod.CLOPPER_PEARSON,
    level: float = 0.95,
) -> Proportion:
    """Estimate a proportion with its two-sided interval.

    Parameters
    ----------
    count, n : int
        Events and patients, 0 <= count <= n, n >= 1.
    method : ProportionMethod
        Clopper-Pearson (Biometrika 1934), Wilson (JASA 1927), Jeffreys (Brown, Cai & DasGupta, Stat. Sci.
        2001, with the limit 0 at count 0 and 1 at count n) or Wald.
    level : float
        Confidence level, strictly between 0 and 1.

    Raises
    ------
    ValueError
        If count, n or level is out of range.

    Examples
    --------
    >>> proportion(18, 22).percent()
    '81.8 % (59.7–94.8)'
    >>> proportion(0, 22).percent()
    '0.0 % (0.0–15.4)'
    """
    _check(count, n, level)
    method = ProportionMethod(method)
    if method is ProportionMethod.WALD:
        low, high = _wald(count, n, level)
    elif method is ProportionMethod.JEFFREYS:
        low, high = _jeffreys(count, n, level)
    else:
        name = "exact" if method is ProportionMethod.CLOPPER_PEARSON else "wilson"
        low, high = _binomtest(count, n, level, name)
    return Proportion(count, n, count / n, low, high, method, level)


def posterior(count: int, n: int, prior: tuple[float, float] = JEFFREYS_PRIOR, level: float = 0.95) -> Posterior:
    """Beta posterior of a proportion after `count` of `n` under a Beta prior.

    The binomial likelihood turns a Beta(α, β) prior into Beta(α + count, β + n − count).

    >>> round(posterior(18, 22, UNIFORM_PRIOR).mean, 4) == round(19 / 24, 4)
    True
    """
    from scipy.stats import beta

    _check(count, n, level)
    if min(prior) <= 0:
        raise ValueError(f"both numbers of a Beta prior must be above 0, not {prior}")
    a, b = prior[0] + count, prior[1] + n - count
    tail = (1 - level) / 2
    low, median, high = (float(beta.ppf(q, a, b)) for q in (tail, 0.5, 1 - tail))
    return Posterior(count, n, prior, a, b, a / (a + b), median, low, high, level)


def upper_bound_zero(n: int, level: float = 0.95) -> float:
    """The largest true rate that zero events in n patients leave open, one-sided: 1 − (1 − level)^(1/n).

    At this rate, no event in n patients happens with probability 1 − level. The upper limit of a two-sided
    Clopper-Pearson interval is this bound at ``(1 + level) / 2``.

    >>> round(upper_bound_zero(22), 4)
    0.1273
    """
    _check(0, n, level)
    return float(1 - (1 - level) ** (1 / n))


def rule_of_three(n: int) -> float:
    """The bound 3 / n that clinicians carry in their heads for zero events; a proportion, at most 1.

    >>> round(rule_of_three(22), 4)
    0.1364
    """
    _check(0, n, 0.95)
    return min(1.0, 3 / n)


def patients_to_rule_out(rate: float, level: float = 0.95) -> int:
    """The smallest number of patients without one event that rules out a true rate, one-sided.

    >>> patients_to_rule_out(0.05)
    59
    """
    from math import log

    if not 0 < rate < 1:
        raise ValueError(f"a rate to rule out lies strictly between 0 and 1, not {rate}")
    _check(0, 1, level)
    guess = max(1, ceil(log(1 - level) / log(1 - rate)) - 1)
    return next(n for n in range(guess, guess + 3) if (1 - rate) ** n <= 1 - level)


def percentage_digits(count: int, n: int, decimals: int, rounding: Rounding) -> str:
    """The percentage count / n as a paper would print it, by exact arithmetic.

    >>> percentage_digits(18, 22, 2, Rounding.HALF_UP), percentage_digits(18, 22, 2, Rounding.TRUNCATION)
    ('81.82', '81.81')
    """
    return show(round_to(Fraction(100 * count, n), decimals, rounding), decimals)


def counts_that_print(printed: PrintedNumber, n: int, rounding: Rounding) -> tuple[int, ...]:
    """Every count out of n whose percentage prints as these digits: which counts a percentage leaves open.

    >>> counts_that_print(PrintedNumber("13.64"), 22, Rounding.HALF_UP)
    (3,)
    """
    cell = printed.cell(rounding)
    low, high = ((printed.value + side * printed.unit) * n / 100 for side in (-1, 1))
    candidates = range(max(ceil(low), 0), min(floor(high), n) + 1)  # no rule goes further than one unit
    return tuple(k for k in candidates if Fraction(100 * k, n) in cell)


def denominators_that_print(printed: PrintedNumber, up_to: int, rounding: Rounding) -> tuple[int, ...]:
    """Every n up to a limit for which some count prints as this percentage.

    The granularity of whole patients, as in the GRIM test (Brown & Heathers, Soc Psychol Personal Sci 2017).

    >>> denominators_that_print(PrintedNumber("13.64"), 50, Rounding.HALF_UP)
    (22, 44)
    """
    return tuple(n for n in range(1, up_to + 1) if counts_that_print(printed, n, rounding))


def _binomtest(count: int, n: int, level: float, method: str) -> tuple[float, float]:
    from scipy.stats import binomtest

    interval = binomtest(count, n).proportion_ci(confidence_level=level, method=method)
    # Wilson's limits are exactly 0 and 1 at the ends; floats miss them by 1e-17.
    low = 0.0 if count == 0 else float(interval.low)
    high = 1.0 if count == n else float(interval.high)
    return low, high


def _jeffreys(count: int, n: int, level: float) -> tuple[float, float]:
    summary = posterior(count, n, JEFFREYS_PRIOR, level)
    return (0.0 if count == 0 else summary.low), (1.0 if count == n else summary.high)


def _wald(count: int, n: int, level: float) -> tuple[float, float]:
    from scipy.stats import norm

    rate = count / n
    half = float(norm.ppf((1 + level) / 2)) * sqrt(rate * (1 - rate) / n)
    return rate - half, rate + half


def _check(count: int, n: int, level: float) -> None:
    if n < 1:
        raise ValueError(f"n must be at least 1, not {n}")
    if not 0 <= count <= n:
        raise ValueError(f"a count must lie between 0 and n = {n}, not {count}")
    if not 0 < level < 1:
        raise ValueError(f"a confidence level lies strictly between 0 and 1, not {level}")
