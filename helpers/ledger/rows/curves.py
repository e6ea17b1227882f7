"""Landmarks, medians, follow-up and numbers below a curve, recomputed from rows under every convention."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import nan

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.cohort.model import EndpointRows
from helpers.conventions import Convention, Interval, z_value
from helpers.estimators.follow_up import ReverseTies, reverse_table
from helpers.estimators.intervals import confidence_limits
from helpers.estimators.kaplan_meier import exact_survival, survival_table
from helpers.estimators.medians import FlatMedianRule, brookmeyer_crowley, median_survival, spss_median
from helpers.inversion.history import State
from helpers.inversion.printing import UndecidedError, printed_text, shown
from helpers.ledger.rows.ways import ROUNDINGS, Number, Part, Printing, Way, printing_of
from helpers.study.model import Claim, days_in

MOST_EXACT = 400
SIGNS = {"value": 0, "ci_low": -1, "ci_high": 1}
_RULES = (FlatMedianRule.R_PRINT, FlatMedianRule.FIRST_AT_OR_BELOW, FlatMedianRule.SAS_AVERAGE,
          FlatMedianRule.R_MIDPOINT, FlatMedianRule.FIRST_BELOW)  # fmt: skip
FLAT = {rule: f"{rule} on a flat at 1/2" for rule in _RULES}
SPSS = "SPSS's symmetric interval"
INTERVALS: dict[str, Interval | None] = {**{f"{interval} interval": interval for interval in Interval}, SPSS: None}
Z = {f"z {z}": z for z in ("exact", "1.96")}
_LIMITS = (("interval", tuple(INTERVALS)), ("rounding", ROUNDINGS), ("z", tuple(Z)))
MEDIAN = Part("medians", (("median", tuple(FLAT.values())), *_LIMITS))
KEEP, STRICT = "reverse Kaplan-Meier (naive ties)", "reverse Kaplan-Meier (strict ties)"
OBSERVED, ALIVE = "median of the observed times", "median of the observed times of those without an event"
FOLLOW_UP = Part("follow-up", (("method", (KEEP, STRICT, OBSERVED, ALIVE)), ("median", tuple(FLAT.values())), *_LIMITS))
AT_RISK = ("at risk: T ≥ t", "at risk: T > t")
UNTIL = ("events up to the day", "events before the day")
NUMBERS = Part("numbers below a curve", (("at risk", AT_RISK), ("events", UNTIL)))


class Curve:
    """The Kaplan-Meier curve of some rows, exact where that is feasible."""

    def __init__(self, rows: EndpointRows) -> None:
        """Take the rows of an endpoint; competing events count as censorings."""
        self.rows = rows
        self.event = (rows.event == 1).astype(np.int64)

    @cached_property
    def table(self) -> pd.DataFrame:
        """`survival_table` of the rows."""
        return survival_table(self.rows.days, self.event)

    @cached_property
    def _steps(self) -> list[tuple[float, Fraction, Fraction | None]]:
        if int((self.table["events"] > 0).sum()) <= MOST_EXACT:
            return exact_survival(self.rows.days, self.event)
        columns = (self.table[name].tolist() for name in ("time", "survival", "greenwood"))
        return [(t, Fraction(s), Fraction(g) if s > 0 else None) for t, s, g in zip(*columns, strict=True)]

    def state(self, day: Fraction) -> State:
        """S and Greenwood's sum at a day, events of that day included; carried on flat after the last patient."""
        passed = [step for step in self._steps if step[0] <= day]
        at_risk = int((self.rows.days > float(day)).sum())
        if not passed:
            return State(Fraction(1), Fraction(0), at_risk)
        _, survival, greenwood = passed[-1]
        return State(survival, greenwood or Fraction(0), at_risk)


