"""Ways: how a median with its limits can have been made, program by program.

SPSS prints symmetric limits. All others print days at which a confidence curve crosses 1/2 (Brookmeyer and Crowley,
Biometrics 1982;38:29), on one of three scales. They differ where a curve rests on exactly 1/2, and in what they call
the crossing:

* ``r-print``, ``r-midpoint`` (R's ``print`` and ``quantile`` of a survfit): the first day on which the curve is below
  1/2; where it rests on 1/2, the middle of the flat. If S never drops again the flat ends at once, or on the last day.
* ``sas-average``: the median is the mean of the two events at the ends of the flat, or not estimable. Limits: the days
  t whose interval for S(t) holds 1/2 form a set; the first of them, and the event after the last of them.
* ``first-at-or-below`` (SPSS, lifelines): the first day on which the curve is at or below 1/2.
* ``first-below`` (statsmodels): the first day with S below 1/2; limits as SAS makes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from helpers.conventions import Z_95_EXACT, Z_95_ROUNDED, Interval
from helpers.printed import Rounding

SYMMETRIC = "symmetric"


class FlatRule(StrEnum):
    """What is called the median where S is exactly 1/2 from one event to the next; commonest first."""

    R_PRINT = "r-print"
    FIRST_AT_OR_BELOW = "first-at-or-below"
    SAS_AVERAGE = "sas-average"
    R_MIDPOINT = "r-midpoint"
    FIRST_BELOW = "first-below"

    @property
    def middle(self) -> bool:
        """Whether a flat that ends gives the mean of its two ends."""
        return self in (FlatRule.R_PRINT, FlatRule.R_MIDPOINT, FlatRule.SAS_AVERAGE)

    @property
    def as_r(self) -> bool:
        """R's rules, which take for 1/2 what is very near."""
        return self in (FlatRule.R_PRINT, FlatRule.R_MIDPOINT)

    @property
    def as_set(self) -> bool:
        """Whether limits are the ends of a set of days, rather than the first crossing of each curve."""
        return self in (FlatRule.SAS_AVERAGE, FlatRule.FIRST_BELOW)


class ReverseTies(StrEnum):
    """Reverse Kaplan-Meier on a day with a death and a loss: are the dead still at risk of being lost on that day?

    ``keep``: yes, as flipping the indicator does in any program. ``strict``: no, they leave first (R's prodlim).
    """

    KEEP = "keep"
    STRICT = "strict"


@dataclass(frozen=True, order=True)
class MedianWay:
    """How a median and its limits came to be printed.

    `limits` is ``symmetric`` (SPSS) or the scale of the confidence curves; `z` is named as in a landmark's convention;
    `flat` names the program's rules; `rounding` brings days to the printed digits.
    """

    limits: str
    z: str
    flat: FlatRule
    rounding: Rounding

    @property
    def symmetric(self) -> bool:
        """SPSS's limits."""
        return self.limits == SYMMETRIC

    def describe(self) -> str:
        """One phrase for a reader."""
        if self.symmetric:
            return f"symmetric limits as SPSS prints them, {self.rounding}"
        return f"event times of {self.limits} curves, z {self.z}, {self.flat}, {self.rounding}"


@cache
def symmetric_ways(roundings: tuple[Rounding, ...] = tuple(Rounding)) -> tuple[MedianWay, ...]:
    """SPSS's way under some rounding rules."""
    return tuple(MedianWay(SYMMETRIC, Z_95_ROUNDED, FlatRule.FIRST_AT_OR_BELOW, rule) for rule in roundings)


@cache
def event_time_ways(
    intervals: tuple[Interval, ...] = tuple(Interval),
    roundings: tuple[Rounding, ...] = tuple(Rounding),
    zs: tuple[str, ...] = (Z_95_ROUNDED, Z_95_EXACT),
) -> tuple[MedianWay, ...]:
    """Every way whose limits are event times."""
    return tuple(
        MedianWay(str(interval), z, flat, rule)
        for interval in intervals
        for flat in FlatRule
        for rule in roundings
        for z in zs
    )


@cache
def all_ways() -> tuple[MedianWay, ...]:
    """Every way, SPSS's first."""
    return (*symmetric_ways(), *event_time_ways())
