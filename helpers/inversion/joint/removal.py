"""Removal: how many histories of an endpoint each kind of printed evidence rules out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from helpers.inversion.joint.candidates import Candidate
from helpers.inversion.joint.joint import Joint
from helpers.inversion.joint.standing import standing
from helpers.inversion.joint.systems import Days
from helpers.inversion.solve import Solution

LANDMARKS = "landmarks and counts"
DAYS = "days of counts and the calendar"
MEDIANS = "medians"
FOLLOW_UP = "follow-up"
LINKAGE = "linkage"


@dataclass(frozen=True)
class Removal:
    """Histories of an endpoint before and after one kind of evidence was read."""

    evidence: str
    before: int
    after: int

    @property
    def removed(self) -> int:
        """How many it rules out."""
        return self.before - self.after


@dataclass(frozen=True)
class Sharp:
    """The histories of one endpoint that stand under everything printed.

    `undecided` counts those of which, for want of work, neither a possible course is known nor that there is none.
    """

    solution: Solution
    removals: tuple[Removal, ...]
    undecided: int


def sharpened(joint: Joint, name: str) -> Sharp:
    """What stands of an endpoint, and what each kind of evidence took away."""
    listed = joint.listed[name]
    kept: dict[str, set[object]] = {}
    sure: set[str] = set()
    fallen: dict[str, list[Candidate]] = {}
    for candidate in joint.candidates(name):
        answer = joint.stands(name, candidate)
        if answer is False:
            fallen.setdefault(candidate.history, []).append(candidate)
            continue
        kept.setdefault(candidate.history, set()).update(candidate.conventions)
        if answer:
            sure.add(candidate.history)
    by_convention = {
        convention: tuple(h for h in histories if convention in kept.get(h, ()))
        for convention, histories in listed.by_convention.items()
    }
    solution = replace(listed, by_convention={c: found for c, found in by_convention.items() if found})
    gone = {h: found for h, found in fallen.items() if h not in kept}
    return Sharp(solution, tuple(_removals(joint, name, len(listed.histories), gone)), len(kept) - len(sure))


def _removals(joint: Joint, name: str, number: int, gone: dict[str, list[Candidate]]) -> Iterator[Removal]:
    """One entry a kind of evidence that there is, in the order in which it is read."""
    before = number
    yield Removal(LANDMARKS, before, before)
    left = dict(gone)
    days = joint.days[name]
    for kind, some in _levels(days):
        if some is None:
            continue
        failed = {h for h, found in left.items() if not any(standing(some, c.history, c.passed) for c in found)}
        yield Removal(kind, before, before - len(failed))
        before -= len(failed)
        left = {h: found for h, found in left.items() if h not in failed}
    if any(name in pair for pair in joint.assumptions.pairs):
        yield Removal(LINKAGE, before, before - len(left))


def _levels(days: Days) -> Iterator[tuple[str, Days | None]]:
    """Ever more evidence; None where there is none of a kind."""
    medians = tuple(d for d in days.demands if not d.follow_up)
    yield DAYS, replace(days, demands=(), ranges=())
    yield MEDIANS, replace(days, demands=medians, ranges=()) if medians else None
    yield FOLLOW_UP, days if days.follow_ups or days.ranges else None
