"""Verdicts over studies: one bar a study, its printed numbers divided by verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.figures.lettering import inches, line_height
from helpers.figures.style import INK, PAGE, ink_on, panel, sheet, use_style
from helpers.figures.verdict import VERDICT_COLOURS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

_SIZE = 8.5
_LEGEND = 0.42


@use_style()
def verdict_bars(frame: pd.DataFrame) -> tuple[Figure, pd.DataFrame]:
    """Draw how many printed numbers of each study have which verdict.

    Parameters
    ----------
    frame : DataFrame
        One row a study: name, marked (bool: written bold), then one column of counts for each verdict, in the order of
        `VERDICT_COLOURS`.

    Returns
    -------
    (Figure, DataFrame)
        One row a part of a bar: name, verdict, count, start.
    """
    import pandas as pd

    verdicts = [name for name in VERDICT_COLOURS if name in frame.columns]
    pitch = line_height(_SIZE) * 1.3
    left = 0.2 + max(inches(name, _SIZE, "bold") for name in frame["name"])
    tall = pitch * len(frame)
    figure = sheet(PAGE, _LEGEND + tall + 0.5)
    axes = panel(figure, left, _LEGEND, PAGE - left - 0.25, tall)
    axes.set_ylim(len(frame) - 0.5, -0.5)
    axes.set_xlim(0, int(frame[verdicts].sum(axis=1).max()))
    parts = []
    for y, row in enumerate(frame.to_dict("records")):
        start = 0
        for verdict in verdicts:
            count = int(row[verdict])
            if not count:
                continue
            colour = VERDICT_COLOURS[verdict]
            axes.barh(y, count, left=start, height=0.74, color=colour, edgecolor="white", linewidth=0.8)
            axes.text(
                start + count / 2, y, str(count), ha="center", va="center", fontsize=7.2, color=ink_on(colour),
                weight="bold" if verdict == "impossible" else "normal",
            )  # fmt: skip
            parts.append({"name": row["name"], "verdict": verdict, "count": count, "start": start})
            start += count
    axes.set_yticks(range(len(frame)), frame["name"], fontsize=_SIZE)
    for text, marked in zip(axes.get_yticklabels(), frame["marked"], strict=True):
        text.set_fontweight("bold" if marked else "normal")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("Printed numbers", fontsize=_SIZE)
    axes.grid(True, axis="x")
    axes.set_axisbelow(True)
    _legend(figure, verdicts)
    return figure, pd.DataFrame(parts, columns=["name", "verdict", "count", "start"])


def _legend(figure: Figure, verdicts: list[str]) -> None:
    key = panel(figure, 0.15, 0.08, PAGE - 0.3, 0.22)
    key.axis("off")
    key.set_xlim(0, PAGE - 0.3)
    key.set_ylim(0, 1)
    x = 0.0
    for verdict in verdicts:
        key.fill([x, x + 0.16, x + 0.16, x], [0.2, 0.2, 0.8, 0.8], color=VERDICT_COLOURS[verdict], lw=0)
        key.text(x + 0.22, 0.5, verdict, va="center", fontsize=_SIZE, color=INK)
        x += 0.22 + inches(verdict, _SIZE) + 0.22
