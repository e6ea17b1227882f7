"""The page that curves stand on: key or direct labels, axes, and the numbers beneath, laid out in inches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

from helpers.figures.at_risk import RiskTable, draw_risk_table
from helpers.figures.curves import EndLabel, end_labels, label_height, label_lines
from helpers.figures.lettering import drawable, inches, line_height, shortened, wrapped
from helpers.figures.style import COLUMN, INK, MUTED, panel, sheet

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDEST_LABEL = 1.8  # inches that labels beside the curves may take
_LABEL_LINES = 4


@dataclass(frozen=True)
class CurvePage:
    """What stands on one page of curves.

    Attributes
    ----------
    labels : sequence of EndLabel
        One a curve, in the order of the key.
    numbers : DataFrame
        Columns group, day and those of `rows`.
    rows : mapping
        Rows of the numbers: column → name.
    groups : sequence of str
        Groups of the table of numbers.
    xlabel, ylabel, note : str
        Labels of the axes, and a line above them, e.g. a test.
    last : float
        Where the axis of time ends.
    width : float
        Inches.
    title : str
        Over everything, where a figure has several pages.
    """

    labels: Sequence[EndLabel]
    numbers: pd.DataFrame
    rows: Mapping[str, str]
    groups: Sequence[str]
    xlabel: str
    ylabel: str
    note: str
    last: float
    width: float
    title: str = ""

    @property
    def size(self) -> float:
        """Size of the small print in points."""
        return 8.5 if self.width > 1.5 * COLUMN else 7.2

    @property
    def tall(self) -> float:
        """Height of the curves' axes in inches."""
        return 3.0 if self.width > 1.5 * COLUMN else 2.1

    @property
    def direct(self) -> bool:
        """Whether names fit beside the ends of their curves; if not, letters stand there and a key above."""
        if self.width <= 1.5 * COLUMN or any(drawable(x.name) != " ".join(x.name.split()) for x in self.labels):
            return False
        texts = [label_lines(label, _WIDEST_LABEL - 0.36, self.size) for label in self.labels]
        return all(len(t) <= _LABEL_LINES for t in texts) and sum(map(label_height, texts)) <= self.tall

    @property
    def named(self) -> bool:
        """Whether anything is to be said about any curve."""
        return any(label.name or label.detail for label in self.labels)

    @property
    def key_text(self) -> float:
        """Inches from the edge to the names of the key, behind the sample of the line and the letter."""
        return 0.66 if len(self.labels) > 1 else 0.48

    @property
    def table(self) -> RiskTable:
        """The numbers beneath; with several groups each has its name over it, with its letter where a key is used."""
        if len(self.groups) < 2:
            heads = {group: "" for group in self.groups}
        elif self.direct:
            heads = {group: drawable(group) for group in self.groups}
        else:
            heads = {group: f"{ascii_uppercase[k]}  {drawable(group)}" for k, group in enumerate(self.groups)}
        return RiskTable(self.numbers, self.rows, heads, self.size)

    @property
    def note_lines(self) -> list[str]:
        """The note, wrapped."""
        return wrapped(drawable(self.note), self.width - 0.2, self.size) if self.note else []

    @property
    def key_lines(self) -> list[tuple[int | None, str, str]]:
        """Lines of the key as (curve whose sample stands before it, name, small print behind it)."""
        lines: list[tuple[int | None, str, str]] = []
        if self.direct or not self.named:
            return lines
        room = self.width - self.key_text - 0.1
        for k, label in enumerate(self.labels):
            names = wrapped(drawable(label.name), room, self.size, "bold")
            beside = inches(f"{names[-1]}  ", self.size, "bold") + inches(label.detail, self.size) <= room
            lines += [(None if j else k, text, "") for j, text in enumerate(names)]
            if beside:
                lines[-1] = (*lines[-1][:2], label.detail)
            else:
                lines += [(None, "", text) for text in wrapped(label.detail, room, self.size)]
        return lines

    @property
    def above(self) -> float:
        """Inches above the curves' axes: title, note and key."""
        lines = len(self.note_lines) + len(self.key_lines)
        return 0.16 + line_height(self.size) * lines + (line_height(self.size + 1) + 0.05 if self.title else 0)

    @property
    def below(self) -> float:
        """Inches between the curves and the numbers, for the axis of time."""
        return 0.2 + 2 * line_height(self.size)

    @property
    def height(self) -> float:
        """Inches from top to bottom."""
        return self.above + self.tall + self.below + self.table.height + 0.06

    @property
    def right(self) -> float:
        """Inches to the right of the axes: for labels, letters, or half the last number of the axis."""
        if self.direct and self.named:
            widths = [
                inches(text, size, weight)
                for label in self.labels
                for text, size, _, weight in label_lines(label, _WIDEST_LABEL - 0.36, self.size)
            ]
            return max(widths) + 0.44
        return 0.58 if len(self.labels) > 1 else 0.24

    def letters(self) -> Sequence[EndLabel]:
        """The labels reduced to letters A, B, …, or to nothing for a single curve."""
        if len(self.labels) < 2:
            return ()
        return [
            replace(label, name=letter, detail="") for label, letter in zip(self.labels, ascii_uppercase, strict=False)
        ]


