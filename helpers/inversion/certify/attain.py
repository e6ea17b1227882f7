"""Attain: histories at the ends of the bounds, or narrower bounds where it is certain that there are none.

To see whether a bound is attained, the search is repeated with that value prescribed. If nothing is left, the bound
moves inwards; else walks through the cells, and integer programming after them, look for a history that is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from helpers.conventions import Convention
from helpers.inversion.certify.effort import Effort
from helpers.inversion.certify.groups import Groups, Key
from helpers.inversion.certify.moments import Moment, Span
from helpers.inversion.certify.reach import Problem, Reach
from helpers.inversion.certify.task import Task
from helpers.inversion.certify.walks import Walks

_WALKS = 200
_WALK = 1_000  # units of work for each step of a walk
_DECISION = 6_000  # and to decide one history at one moment under one convention
_STEPS_INWARDS = 4
Fitting = tuple[str, tuple[Convention, ...]]


def members_of(groups: Groups, task: Task, wanted: int, effort: Effort, seed: int) -> Iterator[Fitting]:
    """Histories that print, with their conventions, found by walks: up to so many for each group.

    Raises OutOfTimeError.
    """
    whole = list(groups.groups.items())
    for number, (key, some) in enumerate(whole):
        rows = groups.rows_for(key, 0.6 * effort.left / (len(whole) - number))
        reach = Reach(groups.problem(key), rows, effort, keep_trace=True)
        found = 0
        for history in _walked(reach, (), effort, np.random.default_rng([seed, number])):
            fitting = tuple(c for c in some if task.ways(history, c))
            if fitting:
                yield history, fitting
                found += 1
            if found == wanted:
                break


def _walked(reach: Reach, tight: tuple[int, ...], effort: Effort, rng: np.random.Generator) -> Iterator[str]:
    walks = Walks(reach, tight, rng)
    problem = reach.problem
    for _ in range(_WALKS):
        effort.spend(_WALK * problem.n)
        for history in walks.histories(1):
            effort.spend(_DECISION * len(problem.conventions) * len(problem.moments) + 200 * problem.n)
            yield history


class Attaining:
    """One end of one bound at one moment: which values are possible, and histories that have them."""

    def __init__(self, groups: Groups, task: Task, moment: int, quantity: str, sign: int) -> None:
        """`quantity` is events, censored or at_risk; `sign` 1 for the smallest value, -1 for the largest."""
        self.groups, self.task, self.moment, self.quantity, self.sign = groups, task, moment, quantity, sign

    @property
    def value(self) -> int | None:
        """The most extreme value that is still possible; None if there is none."""
        values = {self._value(m, e) for passages in self.groups.all_passages for m, e in passages[self.moment].lengths}
        return (min(values) if self.sign > 0 else max(values)) if values else None

    def _value(self, length: int, events: int) -> int:
        return {"events": events, "censored": length - events, "at_risk": self.task.n - length}[self.quantity]

    def search(self, effort: Effort, seed: int) -> Iterator[Fitting]:
        """Histories with the most extreme value; the passages lose values that certainly nothing has.

        Raises OutOfTimeError.
        """
        for _ in range(_STEPS_INWARDS):
            value = self.value
            if value is None:
                return
            left = False
            for number, key in enumerate(list(self.groups.groups)):
                pairs = [p for p in self.groups.lengths(key, self.moment) if self._value(*p) == value]
                if not pairs:
                    continue
                problem, exact = self._prescribed(key, value, pairs)
                reach = Reach(problem, self.groups.rows_for(key, effort.left / 8), effort, keep_trace=True)
                if reach.empty:
                    if exact:
                        self.groups.forget(key, self.moment, pairs)
                    left |= not exact
                    continue
                left = True
                rng = np.random.default_rng([seed, number, self.moment, value])
                for history in _walked(reach, (self.moment,), effort, rng):
                    fitting = tuple(c for c in self.groups.groups[key] if self.task.ways(history, c))
                    if fitting:
                        yield history, fitting
            if left:
                return

    def _prescribed(self, key: Key, value: int, pairs: list[tuple[int, int]]) -> tuple[Problem, bool]:
        """The search with the value prescribed, and whether it leaves out no history that has the value.

        A moment can be passed right after the last event before it, as far as a longer wait only takes possibilities
        away; unless more are known to have left by then, from a printed count or because nobody is followed longer.
        """
        problem = self.groups.problem(key)
        old = problem.moments[self.moment]
        new: Moment
        exact = True
        if self.quantity == "events":
            new = replace(old, events=old.events.meet(value, value))
        else:
            followed = problem.rest.beyond or self.moment + 1 < len(problem.moments)
            exact = followed and all(m >= old.steps.low and m - e >= old.censored.low for m, e in pairs)
            if self.quantity == "censored":
                new = replace(old, censored=Span(value, value))
            else:
                new = replace(old, steps=Span(self.task.n - value, self.task.n - value))
        moments = (*problem.moments[: self.moment], new, *problem.moments[self.moment + 1 :])
        return replace(problem, moments=moments), exact
