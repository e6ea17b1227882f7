"""What the terminal shows while many runs are under way: a bar over all of them, and a line for each that ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from helpers.suite.many import Ending, Told
from helpers.suite.terminal import console

FEW = 12  # beyond so many runs only failures get a line of their own where there is a bar


class ProgressMany(Told):
    """A bar where there is a terminal; lines everywhere, for as many runs as a person would read."""

    def __init__(self, out: Console, bar: Progress | None, total: int, noun: str) -> None:
        """Show `total` runs, each called `noun`."""
        self._out, self._bar, self._total = out, bar, total
        self._ended = self._failed = 0
        self._task = bar.add_task(noun, total=total, failed="") if bar is not None else None

    def finished(self, ending: Ending) -> None:
        """One more has ended."""
        self._ended += 1
        self._failed += bool(ending.failure)
        if self._bar is not None and self._task is not None:
            failed = f", {self._failed} failed" if self._failed else ""
            self._bar.update(self._task, completed=self._ended, failed=failed)
        if self._bar is None or ending.failure or self._total <= FEW:
            style = "bold red" if ending.failure else ""
            self._out.print(f"  {self._ended:>{len(str(self._total))}}/{self._total}  {_line(ending)}", style=style)


def _line(ending: Ending) -> str:
    name = ending.study or ending.name
    if ending.failure:
        return f"{name}: failed: {ending.failure.splitlines()[0]}"
    if not ending.executed:
        return f"{name}: unchanged"
    return f"{name}: {ending.executed} notebook{'s' if ending.executed != 1 else ''} executed"


@contextmanager
def progress_over(total: int, noun: str) -> Iterator[ProgressMany]:
    """Progress over `total` runs for the length of a block."""
    out = console()
    if not out.is_terminal:
        yield ProgressMany(out, None, total, noun)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[failed]}", style="bold red"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=out) as bar:
        yield ProgressMany(out, bar, total, noun)
