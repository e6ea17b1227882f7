"""The patients one by one, as lanes of a swimmer plot; nobody is named."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from helpers.cohort.rules import overall_survival
from helpers.figures.swimmer_lanes import MOST_GROUPS, NOT_KNOWN

if TYPE_CHECKING:
    import pandas as pd

    from helpers.cohort import Cohort
    from helpers.narrative.patients.grouping import Grouping
    from helpers.study.model import Endpoint

MOST_LANES = 180
_LOST = re.compile(r"lost|withdr|dropped|consent", re.IGNORECASE)


def swimmer_frames(cohort: Cohort, groups: Grouping | None = None) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Lanes and events as `helpers.figures.swimmer.swimmer` takes them; None where no end of follow-up is known.

    Patients are running numbers that stand nowhere else. Those without a known end of follow-up have no lane. Lanes are
    grouped by best response where there is one, else by remission, else by `groups`; follow-up goes on in those who
    were censored and not lost.
    """
    import pandas as pd

    rows, last = cohort.rows, _last_endpoint(cohort)
    end = rows["follow_up_days"] if "follow_up_days" in rows else pd.Series(np.nan, index=rows.index)
    if last is not None:
        end = end.fillna(rows[f"{last.stem}_days"])
    known = end.notna()
    if not known.any():
        return None
    own, ends = rows[known], end[known]
    lanes = pd.DataFrame({"patient_id": range(1, len(own) + 1), "end": ends.to_numpy(dtype=float)})
    lanes["ongoing"] = _ongoing(last, own)
    levels = _levels(cohort, own, groups)
    if levels is not None:
        lanes["group"] = levels.astype(str)
        lanes = lanes.iloc[np.argsort(levels.cat.codes.to_numpy(), kind="stable")].reset_index(drop=True)
    return lanes, _events(last, own)


def _last_endpoint(cohort: Cohort) -> Endpoint | None:
    """The endpoint that ends a patient's follow-up: death where the rows have it, else their first one."""
    outer = overall_survival(cohort.study)
    name = outer.id if outer is not None and outer.id in cohort.endpoints else next(iter(cohort.endpoints), "")
    return cohort.study.endpoints.get(name)


def _ongoing(last: Endpoint | None, rows: pd.DataFrame) -> np.ndarray:
    """Who was censored while followed on: not lost, where a reason of censoring is told."""
    if last is None:
        return np.zeros(len(rows), dtype=bool)
    ongoing = rows[f"{last.stem}_event"].eq(0).fillna(False).to_numpy(dtype=bool)
    if f"{last.stem}_reason" in rows:
        ongoing &= ~rows[f"{last.stem}_reason"].fillna("").str.contains(_LOST).to_numpy(dtype=bool)
    return ongoing


def _levels(cohort: Cohort, rows: pd.DataFrame, groups: Grouping | None) -> pd.Series | None:
    """What lanes are coloured by, best first: best response, remission, or compared groups; the first that can be."""
    import pandas as pd

    found: list[tuple[pd.Series, list[str]]] = []
    if "best_response" in rows:
        found.append((rows["best_response"].astype(object), list(cohort.study.responses)))
    if cohort.responder.notna().any():
        words = {1: "remission", 0: "no remission"}
        found.append((cohort.responder.loc[rows.index].map(words).astype(object), list(words.values())))
    if groups is not None:
        own = groups.of(rows)
        found.append((own.astype(object), list(own.cat.categories)))
    for values, order in found:
        names = values.where(values.notna(), NOT_KNOWN).map(str)
        used = [name for name in [*order, NOT_KNOWN] if (names == name).any()]
        if len(used) <= MOST_GROUPS:
            return pd.Series(pd.Categorical(names, categories=used))
    return None


def _events(last: Endpoint | None, rows: pd.DataFrame) -> pd.DataFrame:
    """Response, transplant, relapse and death of each patient, as far as the rows tell them."""
    import pandas as pd

    numbers = np.arange(1, len(rows) + 1)
    parts = []
    for kind in ("response", "transplant", "relapse"):
        if f"{kind}_days" in rows:
            parts.append(pd.DataFrame({"patient_id": numbers, "kind": kind, "day": rows[f"{kind}_days"].to_numpy()}))
    if last is not None and not last.competing:
        day = rows[f"{last.stem}_days"].where(rows[f"{last.stem}_event"].eq(1).fillna(False))
        parts.append(pd.DataFrame({"patient_id": numbers, "kind": event_kind(last), "day": day.to_numpy(dtype=float)}))
    if not parts:
        return pd.DataFrame({"patient_id": [], "kind": [], "day": []})
    events = pd.concat(parts, ignore_index=True).dropna(subset=["day"])
    return events.drop_duplicates(ignore_index=True)


def event_kind(last: Endpoint) -> str:
    """What the event that ends follow-up is drawn as."""
    events = last.events.lower()
    if "death" in events and " or " not in events:
        return "death"
    known = [kind for kind in ("relapse", "progression") if events == kind]
    return known[0] if known else last.events or "event"
