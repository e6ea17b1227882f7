"""The certified range always holds the true number of histories, and tightens."""

from __future__ import annotations

import random

import pytest

from helpers.conventions import Convention, Interval
from helpers.inversion.certify.counting import count, count_on, forward
from helpers.inversion.certify.effort import Effort
from helpers.inversion.certify.grid import grid_of
from helpers.inversion.certify.sampler import sample
from helpers.inversion.certify.size import job_size
from helpers.inversion.certify.tails import Errors, lower, upper
from helpers.inversion.search import TooLargeError
from helpers.inversion.solve import solve
from helpers.printed import Rounding
from tests.inversion.certifying import every_history, random_task, tasks
from tests.inversion.making import CONVENTIONS

FOREVER = 1000.0


def range_on(task, conventions, cells):
    grid = grid_of(task, conventions, cells)
    assert not grid.empty
    return count_on(grid, conventions, Effort(FOREVER)).union


@pytest.mark.parametrize("at_risk", [False, True])
@pytest.mark.parametrize("n", range(1, 9))
def test_the_range_holds_the_brute_force_count_on_any_grid(n, at_risk):
    near = total = 0
    for task, convention, history in tasks(n, at_risk=at_risk):
        members = every_history(task, convention)
        assert history in members
        for cells in (300, 3000, 30_000):
            found = range_on(task, (convention,), cells)
            assert found.low <= len(members) <= found.high, (task, convention, cells)
        near += found.high <= 2 * len(members)
        total += 1
    assert near > total / 2


@pytest.mark.parametrize("n", [12, 16, 20])
def test_the_range_holds_the_listed_count(n):
    tried = 0
    for seed in (1, 2):
        for task, convention, history in tasks(n, seed, at_risk=seed == 2, every=4):
            try:
                listed = solve(n, task.landmarks, (convention,), limit=100_000, counts=task.counts).histories
            except TooLargeError:
                continue
            if len(listed) > 2000:
                continue
            found = range_on(task, (convention,), 100_000)
            assert found.low <= len(listed) <= found.high, (task, convention)
            assert history in listed
            tried += 1
    assert tried > 20


def test_many_conventions_at_once():
    rng = random.Random(4)
    for n in (4, 6, 7):
        for _ in range(3):
            task, _ = random_task(n, rng, rng.choice(CONVENTIONS))
            members = {c: set(every_history(task, c)) for c in CONVENTIONS}
            union = set().union(*members.values())
            found = count_on(grid_of(task, CONVENTIONS, 20_000), CONVENTIONS, Effort(FOREVER))
            assert found.union.low <= len(union) <= found.union.high
            for c, r in found.by_convention.items():
                assert r.low <= len(members[c]) <= r.high
            assert all(r.high is not None for r in found.by_convention.values())


def test_a_finer_grid_narrows_the_range_until_it_is_exact():
    task, convention, _ = next(t for t in tasks(14, 3) if len(t[0].landmarks) == 1 and t[0].landmarks[0].ci_low)
    true = len(solve(14, task.landmarks, (convention,)).histories)
    found = [range_on(task, (convention,), cells) for cells in (2_000, 50_000, 1_000_000)]
    widths = [r.high - r.low for r in found]
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] <= widths[0] / 4 or widths[0] == 0
    assert found[-1].low <= true <= found[-1].high


def test_every_string_is_counted_where_every_string_prints():
    convention = Convention(Interval.PLAIN, "1.96", None, Rounding.HALF_UP)
    from tests.inversion.brute import Print
    from tests.inversion.certifying import Task
    from tests.inversion.making import landmarks

    task = Task(60, landmarks((Print("1", None, None, percent=False),)))  # S = 0.5 or more, printed as 1
    grid = grid_of(task, (convention,), 20_000)
    tally, zeros = forward(grid, (), Effort(FOREVER), zero=None, outer=True)
    assert zeros == 0
    found = count(task, (convention,), Effort(20.0)).union
    assert 0 < found.low <= found.high <= tally.sum() + 1
    assert found.high < 1.05 * found.low
    small = Task(12, task.landmarks)
    r = count(small, (convention,), Effort(20.0)).union
    assert r.low <= len(every_history(small, convention)) <= r.high


def test_no_time_is_said_and_nothing_is_claimed():
    task, convention, _ = next(tasks(20))
    found = count(task, (convention,), Effort(0.0))
    assert not found.finished
    assert found.union.low == 0 and found.union.high is None


def test_the_range_narrowed_by_tails_holds_the_listed_count():
    tried = narrower = 0
    for n, seed in ((14, 21), (18, 22)):
        for task, convention, _ in tasks(n, seed, at_risk=n == 18, every=2):
            if task.zero_phase((convention,)) is not None:
                continue
            if job_size(n, task.landmarks, (convention,), task.counts).passing > 3000:
                continue
            listed = solve(n, task.landmarks, (convention,), counts=task.counts).histories
            draws = sample(task, (convention,), 40, Effort(FOREVER), 1, cells=5_000).draws if len(listed) > 3 else ()
            if len(draws) < 40:
                continue
            for cells in (2_000, 20_000):
                grid = grid_of(task, (convention,), cells)
                errors = [Errors.of(grid, draws, k) for k in range(len(task.landmarks))]
                least = lower(grid, (convention,), draws, errors, Effort(FOREVER))
                most = upper(grid, (convention,), errors[-1], Effort(FOREVER))
                assert least <= len(listed) <= most, (task, convention, cells)
                plain = range_on(task, (convention,), cells)
                narrower += least > plain.low or most < plain.high
            tried += 1
    assert tried > 8
    assert narrower > 3
