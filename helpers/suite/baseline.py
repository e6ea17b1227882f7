"""The stored outputs that nbval compares with: every notebook run with its defaults, and tidied."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from helpers.errors import InputError, Problem
from helpers.paths import NOTEBOOKS, PROJECT, shown
from helpers.suite.execution import DEFAULT_JOBS, Job, Outcome, execute_all
from helpers.suite.notebook import read_notebook, write_notebook
from helpers.suite.sequence import every_notebook
from helpers.suite.tidy import scrub, tidy, without_injected


class BaselineFailed(Exception):
    """A notebook failed with its defaults; nothing was stored. Two lines a notebook."""

    exit_code = 1


def store_baseline(
    chosen: Sequence[Path] = (),
    folder: Path = NOTEBOOKS,
    jobs: int = DEFAULT_JOBS,
    started: Callable[[str], None] = lambda name: None,
    ended: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Path]:
    """Execute notebooks in their own folders and store them with their outputs, or store none if one fails.

    Parameters
    ----------
    chosen : notebooks to execute; all below `folder`, lessons included, if empty.
    jobs : how many at once.
    started, ended : called with the name of each notebook, and with how it ended.

    Returns
    -------
    list of Path
        The notebooks whose stored text changed.
    """
    paths = [path.resolve() for path in chosen] or list(every_notebook(folder))
    if not paths:
        raise InputError(Problem(f"no notebooks in {shown(folder)}", "restore them from the repository"))
    with tempfile.TemporaryDirectory(prefix="unrounded-baseline-") as temporary:
        outputs = {str(path): Path(temporary) / f"{number}-{path.name}" for number, path in enumerate(paths)}
        tasks = [
            Job(
                name=shown(path),
                source=_bare(path, Path(temporary) / f"in-{number}-{path.name}"),
                output=outputs[str(path)],
                parameters={},
                shown_parameters={},
                execution_dir=path.parent,
            )
            for number, path in enumerate(paths)
        ]
        outcomes = execute_all(tasks, jobs, lambda job: started(job.name), ended)
        failures = [outcome for outcome in outcomes if outcome.failure]
        if failures:
            raise BaselineFailed(
                "\n".join(
                    f"{f.name} failed: {f.failure}\n  remedy: open it with make lab; nothing was stored"
                    for f in failures
                )
            )
        return [path for path in paths if _store(outputs[str(path)], path)]


def _bare(path: Path, copy: Path) -> Path:
    """A copy without injected cells, so that a notebook saved after a parametrised run is cured here."""
    write_notebook(without_injected(read_notebook(path)), copy)
    return copy


def _store(executed: Path, path: Path) -> bool:
    notebook = tidy(without_injected(read_notebook(executed)))
    scrub(
        notebook,
        {str(PROJECT): ".", str(Path.home()): "~"} if str(Path.home()) != "/" else {str(PROJECT): "."},
    )
    write_notebook(notebook, executed)
    if executed.read_bytes() == path.read_bytes():
        return False
    shutil.copyfile(executed, path)
    return True
