"""Evidence: the printed numbers of one study in the form the inversion reads, field by field removable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from helpers.printed import PrintedNumber
from helpers.study.model import DAYS_PER_MONTH, Claim, Study

ESTIMATE_FIELDS = ("value", "ci_low", "ci_high")
COUNT_KINDS = ("at_risk", "events", "censored")
MAX_INVERTED = 5_000
TOO_MANY = f"of more than {MAX_INVERTED:,} patients, which is too large to be inverted"


@dataclass(frozen=True, order=True)
class Field:
    """One printed number of one claim."""

    claim: str
    name: str

    def __str__(self) -> str:
        """``os_6mo.ci_high``."""
        return f"{self.claim}.{self.name}"


@dataclass(frozen=True)
class Landmark:
    """A printed S(t) with its interval; a field that is not printed, or is set aside, is None.

    `day` is the landmark in days; `scale` turns a printed unit into a proportion (1/100 for percent).
    """

    claim: str
    day: Fraction
    value: PrintedNumber | None
    ci_low: PrintedNumber | None
    ci_high: PrintedNumber | None
    scale: Fraction
    level: Fraction

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields that are present."""
        return tuple(Field(self.claim, name) for name in ESTIMATE_FIELDS if getattr(self, name) is not None)

    def without(self, fields: Iterable[Field]) -> Landmark:
        """The same landmark with some fields set aside."""
        gone = {f.name for f in fields if f.claim == self.claim}
        return replace(
            self,
            value=None if "value" in gone else self.value,
            ci_low=None if "ci_low" in gone else self.ci_low,
            ci_high=None if "ci_high" in gone else self.ci_high,
        )


@dataclass(frozen=True)
class Count:
    """One printed count: `kind` is at_risk, events or censored; `day` None means over the whole follow-up."""

    claim: str
    kind: str
    day: Fraction | None
    number: int

    @property
    def field(self) -> Field:
        """The printed field that it comes from."""
        return Field(self.claim, "count")


def counts_of(study: Study, endpoint: str, days_per_month: Fraction = DAYS_PER_MONTH) -> tuple[Count, ...]:
    """The printed counts of an endpoint, those of all its patients only."""
    found = []
    for kind in COUNT_KINDS:
        for claim in study.select(kind, endpoint):
            if claim.n == study.patients(endpoint) and claim.count is not None:
                day = claim.at_day(days_per_month) if claim.at is not None else None
                found.append(Count(claim.id, kind, day, int(claim.count.value)))
    return tuple(found)


def landmarks_of(study: Study, endpoint: str, days_per_month: Fraction = DAYS_PER_MONTH) -> tuple[Landmark, ...]:
    """The landmarks of an endpoint in order of time, those of all its patients only."""
    claims = [c for c in study.select("survival", endpoint) if c.n == study.patients(endpoint) and c.at is not None]
    marks = [_landmark(c, days_per_month) for c in claims]
    return tuple(sorted(marks, key=lambda mark: mark.day))


def _landmark(claim: Claim, days_per_month: Fraction) -> Landmark:
    return Landmark(
        claim.id,
        claim.at_day(days_per_month),
        claim.value,
        claim.ci_low,
        claim.ci_high,
        claim.scale,
        claim.ci_level,
    )


@dataclass(frozen=True)
class Evidence:
    """What one endpoint prints: its landmarks in order of time, and its counts, for n patients."""

    n: int
    landmarks: tuple[Landmark, ...]
    counts: tuple[Count, ...] = ()

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every printed field."""
        estimates = tuple(field for mark in self.landmarks for field in mark.fields)
        return (*estimates, *(count.field for count in self.counts))

    def without(self, fields: Iterable[Field]) -> Evidence:
        """The same with some fields set aside; a last landmark with no field left drops out."""
        gone = set(fields)
        kept = [mark.without(gone) for mark in self.landmarks]
        while kept and not kept[-1].fields:
            kept.pop()
        return Evidence(self.n, tuple(kept), tuple(c for c in self.counts if c.field not in gone))

    def landmark(self, claim: str) -> Landmark:
        """The landmark of one claim. Raises KeyError if there is none."""
        for mark in self.landmarks:
            if mark.claim == claim:
                return mark
        raise KeyError(claim)

    def printed_text(self, field: Field) -> str:
        """The digits of one field."""
        for count in self.counts:
            if count.field == field:
                return str(count.number)
        return str(getattr(self.landmark(field.claim), field.name).text)


def evidence_of(study: Study, endpoint: str, days_per_month: Fraction = DAYS_PER_MONTH) -> Evidence:
    """What a study prints about the curve of one endpoint."""
    landmarks = landmarks_of(study, endpoint, days_per_month)
    return Evidence(study.patients(endpoint), landmarks, counts_of(study, endpoint, days_per_month))
