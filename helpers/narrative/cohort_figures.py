"""The figures of a cohort in words, from the frames they return: alt texts, and what a caption has to admit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from helpers.estimators.adverse_events import SEVERE
from helpers.figures.adverse_events import UNKNOWN
from helpers.figures.at_risk import number_cell
from helpers.figures.curve_page import key_words
from helpers.figures.enrolment import day_text
from helpers.figures.subgroup_forest import ratio_with_limits
from helpers.figures.swimmer_lanes import KINDS
from helpers.figures.wording import median_text, number_text, p_equation, percent_text, range_text
from helpers.narrative.phrases import counted, listed

if TYPE_CHECKING:
    import pandas as pd

_THINGS = ("follow-up", "end", "in response", "ongoing")


def kaplan_meier_words(
    plotted: pd.DataFrame,
    numbers: pd.DataFrame,
    name: str,
    *,
    medians: pd.DataFrame | None = None,
    unit: str = "day",
    note: str = "",
    reconstructed: bool = False,
) -> str:
    """Kaplan-Meier curves of groups in words.

    Parameters
    ----------
    plotted, numbers, medians, note
        What `helpers.figures.survival_groups.kaplan_meier_groups` returned and was given.
    name : str
        The endpoint, e.g. ``"Overall survival"``.
    unit : str
        Unit of the times.
    reconstructed : bool
        Say that the patients are reconstructed.
    """
    groups = list(dict.fromkeys(plotted["group"]))
    what = "Kaplan-Meier curves" if len(groups) > 1 else "Kaplan-Meier curve"
    who = " of reconstructed, not observed patients" if reconstructed else ""
    parts = []
    for group in groups:
        curve = plotted[plotted["group"] == group]
        counts = numbers[numbers["group"] == group].sort_values("day")
        total = counts.iloc[0][["at_risk", "events", "censored"]].sum()
        last = curve.iloc[-1]
        text = f"{counted(int(total), 'patient')}, {100 * last['survival']:.0f} % at {unit} {number_text(last['time'])}"
        if medians is not None and (medians["group"] == group).any():
            row = medians[medians["group"] == group].iloc[0]
            text += f", median {median_text(row['median'], row['low'], row['high'])}"
        parts.append(f"{group}: {text}" if group else text)
    end = f" {note}." if note else ""
    return f"{name}, {what}{who}. {'; '.join(parts)}. Beneath: {_numbers_words(numbers, unit)}.{end}"


def _numbers_words(numbers: pd.DataFrame, unit: str) -> str:
    """Numbers at risk at the first, the middle and the last time, group by group."""
    texts = []
    for group, part in numbers.groupby("group", sort=False):
        ordered = part.sort_values("day")
        places = sorted({0, len(ordered) // 2, len(ordered) - 1})
        rows = [ordered.iloc[k] for k in places]
        at = ", ".join(f"{number_cell(row['at_risk'])} at {unit} {number_text(row['day'])}" for row in rows)
        texts.append(f"{group}, at risk {at}" if group else f"at risk {at}")
    return "; ".join(texts)


def key_sentence(groups: Sequence[str]) -> str:
    """What the letters of a key stand for, for a caption where names are too long for the picture.

    >>> key_sentence(["donor-derived", "autologous"])
    'A donor-derived, B autologous.'
    """
    return f"{key_words(groups)}."


def tick_sentence(plotted: pd.DataFrame) -> str:
    """What ticks on the curves mean, and how many are drawn where they were thinned, for a caption."""
    some = plotted["censored"] > 0
    if not some.any():
        return "Nobody is censored."
    if (some == plotted["ticked"]).all():
        return "Ticks: patients censored."
    where = "drawn" if plotted["drawn"].all() else "drawn, and steps too fine to be seen are left out"
    return f"Ticks: patients censored; {int(plotted['ticked'].sum()):,} of {int(some.sum()):,} such times are {where}."


def incidence_words(
    plotted: pd.DataFrame, numbers: pd.DataFrame, *, unit: str = "day", reconstructed: bool = False
) -> str:
    """Cumulative incidence curves in words."""
    who = " of reconstructed, not observed patients" if reconstructed else ""
    parts = []
    for (group, cause), curve in plotted.groupby(["group", "cause"], sort=False):
        last = curve.iloc[-1]
        name = f"{cause} ({group})" if group else str(cause)
        parts.append(f"{name}: {100 * last['incidence']:.0f} % at {unit} {number_text(last['time'])}")
    return f"Cumulative incidence{who}. {'; '.join(parts)}. Beneath: {_numbers_words(numbers, unit)}."


def swimmer_words(plotted: pd.DataFrame, *, unit: str = "day") -> str:
    """A swimmer plot in words: how many patients, how long, and how many have each event."""
    lanes = plotted[plotted["kind"] == "follow-up"]
    kinds = [kind for kind in dict.fromkeys(plotted["kind"]) if kind not in _THINGS]
    order = [*(kind for kind in KINDS if kind in kinds), *(kind for kind in kinds if kind not in KINDS)]
    events = [f"{kind} in {plotted.loc[plotted['kind'] == kind, 'patient_id'].nunique():,}" for kind in order]
    going = int((plotted["kind"] == "ongoing").sum())
    shortest, longest = (number_text(x) for x in (lanes["high"].min(), lanes["high"].max()))
    windows = plotted[(plotted["low"] < plotted["high"]) & plotted["kind"].isin(kinds)]
    text = (
        f"Swimmer plot: one lane for each of {counted(len(lanes), 'patient')}, followed for {shortest} to {longest} "
        f"{unit}s. {_upper(listed(events)) or 'No events'}; follow-up goes on in {going:,}."
    )
    if len(windows):
        text += f" {_upper(counted(len(windows), 'event'))} drawn as windows: ranges of {unit}s, not observed days."
    return text


def swimmer_sentence(plotted: pd.DataFrame, *, reconstructed: bool = False) -> str:
    """Which patients are on the page and in which order, and what windows are, for a caption."""
    lanes = plotted.loc[plotted["kind"] == "follow-up", "lane"]
    total, first, last = int(plotted["of"].iloc[0]), int(lanes.min()), int(lanes.max())
    order = "by group, then by length of follow-up" if plotted["groups"].iloc[0] > 1 else "by length of follow-up"
    shown = f"All {total:,} patients" if len(lanes) == total else f"Patients {first:,} to {last:,} of {total:,}"
    text = f"{shown}, ordered {order}."
    spans = plotted[(plotted["low"] < plotted["high"]) & ~plotted["kind"].isin(["follow-up", "in response"])]
    if len(spans):
        text += " Windows: all days on which something can have happened."
    return f"{text} Reconstructed, not observed." if reconstructed else text


def rate_forest_words(frame: pd.DataFrame, outcome: str) -> str:
    """A forest of rates in subgroups in words."""
    rows = [
        f"{_name(r)}, {int(r['count'])} of {int(r['n'])}"
        + (f" ({range_text(100 * r['low'], 100 * r['high'], 1)} %)" if r["estimate"] == r["estimate"] else "")
        for r in frame.to_dict("records")
    ]
    return f"Forest of {outcome} in subgroups, with 95 % intervals. {'; '.join(rows)}."


def hazard_forest_words(frame: pd.DataFrame, outcome: str) -> str:
    """A forest of hazard ratios in words."""
    rows = []
    for row in frame.to_dict("records"):
        p = row.get("p", float("nan"))
        text = f", {p_equation(p)}" if p == p and row.get("reference") is not True else ""
        beyond = {"left": ", going on to the left", "right": ", going on to the right", "both": ", going on both ways"}
        rows.append(f"{_name(row)}, {ratio_with_limits(row)}{text}{beyond.get(row.get('arrow', ''), '')}")
    return f"Forest of hazard ratios for {outcome}, logarithmic axis, with 95 % intervals. {'; '.join(rows)}."


def _name(row: dict[Any, Any]) -> str:
    return ", ".join(str(row[key]) for key in ("subgroup", "level") if row[key]) or "all patients"


def response_words(plotted: pd.DataFrame) -> str:
    """Stacked bars of best responses in words."""
    parts = []
    for time, part in plotted.groupby("time", sort=False):
        counts = ", ".join(f"{int(r['count'])} {r['category']}" for r in part.to_dict("records") if r["count"])
        parts.append(f"{time}, of {int(part['n'].iloc[0])}: {counts}")
    return f"Best response so far, as stacked bars. {'; '.join(parts)}."


def enrolment_words(frame: pd.DataFrame) -> str:
    """Enrolment over time in words."""
    total, most = int(frame["cumulative"].iloc[-1]), frame.loc[frame["enrolled"].idxmax()]
    first, last = frame["start"].iloc[0], frame["end"].iloc[-1]
    text = (
        f"Enrolment of {counted(total, 'patient')} between {day_text(first)} and {day_text(last)}, in "
        f"{counted(len(frame), 'period')}; most in {most['period']}, {int(most['enrolled'])}."
    )
    missing = int(frame["missing"].iloc[0])
    return f"{text} {_upper(counted(missing, 'patient'))} without a date." if missing else text


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def adverse_event_words(plotted: pd.DataFrame) -> str:
    """Adverse events in words: each term with any grade and with grade 3 or higher."""
    first = plotted.drop_duplicates("term").to_dict("records")
    rows = [
        f"{r['term']}, {int(r['any'])} of {int(r['n'])} ({percent_text(r['any'], r['n'], 0)} %), "
        f"grade {SEVERE} or higher {int(r['severe'])}"
        for r in first
    ]
    return f"Adverse events by highest grade of each patient, as stacked bars. {'; '.join(rows)}."


def adverse_event_sentence(plotted: pd.DataFrame) -> str:
    """What a caption has to say: each patient once a term, terms left out, grades not recorded."""
    shown, terms = plotted["term"].nunique(), int(plotted["terms"].iloc[0])
    text = (
        f"Each patient counts once a term, at the highest grade; percentages of {int(plotted['n'].iloc[0]):,} patients."
    )
    if shown < terms:
        text += f" The {shown} most frequent of {terms} terms."
    unknown = int(plotted.loc[plotted["grade"] == 0, "count"].sum())
    return f"{text} {_upper(UNKNOWN)} {unknown:,} times." if unknown else text
