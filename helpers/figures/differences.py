"""Differences from the truth: one line a cohort, one panel a method, a point where one number is left, else a bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.figures.style import EFS, EVENT, GRID, IMPOSSIBLE, MUTED, PAGE, canvas, quiet, use_style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("cohort", "method", "low", "high")


@use_style()
def differences(frame: pd.DataFrame, *, xlabel: str) -> tuple[Figure, pd.DataFrame]:
    """Draw ranges of differences from a true number.

    Parameters
    ----------
    frame : DataFrame
        Columns cohort, method, low, high: the smallest and largest difference; missing where a range is not known.
        Cohorts from top to bottom and methods from left to right in the order in which they come.
    xlabel : str
        Label of the common axis.

    Returns
    -------
    (Figure, DataFrame)
        The plotted frame repeats `frame` with the height `y` of each line and `outcome`: right (the true number and
        no other), open (the true number among others), wrong (the true number is excluded) or unknown.
    """
    plotted = frame.loc[:, list(COLUMNS)].copy()
    cohorts, methods = list(dict.fromkeys(plotted["cohort"])), list(dict.fromkeys(plotted["method"]))
    plotted["y"] = [-cohorts.index(name) for name in plotted["cohort"]]
    plotted["outcome"] = [_outcome(low, high) for low, high in zip(plotted["low"], plotted["high"], strict=True)]
    figure, grid = canvas(PAGE, 0.9 + 0.185 * len(cohorts), ncols=len(methods), sharex=True, sharey=True, squeeze=False)
    for axes, method in zip(grid.flat, methods, strict=True):
        _panel(axes, plotted[plotted["method"] == method])
        axes.set_title(method)
    first = grid.flat[0]
    first.set_yticks([-k for k in range(len(cohorts))], cohorts)
    first.set_ylim(-len(cohorts) + 0.4, 0.6)
    figure.supxlabel(xlabel, fontsize=9)
    return figure, plotted


def _outcome(low: float, high: float) -> str:
    if low != low or high != high:
        return "unknown"
    if low == high == 0:
        return "right"
    return "open" if low <= 0 <= high else "wrong"


def _panel(axes: Axes, part: pd.DataFrame) -> None:
    axes.axvline(0, color=MUTED, linewidth=0.8, zorder=1)
    for row in part.to_dict("records"):
        axes.axhline(row["y"], color=GRID, linewidth=0.5, zorder=0)
        if row["outcome"] == "unknown":
            axes.text(0.4, row["y"], "not listed", fontsize=7, color=MUTED, va="center", style="italic")
        elif row["low"] == row["high"]:
            wrong = row["outcome"] == "wrong"
            colour, marker = (IMPOSSIBLE, "X") if wrong else (EVENT, "o")
            axes.plot([row["low"]], [row["y"]], marker=marker, markersize=5 if wrong else 4, color=colour, zorder=3)
        else:
            axes.plot(
                [row["low"], row["high"]], [row["y"]] * 2, color=EFS, linewidth=4, solid_capstyle="butt", zorder=2
            )
    quiet(axes, x=False)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
