"""What all figures of curves over time share: axes in percent, steps, interval bands, ticks, labels at the ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from helpers.figures.lettering import apart, drawable, line_height, wrapped
from helpers.figures.style import DASHES, GROUPS, INK, MUTED

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

FINEST = 2000  # cells of the axes in either direction, beyond which two steps cannot be told apart
MOST_TICKS = 150  # times with a censoring beyond which the ticks of one curve run into each other
THINNED_TICKS = 50  # ticks that are drawn then


@dataclass(frozen=True)
class Look:
    """Colour and line of one curve."""

    colour: str
    dash: Any = "-"


def looks(names: Sequence[str], colours: Sequence[str] = GROUPS) -> dict[str, Look]:
    """A look for each of up to four curves, in their order."""
    return {name: Look(colours[k], DASHES[k]) for k, name in enumerate(names)}


def drawn_rows(curve: pd.DataFrame, value: str, last: float) -> pd.DataFrame:
    """A curve with two columns more: which rows are drawn as steps, and which as ticks.

    Parameters
    ----------
    curve : DataFrame
        One row a distinct time in rising order: time, `value`, censored.
    value : str
        The column that steps, between 0 and 1.
    last : float
        Where the axis of time ends.

    Returns
    -------
    DataFrame
        `drawn`: False only on curves of more than `FINEST` rows, for rows in the same cell of a fine grid as the row
        before them: leaving them out moves no step by more than 1 / `FINEST` of either axis. `ticked`: True where
        patients are censored; with more than `MOST_TICKS` such times, only for the first in each `THINNED_TICKS`-th
        of the axis of time.
    """
    import numpy as np

    time, height = curve["time"].to_numpy(dtype=float), curve[value].to_numpy(dtype=float)
    scale = max(last, float(time.max()), 1e-300)
    drawn = np.ones(len(curve), dtype=bool)
    if len(curve) > FINEST:
        cell = np.column_stack((np.floor(time / scale * FINEST), np.floor(height * FINEST)))
        drawn[1:-1] = (cell[1:-1] != cell[:-2]).any(axis=1)
    ticked = curve["censored"].to_numpy() > 0
    if ticked.sum() > MOST_TICKS:
        places = np.flatnonzero(ticked)
        _, first = np.unique(
            np.minimum(np.floor(time[places] / scale * THINNED_TICKS), THINNED_TICKS - 1), return_index=True
        )
        ticked = np.zeros(len(curve), dtype=bool)
        ticked[places[first]] = True
    return curve.assign(drawn=drawn, ticked=ticked)


def band(axes: Axes, curve: pd.DataFrame, colour: str, alpha: float = 0.16) -> None:
    """The interval of a curve as a band; it holds up to the time from which it is not defined any more."""
    known = curve[curve["low"].notna() & curve["high"].notna()]
    if known.empty:
        return
    time, low, high = (known[name].tolist() for name in ("time", "low", "high"))
    after = curve.loc[curve["time"] > time[-1], "time"]
    if len(after):
        time, low, high = [*time, float(after.iloc[0])], [*low, low[-1]], [*high, high[-1]]
    axes.fill_between(time, low, high, step="post", color=colour, alpha=alpha, linewidth=0, zorder=1)


def draw_curve(axes: Axes, curve: pd.DataFrame, value: str, look: Look, name: str, alpha: float = 0.16) -> None:
    """Steps, band and ticks of a curve from `drawn_rows`; steps are taken at their times (right-continuous)."""
    steps = curve[curve["drawn"]]
    band(axes, steps, look.colour, alpha)
    axes.step(
        steps["time"], steps[value], where="post", color=look.colour, ls=look.dash, lw=1.8, gid=f"curve|{name}",
        clip_on=False, zorder=3,
    )  # fmt: skip
    ticks = curve[curve["ticked"]]
    axes.plot(
        ticks["time"], ticks[value], "|", color=look.colour, ms=6.5, mew=1.1, ls="", gid=f"ticks|{name}",
        clip_on=False, zorder=3,
    )  # fmt: skip


def draw_landmarks(
    axes: Axes, marks: pd.DataFrame, value: str, styles: Mapping[str, Look], tall: float, size: float, side: int = 1
) -> None:
    """A diamond on each curve at each landmark with its percentage, one above the other where they would overlap.

    Parameters
    ----------
    axes : Axes
        Its vertical limits are final.
    marks : DataFrame
        Columns name (of the curve), day and `value`; rows without a value are left out.
    tall : float
        Height of the axes in inches.
    size : float
        Size of the percentages in points.
    side : int
        1 to write above the curves (falling ones), -1 beneath (rising ones).
    """
    low, high = axes.get_ylim()
    line = line_height(size) / tall * (high - low)
    for day, part in marks.groupby("day", sort=True):
        rows = part[part[value].notna()].to_dict("records")
        axes.axvline(float(day), color=MUTED, lw=0.6, ls=(0, (1, 2)), zorder=1)
        places = apart([float(r[value]) + side * 0.55 * line for r in rows], [line] * len(rows), low + 0.2 * line, high)
        for row, place in zip(rows, places, strict=True):
            axes.plot(
                row["day"], row[value], "D", mfc="white", mec=styles[row["name"]].colour, ms=4.6, mew=1.2, zorder=5,
                clip_on=False, gid=f"landmark|{row['name']}",
            )  # fmt: skip
            axes.annotate(
                f"{100 * row[value]:.1f} %", (row["day"], place), xytext=(5, 0), textcoords="offset points",
                fontsize=size, color=INK, va="center", zorder=6, gid="landmark",
                bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.7, "pad": 0.4},
            )  # fmt: skip


def percent_axis(axes: Axes, top: float = 1.0) -> None:
    """The vertical axis from 0 to 100 %, or lower if nothing comes near that; grid lines to read it by."""
    step = 0.25 if top > 0.5 else (0.1 if top > 0.2 else 0.05)
    ticks = [k * step for k in range(max(1, ceil(top / step - 1e-9)) + 1)]
    axes.set_ylim(0, 1.03 * ticks[-1])
    axes.set_yticks(ticks, ["0", *(f"{100 * tick:.0f} %" for tick in ticks[1:])])
    axes.grid(True, axis="y")


@dataclass(frozen=True)
class EndLabel:
    """What is written at the right end of a curve: its name, and a line in small print."""

    height: float
    name: str
    detail: str
    look: Look


def label_lines(label: EndLabel, room: float, size: float) -> list[tuple[str, float, str, str]]:
    """The lines of a label as (text, size, colour, weight), wrapped to `room` inches."""
    names = wrapped(drawable(label.name), room, size, "bold") if label.name else []
    head = [(line, size, INK, "bold") for line in names]
    if not label.detail:
        return head
    return [*head, *((line, size - 0.8, MUTED, "normal") for line in wrapped(label.detail, room, size - 0.8))]


def label_height(lines: Sequence[tuple[str, float, str, str]]) -> float:
    """Inches that the lines of a label take, with a gap to the next label."""
    return sum(line_height(size) for _, size, _, _ in lines) + 0.06


def end_labels(axes: Axes, labels: Sequence[EndLabel], room: float, tall: float, size: float) -> None:
    """Write the labels to the right of the axes, each beside the end of its curve, none over another.

    Parameters
    ----------
    axes : Axes
        Its vertical limits are final.
    labels : sequence of EndLabel
    room : float
        Inches to the right of the axes for text; a sample of the line takes 0.3 of them.
    tall : float
        Height of the axes in inches.
    size : float
        Size of the names in points.
    """
    low, high = axes.get_ylim()
    texts = [label_lines(label, room - 0.36, size) for label in labels]
    heights = [label_height(lines) for lines in texts]
    wanted = [(label.height - low) / (high - low) * tall for label in labels]
    for label, lines, middle in zip(labels, texts, apart(wanted, heights, -0.02, tall + 0.1), strict=True):
        y = (middle + label_height(lines) / 2 - 0.03) / tall
        for k, (text, points, colour, weight) in enumerate(lines):
            half = line_height(points) / tall / 2
            if not k:
                _sample(axes, 6, y - half, label.look)
            axes.annotate(
                text, (1, y - half), xytext=(26, 0), xycoords="axes fraction", textcoords="offset points",
                fontsize=points, color=colour, weight=weight, ha="left", va="center", annotation_clip=False,
            )  # fmt: skip
            y -= 2 * half


def _sample(axes: Axes, points: float, y: float, look: Look) -> None:
    """A short piece of the line itself, so many points to the right of the axes."""
    from matplotlib.transforms import ScaledTranslation

    scale = axes.get_figure().dpi_scale_trans  # type: ignore[union-attr]
    shifted = axes.transAxes + ScaledTranslation(points / 72, 0, scale)
    wide = 15 / 72 / (axes.get_position().width * axes.get_figure().get_figwidth())  # type: ignore[union-attr]
    axes.plot([1, 1 + wide], [y, y], color=look.colour, ls=look.dash, lw=2, transform=shifted, clip_on=False, gid="key")
