"""Mend: a history that nearly prints everything, made to fit by exchanging events and censorings of one period.

Walks follow −ln S in whole rows, so what they arrive at misses by a little. An event and a censoring that change places
move −ln S and G at every later moment by known amounts; exchanges that bring the curve nearer to the strips are kept.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from helpers.inversion.certify.reach import Reach
from helpers.inversion.history import CENSORED, EVENT

_TRIES = 120
_NEAR = 12  # steps between the two that change places, at most


def mended(history: str, passed: Sequence[int], reach: Reach, rng: np.random.Generator) -> str:
    """The history, or one near to it whose curve lies in the strips, as far as exchanges can bring it there.

    Parameters
    ----------
    history : ends with an event.
    passed : how many steps are over at each moment.
    reach : the search it came from.
    rng : for the choice of exchanges.
    """
    word = [kind == EVENT for kind in history]
    gains = reach.gain_s[: len(word)], reach.gain_g[: len(word)]
    if len(gains[0]) < len(word):
        return history
    ends = [min(p, len(word)) for p in passed]
    sums = np.array([[gain[:end][word[:end]].sum() for gain in gains] for end in ends])
    miss = _miss(reach, sums)
    for _ in range(_TRIES if miss else 0):
        i = int(rng.integers(len(word) - 1))
        j = i + int(rng.integers(1, _NEAR + 1))
        if j >= len(word) - 1 or word[i] == word[j] or any(i < end <= j for end in ends):
            continue
        sign = 1.0 if word[j] else -1.0  # the event moves from j to i, or from i to j
        change = np.array([sign * (gain[i] - gain[j]) for gain in gains])
        trial = sums + np.where(np.array(ends)[:, None] > j, change, 0.0)
        after = _miss(reach, trial)
        if after < miss:
            sums, miss = trial, after
            word[i], word[j] = word[j], word[i]
        if miss == 0:
            break
    return "".join(EVENT if event else CENSORED for event in word)


def _miss(reach: Reach, sums: np.ndarray) -> float:
    """How far the curve lies from the middle of the strips; 0 where it is inside all of them."""
    total = 0.0
    for strip, (depth, green) in zip(reach.strips, sums, strict=True):
        first, end = strip.rows
        row = depth / strip.step
        inside = min(max(row, first), end - 1e-9)
        total += abs(row - inside) / max(1, end - first)
        low, high = strip.low[int(inside)], strip.high[int(inside)]
        if low <= high:
            total += max(0.0, low - green, green - high) / max(high - low, 1e-12)
        else:
            total += 1.0
    return total
