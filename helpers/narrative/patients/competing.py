"""Competing risks: cumulative incidence of each cause (Aalen-Johansen), by group with Gray's test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from helpers.cohort.columns import slug
from helpers.cohort.summary import count_of
from helpers.conventions import Interval
from helpers.errors import InputError, Problem
from helpers.estimators.chi_square import ChiSquareTest
from helpers.estimators.competing_risks import incidence_readings
from helpers.estimators.endpoints import DeathInRemission, from_remission
from helpers.estimators.gray import gray_test
from helpers.estimators.group_curves import incidence_curves, incidence_numbers
from helpers.estimators.kaplan_meier import Floats, Integers, survival_at, survival_table
from helpers.figures.at_risk import number_cell
from helpers.figures.wording import number_text, p_equation, p_text
from helpers.narrative.patients.analyses import in_remission, survival
from helpers.narrative.patients.curves import beneath_curves, untold
from helpers.narrative.patients.exhibit import Exhibit, day_text, percent_limits
from helpers.narrative.patients.grouping import Grouping
from helpers.narrative.patients.masking import small
from helpers.narrative.patients.published import coarse_curve, leaving, tellable_days
from helpers.narrative.survival import number_days
from helpers.tables.masked_frames import HIDDEN

if TYPE_CHECKING:
    import pandas as pd

    from helpers.cohort import Cohort


@dataclass(frozen=True, eq=False)
class Competing:
    """An endpoint with competing events: `code` 0 censored, otherwise a key of `causes`, one entry a patient.

    `rows` are the covariates of its patients, the index being that of the cohort.
    """

    id: str
    name: str
    origin: str
    definition: str
    rows: pd.DataFrame
    days: Floats
    code: Integers
    causes: Mapping[int, str]
    derived: bool = False
    left_out: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """Its id as part of a file's name."""
        return slug(self.id).replace("_", "-")


def competing_endpoints(cohort: Cohort, mask_below: int = 0) -> list[Competing]:
    """Endpoints for which study.yaml names competing events; without any, relapse against death in remission.

    With a threshold those are left out whose number of patients gives a small count of others away.
    """
    found = []
    for name in cohort.endpoints:
        endpoint, own = cohort.study.endpoints[name], cohort.endpoint(name)
        if endpoint.competing and own.n:
            causes = {code: f"{text[:1].upper()}{text[1:]}" for code, text in endpoint.codes.items() if code}
            told = (f"{count_of(own.missing, 'patient')} without a known time and event",) if own.missing else ()
            origin = endpoint.origin or cohort.study.origin
            definition = f"from {origin}, among {own.n:,} patients"
            found.append(
                Competing(name, endpoint.name, origin, definition, own.rows[list(cohort.covariates)], own.days,
                          own.event, causes, left_out=told)
            )  # fmt: skip
    found = found or _derived(cohort)
    return [one for one in found if not small(cohort.n - len(one.days), mask_below)]


def _derived(cohort: Cohort) -> list[Competing]:
    outer = survival(cohort)
    if outer is None or not {"relapse_days", "response_days"} <= set(cohort.rows.columns):
        return []
    _, rows, days, event = outer
    try:
        inside, told = in_remission(cohort, rows)
        own = rows[inside]
        made = from_remission(
            np.ones(len(own)), own["response_days"], own["relapse_days"], days[inside], event[inside],
            DeathInRemission.COMPETING,
        )  # fmt: skip
    except InputError:
        return []
    return [
        Competing(
            "CIR", "Relapse and death in remission", "remission", f"from remission, among {len(own):,} responders",
            own[list(cohort.covariates)],
            made.rows["days"].to_numpy(dtype=float), made.rows["event"].to_numpy(dtype=np.int64),
            {1: "Relapse", 2: "Death without relapse"}, True, told,
        )
    ]  # fmt: skip


def known_groups(one: Competing, grouping: Grouping | None) -> tuple[Competing, pd.Series | None]:
    """The patients whose group is known with their groups; all and None where fewer than two groups are left."""
    if grouping is None:
        return one, None
    levels = grouping.of(one.rows)
    known = levels.notna().to_numpy()
    groups = levels[known].cat.remove_unused_categories().reset_index(drop=True)
    if len(groups.cat.categories) < 2:
        return one, None
    return replace(one, rows=one.rows[known], days=one.days[known], code=one.code[known]), groups


