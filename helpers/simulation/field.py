"""Against the field: Guyot's reconstruction and the exact inversion on the same real arms, in one run.

Both are given printed landmarks and n; then numbers at risk, and the total of events. Guyot's algorithm cannot read
intervals; so that this does not decide, the inversion is also run without them, and Guyot's also with the whole curve
read off without error, which no landmarks give. Guyot returns one data set; the inversion returns all that print the
numbers, so it is judged by whether the truth is among them and by how far they lie apart.
``python -m helpers.simulation.field`` writes the frozen table (all arms only where R is installed).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.inversion.evidence import ESTIMATE_FIELDS, Count, Landmark
from helpers.inversion.history import states
from helpers.inversion.solve import bindings
from helpers.simulation.cohort import Cohort
from helpers.simulation.guyot import Clicks, curve_clicks, landmark_clicks, reconstruct
from helpers.simulation.print_study import event_total, numbers_at_risk, printed_landmarks, printed_texts
from helpers.simulation.real_data import ARMS, STYLES, Arm, Style, accepted, histories, load

if TYPE_CHECKING:
    import pandas as pd

STYLE = next(style for style in STYLES if style.name == "log, 1 decimal")
FROZEN = Path(__file__).with_name("frozen") / "field.csv"
MOST_REPRINTED = 2_000
COLUMNS = (
    "arm", "n", "method", "given", "true_events", "events_low", "events_high", "members", "truth_in_set", "mean_error",
    "worst_error", "digits_matched", "digits",
)  # fmt: skip
GUYOT_GIVEN = (
    "landmarks",
    "landmarks, at risk",
    "landmarks, events",
    "landmarks, at risk, events",
    "whole curve",
    "whole curve, at risk",
    "whole curve, at risk, events",
)
EXACT_GIVEN = (
    "landmarks",
    "landmarks, at risk",
    "landmarks, events",
    "landmarks with intervals",
    "landmarks with intervals, at risk",
    "landmarks with intervals, events",
)


@dataclass(frozen=True)
class Found:
    """One reconstruction, or many: by how much S is off at each landmark, and how many printed numbers agree."""

    errors: tuple[float, ...]
    matched: int
    digits: int


def guyot_row(arm: Arm, patients: Cohort, given: str, style: Style = STYLE) -> dict[str, Any]:
    """What Guyot's algorithm makes of an arm."""
    last = arm.days[-1]
    counts = numbers_at_risk(patients, arm.days) if "at risk" in given else ()
    true_events = patients.number(event=True, until=last)
    at_risk = [(0.0, patients.n), *((float(day), c.number) for day, c in zip(arm.days, counts, strict=bool(counts)))]
    rebuilt = reconstruct(_clicks(arm, patients, given, style), at_risk, true_events if "events" in given else None)
    found = _compared([rebuilt.curve(day) for day in arm.days], arm, patients, style)
    events = rebuilt.number(event=True, until=last)
    return {
        "method": "Guyot",
        "given": given,
        "true_events": true_events,
        "events_low": events,
        "events_high": events,
        "members": 1,
        "truth_in_set": rebuilt.history(last) == patients.history(last),
        "mean_error": sum(found.errors) / len(found.errors),
        "worst_error": max(found.errors),
        "digits_matched": found.matched,
        "digits": found.digits,
    }


def _clicks(arm: Arm, patients: Cohort, given: str, style: Style) -> Clicks:
    if given.startswith("whole curve"):
        return curve_clicks(patients, arm.days[-1])
    marks = printed_landmarks(patients, arm.days, style.convention, style.decimals)
    return landmark_clicks(arm.days, [mark.value.value * mark.scale for mark in marks if mark.value is not None])


def exact_row(arm: Arm, patients: Cohort, given: str, style: Style = STYLE) -> dict[str, Any]:
    """What the inversion makes of an arm. A set that is too large to list is only asked whether it holds the truth."""
    interval = "intervals" in given
    marks = printed_landmarks(patients, arm.days, style.convention, style.decimals, interval=interval)
    counts = numbers_at_risk(patients, arm.days) if "at risk" in given else ()
    if "events" in given:
        counts = (event_total(patients, arm.days[-1]),)
    truth = patients.history(arm.days[-1])
    listed = histories(patients.n, marks, style, counts)
    row = {"method": "exact", "given": given, "true_events": truth.count("E")}
    if listed is None:
        held = accepted(patients, arm, style, marks, counts)
        return row | {"events_low": None, "events_high": None, "members": None, "truth_in_set": held}
    numbers = {history.count("E") for history in listed}
    found = list(_members(listed[:MOST_REPRINTED], arm, patients, marks, counts, style))
    errors = [error for one in found for error in one.errors]
    return row | {
        "events_low": min(numbers),
        "events_high": max(numbers),
        "members": len(listed),
        "truth_in_set": truth in listed,
        "mean_error": sum(errors) / len(errors),
        "worst_error": max(errors),
        "digits_matched": sum(one.matched for one in found),
        "digits": sum(one.digits for one in found),
    }


