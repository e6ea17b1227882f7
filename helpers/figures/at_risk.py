"""The table beneath curves: at risk, events and censored of every group, aligned with the axis of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from helpers.figures.curves import Look
from helpers.figures.lettering import inches, line_height, shortened
from helpers.figures.style import GRID

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

KMUNICATE: Mapping[str, str] = {"at_risk": "At risk", "events": "Events", "censored": "Censored"}
_GAP = 0.1  # inches between the names of the rows and the widest number at time 0


@dataclass(frozen=True)
class RiskTable:
    """Numbers of one or more groups, laid out for a size of type.

    Attributes
    ----------
    numbers : DataFrame
        Columns group, day and those of `rows`; one row a group and day. A number that must not be published may be a
        text in its place, such as ``<5``.
    rows : mapping
        Column → what it is called, from the top down.
    heads : mapping
        Group → text of its heading; empty: no heading.
    size : float
        Size of the numbers in points.
    """

    numbers: pd.DataFrame
    rows: Mapping[str, str]
    heads: Mapping[str, str]
    size: float

    @property
    def pitch(self) -> float:
        """Inches from one line to the next."""
        return line_height(self.size) * 1.12

    @property
    def height(self) -> float:
        """Inches that the table takes."""
        headings = sum(bool(head) for head in self.heads.values())
        blocks = len(self.heads)
        return self.pitch * (blocks * len(self.rows) + headings + 0.45 * (blocks - 1) + 0.35)

    @property
    def widest(self) -> float:
        """Inches of the widest number."""
        texts = {number_cell(x) for column in self.rows for x in self.numbers[column]}
        return max(inches(text, self.size) for text in texts)

    @property
    def margin(self) -> float:
        """Inches to the left of time 0 that names and half a number take."""
        return max(inches(name, self.size) for name in self.rows.values()) + _GAP + self.widest / 2

    def fitting_days(self, per_day: float) -> list[float]:
        """Every first, second, third … day, such that the numbers stand apart when a day is so many inches long."""
        days = sorted({float(day) for day in self.numbers["day"]})
        half = {day: max(self.widest, inches(f"{day:,g}", self.size)) / 2 + 0.045 for day in days}

        def apart(kept: Sequence[float]) -> bool:
            return all((b - a) * per_day >= half[a] + half[b] for a, b in pairwise(kept))

        return next((days[::k] for k in range(1, len(days)) if apart(days[::k])), days[:1])


def number_cell(x: Any) -> str:
    """A number of patients as it is written: thousands parted; a text stays what it is.

    >>> number_cell(12000), number_cell("<5")
    ('12,000', '<5')
    """
    return x if isinstance(x, str) else f"{int(x):,}"


def draw_risk_table(axes: Axes, table: RiskTable, days: Sequence[float], looks: Mapping[str, Look]) -> None:
    """Write the table into axes of its height whose horizontal limits are those of the curves above."""
    figure = axes.get_figure()
    wide = axes.get_position().width * figure.get_figwidth()  # type: ignore[union-attr]
    axes.set_ylim(-table.height, 0)
    y = -0.15 * table.pitch
    for k, (group, head) in enumerate(table.heads.items()):
        part = table.numbers[table.numbers["group"] == group].set_index("day")
        if k:
            y -= 0.45 * table.pitch
        if head:
            y = _heading(axes, table, head, looks.get(group), y, wide)
        for column, name in table.rows.items():
            middle = y - table.pitch / 2
            axes.annotate(
                name, (0, middle), xytext=(-72 * (_GAP + table.widest / 2), 0), xycoords=("data", "data"),
                textcoords="offset points", ha="right", va="center", fontsize=table.size, annotation_clip=False,
            )  # fmt: skip
            for day in days:
                number = number_cell(part.at[day, column])
                axes.text(day, middle, number, ha="center", va="center", fontsize=table.size, gid=f"{group}|{column}")
            axes.axhline(y, color=GRID, lw=0.7)
            y -= table.pitch
    axes.set_yticks([])
    axes.tick_params(axis="x", length=0, labelbottom=False)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)


def _heading(axes: Axes, table: RiskTable, head: str, look: Look | None, y: float, wide: float) -> float:
    """A group's name over its numbers, with a sample of its line; gives the height beneath it."""
    from matplotlib.transforms import blended_transform_factory

    middle, start = y - table.pitch / 2, -table.margin
    place = blended_transform_factory(axes.get_figure().dpi_scale_trans, axes.transData)  # type: ignore[union-attr]
    left = axes.get_position().x0 * axes.get_figure().get_figwidth() + start  # type: ignore[union-attr]
    if look is not None:
        axes.plot(
            [left, left + 0.28], [middle, middle], color=look.colour, ls=look.dash, lw=2, transform=place,
            clip_on=False, gid="key",
        )  # fmt: skip
        left += 0.35
    room = wide + table.margin - 0.35
    axes.text(
        left, middle, shortened(head, room, table.size, "bold"), transform=place, ha="left", va="center", weight="bold",
        fontsize=table.size, gid="head",
    )  # fmt: skip
    return y - table.pitch
