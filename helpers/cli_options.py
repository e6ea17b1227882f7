"""Options that several commands share, and how an error reaches the person at the terminal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

StudyName = Annotated[str, typer.Argument(metavar="STUDY", help="A study in data/, or the path of a study folder.")]
CohortFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE|none", help="Patient-level rows, CSV or Parquet (default: the study's own cohort.csv, if any)."
    ),
]
AdverseEvents = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Their adverse events (default: adverse_events.csv beside the cohort)."),
]
AllowIdentifiers = Annotated[
    bool, typer.Option("--allow-identifiers", help="Drop identifying columns instead of refusing the file.")
]
TimeLimit = Annotated[
    float | None,
    typer.Option(
        "--time-limit", metavar="SECONDS", min=1.0, help="For each endpoint whose histories are too many to list."
    ),
]
Parameters = Annotated[
    list[str] | None,
    typer.Option("-p", "--parameter", metavar="NAME=VALUE[,VALUE]", help="Set a notebook parameter; several: a sweep."),
]
Jobs = Annotated[int, typer.Option(metavar="N", help="Tasks at once on this machine.")]
Scheduler = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="Spread over a Dask cluster, e.g. tcp://10.0.0.1:8786.")
]


def tell(line: str) -> None:
    """How large a job is and how far it has come: on standard error, so that results can be piped."""
    print(line, file=sys.stderr, flush=True)


def explain(error: Exception) -> int:
    """Print an error in two lines and return the exit code that goes with it."""
    from helpers.errors import shorten

    code: Any = getattr(error, "exit_code", None)
    if code is not None:
        print(error, file=sys.stderr)
        return int(code)
    if isinstance(error, OSError):
        print(
            f"{error.strerror or error}: {error.filename or ''}\n  remedy: check the path and its rights",
            file=sys.stderr,
        )
        return 2
    text = shorten(str(error), 200)
    print(
        f"unexpected {type(error).__name__}: {text}\n  remedy: run again with --debug and report it",
        file=sys.stderr,
    )
    return 1
