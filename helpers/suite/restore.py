"""What `unrounded baseline` does: copies are made anew, notebooks executed and stored, and changes told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from helpers.errors import InputError, Problem
from helpers.paths import shown
from helpers.suite.baseline import store_baseline
from helpers.suite.terminal import Progress, say


def restore(notebooks: Sequence[Path], jobs: int) -> None:
    """Execute notebooks, all of them if none is named, and store them with their outputs.

    Raises InputError for a path at which there is no notebook, BaselineFailed if one fails.
    """
    for path in notebooks:
        if not path.is_file():
            raise InputError(Problem("no such notebook", "give the path of an .ipynb file", found=str(path)))
    if not notebooks:
        from helpers.teaching.copies import write_copies

        write_copies()
    progress = Progress(None)
    changed = store_baseline(notebooks, jobs=jobs, started=progress.started, ended=progress.ended)
    for path in changed:
        say(f"changed: {shown(path)}")
    say(f"{len(changed)} of the stored notebooks changed")
