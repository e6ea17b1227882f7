"""Which time-to-event analyses the rows allow: the endpoints in them, and those that follow from other columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from helpers.cohort.columns import slug
from helpers.cohort.rules import overall_survival
from helpers.cohort.summary import count_of
from helpers.errors import InputError, Problem
from helpers.estimators.endpoints import (
    DerivedEndpoint,
    dated_non_response,
    duration_of_response,
    event_free_survival,
    relapse_free_survival,
)
from helpers.estimators.kaplan_meier import Floats, Integers
from helpers.narrative.patients.masking import small

if TYPE_CHECKING:
    import pandas as pd

    from helpers.cohort import Cohort
    from helpers.study.model import Endpoint

AS_GIVEN = -1  # the value of the parameter non_response_day that leaves EFS as the file has it
NON_RESPONSE_DAY = 1  # where neither a parameter nor study.yaml says when non-response is an event


@dataclass(frozen=True, eq=False)
class Analysis:
    """One endpoint on the patients whose time and event are known.

    Attributes
    ----------
    id, name, definition : what it is called, and from when to what it runs.
    origin : where its clock starts.
    rows : the covariates of its patients, the index being that of the cohort; `days` and `event` (1 or 0) belong to
        them in that order.
    derived : whether it was made from other columns.
    left_out : sentences on patients who are not in it.
    transplant : day of transplantation from the endpoint's own origin, NaN without one; None if the rows do not tell.
    everybody : whether it starts with treatment and runs over all patients, so that subgroups of these make sense.
    """

    id: str
    name: str
    definition: str
    origin: str
    rows: pd.DataFrame
    days: Floats
    event: Integers
    derived: bool = False
    left_out: tuple[str, ...] = ()
    transplant: Floats | None = None
    everybody: bool = True

    @property
    def n(self) -> int:
        """Patients."""
        return len(self.days)

    @property
    def events(self) -> int:
        """Events."""
        return int(self.event.sum())

    @property
    def slug(self) -> str:
        """Its id as part of a file's name."""
        return slug(self.id).replace("_", "-")

    def with_rows(self, days: Floats, event: Integers) -> Analysis:
        """The same patients with other times and events."""
        return replace(self, days=np.asarray(days, dtype=float), event=np.asarray(event, dtype=np.int64))


def analyses(cohort: Cohort, non_response_day: int = AS_GIVEN, mask_below: int = 0) -> tuple[list[Analysis], list[str]]:
    """Every endpoint without competing events, as the file has it or derived, and what could not be derived.

    Parameters
    ----------
    cohort : the rows.
    non_response_day : the day on which non-response is an event of EFS; `AS_GIVEN`: as the file has it, and where it is
        derived, as study.yaml says, else day 1.

    mask_below : endpoints are left out where the number of patients in them gives a small count of others away.

    Returns
    -------
    (list of Analysis, list of str)
        Endpoints of the file in their order, then EFS, RFS and DOR where they are not among them.
    """
    found = [a for name in cohort.endpoints for a in _given(cohort, name)]
    if non_response_day != AS_GIVEN:
        found = [redated(a, cohort, non_response_day) if is_efs(a) else a for a in found]
    missing: list[str] = []
    if not any(is_efs(a) for a in found):
        found += _tried(missing, "Event-free survival", lambda: derived_efs(cohort, non_response_day))
    for name, title, words, make in (
        ("RFS", "Relapse-free survival", ("relapse-free", "leukaemia-free", "leukemia-free"), relapse_free_survival),
        ("DOR", "Duration of response", ("duration of re",), duration_of_response),
    ):
        if not any(a.id.upper() == name or any(w in a.name.lower() for w in words) for a in found):
            found += _tried(missing, title, lambda name=name, make=make: _from_remission(cohort, name, make))
    hidden = [a.id for a in found if small(cohort.n - a.n, mask_below)]
    missing += [f"{name} is left out: how many patients it has would give a small count away." for name in hidden]
    return [a for a in found if a.id not in hidden], missing


def is_efs(analysis: Analysis) -> bool:
    """Whether an analysis is event-free survival."""
    return analysis.id.upper() == "EFS" or "event-free" in analysis.name.lower()


def survival(cohort: Cohort) -> tuple[str, pd.DataFrame, Floats, Integers] | None:
    """Overall survival: its endpoint, the rows with a known time and event, and these; None without it."""
    outer = overall_survival(cohort.study)
    if outer is None or outer.id not in cohort.endpoints or outer.competing:
        return None
    own = cohort.endpoint(outer.id)
    return (outer.id, own.rows, own.days, own.event) if own.n else None


def _given(cohort: Cohort, name: str) -> Iterator[Analysis]:
    endpoint = cohort.study.endpoints[name]
    own = cohort.endpoint(name)
    if endpoint.competing or own.n == 0:
        return
    sentences = []
    if own.missing:
        sentences.append(f"{count_of(own.missing, 'patient')} without a known time and event")
    if own.unknown:
        sentences.append(f"{count_of(own.unknown, 'patient')} of whom the rows do not tell whether they belong to it")
    origin = endpoint.origin or cohort.study.origin
    covariates = own.rows[list(cohort.covariates)]
    yield Analysis(
        name, endpoint.name, f"from {origin} to {endpoint.events or 'the event'}", origin, covariates, own.days,
        own.event, left_out=tuple(sentences), transplant=transplant_days(cohort, endpoint, own.rows),
        everybody=not endpoint.subset and slug(origin) == slug(cohort.study.origin),
    )  # fmt: skip


