"""What a wrong number says about how it came about: a percent for a share, a complement, digits lost on the way."""

from __future__ import annotations

from fractions import Fraction

from helpers.printed import Rounding, round_to
from helpers.teaching.numerals import plainly


def about_number(
    given: Fraction, truth: Fraction, decimals: int, share: bool, least: float | None, most: float | None
) -> str:
    """A sentence about a wrong number, which never tells the right one.

    Parameters
    ----------
    given, truth : what was given, and what is right.
    decimals : to which the answer is asked for.
    share : whether it is a proportion.
    least, most : what the quantity can be at all.

    Examples
    --------
    >>> about_number(Fraction(25), Fraction(1, 4), 2, True, 0, 1)
    'that is a percentage; a share between 0 and 1 is asked for, so divide by 100'
    >>> about_number(Fraction(3, 4), Fraction(1, 4), 2, True, 0, 1)
    'that is the other part: what you have and what is asked for add up to 1'
    """
    near = Fraction(1, 2 * 10**decimals)

    def is_near(x: Fraction, factor: int = 1) -> bool:
        return abs(given - x) <= near * factor

    if share and is_near(100 * truth, 100):
        return "that is a percentage; a share between 0 and 1 is asked for, so divide by 100"
    if not share and abs(truth) > 1 and is_near(truth / 100):
        return "that is a hundredth of it; is a percentage asked for?"
    if truth and is_near(-truth):
        return "the size is right, the sign is not"
    if (least is not None and given < Fraction(least)) or (most is not None and given > Fraction(most)):
        return _outside(given, decimals, least, most)
    if share and is_near(1 - truth):
        return "that is the other part: what you have and what is asked for add up to 1"
    if truth and given and _close(given, 1 / truth):
        return "that is its reciprocal: numerator and denominator have changed places"
    if truth > 0 and given > 0 and _close(given * given, truth) and given != truth:
        return "that is the square root of what is asked for"
    if truth > 0 and given > 0 and _close(given, truth * truth) and given != truth:
        return "that is the square of what is asked for"
    for fewer in range(decimals - 1, -1, -1):
        if given in {round_to(truth, fewer, rule) for rule in Rounding} and given:
            return f"it was rounded too early, to {_decimals(fewer)}; give at least {decimals}"
    return _direction(given, truth, near)


def _outside(given: Fraction, decimals: int, least: float | None, most: float | None) -> str:
    low, high = (None if x is None else plainly(Fraction(x), decimals) for x in (least, most))
    bounds = f"between {low} and {high}" if low and high else (f"at least {low}" if low else f"at most {high}")
    return f"{plainly(given, max(decimals, 2))} cannot be: it must lie {bounds}"


def _direction(given: Fraction, truth: Fraction, near: Fraction) -> str:
    side = "too large" if given > truth else "too small"
    gap = abs(given - truth)
    if gap <= 6 * near:
        return f"very close, but a little {side}; was something rounded on the way?"
    if truth and gap <= abs(truth) / 20:
        return f"{side}, though not by much"
    return f"{side}"


def _close(x: Fraction, y: Fraction) -> bool:
    return abs(x - y) <= abs(y) / 2000


def _decimals(number: int) -> str:
    return {0: "a whole number", 1: "one decimal"}.get(number, f"{number} decimals")
