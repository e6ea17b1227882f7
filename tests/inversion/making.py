"""Printed landmarks in the form the inversion reads, from true histories printed by the brute force."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import strategies as st

from helpers.conventions import Convention, all_conventions
from helpers.inversion.evidence import Landmark
from helpers.printed import PrintedNumber
from tests.inversion import brute
from tests.inversion.brute import Print

CONVENTIONS = tuple(all_conventions())
conventions = st.sampled_from(CONVENTIONS)


def number(text: str | None) -> PrintedNumber | None:
    return None if text is None else PrintedNumber(text)


def landmark(what: Print, name: str = "mark", day: int = 180) -> Landmark:
    """A printed landmark as the code under test wants it."""
    scale = Fraction(1, 100) if what.percent else Fraction(1)
    low, high = number(what.low), number(what.high)
    return Landmark(name, Fraction(day), number(what.value), low, high, scale, Fraction(what.level))


def landmarks(prints: tuple[Print, ...]) -> tuple[Landmark, ...]:
    return tuple(landmark(what, f"mark{k}", 180 * (k + 1)) for k, what in enumerate(prints))


def thinned(what: Print, kept: int) -> Print:
    """Only the fields whose bit is set: 1 the estimate, 2 the lower limit, 4 the upper limit."""
    return replace(
        what,
        value=what.value if kept & 1 else None,
        low=what.low if kept & 2 else None,
        high=what.high if kept & 4 else None,
    )


def truncated_history(text: str) -> str:
    return text.rstrip("C")


@st.composite
def truths(
    draw: st.DrawFn, smallest: int = 3, largest: int = 16, marks: tuple[int, int] = (1, 2)
) -> tuple[int, str, Convention, tuple[Print, ...]]:
    """`(n, history, convention, prints)`: a true history, and what is printed of it under a convention.

    The history may be empty (S = 1) and may end with the last patient (S = 0). Every landmark keeps at least one
    field, the last one of them included.
    """
    n = draw(st.integers(smallest, largest))
    history = truncated_history(draw(st.text("EC", min_size=0, max_size=n)))
    convention = draw(conventions)
    ends = [0, *(i + 1 for i, what in enumerate(history) if what == "E")]
    earlier = draw(st.lists(st.sampled_from(ends), min_size=marks[0] - 1, max_size=marks[1] - 1))
    percent, decimals = draw(st.booleans()), draw(st.integers(0, 2))
    prints = []
    for length in (*sorted(earlier), len(history)):
        shown = decimals if percent else decimals + 2
        whole = brute.print_history(history[:length], n, convention, shown, percent)
        prints.append(thinned(whole, draw(st.sampled_from((7, 7, 3, 5, 6, 1, 2, 4)))))
    return n, history, convention, tuple(prints)
