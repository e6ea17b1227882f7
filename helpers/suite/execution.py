"""Executing notebooks with papermill: one process a notebook, always in the notebook's own folder.

Threads would run notebooks in each other's working folder without an error (papermill issue 473).
"""

from __future__ import annotations

import os
import re
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import IO

from helpers.paths import PROJECT

DEFAULT_JOBS = 2
_chatter: IO[bytes] | None = None
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Job:
    """One notebook to execute.

    `parameters` are injected as they stand; `shown_parameters` replace them in what is stored; `replacements`
    turn paths of this machine into paths of the project in all stored text. `execution_dir` is the working
    folder of the kernel.
    """

    name: str
    source: Path
    output: Path
    parameters: Mapping[str, object]
    shown_parameters: Mapping[str, object]
    execution_dir: Path
    replacements: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """How a job ended: `failure` is empty, or one line for the cell and the error. `seconds` is wall time."""

    name: str
    seconds: float
    failure: str = ""


def kernel_environment() -> dict[str, str]:
    """Environment variables under which every kernel of the suite starts, in a run and in a test alike."""
    path = os.environ.get("PYTHONPATH", "")
    return {
        "JUPYTER_PREFER_ENV_PATH": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "PYTHONPATH": f"{PROJECT}{os.pathsep}{path}" if path else str(PROJECT),
    }


def execute(job: Job) -> Outcome:
    """Execute one notebook in this process and store it, tidied, at ``job.output`` even when it fails."""
    import logging

    import papermill
    from papermill.exceptions import PapermillExecutionError

    logging.getLogger("papermill").setLevel(logging.ERROR)
    os.environ.update(kernel_environment())
    os.environ.pop("MPLBACKEND", None)
    started = time.perf_counter()
    failure = ""
    with tempfile.TemporaryDirectory(prefix="unrounded-ipython-") as own:
        os.environ["IPYTHONDIR"] = own
        try:
            papermill.execute_notebook(
                _literal(job.source),
                _literal(job.output),
                parameters=dict(job.parameters) or None,
                cwd=str(job.execution_dir),
                progress_bar=False,
                kernel_name="python3",
                language="python",
                start_timeout=120,
            )
        except PapermillExecutionError as error:
            failure = f"cell [{error.exec_count}]: {error.ename}: {_first_line(error.evalue)}"
        except Exception as error:
            failure = f"the kernel ended: {type(error).__name__}: {_first_line(str(error))}{_last_words()}"
    if job.output.is_file():
        _store(job, failed=bool(failure))
    return Outcome(job.name, time.perf_counter() - started, failure)


def execute_all(
    jobs: Sequence[Job],
    workers: int = DEFAULT_JOBS,
    started: Callable[[Job], None] = lambda job: None,
    ended: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """Execute notebooks, `workers` at a time, each in a process of its own; after a failure none is started.

    The outcomes of all notebooks that were started come back in the order in which they ended.
    """
    waiting = list(jobs)
    running: dict[Future[Outcome], Job] = {}
    outcomes: list[Outcome] = []
    context = get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, max_tasks_per_child=1, initializer=_worker) as pool:
        try:
            while waiting or running:
                while waiting and len(running) < workers and not any(o.failure for o in outcomes):
                    job = waiting.pop(0)
                    started(job)
                    running[pool.submit(execute, job)] = job
                if not running:
                    break
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    outcome = _result(future, running.pop(future))
                    outcomes.append(outcome)
                    ended(outcome)
        except BaseException:
            for process in list((pool._processes or {}).values()):
                process.terminate()
            raise
    return outcomes


def _result(future: Future[Outcome], job: Job) -> Outcome:
    try:
        return future.result()
    except BrokenProcessPool:
        return Outcome(job.name, 0.0, "the process that ran it was killed (out of memory?)")


def _worker() -> None:
    """Leave Ctrl-C to the parent, end on its signal with the kernel cleaned up, keep what kernels murmur."""
    global _chatter
    _chatter = tempfile.TemporaryFile()  # noqa: SIM115
    os.dup2(_chatter.fileno(), 2)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, frame: _end())


@contextmanager
def with_last_words() -> Iterator[None]:
    """Keep what kernels murmur from the terminal for the length of a block, and know it if one of them dies."""
    global _chatter
    saved, before = os.dup(2), _chatter
    with tempfile.TemporaryFile() as chatter:
        _chatter = chatter
        os.dup2(chatter.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(saved, 2)
            os.close(saved)
            _chatter = before


def _last_words() -> str:
    """The last line that a kernel which died wrote to its standard error, if it is more than a notice."""
    if _chatter is None:
        return ""
    _chatter.seek(0)
    lines = _chatter.read().decode(errors="replace").strip().splitlines()
    return f" ({_first_line(lines[-1])})" if lines and "WARNING" not in lines[-1] else ""


def _end() -> None:
    raise SystemExit(143)


def _literal(path: Path) -> str:
    """A path in which papermill finds no format field."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _first_line(text: str) -> str:
    lines = _ANSI.sub("", text).strip().splitlines()
    return lines[0][:300] if lines else ""


def _store(job: Job, failed: bool) -> None:
    from helpers.suite.notebook import read_notebook, write_notebook
    from helpers.suite.tidy import scrub, show_parameters, tidy

    notebook = tidy(read_notebook(job.output))
    if not failed:
        show_parameters(notebook, job.shown_parameters)
    scrub(notebook, job.replacements)
    write_notebook(notebook, job.output)
