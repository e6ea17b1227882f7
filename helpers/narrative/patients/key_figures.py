"""The few numbers that a reader of a cohort asks for first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.conventions import Interval
from helpers.errors import InputError
from helpers.estimators.kaplan_meier import survival_table
from helpers.estimators.medians import brookmeyer_crowley
from helpers.estimators.readings import survival_readings
from helpers.figures.wording import median_text
from helpers.narrative.patients.analyses import AS_GIVEN, analyses
from helpers.narrative.patients.curves import reading_days, tellable
from helpers.narrative.patients.exhibit import day_text, percent_limits
from helpers.narrative.patients.follow_up import TIES, follow_up_exhibit, outer_endpoint
from helpers.narrative.patients.rates import rates, rates_exhibit
from helpers.narrative.survival import Z

if TYPE_CHECKING:
    import pandas as pd

    from helpers.cohort import Cohort


def key_figures(
    cohort: Cohort,
    interval: Interval,
    *,
    non_response_day: int = AS_GIVEN,
    landmark_days: str = "",
    days_per_month: float = 30.4375,
    mask_below: int = 0,
) -> pd.DataFrame:
    """Columns measure, value, how: patients, follow-up, responses, and each endpoint's median and last landmark."""
    import pandas as pd

    rows: list[tuple[str, str, str]] = [("Patients", f"{cohort.n:,}", "")]
    name = outer_endpoint(cohort)
    if name:
        exact = follow_up_exhibit(cohort, None).exact
        keep = exact[(exact["ties"] == next(iter(TIES.values()))) & (exact["limits"] == str(interval))]
        if len(keep):
            found = keep.iloc[0]
            text = f"{median_text(found['median'], found['low'], found['high'])} days"
            rows.append(("Median follow-up", text, f"reverse Kaplan-Meier, {interval} limits"))
    for row in rates_exhibit(rates(cohort), mask_below).shown.to_dict("records"):
        if "with a record" not in str(row["denominator"]):
            percent = str(row["% (exact 95 % interval)"])
            text = str(row["count"]) if percent == "–" else f"{row['count']}, {percent} %"
            rows.append((f"{row['outcome']}, of {row['denominator']}", text, "exact interval"))
    try:
        found_analyses, _ = analyses(cohort, non_response_day, mask_below)
    except InputError:
        found_analyses = []
    for a in found_analyses:
        median = brookmeyer_crowley(survival_table(a.days, a.event), interval, Z)
        text = f"{median_text(median.value, median.low, median.high)} days"
        rows.append((f"Median {a.id}", text, f"Kaplan-Meier, {interval} limits"))
        day = max(reading_days(cohort, a, landmark_days, days_per_month))
        at = survival_readings(a.days, a.event, [day], intervals=[interval]).iloc[0]
        told = day in tellable(a, reading_days(cohort, a, landmark_days, days_per_month), mask_below)
        if told and at["survival"] == at["survival"]:
            percent = percent_limits(at["survival"], at["low"], at["high"])
            rows.append((f"{a.id} at day {day_text(day)}", f"{percent} %", f"Kaplan-Meier, {interval} limits"))
    return pd.DataFrame(rows, columns=["measure", "value", "how"])
