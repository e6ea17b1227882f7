"""Commands for the notebooks themselves: serving the bench, storing what tests compare with, making copies."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def explore(
    port: Annotated[int, typer.Option(metavar="N", min=0, max=65535, help="Port; the next free one if taken.")] = 8866,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
) -> None:
    """Serve the what-if bench (notebooks/explore.ipynb) as an application on this machine."""
    from helpers.explore.serve import serve

    serve(port, browser=browser)


def baseline(
    notebooks: Annotated[
        list[Path] | None, typer.Argument(metavar="[NOTEBOOK]...", help="Notebooks (default: all).")
    ] = None,
    jobs: Annotated[int, typer.Option(metavar="N", min=1, help="Notebooks at once.")] = 2,
) -> None:
    """Re-execute notebooks with their defaults and store the outputs that the tests compare with."""
    from helpers.suite.restore import restore

    restore(notebooks or [], jobs)


def lessons(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 1 if a copy or the glossary is stale.")
    ] = False,
    jobs: Annotated[int, typer.Option(metavar="N", min=1, help="Notebooks at once.")] = 2,
) -> None:
    """Make the students' copies from the teachers' masters, and the glossary from its data file."""
    from helpers.teaching.command import make_lessons

    if not make_lessons(check, jobs):
        raise typer.Exit(1)
