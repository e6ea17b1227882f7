"""The inversion finds what a brute force over all strings finds, nothing less and nothing more."""

from __future__ import annotations

import random

import pytest

from helpers.conventions import Convention, Interval
from helpers.inversion.solve import solve
from helpers.printed import Rounding
from tests.inversion import brute
from tests.inversion.making import CONVENTIONS, landmarks, thinned, truncated_history

FIELDS = (7, 3, 5, 6, 1, 2, 4, 7)


def cases(n: int):
    """One printed truth for every convention: one or two landmarks, 0 to 2 decimals, fields missing in turn."""
    rng = random.Random(1000 + n)
    for k, convention in enumerate(CONVENTIONS):
        history = truncated_history("".join(rng.choice("EEC") for _ in range(rng.randint(0, n))))
        ends = [0, *(i + 1 for i, what in enumerate(history) if what == "E")]
        lengths = sorted([rng.choice(ends)] if k % 2 else []) + [len(history)]
        decimals, percent = rng.randint(0, 2), rng.random() < 0.7
        prints = tuple(
            thinned(
                brute.print_history(history[:m], n, convention, decimals if percent else decimals + 2, percent),
                rng.choice(FIELDS),
            )
            for m in lengths
        )
        yield convention, history, prints


@pytest.mark.parametrize("n", range(1, 10))
def test_every_convention_gives_the_brute_force_set(n):
    for convention, history, prints in cases(n):
        found = solve(n, landmarks(prints), (convention,))
        expected = brute.solutions(n, prints, convention)
        assert history in expected
        assert set(found.histories) == expected, (convention, prints)
        assert list(found.histories) == sorted(expected, key=lambda h: (len(h), h.replace("E", "0").replace("C", "1")))


@pytest.mark.parametrize("n", [4, 7, 9])
def test_all_conventions_at_once_give_the_brute_force_sets(n):
    for _, _, prints in list(cases(n))[:: 9 if n < 9 else 24]:
        found = solve(n, landmarks(prints), CONVENTIONS)
        expected = {c: brute.solutions(n, prints, c) for c in CONVENTIONS}
        assert {c: set(h) for c, h in found.by_convention.items()} == {c: h for c, h in expected.items() if h}


def misprint(text: str, largest: int, rng: random.Random) -> str:
    """One wrong digit; never above 100 %, which no study folder may hold, and no needless zero in front."""
    places = [i for i, c in enumerate(text) if c.isdigit()]
    wrong = [text[:i] + d + text[i + 1 :] for i in places for d in "0123456789" if d != text[i]]
    good = [t for t in wrong if float(t) <= largest and not (len(t.partition(".")[0]) > 1 and t[0] == "0")]
    return rng.choice(good or ["99"])


@pytest.mark.parametrize("n", [3, 6, 8])
def test_misprints_are_refused_exactly_where_the_brute_force_refuses_them(n):
    rng = random.Random(n)
    refused = 0
    for convention, _, prints in cases(n):
        last = prints[-1]
        name = rng.choice([f for f in ("value", "low", "high") if getattr(last, f) is not None])
        wrong = misprint(getattr(last, name), 100 if last.percent else 1, rng)
        changed = (*prints[:-1], brute.Print(**{**vars(last), name: wrong}))
        expected = brute.solutions(n, changed, convention)
        refused += not expected
        assert set(solve(n, landmarks(changed), (convention,)).histories) == expected, (convention, changed)
    assert refused > 10


@pytest.mark.parametrize("rounded_to", [0, 1, 5, 7, 10])
@pytest.mark.parametrize("interval", list(Interval))
def test_unusual_first_roundings_that_a_study_may_fix(rounded_to, interval):
    """study.yaml allows rounded_to from 0 to 10."""
    for rounding in Rounding:
        convention = Convention(interval, "1.96", rounded_to, rounding)
        for history in ("E", "EECE", "ECEEE", "EEECCE"):
            what = brute.print_history(history, 7, convention, 2)
            found = solve(7, landmarks((what,)), (convention,))
            assert set(found.histories) == brute.solutions(7, (what,), convention), (convention, what)
