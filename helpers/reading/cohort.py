"""How many patients a paper is about: of all the numbers it names, the one that its percentages agree with best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from helpers.printed import PrintedNumber, Rounding, round_to

_TREATED = frozenset(
    [
        "received",
        "infused",
        "treated",
        "given",
        "administered",
        "enrolled",
        "included",
        "analyzed",
        "analysed",
        "evaluated",
    ]
    + ["assessed", "reviewed", "registered", "recruited", "participated", "reported", "studied", "identified"]
)
_RULES = tuple(Rounding)
_LEAST_SCORE = 0.5


@dataclass(frozen=True)
class Candidate:
    """A number of patients named in the text; `weight` says how much the words around it make of it.

    `part` where it is said to be a part of another number.
    """

    n: int
    place: int
    weight: float
    part: bool = False


@dataclass(frozen=True)
class Share:
    """A percentage of patients, with its count where that is printed."""

    percent: str
    count: int | None
    weight: float = 1.0


def prints(count: int, n: int, percent: str) -> bool:
    """Whether count / n prints as this percentage under some rounding rule.

    >>> prints(18, 22, "81.82"), prints(18, 23, "81.82")
    (True, False)
    """
    if not 0 <= count <= n or n == 0:
        return False
    number = PrintedNumber(percent)
    share = Fraction(100 * count, n)
    return any(round_to(share, number.decimals, rule) == number.value for rule in _RULES)


def counts_for(n: int, percent: str) -> list[int]:
    """Every count of n patients that prints as this percentage.

    >>> counts_for(38, "13.2"), counts_for(47, "13.2")
    ([5], [])
    """
    number = PrintedNumber(percent)
    near = int(number.value * n / 100)
    return [k for k in range(max(0, near - 1), min(n, near + 2) + 1) if prints(k, n, percent)]


def explained(n: int, shares: Sequence[Share]) -> float:
    """How much of the printed percentages n explains: more for a count with its percentage than for one without."""
    total = 0.0
    for share in shares:
        if share.count is not None:
            total += 3.0 * share.weight if prints(share.count, n, share.percent) else -1.0 * share.weight
        elif counts_for(n, share.percent):
            total += 2.0 * max(0.0, 1.0 - n / (100 * 10 ** PrintedNumber(share.percent).decimals)) * share.weight
        else:
            total -= 1.0 * share.weight
    return total


def choose(candidates: Sequence[Candidate], shares: Sequence[Share], least: int = 0) -> tuple[Candidate | None, bool]:
    """The candidate that words and arithmetic speak for, and whether there is a rival; hardly one below `least`."""
    best: dict[int, tuple[float, Candidate]] = {}
    parts = {candidate.n for candidate in candidates if candidate.part}
    for candidate in candidates[:200]:
        score = candidate.weight + explained(candidate.n, shares[:200])
        score -= 4.0 * (candidate.n < least) + 4.0 * (candidate.n in parts)
        if candidate.n not in best or score > best[candidate.n][0]:
            best[candidate.n] = (score, candidate)
    ranked = sorted(best.values(), key=lambda pair: (-pair[0], pair[1].place))
    if not ranked or ranked[0][0] < _LEAST_SCORE:
        return None, False
    score, chosen = ranked[0]
    rivals = [
        rival for other, rival in ranked[1:] if other > score - 2.0 or (rival.n > chosen.n and rival.weight >= 2.0)
    ]
    return chosen, bool(rivals)


def is_treated(word: str) -> bool:
    """Whether a word says that patients were treated or studied."""
    return word.lower() in _TREATED


def denominator(count: str, percent: str, named: Sequence[str], sizes: Sequence[int]) -> tuple[str, str]:
    """The n of a count with its percentage, and what is doubtful about it.

    Parameters
    ----------
    count, percent : as printed.
    named : numbers of patients that speak for themselves, the study's own first; empty texts are passed over.
    sizes : every other number of patients in the text.

    Examples
    --------
    >>> denominator("27", "96.4", ["37", "28"], [37, 28, 9])
    ('28', '')
    """
    known = [n for n in named if n]
    for n in known:
        if prints(int(count), int(n), percent):
            return n, ""
    agreeing = [n for n in sizes if prints(int(count), n, percent)]
    if len(agreeing) == 1:
        return str(agreeing[0]), f"taken to be of {agreeing[0]}, the only number of patients here that it agrees with"
    return "", f"{count} of {known[0]} is not {percent} %: of how many patients is it?" if known else ""
