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

MOST_LANES = 180
_LOST = re.compile(r"lost|withdr|dropped|consent", re.IGNORECASE)


def swimmer_frames(cohort: Cohort) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Lanes and events as `helpers.figures.swimmer.swimmer` takes them; None where no end of follow-up is known.

    Patients are running numbers that stand nowhere else. Those without a known end of follow-up have no lane. Lanes are
    grouped by best response where there is one, else by remission; follow-up goes on in those who were censored and
    not lost.
    """
    import pandas as pd

    rows = cohort.rows
    outer = overall_survival(cohort.study)
    event = outer.id if outer is not None and outer.id in cohort.endpoints else None
    end = rows["follow_up_days"] if "follow_up_days" in rows else pd.Series(np.nan, index=rows.index)
    if event is not None and outer is not None:
        end = end.fillna(rows[f"{outer.stem}_days"])
    elif end.isna().all() and cohort.endpoints:
        stem = cohort.study.endpoints[cohort.endpoints[0]].stem
        end = rows[f"{stem}_days"]
    known = end.notna()
    if not known.any():
        return None
    own, ends = rows[known], end[known]
    lanes = pd.DataFrame({"patient_id": range(1, len(own) + 1), "end": ends.to_numpy(dtype=float)})
    lanes["ongoing"] = _ongoing(cohort, own)
    groups = _groups(cohort, own)
    if groups is not None:
        lanes["group"] = groups
        place = [groups.cat.categories.get_loc(name) for name in groups]
        lanes = lanes.iloc[np.argsort(place, kind="stable")].reset_index(drop=True)
    return lanes, _events(cohort, own)


def _ongoing(cohort: Cohort, rows: pd.DataFrame) -> np.ndarray:
    """Who was censored while followed on: not lost, where a reason of censoring is told."""
    outer = overall_survival(cohort.study)
    name = outer.id if outer is not None and outer.id in cohort.endpoints else next(iter(cohort.endpoints), "")
    if not name:
        return np.zeros(len(rows), dtype=bool)
    stem = cohort.study.endpoints[name].stem
    ongoing = rows[f"{stem}_event"].eq(0).fillna(False).to_numpy(dtype=bool)
    if f"{stem}_reason" in rows:
        lost = rows[f"{stem}_reason"].fillna("").str.contains(_LOST).to_numpy(dtype=bool)
        ongoing &= ~lost
    return ongoing


def _groups(cohort: Cohort, rows: pd.DataFrame) -> pd.Series | None:
    """What lanes are coloured by, best first: best response, or remission where that has too many levels; else None."""
    import pandas as pd

    found: list[tuple[pd.Series, list[str]]] = []
    if "best_response" in rows:
        found.append((rows["best_response"].astype(object), list(cohort.study.responses)))
    if cohort.responder.notna().any():
        words = {1: "remission", 0: "no remission"}
        found.append((cohort.responder.loc[rows.index].map(words).astype(object), list(words.values())))
    for values, order in found:
        names = values.where(values.notna(), NOT_KNOWN).map(str)
        used = [name for name in [*order, NOT_KNOWN] if (names == name).any()]
        if len(used) <= MOST_GROUPS:
            return pd.Series(pd.Categorical(names, categories=used))
    return None


def _events(cohort: Cohort, rows: pd.DataFrame) -> pd.DataFrame:
    """Response, transplant, relapse and death of each patient, as far as the rows tell them."""
    import pandas as pd

    numbers = np.arange(1, len(rows) + 1)
    parts = []
    for kind in ("response", "transplant", "relapse"):
        if f"{kind}_days" in rows:
            parts.append(pd.DataFrame({"patient_id": numbers, "kind": kind, "day": rows[f"{kind}_days"].to_numpy()}))
    outer = overall_survival(cohort.study)
    if outer is not None and outer.id in cohort.endpoints and not outer.competing:
        dead = rows[f"{outer.stem}_event"].eq(1).fillna(False)
        day = rows[f"{outer.stem}_days"].where(dead)
        parts.append(pd.DataFrame({"patient_id": numbers, "kind": "death", "day": day.to_numpy(dtype=float)}))
    if not parts:
        return pd.DataFrame({"patient_id": [], "kind": [], "day": []})
    return pd.concat(parts, ignore_index=True).dropna(subset=["day"]).reset_index(drop=True)
