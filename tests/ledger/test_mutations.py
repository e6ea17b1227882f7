"""Wrong digits are noticed: one digit of one EFS landmark is changed, and the ledger must not stay content."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from helpers.inversion import invert_study
from helpers.ledger import Verdict
from helpers.ledger.survival import landmark_rows
from helpers.printed import PrintedNumber
from helpers.study import load_study

FIELDS = ("value", "ci_low", "ci_high")
MARKS = ("efs_6mo", "efs_12mo")


def mutations(study) -> list[tuple[str, str, str]]:
    """Ten wrong digits for each of six printed numbers, none of them with a zero in front."""
    rng = random.Random(60)
    found = []
    for name in MARKS:
        for field in FIELDS:
            text = getattr(study.claim(name), field).text
            every = [
                text[:i] + digit + text[i + 1 :]
                for i, old in enumerate(text)
                if old.isdigit()
                for digit in "0123456789"
                if digit != old and not (i == 0 and digit == "0")
            ]
            found += [(name, field, wrong) for wrong in rng.sample(every, 10)]
    return found


def verdicts(study, name: str, field: str, text: str) -> dict[tuple[str, str], Verdict]:
    claims = tuple(replace(c, **{field: PrintedNumber(text)}) if c.id == name else c for c in study.claims)
    inversion = invert_study(replace(study, claims=claims))
    rows = [row for mark in MARKS for row in landmark_rows(inversion, inversion.study.claim(mark))]
    assert len(rows) == 6
    return {(row.claim, row.field): row.verdict for row in rows}


@pytest.fixture(scope="module")
def judged():
    study = load_study("zhuo2024")
    return {mutation: verdicts(study, *mutation) for mutation in mutations(study)}


def test_without_a_wrong_digit_all_is_re_derived():
    study = load_study("zhuo2024")
    found = verdicts(study, "efs_6mo", "value", "58.70")
    assert set(found.values()) == {Verdict.RE_DERIVED}


def test_no_wrong_digit_leaves_everything_re_derived(judged):
    content = [m for m, found in judged.items() if set(found.values()) == {Verdict.RE_DERIVED}]
    assert len(judged) == 60
    assert content == []


def test_every_wrong_digit_is_called_impossible_where_it_stands(judged):
    """Measured: all sixty. Others may be blamed along with it, as any one of them may be the wrong one."""
    assert all(found[mutation[:2]] is Verdict.IMPOSSIBLE for mutation, found in judged.items())
