"""Small counts of patients hidden in everything that a notebook shows of rows.

`helpers.tables.masking` decides what has to go. Where a table cannot be protected (a denominator is itself small, or
what is left gives a count away), it is not shown at all; so every function here may give None.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from helpers.errors import InputError, Problem
from helpers.tables.masked_frames import mask_counts
from helpers.tables.masking import Sum, masked_counts

if TYPE_CHECKING:
    import pandas as pd

    from helpers.cohort import Cohort

NOT_SHOWN = "counts too small to be shown"
_COUNTED = re.compile(r"(?<![\w.,])(\d[\d,]*)( (?:empty )?(?:patients?|rows?)\b)")
_WHO = re.compile(r" \(P\d[^)]*\)")


def check_threshold(cohort: Cohort | None, below: int) -> None:
    """Raise InputError if a threshold of small cells is none, or hides everybody."""
    if below < 0:
        raise InputError(Problem("mask_below is negative", "give 0 to show all counts, or e.g. 5", found=str(below)))
    if cohort is not None and 0 < cohort.n < below:
        message = f"mask_below is {below}, and the file has fewer patients: nothing could be shown"
        raise InputError(Problem(message, "give a smaller one, or 0", found=str(cohort.n)))


def small(count: int, below: int) -> bool:
    """Whether a count of patients has to be hidden."""
    return 0 < count < below


def masked(
    frame: pd.DataFrame,
    below: int,
    *,
    count: str,
    of: str | None = None,
    beside: Sequence[str] = (),
    adds_up: Sequence[str] | None = None,
) -> pd.DataFrame | None:
    """`helpers.tables.masked_frames.mask_counts`, or None where the counts cannot be protected."""
    try:
        return mask_counts(frame, below, count=count, of=of, beside=beside, adds_up=adds_up)
    except InputError:
        return None


def without_counts(text: str, below: int) -> str:
    """A sentence about rows in which small counts of patients are told as such, and nobody is named by number.

    >>> without_counts("3 patients with only one of A and B: counted as missing (P01, P07)", 5)
    'fewer than 5 patients with only one of A and B: counted as missing'
    """
    if below <= 1:
        return text

    def told(match: re.Match[str]) -> str:
        count = int(match[1].replace(",", ""))
        noun = match[2] if match[2].endswith("s") else f"{match[2]}s"
        return f"fewer than {below}{noun}" if small(count, below) else match[0]

    return _COUNTED.sub(told, _WHO.sub("", text)).replace(f"fewer than {below} rows is", f"fewer than {below} rows are")


class Told:
    """Counts by name, and how they add up: what has to be hidden where a table is no plain list.

    >>> told = Told()
    >>> told.sum("all", 22, {"any grade": 20, "none": 2})
    >>> told.hidden(5, public=["all"])
    {'any grade': '≥5', 'none': '<5'}
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.counts: dict[str, int] = {}
        self._sums: list[tuple[str, tuple[str, ...]]] = []

    def add(self, name: str, count: int) -> None:
        """One count."""
        self.counts[name] = count

    def sum(self, whole: str, count: int, parts: Mapping[str, int]) -> None:
        """A count and its parts."""
        self.counts |= {whole: count, **parts}
        self._sums.append((whole, tuple(parts)))

    def hidden(self, below: int, public: list[str]) -> dict[str, str]:
        """What stands in place of the counts that must not be told. Raises InputError where that cannot be had."""
        place = {name: k for k, name in enumerate(self.counts)}
        sums = [Sum(place[whole], tuple(place[name] for name in parts)) for whole, parts in self._sums]
        masks = masked_counts(list(self.counts.values()), sums, below, [place[name] for name in public])
        names = list(self.counts)
        return {names[k]: text for k, text in masks.items()}