def key_words(names: Sequence[str]) -> str:
    """The letters of a key in words, for an alt text or caption: ``A donor-derived, B autologous``."""
    return ", ".join(f"{letter} {name}" for letter, name in zip(ascii_uppercase, names, strict=False))


def draw_page(
    page: CurvePage, figure: Figure | None = None, left: float = 0.0, top: float = 0.0
) -> tuple[Figure, Axes]:
    """Lay a page out and draw all of it but the curves.

    Parameters
    ----------
    page : CurvePage
    figure : Figure, optional
        A sheet to draw on; None: one of the page's own size.
    left, top : float
        Where on it the page begins, in inches.

    Returns
    -------
    (Figure, Axes)
        The axes for the curves with final horizontal limits. Call `finish_page` once the vertical limits are final.
    """
    table, line = page.table, line_height(page.size)
    before = max(table.margin + 0.08, 0.2 + inches("100 %", page.size) + line + 0.1)
    wide = page.width - before - page.right
    figure = figure or sheet(page.width, page.height)
    _above(figure, page, left, top)
    top += page.above
    axes = panel(figure, left + before, top, wide, page.tall)
    under = panel(figure, left + before, top + page.tall + page.below, wide, table.height)
    for both in (axes, under):
        both.set_xlim(0, page.last * 1.01)
    days = table.fitting_days(wide / (page.last * 1.01))
    looks = {label.name: label.look for label in page.labels}
    draw_risk_table(under, table, days, looks if len(page.groups) > 1 else {})
    axes.set_xticks(days, [f"{day:,g}" for day in days])
    axes.tick_params(labelsize=page.size)
    axes.set_xlabel(drawable(page.xlabel), fontsize=page.size + 0.3, labelpad=3)
    axes.set_ylabel(drawable(page.ylabel), fontsize=page.size + 0.3)
    axes.yaxis.set_label_coords(-(inches("100 %", page.size) + 0.14) / wide, 0.5)
    return figure, axes


def finish_page(axes: Axes, page: CurvePage) -> None:
    """Label the ends of the curves, now that the vertical limits are final."""
    labels = [label for label in page.labels if label.name or label.detail] if page.direct else page.letters()
    end_labels(axes, labels, _WIDEST_LABEL if page.direct else 0.7, page.tall, page.size)


def _above(
    figure: Figure,
    page: CurvePage,
    left: float,
    top: float,
) -> None:
    """Title, note and key, line by line from the top."""
    notes, key = page.note_lines, page.key_lines
    if not (notes or key or page.title):
        return
    height = page.above - 0.16
    over = panel(figure, left, top + 0.1, page.width, height)
    over.set(xlim=(0, page.width), ylim=(height, 0))
    over.axis("off")
    line, y = line_height(page.size), line_height(page.size) / 2
    if page.title:
        head = page.size + 1
        text = shortened(drawable(page.title), page.width - 0.2, head, "bold")
        over.text(0.1, line_height(head) / 2, text, ha="left", va="center", fontsize=head, weight="bold", gid="title")
        y += line_height(head) + 0.05
    for text in notes:
        over.text(page.width - 0.1, y, text, ha="right", va="center", fontsize=page.size, gid="note")
        y += line
    for curve, name, detail in key:
        style: dict[str, Any] = {"ha": "left", "va": "center", "fontsize": page.size, "gid": "key"}
        if curve is not None:
            look = page.labels[curve].look
            over.plot([0.1, 0.4], [y, y], color=look.colour, ls=look.dash, lw=2, gid="key")
            if len(page.labels) > 1:
                over.text(0.48, y, ascii_uppercase[curve], color=INK, weight="bold", **style)
        after = page.key_text + (inches(f"{name}  ", page.size, "bold") if name else 0)
        over.text(page.key_text, y, name, color=INK, weight="bold", **style)
        over.text(after, y, detail, color=MUTED, **style)
        y += line
