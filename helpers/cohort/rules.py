"""What cannot be true of a patient's row: ranges, and columns that contradict each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from helpers.cohort.columns import GRADES, MOMENTS, response_day, slug
from helpers.study.model import Endpoint, Study

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[str, Any]
_SLACK = 1e-6  # days; what adding and converting times can be off by
_DEATHS = {"death", "death from any cause", "death of any cause", "all-cause death"}


@dataclass(frozen=True)
class Rule:
    """One condition on a column of the canonical frame; `holds` is True where it is met or a value is missing.

    `message` and `remedy` tell of a row that breaks it, whose missing values are None.
    """

    column: str
    holds: Callable[[pd.DataFrame], pd.Series]
    message: Callable[[Row], str]
    remedy: str | Callable[[Row], str]


def overall_survival(study: Study) -> Endpoint | None:
    """The endpoint in which only death counts, or that is called OS; no other one can outlast it."""
    for endpoint in study.endpoints.values():
        if endpoint.events.strip().lower() in _DEATHS:
            return endpoint
    return study.endpoints.get("OS")


def rules(study: Study, present: set[str]) -> list[Rule]:
    """Every rule whose columns are there."""
    found = [*_ranges(study, present), *_end_of_follow_up(study, present), *_endpoints(study, present)]
    found += [*_remission(present), *_responses(study, present)]
    return found


def _ranges(study: Study, present: set[str]) -> Iterator[Rule]:
    for stem in [*dict.fromkeys(e.stem for e in study.endpoints.values()), *MOMENTS]:
        if (name := f"{stem}_days") in present:
            yield Rule(name, _at_least(name, 0), lambda r: "the time is below 0", "write a time of 0 or more")
    for name, (what, most) in GRADES.items():
        if name in present:
            text = f"the grade lies outside 0 to {most}"
            remedy = f"write the highest grade of {what}, 0 for none"
            yield Rule(name, _between(name, 0, most), lambda r, text=text: text, remedy)  # type: ignore[misc]
    if "age" in present:
        yield Rule("age", _between("age", 0, 120), lambda r: "the age lies outside 0 to 120 years", "write it in years")
    for endpoint in {e.stem: e for e in study.endpoints.values()}.values():
        if (name := f"{endpoint.stem}_event") in present:
            yield _codes(endpoint, name)
        if {(reason := f"{endpoint.stem}_reason"), name} <= present:
            yield Rule(
                reason,
                lambda f, name=name, reason=reason: f[reason].isna() | ~(f[name] > 0).fillna(False).astype(bool),  # type: ignore[misc]
                lambda r: "a reason of censoring stands beside an event",
                f"empty the cell, or correct {name}",
            )


def _codes(endpoint: Endpoint, name: str) -> Rule:
    most = len(endpoint.codes) - 1
    meanings = ", ".join(f"{code} {meaning}" for code, meaning in endpoint.codes.items())

    def message(row: Row) -> str:
        if not endpoint.competing:
            return f"study.yaml declares no competing event for {endpoint.id}, so {row[name]} has no meaning"
        return f"the event code is not one of {meanings}"

    remedy = (
        f"write 0 or 1, or name the event under endpoints.{endpoint.id}.competing in study.yaml; "
        "where a file codes 1 for censored and 2 for an event, recode it"
        if not endpoint.competing
        else f"write one of these, or add the event under endpoints.{endpoint.id}.competing in study.yaml"
    )
    return Rule(name, _between(name, 0, most), message, remedy)


def _at_least(name: str, least: float) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda f: f[name].isna() | (f[name] >= least)


def _between(name: str, least: float, most: float) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda f: f[name].isna() | ((f[name] >= least) & (f[name] <= most))


def _end_of_follow_up(study: Study, present: set[str]) -> Iterator[Rule]:
    """Nothing happens to a patient after the end of follow-up."""
    outer = overall_survival(study)
    last = [n for n in ("follow_up_days", f"{outer.stem}_days" if outer else "") if n in present]
    if not last:
        return

    def end(f: pd.DataFrame) -> pd.Series:
        first = f[last[0]]
        return first if len(last) == 1 else first.fillna(f[last[1]])

    def shown(row: Row) -> float:
        return row[last[0]] if row[last[0]] is not None else row[last[-1]]

    for stem in ("response", "relapse", "transplant"):
        if (name := f"{stem}_days") in present:
            what = {"response": "remission", "relapse": "relapse", "transplant": "transplantation"}[stem]
            yield Rule(
                name,
                lambda f, name=name: ~(f[name] > end(f) + _SLACK),  # type: ignore[misc]
                lambda r, what=what: f"the {what} lies after the end of follow-up, day {shown(r):g}",  # type: ignore[misc]
                "correct one of the two times",
            )
    if len(last) == 2:
        yield Rule(
            last[1],
            lambda f: ~(f[last[1]] > f["follow_up_days"] + _SLACK),
            lambda r: f"{outer.id if outer else ''} goes on after the end of follow-up, day {r['follow_up_days']:g}",
            "correct one of the two times",
        )


def _offset(endpoint: Endpoint, study: Study, present: set[str]) -> Callable[[pd.DataFrame], Any] | None:
    """What to add to an endpoint's times so that they run from the study's origin; None where that is not known."""
    if slug(endpoint.origin or study.origin) == slug(study.origin):
        return lambda f: 0.0
    starts_later = any(word in slug(endpoint.origin) for word in ("remission", "response"))
    if starts_later and "response_days" in present:
        return lambda f: f["response_days"]
    return None


def _endpoints(study: Study, present: set[str]) -> Iterator[Rule]:
    outer = overall_survival(study)
    for endpoint in {e.stem: e for e in study.endpoints.values()}.values():
        days, event = f"{endpoint.stem}_days", f"{endpoint.stem}_event"
        offset = _offset(endpoint, study, present)
        if not {days, event} <= present or offset is None:
            continue
        both = outer is not None and {f"{outer.stem}_days", f"{outer.stem}_event"} <= present
        if outer is not None and both and outer.stem != endpoint.stem:
            yield from _within_survival(endpoint, outer, offset, days, event)
        if "relapse_days" in present and "relapse" in endpoint.events.lower():
            yield _relapse_ends(endpoint, offset, days, event)


def _within_survival(
    endpoint: Endpoint, outer: Endpoint, offset: Callable[[pd.DataFrame], Any], days: str, event: str
) -> Iterator[Rule]:
    outer_days, outer_event = f"{outer.stem}_days", f"{outer.stem}_event"
    yield Rule(
        days,
        lambda f: ~(f[days] + offset(f) > f[outer_days] + _SLACK),
        lambda r: f"{endpoint.id} goes on after {outer.id}, which ends on day {r[outer_days]:g}",
        f"correct {days} or {outer_days}: nobody is followed for {endpoint.id} after death or the end of follow-up",
    )
    if any("death" in name.lower() for name in endpoint.codes.values()):
        yield Rule(
            event,
            lambda f: (
                ~(
                    ((f[days] + offset(f) - f[outer_days]).abs() <= _SLACK)
                    & (f[outer_event] == 1).fillna(False).astype(bool)
                    & (f[event] == 0).fillna(False).astype(bool)
                )
            ),
            lambda r: f"{endpoint.id} is censored on day {r[days]:g}, the day of death, and death is one of its events",
            f"write 1 in {event}, or correct {outer_event} or one of the times",
        )


def _relapse_ends(endpoint: Endpoint, offset: Callable[[pd.DataFrame], Any], days: str, event: str) -> Rule:
    return Rule(
        days,
        lambda f: (
            ~(
                (f["relapse_days"] < f[days] + offset(f) - _SLACK)
                | ((f["relapse_days"] < f[days] + offset(f) + _SLACK) & (f[event] == 0).fillna(False).astype(bool))
            )
        ),
        lambda r: f"{endpoint.id} ends with the relapse of day {r['relapse_days']:g}, and relapse is one of its events",
        f"correct relapse_days, {days} or {event}",
    )


def _remission(present: set[str]) -> Iterator[Rule]:
    """Who is not known to have been in remission can neither relapse nor have a day of remission."""
    flags = [name for name in ("cr", "cri") if name in present]

    def reached(f: pd.DataFrame) -> pd.Series:
        yes = (f[flags[0]] == 1).fillna(False).astype(bool)
        return yes | (f[flags[-1]] == 1).fillna(False).astype(bool)

    def stands(row: Row) -> str:
        return " and ".join(f"{name} = {'(empty)' if row[name] is None else row[name]}" for name in flags)

    for name, what in (("relapse_days", "a relapse"), ("response_days", "a day of remission")):
        if name in present and flags:
            yield Rule(
                name,
                lambda f, name=name: f[name].isna() | reached(f),  # type: ignore[misc]
                lambda r, what=what: f"{what} stands beside {stands(r)}: without remission there is none",  # type: ignore[misc]
                f"correct {' or '.join(flags)}, or empty the cell",
            )
    if {"relapse_days", "response_days"} <= present:
        yield Rule(
            "relapse_days",
            lambda f: ~(f["relapse_days"] < f["response_days"] - _SLACK),
            lambda r: f"the relapse lies before the remission of day {r['response_days']:g}",
            "correct one of the two times",
        )


def _responses(study: Study, present: set[str]) -> Iterator[Rule]:
    if "best_response" not in present:
        return
    best = "best_response"
    for flag, level in (("cr", "CR"), ("cri", "CRi")):
        if flag in present and level in study.responses:
            yield Rule(
                best,
                lambda f, flag=flag, level=level: ~((f[best] == level) & (f[flag] == 0).fillna(False).astype(bool)),  # type: ignore[misc]
                lambda r, flag=flag, level=level: f"the best response is {level}, but {flag} is 0",  # type: ignore[misc]
                f"correct {best} or {flag}",
            )
    if "cr" in present:
        none = {"PR", "SD", "NR", "PD"} & set(study.responses)
        yield Rule(
            best,
            lambda f: ~(f[best].isin(none) & (f["cr"] == 1).fillna(False).astype(bool)),
            lambda r: f"the best response is {r[best]}, but cr is 1",
            f"correct {best} or cr",
        )
    ranks = {level: rank for rank, level in enumerate(study.responses)}
    for name in sorted(n for n in present if response_day(n) is not None):
        yield Rule(
            best,
            lambda f, name=name: ~(f[best].astype(object).map(ranks) > f[name].astype(object).map(ranks)),  # type: ignore[misc]
            lambda r, name=name: f"the response on day {response_day(name)}, {r[name]}, is better than the best one",  # type: ignore[misc]
            f"correct {best} or {name}; study.yaml lists `responses` best first",
        )
