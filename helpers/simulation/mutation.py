"""Mutation: one printed digit of a consistent paper is changed. Who notices, and how often does it find an excuse?

A made-up paper prints two endpoints of the same patients at 6 and 12 months under one convention. One digit of one
number is changed, and the paper is judged under four accounts, from the most lenient to the strictest:

* ``claim``: each claim by itself, under any convention it likes;
* ``endpoint``: the claims of an endpoint as one curve, under any convention;
* ``paper``: both endpoints, all under one and the same convention, whichever;
* ``known``: the convention is known.

A wrong number that an account lets pass has found an excuse. ``python -m helpers.simulation.mutation --cases 80``
writes the table that the notebook shows.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from helpers.conventions import Convention, Interval, all_conventions
from helpers.inversion.evidence import ESTIMATE_FIELDS, Landmark
from helpers.inversion.search import TooLargeError
from helpers.inversion.solve import solve
from helpers.printed import PrintedNumber, Rounding
from helpers.simulation.cohort import Cohort, clinical_cohort, cohort
from helpers.simulation.print_study import printed_landmarks

if TYPE_CHECKING:
    import pandas as pd

ALL = tuple(all_conventions())
USUAL = tuple(
    Convention(interval, "1.96", decimals, Rounding.HALF_UP) for interval in Interval for decimals in (None, 3)
)
ACCOUNTS = ("claim", "endpoint", "paper", "known")
LANDMARK_DAYS = (Fraction(183), Fraction(365))
SIZES = (10, 15, 22, 30)
DECIMALS = (0, 1, 2)
LIMIT = 2_000_000
FROZEN = Path(__file__).with_name("frozen") / "mutation.csv"
COLUMNS = ("n", "decimals", "field", "digit", "account", "cases", "detected", "undecided")


@dataclass(frozen=True)
class Paper:
    """What is printed of two endpoints of n patients, under one convention."""

    n: int
    convention: Convention
    endpoints: tuple[tuple[Landmark, ...], ...]


@dataclass(frozen=True)
class Slip:
    """One changed digit. `digit` says which: ``last`` or ``other``."""

    endpoint: int
    landmark: int
    field: str
    digit: str
    text: str


@dataclass(frozen=True)
class Judged:
    """For each account: True if the slip was noticed, False if it found an excuse, None if that cannot be said."""

    field: str
    digit: str
    noticed: dict[str, bool | None]


def made_up_paper(rng: np.random.Generator, n: int, decimals: int) -> Paper:
    """A paper on random patients: death, and relapse or death; one of the usual conventions."""
    deaths = clinical_cohort(rng, n, median=14)
    order = rng.permutation(n)
    relapse = rng.exponential(30.4375 * 12 / 0.6931, n).round()
    rows = []
    for k, (day, event) in enumerate(zip(deaths.days, deaths.events, strict=True)):
        earlier = int(relapse[order[k]])
        rows.append((Fraction(earlier), True) if earlier <= day else (day, event))
    convention = USUAL[int(rng.integers(len(USUAL)))]
    both: tuple[Cohort, ...] = (deaths, cohort(rows))
    return Paper(n, convention, tuple(printed_landmarks(c, LANDMARK_DAYS, convention, decimals) for c in both))


def slips(rng: np.random.Generator, paper: Paper) -> Iterator[Slip]:
    """In each field of one landmark, one changed last digit and one changed other digit.

    Never above 100 % and without a needless zero in front; some fields have no such other digit.
    """
    endpoint, landmark = int(rng.integers(2)), int(rng.integers(len(LANDMARK_DAYS)))
    for field in ESTIMATE_FIELDS:
        text = getattr(paper.endpoints[endpoint][landmark], field).text
        for places in ((len(text) - 1,), tuple(range(len(text) - 1))):
            wrong = [(i, changed) for i in places for changed in _changed(text, i)]
            if wrong:
                position, changed = wrong[int(rng.integers(len(wrong)))]
                digit = "last" if position == len(text) - 1 else "other"
                yield Slip(endpoint, landmark, field, digit, changed)


def _changed(text: str, position: int) -> list[str]:
    if not text[position].isdigit():
        return []
    found = [text[:position] + digit + text[position + 1 :] for digit in "0123456789" if digit != text[position]]
    return [t for t in found if Fraction(t) <= 100 and not (t[0] == "0" and t[1:2].isdigit())]


def judge(paper: Paper, slip: Slip, limit: int = LIMIT) -> Judged:
    """What each account says of a paper with one slip."""
    marks = list(paper.endpoints[slip.endpoint])
    marks[slip.landmark] = _with(marks[slip.landmark], slip.field, PrintedNumber(slip.text))
    others = tuple(e for k, e in enumerate(paper.endpoints) if k != slip.endpoint)
    everything = tuple(marks)
    noticed: dict[str, bool | None] = {
        "claim": _contradicts(paper.n, (marks[slip.landmark],), ALL, limit),
        "endpoint": _contradicts(paper.n, everything, ALL, limit),
        "paper": _contradicts(paper.n, everything, _explaining(paper.n, others, limit), limit),
        "known": _contradicts(paper.n, everything, (paper.convention,), limit),
    }
    return Judged(slip.field, slip.digit, noticed)


def _with(mark: Landmark, field: str, number: PrintedNumber) -> Landmark:
    """A landmark with another number in one field."""
    changes: dict[str, Any] = {field: number}
    return replace(mark, **changes)


def _contradicts(n: int, marks: tuple[Landmark, ...], conventions: tuple[Convention, ...], limit: int) -> bool | None:
    """Whether no history prints the landmarks; None if there are too many candidates to say."""
    verdicts = [_explains(n, marks, some, limit) for some in _groups(conventions)]
    if any(verdicts):
        return False
    return None if None in verdicts else True


def _explains(n: int, marks: tuple[Landmark, ...], some: tuple[Convention, ...], limit: int) -> bool | None:
    try:
        return bool(solve(n, marks, some, limit).by_convention)
    except TooLargeError:
        return None


def _groups(conventions: tuple[Convention, ...]) -> list[tuple[Convention, ...]]:
    """Conventions that are searched together: those that differ in z and in the rounding rule alone."""
    kinds = dict.fromkeys((c.interval, c.rounded_to) for c in conventions)
    return [tuple(c for c in conventions if (c.interval, c.rounded_to) == kind) for kind in kinds]


@lru_cache(maxsize=64)
def _explaining(n: int, endpoints: tuple[tuple[Landmark, ...], ...], limit: int) -> tuple[Convention, ...]:
    """The conventions that explain some endpoints; one that cannot be decided is kept."""
    found = set(ALL)
    for marks in endpoints:
        for some in _groups(ALL):
            try:
                found -= set(some) - set(solve(n, marks, some, limit).by_convention)
            except TooLargeError:
                continue
    return tuple(c for c in ALL if c in found)


def table(cases: int, seed: int, sizes: tuple[int, ...] = SIZES, decimals: tuple[int, ...] = DECIMALS) -> pd.DataFrame:
    """Counts by n, decimals, field, digit and account; columns `COLUMNS`. What is undecided counts as not detected."""
    return joined(part(task) for task in tasks(cases, seed, sizes, decimals))


@dataclass(frozen=True)
class Task:
    """What can be judged apart from all else: the papers from `first` to before `last` of one n and decimals."""

    n: int
    places: int
    seed: int
    first: int
    last: int


def tasks(
    cases: int, seed: int, sizes: tuple[int, ...] = SIZES, decimals: tuple[int, ...] = DECIMALS, together: int = 10
) -> list[Task]:
    """All papers, in order, `together` at a time, as tasks that do not depend on each other."""
    starts = range(0, cases, together)
    return [Task(n, d, seed, k, min(k + together, cases)) for n in sizes for d in decimals for k in starts]


def part(task: Task) -> list[tuple[object, ...]]:
    """One line for each slip and account; the papers before are made up again, so that chance takes the same course."""
    rng = np.random.default_rng([task.seed, task.n, task.places])
    rows: list[tuple[object, ...]] = []
    for number in range(task.last):
        paper = made_up_paper(rng, task.n, task.places)
        found = list(slips(rng, paper))
        for judged in (judge(paper, slip) for slip in found if number >= task.first):
            for account, seen in judged.noticed.items():
                rows.append((task.n, task.places, judged.field, judged.digit, account, 1, seen is True, seen is None))
    return rows


def joined(parts: Iterable[list[tuple[object, ...]]]) -> pd.DataFrame:
    """The table, from the lines of all tasks in order."""
    import pandas as pd

    frame = pd.DataFrame([row for rows in parts for row in rows], columns=COLUMNS)
    return frame.groupby(list(COLUMNS[:5]), sort=False, as_index=False).sum()


def rates(frame: pd.DataFrame, *by: str) -> pd.DataFrame:
    """Detection rate in percent by some columns of `table`, with the number of slips."""
    found = frame.groupby(list(by), sort=False, as_index=False)[["cases", "detected", "undecided"]].sum()
    return found.assign(rate=100 * found["detected"] / found["cases"])


def main() -> None:
    """Write the frozen table."""
    parser = argparse.ArgumentParser(prog="python -m helpers.simulation.mutation", description=__doc__)
    parser.add_argument("--cases", type=int, default=80, help="papers for each n and number of decimals")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=FROZEN)
    chosen = parser.parse_args()
    frame = table(chosen.cases, chosen.seed)
    frame.to_csv(chosen.out, index=False, lineterminator="\n")
    print(rates(frame, "account", "field").to_string(index=False))


if __name__ == "__main__":
    main()
