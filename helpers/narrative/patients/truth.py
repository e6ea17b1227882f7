"""What truly happened beside what the printed numbers allow: whether it is among the histories, and its ladder."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from helpers.cohort import truth_in_set
from helpers.conventions import Convention
from helpers.inversion.frames import ladder_frame, landmark_frame
from helpers.inversion.inverted import StudyInversion
from helpers.inversion.timelines import Timeline, event_days
from helpers.narrative.patients.exhibit import Exhibit

if TYPE_CHECKING:
    import pandas as pd

    from helpers.cohort import Cohort

MOST_RUNGS = 60  # patients of a ladder that is drawn


def truth_exhibit(
    inversion: StudyInversion, cohort: Cohort, systems: dict[str, tuple[Timeline, ...]], mask_below: int = 0
) -> Exhibit:
    """For each inverted endpoint whether the true history is among those found, and its days within their windows."""
    import pandas as pd

    exact = truth_in_set(inversion, cohort)
    windows = [_windows(inversion, cohort, name, systems) for name in exact["endpoint"]]
    exact = exact.assign(events_with_window=[w[0] for w in windows], events_inside=[w[1] for w in windows])
    if mask_below > 1:
        exact = exact.drop(columns=["history", "events", "censored", "events_with_window", "events_inside"])
    rows: list[dict[str, Any]] = [{str(k): v for k, v in row.items()} for row in exact.to_dict("records")]
    shown = pd.DataFrame({
        "endpoint": [r["endpoint"] for r in rows],
        "patients": [f"{r['n']:,}" for r in rows],
        **({"true history": [shortened(r["history"]) or "–" for r in rows]} if mask_below <= 1 else {}),
        "among those found": ["–" if pd.isna(r["in_set"]) else "yes" if r["in_set"] else "no" for r in rows],
        "histories found": ["–" if pd.isna(r["histories"]) else f"{r['histories']:,}" for r in rows],
        **(
            {"days within their windows": [f"{r['events_inside']} of {r['events_with_window']}" for r in rows]}
            if mask_below <= 1
            else {}
        ),
        "note": [r["note"] for r in rows],
    })  # fmt: skip
    return Exhibit(shown, exact, "True history: up to the last landmark, without censorings after the last event.")


def shortened(history: str, most: int = 40) -> str:
    """A history that fits into a table.

    >>> shortened("EEC"), shortened("E" * 50)[-1]
    ('EEC', '…')
    """
    return history if len(history) <= most else f"{history[:most]}…"


def _windows(
    inversion: StudyInversion, cohort: Cohort, name: str, systems: dict[str, tuple[Timeline, ...]]
) -> tuple[int, int]:
    """How many events have a window of possible days, and how many true days lie within them."""
    bounds = event_days(systems[name]) if systems.get(name) else {}
    own = cohort.endpoint(name)
    true = sorted(own.days[own.event == 1].tolist())
    compared = {k: ends for k, ends in bounds.items() if k <= len(true)}
    return len(compared), sum(low <= true[k - 1] <= high for k, (low, high) in compared.items())


def truth_sentence(exhibit: Exhibit) -> str:
    """Whether the truth is in the set, in one sentence for all endpoints."""
    import pandas as pd

    told = []
    for row in exhibit.exact.to_dict("records"):
        if pd.isna(row["in_set"]):
            told.append(f"**{row['endpoint']}**: the rows and the printed numbers cannot be compared ({row['note']}).")
        elif row["in_set"] and not pd.isna(row["histories"]):
            one = row["histories"] == 1
            found = "is the only history found" if one else f"is one of the {row['histories']:,} histories found"
            told.append(f"**{row['endpoint']}**: what truly happened {found}.")
        elif row["in_set"]:
            told.append(f"**{row['endpoint']}**: what truly happened prints these numbers; the set cannot be listed.")
        else:
            told.append(f"**{row['endpoint']}**: what truly happened is **not** among those found: {row['note']}.")
    return " ".join(told)


def true_ladder(inversion: StudyInversion, cohort: Cohort, name: str) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Rungs and landmarks of the true history, with the observed days, as `helpers.figures.ladder.ladder` takes them.

    None where the truth is not among the histories that are listed, or has too many patients for a picture.
    """
    endpoint = inversion.endpoints[name]
    found = truth_in_set(inversion, cohort).set_index("endpoint")
    if name not in found.index or endpoint.n > MOST_RUNGS:
        return None
    history = str(found.at[name, "history"])
    if not history or history not in endpoint.histories:
        return None
    listed: dict[Convention, tuple[str, ...]] = {
        c: (history,) for c, all_of in endpoint.solution.by_convention.items() if history in all_of
    }
    alone = replace(endpoint, solution=replace(endpoint.solution, by_convention=listed))
    only = replace(inversion, endpoints={**inversion.endpoints, name: alone})
    rungs, marks = ladder_frame(alone, ()), landmark_frame(only, name)
    own = cohort.endpoint(name)
    steps = sorted((t, e != 1) for t, e in zip(own.days.tolist(), own.event.tolist(), strict=True))
    days = [day for day, _ in steps][: len(history)]
    days += [float("nan")] * (len(rungs) - len(days))
    return rungs.assign(day_low=days, day_high=days), marks
