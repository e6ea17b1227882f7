"""The course: truths by hand or by R, slips that are wrong, hints that keep the answer, prose without numbers."""

from __future__ import annotations

import re
from fractions import Fraction
from importlib import import_module
from itertools import product
from pathlib import Path

import pytest

from helpers.inversion.history import state_after
from helpers.paths import NOTEBOOKS
from helpers.suite.notebook import read_notebook
from helpers.teaching import Exercise, Function, Names, Number, Pair
from helpers.teaching.copies import masters
from helpers.teaching.course import backwards, choices, intervals, medians, reviewing
from helpers.teaching.course.facts import facts, times_and_events

MODULES = ("by_hand", "intervals", "backwards", "medians", "zero_events", "choices")


def lessons() -> dict[str, tuple[Exercise, ...]]:
    found = {name: import_module(f"helpers.teaching.course.{name}").exercises() for name in MODULES}
    return found | {"reviewing": reviewing.exercises(reviewing.case(7))}


ALL = [(lesson, exercise) for lesson, some in lessons().items() for exercise in some]
each = pytest.mark.parametrize("exercise", [e for _, e in ALL], ids=[f"{lesson}-{e.name}" for lesson, e in ALL])
# Computed by hand or by R, not by the suite: survival 3.5 for the curves, binom.test and qbeta for the counts.
BY_HAND = {
    "by_hand-estimate": 16 / 22 * 14 / 15, "by_hand-ties": 18 / 21, "intervals-sum": 1 / 16 - 1 / 22,
    "intervals-error": 0.1002385, "intervals-above": 3, "backwards-error": 0.106, "backwards-how-many": 2097151,
    "backwards-impossible": 0.0995348, "medians-step": 11, "medians-spss": 33.3005, "medians-naive": 16,
    "medians-ties": 0.9444444, "medians-calendar": 2904, "zero_events-chance": 0.95**22,
    "zero_events-bound": 0.127305432,
    "zero_events-two-sided": 0.1543729, "zero_events-enough": 59, "zero_events-bayes": 1 - 0.95**23,
    "choices-days": 182.625, "choices-month": 0.6901961, "choices-incidence": 0.55, "choices-naive": 1 - 0.21,
    "reviewing-percentage": 81.818182,
}  # fmt: skip


@pytest.mark.parametrize("name", BY_HAND)
def test_truths_agree_with_a_calculation_by_hand(name: str) -> None:
    (answer,) = (e.answer for lesson, e in ALL if f"{lesson}-{e.name}" == name)
    assert isinstance(answer, Number)
    slack = 0.0005 if name == "backwards-error" else 1e-6
    assert float(answer.truth) == pytest.approx(BY_HAND[name], rel=1e-5, abs=slack)


@each
def test_every_slip_is_wrong_and_recognised(exercise: Exercise) -> None:
    for slip in exercise.slips:
        read = exercise.answer.read(slip.value)
        judgement = exercise.answer.judge(read)
        assert not judgement.right, slip.hint
        assert exercise.about(read, judgement.about) in {s.hint for s in exercise.slips}
        assert slip.hint.strip()


@each
def test_no_question_and_no_remark_holds_the_answer(exercise: Exercise) -> None:
    answer = exercise.answer
    if isinstance(answer, (Function, Names)):
        return
    shown = answer.shown.split(" (exactly")[0].strip("`")
    if isinstance(answer, Pair) or len(shown) < 4:
        return
    for text in (exercise.question, *(slip.hint for slip in exercise.slips)):
        assert not re.search(rf"(?<![\w.]){re.escape(shown)}(?![\w.])", text), (exercise.name, shown, text)


@each
def test_every_exercise_explains_itself_and_has_a_hint(exercise: Exercise) -> None:
    assert exercise.explanation.strip()
    assert exercise.hints
    assert exercise.question.strip()[-1] in ".?)"


def test_greenwood_is_never_smaller_than_without_censoring() -> None:
    """The proof of Lesson 3, for every history of up to 10 patients."""
    for n in range(2, 11):
        for length in range(1, n):
            for letters in product("EC", repeat=length - 1):
                state = state_after("".join(letters) + "E", n)
                assert state.variance >= state.survival * (1 - state.survival) / n


def test_the_pencil_finds_what_the_inversion_finds() -> None:
    assert backwards.matching("efs_6mo", 2) == ("EEEEEEEECE",)
    assert facts().histories("EFS")[0].startswith("EEEEEEEECE")
    assert backwards.matching("os_6mo", 2) == ()
    assert sum(1 for _ in backwards.candidates(10, 10)) == 2**9 - 1


def test_coverage_agrees_with_a_count_of_outcomes() -> None:
    from math import comb, sqrt

    def by_counting(rate: float, n: int) -> float:
        total = 0.0
        for alive in range(1, n):
            s = alive / n
            arm = 1.96 * sqrt(s * (1 - s) / n)
            if s - arm <= rate <= s + arm:
                total += comb(n, alive) * rate**alive * (1 - rate) ** (n - alive)
        return total

    for rate in (0.5, 0.8, 0.95):
        assert intervals.coverage(rate, 22, intervals.Interval.PLAIN) == pytest.approx(by_counting(rate, 22), rel=1e-9)


def test_both_incidences_and_the_free_make_one() -> None:
    for course in ("R", "RDC", "CRD", choices.COURSE, "DDRC"):
        relapse, death = choices.incidence(course)
        free = float(state_after(course.replace("R", "E").replace("D", "E"), len(course)).survival)
        assert relapse + death + free == pytest.approx(1)
        assert choices.one_minus_km(course) >= relapse - 1e-12


def test_the_median_s_digits_allow_one_rule() -> None:
    assert medians._rule() == "truncation"
    assert [Fraction(x) for x in medians._half_widths(facts().paper.claim("os_median"), medians.Rounding.HALF_UP)] == [
        Fraction("154.5"), Fraction("155.5"), Fraction("153.5"), Fraction("154.5"),
    ]  # fmt: skip


def test_the_real_rows_are_those_of_the_textbooks() -> None:
    times, events = times_and_events()
    assert (len(times), sum(events), sum(times)) == (21, 9, 359)


PROSE = re.compile(r"(?<![\w./])\d+\.\d+(?![\w.])")
# Constants of the methods and of the calendar; everything else in prose must be printed in the paper.
CONSTANTS = {"1.96", "0.55", "0.45", "2.5"}
NOTEBOOK_PATHS = [*masters(), NOTEBOOKS / "index.ipynb"]


@pytest.mark.parametrize("path", NOTEBOOK_PATHS, ids=[p.stem for p in NOTEBOOK_PATHS])
def test_prose_holds_no_number_that_could_go_stale(path: Path) -> None:
    printed = {number.text for claim in facts().paper.claims for number in claim.printed.values()}
    for cell in read_notebook(path)["cells"]:
        if cell["cell_type"] == "markdown" and "Further reading" not in cell["source"]:
            assert set(PROSE.findall(cell["source"])) <= CONSTANTS | printed, cell["source"][:80]
