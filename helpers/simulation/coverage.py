"""Coverage: is the truth always among what the inversion finds?

A random cohort is printed at one or two landmarks under a random convention, now and then with numbers at risk or an
event total. Where the set can be listed, the truth must stand in it, under the true convention. Where it cannot, the
truth must be accepted when asked for, and lie inside every window that the search uses to prune. More of it:
``python -m helpers.simulation.coverage --cases 100000 --seed 1``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from helpers.conventions import Convention, all_conventions
from helpers.inversion.evidence import Count, Landmark
from helpers.inversion.history import states
from helpers.inversion.search import TooLargeError
from helpers.inversion.solve import bindings, solve
from helpers.inversion.windows import window
from helpers.simulation.cohort import KINDS, Cohort, random_cohort
from helpers.simulation.print_study import event_total, numbers_at_risk, printed_landmarks

if TYPE_CHECKING:
    import pandas as pd

CONVENTIONS = tuple(all_conventions())
SMALL = (5, 16)
LARGE = (17, 60)
LIST_LIMIT = 1_500  # candidates; where it would take more, the truth is asked for instead
LARGE_SHARE = 0.25


@dataclass(frozen=True)
class Case:
    """One made-up study: its truth and what is printed of it. `kind` is one of `helpers.simulation.cohort.KINDS`."""

    kind: str
    cohort: Cohort
    convention: Convention
    decimals: int
    landmarks: tuple[Landmark, ...]
    counts: tuple[Count, ...]

    @property
    def history(self) -> str:
        """What truly happened up to the last landmark."""
        return self.cohort.history(self.landmarks[-1].day)

    @property
    def way(self) -> tuple[int, ...]:
        """The true lengths of the history at the landmarks."""
        return tuple(len(self.cohort.history(mark.day)) for mark in self.landmarks)


@dataclass(frozen=True)
class Answer:
    """What the inversion said of one case: whether the set was listed, its size if so, and what went wrong, if so."""

    listed: bool
    size: int | None
    miss: str = ""


@dataclass(frozen=True)
class Tally:
    """A run: numbers of cases, of sets listed in full, and by kind; `misses` are (case number, what went wrong)."""

    cases: int
    listed: int
    by_kind: dict[str, int]
    misses: tuple[tuple[int, str], ...]


def made_up(seed: int, number: int) -> Case:
    """The case of one number; the same whatever was run before it."""
    rng = np.random.default_rng([seed, number])
    smallest, largest = LARGE if rng.random() < LARGE_SHARE else SMALL
    kind = KINDS[number % len(KINDS)]
    patients, days = random_cohort(rng, int(rng.integers(smallest, largest + 1)), kind)
    convention = CONVENTIONS[int(rng.integers(len(CONVENTIONS)))]
    decimals = int(rng.integers(3))
    marks = printed_landmarks(patients, days, convention, decimals, interval=rng.random() < 0.9)
    extra = rng.random()
    counts: tuple[Count, ...] = ()
    if extra < 0.15:
        counts = numbers_at_risk(patients, days)
    elif extra < 0.25:
        counts = (event_total(patients, days[-1]),)
    return Case(kind, patients, convention, decimals, marks, counts)


def ask(case: Case, limit: int = LIST_LIMIT) -> Answer:
    """Whether the truth of a case is found."""
    n, marks, convention = case.cohort.n, case.landmarks, case.convention
    if case.way not in bindings(case.history, n, marks, convention, case.counts):
        return Answer(False, None, "the truth is refused")
    for mark, length in zip(marks, case.way, strict=True):
        state, pruned = states(case.history, n)[length], window(mark, convention)
        s, g = float(state.survival), float(state.greenwood)
        if not pruned.s_low <= s <= pruned.s_high or (0 < s < 1 and not pruned.g_low <= g <= pruned.g_high):
            return Answer(False, None, f"the truth lies outside the window of {mark.claim}")
    try:
        found = solve.__wrapped__(n, marks, (convention,), limit, case.counts).by_convention.get(convention, ())
    except TooLargeError:
        return Answer(False, None)
    return Answer(True, len(found), "" if case.history in found else "the truth is not in the list")


def run(cases: int, seed: int, numbers: Iterable[int] | None = None, limit: int = LIST_LIMIT) -> Tally:
    """Ask about as many made-up studies; `numbers` picks single ones instead, `limit` bounds the work on each."""
    listed, misses = 0, []
    by_kind = dict.fromkeys(KINDS, 0)
    for number in range(cases) if numbers is None else numbers:
        case = made_up(seed, number)
        answer = ask(case, limit)
        by_kind[case.kind] += 1
        listed += answer.listed
        if answer.miss:
            misses.append((number, answer.miss))
    return Tally(sum(by_kind.values()), listed, by_kind, tuple(misses))


@dataclass(frozen=True)
class Task:
    """What can be asked apart from all else: the cases from `first` to before `last`."""

    seed: int
    first: int
    last: int
    limit: int = LIST_LIMIT


def tasks(cases: int, seed: int, together: int = 250) -> list[Task]:
    """All cases, in order, `together` at a time."""
    return [Task(seed, start, min(start + together, cases)) for start in range(0, cases, together)]


def part(task: Task) -> dict[str, tuple[int, int, tuple[int, ...]]]:
    """For each kind: cases, sets listed in full, and the numbers of the cases whose truth was lost."""
    found: dict[str, tuple[int, int, tuple[int, ...]]] = {}
    for number in range(task.first, task.last):
        case = made_up(task.seed, number)
        answer = ask(case, task.limit)
        cases, listed, lost = found.get(case.kind, (0, 0, ()))
        found[case.kind] = (cases + 1, listed + answer.listed, (*lost, number) if answer.miss else lost)
    return found


def joined(parts: Iterable[dict[str, tuple[int, int, tuple[int, ...]]]]) -> pd.DataFrame:
    """One row a kind: cases, listed, lost, and the numbers of the lost cases (ask again with ``--only``)."""
    import pandas as pd

    sums: dict[str, tuple[int, int, tuple[int, ...]]] = {kind: (0, 0, ()) for kind in KINDS}
    for some in parts:
        for kind, (cases, listed, lost) in some.items():
            before = sums[kind]
            sums[kind] = (before[0] + cases, before[1] + listed, (*before[2], *lost))
    rows = [(kind, n, listed, len(lost), " ".join(map(str, lost))) for kind, (n, listed, lost) in sums.items()]
    return pd.DataFrame(rows, columns=["kind", "cases", "listed", "lost", "lost_cases"])


def main() -> None:
    """Count misses over as many cases as asked for."""
    parser = argparse.ArgumentParser(prog="python -m helpers.simulation.coverage", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=int, default=LIST_LIMIT, help="largest number of candidates to form for a list")
    parser.add_argument("--only", type=int, nargs="*", help="numbers of single cases to ask about again")
    chosen = parser.parse_args()
    tally = run(chosen.cases, chosen.seed, chosen.only, chosen.limit)
    print(f"{tally.cases:,} studies, {tally.listed:,} sets listed in full, {len(tally.misses)} truths lost")
    print(", ".join(f"{kind} {number:,}" for kind, number in tally.by_kind.items()))
    for number, what in tally.misses[:20]:
        print(f"case {number}: {what}: {made_up(chosen.seed, number)}")
    raise SystemExit(1 if tally.misses else 0)


if __name__ == "__main__":
    main()
