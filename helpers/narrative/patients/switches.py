"""Two choices that papers leave unsaid, and what they change: the day of non-response, and censoring at transplant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import nan
from typing import TYPE_CHECKING

import numpy as np

from helpers.conventions import Interval
from helpers.errors import InputError
from helpers.estimators.endpoints import censored_at_transplant
from helpers.estimators.kaplan_meier import restricted_mean, survival_table
from helpers.estimators.medians import brookmeyer_crowley
from helpers.estimators.readings import survival_readings
from helpers.figures.at_risk import number_cell
from helpers.figures.wording import number_text
from helpers.narrative.patients.analyses import AS_GIVEN, Analysis, analyses, derived_efs, is_efs, redated
from helpers.narrative.patients.curves import tellable
from helpers.narrative.patients.exhibit import Exhibit, day_text, median_cell, with_abbreviation
from helpers.narrative.patients.masking import small
from helpers.narrative.survival import Z
from helpers.tables.masking import Sum, masked_counts

if TYPE_CHECKING:
    import pandas as pd

    from helpers.cohort import Cohort

USUAL_DAYS = (0, 1, 28)


def non_response_variants(cohort: Cohort, chosen: int = AS_GIVEN, mask_below: int = 0) -> dict[str, Analysis]:
    """EFS as the file has it, if it does, and with non-response dated day 0, 1, 28 and the chosen day.

    Empty where the rows do not tell who responded, or nobody failed to, or so few that the curves would tell how many.
    """
    if small(int(cohort.responder.eq(0).sum()), mask_below):
        return {}
    given, _ = analyses(cohort)
    efs = next((a for a in given if is_efs(a)), None)
    if efs is None or not cohort.responder.eq(0).any():
        return {}
    found = {} if efs.derived else {"as in the file": efs}
    days = sorted({*USUAL_DAYS, *([chosen] if chosen != AS_GIVEN else [])})
    for day in days:
        try:
            found[f"day {day}"] = derived_efs(cohort, day) if efs.derived else redated(efs, cohort, day)
        except InputError:
            return {}
    return found


def distinct(variants: Mapping[str, Analysis]) -> dict[str, Analysis]:
    """The variants without those whose times and events are those of an earlier one."""
    found: dict[str, Analysis] = {}
    for name, a in variants.items():
        if not any(_same(a, b) for b in found.values()):
            found[name] = a
    return found


def _same(a: Analysis, b: Analysis) -> bool:
    return a.n == b.n and bool(np.all((a.days == b.days) & (a.event == b.event)))


def variants_exhibit(
    variants: Mapping[str, Analysis], days: Sequence[float], interval: Interval, mask_below: int = 0
) -> Exhibit:
    """S at some days, the restricted mean up to the last of them and the median of each variant of one endpoint."""
    import numpy as np
    import pandas as pd

    rows, frames, last = [], [], max(days)
    for name, a in variants.items():
        readings = survival_readings(a.days, a.event, list(days), intervals=[interval], extend=True)
        hidden = ~readings["day"].isin(tellable(a, days, mask_below))
        readings.loc[hidden, ["survival", "std_error", "low", "high"]] = np.nan
        median = brookmeyer_crowley(survival_table(a.days, a.event), interval, Z)
        mean, error = restricted_mean(survival_table(a.days, a.event), last) if last > 0 else (0.0, 0.0)
        rows.append({
            "non-response dated": name,
            **{f"S at day {day_text(r['day'])} (%)": _percent(r) for r in readings.to_dict("records")},
            f"mean up to day {day_text(last)}": number_text(mean, 1),
            "median (days)": median_cell(median.value, median.low, median.high),
        })  # fmt: skip
        frames.append(
            readings[["day", "survival", "std_error", "low", "high"]].assign(
                variant=name,
                median=median.value,
                median_low=median.low,
                median_high=median.high,
                restricted_mean=mean,
                restricted_mean_error=error,
            )  # fmt: skip
        )
    shown, exact = pd.DataFrame(rows), pd.concat(frames, ignore_index=True)
    if mask_below > 1:
        exact = exact.round({"restricted_mean": 1, "restricted_mean_error": 1})
    return Exhibit(shown, exact, with_abbreviation(f"95 % limits: {interval}.", shown))


def _percent(row: Mapping[object, float]) -> str:
    if row["survival"] != row["survival"]:
        return "–"
    return f"{100 * row['survival']:.1f} ({number_text(100 * row['low'], 1)}–{number_text(100 * row['high'], 1)})"


def stacked(variants: Mapping[str, Analysis]) -> tuple[Analysis, pd.Series]:
    """Variants of one endpoint as groups of one analysis, for a picture in which they lie over each other."""
    import pandas as pd

    parts = list(variants.values())
    names = [name for name, a in variants.items() for _ in range(a.n)]
    together = replace(
        parts[0],
        rows=pd.concat([a.rows for a in parts], ignore_index=True),
        days=np.concatenate([a.days for a in parts]),
        event=np.concatenate([a.event for a in parts]),
    )
    return together, pd.Series(pd.Categorical(names, categories=list(variants)))


def at_transplant(analysis: Analysis) -> tuple[Analysis, int] | None:
    """The endpoint with follow-up ended at transplantation, and how many patients that concerns; None if not known."""
    if analysis.transplant is None:
        return None
    cut = censored_at_transplant(analysis.days, analysis.event, analysis.transplant)
    ended = analysis.with_rows(cut["days"].to_numpy(), cut["event"].to_numpy())
    return replace(ended, definition=f"{analysis.definition}, censored at transplantation"), int(cut["cut"].sum())


def cut_can_be_drawn(analysis: Analysis, mask_below: int = 0) -> bool:
    """Whether the curves with and without censoring at transplantation differ, and by enough patients to be shown."""
    other = at_transplant(analysis)
    if other is None or not other[1]:
        return False
    ended, cut = other
    return not any(small(x, mask_below) for x in (cut, analysis.n - cut, analysis.events - ended.events))


def transplant_exhibit(
    found: Sequence[Analysis], days: Mapping[str, Sequence[float]], interval: Interval, mask_below: int = 0
) -> Exhibit:
    """Each endpoint with and without censoring at transplantation: events, median, and S at its last day."""
    import pandas as pd

    rows: list[dict[str, object]] = []
    for a in found:
        other = at_transplant(a)
        if other is None:
            continue
        ended, cut = other
        counts = _protected(a.n, cut, a.events, ended.events, mask_below)
        day = max(days[a.id])
        # Curves and readings of the two side by side tell who left in between.
        open_day = mask_below <= 1 or not any(isinstance(x, str) for x in counts)
        for name, one, events in (("no", a, counts[1]), ("yes", ended, counts[2])):
            median = brookmeyer_crowley(survival_table(one.days, one.event), interval, Z)
            at = survival_readings(one.days, one.event, [day], intervals=[interval]).iloc[0]
            if not (open_day and day in tellable(one, days[a.id], mask_below)):
                at = at.copy()
                at[["survival", "low", "high"]] = nan
            rows.append({
                "endpoint": a.id, "censored at transplant": name, "patients cut": counts[0] if name == "yes" else "",
                "n": a.n, "events": events, "median": median.value, "median_low": median.low,
                "median_high": median.high, "day": day, "survival": at["survival"], "low": at["low"],
                "high": at["high"],
            })  # fmt: skip
    exact = pd.DataFrame(rows)
    if exact.empty:
        return Exhibit(exact, exact)
    shown = pd.DataFrame({
        "endpoint": exact["endpoint"],
        "censored at transplant": exact["censored at transplant"],
        "patients cut": [x if x == "" else number_cell(x) for x in exact["patients cut"]],
        "events": [number_cell(x) for x in exact["events"]],
        "median (days)": [median_cell(r["median"], r["median_low"], r["median_high"]) for r in rows],  # type: ignore[arg-type]
        "S (%)": [
            f"{_percent(r)} at day {day_text(r['day'])}" if r["survival"] == r["survival"] else "–"  # type: ignore[arg-type]
            for r in rows
        ],
    })  # fmt: skip
    note = f"95 % limits: {interval}. Events before or on the day of transplantation still count."
    return Exhibit(shown, exact, with_abbreviation(note, shown))


def _protected(n: int, cut: int, events: int, left: int, below: int) -> tuple[object, object, object]:
    """Patients cut, events, and events left, small ones hidden; events after transplantation are their difference."""
    counts = [n, cut, n - cut, events, left, events - left, n - events]
    if below <= 1:
        return cut, events, left
    sums = [Sum(0, (1, 2)), Sum(3, (4, 5)), Sum(0, (3, 6))]
    try:
        hidden = masked_counts(counts, sums, below, public=[0])
    except InputError:
        return "–", "–", "–"
    return hidden.get(1, cut), hidden.get(3, events), hidden.get(4, left)
