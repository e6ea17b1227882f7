"""The ledger at a glance: one tile a printed number, coloured and marked by its verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.figures.lettering import drawable, wrapped
from helpers.figures.style import (
    ARITHMETIC,
    CONSISTENT,
    DERIVED,
    IMPOSSIBLE,
    MUTED,
    NOT_DERIVABLE,
    PAGE,
    canvas,
    ink_on,
    use_style,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

VERDICT_COLOURS = {
    "re-derived": DERIVED,
    "consistent": CONSISTENT,
    "arithmetic": ARITHMETIC,
    "not derivable": NOT_DERIVABLE,
    "impossible": IMPOSSIBLE,
}
_MARKS = {"re-derived": "✓", "consistent": "≈", "arithmetic": "=", "not derivable": "–", "impossible": "✗"}
_COLUMNS = {"value": 0, "ci_low": 1, "ci_high": 2, "count": 3}
_HEADS = ("estimate", "lower limit", "upper limit", "count")
_LABELS = 2.75


@use_style()
def verdict_tiles(rows: pd.DataFrame) -> tuple[Figure, pd.DataFrame]:
    """Draw the ledger as tiles.

    Parameters
    ----------
    rows : DataFrame
        Columns claim, label (what the claim says, for the axis), field, printed, verdict; one row a printed number.

    Returns
    -------
    (Figure, DataFrame)
        The plotted frame repeats `rows` with the column `x` and row `y` of each tile.
    """
    claims = list(dict.fromkeys(rows["claim"]))
    labels = dict(zip(rows["claim"], rows["label"], strict=True))
    plotted = rows.assign(x=rows["field"].map(_COLUMNS), y=[-claims.index(c) for c in rows["claim"]])
    figure, axes = canvas(PAGE, 0.75 + 0.29 * len(claims))
    for row in plotted.to_dict("records"):
        colour = VERDICT_COLOURS[row["verdict"]]
        axes.barh(row["y"], 0.94, left=row["x"] + 0.03, height=0.84, color=colour, lw=0)
        text = f"{row['printed']}  {_MARKS[row['verdict']]}"
        axes.text(row["x"] + 0.5, row["y"], text, ha="center", va="center", fontsize=8.5, color=ink_on(colour))
    for claim in claims:
        lines = wrapped(drawable(labels[claim]), (_LABELS - 0.2) * PAGE / (_LABELS + 4), 8.5)
        text = "\n".join(lines if len(lines) < 3 else (lines[0], lines[1] + " …"))
        axes.text(-0.12, -claims.index(claim), text, ha="right", va="center", fontsize=8.5 if len(lines) == 1 else 7.5)
    for x, head in enumerate(_HEADS):
        axes.text(x + 0.5, 0.85, head, ha="center", va="center", fontsize=8.5, color=MUTED)
    for k, (verdict, colour) in enumerate(VERDICT_COLOURS.items()):
        count = int((rows["verdict"] == verdict).sum())
        left = -_LABELS + 0.1 + k * 1.34
        axes.plot(left + 0.08, -len(claims) - 0.25, "s", color=colour, ms=8)
        axes.text(left + 0.22, -len(claims) - 0.25, f"{_MARKS[verdict]} {verdict} ({count})", va="center", fontsize=8)
    axes.set(xlim=(-_LABELS, 4), ylim=(-len(claims) - 0.8, 1.3))
    axes.axis("off")
    return figure, plotted
