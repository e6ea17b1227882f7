"""What is certain of endpoints too large to list, as tidy frames, ready for a table or a figure."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from helpers.inversion.certified_report import sampled
from helpers.inversion.certify import Enclosure
from helpers.inversion.certify.calendar import Calendar
from helpers.inversion.history import EVENT
from helpers.inversion.inverted import EndpointInversion, StudyInversion
from helpers.inversion.paper import conventions_of

if TYPE_CHECKING:
    import pandas as pd

_QUANTITIES = ("events", "censored", "at_risk")


def certainty_frame(inversion: StudyInversion, name: str) -> pd.DataFrame:
    """Certain bounds up to each landmark of an endpoint, in the canonical form of a history; one row a landmark.

    Columns: claim, label, day; for each of events, censored (before the last event) and at_risk (just after it): low
    and high, certain, and seen_low and seen_high, attained by histories that were found; survival_low, survival_high.
    """
    import pandas as pd

    own = inversion.endpoints[name].certificate
    rows = []
    for mark, bound in zip(own.landmarks, own.bounds, strict=False) if own is not None else ():
        row: dict[str, object] = {
            "claim": mark.claim,
            "label": inversion.study.claim(mark.claim).note or mark.claim,
            "day": float(mark.day),
        }
        for quantity in _QUANTITIES:
            enclosure: Enclosure = getattr(bound, quantity)
            row |= {
                f"{quantity}_low": enclosure.low,
                f"{quantity}_high": enclosure.high,
                f"{quantity}_seen_low": enclosure.attained_low,
                f"{quantity}_seen_high": enclosure.attained_high,
            }
        row |= {"survival_low": bound.survival[0], "survival_high": bound.survival[1]}
        rows.append(row)
    ends = [f"{q}_{end}" for q in _QUANTITIES for end in ("low", "high", "seen_low", "seen_high")]
    columns = ["claim", "label", "day", *ends, "survival_low", "survival_high"]
    return pd.DataFrame(rows, columns=columns)


def convention_status_frame(inversion: StudyInversion, name: str) -> pd.DataFrame:
    """One row a convention: interval, rounded_to, z, rounding, and status: found, undecided or excluded.

    Found: a history was found that prints everything under it. Excluded: certainly none does.
    """
    import pandas as pd

    own = inversion.endpoints[name].certificate
    rows = []
    if own is not None:
        for c in conventions_of(inversion.study):
            status = "found" if c in own.conventions else "undecided" if c in own.undecided else "excluded"
            rows.append(c.as_dict() | {"status": status})
    return pd.DataFrame(rows, columns=["interval", "rounded_to", "z", "rounding", "status"]).astype(object)


def sampled_frame(endpoint: EndpointInversion, most: int = 20) -> pd.DataFrame:
    """Some of the histories that fit, a seeded sample, one a row: as `survivors`, but not all of them.

    Columns: history, events, censored, at_risk at the end.
    """
    import pandas as pd

    own = endpoint.certificate
    found = sampled(own, most) if own is not None else ()
    rows = [
        {
            "history": history,
            "events": history.count(EVENT),
            "censored": len(history) - history.count(EVENT),
            "at_risk": endpoint.n - len(history),
        }
        for history in found
    ]
    return pd.DataFrame(rows, columns=["history", "events", "censored", "at_risk"])


def certified_band_frame(endpoint: EndpointInversion, last_day: int) -> pd.DataFrame:
    """The certified band: columns day, low, high, between which S(t) certainly lies on each day; as `band_frame`."""
    import pandas as pd

    own = endpoint.certificate
    if own is None or not own.passages:
        return pd.DataFrame({"day": [], "low": [], "high": []})
    calendar = Calendar.certified(own)
    band = [calendar.survival(Fraction(day)) for day in range(last_day + 1)]
    return pd.DataFrame(
        {
            "day": range(last_day + 1),
            "low": [float(s.low) for s in band],
            "high": [float(s.high) for s in band],
        }
    )
