"""Everything printed together, against every table of few patients: nothing true is lost, nothing false is kept."""

from __future__ import annotations

import random

import pytest

from helpers.inversion.joint import Assumptions, Joint, diagnose, foretell
from tests.inversion.cohorts import every_cohort
from tests.inversion.papers import Paper, Table, made_up, some_ways, with_a_slip
from tests.inversion.tables import every_table

SIZES = [(3, 6), (3, 7), (4, 5), (4, 4), (5, 3), (5, 4), (6, 2)]


def joint_of(*papers: Paper, same: bool = True) -> Joint:
    pairs = (("EFS", "OS"),) if len(papers) > 1 else ()
    assumptions = Assumptions((papers[0].convention,), pairs=pairs, same_follow_up=same)
    return Joint({paper.name: paper.whole() for paper in papers}, assumptions)


def same_histories(joint: Joint, name: str, truth: set[str]) -> bool:
    """Whether exactly the true histories stand, all for sure; none is ever lost, and no other is ever sure."""
    answers: dict[str, list[bool | None]] = {}
    for candidate in joint.candidates(name):
        answers.setdefault(candidate.history, []).append(joint.stands(name, candidate))
    sure = {history for history, found in answers.items() if True in found}
    kept = {history for history, found in answers.items() if {True, None} & {*found}}
    assert sure <= truth <= kept
    return sure == kept


def made_up_paper(seed: int) -> tuple[random.Random, tuple[Table, ...], Table, Paper]:
    rng = random.Random(seed)
    n, longest = rng.choice(SIZES)
    tables = every_cohort(n, longest)
    truth = rng.choice([rows for rows in rng.sample(tables, 20) if sum(e for _, e in rows) >= n // 2] or tables[:1])
    return rng, tables, truth, made_up(rng, truth, longest)


@pytest.mark.parametrize("seed", range(60))
def test_the_histories_are_those_of_all_tables_that_print_everything(seed):
    _, tables, truth, paper = made_up_paper(seed)
    printing = [rows for rows in tables if paper.prints(rows)]
    assert truth in printing
    assert same_histories(joint_of(paper), "OS", {paper.history(rows) for rows in printing})


@pytest.mark.parametrize("seed", [k for k in range(100, 128) if k not in (106, 107)])
def test_each_number_is_foretold_as_by_all_tables_that_print_the_others(seed):
    """Where anything is said of a number, it is neither too much nor too little."""
    _, tables, _, paper = made_up_paper(seed)
    joint, printed = joint_of(paper), paper.printed()
    every = [shown for rows in tables for way in paper.ways for shown in paper.shown(rows, way)]
    wrong = [{field for field, text in printed.items() if text not in shown[field]} for shown in every]
    for field, text in printed.items():
        foretold = foretell(joint, "OS", field)
        if "seen" in field.claim or not foretold.known or foretold.span is not None:
            continue
        texts = {t for shown, some in zip(every, wrong, strict=True) if some <= {field} for t in shown[field]}
        assert foretold.allows(text, reached=text != "NR")
        if text != "NR" or any(t not in (None, "NR") for _, some in paper.medians for t in some):
            assert (foretold.texts or frozenset()) | ({"NR"} if foretold.never else set()) == texts, field


@pytest.mark.parametrize("seed", range(200, 230))
def test_the_smallest_sets_to_set_aside_are_those_of_all_tables(seed):
    rng, tables, _, paper = made_up_paper(seed)
    for _ in range(rng.choice([1, 1, 2])):
        paper = with_a_slip(rng, paper)
    wrong = {some for rows in tables for way in paper.ways for some in paper.wrong(rows, way)}
    size = min(map(len, wrong))
    diagnosis = diagnose(joint_of(paper), most=max(size, 1))
    assert not diagnosis.limit
    assert {frozenset(some) for some in diagnosis.sets} == {some for some in wrong if len(some) == size}


@pytest.mark.parametrize("seed", range(150))
def test_linked_histories_are_those_of_all_tables_of_both_endpoints(seed):
    rng = random.Random(seed)
    n, longest = rng.choice([(2, 5), (3, 3), (3, 4), (4, 2)])
    same = rng.random() < 0.7
    every = every_table(n, longest, same)
    inner = rng.choice(sorted(every))
    outer = rng.choice(sorted(every[inner]))
    way, ways = some_ways(rng)
    first = made_up(rng, inner, longest, name="EFS", way=way, ways=ways, more=False)
    second = made_up(rng, outer, longest, convention=first.convention, way=way, ways=ways, more=False)
    prints = {rows: second.prints(rows) for rows in {rows for some in every.values() for rows in some}}
    found: dict[str, set[str]] = {"EFS": set(), "OS": set()}
    for rows, others in every.items():
        own = first.prints(rows)
        for other in others if own else ():
            if own & prints[other]:
                found["EFS"].add(first.history(rows))
                found["OS"].add(second.history(other))
    assert first.history(inner) in found["EFS"]
    joint = joint_of(first, second, same=same)
    assert all(same_histories(joint, name, truth) for name, truth in found.items())
