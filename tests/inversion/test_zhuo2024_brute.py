"""Zhuo 2024 against all 2,097,151 histories of its 22 patients under every convention."""

from __future__ import annotations

import random

import pytest

from helpers.inversion.solve import solve
from tests.inversion import brute
from tests.inversion.brute import Print
from tests.inversion.ladder import Ladder, as_text, fitting, ladder, near_value
from tests.inversion.making import CONVENTIONS, landmarks

OS_6 = Print("67.90", "48.30", None)
OS_12 = Print("41.10", "19.15", "63.05")
EFS_6 = Print("58.70", "37.92", "79.48")
EFS_12 = Print("34.30", "13.92", "54.68")


def found(*prints: Print) -> dict:
    """Each convention that explains all the landmarks of one endpoint, with the histories that fit under it."""
    near = [near_value(22, what) for what in prints]
    result = {}
    for convention in CONVENTIONS:
        sets = [fitting(22, what, convention, n) for what, n in zip(prints, near, strict=True)]
        last = {h for h in sets[-1] if len(sets) == 1 or any(h[:k] in sets[0] for k in range(len(h) + 1))}
        if last:
            result[convention] = last
    return result


def test_the_ladder_is_complete():
    everything = ladder(22)
    assert len(everything.code) == 2**21 - 1 == len(set(everything.code.tolist()))
    rng = random.Random(22)
    for k in rng.sample(range(len(everything.code)), 200):
        history = as_text(int(everything.code[k]))
        survival, variance = brute.curve(history, 22)
        assert history.endswith("E") and survival > 0
        assert everything.survival[k] == pytest.approx(float(survival), rel=1e-12)
        error = everything.survival[k] * everything.greenwood[k] ** 0.5
        assert error == pytest.approx(float(variance) ** 0.5, rel=1e-12)


@pytest.mark.parametrize(
    ("prints", "histories"),
    [
        ((OS_6,), {"EEEEEECE"}),
        ((EFS_6,), {"EEEEEEEECE"}),
        ((OS_12,), {"EEEEEECEEECECEE", "EEEEEECECEEEECE", "EEEECEEEECEEECE"}),
        ((EFS_12,), {"EEEEEEEECEEEEEE"}),
        ((OS_6, OS_12), {"EEEEEECEEECECEE", "EEEEEECECEEEECE"}),
        ((EFS_6, EFS_12), {"EEEEEEEECEEEEEE"}),
    ],
    ids=["OS 6", "EFS 6", "OS 12", "EFS 12", "OS 6 and 12", "EFS 6 and 12"],
)
def test_brute_force_and_inversion_find_the_same_few_histories(prints, histories):
    by_brute_force = found(*prints)
    assert {h for fits in by_brute_force.values() for h in fits} == histories
    assert {c: set(h) for c, h in solve(22, landmarks(prints), CONVENTIONS).by_convention.items()} == by_brute_force
    for convention in by_brute_force:
        assert (convention.interval, convention.rounded_to) == ("plain", 3)
        assert convention.rounding != "truncation"
    assert len(by_brute_force) == 4


def test_no_history_prints_the_upper_limit_of_overall_survival_at_six_months():
    assert found(Print("67.90", "48.30", "84.50")) == {}
    assert solve(22, landmarks((Print("67.90", "48.30", "84.50"),)), CONVENTIONS).by_convention == {}


@pytest.mark.parametrize("field", ["value", "low"])
def test_what_another_field_of_that_landmark_left_out_would_explain_is_the_same_for_both(field):
    what = Print(**{**vars(Print("67.90", "48.30", "84.50")), field: None})
    near = near_value(22, what) if what.value else _near_limits(what)
    # Without an estimate a million histories are candidates; then one z and one rounding rule are enough.
    some = [c for c in CONVENTIONS if what.value or (c.z, c.rounding) == ("1.96", "half-up")]
    by_search = solve(22, landmarks((what,)), tuple(some)).by_convention
    by_brute_force = {c: fits for c in some if (fits := fitting(22, what, c, near))}
    assert {c: set(h) for c, h in by_search.items()} == by_brute_force


def _near_limits(what: Print) -> Ladder:
    """Histories whose S lies between two limits."""
    everything = ladder(22)
    s = everything.survival
    index = ((s > float(what.low) / 100) & (s < float(what.high) / 100)).nonzero()[0]
    return everything.take(index)


@pytest.mark.parametrize("seed", range(6))
def test_printed_truths_of_22_patients_give_the_brute_force_set(seed):
    rng = random.Random(seed)
    convention = rng.choice([c for c in CONVENTIONS if c.rounded_to != 2])
    while True:
        history = "".join(rng.choice("EEEC") for _ in range(rng.randint(3, 20))) + "E"
        truth = brute.print_history(history, 22, convention, 2)
        if truth.value[-2:] != "00":
            break
    keep = rng.choice([{}, {"low": None}, {"high": None}])
    what = Print(**{**vars(truth), **keep})
    expected = fitting(22, what, convention, near_value(22, what))
    assert history in expected
    assert set(solve(22, landmarks((what,)), (convention,)).histories) == expected
