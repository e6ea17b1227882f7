"""The lines of a forest over studies, and the forest in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from helpers.across.field import CURVES, OUTCOMES
from helpers.across.summaries import Summary
from helpers.figures.across_forest import COLUMNS, FIRST, STUDY, SUMMARY
from helpers.figures.wording import range_text
from helpers.narrative.phrases import counted, in_sentence
from helpers.study.comparison import Group, Match

if TYPE_CHECKING:
    import pandas as pd


def forest_frame(
    pooled: pd.DataFrame, summaries: Sequence[Summary], outcomes: Sequence[str], first: str
) -> pd.DataFrame:
    """The lines of one forest: every study of some outcomes by group, and the summary of each group that has one.

    Parameters
    ----------
    pooled : from `pooled_lines`; `summaries` from `summaries`.
    outcomes : ids of the outcomes, e.g. ``["os_6", "os_12"]``.
    first : id of the study that is marked.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for outcome in outcomes:
        for group in Group:
            part = pooled[(pooled["outcome"] == outcome) & (pooled["group"] == str(group))]
            if part.empty:
                continue
            heading = f"{OUTCOMES[outcome]} · {group.heading}" if len(outcomes) > 1 else group.heading
            rows += [_study(row, heading, outcome, first) for row in part.to_dict("records")]
            rows += [
                _summary(s, heading, curves=outcome in CURVES)
                for s in summaries
                if (s.outcome, s.group) == (outcome, str(group))
            ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _study(row: dict[Any, Any], heading: str, outcome: str, first: str) -> dict[str, Any]:
    near = " *" if row["match"] == str(Match.NEAR) else ""
    apart = " †" if row["match"] == str(Match.APART) else ""
    nan = float("nan")
    return {
        "heading": heading,
        "name": f"{row['label']}{near}{apart}",
        "kind": FIRST if row["study"] == first else STUDY,
        "counts": str(row["n"]) if outcome in CURVES else row["printed"],
        "text": row["printed"] if outcome in CURVES else _percent(row["estimate"], row["low"], row["high"]),
        "n": row["n"],
        "estimate": row["estimate"],
        "low": row["low"],
        "high": row["high"],
        "outer_low": nan,
        "outer_high": nan,
        "pooled": bool(row["pooled"]),
    }


def _summary(found: Summary, heading: str, *, curves: bool) -> dict[str, Any]:
    return {
        "heading": heading,
        "name": f"Summary of {counted(len(found.studies), 'study', 'studies')}",
        "kind": SUMMARY,
        "counts": f"{found.patients:,}" if curves else f"N = {found.patients:,}",
        "text": _percent(found.estimate, found.low, found.high),
        "n": found.patients,
        "estimate": found.estimate,
        "low": found.low,
        "high": found.high,
        "outer_low": found.predicted_low,
        "outer_high": found.predicted_high,
        "pooled": True,
    }


def _percent(estimate: float, low: float, high: float) -> str:
    if estimate != estimate:
        return "–"
    text = f"{100 * estimate:.1f}"
    return f"{text} ({range_text(100 * low, 100 * high, 1)})" if low == low else text


def forest_words(frame: pd.DataFrame, title: str) -> str:
    """A forest over studies in words: every line with its numbers."""
    parts = []
    for heading, part in frame.groupby("heading", sort=False):
        lines = "; ".join(
            f"{row['name'].strip(' *†')} {row['counts']}, {row['text']}" for row in part.to_dict("records")
        )
        parts.append(f"{heading}: {lines}")
    return f"Forest of {in_sentence(title)} over studies, in percent with 95 % intervals. {'. '.join(parts)}."


def forest_caption(frame: pd.DataFrame, title: str, *, curves: bool, label: str) -> str:
    """What the signs of a forest mean."""
    interval = "as printed" if curves else "exact (Clopper-Pearson)"
    parts = [f"{title} over studies; intervals {interval}. Purple, with an arrow head: {label}."]
    if not frame["pooled"].all():
        parts.append("Hollow: not pooled.")
    if (frame["kind"] == SUMMARY).any():
        parts.append(
            "Black: the summary of the filled squares of its group; dotted: where a further study would lie (95 %)."
        )
    if frame["name"].str.contains("*", regex=False).any():
        parts.append("\\*: nearly the same outcome.")
    if frame["name"].str.contains("†", regex=False).any():
        parts.append("†: another definition.")
    return " ".join(parts)
