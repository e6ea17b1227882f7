"""The main job: run the sequence for a study, keep what holds, replace results only when all is well."""

from __future__ import annotations

from helpers.suite.execution import execute_all
from helpers.suite.lock import exclusive
from helpers.suite.planning import Plan, Settings, plan
from helpers.suite.results import make_part
from helpers.suite.stages import Clash, Done, Prepared, RunFailed, assemble, clashed, prepare, publish, require_success
from helpers.suite.watcher import Watcher

__all__ = ["Done", "Plan", "RunFailed", "Settings", "plan", "run"]


def run(plan: Plan, watcher: Watcher | None = None) -> Done:
    """Bring the results of one study up to date.

    Raises
    ------
    RunFailed
        If a notebook fails or leaves a declared output out; earlier results are then untouched and the failed
        notebook lies in ``<study>.failed`` beside them.
    InputError
        If another run is writing to the same results.
    """
    watcher = watcher or Watcher()
    place = plan.place
    with exclusive(place.lock):
        place.recover()
        try:
            prepared = prepare(plan, watcher)
            return prepared if isinstance(prepared, Done) else _execute(prepared, plan.settings.jobs, watcher)
        finally:
            place.discard()


def _execute(prepared: Prepared, jobs: int, watcher: Watcher) -> Done:
    for job in prepared.jobs:
        make_part(prepared.place.parts / job.name)
    outcomes = execute_all(prepared.jobs, jobs, lambda job: watcher.started(job.name), watcher.ended)
    seconds = require_success(prepared, outcomes)
    try:
        return publish(prepared, assemble(prepared, seconds))
    except Clash as clash:
        raise clashed(prepared, clash) from clash
