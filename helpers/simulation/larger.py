"""Larger cohorts: how far does listing every history reach, and how large are the sets?

Made-up trials are printed at 6 and 12 months, with log intervals, the convention known. What decides is how many are
censored by then and what else is printed, not n alone. Where the search would form more than two million candidates
the set is not listed here, and only the estimate of its size is kept.
``python -m helpers.simulation.larger --cases 20`` writes the table that the notebook shows.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from helpers.conventions import Convention, Interval
from helpers.inversion.certify import job_size
from helpers.inversion.evidence import Count
from helpers.inversion.search import TooLargeError
from helpers.inversion.solve import solve
from helpers.printed import Rounding
from helpers.simulation.cohort import Cohort, clinical_cohort
from helpers.simulation.print_study import event_total, numbers_at_risk, printed_landmarks

if TYPE_CHECKING:
    import pandas as pd

SIZES = (30, 40, 60, 80, 100, 150, 200)
FOLLOW_UP = {"few": (10.0, 40.0), "one in seven": (4.0, 30.0)}  # months; censored within the first year
MONTH = Fraction("30.4375")
DAYS = (6 * MONTH, 12 * MONTH)
QUARTERS = tuple(k * MONTH for k in (3, 6, 9, 12))
CONVENTION = Convention(Interval.LOG, "exact", None, Rounding.HALF_UP)
LIMIT = 2_000_000
FROZEN = Path(__file__).with_name("frozen") / "larger.csv"
COLUMNS = (
    "n", "censored", "printed", "cases", "listed", "unique", "to_1000", "median_size", "largest", "estimated",
)  # fmt: skip


@dataclass(frozen=True)
class Way:
    """What is printed: decimals of the percentages, and which counts stand beside the landmarks."""

    name: str
    decimals: int
    counts: str = ""


WAYS = (
    Way("one decimal", 1),
    Way("numbers at risk", 1, "at risk"),
    Way("at risk and events, quarterly", 1, "quarterly"),
    Way("two decimals", 2),
)


def counts(patients: Cohort, way: Way) -> tuple[Count, ...]:
    """The counts that a way of printing has."""
    if way.counts == "at risk":
        return numbers_at_risk(patients, DAYS)
    if way.counts == "quarterly":
        return (*numbers_at_risk(patients, QUARTERS), *(event_total(patients, day) for day in QUARTERS))
    return ()


def size(patients: Cohort, way: Way, limit: int = LIMIT) -> tuple[float, float]:
    """How many histories print the same (infinite: not listed), and the estimate made before the search.

    Raises ArithmeticError if the truth is not among them.
    """
    marks = printed_landmarks(patients, DAYS, CONVENTION, way.decimals)
    beside = counts(patients, way)
    estimate = job_size(patients.n, marks, (CONVENTION,), beside).passing
    try:
        found = solve.__wrapped__(patients.n, marks, (CONVENTION,), limit, beside).histories
    except TooLargeError:
        return inf, estimate
    if patients.history(DAYS[-1]) not in found:
        raise ArithmeticError(f"a truth was lost: {patients}")
    return float(len(found)), estimate


def row(n: int, censored: str, way: Way, cases: int, seed: int, limit: int = LIMIT) -> dict[str, object]:
    """One row of the table; the same trials for every way of printing."""
    rng = np.random.default_rng([seed, n, list(FOLLOW_UP).index(censored)])
    trials = [clinical_cohort(rng, n, follow_up=FOLLOW_UP[censored]) for _ in range(cases)]
    pairs = [size(patients, way, limit) for patients in trials]
    sizes = np.array([found for found, _ in pairs])
    listed = sizes[np.isfinite(sizes)]
    return {
        "n": n,
        "censored": censored,
        "printed": way.name,
        "cases": cases,
        "listed": len(listed),
        "unique": int((sizes == 1).sum()),
        "to_1000": int((sizes <= 1000).sum()),
        "median_size": float(np.sort(sizes)[(cases - 1) // 2]),
        "largest": int(listed.max(initial=0)),
        "estimated": float(f"{np.median([estimate for _, estimate in pairs]):.1e}"),
    }


def table(cases: int, seed: int, sizes: tuple[int, ...] = SIZES, limit: int = LIMIT) -> pd.DataFrame:
    """Every n, amount of censoring and way of printing; columns `COLUMNS`.

    `listed` counts the trials whose set was listed; `median_size` is the lower median, infinite if it was not.
    `estimated` is the median of the estimates of the number of candidates inside the windows.
    """
    return joined(part(task) for task in tasks(cases, seed, sizes, limit))


@dataclass(frozen=True)
class Task:
    """What can be simulated apart from all else: one row of the table."""

    n: int
    censored: str
    way: Way
    cases: int
    seed: int
    limit: int


def tasks(cases: int, seed: int, sizes: tuple[int, ...] = SIZES, limit: int = LIMIT) -> list[Task]:
    """The rows of the table, in order, as tasks that do not depend on each other."""
    return [Task(n, censored, way, cases, seed, limit) for n in sizes for censored in FOLLOW_UP for way in WAYS]


def part(task: Task) -> dict[str, object]:
    """One row of the table."""
    return row(task.n, task.censored, task.way, task.cases, task.seed, task.limit)


def joined(parts: Iterable[dict[str, object]]) -> pd.DataFrame:
    """The table, from its rows."""
    import pandas as pd

    return pd.DataFrame(list(parts), columns=COLUMNS)


def frozen() -> pd.DataFrame:
    """The table as it was last written by the command above."""
    import pandas as pd

    return pd.read_csv(FROZEN).astype({"median_size": float, "estimated": float})


def main() -> None:
    """Write the frozen table."""
    parser = argparse.ArgumentParser(prog="python -m helpers.simulation.larger", description=__doc__)
    parser.add_argument("--cases", type=int, default=20, help="trials for each n and amount of censoring")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=FROZEN)
    chosen = parser.parse_args()
    frame = table(chosen.cases, chosen.seed)
    frame.to_csv(chosen.out, index=False, lineterminator="\n")
    print(frame.to_string(index=False))


if __name__ == "__main__":
    main()
