"""Confidence intervals of S(t) on three scales.

With G Greenwood's sum and se = S √G:

- plain:    S ± z se
- log:      S exp(± z √G)               (R's default)
- log-log:  S ** exp(± z √G / ln S)     (SAS's default, the only one in lifelines)

A trap in the names: what Klein & Moeschberger call the *log-transformed* interval is R's ``log-log``, not R's ``log``
(R package survival, issue 43). The names here are R's.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from helpers.conventions import Interval
from helpers.estimators.kaplan_meier import Floats


def confidence_limits(
    survival: ArrayLike, greenwood: ArrayLike, interval: Interval, z: float, *, capped: bool = True
) -> tuple[Floats, Floats]:
    """Lower and upper limits of S(t), point by point.

    Parameters
    ----------
    survival : (m,) S(t), between 0 and 1.
    greenwood : (m,) G(t), so that se = S √G; infinite or anything where S is 0.
    interval : scale on which the interval is symmetric.
    z : multiplier, e.g. 1.96 or ``float(z_value("exact"))``.
    capped : bring the limits into [0, 1], as software prints them. Uncapped limits show what a calculation by hand
        would print, e.g. an upper plain limit of 104 %.

    Returns
    -------
    lower, upper : (m,) arrays
        The edges are R's: all limits NaN where S = 0 (the standard error is not defined there); where S = 1, plain
        and log give 1 and 1, log-log gives NaN.

    Examples
    --------
    >>> lower, upper = confidence_limits([0.587], [(0.106 / 0.587) ** 2], Interval.PLAIN, 1.96)
    >>> round(float(lower[0]), 4), round(float(upper[0]), 4)
    (0.3792, 0.7948)
    """
    s = np.atleast_1d(np.asarray(survival, dtype=float))
    root = np.sqrt(np.atleast_1d(np.asarray(greenwood, dtype=float)))
    s, root = np.broadcast_arrays(np.where(s > 0, s, np.nan), root)
    match interval:
        case Interval.PLAIN:
            lower, upper = s - z * s * root, s + z * s * root
        case Interval.LOG:
            lower, upper = s * np.exp(-z * root), s * np.exp(z * root)
        case Interval.LOG_LOG:
            inside = np.where(s < 1, s, np.nan)
            power = np.exp(z * root / np.log(inside))
            lower, upper = inside ** (1 / power), inside**power
    return (np.maximum(lower, 0.0), np.minimum(upper, 1.0)) if capped else (lower, upper)
