"""Swimmer plot: one lane a patient, ordered by follow-up, with what happened on it and whether follow-up goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from helpers.figures.legend import Entry, draw_legend, legend_lines
from helpers.figures.lettering import drawable, inches, line_height, shortened
from helpers.figures.style import (
    CENSORED,
    COLUMN,
    DEATH,
    INK,
    LANES,
    LASTING,
    MUTED,
    PAGE,
    RELAPSE,
    RESPONSE,
    SHEET,
    TRANSPLANT,
    panel,
    sheet,
    small,
    use_style,
)
from helpers.figures.swimmer_lanes import KINDS, PER_PAGE, check_lanes, lane_things, ordered_lanes

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BAR = 0.74  # of a lane's height


@dataclass(frozen=True)
class Mark:
    """How one kind of event is drawn; `offset` is where its windows lie on the lane, downwards."""

    label: str
    marker: str
    colour: str
    filled: bool = True
    size: float = 1.0
    offset: float = 0.0


MARKS = {
    "response": Mark("response begins", "^", RESPONSE, offset=-0.24),
    "transplant": Mark("transplant", "D", TRANSPLANT, filled=False, size=0.8, offset=0.0),
    "relapse": Mark("relapse", "o", RELAPSE, offset=-0.24),
    "progression": Mark("progression", "s", RELAPSE, filled=False, size=0.85, offset=-0.24),
    "death": Mark("death", "X", DEATH, size=1.1, offset=0.24),
}
_OWN = (("v", CENSORED), ("P", MUTED), ("*", CENSORED), ("p", MUTED))


@use_style()
def swimmer(
    lanes: pd.DataFrame,
    events: pd.DataFrame,
    *,
    xlabel: str = "Days since infusion",
    page: int = 1,
    per_page: int = PER_PAGE,
    identifiers: bool = False,
    width: float = PAGE,
) -> tuple[Figure, pd.DataFrame]:
    """Draw one page of lanes, the longest follow-up on top.

    Parameters
    ----------
    lanes : DataFrame
        One row a patient: patient_id, end (last day known of); optional ongoing (bool: followed on), group (e.g. best
        response: lanes are coloured and ordered by it, in the order of the rows, at most six), and end_low, end_high
        where only a range of days is known for the end.
    events : DataFrame
        One row an event: patient_id, kind, day; optional low and high: the range of days that an event can have, drawn
        as a window in place of a point wherever low < high (as for reconstructed patients). Kinds are those of
        `MARKS`, or up to four others, which stand in the legend as they are. From "response" on a line shows how
        long it lasts. An event with neither day nor window is not drawn.
    xlabel : str
        Label of the axis; names the unit of all days.
    page, per_page : int
        Which page, from 1 on, and how many lanes at most on each; see `swimmer_lanes.swimmer_pages`.
    identifiers : bool
        Write patient_id beside the lanes. By default lanes are numbered from the top, across pages.
    width : float
        Inches: `style.PAGE` or `style.COLUMN`.

    Returns
    -------
    (Figure, DataFrame)
        One row a drawn thing (`swimmer_lanes.lane_things`): lane, patient_id, group, kind, low, high (equal for a
        point); and in each row `of` and `groups`, the numbers of patients and groups on all pages.

    Raises
    ------
    InputError
        With everything that is wrong: no patients, a patient twice, a stranger's event, a page that is not there, ….
    """
    check_lanes(lanes, events, page, per_page)
    ordered = ordered_lanes(lanes)
    shown = ordered.iloc[(page - 1) * per_page : page * per_page]
    groups = [name for name in dict.fromkeys(ordered["group"]) if name]
    plotted = lane_things(shown, events).assign(of=len(lanes), groups=len(groups))
    own = [kind for kind in dict.fromkeys(events["kind"].astype(str)) if kind not in KINDS]
    marks = {**MARKS, **{kind: Mark(drawable(kind), *_OWN[k], size=1.1) for k, kind in enumerate(own)}}
    first = min(0.0, float(plotted["low"].min()))
    last = max(float(ordered["end_high"].max()), float(plotted["high"].max())) or 1.0
    names = shown["patient_id"].map(drawable) if identifiers else shown["lane"].map(str)
    legend = legend_lines(_entries(plotted, groups, marks), width, small(width))
    figure, axes, lane = _canvas(shown["lane"].tolist(), names.tolist(), legend, xlabel, width)
    axes.set_xlim(first - 0.01 * (last - first), last + 0.03 * (last - first))
    for row in plotted.to_dict("records"):
        _draw(axes, row, groups, marks, lane)
    return figure, plotted


def _canvas(
    lanes: Sequence[int], names: Sequence[str], legend: Sequence[Sequence[Entry]], xlabel: str, width: float
) -> tuple[Figure, Axes, float]:
    """The sheet with legend and axes; also the height of a lane in inches."""
    from matplotlib.ticker import MaxNLocator

    size = small(width)
    lane = max(0.125, min(0.24, 2.4 / len(lanes)))
    points = min(size, lane * 72 / 1.3)
    cut = [shortened(name, 0.9, points) for name in names]
    above = 0.1 + len(legend) * line_height(size) * 1.15 + 0.06
    left = 0.3 + line_height(size) + max(inches(name, points) for name in cut)
    tall, wide = lane * (len(lanes) + 0.4), width - left - 0.26
    figure = sheet(width, above + tall + 0.24 + 2 * line_height(size))
    draw_legend(figure, legend, 0.08, width, size)
    axes = panel(figure, left, above, wide, tall)
    axes.set_ylim(max(lanes) + 0.7, min(lanes) - 0.7)
    axes.set_yticks(list(lanes), cut)
    axes.tick_params(axis="y", length=0, labelsize=points, pad=3)
    axes.tick_params(axis="x", labelsize=size)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=8 if width > 1.5 * COLUMN else 5))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.grid(True, axis="x")
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(drawable(xlabel), fontsize=size + 0.3, labelpad=3)
    axes.set_ylabel("Patient", fontsize=size + 0.3)
    axes.yaxis.set_label_coords(-(left - 0.2) / wide, 0.5)
    return figure, axes, lane


def _entries(plotted: pd.DataFrame, groups: Sequence[str], marks: dict[str, Mark]) -> list[Entry]:
    """The legend: only what stands on this page."""
    kinds, on_page = set(plotted["kind"]), set(plotted["group"])
    entries = [Entry("bar", drawable(name), LANES[k]) for k, name in enumerate(groups) if name in on_page]
    if not entries:
        entries.append(Entry("bar", "follow-up", LANES[0]))
    if "in response" in kinds:
        entries.append(Entry("bar", "in response", LASTING, thin=True))
    entries += [Entry(m.marker, m.label, m.colour, filled=m.filled) for kind, m in marks.items() if kind in kinds]
    if "ongoing" in kinds:
        entries.append(Entry(">", "follow-up goes on", INK))
    if "end" in kinds:
        entries.append(Entry("bar", "follow-up ends in here", SHEET, hatch="//////"))
    if (plotted["low"] < plotted["high"])[~plotted["kind"].isin(["follow-up", "in response", "end"])].any():
        entries.append(Entry("window", "window: all days it can have been", MUTED))
    return entries


def _draw(axes: Axes, row: dict[str, Any], groups: Sequence[str], marks: dict[str, Mark], lane: float) -> None:
    y, low, high, kind = float(row["lane"]), float(row["low"]), float(row["high"]), str(row["kind"])
    colour = LANES[groups.index(row["group"])] if row["group"] in groups else LANES[0]
    gid = f"{kind}|{int(row['lane'])}"
    if kind == "follow-up":
        axes.barh([y], [high - low], left=low, height=_BAR, color=colour, linewidth=0, zorder=1, gid=gid)
    elif kind == "end":
        axes.barh(
            [y], [high - low], left=low, height=_BAR, facecolor="white", edgecolor=MUTED, linewidth=0.5, hatch="//////",
            zorder=1, gid=gid,
        )  # fmt: skip
    elif kind == "in response":
        axes.barh([y], [high - low], left=low, height=0.34, color=LASTING, linewidth=0, zorder=2, gid=gid)
    elif kind == "ongoing":
        _arrow(axes, high, y, lane, gid)
    elif low < high:
        _window(axes, y, low, high, marks[kind], lane, gid)
    else:
        mark = marks[kind]
        axes.plot(
            [low], [y], mark.marker, ms=_size(lane) * mark.size, mfc=mark.colour if mark.filled else "white",
            mec="white" if mark.filled else mark.colour, mew=0.5 if mark.filled else 1.1, zorder=5, clip_on=False,
            gid=gid,
        )  # fmt: skip


def _size(lane: float) -> float:
    """Size of a symbol in points that stays on its lane."""
    return min(7.0, lane * 72 * 0.62)


def _arrow(axes: Axes, x: float, y: float, lane: float, gid: str) -> None:
    """An arrow head just behind the end of a lane."""
    from matplotlib.transforms import ScaledTranslation

    size = _size(lane) * 0.8
    shift = ScaledTranslation((size / 2 + 0.5) / 72, 0, axes.get_figure().dpi_scale_trans)  # type: ignore[union-attr]
    axes.plot(
        [x], [y], ">", ms=size, mfc=INK, mec=INK, mew=0, zorder=4, clip_on=False, transform=axes.transData + shift,
        gid=gid,
    )  # fmt: skip


def _window(axes: Axes, y: float, low: float, high: float, mark: Mark, lane: float, gid: str) -> None:
    """A range of days: a line with the symbol of the kind at both of its ends."""
    level = y + mark.offset
    axes.plot([low, high], [level, level], color=mark.colour, lw=1.4, zorder=3, solid_capstyle="butt", gid=gid)
    axes.plot(
        [low, high], [level, level], mark.marker, ms=_size(lane) * 0.55 * mark.size, ls="",
        mfc=mark.colour if mark.filled else "white", mec=mark.colour, mew=0.7, zorder=5, clip_on=False,
        gid=f"{gid}|ends",
    )  # fmt: skip
