"""What was inverted from printed numbers, held against the rows behind them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from helpers.cohort.model import Cohort, EndpointRows
from helpers.inversion.history import CENSORED, EVENT, canonical
from helpers.inversion.inverted import EndpointInversion, StudyInversion
from helpers.inversion.paper import conventions_of
from helpers.inversion.solve import bindings

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Truth:
    """The true history of one endpoint, and whether the inversion returns it.

    `history` is canonical, up to the last landmark; `n` are the rows with a known time and event, which must be as many
    as the printed numbers are about. `in_set` is None where the two are not comparable; `histories` is None where the
    set is too large to list. The question is then put to the printed numbers directly.
    """

    endpoint: str
    n: int
    history: str
    in_set: bool | None
    histories: int | None
    note: str = ""


def true_history(rows: EndpointRows, day: Fraction) -> str:
    """What truly happened up to and including a day: E or C a patient, events first on a day, no C at the end.

    Competing events end the follow-up of a patient as censorings do.

    Parameters
    ----------
    rows : the rows of an endpoint.
    day : the last landmark, in days.
    """
    steps = sorted((t, e != 1) for t, e in zip(rows.days.tolist(), rows.event.tolist(), strict=True) if t <= day)
    return canonical("".join(CENSORED if censored else EVENT for _, censored in steps))


def truths(inversion: StudyInversion, cohort: Cohort) -> tuple[Truth, ...]:
    """The true history of every inverted endpoint that the cohort has."""
    return tuple(_truth(e, cohort) for name, e in inversion.endpoints.items() if name in cohort.endpoints)


def _truth(endpoint: EndpointInversion, cohort: Cohort) -> Truth:
    rows = cohort.endpoint(endpoint.endpoint)
    name, listed = endpoint.endpoint, len(endpoint.histories) if endpoint.exhaustive else None
    rest = endpoint.evidence.without(endpoint.removed)
    if rows.n != endpoint.n:
        note = f"the numbers are printed for {endpoint.n} patients, the file has {rows.n} with a known time and event"
        return Truth(name, rows.n, "", None, listed, note)
    if not rest.landmarks:
        return Truth(name, rows.n, "", None, listed, "no landmark is left to invert")
    history = true_history(rows, rest.landmarks[-1].day)
    prints = any(
        bindings(history, endpoint.n, rest.landmarks, convention, rest.counts)
        for convention in conventions_of(cohort.study)
    )
    note = "" if prints else "the rows do not print these numbers under any convention that is tried"
    if not endpoint.exhaustive:
        return Truth(name, rows.n, history, prints, None, note or "the set is too large to list; the rows print it all")
    return Truth(name, rows.n, history, history in endpoint.histories, listed, note)


def truth_in_set(inversion: StudyInversion, cohort: Cohort) -> pd.DataFrame:
    """For each inverted endpoint, whether the true history is among those returned, and how many these are.

    Parameters
    ----------
    inversion : the printed numbers, inverted.
    cohort : the rows behind them.

    Returns
    -------
    DataFrame
        One row an endpoint: ``endpoint, n, history, events, censored, in_set, histories, note``. `in_set` is missing
        where the rows cannot be compared, `histories` where the set is too large to list.
    """
    import pandas as pd

    columns = ["endpoint", "n", "history", "events", "censored", "in_set", "histories", "note"]
    found = []
    for t in truths(inversion, cohort):
        events, censored = t.history.count(EVENT), t.history.count(CENSORED)
        found.append((t.endpoint, t.n, t.history, events, censored, t.in_set, t.histories, t.note))
    return pd.DataFrame(found, columns=columns).astype({"in_set": "boolean", "histories": "Int64"})
