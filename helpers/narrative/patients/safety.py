"""Toxicity of the rows: every grade with its grading system, rates with exact intervals, adverse events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from helpers.cohort.columns import GRADES
from helpers.errors import InputError
from helpers.estimators.adverse_events import SEVERE, highest_grades
from helpers.estimators.proportions import ProportionMethod, proportion
from helpers.figures.at_risk import number_cell
from helpers.figures.grades import maximum_grades
from helpers.narrative.patients.exhibit import Exhibit
from helpers.narrative.patients.masking import Told, small
from helpers.narrative.patients.rates import openly_shown, percent_cell
from helpers.tables.cohort_tables import adverse_event_table

if TYPE_CHECKING:
    import pandas as pd

    from helpers.cohort import Cohort

ROMAN = ("agvhd_grade",)
NOT_NAMED = "grading system not named"
BARS = 25  # adverse events that a figure shows


def families(cohort: Cohort) -> dict[str, str]:
    """The columns of grades in the rows, with what a reader calls them: ``CRS (ASTCT 2019)``."""
    found = {}
    for column, (what, _) in GRADES.items():
        if column in cohort.rows and cohort.rows[column].notna().any():
            system = cohort.study.grading.get(column.removesuffix("_grade"), "")
            name = f"{what[:1].upper()}{what[1:]}"
            found[column] = f"{name} ({system or NOT_NAMED})"
    return found


def maximum_grade_frame(cohort: Cohort) -> pd.DataFrame:
    """Patients by maximum grade of each toxicity: family, part, grade, known, count, n."""
    return maximum_grades(cohort.rows, families(cohort), roman=ROMAN)


def maximum_grade_exhibit(frame: pd.DataFrame, mask_below: int = 0) -> Exhibit:
    """One line a toxicity, one column a grade: patients and percent of those with a recorded grade."""
    import pandas as pd

    exact = frame.astype({"count": object})
    for _, part in frame.groupby("family", sort=False):
        counts = {int(r["grade"]): int(r["count"]) for r in part.to_dict("records") if r["known"]}
        masks = _masks(counts, int(part["n"].iloc[0]), mask_below)
        for i, row in part.iterrows():
            name = str(row["grade"]) if row["known"] else "unknown"
            exact.at[i, "count"] = "–" if masks is None else masks.get(name, row["count"])
    rows = []
    for family, part in exact.groupby("family", sort=False):
        whole = frame[frame["family"] == family]
        recorded = int(whole.loc[whole["known"], "count"].sum())
        hidden = any(isinstance(x, str) for x in part["count"])
        row = {"toxicity": str(family)}
        for line in part.to_dict("records"):
            name = str(line["part"])
            plain = not hidden and line["known"] and recorded
            percent = f" ({100 * line['count'] / recorded:.1f} %)" if plain else ""
            row[f"grade {_arabic(name)}" if name.startswith("grade ") and line["known"] else name] = (
                f"{number_cell(line['count'])}{percent}"
            )
        rows.append(row)
    heads = ["toxicity", "none", *(f"grade {g}" for g in range(1, 6)), "grade not recorded"]
    shown = pd.DataFrame(rows)
    shown = shown[[name for name in heads if name in shown]].fillna("0")
    return Exhibit(shown, exact, "Each patient at the highest grade; percentages of those whose grade is recorded.")


def _arabic(name: str) -> str:
    numerals = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5"}
    word = name.removeprefix("grade ")
    return numerals.get(word, word)


def toxicity_rates(cohort: Cohort) -> pd.DataFrame:
    """Any grade, and grade 3 or higher, of each toxicity: outcome, count, n, not_recorded, estimate, low, high."""
    import pandas as pd

    rows = []
    for column, family in families(cohort).items():
        grade = cohort.rows[column]
        recorded = grade.dropna()
        for words, least in (("any grade", 1), (f"grade {SEVERE} or higher", SEVERE)):
            p = proportion(int((recorded >= least).sum()), len(recorded))
            lacking = len(grade) - len(recorded)
            rows.append((f"{family}, {words}", p.count, p.n, lacking, p.estimate, p.low, p.high))
    return pd.DataFrame(rows, columns=["outcome", "count", "n", "not_recorded", "estimate", "low", "high"])


def _masks(counts: Mapping[int, int], everybody: int, below: int) -> dict[str, str] | None:
    """What stands in place of the counts of one toxicity, by grade and for their sums; None where none can be shown.

    Keys: each grade, ``any`` (1 or higher), ``severe``, ``recorded`` and ``unknown``. Sums that another table shows are
    protected in every one.
    """
    told = Told()
    grades = {str(g): counts.get(g, 0) for g in range(6)}
    recorded, some = sum(grades.values()), sum(grades.values()) - grades["0"]
    severe = sum(count for g, count in grades.items() if int(g) >= SEVERE)
    told.sum("all", everybody, {"recorded": recorded, "unknown": everybody - recorded})
    told.sum("recorded", recorded, {"0": grades["0"], "any": some})
    told.sum("any", some, {"1": grades["1"], "2": grades["2"], "severe": severe})
    told.sum("recorded", recorded, {"severe": severe, "milder": recorded - severe})
    told.sum("severe", severe, {g: grades[g] for g in ("3", "4", "5")})
    try:
        return told.hidden(below, public=["all"]) if below > 1 else {}
    except InputError:
        return None


def toxicity_exhibit(frame: pd.DataFrame, grades: pd.DataFrame, mask_below: int = 0) -> Exhibit:
    """The rates of toxicity as a table; `grades` is `maximum_grade_frame`, with which they are masked together."""
    import pandas as pd

    exact = frame.astype({name: object for name in ("count", "n", "not_recorded", "estimate", "low", "high")})
    for k, row in enumerate(frame.to_dict("records")):
        family, _, words = str(row["outcome"]).rpartition(", ")
        part = grades[(grades["family"] == family) & grades["known"]]
        counts = {int(r["grade"]): int(r["count"]) for r in part.to_dict("records")}
        masks = _masks(counts, int(row["n"] + row["not_recorded"]), mask_below)
        what, rest = ("any", "0") if words == "any grade" else ("severe", "milder")
        cells = {"count": what, "n": "recorded", "not_recorded": "unknown"}
        for column, name in cells.items():
            exact.at[k, column] = "–" if masks is None else masks.get(name, row[column])
        if masks is None or {what, rest, "recorded"} & set(masks):
            for column in ("estimate", "low", "high"):
                exact.at[k, column] = "–"
    rows = exact.to_dict("records")
    shown = pd.DataFrame({
        "toxicity": [r["outcome"] for r in rows],
        "count": [f"{number_cell(r['count'])} of {number_cell(r['n'])}" for r in rows],
        "% (exact 95 % interval)": [percent_cell(r) for r in rows],
        "not recorded": [number_cell(r["not_recorded"]) for r in rows],
    })  # fmt: skip
    if len(frame) and not (frame["not_recorded"] > 0).any():
        shown = shown.drop(columns="not recorded")
    return Exhibit(shown, exact, "Of patients whose grade is recorded. Intervals by Clopper and Pearson.")


def toxicity_forest(frame: pd.DataFrame, table: Exhibit) -> pd.DataFrame:
    """The rates that can be drawn, as `helpers.figures.forest.forest` takes them: those with nothing hidden."""
    kept = frame[openly_shown(frame, table)]
    return kept.assign(method=str(ProportionMethod.CLOPPER_PEARSON)).reset_index(drop=True)


def adverse_event_frame(cohort: Cohort) -> pd.DataFrame | None:
    """Patients by the highest grade of each term; None without a file of adverse events, or where it is empty."""
    events = cohort.adverse_events
    if events is None or events.empty:
        return None
    try:
        return highest_grades(events, cohort.n)
    except InputError:
        return None


def adverse_event_exhibit(frame: pd.DataFrame, mask_below: int = 0) -> Exhibit:
    """Adverse events as a table: each patient once a term, at the highest grade.

    With a threshold, terms with fewer patients are left out.
    """
    shown = adverse_event_table(frame, mask_below=mask_below, at_least=max(1, mask_below))
    left = frame["term"].nunique() - len(shown)
    note = f"Of {int(frame['n'].iloc[0]):,} patients; each counts once a term, at the highest grade."
    if left:
        note += f" Terms with fewer than {mask_below} patients are left out."
    return Exhibit(shown, shown if mask_below > 1 else frame, note)


def grades_can_be_drawn(frame: pd.DataFrame, mask_below: int) -> bool:
    """Whether bars of grades show something and no small count."""
    return len(frame) > 0 and not any(small(int(x), mask_below) for x in frame["count"])
