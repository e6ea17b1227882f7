"""A sweep of one study over a grid of parameters: its points run like studies, below the study's own results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.spread import Crew
from helpers.suite.grid import Grid, Point
from helpers.suite.lock import exclusive
from helpers.suite.many import Ending, Target, Told, run_many
from helpers.suite.planning import LEDGERS, Ground, Plan, Settings, plan_one
from helpers.suite.results import SWEEPS, Place

if TYPE_CHECKING:
    from helpers.study.model import Study


@dataclass(frozen=True)
class Swept:
    """A sweep that has been run: where its page is, and how each point ended, in the order of the grid."""

    study: Study
    folder: Path
    grid: Grid
    endings: tuple[tuple[Point, Ending], ...]

    @property
    def failures(self) -> tuple[Ending, ...]:
        """The points that failed."""
        return tuple(ending for _, ending in self.endings if ending.failure)


def run_sweep(study: Study, name: str, grid: Grid, settings: Settings, given: Ground, crew: Crew, told: Told) -> Swept:
    """Run every point of a grid, then write the page and the tables that compare them.

    Results go to ``<out>/<study>/sweeps/<parameters>/<point>``, verdicts to the data set of `settings`. The lock of the
    study's results is held, so that no run replaces them meanwhile. Raises InputError if another run holds it.
    """
    from helpers.suite.sweep_page import write_sweep_page

    place = Place(settings.out, study.id)
    with exclusive(place.lock):
        place.recover()
        folder = place.final / SWEEPS / grid.name
        folder.mkdir(parents=True, exist_ok=True)
        endings = dict(_points(name, grid, settings, given, crew, told, folder))
        swept = Swept(study, folder, grid, tuple((point, endings[point.name]) for point in grid.points))
        write_sweep_page(swept)
        return swept


def _points(
    name: str, grid: Grid, settings: Settings, given: Ground, crew: Crew, told: Told, folder: Path
) -> Iterator[tuple[str, Ending]]:
    ledgers = settings.ledgers or settings.out / LEDGERS
    here = replace(settings, out=folder, ledgers=ledgers)
    targets = (Target(point.name, partial(_plan, name, here, point, given)) for point in grid.points)
    for ending in run_many(targets, crew, _ByPoint(told)):
        yield ending.name, ending


def _plan(name: str, settings: Settings, point: Point, given: Ground) -> Plan:
    return plan_one(name, replace(settings, pairs=point.pairs, folder=point.name), given)


class _ByPoint(Told):
    """Tells of points by their own names, since all are of one study."""

    def __init__(self, told: Told) -> None:
        self._told = told

    def begun(self, name: str) -> None:
        self._told.begun(name)

    def finished(self, ending: Ending) -> None:
        self._told.finished(replace(ending, study=ending.name))
