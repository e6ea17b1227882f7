"""Reconstructed patients as lanes of a swimmer plot: windows of days in place of points."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan
from typing import TYPE_CHECKING

from helpers.inversion.frames import ladder_frame

if TYPE_CHECKING:
    import pandas as pd

    from helpers.inversion.inverted import EndpointInversion
    from helpers.inversion.timelines import Timeline

MOST_LANES = 60  # one page


def reconstructed_lanes(
    endpoint: EndpointInversion, found: Sequence[Timeline], kind: str
) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """The patients of the first history of an endpoint, as `helpers.figures.swimmer.swimmer` takes them.

    Each rung is a patient: an event or a censoring has the days on which it can have happened over all data sets with
    this history. Whoever is left after the last of them can have left on any day from then on, also beyond the last
    landmark, where an arrow stands.

    Parameters
    ----------
    endpoint : the endpoint, inverted.
    found : its timelines.
    kind : what its event is drawn as, e.g. ``death``.

    Returns
    -------
    (lanes, events) or None
        None where no history is listed, no day can be bounded, or a page has no room for the patients.
    """
    import pandas as pd

    own = [t for t in found if endpoint.histories and t.history == endpoint.histories[0]]
    if not own or endpoint.n > MOST_LANES:
        return None
    last = float(int(max(mark.day for mark in endpoint.landmarks)))
    lanes, events, low = [], [], 0.0
    for number, row in enumerate(ladder_frame(endpoint, found, most=1).to_dict("records"), start=1):
        if row["kind"]:
            low, high = float(row["day_low"]), float(row["day_high"])
        else:  # after the last step: `low` is still its first possible day
            high = max(low, last)
        lanes.append((number, low, low, high, not row["kind"]))
        if row["kind"] == "E":
            events.append((number, kind, low if low == high else nan, low, high))
    return (
        pd.DataFrame(lanes, columns=["patient_id", "end", "end_low", "end_high", "ongoing"]),
        pd.DataFrame(events, columns=["patient_id", "kind", "day", "low", "high"]),
    )
