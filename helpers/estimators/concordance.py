"""Harrell's concordance of a risk score with survival, and its standard error.

Of all pairs in which one patient has an event while the other is still under observation, the share in which the one
with the event had the higher risk; pairs of equal risk count one half (Harrell et al, JAMA 1982;247:2543). Pairs of
events on one day do not count; a patient censored on the day of another's event outlived it. The standard error is
the infinitesimal jackknife's, as R's ``concordance`` has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import ArrayLike

from helpers.estimators.checks import checked_groups
from helpers.estimators.kaplan_meier import Floats, Integers, checked_rows


@dataclass(frozen=True)
class Concordance:
    """`estimate` between 0 and 1 (NaN without a pair that counts) with `std_error`, and the pairs behind it."""

    estimate: float
    std_error: float
    concordant: int
    discordant: int
    tied_risk: int


def concordance(
    time: ArrayLike, event: ArrayLike, risk: ArrayLike, start: ArrayLike | None = None, strata: ArrayLike | None = None
) -> Concordance:
    """Concordance of a risk score: higher risk, earlier event.

    Parameters
    ----------
    time, event : (n,) as in `survival_table`.
    risk : (n,) any score, e.g. the linear predictor of a Cox model.
    start : (n,) time after which each row is under observation, below `time`; omitted: from the beginning.
    strata : (n,) labels; pairs are formed within strata only.

    Raises
    ------
    InputError
        As `survival_table`.

    Examples
    --------
    >>> round(concordance([1, 2, 3, 4], [1, 1, 1, 0], [4, 1, 2, 2]).estimate, 4)
    0.5833
    """
    times, events = checked_rows(time, event)
    layers = checked_groups(strata, times.size, "stratum").codes
    begin = None if start is None else np.asarray(start, dtype=float)
    return row_concordance(begin, times, events, layers, np.asarray(risk, dtype=float))


def row_concordance(
    start: Floats | None, stop: Floats, event: Integers, stratum: Integers, risk: Floats
) -> Concordance:
    """The same for checked rows, in O(n log² n)."""
    score = np.unique(risk, return_inverse=True)[1]
    ranks = np.unique(stop if start is None else np.concatenate((stop, start)), return_inverse=True)[1]
    span = int(ranks.max(initial=0)) + 2
    # Twice the rank, so that there is room for censorings just after the events of their day.
    end = 2 * (stratum * span + ranks[: stop.size] + 1) + (event == 0)
    begin = None if start is None else 2 * (stratum * span + ranks[stop.size :] + 1)
    dead = event == 1

    # As the one with the event: who leaves later, less who has not come yet.
    stratum_end = 2 * (stratum + 1) * span
    counts = np.zeros((stop.size, 3))
    at = (end[dead], stratum_end[dead], score[dead])
    counts[dead] = _between(end, score, at[0] + 1, at[1], at[2])
    if begin is not None:
        counts[dead] -= _between(begin, score, at[0], at[1], at[2])
    lower, higher, equal = counts[dead].sum(axis=0)

    # As the one who outlives: events during one's time under observation, in which the roles of risk are reversed.
    since = 2 * stratum * span + 1 if begin is None else begin + 1
    outlived = _between(end[dead], score[dead], since, end, score)
    counts += outlived[:, [1, 0, 2]]

    pairs = lower + higher + equal
    if pairs == 0:
        return Concordance(nan, nan, 0, 0, 0)
    somers = (lower - higher) / pairs
    influence = (counts[:, 0] - counts[:, 1] - somers * counts.sum(axis=1)) / (2 * pairs)
    return Concordance(
        float((somers + 1) / 2), float(np.sqrt(np.sum(influence**2))), int(lower), int(higher), int(equal)
    )


def _between(place: Integers, score: Integers, low: Integers, high: Integers, mark: Integers) -> Integers:
    """For each query, how many points with low ≤ place < high score below, above and equal to the mark; (q, 3)."""
    order = np.argsort(place, kind="stable")
    place, score = place[order], score[order]
    first, last = np.searchsorted(place, low), np.searchsorted(place, high)
    last = np.maximum(first, last)
    below = _prefix_below(score, last, mark) - _prefix_below(score, first, mark)
    up_to = _prefix_below(score, last, mark + 1) - _prefix_below(score, first, mark + 1)
    return np.column_stack((below, last - first - up_to, up_to - below))


def _prefix_below(score: Integers, length: Integers, mark: Integers) -> Integers:
    """How many of the first `length` scores are below `mark`, for every query: merge-sort counting by blocks.

    A prefix is a sum of blocks whose sizes are the binary digits of its length; within blocks the scores are sorted.
    """
    found = np.zeros(length.size, dtype=np.int64)
    top = int(score.max(initial=0)) + 2
    mark = np.minimum(mark, top - 1)
    position = np.arange(score.size)
    for bit in range(score.size.bit_length()):
        asking = np.flatnonzero((length >> bit) & 1)
        if not asking.size:
            continue
        block = (length[asking] >> bit) - 1
        keys = np.sort((position >> bit) * top + score)
        found[asking] += np.searchsorted(keys, block * top + mark[asking]) - (block << bit)
    return found
