"""Whole: everything that is printed about one endpoint, field by field removable: curve, counts, medians, follow-up."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor

from helpers.inversion.chains import Chain
from helpers.inversion.endpoints import follow_up_endpoint
from helpers.inversion.event_limits import whole_numbers
from helpers.inversion.evidence import ESTIMATE_FIELDS, Evidence, Field, evidence_of
from helpers.inversion.history import CENSORED
from helpers.inversion.median_ways import MedianWay, ReverseTies, all_ways
from helpers.inversion.medians import PrintedMedian, median_of, symmetric_roundings
from helpers.printed import PrintedNumber, Rounding
from helpers.study.model import DAYS_PER_MONTH, Claim, Study, days_in


@dataclass(frozen=True)
class Demand:
    """A printed median, or median follow-up, with the ways, and rules for ties, by which it may have been made."""

    median: PrintedMedian
    follow_up: bool = False
    ways: tuple[MedianWay, ...] = all_ways()
    ties: tuple[ReverseTies, ...] = (ReverseTies.STRICT, ReverseTies.KEEP)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The printed fields that are there."""
        return tuple(
            Field(self.median.claim, name) for name in ESTIMATE_FIELDS if getattr(self.median, name) is not None
        )

    def without(self, gone: Iterable[Field]) -> Demand:
        """The same with some fields not read."""
        median = self.median
        for field in gone:
            if field.claim == median.claim and field.name in ESTIMATE_FIELDS:
                median = median.without(field.name)
        return self if median is self.median else replace(self, median=median)

    def by_itself(self) -> Demand:
        """The same with the ways that its own numbers do not rule out: symmetric limits have to be symmetric."""
        median = self.median
        numbers = [number for number in (median.value, median.ci_low, median.ci_high) if number is not None]
        if len(numbers) < 2 or not all(number.reached for number in numbers):
            return self
        fitting = symmetric_roundings(median)
        return self.limited([way for way in self.ways if not way.symmetric or way.rounding in fitting])

    def limited(self, ways: Collection[MedianWay]) -> Demand:
        """The same with only some ways left to try."""
        if all(way in ways for way in self.ways):
            return self
        return replace(self, ways=tuple(way for way in self.ways if way in ways))


@dataclass(frozen=True)
class FollowUpRange:
    """The smallest and largest follow-up in print; `day` is the length of the unit in days.

    Papers mean by it the follow-up of all patients, or of those still followed; either way nobody is lost before the
    smallest or after the largest, and the largest reaches every printed landmark at which somebody is still at risk.
    No more than that is used.
    """

    claim: str
    ci_low: PrintedNumber | None
    ci_high: PrintedNumber | None
    day: Fraction

    @property
    def fields(self) -> tuple[Field, ...]:
        """The printed fields that are there."""
        return tuple(Field(self.claim, name) for name in ("ci_low", "ci_high") if getattr(self, name) is not None)

    def without(self, gone: Iterable[Field]) -> FollowUpRange:
        """The same with some fields not read."""
        names = {field.name for field in gone if field.claim == self.claim}
        return replace(
            self,
            ci_low=None if "ci_low" in names else self.ci_low,
            ci_high=None if "ci_high" in names else self.ci_high,
        )

    def having(self, name: str, number: PrintedNumber) -> FollowUpRange:
        """The same with another number at one end."""
        return replace(self, ci_low=number) if name == "ci_low" else replace(self, ci_high=number)

    def end(self, name: str) -> int | None:
        """The first day that prints as the smallest, or the last that prints as the largest; None if not printed."""
        number: PrintedNumber | None = getattr(self, name)
        if number is None or not number.reached:
            return None
        days = [whole_numbers(number.cell(rule).scaled(self.day)) for rule in Rounding]
        return min(low for low, _ in days) if name == "ci_low" else max(high for _, high in days)

    def on(self, chain: Chain, landmarks: Iterable[Fraction]) -> Chain:
        """The chain with the days that the range allows."""
        first, last = self.end("ci_low"), self.end("ci_high")
        low, high = list(chain.low), list(chain.high)
        beyond = None if last is None else min((day for day in landmarks if day > last), default=None)
        for i, kind in enumerate(chain.kinds):
            if kind == CENSORED and first is not None:
                low[i] = max(low[i], first)
            if kind == CENSORED and last is not None:
                high[i] = min(high[i], last)
            if beyond is not None:
                high[i] = min(high[i], floor(beyond) - (beyond.denominator == 1))
        return replace(chain, low=tuple(low), high=tuple(high))


