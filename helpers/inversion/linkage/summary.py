"""Linkage: two endpoints of the same patients, such as EFS (inner) and OS (outer), and what all linkages share.

The rules. An inner event is no later than death or loss to follow-up. A death is an inner event, on that day or
before. With `same_follow_up`, an assumption, a patient censored for the inner endpoint is censored for the outer one
that day. Without it the outer follow-up may go on, and a death seen then is no event of the inner endpoint.

With it, whoever had the inner event by a landmark is dead, lost alive or still followed, and whoever was censored for
the inner endpoint is lost, so on every linkage

    alive after the event = inner events − deaths − lost after the event,
    lost after the event = outer censorings − inner censorings.

What is left to decide is which numbers of censorings go together with the days; `pairing` turns that into conditions
between days, `coincidence` finds how many deaths can or must be the first event. Follow-up is taken to reach beyond
every landmark. Every bound comes with a table of patients that attains it, checked against every rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import floor

from helpers.inversion.history import CENSORED, EVENT
from helpers.inversion.linkage.coincidence import fewest_direct, most_direct
from helpers.inversion.linkage.order import Order, beside, closed, demand
from helpers.inversion.linkage.pairing import Pair, Pairing, pairings
from helpers.inversion.linkage.patients import (
    ALIVE,
    DIED_FIRST,
    DIED_UNSEEN,
    THEN_DIED,
    THEN_LOST,
    Patients,
    assembled,
    counted,
    keeps_the_rules,
)
from helpers.inversion.timelines import Timeline
from helpers.inversion.work import Budget, WorkLimitError

WORK_LIMIT = 200_000


@dataclass(frozen=True)
class LinkedBound:
    """The smallest and largest number of patients in one state after a landmark day, over all linkages.

    `attained` is False only where the work limit was reached: then no linkage lies outside, but the bounds may be too
    wide, and a witness may be missing.
    """

    quantity: str
    at: Fraction
    low: int
    high: int
    unit: str = "patients"
    attained: bool = True
    low_witness: Patients | None = None
    high_witness: Patients | None = None
    since: Fraction | None = None


@dataclass(frozen=True)
class HistoryPair:
    """Whether a history of the inner and one of the outer endpoint can belong to the same patients; None: unknown."""

    inner: str
    outer: str
    linked: bool | None


@dataclass(frozen=True)
class LinkageSummary:
    """Which histories can be linked, and what is common to all linkages."""

    n: int
    same_follow_up: bool
    pairs: tuple[HistoryPair, ...]
    bounds: tuple[LinkedBound, ...]
    exhaustive: bool

    @property
    def possible(self) -> bool | None:
        """Whether the endpoints can belong to the same patients at all; None if the work limit left that open."""
        known = [pair.linked for pair in self.pairs]
        return True if True in known else (None if None in known else False)

    def bound(self, quantity: str, day: Fraction | float) -> LinkedBound:
        """One bound, by its name and by the landmark or its whole day. Raises KeyError if there is none."""
        for bound in self.bounds:
            if bound.quantity == quantity and floor(bound.at) == floor(day):
                return bound
        raise KeyError((quantity, day))

    def sentences(self, inner: str = "EFS", outer: str = "OS") -> tuple[str, ...]:
        """The same in words, for a reader who knows the endpoints by name."""
        linked = sum(pair.linked is True for pair in self.pairs)
        rule = (
            f"assuming that a patient censored for {inner} is censored for {outer} on the same day"
            if self.same_follow_up
            else f"allowing {outer} follow-up to go on after censoring for {inner}"
        )
        text = [f"{linked} of {len(self.pairs)} pairs of {inner} and {outer} histories can be linked, {rule}."]
        for bound in self.bounds:
            number = f"exactly {bound.low}" if bound.low == bound.high else f"{bound.low} to {bound.high}"
            name = bound.quantity.replace("inner event", f"{inner} event").replace("inner", inner)
            text.append(f"By day {floor(bound.at)}, {number} of {self.n} patients: {name}.")
        if not self.exhaustive:
            text.append("The work limit was reached: no linkage lies outside these numbers, but they may be too wide.")
        return tuple(text)


def linkages(
    inner: Iterable[Timeline],
    outer: Iterable[Timeline],
    n: int,
    inner_days: Sequence[Fraction | int],
    outer_days: Sequence[Fraction | int] | None = None,
    *,
    same_follow_up: bool = True,
    limit: int = WORK_LIMIT,
) -> LinkageSummary:
    """All ways in which two endpoints can belong to the same patients.

    Parameters
    ----------
    inner, outer : the feasible systems of each endpoint (`timelines`).
    n : patients.
    inner_days, outer_days : the landmarks to which the systems' `passed` refer; None: the same for both. Numbers are
        reported at the landmarks that the endpoints share.
    same_follow_up : whether a patient censored for the inner endpoint is censored for the outer one on the same day.
    limit : how many choices to go through; where that is too few, what is known is returned (`exhaustive` False).
    """
    outer_days = inner_days if outer_days is None else outer_days
    days = [tuple(floor(day) for day in some) for some in (inner_days, outer_days)]
    named = {floor(day): Fraction(day) for day in inner_days if floor(day) in days[1]}
    first, second = _distinct(inner), _distinct(outer)
    search = _Search(named, Budget(limit), same_follow_up=same_follow_up)
    known: dict[tuple[str, str], bool | None] = {(a.history, b.history): False for a, b in product(first, second)}
    matrices = {t: closed(t.chain) for t in (*first, *second)}
    for a, b in product(first, second):
        pair = Pair(a, b, n, days[0], days[1], same_follow_up)
        one, other = matrices[a], matrices[b]
        if one is None or other is None:
            continue
        found = search.link(pair, beside(other, one))
        key = (a.history, b.history)
        known[key] = True if found or known[key] else (None if None in (found, known[key]) else False)
    pairs = tuple(HistoryPair(a, b, linked) for (a, b), linked in known.items())
    return LinkageSummary(n, same_follow_up, pairs, search.bounds(), search.exhaustive)


def _distinct(found: Iterable[Timeline]) -> tuple[Timeline, ...]:
    return tuple({(t.history, t.passed, t.chain): t for t in found}.values())


class _Search:
    """The bounds so far, over the pairs of systems gone through."""

    def __init__(self, days: dict[int, Fraction], budget: Budget, *, same_follow_up: bool) -> None:
        self.days = days
        self.budget = budget
        self.names = (ALIVE, THEN_DIED, DIED_FIRST, THEN_LOST, *(() if same_follow_up else (DIED_UNSEEN,)))
        self.low: dict[tuple[str, int], tuple[int, Patients | None]] = {}
        self.high: dict[tuple[str, int], tuple[int, Patients | None]] = {}
        self.exhaustive = True

    def link(self, pair: Pair, order: Order) -> bool | None:
        """Go through one pair of systems; whether it can be linked, None if the budget did not suffice to tell."""
        linked = False
        try:
            for pairing in pairings(pair, order, self.budget):
                linked = True
                for day in self.days:
                    self._censorings(pair, pairing, day)
                    self._deaths(pair, pairing, day)
        except WorkLimitError:
            self.exhaustive = False
            self._anything(pair)
            return linked or None
        return linked

    def bounds(self) -> tuple[LinkedBound, ...]:
        """What has been found, landmark by landmark."""
        found = []
        for day, name in product(self.days, self.names):
            if (name, day) in self.low:
                (low, one), (high, other) = self.low[name, day], self.high[name, day]
                sure = one is not None and other is not None
                found.append(LinkedBound(name, self.days[day], low, high, "patients", sure, one, other))
        return tuple(found)

    def _censorings(self, pair: Pair, pairing: Pairing, day: int) -> None:
        """Lost after the event, and still followed: by how many steps of the outer history come by the day."""
        history = pair.outer.history
        failed = _events(pair.inner, pair.inner_days, day)
        first = pair.outer.passed[pair.outer_days.index(day)]
        after = history.find(EVENT, first)
        after = len(history) if after < 0 else after
        for by_then in range(first, after + 1):
            order = _split(pair, pairing.order, by_then, after, day)
            if order is None:
                continue
            gone = [kind for kind, flag in zip(history[:by_then], pairing.censored, strict=False) if not flag]
            most = failed - len(gone) if by_then == len(history) else 0
            unseen = history[:by_then].count(EVENT) - gone.count(EVENT)
            for number in {0, most}:
                lost = gone.count(CENSORED) + number
                numbers = {ALIVE: failed - len(gone) - number, THEN_LOST: lost, DIED_UNSEEN: unseen}
                if self._news(numbers, day):
                    self._offer(pair, pairing, order, day, tuple(numbers), lost_on=(number, day))

    def _deaths(self, pair: Pair, pairing: Pairing, day: int) -> None:
        """Deaths that are the first event, and others: the fewest and most coincidences of days."""
        steps = range(pair.outer.passed[pair.outer_days.index(day)])
        deaths = [i for i in steps if pair.outer.history[i] == EVENT and not pairing.censored[i]]
        rows = [(pair.outer_node(i), pair.inner_node(pair.events[pairing.rank(i)])) for i in deaths]
        below = max(
            self._value(self.low, DIED_FIRST, day, pair.n + 1),
            len(deaths) - self._value(self.high, THEN_DIED, day, -1),
        )
        few = fewest_direct(pairing.order, rows, below, self.budget)
        if few is not None:
            self._offer(pair, pairing, few[1], day, (DIED_FIRST, THEN_DIED))
        above = min(
            self._value(self.high, DIED_FIRST, day, -1),
            len(deaths) - self._value(self.low, THEN_DIED, day, pair.n + 1),
        )
        events = [pair.inner_node(i) for i in pair.events]
        many = most_direct(pairing.order, [row for row, _ in rows], events, above, self.budget)
        if many is not None:
            self._offer(pair, pairing, many[1], day, (DIED_FIRST, THEN_DIED), together=True)

    def _news(self, numbers: dict[str, int], day: int) -> bool:
        """Whether any of the numbers goes beyond what there was."""
        return any(
            number < self._value(self.low, name, day, number + 1)
            or number > self._value(self.high, name, day, number - 1)
            for name, number in numbers.items()
            if name in self.names
        )

    @staticmethod
    def _value(side: dict[tuple[str, int], tuple[int, Patients | None]], name: str, day: int, none: int) -> int:
        return side[name, day][0] if (name, day) in side else none

    def _offer(
        self,
        pair: Pair,
        pairing: Pairing,
        order: Order,
        day: int,
        names: tuple[str, ...],
        lost_on: tuple[int, int] = (0, 0),
        *,
        together: bool = False,
    ) -> None:
        """Write a table, check it, and keep it where it is more extreme than what there was."""
        patients = assembled(pair, pairing, order, lost_on, together=together)
        if not keeps_the_rules(pair, patients):
            raise ArithmeticError(f"a linkage of {pair.inner.history} and {pair.outer.history} breaks a rule")
        numbers = counted(patients, day)
        for name in names:
            if name in self.names:
                self._keep(name, day, numbers[name], patients)

    def _keep(self, name: str, day: int, number: int, patients: Patients | None) -> None:
        key = (name, day)
        if key not in self.low or number < self.low[key][0]:
            self.low[key] = (number, patients)
        if key not in self.high or number > self.high[key][0]:
            self.high[key] = (number, patients)

    def _anything(self, pair: Pair) -> None:
        """What certainly holds for a pair that was not gone through."""
        for day, name in product(self.days, self.names):
            failed, died = _events(pair.inner, pair.inner_days, day), _events(pair.outer, pair.outer_days, day)
            if pair.same_follow_up and failed < died:
                continue
            alive = failed - died if pair.same_follow_up else failed
            self._keep(name, day, 0, None)
            self._keep(name, day, alive if name in (ALIVE, THEN_LOST) else died, None)


def _events(system: Timeline, days: tuple[int, ...], day: int) -> int:
    return system.history[: system.passed[days.index(day)]].count(EVENT)


def _split(pair: Pair, order: Order, by_then: int, after: int, day: int) -> Order | None:
    """Just the first `by_then` steps of the outer history come by the day; the others up to `after` are censorings."""
    assert set(pair.outer.history[by_then:after]) <= {CENSORED}
    now: Order | None = order
    if by_then:
        now = demand(now, pair.outer_node(by_then - 1), 0, -day)
    if by_then < len(pair.outer.history):
        now = demand(now, 0, pair.outer_node(by_then), day + 1)
    return now
