"""Identifiability: how many histories print the same numbers, by n and by what is printed?

For made-up trials the landmark estimates are printed in many ways and inverted again. Where the set has one member,
the printed numbers give the history away; where it has thousands, no reader can check much. The convention is either
known (the paper says how its intervals were made) or not (all are tried).
``python -m helpers.simulation.identifiability --cases 40`` writes the table that the notebook shows.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from helpers.conventions import Convention, Interval, all_conventions
from helpers.inversion.search import TooLargeError
from helpers.inversion.solve import solve
from helpers.printed import Rounding
from helpers.simulation.cohort import Cohort, clinical_cohort
from helpers.simulation.print_study import numbers_at_risk, printed_landmarks

if TYPE_CHECKING:
    import pandas as pd

ALL = tuple(all_conventions())
SIZES = (8, 12, 16, 22, 30, 40)
DECIMALS = (0, 1, 2)
LANDMARK_DAYS = (Fraction("182.625"), Fraction("365.25"))  # 6 and 12 months
LIMIT = 400_000
FROZEN = Path(__file__).with_name("frozen") / "identifiability.csv"
COLUMNS = (
    "n", "decimals", "landmarks", "interval", "rounded_to", "printed", "convention", "cases", "unique", "to_10",
    "to_1000", "not_listed", "median_size", "events_known",
)  # fmt: skip
PRINTED = ("estimate", "estimate, at risk", "interval", "interval, at risk")


@dataclass(frozen=True)
class Printing:
    """One way to print a curve: what stands in the paper, how it was made, and whether the reader knows how."""

    decimals: int
    landmarks: int
    interval: Interval
    rounded_to: int | None
    printed: str
    known: bool

    @property
    def convention(self) -> Convention:
        """The convention behind the digits."""
        return Convention(self.interval, "1.96", self.rounded_to, Rounding.HALF_UP)


@dataclass(frozen=True)
class Size:
    """How many histories print the same (inf: too many to list), and whether all have the same number of events."""

    histories: float
    events_known: bool


def printings() -> Iterator[Printing]:
    """The ways that are compared: types of interval and roundings; what is printed beside S; what the reader knows."""
    for decimals in DECIMALS:
        for landmarks in (1, 2):
            for interval in Interval:
                for rounded_to in (None, 3):
                    yield Printing(decimals, landmarks, interval, rounded_to, "interval", known=True)
            yield Printing(decimals, landmarks, Interval.PLAIN, None, "interval", known=False)
            for printed in PRINTED:
                if printed != "interval":
                    yield Printing(decimals, landmarks, Interval.PLAIN, None, printed, known=True)


def set_size(patients: Cohort, way: Printing, limit: int = LIMIT) -> Size:
    """How many histories print what a cohort prints."""
    days = LANDMARK_DAYS[-way.landmarks :]
    interval = way.printed.startswith("interval")
    marks = printed_landmarks(patients, days, way.convention, way.decimals, interval=interval)
    counts = numbers_at_risk(patients, days) if way.printed.endswith("at risk") else ()
    try:
        found = solve(patients.n, marks, (way.convention,) if way.known else ALL, limit, counts).histories
    except TooLargeError:
        return Size(inf, False)
    return Size(len(found), len({history.count("E") for history in found}) == 1)


def cohorts(n: int, cases: int, seed: int) -> tuple[Cohort, ...]:
    """Made-up trials of n patients; the same ones for every way of printing."""
    rng = np.random.default_rng([seed, n])
    return tuple(clinical_cohort(rng, n) for _ in range(cases))


def row(n: int, way: Printing, trials: tuple[Cohort, ...], limit: int = LIMIT) -> dict[str, object]:
    """One row of the table: the sizes of the sets of some trials printed in one way."""
    sizes = [set_size(patients, way, limit) for patients in trials]
    counts = np.array([size.histories for size in sizes])
    return {
        "n": n,
        "decimals": way.decimals,
        "landmarks": way.landmarks,
        "interval": str(way.interval),
        "rounded_to": "" if way.rounded_to is None else str(way.rounded_to),
        "printed": way.printed,
        "convention": "known" if way.known else "any",
        "cases": len(sizes),
        "unique": int((counts == 1).sum()),
        "to_10": int((counts <= 10).sum()),
        "to_1000": int((counts <= 1000).sum()),
        "not_listed": int(np.isinf(counts).sum()),
        "median_size": float(np.sort(counts)[(len(counts) - 1) // 2]),
        "events_known": sum(size.events_known for size in sizes),
    }


def table(cases: int, seed: int, sizes: tuple[int, ...] = SIZES, limit: int = LIMIT) -> pd.DataFrame:
    """Every way of printing, for every n; columns `COLUMNS`.

    `unique`, `to_10` and `to_1000` count trials whose set has 1, at most 10, at most 1,000 members; a set that takes
    too much work to list is none of them. `median_size` is the lower median, infinite if it was not listed.
    `events_known` counts trials of which every member of the set has the same number of events.
    """
    return joined(part(task) for task in tasks(cases, seed, sizes, limit))


@dataclass(frozen=True)
class Task:
    """What can be simulated apart from all else: one row of the table."""

    n: int
    way: Printing
    cases: int
    seed: int
    limit: int


def tasks(cases: int, seed: int, sizes: tuple[int, ...] = SIZES, limit: int = LIMIT) -> list[Task]:
    """The rows of the table, in order, as tasks that do not depend on each other."""
    return [Task(n, way, cases, seed, limit) for n in sizes for way in printings()]


def part(task: Task) -> dict[str, object]:
    """One row of the table."""
    return row(task.n, task.way, cohorts(task.n, task.cases, task.seed), task.limit)


def joined(parts: Iterable[dict[str, object]]) -> pd.DataFrame:
    """The table, from its rows."""
    import pandas as pd

    return pd.DataFrame(list(parts), columns=COLUMNS)


def frozen() -> pd.DataFrame:
    """The table as it was last written by the command above."""
    import pandas as pd

    return pd.read_csv(FROZEN, dtype={"rounded_to": str}, keep_default_na=False).astype({"median_size": float})


def main() -> None:
    """Write the frozen table."""
    parser = argparse.ArgumentParser(prog="python -m helpers.simulation.identifiability", description=__doc__)
    parser.add_argument("--cases", type=int, default=40, help="trials for each n")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=FROZEN)
    chosen = parser.parse_args()
    frame = table(chosen.cases, chosen.seed)
    frame.to_csv(chosen.out, index=False, lineterminator="\n")
    print(frame.to_string(index=False))


if __name__ == "__main__":
    main()
