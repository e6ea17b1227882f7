"""Tidy frames with their small counts hidden, before they are published.

`helpers.tables.masking` decides which counts must go so that no small one can be worked out; here that is done for any
frame with one row a count, its denominators, and the percentages and limits that tell the same in another form.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from helpers.errors import InputError, Problem
from helpers.tables.masking import Sum, masked_counts

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
    frame : one row a count; a missing count stays missing.
    below : hide counts from 1 to this less 1; 0 or 1 hides nothing. `PUBLISHED` is customary for publication.
    count : the column of counts.
    of : the column of denominators, if there is one. They are known to everybody and stay; what is left of one, as 2 of
        22 beside a count of 20, is a small count too.
    beside : columns that tell the same in another form (percentages, limits, texts); hidden with the count.
    adds_up : columns that name a group whose counts add up to a total that everybody knows; an empty list for the
        whole frame. None: the rows are not related.

    Returns
    -------
    DataFrame
        A copy in which the columns concerned are of type object: ``<5`` for a small count, ``≥5`` or ``not shown`` for
        one that would give it away, ``–`` in the columns `beside`.

    Raises
    ------
    InputError
        A column is not there, the threshold is negative, a denominator or total is itself a small count, or a group of
        counts cannot be protected.

    Examples
    --------
    >>> import pandas as pd
    >>> grades = pd.DataFrame({"grade": [0, 1, 2, 3], "n": [11, 8, 2, 1], "percent": [50.0, 36.4, 9.1, 4.5]})
    >>> mask_counts(grades, 5, count="n", beside=["percent"])["n"].tolist()
    [11, 8, '<5', '<5']
    """
    if below < 0:
        raise InputError(Problem("the threshold of small cells is negative", "give 0 or more", found=str(below)))
    absent = [name for name in (count, *([of] if of else []), *beside, *(adds_up or ())) if name not in frame]
    if absent:
        there = ", ".join(map(str, frame.columns))
        raise InputError(Problem(f"the table has no column {absent[0]}", f"it has {there}"))
    masked = frame.copy()
    if below <= 1:
        return masked
    shown = frame[count].astype(object).tolist()
    hidden = [False] * len(frame)
    for rows in _related(frame, adds_up):
        known = [i for i in rows if frame[count].notna().iloc[i]]
        for i, text in _hidden(frame, known, count, of, below, total=adds_up is not None).items():
            shown[i], hidden[i] = text, True
    masked[count] = shown
    masked[count] = masked[count].astype(object)
    for name in beside:
        cells = frame[name].astype(object).tolist()
        masked[name] = [HIDDEN if gone else cell for cell, gone in zip(cells, hidden, strict=True)]
        masked[name] = masked[name].astype(object)
    return masked


def _related(frame: pd.DataFrame, adds_up: Sequence[str] | None) -> list[list[int]]:
    """The rows that have to be looked at together: those of one group, or each for itself."""
    if adds_up is None:
        return [[i] for i in range(len(frame))]
    keys = list(zip(*(frame[name].tolist() for name in adds_up), strict=True)) if adds_up else [()] * len(frame)
    return [[i for i, key in enumerate(keys) if key == group] for group in dict.fromkeys(keys)]


def _hidden(
    frame: pd.DataFrame, rows: list[int], count: str, of: str | None, below: int, total: bool
) -> dict[int, str]:
    """What to show in place of the counts of some related rows, by row."""
    counts = [int(frame[count].iloc[i]) for i in rows]
    sums, public = [], []
    if of is not None:
        for place, i in enumerate(rows):
            whole = int(frame[of].iloc[i])
            counts += [whole - counts[place], whole]
            sums.append(Sum(len(counts) - 1, (place, len(counts) - 2)))
            public.append(len(counts) - 1)
    if total and len(rows) > 1:
        counts.append(sum(counts[: len(rows)]))
        sums.append(Sum(len(counts) - 1, tuple(range(len(rows)))))
        public.append(len(counts) - 1)
    texts = masked_counts(counts, sums, below, [k for k in public if counts[k] > 0])
    return {i: texts[place] for place, i in enumerate(rows) if place in texts}
