"""What a study is compared by, and with whom it shares patients: read, and refused where it cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.errors import InputError
from helpers.study import load_study
from helpers.study.comparison import PROPORTIONS, SURVIVALS, ComparedOutcome, Group, Match, Overlap
from helpers.study.comparison_file import OutcomesComparedFile
from tests.study.folder import COUNT, SHARE, SOUND, YAML, table, write

CLAIMS = table(SOUND, COUNT, SHARE)
FULL = (
    YAML
    + """\
comparison:
  group: post-transplant
  after_transplant: all
  cells: donor
  targets: [CD19, CD22]
  outcomes:
    cr: {claim: cr}
    mrd_negative_in_cr: {claim: icans, of: cr, why: an example}
    icans_3: {claim: icans, count: 0, why: none of any grade}
    os: {endpoint: OS, match: near, why: from transplantation on}
overlaps:
  other: {certain: true, keep: demo, why: the same trial}
"""
)


def test_everything_is_there(tmp_path: Path) -> None:
    study = load_study(write(tmp_path / "s", FULL, CLAIMS))
    found = study.comparison
    assert found is not None
    assert (found.group, found.after_transplant, found.cells) == (Group.POST_TRANSPLANT, "all", "donor")
    assert found.targets == ("CD19", "CD22")
    assert dict(found.outcomes) == {
        "cr": ComparedOutcome(claim="cr"),
        "mrd_negative_in_cr": ComparedOutcome(claim="icans", of="cr", why="an example"),
        "icans_3": ComparedOutcome(claim="icans", count=0, why="none of any grade"),
        "os": ComparedOutcome(endpoint="OS", match=Match.NEAR, why="from transplantation on"),
    }
    assert study.overlaps == (Overlap("other", True, "demo", "the same trial"),)


def test_nothing_is_needed(tmp_path: Path) -> None:
    study = load_study(write(tmp_path / "s", YAML, CLAIMS))
    assert study.comparison is None
    assert study.overlaps == ()


def test_the_file_knows_every_outcome_and_no_other() -> None:
    assert list(OutcomesComparedFile.model_fields) == [*PROPORTIONS, *SURVIVALS]


# (what replaces what, column, part of the message, part of the remedy)
CASES = {
    "an unknown outcome": (("    cr:", "    crx:"), "comparison.outcomes.crx", "unknown key", "did you mean cr?"),
    "an unknown key of an outcome": (
        ("{claim: cr}", "{claims: cr}"), "comparison.outcomes.cr.claims", "unknown key", "did you mean claim?",
    ),
    "an endpoint for a count": (
        ("{claim: cr}", "{endpoint: OS}"), "comparison.outcomes.cr.endpoint", "unknown key", "claim, of, count",
    ),
    "a claim that is not there": (
        ("{claim: cr}", "{claim: crr}"), "comparison.outcomes.cr.claim", "no such claim id", "did you mean cr?",
    ),
    "a claim that counts nobody": (
        ("{claim: cr}", "{claim: os_6mo}"), "comparison.outcomes.cr.claim", "of statistic survival counts no patients",
        "proportion or count",
    ),
    "a denominator that is not there": (
        ("of: cr", "of: all"), "comparison.outcomes.mrd_negative_in_cr.of", "no such claim id", "Known are",
    ),
    "a denominator without a count": (
        ("of: cr", "of: os_6mo"), "comparison.outcomes.mrd_negative_in_cr.of", "no count to divide by", "column count",
    ),
    "more than there are": (("count: 0", "count: 23"), "comparison.outcomes.icans_3.count", "23 of 22", "at most 22"),
    "an endpoint that is not there": (
        ("endpoint: OS,", "endpoint: PFS,"), "comparison.outcomes.os.endpoint", "no such endpoint", "Known are: OS",
    ),
    "a reading that is not explained": (
        (", why: none of any grade", ""), "comparison.outcomes.icans_3", "not explained", "add why:",
    ),
    "an unknown match": (
        ("match: near", "match: far"), "comparison.outcomes.os.match", "one of same, near, apart", "near",
    ),
    "an unknown group": (
        ("group: post-transplant", "group: all"), "comparison.group", "one of post-transplant, b-all", "b-all",
    ),
    "no group": (("  group: post-transplant\n", ""), "comparison.group", "the key group is missing", "group: b-all"),
    "unknown cells": (("cells: donor", "cells: own"), "comparison.cells", "one of donor, patient", "cells: donor"),
    "an overlap with itself": (("  other:", "  demo:"), "overlaps.demo", "overlap with itself", "delete"),
    "a third study to keep": (
        ("keep: demo", "keep: third"), "overlaps.other.keep", "neither of the two", "write demo or other",
    ),
    "an overlap that may or may not be": (
        ("certain: true", "certain: perhaps"), "overlaps.other.certain", "true or false", "certain: true",
    ),
    "an overlap without a reason": ((", why: the same trial", ""), "overlaps.other.why", "why is missing", "why:"),
    "an id that is none": (("  other:", "  Other one:"), "overlaps.Other one", "the id of a study must be", "eliana"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_is_told_with_its_place_and_remedy(case: str, tmp_path: Path) -> None:
    (old, new), column, message, remedy = CASES[case]
    assert old in FULL
    with pytest.raises(InputError) as caught:
        load_study(write(tmp_path / "s", FULL.replace(old, new, 1), CLAIMS))
    found = [problem for problem in caught.value.problems if problem.column == column]
    assert len(found) == 1, [str(problem) for problem in caught.value.problems]
    assert message in found[0].message
    assert remedy in found[0].remedy
    assert found[0].row is not None


def test_a_claim_with_faults_of_its_own_is_not_judged_twice(tmp_path: Path) -> None:
    claims = CLAIMS.replace("cr,,proportion,,,,18", "cr,,proportion,,,,180")
    with pytest.raises(InputError) as caught:
        load_study(write(tmp_path / "s", FULL, claims))
    assert {problem.column for problem in caught.value.problems} == {"count"}
