"""What stands on the bench: a paper, the numbers changed in it, and the conventions that are held fixed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from helpers.conventions import Z_95_EXACT, Z_95_ROUNDED, Interval
from helpers.errors import InputError, Problem
from helpers.explore.typed import TypedPaper, typed_study
from helpers.printed import PrintedNumber, Rounding
from helpers.study import load_study
from helpers.study.model import NUMBER_FIELDS, Claim, Study

ANY = ""
NOT_ROUNDED = "no"
CHOICES: dict[str, tuple[str, ...]] = {
    "interval": (ANY, *map(str, Interval)),
    "z": (ANY, Z_95_ROUNDED, Z_95_EXACT),
    "rounded_to": (ANY, NOT_ROUNDED, "2", "3", "4"),
    "rounding": (ANY, *map(str, Rounding)),
}
MONTHS = ("30.4375", "30.417", "30", "28")
EDITABLE = (*NUMBER_FIELDS, "at")
_MOST_DIGITS = 12


@dataclass(frozen=True)
class Edit:
    """A printed number as changed on the bench; an empty text takes the number away. `at` moves a landmark."""

    claim: str
    field: str
    text: str


@dataclass(frozen=True)
class State:
    """Everything that decides what the bench shows.

    Attributes
    ----------
    study : name of a folder in ``data/``, or a path; not read where `typed` is given.
    endpoint : the endpoint on display; empty: the first with a printed landmark.
    interval, z, rounded_to, rounding : a convention held fixed, as in `CHOICES`; empty: whatever fits.
    days_per_month : length of a printed month in days, as text.
    edits : numbers changed, at most one a field.
    typed : a paper typed in by hand.
    """

    study: str = "zhuo2024"
    endpoint: str = ""
    interval: str = ANY
    z: str = ANY
    rounded_to: str = ANY
    rounding: str = ANY
    days_per_month: str = MONTHS[0]
    edits: tuple[Edit, ...] = ()
    typed: TypedPaper | None = None

    @property
    def month(self) -> Fraction:
        """Length of a month in days. Raises InputError unless it is between 20 and 40 days."""
        try:
            days = Fraction(self.days_per_month.strip())
        except (ValueError, ZeroDivisionError):
            days = Fraction(0)
        if not 20 <= days <= 40:
            raise InputError(
                Problem("the length of a month is not between 20 and 40 days", "write e.g. 30.4375", "", None, "month",
                        self.days_per_month)
            )  # fmt: skip
        return days

    @property
    def fixed(self) -> dict[str, object]:
        """The conventions held fixed, as a study folder would write them."""
        found: dict[str, object] = {}
        for name, allowed in CHOICES.items():
            chosen = getattr(self, name)
            if chosen not in allowed:
                words = ", ".join(word or "any" for word in allowed)
                raise InputError(Problem(f"{name} has no such choice", f"choose one of {words}", found=chosen))
            if chosen != ANY:
                plain = None if chosen == NOT_ROUNDED else int(chosen) if name == "rounded_to" else chosen
                found[name] = plain
        return found

    def edited(self, claim: str, field: str, text: str) -> State:
        """The same with one printed number changed; set back to what the paper prints, the edit vanishes."""
        others = tuple(e for e in self.edits if (e.claim, e.field) != (claim, field))
        same = printed_text(base_study(self).claim(claim), field) == text.strip()
        return replace(self, edits=others if same else (*others, Edit(claim, field, text.strip())))

    @property
    def as_printed(self) -> State:
        """The same paper without any edit."""
        return replace(self, edits=())


@lru_cache(maxsize=32)
def _loaded(study: str) -> Study:
    return load_study(study)


def base_study(state: State) -> Study:
    """The paper as it was prepared or typed, before edits. Raises InputError where it cannot be read."""
    return _loaded(state.study) if state.typed is None else typed_study(state.typed)


@lru_cache(maxsize=128)
def study_of(state: State) -> Study:
    """The paper as it stands on the bench: edited, and with the chosen conventions fixed.

    Raises
    ------
    InputError
        with every edit that is no printed number, or cannot be one of its kind.

    Examples
    --------
    >>> state = State("zhuo2024").edited("os_6mo", "ci_high", "87.50")
    >>> study_of(state).claim("os_6mo").ci_high.text
    '87.50'
    """
    study = base_study(state)
    by_claim: dict[str, list[Edit]] = {}
    for edit in state.edits:
        by_claim.setdefault(edit.claim, []).append(edit)
    known = {claim.id for claim in study.claims}
    problems = [_problem(study, edit) for edit in state.edits if edit.claim in known]
    faults = [problem for problem in problems if problem is not None]
    faults += [Problem("the paper has no such claim", "choose another", found=c) for c in by_claim if c not in known]
    if faults:
        raise InputError(faults)
    every = (_edited(claim, by_claim.get(claim.id, ())) for claim in study.claims)
    claims = tuple(claim for claim in every if claim.printed)  # with its last number gone, a claim says nothing
    conventions = {**study.conventions, **state.fixed}
    return replace(study, claims=claims, conventions=MappingProxyType(conventions))


def printed_text(claim: Claim, field: str) -> str:
    """What a claim prints in a field, as text; empty where it prints nothing."""
    if field == "at":
        return "" if claim.at is None else f"{float(claim.at):g}"
    number = getattr(claim, field)
    return "" if number is None else str(number.text)


def endpoint_names(study: Study) -> tuple[str, ...]:
    """The endpoints that have a printed landmark of all their patients."""
    return tuple(
        name for name in study.endpoints if any(c.n == study.patients(name) for c in study.select("survival", name))
    )


def shown_endpoint(state: State) -> str:
    """The endpoint on display. Raises InputError where the paper prints no landmark."""
    names = endpoint_names(study_of(state))
    if state.endpoint in names:
        return state.endpoint
    if not names:
        raise InputError(Problem("this paper prints no S(t), so there is no curve to read backwards",
                                 "choose another study, or type in a landmark"))  # fmt: skip
    return names[0]


def on_display(state: State) -> tuple[Claim, ...]:
    """The claims whose numbers can be edited: landmarks in order of time, counts and medians of the endpoint."""
    study = base_study(state)
    names = endpoint_names(study)
    name = state.endpoint if state.endpoint in names else (names[0] if names else "")
    kinds = ("survival", "at_risk", "events", "censored", "median", "follow_up")
    return tuple(claim for kind in kinds for claim in study.select(kind, name))


def _edited(claim: Claim, edits: Iterable[Edit]) -> Claim:
    for edit in edits:
        if edit.field == "at":
            claim = replace(claim, at=Fraction(edit.text))
        else:
            number: Any = PrintedNumber(edit.text) if edit.text else None
            claim = replace(claim, **{edit.field: number})
    return claim


def _problem(study: Study, edit: Edit) -> Problem | None:
    """What is wrong with an edit, if anything."""
    claim = study.claim(edit.claim)

    def wrong(message: str, remedy: str) -> Problem:
        return Problem(message, remedy, column=f"{edit.claim}.{edit.field}", found=edit.text)

    if edit.field not in EDITABLE:
        return wrong("there is no such number", f"change one of {', '.join(EDITABLE)}")
    if edit.text == "" and edit.field != "at" and edit.field != "count":
        return None
    try:
        number = PrintedNumber(edit.text)
    except ValueError:
        return wrong("not a number as it is printed", "digits with a decimal point, e.g. 67.90")
    if len(edit.text) > _MOST_DIGITS:
        return wrong("more digits than papers print", f"write at most {_MOST_DIGITS} characters")
    if not number.reached:
        allowed = edit.field != "at" and claim.statistic in ("median", "follow_up")
        return None if allowed else wrong("only a median may be not reached", "write a number")
    share = claim.statistic == "survival" and edit.field != "at"
    if share and not 0 <= number.value * claim.scale <= 1:
        return wrong("a share lies between 0 and 100 %", "write e.g. 67.90")
    if number.value < 0:
        return wrong("a time or a count is not below zero", "write a number from 0 up")
    if edit.field == "count" and (number.decimals or number.value > claim.n):
        return wrong(f"a count is a whole number up to {claim.n}", "write e.g. 9")
    return None
