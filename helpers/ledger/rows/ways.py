"""Ways to print: for one number, every convention with the digits it gives; for a paper, one choice of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from fractions import Fraction
from itertools import product
from math import inf, isinf, isnan
from typing import TYPE_CHECKING

from helpers.printed import NOT_REACHED, PrintedNumber, Rounding, round_to, show

if TYPE_CHECKING:
    from helpers.study.model import Claim

ROUNDINGS = tuple(map(str, Rounding))


@dataclass(frozen=True)
class Part:
    """A part of a paper whose numbers were made alike, e.g. its landmarks; `choices` are what had to be chosen.

    Each choice is a name with its alternatives, the commonest first.
    """

    name: str
    choices: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def ways(self) -> tuple[Way, ...]:
        """Every combination of the alternatives, commonest first."""
        return tuple(product(*(alternatives for _, alternatives in self.choices)))


Way = tuple[str, ...]


@dataclass(frozen=True)
class Printing:
    """What one way prints: the digits ("" if nothing), and the number behind them in the unit of the print."""

    digits: str
    value: float


@dataclass
class Number:
    """One printed number with everything that the rows could have printed in its place.

    `ways` maps a month's length to the printings by way; months that make no difference share one mapping.
    """

    claim: Claim
    field: str
    printed: PrintedNumber
    part: Part | None = None
    ways: Mapping[Fraction, Mapping[Way, Printing]] = attribute(default_factory=dict)
    why_not: str = ""
    note: str = ""

    def agrees(self, month: Fraction, way: Way) -> bool:
        """Whether a way prints the digits of the paper."""
        printing = self.ways.get(month, {}).get(way)
        return printing is not None and same(printing.digits, self.printed)


def same(digits: str, printed: PrintedNumber) -> bool:
    """Whether digits are the printed ones; NR, NE and their kin all say that there is no number."""
    return digits == printed.text or (digits in NOT_REACHED and not printed.reached)


def digits_of(x: Fraction, decimals: int, rounding: str) -> str:
    """A number as text with some decimals."""
    return show(round_to(x, decimals, Rounding(rounding)), decimals)


def printing_of(days: float, unit: Fraction, like: PrintedNumber, rounding: str) -> Printing:
    """A time in days as a paper prints it in a unit; NR where it is infinite, nothing where there is none."""
    if isnan(days):
        return Printing("", days)
    if isinf(days):
        return Printing("NR", inf)
    exact = Fraction(days).limit_denominator(10**6) / unit
    decimals = like.decimals if like.reached else 0
    return Printing(digits_of(exact, decimals, rounding), float(exact))


@dataclass(frozen=True)
class Account:
    """How a paper was printed, as far as its rows tell: one way a part, and the length of its months.

    `chosen` has the way taken for each part, `equal` all those that serve as well, and `alone` those that would if
    the part stood alone, without regard to the others.
    """

    days_per_month: Fraction
    chosen: Mapping[str, Way]
    equal: Mapping[str, tuple[Way, ...]]
    alone: Mapping[str, tuple[Way, ...]]
    parts: Mapping[str, Part]

    def describe(self, part: str) -> str:
        """The conventions of a part in words; alternatives that no number tells apart are joined by "or".

        A choice on which no number of the part depends is not mentioned.
        """
        return describe(self.parts[part], self.equal[part], self.alone[part])

    def as_dict(self) -> dict[str, str]:
        """Each part with its conventions in words."""
        return {name: self.describe(name) for name in self.parts}


def describe(part: Part, ways: Sequence[Way], alone: Sequence[Way] | None = None) -> str:
    """Some ways of a part in words; a choice that `alone` (by default the ways) leaves open is not mentioned."""
    words = []
    for place, (_, alternatives) in enumerate(part.choices):
        open_to = {way[place] for way in (ways if alone is None else alone)}
        if len(open_to) < len(alternatives) or len(alternatives) == 1:
            words.append(" or ".join(a for a in alternatives if any(way[place] == a for way in ways)))
    return ", ".join(words)


def best_account(numbers: Iterable[Number], months: Sequence[Fraction]) -> Account:
    """The account under which most printed numbers agree: one way a part, one length of a month for all.

    Where several agree with as many, those are taken whose choices (interval, z, rounding) are the same in all parts,
    then the commonest: the first length, and the first way of each part.
    """
    grouped: dict[str, list[Number]] = {}
    for number in numbers:
        if number.part is not None:
            grouped.setdefault(number.part.name, []).append(number)
    parts = {name: group[0].part for name, group in grouped.items() if group[0].part is not None}
    best: tuple[int, Fraction, dict[str, tuple[Way, ...]]] | None = None
    for month in months:
        total, equal = 0, {}
        for name, part in parts.items():
            scores = {way: sum(n.agrees(month, way) for n in grouped[name]) for way in part.ways}
            most = max(scores.values())
            equal[name] = tuple(way for way, score in scores.items() if score == most)
            total += most
        if best is None or total > best[0]:
            best = (total, month, equal)
    assert best is not None
    shared = _aligned(parts, best[2])
    return Account(best[1], {name: ways[0] for name, ways in shared.items()}, shared, best[2], parts)


def _aligned(parts: Mapping[str, Part], equal: Mapping[str, tuple[Way, ...]]) -> dict[str, tuple[Way, ...]]:
    """The equally good ways of each part, less those whose choices differ needlessly from the other parts'."""
    kept = dict(equal)
    for choice in ("interval", "rounding", "z"):
        common: set[str] | None = None
        for _ in range(2):
            for name, part in parts.items():
                place = next((k for k, (called, _) in enumerate(part.choices) if called == choice), None)
                if place is None:
                    continue
                own = {way[place] for way in kept[name]}
                both = own if common is None else own & common
                if both:
                    common = both
                    kept[name] = tuple(way for way in kept[name] if way[place] in both)
    return kept
