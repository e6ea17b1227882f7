"""Subgroups and covariates of an endpoint: a forest of hazard ratios, and Cox regressions beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from helpers.estimators.cox_fit import CoxFit
from helpers.estimators.describe import NOT_KNOWN
from helpers.estimators.firth import Penalty, fit_cox
from helpers.estimators.subgroup_survival import subgroup_hazards
from helpers.figures.at_risk import number_cell
from helpers.figures.subgroup_forest import ratio_with_limits
from helpers.figures.wording import p_text
from helpers.narrative.patients.analyses import Analysis
from helpers.narrative.patients.exhibit import Exhibit, joined
from helpers.narrative.patients.grouping import frame_of, left_out_sentence, subgroups
from helpers.narrative.patients.masking import masked, without_counts
from helpers.narrative.phrases import listed
from helpers.tables.cohort_tables import regression_table

if TYPE_CHECKING:
    import pandas as pd

    from helpers.cohort import Cohort

UNIT = "one unit more"
FEWEST_PER_TERM = 2  # events for each term, below which covariates are not put into one model
UNIVARIABLE, MULTIVARIABLE = "one by one", "all together"


def subgroup_forest(cohort: Cohort, analysis: Analysis, mask_below: int = 0) -> tuple[Exhibit, pd.DataFrame, list[str]]:
    """Hazard ratio in every level of every covariate: the table, the lines that can be drawn, and what to be told.

    Each covariate by itself against its first level; continuous ones are parted at their median. Where there is no
    finite estimate, Firth's penalty is used.
    """
    import pandas as pd

    levels, left_out = subgroups(cohort, mask_below)
    frame = frame_of(levels, analysis.rows)
    if frame.empty or not analysis.events:
        empty = pd.DataFrame()
        return Exhibit(empty, empty, left_out_sentence(left_out)), empty, []
    found = subgroup_hazards(analysis.days, analysis.event, frame)
    parts, drawn = [], []
    for name, part in found.groupby("subgroup", sort=False):
        hidden = masked(part.assign(size=part["n"]), mask_below, count="n", adds_up=[])
        if hidden is not None:
            hidden = masked(hidden, mask_below, count="events", of="size", adds_up=[])
        if hidden is None:
            left_out.append(f"{name}: a small count could be worked out")
            continue
        parts.append(hidden.drop(columns="size"))
        if not any(isinstance(x, str) for column in ("n", "events") for x in hidden[column]):
            drawn.append(part)
    exact = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    lines = pd.concat(drawn, ignore_index=True) if drawn else pd.DataFrame()
    note = "P of a level: against the first one. Continuous variables are parted at their median."
    table = Exhibit(_forest_table(exact), exact, joined(note, left_out_sentence(left_out)))
    return table, lines, _told(found, mask_below)


def _forest_table(exact: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    rows: list[dict[str, Any]] = [{str(k): v for k, v in row.items()} for row in exact.to_dict("records")]
    return pd.DataFrame({
        "subgroup": [r["subgroup"] for r in rows],
        "level": [r["level"] for r in rows],
        "events/n": [f"{number_cell(r['events'])}/{number_cell(r['n'])}" for r in rows],
        "HR (95 % CI)": ["–" if r["level"] == NOT_KNOWN else ratio_with_limits(r) for r in rows],
        "P": [p_text(r["p"]) for r in rows],
        "log-rank P": [p_text(r["p_log_rank"]) if r["reference"] else "" for r in rows],
        "fit": ["Firth" if "Firth" in r["method"] else "Cox" if r["method"] else "" for r in rows],
    })  # fmt: skip


def _told(found: pd.DataFrame, mask_below: int) -> list[str]:
    """The notes of the fits, each once, with the covariates that it concerns."""
    about: dict[str, list[str]] = {}
    for row in found.drop_duplicates("subgroup").to_dict("records"):
        for note in filter(None, str(row["notes"]).split("; ")):
            about.setdefault(note, []).append(str(row["subgroup"]))
    return [_sentence(names, note, mask_below) for note, names in about.items()]


def _sentence(names: list[str], note: str, mask_below: int) -> str:
    what = listed(names)
    return f"{what[:1].upper()}{what[1:]}: {without_counts(note, mask_below)}."


def regressions(cohort: Cohort, analysis: Analysis, mask_below: int = 0) -> tuple[Exhibit, list[str]]:
    """Cox regression with each covariate alone and with all together, and what a reader has to be told of them.

    Continuous covariates are taken as numbers, the ratio being for one unit more. Patients with a missing covariate are
    left out of the model, and counted in the notes.
    """
    import pandas as pd

    frame, left_out = _covariates(cohort, analysis, mask_below)
    if frame.empty or not analysis.events:
        empty = pd.DataFrame()
        return Exhibit(empty, empty, left_out_sentence(left_out)), []
    fits: list[tuple[str, CoxFit, pd.DataFrame]] = []
    models = [(UNIVARIABLE, frame[[name]]) for name in frame]
    terms = sum(max(1, len(c.cat.categories) - 1) if hasattr(c, "cat") else 1 for _, c in frame.items())
    together = frame.shape[1] > 1 and analysis.events >= FEWEST_PER_TERM * terms
    for model, own in [*models, *([(MULTIVARIABLE, frame)] if together else [])]:
        fits.append((model, fit_cox(analysis.days, analysis.event, own, Penalty.WHERE_NEEDED), own))
    frames = [
        fit.forest_rows().assign(model=model, method=fit.method, fitted_n=fit.n, fitted_events=fit.events)
        for model, fit, _ in fits
    ]
    exact = pd.concat(frames, ignore_index=True).replace({"level": {"": UNIT}})
    shown = regression_table(exact)
    if mask_below > 1:  # the table of subgroups has the counts, masked
        shown = shown.drop(columns="events/n")
    about: dict[str, list[str]] = {}
    for model, fit, own in fits:
        for text in fit.notes:
            about.setdefault(text, []).append("all together" if model == MULTIVARIABLE else str(own.columns[0]))
    note = "One by one: each covariate alone. Ratios of numbers are for one unit more."
    told = [_sentence(names, text, mask_below) for text, names in about.items()]
    if frame.shape[1] > 1 and not together:
        told.append(f"All together is not fitted: fewer than {FEWEST_PER_TERM} events for each of {terms} terms.")
    return Exhibit(shown, shown if mask_below > 1 else exact, joined(note, left_out_sentence(left_out))), told


def _covariates(cohort: Cohort, analysis: Analysis, mask_below: int) -> tuple[pd.DataFrame, list[str]]:
    """Numbers as they are, everything else by its levels; what is constant among these patients is left out."""
    import pandas as pd

    levels, left_out = subgroups(cohort, mask_below)
    columns = {}
    for column in cohort.covariates:
        label, values = cohort.label(column), analysis.rows[column]
        if not isinstance(values.dtype, pd.CategoricalDtype):
            if values.nunique() > 1:
                columns[label] = values.astype(float)
        elif label in levels:
            own = levels[label].loc[analysis.rows.index].cat.remove_unused_categories()
            if len(own.cat.categories) > 1:
                columns[label] = own
    return pd.DataFrame(columns).reset_index(drop=True), [x for x in left_out if x.split(": ")[0] not in columns]


def drawable(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines of a forest with a ratio that can be drawn: those of patients whose level is not known are left out."""
    if lines.empty:
        return lines
    return lines[lines["level"] != NOT_KNOWN].reset_index(drop=True)


def endpoints_of_everybody(found: Sequence[Analysis]) -> list[Analysis]:
    """The endpoints that run over all patients from treatment on: those in which subgroups are compared."""
    return [a for a in found if a.everybody]
