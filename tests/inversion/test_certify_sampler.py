"""Draws belong to the set, reach all of it, and are as frequent as uniform draws are."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from helpers.inversion.certify.backward import layers, settle
from helpers.inversion.certify.counting import forward
from helpers.inversion.certify.effort import Effort
from helpers.inversion.certify.grid import grid_of
from helpers.inversion.certify.sampler import sample
from helpers.inversion.certify.size import job_size
from helpers.inversion.solve import solve
from tests.inversion.certifying import every_history, tasks
from tests.inversion.making import CONVENTIONS


def suitable(n, seed, at_risk, marks, low, high):
    """Tasks whose set is neither tiny nor huge and does not end in S = 0 or with nothing."""
    for task, convention, _ in tasks(n, seed, at_risk=at_risk):
        if len(task.landmarks) == marks and task.zero_phase((convention,)) is None:
            if job_size(n, task.landmarks, (convention,), task.counts).passing > 10 * high:
                continue
            members = solve(n, task.landmarks, (convention,), counts=task.counts).histories
            if low <= len(members) <= high and "" not in members:
                yield task, convention, members


@pytest.mark.parametrize(("at_risk", "marks", "seed"), [(False, 1, 1), (False, 2, 2), (True, 2, 3)])
def test_draws_are_uniform_over_the_whole_set(at_risk, marks, seed):
    from scipy.stats import chi2

    tried = 0
    for task, convention, members in suitable(15, seed, at_risk, marks, 5, 150):
        found = sample(task, (convention,), 20 * len(members), Effort(60.0), seed, cells=5_000)
        hits = Counter(draw.history for draw in found.draws)
        assert len(found.draws) == 20 * len(members)
        assert set(hits) == set(members)
        statistic = sum((hits[h] - 20) ** 2 / 20 for h in members)
        assert statistic < chi2.ppf(1 - 1e-4, len(members) - 1), (task, convention)
        assert abs(found.estimate - len(members)) < 5 * found.error + 1e-9
        tried += 1
        if tried == 8:
            break
    assert tried >= 4


def test_several_conventions_are_drawn_as_one_set():
    from scipy.stats import chi2

    some = CONVENTIONS[::9]
    for task, _, _ in tasks(8, 9):
        members = {c: set(every_history(task, c)) for c in some}
        union = set().union(*members.values())
        if 8 <= len(union) <= 120 and task.zero_phase(some) is None and "" not in union:
            break
    found = sample(task, some, 25 * len(union), Effort(60.0), 3, cells=5_000)
    hits = Counter(draw.history for draw in found.draws)
    assert set(hits) == union
    assert sum((hits[h] - 25) ** 2 / 25 for h in union) < chi2.ppf(1 - 1e-4, len(union) - 1)
    for draw in found.draws:
        assert set(draw.conventions) == {c for c in some if draw.history in members[c]}


def test_the_same_seed_gives_the_same_draws_and_another_seed_others():
    task, convention, _ = next(suitable(15, 1, False, 1, 20, 150))
    a, b, c = (sample(task, (convention,), 50, Effort(60.0), seed) for seed in (1, 1, 2))
    assert a == b
    assert a.draws != c.draws


def test_forwards_and_backwards_count_the_same():
    for task, convention, _ in tasks(12, 4, at_risk=True, every=2):
        if task.zero_phase((convention,)) is not None:
            continue
        grid = grid_of(task, (convention,), 5_000)
        masks = [grid.verdicts(k, convention)[1] for k in range(len(task.landmarks))]
        tally, zeros = forward(grid, masks[:-1], Effort(60.0), zero=None, outer=True)
        here = [np.zeros(box.shape) for box in grid.phases]
        for layer in layers(grid, masks, Effort(60.0)):
            here = layer.here
        assert zeros == 0
        settle(grid, here, masks, 0)
        assert here[0][0, 0] == tally[masks[-1]].sum()


def test_larger_sets_are_sampled_with_an_honest_estimate():
    task, convention, _ = next(
        t for t in tasks(20, 8) if len(t[0].landmarks) == 1 and t[0].landmarks[0].ci_low and t[0].landmarks[0].value
    )
    listed = solve(20, task.landmarks, (convention,)).histories
    found = sample(task, (convention,), 300, Effort(60.0), 5, cells=20_000)
    assert {draw.history for draw in found.draws} <= set(listed)
    assert abs(found.estimate - len(listed)) < 5 * found.error + 1e-9
