"""The first study read from the clauses of its abstract: the same 31 numbers as in the folder made by hand."""

from __future__ import annotations

import pytest

from helpers.ledger import ledger
from helpers.reading.folder import write_folder
from helpers.study import Claim, Study, load_study
from tests.reading.measure import read_fixture


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("draft") / "zhuo"
    write_folder(read_fixture("zh_zhuo22"), folder, "zh_zhuo22.txt")
    return load_study(folder)


def meaning(claim: Claim) -> tuple[object, ...]:
    """What a claim says, whatever it is called and in whichever unit its time is written."""
    time = claim.at_day() if claim.at is not None else None
    numbers = tuple(sorted((field, number.text) for field, number in claim.printed.items()))
    endpoint = None if claim.statistic == "follow_up" else claim.endpoint
    return claim.statistic, endpoint, time, claim.n, claim.ci_level, numbers


def test_all_31_numbers_are_found_and_nothing_else(drafted: Study) -> None:
    by_hand = load_study("zhuo2024")
    assert sum(len(claim.printed) for claim in drafted.claims) == 31
    assert sorted(map(meaning, drafted.claims), key=str) == sorted(map(meaning, by_hand.claims), key=str)


def test_the_digits_are_kept_and_the_outcomes_have_the_same_names(drafted: Study) -> None:
    by_hand = load_study("zhuo2024")
    outcomes = {c.id: {f: n.text for f, n in c.printed.items()} for c in drafted.claims if c.endpoint is None}
    for claim in by_hand.claims:
        if claim.statistic in ("count", "proportion"):
            assert outcomes[claim.id] == {field: number.text for field, number in claim.printed.items()}
    assert drafted.totals == by_hand.totals
    assert drafted.n == by_hand.n
    assert (drafted.enrolled_from, drafted.enrolled_to) == (by_hand.enrolled_from, by_hand.enrolled_to)


def test_the_draft_is_judged_as_the_folder_made_by_hand(drafted: Study) -> None:
    verdicts = {(row.printed, row.field, row.verdict) for row in ledger(drafted)}
    assert verdicts == {(row.printed, row.field, row.verdict) for row in ledger(load_study("zhuo2024"))}
    assert ("84.50", "ci_high", "impossible") in {(text, field, str(verdict)) for text, field, verdict in verdicts}


def test_what_was_read_into_words_is_not_called_sure() -> None:
    doubts = {one.what: one.doubts for one in read_fixture("zh_zhuo22").statements}
    for what in ("mrd_negative", "icans", "agvhd_grade_2", "agvhd_grade_4"):
        assert any("read from the word" in doubt for doubt in doubts[what])
    assert doubts["OS"] == () and doubts["cr"] == ()
