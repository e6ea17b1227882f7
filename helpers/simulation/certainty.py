"""Certainty: is everything that is called certain of a set true of it, on papers whose sets can be gone through?

Each odd paper is inverted twice: by listing every history, and by the parts of the certificate, on grids as coarse and
with limits as badly chosen as chance will have it. What is called certain must hold for the list and for the truth
behind the paper: the number of histories, bounds of every quantity, conventions without any history, predictions of
numbers that are not read. More of it: ``python -m helpers.simulation.certainty --cases 100000 --seed 1``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor

import numpy as np

from helpers.inversion.bounds import bounds, quantities
from helpers.inversion.certify import certify
from helpers.inversion.certify.calendar import Calendar, Outer
from helpers.inversion.certify.counting import count_on
from helpers.inversion.certify.effort import Effort
from helpers.inversion.certify.enclose import certified_bounds
from helpers.inversion.certify.grid import Grid, grid_of
from helpers.inversion.certify.groups import Groups
from helpers.inversion.certify.members import extreme_members
from helpers.inversion.certify.sampler import Draw
from helpers.inversion.certify.tails import Errors, lower, upper
from helpers.inversion.certify.task import Task
from helpers.inversion.foretold import groups_of, predict
from helpers.inversion.landmarks import predict as predict_exactly
from helpers.inversion.search import TooLargeError
from helpers.inversion.solve import Solution, solve
from helpers.inversion.timelines import timelines
from helpers.simulation.odd_papers import OddPaper, odd_paper

MOST_HISTORIES = 1_500
_ENDLESS = 1e9
Parts = tuple[str, ...]
PARTS: Parts = ("count", "bounds", "predictions", "certificate")
_CHANCES = (0.3, 0.4, 0.28, 0.02)
_CELLS = (60, 300, 1_000)
_TAILS = 0.4


@dataclass(frozen=True)
class Checked:
    """One paper: the part that was held against it, whether its set could be listed, and what was wrong, if so."""

    part: str
    listed: bool
    problem: str = ""


@dataclass(frozen=True)
class Tally:
    """A run: papers, sets listed, papers by part, and (number, what went wrong)."""

    cases: int
    listed: int
    by_part: dict[str, int]
    problems: tuple[tuple[int, str], ...]


def check(paper: OddPaper, number: int, seed: int, part: str | None = None) -> Checked:
    """Hold one part of the certificate against one paper; which one, and how coarsely, is left to chance."""
    rng = np.random.default_rng([seed, number, 1])
    drawn = str(rng.choice(PARTS, p=_CHANCES))
    part = part or drawn
    evidence = paper.evidence
    try:
        solution = solve.__wrapped__(evidence.n, evidence.landmarks, paper.conventions, 300_000, evidence.counts)
    except TooLargeError:
        return Checked(part, False)
    if len(solution.histories) > MOST_HISTORIES:
        return Checked(part, False)
    parts = {"count": _count, "bounds": _bounds, "predictions": _predictions, "certificate": _certificate}
    problem = next(parts[part](paper, solution, rng), "")
    return Checked(part, True, problem)


def _task(paper: OddPaper) -> Task:
    return Task(paper.evidence.n, paper.evidence.landmarks, paper.evidence.counts)


def _count(paper: OddPaper, solution: Solution, rng: np.random.Generator) -> Iterator[str]:
    """The number of histories lies in every certified range."""
    task, some, true = _task(paper), paper.conventions, len(solution.histories)
    grid = grid_of(task, some, int(rng.choice(_CELLS)))
    if grid.empty:
        if true and task.zero_phase(some) is None:
            yield f"an empty grid for {true} histories"
        return
    found = count_on(grid, some, Effort(_ENDLESS))
    if not (found.union.low <= true and (found.union.high is None or true <= found.union.high)):
        yield f"{true} histories outside {found.union}"
    for convention, own in found.by_convention.items():
        number = len(solution.by_convention.get(convention, ()))
        if not (own.low <= number and (own.high is None or number <= own.high)):
            yield f"{number} histories outside {own} under {convention}"
    if true and task.zero_phase(some) is None and rng.random() < _TAILS:
        yield from _tails(task, grid, solution, rng)


def _tails(task: Task, grid: Grid, solution: Solution, rng: np.random.Generator) -> Iterator[str]:
    """So it does where histories with large rounding errors are bounded, wherever the limits are put."""
    some = solution.conventions
    true = len(solution.histories)
    convention = some[int(rng.integers(len(some)))]
    histories = solution.by_convention[convention]
    chosen = [histories[int(k)] for k in rng.integers(len(histories), size=int(rng.choice([1, 4, 30])))]
    draws = [Draw(h, (convention,), solution.bindings(h, convention)[0]) for h in chosen]
    errors = []
    for k in range(len(task.landmarks)):
        own = Errors.of(grid, draws, k)
        off = rng.normal(0, 2 * float(rng.random() < 0.5), 2)
        wide = float(rng.choice([0.3, 1.0, 3.0]))
        centre = (own.centre[0] + off[0] * own.spread[0], own.centre[1] + off[1] * own.spread[1])
        errors.append(Errors(centre, (own.spread[0] * wide, own.spread[1] * wide)))
    high = upper(grid, some, errors[-1], Effort(_ENDLESS))
    if high < true:
        yield f"{true} histories above an upper limit of {high}"
    low = 0 if task.partial else lower(grid, some, draws, errors, Effort(_ENDLESS))
    if low > true:
        yield f"{true} histories below a lower limit of {low}"


def _searched(paper: OddPaper, rng: np.random.Generator) -> Groups:
    groups = groups_of(paper.evidence, paper.conventions, paper.longest)
    groups.search(Effort(_ENDLESS), int(rng.choice([1, 1, 2, 3])))
    return groups


def _real(solution: Solution, paper: OddPaper) -> bool:
    """Whether any data set prints everything, days and all."""
    found = timelines(solution, None, (), paper.longest)
    return bool(bounds(found, solution, paper.longest, real_only=True))


def _bounds(paper: OddPaper, solution: Solution, rng: np.random.Generator) -> Iterator[str]:
    """Every bound holds all data sets and the truth; conventions that are excluded have none."""
    groups = _searched(paper, rng)
    for convention in set(solution.conventions) - set(groups.possible):
        if _real(solution.under([convention]), paper):
            yield f"{convention} is excluded although a data set prints everything under it"
    truth_prints = not paper.wrong
    if not groups.possible:
        if truth_prints:
            yield "the truth is called impossible"
        return
    days = (Fraction(int(rng.integers(0, paper.longest + 2))), Fraction(int(rng.integers(0, 2 * paper.longest + 2)), 2))
    horizons = (Fraction(int(rng.integers(1, paper.longest + 2))),)
    outer = Calendar.of(groups, paper.evidence, paper.longest).bounds(days, horizons, Fraction(30))
    found = timelines(solution, None, (), paper.longest)
    exact = bounds(found, solution, paper.longest, days, horizons, Fraction(30), real_only=True)
    certain = {o.key: o.range for o in outer}
    for b in exact:
        own = certain.get((b.quantity, b.at, b.unit, b.since))
        if own is not None and not (own.low <= b.low and b.high <= own.high):
            yield f"{b.quantity} at {b.at} from {b.since}: {b.low}…{b.high} is not inside {own}"
    if truth_prints:
        yield from _truth(paper, solution, outer, days, horizons)


def truth_outside(paper: OddPaper, seed: int) -> str:
    """What is wrong with the bounds of a paper whose set need not be listed, by its truth alone; empty if nothing."""
    rng = np.random.default_rng(seed)
    groups = _searched(paper, rng)
    if not groups.possible:
        return "the truth is called impossible"
    days = (Fraction(int(rng.integers(0, paper.longest + 2))),)
    outer = Calendar.of(groups, paper.evidence, paper.longest).bounds(days, days, Fraction(30))
    bare = Solution(paper.evidence.n, paper.evidence.landmarks, {}, paper.evidence.counts)
    return next(_truth(paper, bare, outer, days, days), "")


def _truth(
    paper: OddPaper, solution: Solution, outer: Iterable[Outer], days: Iterable[Fraction], horizons: Iterable[Fraction]
) -> Iterator[str]:
    certain = {o.key: o.range for o in outer}
    for quantity in quantities(solution, days, horizons, Fraction(30)):
        value = quantity.value(paper.data)
        own = certain.get((quantity.name, quantity.at, quantity.unit, quantity.since))
        if value is not None and own is not None and not own.low <= value <= own.high:
            yield f"the truth: {quantity.name} at {quantity.at} from {quantity.since}: {value} is not inside {own}"


def _predictions(paper: OddPaper, solution: Solution, rng: np.random.Generator) -> Iterator[str]:
    """A number that is not read is among the digits that it may certainly have."""
    evidence = paper.evidence
    target = evidence.fields[int(rng.integers(len(evidence.fields)))]
    certain = predict(evidence, target, (), paper.conventions, paper.longest, _ENDLESS)
    printed = evidence.printed_text(target)
    if not paper.wrong and certain.texts is not None and printed not in certain.texts:
        yield f"{target}: the true {printed} is not among {certain.texts[:5]}…"
    if not paper.wrong and certain.bounds is not None:
        low, high = map(Fraction, certain.bounds)
        if not low <= Fraction(printed) <= high:
            yield f"{target}: the true {printed} is not inside {certain.bounds}"
    days = {floor(mark.day) for mark in evidence.landmarks}
    if evidence.counts or len(days) < len(evidence.landmarks):
        return  # the list knows the order of steps only, and not that landmarks of one day have one S
    try:
        exact = predict_exactly(evidence, target, (), paper.conventions)
    except TooLargeError:
        return
    if exact.texts is not None and certain.texts is not None and not set(exact.texts) <= set(certain.texts):
        yield f"{target}: {exact.texts[:5]}… are not among {certain.texts[:5]}…"


def _certificate(paper: OddPaper, solution: Solution, rng: np.random.Generator) -> Iterator[str]:
    """The certificate as a whole, made in a hurry or not."""
    evidence = paper.evidence
    own = certify(
        evidence.n,
        evidence.landmarks,
        paper.conventions,
        evidence.counts,
        float(rng.choice([0.05, 0.3, 2.0])),
        int(rng.integers(1000)),
        20,
        paper.longest,
    )
    if own.contradictory:
        if _real(solution, paper):
            yield "a contradiction is certified although a data set prints everything"
        return
    if not set(own.members) <= set(solution.histories):
        yield "a history was found that is not in the list"
    if not (own.count.low <= len(solution.histories) and len(solution.histories) <= (own.count.high or _ENDLESS)):
        yield f"{len(solution.histories)} histories outside {own.count}"
    for convention in own.excluded:
        if convention in solution.conventions and _real(solution.under([convention]), paper):
            yield f"{convention} is excluded although a data set prints everything under it"
    some = own.solution_of(extreme_members(own))
    found = timelines(some, None, (), paper.longest)
    exact = bounds(timelines(solution, None, (), paper.longest), solution, paper.longest, real_only=True)
    certain = {(b.quantity, b.at, b.unit, b.since): b for b in certified_bounds(own, found, some)}
    for b in exact:
        bound = certain.get((b.quantity, b.at, b.unit, b.since))
        if bound is not None and not (bound.low <= b.low and b.high <= bound.high):
            yield f"{b.quantity} at {b.at} from {b.since}: {b.low}…{b.high} is not inside {bound.low}…{bound.high}"


def run(cases: int, seed: int, numbers: Iterable[int] | None = None, most: int = 12, part: str | None = None) -> Tally:
    """Check as many odd papers; `numbers` picks single ones, `most` is the largest number of patients."""
    by_part, listed, problems = dict.fromkeys(PARTS, 0), 0, []
    for number in range(cases) if numbers is None else numbers:
        checked = check(odd_paper(seed, number, most), number, seed, part)
        by_part[checked.part] += 1
        listed += checked.listed
        if checked.problem:
            problems.append((number, f"{checked.part}: {checked.problem}"))
    return Tally(sum(by_part.values()), listed, by_part, tuple(problems))


def main() -> None:
    """Count what is called certain and is not, over as many papers as asked for."""
    parser = argparse.ArgumentParser(prog="python -m helpers.simulation.certainty", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, default=12, help="largest number of patients")
    parser.add_argument("--part", choices=PARTS, help="hold only one part against every paper")
    parser.add_argument("--only", type=int, nargs="*", help="numbers of single papers to check again")
    chosen = parser.parse_args()
    tally = run(chosen.cases, chosen.seed, chosen.only, chosen.most, chosen.part)
    print(f"{tally.cases:,} papers, {tally.listed:,} sets listed in full, {len(tally.problems)} false certainties")
    print(", ".join(f"{part} {number:,}" for part, number in tally.by_part.items()))
    for number, what in tally.problems[:20]:
        print(f"paper {number}: {what}: {odd_paper(chosen.seed, number, chosen.most)}")
    raise SystemExit(1 if tally.problems else 0)


if __name__ == "__main__":
    main()
