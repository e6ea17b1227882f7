"""Where things of this project lie, whatever the working folder of the caller."""

from __future__ import annotations

from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
DATA = PROJECT / "data"
NOTEBOOKS = PROJECT / "notebooks"
RESULTS = PROJECT / "results"


def shown(path: Path) -> str:
    """A path as a person should read it: relative to the project or the working folder where possible."""
    for base in (PROJECT, Path.cwd()):
        try:
            return str(path.resolve().relative_to(base))
        except ValueError:
            continue
    return str(path)
