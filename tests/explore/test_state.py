"""What stands on the bench: edits in their exact digits, conventions held fixed, and what is refused."""

from __future__ import annotations

from fractions import Fraction

import pytest

from helpers.conventions import Interval
from helpers.errors import InputError
from helpers.explore.state import CHOICES, Edit, State, base_study, endpoint_names, on_display, shown_endpoint, study_of
from helpers.explore.typed import TypedLandmark, TypedPaper, typed_study
from helpers.inversion.paper import conventions_of
from helpers.study import list_studies, load_study


def test_an_edit_keeps_its_digits_and_touches_nothing_else() -> None:
    study = study_of(State().edited("os_6mo", "ci_high", "87.50"))
    assert study.claim("os_6mo").ci_high.text == "87.50"
    others = [c for c in study.claims if c.id != "os_6mo"]
    assert others == [c for c in load_study("zhuo2024").claims if c.id != "os_6mo"]


def test_an_edit_that_is_taken_back_is_no_edit() -> None:
    state = State().edited("os_6mo", "value", "67.91").edited("os_6mo", "value", "67.90")
    assert state == State()
    assert State().edited("os_6mo", "value", "67.9").edits, "67.9 is not 67.90"


def test_a_number_can_be_taken_away_and_a_claim_without_numbers_says_nothing() -> None:
    state = State().edited("os_6mo", "ci_high", "")
    assert study_of(state).claim("os_6mo").ci_high is None
    for field in ("value", "ci_low"):
        state = state.edited("os_6mo", field, "")
    assert "os_6mo" not in [c.id for c in study_of(state).claims]
    assert "os_6mo" in [c.id for c in on_display(state)], "it can be put back"


def test_a_landmark_can_be_moved() -> None:
    assert study_of(State().edited("os_6mo", "at", "7.5")).claim("os_6mo").at == Fraction("7.5")


@pytest.mark.parametrize(
    ("claim", "field", "text"),
    [
        ("os_6mo", "value", "67,9"), ("os_6mo", "value", "abc"), ("os_6mo", "value", "100.1"),
        ("os_6mo", "ci_low", "-1"), ("os_6mo", "value", "NR"), ("os_6mo", "at", ""), ("os_6mo", "at", "NR"),
        ("os_6mo", "at", "-1"), ("cr", "count", "23"), ("cr", "count", "1.5"), ("cr", "count", ""),
        ("os_6mo", "value", "1" * 30), ("os_6mo", "value", "67."), ("os_median", "value", "-3"),
        ("os_6mo", "note", "x"),
    ],
)  # fmt: skip
def test_what_cannot_be_printed_is_refused_with_the_number_and_a_remedy(claim: str, field: str, text: str) -> None:
    with pytest.raises(InputError) as caught:
        study_of(State(edits=(Edit(claim, field, text),)))
    (problem,) = caught.value.problems
    assert problem.found == text and claim in problem.column and problem.remedy


def test_a_median_may_be_not_reached_and_an_unknown_claim_is_named() -> None:
    assert not study_of(State().edited("os_median", "ci_high", "NR")).claim("os_median").ci_high.reached
    with pytest.raises(InputError, match="no such claim"):
        study_of(State(edits=(Edit("nothing", "value", "1"),)))


def test_every_choice_narrows_the_conventions_to_itself() -> None:
    everything = conventions_of(study_of(State()))
    for name, allowed in CHOICES.items():
        kept = [conventions_of(study_of(State(**{name: word}))) for word in allowed if word]
        assert sum(map(len, kept)) == len(everything), name
        assert all(some for some in kept)
    only = conventions_of(study_of(State(interval="log", z="exact", rounded_to="no", rounding="half-up")))
    assert [(c.interval, c.z, c.rounded_to) for c in only] == [(Interval.LOG, "exact", None)]
    with pytest.raises(InputError, match="no such choice"):
        study_of(State(interval="loglog"))


@pytest.mark.parametrize("text", ["", "x", "0", "19", "41", "1/0", "inf", "-30"])
def test_a_month_has_a_length_that_months_can_have(text: str) -> None:
    with pytest.raises(InputError, match="month"):
        _ = State(days_per_month=text).month


def test_the_endpoint_on_display_is_one_with_a_landmark() -> None:
    assert shown_endpoint(State()) == "OS"
    assert shown_endpoint(State(endpoint="EFS")) == "EFS"
    assert shown_endpoint(State(endpoint="unheard of")) == "OS"
    for summary in list_studies():
        state = State(summary.id)
        if endpoint_names(base_study(state)):
            assert shown_endpoint(state) in base_study(state).endpoints
        else:
            with pytest.raises(InputError, match="no curve"):
                shown_endpoint(state)


TWO = (TypedLandmark("6", "month", "67.90", "48.30", "84.50"), TypedLandmark("12", "month", "41.10", "19.15", "63.05"))


def test_a_typed_paper_is_read_as_a_study_folder_is() -> None:
    study = typed_study(TypedPaper("22", "OS", TWO, ("287", "132", "441"), "day"))
    assert (study.n, [c.id for c in study.claims]) == (22, ["landmark_1", "landmark_2", "median"])
    assert study.claim("landmark_1").value.text == "67.90"
    assert study.claim("median").unit == "day"


@pytest.mark.parametrize(
    ("paper", "what"),
    [
        (TypedPaper("", "OS", TWO), "patients"), (TypedPaper("²²", "OS", TWO), "patients"),
        (TypedPaper("0", "OS", TWO), "patients"),
        (TypedPaper("22: 23", "OS", TWO), "patients"), (TypedPaper("5000", "OS", TWO), "patients"),
        (TypedPaper("22", "OS", ()), "no landmark"),
        (TypedPaper("22", "OS", (TypedLandmark("6", "month", "67,90"),)), "OS at 6 months"),
        (TypedPaper("22", "OS", (TypedLandmark("6", "month", "167.90"),)), "OS at 6 months"),
        (TypedPaper("22", "OS", (TypedLandmark("", "month", "67.90"),)), "OS at"),
    ],
)  # fmt: skip
def test_what_is_typed_wrongly_is_told_of_the_number_and_never_of_a_file(paper: TypedPaper, what: str) -> None:
    with pytest.raises(InputError) as caught:
        typed_study(paper)
    assert what in str(caught.value)
    assert "unrounded-typed" not in str(caught.value) and "row" not in str(caught.value)