def landmark_part(conventions: Sequence[Convention]) -> Part:
    """The choices behind a landmark with its interval."""

    def alternatives(name: str, say: Callable[[object], str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(say(getattr(c, name)) for c in conventions))

    return Part(
        "landmarks",
        (
            ("interval", alternatives("interval", lambda x: f"{x} interval")),
            ("rounded first", alternatives("rounded_to", _rounded_first)),
            ("rounding", alternatives("rounding", str)),
            ("z", alternatives("z", lambda x: f"z {x}")),
        ),
    )


def _rounded_first(decimals: object) -> str:
    return "full precision" if decimals is None else f"S and se rounded to {decimals} decimals first"


def _way(convention: Convention) -> Way:
    first = _rounded_first(convention.rounded_to)
    return (f"{convention.interval} interval", first, str(convention.rounding), f"z {convention.z}")


def landmark_numbers(
    claim: Claim, curve: Curve, conventions: Sequence[Convention], months: Sequence[Fraction]
) -> list[Number]:
    """Every printed number of a claim of statistic `survival`."""
    part = landmark_part(conventions)
    states = {month: curve.state(claim.at_day(month)) for month in months}
    last = Fraction(float(curve.rows.days.max()))
    beyond = claim.at_day(months[0]) > last and states[months[0]].survival > 0
    note = f"nobody is followed so long: the curve is carried on from day {float(last):g}" if beyond else ""
    found = []
    for name, printed in claim.printed.items():
        if name not in SIGNS:
            continue
        by_state = {
            state: {
                _way(c): _printing(state, c, SIGNS[name], printed.decimals, claim.scale, claim.ci_level)
                for c in conventions
            }
            for state in set(states.values())
        }
        ways = {month: by_state[state] for month, state in states.items()}
        found.append(Number(claim, name, printed, part, ways, note=note))
    return found


def _printing(
    state: State, convention: Convention, sign: int, decimals: int, scale: Fraction, level: Fraction
) -> Printing:
    try:
        digits = printed_text(state, convention, sign, decimals, scale, level)
    except UndecidedError:
        digits = ""  # more decimals than the suite can tell apart
    if sign == 0 or state.survival in (0, 1):
        return Printing(digits, float(state.survival / scale))
    used = shown(state, convention.rounded_to, convention.rounding)
    greenwood = float(used.variance / used.survival**2) if used.survival else nan
    limits = confidence_limits(
        float(used.survival), greenwood, convention.interval, float(z_value(convention.z, level))
    )
    return Printing(digits, float(limits[sign > 0][0] / float(scale)))


def median_numbers(claim: Claim, curve: Curve, months: Sequence[Fraction]) -> list[Number]:
    """Every printed number of a claim of statistic `median`."""
    days = _median_days(curve.table, claim)
    return _times(claim, MEDIAN, months, lambda name, way: days[(name, way[0], way[1], way[3])], lambda way: way[2])


def _times(
    claim: Claim,
    part: Part,
    months: Sequence[Fraction],
    days: Callable[[str, Way], float],
    rounding: Callable[[Way], str],
) -> list[Number]:
    """The printed times of a claim from the days that each way gives; made once for each length of the unit."""
    units = {month: days_in(claim.unit or "day", month) for month in months}
    found = []
    for name, printed in claim.printed.items():
        if name in SIGNS:
            made = {
                unit: {way: printing_of(days(name, way), unit, printed, rounding(way)) for way in part.ways}
                for unit in set(units.values())
            }
            found.append(Number(claim, name, printed, part, {month: made[unit] for month, unit in units.items()}))
    return found


Days = dict[tuple[str, ...], float]


def _median_days(table: pd.DataFrame, claim: Claim) -> Days:
    """A median and its limits in days, by field, rule on a flat, interval and z."""
    days: Days = {}
    values = {FLAT[rule]: median_survival(table, rule) for rule in _RULES}
    level = claim.ci_level if claim.ci_level < 1 else Fraction(95, 100)
    for (label, interval), (z_label, z) in product(INTERVALS.items(), Z.items()):
        multiplier = float(z_value(z, level))
        limits = spss_median(table, multiplier) if interval is None else brookmeyer_crowley(table, interval, multiplier)
        for flat, value in values.items():
            days["value", flat, label, z_label] = value
            days["ci_low", flat, label, z_label] = limits.low
            days["ci_high", flat, label, z_label] = limits.high
    return days


def follow_up_numbers(claim: Claim, curve: Curve, months: Sequence[Fraction]) -> list[Number]:
    """Every printed number of a claim of statistic `follow_up`; a level of 100 % makes its limits a range."""
    times, event = curve.rows.days, curve.event
    days: Days = {}
    for method, ties in ((KEEP, ReverseTies.KEEP), (STRICT, ReverseTies.STRICT)):
        found = _median_days(reverse_table(times, event, ties), claim)
        days |= {(method, *key): value for key, value in found.items()}
    for method, some in ((OBSERVED, times), (ALIVE, times[event == 0])):
        for key in product(FLAT.values(), INTERVALS, Z):
            days[(method, "value", *key)] = float(np.median(some)) if some.size else nan
            days[(method, "ci_low", *key)] = days[(method, "ci_high", *key)] = nan
    if claim.ci_level == 1:
        _ranges(days, times, event)
    return _times(
        claim, FOLLOW_UP, months, lambda name, way: days[(way[0], name, way[1], way[2], way[4])], lambda way: way[3]
    )


def _ranges(days: Days, times: NDArray[np.float64], event: NDArray[np.int64]) -> None:
    """The smallest and largest observed time in place of limits, of all or of those without an event."""
    alive = times[event == 0]
    for key in list(days):
        some = alive if key[0] == ALIVE and alive.size else times
        if key[1] != "value":
            days[key] = float(some.min() if key[1] == "ci_low" else some.max())


def count_numbers(claim: Claim, curve: Curve, months: Sequence[Fraction]) -> list[Number]:
    """The printed number of a claim of statistic `at_risk`, `events` or `censored`."""
    printed = claim.count
    if printed is None:
        return []
    times, event = curve.rows.days, curve.rows.event
    wanted = {"events": event == 1, "censored": event == 0}.get(claim.statistic)

    def count(day: Fraction | None, way: Way) -> int:
        if wanted is not None and day is None:
            return int(wanted.sum())
        exact = float(day) if day is not None else 0.0
        if wanted is None:
            return int((times >= exact if way[0] == AT_RISK[0] else times > exact).sum())
        return int((wanted & (times <= exact if way[1] == UNTIL[0] else times < exact)).sum())

    ways: dict[Fraction, dict[Way, Printing]] = {}
    for month in months:
        day = claim.at_day(month) if claim.at is not None else None
        counts = {way: count(day, way) for way in NUMBERS.ways}
        ways[month] = {way: Printing(str(k), float(k)) for way, k in counts.items()}
    competing = int((event > 1).sum())
    note = f"patients with a competing event, {competing}, are neither" if competing and wanted is not None else ""
    return [Number(claim, "count", printed, NUMBERS, ways, note=note)]
