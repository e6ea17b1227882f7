"""Reverse Kaplan-Meier on a history: events and censorings change places, under either rule for ties.

Strict: on a day with a death and a loss the dead leave first, so the flipped history is the string with E and C
exchanged. Keep: the dead are still at risk of being lost on that day, so on such a day the losses come first in the
flipped history. Which deaths and losses share a day is not known: every choice is a flipped history of its own, with
its conditions on days.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import isqrt, lcm

from helpers.inversion.chains import Chain
from helpers.inversion.conditions import NOTHING, Condition
from helpers.inversion.history import CENSORED, EVENT
from helpers.inversion.median_ways import ReverseTies

FLIP = str.maketrans("EC", "CE")
_HALF = Fraction(1, 2)
_MOST_CURVES = 200_000
_NEAR = 1e-12


@dataclass(frozen=True)
class Flipped:
    """A flipped history: its string, which step of the history each of its steps is, and when it is the one."""

    kinds: str
    order: tuple[int, ...]
    condition: Condition


@dataclass(frozen=True)
class Meeting:
    """An event run that a censoring run follows: first and last event, first and last censoring."""

    event: int
    censoring: int
    last: int


def meetings(kinds: str) -> tuple[Meeting, ...]:
    """Where events and censorings can share a day: events that censorings follow.

    >>> meetings("EECEC")
    (Meeting(event=0, censoring=2, last=2), Meeting(event=3, censoring=4, last=4))
    """
    found = []
    for c in range(1, len(kinds)):
        if kinds[c] == CENSORED and kinds[c - 1] == EVENT:
            event = c - 1
            while event > 0 and kinds[event - 1] == EVENT:
                event -= 1
            last = c
            while last + 1 < len(kinds) and kinds[last + 1] == CENSORED:
                last += 1
            found.append(Meeting(event, c, last))
    return tuple(found)


def flips(kinds: str, ties: ReverseTies) -> Iterator[Flipped]:
    """Every flipped history of a string; the one without shared days comes first."""
    straight = tuple(range(len(kinds)))
    if ties is ReverseTies.STRICT:
        yield Flipped(kinds.translate(FLIP), straight, NOTHING)
        return
    for choice in product(*(tuple(_shares(meeting)) for meeting in meetings(kinds))):
        order, tied, apart = list(straight), set[int](), set[int]()
        for meeting, events, losses in choice:
            _share(order, tied, apart, meeting, events, losses)
        text = "".join(kinds[step] for step in order).translate(FLIP)
        yield Flipped(text, tuple(order), Condition(frozenset(tied), frozenset(apart)))


def _shares(meeting: Meeting) -> Iterator[tuple[Meeting, int, int]]:
    """How many events and how many censorings share the day, none first."""
    yield meeting, 0, 0
    for events in range(1, meeting.censoring - meeting.event + 1):
        for losses in range(1, meeting.last - meeting.censoring + 2):
            yield meeting, events, losses


def _share(order: list[int], tied: set[int], apart: set[int], meeting: Meeting, events: int, losses: int) -> None:
    """Put some losses before the events of their day, and note what has to be equal for that."""
    first, end = meeting.censoring - events, meeting.censoring + losses
    if not events:
        apart.add(meeting.censoring)
        return
    order[first:end] = [*range(meeting.censoring, end), *range(first, meeting.censoring)]
    tied.update(range(first + 1, end))
    if first > meeting.event:
        apart.add(first)
    if end <= meeting.last:
        apart.add(end)


def follow_up_days(history: str, n: int, chain: Chain, longest: int) -> tuple[int, int, bool]:
    """Days between which the median follow-up lies, whatever comes after the history; and whether it must be reached.

    Of all rules for ties, strict lets the flipped curve fall fastest, and slowest is that all losses of a run share the
    day of all deaths just before them. Whatever the course, the median comes no earlier than the first loss after which
    the fast curve is at 1/2 or below, and no later than the first after which the slow one is below 1/2.

    Parameters
    ----------
    history : string over E and C.
    n : patients at the start.
    chain : its tightened days.
    longest : largest possible day.
    """
    fast = slow = Fraction(1)
    low = chain.low[-1] if history else 0
    early = late = False
    high = longest
    for i, kind in enumerate(history):
        if kind != CENSORED:
            continue
        at_risk = n - i
        fast *= Fraction(at_risk - 1, at_risk)
        # Losses of one run one after another, all with the deaths just before the run still at risk.
        more = _deaths_before(history, i)
        slow *= Fraction(at_risk + more - 1, at_risk + more)
        if not early and fast <= _HALF:
            low, early = chain.low[i], True
        if not late and slow < _HALF:
            high, late = chain.high[i], True
    return low, high, late


def _deaths_before(history: str, step: int) -> int:
    """Deaths that stand just before the run of losses to which a step belongs."""
    while step > 0 and history[step - 1] == CENSORED:
        step -= 1
    deaths = 0
    while step > 0 and history[step - 1] == EVENT:
        step, deaths = step - 1, deaths + 1
    return deaths


def rational_curves(history: str, n: int) -> Iterator[str] | None:
    """Flipped histories, as far as their median, whose standard error there is rational; None if too many to look at.

    Only on these can a symmetric limit of the median follow-up lie on a whole day, or on any other rational number.
    Either rule for ties and every course are covered. Each string ends with the loss at which S comes to 1/2, or with
    one that may share its day.
    """
    starts = dict.fromkeys(flipped.kinds for flipped in flips(history, ReverseTies.KEEP))
    deaths, left = len(history) - len(history.rstrip(EVENT)), n - len(history)
    # Losses still to come may share a day with the last deaths; any other may come at any number at risk.
    for text in tuple(starts):
        for shared in range(1, deaths + 1):
            starts |= dict.fromkeys(text[:-shared] + EVENT * k + CENSORED * shared for k in range(1, left + 1))
    if sum(2.0 ** (n - len(text)) for text in starts) > _MOST_CURVES:
        return None
    scale = lcm(*(r * (r - 1) for r in range(2, n + 1)), 1)
    return (text for start in starts for text in _rational(start, n, scale))


def _rational(start: str, n: int, scale: int) -> Iterator[str]:
    """The rational ones among the flipped histories that begin in one way."""
    s, g = 1.0, 0
    for i, kind in enumerate(start):
        if kind == EVENT:
            if s > 0.5 + _NEAR and (s := s * (n - i - 1) / (n - i)) <= 0.5 + _NEAR:
                yield from _at_the_median(start[: i + 1], start[i + 1 :], n, g + _term(n - i, scale), scale)
                return
            g += _term(n - i, scale)
    pending = [(start, s, g)]
    while pending:
        text, s, g = pending.pop()
        r = n - len(text)
        if r == 0:
            continue
        pending.append((text + CENSORED, s, g))
        after = s * (r - 1) / r
        if after > 0.5 + _NEAR:
            pending.append((text + EVENT, after, g + _term(r, scale)))
        else:
            yield from _at_the_median(text + EVENT, EVENT * (r - 1), n, g + _term(r, scale), scale)


def _at_the_median(text: str, following: str, n: int, g: int, scale: int) -> Iterator[str]:
    """A history up to its median, and with each loss that may share the day, where Greenwood's sum is a square."""
    while True:
        if g and isqrt(g * scale) ** 2 == g * scale:
            yield text
        if not following.startswith(EVENT):
            return
        g += _term(n - len(text), scale)
        text, following = text + EVENT, following[1:]


def _term(at_risk: int, scale: int) -> int:
    """What one loss adds to Greenwood's sum, in units of 1 / scale."""
    return scale // (at_risk * (at_risk - 1)) if at_risk > 1 else 0
