"""Small cells of a table, hidden before it is published.

A count from 1 to a threshold less 1 may point at single patients, and so may what is left of its denominator: 20 of 22
tells of two. Both are hidden, with every number from which they could be had again: the percentage and the limits
beside the count, and, where the counts of a group add up, a second count of the group.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from helpers.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

HIDDEN = "–"
PUBLISHED = 5


def mask_counts(
    frame: pd.DataFrame,
    below: int,
    *,
    count: str,
    of: str | None = None,
    beside: Sequence[str] = (),
    adds_up: Sequence[str] | None = None,
) -> pd.DataFrame:
    """A tidy frame with its small counts hidden.

    Parameters
    ----------
    frame : one row a count.
    below : hide counts from 1 to this less 1; 0 or 1 hides nothing and gives the frame back as it is. `PUBLISHED` is
        what is customary for publication.
    count : the column of counts.
    of : the column of denominators, if there is one: a count is hidden as well where its complement is small. The
        denominators themselves stay.
    beside : columns that tell the same in another form (percentages, limits, texts); hidden with the count.
    adds_up : columns that name a group whose counts add up to a known total; an empty list for the whole frame. Where
        only one count of a group is hidden, its next smallest is hidden with it, or it could be had by subtraction.

    Returns
    -------
    DataFrame
        A copy in which the columns concerned are of type object: ``<5`` for a small count, ``≥5`` for one hidden for
        the sake of another, ``–`` in the columns `beside`.

    Raises
    ------
    InputError
        A column is not there, or the threshold is negative.

    Examples
    --------
    >>> import pandas as pd
    >>> grades = pd.DataFrame({"grade": [0, 1, 2, 3], "n": [11, 8, 2, 1], "of": 22, "percent": [50.0, 36.4, 9.1, 4.5]})
    >>> mask_counts(grades, 5, count="n", of="of", beside=["percent"])["n"].tolist()
    [11, 8, '<5', '<5']
    """
    if below < 0:
        raise InputError(Problem("the threshold of small cells is negative", "give 0 or more", found=str(below)))
    needed = [count, *([of] if of else []), *beside, *(adds_up or ())]
    absent = [name for name in needed if name not in frame]
    if absent:
        there = ", ".join(map(str, frame.columns))
        raise InputError(Problem(f"the table has no column {absent[0]}", f"it has {there}"))
    if below <= 1:
        return frame.copy()
    counts = frame[count].astype(float).to_numpy()
    small = (counts >= 1) & (counts < below)
    hidden = small.copy()
    if of is not None:
        rest = frame[of].astype(float).to_numpy() - counts
        hidden |= (rest >= 1) & (rest < below)
    if adds_up is not None:
        hidden = _second(frame, counts, hidden, adds_up)
    masked = frame.copy()
    masked[count] = [_shown(c, h, below) for c, h in zip(frame[count], hidden, strict=True)]
    masked[count] = masked[count].astype(object)
    for name in beside:
        masked[name] = masked[name].astype(object).where(~hidden, HIDDEN)
    return masked


def _shown(count: object, hidden: bool, below: int) -> object:
    if not hidden:
        return count
    value = float(count)  # type: ignore[arg-type]
    return f"<{below}" if 1 <= value < below else (f"≥{below}" if value >= below else HIDDEN)


def _second(
    frame: pd.DataFrame, counts: NDArray[np.float64], hidden: NDArray[np.bool_], group: Sequence[str]
) -> NDArray[np.bool_]:
    """Hide a second count in each group of which just one is hidden: the smallest of the others."""
    result = hidden.copy()
    keys = [tuple(row) for row in frame[list(group)].itertuples(index=False)] if group else [()] * len(frame)
    for key in dict.fromkeys(keys):
        rows = np.array([k == key for k in keys])
        others = np.flatnonzero(rows & ~hidden & ~np.isnan(counts))
        if hidden[rows].sum() == 1 and others.size:
            result[others[np.argmin(counts[others])]] = True
    return result
