"""Cohorts whose truth is known: patients, their curve with ties, and what truly happened by a landmark.

Written apart from `helpers.inversion`, patient by patient and day by day, so that it can be held against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy.random import Generator

KINDS = ("light", "none", "heavy", "ties", "to zero", "half", "one")


@dataclass(frozen=True)
class Cohort:
    """Patients in order of time, events first on a day: `days` (n,) in any unit, `events` (n,) true for an event."""

    days: tuple[Fraction, ...]
    events: tuple[bool, ...]

    @property
    def n(self) -> int:
        """Number of patients."""
        return len(self.days)

    def curve(self, day: Fraction) -> tuple[Fraction, Fraction]:
        """Kaplan-Meier S(t) and Greenwood's variance, events of that day included; variance 0 where S is 0 or 1.

        Several events on one day are one step of the curve, as in every textbook.
        """
        survival, total = Fraction(1), Fraction(0)
        for moment in sorted({d for d, event in zip(self.days, self.events, strict=True) if event and d <= day}):
            at_risk = self.at_risk(moment)
            died = sum(event and d == moment for d, event in zip(self.days, self.events, strict=True))
            survival *= Fraction(at_risk - died, at_risk)
            if at_risk == died:
                return Fraction(0), Fraction(0)
            total += Fraction(died, at_risk * (at_risk - died))
        return survival, survival**2 * total

    def at_risk(self, day: Fraction) -> int:
        """Patients followed to a day or longer, as R counts."""
        return sum(d >= day for d in self.days)

    def number(self, *, event: bool, until: Fraction) -> int:
        """Events, or censorings, up to and including a day."""
        return sum(e == event and d <= until for d, e in zip(self.days, self.events, strict=True))

    def history(self, day: Fraction) -> str:
        """What happened up to and including a day, E or C a patient, without censorings after the last event."""
        steps = ("E" if event else "C" for d, event in zip(self.days, self.events, strict=True) if d <= day)
        return "".join(steps).rstrip("C")


def cohort(rows: list[tuple[Fraction, bool]]) -> Cohort:
    """Rows of (day, event) as a cohort."""
    ordered = sorted(rows, key=lambda row: (row[0], not row[1]))
    return Cohort(tuple(day for day, _ in ordered), tuple(event for _, event in ordered))


def clinical_cohort(rng: Generator, n: int, median: float = 12, follow_up: tuple[float, float] = (4, 30)) -> Cohort:
    """A trial-like cohort in whole days: exponential events, follow-up uniform between two times, all in months.

    With the default numbers about one patient in seven is censored within the first year.
    """
    month, rate = 30.4375, 0.6931471805599453 / median
    events = rng.exponential(month / rate, n).round()
    ends = rng.uniform(month * follow_up[0], month * follow_up[1], n).round()
    return cohort(
        [(Fraction(int(min(t, c))), bool(t <= c)) for t, c in zip(events.tolist(), ends.tolist(), strict=True)]
    )


def random_cohort(rng: Generator, n: int, kind: str) -> tuple[Cohort, tuple[Fraction, ...]]:
    """A cohort of one kind with one or two landmark days, to be found by chance.

    Kinds: light, no (``none``) or heavy censoring, many ``ties``, a curve that falls ``to zero``, one that is exactly
    ``half`` at the last landmark, one that is still ``one`` there.
    """
    share = {"none": 0.0, "heavy": 0.7, "ties": 0.4}.get(kind, 0.25)
    span = max(2, n // 3) if kind == "ties" else 400
    days = sorted(rng.integers(1, span + 1, n).tolist())
    events = (rng.random(n) >= share).tolist()
    last = days[int(rng.integers(n))] + int(rng.integers(2))
    if kind == "half":
        days, events = sorted(rng.choice(span, 2 * (n // 2), replace=False).tolist()), events[: 2 * (n // 2)]
        events[: n // 2] = [True] * (n // 2)
        last = days[n // 2 - 1]
    if kind == "to zero":
        last = days[-1]
        events = [event or day == last for day, event in zip(days, events, strict=True)]
    if kind == "one":
        first = int(rng.integers(n))
        events[:first] = [False] * first
        last = min((d for d, event in zip(days, events, strict=True) if event), default=days[-1] + 1) - 1
    marks = {last} if rng.random() < 0.5 else {last, int(rng.integers(0, last + 1))}
    rows = [(Fraction(day), event) for day, event in zip(days, events, strict=True)]
    return cohort(rows), tuple(Fraction(day) for day in sorted(marks))
