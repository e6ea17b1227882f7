"""The command `unrounded lessons`: students' copies from the teachers' masters, and the glossary from its data."""

from __future__ import annotations

from helpers.paths import shown
from helpers.suite.terminal import Progress, say
from helpers.teaching import copies, glossary


def make_lessons(check: bool, jobs: int) -> bool:
    """Make what is stale, or with `check` only name it; False if something is stale and stays so."""
    if check:
        return _current()
    progress = Progress(None)
    if glossary.write_page():
        say(f"changed: {shown(glossary.PAGE)}")
    for path in (changed := copies.store_copies(jobs=jobs, started=progress.started, ended=progress.ended)):
        say(f"changed: {shown(path)}")
    say(f"{len(changed)} of {len(copies.masters())} copies made")
    return True


def _current() -> bool:
    stale = copies.differences()
    for difference in stale:
        say(f"{shown(difference.path)} {difference.what}")
    if not glossary.is_current():
        say(f"{shown(glossary.PAGE)} differs from {glossary.SOURCE.name}")
    elif not stale:
        say(f"{len(copies.masters())} copies and the glossary are as their masters make them")
        return True
    say("  remedy: run unrounded lessons")
    return False
