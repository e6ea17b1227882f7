"""Joint: everything printed about all endpoints, acting together on their histories.

A history stands if whole days exist for it under every printed number of its endpoint, made in a way that serves all
medians of the paper, and if it can belong to the same patients as a history of every other endpoint that counts the
same deaths.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from helpers.conventions import Convention
from helpers.inversion.evidence import Field
from helpers.inversion.joint.bracket import bracketed
from helpers.inversion.joint.candidates import Candidate, Candidates
from helpers.inversion.joint.standing import Side, Standing, linked, standing
from helpers.inversion.joint.systems import COURSE_WORK, Days
from helpers.inversion.joint.whole import Whole
from helpers.inversion.median_ways import MedianWay, all_ways
from helpers.inversion.search import CANDIDATE_LIMIT, TooLargeError
from helpers.inversion.solve import Solution, solve

MOST_CANDIDATES = 2000
MOST_DOUBTFUL = 12


@dataclass(frozen=True)
class Assumptions:
    """What is taken for granted beyond the printed numbers.

    `conventions` may be tried for the landmarks, the same for all endpoints if `one_convention`; `one_way`: all medians
    were made in one way. `pairs` are the endpoints (inner, outer) that are linked; with `same_follow_up` a patient
    censored for the inner one is censored for the outer one on that day. How much is gone through: `limit` of the
    search for histories, `most` of them to look at, `work` for the courses of each.
    """

    conventions: tuple[Convention, ...]
    one_convention: bool = True
    one_way: bool = True
    pairs: tuple[tuple[str, str], ...] = ()
    same_follow_up: bool = True
    limit: int = CANDIDATE_LIMIT
    most: int = MOST_CANDIDATES
    work: int = COURSE_WORK


@dataclass(frozen=True)
class Joint:
    """Everything printed, by endpoint, under some assumptions. `memo` keeps what was worked out from it.

    Endpoints whose landmarks leave too many histories to list are left out, unless some of their histories are `given`;
    so are those without any landmark, median or follow-up.
    """

    wholes: Mapping[str, Whole]
    assumptions: Assumptions
    given: Mapping[str, Solution] = field(default_factory=dict, kw_only=True)
    memo: dict[object, Any] = field(default_factory=dict, repr=False, compare=False)

    def without(self, fields: Iterable[Field]) -> Joint:
        """The same with some fields set aside."""
        gone = tuple(fields)
        return Joint({name: whole.without(gone) for name, whole in self.wholes.items()}, self.assumptions)

    def only(self, claims: Iterable[str]) -> Joint:
        """What some claims alone print."""
        kept = tuple(claims)
        return Joint({name: whole.only(kept) for name, whole in self.wholes.items()}, self.assumptions)

    def assuming(self, assumptions: Assumptions) -> Joint:
        """The same under other assumptions."""
        return Joint(self.wholes, assumptions)

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every printed field."""
        return tuple(field for whole in self.wholes.values() for field in whole.fields)

    @cached_property
    def listed(self) -> dict[str, Solution]:
        """The histories that print the landmarks of each endpoint, where they can be listed."""
        found = {}
        for name, whole in self.wholes.items():
            if name in self.given:
                found[name] = self.given[name]
            elif whole.curve.landmarks:
                try:
                    found[name] = self._solved(whole)
                except TooLargeError:
                    continue
            elif whole.demands:
                # Nothing is known of the curve: everything that happened comes after the empty history.
                every: dict[Convention, tuple[str, ...]] = {c: ("",) for c in self.assumptions.conventions}
                found[name] = Solution(whole.n, (), every, whole.curve.counts)
        if self.assumptions.one_convention and len(found) > 1:
            shared = self.common(found.values())
            return {name: solution.under(shared) for name, solution in found.items()}
        return found

    def _solved(self, whole: Whole) -> Solution:
        some = self.assumptions
        return solve(whole.n, whole.curve.landmarks, some.conventions, some.limit, whole.curve.counts)

    def common(self, solutions: Iterable[Solution]) -> tuple[Convention, ...]:
        """The conventions that explain every one of some endpoints."""
        sets = [solution.by_convention for solution in solutions]
        return tuple(c for c in self.assumptions.conventions if all(c in known for known in sets))

    @cached_property
    def days(self) -> dict[str, Days]:
        """What decides which days are possible, by endpoint."""
        found = {name: days_of(self.wholes[name], solution, self.ways_alone) for name, solution in self.listed.items()}
        return {name: replace(days, work=self.assumptions.work) for name, days in found.items()}

    @cached_property
    def _candidates(self) -> dict[str, Candidates]:
        return {name: Candidates(solution) for name, solution in self.listed.items()}

    def candidates(self, name: str) -> Candidates:
        """Every history of an endpoint with every way past the landmarks, as the landmarks and counts leave them."""
        return self._candidates[name]

    @cached_property
    def ways(self) -> frozenset[MedianWay]:
        """The ways of making medians that serve every endpoint; two linked ones are compared history by history."""
        left = self.ways_alone
        asked = {name for name in self.listed if self.wholes[name].demands}
        if self.assumptions.one_way and len(asked) > 1 and all(asked != {*pair} for pair in self.assumptions.pairs):
            for name in sorted(asked):
                left &= self.ways_of(name, left)
        return left

    @cached_property
    def ways_alone(self) -> frozenset[MedianWay]:
        """The ways of making medians that the numbers of every median leave, whatever its curve."""
        left = frozenset(all_ways())
        if self.assumptions.one_way:
            for whole in self.wholes.values():
                for demand in whole.demands:
                    left &= frozenset(demand.by_itself().ways)
        return left

    def ways_of(self, name: str, sought: frozenset[MedianWay]) -> frozenset[MedianWay]:
        """Which of some ways serve the medians of one endpoint."""
        found: set[MedianWay] = set()
        for number, candidate in enumerate(self.candidates(name)):
            if number >= self.assumptions.most:
                return sought
            for one in standing(self.days[name], candidate.history, candidate.passed):
                found |= one.ways & sought
            if len(found) == len(sought):
                break
        return frozenset(found)

    def systems(self, name: str, candidate: Candidate, days: Days | None = None) -> tuple[Standing, ...]:
        """What stands of a candidate under the printed numbers of its own endpoint, made in a way that serves all.

        `days` : with something else printed about them than there is.
        """
        found = standing(days or self.days[name], candidate.history, candidate.passed)
        allowed = self.ways
        left = (one.limited(allowed) for one in found)
        return tuple(one for one in left if one is not None)

    def stands(self, name: str, candidate: Candidate) -> bool | None:
        """Whether a candidate stands under everything; None: not known, for want of work."""
        key = (name, candidate)
        if key not in self._known:
            self._known[key] = self._stands(name, candidate)
        return self._known[key]

    @cached_property
    def _known(self) -> dict[tuple[str, Candidate], bool | None]:
        return {}

    def _stands(self, name: str, candidate: Candidate) -> bool | None:
        if len(self._known) >= self.assumptions.most or len(self._doubtful) >= MOST_DOUBTFUL:
            return None
        answer = self._stand(name, candidate, self.systems(name, candidate))
        if answer is None:
            self._doubtful.append(candidate)
        return answer

    @cached_property
    def _doubtful(self) -> list[Candidate]:
        """Those that took all the work allowed without an answer; few of them are enough to stop asking."""
        return []

    def system_stands(self, name: str, candidate: Candidate, one: Standing) -> bool | None:
        """Whether one system of a candidate stands under everything; None: not known."""
        return self._stand(name, candidate, (one,))

    def would_stand(self, name: str, candidate: Candidate, days: Days) -> bool | None:
        """Whether a candidate would stand if something else were printed about its days."""
        return self._stand(name, candidate, self.systems(name, candidate, days), days)

    def _stand(
        self, name: str, candidate: Candidate, own: tuple[Standing, ...], days: Days | None = None
    ) -> bool | None:
        if not own:
            return False
        answer: bool | None = True if any(one.sure for one in own) else None
        mine = Side(days or self.days[name], own)
        for other, role in self._beside(name):
            found = self._partnered(candidate, mine, other, role)
            if found is False:
                return False
            answer = answer if found else None
        return answer

    def _beside(self, name: str) -> Iterator[tuple[str, str]]:
        """The endpoints linked to one, and the role that one has in it."""
        for inner, outer in self.assumptions.pairs:
            if inner in self.listed and outer in self.listed:
                if name == inner:
                    yield outer, "inner"
                elif name == outer:
                    yield inner, "outer"

    def _partnered(self, candidate: Candidate, mine: Side, other: str, role: str) -> bool | None:
        """Whether some candidate of another endpoint can belong to the same patients; None: not known."""
        unknown = False
        for number, partner in enumerate(self.candidates(other)):
            if number >= self.assumptions.most:
                return None
            if self.assumptions.one_convention and not candidate.conventions & partner.conventions:
                continue
            theirs = Side(self.days[other], self.systems(other, partner))
            if theirs.found:
                inner, outer = (mine, theirs) if role == "inner" else (theirs, mine)
                answer = linked(inner, outer, self.assumptions.one_way, self.assumptions.same_follow_up)
                if answer:
                    return True
                unknown |= answer is None
        return None if unknown else False

    def standing(self, name: str) -> tuple[Candidate, ...]:
        """The candidates of an endpoint for which it is not ruled out that they stand."""
        return tuple(c for c in self.candidates(name) if self.stands(name, c) is not False)

    @cached_property
    def consistent(self) -> bool:
        """Whether something stands of every endpoint; True also where that is not known."""
        return (
            all(bracketed(whole) for whole in self.wholes.values())
            and bool(self.ways)
            and all(any(self.stands(name, c) is not False for c in self.candidates(name)) for name in self.listed)
        )


def days_of(whole: Whole, solution: Solution, ways: frozenset[MedianWay]) -> Days:
    """What decides which days of an endpoint's histories are possible, medians made in some ways."""
    landmarks = tuple(mark.day for mark in solution.landmarks)
    demands = tuple(demand.by_itself().limited(ways) for demand in whole.demands)
    return Days(whole.n, landmarks, solution.counts, demands, whole.ranges, whole.longest)
