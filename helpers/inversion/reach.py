"""Reach: which curves can still pass a window, and which steps can still follow from where a search begins.

With r patients left of R, and S falling from 1 to X by events at risk sets between r + 1 and R, Greenwood's sum G grows

    by at least (1/X - 1) / R,  reached when nobody is censored before the last event, and
    by at most (1 - X) / r  and  (1 - X)² / X,  the latter reached by one event alone.

Each follows by induction over the events: an event at risk set q multiplies S by (q - 1)/q and adds 1 / (q (q - 1)).
These bounds only prune. They are widened a little, so that floating point never loses a curve.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from helpers.inversion.windows import Window

SLACK = 1e-10


def inside(s: np.ndarray, g: np.ndarray, window: Window) -> np.ndarray:
    """Which curves lie in a window. Where S is 0 or 1 there is no standard error, and G says nothing."""
    fits = (g >= window.g_low - SLACK) & (g <= window.g_high + SLACK)
    return (s >= window.s_low - SLACK) & (s <= window.s_high + SLACK) & (fits | (s <= 0) | (s >= 1))


def can_pass(s: np.ndarray, g: np.ndarray, at_risk: np.ndarray | int, window: Window, left: int) -> np.ndarray:
    """Which curves can pass a window by at least one more event, with at least `left` patients at risk after it.

    Parameters
    ----------
    s, g, at_risk : S, G and the patients at risk of each curve, shape (k,); where nobody is left, it cannot.
    window : where to go, at an S > 0.
    left : patients at risk after the last event, at least 1.
    """
    r = np.maximum(at_risk, 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        high, low = np.minimum(window.s_high, s * (r - 1) / r), np.maximum(window.s_low, s * (left / r))
        share = np.minimum(low / s, 1.0)
        most = np.minimum((1 - share) / left, np.where(share > 0, (1 - share) ** 2 / share, np.inf))
        least = (s / np.maximum(high, 1e-300) - 1) / r
    ahead = (high >= low - SLACK) & (at_risk > left)
    return ahead & (g + least <= window.g_high + SLACK) & (g + most >= window.g_low - SLACK)


def narrowed(window: Window, later: Window, n: int, left: int) -> Window:
    """The part of one landmark's window from which a later one, at an S > 0, can be passed or is passed already.

    S only falls and G only grows, by the bounds above; of n patients at most n · S are at risk where the curve is at S.
    `left` are at risk at least after the last event before the later landmark.
    """
    if later.s_low <= 0 or window.empty or later.empty:
        return window
    s_low, s_high = max(window.s_low, later.s_low - SLACK), window.s_high
    least = max(s_low / later.s_high - 1, 0.0) / (n * s_high) if s_high > 0 else 0.0
    share = min(later.s_low / s_high, 1.0) if s_high > 0 else 1.0
    most = min((1 - share) / left, (1 - share) ** 2 / share)
    g_low, g_high = later.g_low - most - SLACK, later.g_high - least + SLACK
    return Window(s_low, s_high, max(window.g_low, g_low), min(window.g_high, g_high))


def ceilings(window: Window, later: Sequence[Window], n: int) -> np.ndarray:
    """The largest G with which a window can be passed after so many steps of n, so that later ones still can; (n + 1,).

    The more steps are over, the fewer patients are left, and the more G grows on the way to a lower S.
    """
    at_risk = np.maximum(n - np.arange(n + 1), 1)
    found = np.full(n + 1, window.g_high + SLACK)
    for goal in later:
        if goal.s_low > 0:
            fall = max(window.s_low / goal.s_high - 1, 0.0)
            found = np.minimum(found, goal.g_high - fall / at_risk + SLACK)
    return found


@dataclass(frozen=True)
class Origin:
    """Where a search begins: bounds on S, G and the patients at risk over all its beginnings."""

    s_low: float
    s_high: float
    g_low: float
    g_high: float
    risk_low: int
    risk_high: int

    @staticmethod
    def of(s: np.ndarray, g: np.ndarray, at_risk: np.ndarray) -> Origin:
        """The bounds of some beginnings."""
        return Origin(
            float(s.min()), float(s.max()), float(g.min()), float(g.max()), int(at_risk.min()), int(at_risk.max())
        )

    def can_precede(
        self, factor: np.ndarray, gain: np.ndarray, at_risk: int, window: Window, g_high: np.ndarray | float
    ) -> np.ndarray:
        """Which last parts of a history can follow, so that the whole passes a window.

        Parameters
        ----------
        factor, gain : what the last part multiplies S by, and what it adds to G; shape (k,).
        at_risk : patients at risk before it.
        window : where to go, with its own upper limit on G in `g_high`.
        """
        high = np.minimum(window.s_high / factor, self.s_high)
        low = np.maximum(window.s_low / factor, self.s_low * min(at_risk / self.risk_high, 1.0))
        least = np.maximum(self.s_low / np.maximum(high, 1e-300) - 1, 0.0) / self.risk_high
        most = np.maximum(1 - low / self.s_high, 0.0) / at_risk
        fits = (self.g_low + gain + least <= g_high + SLACK) & (self.g_high + gain + most >= window.g_low - SLACK)
        return fits & (high >= low - SLACK)
