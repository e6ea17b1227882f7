"""Who the patients are: the flow from treatment to remission, their characteristics, when they came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.errors import InputError
from helpers.estimators.describe import Variable, describe
from helpers.figures.recruitment import PERIODS, enrolment_counts
from helpers.narrative.patients.exhibit import Exhibit, joined
from helpers.narrative.patients.grouping import Grouping, left_out_sentence
from helpers.narrative.patients.masking import small
from helpers.tables.cohort_tables import flow_table
from helpers.tables.table_one import table_one

if TYPE_CHECKING:
    import pandas as pd

    from helpers.cohort import Cohort

MOST_TABLED = 12  # levels of a variable in Table 1


def cohort_flow(cohort: Cohort) -> pd.DataFrame:
    """The stages of the patients in the rows: stage, count, of, without, reason.

    All patients; those whose response is known (without responses: those with a known time and event of the first
    endpoint); those in remission; of these, those without measurable residual disease.
    """
    import pandas as pd

    study = cohort.study
    claims = (c for c in study.select("count") if c.endpoint is None and c.count is not None)
    first = next((c.note for c in claims if c.count is not None and c.count.value == c.n == study.n and c.note), "")
    stages: list[tuple[str, int, int, str]] = [(first or f"Patients, from {study.origin} on", cohort.n, cohort.n, "")]
    answered = cohort.responder
    if answered.notna().any():
        evaluable, reached = int(answered.notna().sum()), answered.eq(1).fillna(False).to_numpy(dtype=bool)
        stages.append(("Evaluable for response", evaluable, cohort.n, "response not recorded"))
        stages.append(("In remission", int(reached.sum()), evaluable, "no remission"))
        if "mrd_negative" in cohort.rows and reached.any():
            negative = cohort.rows["mrd_negative"].loc[reached]
            count = int(negative.eq(1).fillna(False).sum())
            lacking = " or not recorded" if negative.isna().any() else ""
            stages.append(("MRD-negative among those in remission", count, int(reached.sum()), f"positive{lacking}"))
    elif cohort.endpoints:
        rows = cohort.endpoint(cohort.endpoints[0])
        name = study.endpoints[rows.endpoint].name
        stages.append((f"With a known time and event: {name}", rows.n, cohort.n, "time or event not recorded"))
    kept = [(name, count, of, of - count, reason if of > count else "") for name, count, of, reason in stages]
    return pd.DataFrame(kept, columns=["stage", "count", "of", "without", "reason"])


def flow_exhibit(stages: pd.DataFrame, mask_below: int = 0) -> Exhibit:
    """The flow as a table."""
    shown = flow_table(stages, mask_below=mask_below)
    return Exhibit(shown, shown if mask_below > 1 else stages)


def can_be_drawn(stages: pd.DataFrame, mask_below: int) -> bool:
    """Whether a picture of a flow shows something and no small count."""
    parts = [int(x) for name in ("count", "without") for x in stages[name]]
    return len(stages) > 1 and not any(small(x, mask_below) for x in parts)


def characteristics(cohort: Cohort, groups: Grouping | None, mask_below: int = 0) -> Exhibit:
    """Table 1: every covariate by n (%) or median (quartiles; range), missing values counted, by group if there is one.

    A variable that cannot be shown without giving a small count away is left out, and the note says so.
    """
    import pandas as pd

    variables, left_out = _variables(cohort, groups)
    rows = cohort.rows if groups is None else cohort.rows.assign(**{_GROUP: groups.levels})
    group = None if groups is None else _GROUP
    kept, frames = [], []
    for variable in variables:
        frame = describe(rows, [variable], group=group)
        try:
            kept.append(table_one(frame, mask_below=mask_below, told=True))
            frames.append(frame)
        except InputError:
            left_out.append(f"{variable.label}: a small count could be worked out")
    if not kept:
        empty = pd.DataFrame()
        return Exhibit(empty, empty, left_out_sentence(left_out))
    shown = pd.concat(kept, ignore_index=True)
    exact = shown if mask_below > 1 else pd.concat(frames, ignore_index=True)
    counted = "Percentages are of patients with a known value; quartiles as in R (type 7)."
    return Exhibit(shown, exact, joined(counted, left_out_sentence(left_out)))


_GROUP = "compared groups"


def _variables(cohort: Cohort, groups: Grouping | None) -> tuple[list[Variable], list[str]]:
    import pandas as pd

    found, left_out = [], []
    for column in cohort.covariates:
        values, label = cohort.rows[column], cohort.label(column)
        categorical = isinstance(values.dtype, pd.CategoricalDtype)
        if categorical and groups is not None and column == groups.column:
            continue
        if not categorical:
            found.append(Variable(column, label, continuous=True))
        elif len(values.cat.categories) > MOST_TABLED:
            left_out.append(f"{label}: {len(values.cat.categories)} levels")
        else:
            found.append(Variable(column, label))
    return found, left_out


def enrolment_of(cohort: Cohort, mask_below: int = 0) -> pd.DataFrame | None:
    """Patients enrolled in each month, quarter or year, as short as it can be shown; None without months.

    With a threshold the shortest period without a small count is taken, and none if there is no such period.
    """
    if "enrolled_month" not in cohort.rows or cohort.rows["enrolled_month"].isna().all():
        return None
    dates = [None if stamp != stamp else stamp.date() for stamp in cohort.rows["enrolled_month"]]
    frame = enrolment_counts(dates)
    for period in ("", *PERIODS):
        frame = enrolment_counts(dates, period)
        if not any(small(int(x), mask_below) for x in (*frame["enrolled"], frame["missing"].iloc[0])):
            return frame
    return None
