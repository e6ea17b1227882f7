"""Numbers of sets too large to list: nothing true is called impossible, a wrong digit is, and ranges hold the print."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from helpers.conventions import Convention, Interval
from helpers.inversion import invert_study
from helpers.inversion.certify import effort
from helpers.ledger import Range, Verdict, ledger_of
from helpers.printed import Rounding
from tests.inversion import brute
from tests.ledger.making import claim, landmark, study

LOG_LOG = Convention(Interval.LOG_LOG, "1.96", None, Rounding.HALF_UP)
MONTH = Fraction("30.4375")


def paper(n, seed, months=(6, 12), counted=True):
    """Landmarks without decimals of a random cohort under log-log limits, as SAS prints them."""
    rng = random.Random(seed)
    rows = sorted((rng.randint(1, 700), rng.random() < 0.6) for _ in range(n))
    rows = sorted(rows, key=lambda row: (row[0], not row[1]))
    claims = []
    for at in months:
        history = "".join("E" if event else "C" for day, event in rows if day <= at * MONTH)
        texts = brute.print_history(history.rstrip("C"), n, LOG_LOG, 0).texts
        claims.append(landmark(f"os_{at}mo", at, *texts))
        if counted and at == months[0]:
            left = str(n - len(history))
            claims.append(claim("risk", "at_risk", endpoint="OS", count=left, at=str(at), at_unit="month"))
    return claims


@pytest.fixture(autouse=True)
def little_work(monkeypatch):
    """The work of a few seconds, however busy the machine."""
    monkeypatch.setattr(effort, "STANDARD", 3.0)


def rows_of(n, claims):
    inversion = invert_study(study(n, claims))
    return inversion, {(row.claim, row.field): row for row in ledger_of(inversion)}


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_true_is_called_impossible(seed):
    inversion, rows = rows_of(70, paper(70, seed))
    assert not inversion.endpoints["OS"].exhaustive
    assert not inversion.endpoints["OS"].set_aside
    assert len(rows) == 7
    for row in rows.values():
        assert row.verdict in (Verdict.CONSISTENT, Verdict.RE_DERIVED, Verdict.NOT_DERIVABLE)
        if isinstance(row.predicted, Range):
            assert Fraction(row.predicted.min) <= Fraction(row.printed) <= Fraction(row.predicted.max)
            assert set(row.as_dict()["predicted"]) == {"min", "max"}
        assert "too many histories to list" in row.note or row.verdict is Verdict.NOT_DERIVABLE
    assert sum(row.verdict is Verdict.CONSISTENT for row in rows.values()) > 4


def test_a_wrong_digit_is_impossible():
    claims = paper(70, 3, counted=False)
    true = claims[0]["ci_high"]
    claims[0]["ci_high"] = str(int(true) - 6)
    inversion, rows = rows_of(70, claims)
    wrong = [row for row in rows.values() if row.verdict is Verdict.IMPOSSIBLE]
    assert len(wrong) == 1 and wrong[0].claim == "os_6mo"
    assert "nearest repair" in wrong[0].note
    suspects = {*inversion.endpoints["OS"].removed}.union(*inversion.endpoints["OS"].alternatives)
    assert any(field.name == "ci_high" for field in suspects)


def test_where_nothing_else_is_printed_nothing_is_said():
    _, rows = rows_of(120, [landmark("os_12mo", 12, "55")])
    row = rows["os_12mo", "value"]
    assert row.verdict is Verdict.NOT_DERIVABLE
    assert "no other printed number" in row.note


def test_progress_is_told():
    lines = []
    inversion = invert_study(study(120, [landmark("os_12mo", 12, "55", "46", "63")]))
    ledger_of(inversion, lines.append)
    assert lines == ["OS: judging os_12mo by the other numbers"]
