"""What `unrounded run` does with its arguments: one study as it always was, many studies, or sweeps."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from helpers.errors import InputError, Problem
from helpers.suite import run as suite
from helpers.suite.grid import Grid, grid_of
from helpers.suite.many import Ending, Target
from helpers.suite.planning import Settings, ground, one_cohort_one_study, plan_one


class SomeFailed(Exception):
    """Some of many runs failed; the message holds the reason of each."""

    exit_code = 1


def run_studies(names: Sequence[str], everything: bool, settings: Settings, scheduler: str | None = None) -> None:
    """Run one study or many, at one set of parameters or over a grid, and show what becomes of it.

    Raises
    ------
    InputError
        For whatever can be known to be wrong before anything runs: a study that is not there, a parameter, a file.
    RunFailed, SomeFailed
        If a notebook fails; of many runs after all have ended.
    """
    wanted = list(names)
    if everything:
        wanted = _all_studies(wanted)
    if len(wanted) == 1 and scheduler is None and not any("," in pair for pair in settings.pairs) and _once(settings):
        _run_one(wanted[0], settings)
        return
    from helpers.study.loader import find_folder

    given = ground(settings)
    grid = grid_of(settings.pairs, given.known)
    one_cohort_one_study(settings, len(wanted))
    for name in wanted:
        find_folder(name)
    if grid.swept:
        _run_sweeps(wanted, grid, settings, scheduler)
    elif len(wanted) == 1 and scheduler is None:
        _run_one(wanted[0], settings)
    else:
        _run_many(wanted, settings, scheduler)


def _once(settings: Settings) -> bool:
    """Whether no parameter is given twice, as a sweep over texts would."""
    names = [pair.partition("=")[0].strip() for pair in settings.pairs]
    return len(set(names)) == len(names)


def _all_studies(named: list[str]) -> list[str]:
    from helpers.study.loader import list_studies

    if named:
        raise InputError(Problem("--all and named studies exclude each other", "use one of the two", found=named[0]))
    found = [summary.folder.name for summary in list_studies()]
    if not found:
        raise InputError(Problem("there are no studies in data/", "restore them, or name a study folder"))
    return found


def _run_one(name: str, settings: Settings) -> None:
    from helpers.suite.overview import NAME, is_ours, write_overview
    from helpers.suite.terminal import Progress, show_done, show_rows

    for plan in suite.plan([name], settings):
        progress = Progress(plan.study)
        if plan.rows is not None:
            show_rows(plan.rows.cohort, found=plan.rows.named is None)
        show_done(suite.run(plan, progress))
    if is_ours(settings.out / NAME):
        write_overview(settings.out)


def _run_many(names: Sequence[str], settings: Settings, scheduler: str | None) -> None:
    from helpers.paths import shown
    from helpers.spread import open_crew
    from helpers.suite.many import run_many
    from helpers.suite.overview import write_overview
    from helpers.suite.progress import progress_over
    from helpers.suite.terminal import say

    given = ground(settings)
    failed: list[Ending] = []
    executed = 0
    with open_crew(settings.jobs, scheduler, alone=False) as crew, progress_over(len(names), "studies") as told:
        targets = (Target(name, partial(plan_one, name, settings, given)) for name in names)
        for ending in run_many(targets, crew, told):
            executed += ending.executed
            failed += [ending] if ending.failure else []
    page = write_overview(settings.out, {_place(ending): ending.failure for ending in failed})
    done = len(names) - len(failed)
    say(f"{done} of {len(names)} studies are up to date, {executed} notebooks executed; all of them: {shown(page)}")
    _raise_if(failed, "study", "studies")


def _place(ending: Ending) -> str:
    """The name of the results folder; for a study that could not be read that of its own folder."""
    return ending.study or Path(ending.name).name


def _run_sweeps(names: Sequence[str], grid: Grid, settings: Settings, scheduler: str | None) -> None:
    from helpers.spread import open_crew
    from helpers.study import load_study
    from helpers.suite.progress import progress_over
    from helpers.suite.sweep import run_sweep
    from helpers.suite.sweep_page import page_of
    from helpers.suite.terminal import say

    given = ground(settings)
    failed: list[Ending] = []
    say("a sweep over " + "; ".join(f"{name} = {', '.join(values)}" for name, values in grid.swept.items()))
    with open_crew(settings.jobs, scheduler, alone=False) as crew:
        for name in names:
            study = load_study(name)
            say(f"{study.id}: {study.title}")
            with progress_over(len(grid.points), study.id) as told:
                swept = run_sweep(study, name, grid, settings, given, crew, told)
            failed += swept.failures
            say(f"which printed numbers depend on which choice: {page_of(swept)}")
    _raise_if(failed, "point", "points")


def _raise_if(failed: list[Ending], one: str, several: str) -> None:
    if failed:
        noun = one if len(failed) == 1 else several
        lines = "\n".join(f"{ending.study or ending.name}: {ending.failure}" for ending in failed)
        raise SomeFailed(f"{len(failed)} {noun} failed, the others are done\n{lines}")
