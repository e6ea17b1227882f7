"""Readings of observed curves as tables: S at any day, medians by every rule, restricted means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import nan
from typing import TYPE_CHECKING

from helpers.conventions import Interval
from helpers.errors import InputError
from helpers.estimators.medians import FlatMedianRule
from helpers.estimators.readings import median_readings, survival_readings
from helpers.estimators.restricted_means import restricted_means
from helpers.figures.at_risk import number_cell
from helpers.figures.wording import number_text
from helpers.narrative.patients.analyses import Analysis
from helpers.narrative.patients.curves import tellable
from helpers.narrative.patients.exhibit import Exhibit, day_text, limits_text, median_cell, with_abbreviation
from helpers.narrative.patients.masking import Told, small
from helpers.tables.masked_frames import HIDDEN

if TYPE_CHECKING:
    import pandas as pd

_COUNTS = ("at_risk", "events", "censored")
RULES = {
    FlatMedianRule.R_PRINT: "R (print)",
    FlatMedianRule.R_MIDPOINT: "R (quantile)",
    FlatMedianRule.SAS_AVERAGE: "SAS",
    FlatMedianRule.FIRST_AT_OR_BELOW: "SPSS (S ≤ ½)",
    FlatMedianRule.FIRST_BELOW: "S < ½",
}


def analyses_exhibit(found: Sequence[Analysis], mask_below: int = 0) -> Exhibit:
    """What is analysed: endpoint, definition, patients, events, censored, and whether it was derived."""
    import pandas as pd

    frame = pd.DataFrame(
        [(a.id, a.name, a.definition, a.n, a.events, a.n - a.events, a.derived) for a in found],
        columns=["endpoint", "name", "definition", "n", "events", "censored", "derived"],
    )
    exact = _protected(frame, mask_below)
    shown = exact.assign(
        n=[number_cell(x) for x in exact["n"]],
        events=[number_cell(x) for x in exact["events"]],
        censored=[number_cell(x) for x in exact["censored"]],
        derived=["from other columns" if x else "as in the file" for x in exact["derived"]],
    ).rename(columns={"n": "patients", "derived": "taken"})
    return Exhibit(shown, exact)


def _protected(frame: pd.DataFrame, below: int) -> pd.DataFrame:
    """Events and censorings masked, endpoint by endpoint; a line that cannot be protected loses its counts.

    RFS and DOR are told of the same patients, and differ by the deaths in remission.
    """
    if below <= 1 or frame.empty:
        return frame
    exact = frame.astype(object)
    events = {row["endpoint"]: row["events"] for row in frame.to_dict("records")}
    for k, row in enumerate(frame.to_dict("records")):
        told = Told()
        told.sum("n", row["n"], {"events": row["events"], "censored": row["censored"]})
        deaths = events["RFS"] - events["DOR"] if {"RFS", "DOR"} <= set(events) else 0
        if row["endpoint"] == "DOR" and small(deaths, below):
            exact.loc[k, ["events", "censored"]] = HIDDEN
            continue
        try:
            hidden = told.hidden(below, public=["n"])
        except InputError:
            hidden = {"events": HIDDEN, "censored": HIDDEN}
        for name in ("events", "censored"):
            exact.loc[k, name] = hidden.get(name, row[name])
    return exact


def readings_exhibit(found: Sequence[Analysis], days: Mapping[str, Sequence[float]], mask_below: int = 0) -> Exhibit:
    """S at the days of each endpoint, with its standard error and the three kinds of intervals.

    The exact table is long: one row an endpoint, day and interval, from `survival_readings`. With a threshold, days on
    which counts cannot be told lose them, and S with them: a share of few patients tells their number.
    """
    import numpy as np
    import pandas as pd

    frames = []
    for a in found:
        frame = survival_readings(a.days, a.event, list(days[a.id])).drop(columns="group").assign(endpoint=a.id)
        if mask_below > 1:
            hidden = ~frame["day"].isin(tellable(a, days[a.id], mask_below))
            frame = frame.astype(dict.fromkeys(_COUNTS, object))
            frame.loc[hidden, list(_COUNTS)] = HIDDEN
            frame.loc[hidden, ["survival", "std_error", "low", "high"]] = np.nan
        frames.append(frame)
    exact = pd.concat(frames, ignore_index=True)
    exact = exact[["endpoint", *[c for c in exact.columns if c != "endpoint"]]]
    rows = []
    for (name, day), part in exact.groupby(["endpoint", "day"], sort=False):
        first = part.iloc[0]
        row = {
            "endpoint": name,
            "day": day_text(day),
            "at risk": number_cell(first["at_risk"]),
            "events": number_cell(first["events"]),
            "censored": number_cell(first["censored"]),
            "S (%)": number_text(100 * first["survival"], 2),
            "se": number_text(100 * first["std_error"], 2),
        }
        for line in part.to_dict("records"):
            row[str(line["interval"])] = limits_text(100 * line["low"], 100 * line["high"], 2)
        rows.append(row)
    note = "At risk on the day, events and censored up to and with it. Standard error by Greenwood, z = 1.959964."
    if exact["survival"].isna().any():
        told = f", or fewer than {mask_below} patients had left, or left since the day before" if mask_below > 1 else ""
        note += f" A dash: nobody is followed so long{told}."
    return Exhibit(pd.DataFrame(rows), exact, note)


def medians_exhibit(found: Sequence[Analysis]) -> tuple[Exhibit, Exhibit]:
    """The medians by every rule for a flat part at one half; and their limits of every kind."""
    import pandas as pd

    frames = [median_readings(a.days, a.event).drop(columns="group").assign(endpoint=a.id) for a in found]
    exact = pd.concat(frames, ignore_index=True)[["endpoint", "rule", "interval", "median", "low", "high"]]
    estimates, limits = [], []
    for name, part in exact.groupby("endpoint", sort=False):
        by_rule = part.drop_duplicates("rule").set_index("rule")["median"]
        estimates.append({"endpoint": name} | {h: median_cell(by_rule[str(r)], nan, nan) for r, h in RULES.items()})
        by_kind = part.drop_duplicates("interval").set_index("interval")
        kinds = [*map(str, Interval), "SPSS"]
        cells = {kind: limits_text(by_kind.at[kind, "low"], by_kind.at[kind, "high"]) for kind in kinds}
        limits.append({"endpoint": name, **cells})
    flat = exact.groupby("endpoint")["median"].nunique().gt(1).any()
    note = "Days. " + (
        "Where the rules differ, S is exactly ½ for a while." if flat else "No curve is flat at ½: all rules agree."
    )
    kinds_note = "Days. Plain, log, log-log: Brookmeyer and Crowley, as R prints them. SPSS: symmetric, z = 1.96."
    shown, ends = pd.DataFrame(estimates), pd.DataFrame(limits)
    return (
        Exhibit(shown, exact, with_abbreviation(note, shown)), Exhibit(ends, exact, with_abbreviation(kinds_note, ends))
    )  # fmt: skip


def restricted_exhibit(found: Sequence[Analysis], days: Mapping[str, Sequence[float]], mask_below: int = 0) -> Exhibit:
    """Restricted mean of each endpoint up to each of its days, with standard error and 95 % limits.

    With a threshold the exact table has one decimal: more of them tell the days of single patients.
    """
    import pandas as pd

    frames = []
    for a in found:
        for day in days[a.id]:
            if day > 0:
                own = restricted_means(a.days, a.event, day).drop(columns="group")
                frames.append(own.assign(endpoint=a.id, horizon=day))
    columns = ["endpoint", "horizon", "n", "mean", "std_error", "low", "high", "last", "complete"]
    exact = pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)
    shown = pd.DataFrame({
        "endpoint": exact["endpoint"],
        "up to day": [day_text(x) + ("" if done else " *") for x, done in zip(exact["horizon"], exact["complete"],
                                                                                 strict=True)],
        "restricted mean (days)": [number_text(x, 1) for x in exact["mean"]],
        "se": [number_text(x, 1) for x in exact["std_error"]],
        "95 % limits": [limits_text(a, b, 1) for a, b in zip(exact["low"], exact["high"], strict=True)],
    })  # fmt: skip
    beyond = not exact["complete"].all()
    note = "* Nobody is followed so long: the curve is carried on flat, and the mean is not to be relied on."
    exact = exact.drop(columns="n")
    return Exhibit(shown, exact.round(1) if mask_below > 1 else exact, note if beyond else "")
