"""Kaplan-Meier figures: step line, censor ticks, interval band, identified band, landmarks, and the numbers beneath."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from helpers.figures.at_risk import KMUNICATE
from helpers.figures.curves import percent_axis
from helpers.figures.style import BAND, CENSORED, GRID, IMPOSSIBLE, INK, MUTED, PAGE, canvas, use_style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@use_style()
def kaplan_meier(
    curve: pd.DataFrame,
    numbers: pd.DataFrame,
    *,
    colour: str,
    ylabel: str,
    xlabel: str = "Days since infusion",
    band: pd.DataFrame | None = None,
    points: pd.DataFrame | None = None,
    median: float | None = None,
) -> tuple[Figure, pd.DataFrame]:
    """Draw one survival curve with its numbers at risk.

    Parameters
    ----------
    curve : DataFrame
        One row a distinct time, from 0 on: time, survival, low, high (interval limits; NaN where undefined),
        censored (how many are censored then; a tick is drawn).
    numbers : DataFrame
        Columns day, at_risk, events, censored; one column of the table beneath for each row.
    colour : str
        Colour of the curve.
    ylabel, xlabel : str
        Axis labels.
    band : DataFrame, optional
        The identified band: day, low, high.
    points : DataFrame, optional
        Printed landmarks: day, value, low, high; `impossible` (bool) marks those that contradict the rest.
    median : float, optional
        Where to draw the median line; None: not drawn.

    Returns
    -------
    (Figure, DataFrame)
        The plotted steps: `curve` as drawn.
    """
    last = float(max(curve["time"].max(), numbers["day"].max()))
    figure, (axes, table) = canvas(PAGE, 4.9, nrows=2, height_ratios=[3.6, 1], sharex=True)
    if band is not None:
        axes.fill_between(
            band["day"], band["low"], band["high"], step="post", color=BAND, lw=0, label="identified band"
        )
    limits = curve.dropna(subset=["low", "high"])
    for name in ("low", "high"):
        label = "95 % interval" if name == "low" else None
        axes.step(limits["time"], limits[name], where="post", color=colour, lw=0.9, ls=(0, (3, 2)), label=label)
    axes.step(curve["time"], curve["survival"], where="post", color=colour, lw=2, label="Kaplan-Meier")
    ticks = curve[curve["censored"] > 0]
    axes.plot(ticks["time"], ticks["survival"], "|", color=CENSORED, ms=9, mew=1.6, ls="", label="censored")
    if median is not None and median <= last:
        axes.plot([0, median, median], [0.5, 0.5, 0], color=MUTED, lw=1, ls=":")
        axes.annotate(
            f"median {median:g}", (median, 0.02), xytext=(4, 0), textcoords="offset points", fontsize=8, color=MUTED
        )
    if points is not None:
        _points(axes, points)
    axes.set(xlim=(0, last), ylabel=_wrapped(ylabel))
    percent_axis(axes)
    axes.set_xticks(numbers["day"])
    axes.tick_params(axis="x", labelbottom=True)
    axes.set_xlabel(xlabel)
    axes.legend(loc="upper right")
    _numbers(table, numbers)
    return figure, curve


def _points(axes: Axes, points: pd.DataFrame) -> None:
    """Printed landmarks; the limits that contradict the rest in another colour."""
    first = True
    for row in points.to_dict("records"):
        wrong = bool(row.get("impossible", False))
        if row["low"] == row["low"] and row["high"] == row["high"]:
            axes.plot([row["day"]] * 2, [row["low"], row["high"]], color=INK, lw=1.2, zorder=4)
            for name in ("low", "high"):
                bad = wrong and row.get("impossible_field") == name
                axes.plot(row["day"], row[name], "_", color=IMPOSSIBLE if bad else INK, ms=11 if bad else 8, mew=2)
                if bad:
                    axes.annotate(
                        "impossible", (row["day"], row[name]), xytext=(7, -3), textcoords="offset points",
                        fontsize=8, color=IMPOSSIBLE,
                    )  # fmt: skip
        label = "as printed" if first else None
        axes.plot(row["day"], row["value"], "D", mfc="white", mec=INK, ms=6, mew=1.4, ls="", zorder=5, label=label)
        first = False


def _numbers(axes: Axes, numbers: pd.DataFrame) -> None:
    """At risk, events and censored, aligned with the axis above; each column sums to the number of patients."""
    axes.set(ylim=(-2.6, 0.9))
    for k, (column, name) in enumerate(KMUNICATE.items()):
        axes.annotate(
            name, (0, -k), xytext=(-8, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
            ha="right", va="center", fontsize=8.5, annotation_clip=False,
        )  # fmt: skip
        for row in numbers.to_dict("records"):
            align = "left" if row["day"] == 0 else "center"
            axes.text(row["day"], -k, f"{int(row[column])}", ha=align, va="center", fontsize=8.5)
        axes.axhline(-k + 0.5, color=GRID, lw=0.7)
    axes.set_yticks([])
    axes.tick_params(axis="x", length=0, labelbottom=False)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)


@use_style()
def interval_types(curves: pd.DataFrame, *, colour: str, ylabel: str) -> tuple[Figure, pd.DataFrame]:
    """The same curve with its interval by every convention, side by side.

    Parameters
    ----------
    curves : DataFrame
        Columns interval, time, survival, low, high.
    colour : str
        Colour of the curve.
    ylabel : str
        Label of the shared axis.
    """
    names = list(dict.fromkeys(curves["interval"]))
    figure, panels = canvas(PAGE, 2.7, ncols=len(names), sharey=True)
    for axes, name in zip(panels, names, strict=True):
        part = curves[curves["interval"] == name]
        known = part.dropna(subset=["low", "high"])
        axes.fill_between(known["time"], known["low"], known["high"], step="post", color=BAND, lw=0)
        axes.step(part["time"], part["survival"], where="post", color=colour, lw=1.8)
        axes.set(title=name, xlim=(0, part["time"].max()), ylim=(0, 1.03), xlabel="Days")
        axes.grid(True, axis="y")
    panels[0].set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
    panels[0].set_ylabel(_wrapped(ylabel))
    return figure, curves


@use_style()
def identified_band(
    band: pd.DataFrame, points: pd.DataFrame, *, colour: str, ylabel: str, xlabel: str = "Days since infusion"
) -> tuple[Figure, pd.DataFrame]:
    """The smallest and largest S(t) over all consistent data sets, with the printed landmarks in it.

    Parameters
    ----------
    band : DataFrame
        Columns day, low, high.
    points : DataFrame
        Printed landmarks: day, value.
    colour, ylabel, xlabel : str
        As in `kaplan_meier`.
    """
    figure, axes = canvas(PAGE, 3.2)
    axes.fill_between(band["day"], band["low"], band["high"], step="post", color=BAND, lw=0)
    for name in ("low", "high"):
        axes.step(band["day"], band[name], where="post", color=colour, lw=1.3)
    axes.plot(points["day"], points["value"], "D", mfc="white", mec=INK, ms=6, mew=1.4, ls="", zorder=5, clip_on=False)
    for row in points.to_dict("records"):
        axes.annotate(
            f"{100 * row['value']:.1f} %",
            (row["day"], row["value"]),
            xytext=(7, 4),
            textcoords="offset points",
            fontsize=8,
        )
    axes.set(xlim=(0, 1.08 * band["day"].max()), xlabel=xlabel, ylabel=_wrapped(ylabel))
    percent_axis(axes)
    return figure, band


def _wrapped(label: str) -> str:
    """A label of an upright axis in lines that fit beside it."""
    return "\n".join(wrap(label, 32))
