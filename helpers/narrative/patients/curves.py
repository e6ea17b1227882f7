"""Observed Kaplan-Meier curves as frames for a figure, with what must not be published taken out of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from helpers.conventions import Interval
from helpers.errors import InputError, Problem
from helpers.estimators.kaplan_meier import AT_RISK_RULE, Floats
from helpers.estimators.readings import survival_readings
from helpers.figures import style
from helpers.figures.display import literal
from helpers.figures.lettering import drawable
from helpers.figures.survival_groups import kaplan_meier_groups
from helpers.narrative.cohort_figures import kaplan_meier_words, key_sentence, tick_sentence
from helpers.narrative.patients.analyses import Analysis, is_efs
from helpers.narrative.patients.exhibit import joined, of_whom
from helpers.narrative.patients.masking import small
from helpers.narrative.patients.published import coarse_curve, leaving, tellable_days
from helpers.narrative.survival import group_frames, number_days
from helpers.tables.masked_frames import HIDDEN

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
    if most == 1:
        return [days[-1]]
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
    marks: int = 4,
    group: pd.Series | None = None,
    colours: Sequence[str] = style.GROUPS,
    note: str = "",
    about: str = "",
    mask_below: int = 0,
) -> Drawn | None:
    """Kaplan-Meier curves of an analysis, of all its patients or by group; None where a curve has too few events.

    Parameters
    ----------
    cohort, analysis : the rows, and the endpoint.
    interval : of the curves and of the limits of their medians.
    days : at which the curves are read; as many of them as `marks` says are marked.
    group : one label a patient of the analysis; None: one curve.
    colours : of the groups.
    note : over the picture, e.g. a test.
    about : a sentence for the caption.
    mask_below : curves step once for so many events, without medians and marks, which they do not meet; beneath stand
        counts of the days on which they can be told.
    """
    import pandas as pd

    time, event = pd.Series(analysis.days), pd.Series(analysis.event)
    labels = None if group is None else group.reset_index(drop=True)
    masking = mask_below > 1
    if masking and _few_events(analysis, labels, mask_below):
        return None
    told = tellable(analysis, days, mask_below, labels)
    beneath = beneath_curves(float(time.max()), told) if masking else ()
    curves, numbers, medians = group_frames(time, event, labels, interval=interval, days=beneath)
    marked = _landmarks(analysis, labels, few(told, marks), curves, interval)
    if masking:
        curves, numbers = coarse(curves, time, event, labels, mask_below), untold(numbers, told)
        medians, marked = None, None
    figure, plotted = kaplan_meier_groups(
        curves, numbers, ylabel=analysis.name, xlabel=f"Days since {analysis.origin}", medians=medians,
        landmarks=marked, note=note, colours=colours,
    )  # fmt: skip
    groups = list(dict.fromkeys(plotted["group"]))
    alt = kaplan_meier_words(plotted, numbers, analysis.name, medians=medians, note=note)
    caption = joined(
        f"{literal(analysis.name)}, {literal(analysis.definition)}. {of_whom(cohort)}",
        about,
        f"Kaplan-Meier with {interval} 95 % interval{'' if masking else ', median by Brookmeyer and Crowley'}. "
        f"Numbers {AT_RISK_RULE}.",
        "" if masking else tick_sentence(plotted),
        literal(key_sentence(groups)) if any(drawable(name) != name for name in groups) else "",
        _coarse_sentence(mask_below) if masking else "",
    )
    return Drawn(figure, alt, caption)


def tellable(analysis: Analysis, days: Sequence[float], below: int, group: pd.Series | None = None) -> list[float]:
    """The days on which the counts of an analysis can be told, and those of its groups beside them."""
    whole = tellable_days(days, below, leaving(analysis.days, analysis.event))
    if group is None or below <= 1:
        return whole
    names = _names(group)
    parts = [(names == name).to_numpy(dtype=bool) for name in dict.fromkeys(names)]
    return tellable_days(whole, below, *(leaving(analysis.days[own], analysis.event[own]) for own in parts))


def _coarse_sentence(below: int) -> str:
    return (
        f"A step stands for {below} events or more, in whole percent, so that curves lie above the estimates in "
        f"between; they end where fewer than {below} are at risk. A dash: not told."
    )


def beneath_curves(last: float, told: Sequence[float]) -> list[float]:
    """Days beneath curves of which not every day can be told: those that can, and round ones well apart from them.

    >>> beneath_curves(400, [182.625])
    [0.0, 60.0, 120.0, 182.625, 240.0, 300.0, 360.0]
    """
    days = [float(day) for day in number_days(last)]
    apart = (days[1] - days[0]) / 2 if len(days) > 1 else 1.0
    inside = [float(day) for day in told if apart < day <= last]
    return sorted({0.0, *inside, *(day for day in days if all(abs(day - x) >= apart for x in inside))})


def untold(numbers: pd.DataFrame, told: Sequence[float]) -> pd.DataFrame:
    """Numbers beneath curves with a dash on days that cannot be told; day 0 tells the patients, as all tables do."""
    counts = [name for name in numbers if name not in ("group", "day")]
    shown = numbers.astype(dict.fromkeys(counts, object))
    shown.loc[~(numbers["day"].isin(told) | (numbers["day"] == 0)), counts] = HIDDEN
    return shown


def _few_events(analysis: Analysis, group: pd.Series | None, below: int) -> bool:
    """Whether a curve has events, but not enough for a step."""
    if group is None:
        return small(analysis.events, below)
    names = _names(group)
    counts = [int(analysis.event[(names == name).to_numpy(dtype=bool)].sum()) for name in dict.fromkeys(names)]
    return any(small(count, below) for count in counts)


def coarse(
    curves: pd.DataFrame, time: pd.Series, event: pd.Series, group: pd.Series | None, below: int
) -> pd.DataFrame:
    """Curves that can be published, group by group."""
    import pandas as pd

    names = pd.Series("", index=time.index) if group is None else _names(group)
    parts = []
    for name, curve in curves.groupby("group", sort=False):
        own = (names == name).to_numpy(dtype=bool)
        parts.append(coarse_curve(curve, time.to_numpy(dtype=float)[own], event.to_numpy()[own], below))
    return pd.concat(parts, ignore_index=True)


def _names(group: pd.Series) -> pd.Series:
    return group.astype(object).fillna("not known").map(str)


def _landmarks(
    analysis: Analysis, group: pd.Series | None, days: Sequence[float], curves: pd.DataFrame, interval: Interval
) -> pd.DataFrame | None:
    """S at some days on each curve, as far as it is drawn."""
    if not days:
        return None
    labels = None if group is None else _names(group)
    found = survival_readings(analysis.days, analysis.event, list(days), group=labels, intervals=[interval])
    found = found.assign(group="" if group is None else found["group"].astype(str))
    last = curves.groupby("group")["time"].max()
    marks = found[found["survival"].notna() & (found["day"] <= found["group"].map(last))]
    return marks[["group", "day", "survival", "low", "high"]] if len(marks) else None
