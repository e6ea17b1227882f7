"""Enclosed: the certified bounds of one endpoint of a study, beside what histories that were found attain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from helpers.inversion.certify import Certificate
from helpers.inversion.certify.enclose import CertifiedBound, certified_bounds
from helpers.inversion.certify.members import extreme_members
from helpers.inversion.inverted import StudyInversion
from helpers.inversion.joint import Joint
from helpers.inversion.joint.possible_days import possible_timelines
from helpers.inversion.joint.whole import whole_of
from helpers.inversion.median_account import median_ways
from helpers.inversion.solve import Solution
from helpers.inversion.timelines import longest_day

if TYPE_CHECKING:
    import pandas as pd


def endpoint_enclosures(
    inversion: StudyInversion,
    endpoint: str,
    days: Iterable[Fraction | int] = (),
    horizons: Iterable[Fraction | int] = (),
) -> tuple[CertifiedBound, ...]:
    """The certified bounds of everything, for an endpoint whose histories are too many to list; else none.

    The bounds themselves do not use the printed medians; the data sets beside them print these too.

    Parameters
    ----------
    inversion : the inverted study.
    endpoint : its name.
    days, horizons : further days for S(t) and for the restricted mean.
    """
    own = inversion.endpoints[endpoint].certificate
    if own is None or not own.passages:
        return ()
    some = own.solution_of(extreme_members(own))
    found = possible_timelines(_alone(inversion, endpoint, some), endpoint) if some.by_convention else ()
    return certified_bounds(own, found, some, days, horizons, inversion.days_per_month)


def _alone(inversion: StudyInversion, endpoint: str, some: Solution) -> Joint:
    """Everything printed about one endpoint, with some of its histories."""
    study, month = inversion.study, inversion.days_per_month
    whole = whole_of(study, endpoint, month, longest_day(study), median_ways(study, month), inversion.endpoints)
    removed = (*inversion.endpoints[endpoint].removed, *inversion.reconciled.removed)
    known = inversion.reconciled.printed.assumptions
    return Joint({endpoint: whole.without(removed)}, replace(known, pairs=()), given={endpoint: some})


def certified_band(certificate: Certificate, last_day: int) -> pd.DataFrame:
    """The identified band of an endpoint whose histories are too many to list; certain, not always sharp.

    Between two landmarks the curve lies below the largest S(t) at the first and above the smallest at the second.

    Parameters
    ----------
    certificate : of the endpoint.
    last_day : last whole day of the band; not after the last landmark, beyond which nothing is certain.

    Returns
    -------
    DataFrame
        columns day, low, high, one row a whole day from 0.
    """
    import pandas as pd

    marks = [(mark.day, bound.survival) for mark, bound in zip(certificate.landmarks, certificate.bounds, strict=False)]
    rows = []
    for day in range(last_day + 1) if marks else ():
        high = min((ends[1] for at, ends in marks if at <= day), default=1.0)
        low = max((ends[0] for at, ends in marks if at >= day), default=0.0)
        rows.append({"day": day, "low": low, "high": high})
    return pd.DataFrame(rows, columns=["day", "low", "high"])
