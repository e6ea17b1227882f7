"""The first words about patient-level rows: whose they are, how they were read, what is missing in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.cohort.columns import FLAGS, GRADES, MOMENTS, response_day
from helpers.figures.display import literal
from helpers.narrative.patients.exhibit import Exhibit, bullets, joined
from helpers.narrative.patients.masking import check_threshold, masked, without_counts
from helpers.narrative.phrases import counted

if TYPE_CHECKING:
    from helpers.cohort import Cohort

WOULD_ADD = {
    "01_cohort": "the flow of patients with its reasons, a table of who they are, enrolment over time, and their "
    "follow-up",
    "02_efficacy": "response rates with every denominator, response in subgroups, and the best response over time",
    "03_reconstruction": "the history that truly happened beside those found here",
    "04_survival": "observed curves, medians and restricted means by every rule, subgroups, transplantation, competing "
    "risks, and a swimmer plot",
    "05_safety": "every grade of every toxicity, and adverse events by the highest grade of each patient",
    "06_verdict": "a second ledger, in which each printed number is held against the rows",
}


def opening(cohort: Cohort | None, notebook: str, mask_below: int = 0) -> str:
    """What the rows of a run are, as Markdown; without rows one sentence on what they would add.

    Raises
    ------
    InputError
        `mask_below` is negative, or larger than the cohort.
    """
    check_threshold(cohort, mask_below)
    if cohort is None:
        return (
            "No patient-level rows are given; a file of them (`cohort.csv` in the study folder, or `--cohort FILE`) "
            f"would add {WOULD_ADD[notebook]}."
        )
    lead = f"**{counted(cohort.n, 'patient')}** in the rows of **{literal(cohort.source)}**."
    if cohort.invented:
        lead += " The file says of itself that these patients are **invented**."
    else:
        lead += " What follows is *observed*, and says so; what is reconstructed from printed numbers says so too."
    if mask_below > 1:
        lead += (
            f" Counts of fewer than {mask_below} patients are hidden, with whatever would give them away; figures that "
            "show them are left out, and curves end where fewer are at risk."
        )
    told = [text for text in cohort.warnings if "says of itself" not in text]
    notes = bullets([literal(without_counts(f"{text[:1].upper()}{text[1:]}", mask_below)) + "." for text in told])
    return f"{lead}\n\n{notes}" if notes else lead


def missing_values(cohort: Cohort, mask_below: int = 0) -> Exhibit:
    """Columns with missing values: column, what it is, missing, of, percent; empty where nothing is missing."""
    frame = cohort.missing[cohort.missing["missing"] > 0].reset_index(drop=True)
    frame = frame.assign(
        meaning=[meaning(cohort, name) for name in frame["column"]],
        percent=100 * frame["missing"] / frame["of"],
    )[["column", "meaning", "missing", "of", "percent"]]
    exact = masked(frame, mask_below, count="missing", of="of", beside=["percent"])
    if exact is None:
        exact = frame.assign(missing="–", percent="–")
    percent = [f"{x:.1f}" if isinstance(x, float) else x for x in exact["percent"]]
    shown = exact.assign(percent=percent).rename(columns={"meaning": "what it is", "percent": "%"})
    whole = len(cohort.missing) - len(frame)
    return Exhibit(shown, exact, joined(f"In {counted(whole, 'other column')} nothing is missing." if whole else ""))


def meaning(cohort: Cohort, column: str) -> str:
    """What a column of the rows holds, in a few words."""
    stem = column.removesuffix("_days").removesuffix("_event")
    for endpoint in cohort.study.endpoints.values():
        if column == f"{endpoint.stem}_days":
            return f"{endpoint.name}, time"
        if column == f"{endpoint.stem}_event":
            return f"{endpoint.name}, event"
    day = response_day(column)
    if day is not None:
        return f"response on day {day}"
    if column in GRADES:
        return f"highest grade of {GRADES[column][0]}"
    if column in FLAGS:
        return FLAGS[column]
    if stem in MOMENTS and column.endswith("_days"):
        return f"day of {MOMENTS[stem]}"
    return {"enrolled_month": "month of enrolment", "best_response": "best response"}.get(column, cohort.label(column))
