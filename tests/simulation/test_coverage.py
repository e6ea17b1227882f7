"""No truth is lost: ten thousand made-up studies, and proof that a loss would be seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

import helpers.inversion.solve as engine
from helpers.simulation import coverage
from helpers.simulation.cohort import KINDS
from helpers.simulation.coverage import ask, made_up, run

CASES, SEED = 10_000, 20261123


@pytest.fixture(scope="module")
def tally():
    return run(CASES, SEED)


def test_the_truth_is_found_in_every_one_of_ten_thousand_studies(tally):
    assert tally.cases == CASES
    assert tally.misses == ()


def test_most_sets_are_listed_and_every_kind_of_history_has_its_share(tally):
    """Measured: 78 % listed within the small budget used here."""
    assert tally.listed > 0.72 * CASES
    assert set(tally.by_kind) == set(KINDS)
    assert min(tally.by_kind.values()) >= CASES // len(KINDS)


def test_the_studies_range_over_what_they_should():
    some = [made_up(SEED, k) for k in range(600)]
    assert {case.cohort.n for case in some} >= set(range(5, 17))
    assert max(case.cohort.n for case in some) >= 58
    assert {case.decimals for case in some} == {0, 1, 2}
    assert len({case.convention for case in some}) > 65
    assert {len(case.landmarks) for case in some} == {1, 2}
    assert {count.kind for case in some for count in case.counts} == {"at_risk", "events"}
    assert any(mark.ci_low is None for case in some for mark in case.landmarks)


def test_a_case_does_not_depend_on_what_was_run_before_it():
    assert made_up(3, 17) == made_up(3, 17)
    assert made_up(3, 17) != made_up(4, 17)


def test_a_window_that_is_a_little_too_narrow_is_noticed(monkeypatch):
    """What would happen if the search pruned one unit of the last digit too much."""
    original = engine.window

    def narrow(mark, convention):
        found = original(mark, convention)
        middle = (found.s_low + found.s_high) / 2
        return replace(found, s_low=middle)

    monkeypatch.setattr(engine, "window", narrow)
    assert len(run(60, SEED).misses) > 5


def test_a_wrong_printing_rule_is_noticed(monkeypatch):
    """As if the inversion cut limits off where the paper rounds them."""
    from helpers.printed import Rounding

    original = engine.prints_landmark
    monkeypatch.setattr(
        engine, "prints_landmark", lambda s, m, c: original(s, m, replace(c, rounding=Rounding.TRUNCATION))
    )
    losses = [ask(case).miss for case in map(made_up, [SEED] * 80, range(80)) if case.convention.rounded_to is None]
    assert "the truth is refused" in losses


def test_another_history_than_the_true_one_is_mostly_refused():
    refused = asked = 0
    for k in range(200):
        case = made_up(SEED, k)
        n, other = case.cohort.n, case.history[:-1] + "CE"
        if not 2 < len(case.history) < n - 1 or case.decimals == 0 or case.landmarks[-1].ci_low is None:
            continue
        asked += 1
        refused += not engine.bindings(other, n, case.landmarks, case.convention, case.counts)
    assert asked > 40
    assert refused > 0.7 * asked


def test_the_command_prints_the_tally_and_fails_on_a_loss(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["coverage", "--cases", "30", "--seed", "2"])
    with pytest.raises(SystemExit) as end:
        coverage.main()
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith("30 studies")
    monkeypatch.setattr(coverage, "ask", lambda case, limit: coverage.Answer(False, None, "gone"))
    with pytest.raises(SystemExit) as end:
        coverage.main()
    assert end.value.code == 1
    assert "case 0: gone" in capsys.readouterr().out
