"""Forest of proportions: one line an outcome and method, with count, estimate and interval beside it."""

from __future__ import annotations

from math import ceil
from textwrap import fill
from typing import TYPE_CHECKING, Any

from helpers.figures.style import METHODS, MUTED, PAGE, canvas, use_style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("outcome", "method", "count", "n", "estimate", "low", "high")
_MARKERS = ("s", "o", "^", "D")


@use_style()
def forest(frame: pd.DataFrame, *, xlabel: str = "Patients (%)") -> tuple[Figure, pd.DataFrame]:
    """Draw proportions with their intervals.

    Parameters
    ----------
    frame : DataFrame
        Columns outcome, method, count, n, estimate, low, high; the last three as proportions from 0 to 1.
        `count` is empty ("") where an estimate is no count out of n, such as S(t). Rows of one outcome stand together.
        With several methods each outcome becomes a heading with one line a method beneath it.
    xlabel : str
        Label of the axis in percent.

    Returns
    -------
    (Figure, DataFrame)
        The plotted frame repeats `frame` with the height `y` of each line.
    """
    plotted = frame.loc[:, list(COLUMNS)].copy()
    methods = list(dict.fromkeys(plotted["method"]))
    grouped = len(methods) > 1
    plotted["y"] = _heights(plotted["outcome"].tolist(), grouped=grouped)
    span = (float(plotted["y"].min()) - 0.6, 1.6 if grouped else 0.6)
    figure, (axes, digits) = canvas(PAGE, 0.95 + 0.27 * (span[1] - span[0]), ncols=2, width_ratios=[1.65, 1])
    for row in plotted.to_dict("records"):
        k = methods.index(row["method"]) % len(_MARKERS)
        _line(axes, row, METHODS[k], _MARKERS[k])
    _names(axes, plotted, grouped=grouped)
    _digits(digits, plotted)
    top = 100 if plotted["high"].max() > 0.6 else 10 * ceil(10 * plotted["high"].max())
    axes.set(xlim=(0, top), ylim=span, xlabel=xlabel)
    axes.set_xticks(range(0, top + 1, 20 if top > 50 else 10))
    axes.grid(True, axis="x")
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0, pad=9)
    digits.set(xlim=(0, 1), ylim=span)
    digits.axis("off")
    return figure, plotted


def _line(axes: Axes, row: dict[str, Any], colour: str, marker: str) -> None:
    y = row["y"]
    low, middle, high = (100 * row[key] for key in ("low", "estimate", "high"))
    axes.plot([low, high], [y, y], color=colour, linewidth=1.8, solid_capstyle="butt", clip_on=False)
    for end in (low, high):
        axes.plot([end, end], [y - 0.16, y + 0.16], color=colour, linewidth=1.4, clip_on=False)
    axes.plot([middle], [y], marker=marker, color=colour, markersize=6, clip_on=False, zorder=4)


def _heights(outcomes: list[str], *, grouped: bool) -> list[float]:
    """Heights from the top down; a heading takes a line of its own, and a gap parts the groups."""
    heights: list[float] = []
    y, last = 0.0, None
    for outcome in outcomes:
        if grouped and outcome != last:
            y -= 0.0 if last is None else 2.5
        elif last is not None:
            y -= 1.0
        heights.append(y)
        last = outcome
    return heights


def _names(axes: Axes, plotted: pd.DataFrame, *, grouped: bool) -> None:
    """Names of the lines on the left; with several methods, a bold heading over each outcome."""
    if not grouped:
        axes.set_yticks(plotted["y"], plotted["outcome"].map(lambda text: fill(text, 26)))
        return
    heads = plotted.groupby("outcome", sort=False)["y"].max() + 1.05
    names = [*plotted["method"], *(fill(str(outcome), 26) for outcome in heads.index)]
    axes.set_yticks([*plotted["y"], *heads], names)
    for label in axes.get_yticklabels()[len(plotted) :]:
        label.set_fontweight("bold")


def _digits(axes: Axes, plotted: pd.DataFrame) -> None:
    """Count, percentage and interval as columns of text at the heights of their lines."""
    columns = {"count": 0.2, "%": 0.45, "95 % interval": 1.0}
    counted = plotted["count"].astype(str) != ""
    for title, x in columns.items():
        if title == "count" and not counted.any():
            continue
        axes.text(x, 1.0, title, transform=axes.transAxes, ha="right", va="bottom", fontsize=8.5, color=MUTED)
    for row in plotted.to_dict("records"):
        low, middle, high = (f"{100 * row[key]:.1f}" for key in ("low", "estimate", "high"))
        texts = (f"{row['count']}/{row['n']}" if str(row["count"]) else "", middle, f"{low}–{high}")
        for text, x in zip(texts, columns.values(), strict=True):
            axes.text(x, row["y"], text, ha="right", va="center", fontsize=8.5)
