"""Endpoints: which of a study's endpoints are drawn together, and what each history of theirs can go on to."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import floor

import numpy as np

from helpers.inversion.draws.courses import Courses, courses
from helpers.inversion.draws.demands import Demand, demands_of
from helpers.inversion.draws.pieces import Piece, piece_of
from helpers.inversion.paper import EndpointInversion, StudyInversion
from helpers.study.model import Study


def outer_endpoint(study: Study, names: tuple[str, ...]) -> str:
    """The endpoint in which only death counts, which every other endpoint precedes; the first one if there is none."""
    for name in names:
        if study.endpoints[name].events.strip().lower() in {"death", "death from any cause"}:
            return name
    return "OS" if "OS" in names else names[0]


@dataclass
class Endpoint:
    """One endpoint that can be drawn: its histories, and the courses of those that have been asked for."""

    name: str
    inversion: EndpointInversion
    demands: tuple[Demand, ...]
    longest: int
    seed: int
    inner: bool
    _courses: dict[str, Courses] = field(default_factory=dict)
    _pieces: dict[tuple[str, int], tuple[Piece, ...]] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """Patients at the start."""
        return self.inversion.n

    @property
    def histories(self) -> tuple[str, ...]:
        """Every history that could have printed the landmarks."""
        return self.inversion.histories

    @property
    def last_landmark(self) -> int:
        """Day of the last landmark, or the last possible day if that is before it."""
        return min(floor(self.inversion.solution.landmarks[-1].day), self.longest)

    def courses(self, history: str) -> Courses:
        """What a history can go on to."""
        if history not in self._courses:
            rng = np.random.default_rng([self.seed, *history.encode()])
            self._courses[history] = courses(
                self.inversion, history, self.demands, self.longest, rng, few_losses=self.inner
            )
        return self._courses[history]

    def pieces(self, history: str, cut: int) -> tuple[Piece, ...]:
        """The same, cut on a day."""
        if (history, cut) not in self._pieces:
            found = self.courses(history).found
            self._pieces[history, cut] = tuple(piece_of(course, cut, self.longest) for course in found)
        return self._pieces[history, cut]


@dataclass(frozen=True)
class Group:
    """Endpoints of the same patients: an outer one and those that precede it."""

    outer: Endpoint
    inner: tuple[Endpoint, ...]

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them, the outer one first."""
        return (self.outer, *self.inner)


def groups_of(inversion: StudyInversion, longest: int, seed: int) -> tuple[Group, ...]:
    """The endpoints that were inverted, those of equal numbers of patients together; the largest group first.

    Endpoints of different numbers of patients are not linked: which patients the smaller one left out is not known.
    """
    study, by_size = inversion.study, dict[int, list[str]]()
    for name, endpoint in inversion.endpoints.items():
        if endpoint.histories:
            by_size.setdefault(endpoint.n, []).append(name)
    whole = outer_endpoint(study, tuple(inversion.endpoints)) if inversion.endpoints else ""
    found = []
    for _, names in sorted(by_size.items(), reverse=True):
        first = outer_endpoint(study, tuple(names))
        ordered = [first, *(name for name in names if name != first)]
        endpoints = []
        for name in ordered:
            demands = demands_of(inversion, name, first=name == whole)
            endpoints.append(Endpoint(name, inversion.endpoints[name], demands, longest, seed, name != first))
        found.append(Group(endpoints[0], tuple(endpoints[1:])))
    return tuple(found)