def _members(
    listed: Iterable[str],
    arm: Arm,
    patients: Cohort,
    marks: tuple[Landmark, ...],
    counts: tuple[Count, ...],
    style: Style,
) -> Iterator[Found]:
    """Every member of a set, in every way in which it passes the landmarks, printed again."""
    fields = [name for name in ESTIMATE_FIELDS if getattr(marks[0], name) is not None]
    for history in listed:
        curve = states(history, patients.n)
        for way in bindings(history, patients.n, marks, style.convention, counts):
            reached = [(curve[k].survival, curve[k].variance) for k in way]
            yield _compared(reached, arm, patients, style, fields=len(fields))


def _compared(
    reached: list[tuple[Fraction, Fraction]], arm: Arm, patients: Cohort, style: Style, fields: int = 3
) -> Found:
    """S and its variance at the landmarks, beside the truth and beside what is printed."""
    errors, matched = [], 0
    for (survival, variance), day in zip(reached, arm.days, strict=True):
        truth = patients.curve(day)
        errors.append(abs(float(survival - truth[0])))
        shown = printed_texts(survival, variance, style.convention, style.decimals)
        wanted = printed_texts(*truth, style.convention, style.decimals)
        matched += sum(a == b for a, b in zip(shown[:fields], wanted[:fields], strict=True))
    return Found(tuple(errors), matched, fields * len(arm.days))


def table(arms: Iterable[Arm] = ARMS, style: Style = STYLE) -> pd.DataFrame:
    """One row for each arm that can be read here, each method and what it is given; columns `COLUMNS`.

    `mean_error` and `worst_error` are |S − true S| at the landmarks, over all members of a set (the first
    2,000); `digits_matched` counts printed numbers that the members print again, of `digits`.
    """
    import pandas as pd

    rows = []
    for arm in arms:
        patients = load(arm)
        if patients is None:
            continue
        both = [guyot_row(arm, patients, given, style) for given in GUYOT_GIVEN]
        both += [exact_row(arm, patients, given, style) for given in EXACT_GIVEN]
        rows += [{"arm": arm.name, "n": patients.n, **one} for one in both]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    whole = ("events_low", "events_high", "members", "digits_matched", "digits")
    return frame.astype({name: "Int64" for name in whole})


def summary(frame: pd.DataFrame) -> pd.DataFrame:
    """One row a method and what it is given: shares in percent, errors in S, widths as medians and largest.

    Columns: method, given, arms, listed, truth (in the set; for Guyot: is the data set's history the true one),
    events_exact (one number of events, the true one; of all arms), events_wrong (the true one is excluded),
    digits (of what is listed), mean_error, worst_error (averages over arms), members_median, members_largest,
    events_widest (largest difference between the numbers of events of two members).
    """
    import pandas as pd

    rows = []
    for (method, given), part in frame.groupby(["method", "given"], sort=False):
        listed = part[part["members"].notna()]
        same = (listed["events_low"] == listed["events_high"]) & (listed["events_low"] == listed["true_events"])
        outside = (listed["true_events"] < listed["events_low"]) | (listed["true_events"] > listed["events_high"])
        rows.append(
            {
                "method": method,
                "given": given,
                "arms": len(part),
                "listed": len(listed),
                "truth": 100 * part["truth_in_set"].astype(bool).mean(),
                "events_exact": 100 * int(same.sum()) / len(part),
                "events_wrong": 100 * int(outside.sum()) / len(part),
                "digits": 100 * int(listed["digits_matched"].sum()) / max(1, int(listed["digits"].sum())),
                "mean_error": float(listed["mean_error"].mean()) if len(listed) else nan,
                "worst_error": float(listed["worst_error"].mean()) if len(listed) else nan,
                "members_median": float(listed["members"].median()) if len(listed) else nan,
                "members_largest": int(listed["members"].max()) if len(listed) else 0,
                "events_widest": int((listed["events_high"] - listed["events_low"]).max()) if len(listed) else 0,
            }
        )
    return pd.DataFrame(rows)


def frozen() -> pd.DataFrame:
    """The table as it was last written by the command above."""
    import pandas as pd

    frame = pd.read_csv(FROZEN)
    whole = ("events_low", "events_high", "members", "digits_matched", "digits")
    return frame.astype({name: "Int64" for name in whole})


def with_decimals(style: Style, decimals: int) -> Style:
    """The same style with another number of decimals."""
    return replace(style, name=f"{style.convention.interval}, {decimals} decimals", decimals=decimals)


def main() -> None:
    """Write the frozen table."""
    parser = argparse.ArgumentParser(prog="python -m helpers.simulation.field", description=__doc__)
    parser.add_argument("--out", type=Path, default=FROZEN)
    frame = table()
    frame.to_csv(parser.parse_args().out, index=False, lineterminator="\n", float_format="%.9g")
    print(summary(frame).round(4).to_string(index=False))


if __name__ == "__main__":
    main()