def incidence_frames(
    one: Competing, group: pd.Series | None, interval: Interval, mask_below: int = 0, days: Sequence[float] = ()
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Curves and numbers beneath them, as `helpers.figures.incidence.cumulative_incidence` takes them.

    With a threshold, the numbers are those of `days` on which they can be told, and causes with fewer events are left
    out; no curve is left where that is so of all.
    """
    import pandas as pd

    curves = incidence_curves(one.days, one.code, one.causes, group=group, interval=interval)
    beneath: Sequence[float] = number_days(float(one.days.max()))
    if mask_below > 1:
        if group is not None:
            raise InputError(Problem("groups are not told where small counts are hidden", "give no groups"))
        told = told_days(one, days, mask_below)
        events = {name: (one.code == number).astype(int) for number, name in one.causes.items()}
        hidden = [name for name, event in events.items() if small(int(event.sum()), mask_below)]
        parts = [
            coarse_curve(curve, one.days, events[str(cause)], mask_below)
            for cause, curve in curves.groupby("cause", sort=False)
            if cause not in hidden
        ]
        numbers = incidence_numbers(one.days, one.code, beneath_curves(float(one.days.max()), told), one.causes)
        curves = pd.concat(parts, ignore_index=True) if parts else curves.iloc[:0]
        return curves, untold(numbers.drop(columns=hidden), told)
    return curves, incidence_numbers(one.days, one.code, beneath, one.causes, group=group)


def told_days(one: Competing, days: Sequence[float], mask_below: int) -> list[float]:
    """The days on which the counts of every event can be told."""
    return tellable_days(days, mask_below, leaving(one.days, one.code))


def gray_tests(one: Competing, group: pd.Series | None) -> dict[str, ChiSquareTest]:
    """Gray's test of each cause between groups, by cause; empty without groups."""
    if group is None:
        return {}
    causes = tuple(one.causes)
    return {name: gray_test(one.days, one.code, group, k, causes).test for k, name in one.causes.items()}


def gray_notes(one: Competing, group: pd.Series | None) -> dict[str, str]:
    """Gray's test of each cause in words, by cause; empty without groups."""
    found = {name: test.p_value for name, test in gray_tests(one, group).items()}
    return {name: f"Gray {p_equation(p)}" for name, p in found.items() if p == p}


def incidence_exhibit(
    one: Competing, group: pd.Series | None, days: Sequence[float], interval: Interval, mask_below: int = 0
) -> Exhibit:
    """Cumulative incidence of each cause at some days, with what 1 − Kaplan-Meier would have made of it."""
    import pandas as pd

    labels = None if group is None else group.map(str)
    readings = incidence_readings(one.days, one.code, list(days), tuple(one.causes), group=labels, interval=interval)
    naive = []
    for (name, cause), part in readings.groupby(["group", "cause"], sort=False):
        inside = np.ones(one.days.size, dtype=bool) if labels is None else (labels == name).to_numpy()
        table = survival_table(one.days[inside], (one.code[inside] == cause).astype(int))
        naive.append(pd.Series(1 - survival_at(table, part["day"]), index=part.index))
    exact = readings.assign(cause=readings["cause"].map(one.causes), one_minus_km=pd.concat(naive))
    if mask_below > 1:
        hidden = ~exact["day"].isin(told_days(one, days, mask_below))
        exact = exact.astype({"events": object}).drop(columns="at_risk")
        exact.loc[hidden, "events"] = HIDDEN
        exact.loc[hidden, ["incidence", "std_error", "low", "high", "one_minus_km"]] = np.nan
    tests = gray_tests(one, group)
    if tests:
        exact = exact.assign(
            gray_chi_square=[tests[name].statistic for name in exact["cause"]],
            gray_df=[tests[name].df for name in exact["cause"]],
            gray_p=[tests[name].p_value for name in exact["cause"]],
        )
    rows = exact.to_dict("records")
    shown = pd.DataFrame({
        "group": exact["group"],
        "event": exact["cause"],
        "day": [day_text(x) for x in exact["day"]],
        "events": [number_cell(x) for x in exact["events"]],
        "incidence, % (95 % CI)": [percent_limits(r["incidence"], r["low"], r["high"]) for r in rows],
        "1 − KM, %": [number_text(100 * r["one_minus_km"], 1) for r in rows],
    })  # fmt: skip
    note = f"Aalen-Johansen, {interval} limits. 1 − KM censors the other events and overstates."
    if group is None:
        shown = shown.drop(columns="group")
    else:
        first = ~exact["cause"].duplicated()
        shown["Gray P"] = [p_text(r["gray_p"]) if top else "" for r, top in zip(rows, first, strict=True)]
        note += " Gray P: whether the incidence of the event differs between groups."
    return Exhibit(shown, exact, note)
