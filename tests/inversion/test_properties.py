"""Random truths, printed by code of our own: the inversion always finds them, and nothing prunes what prints."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpers.conventions import Convention, Interval
from helpers.inversion.history import canonical, event_steps, landmark_prefixes, order_key, states
from helpers.inversion.printing import printed_text, prints_landmark
from helpers.inversion.screen import screen
from helpers.inversion.search import TooLargeError
from helpers.inversion.solve import bindings, solve
from helpers.inversion.windows import window
from helpers.printed import Rounding
from tests.inversion import brute
from tests.inversion.brute import Print
from tests.inversion.making import CONVENTIONS, conventions, landmark, landmarks, thinned, truths

steady = settings(deadline=None, derandomize=True, max_examples=80)
PLAIN_3 = Convention(Interval.PLAIN, "1.96", 3, Rounding.HALF_UP)


@steady
@given(st.integers(1, 14), st.text("EC", max_size=14))
def test_states_are_kaplan_meier_with_greenwood(n, text):
    history = text[:n]
    curve = states(history, n)
    assert len(curve) == len(history) + 1
    for length, state in enumerate(curve):
        survival, variance = brute.curve(history[:length], n)
        assert (state.survival, state.variance, state.at_risk) == (survival, variance, n - length)


@steady
@given(st.text("EC", max_size=12))
def test_words_about_histories(history):
    assert event_steps(history) == tuple(i for i in range(len(history)) if history[i] == "E")
    assert canonical(history) == history[: max(landmark_prefixes(history))]
    assert all(history[:k] == canonical(history[:k]) for k in landmark_prefixes(history))


def test_shorter_histories_come_first_and_events_before_censorings():
    some = ["CE", "EEE", "E", "EE", "", "ECE", "CEE"]
    assert sorted(some, key=order_key) == ["", "E", "EE", "CE", "EEE", "ECE", "CEE"]


@steady
@given(truths())
@example((5, "", PLAIN_3, (Print("100", "100", "100"),)))
@example((5, "EEEEE", PLAIN_3, (Print("0.0", "0.0", "0.0"),)))
@example((6, "EECEEE", PLAIN_3, (Print(None, "29.1", None), Print("0.0", None, None))))
def test_the_truth_is_always_found(truth):
    n, history, convention, prints = truth
    try:
        found = solve(n, landmarks(prints), (convention,))
    except TooLargeError:
        assert all(sum(text is not None for text in p.texts) < 3 for p in prints)
        return
    assert history in found.histories
    assert history in found.by_convention[convention]


@steady
@given(truths(largest=12))
def test_what_is_found_prints_every_number_and_says_where(truth):
    n, _, convention, prints = truth
    marks = landmarks(prints)
    for history in solve(n, marks, (convention,)).histories[:40]:
        ways = bindings(history, n, marks, convention)
        assert ways
        for way in ways:
            assert way[-1] == len(history)
            assert list(way) == sorted(way)
            for length, what in zip(way, prints, strict=True):
                assert history[:length] == canonical(history[:length])
                assert brute.agrees(history[:length], n, what, convention)


@steady
@given(truths(smallest=2, largest=9, marks=(1, 1)), st.sampled_from(["0.95", "0.9", "0.99", "0.8"]))
def test_exact_printing_agrees_with_the_brute_force(truth, level):
    n, history, convention, (what,) = truth
    decimals = len(next(t for t in what.texts if t is not None).partition(".")[2])
    scale = Fraction(1, 100) if what.percent else Fraction(1)
    mark = landmark(replace(brute.print_history(history, n, convention, decimals, what.percent, level)))
    for other in {history, *(history[:k] for k in landmark_prefixes(history)), "E", "CE"}:
        state = states(other[:n], n)[-1]
        texts = tuple(printed_text(state, convention, sign, decimals, scale, Fraction(level)) for sign in (0, -1, 1))
        shown = brute.print_history(other[:n], n, convention, decimals, what.percent, level)
        assert texts == shown.texts
        agrees = shown.texts == (mark.value.text, mark.ci_low.text, mark.ci_high.text)
        assert prints_landmark(state, mark, convention) == agrees


@steady
@given(truths(smallest=1, largest=10, marks=(1, 1)), st.sampled_from(["0.95", "0.9", "0.99"]))
def test_windows_hold_every_state_that_prints(truth, level):
    n, history, convention, (what,) = truth
    decimals = len(next(t for t in what.texts if t is not None).partition(".")[2])
    whole = brute.print_history(history, n, convention, decimals, what.percent, level)
    kept = sum(bit for bit, text in zip((1, 2, 4), what.texts, strict=True) if text is not None)
    what = thinned(whole, kept)
    w = window(landmark(what), convention)
    assert not w.empty
    for other in brute.all_histories(n) if n <= 7 else [history]:
        if brute.agrees(other, n, what, convention):
            survival, variance = brute.curve(other, n)
            assert w.s_low <= survival <= w.s_high
            if 0 < survival < 1:
                assert w.g_low <= float(variance / survival**2) <= w.g_high


@steady
@given(truths(smallest=2, largest=9, marks=(1, 1)))
def test_the_screen_is_sure_only_of_what_prints_and_gives_up_nothing_that_prints(truth):
    n, history, convention, (what,) = truth
    others = brute.all_histories(n)[:: 1 if n < 8 else 3] + [history]
    curve = [states(h, n)[-1] for h in others]
    with np.errstate(divide="ignore"):
        log_s = np.log(np.array([float(s.survival) for s in curve]))
    g = np.array([float(s.greenwood) for s in curve])
    sure, doubtful = screen(log_s, g, landmark(what), convention)
    assert not (sure & doubtful).any()
    exact = np.array([brute.agrees(h, n, what, convention) for h in others])
    assert exact[-1]
    assert not (sure & ~exact).any()
    assert not (exact & ~sure & ~doubtful).any()


def test_the_screen_decides_nearly_everything_itself():
    """It is no use if all it says is doubtful."""
    n, convention = 12, CONVENTIONS[0]
    curve = [states(h, n)[-1] for h in brute.all_histories(n)]
    log_s = np.array([math.log(s.survival) if s.survival else -math.inf for s in curve])
    g = np.array([float(s.greenwood) for s in curve])
    mark = landmark(brute.print_history("EECEEE", n, convention, 2))
    sure, doubtful = screen(log_s, g, mark, convention)
    assert sure.sum() >= 1
    assert doubtful.sum() < len(curve) / 100


@pytest.mark.parametrize("convention", CONVENTIONS[::7], ids=lambda c: c.describe())
@pytest.mark.parametrize(
    "what",
    [
        Print("1", None, "0"),
        Print("98.9", "99", None),
        Print("99", "99", "99"),
        Print("50", "60", "70"),
        Print("50", "60", "40"),
        Print("0", "10", "20"),
        Print("100", "90", "95"),
        Print("100", "0", "100"),
        Print("0", "0", "100"),
        Print(None, "99", "100"),
        Print(None, "0", "0"),
        Print(None, None, "0"),
        Print(None, "100", None),
        Print("99.9", None, "100.0"),
        Print("0.1", "0.0", "0.2"),
        Print("0.0000000000001", "0.00", None),
    ],
    ids=str,
)
def test_nonsense_in_print_gives_the_brute_force_set_and_no_crash(what, convention):
    """A paper may print an interval that does not hold its estimate; the loader lets it through, with a warning."""
    expected = brute.solutions(6, (what,), convention)
    assert set(solve(6, (landmark(what),), (convention,)).histories) == expected


@steady
@given(conventions, st.integers(3, 8), st.integers(0, 2))
def test_more_fields_never_allow_more(convention, n, decimals):
    whole = brute.print_history("ECE", n, convention, decimals)
    for kept in (1, 2, 4):
        fewer = set(solve(n, (landmark(thinned(whole, kept)),), (convention,)).histories)
        more = set(solve(n, (landmark(whole),), (convention,)).histories)
        assert "ECE" in more <= fewer
