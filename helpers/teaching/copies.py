"""The lessons as files: masters with solutions in one folder, the copies made from them in the folder beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.paths import NOTEBOOKS
from helpers.suite.notebook import Notebook, code_cells, read_notebook, write_notebook
from helpers.teaching.student import student_notebook

if TYPE_CHECKING:
    from helpers.suite.execution import Outcome

LESSONS = NOTEBOOKS / "lessons"
MASTERS, STUDENTS = "teacher", "student"


@dataclass(frozen=True)
class Difference:
    """One file that is not what its master makes of it: `what` says how it differs, in one phrase."""

    path: Path
    what: str


def masters(folder: Path = LESSONS) -> tuple[Path, ...]:
    """The masters in the order of the course."""
    return tuple(sorted((folder / MASTERS).glob("*.ipynb")))


def copy_of(master: Path) -> Path:
    """Where the student's copy of a master lies."""
    return master.parent.parent / STUDENTS / master.name


def differences(folder: Path = LESSONS) -> tuple[Difference, ...]:
    """Every student's copy that is missing, stale, or has no master; outputs are not compared here."""
    found = []
    expected = {copy_of(master): master for master in masters(folder)}
    for path, master in expected.items():
        if not path.is_file():
            found.append(Difference(path, "is missing"))
            continue
        what = _difference(student_notebook(read_notebook(master), master.name), read_notebook(path))
        if what:
            found.append(Difference(path, what))
    for path in sorted((folder / STUDENTS).glob("*.ipynb")):
        if path not in expected:
            found.append(Difference(path, "has no master"))
    return tuple(found)


def write_copies(folder: Path = LESSONS) -> tuple[Path, ...]:
    """Write every copy that is missing or stale, without outputs, and remove those without a master.

    Returns
    -------
    tuple of Path
        The copies written: they are yet to be executed.
    """
    made: dict[Path, Notebook] = {}
    for difference in differences(folder):  # all are made before one is written: a broken master changes nothing
        if difference.what == "has no master":
            difference.path.unlink()
        else:
            master = folder / MASTERS / difference.path.name
            made[difference.path] = student_notebook(read_notebook(master), master.name)
    for path, notebook in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_notebook(notebook, path)
    return tuple(made)


def store_copies(
    folder: Path = LESSONS,
    jobs: int = 2,
    started: Callable[[str], None] = lambda name: None,
    ended: Callable[[Outcome], None] = lambda outcome: None,
) -> tuple[Path, ...]:
    """Write the copies that are stale, execute them and store their outputs; the others stay untouched."""
    from helpers.suite.baseline import store_baseline

    written = write_copies(folder)
    if written:
        store_baseline(written, folder, jobs, started, ended)
    return written


def _difference(expected: Notebook, stored: Notebook) -> str:
    """The first cell in which two notebooks differ, outputs and counts aside; empty if there is none."""
    want, have = [_bare(c) for c in expected["cells"]], [_bare(c) for c in stored["cells"]]
    for number, (one, other) in enumerate(zip(want, have, strict=False), 1):
        if one != other:
            return f"differs from its master in cell {number} ({one.get('id', '')})"
    if len(want) != len(have):
        return f"has {len(have)} cells, its master makes {len(want)}"
    if _kept(expected["metadata"]) != _kept(stored["metadata"]):
        return "differs from its master in the metadata"
    if any(cell["execution_count"] is None for cell in code_cells(stored)):
        return "was not executed"
    return ""


def _bare(cell: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in cell.items() if key not in ("outputs", "execution_count")}


def _kept(metadata: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in metadata.items() if key not in ("kernelspec", "language_info")}
