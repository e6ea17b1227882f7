"""Sought: one number of a median, collected over all systems that stand without it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from helpers.inversion.chains import Chain
from helpers.inversion.conditions import satisfied
from helpers.inversion.follow_up import follow_up_days
from helpers.inversion.joint.asking import Asked, asked, asked_of_follow_up
from helpers.inversion.joint.foretold import Foretold
from helpers.inversion.joint.standing import Standing
from helpers.inversion.joint.systems import Days, System, course_budget, courses, needs_course
from helpers.inversion.joint.whole import Demand
from helpers.inversion.medians import PrintedMedian
from helpers.inversion.readings import Moment, Outcome
from helpers.inversion.symmetric_limits import formula_text
from helpers.inversion.work import Budget, WorkLimitError
from helpers.printed import PrintedNumber, Rounding, show

# So many systems may be gone through as far as the work limit of one goes.
SYSTEMS = 3


@dataclass
class Found:
    """What a number can be: half days by rounding rule, digits from a formula, not reached, or anything."""

    halves: dict[Rounding, set[int]] = field(default_factory=dict)
    texts: set[tuple[str, Rounding]] = field(default_factory=set)
    never: bool = False
    anything: bool = False

    def days(self, rounding: Rounding, some: Iterable[int]) -> None:
        """Add half days, counted in halves."""
        self.halves.setdefault(rounding, set()).update(some)

    def covers(self, other: Found) -> bool:
        """Whether nothing of another is missing here; of half days, no whole one."""
        return (
            (self.never or not other.never)
            and (self.anything or not other.anything)
            and other.texts <= self.texts
            and all(
                all(half in self.halves.get(rounding, ()) for half in some if half % 2 == 0)
                for rounding, some in other.halves.items()
            )
        )

    def add(self, other: Found) -> None:
        """Take in another."""
        for rounding, some in other.halves.items():
            self.days(rounding, some)
        self.texts |= other.texts
        self.never |= other.never
        self.anything |= other.anything


class Sought:
    """One number of a median, over the systems that are looked at."""

    def __init__(self, days: Days, left: Demand, median: PrintedMedian, name: str) -> None:
        """Seek a field of a printed median, of which `left` is what may be read."""
        self._days = replace(days, demands=tuple(d for d in days.demands if d.median.claim != median.claim))
        self._left, self._median, self._field = left, median, name
        self._number = _like(median, name)
        self._found = Found()
        self._budget = Budget(SYSTEMS * course_budget(days).left)

    def look(self, one: Standing) -> None:
        """Collect what the number can be in one system that stands without it.

        First what the history up to the last landmark allows. Where more is printed about what comes later, each of it
        has to be seen on a course; what is not, within the work limit, is taken to be possible.
        """
        left = self._left.limited(one.ways)
        if not left.ways:
            return
        still = tuple(d for d in one.system.open if d.median.claim != self._median.claim)
        system = System(one.system.timeline, one.ways, one.system.asked, still)
        possible, settled = self._at_most(system, left)
        if settled and not needs_course(system, self._days):
            self._found.add(possible)
            return
        found = Found()
        try:
            self._through_courses(system, left, found, possible)
        except WorkLimitError:
            self._budget.left = 0
            found.add(possible)
        self._found.add(found)

    def _at_most(self, system: System, left: Demand) -> tuple[Found, bool]:
        """Everything that the history allows, and whether that is all there is to say."""
        timeline, longest = system.timeline, self._days.longest
        for some in self._days.ranges if left.follow_up else ():
            longest = min(longest, longest if (last := some.end("ci_high")) is None else last)
        possible, settled = Found(), not left.follow_up
        rules = {way.rounding for way in left.ways}
        half = 1 if any(way.flat.middle for way in left.ways) else 2
        if left.follow_up:
            low, high, reached = follow_up_days(timeline.history, self._days.n, timeline.chain, longest)
            if self._field != "value":
                low, high, reached = 0, longest, False
            possible.never = not reached
            for rounding in rules:
                possible.days(rounding, range(2 * low, 2 * high + 1, half))
            return possible, settled
        later = self._days.last + 1
        for item in self._asked(left, timeline.chain, None, later):
            chain = satisfied(timeline.chain, item.condition)
            if chain is None:
                continue
            known = self._take(item, chain, possible)
            settled &= known and item.settled
            if not known:
                possible.never = True
                low = later if getattr(item.told, self._field) is Outcome.LATER else 0
                for rounding in rules:
                    possible.days(rounding, range(2 * low, 2 * longest + 1, half))
        return possible, settled

    def _through_courses(self, system: System, left: Demand, found: Found, possible: Found) -> None:
        """Collect over whole courses, until all that is possible has been found."""
        budget = self._budget
        for course in courses(self._days, system, budget):
            now_left = left.limited(course.ways)
            for item in self._asked(now_left, course.chain, budget, 0) if now_left.ways else ():
                chain = satisfied(course.chain, item.condition)
                if chain is not None:
                    self._take(item, chain, found)
            if found.covers(possible) and self._texts(possible) <= self._texts(found):
                return

    def _asked(self, left: Demand, chain: Chain, budget: Budget | None, later: int) -> Iterator[Asked]:
        """What is asked on a whole course, or (without a budget) on what happened by the last landmark."""
        n, longest, bounds = self._days.n, self._days.longest, tuple(zip(chain.low, chain.high, strict=True))
        limits = self._field != "value"
        if left.follow_up and budget is not None:
            return asked_of_follow_up(chain.kinds, n, left, longest=longest, budget=budget, days=bounds, sought=limits)
        return asked(
            chain.kinds, n, left, whole=budget is not None, longest=longest, later=later, days=bounds, sought=limits
        )

    def _take(self, item: Asked, chain: Chain, found: Found) -> bool:
        """Note what the number is under one condition; False where what is still to come decides it."""
        if item.formula is not None:
            case, day, gap = item.formula.case, item.formula.day, item.formula.gap
            for rounding in {way.rounding for way in item.ways}:
                text = formula_text(case, day, gap, self._field, self._number, self._median.day, rounding)
                found.texts.add((text, rounding))
            return True
        if self._field != "value" and any(way.symmetric for way in item.ways):
            found.anything = True
            return True
        reading = getattr(item.told, self._field)
        if reading is Outcome.NEVER:
            found.never = True
            return True
        if not isinstance(reading, Moment):
            return False
        first, second = reading.first, reading.second
        if second is None:
            halves = range(2 * chain.low[first], 2 * chain.high[first] + 1, 2)
        else:
            halves = range(chain.low[first] + chain.low[second], chain.high[first] + chain.high[second] + 1)
        for rounding in {way.rounding for way in item.ways}:
            found.days(rounding, halves)
        return True

    def answer(self) -> Foretold:
        """What was collected."""
        found = self._found
        if found.anything:
            return Foretold(why="SPSS's limits can be any there, for the rest of this median")
        most = max((max(some) for some in found.halves.values() if some), default=0)
        texts = self._texts(found)
        how = ""
        if found.texts and not found.halves:
            used = {rounding for _, rounding in found.texts}
            rules = " or ".join(rule for rule in Rounding if rule in used)
            how = f"limits symmetric about the median, {rules}; on the surviving histories by SPSS's formula"
        above = found.never or most >= 2 * self._days.longest
        return Foretold(frozenset(texts), never=found.never, above=above, how=how)

    def _texts(self, found: Found) -> set[str]:
        """Everything that was found, as text."""
        texts = {text for text, _ in found.texts}
        return texts | {text for rounding, some in found.halves.items() for text in self._printed(some, rounding)}

    def _printed(self, halves: Iterable[int], rounding: Rounding) -> set[str]:
        """The texts of some half days."""
        decimals = self._number.decimals
        factor = Fraction(10**decimals) / (2 * self._median.day)
        units = set()
        for half in halves:
            whole, rest = divmod(half * factor.numerator, factor.denominator)
            twice = 2 * rest - factor.denominator
            if rounding is Rounding.HALF_UP:
                whole += twice >= 0
            elif rounding is Rounding.HALF_EVEN:
                whole += twice > 0 or (twice == 0 and whole % 2 == 1)
            units.add(whole)
        return {show(Fraction(whole, 10**decimals), decimals) for whole in units}


def _like(median: PrintedMedian, name: str) -> PrintedNumber:
    """A number with the decimals of a field; where that is not reached, with those of the others."""
    number: PrintedNumber = getattr(median, name)
    others = [x for x in (median.value, median.ci_low, median.ci_high) if x is not None and x.reached]
    return number if number.reached else max(others, key=lambda x: x.decimals, default=number)
