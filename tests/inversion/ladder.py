"""All 2,097,151 histories of 22 patients that end in an event with S > 0, in NumPy; doubtful ones decided by `brute`.

Independent of `helpers.inversion`: plain loops over the steps, one float array of S and one of Greenwood's sum a
length, limits by their textbook formulas. Whatever lies within a millionth of a rounding boundary goes to the exact
brute force.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from tests.inversion import brute
from tests.inversion.brute import Print

NEAR = 1e-6


@dataclass(frozen=True)
class Ladder:
    """Every history: its code (binary, a leading 1, then 0 for E and 1 for C), S and Greenwood's sum."""

    code: np.ndarray
    survival: np.ndarray
    greenwood: np.ndarray

    def take(self, index: np.ndarray) -> Ladder:
        return Ladder(self.code[index], self.survival[index], self.greenwood[index])


@cache
def ladder(n: int) -> Ladder:
    s, g, code = np.ones(1), np.zeros(1), np.ones(1, np.int64)
    parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for at_risk in range(n, 1, -1):
        after = s * (at_risk - 1) / at_risk, g + 1 / (at_risk * (at_risk - 1)), 2 * code
        parts.append((after[2], after[0], after[1]))
        s, g, code = (np.concatenate(pair) for pair in zip(after, (s, g, 2 * code + 1), strict=True))
    return Ladder(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def as_text(code: int) -> str:
    return f"{code:b}"[1:].replace("0", "E").replace("1", "C")


def near_value(n: int, what: Print) -> Ladder:
    """Those whose S is within two units of the third decimal of the printed one: no other can print it.

    Only for estimates in percent with two decimals that no rounding of S to two decimals could print.
    """
    assert what.value is not None and what.percent and what.value[-2:] != "00"
    everything = ladder(n)
    return everything.take(np.flatnonzero(np.abs(everything.survival - float(what.value) / 100) < 0.002))


def _rounded(x: np.ndarray, decimals: int, rule: str) -> tuple[np.ndarray, np.ndarray]:
    scaled = x * 10**decimals
    shift = 0.0 if rule == "truncation" else 0.5
    near = np.abs(scaled + shift - np.round(scaled + shift)) < NEAR
    whole = np.floor(scaled + shift)
    return whole / 10**decimals, near


def fitting(n: int, what: Print, convention, candidates: Ladder) -> set[str]:
    """The histories among some candidates that print every field, doubtful and fitting ones settled exactly."""
    s = candidates.survival
    error = s * np.sqrt(candidates.greenwood)
    doubtful = np.zeros(len(s), bool)
    if convention.rounded_to is not None:
        s, near_s = _rounded(s, convention.rounded_to, convention.rounding)
        error, near_e = _rounded(error, convention.rounded_to, convention.rounding)
        doubtful |= near_s | near_e
    z = float(brute.multiplier(convention.z))
    fits = np.ones(len(s), bool)
    on_boundary = np.zeros(len(s), bool)
    close = np.ones(len(s), bool)
    for text, sign in zip(what.texts, (0, -1, 1), strict=True):
        if text is None:
            continue
        with np.errstate(all="ignore"):
            if sign == 0:
                x = s
            elif convention.interval == "plain":
                x = s + sign * z * error
            elif convention.interval == "log":
                x = s * np.exp(sign * z * error / s)
            else:
                x = s ** np.exp(sign * z * error / (s * np.log(s)))
        x = np.where((error == 0) | (s <= 0) | (s >= 1), s, np.clip(x, 0, 1))
        shown, near = _rounded(100 * x, len(text.partition(".")[2]), convention.rounding)
        on_boundary |= near
        close &= np.abs(100 * x - float(text)) < 0.02
        fits &= np.abs(shown - float(text)) < 1e-9
    texts = [as_text(code) for code in candidates.code[fits | doubtful | (on_boundary & close)].tolist()]
    return {h for h in texts if brute.agrees(h, n, what, convention)}
