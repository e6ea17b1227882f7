"""Ways: how the printed medians may have been made, claim by claim and for all of them, as a table and a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.inversion.inverted import StudyInversion
from helpers.inversion.ways_frame import ways_frame
from helpers.narrative.phrases import listed

if TYPE_CHECKING:
    import pandas as pd

ALL = "all of them"
_LIMITS = {
    "symmetric": "median ± z × se (SPSS)",
    "plain": "Brookmeyer-Crowley, plain",
    "log": "Brookmeyer-Crowley, log",
    "log-log": "Brookmeyer-Crowley, log-log",
}


def median_ways_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Which families of ways explain each printed median.

    Parameters
    ----------
    frame : made by `ways_frame`.

    Returns
    -------
    DataFrame
        columns `limits`, `rounding`, one for each median or follow-up by its label, and `all of them`: yes, no, or not
        known where that was too much work. z, flat and ties are open: one that serves is enough. Numbers set aside
        are not read. No rows where no median is printed.
    """
    import pandas as pd

    medians = frame[frame["statistic"].isin(["median", "follow_up"])]
    rows = []
    for (limits, rounding), own in medians.groupby(["limits", "rounding"], sort=False):
        row = {"limits": _LIMITS.get(str(limits), str(limits)), "rounding": rounding}
        row |= {str(label): _answer(some["explains_rest"]) for label, some in own.groupby("label", sort=False)}
        rows.append(row | {ALL: _answer(own["explains_all"])})
    return pd.DataFrame(rows)


def _answer(told: pd.Series) -> str:
    values = list(told)
    return "yes" if any(value is True for value in values) else "not known" if None in values else "no"


def median_ways_sentence(table: pd.DataFrame) -> str:
    """What the table says about the paper as a whole; empty where no median is printed."""
    if table.empty:
        return ""
    serving = table[table[ALL] == "yes"]
    if serving.empty:
        return "No single way is known to explain every printed median."
    ways = [f"{row['limits']} with {row['rounding']}" for _, row in serving.iterrows()]
    return f"{_capital(listed(ways, 'or'))} explains every printed median at once."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def median_ways(inversion: StudyInversion) -> pd.DataFrame:
    """Every way of every printed median, and whether it explains it; the exact frame behind the table."""
    frame = ways_frame(inversion)
    return frame[frame["statistic"].isin(["median", "follow_up"])].reset_index(drop=True)
