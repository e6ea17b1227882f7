"""Conventions: the choices that lie between a computed curve and the digits in print."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from itertools import product

from helpers.printed import Rounding

Z_95_ROUNDED = "1.96"
Z_95_EXACT = "exact"
_Z_95 = Decimal("1.95996398454005423552459443052055152795555007786954839847695")


class Interval(StrEnum):
    """Transformation on which the confidence interval of S(t) is symmetric (R's names)."""

    PLAIN = "plain"
    LOG = "log"
    LOG_LOG = "log-log"


@dataclass(frozen=True, order=True)
class Convention:
    """How a landmark estimate with its interval came to be printed.

    Attributes
    ----------
    interval : plain ``S ± z se``, log ``S exp(± z √G)``, or log-log ``S ** exp(± z √G / ln S)``.
    z : ``"1.96"`` or ``"exact"`` (1.959964, the normal quantile).
    rounded_to : decimals to which S and its standard error were rounded *before* the interval was computed,
        or None if they kept full precision.
    rounding : rule for every rounding step.
    """

    interval: Interval
    z: str
    rounded_to: int | None
    rounding: Rounding

    def as_dict(self) -> dict[str, str | int | None]:
        """The JSON form of the contract: plain values only."""
        return {
            "interval": str(self.interval),
            "z": self.z,
            "rounded_to": self.rounded_to,
            "rounding": str(self.rounding),
        }

    def describe(self) -> str:
        """One phrase for a reader."""
        decimals = self.rounded_to
        first = "full precision" if decimals is None else f"S and se rounded to {decimals} decimals first"
        return f"{self.interval} interval, z {self.z}, {first}, {self.rounding}"


@cache
def z_value(z: str, level: Fraction = Fraction(95, 100)) -> Decimal:
    """The multiplier behind a named z, to 50 digits for the usual 95 % and to 15 digits for other levels."""
    if level == Fraction(95, 100):
        return Decimal("1.96") if z == Z_95_ROUNDED else _Z_95
    from scipy.stats import norm

    exact = float(norm.ppf(float((1 + level) / 2)))
    return Decimal(f"{exact:.2f}") if z == Z_95_ROUNDED else Decimal(repr(exact))


def all_conventions(
    intervals: tuple[Interval, ...] = tuple(Interval),
    zs: tuple[str, ...] = (Z_95_ROUNDED, Z_95_EXACT),
    rounded_to: tuple[int | None, ...] = (None, 3, 4, 2),
    roundings: tuple[Rounding, ...] = tuple(Rounding),
) -> Iterator[Convention]:
    """Every convention in use, commonest choices first, so that the first that fits is the plainest account."""
    for interval, decimals, rounding, z in product(intervals, rounded_to, roundings, zs):
        yield Convention(interval, z, decimals, rounding)
