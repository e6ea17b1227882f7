"""Toxicity of the rows: every grade with its grading system, rates with exact intervals, adverse events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.cohort.columns import GRADES
from helpers.errors import InputError
from helpers.estimators.adverse_events import SEVERE, highest_grades
from helpers.estimators.proportions import ProportionMethod, proportion
from helpers.figures.at_risk import number_cell
from helpers.figures.grades import maximum_grades
from helpers.narrative.patients.exhibit import Exhibit
from helpers.narrative.patients.masking import masked, small
from helpers.narrative.patients.rates import has_small, percent_cell
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

    exact = masked(frame, mask_below, count="count", adds_up=["family"])
    if exact is None:
        exact = frame.assign(count="–")
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


def toxicity_exhibit(frame: pd.DataFrame, mask_below: int = 0) -> Exhibit:
    """The rates of toxicity as a table; where one of a toxicity is small, what tells it goes too."""
    import pandas as pd

    parts = []
    for k in range(len(frame)):
        line = frame.iloc[[k]]
        hidden = masked(line, mask_below, count="count", of="n", beside=["estimate", "low", "high"])
        hidden = None if hidden is None else masked(hidden, mask_below, count="not_recorded")
        parts.append(line.assign(count="–", estimate="–", low="–", high="–") if hidden is None else hidden)
    exact = pd.concat(parts, ignore_index=True) if parts else frame
    if mask_below > 1 and len(exact):
        exact = _without_differences(frame, exact, mask_below)
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


def _without_differences(frame: pd.DataFrame, exact: pd.DataFrame, below: int) -> pd.DataFrame:
    """Two counts of one toxicity whose difference (grades 1 and 2) is small: the higher grades are hidden."""
    found = exact.astype(object)
    for k in range(0, len(frame) - 1, 2):
        gap = int(frame["count"].iloc[k]) - int(frame["count"].iloc[k + 1])
        if small(gap, below) and not isinstance(found["count"].iloc[k + 1], str):
            for name in ("count", "estimate", "low", "high"):
                found.iloc[k + 1, found.columns.get_loc(name)] = "not shown" if name == "count" else "–"
    return found


def toxicity_forest(frame: pd.DataFrame, mask_below: int = 0) -> pd.DataFrame:
    """The rates that can be drawn, as `helpers.figures.forest.forest` takes them."""
    kept = frame[[not has_small(row, mask_below) for row in frame.to_dict("records")]]
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
