"""The certificate as a whole: contradictions, time limits, conventions, sizes."""

from __future__ import annotations

import random
from fractions import Fraction
from time import monotonic

import pytest

from helpers.conventions import Convention, Interval
from helpers.inversion.certify import certify, job_size
from helpers.inversion.evidence import Count
from helpers.inversion.search import Budget
from helpers.inversion.solve import bindings, solve
from helpers.printed import Rounding
from tests.inversion import brute
from tests.inversion.brute import Print
from tests.inversion.certifying import tasks
from tests.inversion.making import CONVENTIONS, landmarks

LOG = Convention(Interval.LOG, "exact", None, Rounding.HALF_UP)
LARGE = landmarks((Print("61.9", "50.8", "75.5"),))


def printed(n, seed, shares, decimals=1):
    """Landmarks of a random history of n patients after some shares of its steps."""
    rng = random.Random(seed)
    text = "".join(rng.choice("EEC") for _ in range(n))
    prefixes = [text[: int(n * share)].rstrip("C") for share in shares]
    return landmarks(tuple(brute.print_history(p, n, LOG, decimals) for p in prefixes)), prefixes


def test_the_truth_is_never_outside_at_two_hundred_patients():
    marks, prefixes = printed(200, 3, (0.3, 0.5))
    found = certify(200, marks, (LOG,), size=20)
    assert found.count.high is None or found.count.high > 10**10
    assert len(found.members) > 10
    for history in found.members:
        assert bindings(history, 200, marks, LOG)
    for bound, prefix in zip(found.bounds, prefixes, strict=True):
        events = prefix.count("E")
        assert bound.events.low <= events <= bound.events.high
        assert bound.censored.low <= len(prefix) - events <= bound.censored.high
        assert bound.at_risk.low <= 200 - len(prefix) <= bound.at_risk.high
        for b in (bound.events, bound.censored, bound.at_risk):
            assert b.low <= b.attained_low <= b.attained_high <= b.high
    assert found.conventions == (LOG,)


def test_the_certificate_holds_listed_sets():
    for task, convention, _ in tasks(12, 12, at_risk=True, every=9):
        listed = solve(12, task.landmarks, (convention,), counts=task.counts).histories
        found = certify(12, task.landmarks, (convention,), task.counts, size=30)
        assert found.count.low <= len(listed) <= found.count.high
        assert set(found.histories) <= set(listed)
        assert found.conventions in ((convention,), ())
        events = [h.count("E") for h in listed]
        assert found.bounds[-1].events.low <= min(events) <= max(events) <= found.bounds[-1].events.high


def test_a_contradiction_is_certain():
    found = certify(80, landmarks((Print("61.9", "50.8", "90.0"),)), CONVENTIONS)
    assert found.contradictory
    assert found.count.low == found.count.high == 0
    assert found.conventions == () and set(found.excluded) == set(CONVENTIONS)
    assert found.bounds == () and found.sample == ()


def test_conventions_are_found_excluded_or_left_open():
    found = certify(80, LARGE, CONVENTIONS, size=60)
    assert set(found.conventions) | set(found.excluded) | set(found.undecided) == set(CONVENTIONS)
    assert not set(found.conventions) & set(found.excluded)
    assert any(c.interval is Interval.LOG for c in found.conventions)
    assert all(found.by_convention[c].high > 0 for c in found.conventions)


@pytest.mark.parametrize("deadline", [0.0, 0.3])
def test_a_time_limit_is_kept_and_said(deadline):
    marks, _ = printed(200, 5, (0.3, 0.6))
    begin = monotonic()
    found = certify(200, marks, CONVENTIONS, deadline=deadline)
    assert monotonic() - begin < deadline + 4
    assert not found.complete
    assert any("limit reached" in note for note in found.notes)


def test_numbers_at_risk_narrow_the_bounds():
    marks, prefixes = printed(60, 7, (0.4,))
    m = len(prefixes[0])
    free = certify(60, marks, (LOG,), size=10)
    day = marks[0].day
    cut = certify(60, marks, (LOG,), (Count("risk", "at_risk", day + Fraction(1, 2), 60 - m),), size=10)
    assert cut.bounds[0].at_risk.low >= 60 - m
    assert cut.count.high < free.count.high
    assert cut.bounds[0].censored.high <= free.bounds[0].censored.high


def test_printed_events_leave_the_lower_limit_to_histories_found():
    marks, prefixes = printed(40, 8, (0.5,))
    events = prefixes[0].count("E")
    found = certify(40, marks, (LOG,), (Count("e", "events", marks[0].day, events),), size=20)
    assert found.bounds[0].events.low == found.bounds[0].events.high == events
    assert found.count.low == len({*found.histories}) or found.count.low >= len(found.histories)
    assert all(h.count("E") == events for h in found.histories)


class Counting(Budget):
    """A budget that remembers what was spent."""

    used = 0.0

    def spend(self, candidates):
        super().spend(candidates)
        Counting.used += candidates


def test_the_size_of_the_job_is_told_to_a_factor(monkeypatch):
    monkeypatch.setattr("helpers.inversion.solve.Budget", Counting)
    near = total = 0
    for n in (14, 18, 22, 26):
        for task, convention, _ in tasks(n, 14, at_risk=n == 26, every=6):
            size = job_size(n, task.landmarks, (convention,), task.counts)
            if size.candidates > 300_000 or len({m.day for m in task.landmarks}) < len(task.landmarks):
                continue
            Counting.used = 0.0
            solve.__wrapped__(n, task.landmarks, (convention,), counts=task.counts)
            near += size.candidates / 30 - 200 <= Counting.used <= size.candidates * 30 + 200
            total += 1
    assert total > 20
    assert near > 0.9 * total


def test_what_cannot_be_listed_is_known_before_it_starts():
    marks, _ = printed(200, 3, (0.3, 0.5))
    assert not job_size(200, marks, CONVENTIONS).listable
    assert not job_size(80, LARGE, CONVENTIONS).listable
    small, _ = printed(22, 3, (0.3, 0.6), 2)
    assert job_size(22, small, CONVENTIONS).listable
