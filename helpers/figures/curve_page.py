"""The page that curves stand on: key or direct labels, axes, and the numbers beneath, laid out in inches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from string import ascii_uppercase
from typing import TYPE_CHECKING

from helpers.figures.at_risk import RiskTable, draw_risk_table
from helpers.figures.curves import EndLabel, Look, end_labels, label_height, label_lines
from helpers.figures.lettering import drawable, inches, line_height, wrapped
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


def draw_page(page: CurvePage) -> tuple[Figure, Axes, Axes, Mapping[str, Look]]:
    """Lay a page out and draw all of it but the curves.

    Returns
    -------
    (Figure, Axes, Axes, mapping)
        The figure, the axes for the curves with final horizontal limits, those of the numbers, the look of each
        group's heading. Call `finish_page` once the vertical limits are final.
    """
    looks = {label.name: label.look for label in page.labels}
    table = RiskTable(page.numbers, page.rows, _heads(page), page.size)
    notes = wrapped(drawable(page.note), page.width - 0.2, page.size) if page.note else []
    key = [] if page.direct or not page.named else _key_lines(page)
    line = line_height(page.size)
    above = 0.1 + line * (len(notes) + len(key)) + 0.06
    left = max(table.margin + 0.08, 0.2 + inches("100 %", page.size) + line + 0.1)
    right = _right(page)
    below = 0.12 + line * 2 + 0.08
    figure = sheet(page.width, above + page.tall + below + table.height + 0.06)
    axes = panel(figure, left, above, page.width - left - right, page.tall)
    axes.set_xlim(0, page.last * 1.01)
    _above(figure, page, notes, key)
    under = panel(figure, left, above + page.tall + below, page.width - left - right, table.height)
    under.set_xlim(0, page.last * 1.01)
    days = table.fitting_days((page.width - left - right) / (page.last * 1.01))
    draw_risk_table(under, table, days, looks if len(page.groups) > 1 else {})
    axes.set_xticks(days, [f"{day:,g}" for day in days])
    axes.tick_params(labelsize=page.size)
    axes.set_xlabel(drawable(page.xlabel), fontsize=page.size + 0.3, labelpad=3)
    axes.set_ylabel(drawable(page.ylabel), fontsize=page.size + 0.3)
    axes.yaxis.set_label_coords(-(inches("100 %", page.size) + 0.14) / (page.width - left - right), 0.5)
    return figure, axes, under, looks


def finish_page(axes: Axes, page: CurvePage) -> None:
    """Label the ends of the curves, now that the vertical limits are final."""
    if page.direct:
        end_labels(axes, [label for label in page.labels if label.name or label.detail], _WIDEST_LABEL, page.tall, page.size)
    else:
        end_labels(axes, page.letters(), 0.7, page.tall, page.size)


def _heads(page: CurvePage) -> dict[str, str]:
    """Headings of the numbers: the group's name, with its letter where a key is used."""
    if len(page.groups) < 2:
        return {group: "" for group in page.groups}
    if page.direct:
        return {group: drawable(group) for group in page.groups}
    return {group: f"{ascii_uppercase[k]}  {drawable(group)}" for k, group in enumerate(page.groups)}


def _right(page: CurvePage) -> float:
    """Inches to the right of the axes: for labels, letters, or half the last number of the axis."""
    if page.direct and page.named:
        widths = [
            inches(text, size, weight)
            for label in page.labels
            for text, size, _, weight in label_lines(label, _WIDEST_LABEL - 0.36, page.size)
        ]
        return max(widths) + 0.44
    return 0.58 if len(page.labels) > 1 else 0.24


def _key_lines(page: CurvePage) -> list[tuple[int | None, str, str]]:
    """Lines of the key as (curve whose sample stands before it, name, small print behind it)."""
    lines: list[tuple[int | None, str, str]] = []
    room = page.width - page.key_text - 0.1
    for k, label in enumerate(page.labels):
        names = wrapped(drawable(label.name), room, page.size, "bold")
        beside = inches(f"{names[-1]}  ", page.size, "bold") + inches(label.detail, page.size) <= room
        lines += [(None if j else k, text, "") for j, text in enumerate(names)]
        if beside:
            lines[-1] = (*lines[-1][:2], label.detail)
        else:
            lines += [(None, "", text) for text in wrapped(label.detail, room, page.size)]
    return lines


def _above(figure: Figure, page: CurvePage, notes: Sequence[str], key: Sequence[tuple[int | None, str, str]]) -> None:
    """The note and the key, line by line from the top."""
    line = line_height(page.size)
    height = line * (len(notes) + len(key))
    if not height:
        return
    top = panel(figure, 0, 0.1, page.width, height)
    top.set(xlim=(0, page.width), ylim=(height, 0))
    top.axis("off")
    for k, text in enumerate(notes):
        top.text(page.width - 0.1, line * (k + 0.5), text, ha="right", va="center", fontsize=page.size, gid="note")
    for k, (curve, name, detail) in enumerate(key, start=len(notes)):
        y, style = line * (k + 0.5), {"ha": "left", "va": "center", "fontsize": page.size, "gid": "key"}
        if curve is not None:
            look = page.labels[curve].look
            top.plot([0.1, 0.4], [y, y], color=look.colour, ls=look.dash, lw=2, gid="key")
            if len(page.labels) > 1:
                top.text(0.48, y, ascii_uppercase[curve], color=INK, weight="bold", **style)
        after = page.key_text + (inches(f"{name}  ", page.size, "bold") if name else 0)
        top.text(page.key_text, y, name, color=INK, weight="bold", **style)
        top.text(after, y, detail, color=MUTED, **style)
