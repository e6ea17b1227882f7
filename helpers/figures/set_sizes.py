"""How many histories are left of each curve, against its number of patients and the decimals in print."""

from __future__ import annotations

from math import ceil, log10
from typing import TYPE_CHECKING

from helpers.figures.style import GROUPS, INK, MARKED, MUTED, OS, PAGE, canvas, use_style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_MARKERS = {
    0: ("o", GROUPS[1], "whole percentages"),
    1: ("s", OS, "one decimal"),
    2: ("D", GROUPS[0], "two decimals or more"),
}


@use_style()
def set_sizes(frame: pd.DataFrame) -> tuple[Figure, pd.DataFrame]:
    """Draw the sizes of inverted sets.

    Parameters
    ----------
    frame : DataFrame
        One row a curve: name, first (bool), n, decimals (of percentages), with_interval (bool: at least one interval is
        printed), low and
        high (certain limits of the number of histories, 1 or more; equal where the set was listed).

    Returns
    -------
    (Figure, DataFrame)
        The frame with log_low and log_high, the ends of each line as powers of ten.
    """
    plotted = frame.assign(log_low=[log10(x) for x in frame["low"]], log_high=[log10(x) for x in frame["high"]])
    figure, axes = canvas(PAGE, 4.2)
    for row in plotted.to_dict("records"):
        marker, colour, _ = _MARKERS[min(int(row["decimals"]), 2)]
        edge = MARKED if row["first"] else colour
        ends = [row["log_low"], row["log_high"]]
        axes.plot([row["n"]] * 2, ends, color=edge, lw=2.2, alpha=0.8, solid_capstyle="butt")
        axes.plot(
            [row["n"]] * 2, ends, marker, color=edge, ms=6, ls="none", mew=1.2,
            mfc=edge if row["with_interval"] else "white", clip_on=False, zorder=4,
        )  # fmt: skip
    axes.set_xscale("log")
    ticks = [10, 20, 30, 50, 100, 200]
    axes.set_xticks(ticks, [str(x) for x in ticks])
    axes.set_xticks([], minor=True)
    axes.set_xlim(min(9, 0.9 * float(plotted["n"].min())), 1.15 * float(plotted["n"].max()))
    top = 5 * ceil(float(plotted["log_high"].max()) / 5)
    step = next((s for s in (1, 2, 5, 10, 20) if top / s <= 8), 50)
    axes.set_yticks(
        range(0, top + 1, step), ["1", *(f"10{str(k).translate(_RAISED)}" for k in range(step, top + 1, step))]
    )
    axes.set_ylim(-0.03 * top, top)
    axes.grid(True, axis="y")
    axes.set_xlabel("Patients the curve runs over")
    axes.set_ylabel("Histories that print the numbers")
    for marker, colour, name in _MARKERS.values():
        axes.plot([], [], marker, color=colour, ms=6, mew=1.2, label=name)
    axes.plot([], [], "s", color=INK, mfc="white", ms=6, mew=1.2, label="no interval printed")
    axes.plot([], [], "s", color=MARKED, ms=6, label="the first study")
    axes.plot([], [], "-", color=MUTED, lw=2.2, label="certain range")
    axes.legend(loc="upper left", frameon=False, fontsize=8)
    return figure, plotted
