"""Histories: what happened to n patients in order of time, as a string over E (event) and C (censored).

One step takes one patient from the risk set. Events come before censorings on the same day, and events that share
a day may be written one at a time: the product S and the Greenwood sum G telescope, so a string needs no tie mark.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from itertools import accumulate
from math import lcm, prod

EVENT = "E"
CENSORED = "C"


@dataclass(frozen=True)
class State:
    """The Kaplan-Meier curve at one moment: S(t), Greenwood's sum G (se = S √G), and how many are still at risk.

    Where S is 0 or 1 the standard error is taken as 0, as programs print it; G is 0 there.
    """

    survival: Fraction
    greenwood: Fraction
    at_risk: int

    @property
    def variance(self) -> Fraction:
        """Greenwood's variance of S(t)."""
        return self.survival**2 * self.greenwood


def start(n: int) -> State:
    """Everybody alive and at risk."""
    return State(Fraction(1), Fraction(0), n)


def step(state: State, kind: str) -> State:
    """The state after one more patient has had the event or was censored."""
    r = state.at_risk
    if kind == CENSORED:
        return State(state.survival, state.greenwood, r - 1)
    if r == 1:
        return State(Fraction(0), Fraction(0), 0)
    return State(state.survival * Fraction(r - 1, r), state.greenwood + Fraction(1, r * (r - 1)), r - 1)


@cache
def states(history: str, n: int) -> tuple[State, ...]:
    """The states before the first step and after each step; shape (len(history) + 1,).

    >>> [str(s.survival) for s in states("EEC", 4)]
    ['1', '3/4', '1/2', '1/2']
    """
    return tuple(accumulate(history, step, initial=start(n)))


@lru_cache(maxsize=100_000)
def state_after(history: str, n: int) -> State:
    """The last of `states` alone, by events or by the ladder identity, whichever needs fewer terms.

    With m of n patients left after an event, and censorings at the risk-set sizes C,
    S = m/n · Π_C r/(r - 1) and G = 1/m - 1/n - Σ_C 1 / (r (r - 1)).
    """
    left = n - len(history)
    if left == 0 and history.endswith(EVENT):
        return State(Fraction(0), Fraction(0), 0)
    at_events = [n - i for i, kind in enumerate(history) if kind == EVENT]
    if 2 * len(at_events) <= len(history) or left == 0:
        survival = Fraction(prod(r - 1 for r in at_events), prod(at_events))
        return State(survival, _sum_of_terms(at_events), left)
    censored = [n - i for i, kind in enumerate(history) if kind == CENSORED]
    survival = Fraction(left * prod(censored), n * prod(r - 1 for r in censored))
    return State(survival, Fraction(1, left) - Fraction(1, n) - _sum_of_terms(censored), left)


def _sum_of_terms(at_risk: list[int]) -> Fraction:
    """Σ 1 / (r (r - 1)), over one common denominator."""
    common = lcm(*(r * (r - 1) for r in at_risk))
    return Fraction(sum(common // (r * (r - 1)) for r in at_risk), common)


def canonical(history: str) -> str:
    """Without censorings after the last event: they cannot be seen in any estimate before the next event.

    >>> canonical("EECEC")
    'EECE'
    """
    return history.rstrip(CENSORED)


def event_steps(history: str) -> tuple[int, ...]:
    """0-based positions of the events."""
    return tuple(i for i, kind in enumerate(history) if kind == EVENT)


def landmark_prefixes(history: str) -> tuple[int, ...]:
    """Lengths at which an estimate can be read off: 0, and just after each event."""
    return (0, *(i + 1 for i in event_steps(history)))


def order_key(history: str) -> tuple[int, str]:
    """Sort key: shorter first, then in ladder order, an event before a censoring."""
    return len(history), history.translate(str.maketrans("EC", "01"))
