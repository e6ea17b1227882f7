"""Made-up papers on few patients, and every table of patients that could have printed them, apart from `helpers`.

A paper prints landmarks, counts, medians and follow-up of an endpoint. Which of its numbers a table prints, under one
way of making medians, is worked out table by table by the code in `brute`, `patients` and `programs`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import product
from math import floor

from helpers.conventions import Convention
from helpers.inversion.evidence import ESTIMATE_FIELDS, Count, Evidence, Field, Landmark
from helpers.inversion.joint.whole import Demand, FollowUpRange, Whole
from helpers.inversion.median_ways import MedianWay, all_ways
from helpers.inversion.medians import PrintedMedian
from helpers.printed import PrintedNumber
from tests.inversion import brute
from tests.inversion.making import CONVENTIONS
from tests.inversion.patients import at_day
from tests.inversion.programs import printed_ways

Table = tuple[tuple[int, int], ...]
Texts = tuple[str | None, str | None, str | None]
Shown = dict[Field, frozenset[str]]
WHOLE, FEW = (1, 1, 1), ((1, 1, 1), (1, 0, 0), (1, 1, 0))
TIES = {"median": ("",), "follow_up": ("keep", "strict")}


@dataclass(frozen=True)
class Paper:
    """What is printed of one endpoint; texts that are None are not printed.

    `marks` has one triple a day of `days`; `medians` one a kind, "median" or "follow_up", in a unit of `unit` days;
    `counts` are (kind, day, number); `seen` is the range of follow-up, in days.
    """

    name: str
    n: int
    longest: int
    convention: Convention
    decimals: int
    days: tuple[int, ...]
    marks: tuple[Texts, ...]
    medians: tuple[tuple[str, Texts], ...]
    ways: tuple[MedianWay, ...]
    unit: Fraction = Fraction(1)
    unit_decimals: int = 0
    counts: tuple[tuple[str, Fraction | None, int], ...] = ()
    seen: tuple[int | None, int | None] = (None, None)

    def printed(self) -> dict[Field, str]:
        """Every field with its digits."""
        found = {}
        for k, texts in enumerate(self.marks):
            found |= _fields(f"{self.name}{k}", texts)
        for kind, texts in self.medians:
            found |= _fields(f"{self.name}{kind}", texts)
        for k, (_, _, number) in enumerate(self.counts):
            found[Field(f"{self.name}count{k}", "count")] = str(number)
        return found | _fields(f"{self.name}seen", (None, *(None if x is None else str(x) for x in self.seen)))

    def whole(self) -> Whole:
        """The paper as the code under test reads it."""
        marks = tuple(
            Landmark(f"{self.name}{k}", Fraction(day), *map(_number, texts), Fraction(1, 100), Fraction(95, 100))
            for k, (day, texts) in enumerate(zip(self.days, self.marks, strict=True))
        )
        counts = tuple(Count(f"{self.name}count{k}", *count) for k, count in enumerate(self.counts))
        demands = tuple(
            Demand(
                PrintedMedian(f"{self.name}{kind}", self.name, *map(_number, texts), self.unit),
                kind == "follow_up",
                self.ways,
            )
            for kind, texts in self.medians
        )
        ends = [None if x is None else PrintedNumber(str(x)) for x in self.seen]
        ranges = () if self.seen == (None, None) else (FollowUpRange(f"{self.name}seen", *ends, Fraction(1)),)
        return Whole(self.name, Evidence(self.n, marks, counts), demands, ranges, self.longest)

    def history(self, rows: Table) -> str:
        """What happened by the last landmark."""
        return "".join("E" if event else "C" for day, event in rows if day <= self.days[-1]).rstrip("C")

    def shown(self, rows: Table, way: MedianWay) -> list[Shown]:
        """What each field shows of a table under a way: every combination of what programs leave open."""
        fixed: Shown = {}
        for k, day in enumerate(self.days):
            texts = landmark_texts(rows, day, self.convention, self.decimals)
            fixed |= _shown(f"{self.name}{k}", texts)
        for k, (kind, day, _) in enumerate(self.counts):
            fixed[Field(f"{self.name}count{k}", "count")] = frozenset(map(str, numbers(rows, kind, day)))
        for name, good in zip(("ci_low", "ci_high"), self._seen(rows), strict=True):
            at = 0 if name == "ci_low" else 1
            fixed[Field(f"{self.name}seen", name)] = frozenset({str(self.seen[at])} if good else ())
        parts = []
        for kind, _ in self.medians:
            unit, decimals = self.unit, self.unit_decimals
            options = {texts for ties in TIES[kind] for texts in median_texts(rows, way, unit, decimals, ties)}
            parts.append([_shown(f"{self.name}{kind}", texts) for texts in sorted(options)])
        return [{**fixed, **{f: t for part in some for f, t in part.items()}} for some in product(*parts)]

    def _seen(self, rows: Table) -> tuple[bool, bool]:
        """Whether nobody is lost before the smallest, or after the largest follow-up, which reaches every landmark."""
        first, last = self.seen
        lost = [day for day, event in rows if not event]
        good = last is None or all(day <= last for day in lost)
        if last is not None and good:
            beyond = [day for day in self.days if day > last]
            good = not beyond or all(day < min(beyond) for day, _ in rows)
        return first is None or all(day >= first for day in lost), good

    def wrong(self, rows: Table, way: MedianWay) -> set[frozenset[Field]]:
        """The fields that a table does not print, in each of the combinations."""
        printed = self.printed()
        return {
            frozenset(field for field, text in printed.items() if text not in shown[field])
            for shown in self.shown(rows, way)
        }

    def prints(self, rows: Table) -> frozenset[MedianWay]:
        """The ways under which a table prints everything."""
        return frozenset(way for way in self.ways if frozenset() in self.wrong(rows, way))


def _fields(claim: str, texts: Texts) -> dict[Field, str]:
    return {Field(claim, name): text for name, text in zip(ESTIMATE_FIELDS, texts, strict=True) if text is not None}


def _shown(claim: str, texts: tuple[str, str, str]) -> Shown:
    return {Field(claim, name): frozenset({text}) for name, text in zip(ESTIMATE_FIELDS, texts, strict=True)}


def _number(text: str | None) -> PrintedNumber | None:
    return None if text is None else PrintedNumber(text)


@lru_cache(maxsize=200_000)
def landmark_texts(rows: Table, day: int, convention: Convention, decimals: int) -> tuple[str, str, str]:
    return brute.printed(*at_day(list(rows), day), convention, decimals)


@lru_cache(maxsize=400_000)
def median_texts(
    rows: Table, way: MedianWay, unit: Fraction, decimals: int, ties: str
) -> frozenset[tuple[str, str, str]]:
    parts = (way.limits, way.z, str(way.flat), str(way.rounding))
    return frozenset(printed_ways(list(rows), parts, unit, decimals, ties))


def numbers(rows: Table, kind: str, day: Fraction | None) -> range:
    """The numbers that can be printed: at risk on a whole day, with or without some of those who leave on it."""
    if kind == "at_risk":
        assert day is not None
        most = sum(d >= day for d, _ in rows)
        return range(sum(d > day for d, _ in rows) if day.denominator == 1 else most, most + 1)
    number = sum(event == (kind == "events") and (day is None or d <= day) for d, event in rows)
    return range(number, number + 1)


def thinned(texts: Texts, kept: tuple[int, int, int]) -> Texts:
    return tuple(text if keep else None for text, keep in zip(texts, kept, strict=True))  # type: ignore[return-value]


def made_up(
    rng: random.Random,
    rows: Table,
    longest: int,
    *,
    name: str = "OS",
    convention: Convention | None = None,
    way: MedianWay | None = None,
    ways: tuple[MedianWay, ...] | None = None,
    more: bool = True,
) -> Paper:
    """A paper on a table: some landmarks, often a median, sometimes follow-up, and `more`: counts and a range."""
    if way is None:
        way, ways = some_ways(rng)
    assert ways is not None
    convention = convention or rng.choice(CONVENTIONS)
    decimals, n = rng.choice([0, 1]), len(rows)
    days = tuple(sorted(rng.sample(range(longest), rng.choice([1, 1, 2]))))
    marks = tuple(thinned(landmark_texts(rows, day, convention, decimals), rng.choice(FEW)) for day in days)
    unit, unit_decimals = rng.choice([(Fraction(1), 0), (Fraction(1), 0), (Fraction(2), 1), (Fraction(2), 0)])
    medians = []
    for kind, share in (("median", 0.75), ("follow_up", 0.45)):
        if rng.random() < share:
            ties = rng.choice(TIES[kind])
            texts = rng.choice(sorted(median_texts(rows, way, unit, unit_decimals, ties)))
            medians.append((kind, thinned(texts, rng.choice([*FEW, WHOLE, (0, 1, 1)]))))
    paper = Paper(name, n, longest, convention, decimals, days, marks, tuple(medians), ways, unit, unit_decimals)
    return with_more(rng, paper, rows) if more else paper


def some_ways(rng: random.Random) -> tuple[MedianWay, tuple[MedianWay, ...]]:
    """A way, and those among which it is to be found: itself, or a few."""
    every = all_ways()
    way = rng.choice(every) if rng.random() < 0.65 else rng.choice([w for w in every if w.symmetric])
    few = set(rng.sample(every, 4)) if rng.random() < 0.4 else set()
    return way, tuple(w for w in every if w == way or w in few)


def with_more(rng: random.Random, paper: Paper, rows: Table) -> Paper:
    """The same, now and then with a count, or with a range of follow-up."""
    counts, seen = (), (None, None)
    if rng.random() < 0.35:
        kind = rng.choice(["events", "censored", "at_risk"])
        whole, half = Fraction(rng.randrange(paper.longest)), Fraction(2 * rng.randrange(paper.longest) + 1, 2)
        day = rng.choice([whole, half] if kind == "at_risk" else [None, whole, half])
        counts = ((kind, day, rng.choice(numbers(rows, kind, day))),)
    lost = [day for day, event in rows if not event]
    if rng.random() < 0.25 and lost:
        last = max(day for day, _ in rows)
        seen = (min(lost) if rng.random() < 0.7 else None, last if rng.random() < 0.7 else None)
    return replace(paper, counts=counts, seen=seen)


def with_a_slip(rng: random.Random, paper: Paper) -> Paper:
    """The same with one digit of one number of a landmark or median changed, or a number in place of NR."""
    places = [("marks", k, j) for k, texts in enumerate(paper.marks) for j in range(3) if texts[j]]
    places += [("medians", k, j) for k, (_, texts) in enumerate(paper.medians) for j in range(3) if texts[j]]
    what, k, j = rng.choice(places)
    if what == "marks":
        marks = list(paper.marks)
        marks[k] = _changed(rng, marks[k], j, 0)
        return replace(paper, marks=tuple(marks))
    medians = list(paper.medians)
    medians[k] = (medians[k][0], _changed(rng, medians[k][1], j, paper.unit_decimals))
    return replace(paper, medians=tuple(medians))


def _changed(rng: random.Random, texts: Texts, j: int, decimals: int) -> Texts:
    text = texts[j]
    assert text is not None
    if text == "NR":
        new = f"{rng.randint(0, 6):.{decimals}f}"
    else:
        place = rng.choice([i for i, c in enumerate(text) if c.isdigit()])
        new = text[:place] + rng.choice([c for c in "0123456789" if c != text[place]]) + text[place + 1 :]
        if (len(new) > 1 and new[0] == "0" and new[1] != ".") or floor(Fraction(new)) >= 100:
            new = text
    return tuple(new if i == j else t for i, t in enumerate(texts))  # type: ignore[return-value]
