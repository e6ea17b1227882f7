"""A legend in lines of text above a figure: wrapped to its width, with the symbols exactly as they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpers.figures.lettering import inches, line_height, shortened
from helpers.figures.style import MUTED, lightness, panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SYMBOL = {"bar": 0.24, "window": 0.24}
_BESIDE = 0.06  # inches between symbol and text
_BETWEEN = 0.17  # inches between entries


@dataclass(frozen=True)
class Entry:
    """One entry: ``"bar"``, ``"window"`` or a matplotlib marker; its text; its colour.

    `hatch` fills a bar with lines, `thin` makes it as slim as a line, `filled` is for markers.
    """

    kind: str
    text: str
    colour: str
    filled: bool = True
    hatch: str = ""
    thin: bool = False

    def width(self, size: float) -> float:
        """Inches that the entry takes, without the gap to the next."""
        return _SYMBOL.get(self.kind, 0.12) + _BESIDE + inches(self.text, size)


def legend_lines(entries: Sequence[Entry], width: float, size: float) -> list[list[Entry]]:
    """Entries in lines of at most `width` inches less the margins."""
    room = width - 0.2
    lines: list[list[Entry]] = []
    used = room
    for entry in entries:
        wide = entry.width(size)
        if used + _BETWEEN + wide > room:
            lines.append([])
            used = -_BETWEEN
        lines[-1].append(entry)
        used += _BETWEEN + wide
    return lines


def draw_legend(figure: Figure, lines: Sequence[Sequence[Entry]], top: float, width: float, size: float) -> None:
    """Write the lines so many inches from the top of a sheet."""
    if not lines:
        return
    pitch = line_height(size) * 1.15
    axes = panel(figure, 0, top, width, pitch * len(lines))
    axes.set(xlim=(0, width), ylim=(len(lines), 0))
    axes.axis("off")
    for k, line in enumerate(lines):
        x = 0.1
        for entry in line:
            _symbol(axes, entry, x, k + 0.5)
            x += _SYMBOL.get(entry.kind, 0.12) + _BESIDE
            text = shortened(entry.text, width - x - 0.1, size)
            axes.text(x, k + 0.5, text, ha="left", va="center", fontsize=size, gid="legend")
            x += inches(text, size) + _BETWEEN


def _symbol(axes: Axes, entry: Entry, x: float, y: float) -> None:
    if entry.kind == "bar":
        tall = 0.3 if entry.thin else 0.62
        edge = MUTED if entry.hatch or lightness(entry.colour) > 90 else "none"
        axes.barh(
            [y], [0.24], left=x, height=tall, facecolor=entry.colour, edgecolor=edge, linewidth=0.5, hatch=entry.hatch
        )
    elif entry.kind == "window":
        axes.plot([x, x + 0.24], [y, y], "|-", color=entry.colour, lw=1.4, ms=5, mew=1.2)
    else:
        axes.plot(
            [x + 0.06], [y], entry.kind, ms=6, mfc=entry.colour if entry.filled else "white", mec=entry.colour,
            mew=0.5 if entry.filled else 1.1,
        )  # fmt: skip
