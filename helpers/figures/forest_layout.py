"""How a forest with its table is laid out: names, counts, the picture, estimates and P values in aligned columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, log10, sqrt
from typing import TYPE_CHECKING

from helpers.figures.lettering import inches, line_height, wrapped
from helpers.figures.style import COLUMN, INK, MUTED, OS, panel, sheet, small

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_INDENT = 0.1
_GAP = 0.12  # inches between columns


@dataclass(frozen=True)
class ForestLine:
    """One line: a name, texts, and where the estimate and its limits lie (NaN: nothing is drawn).

    `index` is the row of the frame that the line belongs to, None for a heading; `total` lines are set apart. `outer`
    is a
    wider range drawn as a thin line behind, `hollow` an estimate that is not filled.
    """

    name: str
    index: int | None = None
    count: str = ""
    text: str = ""
    p: str = ""
    estimate: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    n: float = 1.0
    indented: bool = False
    total: bool = False
    colour: str = OS
    hollow: bool = False
    bold: bool = False
    outer: tuple[float, float] | None = None


@dataclass(frozen=True)
class ForestLayout:
    """Lines with the heads of their columns, for a width in inches; an empty head leaves its column out if it is empty.

    `favours` is what an estimate to the left and to the right of the line of no effect speaks for.
    """

    lines: Sequence[ForestLine]
    heads: tuple[str, str, str]  # of counts, estimates, P values
    width: float
    favours: tuple[str, str] | None = None

    @property
    def narrow(self) -> bool:
        """Whether counts and estimates stand beneath the names, to leave room for the picture."""
        return self.width <= 1.5 * COLUMN

    @property
    def size(self) -> float:
        """Size of the text in points."""
        return small(self.width)

    @property
    def pitch(self) -> float:
        """Inches from one line to the next."""
        return line_height(self.size) * 1.22

    def _column(self, texts: Sequence[str], head: str) -> float:
        """Inches that a column takes with the gap before it, 0 for an empty one."""
        wide = max((inches(line, self.size) for text in (*texts, head) for line in text.split("\n")), default=0.0)
        return wide + _GAP if wide else 0.0

    @property
    def columns(self) -> tuple[float, float, float]:
        """Inches of the columns of counts, estimates and P values."""
        count, text, p = self.heads
        last = self._column([line.p for line in self.lines], p)
        if self.narrow:
            return 0.0, 0.0, last
        return (
            self._column([line.count for line in self.lines], count),
            self._column([line.text for line in self.lines], text),
            last,
        )

    @property
    def names(self) -> list[list[str]]:
        """The lines of each name, wrapped to at most two fifths of the width; then, where it is narrow, the numbers."""
        room = self.width * (0.5 if self.narrow else 0.4)
        found = []
        for line in self.lines:
            name = wrapped(line.name, room - _INDENT * line.indented, self.size, self._weight(line))
            found.append([*name, self._numbers(line)] if self.narrow and line.index is not None else name)
        return found

    def _numbers(self, line: ForestLine) -> str:
        return f"{line.count} · {line.text}"

    def _weight(self, line: ForestLine) -> str:
        return "bold" if line.total or line.bold or line.index is None else "normal"

    def _left(self, names: list[list[str]]) -> float:
        """Inches that the names take, from the edge on; a number beneath a bold name is not bold but may be longer."""
        wide = [inches(f"{self.heads[0]} · {self.heads[1]}", self.size)] if self.narrow else []
        for line, lines in zip(self.lines, names, strict=True):
            wide += [inches(text, self.size, self._weight(line)) + _INDENT * line.indented for text in lines]
        return 0.1 + max(wide)

    def draw(self, limits: tuple[float, float], xlabel: str, *, log: bool) -> tuple[Figure, Axes, dict[int, float]]:
        """Everything but the ticks of the axis and what is special to a measure.

        Returns
        -------
        (Figure, Axes, dict)
            The axes of the picture, and for each row of the frame the height of its line, from 0 at the top down.
        """
        names, (count, text, p) = self.names, self.columns
        left = self._left(names)
        start = left + count + 0.2
        wide = self.width - start - text - p - 0.14
        heights = [self.pitch * (1 + (len(lines) - 1) * 0.82) for lines in names]
        head = max(len(h.split("\n")) for h in self.heads) * line_height(self.size) + 0.08
        tall = sum(heights) + 0.04
        share = log10(1 / limits[0]) / log10(limits[1] / limits[0]) if log else 0.0
        favours = self._favours(start + share * wide)
        below = 0.2 + line_height(self.size) * (2 + max((len(lines) for _, _, lines in favours), default=0))
        figure = sheet(self.width, 0.08 + head + tall + below)
        axes = panel(figure, start, 0.08 + head, wide, tall)
        table = panel(figure, 0, 0.08, self.width, head + tall)
        for both, size in ((axes, tall), (table, head + tall)):
            both.set_ylim(size, 0)
        axes.set_xscale("log" if log else "linear")
        axes.set_xlim(*limits)
        table.set_xlim(0, self.width)
        table.axis("off")
        ends = (left + count, start + wide + text, start + wide + text + p)
        titles = [(title, x, "right") for title, x in zip(self.heads, ends, strict=True)]
        if self.narrow:
            titles = [(f"{self.heads[0]} · {self.heads[1]}", 0.1, "left"), titles[2]]
        for title, x, side in titles:
            table.text(x, head - 0.07, title, ha=side, va="bottom", fontsize=self.size, color=MUTED, gid="head")
        table.plot([0.1, self.width - 0.1], [head - 0.03] * 2, color=MUTED, lw=0.7)
        places: dict[int, float] = {}
        y = 0.0
        for entry, lines, height in zip(self.lines, names, heights, strict=True):
            first = y + self.pitch / 2
            self._texts(table, entry, lines, head + first, ends)
            if entry.index is not None:
                places[entry.index] = first
                self._estimate(axes, entry, first, limits)
            y += height
        self._axis(axes, xlabel)
        for side, x, texts in favours:
            for k, words in enumerate(texts):
                level = head + tall + 0.2 + line_height(self.size) * (2.2 + k)
                table.text(x, level, words, ha=side, va="center", fontsize=self.size, color=MUTED, gid="favours")
        return figure, axes, places

    def _texts(self, table: Axes, line: ForestLine, names: Sequence[str], y: float, ends: Sequence[float]) -> None:
        for k, name in enumerate(names):
            x, level = 0.1 + _INDENT * line.indented, y + 0.82 * k * self.pitch
            beneath = self.narrow and line.index is not None and k == len(names) - 1
            table.text(
                x, level, name, ha="left", va="center", fontsize=self.size, color=MUTED if beneath else INK,
                weight="normal" if beneath else self._weight(line), gid=f"text|{line.index}" if beneath else "name",
            )  # fmt: skip
        for kind, text, x in zip(("count", "text", "p"), (line.count, line.text, line.p), ends, strict=True):
            if text and not (self.narrow and kind != "p"):
                table.text(x, y, text, ha="right", va="center", fontsize=self.size, gid=f"{kind}|{line.index}")

    def _estimate(self, axes: Axes, line: ForestLine, y: float, limits: tuple[float, float]) -> None:
        """The interval with an arrow head where it goes on beyond the picture, and the estimate on it."""
        if line.estimate != line.estimate:
            return
        low, high = (min(max(x, limits[0]), limits[1]) for x in (line.low, line.high))
        gid = f"interval|{line.index}"
        if line.outer is not None:
            ends = [min(max(x, limits[0]), limits[1]) for x in line.outer]
            axes.plot(ends, [y, y], color=MUTED, lw=0.9, ls=(0, (1.5, 1.2)), clip_on=False, gid=f"outer|{line.index}")
        if low == low and high == high:
            axes.plot([low, high], [y, y], color=line.colour, lw=1.5, solid_capstyle="butt", clip_on=False, gid=gid)
            for end, limit, marker in ((low, line.low, "<"), (high, line.high, ">")):
                if limit < limits[0] or limit > limits[1]:
                    axes.plot(
                        [end], [y], marker, color=line.colour, ms=4, mew=0, clip_on=False, gid=f"arrow|{line.index}"
                    )
        if isfinite(line.estimate) and limits[0] <= line.estimate <= limits[1]:
            most = max(x.n for x in self.lines if x.index is not None) or 1.0
            mark = 0.0 if line.total else 3.2 + 4.0 * sqrt(line.n / most)
            axes.plot(
                [line.estimate],
                [y],
                "s",
                color=line.colour,
                ms=mark,
                mew=1.3 if line.hollow else 0,
                mfc="white" if line.hollow else line.colour,
                clip_on=False,
                zorder=4,
                gid=f"estimate|{line.index}",
            )
            if line.total and low == low and high == high:
                half = 0.3 * self.pitch
                x, level = [low, line.estimate, high, line.estimate], [y, y - half, y, y + half]
                axes.fill(x, level, color=INK, lw=0, clip_on=False, zorder=4, gid=f"total|{line.index}")

    def _axis(self, axes: Axes, xlabel: str) -> None:
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="x", labelsize=self.size)
        axes.grid(True, axis="x")
        axes.set_xlabel(xlabel, fontsize=self.size + 0.2, labelpad=3)

    def _favours(self, one: float) -> list[tuple[str, float, list[str]]]:
        """What either side of 1 speaks for, as (alignment, inches from the left, lines)."""
        if self.favours is None:
            return []
        arrow = inches("← ", self.size)
        rooms = (one - 0.16 - arrow, self.width - one - 0.16 - arrow)
        left, right = (wrapped(text, room, self.size) for text, room in zip(self.favours, rooms, strict=True))
        left[0], right[-1] = f"← {left[0]}", f"{right[-1]} →"
        return [("right", one - 0.06, left), ("left", one + 0.06, right)]