@dataclass(frozen=True)
class Whole:
    """Everything printed about an endpoint; `longest` is the largest possible day."""

    endpoint: str
    curve: Evidence
    demands: tuple[Demand, ...] = ()
    ranges: tuple[FollowUpRange, ...] = ()
    longest: int = 0

    @property
    def n(self) -> int:
        """Patients at the start."""
        return self.curve.n

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every printed field."""
        return (*self.curve.fields, *self.other_fields)

    @property
    def other_fields(self) -> tuple[Field, ...]:
        """The printed fields of medians and follow-up."""
        demands = (field for demand in self.demands for field in demand.fields)
        return (*demands, *(field for some in self.ranges for field in some.fields))

    def without(self, fields: Iterable[Field]) -> Whole:
        """The same with some fields set aside."""
        gone = tuple(fields)
        return replace(
            self,
            curve=self.curve.without(gone),
            demands=tuple(d for d in (d.without(gone) for d in self.demands) if d.fields),
            ranges=tuple(r for r in (r.without(gone) for r in self.ranges) if r.fields),
        )

    def only(self, claims: Iterable[str]) -> Whole:
        """What some claims alone print."""
        kept = set(claims)
        return self.without([field for field in self.fields if field.claim not in kept])

    def printed_text(self, field: Field) -> str:
        """The digits of one field."""
        for demand in self.demands:
            if field in demand.fields:
                return str(getattr(demand.median, field.name).text)
        for some in self.ranges:
            if field in some.fields:
                return str(getattr(some, field.name).text)
        return self.curve.printed_text(field)

    @property
    def medians(self) -> tuple[Demand, ...]:
        """The printed medians."""
        return tuple(demand for demand in self.demands if not demand.follow_up)

    @property
    def follow_ups(self) -> tuple[Demand, ...]:
        """The printed medians of the follow-up."""
        return tuple(demand for demand in self.demands if demand.follow_up)


def whole_of(
    study: Study,
    endpoint: str,
    days_per_month: Fraction,
    longest: int,
    ways: dict[str, tuple[MedianWay, ...]],
    names: Iterable[str],
) -> Whole:
    """Everything a study prints about one endpoint.

    Parameters
    ----------
    study : the study folder, read.
    endpoint : its id.
    days_per_month : length of a printed month in days.
    longest : largest possible day.
    ways : for each claim of a median or follow-up, the ways in which it may have been made.
    names : the endpoints that are inverted; a follow-up printed for none belongs to one of them.
    """
    everybody = study.patients(endpoint)
    seen = follow_up_endpoint(study, names)
    follow_ups = [c for c in study.select("follow_up") if (c.endpoint or seen) == endpoint and c.n == everybody]
    medians = [c for c in study.select("median", endpoint) if c.n == everybody]
    demands = [_demand(c, days_per_month, ways, follow_up=False) for c in medians]
    demands += [_demand(c, days_per_month, ways, follow_up=True) for c in follow_ups]
    return Whole(
        endpoint,
        evidence_of(study, endpoint, days_per_month),
        tuple(demand for demand in demands if demand.fields),
        tuple(_range(c, days_per_month) for c in follow_ups if c.ci_level == 1 and (c.ci_low or c.ci_high)),
        longest,
    )


def _demand(
    claim: Claim, days_per_month: Fraction, ways: dict[str, tuple[MedianWay, ...]], *, follow_up: bool
) -> Demand:
    return Demand(median_of(claim, days_per_month), follow_up, ways.get(claim.id, all_ways()))


def _range(claim: Claim, days_per_month: Fraction = DAYS_PER_MONTH) -> FollowUpRange:
    return FollowUpRange(claim.id, claim.ci_low, claim.ci_high, days_in(claim.unit or "day", days_per_month))
