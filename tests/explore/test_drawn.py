"""A drawn timeline prints what it was drawn from; best and worst cases enclose it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.estimators.kaplan_meier import survival_table
from helpers.explore.answer import full_answer
from helpers.explore.drawn import Drawn, best_case, censored_marks, draw, survival_steps, worst_case
from helpers.explore.state import State

rows = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 1)), min_size=1, max_size=20)


def at(steps, day: float) -> float:
    return [s for d, s in steps if d <= day][-1]


@given(rows)
def test_the_steps_are_those_of_the_estimator(some) -> None:
    days, events = zip(*some, strict=True)
    table = survival_table(np.array(days), np.array(events))
    steps = survival_steps(days, events)
    for day, survival in zip(table["time"], table["survival"], strict=True):
        assert at(steps, day) == pytest.approx(survival, abs=1e-12)


@given(rows)
def test_the_worst_case_lies_below_and_the_best_above(some) -> None:
    days, events = zip(*sorted(some, key=lambda r: (r[0], -r[1])), strict=True)
    drawn = Drawn(State(), "OS", 1, tuple(days), tuple(events))
    curve, best, worst = survival_steps(days, events), best_case(drawn), worst_case(drawn)
    last = max(days)
    for day in range(last):  # on the last day the best case loses those who stayed
        assert at(worst, day) <= at(curve, day) + 1e-12
        assert at(curve, day) <= at(best, day) + 1e-12
    assert at(worst, last) == 0
    assert at(best, last) == pytest.approx(1 - sum(events) / len(events))


def test_a_draw_is_of_one_of_the_histories_and_its_seed_draws_it_again() -> None:
    state = State()
    drawn = draw(state, 5)
    assert len(drawn.days) == 22
    assert drawn == draw(state, 5) and drawn != draw(state, 6)
    assert any(drawn.history.startswith(c.history) for c in full_answer(state).courses)
    assert at(survival_steps(drawn.days, drawn.events), 182) == pytest.approx(0.679, abs=5e-4)
    assert at(survival_steps(drawn.days, drawn.events), 365) == pytest.approx(0.411, abs=5e-4)
    assert len(censored_marks(drawn)) == 22 - sum(drawn.events)
