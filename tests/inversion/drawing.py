"""Tiny studies printed from a table of patients, and every table that prints the same, by plain rules."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import permutations

from helpers.inversion.inverted import StudyInversion
from helpers.study import Study
from tests.inversion.brute import printed
from tests.inversion.cohorts import every_cohort
from tests.inversion.patients import Rows, at_day
from tests.inversion.programs import HALF, Numbers, event_times, printed_ways, steps, symmetric, texts
from tests.ledger.making import claim, study

LOWER = Fraction(45, 100)
FIXED = {"interval": "plain", "z": "1.96", "rounded_to": 3, "rounding": "half-up"}
Way = tuple[str, str, str, str]


@dataclass(frozen=True)
class Print:
    """One printed statement about an endpoint: texts of the estimate and its limits, or of a count."""

    statistic: str
    endpoint: str
    day: Fraction | None
    texts: tuple[str | None, ...]

    @property
    def is_median(self) -> bool:
        return self.statistic in ("median", "follow_up")

    @property
    def row(self) -> dict[str, str]:
        name = f"{self.endpoint}_{self.statistic}_{self.day}".replace("/", "_").lower()
        cells = {"endpoint": self.endpoint}
        if self.day is not None:
            cells |= {"at": str(self.day), "at_unit": "day"}
        if len(self.texts) == 1:
            cells["count"] = self.texts[0] or ""
        else:
            cells["unit"] = "percent" if self.statistic == "survival" else "day"
            cells |= {k: t for k, t in zip(("value", "ci_low", "ci_high"), self.texts, strict=True) if t}
        return claim(name, self.statistic, **cells)


class _Way:
    interval, z, rounded_to, rounding = "plain", "1.96", 3, "half-up"


def landmark(rows: Rows, day: Fraction) -> tuple[str, ...]:
    """S(t) ± 1.96 se in percent with two decimals, S and se to three first."""
    return printed(*at_day(rows, day), _Way, 2)


def at_risk(rows: Rows, day: Fraction) -> int:
    return sum(d >= day for d, _ in rows)


def count(rows: Rows, statistic: str, day: Fraction | None) -> int:
    wanted = int(statistic == "events")
    return sum(event == wanted and (day is None or d <= day) for d, event in rows)


def mixed_days(rows: Rows) -> set[int]:
    """Days with an event and a censoring."""
    return {d for d, _ in rows if {e for day, e in rows if day == d} == {0, 1}}


def down(rows: Rows) -> int | None:
    """The day on which the curve of losses, the dead of the day gone, is at or below .45."""
    return next((step.day for step in steps(rows, reverse="strict") if step.s <= LOWER), None)


def separated(rows: Rows, way: Way, texts: tuple[str | None, ...]) -> bool:
    """No day has a death and a loss as long as that could matter to what a way prints of the follow-up."""
    last: int | None = None
    if way[0] == "symmetric":
        last = down(rows)
    elif "NR" not in texts:
        curve = steps(rows, reverse="strict")
        numbers = event_times(rows, *way[:3], "strict")[0]
        asked = [x for x, text in zip(numbers, texts, strict=True) if text]
        rests = min(step.s for step in curve) == HALF if curve else False
        if None not in asked and not (rests and way[2] == "r-midpoint"):
            # The middle of a flat is about the days of both its ends.
            last = max(min(step.day for step in curve if step.day >= x) for x in asked)
    return not any(last is None or day <= last for day in mixed_days(rows))


@cache
def numbers_of(table: tuple, program: tuple[str, str, str], reverse: str) -> tuple[Numbers, ...]:
    """What a program (limits, z, flat rule) gives for a table, before it is rounded."""
    kind, z, flat = program
    rows = list(table)
    return tuple(symmetric(rows, reverse) if kind == "symmetric" else event_times(rows, kind, z, flat, reverse))


def prints_median(rows: Rows, what: Print, way: Way) -> bool:
    """Whether a way prints a median or median follow-up of a table."""
    losses = what.statistic == "follow_up"
    number = next((t for t in what.texts if t and t != "NR"), "")
    decimals = len(number.partition(".")[2])
    found = numbers_of(tuple(rows), way[:3], "strict" if losses else "")
    some = (texts(numbers, Fraction(1), decimals, way[3]) for numbers in found)
    agrees = any(all(a is None or a == b for a, b in zip(what.texts, one, strict=True)) for one in some)
    return agrees and (not losses or separated(rows, way, what.texts))


def median_ways(rows: Rows, prints: list[Print], allowed: list[Way]) -> frozenset[Way]:
    """Which of some ways print every median of a table."""
    medians = [what for what in prints if what.is_median]
    return frozenset(way for way in allowed if all(prints_median(rows, what, way) for what in medians))


def says(rows: Rows, what: Print) -> bool:
    """Whether a table prints a landmark or a count."""
    if what.statistic == "survival":
        texts = landmark(rows, what.day)
        return all(a is None or a == b for a, b in zip(what.texts, texts, strict=True))
    if what.statistic == "at_risk":
        # On a whole day those who leave on it may be counted or not.
        some = {at_risk(rows, what.day)} | ({at_risk(rows, what.day + 1)} if what.day.denominator == 1 else set())
        return min(some) <= int(what.texts[0]) <= max(some)
    return count(rows, what.statistic, what.day) == int(what.texts[0])


def allowed_ways(inversion: StudyInversion) -> list[Way]:
    """The ways that the paper's account leaves for its medians."""
    ways = inversion.reconciled.joint.ways
    return [(way.limits, way.z, str(way.flat), str(way.rounding)) for way in ways]


