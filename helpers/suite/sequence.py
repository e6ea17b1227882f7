"""The notebooks of the main job, in the order in which they are read."""

from __future__ import annotations

from pathlib import Path

from helpers.errors import InputError, Problem
from helpers.paths import NOTEBOOKS, shown

SEQUENCE = ("01_cohort", "02_efficacy", "03_reconstruction", "04_survival", "05_safety", "06_verdict")


def sequence(folder: Path = NOTEBOOKS, names: tuple[str, ...] = SEQUENCE) -> tuple[Path, ...]:
    """Paths of the notebooks to run, in order. Raises InputError naming every notebook that is not there."""
    paths = tuple(folder / f"{name}.ipynb" for name in names)
    missing = [path for path in paths if not path.is_file()]
    if missing:
        names_missing = ", ".join(path.name for path in missing)
        raise InputError(
            Problem(
                message=f"{shown(folder)} lacks {names_missing}",
                remedy="restore what is missing from the repository (git checkout -- notebooks)",
            )
        )
    return paths


def every_notebook(folder: Path = NOTEBOOKS) -> tuple[Path, ...]:
    """All notebooks under a folder, lessons and explorations included, without Jupyter's checkpoints."""
    found = folder.rglob("*.ipynb")
    return tuple(sorted(p for p in found if not any(part.startswith(".") for part in p.relative_to(folder).parts)))
