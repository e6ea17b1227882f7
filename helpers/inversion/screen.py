"""The screen: which of many states print a landmark, in floating point, with the doubtful ones told apart.

A state is `sure` when it prints the landmark with room to spare, `doubtful` when it lies so near a rounding boundary
that only exact arithmetic may decide.
"""

from __future__ import annotations

import numpy as np

from helpers.conventions import Z_95_ROUNDED, Convention, Interval, z_value
from helpers.inversion.evidence import Landmark
from helpers.printed import PrintedNumber, Rounding

_NEAR = 1e-9
_DECIMALS = 6  # so coarse that two different lattice points are never nearer than _NEAR


def screen(
    log_s: np.ndarray, g: np.ndarray, landmark: Landmark, convention: Convention
) -> tuple[np.ndarray, np.ndarray]:
    """`(sure, doubtful)`, two boolean arrays of the shape of `log_s`; in neither: cannot print it."""
    s = np.exp(log_s)
    near = np.zeros(s.shape, bool)
    if convention.rounded_to is not None:
        s, near = _rounded(s, convention.rounded_to, convention.rounding)
    sure, doubtful = np.zeros(s.shape, bool), np.zeros(s.shape, bool)
    rows = np.arange(len(s))
    if landmark.value is not None:  # the estimate alone rules most of them out
        settled = (s <= 0) | (s >= 1) | _on_lattice(convention, 0)
        _, outside = _against_cell(s, landmark.value, landmark, convention, settled)
        rows = np.flatnonzero(near | ~outside)
    sure[rows], doubtful[rows] = _screened(s[rows], np.exp(log_s[rows]), g[rows], near[rows], landmark, convention)
    return sure, doubtful


def _screened(
    s: np.ndarray, full: np.ndarray, g: np.ndarray, near: np.ndarray, landmark: Landmark, convention: Convention
) -> tuple[np.ndarray, np.ndarray]:
    """`screen` for S as it enters the interval, `full` S as it was before, and `near` where that rounding is unsure."""
    error = full * np.sqrt(np.maximum(g, 0.0))
    doubtful = near.copy()
    if convention.rounded_to is not None:
        error, near_error = _rounded(error, convention.rounded_to, convention.rounding)
        doubtful |= near_error
    # Without a standard error (S = 0 or 1, perhaps only after rounding) both limits equal the estimate.
    exact = (s <= 0) | (s >= 1) | (error <= 0)
    z = float(z_value(convention.z, landmark.level))
    all_inside, any_outside = np.ones(s.shape, bool), np.zeros(s.shape, bool)
    for number, sign in ((landmark.value, 0), (landmark.ci_low, -1), (landmark.ci_high, 1)):
        if number is not None:
            x = np.where(exact, s, _limit(s, error, convention.interval, sign * z))
            settled = exact | _on_lattice(convention, sign)
            inside, outside = _against_cell(x, number, landmark, convention, settled)
            all_inside &= inside
            any_outside |= outside
    doubtful |= ~all_inside & ~any_outside
    return all_inside & ~doubtful, doubtful


def _on_lattice(convention: Convention, sign: int) -> bool:
    """Whether the quantity has few decimals before its last rounding, because S and se were rounded first."""
    if convention.rounded_to is None or convention.rounded_to > _DECIMALS:
        return False
    return sign == 0 or (convention.interval is Interval.PLAIN and convention.z == Z_95_ROUNDED)


def _limit(s: np.ndarray, error: np.ndarray, interval: Interval, signed_z: float) -> np.ndarray:
    if signed_z == 0:
        return s
    if interval is Interval.PLAIN:
        return s + signed_z * error
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if interval is Interval.LOG:
            return s * np.exp(signed_z * error / s)
        return s ** np.exp(signed_z * error / (s * np.log(s)))


def _rounded(x: np.ndarray, decimals: int, rounding: Rounding) -> tuple[np.ndarray, np.ndarray]:
    """Rounded values, and where x lies too near a boundary to be sure."""
    scaled = x * 10.0**decimals
    shift = 0.0 if rounding is Rounding.TRUNCATION else 0.5
    distance = np.abs(scaled + shift - np.round(scaled + shift))
    near = (distance < _NEAR * 10.0**decimals) & (x > 0) & (x < 1)
    return np.floor(scaled + shift) / 10.0**decimals, near


def _against_cell(
    x: np.ndarray, number: PrintedNumber, landmark: Landmark, convention: Convention, settled: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Surely inside the number's cell, surely outside; what is capped at 0 or 1 is never called outside.

    A value is settled where it is exactly 0 or 1, or has few decimals: near an end of the cell it lies exactly on it.
    """
    if number.decimals > _DECIMALS:
        settled = np.zeros(x.shape, bool)
    cell = number.cell(convention.rounding).scaled(landmark.scale)
    low, high = float(cell.low), float(cell.high)
    with np.errstate(invalid="ignore"):
        inside = (x > low + _NEAR) & (x < high - _NEAR)
        outside = (x < low - _NEAR) | (x > high + _NEAR)
    at_low, at_high = settled & (np.abs(x - low) <= _NEAR), settled & (np.abs(x - high) <= _NEAR)
    inside |= (at_low & cell.low_closed) | (at_high & cell.high_closed)
    outside |= (at_low & (not cell.low_closed)) | (at_high & (not cell.high_closed))
    if low <= 0:
        outside &= x > high + _NEAR
    if high >= 1:
        outside &= x < low - _NEAR
    return inside, outside
