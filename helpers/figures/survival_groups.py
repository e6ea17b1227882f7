"""Kaplan-Meier curves of one to four groups in one picture, with the numbers of each group beneath."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING

from helpers.errors import InputError, Problem
from helpers.figures.at_risk import KMUNICATE
from helpers.figures.curve_page import CurvePage, draw_page, finish_page
from helpers.figures.curves import EndLabel, Look, draw_curve, draw_landmarks, drawn_rows, looks, percent_axis
from helpers.figures.style import GROUPS, MUTED, PAGE, use_style
from helpers.figures.wording import median_text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NOT_REACHED = "not\u00a0reached"  # stays on one line


@use_style()
def kaplan_meier_groups(
    curves: pd.DataFrame,
    numbers: pd.DataFrame,
    *,
    ylabel: str,
    xlabel: str = "Days since infusion",
    medians: pd.DataFrame | None = None,
    landmarks: pd.DataFrame | None = None,
    note: str = "",
    width: float = PAGE,
    colours: Sequence[str] = GROUPS,
) -> tuple[Figure, pd.DataFrame]:
    """Draw survival curves of one to four groups.

    Parameters
    ----------
    curves : DataFrame
        One row a group and distinct time, from 0 on: group, time, survival, low, high (limits; NaN where undefined),
        censored (how many are censored then). The groups' order is that of the rows; a single group may be named "".
    numbers : DataFrame
        Columns group, day, at_risk, events, censored, which sum to the group's n in each row. Days whose numbers
        would run into each other at this width are left out of the picture.
    ylabel, xlabel : str
        Labels of the axes; the latter names the unit of all times.
    medians : DataFrame, optional
        Columns group, median, low, high: inf where not reached, NaN where unknown. Written beside the group's name,
        and drawn as dotted lines where reached.
    landmarks : DataFrame, optional
        Columns group, day, survival, and low, high (not drawn): an open diamond on the curve with its percentage.
    note : str
        A line above the curves, e.g. ``"Log-rank P = 0.012"``.
    width : float
        Inches: `style.PAGE`, or `style.COLUMN` for one column of a journal.
    colours : sequence of str
        One a group; for one group give its endpoint's colour.

    Returns
    -------
    (Figure, DataFrame)
        `curves` with the columns `drawn` and `ticked` of `helpers.figures.curves.drawn_rows`: what is drawn when
        there are too many rows to be told apart.

    Raises
    ------
    InputError
        No group, more than four, or groups that differ between the frames.

    Notes
    -----
    The numbers beneath follow KMunicate (Morris et al., BMJ Open 2019;9:e030215).
    """
    groups = [str(name) for name in dict.fromkeys(curves["group"])]
    check_groups(groups, numbers)
    last = float(max(curves["time"].max(), numbers["day"].max()))
    last = last if last > 0 else 1.0
    styles = looks(groups, colours)
    plotted = _drawn(curves, last)
    labels = [EndLabel(_end(plotted, name), name, _detail(medians, name), styles[name]) for name in groups]
    page = CurvePage(labels, numbers, KMUNICATE, groups, xlabel, ylabel, note, last, width)
    figure, axes = draw_page(page)
    percent_axis(axes)
    for name in groups:
        alpha = 0.16 if len(groups) < 3 else 0.1
        draw_curve(axes, plotted[plotted["group"] == name], "survival", styles[name], name, alpha)
    if medians is not None:
        _medians(axes, medians, styles)
    if landmarks is not None:
        marks = landmarks.assign(name=landmarks["group"].astype(str))
        draw_landmarks(axes, marks, "survival", styles, page.tall, page.size - 0.5)
    finish_page(axes, page)
    return figure, plotted


def check_groups(groups: Sequence[str], numbers: pd.DataFrame) -> None:
    """Raise InputError unless there are one to four groups and the numbers are theirs."""
    if not 1 <= len(groups) <= len(GROUPS):
        raise InputError(
            Problem("curves of one to four groups fit in a picture", "merge small groups", found=f"{len(groups)}")
        )
    others = {str(name) for name in numbers["group"]}
    if others != set(groups):
        odd = ", ".join(sorted(others ^ set(groups)))
        raise InputError(
            Problem("curves and numbers at risk are not of the same groups", "give both for each group", found=odd)
        )


def _drawn(curves: pd.DataFrame, last: float) -> pd.DataFrame:
    import pandas as pd

    parts = [drawn_rows(part, "survival", last) for _, part in curves.groupby("group", sort=False)]
    return pd.concat(parts, ignore_index=True)


def _end(plotted: pd.DataFrame, name: str) -> float:
    return float(plotted.loc[plotted["group"] == name, "survival"].iloc[-1])


def _detail(medians: pd.DataFrame | None, name: str) -> str:
    """The group's median in small print."""
    if medians is None:
        return ""
    found = medians[medians["group"] == name]
    if found.empty:
        return ""
    text = median_text(*found.iloc[0][["median", "low", "high"]])
    return f"median {text.replace('not reached', NOT_REACHED)}"


def _medians(axes: Axes, medians: pd.DataFrame, styles: dict[str, Look]) -> None:
    """One dotted line at one half as far as the last median, and one down from it at each median."""
    end = axes.get_xlim()[1]
    reached = [
        (str(row["group"]), float(row["median"]))
        for row in medians.to_dict("records")
        if isfinite(row["median"]) and row["median"] <= end
    ]
    if not reached:
        return
    axes.plot([0, max(day for _, day in reached)], [0.5, 0.5], color=MUTED, lw=1, ls=":", zorder=2, gid="half")
    for name, day in reached:
        axes.plot([day, day], [0.5, 0], color=styles[name].colour, lw=1, ls=":", zorder=2, gid=f"median|{name}")
