"""Tables: one house theme for a notebook, the report and a results folder."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.figures.display import file_stem, plain_name, publish, results_folder
from helpers.figures.style import GRID, GROUP_ROW, INK, MUTED
from helpers.spreadsheet import safe_csv

if TYPE_CHECKING:
    import pandas as pd
    from great_tables import GT

MISSING = "–"


def house_table(
    frame: pd.DataFrame,
    *,
    name: str,
    title: str,
    subtitle: str = "",
    source: str = "",
    group: str | None = None,
    right: Sequence[str] = (),
    fills: Mapping[tuple[int, str], str] | None = None,
) -> GT:
    """A frame as a table in the house theme; the same frame gives the same HTML, byte for byte.

    Parameters
    ----------
    frame : DataFrame
        One row a line, columns named as readers should see them. All text is escaped; missing cells show "–".
    name : str
        Plain lower-case name, unique within a page: the table's HTML id is ``table-<name>``.
    title, subtitle, source : str
        Heading, line under it, and note under the table; plain text.
    group : str, optional
        A column whose values become row-group headings.
    right : sequence of str
        Columns of text to align right, beside the numeric ones.
    fills : mapping of (row number, column) to colour, optional
        Cells to fill, e.g. verdicts; the text turns black or white by itself.
    """
    from great_tables import GT, loc, style

    from helpers.figures.style import ink_on

    table = GT(_filled(frame), id=f"table-{plain_name(name)}", groupname_col=group)
    table = table.tab_header(title=title, subtitle=subtitle or None)
    if source:
        table = table.tab_source_note(source)
    to_right = [c for c in frame.columns if c in right or frame[c].dtype.kind in "iuf"]
    to_left = [c for c in frame.columns if c not in to_right and c != group]
    if to_right:
        table = table.cols_align("right", columns=to_right)
    if to_left:
        table = table.cols_align("left", columns=to_left)
    for (row, column), colour in (fills or {}).items():
        table = table.tab_style(
            style=[style.fill(color=colour), style.text(color=ink_on(colour))],
            locations=loc.body(columns=column, rows=[row]),
        )
    return table.tab_options(
        table_font_size="14px",
        table_font_color=INK,
        heading_align="left",
        heading_title_font_size="16px",
        heading_title_font_weight="600",
        heading_subtitle_font_size="13px",
        column_labels_font_weight="600",
        column_labels_border_top_color=INK,
        column_labels_border_bottom_color=MUTED,
        table_border_top_style="none",
        table_border_bottom_color=INK,
        table_body_border_top_color=MUTED,
        table_body_border_bottom_color=INK,
        table_body_hlines_color=GRID,
        row_group_font_weight="600",
        row_group_background_color=GROUP_ROW,
        source_notes_font_size="12px",
        data_row_padding="5px",
        container_overflow_x="auto",
    )


def show_table(
    frame: pd.DataFrame,
    *,
    name: str,
    title: str,
    subtitle: str = "",
    source: str = "",
    group: str | None = None,
    right: Sequence[str] = (),
    fills: Mapping[tuple[int, str], str] | None = None,
    results_dir: str | Path = "",
    notebook: str = "",
    exact: pd.DataFrame | None = None,
) -> None:
    """Display a table in a notebook, and write it as CSV if a results folder is given.

    Takes what `house_table` takes. `exact` is the same table with unrounded numbers: it is what goes into
    ``tables/<notebook>-<name>.csv`` instead of the shown one.
    """
    table = house_table(
        frame, name=name, title=title, subtitle=subtitle, source=source, group=group, right=right, fills=fills
    )
    write_table(frame if exact is None else exact, name=name, results_dir=results_dir, notebook=notebook)
    publish({"text/html": untypeset(table.as_raw_html()), "text/plain": plain_text(frame, title, source)}, {})


def untypeset(markup: str) -> str:
    """HTML that JupyterLab does not search for formulas; only where it holds what could be taken for one."""
    risky = "$" in markup or "\\" in markup
    return f'<div class="tex2jax_ignore mathjax_ignore">{markup}</div>' if risky else markup


def write_table(frame: pd.DataFrame, *, name: str, results_dir: str | Path = "", notebook: str = "") -> None:
    """Write a table as ``tables/<notebook>-<name>.csv``, also an empty one; nothing if no results folder is given."""
    if results_dir:
        folder = results_folder(results_dir) / "tables"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{file_stem(notebook, name)}.csv"
        path.write_text(safe_csv(frame), encoding="utf-8", newline="")


def plain_text(frame: pd.DataFrame, title: str, source: str = "") -> str:
    """The table for a terminal: title, aligned columns, note."""
    width = {c: max([len(str(c)), *(len(v) for v in _filled(frame)[c].astype(str))]) for c in frame.columns}
    numeric = {c for c in frame.columns if frame[c].dtype.kind in "iuf"}

    def line(cells: Sequence[str]) -> str:
        padded = (
            cell.rjust(width[c]) if c in numeric else cell.ljust(width[c])
            for c, cell in zip(frame.columns, cells, strict=True)
        )
        return "  ".join(padded).rstrip()

    rows = [line([str(v) for v in row]) for row in _filled(frame).itertuples(index=False)]
    parts = [title, line([str(c) for c in frame.columns]), *rows]
    return "\n".join([*parts, source] if source else parts)


def _filled(frame: pd.DataFrame) -> pd.DataFrame:
    """Missing cells as a dash; other cells untouched."""
    return frame.astype(object).where(frame.notna(), MISSING)


def table_html(frame: pd.DataFrame, *, name: str, title: str, subtitle: str = "", source: str = "") -> str:
    """The HTML of `house_table` alone, for a page that is not a notebook."""
    return str(house_table(frame, name=name, title=title, subtitle=subtitle, source=source).as_raw_html())


def definition_list(pairs: Mapping[str, str]) -> str:
    """Pairs of term and description as escaped HTML, for a study card."""
    rows = "".join(f"<dt>{html.escape(k)}</dt><dd>{html.escape(v)}</dd>" for k, v in pairs.items())
    return f"<dl>{rows}</dl>"
