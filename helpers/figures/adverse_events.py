"""Adverse events: one stacked bar a term, patients by their highest grade, with the numbers beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.errors import InputError, Problem
from helpers.figures.legend import Entry, draw_legend, legend_lines
from helpers.figures.lettering import drawable, inches, line_height, wrapped
from helpers.figures.style import COLUMN, INK, MUTED, PAGE, SEVERITY, SHEET, ink_on, panel, sheet, small, use_style
from helpers.figures.wording import percent_text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_TERMS = 25
UNKNOWN = "grade not recorded"
_BAR = 0.72


@use_style()
def adverse_events(
    frame: pd.DataFrame, *, most: int = MOST_TERMS, xlabel: str = "Patients (%)", width: float = PAGE
) -> tuple[Figure, pd.DataFrame]:
    """Draw terms from the most frequent down, each with its patients by highest grade.

    Parameters
    ----------
    frame : DataFrame
        From `helpers.estimators.adverse_events.highest_grades`: term, grade (0: not recorded), count, n, any, severe;
        terms are drawn in the order of the rows.
    most : int
        Terms that are drawn at most; say in the caption that the rest is left out.
    xlabel : str
        Label of the axis in percent.
    width : float
        Inches: `style.PAGE` or `style.COLUMN`.

    Returns
    -------
    (Figure, DataFrame)
        The drawn rows of `frame` with y (line from the top), left and width of each part in percent of n, and `terms`,
        the number of all terms.

    Raises
    ------
    InputError
        No adverse event.
    """
    if frame.empty:
        raise InputError(Problem("there are no adverse events to draw", "leave the figure out"))
    terms = list(dict.fromkeys(frame["term"]))
    shown = terms[:most]
    plotted = frame[frame["term"].isin(shown)].reset_index(drop=True)
    plotted = plotted.assign(y=plotted["term"].map(shown.index), width=100 * plotted["count"] / plotted["n"])
    plotted = plotted.assign(last=plotted["grade"] == 0).sort_values(["y", "last", "grade"], ignore_index=True)
    plotted = plotted.drop(columns="last")
    plotted["left"] = plotted.groupby("y")["width"].cumsum() - plotted["width"]
    plotted["terms"] = len(terms)
    size, page = small(width), width > 1.5 * COLUMN
    names = [wrapped(drawable(term), width * (0.34 if page else 0.38), size) for term in shown]
    left = 0.2 + max(inches(line, size) for lines in names for line in lines)
    columns = {"any": "any grade", "severe": "grade ≥ 3"} if page else {"any": "any", "severe": "≥ 3"}
    texts = {name: [_text(row, name, page) for row in _by_term(plotted)] for name in columns}
    rooms = [max(inches(x, size) for x in [columns[name], *texts[name]]) + 0.14 for name in columns]
    wide = width - left - sum(rooms) - 0.16
    pitch = line_height(size) * 1.2
    heights = [pitch + (len(lines) - 1) * line_height(size) for lines in names]
    legend = legend_lines(_entries(plotted), width, size)
    above = 0.1 + len(legend) * line_height(size) * 1.15 + 0.06 + line_height(size) + 0.04
    figure = sheet(width, above + sum(heights) + 0.22 + 2 * line_height(size))
    draw_legend(figure, legend, 0.08, width, size)
    axes = panel(figure, left, above, wide, sum(heights))
    middles = [sum(heights[:k]) + h / 2 for k, h in enumerate(heights)]
    axes.set(xlim=(0, _top(plotted)), ylim=(sum(heights), 0))
    for row in plotted.to_dict("records"):
        _part(axes, row, middles[row["y"]], pitch * _BAR, wide, size)
    axes.set_yticks(middles, ["\n".join(lines) for lines in names], fontsize=size)
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", labelsize=size)
    axes.grid(True, axis="x")
    axes.set_xlabel(drawable(xlabel), fontsize=size + 0.3, labelpad=3)
    end = wide
    for name, room in zip(columns, rooms, strict=True):
        end += room
        for y, text in [(-0.5 * line_height(size) - 0.02, columns[name]), *zip(middles, texts[name], strict=True)]:
            axes.text(
                end / wide * axes.get_xlim()[1], y, text, ha="right", va="center", fontsize=size, clip_on=False,
                color=MUTED if y < 0 else INK, gid=f"column|{name}",
            )  # fmt: skip
    return figure, plotted


def _by_term(plotted: pd.DataFrame) -> list[dict[str, int]]:
    first = plotted.drop_duplicates("term")
    return [{"any": int(r["any"]), "severe": int(r["severe"]), "n": int(r["n"])} for r in first.to_dict("records")]


def _text(row: dict[str, int], name: str, page: bool) -> str:
    return f"{row[name]:,} ({percent_text(row[name], row['n'])} %)" if page else f"{row[name]:,}"


def _top(plotted: pd.DataFrame) -> float:
    """The end of the axis in percent, on a round number."""
    longest = float((plotted["left"] + plotted["width"]).max())
    return next(top for top in (5.0, 10.0, 20.0, 40.0, 60.0, 80.0, 100.0) if longest <= top + 1e-9)


def _entries(plotted: pd.DataFrame) -> list[Entry]:
    grades = sorted(set(plotted["grade"]))
    entries = [Entry("bar", f"grade {grade}", SEVERITY[grade]) for grade in grades if grade]
    return [*entries, Entry("bar", UNKNOWN, SHEET, hatch="////")] if 0 in grades else entries


def _part(axes: Axes, row: dict[str, float], y: float, tall: float, wide: float, size: float) -> None:
    """One part of a bar with its count, where there is room for it."""
    grade = int(row["grade"])
    colour = SEVERITY[grade] if grade else SHEET
    axes.barh(
        [y], [row["width"]], left=row["left"], height=tall, facecolor=colour, edgecolor="white" if grade else MUTED,
        linewidth=0.5, hatch="" if grade else "////", gid=f"{row['term']}|{grade}",
    )  # fmt: skip
    text = f"{int(row['count']):,}"
    if inches(text, size - 0.5) + 0.05 <= row["width"] / axes.get_xlim()[1] * wide:
        axes.text(
            row["left"] + row["width"] / 2, y, text, ha="center", va="center", fontsize=size - 0.5, gid="count",
            color=ink_on(colour), bbox=None if grade else {"facecolor": colour, "edgecolor": "none", "pad": 0.8},
        )  # fmt: skip
