"""The worksheet: a remark about the answer first, then hints in order, and the answer only on request."""

from __future__ import annotations

import pytest

from helpers.errors import InputError
from helpers.teaching import Exercise, Function, Number, Option, Question, Quiz, Slip, Worksheet
from helpers.teaching.boxes import Kind, as_html
from tests.teaching.said import said


def sheet(reveal: bool = False) -> Worksheet:
    third = Exercise(
        "third", "A third?", Number(1 / 3, 3, share=True), ("First hint.", "Second hint."),
        (Slip(0.25, "That is a quarter."),), "Three thirds make one.",
    )  # fmt: skip
    twice = Exercise("twice", "Write `twice(x)`.", Function(lambda x: 2 * x, ((1,), (2,)), "twice(3)"))
    return Worksheet([third, twice], reveal)


@pytest.mark.parametrize("blank", [..., None, "", " ... ", (..., ...), [None, ...]])
def test_an_open_exercise_is_met_kindly(blank: object) -> None:
    work = sheet()
    text = said(work.check, "third", blank)
    assert "not answered yet" in text
    assert "0.333" not in text
    assert work.tries("third") == 0


def test_wrong_answers_get_a_remark_then_the_hints_one_by_one_and_never_the_answer() -> None:
    work = sheet()
    first = said(work.check, "third", 0.25)
    assert "That is a quarter." in first
    assert "hint" not in first.lower()
    second = said(work.check, "third", 33.3)
    assert "percentage" in second
    assert "Hint 1 of 2.** First hint." in second
    third = said(work.check, "third", 0.9)
    assert "Second hint." in third
    fourth = said(work.check, "third", 0.9)
    assert "work.answer('third')" in fourth
    assert work.tries("third") == 4
    assert not [text for text in (first, second, third, fourth) if "0.333" in text or "Three thirds" in text]


def test_a_hint_asked_for_is_not_given_twice() -> None:
    work = sheet()
    assert "First hint." in said(work.hint, "third")
    said(work.check, "third", 0.9)
    assert "Second hint." in said(work.check, "third", 0.9)


def test_the_answer_is_shown_on_request() -> None:
    text = said(sheet().answer, "third")
    assert "0.333" in text
    assert "Three thirds make one." in text


def test_what_cannot_be_read_does_not_count() -> None:
    work = sheet()
    assert "does not count" in said(work.check, "third", "perhaps")
    assert work.tries("third") == 0


def test_a_right_answer_is_explained_and_a_later_wrong_one_counts_again() -> None:
    work = sheet()
    assert "right\nThree thirds make one." in said(work.check, "third", 0.333)
    assert "1 of 2" in said(work.score)
    said(work.check, "third", 0.5)
    assert "0 of 2" in said(work.score)
    assert "Tried but not right yet: `third`" in said(work.score)


def test_a_function_left_open_is_not_answered() -> None:
    work = sheet()
    assert "not answered yet" in said(work.check, "twice", lambda x: ...)
    assert "not yet" in said(work.check, "twice", lambda x: x)
    assert "right" in said(work.check, "twice", lambda x: x + x)


def test_a_teacher_sees_everything() -> None:
    text = said(sheet(reveal=True).check, "third", ...)
    assert "First hint." in text
    assert "Second hint." in text
    assert "0.333" in text


def test_an_unknown_exercise_names_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean third"):
        sheet().ask("thrid")


def quiz() -> Quiz:
    return Quiz([
        Question("1 + 1?", (Option("3", "One too many."), Option("2", "Yes.", True))),
        Question("2 + 2?", (Option("4", "Indeed.", True), Option("5", "Too many."))),
    ])  # fmt: skip


@pytest.mark.parametrize("replies", ["ba", ["b", "a"], "b, a", ("B", " a ")])
def test_a_quiz_takes_its_letters_in_any_form(replies: object) -> None:
    text = said(quiz().check, replies)
    assert "2 of 2" in text
    assert quiz().key == "ba"


def test_a_quiz_comments_on_the_option_that_was_chosen() -> None:
    text = said(quiz().check, "a-")
    assert "One too many." in text
    assert "Question 2: not answered yet" in text
    assert "Yes." not in text
    assert said(quiz().check, ...).count("not answered yet") == 2
    assert "none of its options" in said(quiz().check, "zz")


def test_a_question_needs_exactly_one_right_option() -> None:
    with pytest.raises(ValueError, match="exactly one"):
        Question("?", (Option("a", "x"), Option("b", "y")))


def test_boxes_escape_what_they_show() -> None:
    html = as_html(Kind.WRONG, "S < 1 & <b>", "`<script>` and **bold**\n\n- one\n- two")
    assert "<script>" not in html
    assert "<code>&lt;script&gt;</code>" in html
    assert "<strong>bold</strong>" in html
    assert html.count("<li>") == 2
