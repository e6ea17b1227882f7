"""What programs print of a table of patients: medians and follow-up with their limits, written apart from `helpers`.

Rows are (day, event). A number that is not reached is None. Where a program's answer is not one but two (lifelines and
a limit that rises above 1/2 again), both are given.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import product

from tests.inversion.brute import DIGITS, Real, _limit, multiplier, root, text_of, to_decimal
from tests.inversion.patients import Rows

HALF = Fraction(1, 2)
R_TOLERANCE = Fraction(1, 2**26)
Number = Fraction | Decimal | None
Numbers = tuple[Number, Number, Number]


@dataclass(frozen=True)
class Step:
    """A day with an event: S after it and its Greenwood variance."""

    day: int
    s: Fraction
    variance: Fraction


def steps(rows: Rows, *, reverse: str = "") -> list[Step]:
    """The curve; `reverse` "keep" or "strict" for the time to loss, the dead at risk on their last day or not."""
    found, s, terms = [], Fraction(1), Fraction(0)
    wanted = 0 if reverse else 1
    for day in sorted({d for d, event in rows if event == wanted}):
        at_risk = sum(d > day or (d == day and not (reverse == "strict" and event)) for d, event in rows)
        lost = sum(d == day for d, event in rows if event == wanted)
        s *= Fraction(at_risk - lost, at_risk)
        if at_risk > lost:
            terms += Fraction(lost, at_risk * (at_risk - lost))
        found.append(Step(day, s, s * s * terms))
    return found


def below(x: Real, bound: Fraction) -> bool:
    return x < (bound if isinstance(x, Fraction) else to_decimal(bound))


def limits(step: Step, interval: str, z: str) -> tuple[Real, Real] | None:
    if step.s == 0:
        return None
    low, high = (_limit(step.s, root(step.variance), sign, multiplier(z), interval) for sign in (-1, 1))
    return low, high


def value_of(curve: list[Step], flat: str, last: int) -> Fraction | None:
    resting = next((k for k, step in enumerate(curve) if step.s <= HALF), None)
    if resting is None:
        return None
    first = curve[resting]
    if first.s < HALF or flat == "first-at-or-below":
        return Fraction(first.day)
    following = curve[resting + 1].day if resting + 1 < len(curve) else None
    if flat == "first-below":
        return None if following is None else Fraction(following)
    if following is not None:
        return Fraction(first.day + following, 2)
    return {"r-print": Fraction(first.day), "r-midpoint": Fraction(first.day + last, 2), "sas-average": None}[flat]


def crossing(curve: list[Step], sides: list[tuple[Real, Real] | None], k: int, flat: str) -> list[Number]:
    sizes = [None if pair is None else pair[k] for pair in sides]
    if flat.startswith("r-"):
        kept = [i for i, x in enumerate(sizes) if x is not None and below(x, HALF + R_TOLERANCE)]
        if not kept:
            return [None]
        first = kept[0]
        x = sizes[first]
        smaller = [i for i in kept if sizes[i] < x]
        if not below(x, HALF - R_TOLERANCE) and x != HALF - R_TOLERANCE and smaller:
            return [Fraction(curve[first].day + curve[smaller[0]].day, 2)]
        return [Fraction(curve[first].day)]
    kept = [i for i, x in enumerate(sizes) if x is not None and (below(x, HALF) or x == HALF)]
    if not kept:
        return [None]
    known = [x for x in sizes if x is not None]
    rises = not (below(known[-1], HALF) or known[-1] == HALF)
    return [Fraction(curve[kept[0]].day), *([None] if rises else [])]


def event_times(rows: Rows, interval: str, z: str, flat: str, reverse: str = "") -> list[Numbers]:
    """Median, lower and upper limit as a program with event times gives them."""
    curve = steps(rows, reverse=reverse)
    value = value_of(curve, flat, max(d for d, _ in rows))
    sides = [limits(step, interval, z) for step in curve]
    if flat in ("sas-average", "first-below"):
        inside = [
            i
            for i, pair in enumerate(sides)
            if pair is not None and (below(pair[0], HALF) or pair[0] == HALF) and not below(pair[1], HALF)
        ]
        if not inside:
            return [(value, None, None)]
        after = inside[-1] + 1
        high = Fraction(curve[after].day) if after < len(curve) else None
        return [(value, Fraction(curve[inside[0]].day), high)]
    lows, highs = crossing(curve, sides, 0, flat), crossing(curve, sides, 1, flat)
    return [(value, low, high) for low, high in product(lows, highs)]


def symmetric(rows: Rows, reverse: str = "") -> list[Numbers]:
    """SPSS's median with its limits; no limits where its formula has no value."""
    curve = steps(rows, reverse=reverse)
    half = next((step for step in curve if step.s <= HALF), None)
    if half is None:
        return [(None, None, None)]
    upper = [step for step in curve if step.s >= Fraction(55, 100)]
    lower = [step for step in curve if step.s <= Fraction(45, 100)]
    if not upper or not lower or half.variance == 0:
        return [(Fraction(half.day), None, None)]
    factor = Fraction("1.96") * (lower[0].day - upper[-1].day) / (upper[-1].s - lower[0].s)
    error = root(half.variance)
    if isinstance(error, Fraction):
        width: Real = factor * error
        return [(Fraction(half.day), half.day - width, half.day + width)]
    width = DIGITS.multiply(to_decimal(factor), error)
    return [(Fraction(half.day), DIGITS.subtract(Decimal(half.day), width), DIGITS.add(Decimal(half.day), width))]


def texts(numbers: Numbers, day: Fraction, decimals: int, rounding: str) -> tuple[str, str, str]:
    """The three numbers in print, in a unit of some days."""

    def one(x: Number) -> str:
        if x is None:
            return "NR"
        if isinstance(x, Decimal):
            return text_of(DIGITS.divide(x, to_decimal(day)), decimals, rounding)
        return text_of(x / day, decimals, rounding)

    return tuple(one(x) for x in numbers)  # type: ignore[return-value]


def printed_ways(
    rows: Rows, way: tuple[str, str, str, str], day: Fraction, decimals: int, reverse: str = ""
) -> set[tuple[str, str, str]]:
    """What a way (limits, z, flat rule, rounding) prints of a table, as text."""
    kind, z, flat, rounding = way
    found = symmetric(rows, reverse) if kind == "symmetric" else event_times(rows, kind, z, flat, reverse)
    return {texts(numbers, day, decimals, rounding) for numbers in found}
