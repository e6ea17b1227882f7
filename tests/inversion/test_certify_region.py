"""Boxes called certain print throughout, boxes called impossible nowhere, by exact arithmetic at points inside."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

from helpers.inversion.certify.region import Boxes, classify, printing_pairs
from helpers.inversion.history import State
from helpers.inversion.printing import prints_landmark
from tests.inversion.brute import Print
from tests.inversion.making import CONVENTIONS, landmark

PRINTS = (
    Print("62", "51", "75"),
    Print("62.3", "51.0", "76.1"),
    Print("62.4", None, "76.1"),
    Print(None, "51", "75"),
    Print("97", "91", "100"),
    Print("3", "0", "9"),
    Print("4", "0.3", None),
    Print("0.68", "0.48", "0.88", percent=False),
)


def likely(what: Print) -> tuple[float, float]:
    """About where S and its standard error lie."""
    unit = 0.01 if what.percent else 1.0
    value, low, high = (None if t is None else float(t) * unit for t in what.texts)
    s = value if value is not None else (low + high) / 2
    error = (high - low) / 3.92 if None not in (low, high) else abs((high if low is None else low) - s) / 1.96
    return s, error


@pytest.mark.parametrize("what", PRINTS, ids=lambda p: "/".join(str(t) for t in p.texts))
def test_verdicts_hold_at_points_of_the_boxes(what):
    rng = random.Random(str(what))
    mark = landmark(what)
    seen = [0, 0, 0]
    centre, error = likely(what)
    unit = float(next(x for x in (mark.ci_low, mark.ci_high) if x).unit * mark.scale)
    for convention in CONVENTIONS:
        for _ in range(15):
            s = min(0.9999, max(1e-4, centre + rng.gauss(0, 0.5) * unit))
            g = ((error + rng.gauss(0, 0.3) * unit) / s) ** 2
            width = 10 ** rng.uniform(-5, -1.5)
            low, high = s * (1 - width), min(0.99999, s * (1 + width))
            g_low, g_high = g * (1 - width), g * (1 + width)
            box = Boxes(*(np.array([x]) for x in (np.log(low), np.log(high), g_low, g_high)))
            certain, possible = (bool(v[0]) for v in classify(box, mark, convention))
            assert possible or not certain
            seen[certain + possible] += 1
            for _ in range(6):
                point = (rng.choice([low, high, rng.uniform(low, high)]), rng.choice([g_low, g_high, g]))
                point = (min(max(point[0], low * (1 + 1e-12)), high * (1 - 1e-12)), point[1])
                fits = prints_landmark(State(Fraction(point[0]), Fraction(point[1]), 5), mark, convention)
                assert fits or not certain, (convention, point)
                assert possible or not fits, (convention, point)
    assert min(seen) > 3, seen


def test_rounded_pairs_are_decided_exactly():
    rng = random.Random(2)
    for convention in (c for c in CONVENTIONS if c.rounded_to in (2, 3)):
        scale = 10**convention.rounded_to
        for what in PRINTS[::2]:
            mark = landmark(what)
            centre = round(float(mark.value.value * mark.scale) * scale) if mark.value else scale // 2
            first, last, right = max(0, centre - 3), min(scale, centre + 3), scale // 9
            table = printing_pairs(mark, convention, first, last, 0, right)
            assert table.shape == (last - first + 1, right + 1)
            for _ in range(25):
                i, j = rng.randint(first, last), rng.choice([0, 1, rng.randint(0, right)])
                green = Fraction(j, i) ** 2 if i else Fraction(0)
                exact = prints_landmark(State(Fraction(i, scale), green, 3), mark, convention)
                assert table[i - first, j] == exact, (convention, what, i, j)
