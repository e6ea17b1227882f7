"""Forest over studies: one line a study under the heading of its group, the first study marked, and the summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpers.errors import InputError, Problem
from helpers.figures.forest_layout import ForestLayout, ForestLine
from helpers.figures.lettering import drawable, inches
from helpers.figures.style import INK, MARKED, OS, PAGE, use_style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

COLUMNS = (
    "heading", "name", "kind", "counts", "text", "n", "estimate", "low", "high", "outer_low", "outer_high", "pooled",
)  # fmt: skip
STUDY, FIRST, SUMMARY = "study", "first", "summary"
_MARK = "▶ "


@use_style()
def across_forest(frame: pd.DataFrame, *, counts: str, xlabel: str = "Patients (%)") -> tuple[Figure, pd.DataFrame]:
    """Draw one outcome, or several, over studies.

    Parameters
    ----------
    frame : DataFrame
        One row a line, rows of one heading together: heading, name, kind (`study`, `first` for the study that the
        others
        are held against, `summary`), counts and text (shown as they stand), n (patients, for the size of the square),
        estimate, low, high and, of summaries, outer_low, outer_high (proportions; NaN where there is none), pooled (a
        study that is not pooled is drawn hollow).
    counts : str
        Head of the column of counts.
    xlabel : str
        Label of the axis in percent.

    Returns
    -------
    (Figure, DataFrame)
        `frame` with the height `y` of each line in inches from the top of the axes.

    Raises
    ------
    InputError
        No rows, or a column that is missing.
    """
    missing = [name for name in COLUMNS if name not in frame.columns]
    if missing or frame.empty:
        found = ", ".join(missing) + " missing" if missing else "no rows"
        raise InputError(Problem("a forest over studies lacks something", f"give {', '.join(COLUMNS)}", found=found))
    lines: list[ForestLine] = []
    last = None
    for index, row in enumerate(frame.reset_index(drop=True).to_dict("records")):
        if row["heading"] != last:
            lines.append(ForestLine(drawable(row["heading"])))
            last = row["heading"]
        lines.append(_line(index, row))
    layout = ForestLayout(lines, (counts, "% (95 % CI)", ""), PAGE)
    figure, axes, places = layout.draw((0.0, 100.0), drawable(xlabel), log=False)
    room = axes.get_position().width * figure.get_figwidth() / (inches("100", layout.size) * 1.5)
    step = next(s for s in (10, 20, 25, 50, 100) if 100 / s <= room or s == 100)
    axes.set_xticks(range(0, 101, step))
    return figure, frame.assign(y=[places[k] for k in range(len(frame))])


def _line(index: int, row: dict[Any, Any]) -> ForestLine:
    first, total = row["kind"] == FIRST, row["kind"] == SUMMARY
    outer = (100 * row["outer_low"], 100 * row["outer_high"]) if row["outer_low"] == row["outer_low"] else None
    return ForestLine(
        drawable(f"{_MARK if first else ''}{row['name']}"),
        index,
        drawable(row["counts"]),
        drawable(row["text"]),
        estimate=100 * row["estimate"],
        low=100 * row["low"],
        high=100 * row["high"],
        n=float(row["n"]),
        indented=True,
        total=total,
        bold=first,
        colour=MARKED if first else INK if total else OS,
        hollow=not total and not row["pooled"],
        outer=outer,
    )
