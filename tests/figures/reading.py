"""Read a figure back from its own artists: what is drawn where, and whether its texts can be read."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from helpers.figures.display import render

SLACK = 1.5  # pixels: boxes of text have air above and below their letters


def drawn(figure: Any, gid: str) -> list[Any]:
    """All artists whose gid is this, or begins with it and a bar, in the order in which they were drawn."""
    found = (a for axes in figure.axes for a in axes.get_children() if a.get_gid())
    return [a for a in found if a.get_gid() == gid or a.get_gid().startswith(f"{gid}|")]


def one(figure: Any, gid: str) -> Any:
    """The only artist with a gid."""
    (artist,) = drawn(figure, gid)
    return artist


def texts(figure: Any, gid: str) -> list[str]:
    """Texts with a gid."""
    return [artist.get_text() for artist in drawn(figure, gid) if hasattr(artist, "get_text")]


def steps(line: Any) -> list[tuple[float, float]]:
    """Vertices of a step line, as given to it."""
    assert line.get_drawstyle() == "steps-post"
    return list(zip(map(float, line.get_xdata()), map(float, line.get_ydata()), strict=True))


def boxes(figure: Any) -> list[tuple[str, Any]]:
    """Every text that is drawn, with its box in pixels: texts, labels of axes and their ticks, legends."""
    figure.draw_without_rendering()
    found = list(figure.texts)
    for legend in (*figure.legends, *(axes.get_legend() for axes in figure.axes if axes.get_legend())):
        found += legend.get_texts()
    for axes in figure.axes:
        found += axes.texts
        if not axes.axison:
            continue
        found += [axes.title, axes.xaxis.label, axes.yaxis.label]
        for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            inside = [t for t in axis.get_major_ticks() if min(limits) - 1e-9 <= t.get_loc() <= max(limits) + 1e-9]
            found += [tick.label1 for tick in inside]
    return [(t.get_text(), t.get_window_extent()) for t in found if t.get_text().strip() and t.get_visible()]


def unreadable(figure: Any) -> list[str]:
    """Texts that run into each other or out of the picture, as sentences; empty is good."""
    width, height = figure.get_size_inches() * figure.dpi
    found = []
    all_boxes = boxes(figure)
    for text, box in all_boxes:
        if box.x0 < -SLACK or box.y0 < -SLACK or box.x1 > width + SLACK or box.y1 > height + SLACK:
            found.append(f"{text!r} is cut off")
    for (a, first), (b, second) in combinations(all_boxes, 2):
        across = min(first.x1, second.x1) - max(first.x0, second.x0)
        down = min(first.y1, second.y1) - max(first.y0, second.y0)
        if across > SLACK and down > SLACK:
            found.append(f"{a!r} runs into {b!r}")
    return found


def png(figure: Any) -> bytes:
    """The picture as it goes into a notebook."""
    return render(figure, "png", "")
