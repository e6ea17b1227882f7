"""Opening a crew: this process alone, processes of this machine, or the workers of a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from helpers.errors import InputError, Problem
from helpers.spread.crew import Alone, Crew


@contextmanager
def open_crew(jobs: int = 1, scheduler: str | None = None, *, alone: bool = True) -> Iterator[Crew]:
    """A crew for the length of a block.

    Parameters
    ----------
    jobs : tasks at once on this machine; one is done in this process (unless `alone` is False).
    scheduler : address of a Dask scheduler, e.g. ``tcp://10.0.0.1:8786``; its workers do the work, `jobs` is not used.

    Raises
    ------
    InputError
        If `jobs` is below 1; or nobody answers at the address, or there are no workers, or they run other code.
    """
    if jobs < 1:
        raise InputError(Problem("--jobs must be at least 1", "e.g. --jobs 2", found=str(jobs)))
    if scheduler is None and jobs == 1 and alone:
        yield Alone()
        return
    from helpers.spread.cluster import cluster_crew

    with cluster_crew(jobs, scheduler) as crew:
        yield crew
