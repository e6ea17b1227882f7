"""The positive control: real rows, printed numbers, and the truth among what the numbers imply."""

from __future__ import annotations

import csv
import shutil
import subprocess
from dataclasses import replace
from io import StringIO

import pytest
from lifelines.datasets import load_leukemia

from helpers.cohort import Cohort, open_cohort, truth_in_set
from helpers.cohort.truth import true_history, truths
from helpers.inversion import StudyInversion, invert_study
from helpers.inversion.report import endpoint_timelines
from helpers.inversion.timelines import event_days
from helpers.ledger.cohort import RowsVerdict, cohort_ledger
from helpers.paths import DATA
from helpers.printed import PrintedNumber
from helpers.study import Study, load_study

ARMS = {"DR_6MP": "6-MP", "DR_placebo": "placebo"}


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study("freireich1963")


@pytest.fixture(scope="module")
def cohort(study: Study) -> Cohort:
    found = open_cohort(study)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def inversion(study: Study) -> StudyInversion:
    return invert_study(study)


def weeks(cohort: Cohort, endpoint: str) -> list[tuple[int, int]]:
    rows = cohort.endpoint(endpoint)
    return sorted(zip((rows.days / 7).astype(int).tolist(), rows.event.tolist(), strict=True))


def test_it_is_read_without_a_warning(cohort: Cohort) -> None:
    assert (cohort.n, cohort.warnings, int(cohort.missing["missing"].sum())) == (42, (), 0)
    assert cohort.endpoints == ("DR", "DR_6MP", "DR_placebo")
    assert cohort.covariates == ("arm", "remission", "pair")
    assert (cohort.rows["DR_days"] % 7 == 0).all()


def test_its_rows_are_those_that_lifelines_ships(cohort: Cohort) -> None:
    data = load_leukemia()
    for endpoint, code in (("DR_6MP", 0), ("DR_placebo", 1)):
        arm = data[data["Rx"] == code]
        assert weeks(cohort, endpoint) == sorted(zip(arm["t"].tolist(), arm["status"].tolist(), strict=True))


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
@pytest.mark.parametrize(
    ("package", "code"),
    [
        ("MASS", "g <- MASS::gehan; data.frame(g$pair, ifelse(g$treat == '6-MP', '6-MP', 'placebo'), g$time, g$cens)"),
        (
            "KMsurv",
            "data(drug6mp, package = 'KMsurv'); d <- drug6mp; s <- c('partial', 'complete')[d$remstat];"
            "data.frame(c(d$pair, d$pair), rep(c('6-MP', 'placebo'), each = 21), c(d$t2, d$t1),"
            "c(d$relapse, rep(1, 21)), c(s, s))",
        ),
    ],
)
def test_its_rows_and_pairs_are_those_of_the_r_packages(package: str, code: str) -> None:
    ended = subprocess.run(
        ["Rscript", "-e", f"write.csv({{{code}}}, row.names = FALSE)"], capture_output=True, text=True, check=False
    )
    if ended.returncode:
        pytest.skip(f"R has no package {package}")
    theirs = sorted(tuple(row) for row in list(csv.reader(StringIO(ended.stdout)))[1:])
    with (DATA / "freireich1963" / "cohort.csv").open(encoding="utf-8") as stream:
        ours = [(r["pair"], r["arm"], r["DR_weeks"], r["DR_event"], r["remission"]) for r in csv.DictReader(stream)]
    assert sorted(row[: len(theirs[0])] for row in ours) == theirs


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_r_prints_these_numbers_for_the_example_of_its_documentation(study: Study) -> None:
    code = (
        "library(survival); s <- survfit(Surv(time, cens) ~ treat, data = MASS::gehan, conf.type = 'log-log');"
        "print(s); print(summary(s))"
    )
    ended = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=False)
    if ended.returncode:
        pytest.skip("R has no package MASS or survival")
    lines = [line.split() for line in ended.stdout.splitlines()]
    arm, printed = "", {}
    for words in lines:
        if words and words[0].startswith("treat="):
            arm = words[0]
            if len(words) == 6:
                printed[arm, "print"] = words[1:]
        elif len(words) == 7 and words[0].isdigit():
            printed[arm, words[0]] = words[1:]
    for claim in study.claims:
        name = {"DR_6MP": "treat=6-MP", "DR_placebo": "treat=control"}.get(claim.endpoint or "")
        if claim.source != "R" or name is None:
            continue
        texts = {field: number.text.replace("NR", "NA") for field, number in claim.printed.items()}
        if claim.statistic == "survival":
            at_risk, events, s, se, low, high = printed[name, str(claim.at)]
            assert texts == {"value": s, "ci_low": low, "ci_high": high}, claim.id
        elif claim.statistic == "at_risk":
            assert texts == {"count": printed[name, str(claim.at)][0]}
        else:
            n, events, median, low, high = printed[name, "print"]
            expected = {"median": {"value": median, "ci_low": low, "ci_high": high}, "events": {"count": events}}
            assert texts == expected[claim.statistic], claim.id


