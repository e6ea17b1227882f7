"""The certificate: what is certain about a set of histories too large to list.

Everything here is a statement about the whole set except the sample and the estimate. Bounds contain every data set
that prints the numbers; a bound is attained where one that does, decided exactly, was found there.
"""

from __future__ import annotations

from dataclasses import dataclass

from helpers.conventions import Convention
from helpers.inversion.certify.counting import Range
from helpers.inversion.certify.moments import Moment, Rest
from helpers.inversion.certify.reach import Passage
from helpers.inversion.certify.sampler import Draw
from helpers.inversion.evidence import Count, Landmark
from helpers.inversion.history import order_key
from helpers.inversion.solve import Solution


@dataclass(frozen=True)
class Enclosure:
    """Every data set lies in low…high; some were found from attained_low to attained_high."""

    low: int
    high: int
    attained_low: int | None = None
    attained_high: int | None = None

    @property
    def sharp(self) -> bool:
        """Whether both ends are attained."""
        return self.low == self.attained_low and self.high == self.attained_high

    def seen(self, value: int) -> Enclosure:
        """With one more value attained."""
        lows = [x for x in (self.attained_low, value) if x is not None]
        highs = [x for x in (self.attained_high, value) if x is not None]
        return Enclosure(self.low, self.high, min(lows), max(highs))


@dataclass(frozen=True)
class LandmarkBounds:
    """Certified bounds up to one landmark: events, censorings before the last of them, patients left just after it.

    `survival` are bounds on S as a proportion, rounded outwards.
    """

    claim: str
    events: Enclosure
    censored: Enclosure
    at_risk: Enclosure
    survival: tuple[float, float]


@dataclass(frozen=True)
class Certificate:
    """What is known about the set of histories.

    Attributes
    ----------
    n, landmarks, counts, longest : the question: patients, what is printed, and the largest possible day.
    count : certified range for the number of histories under at least one convention.
    by_convention : certified ranges for single conventions, where computed.
    conventions : those under which a history was found; `excluded` certainly have none, `undecided` are the rest.
    bounds : one entry a landmark; empty where nothing fits or time ran out before the first bounds.
    moments, passages, rest : what the bounds were read from; see `calendar`.
    members : histories that were found, decided exactly, with the conventions under which they print.
    sample : seeded draws from the set, uniform, with repetition.
    estimate, error : size of the set by the sample, with its standard error; not certified.
    complete : whether every part was finished within the limits.
    notes : what is missing or limited, in plain words.
    """

    n: int
    landmarks: tuple[Landmark, ...]
    counts: tuple[Count, ...]
    longest: int
    count: Range
    by_convention: dict[Convention, Range]
    conventions: tuple[Convention, ...]
    excluded: tuple[Convention, ...]
    undecided: tuple[Convention, ...]
    bounds: tuple[LandmarkBounds, ...]
    moments: tuple[Moment, ...]
    passages: tuple[Passage, ...]
    rest: Rest
    members: dict[str, tuple[Convention, ...]]
    sample: tuple[Draw, ...]
    estimate: float | None
    error: float | None
    complete: bool
    notes: tuple[str, ...]

    @property
    def contradictory(self) -> bool:
        """Whether it is certain that no history fits."""
        return self.count.high == 0

    @property
    def possible(self) -> tuple[Convention, ...]:
        """The conventions that are not excluded, those under which a history was found first."""
        return (*self.conventions, *self.undecided)

    @property
    def histories(self) -> tuple[str, ...]:
        """The histories found, in ladder order: the sample without repetition, and those that attain a bound."""
        return tuple(sorted(self.members, key=order_key))

    def solution_of(self, histories: tuple[str, ...]) -> Solution:
        """Some of the histories found, as the part of a solution that they are."""
        by = {c: tuple(h for h in histories if c in self.members[h]) for c in self.conventions}
        return Solution(self.n, self.landmarks, {c: found for c, found in by.items() if found}, self.counts)
