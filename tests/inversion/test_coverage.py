"""Ten thousand made-up studies: whatever happened, and however it was printed, the truth is among what is found.

Each study is a random history of 5 to 60 patients (heavy, light and no censoring, S down to 0, S exactly 1/2), printed
at one or two landmarks under a random convention by the brute force's own printing. Where the set can be listed the
truth must stand in it; where it is too large, the truth must be accepted when asked for, and lie in every window.
More of them: ``python -m tests.inversion.test_coverage 100000 7`` (number of studies, seed).
"""

from __future__ import annotations

import sys

import numpy as np

from helpers.conventions import Convention
from helpers.inversion.evidence import Landmark
from helpers.inversion.history import states
from helpers.inversion.search import TooLargeError
from helpers.inversion.solve import bindings, solve
from helpers.inversion.windows import window
from tests.inversion import brute
from tests.inversion.making import CONVENTIONS, landmarks

LISTED, ASKED = 8_000, 2_500
LIST_LIMIT = 200_000


def made_up(rng: np.random.Generator, smallest: int, largest: int) -> tuple[int, str, tuple[int, ...]]:
    """Patients, what happened, and the lengths of the history at one or two landmarks."""
    n = int(rng.integers(smallest, largest + 1))
    share = rng.choice([0.0, 0.1, 0.3, 0.5, 0.8])
    length = int(rng.integers(0, n + 1))
    if rng.random() < 0.1 and n % 2 == 0:
        length, share = n // 2, 0.0
    text = "".join("C" if rng.random() < share else "E" for _ in range(length)).rstrip("C")
    ends = [0, *(i + 1 for i, kind in enumerate(text) if kind == "E")]
    if rng.random() < 0.5:
        return n, text, (int(rng.choice(ends)), len(text))
    return n, text, (len(text),)


def study(
    rng: np.random.Generator, smallest: int, largest: int
) -> tuple[int, str, tuple[int, ...], Convention, tuple[Landmark, ...]]:
    """A made-up study with its printed landmarks."""
    n, history, way = made_up(rng, smallest, largest)
    convention = CONVENTIONS[rng.integers(len(CONVENTIONS))]
    decimals = int(rng.integers(0, 3))
    prints = tuple(brute.print_history(history[:m], n, convention, decimals) for m in way)
    return n, history, way, convention, landmarks(prints)


def in_windows(history: str, n: int, way: tuple[int, ...], marks: tuple[Landmark, ...], convention: Convention) -> bool:
    """Whether the curve lies in the window of every landmark."""
    for mark, m in zip(marks, way, strict=True):
        state, w = states(history, n)[m], window(mark, convention)
        s, g = float(state.survival), float(state.greenwood)
        if not w.s_low <= s <= w.s_high or (0 < s < 1 and not w.g_low <= g <= w.g_high):
            return False
    return True


def misses(cases: int, smallest: int, largest: int, seed: int) -> tuple[list[str], int]:
    """Studies whose truth was lost, and how many sets were listed in full."""
    rng = np.random.default_rng(seed)
    lost, listed = [], 0
    for _ in range(cases):
        n, history, way, convention, marks = study(rng, smallest, largest)
        found = way in bindings(history, n, marks, convention) and in_windows(history, n, way, marks, convention)
        if found and largest <= 16:
            try:
                found = history in solve(n, marks, (convention,), LIST_LIMIT).by_convention.get(convention, ())
                listed += 1
            except TooLargeError:
                pass
        if not found:
            lost.append(f"n={n} {history} {way} {convention} {marks}")
    return lost, listed


def test_no_truth_is_lost_where_sets_are_listed() -> None:
    lost, listed = misses(LISTED, 5, 16, seed=20240101)
    assert not lost, lost[:3]
    assert listed > 0.95 * LISTED


def test_no_truth_is_lost_where_sets_are_large() -> None:
    lost, _ = misses(ASKED, 17, 60, seed=20240102)
    assert not lost, lost[:3]


def test_a_lost_truth_would_be_seen() -> None:
    """The same question about another history than the one that was printed is mostly answered with no."""
    rng = np.random.default_rng(3)
    wrong = 0
    for _ in range(200):
        n, history, way, convention, marks = study(rng, 10, 16)
        other = history[:-1] + "CE" if len(history) < n - 1 else history[:-1]
        wrong += other.rstrip("C") != history and not bindings(other.rstrip("C"), n, marks, convention)
    assert wrong > 100


def main() -> None:
    """Count misses over as many studies as asked for."""
    cases, seed = (int(x) for x in (*sys.argv[1:], "100000", "7")[:2])
    small, listed = misses(cases * 4 // 5, 5, 16, seed)
    large, _ = misses(cases // 5, 17, 60, seed + 1)
    print(f"{cases} studies, {listed} sets listed, {len(small) + len(large)} truths lost")
    for line in (small + large)[:5]:
        print(line)


if __name__ == "__main__":
    main()
