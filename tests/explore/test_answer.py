"""The bench's answers agree with a brute force, with the inversion itself, and with each other."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.conventions import all_conventions
from helpers.explore.answer import band_steps, first_answer, full_answer, with_ledger
from helpers.explore.model import CURVE, PAPER, Answer
from helpers.explore.state import State, study_of
from helpers.explore.typed import TypedLandmark, TypedPaper
from helpers.inversion import invert_study
from helpers.inversion.frames import band_frame
from helpers.inversion.report import endpoint_timelines
from helpers.ledger import ledger
from tests.inversion import brute

MENDED = State().edited("os_6mo", "ci_high", "87.50")
CONVENTIONS = tuple(all_conventions())


def test_the_paper_as_printed() -> None:
    answer = first_answer(State())
    assert (answer.scope, answer.fits, answer.count) == (CURVE, False, 2)
    assert [(str(i.field), i.expected) for i in answer.set_aside] == [("os_6mo.ci_high", ("87.50",))]
    assert [c.history for c in answer.courses] == ["EEEEEECEEECECEE", "EEEEEECECEEEECE"]
    assert "84.50" in answer.sentences[0] and "87.50" in answer.sentences[0]


def test_the_mended_paper() -> None:
    answer = first_answer(MENDED)
    assert (answer.fits, answer.count, answer.set_aside) == (True, 2, ())
    assert answer.sentences[0].startswith("**Yes")


def test_numbers_that_no_history_prints_leave_nothing_on_display() -> None:
    answer = first_answer(State().edited("os_12mo", "value", "41.20"))
    assert (answer.fits, answer.count, answer.courses, answer.band) == (False, 0, (), ())
    assert "any single number" in answer.sentences[0]


def test_where_leaving_one_out_is_too_much_work_nothing_is_claimed_of_it() -> None:
    typed = TypedPaper("30", "OS", (TypedLandmark("6", "month", "68", "50", "84"),))
    answer = first_answer(State(typed=typed))
    assert answer.fits is False and "any single number" not in answer.sentences[0]


@given(
    n=st.integers(3, 8), text=st.text("EC", min_size=1, max_size=8), convention=st.sampled_from(CONVENTIONS),
    decimals=st.integers(1, 2),
)  # fmt: skip
@settings(max_examples=15, deadline=None)
def test_the_quick_answer_to_one_landmark_is_that_of_the_brute_force(n, text, convention, decimals) -> None:
    truth = text[:n].rstrip("C")
    shown = brute.print_history(truth, n, convention, decimals)
    paper = TypedPaper(str(n), "OS", (TypedLandmark("6", "month", shown.value, shown.low, shown.high),))
    answer = first_answer(State(typed=paper))
    expected = {
        history
        for history in brute.all_histories(n)
        if any(brute.print_history(history, n, c, decimals).texts == shown.texts for c in CONVENTIONS)
    }
    assert truth in expected
    assert answer.fits and answer.count == len(expected)
    assert {c.history for c in answer.courses} <= expected


@pytest.mark.parametrize("state", [State(), MENDED, State(endpoint="EFS"), State(days_per_month="30")])
def test_the_full_answer_is_the_inversion_and_its_ledger(state: State) -> None:
    answer = with_ledger(full_answer(state))
    study = study_of(state)
    inversion = invert_study(study, state.month)
    endpoint = inversion.endpoints[answer.endpoint]
    assert answer.scope == PAPER
    assert answer.count == len(endpoint.histories)
    assert tuple(c.history for c in answer.courses) == endpoint.histories[: len(answer.courses)]
    assert answer.set_aside == endpoint.set_aside
    assert answer.ledger == ledger(study, state.month)


@pytest.mark.parametrize("name", ["OS", "EFS"])
def test_the_band_in_steps_is_the_band_day_by_day(name: str) -> None:
    inversion = invert_study(study_of(State()))
    found = endpoint_timelines(inversion, name)
    last = int(inversion.endpoints[name].landmarks[-1].day)
    steps = band_steps(found, 22, last)
    frame = band_frame(found, 22, last)
    for day, low, high in frame.itertuples(index=False):
        held = [row for row in steps if row[0] <= day][-1]
        assert held[1:] == (low, high), day
    assert steps[0][0] == 0 and steps[-1][0] == last


def test_days_of_the_quick_answer_hold_those_of_the_full_one() -> None:
    quick, full = first_answer(State()), full_answer(State())
    for before, after in zip(quick.courses, full.courses, strict=True):
        assert before.history == after.history
        for a, b in zip(before.low, after.low, strict=True):
            assert a <= b
        for a, b in zip(before.high, after.high, strict=True):
            assert a >= b


def test_moving_a_landmark_moves_days_and_no_history() -> None:
    moved = first_answer(MENDED.edited("os_6mo", "at", "7"))
    assert [c.history for c in moved.courses] == [c.history for c in first_answer(MENDED).courses]
    assert moved.points[0][0] == 7 * 30.4375


def test_a_large_paper_says_so_at_once_and_is_certified() -> None:
    state = State(typed=TypedPaper("58", "OS", (TypedLandmark("6", "month", "68", "56", "80"),)))
    quick = first_answer(state)
    assert quick.fits is None and quick.count is None and not quick.courses
    full = full_answer(state, deadline=None)  # counted in work, not in seconds: the same on a slow machine
    assert full.count is None and full.band and not full.courses
    assert "histories" in full.sentences[0]


def test_answers_travel_between_processes() -> None:
    answer: Answer = with_ledger(full_answer(State()))
    again = pickle.loads(pickle.dumps(answer))
    assert again == answer
    assert replace(again, ledger=None) == full_answer(State())
