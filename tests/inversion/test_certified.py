"""Endpoints too large to list, as part of a study: certificates, set aside, JSON, sentences and frames."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from time import monotonic

import pytest

from helpers.conventions import Interval
from helpers.inversion import invert_study
from helpers.inversion.certified_frames import (
    certainty_frame,
    certified_band_frame,
    convention_status_frame,
    sampled_frame,
)
from helpers.inversion.certify import certify, effort
from helpers.inversion.enclosed import endpoint_enclosures
from helpers.inversion.evidence import Field
from helpers.inversion.frames import convention_frame
from helpers.inversion.report import as_json
from helpers.inversion.solve import bindings
from helpers.narrative import certified as words
from helpers.narrative.reconstruction import convention_sentence, histories_sentence, set_aside_sentences
from helpers.study import Endpoint
from tests.ledger.making import landmark, study

# Zhang et al., Leukemia 2021, n = 43: one-year event-free survival 43 % (25-62).
ZHANG = landmark("efs_12mo", 12, "43", "25", "62", "EFS")


@pytest.fixture(scope="module", autouse=True)
def less_work():
    """The work of a few seconds, however busy the machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(effort, "STANDARD", 8.0)
        yield


@pytest.fixture(scope="module")
def zhang(less_work):
    lines = []
    return invert_study(study(43, [ZHANG]), tell=lines.append), lines


@pytest.fixture(scope="module")
def wrong(less_work):
    """The upper limit with a slip of one digit."""
    return invert_study(study(43, [landmark("efs_12mo", 12, "43", "25", "68", "EFS")]))


def test_the_set_is_certified_where_it_cannot_be_listed(zhang):
    inversion, _ = zhang
    endpoint = inversion.endpoints["EFS"]
    own = endpoint.certificate
    assert not endpoint.exhaustive and endpoint.histories == ()
    assert not endpoint.size.listable and "too large to list" in endpoint.why_not
    assert 10**8 < own.count.low < own.count.high < 10**9
    bound = own.bounds[0]
    assert (bound.events.low, bound.events.high) == (15, 22)
    assert bound.events.sharp
    assert {c.interval for c in endpoint.conventions} == {Interval.PLAIN}
    assert endpoint.conventions == endpoint.possible_conventions == inversion.shared
    assert len(own.excluded) == 54


def test_the_size_of_the_job_is_told_before_it_starts(zhang):
    _, lines = zhang
    assert lines[0].startswith("EFS: 43 patients, at least ") and lines[0].endswith("too large to list")
    assert lines[1] == "EFS: looking for what is certain all the same"


def test_the_same_question_has_the_same_answer(zhang):
    endpoint = zhang[0].endpoints["EFS"]
    some = endpoint.conventions[:4]
    one, two = (certify(43, endpoint.landmarks, some, seed=3, size=30) for _ in range(2))
    assert one == two
    assert one.members and one.complete


def test_json_keeps_the_contract(zhang):
    inversion, _ = zhang
    found = json.loads(json.dumps(as_json(inversion, limit=7)))["endpoints"]["EFS"]
    own = inversion.endpoints["EFS"].certificate
    assert found["n"] == 43 and found["exhaustive"] is False
    assert found["count"] == [own.count.low, own.count.high]
    assert len(found["histories"]) == 7 == len(set(found["histories"]))
    for history in found["histories"]:
        assert any(bindings(history, 43, own.landmarks, c) for c in own.conventions)
    assert found["events"] == [15, 22]
    assert found["event_days"]["1"] == [0, 365] and set(found["event_days"]) == {str(k) for k in range(1, 16)}
    assert found["certificate"]["undecided"] == [] and found["certificate"]["landmarks"][0]["claim"] == "efs_12mo"
    assert found["set_aside"] == [] and found["conventions"][0]["interval"] == "plain"


def test_a_contradiction_is_certain_and_a_field_is_set_aside(wrong):
    endpoint = wrong.endpoints["EFS"]
    assert not endpoint.certificate.contradictory
    suspects = {endpoint.removed, *endpoint.alternatives}
    assert suspects == {(Field("efs_12mo", name),) for name in ("value", "ci_low", "ci_high")}
    item = endpoint.set_aside[0]
    assert item.one_digit and item.printed not in item.expected
    assert endpoint.solution.landmarks[0].without(endpoint.removed) == endpoint.solution.landmarks[0]
    found = as_json(wrong)["endpoints"]["EFS"]["set_aside"][0]
    assert found["claim"] == "efs_12mo" and found["one_digit"] is True


