"""What `unrounded simulate` does: spread the tasks of a simulation, join them, show and write the table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from helpers.errors import InputError, Problem, nearest
from helpers.simulation.catalogue import SIMULATIONS, Simulation
from helpers.spread import open_crew, spread_over


def run_simulation(
    name: str,
    cases: int | None,
    seed: int,
    jobs: int = 1,
    scheduler: str | None = None,
    out: Path | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> bool:
    """Repeat a simulation; print its table, or a summary, and write it whole if `out` is given.

    Returns
    -------
    bool
        False if the table shows that the suite is at fault, as a truth that is lost does.

    Raises
    ------
    InputError
        If there is no such simulation, if it has nothing to draw and cases are asked for, or `out` cannot be written.
    """
    simulation = _named(name)
    if simulation.cases is None and cases is not None:
        remedy = "leave --cases out"
        raise InputError(Problem(f"{name} goes through real cohorts and draws none", remedy, found=str(cases)))
    if out is not None and (out.is_dir() or not out.parent.is_dir()):
        raise InputError(
            Problem("the table cannot be written there", "name a file in a folder that exists", found=str(out))
        )
    tasks = simulation.tasks(cases or simulation.cases or 0, seed)
    tell(f"{name}: {simulation.about}; {len(tasks)} tasks")
    step = max(1, len(tasks) // 10)

    def done(number: int) -> None:
        if number % step == 0 or number == len(tasks):
            tell(f"{name}: {number} of {len(tasks)}")

    with open_crew(jobs, scheduler) as crew:
        frame = simulation.joined(spread_over(crew, simulation.part, tasks, done))
    if out is not None:
        waiting = out.with_name(f".{out.name}.new")
        frame.to_csv(waiting, index=False, lineterminator="\n", **simulation.csv)
        waiting.replace(out)
    print(simulation.shown(frame).to_string(index=False))
    return not simulation.lost(frame)


def _named(name: str) -> Simulation:
    if name in SIMULATIONS:
        return SIMULATIONS[name]
    like = nearest(name, SIMULATIONS)
    hint = f"did you mean {like}? " if like else ""
    raise InputError(Problem("there is no such simulation", f"{hint}there are {', '.join(SIMULATIONS)}", found=name))
