"""What a row of claims.csv needs and may hold, statistic by statistic."""

from __future__ import annotations

from dataclasses import dataclass

MAX_N = 10_000_000
MAX_YEARS = 100
TIME_UNITS = ("day", "week", "month", "year")
SHARE_UNITS = ("percent", "proportion")
ESTIMATES = ("value", "ci_low", "ci_high")
MEANT = {
    "%": "percent",
    "％": "percent",
    "d": "day",
    "wk": "week",
    "m": "month",
    "mo": "month",
    "mos": "month",
    "y": "year",
    "yr": "year",
}


@dataclass(frozen=True)
class Rule:
    """What a row needs and may hold for one statistic; a column that is in neither must stay empty."""

    needs: tuple[str, ...]
    may: tuple[str, ...]
    units: tuple[str, ...] = ()
    not_reached: bool = False


_TOTAL = Rule(("endpoint", "count"), ("at", "at_unit"))
STATISTICS = {
    "survival": Rule(("endpoint", "at", "at_unit", "unit"), ESTIMATES, SHARE_UNITS),
    "median": Rule(("endpoint", "unit"), ESTIMATES, TIME_UNITS, not_reached=True),
    "follow_up": Rule(("unit",), ("endpoint", *ESTIMATES), TIME_UNITS, not_reached=True),
    "proportion": Rule((), ("endpoint", "at", "at_unit", "unit", "count", *ESTIMATES), SHARE_UNITS),
    "count": Rule(("count",), ("endpoint", "at", "at_unit")),
    "at_risk": Rule(("endpoint", "count", "at", "at_unit"), ()),
    "events": _TOTAL,
    "censored": _TOTAL,
}
RESTRICTED = ("endpoint", "at", "at_unit", "count", *ESTIMATES, "unit")
MISSING = {
    "endpoint": "name one of the endpoints of study.yaml",
    "at": "write the time of the estimate, e.g. 6",
    "at_unit": f"write one of {', '.join(TIME_UNITS)}",
    "count": "write the number of patients",
}
