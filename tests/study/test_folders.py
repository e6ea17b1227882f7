"""Every folder in data/: it loads, tells where each number comes from, and its percentages fit its counts."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from helpers.ledger.arithmetic import prints_proportion
from helpers.paths import DATA
from helpers.printed import PrintedNumber
from helpers.study import Claim, Study, list_studies, load_study

NAMES = sorted(folder.name for folder in DATA.iterdir() if folder.is_dir())
# Studies known from an abstract alone; the others hold patient-level rows and have tests of their own.
ABSTRACTS = [name for name in NAMES if not (DATA / name / "cohort.csv").exists()]
# Percentages whose count no patient number gives, as printed; each is told in the folder's SOURCES.md.
CONTRADICTIONS = {("carcik2025", "mrd_negative")}
# Sizes of part of a cohort that no paper prints: the percentage, its denominator, and the only count that prints it.
DERIVED = {
    ("inaticel2025", "DOR"): ("orr_best", 41),
    ("eliana2018", "RFS"): ("orr_3mo", 61),
    ("eliana2023", "RFS"): ("orr", 65),
    ("eliana2023", "RFS_censored"): ("orr", 65),
}
# Claims whose number stands in words (none, all, forty-three), by what the words say.
IN_WORDS = re.compile(r"\(in words|read from words")


@pytest.fixture(params=ABSTRACTS)
def study(request: pytest.FixtureRequest) -> Study:
    return load_study(request.param)


def sources(study: Study) -> str:
    return (study.folder / "SOURCES.md").read_text(encoding="utf-8")


def rows(study: Study) -> dict[str, str]:
    """The rows of the table in SOURCES.md by claim id."""
    return {row.split("`")[1]: row for row in sources(study).splitlines() if row.startswith("| `")}


def shares(study: Study) -> list[Claim]:
    return [claim for claim in study.claims if claim.statistic == "proportion" and claim.value is not None]


def fitting(claim: Claim) -> list[int]:
    assert claim.value is not None
    return [k for k in range(claim.n + 1) if prints_proportion(k, claim.n, claim.value, claim.scale)]


def test_there_are_many_and_the_list_reads_them_all() -> None:
    listed = list_studies()
    assert [summary.id for summary in listed] == NAMES
    assert [summary.problem for summary in listed] == [""] * len(NAMES)
    assert len(ABSTRACTS) >= 26
    assert {"zhuo2024", "zhang2021", "sequential2022", "eliana2023", "zuma1_2023"} <= set(NAMES)


def test_it_is_called_as_its_folder_and_has_its_three_files(study: Study) -> None:
    assert study.id == study.folder.name
    assert {path.name for path in study.folder.iterdir()} == {"study.yaml", "claims.csv", "SOURCES.md"}
    assert study.warnings == ()


def test_its_patients_are_its_first_claim(study: Study) -> None:
    first = study.claims[0]
    assert first.id == "patients"
    assert first.count == PrintedNumber(str(study.n))


def test_sources_name_every_claim_and_every_printed_number(study: Study) -> None:
    told = rows(study)
    assert list(told) == [claim.id for claim in study.claims]
    again: set[tuple[tuple[str, str], ...]] = set()
    for claim in study.claims:
        texts = tuple((field, number.text) for field, number in claim.printed.items())
        row = told[claim.id]
        if "the same figure" in row:
            assert texts in again, "the same figure as which?"
        again.add(texts)
        for field, text in texts:
            if "the same figure" in row or (field == "count" and (IN_WORDS.search(row) or study.id == "zhuo2024")):
                continue
            printed = "not reached" if text == "NR" else text
            assert re.search(rf"(?<![\d.]){re.escape(printed)}(?![\d.]*\d)", row), (claim.id, field, text)


def test_sources_say_what_was_left_out_and_what_is_free(study: Study) -> None:
    text = sources(study)
    assert "CC0 1.0" in text
    assert "## What is not public" in text
    if study.id != "zhuo2024":
        assert "## Overlap with other studies in `data/`" in text
        for gap in study.not_published:
            assert gap.split()[0] in text


def test_what_is_marked_as_remembered_is_not_there() -> None:
    early = load_study("eliana2018")
    assert all(set(claim.printed) == {"value"} for claim in early.select("survival"))
    assert not [claim for claim in early.select("survival") if claim.at == 6 and claim.endpoint in ("OS", "EFS")]


def test_percentages_agree_with_counts_or_the_disagreement_is_told(study: Study) -> None:
    contradictions = set()
    for claim in shares(study):
        counts = fitting(claim)
        agrees = int(claim.count.value) in counts if claim.count is not None else bool(counts)
        if not agrees:
            contradictions.add((study.id, claim.id))
    assert contradictions == {pair for pair in CONTRADICTIONS if pair[0] == study.id}
    for _, claim_id in contradictions:
        printed = study.claim(claim_id).value
        odd = sources(study).split("## What is odd about the print")[1].split("##")[0]
        assert printed is not None and printed.text in odd


@pytest.mark.parametrize(("place", "derivation"), DERIVED.items(), ids=lambda value: "-".join(map(str, value)))
def test_sizes_that_are_derived_are_the_only_ones_that_print_the_percentage(
    place: tuple[str, str], derivation: tuple[str, int]
) -> None:
    study = load_study(place[0])
    claim, count = study.claim(derivation[0]), derivation[1]
    assert fitting(claim) == [count]
    assert study.endpoints[place[1]].n == count
    assert f"{count}, the only count" in " ".join(sources(study).split())


def test_the_responders_of_transcend_follow_from_their_exact_interval() -> None:
    from scipy.stats import binomtest

    study = load_study("transcend2020")
    claim = study.claim("orr")

    def prints(k: int) -> bool:
        exact = binomtest(k, claim.n).proportion_ci(method="exact")
        return [f"{100 * limit:.1f}" for limit in (exact.low, exact.high)] == ["66.8", "78.0"]

    assert [k for k in fitting(claim) if prints(k)] == [186]
    assert study.endpoints["DOR"].n == 186


def test_three_limits_of_zhang_are_wald_limits_rounded_outwards() -> None:
    study = load_study("zhang2021")
    for claim in shares(study):
        assert claim.count is not None and claim.ci_low is not None and claim.ci_high is not None
        share = float(Fraction(int(claim.count.value), claim.n))
        reach = 1.96 * (share * (1 - share) / claim.n) ** 0.5
        assert int(100 * (share - reach)) == int(claim.ci_low.value)
        assert int(100 * (share + reach)) + 1 == int(claim.ci_high.value)


def test_parts_of_a_cohort_are_no_larger_than_it(study: Study) -> None:
    for endpoint in study.endpoints.values():
        assert endpoint.n is None or (endpoint.n <= study.n and endpoint.subset)
    for whole, parts in study.totals.items():
        counts = [study.claim(part).count for part in parts]
        total = study.claim(whole).count
        assert total is not None and sum(int(c.value) for c in counts if c is not None) == int(total.value)


def test_the_readme_words_stay_out(study: Study) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in Path(study.folder).iterdir())
    assert "verified:" not in text
