"""Certified bounds of every quantity on the calendar, over all data sets that print the numbers.

They are read from the passages: with how many steps and events each moment can be passed, and the range of S. Whole
days, and the order of steps inside a period, are used only where that is simple, so a bound is certain but need not be
attained; `Certified` says what was found.

* S falls on whole days only. Between two moments it lies between their values, before the first it is at most 1, and
  after the last it may fall to 0 the day after, or stay.
* RMST = ∫₀^τ S(t) dt by the smallest and largest S of each day.
* The median lies where the smallest and the largest possible curve come down to 1/2.
* The hazard of a period is events / person-time; those who leave in it do so between its first day and its last. An
  event among r patients lowers ln S by ln(r / (r − 1)), which ties the number of events to S at both ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor, inf, isinf, log

import numpy as np

from helpers.inversion.bounds import FLAT_RULES, Bound, Value
from helpers.inversion.certify.certificate import Certificate
from helpers.inversion.certify.groups import Groups
from helpers.inversion.certify.moments import Moment, Rest
from helpers.inversion.certify.reach import Passage
from helpers.inversion.evidence import Evidence
from helpers.study.model import DAYS_PER_MONTH

HALF = Fraction(1, 2)
_NEAR = 1e-9


@dataclass(frozen=True)
class Range:
    """A smallest and a largest value."""

    low: Value
    high: Value


@dataclass(frozen=True)
class Outer:
    """A certified bound; see `helpers.inversion.bounds.Quantity` for the names and the units."""

    quantity: str
    at: Fraction | None
    unit: str
    range: Range
    since: Fraction | None = None

    @property
    def key(self) -> tuple[str, Fraction | None, str, Fraction | None]:
        """What it is a bound of."""
        return self.quantity, self.at, self.unit, self.since


def key_of(bound: Bound) -> tuple[str, Fraction | None, str, Fraction | None]:
    """The same for an exact bound."""
    return bound.quantity, bound.at, bound.unit, bound.since


class Calendar:
    """The certified bounds of one endpoint."""

    def __init__(
        self,
        moments: Sequence[Moment],
        passages: Sequence[Passage],
        rest: Rest,
        evidence: Evidence,
        longest: int,
    ) -> None:
        """From the moments and how they can be passed, for the landmarks and counts of some evidence."""
        self.n, self.longest = evidence.n, longest
        self.moments, self.passages, self.rest = moments, passages, rest
        self.counts = evidence.counts
        self.marks = sorted({mark.day for mark in evidence.landmarks})
        self.low = [Fraction(p.survival[0]) for p in self.passages]
        self.high = [Fraction(p.survival[1]) for p in self.passages]
        self.days = [moment.day for moment in self.moments]

    @classmethod
    def of(cls, groups: Groups, evidence: Evidence, longest: int) -> Calendar:
        """From a search for the conventions that are left."""
        return cls(groups.moments, groups.passages, groups.rest, evidence, longest)

    @classmethod
    def certified(cls, certificate: Certificate) -> Calendar:
        """From a certificate; there must be passages."""
        evidence = Evidence(certificate.n, certificate.landmarks, certificate.counts)
        return cls(certificate.moments, certificate.passages, certificate.rest, evidence, certificate.longest)

    def _passage(self, day: Fraction) -> Passage:
        return self.passages[self.days.index(floor(day))]

    def events(self, day: Fraction | None) -> Range:
        """Events up to and including the day of a landmark, or in all."""
        if day is not None:
            seen = [e for _, e in self._passage(day).counts]
            return Range(Fraction(min(seen)), Fraction(max(seen)))
        if self.rest.events is not None or self.rest.censored is not None:
            total = self.rest.events if self.rest.events is not None else self.n - (self.rest.censored or 0)
            return Range(Fraction(total), Fraction(total))
        least = min(e for _, e in self.passages[-1].counts)
        most = max(e + (self.n - p if self.rest.beyond else 0) for p, e in self.passages[-1].counts)
        return Range(Fraction(least), Fraction(most))

    def censored(self, day: Fraction | None) -> Range:
        """Censorings up to and including the day of a landmark, or in all."""
        if day is None:
            whole = self.events(None)
            return Range(self.n - whole.high, self.n - whole.low)
        seen = [p - e for p, e in self._passage(day).counts]
        return Range(Fraction(min(seen)), Fraction(max(seen)))

    def at_risk(self, day: Fraction) -> Range:
        """Patients followed to a landmark or longer; on a whole day, those whose last day it is count too."""
        k = self.days.index(floor(day))
        steps = [p for p, _ in self.passages[k].counts]
        low, high = self.n - max(steps), self.n - min(steps)
        if day.denominator == 1:
            # Who was censored before the last event has left before the day, and so have those of the moment before.
            gone = min(m - e for m, e in self.passages[k].lengths)
            before = min((p for p, _ in self.passages[k - 1].counts), default=0) if k else 0
            high = self.n - max(gone, before)
            low = max([low, *(c.number for c in self.counts if c.kind == "at_risk" and c.day == day)])
        return Range(Fraction(low), Fraction(max(low, high)))

    def survival(self, day: Fraction) -> Range:
        """S(t), events of that day included."""
        whole = floor(day)
        for k, moment_day in enumerate(self.days):
            if whole == moment_day:
                return Range(self.low[k], self.high[k])
            if whole < moment_day:
                return Range(self.low[k], self.high[k - 1] if k else Fraction(1))
        return Range(self._after_the_last, self.high[-1])

    @property
    def _after_the_last(self) -> Fraction:
        """The smallest S after the last moment: everybody left may die, if anybody can and may."""
        total = self.events(None).high
        more = any(p < self.n and e < total for p, e in self.passages[-1].counts)
        return Fraction(0) if more and self.rest.beyond else self.low[-1]

    def rmst(self, horizon: Fraction) -> Range:
        """Restricted mean survival time to a horizon, in days."""
        edges = sorted({0, *self.days, *(d + 1 for d in self.days)})
        low = high = Fraction(0)
        for start, end in zip(edges, [*edges[1:], None], strict=True):
            length = (horizon if end is None else min(Fraction(end), horizon)) - start
            if length > 0:
                s = self.survival(Fraction(start))
                low, high = low + Fraction(s.low) * length, high + Fraction(s.high) * length
        return Range(low, high)

    def _first_day(self, *, at_or_below: bool) -> Range:
        """Smallest and largest day on which S is first at or below 1/2, or first below it."""

        def down(s: Fraction) -> bool:
            return s <= HALF if at_or_below else s < HALF

        last = self.days[-1]
        low: Value = last + 1 if self.rest.beyond and down(self._after_the_last) else inf
        for k in reversed(range(len(self.days))):
            if down(self.low[k]):
                low = self.days[k - 1] + 1 if k else 0
        high = next((Fraction(day) for day, s in zip(self.days, self.high, strict=True) if down(s)), inf)
        return Range(low if isinf(low) else Fraction(low), high)

    def median(self, rule: str) -> Range:
        """The median by one rule for a curve that is flat at 1/2; infinite where it need not be reached."""
        first, below = self._first_day(at_or_below=True), self._first_day(at_or_below=False)
        if rule == "first-at-or-below":
            return first
        if rule == "first-below":
            return below
        if isinf(first.high) or (rule == "sas-average" and isinf(below.high)):
            return Range(first.low, inf)
        end = Fraction(max(self.longest, self.days[-1])) if isinf(below.high) else Fraction(below.high)
        return Range(first.low, (Fraction(first.high) + end) / 2)

    def hazard(self, since: Fraction, until: Fraction) -> Range | None:
        """Events per person-day after one moment and up to another; None where it is certainly not defined."""
        b = self.days.index(floor(until))
        a = self.days.index(floor(since)) if since else -1
        if a == b:
            return None
        pairs = self._pairs(a, b)
        events, first, last = pairs.T
        start, end = floor(since) + 1 if since else 0, floor(until)
        stay = [(until - since) * (self.n - p) for p in last.tolist()]
        gone = (last - first).tolist()
        most = [s + g * max(Fraction(0), end - since) for s, g in zip(stay, gone, strict=True)]
        least = [s + g * max(Fraction(0), start - since) for s, g in zip(stay, gone, strict=True)]
        if not since and min(m - e for m, e in self.passages[b].lengths):
            least = [max(Fraction(1), t) for t in least]  # an event after a censoring is at least one day later
        rates_low = [Fraction(e) / t for e, t in zip(events.tolist(), most, strict=True) if t]
        rates_high = [Fraction(e) / t if t else inf for e, t in zip(events.tolist(), least, strict=True) if e or t]
        if not rates_high:
            return None
        return Range(min(rates_low, default=inf), max(rates_high))

    def _pairs(self, a: int, b: int) -> np.ndarray:
        """Rows (events between two moments, steps at the first, steps at the second), shape (k, 3); a may be -1."""
        before = sorted(self.passages[a].counts) if a >= 0 else [(0, 0)]
        p0, e0 = (x[:, None] for x in np.array(before).T)
        p1, e1 = (x[None, :] for x in np.array(sorted(self.passages[b].counts)).T)
        events, steps = e1 - e0, p1 - p0
        s0 = (self.low[a], self.high[a]) if a >= 0 else (Fraction(1), Fraction(1))
        least = log(s0[0] / self.high[b]) if self.high[b] and s0[0] else -inf
        most = log(s0[1] / self.low[b]) if self.low[b] else inf
        possible = (events >= 0) & (steps >= events)
        with np.errstate(divide="ignore", invalid="ignore"):
            early = np.log((self.n - p0) / (self.n - p0 - events))
            late = np.log((self.n - p1 + events) / (self.n - p1))
            possible &= ~(early > most + _NEAR) & ~(late < least - _NEAR)
        rows, columns = np.nonzero(possible)
        found = np.column_stack([events[rows, columns], p0[rows, 0], p1[0, columns]])
        return np.unique(found, axis=0)

    def bounds(
        self, days: Iterable[Fraction | int], horizons: Iterable[Fraction | int], days_per_month: Fraction
    ) -> list[Outer]:
        """Everything, in the order of `helpers.inversion.bounds.quantities`."""
        marks = self.marks
        found: list[Outer] = []
        for day in (*marks, None):
            found.append(Outer("events", day, "patients", self.events(day)))
            found.append(Outer("censored", day, "patients", self.censored(day)))
        found += [Outer("at_risk", day, "patients", self.at_risk(day)) for day in marks]
        for day in sorted({*marks, *map(Fraction, days)}):
            found.append(Outer("survival", day, "proportion", self.survival(day)))
        for day in sorted({*marks, *map(Fraction, horizons)}):
            found.append(Outer("rmst", day, "day", self.rmst(day)))
        found += [Outer("median, " + rule, None, "day", self.median(rule)) for rule in FLAT_RULES]
        for unit, length in (("per person-day", Fraction(1)), ("per person-month", days_per_month)):
            for since, until in zip([Fraction(0), *marks], marks, strict=False):
                rate = self.hazard(since, until)
                if rate is not None:
                    found.append(Outer("hazard", until, unit, Range(rate.low * length, rate.high * length), since))
        return found


def event_days(certificate: Certificate) -> dict[int, tuple[int, int]]:
    """Smallest and largest possible day of the k-th event (1-based), for each event that certainly happened.

    Only those of which it is certain that they lie up to the last landmark.
    """
    calendar: Sequence[tuple[int, Passage]] = [
        (m.day, p) for m, p in zip(certificate.moments, certificate.passages, strict=True)
    ]
    if not calendar:
        return {}
    least = [min(e for _, e in p.counts) for _, p in calendar]
    most = [max(e for _, e in p.counts) for _, p in calendar]
    found = {}
    for k in range(1, least[-1] + 1):
        low = max((day + 1 for (day, _), e in zip(calendar, most, strict=True) if e < k), default=0)
        high = min(day for (day, _), e in zip(calendar, least, strict=True) if e >= k)
        found[k] = (low, high)
    return found


__all__ = ["DAYS_PER_MONTH", "Calendar", "Outer", "Range", "event_days", "key_of"]
