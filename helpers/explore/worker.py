"""Long answers, made in a process of their own, so that the next keystroke never waits for them.

A job that a newer one makes stale is ended, not waited for; what it would have said is never shown. The process is
forked from a server that has imported everything once, where the system can do that.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Protocol

from helpers.errors import InputError
from helpers.explore.answer import full_answer, with_ledger
from helpers.explore.drawn import Drawn, draw
from helpers.explore.model import Answer
from helpers.explore.state import State
from helpers.ledger.row import LedgerRow

PRELOADED = ("helpers.explore.worker", "helpers.inversion.draws", "pandas")


@dataclass(frozen=True)
class Before:
    """The ledger of the paper as printed, to compare with."""

    state: State
    ledger: tuple[LedgerRow, ...]


@dataclass(frozen=True)
class Failure:
    """A job that could not be done, in two lines."""

    state: State
    text: str


@dataclass(frozen=True)
class Job:
    """What is wanted of a state: the full answer with its ledger, or, with a seed, a drawn table."""

    state: State
    seed: int | None = None


Said = Answer | Drawn | Before | Failure


def work(job: Job) -> Iterator[Said]:
    """Everything that a job has to say, the quickest first."""
    try:
        if job.seed is not None:
            yield draw(job.state, job.seed)
            return
        answer = full_answer(job.state)
        yield answer
        answer = with_ledger(answer)
        yield answer
        printed = answer if not job.state.edits else with_ledger(full_answer(job.state.as_printed))
        yield Before(job.state, printed.ledger or ())
    except InputError as error:
        yield Failure(job.state, str(error))
    except Exception as error:  # the bench must say so and stay alive
        yield Failure(job.state, f"{type(error).__name__}: {error}\n  remedy: change the numbers, or report it")


class Runner(Protocol):
    """Whoever does jobs and hands over what they have to say."""

    def submit(self, job: Job, said: Callable[[Said], None], *, stale: bool = True) -> None:
        """Take a job; `stale` says that whatever was submitted before is not wanted any more."""

    def close(self) -> None:
        """End everything."""


class Here:
    """Does a job on the spot."""

    def submit(self, job: Job, said: Callable[[Said], None], *, stale: bool = True) -> None:
        """Do the job before returning."""
        for item in work(job):
            said(item)

    def close(self) -> None:
        """Nothing to end."""


class Apart:
    """Does jobs in a process of its own, one after another; made in a notebook, it reports through its event loop."""

    def __init__(self) -> None:
        """Nothing is started before the first job."""
        self._context = _context()
        self._process: Any = None
        self._pipe: Connection | None = None
        self._ticket = 0
        self._open: dict[int, tuple[Job, Callable[[Said], None]]] = {}
        self._loop = _running_loop()

    @property
    def busy(self) -> bool:
        """Whether a job is still being worked on."""
        return bool(self._open)

    def submit(self, job: Job, said: Callable[[Said], None], *, stale: bool = True) -> None:
        """Send a job; if the process is busy with stale ones, it is ended and another takes its place."""
        if stale and self._open:
            self._end()
        if self._process is None or not self._process.is_alive():
            self._start()
        self._ticket += 1
        self._open[self._ticket] = job, said
        assert self._pipe is not None
        self._pipe.send((self._ticket, job))

    def close(self) -> None:
        """End the process."""
        self._end()

    def _start(self) -> None:
        self._open.clear()
        self._pipe, theirs = self._context.Pipe()
        self._process = self._context.Process(target=_serve, args=(theirs,), daemon=True, name="unrounded-explore")
        self._process.start()
        theirs.close()
        threading.Thread(target=self._listen, args=(self._pipe,), daemon=True, name="unrounded-explore").start()

    def _end(self) -> None:
        self._open.clear()
        if self._process is not None:
            self._process.terminate()
            self._process.join(2)
            self._process = None
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None

    def _listen(self, pipe: Connection) -> None:
        while True:
            try:
                ticket, item = pipe.recv()
            except (EOFError, OSError, TypeError):  # closed on either side, also in the middle of reading
                if self._pipe is pipe:
                    self._soon(self._lost)
                return
            self._soon(self._hand_over, ticket, item)

    def _soon(self, act: Callable[..., None], *arguments: Any) -> None:
        """Act in the notebook's event loop, where widgets may be touched; at once where there is none."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(act, *arguments)
        else:
            act(*arguments)

    def _hand_over(self, ticket: int, item: Said | None) -> None:
        if ticket in self._open:
            _, said = self._open[ticket]
            if item is None:
                del self._open[ticket]
            else:
                said(item)

    def _lost(self) -> None:
        """The process is gone: say so of every job that it had."""
        lost, self._open = self._open, {}
        for job, said in lost.values():
            said(Failure(job.state, "the process that worked it out has ended\n  remedy: change a number to ask again"))


def _serve(pipe: Connection) -> None:
    """The loop of the process: a job in, what it has to say out, then None."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    while True:
        try:
            ticket, job = pipe.recv()
            for item in work(job):
                pipe.send((ticket, item))
            pipe.send((ticket, None))
        except (EOFError, OSError):
            return


def _context() -> Any:
    """How processes are started: from a server with everything imported where there is one, else afresh."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(PRELOADED))
        return context
    return multiprocessing.get_context("spawn")


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
