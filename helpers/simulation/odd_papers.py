"""Odd papers: made-up data sets of few patients and what is printed of them, chosen to be awkward.

Heavy ties, hardly any or nothing but events, no event at all, S = 0, one decimal or none, some fields only, several
landmarks (two of them on one day now and then), counts on the landmarks' days, between them and after them, whole and
half days, totals, a follow-up that ends with the last landmark, and now and then a wrong digit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor

import numpy as np

from helpers.conventions import Convention, all_conventions
from helpers.inversion.corners import DataSet
from helpers.inversion.evidence import Count, Evidence, Landmark
from helpers.printed import PrintedNumber
from helpers.simulation.cohort import Cohort, cohort
from helpers.simulation.print_study import printed_texts

CONVENTIONS = tuple(all_conventions())
_EVENTS = (0.66, 0.66, 0.2, 0.9, 1.0, 0.5, 0.0)
_FIELDS = (7, 7, 7, 3, 5, 6, 1, 4, 2)  # bits: 1 the estimate, 2 the lower limit, 4 the upper limit
_LEVELS = (Fraction(95, 100),) * 8 + (Fraction(9, 10), Fraction(99, 100))
_WRONG = 0.1


@dataclass(frozen=True)
class OddPaper:
    """One made-up paper: the truth behind it, what it prints, and the conventions that are allowed.

    `wrong` says that a digit was changed, so that the truth need not print it.
    """

    patients: Cohort
    evidence: Evidence
    conventions: tuple[Convention, ...]
    longest: int
    wrong: bool

    @property
    def data(self) -> DataSet:
        """The truth in the form of the inversion."""
        kinds = "".join("E" if event else "C" for event in self.patients.events)
        return DataSet(kinds, tuple(int(day) for day in self.patients.days))


def odd_paper(seed: int, number: int, most: int = 12) -> OddPaper:
    """The paper of one number; the same whatever was made before it.

    Parameters
    ----------
    seed, number : which paper.
    most : largest number of patients.
    """
    rng = np.random.default_rng([seed, number])
    n = int(rng.integers(1, most + 1))
    span = int(rng.choice([3, n + 1, 40, 400]))
    share = float(rng.choice(_EVENTS))
    rows = [(Fraction(int(day)), bool(rng.random() < share)) for day in rng.integers(0, span + 1, n)]
    patients = cohort(rows)
    days = _landmark_days(rng, patients, span)
    convention = CONVENTIONS[int(rng.integers(len(CONVENTIONS)))]
    marks = tuple(_landmark(rng, patients, day, convention, f"mark{k}") for k, day in enumerate(days))
    wrong = bool(rng.random() < _WRONG)
    if wrong:
        k = int(rng.integers(len(marks)))
        marks = (*marks[:k], _with_slip(rng, marks[k]), *marks[k + 1 :])
    counts = _counts(rng, patients, days)
    others = rng.choice(len(CONVENTIONS), 3, replace=False) if rng.random() < 0.3 else ()
    some = tuple(dict.fromkeys((convention, *(CONVENTIONS[int(k)] for k in others))))
    last = max(int(patients.days[-1]), floor(days[-1]))
    longest = last + int(rng.choice([0, 1, 300, 300]))
    return OddPaper(patients, Evidence(n, marks, counts), some, longest, wrong)


def _landmark_days(rng: np.random.Generator, patients: Cohort, span: int) -> list[Fraction]:
    number = int(rng.choice([1, 1, 2, 2, 3]))
    whole = [Fraction(int(day)) for day in rng.integers(0, span + 1, number)]
    if rng.random() < 0.3:
        whole[-1] = patients.days[-1]
    half = Fraction(1, 2) if rng.random() < 0.5 else Fraction(0)
    return sorted(day + half for day in whole)


def _landmark(rng: np.random.Generator, patients: Cohort, day: Fraction, convention: Convention, name: str) -> Landmark:
    percent = bool(rng.random() < 0.7)
    decimals = int(rng.integers(0, 3))
    level = _LEVELS[int(rng.integers(len(_LEVELS)))]
    scale = Fraction(1, 100)
    if not percent:
        scale, decimals = Fraction(1), int(rng.integers(1, 5))
    texts = printed_texts(*patients.curve(day), convention, decimals, level, int(1 / scale))
    kept = int(rng.choice(_FIELDS))
    value, low, high = (PrintedNumber(t) if kept >> k & 1 else None for k, t in enumerate(texts))
    return Landmark(name, day, value, low, high, scale, level)


def _with_slip(rng: np.random.Generator, mark: Landmark) -> Landmark:
    """One digit of one field changed, if that leaves a number from 0 to 1."""
    field = mark.fields[int(rng.integers(len(mark.fields)))]
    text = getattr(mark, field.name).text
    places = [k for k, c in enumerate(text) if c.isdigit()]
    k = places[int(rng.integers(len(places)))]
    changed = f"{text[:k]}{int(rng.integers(10))}{text[k + 1 :]}"
    whole = changed.split(".")[0]
    if (len(whole) > 1 and whole[0] == "0") or Fraction(changed) * mark.scale > 1:
        return mark
    number = PrintedNumber(changed)
    if field.name == "value":
        return replace(mark, value=number)
    return replace(mark, ci_low=number) if field.name == "ci_low" else replace(mark, ci_high=number)


def _counts(rng: np.random.Generator, patients: Cohort, days: list[Fraction]) -> tuple[Count, ...]:
    if rng.random() < 0.6:
        return ()
    found = []
    for k in range(int(rng.integers(1, 4))):
        day: Fraction | None = days[int(rng.integers(len(days)))]
        if rng.random() < 0.5:
            day = Fraction(int(rng.integers(0, 2 * int(patients.days[-1]) + 3)), 2)
        kind = str(rng.choice(["at_risk", "at_risk", "events", "censored"]))
        if kind != "at_risk" and rng.random() < 0.2:
            day = None
        found.append(Count(f"count{k}", kind, day, _number(rng, patients, kind, day)))
    return tuple(found)


def _number(rng: np.random.Generator, patients: Cohort, kind: str, day: Fraction | None) -> int:
    if kind == "at_risk":
        assert day is not None
        counted = patients.at_risk(day)
        later = patients.at_risk(day + Fraction(1, 2))  # without those whose last day it is, as some programs count
        return counted if rng.random() < 0.5 else later
    until = patients.days[-1] if day is None else day
    return patients.number(event=kind == "events", until=until)