def test_the_truth_is_in_the_set_for_both_arms_and_the_set_is_small(inversion: StudyInversion, cohort: Cohort) -> None:
    frame = truth_in_set(inversion, cohort).set_index("endpoint")
    assert list(frame.index) == list(ARMS)
    assert frame["in_set"].tolist() == [True, True]
    assert frame["histories"].tolist() == [1, 1]
    assert frame["history"].tolist() == ["EEECECECCEECCCEE", "E" * 17]
    assert frame["note"].tolist() == ["", ""]
    for name in ARMS:
        assert frame.loc[name, "history"] in inversion.endpoints[name].histories


def test_every_true_day_lies_within_its_bounds(inversion: StudyInversion, cohort: Cohort) -> None:
    for name in ARMS:
        relapses = [7 * week for week, event in weeks(cohort, name) if event]
        bounds = event_days(endpoint_timelines(inversion, name))
        assert bounds
        for number, (first, last) in bounds.items():
            assert first <= relapses[number - 1] <= last


def test_a_history_that_is_not_the_truth_is_told_from_it(inversion: StudyInversion, cohort: Cohort) -> None:
    rows = cohort.rows.copy()
    early = rows.index[(rows["arm"] == "6-MP") & (rows["DR_days"] == 42) & (rows["DR_event"] == 1)][0]
    rows.loc[early, "DR_event"] = 0
    (first, second) = truths(inversion, replace(cohort, rows=rows))
    assert (first.in_set, second.in_set) == (False, True)
    assert first.note == "the rows do not print these numbers under any convention that is tried"


def test_rows_of_other_patients_cannot_be_compared(inversion: StudyInversion, cohort: Cohort) -> None:
    rows = cohort.rows.copy()
    rows.loc[rows["arm"] == "6-MP", "DR_event"] = rows["DR_event"].where(rows.index > 3)
    (first, _) = truths(inversion, replace(cohort, rows=rows))
    assert first.in_set is None
    assert first.note.startswith("the numbers are printed for 21 patients, the file has ")
    assert truth_in_set(inversion, replace(cohort, rows=rows))["in_set"].isna().tolist() == [True, False]


def test_a_set_too_large_to_list_is_asked_by_printing_the_truth(inversion: StudyInversion, cohort: Cohort) -> None:
    endpoints = {name: replace(e, exhaustive=False) for name, e in inversion.endpoints.items()}
    frame = truth_in_set(replace(inversion, endpoints=endpoints), cohort)
    assert frame["in_set"].tolist() == [True, True] and frame["histories"].isna().all()
    assert set(frame["note"]) == {"the set is too large to list; the rows print it all"}


def test_events_come_first_on_a_day_and_what_follows_the_last_one_is_left_out(cohort: Cohort) -> None:
    rows = cohort.endpoint("DR_6MP")
    assert true_history(rows, 41) == ""
    assert true_history(rows, 42) == "EEE"
    assert true_history(rows, 70) == "EEECECE"
    assert true_history(rows, 10_000) == "EEECECECCEECCCEE"


def test_the_rows_reproduce_every_printed_number_under_one_account(cohort: Cohort) -> None:
    ledger = cohort_ledger(cohort)
    assert ledger.count(RowsVerdict.REPRODUCED) == len(ledger.rows) == 34
    assert ledger.conventions()["landmarks"] == "log-log interval, full precision, half-up or half-even, z exact"
    assert ledger.conventions()["medians"] == "log-log interval"


def test_a_wrong_digit_is_told_with_its_size(study: Study, cohort: Cohort) -> None:
    claims = tuple(replace(c, ci_high=PrintedNumber("0.859")) if c.id == "mp_10wk" else c for c in study.claims)
    ledger = cohort_ledger(replace(cohort, study=replace(study, claims=claims)))
    (row,) = [row for row in ledger.rows if row.verdict is RowsVerdict.DIFFERS]
    assert (row.claim, row.field, row.printed, row.digits) == ("mp_10wk", "ci_high", "0.859", "0.889")
    assert row.difference == pytest.approx(-0.03)


def test_sources_cover_every_claim_and_every_column(study: Study, cohort: Cohort) -> None:
    text = (DATA / "freireich1963" / "SOURCES.md").read_text(encoding="utf-8")
    rows = {row.split("`")[1]: row for row in text.splitlines() if row.startswith("| `")}
    columns = {"patient_id", "pair", "arm", "remission", "DR_weeks", "DR_event"}
    assert set(rows) == {c.id for c in study.claims} | columns
    for claim in study.claims:
        for number in claim.printed.values():
            assert number.text in rows[claim.id], claim.id
    for known in ("MASS", "KMsurv", "Blood", "1963;21:699", "computed here", "CC0", "Gehan", "weeks"):
        assert known in text
