"""Response rates of the rows, every denominator in words, with exact intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from helpers.errors import InputError
from helpers.estimators.proportions import ProportionMethod, proportion
from helpers.figures.at_risk import number_cell
from helpers.narrative.patients.exhibit import Exhibit, percent_limits
from helpers.narrative.patients.masking import Told
from helpers.tables.masked_frames import HIDDEN

if TYPE_CHECKING:
    import pandas as pd

    from helpers.cohort import Cohort

EITHER, NEGATIVE = "CR or CRi", "MRD-negative"
COLUMNS = ("outcome", "denominator", "count", "n", "not_recorded", "estimate", "low", "high")
_FLAGS = {"cr": "Complete remission (CR)", "cri": "CR with incomplete recovery (CRi)"}


def rates(cohort: Cohort) -> pd.DataFrame:
    """Response rates of the rows with exact (Clopper-Pearson) intervals, each denominator in words.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`: `count` of `n` patients; `not_recorded` have no value (and are in `n` only where the
        denominator is all patients, who then count as not responding).
    """
    import pandas as pd

    rows = cohort.rows
    flags: list[tuple[str, pd.Series, str, pd.Series]] = []
    everybody = pd.Series(True, index=rows.index)
    for name, label in _FLAGS.items():
        if name in rows:
            flags.append((label, rows[name], "all patients", everybody))
    answered = cohort.responder
    if answered.notna().any() and ("cri" in rows or "cr" not in rows):
        flags.append((EITHER, answered, "all patients", everybody))
    if "mrd_negative" in rows:
        flags.append((NEGATIVE, rows["mrd_negative"], "all patients", everybody))
        if answered.notna().any():
            reached = answered.eq(1).fillna(False).astype(bool)
            flags.append((NEGATIVE, rows["mrd_negative"], "patients in remission", reached))
    found: list[tuple[object, ...]] = []
    for label, values, who, inside in flags:
        own = values[inside]
        gaps, count = int(own.isna().sum()), int(own.eq(1).fillna(False).sum())
        found += _rate(label, f"{who}, not recorded as no" if gaps else who, count, len(own), gaps)
        if gaps:
            found += _rate(label, f"{who} with a record", count, len(own) - gaps, gaps)
    return pd.DataFrame(found, columns=list(COLUMNS))


def _rate(label: str, who: str, count: int, n: int, gaps: int) -> list[tuple[object, ...]]:
    if n == 0:
        return []
    p = proportion(count, n)
    return [(label, who, count, n, gaps, p.estimate, p.low, p.high)]


def rates_exhibit(frame: pd.DataFrame, mask_below: int = 0) -> Exhibit:
    """The rates as a table; small counts and what tells the same are hidden."""
    exact = _protected_rates(frame, mask_below)
    rows = exact.to_dict("records")
    shown = exact.assign(
        percent=[percent_cell(row) for row in rows],
        count=[f"{number_cell(row['count'])} of {number_cell(row['n'])}" for row in rows],
        not_recorded=[number_cell(row["not_recorded"]) for row in rows],
    )[["outcome", "denominator", "count", "not_recorded", "percent"]]
    shown = shown.rename(columns={"not_recorded": "not recorded", "percent": "% (exact 95 % interval)"})
    if not (frame["not_recorded"] > 0).any():
        shown = shown.drop(columns="not recorded")
    return Exhibit(shown, exact, "Intervals by Clopper and Pearson.")


def _protected_rates(frame: pd.DataFrame, below: int) -> pd.DataFrame:
    """Rates whose small counts are hidden, with those from which they follow.

    What any reader knows: each denominator is a count and the rest; those with a record and those without add up; CR
    and CRi add up to CR or CRi, which is the denominator of rates among patients in remission.
    """
    if below <= 1 or frame.empty:
        return frame
    told = Told()
    outcomes = set(frame["outcome"])
    remission = EITHER if EITHER in outcomes else _FLAGS["cr"]
    for row in frame.to_dict("records"):
        who, outcome, gaps = str(row["denominator"]), str(row["outcome"]), int(row["not_recorded"])
        everybody = "all" if who.startswith("all patients") else remission
        whole = int(row["n"]) + (gaps if who.endswith("with a record") else 0)
        inside = f"{outcome} recorded of {everybody}" if who.endswith("with a record") else everybody
        told.add(everybody, whole)
        count, n = int(row["count"]), int(row["n"])
        told.sum(inside, n, {outcome: count, f"no {outcome} of {inside}": n - count})
        if gaps:
            parts = {f"{outcome} recorded of {everybody}": whole - gaps, f"gaps {outcome} of {everybody}": gaps}
            told.sum(everybody, whole, parts)
    if {*_FLAGS.values(), EITHER} <= outcomes:
        told.sum(EITHER, told.counts[EITHER], {name: told.counts[name] for name in _FLAGS.values()})
    try:
        hidden = told.hidden(below, public=["all"])
    except InputError:
        return frame.iloc[:0]
    exact = frame.astype(object)
    for k, row in enumerate(frame.to_dict("records")):
        who, outcome = str(row["denominator"]), str(row["outcome"])
        everybody = "all" if who.startswith("all patients") else remission
        inside = f"{outcome} recorded of {everybody}" if who.endswith("with a record") else everybody
        names = {"count": outcome, "n": inside, "not_recorded": f"gaps {outcome} of {everybody}"}
        for column, name in names.items():
            if name in hidden:
                exact.iloc[k, exact.columns.get_loc(column)] = hidden[name]
        if {outcome, inside, f"no {outcome} of {inside}"} & set(hidden):
            for column in ("estimate", "low", "high"):
                exact.iloc[k, exact.columns.get_loc(column)] = HIDDEN
    return exact


def percent_cell(row: Mapping[Any, Any]) -> str:
    """Estimate and limits of a row in percent; a dash where they are hidden."""
    values = [row[name] for name in ("estimate", "low", "high")]
    return percent_limits(*values) if all(isinstance(x, float) for x in values) else "–"


def rates_forest(frame: pd.DataFrame, table: Exhibit) -> pd.DataFrame:
    """The rates that can be drawn, as `helpers.figures.forest.forest` takes them: those with nothing hidden.

    Names are short enough for two lines beside a picture.
    """
    kept = frame[openly_shown(frame, table)]
    short = {label: label[label.rindex("(") + 1 : -1] for label in _FLAGS.values()}
    of = kept["denominator"].str.replace(", not recorded as no", ", gaps as no")
    names = [f"{short.get(a, a)}, of {b}" for a, b in zip(kept["outcome"], of, strict=True)]
    return kept.assign(outcome=names, method=str(ProportionMethod.CLOPPER_PEARSON)).reset_index(drop=True)


def openly_shown(frame: pd.DataFrame, table: Exhibit) -> list[bool]:
    """Which lines of a frame its table shows with all their counts."""
    if len(table.exact) != len(frame):
        return [False] * len(frame)
    return [
        not any(isinstance(row[name], str) for name in ("count", "n", "not_recorded"))
        for row in table.exact.to_dict("records")
    ]
