"""Sought: one number of a median, collected over all systems that stand without it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from helpers.inversion.chains import Chain
from helpers.inversion.conditions import satisfied
from helpers.inversion.follow_up import follow_up_days
from helpers.inversion.joint.asking import Asked, asked, asked_of_follow_up
from helpers.inversion.joint.foretold import Foretold
from helpers.inversion.joint.standing import Standing
from helpers.inversion.joint.systems import Days, System, course_budget, courses
from helpers.inversion.joint.whole import Demand
from helpers.inversion.medians import PrintedMedian
from helpers.inversion.readings import Moment, Outcome
from helpers.inversion.symmetric_limits import formula_text
from helpers.inversion.work import Budget, WorkLimitError
from helpers.printed import PrintedNumber, Rounding, show

_LOOK = 16


class Sought:
    """What one number of a median can be: half days by rounding rule, digits from a formula, or not reached."""

    def __init__(self, days: Days, left: Demand, median: PrintedMedian, field: str) -> None:
        """Seek a field of a printed median, of which `left` is what may be read."""
        claim = median.claim
        self._days = replace(days, demands=tuple(d for d in days.demands if d.median.claim != claim))
        self._left, self._median, self._field = left, median, field
        self._number: PrintedNumber = getattr(median, field)
        self._halves: dict[Rounding, set[int]] = {}
        self._texts: set[str] = set()
        self._never = self._anything = False
        self._rules: set[Rounding] = set()

    def look(self, one: Standing) -> None:
        """Collect what the number can be in one system that stands without it."""
        left = self._left.limited(one.ways)
        if not left.ways:
            return
        system = one.system
        still = tuple(d for d in system.open if d.median.claim != self._median.claim)
        bare = System(system.timeline, one.ways, system.asked, still)
        if left.follow_up:
            chain = system.timeline.chain
            low, high, reached = follow_up_days(system.timeline.history, self._days.n, chain, self._days.longest)
            if self._field != "value":
                low, high, reached = 0, self._days.longest, False
            self._through_courses(bare, left, low, high, reached=reached)
            return
        timeline, later = system.timeline, self._days.last + 1
        pending: list[int] = []
        for item in asked(
            timeline.history,
            self._days.n,
            left,
            whole=False,
            longest=self._days.longest,
            later=later,
            days=_bounds(timeline.chain),
            sought=self._field != "value",
        ):
            now = satisfied(timeline.chain, item.condition)
            if now is not None and not self._take(item, now):
                reading = getattr(item.told, self._field)
                pending.append(later if reading is Outcome.LATER else 0)
        if pending:
            self._through_courses(bare, left, min(pending), self._days.longest, reached=False)

    def _through_courses(self, system: System, left: Demand, low: int, high: int, *, reached: bool) -> None:
        """Collect over whole courses; beyond the work limit everything from `low` to `high` is taken to be possible."""
        budget = course_budget(self._days)
        try:
            for number, course in enumerate(courses(self._days, system, budget)):
                now_left = left.limited(course.ways)
                for item in self._asked(now_left, course.chain, budget) if now_left.ways else ():
                    chain = satisfied(course.chain, item.condition)
                    if chain is not None and not self._take(item, chain):
                        self._anything = True
                if number % _LOOK == _LOOK - 1 and self._covers(low, high, reached=reached):
                    return
        except WorkLimitError:
            self._never |= not reached
            for rounding in {way.rounding for way in left.ways}:
                self._halves.setdefault(rounding, set()).update(range(2 * low, 2 * high + 1))

    def _asked(self, left: Demand, chain: Chain, budget: Budget) -> Iterator[Asked]:
        n, longest, bounds = self._days.n, self._days.longest, _bounds(chain)
        if left.follow_up:
            return asked_of_follow_up(chain.kinds, n, left, longest=longest, budget=budget, days=bounds, sought=True)
        return asked(chain.kinds, n, left, whole=True, longest=longest, days=bounds, sought=True)

    def _covers(self, low: int, high: int, *, reached: bool) -> bool:
        """Whether every whole day of a range has been found, so that nothing new can come."""
        if not (self._never or reached) or self._texts:
            return False
        every = set(range(2 * low, 2 * high + 1, 2))
        rules = {way.rounding for way in self._left.ways}
        return all(every <= self._halves.get(rounding, set()) for rounding in rules)

    def _take(self, item: Asked, chain: Chain) -> bool:
        """Note what the number is under one condition; False where what is still to come decides it."""
        if item.formula is not None:
            for way in item.ways:
                case, day, gap = item.formula.case, item.formula.day, item.formula.gap
                text = formula_text(case, day, gap, self._field, self._number, self._median.day, way.rounding)
                self._texts.add(text)
                self._rules.add(way.rounding)
            return True
        if self._field != "value" and any(way.symmetric for way in item.ways):
            self._anything = True
            return True
        reading = getattr(item.told, self._field)
        if reading is Outcome.NEVER:
            self._never = True
            return True
        if not isinstance(reading, Moment):
            return False
        first, second = reading.first, reading.second
        if second is None:
            found = range(2 * chain.low[first], 2 * chain.high[first] + 1, 2)
        else:
            found = range(chain.low[first] + chain.low[second], chain.high[first] + chain.high[second] + 1)
        for rounding in {way.rounding for way in item.ways}:
            self._halves.setdefault(rounding, set()).update(found)
        return True

    def answer(self) -> Foretold:
        """What was collected."""
        if self._anything:
            return Foretold(why="SPSS's limits can be any there, for the rest of this median")
        most = max((max(some) for some in self._halves.values() if some), default=0)
        texts = self._texts | {
            text for rounding, some in self._halves.items() for text in self._printed(some, rounding)
        }
        how = ""
        if self._texts and not self._halves:
            rules = " or ".join(rule for rule in Rounding if rule in self._rules)
            how = f"limits symmetric about the median, {rules}; on the surviving histories by SPSS's formula"
        return Foretold(
            frozenset(texts), never=self._never, above=self._never or most >= 2 * self._days.longest, how=how
        )

    def _printed(self, halves: Iterable[int], rounding: Rounding) -> set[str]:
        """The texts of some half days."""
        number, unit = self._number, self._median.day
        decimals = number.decimals
        factor = Fraction(10**decimals) / (2 * unit)
        found = set()
        for half in halves:
            whole, rest = divmod(half * factor.numerator, factor.denominator)
            twice = 2 * rest - factor.denominator
            if rounding is Rounding.HALF_UP:
                whole += twice >= 0
            elif rounding is Rounding.HALF_EVEN:
                whole += twice > 0 or (twice == 0 and whole % 2 == 1)
            found.add(whole)
        return {show(Fraction(whole, 10**decimals), decimals) for whole in found}


def _bounds(chain: Chain) -> tuple[tuple[int, int], ...]:
    return tuple(zip(chain.low, chain.high, strict=True))
