"""Conditions: what has to hold of the days of a history's steps for a number to be printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from helpers.inversion.chains import Chain, tighten

Spread = tuple[int, int, int]
_FAR = 10**6


@dataclass(frozen=True)
class Condition:
    """Conditions on whole days, all at once.

    `tied` holds steps that share the day of the step before them, `apart` those that must not; `within` days between
    which a step lies; each of `spread` (u, l, d) demands t[l] − t[u] = d; each of `sums` (i, j, a, b) demands
    a ≤ t[i] + t[j] ≤ b, as the middle of a flat does.
    """

    tied: frozenset[int] = frozenset()
    apart: frozenset[int] = frozenset()
    within: tuple[Spread, ...] = ()
    spread: tuple[Spread, ...] = ()
    sums: tuple[tuple[int, int, int, int], ...] = ()

    def both(self, other: Condition) -> Condition | None:
        """Two at once; None where a step would have to be tied and apart."""
        tied, apart = self.tied | other.tied, self.apart | other.apart
        if tied & apart:
            return None
        return Condition(tied, apart, self.within + other.within, self.spread + other.spread, self.sums + other.sums)

    def moved(self, order: Sequence[int]) -> Condition | None:
        """The same for steps that stand elsewhere: step k here is step ``order[k]`` there.

        Steps that follow one another here but not there have an event between them there that follows a censoring, so
        they are on different days; None where they would have to share one.
        """
        beside = {k for k in self.tied | self.apart if order[k] == order[k - 1] + 1}
        if not self.tied <= beside:
            return None
        return Condition(
            frozenset(order[k] for k in self.tied),
            frozenset(order[k] for k in self.apart & beside),
            tuple((order[k], low, high) for k, low, high in self.within),
            tuple((order[u], order[after], d) for u, after, d in self.spread),
            tuple((order[i], order[j], low, high) for i, j, low, high in self.sums),
        )


NOTHING = Condition()


def constrained(chain: Chain, condition: Condition) -> Chain:
    """The chain with a condition added, sums left out; not tightened."""
    low, high, gap = list(chain.low), list(chain.high), list(chain.gap)
    for step, first, last in condition.within:
        low[step], high[step] = max(low[step], first), min(high[step], last)
    for step in condition.apart:
        gap[step] = max(gap[step], 1)
    return replace(
        chain,
        low=tuple(low),
        high=tuple(high),
        gap=tuple(gap),
        tied=chain.tied | condition.tied,
        differences=(*chain.differences, *condition.spread),
    )


def satisfied(chain: Chain, condition: Condition) -> Chain | None:
    """The tightened chain under a condition; None if no whole days satisfy both.

    Where a sum is demanded, the ends of its two steps are narrowed by it; the days in between are not.
    """
    tight = tighten(constrained(chain, condition))
    for i, j, low, high in condition.sums:
        if tight is None:
            return None
        tight = _with_sum(tight, i, j, low, high)
    return tight


def _with_sum(chain: Chain, i: int, j: int, low: int, high: int) -> Chain | None:
    """A tight chain with low ≤ t[i] + t[j] ≤ high demanded.

    The smallest days fit together and so do the largest. Between their sums at most every other one is left out
    (where the two steps are a fixed number of days apart), so two neighbouring sums always hold one that is possible.
    """
    least, most = max(low, chain.low[i] + chain.low[j]), min(high, chain.high[i] + chain.high[j])
    if least > most:
        return None
    if least == most and not any(
        tighten(chain.pinned(i, day).pinned(j, least - day)) for day in range(chain.low[i], chain.high[i] + 1)
    ):
        return None
    nearest, farthest = _least_distance(chain, i, j), -_least_distance(chain, j, i)
    narrow = chain.between(
        i,
        max(least - chain.high[j], -((farthest - least) // 2)),
        min(most - chain.low[j], (most - nearest) // 2),
    )
    narrow = narrow.between(
        j,
        max(least - chain.high[i], -((-least - nearest) // 2)),
        min(most - chain.low[i], (most + farthest) // 2),
    )
    return tighten(narrow)


def _least_distance(chain: Chain, i: int, j: int) -> int:
    """The smallest t[j] − t[i] by the order, ties and differences of the steps; very small where they leave it free."""
    low = tuple(0 if step == i else -_FAR for step in range(len(chain.low)))
    tight = tighten(replace(chain, low=low, high=(_FAR,) * len(low)))
    assert tight is not None
    return tight.low[j]
