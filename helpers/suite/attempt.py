"""One notebook as a task that may be started again: a worker that dies in the middle leaves nothing that is used.

Each attempt writes into a folder of its own; the whole folder is renamed into its place when the notebook has ended.
"""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from helpers.suite.execution import Job, Outcome, execute, with_last_words
from helpers.suite.results import make_part

_ONE_AT_A_TIME = threading.Lock()  # a kernel's environment is that of the process: threads would share it


def attempt(job: Job) -> Outcome:
    """Execute a notebook in this process, one at a time, into ``<results>/notebooks`` of its part."""
    part = job.output.parent.parent
    own = part.with_name(f".{part.name}-{uuid4().hex}")
    own.mkdir()  # not its parents: if they are gone, nobody waits for it
    make_part(own)
    try:
        with _ONE_AT_A_TIME, with_last_words():
            outcome = execute(relocated(job, part, own))
        _settle(own, part)
    finally:
        shutil.rmtree(own, ignore_errors=True)
    return outcome


def relocated(job: Job, part: Path, own: Path) -> Job:
    """The same job, writing to another folder; what is stored of it stays the same."""

    def moved(value: object) -> object:
        return value.replace(str(part), str(own)) if isinstance(value, str) else value

    return replace(
        job,
        output=own / job.output.relative_to(part),
        parameters={name: moved(value) for name, value in job.parameters.items()},
        replacements={str(moved(path)): shown for path, shown in job.replacements.items()},
    )


def _settle(own: Path, part: Path) -> None:
    """Rename into place; where another attempt was first, its results stand."""
    try:
        own.rename(part)
    except OSError:
        if not part.is_dir():
            raise
