"""A state that prints a landmark lies in its strip, by exact arithmetic near the edges; hulls over pieces are hulls."""

from __future__ import annotations

import random
from fractions import Fraction
from math import log

import numpy as np
import pytest

from helpers.inversion.certify.strip import Strip, strip_of
from helpers.inversion.history import State
from helpers.inversion.printing import prints_landmark
from tests.inversion.brute import Print
from tests.inversion.making import CONVENTIONS, landmark

PRINTS = (
    Print("62", "51", "75"),
    Print("62.3", "51.0", "76.1"),
    Print(None, "51", "75"),
    Print("97", "91", "100"),
    Print("99.5", "96", None),
    Print("3", "0", "9"),
    Print("0.6", None, None, percent=False),
    Print("100", "100", "100"),
    Print("0.68", "0.48", "0.88", percent=False, level="0.9"),
)


def near_the_edge(mark, strip, rng):
    """A state near the ends of the cell of S and near an end of the strip there, or inside it."""
    unit = next(x.unit for x in (mark.value, mark.ci_low, mark.ci_high) if x) * mark.scale
    centre = mark.value.value * mark.scale if mark.value else (mark.ci_low.value + mark.ci_high.value) / 2 * mark.scale
    s = centre + unit * Fraction(rng.choice([0, 20, -30, 49, 50, 51, -49, -50, -51, 99, 100]), 100)
    if not 0 < s < 1:
        return s, Fraction(0)
    piece = int(-log(float(s)) // strip.step)
    low, high = float(strip.low[piece]), float(strip.high[piece])
    if low > high:
        low, high = 0.5, 1.0
    high = min(high, 1.0)
    edge = rng.choice([low, high, (low + high) / 2, low + (high - low) * rng.random()])
    return s, Fraction(max(edge, 0.0) * (1 + rng.choice([-1, 1]) * 10 ** rng.uniform(-8, -2)))


@pytest.mark.parametrize("what", PRINTS, ids=lambda p: "/".join(str(t) for t in p.texts))
def test_what_prints_lies_inside(what):
    rng = random.Random(str(what))
    mark = landmark(what)
    printed = outside = 0
    for convention in CONVENTIONS:
        step = 10 ** rng.uniform(-3.5, -1.5)
        strip = strip_of((mark,), (convention,), step, int(7 / step), 8)
        for _ in range(30):
            s, g = near_the_edge(mark, strip, rng)
            if not 0 < s < 1 or not 0 < g < 1 - s:
                continue
            low, high = strip.over(int(-log(float(s)) // step), 1, 0, 0)
            inside = bool(low[0] <= float(g) <= high[0])
            prints = prints_landmark(State(s, g, 3), mark, convention)
            assert inside or not prints, (convention, s, g)
            printed += prints
            outside += not inside
    assert printed > 10 or what.texts == ("100", "100", "100")
    assert outside > 20 or what.low is None


def test_several_landmarks_of_one_moment_must_all_print():
    one, other = landmark(Print("62", "51", "73")), landmark(Print("62.3", None, None))
    both = strip_of((one, other), CONVENTIONS[:1], 1e-4, 10_000, 4)
    alone = strip_of((one,), CONVENTIONS[:1], 1e-4, 10_000, 4)
    assert alone.rows[0] <= both.rows[0] < both.rows[1] <= alone.rows[1]
    assert both.rows[1] - both.rows[0] < alone.rows[1] - alone.rows[0]
    nothing = strip_of((one, landmark(Print("70", None, None))), CONVENTIONS, 1e-3, 1000, 4)
    assert nothing.rows == (0, 0)


def test_hulls_over_pieces():
    rng = np.random.default_rng(3)
    low = np.where(rng.random(50) < 0.3, np.inf, rng.random(50))
    high = np.where(np.isinf(low), -np.inf, low + rng.random(50))
    strip = Strip(0.1, low, high, 9)
    for _ in range(300):
        before, after = sorted(rng.integers(-9, 10, 2).tolist())
        first = int(rng.integers(0, 40))
        number = int(rng.integers(1, 51 - first))
        a, b = strip.over(first, number, before, after)
        for i in range(number):
            part = slice(max(0, first + i + before), max(0, first + i + after + 1))
            assert a[i] == low[part].min(initial=np.inf)
            assert b[i] == high[part].max(initial=-np.inf)