def fitting(prints: list[Print], allowed: list[Way], n: int, longest: int) -> dict[tuple, frozenset[Way]]:
    """Every table of one endpoint that prints some statements, with the ways that print its medians."""
    found = {}
    for table in every_cohort(n, longest):
        rows = list(table)
        if all(what.is_median or says(rows, what) for what in prints):
            ways = median_ways(rows, prints, allowed)
            if ways:
                found[table] = ways
    return found


def history_of(rows: Rows, day: Fraction) -> str:
    """E and C in order of time up to the last event by a day."""
    kinds = "".join("E" if event else "C" for d, event in rows)
    return kinds[: max([k + 1 for k, (d, event) in enumerate(rows) if event and d <= day], default=0)]


def made(prints: list[Print], n: int, longest: int, conventions: dict | None = None) -> Study:
    """A study that prints some statements; nobody is followed for longer than so many days."""
    start = date(2020, 1, 1)
    return replace(
        study(n, [p.row for p in prints]),
        conventions=FIXED if conventions is None else conventions,
        enrolled_from=start,
        last_follow_up_before=start + timedelta(days=longest + 1),
    )


def linkages(outer: Rows, inner: Rows) -> Counter[tuple]:
    """Every way to deal the inner rows out to the outer ones, as the inner rows in order of the outer ones."""
    found: Counter[tuple] = Counter()
    for order in permutations(range(len(inner))):
        dealt = [inner[k] for k in order]
        if all(_belongs(a, b) for a, b in zip(outer, dealt, strict=True)):
            found[tuple(dealt)] += 1
    return found


def _belongs(outer: tuple[int, int], inner: tuple[int, int]) -> bool:
    (y, died), (x, failed) = outer, inner
    return x <= y if failed else x == y and not died


def chi_square(hits: Counter, chances: dict) -> float:
    """The probability of so uneven counts if the chances are right; all hits must be among them."""
    from scipy.stats import chi2

    draws = sum(hits.values())
    assert set(hits) <= set(chances)
    statistic = sum((hits[cell] - draws * chance) ** 2 / (draws * chance) for cell, chance in chances.items())
    return float(chi2.sf(statistic, len(chances) - 1)) if len(chances) > 1 else 1.0


def some_texts(rows: Rows, way: Way, decimals: int, *, losses: bool) -> tuple[str, ...] | None:
    """What a way prints, where it tells anything: None of a follow-up that a tie rule would decide."""
    found = sorted(printed_ways(rows, way, Fraction(1), decimals, "strict" if losses else ""))[0]
    if way[0] == "symmetric" and None in symmetric(rows, "strict" if losses else "")[0]:
        return None
    if losses and not separated(rows, way, found):
        return None
    return found
