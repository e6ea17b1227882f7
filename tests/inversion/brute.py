"""Brute force, written apart from `helpers.inversion`: every string over E and C, curve, rounding, limits, digits.

Nothing of `helpers` is imported; a convention is anything with the attributes interval, z, rounded_to and rounding.
Rational numbers are fractions; irrational ones are decimals of 50 digits, which is never near enough to a rounding
boundary to matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from functools import cache
from itertools import product
from math import isqrt
from typing import Any

DIGITS = Context(prec=50)
_WIDE = Context(prec=70)
MODES = {"half-up": ROUND_HALF_UP, "half-even": ROUND_HALF_EVEN, "truncation": ROUND_DOWN}
Real = Fraction | Decimal


@dataclass(frozen=True)
class Print:
    """What a paper prints at one time; None where it prints nothing."""

    value: str | None
    low: str | None
    high: str | None
    percent: bool = True
    level: str = "0.95"

    @property
    def texts(self) -> tuple[str | None, str | None, str | None]:
        return self.value, self.low, self.high


def all_histories(n: int) -> list[str]:
    """The empty string and every string of at most n steps that ends in E."""
    return ["", *("".join(head) + "E" for k in range(n) for head in product("EC", repeat=k))]


@cache
def curve(history: str, n: int) -> tuple[Fraction, Fraction]:
    """S and its Greenwood variance at the end of a history, patient by patient; variance 0 where S is 0 or 1."""
    survival, sum_of_terms = Fraction(1), Fraction(0)
    for position, what in enumerate(history):
        at_risk = n - position
        if what == "E":
            survival -= survival / at_risk
            sum_of_terms += Fraction(1, at_risk * (at_risk - 1)) if at_risk > 1 else 0
    return survival, survival * survival * sum_of_terms


def to_decimal(x: Real, context: Context = DIGITS) -> Decimal:
    return x if isinstance(x, Decimal) else context.divide(Decimal(x.numerator), Decimal(x.denominator))


def root(x: Fraction) -> Real:
    """A fraction where the root is rational, else 50 digits of it."""
    a, b = isqrt(x.numerator), isqrt(x.denominator)
    if a * a == x.numerator and b * b == x.denominator:
        return Fraction(a, b)
    return DIGITS.sqrt(to_decimal(x, _WIDE))


def round_fraction(x: Fraction, decimals: int, rule: str) -> Fraction:
    """By counting whole units and looking at what is left."""
    units, rest = divmod(abs(x.numerator) * 10**decimals, x.denominator)
    twice = 2 * rest
    if rule == "half-up":
        units += twice >= x.denominator
    elif rule == "half-even":
        units += twice > x.denominator or (twice == x.denominator and units % 2 == 1)
    return Fraction(units if x > 0 else -units, 10**decimals)


def rounded(x: Real, decimals: int, rule: str) -> Fraction:
    if isinstance(x, Fraction):
        return round_fraction(x, decimals, rule)
    return Fraction(x.quantize(Decimal(1).scaleb(-decimals), rounding=MODES[rule], context=DIGITS))


def text_of(x: Real, decimals: int, rule: str) -> str:
    """The digits, written by `decimal`; never a negative zero."""
    number = rounded(x, decimals, rule)
    return f"{to_decimal(number) + 0:.{decimals}f}"


@cache
def normal_quantile(level: str) -> Decimal:
    """The two-sided normal quantile by Newton's method on the power series of its distribution, to 50 digits."""
    with localcontext(Context(prec=80)):
        pi = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803")
        z = Decimal("1.8")
        for _ in range(9):
            term, total, k = z, z, 0
            while abs(term) > Decimal("1e-75"):
                k += 1
                term = -term * z * z / (2 * k)
                total += term / (2 * k + 1)
            density = (-z * z / 2).exp() / (2 * pi).sqrt()
            z -= (total / (2 * pi).sqrt() - Decimal(level) / 2) / density
    return DIGITS.plus(z)


@cache
def multiplier(name: str, level: str = "0.95") -> Decimal:
    """z as named: the quantile, or the same rounded to two decimals (1.96 for 95 %)."""
    z = normal_quantile(level)
    return z.quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN) if name == "1.96" else z


@cache
def numbers(survival: Fraction, variance: Fraction, convention: Any, level: str = "0.95") -> tuple[Real, Real, Real]:
    """Estimate, lower and upper limit as proportions, before the last rounding, kept between 0 and 1."""
    s: Fraction = survival
    error: Real = root(variance)
    if convention.rounded_to is not None:
        s = round_fraction(s, convention.rounded_to, convention.rounding)
        error = rounded(error, convention.rounded_to, convention.rounding)
    if error == 0 or s in (0, 1):
        return s, s, s
    z = multiplier(convention.z, level)
    low, high = (_limit(s, error, sign, z, convention.interval) for sign in (-1, 1))
    return s, max(low, Fraction(0)), min(high, Fraction(1))


def _limit(s: Fraction, error: Real, sign: int, z: Decimal, interval: str) -> Real:
    if interval == "plain" and isinstance(error, Fraction):
        return s + sign * Fraction(z) * error
    c = DIGITS
    half = c.multiply(sign * z, to_decimal(error))
    if interval == "plain":
        return c.add(to_decimal(s), half)
    relative = c.divide(half, to_decimal(s))
    if interval == "log":
        return c.multiply(to_decimal(s), c.exp(relative))
    log_s = c.ln(to_decimal(s))
    return c.exp(c.multiply(log_s, c.exp(c.divide(relative, log_s))))


@cache
def printed(
    survival: Fraction,
    variance: Fraction,
    convention: Any,
    decimals: int,
    percent: bool = True,
    level: str = "0.95",
) -> tuple[str, str, str]:
    """The three texts of a landmark."""
    factor = 100 if percent else 1
    value, low, high = (
        text_of(x * factor, decimals, convention.rounding) for x in numbers(survival, variance, convention, level)
    )
    return value, low, high


def print_history(
    history: str, n: int, convention: Any, decimals: int, percent: bool = True, level: str = "0.95"
) -> Print:
    """All three numbers that a history prints."""
    return Print(*printed(*curve(history, n), convention, decimals, percent, level), percent, level)


def agrees(history: str, n: int, what: Print, convention: Any) -> bool:
    """Whether a history prints every text that is there."""
    for k, text in enumerate(what.texts):
        if text is not None:
            decimals = len(text.partition(".")[2])
            if printed(*curve(history, n), convention, decimals, what.percent, what.level)[k] != text:
                return False
    return True


def solutions(n: int, prints: tuple[Print, ...], convention: Any) -> set[str]:
    """Every history that prints the last landmark at its end and the earlier ones on the way, in their order."""
    found = {h for h in all_histories(n) if agrees(h, n, prints[-1], convention)}
    if len(prints) == 1:
        return found
    before = solutions(n, prints[:-1], convention)
    return {h for h in found if any(h[:k] in before for k in range(len(h) + 1))}
