"""Tiny studies printed from a table of patients, and every table that prints the same, by plain rules."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import permutations
from math import exp, log, sqrt

from helpers.study import Study
from tests.inversion.brute import normal_quantile, printed, text_of
from tests.inversion.cohorts import every_cohort
from tests.inversion.patients import Rows, at_day, curve, spss
from tests.ledger.making import claim, study

HALF, LOWER = Fraction(1, 2), Fraction(45, 100)
SCALES, RULES = ("plain", "log", "log-log"), ("half-up", "half-even", "truncation")
FIXED = {"interval": "plain", "z": "1.96", "rounded_to": 3, "rounding": "half-up"}


@dataclass(frozen=True)
class Print:
    """One printed statement about an endpoint: texts of the estimate and its limits, or of a count."""

    statistic: str
    endpoint: str
    day: Fraction | None
    texts: tuple[str | None, ...]

    @property
    def row(self) -> dict[str, str]:
        name = f"{self.endpoint}_{self.statistic}_{self.day}".replace("/", "_").lower()
        cells = {"endpoint": self.endpoint}
        if self.day is not None:
            cells |= {"at": str(self.day), "at_unit": "day"}
        if len(self.texts) == 1:
            cells["count"] = self.texts[0] or ""
        else:
            unit = "percent" if self.statistic == "survival" else "day"
            cells |= {k: t for k, t in zip(("value", "ci_low", "ci_high"), self.texts, strict=True) if t} | {
                "unit": unit
            }
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


def spss_texts(rows: Rows, decimals: int, rule: str) -> tuple[str, ...] | None:
    found = spss(rows)
    if found is None:
        return None
    t, half = found
    return tuple(text_of(x, decimals, rule) for x in (Fraction(t), Decimal(t) - half, Decimal(t) + half))


def flipped_strictly(rows: Rows) -> Rows:
    """Losses as events; on the day of a loss the dead have left."""
    return [(2 * d + (1 - event), 1 - event) for d, event in rows]


def follow_up_texts(rows: Rows, decimals: int, rule: str) -> tuple[str, ...] | None:
    """By the rule that keeps the dead at risk."""
    return spss_texts([(d, 1 - event) for d, event in rows], decimals, rule)


def separated(rows: Rows) -> bool:
    """No day has a death and a loss until the curve of losses is down to .45."""
    down = next((day // 2 for day, s, _ in curve(flipped_strictly(rows)) if s <= LOWER), None)
    return not any(down is None or day <= down for day in mixed_days(rows))


def event_times(rows: Rows, interval: str, z: str) -> tuple[tuple[Fraction | None, ...], int]:
    """R's median and limits, None where not reached, and the last day that any of them is about.

    A median may lie between two days.
    """
    steps = curve(rows)
    flat = [d for d, s, _ in steps if s == HALF]
    below = [d for d, s, _ in steps if s < HALF]
    value: Fraction | None = Fraction(below[0]) if below else None
    if flat:
        value = Fraction(flat[0] + below[0], 2) if below else Fraction(flat[0])
    last = [below[0]] if below else flat[:1]
    quantile = 1.96 if z == "1.96" else float(normal_quantile("0.95"))
    limits: list[Fraction | None] = []
    for sign in (-1, 1):
        crossed = [d for d, s, v in steps if _limit(float(s), sqrt(v), sign * quantile, interval) < 0.5 - 1e-12]
        limits.append(Fraction(crossed[0]) if crossed else None)
        last += crossed[:1]
    everything = value is None or None in limits
    return (value, *limits), max((d for d, _ in rows), default=0) if everything else max(last)


def event_time_texts(rows: Rows, interval: str, z: str, rule: str) -> tuple[str, ...]:
    """The same in whole days, NR where not reached."""
    return tuple("NR" if x is None else text_of(x, 0, rule) for x in event_times(rows, interval, z)[0])


def mixed_days(rows: Rows) -> set[int]:
    """Days with an event and a censoring."""
    return {d for d, _ in rows if {e for day, e in rows if day == d} == {0, 1}}


def _limit(s: float, error: float, quantile: float, interval: str) -> float:
    if s in (0.0, 1.0):
        return s
    if interval == "plain":
        return s + quantile * error
    if interval == "log":
        return s * exp(quantile * error / s)
    return s ** exp(quantile * error / s / log(s))


def says(rows: Rows, what: Print, roundings: tuple[str, ...], *, symmetric: bool) -> bool:
    """Whether a table prints a statement by one of the ways left open."""
    if what.statistic == "survival":
        texts = landmark(rows, what.day)
        return all(a is None or a == b for a, b in zip(what.texts, texts, strict=True))
    if what.statistic == "at_risk":
        # On a whole day those who leave on it may be counted or not.
        some = {at_risk(rows, what.day)} | ({at_risk(rows, what.day + 1)} if what.day.denominator == 1 else set())
        return min(some) <= int(what.texts[0]) <= max(some)
    if what.statistic in ("events", "censored"):
        return count(rows, what.statistic, what.day) == int(what.texts[0])
    losses = what.statistic == "follow_up"
    if symmetric:
        decimals = len(what.texts[0].partition(".")[2])
        made_by = follow_up_texts if losses else spss_texts
        fits = any(made_by(rows, decimals, rule) == what.texts for rule in roundings)
        return fits and (not losses or separated(rows))
    return any(
        _says_event_times(rows, what, interval, z, losses=losses) for interval in SCALES for z in ("1.96", "exact")
    )


def _says_event_times(rows: Rows, what: Print, interval: str, z: str, *, losses: bool) -> bool:
    some = [(d, 1 - e) for d, e in rows] if losses else rows
    last = event_times(some, interval, z)[1]
    if losses and any(day <= last for day in mixed_days(rows)):
        return False
    return any(event_time_texts(some, interval, z, rule) == what.texts for rule in RULES)


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


@cache
def cohorts(n: int, longest: int) -> tuple[tuple[tuple[int, int], ...], ...]:
    return every_cohort(n, longest)


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
