"""Demands: what a printed median or median follow-up asks of the days of a course, step by step.

A course is looked at letter by letter. As soon as the letters so far decide which steps a printed number is about, it
becomes a condition on their days; the patients left are then free of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor

from helpers.inversion.draws.conditions import Condition, exclusive
from helpers.inversion.draws.event_times import event_conditions
from helpers.inversion.follow_up import FLIP
from helpers.inversion.history import EVENT, event_steps, states
from helpers.inversion.median_account import median_accounts
from helpers.inversion.medians import MedianCase, PrintedMedian, day_pairs, median_cases, symmetric_days
from helpers.inversion.paper import StudyInversion
from helpers.printed import Rounding

_LOWER = Fraction(45, 100)
_NEAR = 1e-6


@dataclass(frozen=True)
class Demand:
    """One printed median with the rounding rules it may have been made by; `of_losses` for a median follow-up."""

    median: PrintedMedian
    roundings: tuple[Rounding, ...]
    of_losses: bool


def demands_of(inversion: StudyInversion, endpoint: str, *, first: bool) -> tuple[Demand, ...]:
    """What the paper's medians and follow-ups ask of an endpoint; those of no endpoint belong to the `first` one."""
    study, found = inversion.study, []
    accounts = median_accounts(study, inversion.days_per_month)
    for statistic in ("median", "follow_up"):
        for claim in study.select(statistic):
            account = accounts.get(claim.id)
            if account is not None and (claim.endpoint == endpoint or (first and not claim.endpoint)):
                found.append(Demand(account.used, account.roundings, statistic == "follow_up"))
    return tuple(found)


def conditions(course: str, history: int, n: int, demand: Demand, longest: int) -> tuple[Condition, ...]:
    """Every condition under which a course prints a median, as far as its letters decide; no two hold together.

    Parameters
    ----------
    course : letters so far, the first `history` of them up to the last landmark.
    history : how many.
    n : patients at the start.
    demand : the printed median.
    longest : largest possible day.
    """
    kinds = course.translate(FLIP) if demand.of_losses else course
    by_events = bool(demand.median.event_times)
    if by_events:
        found: Iterable[Condition] = event_conditions(kinds, history, n, demand.median, demand.roundings)
    else:
        found = _symmetric(kinds, history, n, demand, longest)
    decided = [c for c in found if c.needed <= len(course)]
    ready = dict.fromkeys(_separated(c, course, demand) if demand.of_losses else c for c in decided)
    # The cases of SPSS's formula exclude each other; scales, z and rounding of event times do not.
    return exclusive(ready) if by_events else tuple(ready)


def settled(course: str, history: int, n: int, demand: Demand) -> bool:
    """Whether no further letter can add a condition."""
    if len(course) == n:
        return True
    kinds = course.translate(FLIP) if demand.of_losses else course
    if demand.median.event_times:
        found = event_conditions(kinds, history, n, demand.median, demand.roundings)
        return all(condition.needed <= len(course) for condition in found)
    low = next((i for i in event_steps(kinds) if states(kinds, n)[i + 1].survival <= _LOWER), None)
    if low is None:
        return False
    return _run_end(kinds, low) + 1 < len(kinds) or (not demand.of_losses and low < history)


def _run_end(kinds: str, step: int) -> int:
    while step + 1 < len(kinds) and kinds[step + 1] == EVENT:
        step += 1
    return step


def _symmetric(kinds: str, history: int, n: int, demand: Demand, longest: int) -> Iterator[Condition]:
    """SPSS's formula: the median's day, and so many days from the last step above .55 to the first below .45."""
    for case in median_cases(kinds, n):
        needed = _needed(case, history, n, of_losses=demand.of_losses)
        for rounding in demand.roundings:
            for day, gap in _day_pairs(case, demand.median, rounding, longest):
                yield Condition(
                    case.tied,
                    case.apart,
                    ((case.median, day, day),),
                    ((case.before, case.after, gap, gap),),
                    (),
                    needed,
                )


def _day_pairs(case: MedianCase, median: PrintedMedian, rounding: Rounding, longest: int) -> Iterator[tuple[int, int]]:
    """`day_pairs`, without exact arithmetic where nothing lies near a rounding boundary."""
    factor = float(case.factor_squared) ** 0.5
    if factor == 0.0:
        return
    for day, low, high in _centres(median, rounding):
        first, last = low / factor, high / factor
        if any(abs(end - round(end)) < _NEAR for end in (first, last)):
            yield from (pair for pair in day_pairs(case, median, rounding, longest) if pair[0] == day)
        else:
            yield from ((day, gap) for gap in range(max(0, ceil(first)), min(longest, floor(last)) + 1))


@lru_cache(maxsize=256)
def _centres(median: PrintedMedian, rounding: Rounding) -> tuple[tuple[int, float, float], ...]:
    """Whole days that can be the centre of symmetric limits, with the least and largest half-width."""
    found = symmetric_days(median, rounding)
    return tuple((day, float(widths.low), float(widths.high)) for day, widths in found if widths is not None)


def _needed(case: MedianCase, history: int, n: int, *, of_losses: bool) -> int:
    """Letters that decide a case: it must be seen that no further step shares the last one's day."""
    end = case.after
    while end + 1 in case.tied:
        end += 1
    if not of_losses and end < history:
        return history  # an event after the last landmark comes later by itself
    return max(min(end + 2, n), history)


def _separated(condition: Condition, course: str, demand: Demand) -> Condition:
    """Deaths and losses on different days as far as the curve of losses matters.

    The two tie rules of reverse Kaplan-Meier give different curves on a day with both; apart, either prints the same.
    """
    numbers = (demand.median.value, demand.median.ci_low, demand.median.ci_high)
    everything = any(number is not None and not number.reached for number in numbers)
    last = len(course) - 1 if everything else condition.last
    changes = {k for k in range(1, last + 1) if course[k] != course[k - 1]}
    return replace(condition, apart=condition.apart | changes)
