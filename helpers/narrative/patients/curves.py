"""Observed Kaplan-Meier curves as frames for a figure, with what must not be published taken out of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from helpers.conventions import Interval
from helpers.errors import InputError, Problem
from helpers.estimators.kaplan_meier import AT_RISK_RULE, Floats, survival_table
from helpers.estimators.readings import survival_readings
from helpers.figures import style
from helpers.figures.display import literal
from helpers.figures.lettering import drawable
from helpers.figures.survival_groups import kaplan_meier_groups
from helpers.narrative.cohort_figures import kaplan_meier_words, key_sentence, tick_sentence
from helpers.narrative.patients.analyses import Analysis, is_efs
from helpers.narrative.patients.exhibit import joined, of_whom
from helpers.narrative.patients.masking import masked_lines
from helpers.narrative.survival import group_frames

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from helpers.cohort import Cohort

MONTHS = (6, 12, 24)  # read where nothing is printed and nothing asked for


@dataclass(frozen=True, eq=False)
class Drawn:
    """A figure with its words: alternative text and caption (Markdown)."""

    figure: Figure
    alt: str
    caption: str


def asked_days(text: str) -> list[float]:
    """The days of a parameter such as ``"90, 180 365"``.

    >>> asked_days("90, 180 365")
    [90.0, 180.0, 365.0]
    """
    found = []
    for word in text.replace(",", " ").replace(";", " ").split():
        try:
            day = float(word)
        except ValueError:
            day = float("nan")
        if not 0 <= day < float("inf"):
            remedy = 'give days from 0 on, parted by commas, e.g. "90, 180, 365"'
            raise InputError(Problem("landmark_days holds something that is no day", remedy, found=word))
        found.append(day)
    return sorted(set(found))


def reading_days(cohort: Cohort, analysis: Analysis, asked: str, days_per_month: float) -> list[float]:
    """The days at which a curve is read: those asked for, else those of its printed landmarks, else 6, 12, 24 months.

    Without a wish, days after the end of follow-up are left out, unless nothing would be left.
    """
    wished = asked_days(asked)
    if wished:
        return wished
    month = Fraction(str(days_per_month))
    for endpoint in (analysis.id, None):
        claims = cohort.study.select("survival", endpoint)
        printed = sorted({float(c.at_day(month)) for c in claims if c.at is not None})
        inside = [day for day in printed if day <= analysis.days.max()]
        if inside:
            return inside
    return days_within(analysis.days, "", days_per_month)


def days_within(days: Floats, asked: str, days_per_month: float) -> list[float]:
    """The days asked for, else 6, 12 and 24 months as far as somebody is followed so long, else the last day."""
    last = float(days.max())
    usual = [months * days_per_month for months in MONTHS]
    return asked_days(asked) or [day for day in usual if day <= last] or [last]


def few(days: Sequence[float], most: int = 4) -> list[float]:
    """At most so many of some days, spread over all of them, so that what is written at them can be read.

    >>> few([28, 42, 56, 70, 84, 112, 161])
    [28, 56, 84, 161]
    """
    if len(days) <= most:
        return list(days)
    return [days[round(k * (len(days) - 1) / (most - 1))] for k in range(most)]


def colour_of(analysis: Analysis, position: int) -> str:
    """The colour of an endpoint: that of overall survival, of event-free survival, or of a group."""
    if is_efs(analysis):
        return style.EFS
    return style.OS if position == 0 else style.GROUPS[position % len(style.GROUPS)]


def curves_figure(
    cohort: Cohort,
    analysis: Analysis,
    interval: Interval,
    *,
    days: Sequence[float] = (),
    group: pd.Series | None = None,
    colours: Sequence[str] = style.GROUPS,
    note: str = "",
    about: str = "",
    mask_below: int = 0,
) -> Drawn:
    """Kaplan-Meier curves of an analysis, of all its patients or by group.

    Parameters
    ----------
    cohort, analysis : the rows, and the endpoint.
    interval : of the curves and of the limits of their medians.
    days : where S is marked on the curves.
    group : one label a patient of the analysis; None: one curve.
    colours : of the groups.
    note : over the picture, e.g. a test.
    about : a sentence for the caption.
    mask_below : numbers beneath are masked, and curves end where fewer are at risk.
    """
    import pandas as pd

    time, event = pd.Series(analysis.days), pd.Series(analysis.event)
    labels = None if group is None else group.reset_index(drop=True)
    curves, numbers, medians = group_frames(time, event, labels, interval=interval)
    if mask_below > 1:
        numbers = protected_numbers(numbers, ("at_risk", "events", "censored"), mask_below)
        curves = ended(curves, time, event, labels, mask_below)
    figure, plotted = kaplan_meier_groups(
        curves, numbers, ylabel=analysis.name, xlabel=f"Days since {analysis.origin}", medians=medians,
        landmarks=_landmarks(analysis, labels, days, curves, interval), note=note, colours=colours,
    )  # fmt: skip
    groups = list(dict.fromkeys(plotted["group"]))
    alt = kaplan_meier_words(plotted, numbers, analysis.name, medians=medians, note=note)
    caption = joined(
        f"{literal(analysis.name)}, {literal(analysis.definition)}. {of_whom(cohort)}",
        about,
        f"Kaplan-Meier with {interval} 95 % interval, median by Brookmeyer and Crowley. Numbers {AT_RISK_RULE}.",
        tick_sentence(plotted),
        literal(key_sentence(groups)) if any(drawable(name) != name for name in groups) else "",
        f"Curves end where fewer than {mask_below} patients are at risk." if mask_below > 1 else "",
    )
    return Drawn(figure, alt, caption)


def protected_numbers(numbers: pd.DataFrame, parts: Sequence[str], below: int) -> pd.DataFrame:
    """The numbers beneath curves, small ones masked; columns that cannot be protected are left out."""
    import pandas as pd

    whole = numbers.assign(n=numbers[list(parts)].sum(axis=1))
    kept = []
    for _, line in whole.groupby(["group", "day"], sort=False):
        hidden = masked_lines(line, below, parts, "n")
        if hidden is not None:
            kept.append(hidden)
    found = pd.concat(kept, ignore_index=True)
    return found.drop(columns="n")


def ended(curves: pd.DataFrame, time: pd.Series, event: pd.Series, group: pd.Series | None, below: int) -> pd.DataFrame:
    """Curves up to the last time at which a publishable number of patients is at risk."""
    import pandas as pd

    parts = []
    names = pd.Series("", index=time.index) if group is None else group.astype(object).fillna("not known").map(str)
    for name, curve in curves.groupby("group", sort=False):
        table = survival_table(time[names == name], event[names == name])
        last = table.loc[table["at_risk"] >= below, "time"].max()
        parts.append(curve[curve["time"] <= last])
    return pd.concat(parts, ignore_index=True)


def _landmarks(
    analysis: Analysis, group: pd.Series | None, days: Sequence[float], curves: pd.DataFrame, interval: Interval
) -> pd.DataFrame | None:
    """S at some days on each curve, as far as it is drawn."""
    if not days:
        return None
    labels = None if group is None else group.astype(object).fillna("not known").map(str)
    found = survival_readings(analysis.days, analysis.event, list(days), group=labels, intervals=[interval])
    found = found.assign(group="" if group is None else found["group"].astype(str))
    last = curves.groupby("group")["time"].max()
    marks = found[found["survival"].notna() & (found["day"] <= found["group"].map(last))]
    return marks[["group", "day", "survival", "low", "high"]] if len(marks) else None
