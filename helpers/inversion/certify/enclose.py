"""Enclose: the certified bounds of everything, each beside the most extreme data sets that were found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from helpers.inversion.bounds import Bound, Value
from helpers.inversion.certify.calendar import Calendar
from helpers.inversion.certify.certificate import Certificate
from helpers.inversion.certify.members import attained
from helpers.inversion.solve import Solution
from helpers.inversion.timelines import Timeline
from helpers.study.model import DAYS_PER_MONTH

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class CertifiedBound(Bound):
    """A bound that is certain: no data set lies outside it.

    `seen_low` and `seen_high` are the most extreme values of data sets that were found, by the witnesses, which print
    every number; None where none was found. The bound is `attained` where they reach both ends.
    """

    seen_low: Value | None = None
    seen_high: Value | None = None

    @property
    def low_attained(self) -> bool:
        """Whether a data set was found at the lower end."""
        return self.seen_low == self.low

    @property
    def high_attained(self) -> bool:
        """Whether a data set was found at the upper end."""
        return self.seen_high == self.high


def certified_bounds(
    certificate: Certificate,
    found: Iterable[Timeline] = (),
    solution: Solution | None = None,
    days: Iterable[Fraction | int] = (),
    horizons: Iterable[Fraction | int] = (),
    days_per_month: Fraction = DAYS_PER_MONTH,
) -> tuple[CertifiedBound, ...]:
    """Everything that `helpers.inversion.bounds.bounds` gives, for a set that is too large to list.

    Parameters
    ----------
    certificate : of the endpoint; without passages there are no bounds.
    found, solution : feasible systems of some histories of the set, and those histories; they attain what they can.
    days, horizons : further days for S(t) and for RMST; before or after the last landmark.
    days_per_month : length of the month in the hazard per person-month.
    """
    if not certificate.passages:
        return ()
    days, horizons = tuple(days), tuple(horizons)
    inner = attained(found, solution, certificate.longest, days, horizons, days_per_month) if solution else {}
    bounds = []
    for outer in Calendar.certified(certificate).bounds(days, horizons, days_per_month):
        low, high = outer.range.low, outer.range.high
        seen = inner.get(outer.key)
        if seen is not None and not (low <= seen.low and seen.high <= high):
            raise AssertionError(f"a data set lies outside the certified bounds of {outer.quantity} at {outer.at}")
        bounds.append(
            CertifiedBound(
                outer.quantity,
                outer.at,
                low,
                high,
                outer.unit,
                seen is not None and seen.low == low and seen.high == high,
                None if seen is None else seen.low_witness,
                None if seen is None else seen.high_witness,
                outer.since,
                None if seen is None else seen.low,
                None if seen is None else seen.high,
            )
        )
    return tuple(bounds)


def certified_frame(bounds: Iterable[CertifiedBound]) -> pd.DataFrame:
    """The columns of `bounds_frame`, then seen_low and seen_high: what data sets that were found attain."""
    import pandas as pd

    from helpers.inversion.bounds import bounds_frame

    bounds = tuple(bounds)
    frame = bounds_frame(bounds)
    seen = [(None if b.seen_low is None else float(b.seen_low)) for b in bounds]
    frame["seen_low"] = pd.Series(seen, dtype=float)
    frame["seen_high"] = pd.Series([None if b.seen_high is None else float(b.seen_high) for b in bounds], dtype=float)
    return frame
