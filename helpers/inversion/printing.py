"""From a curve to print, exactly: what a state prints under a convention, and whether it prints given digits.

Square roots are compared by their squares in rational arithmetic. The log and log-log intervals are transcendental
wherever 0 < S < 1, so they never lie on a rounding boundary; they are evaluated to ever more digits until the answer
is certain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache

from helpers.conventions import Convention, Interval, z_value
from helpers.inversion.evidence import Landmark
from helpers.inversion.history import State
from helpers.printed import Cell, PrintedNumber, Rounding, round_root, round_to, show

_PRECISIONS = (40, 80, 160, 320)


class UndecidedError(ArithmeticError):
    """A value could not be told from a rounding boundary at the highest precision."""


@dataclass(frozen=True)
class Shown:
    """S and the square of the standard error as they enter the interval: rounded first, or at full precision."""

    survival: Fraction
    variance: Fraction


@lru_cache(maxsize=200_000)
def shown(state: State, rounded_to: int | None, rounding: Rounding) -> Shown:
    """Round S and se first where the convention says so."""
    if rounded_to is None:
        return Shown(state.survival, state.variance)
    error = round_root(state.variance, rounded_to, rounding)
    return Shown(round_to(state.survival, rounded_to, rounding), error * error)


def prints_landmark(state: State, landmark: Landmark, convention: Convention) -> bool:
    """Whether a state prints every field that a landmark still has."""
    s = shown(state, convention.rounded_to, convention.rounding)

    def fits(number: PrintedNumber | None, sign: int) -> bool:
        if number is None:
            return True
        cell = _cell(number, convention.rounding, landmark.scale)
        return _position(s, convention, landmark.level, sign, cell) == 0

    return fits(landmark.value, 0) and fits(landmark.ci_low, -1) and fits(landmark.ci_high, 1)


@lru_cache(maxsize=4096)
def _cell(number: PrintedNumber, rounding: Rounding, scale: Fraction) -> Cell:
    """The proportions that print as a number; worked out once, as every state is compared with it."""
    return number.cell(rounding).scaled(scale)


def printed_text(
    state: State, convention: Convention, sign: int, decimals: int, scale: Fraction, level: Fraction
) -> str:
    """The digits a state prints: the estimate (sign 0), its lower (-1) or upper limit (1), cut to [0, 1].

    >>> from helpers.inversion.history import states
    >>> from helpers.printed import Rounding
    >>> convention = Convention(Interval.PLAIN, "1.96", 3, Rounding.HALF_UP)
    >>> state = states("EEEEEECE", 22)[-1]
    >>> [printed_text(state, convention, k, 2, Fraction(1, 100), Fraction(95, 100)) for k in (0, -1, 1)]
    ['67.90', '48.30', '87.50']
    """
    s = shown(state, convention.rounded_to, convention.rounding)
    rough = min(1.0, max(0.0, _rough(s, convention, level, sign)))
    unit = Fraction(1, 10**decimals)
    guess = round_to(Fraction(rough) / scale, decimals, convention.rounding)
    for candidate in (guess, guess - unit, guess + unit):
        if candidate < 0 or candidate * scale > 1:
            continue
        text = show(candidate, decimals)
        if _position(s, convention, level, sign, PrintedNumber(text).cell(convention.rounding).scaled(scale)) == 0:
            return text
    raise UndecidedError(f"no text with {decimals} decimals fits {rough}")


def _position(s: Shown, convention: Convention, level: Fraction, sign: int, cell: Cell) -> int:
    """Where the printed quantity lies: -1 below the cell, 0 inside, 1 above. Values outside [0, 1] may be capped."""
    capped = Fraction(1) if sign > 0 else Fraction(0)
    compare = _comparison(s, convention, level, sign)
    if sign and capped in cell and compare(capped) == sign:
        return 0
    low = compare(cell.low)
    if low < 0 or (low == 0 and not cell.low_closed):
        return -1
    high = compare(cell.high)
    return 1 if high > 0 or (high == 0 and not cell.high_closed) else 0


def side_of(s: Shown, convention: Convention, level: Fraction, sign: int, x: Fraction) -> int:
    """On which side of a rational the estimate (sign 0) or a limit lies, before it is rounded: -1, 0 or 1, exactly."""
    return _comparison(s, convention, level, sign)(x)


def _comparison(s: Shown, convention: Convention, level: Fraction, sign: int) -> Callable[[Fraction], int]:
    """A function that tells on which side of a rational the printed quantity lies: -1, 0 or 1."""
    if sign == 0 or s.variance == 0 or s.survival in (0, 1):
        return lambda x: _sign(s.survival - x)
    z = z_value(convention.z, level)
    if convention.interval is Interval.PLAIN:
        z_squared = Fraction(z) ** 2
        return lambda x: _sign_with_root(s.survival - x, sign, z_squared * s.variance)
    return lambda x: _sign_of_transcendental(s, convention.interval, sign, z, x)


def _sign(x: Fraction) -> int:
    return (x > 0) - (x < 0)


def _sign_with_root(rational: Fraction, sign: int, square: Fraction) -> int:
    """The sign of ``rational + sign * sqrt(square)``, exactly."""
    if _sign(rational) == sign or rational == 0:
        return sign if square else _sign(rational)
    return _sign(rational) * _sign(rational**2 - square)


def _sign_of_transcendental(s: Shown, interval: Interval, sign: int, z: Decimal, x: Fraction) -> int:
    if x <= 0 or (x >= 1 and interval is Interval.LOG_LOG):  # such limits lie above 0, log-log ones below 1 as well
        return 1 if x <= 0 else -1
    for digits in _PRECISIONS:
        context = Context(prec=digits)
        gap = context.subtract(_limit(s, interval, sign, z, context), _decimal(x, context))
        if abs(gap) > Decimal(10) ** (12 - digits):
            return 1 if gap > 0 else -1
    raise UndecidedError(f"{interval} limit of S = {s.survival} cannot be told from {x}")


def _limit(s: Shown, interval: Interval, sign: int, z: Decimal, context: Context) -> Decimal:
    survival = _decimal(s.survival, context)
    root_g = context.divide(context.sqrt(_decimal(s.variance, context)), survival)
    width = context.multiply(context.multiply(z, Decimal(sign)), root_g)
    if interval is Interval.LOG:
        return context.multiply(survival, context.exp(width))
    log_s = context.ln(survival)
    # The exponent is inverted because ln S is negative: the upper limit takes the smaller power.
    power = context.exp(context.divide(width, log_s))
    return context.exp(context.multiply(power, log_s))


def _decimal(x: Fraction, context: Context) -> Decimal:
    return context.divide(Decimal(x.numerator), Decimal(x.denominator))


def _rough(s: Shown, convention: Convention, level: Fraction, sign: int) -> float:
    if sign == 0 or s.variance == 0 or s.survival in (0, 1):
        return float(s.survival)
    z = z_value(convention.z, level)
    if convention.interval is Interval.PLAIN:
        return float(s.survival) + sign * float(z) * float(s.variance) ** 0.5
    return float(_limit(s, convention.interval, sign, z, Context(prec=_PRECISIONS[0])))
