"""How long patients were followed: reverse Kaplan-Meier under both tie rules, with every kind of limits."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING

from helpers.cohort.rules import overall_survival
from helpers.conventions import Interval
from helpers.estimators.follow_up import ReverseTies, reverse_table
from helpers.estimators.medians import Median, brookmeyer_crowley, spss_median
from helpers.figures.wording import number_text
from helpers.narrative.patients.exhibit import Exhibit, limits_text, median_cell, with_abbreviation
from helpers.narrative.survival import Z

if TYPE_CHECKING:
    import numpy as np

    from helpers.cohort import Cohort
    from helpers.narrative.patients.grouping import Grouping

TIES = {ReverseTies.KEEP: "stay at risk (as programs flip it)", ReverseTies.STRICT: "leave first (strict)"}


def outer_endpoint(cohort: Cohort) -> str:
    """The endpoint by which follow-up is told: that of death where the rows have it, else their first; "" for none."""
    outer = overall_survival(cohort.study)
    if outer is not None and outer.id in cohort.endpoints:
        return outer.id
    return cohort.endpoints[0] if cohort.endpoints else ""


def follow_up_exhibit(cohort: Cohort, groups: Grouping | None) -> Exhibit:
    """Median follow-up of all patients and of each group: group, ties, limits, median, low, high."""
    import pandas as pd

    columns = ["group", "ties", "limits", "median", "low", "high"]
    name = outer_endpoint(cohort)
    own = cohort.endpoint(name) if name else None
    if own is None or own.n == 0:
        return Exhibit(pd.DataFrame(columns=columns), pd.DataFrame(columns=columns))
    event = (own.event > 0).astype(int)
    rows = _rows("all patients", own.days, event)
    if groups is not None:
        levels = groups.of(own.rows)
        for level in levels.cat.categories:
            inside = (levels == level).fillna(False).to_numpy(dtype=bool)
            rows += _rows(str(level), own.days[inside], event[inside])
    exact = pd.DataFrame(rows, columns=columns)
    lines = []
    for (group, ties), part in exact.groupby(["group", "ties"], sort=False):
        limits = {r["limits"]: limits_text(r["low"], r["high"]) for r in part.to_dict("records")}
        median = median_cell(part["median"].iloc[0], nan, nan)
        lines.append({"group": group, "patients with an event that day": ties, "median (days)": median} | limits)
    shown = pd.DataFrame(lines)
    if groups is None:
        shown = shown.drop(columns="group")
    note = f"With 95 % limits. From {cohort.study.endpoints[name].name}: its event hides the end of follow-up."
    return Exhibit(shown, exact, with_abbreviation(note, shown))


def _rows(group: str, days: np.ndarray, event: np.ndarray) -> list[tuple[str, str, str, float, float, float]]:
    found: list[tuple[str, str, str, float, float, float]] = []
    for ties, words in TIES.items():
        table = reverse_table(days, event, ties)
        medians: list[tuple[str, Median]] = [(str(i), brookmeyer_crowley(table, i, Z)) for i in Interval]
        medians.append(("SPSS", spss_median(table)))
        found += [(group, words, limits, m.value, m.low, m.high) for limits, m in medians]
    return found


def follow_up_sentence(exhibit: Exhibit) -> str:
    """The median follow-up in one sentence, and whether the tie rule matters."""
    exact = exhibit.exact[exhibit.exact["group"] == "all patients"]
    keep, strict = (exact[exact["ties"] == words].iloc[0] for words in TIES.values())
    text = f"Median follow-up by reverse Kaplan-Meier: **{number_text(keep['median'])} days**"
    if keep["median"] == strict["median"]:
        return f"{text}, by either rule for days with an event and a censoring."
    return (
        f"{text} where patients with an event stay at risk of being censored on that day, "
        f"**{number_text(strict['median'])} days** where they leave first."
    )
