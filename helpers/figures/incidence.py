"""Cumulative incidence of competing events: the causes of one group together, or groups compared cause by cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from helpers.errors import InputError, Problem
from helpers.figures.curve_page import CurvePage, draw_page, finish_page
from helpers.figures.curves import EndLabel, draw_curve, draw_landmarks, drawn_rows, looks, percent_axis
from helpers.figures.style import CAUSES, COLUMN, GROUPS, PAGE, sheet, use_style
from helpers.figures.survival_groups import check_groups

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

OTHER = "Other events"


@use_style()
def cumulative_incidence(
    curves: pd.DataFrame,
    numbers: pd.DataFrame,
    *,
    ylabel: str = "Cumulative incidence",
    xlabel: str = "Days since infusion",
    landmarks: pd.DataFrame | None = None,
    notes: Mapping[str, str] | None = None,
    short: Mapping[str, str] | None = None,
    width: float = PAGE,
    top: float | None = None,
) -> tuple[Figure, pd.DataFrame]:
    """Draw cumulative incidence curves.

    With one group the causes share one picture. With several groups each cause has a panel of its own, in which the
    groups are compared, two panels beside each other on a page and one above the other in a column.

    Parameters
    ----------
    curves : DataFrame
        One row a group, cause and distinct time, from 0 on: group, cause, time, incidence, low, high (limits; NaN
        where undefined), and censored (how many are censored then), 0 where no ticks are wanted.
    numbers : DataFrame
        Columns group, day, at_risk, one a cause (named as in `curves`; patients with this event so far), and
        censored; each row sums to the group's n.
    ylabel, xlabel : str
        Labels of the axes; the latter names the unit of all times.
    landmarks : DataFrame, optional
        Columns group, cause, day, incidence: an open diamond on the curve with its percentage.
    notes : mapping, optional
        Cause → a line over its panel, e.g. Gray's test; with one group all notes stand above the picture.
    short : mapping, optional
        Cause → a short name for the rows of numbers of one group, e.g. ``{"Non-relapse mortality": "NRM"}``.
    width : float
        Inches: `style.PAGE` or `style.COLUMN`.
    top : float, optional
        Where the vertical axis ends, as a proportion; None: above the highest limit.

    Returns
    -------
    (Figure, DataFrame)
        `curves` with the columns `drawn` and `ticked` of `helpers.figures.curves.drawn_rows`.

    Raises
    ------
    InputError
        No group or cause, more than four of either, or groups or causes that differ between the frames.
    """
    import pandas as pd

    groups = [str(name) for name in dict.fromkeys(curves["group"])]
    causes = [str(name) for name in dict.fromkeys(curves["cause"])]
    check_groups(groups, numbers)
    _check_causes(causes, numbers)
    last = float(max(curves["time"].max(), numbers["day"].max())) or 1.0
    parts = [drawn_rows(part, "incidence", last) for _, part in curves.groupby(["group", "cause"], sort=False)]
    plotted = pd.concat(parts, ignore_index=True)
    end = top if top is not None else float(plotted[["incidence", "high"]].max().max())
    rows = {"at_risk": "At risk", **{cause: (short or {}).get(cause, cause) for cause in causes}}
    pages: list[tuple[CurvePage, pd.DataFrame, str]] = []
    if len(groups) == 1:
        styles = looks(causes, CAUSES)
        labels = [EndLabel(_end(plotted, "cause", cause), cause, "", styles[cause]) for cause in causes]
        note = "; ".join((notes or {}).values())
        rows["censored"] = "Censored"
        pages.append((CurvePage(labels, numbers, rows, groups, xlabel, ylabel, note, last, width), plotted, "cause"))
    else:
        per_row = 2 if width > 1.5 * COLUMN and len(causes) > 1 else 1
        styles = looks(groups, GROUPS)
        for cause in causes:
            part = plotted[plotted["cause"] == cause]
            labels = [EndLabel(_end(part, "group", name), name, "", styles[name]) for name in groups]
            own, named = _of_cause(numbers, cause, causes)
            note = (notes or {}).get(cause, "")
            page = CurvePage(labels, own, named, groups, xlabel, ylabel, note, last, width / per_row, cause)
            pages.append((page, part, "group"))
    figure = _arranged(pages, width, landmarks, end)
    return figure, plotted


def _arranged(
    pages: Sequence[tuple[CurvePage, pd.DataFrame, str]], width: float, landmarks: pd.DataFrame | None, end: float
) -> Figure:
    """Draw the pages from left to right and from the top down."""
    per_row = round(width / pages[0][0].width)
    lines = [pages[k : k + per_row] for k in range(0, len(pages), per_row)]
    heights = [max(page.height for page, _, _ in line) for line in lines]
    figure = sheet(width, sum(heights) + 0.12 * (len(lines) - 1))
    for k, line in enumerate(lines):
        for j, (page, part, key) in enumerate(line):
            # panels beside each other stand on one level, whatever the length of their notes
            down = sum(heights[:k]) + 0.12 * k + max(p.above for p, _, _ in line) - page.above
            _, axes = draw_page(page, figure, j * page.width, down)
            percent_axis(axes, end)
            _curves(axes, page, part, key, landmarks)
            finish_page(axes, page)
    return figure


def _curves(axes: Axes, page: CurvePage, part: pd.DataFrame, key: str, landmarks: pd.DataFrame | None) -> None:
    styles = {label.name: label.look for label in page.labels}
    for name, look in styles.items():
        alpha = 0.16 if len(styles) < 3 else 0.1
        draw_curve(axes, part[part[key] == name], "incidence", look, name, alpha)
    if landmarks is not None:
        own = landmarks if key == "cause" else landmarks[landmarks["cause"] == page.title]
        marks = own.assign(name=own[key].astype(str))
        draw_landmarks(axes, marks, "incidence", styles, page.tall, page.size - 0.5, side=-1)


def _end(part: pd.DataFrame, column: str, name: str) -> float:
    return float(part.loc[part[column] == name, "incidence"].iloc[-1])


def _of_cause(numbers: pd.DataFrame, cause: str, causes: Sequence[str]) -> tuple[pd.DataFrame, dict[str, str]]:
    """The numbers of one cause's panel: the other causes added up, so that each column still sums to n."""
    others = [name for name in causes if name != cause]
    own = numbers.assign(**{OTHER: numbers[others].sum(axis=1)})
    named = {"at_risk": "At risk", cause: "Events"}  # the panel's title says which
    return own, {**named, **({OTHER: OTHER} if others else {}), "censored": "Censored"}


def _check_causes(causes: Sequence[str], numbers: pd.DataFrame) -> None:
    if not 1 <= len(causes) <= len(CAUSES):
        raise InputError(
            Problem("curves of one to four causes fit in a picture", "merge rare causes", found=f"{len(causes)}")
        )
    missing = [cause for cause in causes if cause not in numbers.columns]
    if missing:
        raise InputError(
            Problem(
                "the numbers at risk have no column for a cause",
                "name the column as the cause is named",
                found=", ".join(missing),
            )  # fmt: skip
        )
