"""Windows: rectangles in (S, G) that certainly hold every state which could print a landmark.

They only prune. Each window is the hull over a group of conventions, widened a little so that floating point can
never lose a state; what survives is decided exactly in `printing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import exp, inf, log, sqrt

from helpers.conventions import Convention, Interval, z_value
from helpers.inversion.evidence import Landmark
from helpers.printed import PrintedNumber

_SLACK = 1e-9


@dataclass(frozen=True)
class Window:
    """Bounds on S and on Greenwood's sum G, ends included."""

    s_low: float = 0.0
    s_high: float = 1.0
    g_low: float = 0.0
    g_high: float = inf

    @property
    def empty(self) -> bool:
        """Nothing can lie in it."""
        return self.s_low > self.s_high or self.g_low > self.g_high

    def __contains__(self, other: Window) -> bool:
        """Whether another window lies in it altogether."""
        within_s = self.s_low <= other.s_low and other.s_high <= self.s_high
        return within_s and self.g_low <= other.g_low and other.g_high <= self.g_high

    def union(self, other: Window) -> Window:
        """The smallest window around two."""
        if self.empty or other.empty:
            return other if self.empty else self
        return Window(
            min(self.s_low, other.s_low),
            max(self.s_high, other.s_high),
            min(self.g_low, other.g_low),
            max(self.g_high, other.g_high),
        )


EMPTY = Window(1.0, 0.0)


@lru_cache(maxsize=8192)
def window(landmark: Landmark, convention: Convention) -> Window:
    """The window of one landmark under one convention (rounding rule and z do not narrow it)."""
    step = 10.0**-convention.rounded_to if convention.rounded_to is not None else 0.0
    s_low, s_high = _survival_hull(landmark, convention)
    if s_low > s_high:
        return EMPTY
    g_low, g_high = _greenwood_hull(landmark, convention, s_low, s_high, step)
    true_low, true_high = max(s_low - step, 0.0), min(s_high + step, 1.0)
    if step and true_low > 0:
        g_low, g_high = (
            max(sqrt(g_low) * s_low - step, 0.0) ** 2 / true_high**2,
            ((sqrt(g_high) * s_high + step) / true_low) ** 2,
        )
    elif step:
        g_low, g_high = 0.0, inf
    return Window(true_low - _SLACK, true_high + _SLACK, g_low * (1 - 1e-7) - _SLACK, g_high * (1 + 1e-7) + _SLACK)


def _reach(number: PrintedNumber, landmark: Landmark) -> tuple[float, float]:
    """The hull of the cells of all rounding rules, as a proportion."""
    unit = number.unit
    return float((number.value - unit / 2) * landmark.scale), float((number.value + unit) * landmark.scale)


def _survival_hull(landmark: Landmark, convention: Convention) -> tuple[float, float]:
    """Bounds on S as it enters the interval."""
    low, high = 0.0, 1.0
    if landmark.value is not None:
        low, high = _reach(landmark.value, landmark)
        decimals = convention.rounded_to
        if decimals is not None:
            # S was rounded to few decimals first: a value between two of their multiples cannot be printed.
            scale = 10**decimals
            if int(high * scale + 1e-6) < low * scale - 1e-6:
                return 1.0, 0.0
    if landmark.ci_low is not None:
        low = max(low, _reach(landmark.ci_low, landmark)[0])
    if landmark.ci_high is not None:
        high = min(high, _reach(landmark.ci_high, landmark)[1])
    if landmark.value is None and landmark.ci_low is not None and landmark.ci_high is not None:
        l0, l1 = _reach(landmark.ci_low, landmark)
        h0, h1 = _reach(landmark.ci_high, landmark)
        inside = l0 > 0 and h0 > 0 and l1 < 1 and h1 < 1  # neither is cut to 0 or 1
        if convention.interval is Interval.PLAIN and inside:
            low, high = max(low, (l0 + h0) / 2), min(high, (l1 + h1) / 2)
        if convention.interval is Interval.LOG and inside:
            low, high = max(low, sqrt(l0 * h0)), min(high, sqrt(l1 * h1))
        if convention.interval is Interval.LOG_LOG and inside:
            low = max(low, exp(-sqrt(log(l0) * log(h0))))
            high = min(high, exp(-sqrt(log(l1) * log(h1))))
    return max(low, 0.0), min(high, 1.0)


def _greenwood_hull(
    landmark: Landmark, convention: Convention, s_low: float, s_high: float, step: float
) -> tuple[float, float]:
    """Bounds on G = (se / S)² as it enters the interval."""
    low, high = 0.0, inf
    z = float(z_value("exact", landmark.level))
    zs = (z, float(z_value("1.96", landmark.level)))
    for number, sign in ((landmark.ci_low, -1), (landmark.ci_high, 1)):
        if number is None:
            continue
        l0, l1 = _reach(number, landmark)
        if l0 <= 0 or l1 >= 1 or s_low <= 0 or s_high >= 1:
            continue  # capped at 0 or 1, or degenerate: such a limit does not bound the standard error
        roots = [
            _root_g(convention.interval, s, limit, sign) / zz
            for s in _corner_points(convention.interval, s_low, s_high, l0, l1, sign)
            for limit in (l0, l1)
            for zz in zs
        ]
        if max(roots) < 0:
            return 1.0, 0.0
        low, high = max(low, max(min(roots), 0.0) ** 2), min(high, max(roots) ** 2)
    return low, high


def _corner_points(
    interval: Interval, s_low: float, s_high: float, l0: float, l1: float, sign: int
) -> tuple[float, ...]:
    """The ends of the S range, and where √G as a function of S turns round in between."""
    points = [s_low, s_high]
    if interval is Interval.LOG_LOG and sign < 0:
        for limit in (l0, l1):
            turning = exp(log(limit) / exp(1))
            if s_low < turning < s_high:
                points.append(turning)
    return tuple(points)


def _root_g(interval: Interval, s: float, limit: float, sign: int) -> float:
    """z √G implied by S and one of its limits; negative if the limit lies on the wrong side."""
    if interval is Interval.PLAIN:
        return sign * (limit - s) / s
    if interval is Interval.LOG:
        return sign * log(limit / s)
    return -log(s) * sign * log(log(s) / log(limit))