def transplant_days(cohort: Cohort, endpoint: Endpoint, rows: pd.DataFrame) -> Floats | None:
    """Days of transplantation from an endpoint's own origin; None where that is not known."""
    if "transplant_days" not in rows:
        return None
    given = rows["transplant_days"].to_numpy(dtype=float)
    origin = slug(endpoint.origin or cohort.study.origin)
    if origin == slug(cohort.study.origin):
        return given
    if any(word in origin for word in ("remission", "response")) and "response_days" in rows:
        return np.asarray(given - rows["response_days"].to_numpy(dtype=float), dtype=float)
    return None


def redated(analysis: Analysis, cohort: Cohort, day: float) -> Analysis:
    """EFS of the file with the event of patients without remission moved to a day; as it is where that is not told."""
    outer = survival(cohort)
    if outer is None or not cohort.responder.notna().any():
        return analysis
    _, rows, ends, _ = outer
    end = dict(zip(rows.index, ends, strict=True))
    known = np.array([i in end for i in analysis.rows.index], dtype=bool)
    own = analysis.rows[known]
    responder = cohort.responder.loc[own.index].to_numpy(dtype=object, na_value=None)
    moved = dated_non_response(
        analysis.days[known], analysis.event[known], responder, np.array([end[i] for i in own.index]), day
    )
    days, event = analysis.days.copy(), analysis.event.copy()
    days[known], event[known] = moved["days"], moved["event"]
    return replace(
        analysis.with_rows(days, event), definition=f"{analysis.definition} (non-response dated day {day:g})"
    )


def derived_efs(cohort: Cohort, non_response_day: float) -> Analysis:
    """EFS from relapse, death and response. Raises InputError where a column is missing or contradicts another."""
    name, rows, days, event = _needed(cohort, "relapse_days")
    day = non_response_day
    if day == AS_GIVEN:
        told = cohort.study.non_response_day
        day = NON_RESPONSE_DAY if told is None else told
    responder = cohort.responder.loc[rows.index].to_numpy(dtype=object, na_value=None)
    made = event_free_survival(responder, rows["relapse_days"], days, event, day)
    gaps = sum(x is None for x in responder)
    told_of = f"response not known in {count_of(gaps, 'patient')}, who can only die or be censored" if gaps else ""
    return _derived(cohort, made, "EFS", rows, (told_of,) if told_of else (), np.zeros(len(rows)), name)


def _from_remission(cohort: Cohort, name: str, make: object) -> Analysis:
    outer, rows, days, event = _needed(cohort, "relapse_days", "response_days")
    inside, left_out = in_remission(cohort, rows)
    own, ends, dead = rows[inside], days[inside], event[inside]
    made: DerivedEndpoint = make(  # type: ignore[operator]
        np.ones(len(own)), own["response_days"], own["relapse_days"], ends, dead
    )
    return _derived(cohort, made, name, own, left_out, own["response_days"].to_numpy(dtype=float), outer)


def in_remission(cohort: Cohort, rows: pd.DataFrame) -> tuple[np.ndarray, tuple[str, ...]]:
    """Which of some rows can be followed from remission on, and sentences on the others.

    Raises
    ------
    InputError
        Nobody can.
    """
    answered = cohort.responder.loc[rows.index]
    reached = answered.eq(1).fillna(False).to_numpy(dtype=bool)
    dated = rows["response_days"].notna().to_numpy()
    if not (reached & dated).any():
        raise InputError(Problem("no patient has a known day of remission", "add response_days to the rows"))
    unknown, undated = int(answered.isna().sum()), int((reached & ~dated).sum())
    sentences = [f"response not known in {count_of(unknown, 'patient')}"] if unknown else []
    if undated:
        sentences.append(f"{count_of(undated, 'patient')} in remission without a day of remission")
    return reached & dated, tuple(sentences)


def _needed(cohort: Cohort, *columns: str) -> tuple[str, pd.DataFrame, Floats, Integers]:
    outer = survival(cohort)
    absent = [name for name in columns if name not in cohort.rows]
    if outer is None or absent or not cohort.responder.notna().any():
        lacking = absent or (["overall survival"] if outer is None else ["cr"])
        raise InputError(Problem(f"the rows have no {lacking[0]}", f"add {lacking[0]}"))
    return outer


def _derived(
    cohort: Cohort, made: DerivedEndpoint, name: str, rows: pd.DataFrame, left_out: tuple[str, ...], offset: Floats,
    outer: str,
) -> Analysis:  # fmt: skip
    days, event = made.rows["days"].to_numpy(dtype=float), made.rows["event"].to_numpy(dtype=np.int64)
    transplant = None
    if "transplant_days" in rows:
        transplant = rows["transplant_days"].to_numpy(dtype=float) - offset
    origin = "remission" if "remission" in made.definition else cohort.study.endpoints[outer].origin
    covariates = rows[list(cohort.covariates)]
    return Analysis(
        name, made.name, made.definition, origin, covariates, days, event, True, left_out, transplant, name == "EFS"
    )


def _tried(missing: list[str], title: str, make: object) -> list[Analysis]:
    try:
        return [make()]  # type: ignore[operator]
    except InputError as error:
        missing.append(f"{title} cannot be derived: {error.problems[0].message}.")
        return []
