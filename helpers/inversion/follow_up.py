"""The printed median follow-up on the surviving histories: SPSS's formula on the curve with E and C exchanged.

What happens after the last landmark is not known, so every course of the patients left is gone through. Deaths and
losses are taken to fall on different days, so that no tie rule of reverse Kaplan-Meier matters; the days of the
landmarks are not used, which can only add possibilities.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from helpers.inversion.medians import MedianCase, PrintedMedian, day_pairs, median_cases
from helpers.inversion.solve import Solution
from helpers.printed import PrintedNumber, Rounding, round_to, show

MOST_COURSES = 4096
FLIP = str.maketrans("EC", "CE")


def full_courses(solution: Solution) -> Iterator[str] | None:
    """Every surviving history with every course of the patients left; None if they are too many."""
    histories = solution.histories
    if not histories or sum(2.0 ** (solution.n - len(h)) for h in histories) > MOST_COURSES:
        return None
    return (h + "".join(tail) for h in histories for tail in product("EC", repeat=solution.n - len(h)))


def follow_up_texts(
    solution: Solution, median: PrintedMedian, name: str, roundings: tuple[Rounding, ...], longest: int
) -> set[str] | None:
    """What one number of a printed median follow-up can show, given the two others and the surviving histories.

    None where the courses are too many to go through, or none reaches the median follow-up.
    """
    courses = full_courses(solution)
    number: PrintedNumber | None = getattr(median, name)
    if courses is None or number is None:
        return None
    rest = median.without(name)
    texts: set[str] = set()
    for course in courses:
        for case in median_cases(course.translate(FLIP), solution.n):
            for rounding in roundings:
                for t, gap in day_pairs(case, rest, rounding, longest):
                    texts.add(printed_by(case, t, gap, name, number, median.day, rounding))
    return texts or None


def printed_by(
    case: MedianCase, t: int, gap: int, name: str, number: PrintedNumber, day: Fraction, rounding: Rounding
) -> str:
    """The digits that SPSS's formula prints for one number of a median."""
    sign = {"value": 0, "ci_low": -1, "ci_high": 1}[name]
    x = t + sign * Fraction(float(case.factor_squared) ** 0.5) * gap
    return show(round_to(x / day, number.decimals, rounding), number.decimals)
