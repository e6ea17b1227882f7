"""Real arms: the truth is always in the set, and the frozen table is what comes out anew."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.simulation import real_data
from helpers.simulation.real_data import ARMS, COLUMNS, STYLES, as_text, fingerprint, histories, load, printed, table
from tests.inversion import brute

LIFELINES = [arm for arm in ARMS if arm.source == "lifelines"]
BY_R = [arm for arm in ARMS if arm.source == "R"]
BY_NAME = {arm.name: arm for arm in ARMS}
BY_STYLE = {style.name: style for style in STYLES}


@pytest.fixture(scope="module")
def frozen():
    return real_data.frozen()


def test_there_are_at_least_twelve_arms_of_at_most_sixty_patients(frozen):
    assert len(LIFELINES) >= 12
    assert frozen["arm"].nunique() == len(ARMS) >= 27
    assert frozen["n"].max() <= 60
    assert len(frozen) == len(ARMS) * len(STYLES)


def test_the_truth_is_in_every_set(frozen):
    assert frozen["truth_in_set"].all()
    listed = frozen[frozen["size"].notna()]
    assert (listed["events_low"] <= listed["true_events"]).all()
    assert (listed["true_events"] <= listed["events_high"]).all()
    assert (listed["size"] >= 1).all()


def test_all_sets_are_listed_and_most_have_one_member(frozen):
    """Measured: 189 of 189 listed, 166 of them with one member."""
    assert frozen["size"].notna().all()
    assert (frozen["size"] == 1).sum() > 0.85 * len(frozen)


def test_no_row_of_the_data_is_stored(frozen):
    assert list(frozen.columns) == list(COLUMNS)
    assert frozen["truth"].str.fullmatch(r"[0-9a-f]{16}").all()


def test_the_arms_of_lifelines_give_the_frozen_rows_again(frozen):
    again = table(LIFELINES)
    wanted = frozen[frozen["arm"].isin(again["arm"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(again, wanted, check_dtype=False)


@pytest.mark.parametrize("arm", BY_R, ids=lambda arm: arm.name)
def test_the_arms_of_r_give_the_frozen_rows_again(arm, frozen):
    if load(arm) is None:
        pytest.skip("R, survival or KMsurv is not installed")
    again = table([arm])
    wanted = frozen[frozen["arm"] == arm.name].reset_index(drop=True)
    pd.testing.assert_frame_equal(again, wanted, check_dtype=False)


def test_what_is_frozen_alone_gives_the_truth_back(frozen):
    """Without the data: from the printed digits, the set; the true history is known again by its hash."""
    some = frozen[frozen["size"].notna() & (frozen["size"] < 500)]
    assert len(some) > 150
    for record in some.to_dict("records"):
        arm, style = BY_NAME[record["arm"]], BY_STYLE[record["style"]]
        marks = real_data.read(record["landmarks"], arm)
        found = histories(record["n"], marks, style, real_data.read_counts(record["at_risk"], arm))
        assert found is not None
        assert len(found) == record["size"]
        (truth,) = [history for history in found if fingerprint(history, arm.name) == record["truth"]]
        assert truth.count("E") == record["true_events"]


@pytest.mark.parametrize("arm", LIFELINES, ids=lambda arm: arm.name)
def test_arms_are_printed_as_the_brute_force_prints_them(arm):
    who = load(arm)
    for style in STYLES:
        marks, _ = printed(who, arm, style)
        shown = [brute.print_history(who.history(m.day), who.n, style.convention, style.decimals).texts for m in marks]
        assert as_text(marks) == "; ".join(f"{value} ({low}-{high})" for value, low, high in shown)


def test_the_arm_of_the_textbooks():
    """6-MP: 21 children, 9 relapses in all, S(10) = 0.753, S(20) = 0.627 (Kalbfleisch and Prentice, example 1.1)."""
    who = load(BY_NAME["6-MP"])
    assert (who.n, sum(who.events)) == (21, 9)
    marks, counts = printed(who, BY_NAME["6-MP"], STYLES[5])
    assert as_text(marks) == "75.3 (58.6-96.8); 62.7 (43.9-89.6)"
    assert [c.number for c in counts] == [15, 8]


def test_without_r_its_arms_are_left_out(monkeypatch):
    monkeypatch.setattr(real_data.shutil, "which", lambda name: None)
    real_data._all_from_r.cache_clear()
    assert load(BY_R[0]) is None
    assert table(BY_R[:1]).empty
    real_data._all_from_r.cache_clear()
