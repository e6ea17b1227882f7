"""``python -m helpers.bench``: measure, and set what was measured beside the figure to reach.

Every time is a median of several, by the clock; beside it stands the time for which the processor worked, which is less
where others share the machine. No path and no name of the machine is printed or written.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from helpers.bench.machine import machine
from helpers.bench.row import Row, Settings


def measured(settings: Settings) -> Iterator[Row]:
    """Every row of the benchmark, one after another."""
    from helpers.bench import explore, inversion, rows, tables

    yield from inversion.rows(settings)
    yield from explore.rows(settings)
    yield from tables.rows(settings)
    yield from rows.rows(settings)


def as_json(found: Iterable[Row], settings: Settings) -> str:
    """The same as data: the machine, the settings, and the rows."""
    rows = [{**asdict(row), "reached": row.reached} for row in found]
    return json.dumps({"machine": machine(), "settings": asdict(settings), "rows": rows}, indent=1, ensure_ascii=False)


def show(found: Iterable[Row]) -> None:
    """A table for the terminal."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title="Figures to reach, and what was measured", caption=", ".join(_about()), title_justify="left")
    table.add_column("task")
    table.add_column("to reach", justify="right", no_wrap=True)
    table.add_column("measured", justify="right", no_wrap=True)
    table.add_column("", justify="center")
    table.add_column("processor", justify="right", no_wrap=True)
    table.add_column("note", style="dim")
    for row in found:
        mark = {True: "[green]✓[/]", False: "[red]✗[/]", None: ""}[row.reached]
        table.add_row(row.task, row.goal, row.shown, mark, row.worked, row.note)
    Console().print(table)


def _about() -> list[str]:
    return [f"{what} {name}" if name == "cores" else f"{name} {what}" for name, what in machine().items()]


def main(arguments: list[str] | None = None) -> None:
    """Measure, show, and write JSON if asked."""
    parser = argparse.ArgumentParser(prog="python -m helpers.bench", description=__doc__)
    parser.add_argument("--out", type=Path, help="write the result as JSON")
    parser.add_argument("--repeats", type=int, default=Settings.repeats)
    parser.add_argument("--quick", action="store_true", help="tiny settings that only show that everything runs")
    chosen = parser.parse_args(arguments)
    settings = Settings.quick() if chosen.quick else Settings(repeats=chosen.repeats)
    found = list(measured(settings))
    show(found)
    if chosen.out is not None:
        chosen.out.write_text(as_json(found, settings) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