def test_two_endpoints_share_one_account_of_the_paper():
    rows = [landmark("os_6mo", 6, "67.90", "48.30", "87.50"), ZHANG]
    both = study(22, rows)
    small, large = both.endpoints["OS"], both.endpoints["EFS"]
    assert isinstance(large, Endpoint) and small.n is None
    claims = tuple(replace(c, n=43) if c.endpoint == "EFS" else c for c in both.claims)
    paper = replace(both, claims=claims, endpoints={"OS": small, "EFS": replace(large, n=43)})
    found = invert_study(paper)
    assert found.endpoints["OS"].exhaustive and not found.endpoints["EFS"].exhaustive
    assert found.shared
    assert set(found.shared) <= set(found.endpoints["EFS"].possible_conventions)
    assert all(c.rounded_to == 3 for c in found.endpoints["EFS"].possible_conventions)


@pytest.mark.parametrize("deadline", [0.5, 2.0])
def test_a_time_limit_is_kept(deadline):
    begin = monotonic()
    rows = [landmark("a", 6, "75.2", "69.0", "81.9"), landmark("b", 12, "61.9", "54.9", "69.8")]
    found = invert_study(study(200, rows), deadline=deadline).endpoints["OS"]
    assert monotonic() - begin < 10 * deadline + 10
    assert not found.certificate.complete
    assert any("limit reached" in note for note in found.certificate.notes)
    assert found.certificate.count.high != 0


def test_bounds_are_shown_beside_what_was_found(zhang):
    inversion, _ = zhang
    bounds = endpoint_enclosures(inversion, "EFS", days=(90,), horizons=(180,))
    table = words.certified_table(bounds)
    assert list(table.columns) == ["quantity", "when", "smallest", "largest", "seen"]
    events = table[(table["quantity"] == "Events") & (table["when"] == "by day 365")].iloc[0]
    assert (events["smallest"], events["largest"], events["seen"]) == ("15", "22", "attained")
    early = next(b for b in bounds if b.quantity == "survival" and b.at == 90)
    assert early.high == 1 == early.seen_high
    assert endpoint_enclosures(replace(inversion, endpoints={"EFS": replace(inversion.endpoints["EFS"],
                               certificate=None)}), "EFS") == ()  # fmt: skip


def test_frames(zhang):
    inversion, _ = zhang
    endpoint = inversion.endpoints["EFS"]
    frame = certainty_frame(inversion, "EFS")
    assert frame.loc[0, ["events_low", "events_high"]].tolist() == [15, 22]
    assert frame.loc[0, "survival_low"] < 0.43 < frame.loc[0, "survival_high"]
    status = convention_status_frame(inversion, "EFS")
    assert status["status"].value_counts().to_dict() == {"excluded": 54, "found": 18}
    sample = sampled_frame(endpoint, 9)
    assert len(sample) == 9 and sample["history"].is_unique
    assert ((sample["events"] >= 15) & (sample["events"] <= 22)).all()
    band = certified_band_frame(endpoint, 400)
    assert list(band.columns) == ["day", "low", "high"]
    assert (band["low"] <= band["high"]).all()
    assert band.loc[0, "high"] == 1 and band.loc[400, "low"] == 0
    assert 0.42 < band.loc[365, "low"] < band.loc[365, "high"] < 0.45
    ways = convention_frame(inversion)
    certain = ways[ways["efs_12mo"] == 0]
    assert set(certain["interval"]) >= {"log", "log-log"}


def test_sentences(zhang, wrong):
    inversion, _ = zhang
    endpoint = inversion.endpoints["EFS"]
    assert "candidates would have to be formed: too many" in words.size_sentence(endpoint)
    count = histories_sentence(endpoint)
    assert count.startswith("**EFS.** Between **") and "both ends are certain" in count
    certain = words.certain_sentences(endpoint, "relapse or death")
    assert certain[0].startswith("Up to day 365 (efs_12mo) there certainly were 15 to 22 events")
    assert "histories were found under 18 (plain intervals); under 54 there certainly are none" in (
        words.conventions_sentence(endpoint)
    )
    assert "plain" in convention_sentence(inversion)
    assert words.limits_sentence(endpoint) == "" or words.limits_sentence(endpoint).startswith("EFS: ")
    aside = wrong.endpoints["EFS"]
    assert f"once {aside.set_aside[0].printed} ({aside.removed[0]}) is set aside" in histories_sentence(aside)
    assert any("Nearest repair" in sentence for sentence in set_aside_sentences(aside))


def test_days_per_month_move_the_landmark(zhang):
    inversion, _ = zhang
    assert inversion.endpoints["EFS"].landmarks[0].day == Fraction("365.25")
