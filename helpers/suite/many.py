"""Many runs at once: the notebooks of all of them are independent tasks; one that fails stops no other.

Whoever calls holds the lock of each run that is under way, prepares it, and publishes it; a crew executes the notebooks
and assembles the results. Only as many runs are under way as keep the crew busy, so memory does not grow with their
number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

from helpers.spread import Crew
from helpers.spread.crew import AHEAD, Ended
from helpers.suite.attempt import attempt
from helpers.suite.execution import Outcome
from helpers.suite.lock import exclusive
from helpers.suite.planning import Plan, called_alike
from helpers.suite.stages import Clash, Done, Prepared, assemble, clashed, prepare, publish, require_success
from helpers.suite.watcher import Watcher


@dataclass(frozen=True)
class Target:
    """A run that is wanted: the name under which a person knows it, and how to plan it when its turn comes."""

    name: str
    plan: Callable[[], Plan]


@dataclass(frozen=True)
class Ending:
    """How one run ended: notebooks executed and whose results are where, or the reason of its failure (two lines)."""

    name: str
    study: str = ""
    executed: int = 0
    failure: str = ""


@dataclass
class _Course:
    """A run under way: what it holds, and the tickets of what it waits for."""

    name: str
    plan: Plan
    held: ExitStack
    prepared: Prepared | None = None
    waiting: dict[int, str] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)


class Told(Watcher):
    """Told how each of many runs goes; this one stays silent."""

    def begun(self, name: str) -> None:
        """A run is under way."""

    def finished(self, ending: Ending) -> None:
        """A run has ended, well or not."""


def run_many(targets: Iterable[Target], crew: Crew, told: Told | None = None) -> Iterator[Ending]:
    """Run targets on a crew; yields how each ended, in the order in which they do.

    Runs whose results still hold execute nothing. Two targets of one results folder fail the second. Stopping to ask
    for more, or an interrupt, leaves the published results, and nothing half-made.
    """
    told = told or Told()
    queue = iter(targets)
    courses: dict[int, _Course] = {}  # by ticket
    taken: set[str] = set()
    exhausted = False
    try:
        while True:
            while not exhausted and crew.pending < AHEAD * crew.workers:
                target = next(queue, None)
                if target is None:
                    exhausted = True
                    break
                begun = _begin(target, crew, taken, told)
                if isinstance(begun, Ending):
                    told.finished(begun)
                    yield begun
                else:
                    courses |= dict.fromkeys(begun.waiting, begun)
            if courses:
                end = crew.next()
                ending = _advance(courses.pop(end.ticket), end, crew, courses)
                if ending is not None:
                    told.finished(ending)
                    yield ending
            elif exhausted:
                return
    finally:
        if courses:  # interrupted: first nobody writes any more
            crew.stop()
        for course in courses.values():
            course.held.close()


def _begin(target: Target, crew: Crew, taken: set[str], told: Told) -> _Course | Ending:
    """Plan and prepare a run, and hand out its notebooks; its end, if it has come already."""
    study = ""
    held = ExitStack()
    try:
        plan = target.plan()
        study, place = plan.study.id, plan.place
        if str(place.final) in taken:
            raise called_alike(study)
        taken.add(str(place.final))
        held.enter_context(exclusive(place.lock))
        place.recover()
        held.callback(place.discard)
        told.begun(target.name)
        prepared = prepare(plan, Watcher())
    except BaseException as error:
        held.close()
        if not isinstance(error, Exception):
            raise
        return Ending(target.name, study, failure=reason(error))
    if isinstance(prepared, Done):
        held.close()
        return Ending(target.name, study)
    course = _Course(target.name, plan, held, prepared)
    course.waiting = {crew.submit(attempt, job): job.name for job in prepared.jobs}
    if not prepared.jobs:
        course.waiting = {crew.submit(assemble, prepared, {}): ""}
    return course


def _advance(course: _Course, end: Ended, crew: Crew, courses: dict[int, _Course]) -> Ending | None:
    """Take in the end of a task; returns the end of the run, if it was its last."""
    assert course.prepared is not None
    notebook = course.waiting.pop(end.ticket)
    try:
        if not notebook:
            done = publish(course.prepared, end.value())
            return _end(course, executed=len(done.executed))
        course.outcomes.append(_outcome(notebook, end))
        if course.waiting:
            return None
        seconds = require_success(course.prepared, course.outcomes)
        ticket = crew.submit(assemble, course.prepared, seconds)
        course.waiting[ticket] = ""
        courses[ticket] = course
        return None
    except Clash as clash:
        return _end(course, failure=str(clashed(course.prepared, clash)))
    except Exception as error:
        return _end(course, failure=reason(error))


def _outcome(notebook: str, end: Ended) -> Outcome:
    if end.error is None:
        return end.value()
    return Outcome(notebook, 0.0, reason(end.error).splitlines()[0])


def _end(course: _Course, executed: int = 0, failure: str = "") -> Ending:
    course.held.close()
    return Ending(course.name, course.plan.study.id, executed, failure)


def reason(error: BaseException) -> str:
    """Why a run failed: the lines of an error of ours; else its type and first line."""
    if getattr(error, "exit_code", None) is not None:
        return str(error)
    first = (str(error).strip().splitlines() or [""])[0]
    return f"{type(error).__name__}: {first[:300]}\n  remedy: run it alone with --debug"
