"""Rates by number of patients: small panels side by side, one line a series, with exact 95 % bands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.figures.style import CENSORED, EFS, EVENT, MUTED, PAGE, canvas, quiet, use_style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("panel", "series", "n", "count", "cases")
_LOOK = ((EVENT, "o", "-"), (EFS, "s", "--"), (CENSORED, "D", "-."), (MUTED, "^", ":"))


def rate_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns panel, series, n, count, cases; and rate, low, high in percent with Clopper-Pearson limits."""
    from scipy.stats import binomtest

    plotted = frame.loc[:, list(COLUMNS)].copy()
    limits = [
        binomtest(int(count), int(cases)).proportion_ci(0.95, "exact")
        for count, cases in zip(plotted["count"], plotted["cases"], strict=True)
    ]
    plotted["rate"] = 100 * plotted["count"] / plotted["cases"]
    plotted["low"] = [100 * float(limit.low) for limit in limits]
    plotted["high"] = [100 * float(limit.high) for limit in limits]
    return plotted


@use_style()
def rates_by_size(frame: pd.DataFrame, *, ylabel: str, bottom: float = 0) -> tuple[Figure, pd.DataFrame]:
    """Draw rates against the number of patients.

    Parameters
    ----------
    frame : DataFrame
        Columns panel, series, n (patients), count, cases; one row a point, at most four series.
    ylabel : str
        Label of the axis in percent.
    bottom : float
        Where the axis in percent begins.

    Returns
    -------
    (Figure, DataFrame)
        The plotted frame is `rate_frame`.
    """
    plotted = rate_frame(frame)
    names = list(dict.fromkeys(plotted["panel"]))
    figure, grid = canvas(PAGE, 3.1, ncols=len(names), sharey=True, squeeze=False)
    for axes, name in zip(grid.flat, names, strict=True):
        _panel(axes, plotted[plotted["panel"] == name])
        axes.set_title(name)
        axes.set(xlabel="Patients", ylim=(bottom, 100 + (100 - bottom) / 40))
        axes.set_xticks(_apart(sorted(plotted["n"].unique().tolist())))
        quiet(axes, x=False, y=True)
    grid.flat[0].set_ylabel(ylabel)
    handles, labels = grid.flat[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=min(4, len(labels)), handlelength=2.8)
    return figure, plotted


def _apart(sizes: list[int]) -> list[int]:
    """The sizes that can be named on an axis without running into each other."""
    kept = sizes[:1]
    for size in sizes[1:]:
        if size - kept[-1] > 0.06 * (sizes[-1] - sizes[0]):
            kept.append(size)
    return kept


def _panel(axes: Axes, part: pd.DataFrame) -> None:
    for k, (series, points) in enumerate(part.groupby("series", sort=False)):
        colour, marker, dash = _LOOK[k]
        axes.fill_between(points["n"], points["low"], points["high"], color=colour, alpha=0.13, linewidth=0)
        axes.plot(
            points["n"], points["rate"], color=colour, marker=marker, markersize=4.5, linestyle=dash, label=str(series),
            clip_on=False, zorder=3,
        )  # fmt: skip
