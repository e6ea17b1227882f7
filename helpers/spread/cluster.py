"""A crew of Dask workers: processes of this machine that only this machine can reach, or a cluster elsewhere.

A worker that is killed is replaced, and its task is done again by another; a task that has cost several workers their
lives is given up, and no other is lost with it.
"""

from __future__ import annotations

import logging
import signal
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from helpers.errors import InputError, Problem, shorten
from helpers.paths import PROJECT
from helpers.spread.crew import Ended, LostTask
from helpers.spread.same_code import code_sha256, require_same

if TYPE_CHECKING:
    from distributed import Client, Future, LocalCluster

HOST = "127.0.0.1"
PATIENCE = 30  # seconds
_ASK_AGAIN = 2.0  # seconds after which the number of workers is asked for again
SETTINGS = {
    # A task may start processes of its own, which daemonic processes may not.
    "distributed.worker.daemon": False,
    # Memory is that of the kernels, which are processes of their own: nothing here is ever worth spilling or pausing.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": False,
    # Nothing is served to a browser.
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}


class Workers:
    """A crew of the workers that a Dask client reaches; their number is asked anew, as workers come and go."""

    def __init__(self, client: Client, cluster: LocalCluster | None = None) -> None:
        """Take over a client, and the cluster if it was made for this crew; whoever made them closes them."""
        from distributed import as_completed

        self._client, self._cluster = client, cluster
        self._ended = as_completed(loop=client.loop)
        self._tickets: dict[str, int] = {}
        self._count = 0
        self._width, self._asked = 1, float("-inf")
        self._demands = (str(PROJECT), code_sha256())

    @property
    def workers(self) -> int:
        """Tasks that the cluster can do at once."""
        if monotonic() > self._asked + _ASK_AGAIN:
            self._width, self._asked = max(1, sum(self._client.nthreads().values())), monotonic()
        return self._width

    def submit(self, function: Callable[..., Any], *arguments: Any) -> int:
        """Hand out a task; returns its ticket."""
        self._count += 1
        future = self._client.submit(
            partial(_checked, *self._demands, function),
            *arguments,
            pure=False,
            key=f"task-{self._client.id}-{self._count}",
        )
        self._tickets[str(future.key)] = self._count
        self._ended.add(future)
        return self._count

    def next(self) -> Ended:
        """Wait until any task has ended; what is kept of it on the workers is let go."""
        if not self._tickets:
            raise IndexError("no task is pending")
        future: Future = next(self._ended)
        ticket = self._tickets.pop(str(future.key))
        try:
            error = future.exception() if future.status != "finished" else None
            if error is None:
                return Ended(ticket, future.result())
            return Ended(ticket, error=_lost(error))
        finally:
            future.release()

    @property
    def pending(self) -> int:
        """Tasks of which `next` has not told."""
        return len(self._tickets)

    def stop(self) -> None:
        """Cancel what is pending; end the workers if they are this crew's own."""
        self._client.cancel(self._ended.futures)
        self._tickets.clear()
        if self._cluster is not None:
            self._cluster.close()


def _checked(project: str, code: str, function: Callable[..., Any], *arguments: Any) -> Any:
    """Do a task, in the worker, if it runs the same code."""
    require_same(project, code)
    return function(*arguments)


def _lost(error: BaseException) -> BaseException:
    """What a person is told of a task that killed its workers."""
    from distributed import KilledWorker
    from distributed.scheduler import NoValidWorkerError

    if isinstance(error, KilledWorker):
        return LostTask("every process that tried it was killed (out of memory?)")
    if isinstance(error, NoValidWorkerError):
        return LostTask("there is no worker left to do it")
    return error


def _no_interrupts() -> Any:
    """A plugin for workers that leaves Ctrl-C, which reaches them too, to the command that started them."""
    from distributed import WorkerPlugin

    class LeaveInterrupts(WorkerPlugin):
        def setup(self, worker: Any) -> None:
            signal.signal(signal.SIGINT, signal.SIG_IGN)

    return LeaveInterrupts()


@contextmanager
def local_cluster(jobs: int) -> Iterator[LocalCluster]:
    """A cluster of `jobs` processes, one task each at a time, that listens on 127.0.0.1 and serves no dashboard.

    Whoever else has an account on this machine can reach what listens on 127.0.0.1.
    """
    import dask
    from distributed import Client, LocalCluster

    with ExitStack() as stack:
        stack.enter_context(dask.config.set(SETTINGS))
        stack.enter_context(warnings.catch_warnings())
        warnings.filterwarnings("ignore", message="Port .* is already in use")
        scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="unrounded-workers-"))
        cluster = LocalCluster(
            n_workers=jobs,
            threads_per_worker=1,
            processes=True,
            host=HOST,
            dashboard_address=None,
            worker_dashboard_address=None,
            local_directory=scratch,
            memory_limit=None,
            silence_logs=logging.CRITICAL,
        )
        stack.enter_context(cluster)
        with Client(cluster, set_as_default=False) as client:
            client.register_plugin(_no_interrupts())
        yield cluster


@contextmanager
def cluster_crew(jobs: int, scheduler: str | None) -> Iterator[Workers]:
    """The workers at an address, or of a local cluster made for the purpose; what was not finished is cancelled."""
    from distributed import Client

    with ExitStack() as stack:
        if scheduler is None:
            cluster = stack.enter_context(local_cluster(jobs))
            client = stack.enter_context(Client(cluster, set_as_default=False))
            crew = Workers(client, cluster)
        else:
            crew = Workers(stack.enter_context(_at(scheduler)))
        try:
            yield crew
        finally:
            if crew.pending:
                crew.stop()


def _at(address: str) -> Client:
    from distributed import Client

    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise InputError(
            Problem(
                f"no Dask scheduler answers there: {shorten(str(error), 120)}",
                "start one (dask scheduler, dask worker), and give its address, e.g. --scheduler tcp://10.0.0.1:8786",
                found=address,
            )
        ) from None
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        client.close()
        raise InputError(
            Problem(
                "the scheduler has no workers",
                f"start some: dask worker {address} --nworkers 4 --nthreads 1",
                found=address,
            )
        ) from None
    return client
