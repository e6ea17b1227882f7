"""A table in its two forms, and the words that say of whom it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any

from helpers.figures.display import literal
from helpers.figures.wording import median_text, range_text

if TYPE_CHECKING:
    import pandas as pd

    from helpers.cohort import Cohort


@dataclass(frozen=True, eq=False)
class Exhibit:
    """A table as readers see it, and as it is written into the results.

    Attributes
    ----------
    shown : texts for `helpers.tables.show_table`.
    exact : the same with unrounded numbers; where small counts are masked, they are masked here as well.
    note : what stands under the table.
    """

    shown: pd.DataFrame
    exact: pd.DataFrame
    note: str = ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return self.shown.empty

    @property
    def parts(self) -> dict[str, Any]:
        """Keywords of `helpers.tables.show_table`: the frame, the exact one, and the note."""
        return {"frame": self.shown, "exact": self.exact, "source": self.note}


def whose(cohort: Cohort) -> str:
    """Of whom a table is, for its title: ``observed, cohort.csv``; invented rows are never called observed."""
    return f"{'invented' if cohort.invented else 'observed'}, {cohort.source}"


def of_whom(cohort: Cohort) -> str:
    """The same as a sentence for a caption, in Markdown: ``Observed patients (cohort.csv).``"""
    return f"{'Invented' if cohort.invented else 'Observed'} patients ({literal(cohort.source)})."


def joined(*sentences: str) -> str:
    """Sentences as one paragraph; empty ones are passed over."""
    return " ".join(text.strip() for text in sentences if text and text.strip())


def bullets(sentences: Sequence[str]) -> str:
    """Sentences as a Markdown list; empty for none."""
    return "\n".join(f"- {text}" for text in sentences)


def limits_text(low: float, high: float, decimals: int | None = None) -> str:
    """Two limits as a cell of a table; a dash where neither can be computed.

    >>> limits_text(1, float("inf")), limits_text(float("nan"), float("nan"))
    ('1–NR', '–')
    """
    if low != low and high != high:
        return "–"
    if low == high == inf:
        return "NR"
    text = range_text(low, high, decimals).replace("not reached", "NR")
    return text.replace("––", "– to ") if low != low else text


def median_cell(median: float, low: float, high: float) -> str:
    """A median with its limits as a cell of a table: ``287 (132–NR)``."""
    return median_text(median, low, high).replace("not reached", "NR")


def with_abbreviation(note: str, shown: pd.DataFrame) -> str:
    """A note under a table that says what NR stands for, where it occurs."""
    cells = shown.astype(str).to_numpy().ravel()
    return joined(note, "NR: not reached.") if any("NR" in cell for cell in cells) else note


def day_text(day: float) -> str:
    """A day as a cell of a table, a fraction of it no more precise than need be.

    >>> day_text(182.625), day_text(1037.0)
    ('182.625', '1,037')
    """
    return f"{day:,.3f}".rstrip("0").rstrip(".")


def percent_limits(estimate: float, low: float, high: float, decimals: int = 1) -> str:
    """A proportion with its limits in percent: ``81.8 (59.7–94.8)``; a dash where there is no estimate.

    >>> percent_limits(18 / 22, 0.597, 0.948)
    '81.8 (59.7–94.8)'
    """
    if estimate != estimate:
        return "–"
    return f"{100 * estimate:.{decimals}f} ({limits_text(100 * low, 100 * high, decimals)})"
