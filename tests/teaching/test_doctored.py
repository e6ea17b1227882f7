"""Doctored papers: one digit changed, always labelled, always found by the ledger, the same for the same seed."""

from __future__ import annotations

import pytest

from helpers.inversion.repair import one_digit
from helpers.ledger import Verdict
from helpers.study import load_study
from helpers.teaching.abstract import abstract_text
from helpers.teaching.course import reviewing
from helpers.teaching.doctored import LABEL, doctor, with_digits

PAPER = load_study("zhuo2024")


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 5, 7, 8])
def test_the_ledger_finds_the_one_digit(seed: int) -> None:
    found = doctor(PAPER, seed)
    assert one_digit(found.true, found.wrong)
    assert PAPER.claim(found.claim).printed[found.field].text == found.true
    assert found.study.claim(found.claim).printed[found.field].text == found.wrong
    row = found.row(found.place)
    assert row.verdict is Verdict.IMPOSSIBLE
    assert found.true in row.predicted
    others = [(c.id, name) for c in PAPER.claims for name in c.printed if (c.id, name) != (found.claim, found.field)]
    assert all(PAPER.claim(c).printed[name] == found.study.claim(c).printed[name] for c, name in others)
    assert LABEL in found.study.title


def test_a_seed_makes_one_case_and_others_make_others() -> None:
    one, same, other = (doctor(PAPER, seed) for seed in (7, 7, 8))
    assert (one.place, one.wrong) == (same.place, same.wrong)
    assert (one.place, one.wrong) != (other.place, other.wrong)
    with pytest.raises(KeyError):
        one.row("nothing.value")


def test_a_case_is_labelled_and_its_exercises_know_the_truth() -> None:
    case = reviewing.case(7)
    assert LABEL in case.abstract
    exercises = {e.name: e for e in reviewing.exercises(case)}
    culprit, repair = exercises["culprit"].answer, exercises["repair"].answer
    assert culprit.judge(culprit.read(case.doctored.place)).right
    assert repair.judge(repair.read(case.doctored.true)).right
    for place in case.places()["name"]:
        judgement = culprit.judge(culprit.read(place))
        assert judgement.right == (place == case.doctored.place)
        assert judgement.right or judgement.about
    about = culprit.judge("os_6mo.ci_high").about
    assert "true paper too" in about
    assert "prints" in repair.judge(case.doctored.wrong).about


def test_the_abstract_holds_every_printed_digit() -> None:
    text = abstract_text(PAPER)
    for claim in PAPER.claims:
        for number in claim.printed.values():
            assert number.text in text
    assert "95 % CI 48.30–84.50" in text
    assert abstract_text(with_digits(PAPER, "os_6mo", "value", "67.91")) == text.replace("67.90", "67.91")
