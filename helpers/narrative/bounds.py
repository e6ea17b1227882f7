"""What is true of every consistent data set, as a table and in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING

from helpers.inversion.bounds import Bound, bounds
from helpers.inversion.inverted import StudyInversion
from helpers.inversion.linkage import linkages
from helpers.inversion.timelines import Timeline, longest_day
from helpers.study.model import Study

if TYPE_CHECKING:
    import pandas as pd

_NAMES = {
    "events": "Events",
    "censored": "Censored",
    "at_risk": "Number at risk",
    "survival": "S(t), %",
    "rmst": "Restricted mean survival, days",
    "hazard": "Events per person-month",
}
_SHOWN = ("events", "censored", "at_risk", "survival", "rmst", "hazard")


def endpoint_bounds(inversion: StudyInversion, endpoint: str, found: Sequence[Timeline]) -> tuple[Bound, ...]:
    """The exact bounds of one endpoint over all consistent data sets."""
    solution = inversion.endpoints[endpoint].solution
    longest = longest_day(inversion.study)
    return bounds(found, solution, longest, days_per_month=inversion.days_per_month)


def bounds_table(found: Sequence[Bound]) -> pd.DataFrame:
    """Columns quantity, when, smallest, largest: one row a quantity, rounded for reading; medians only by one rule."""
    import pandas as pd

    rows = []
    for bound in found:
        if bound.quantity not in _SHOWN or bound.unit == "per person-day":
            continue
        when = "in all" if bound.at is None else f"by day {int(bound.at)}"
        if bound.since is not None:
            when = f"day {int(bound.since)} to {int(bound.at or 0)}"
        ends = [_text(bound.quantity, bound.low), _text(bound.quantity, bound.high)]
        rows.append({"quantity": _NAMES[bound.quantity], "when": when, "smallest": ends[0], "largest": ends[1]})
    return pd.DataFrame(rows, columns=["quantity", "when", "smallest", "largest"])


def _text(quantity: str, value: object) -> str:
    number = float(value)  # type: ignore[arg-type]
    if not isfinite(number):
        return "not reached"
    if quantity == "survival":
        return f"{100 * number:.2f}"
    if quantity == "rmst":
        return f"{number:.1f}"
    return f"{number:.3f}" if quantity == "hazard" else f"{number:.0f}"


def same_patients(study: Study, one: str, other: str) -> bool:
    """Whether two endpoints run over the same patients, so that their histories can be linked."""
    a, b = study.endpoints[one], study.endpoints[other]
    return study.patients(one) == study.patients(other) and dict(a.subset) == dict(b.subset)


def linkage_sentences(inversion: StudyInversion, outer: str, systems: dict[str, tuple[Timeline, ...]]) -> list[str]:
    """What every way of giving two endpoints to the same patients has in common; empty with only one endpoint."""
    sentences: list[str] = []
    for inner, found in systems.items():
        if inner == outer or not found or not systems[outer] or not same_patients(inversion.study, inner, outer):
            continue
        inner_days = [mark.day for mark in inversion.endpoints[inner].solution.landmarks]
        outer_days = [mark.day for mark in inversion.endpoints[outer].solution.landmarks]
        summary = linkages(found, systems[outer], inversion.endpoints[outer].n, inner_days, outer_days)
        sentences += summary.sentences(inner, outer)
    return sentences
