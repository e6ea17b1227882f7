"""Best response over time: one stacked bar a time, from the best response up to the patients not assessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.errors import InputError, Problem
from helpers.figures.legend import Entry, draw_legend, legend_lines
from helpers.figures.lettering import drawable, inches, line_height, wrapped
from helpers.figures.style import COLUMN, MUTED, PAGE, RESPONSES, SHEET, ink_on, panel, sheet, small, use_style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

_BAR = 0.68


@use_style()
def best_response(
    frame: pd.DataFrame, *, ylabel: str = "Patients", left_over: str = "not assessed", width: float = PAGE
) -> tuple[Figure, pd.DataFrame]:
    """Draw the shares of responses at each time.

    Parameters
    ----------
    frame : DataFrame
        Columns time (label, e.g. "Day 28"), category, count, n: one row a time and response, times in their order,
        responses from the best down, at most five and `left_over`. The counts of a time sum to its n.
    ylabel : str
        Label of the axis in percent.
    left_over : str
        The category that is no response; drawn as an open, hatched bar on top.
    width : float
        Inches: `style.PAGE` or `style.COLUMN`.

    Returns
    -------
    (Figure, DataFrame)
        `frame` with x (place of the bar), bottom and height (proportions).

    Raises
    ------
    InputError
        More than five responses, or counts that do not sum to n.
    """
    times = list(dict.fromkeys(frame["time"]))
    categories = [name for name in dict.fromkeys(frame["category"]) if name != left_over]
    _check(frame, categories)
    rank = {name: k for k, name in enumerate([*categories, left_over])}
    plotted = frame.assign(x=frame["time"].map(times.index), order=frame["category"].map(rank))
    plotted = plotted.sort_values(["x", "order"], kind="stable", ignore_index=True)
    plotted["height"] = (plotted["count"] / plotted["n"]).where(plotted["n"] > 0, 0.0)
    plotted["bottom"] = plotted.groupby("x")["height"].cumsum() - plotted["height"]
    size = small(width)
    shades = {name: RESPONSES[k] for k, name in enumerate(categories)}
    some = plotted.loc[plotted["count"] > 0, "category"].unique()
    entries = [Entry("bar", drawable(name), shades[name]) for name in categories]
    if left_over in some:
        entries.append(Entry("bar", drawable(left_over), SHEET, hatch="////"))
    legend = legend_lines(entries, width, size)
    left = 0.2 + inches("100 %", size) + line_height(size) + 0.1
    wide = width - left - 0.12
    per_bar = wide / len(times)
    labels = [[*wrapped(drawable(t), per_bar * 0.94, size), f"n = {_n(plotted, t):,}"] for t in times]
    above = 0.1 + len(legend) * line_height(size) * 1.15 + 0.08
    tall = 2.5 if width > 1.5 * COLUMN else 1.9
    below = 0.14 + line_height(size) * max(map(len, labels)) + 0.06
    figure = sheet(width, above + tall + below)
    draw_legend(figure, legend, 0.08, width, size)
    axes = panel(figure, left, above, wide, tall)
    axes.set(xlim=(-0.5, len(times) - 0.5), ylim=(0, 1))
    for row in plotted.to_dict("records"):
        if not row["count"]:
            continue
        open_bar = row["category"] == left_over
        colour = SHEET if open_bar else shades[row["category"]]
        axes.bar(
            [row["x"]], [row["height"]], bottom=row["bottom"], width=_BAR, facecolor=colour, edgecolor=MUTED,
            linewidth=0.6, hatch="////" if open_bar else "", gid=f"{row['time']}|{row['category']}",
        )  # fmt: skip
        if row["height"] * tall > line_height(size) and inches(str(row["count"]), size) < per_bar * _BAR:
            axes.text(
                row["x"], row["bottom"] + row["height"] / 2, f"{int(row['count']):,}", ha="center", va="center",
                fontsize=size, color=ink_on(colour), gid="count",
                bbox={"facecolor": colour, "edgecolor": "none", "pad": 1.2} if open_bar else None,
            )  # fmt: skip
    axes.set_xticks(range(len(times)), ["\n".join(lines) for lines in labels], fontsize=size)
    axes.tick_params(axis="x", length=0, pad=4)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"], fontsize=size)
    axes.set_ylabel(drawable(ylabel), fontsize=size + 0.3)
    axes.yaxis.set_label_coords(-(inches("100 %", size) + 0.14) / wide, 0.5)
    return figure, plotted.drop(columns="order")


def _n(plotted: pd.DataFrame, time: object) -> int:
    return int(plotted.loc[plotted["time"] == time, "n"].iloc[0])


def _check(frame: pd.DataFrame, categories: list[str]) -> None:
    if not categories or len(categories) > len(RESPONSES):
        raise InputError(
            Problem(f"one to {len(RESPONSES)} responses can be told apart", "merge some", found=", ".join(categories))
        )
    sums = frame.groupby("time", sort=False).agg(total=("count", "sum"), n=("n", "first"))
    odd = sums[sums["total"] != sums["n"]]
    if len(odd):
        row = odd.iloc[0]
        raise InputError(
            Problem("the responses of a time do not sum to its n", "count every patient once at each time",
                    found=f"{odd.index[0]}: {row['total']} of {row['n']}")
        )  # fmt: skip
