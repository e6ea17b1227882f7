"""Random tasks for the certification, with and without numbers at risk, and their sets by every string."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from helpers.conventions import Convention
from helpers.inversion.certify.task import Task
from helpers.inversion.evidence import Count
from helpers.inversion.solve import bindings
from tests.inversion import brute
from tests.inversion.making import CONVENTIONS, landmarks, thinned, truncated_history

FIELDS = (7, 7, 7, 3, 5, 6, 1, 4)


def random_task(
    n: int, rng: random.Random, convention: Convention, *, at_risk: bool = False, marks: int = 2
) -> tuple[Task, str]:
    """A task that a true history prints under a convention; the history ends at the last landmark."""
    whole = "".join(rng.choice("EEC") for _ in range(n))
    followed = rng.randint(1, n)
    history = truncated_history(whole[:followed])
    ends = [0, *(i + 1 for i, kind in enumerate(history) if kind == "E")]
    lengths = [*sorted(rng.choice(ends) for _ in range(rng.randint(1, marks) - 1)), len(history)]
    decimals, percent = rng.randint(0, 2), rng.random() < 0.7
    prints = tuple(
        thinned(
            brute.print_history(history[:m], n, convention, decimals if percent else decimals + 2, percent),
            rng.choice(FIELDS),
        )
        for m in lengths
    )
    counts: list[Count] = []
    if at_risk:
        for k, m in enumerate(lengths):
            free = len(whole[m:]) - len(whole[m:].lstrip("C"))
            if rng.random() < 0.7:
                day = Fraction(180 * (k + 1)) + (90 if rng.random() < 0.2 else 0)
                counts.append(Count(f"count{k}", "at_risk", day, n - m - rng.randint(0, free)))
    return Task(n, landmarks(prints), tuple(counts)), history


def with_part_days(task: Task) -> Task:
    """The same with landmarks and counts half a day later, so that numbers at risk are exact there."""
    half = Fraction(1, 2)
    marks = tuple(replace(mark, day=mark.day + half) for mark in task.landmarks)
    counts = tuple(replace(c, day=c.day + half) for c in task.counts if c.day is not None)
    return Task(task.n, marks, counts)


def every_history(task: Task, convention: Convention) -> list[str]:
    """The set by going through every string."""
    return [h for h in brute.all_histories(task.n) if bindings(h, task.n, task.landmarks, convention, task.counts)]


def tasks(n: int, seed: int = 0, *, at_risk: bool = False, every: int = 1) -> Iterator[tuple[Task, Convention, str]]:
    """One task for each convention, or each `every`-th."""
    rng = random.Random(f"{n} {seed} {at_risk}")
    for k, convention in enumerate(CONVENTIONS[seed % every :: every]):
        task, history = random_task(n, rng, convention, at_risk=at_risk)
        yield (with_part_days(task) if at_risk and k % 3 else task), convention, history
