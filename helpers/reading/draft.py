"""What was read from an abstract: statements with their numbers, numbers set aside, and facts about the study."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from helpers.reading.names import ENDPOINT_NAMES, OUTCOME_NAMES
from helpers.study.model import days_in

_MOST_TRIED = 20
_STOP = re.compile(r"[。；，\n]|; |\. (?=[A-Z])")
FIELDS = ("value", "ci_low", "ci_high", "count")


@dataclass(frozen=True)
class Printed:
    """A number: as claims.csv takes it, as it stands in the text, and where it stands there."""

    text: str
    written: str
    start: int
    end: int


@dataclass(frozen=True)
class Statement:
    """One row of claims.csv in the making. `doubts` is empty where nothing had to be guessed."""

    statistic: str
    what: str
    numbers: dict[str, Printed]
    sentence: int
    at: str = ""
    at_unit: str = ""
    unit: str = ""
    n: str = ""
    level: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, Fraction | None]:
        """What two statements share that say the same: a count and a percentage of one outcome are one statement."""
        kind = "share" if self.statistic in ("count", "proportion") else self.statistic
        day = Fraction(self.at) * days_in(self.at_unit) if self.at else None
        return kind, self.what, day

    @property
    def is_curve(self) -> bool:
        """Whether `what` names an endpoint."""
        return self.statistic in ("survival", "median")

    @property
    def label(self) -> str:
        """What the statement is about, in words."""
        base = base_of(self.what)
        if self.what == "patients":
            return "Patients"
        if self.statistic == "follow_up":
            return "Median follow-up"
        if self.is_curve:
            name = ENDPOINT_NAMES.get(base, base)
            where = f" at {self.at} {self.at_unit}{'' if self.at == '1' else 's'}" if self.at else ""
            return f"Median {name.lower()}" if self.statistic == "median" else name + where
        return outcome_label(self.what)


def base_of(what: str) -> str:
    """An endpoint without the group it was printed for: ``EFS_2`` and ``EFS_n32`` are both ``EFS``."""
    return what.split("_")[0] if what[:1].isupper() else what


def outcome_label(what: str) -> str:
    """An outcome in words.

    >>> outcome_label("crs_grade_3_plus"), outcome_label("cr_2")
    ('Cytokine release syndrome, grade 3 or higher', 'Complete remission (2)')
    """
    for key in sorted(OUTCOME_NAMES, key=len, reverse=True):
        if what == key or what.startswith(key + "_"):
            rest = what[len(key) + 1 :].replace("_", " ")
            if rest.isdigit():
                return f"{OUTCOME_NAMES[key]} ({rest})"
            rest = re.sub(r"(grade \d) plus", r"\1 or higher", rest)
            return OUTCOME_NAMES[key] + (f", {rest}" if rest else "")
    return what


@dataclass(frozen=True)
class Leftover:
    """A number that is no claim: why not, and whether the reason is known or a person has to look."""

    written: str
    start: int
    sentence: int
    reason: str
    known: bool


@dataclass(frozen=True)
class Facts:
    """What the text says about the study as a whole."""

    title: str = ""
    n: int | None = None
    doi: str = ""
    pmcid: str = ""
    registrations: tuple[str, ...] = ()
    enrolled: tuple[str, str] | None = None


@dataclass(frozen=True)
class Draft:
    """Everything read from one text; `sentences` are as printed, the first has number 1.

    `taken` are the places of all numbers that went into statements, repeats and denominators included.
    """

    facts: Facts
    sentences: tuple[str, ...]
    statements: tuple[Statement, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    repeats: int = 0
    text: str = ""
    taken: frozenset[int] = frozenset()

    def excerpt(self, start: int, end: int, reach: int = 60) -> str:
        """The words around a place of the text, cut where a clause ends if one does nearby."""
        first, last = max(0, start - reach), min(len(self.text), end + reach)
        before = [stop.end() for stop in _STOP.finditer(self.text, first, start)]
        after = _STOP.search(self.text, end, last)
        head, tail = (before[-1] if before else first), (after.start() if after else last)
        words = self.text[head:tail].strip()
        return f"{'…' if not before and head else ''}{words}{'…' if not after and tail < len(self.text) else ''}"

    @property
    def unplaced(self) -> tuple[Leftover, ...]:
        """Numbers that a person has to place or to dismiss."""
        return tuple(one for one in self.leftovers if not one.known)

    def readings(self) -> Iterator[tuple[Statement, str, Printed]]:
        """Every placed number with its statement and field, in the order of the text."""
        rows = [(s, f, number) for s in self.statements for f, number in s.numbers.items()]
        return iter(sorted(rows, key=lambda row: (row[2].start, FIELDS.index(row[1]))))


@dataclass
class Gathering:
    """Statements as they come in: the same said twice is one, another number for the same thing is a second one."""

    statements: list[Statement] = field(default_factory=list)
    repeats: int = 0
    places: dict[tuple[str, str, Fraction | None], int] = field(default_factory=dict)
    last: dict[tuple[str, str, Fraction | None], int] = field(default_factory=dict)

    def add(self, statement: Statement, grouped: bool = False) -> None:
        """Take a statement in, merged with or told apart from what is there."""
        base, number, tried = statement.what, 1, 0
        if grouped:
            base, _, group = statement.what.rpartition("_")
            number = int(group)
        series = replace(statement, what=base).key
        while statement.key in self.places:
            position = self.places[statement.key]
            merged = _merged(self.statements[position], statement)
            if merged is not None:
                self.repeats += 1
                self.statements[position] = merged
                return
            tried += 1
            number = number + 1 if tried < _MOST_TRIED else max(number, self.last.get(series, 1)) + 1
            doubt = "another number is printed for the same: which patients is this one about?"
            doubts = statement.doubts if grouped or doubt in statement.doubts else (*statement.doubts, doubt)
            statement = replace(statement, what=f"{base}_{number}", doubts=doubts)
        self.places[statement.key] = len(self.statements)
        self.last[series] = max(number, self.last.get(series, 1))
        self.statements.append(statement)


def _merged(one: Statement, other: Statement) -> Statement | None:
    """Both statements as one, or None where they contradict each other or are about different patients."""
    if one.n and other.n and one.n != other.n:
        return None
    for name, number in other.numbers.items():
        if name in one.numbers and one.numbers[name].text != number.text:
            return None
    if not set(one.numbers) & set(other.numbers):
        return None
    if (
        "" in (one.n, other.n)
        and one.n != other.n
        and one.statistic in ("count", "proportion")
        and "count" in one.numbers
        and "count" in other.numbers
    ):
        return None
    numbers = one.numbers | {name: number for name, number in other.numbers.items() if name not in one.numbers}
    statistic = "proportion" if "value" in numbers and one.statistic == "count" else one.statistic
    fuller = one if len(one.numbers) >= len(other.numbers) else other
    return replace(
        one,
        statistic=statistic,
        numbers=numbers,
        unit=one.unit or other.unit,
        n=one.n or other.n,
        level=one.level or other.level,
        at=fuller.at,
        at_unit=fuller.at_unit,
        doubts=fuller.doubts,
        sentence=fuller.sentence,
    )
