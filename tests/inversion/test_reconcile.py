"""What has to be set aside when printed numbers of all kinds contradict each other, on small made-up papers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from helpers.inversion import invert_study
from helpers.inversion.evidence import Field
from helpers.inversion.joint.removal import FOLLOW_UP, LINKAGE, MEDIANS
from helpers.inversion.report import as_json
from helpers.ledger import Verdict
from helpers.printed import PrintedNumber, Rounding
from helpers.study import load_study
from tests.inversion import brute
from tests.inversion.making import CONVENTIONS
from tests.ledger.making import claim, landmark, rows_of, study

PLAIN = next(c for c in CONVENTIONS if c.interval == "plain" and c.rounded_to == 3)


def printed(history: str, n: int) -> tuple[str, str, str]:
    return brute.print_history(history, n, PLAIN, 2).texts


def ways_out(found) -> list[list[tuple[str, set[str]]]]:
    """For each contradiction its claims, and every smallest set of fields that ends it."""
    return [
        (set(c.claims), {frozenset(str(item.field) for item in some) for some in c.ways_out})
        for c in found.reconciled.contradictions
    ]


HIGH = landmark("s6", 6, *printed("EEEE", 12))


def test_a_median_before_a_landmark_at_which_most_are_alive():
    """S is 67 % at six months, so the median cannot be day 100."""
    some = study(12, [HIGH, claim("m", "median", endpoint="OS", value="100", unit="day")])
    found = invert_study(some)
    assert ways_out(found) == [({"s6", "m"}, {frozenset({"m.value"})})]
    item = found.endpoints["OS"].set_aside[0]
    assert (item.field, item.printed, item.expected, item.span) == (Field("m", "value"), "100", (), ("183", "NR"))
    assert item.nearest == "190"
    rows = rows_of(some)
    assert rows["m", "value"].verdict is Verdict.IMPOSSIBLE
    assert {rows["s6", f].verdict for f in ("value", "ci_low", "ci_high")} == {Verdict.RE_DERIVED}
    (entry,) = as_json(found)["endpoints"]["OS"]["set_aside"]
    assert entry["expected_range"] == {"min": "183", "max": "NR"}


def test_a_median_not_reached_though_the_curve_is_below_one_half_with_its_upper_limit():
    low = landmark("s6", 6, *printed("EEEEEEEE", 10))
    some = study(10, [low, claim("m", "median", endpoint="OS", value="NR", unit="day")])
    assert ways_out(invert_study(some)) == [({"s6", "m"}, {frozenset({"m.value"})})]
    row = rows_of(some)["m", "value"]
    assert (row.verdict, row.predicted.min, row.predicted.max) == (Verdict.IMPOSSIBLE, "0", "182")


def test_event_free_survival_above_overall_survival():
    """Five deaths by six months, but only three events: none of the two estimates need be the wrong one."""
    some = study(10, [landmark("os", 6, "50.0"), landmark("efs", 6, "70.0", endpoint="EFS")])
    found = invert_study(some)
    assert found.reconciled.contradictions == ()  # without intervals censoring leaves a way
    both = study(
        10, [landmark("os", 6, *printed("EEEEE", 10)), landmark("efs", 6, *printed("EEE", 10), endpoint="EFS")]
    )
    found = invert_study(both)
    ((claims, sets),) = ways_out(found)
    assert claims == {"os", "efs"}
    assert all(len(some) == len(next(iter(sets))) for some in sets)
    assert not invert_study(both, linked=False).reconciled.contradictions


def test_a_range_of_follow_up_that_ends_before_a_landmark_at_which_patients_are_at_risk():
    claims = [
        HIGH,
        claim("at", "at_risk", endpoint="OS", count="8", at="6", at_unit="month"),
        claim("f", "follow_up", endpoint="OS", value="150", ci_low="20", ci_high="160", unit="day", ci_level="100"),
    ]
    found = invert_study(study(12, claims))
    ((claims_, sets),) = ways_out(found)
    assert claims_ == {"s6", "at", "f"}
    assert {frozenset({"at.count"}), frozenset({"f.ci_high"})} <= sets


def test_two_contradictions_that_have_nothing_to_do_with_each_other():
    study_ = load_study("zhuo2024")
    claims = tuple(replace(c, value=PrintedNumber("54.30")) if c.id == "efs_12mo" else c for c in study_.claims)
    found = invert_study(replace(study_, claims=claims))
    assert [c.claims for c in found.reconciled.contradictions] == [("os_6mo",), ("follow_up",), ("efs_12mo",)]
    assert {str(f) for f in found.reconciled.removed} == {"os_6mo.ci_high", "efs_12mo.value", "follow_up.ci_low"}
    (item,) = found.endpoints["EFS"].set_aside
    assert (item.printed, item.expected, item.one_digit) == ("54.30", ("34.30",), True)


def test_medians_follow_up_and_linkage_take_histories_away_and_say_how_many():
    """Two endpoints printed without intervals leave several histories; each kind of evidence removes its own."""
    rows = [landmark("os", 6, "58.3"), landmark("efs", 6, "50.0", endpoint="EFS")]
    median = claim("m", "median", endpoint="EFS", value="100", unit="day")
    every = [*rows, median]
    found = invert_study(study(12, every)).endpoints["EFS"]
    before = invert_study(study(12, rows), linked=False).endpoints["EFS"]
    steps = {step.evidence: step for step in found.removals}
    assert steps[MEDIANS].before == len(before.histories)
    assert set(found.histories) < set(before.histories)
    assert len(found.histories) == found.removals[-1].after == found.removals[-1].before - steps[LINKAGE].removed
    assert FOLLOW_UP not in steps


@pytest.mark.parametrize("same", [True, False])
def test_the_switch_reaches_the_ledger(same):
    """OS follow-up that goes on after censoring for EFS is only possible without the assumption."""
    rows = [
        landmark("os", 6, *printed("CE", 4)),
        landmark("efs", 3, *printed("", 4), endpoint="EFS"),
        claim("c", "censored", endpoint="EFS", count="2", at="3", at_unit="month"),
        claim("d", "censored", endpoint="OS", count="0", at="3", at_unit="month"),
    ]
    from helpers.ledger import ledger

    verdicts = {(r.claim, r.field): r.verdict for r in ledger(study(4, rows), same_follow_up=same)}
    assert (Verdict.IMPOSSIBLE in verdicts.values()) is same


def test_each_further_rounding_rule_of_a_median_is_judged_by_the_others():
    """Zhuo 2024: what was brought to whole days by truncation cannot have been by any other rule."""
    found = invert_study(load_study("zhuo2024"))
    joint = found.reconciled.joint
    assert {way.rounding for way in joint.ways} == {Rounding.TRUNCATION}
    assert all(way.symmetric for way in joint.ways)
