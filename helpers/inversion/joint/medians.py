"""Foretelling a median or a median follow-up, or one of its limits, from everything else in print.

A number that is the day of a step lies between the smallest and largest possible day of that step; every whole day
in between is possible. Symmetric limits are foretold as digits, from the formula. Where what comes after the last
landmark matters, the courses are gone through as far as the work limit allows; beyond it only what certainly holds is
said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from itertools import product

from helpers.inversion.evidence import Field
from helpers.inversion.follow_up import rational_curves
from helpers.inversion.joint.bracket import median_bracket
from helpers.inversion.joint.foretold import Foretold
from helpers.inversion.joint.joint import MOST_CANDIDATES, Joint
from helpers.inversion.joint.sought import Sought
from helpers.inversion.joint.whole import Demand, FollowUpRange
from helpers.inversion.median_account import predicted_texts
from helpers.inversion.median_ways import MedianWay
from helpers.inversion.medians import MedianCase, PrintedMedian, day_pairs, symmetric_days
from helpers.inversion.symmetric_limits import formula_cases
from helpers.printed import PrintedNumber, Rounding, round_to, show


def foretell_median(joint: Joint, rest: Joint, name: str, target: Field) -> Foretold:
    """What the rest says about one number of a median or a median follow-up.

    Parameters
    ----------
    joint : everything printed, less what is set aside.
    rest : the same without the target.
    name : the endpoint.
    target : the field.
    """
    demand = next((d for d in joint.wholes[name].demands if target in d.fields), None)
    if demand is None:
        return _range_end(rest, name, next(r for r in joint.wholes[name].ranges if target in r.fields), target.name)
    left = demand.without([target]).by_itself().limited(rest.ways)
    if name not in rest.listed:
        return _bracket(rest, name, demand, left, target.name)
    if demand.follow_up and demand.median.complete and all(way.symmetric for way in left.ways):
        return _symmetric_follow_up(rest, name, demand, left, target.name)
    sought = Sought(rest.days[name], left, demand.median, target.name)
    for k, candidate in enumerate(rest.candidates(name)):
        if k >= MOST_CANDIDATES:
            return Foretold(why="there are too many histories to go through")
        if rest.stands(name, candidate) is not False:
            for one in rest.systems(name, candidate):
                if rest.system_stands(name, candidate, one) is not False:
                    sought.look(one)
    return sought.answer()


def _range_end(rest: Joint, name: str, some: FollowUpRange, field: str) -> Foretold:
    """The first day that the largest follow-up can be, or the last that the smallest can be, by halving."""
    number: PrintedNumber = getattr(some, field)
    if name not in rest.listed or not number.reached:
        return Foretold(why="the end of a range of follow-up, not of a confidence interval")
    whole = rest.wholes[name]

    def stands(day: int) -> bool:
        end = FollowUpRange(some.claim, None, None, Fraction(1)).having(field, PrintedNumber(str(day)))
        tried = Joint({**rest.wholes, name: replace(whole, ranges=(*whole.ranges, end))}, rest.assumptions)
        return any(tried.stands(name, candidate) is not False for candidate in tried.candidates(name))

    largest = field == "ci_high"
    fits, fails = (whole.longest, -1) if largest else (0, whole.longest + 1)
    while abs(fits - fails) > 1:
        middle = (fits + fails) // 2
        fits, fails = (middle, fails) if stands(middle) else (fits, middle)
    how = "the days on which patients can be lost"
    ends = (fits, whole.longest) if largest else (0, fits)
    return _between(number, some.day, *ends, above=largest, how=how)


def _between(number: PrintedNumber, day: Fraction, first: int, last: int | None, *, above: bool, how: str) -> Foretold:
    """Everything that days from one to another can print, by any rounding rule."""
    low = show(round_to(Fraction(first) / day, number.decimals, Rounding.TRUNCATION), number.decimals)
    high = (
        low
        if last is None
        else show(round_to(Fraction(last) / day, number.decimals, Rounding.HALF_UP), number.decimals)
    )
    return Foretold(span=(low, high), above=above, never=above and last is None, how=how)


def _bracket(rest: Joint, name: str, demand: Demand, left: Demand, field: str) -> Foretold:
    """Without histories: the landmarks around 1/2 bound a median; symmetric limits predict one another."""
    alone = _alone(demand, left, field)
    if alone.known or demand.follow_up or field != "value":
        return alone
    first, last = median_bracket(rest.wholes[name])
    if first == 0 and last is None:
        return alone
    number = demand.median.value
    assert number is not None
    how = "the landmarks on either side bound it"
    return _between(number, demand.median.day, first, last, above=last is None, how=how)


def _alone(demand: Demand, left: Demand, field: str) -> Foretold:
    """Without a curve: symmetric limits predict one another, event times nothing."""
    nothing = Foretold(why="no other printed number bears on it")
    roundings = _roundings(left.ways)
    if not roundings or not getattr(demand.median, field).reached:
        return nothing
    texts = predicted_texts(demand.median, field, roundings)
    if not texts:
        return nothing
    mixed = any(not way.symmetric for way in demand.ways)
    return Foretold(frozenset(texts), above=mixed, how=symmetric_note(roundings))


def _symmetric_follow_up(rest: Joint, name: str, demand: Demand, left: Demand, field: str) -> Foretold:
    """The few texts that symmetry leaves, each kept if some course of some history prints it."""
    roundings = _roundings(left.ways)
    texts = predicted_texts(demand.median, field, roundings)
    found = set()
    for text in texts:
        median = demand.median.having(field, PrintedNumber(text))
        if _exact_only(median, roundings) and not _exactly_printed(rest, name, median, roundings):
            continue
        if _some_stands(rest, name, replace(demand, median=median)):
            found.add(text)
    return Foretold(frozenset(found), how=symmetric_note(roundings))


def _some_stands(rest: Joint, name: str, demand: Demand) -> bool:
    """Whether anything stands with a demand in place of the one for the same claim."""
    whole = rest.wholes[name]
    others = tuple(d for d in whole.demands if d.median.claim != demand.median.claim)
    tried = Joint({**rest.wholes, name: replace(whole, demands=(*others, demand))}, rest.assumptions)
    return any(tried.stands(name, candidate) is not False for candidate in tried.candidates(name))


def _exact_only(median: PrintedMedian, roundings: Iterable[Rounding]) -> bool:
    """Whether only single half-widths fit, which no irrational standard error gives."""
    widths = [some for rounding in roundings for _, some in symmetric_days(median, rounding)]
    return all(some is not None and some.low == some.high for some in widths)


def _exactly_printed(rest: Joint, name: str, median: PrintedMedian, roundings: tuple[Rounding, ...]) -> bool:
    """Whether some flipped history with a rational standard error prints the limits; True if they are too many."""
    n, longest = rest.wholes[name].n, rest.wholes[name].longest
    for history in dict.fromkeys(candidate.history for candidate in rest.candidates(name)):
        found = _rational_cases(history, n, median.level)
        if found is None:
            return True
        if any(True for case in found for rounding in roundings for _ in day_pairs(case, median, rounding, longest)):
            return True
    return False


@lru_cache(maxsize=256)
def _rational_cases(history: str, n: int, level: Fraction) -> tuple[MedianCase, ...] | None:
    """SPSS's formula on every flipped history whose standard error at the median is rational; None: too many."""
    found = rational_curves(history, n)
    if found is None:
        return None
    whole = (text + "".join(tail) for text in found for tail in product("EC", repeat=n - len(text)))
    return tuple(dict.fromkeys(case for kinds in whole for case in formula_cases(kinds, n, level)))


def _roundings(ways: Iterable[MedianWay]) -> tuple[Rounding, ...]:
    rules = {way.rounding for way in ways if way.symmetric}
    return tuple(rule for rule in Rounding if rule in rules)


def symmetric_note(roundings: Iterable[Rounding]) -> str:
    """How symmetric limits were brought to print."""
    return f"limits symmetric about the median, {' or '.join(roundings)}"
