"""Crossings of 1/2: after which step of a history a curve, or a limit of its interval, is below 1/2, decided exactly.

Floating point decides where the distance from 1/2 is clear, exact arithmetic everywhere else. A step only shows if it
is the last of its day. On a string one event is written at a time, so where several may share a day, which of them
show is a matter of which days are equal: each way to answer comes with its conditions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from functools import lru_cache
from math import exp, log, sqrt

from helpers.conventions import Convention, Interval, z_value
from helpers.inversion.history import EVENT, State, states
from helpers.inversion.printing import Shown, side_of
from helpers.printed import Rounding

HALF = Fraction(1, 2)
_CLEAR = 1e-6
# R calls two numbers equal that differ by less than the root of its machine precision.
_R_TOLERANCE = Fraction(1, 2**26)


class Side(IntEnum):
    """Where S or a limit of it lies. ABOUT: not on 1/2, but so near that R takes it for 1/2. NONE: S is 0, no limit."""

    BELOW = -2
    ABOUT_BELOW = -1
    AT = 0
    ABOUT_ABOVE = 1
    ABOVE = 2
    NONE = 9

    @property
    def rests(self) -> bool:
        """Whether R takes it for 1/2."""
        return -2 < self < 2


@lru_cache(maxsize=8192)
def curve_of(kinds: str, n: int) -> tuple[State, ...]:
    """The exact states of a string, kept for as long as it is worked on."""
    return states.__wrapped__(kinds, n)


@lru_cache(maxsize=8192)
def _rough(kinds: str, n: int) -> tuple[tuple[float, float], ...]:
    """S and √G after each step, in floating point."""
    s, g, found = 1.0, 0.0, []
    for i, kind in enumerate(kinds):
        r = n - i
        if kind == EVENT:
            s = s * (r - 1) / r
            g += 1 / (r * (r - 1)) if r > 1 else 0.0
        found.append((s, sqrt(g)))
    return tuple(found)


@lru_cache(maxsize=8192)
def survival_sides(kinds: str, n: int) -> tuple[Side, ...]:
    """The side of 1/2 on which S lies after each step."""
    found = []
    for i, (s, _) in enumerate(_rough(kinds, n)):
        if abs(s - 0.5) > _CLEAR:
            found.append(Side.ABOVE if s > 0.5 else Side.BELOW)
        else:
            exact = curve_of(kinds, n)[i + 1].survival
            found.append(_side((exact > HALF) - (exact < HALF), about=abs(exact - HALF) < _R_TOLERANCE))
    return tuple(found)


def _side(sign: int, *, about: bool) -> Side:
    return Side(sign if about or sign == 0 else 2 * sign)


@lru_cache(maxsize=32768)
def limit_sides(kinds: str, n: int, interval: Interval, z: str, level: Fraction, sign: int) -> tuple[Side, ...]:
    """The side of 1/2 on which the lower (sign -1) or upper (1) limit of S lies after each event; NONE elsewhere."""
    factor = sign * float(z_value(z, level))
    found = []
    for i, (s, root_g) in enumerate(_rough(kinds, n)):
        if kinds[i] != EVENT or n - i == 1:
            found.append(Side.NONE)
            continue
        size = _limit(s, root_g, interval, factor)
        if abs(size - 0.5) > _CLEAR:
            found.append(Side.ABOVE if size > 0.5 else Side.BELOW)
        else:
            found.append(_exact_side(curve_of(kinds, n)[i + 1], interval, z, level, sign))
    return tuple(found)


def limit_size(kinds: str, n: int, step: int, interval: Interval, z: str, level: Fraction, sign: int) -> float:
    """A limit of S after a step, in floating point."""
    return _limit(*_rough(kinds, n)[step], interval, sign * float(z_value(z, level)))


def _limit(s: float, root_g: float, interval: Interval, factor: float) -> float:
    if interval is Interval.PLAIN:
        return s * (1 + factor * root_g)
    if interval is Interval.LOG:
        return s * exp(factor * root_g)
    return float(s ** exp(factor * root_g / log(s)))


def _exact_side(state: State, interval: Interval, z: str, level: Fraction, sign: int) -> Side:
    convention = Convention(interval, z, None, Rounding.HALF_UP)
    shown = Shown(state.survival, state.variance)
    about = (
        side_of(shown, convention, level, sign, HALF + _R_TOLERANCE) < 0
        and side_of(shown, convention, level, sign, HALF - _R_TOLERANCE) > 0
    )
    return _side(side_of(shown, convention, level, sign, HALF), about=about)


@dataclass(frozen=True)
class Ending:
    """A step that shows, or None if there is no such step, with the ties under which it is the one sought."""

    step: int | None
    tied: frozenset[int] = frozenset()
    apart: frozenset[int] = frozenset()

    def under(self, tied: frozenset[int], apart: frozenset[int]) -> Ending | None:
        """The same with more conditions; None if they clash."""
        both = Ending(self.step, self.tied | tied, self.apart | apart)
        return None if both.tied & both.apart else both


def run_end(kinds: str, step: int) -> int:
    """The last of the events that follow one another from a step on."""
    while step + 1 < len(kinds) and kinds[step + 1] == EVENT:
        step += 1
    return step


def first_showing(kinds: str, good: Sequence[bool]) -> tuple[Ending, ...]:
    """The first step of the first day whose last step is good: every way, with its ties.

    Parameters
    ----------
    kinds : string over E and C.
    good : for each step whether the state after it is good; read at events only.
    """
    return tuple(_first(kinds, good, 0))


def _first(kinds: str, good: Sequence[bool], start: int) -> Iterator[Ending]:
    first = next((i for i in range(start, len(kinds)) if good[i] and kinds[i] == EVENT), None)
    if first is None:
        yield Ending(None)
        return
    last = run_end(kinds, first)
    if all(good[first : last + 1]):
        yield Ending(first)
        return
    for end in range(first, last + 1):
        tied = frozenset(range(first + 1, end + 1))
        apart = frozenset({end + 1}) if end < last else frozenset[int]()
        if good[end]:
            yield Ending(first, tied, apart)
        else:
            yield from _conditioned(_first(kinds, good, end + 1), tied, apart)


def last_showing(kinds: str, good: Sequence[bool]) -> tuple[Ending, ...]:
    """The last step that shows and is good: every way, with its ties."""
    return tuple(_last(kinds, good, len(kinds)))


def _last(kinds: str, good: Sequence[bool], stop: int) -> Iterator[Ending]:
    last = next((i for i in range(stop - 1, -1, -1) if good[i] and kinds[i] == EVENT), None)
    if last is None:
        yield Ending(None)
        return
    following = last + 1 < len(kinds) and kinds[last + 1] == EVENT
    yield Ending(last, apart=frozenset({last + 1}) if following else frozenset())
    if following:
        yield from _conditioned(_last(kinds, good, last), frozenset({last + 1}), frozenset())


def _conditioned(found: Iterator[Ending], tied: frozenset[int], apart: frozenset[int]) -> Iterator[Ending]:
    for ending in found:
        both = ending.under(tied, apart)
        if both is not None:
            yield both
