"""The history ladder: one rung a patient, an event or a censoring on each, and the landmarks where they bind."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

from helpers.figures.style import (
    CENSORED,
    CENSORED_TEXT,
    DIFFERENT,
    EVENT,
    GRID,
    IMPOSSIBLE,
    INK,
    MUTED,
    canvas,
    use_style,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_RUNG = 0.235
_WIDTH = 7.0
_INCHES = 0.47  # a unit of x


@use_style()
def ladder(rungs: pd.DataFrame, marks: pd.DataFrame, *, event_name: str = "event") -> tuple[Figure, pd.DataFrame]:
    """Draw histories side by side as ladders.

    Parameters
    ----------
    rungs : DataFrame
        As `helpers.inversion.frames.ladder_frame` gives it: history, rung, kind, number, survival, std_error,
        day_low, day_high.
    marks : DataFrame
        As `helpers.inversion.frames.landmark_frame` gives it.
    event_name : str
        What an event is called on a rung, e.g. ``"death"``.

    Returns
    -------
    (Figure, DataFrame)
        The plotted frame repeats `rungs` with the position (`x`, `y`) of each symbol and whether the histories
        differ there.
    """
    count = int(rungs["history"].max())
    top = int(rungs["rung"].max())
    plotted = rungs.assign(x=(rungs["history"] - 1) * _WIDTH, y=rungs["rung"].astype(float))
    kinds = plotted.groupby("rung")["kind"].nunique()
    plotted["differs"] = plotted["rung"].map(kinds) > 1
    last = int(plotted.loc[plotted["kind"] != "", "rung"].min())
    bottom = max(last - 2.2, 0.2)
    notes = count * _WIDTH
    span = (-1.3, notes + 4.9)
    figure, axes = canvas(_INCHES * (span[1] - span[0]), 0.2 + _RUNG * (top - bottom + 2.9))
    for rung in plotted.loc[plotted["differs"], "rung"].unique():
        axes.fill_between([span[0], notes - 0.5], rung - 0.5, rung + 0.5, color=DIFFERENT, lw=0, zorder=0)
    for number, part in plotted.groupby("history"):
        _rails(axes, part, int(number), count, bottom, top)
        for row in part.to_dict("records"):
            if row["y"] > bottom:
                _step(axes, row, event_name)
    for _, part in marks.groupby("claim", sort=False):
        _landmark(axes, part.iloc[0].to_dict(), notes)
    axes.set(xlim=span, ylim=(bottom - 0.3, top + 2.4))
    axes.axis("off")
    return figure, plotted


def _rails(axes: Axes, part: pd.DataFrame, number: int, count: int, bottom: float, top: int) -> None:
    x = float(part["x"].iloc[0])
    done = part.loc[part["kind"] != "", "y"].min()
    for side in (-0.24, 0.24):
        axes.plot([x + side] * 2, [done - 0.5, top + 0.5], color=MUTED, lw=1.1, zorder=1)
        axes.plot([x + side] * 2, [bottom, done - 0.5], color=MUTED, lw=1.1, ls=(0, (1, 2)), zorder=1)
    if count > 1:
        axes.text(x - 0.24, top + 2.0, f"History {number}", fontweight="bold", fontsize=9.5, va="center")
    heads = ((-0.5, "at risk", "right"), (2.95, "S", "right"), (4.0, "se", "right"), (5.3, "day", "right"))
    for dx, text, align in heads:
        axes.text(x + dx, top + 1.0, text, fontsize=7.5, color=MUTED, ha=align, va="center")
    left = int((part["kind"] == "").sum())
    if left:
        text = f"{left} patients left: no printed landmark reaches them"
        axes.text(x + 0.55, done - 1.25, _wrapped(text), color=MUTED, fontsize=7.5, va="center", style="italic")


def _wrapped(text: str) -> str:
    return fill(text, 34)


def _step(axes: Axes, row: dict[str, Any], event_name: str) -> None:
    x, y = row["x"], row["y"]
    axes.text(x - 0.5, y, str(int(row["rung"])), ha="right", va="center", fontsize=8, color=MUTED)
    axes.plot([x - 0.24, x + 0.24], [y, y], color=GRID, lw=1.1, zorder=1)
    if row["kind"] == "E":
        axes.plot(x, y, "s", color=EVENT, ms=7.5, zorder=3)
        axes.text(x + 0.5, y, f"{event_name} {int(row['number'])}", va="center", fontsize=8.5, color=EVENT)
        axes.text(x + 2.95, y, f"{row['survival']:.3f}", va="center", ha="right", fontsize=8, color=INK)
        axes.text(x + 4.0, y, f"{row['std_error']:.3f}", va="center", ha="right", fontsize=8, color=INK)
        axes.text(x + 5.3, y, _days(row), va="center", ha="right", fontsize=7.5, color=INK)
    elif row["kind"] == "C":
        axes.plot(x, y, "o", mfc="white", mec=CENSORED, mew=2, ms=7.5, zorder=3)
        axes.text(x + 0.5, y, "censored", va="center", fontsize=8.5, color=CENSORED_TEXT)


def _days(row: dict[str, Any]) -> str:
    low, high = row["day_low"], row["day_high"]
    if low != low or low is None:
        return ""
    return f"{int(low)}" if low == high else f"{int(low)}–{int(high)}"


def _landmark(axes: Axes, mark: dict[str, Any], x: float) -> None:
    y = mark["rung"] + 0.5
    axes.axhline(y, color=INK, lw=0.9, ls=(0, (4, 2)), zorder=2)
    label = fill(str(mark["label"]), 30)
    height, align = (0.95, "center") if "\n" not in label else (0.62, "bottom")
    axes.text(x, y + height, label, fontsize=8.5, fontweight="bold", va=align, linespacing=1.1)
    axes.text(x, y + 0.3, _interval_text(mark, "printed"), fontsize=8, va="center")
    axes.text(x, y - 0.42, _arithmetic(mark), fontsize=7.5, va="center", color=MUTED)
    wrong = [
        f"{mark[f'printed_{name}']} cannot be printed"
        for name in ("value", "ci_low", "ci_high")
        if mark[f"printed_{name}"] and mark[f"printed_{name}"] != mark[f"expected_{name}"]
    ]
    if wrong:
        axes.text(x, y - 1.1, "; ".join(wrong), fontsize=8, va="center", color=IMPOSSIBLE, fontweight="bold")


def _interval_text(mark: dict[str, Any], kind: str) -> str:
    low, high = mark[f"{kind}_ci_low"], mark[f"{kind}_ci_high"]
    limits = f" ({low}–{high})" if low and high else ""
    return f"printed {mark[f'{kind}_value']}{limits}"


def _arithmetic(mark: dict[str, Any]) -> str:
    z = "1.96" if mark["z"] == "1.96" else "1.959964"
    low, high = mark["expected_ci_low"], mark["expected_ci_high"]
    if not (low and high):
        return f"S = {mark['survival']:.3f}"
    sign = {"plain": "±", "log": "×/÷ exp", "log-log": "log-log"}[mark["interval"]]
    return f"{mark['survival']:.3f} {sign} {z} × {mark['std_error']:.3f} = {low}–{high}"


def ladder_words(rungs: pd.DataFrame, marks: pd.DataFrame, event_name: str) -> str:
    """The ladder in words, for those who do not see it."""
    sentences = []
    for number, part in rungs[rungs["kind"] != ""].groupby("history"):
        steps = "".join(part["kind"])
        sentences.append(f"History {number} from the top: {steps} ({event_name} E, censored C).")
    for _, mark in marks.drop_duplicates("claim").iterrows():
        sentences.append(f"{mark['label']} binds with {mark['rung']} patients left.")
    return f"Ladder of {int(rungs['rung'].max())} rungs. " + " ".join(sentences)
