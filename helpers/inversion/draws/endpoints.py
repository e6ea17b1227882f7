"""Endpoints: which of a study's endpoints are drawn together, and what each history of theirs can go on to."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import floor

import numpy as np

from helpers.inversion.draws.courses import Courses, courses
from helpers.inversion.draws.demands import Printed, printed_of
from helpers.inversion.draws.pieces import Piece, piece_of
from helpers.inversion.inverted import EndpointInversion, StudyInversion
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
    printed: Printed
    seed: int
    inner: bool
    _courses: dict[str, Courses] = field(default_factory=dict)
    _pieces: dict[tuple[str, int], tuple[Piece, ...]] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """Patients at the start."""
        return self.inversion.n

    @property
    def longest(self) -> int:
        """Largest possible day."""
        return self.printed.longest

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
            self._courses[history] = courses(self.inversion, history, self.printed, rng, few_losses=self.inner)
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


def groups_of(inversion: StudyInversion, seed: int) -> tuple[Group, ...]:
    """The endpoints that were inverted, each outer one with those of the same patients that count its events too.

    Endpoints that are not linked in the account of the whole paper are groups of their own.
    """
    names = tuple(name for name, endpoint in inversion.endpoints.items() if endpoint.histories)
    pairs = [(a, b) for a, b in inversion.reconciled.joint.assumptions.pairs if a in names and b in names]
    inner = {a for a, _ in pairs}
    tops = [name for name in names if name not in inner]
    chosen = {a: next(b for b in tops if (a, b) in pairs) for a in names if a in inner}

    def endpoint(name: str) -> Endpoint:
        return Endpoint(name, inversion.endpoints[name], printed_of(inversion, name), seed, name in inner)

    first = outer_endpoint(inversion.study, names) if names else ""
    tops.sort(key=lambda name: (name != first, -inversion.endpoints[name].n))
    return tuple(Group(endpoint(b), tuple(endpoint(a) for a in names if chosen.get(a) == b)) for b in tops)
