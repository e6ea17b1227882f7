"""What is called certain is true: odd papers by the thousand, and proof that a false certainty would be seen."""

from __future__ import annotations

import pytest

from helpers.inversion.certify import grid, reach, strip, tails
from helpers.simulation import certainty
from helpers.simulation.certainty import PARTS, check, run, truth_outside
from helpers.simulation.odd_papers import odd_paper

CASES, SEED = 2_000, 20261124


@pytest.fixture(scope="module")
def tally():
    return run(CASES, SEED)


def test_nothing_is_called_certain_that_is_false(tally):
    assert tally.cases == CASES
    assert tally.problems == ()


def test_nearly_all_sets_are_gone_through_and_every_part_has_its_share(tally):
    assert tally.listed > 0.95 * CASES
    assert set(tally.by_part) == set(PARTS)
    assert min(tally.by_part.values()) > 20


def test_the_papers_are_odd():
    papers = [odd_paper(SEED, k) for k in range(500)]
    marks = [mark for paper in papers for mark in paper.evidence.landmarks]
    counts = [count for paper in papers for count in paper.evidence.counts]
    assert {paper.evidence.n for paper in papers} == set(range(1, 13))
    assert {len(paper.evidence.landmarks) for paper in papers} == {1, 2, 3}
    assert {count.kind for count in counts} == {"at_risk", "events", "censored"}
    assert any(count.day is None for count in counts)
    assert {count.day.denominator for count in counts if count.day is not None} == {1, 2}
    assert any(mark.value is None for mark in marks) and any(mark.ci_low is None for mark in marks)
    assert len({mark.level for mark in marks}) == 3
    assert {mark.value.decimals for mark in marks if mark.value is not None} == {0, 1, 2, 3, 4}
    assert any(set(paper.data.kinds) == {"C"} for paper in papers)
    assert any(set(paper.data.kinds) == {"E"} for paper in papers)
    assert any(paper.data.curve[-1] == 0 for paper in papers)
    assert any(len(set(paper.data.days)) < len(paper.data.days) / 2 for paper in papers)
    assert any(paper.longest == paper.data.days[-1] for paper in papers)
    assert any(paper.wrong for paper in papers)


def test_a_paper_does_not_depend_on_what_was_made_before_it():
    assert odd_paper(3, 17) == odd_paper(3, 17)
    assert odd_paper(3, 17) != odd_paper(4, 17)


def problems(part: str, cases: int) -> int:
    return len(run(cases, SEED, part=part).problems)


def test_a_strip_that_is_a_little_too_narrow_is_noticed(monkeypatch):
    monkeypatch.setattr(strip, "_MARGIN", -2e-4)
    assert problems("bounds", 150) > 2


def test_a_forgotten_rounding_error_is_noticed_in_the_bounds(monkeypatch):
    monkeypatch.setattr(reach.Reach, "offsets", lambda self, steps, events: (0, 0))
    assert problems("bounds", 150) > 2


def test_a_forgotten_rounding_error_is_noticed_in_the_count(monkeypatch):
    monkeypatch.setattr(grid, "_error", lambda differences, used: (0.0, 0.0))
    assert problems("count", 100) > 2


def test_a_tail_that_is_taken_for_too_thin_is_noticed(monkeypatch):
    original = tails._tilts

    def thin(grid, errors, k):
        return ((factors, scale * 1e-6, slope) for factors, scale, slope in original(grid, errors, k))

    monkeypatch.setattr(tails, "_tilts", thin)
    monkeypatch.setattr(certainty, "_TAILS", 1.0)
    assert problems("count", 250) > 0


def test_a_prediction_that_is_too_narrow_is_noticed(monkeypatch):
    import helpers.inversion.certify.predict as predict

    original = predict._boxes

    def inner(*arguments):
        s0, s1, q0, q1 = original(*arguments)
        middle = (s0 + s1) / 2, (q0 + q1) / 2
        return middle[0], middle[0], middle[1], middle[1]

    monkeypatch.setattr(predict, "_boxes", inner)
    assert problems("predictions", 150) > 0


def test_larger_papers_keep_their_truth_too():
    """Too many histories to list: the truth behind the paper is asked for instead."""
    papers = [odd_paper(SEED + 1, k, 45) for k in range(120)]
    outside = [truth_outside(paper, k) for k, paper in enumerate(papers) if not paper.wrong]
    assert len(outside) > 90
    assert not any(outside)


def test_the_command_prints_the_tally_and_fails_on_a_false_certainty(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["certainty", "--cases", "12", "--seed", "2"])
    with pytest.raises(SystemExit) as end:
        certainty.main()
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith("12 papers")
    monkeypatch.setattr(certainty, "check", lambda *_: certainty.Checked("count", True, "false"))
    with pytest.raises(SystemExit) as end:
        certainty.main()
    assert end.value.code == 1
    assert "paper 0: count: false" in capsys.readouterr().out


def test_one_paper_can_be_checked_again():
    checked = check(odd_paper(SEED, 5), 5, SEED, "bounds")
    assert checked.part == "bounds" and checked.problem == ""
