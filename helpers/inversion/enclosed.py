"""Enclosed: the certified bounds of one endpoint of a study, beside what histories that were found attain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from helpers.inversion.certify.enclose import CertifiedBound, certified_bounds
from helpers.inversion.certify.members import extreme_members
from helpers.inversion.paper import StudyInversion
from helpers.inversion.report import endpoint_timelines


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
    with_some = replace(
        inversion, endpoints=inversion.endpoints | {endpoint: replace(inversion.endpoints[endpoint], solution=some)}
    )
    found = endpoint_timelines(with_some, endpoint) if some.by_convention else ()
    return certified_bounds(own, found, some, days, horizons, inversion.days_per_month)
