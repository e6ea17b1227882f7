"""A crew takes tasks and tells how each ended; the one here works alone, in this process."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")
AHEAD = 2  # tasks handed out for each worker, so that none waits while the next is sent


class LostTask(Exception):
    """A task was lost: every worker that tried it was killed. Two lines."""

    exit_code = 1


@dataclass(frozen=True)
class Ended:
    """How a task ended: its `ticket`, and what it returned, or the exception that it raised."""

    ticket: int
    result: Any = None
    error: BaseException | None = None

    def value(self) -> Any:
        """What the task returned; raises what it raised."""
        if self.error is not None:
            raise self.error
        return self.result


class Crew(Protocol):
    """Whoever works. Tasks are functions that can be imported, with their arguments."""

    @property
    def workers(self) -> int:
        """Tasks that are done at once."""

    def submit(self, function: Callable[..., Any], *arguments: Any) -> int:
        """Hand out a task; returns its ticket."""

    def next(self) -> Ended:
        """Wait until any task has ended, and say how. Raises IndexError if there is none."""

    @property
    def pending(self) -> int:
        """Tasks handed out of which `next` has not told yet."""

    def stop(self) -> None:
        """Give up what is pending. Workers that were started for this crew alone are ended, and write nothing more."""


class Alone:
    """A crew of this process alone: a task is done when its end is asked for, first come, first served."""

    workers: int = 1

    def __init__(self) -> None:
        """Start without tasks."""
        self._waiting: deque[tuple[int, Callable[..., Any], tuple[Any, ...]]] = deque()
        self._tickets = 0

    def submit(self, function: Callable[..., Any], *arguments: Any) -> int:
        """Remember a task; returns its ticket."""
        self._tickets += 1
        self._waiting.append((self._tickets, function, arguments))
        return self._tickets

    def next(self) -> Ended:
        """Do the oldest task."""
        ticket, function, arguments = self._waiting.popleft()
        try:
            return Ended(ticket, function(*arguments))
        except Exception as error:
            return Ended(ticket, error=error)

    @property
    def pending(self) -> int:
        """Tasks that are not done."""
        return len(self._waiting)

    def stop(self) -> None:
        """Forget the tasks."""
        self._waiting.clear()


def spread_over(
    crew: Crew,
    function: Callable[[Task], Result],
    tasks: Iterable[Task],
    done: Callable[[int], None] = lambda number: None,
) -> Iterator[Result]:
    """What a function returns for each task, in the order of the tasks, whoever did them.

    Only a few tasks for each worker are handed out ahead, so `tasks` may be long, or endless. What ended early waits
    for its turn. `done` is told how many have ended. The first exception of a task is raised.

    >>> list(spread_over(Alone(), abs, [-3, 2, -1]))
    [3, 2, 1]
    """
    queue = iter(tasks)
    places: dict[int, int] = {}
    early: dict[int, Result] = {}
    handed = told = ended = 0
    exhausted = False
    while True:
        while not exhausted and crew.pending < AHEAD * crew.workers:
            try:
                task = next(queue)
            except StopIteration:
                exhausted = True
                break
            places[crew.submit(function, task)] = handed
            handed += 1
        if not crew.pending:
            return
        end = crew.next()
        early[places.pop(end.ticket)] = end.value()
        ended += 1
        done(ended)
        while told in early:
            yield early.pop(told)
            told += 1
