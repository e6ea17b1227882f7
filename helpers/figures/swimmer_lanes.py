"""What stands on the lanes of a swimmer plot: patients in order, their follow-up, responses, events and windows."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

from helpers.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

PER_PAGE = 60
MOST_GROUPS = 6
MOST_OWN_KINDS = 4
KINDS = ("response", "transplant", "relapse", "progression", "death")
ENDS_RESPONSE = ("relapse", "progression", "death")
NOT_KNOWN = "not known"
COLUMNS = ("lane", "patient_id", "group", "kind", "low", "high")
_Thing = tuple[int, Any, str, str, float, float]


def swimmer_pages(lanes: pd.DataFrame, per_page: int = PER_PAGE) -> int:
    """How many pages `swimmer` needs for all patients, at most so many lanes on each.

    >>> import pandas as pd
    >>> swimmer_pages(pd.DataFrame({"patient_id": range(61)}))
    2
    """
    return max(1, ceil(len(lanes) / per_page))


def check_lanes(lanes: pd.DataFrame, events: pd.DataFrame, page: int, per_page: int) -> None:
    """Raise InputError with everything that is wrong with the frames of `swimmer`."""
    problems = []

    def wrong(is_so: bool, message: str, remedy: str, found: object = None) -> None:
        if is_so:
            problems.append(Problem(message, remedy, found=None if found is None else str(found)))

    wrong(lanes.empty, "there are no patients to draw", "give at least one lane")
    twice = lanes.loc[lanes["patient_id"].duplicated(), "patient_id"].tolist()
    wrong(bool(twice), "a patient has two lanes", "give one row a patient", *twice[:1])
    endless = lanes.loc[lanes["end"].isna(), "patient_id"].tolist()
    wrong(bool(endless), "a lane has no end", "give the last day each patient is known of", *endless[:1])
    strangers = events.loc[~events["patient_id"].isin(lanes["patient_id"]), "patient_id"].tolist()
    wrong(bool(strangers), "an event's patient has no lane", "give a lane for each patient", *strangers[:1])
    groups = lanes["group"].fillna(NOT_KNOWN).nunique() if "group" in lanes else 0
    wrong(groups > MOST_GROUPS, f"more than {MOST_GROUPS} groups cannot be told apart", "merge groups", groups)
    own = [kind for kind in dict.fromkeys(events["kind"].astype(str)) if kind not in KINDS]
    wrong(
        len(own) > MOST_OWN_KINDS,
        f"more than {MOST_OWN_KINDS} kinds of events beyond {', '.join(KINDS)} cannot be told apart",
        "leave out the kinds that matter least",
        ", ".join(own),
    )
    pages = swimmer_pages(lanes, per_page)
    wrong(not 1 <= page <= pages, "there is no such page of lanes", f"give a page from 1 to {pages}", page)
    if problems:
        raise InputError(problems)


def ordered_lanes(lanes: pd.DataFrame) -> pd.DataFrame:
    """Lanes from the top down, numbered from 1: group by group, the longest first; ties stay in the given order."""
    frame = lanes.reset_index(drop=True).copy()
    if "ongoing" not in frame:
        frame["ongoing"] = False
    for name in ("end_low", "end_high"):
        frame[name] = frame[name].fillna(frame["end"]) if name in frame else frame["end"]
    frame["group"] = frame["group"].fillna(NOT_KNOWN).astype(str) if "group" in frame else ""
    rank = {name: k for k, name in enumerate(dict.fromkeys(frame["group"]))}
    frame["rank"] = frame["group"].map(rank)
    frame = frame.sort_values(["rank", "end"], ascending=[True, False], kind="stable", ignore_index=True)
    return frame.assign(lane=range(1, len(frame) + 1))


def lane_things(ordered: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Everything on some lanes, from the back to the front: `COLUMNS`, low = high for a point.

    Kinds are those of the events and "follow-up" (from 0 on), "end" (only where a range of days is known),
    "in response" (from a response with a day to what first may have ended it) and "ongoing".
    """
    import pandas as pd

    mine = events[events["patient_id"].isin(ordered["patient_id"])]
    by_patient = {name: part.to_dict("records") for name, part in mine.groupby("patient_id", sort=False)}
    things = [
        thing for row in ordered.to_dict("records") for thing in _things(row, by_patient.get(row["patient_id"], []))
    ]
    return pd.DataFrame(things, columns=list(COLUMNS))


def _things(row: dict[str, Any], events: list[dict[Any, Any]]) -> list[_Thing]:
    lane, patient, group = int(row["lane"]), row["patient_id"], str(row["group"])
    end_low, end_high = float(row["end_low"]), float(row["end_high"])
    things: list[_Thing] = [(lane, patient, group, "follow-up", 0.0, end_low)]
    if end_low < end_high:
        things.append((lane, patient, group, "end", end_low, end_high))
    found = sorted((low, high, kind) for low, high, kind in map(_span, events) if low == low)
    things += [(lane, patient, group, "in response", low, high) for low, high in _responses(found, end_low)]
    things += [(lane, patient, group, kind, low, high) for low, high, kind in found]
    if bool(row["ongoing"]):
        things.append((lane, patient, group, "ongoing", end_high, end_high))
    return things


def _span(event: dict[Any, Any]) -> tuple[float, float, str]:
    """First and last possible day of an event, equal where its day is known, NaN where nothing is."""
    low, high = float(event.get("low", float("nan"))), float(event.get("high", float("nan")))
    if low != low or high != high:
        low = high = float(event.get("day", float("nan")))
    return low, high, str(event["kind"])


def _responses(found: list[tuple[float, float, str]], end: float) -> list[tuple[float, float]]:
    """From each response with a known day to the first day on which it may have ended."""
    spans = []
    for low, high, kind in found:
        stops = [first for first, last, other in found if other in ENDS_RESPONSE and last >= low]
        stop = max(low, min([end, *stops]))
        if kind == "response" and low == high and stop > low:
            spans.append((low, stop))
    return spans
