"""What a study folder says, as frozen types. Reading and checking the files is the loader's work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

from helpers.printed import PrintedNumber
from helpers.study.comparison import Comparison, Overlap

DAYS_PER_MONTH = Fraction("30.4375")
NUMBER_FIELDS = ("value", "ci_low", "ci_high", "count")
RESPONSES = ("CR", "CRi", "PR", "SD", "NR", "PD", "NE")


@dataclass(frozen=True)
class Endpoint:
    """A time-to-event endpoint: its full name, where the clock starts, and what counts as an event.

    `n` is the number of patients it runs over where that is not the whole cohort (responders, one arm); `subset` then
    says which rows of a cohort file those are, as column and value. `columns` is the stem of its columns in a cohort
    file where that is not its own id. `competing` names the events coded 2, 3, … there, and `censoring` the reasons
    for which follow-up may end without an event (as CNSDTDSC in CDISC ADTTE).
    """

    id: str
    name: str
    origin: str
    events: str
    n: int | None = None
    subset: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    columns: str = ""
    competing: tuple[str, ...] = ()
    censoring: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        """What the names of its columns in a cohort file begin with."""
        return self.columns or self.id

    @property
    def codes(self) -> dict[int, str]:
        """What each code of the event column means."""
        named = (self.events or "event", *self.competing)
        return {0: "censored", **dict(enumerate(named, start=1))}


@dataclass(frozen=True)
class Covariate:
    """A further column of a cohort file: `kind` is continuous (with a unit) or categorical (with its levels, if told).

    `label` is what a table calls it; a categorical one without `levels` takes those that occur, in order of the
    alphabet.
    """

    name: str
    kind: str
    label: str = ""
    unit: str = ""
    levels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Definition:
    """Which rows of a cohort file a claim counts, and of which: conditions as column and value, all to be met.

    A condition is a value, several joined by `` or ``, a range such as ``1 to 2``, or a comparison such as ``>= 3``.
    """

    rows: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    of: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Claim:
    """One printed statement.

    `statistic` is one of survival, median, follow_up, proportion, count, at_risk, events, censored.
    `value`, `ci_low`, `ci_high` are printed in `unit`; `at` is a time in `at_unit`.
    `n` is the denominator: the row's own, or else the endpoint's, or else the study's. `row` is its line in claims.csv.
    """

    id: str
    statistic: str
    n: int
    endpoint: str | None = None
    at: Fraction | None = None
    at_unit: str = ""
    count: PrintedNumber | None = None
    value: PrintedNumber | None = None
    ci_low: PrintedNumber | None = None
    ci_high: PrintedNumber | None = None
    ci_level: Fraction = Fraction(95, 100)
    unit: str = ""
    source: str = ""
    note: str = ""
    row: int = 0

    @property
    def printed(self) -> dict[str, PrintedNumber]:
        """The printed numbers of this claim by field name, in the order a sentence gives them."""
        fields = {name: getattr(self, name) for name in NUMBER_FIELDS}
        return {name: number for name, number in fields.items() if number is not None}

    def at_day(self, days_per_month: Fraction = DAYS_PER_MONTH) -> Fraction:
        """The landmark in days; a month's length is a choice, never a constant of nature."""
        if self.at is None:
            raise ValueError(f"claim {self.id} has no time")
        return self.at * days_in(self.at_unit, days_per_month)

    @property
    def scale(self) -> Fraction:
        """What one printed unit is worth as a proportion: 1/100 for percent, else 1."""
        return Fraction(1, 100) if self.unit == "percent" else Fraction(1)


def days_in(unit: str, days_per_month: Fraction = DAYS_PER_MONTH) -> Fraction:
    """Length in days of one day, week, month or year."""
    return {
        "day": Fraction(1),
        "week": Fraction(7),
        "month": days_per_month,
        "year": 12 * days_per_month,
    }[unit]


@dataclass(frozen=True)
class Study:
    """A study folder, read and checked.

    `conventions` holds choices fixed by the study (keys interval, z, rounded_to, rounding); `outcomes` sorts
    claim ids into ``efficacy`` and ``safety``; `totals` maps a claim id to the ids whose counts add up to it.

    What concerns patient-level rows: `covariates` by column; `grading` names the system of crs, icans and agvhd;
    `responses` are the levels of response columns, best first; `definitions` say which rows a claim counts;
    `non_response_day` is the day on which non-response is an event; `ignored_columns` are not read.

    What concerns other studies: `comparison` says which claims mean what, `overlaps` which studies share patients.
    """

    id: str
    title: str
    n: int
    folder: Path
    endpoints: Mapping[str, Endpoint]
    claims: tuple[Claim, ...]
    title_original: str = ""
    citation: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    population: str = ""
    product: str = ""
    sites: tuple[str, ...] = ()
    enrolled_from: date | None = None
    enrolled_to: date | None = None
    last_follow_up_before: date | None = None
    conventions: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    not_published: tuple[str, ...] = ()
    outcomes: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    totals: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    covariates: Mapping[str, Covariate] = field(default_factory=lambda: MappingProxyType({}))
    grading: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    responses: tuple[str, ...] = RESPONSES
    definitions: Mapping[str, Definition] = field(default_factory=lambda: MappingProxyType({}))
    non_response_day: int | None = None
    ignored_columns: tuple[str, ...] = ()
    comparison: Comparison | None = None
    overlaps: tuple[Overlap, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def origin(self) -> str:
        """Where the clock of the study starts: the origin of its first endpoint that has one, else ``infusion``."""
        return next((e.origin for e in self.endpoints.values() if e.origin), "infusion")

    def patients(self, endpoint: str | None) -> int:
        """How many patients an endpoint runs over; the whole cohort for none."""
        found = self.endpoints.get(endpoint) if endpoint else None
        return found.n if found is not None and found.n is not None else self.n

    def claim(self, claim_id: str) -> Claim:
        """The claim with this id. Raises KeyError if there is none."""
        for claim in self.claims:
            if claim.id == claim_id:
                return claim
        raise KeyError(claim_id)

    def select(self, statistic: str, endpoint: str | None = None) -> tuple[Claim, ...]:
        """All claims of one kind, of one endpoint if given, landmarks in order of time."""
        found = [c for c in self.claims if c.statistic == statistic and endpoint in (None, c.endpoint)]
        return tuple(sorted(found, key=lambda c: c.at_day() if c.at is not None else Fraction(0)))

    @property
    def longest_follow_up(self) -> int | None:
        """Days that no follow-up can exceed: first possible infusion to the day before `last_follow_up_before`."""
        if self.enrolled_from is None or self.last_follow_up_before is None:
            return None
        return (self.last_follow_up_before - self.enrolled_from).days - 1
