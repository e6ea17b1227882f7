"""Asking: under which conditions a history, or its flipped one, prints a median or a median follow-up.

The two kinds of limits, SPSS's and event times, are asked alike here, and the follow-up like a median on the flipped
history.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from helpers.inversion.conditions import Condition
from helpers.inversion.event_limits import Told, event_demands
from helpers.inversion.evidence import ESTIMATE_FIELDS
from helpers.inversion.follow_up import flips
from helpers.inversion.joint.whole import Demand
from helpers.inversion.median_ways import MedianWay, ReverseTies
from helpers.inversion.readings import Moment, Outcome, Reading
from helpers.inversion.symmetric_limits import Formula, symmetric_demands
from helpers.inversion.work import Budget

Days = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Asked:
    """One condition under which a demand is met, the steps or the formula that then tell it, and the ways.

    `settled` is False where what is still to come may yet decide against it. `ties` is the rule of a follow-up.
    """

    condition: Condition
    told: Told
    formula: Formula | None
    ways: frozenset[MedianWay]
    settled: bool
    ties: ReverseTies | None = None


def asked(
    kinds: str,
    n: int,
    demand: Demand,
    *,
    whole: bool,
    longest: int,
    later: int = 0,
    days: Days = (),
    sought: bool = False,
) -> Iterator[Asked]:
    """Every condition under which a demand is met on the curve of a history.

    Parameters
    ----------
    kinds, n, whole, later, sought : as in `event_demands`.
    demand : the printed median with the ways to try.
    longest, days : as in `symmetric_demands`.
    """
    median = demand.median
    for item in symmetric_demands(
        kinds, n, median, demand.ways, whole=whole, longest=longest, later=later, days=tuple(days)
    ):
        plain = median.ci_low is None and median.ci_high is None and _settled(demand, item.told)
        yield Asked(item.condition, item.told, item.formula, item.ways, whole or item.formula is not None or plain)
    for event in event_demands(kinds, n, median, demand.ways, whole=whole, later=later, sought=sought):
        yield Asked(event.condition, event.told, None, event.ways, whole or _settled(demand, event.told))


def _settled(demand: Demand, told: Told) -> bool:
    """Whether the steps of everything printed are known."""
    return all(
        isinstance(getattr(told, name), Moment) for name in ESTIMATE_FIELDS if getattr(demand.median, name) is not None
    )


def asked_of_follow_up(
    kinds: str,
    n: int,
    demand: Demand,
    *,
    longest: int,
    budget: Budget,
    days: Days = (),
    sought: bool = False,
) -> Iterator[Asked]:
    """Every condition under which a median follow-up is met on a whole course, by either rule for ties.

    Steps are those of the course. Strict ties come first: there the flipped history is one. Raises WorkLimitError when
    the budget, one unit a flipped history, is used up.
    """
    for ties in demand.ties:
        for flipped in flips(kinds, ties):
            budget.spend()
            moved = [days[step] for step in flipped.order] if days else ()
            for item in asked(flipped.kinds, n, demand, whole=True, longest=longest, days=moved, sought=sought):
                moved_condition = item.condition.moved(flipped.order)
                condition = moved_condition.both(flipped.condition) if moved_condition is not None else None
                if condition is not None:
                    told = _moved(item.told, flipped.order)
                    yield Asked(condition, told, item.formula, item.ways, True, ties)


def _moved(told: Told, order: Sequence[int]) -> Told:
    """What tells the numbers, by the steps of the course rather than of its flipped history."""
    return Told(*(_at(getattr(told, name), order) for name in ESTIMATE_FIELDS))


def _at(reading: Reading, order: Sequence[int]) -> Reading:
    if isinstance(reading, Outcome):
        return reading
    return Moment(order[reading.first], None if reading.second is None else order[reading.second])
