"""Response rates of the rows, every denominator in words, with exact intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from helpers.errors import InputError
from helpers.estimators.proportions import ProportionMethod, proportion
from helpers.figures.at_risk import number_cell
from helpers.narrative.patients.exhibit import Exhibit, percent_limits
from helpers.tables.masked_frames import HIDDEN
from helpers.tables.masking import Sum, masked_counts

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

    What is known besides each row's own sum: CR and CRi add up to CR or CRi; those who are MRD-negative are in
    remission; and every denominator but that of all patients is a count of another row.
    """
    if below <= 1 or frame.empty:
        return frame
    counts: list[int] = []
    sums, place = [], {}
    for k, row in enumerate(frame.to_dict("records")):
        here = len(counts)
        place[row["outcome"], k] = here
        counts += [int(row["count"]), int(row["n"]) - int(row["count"]), int(row["n"]), int(row["not_recorded"])]
        sums.append(Sum(here + 2, (here, here + 1)))
        everybody = len(counts)
        counts.append(int(row["n"]) + (int(row["not_recorded"]) if "with a record" in row["denominator"] else 0))
        sums.append(Sum(everybody, (here + 2, here + 3) if "with a record" in row["denominator"] else (here + 2,)))
    public = [k * 5 + 4 for k, who in enumerate(frame["denominator"]) if who.startswith("all patients")]
    first = {name: next((at for (outcome, _), at in place.items() if outcome == name), None) for name, _ in place}
    cr, cri, either = (first.get(name) for name in (*_FLAGS.values(), EITHER))
    if cr is not None and cri is not None and either is not None:
        sums.append(Sum(either, (cr, cri)))
    negative = [at for (outcome, _), at in place.items() if outcome == NEGATIVE]
    sums += [Sum(negative[0], (at,)) for at in negative[1:]]
    inside = [k * 5 + 4 for k, who in enumerate(frame["denominator"]) if who.startswith("patients in remission")]
    if either is not None or cr is not None:
        sums += [Sum(either if either is not None else cr, (at,)) for at in inside]  # type: ignore[arg-type]
    try:
        hidden = masked_counts(counts, sums, below, [k for k in public if counts[k] >= below])
    except InputError:
        return frame.iloc[:0]
    exact = frame.astype(object)
    for k in range(len(frame)):
        for at, name in ((0, "count"), (2, "n"), (3, "not_recorded")):
            if 5 * k + at in hidden:
                exact.iloc[k, exact.columns.get_loc(name)] = hidden[5 * k + at]
        if {5 * k, 5 * k + 1, 5 * k + 2} & set(hidden):
            for name in ("estimate", "low", "high"):
                exact.iloc[k, exact.columns.get_loc(name)] = HIDDEN
    return exact


def percent_cell(row: Mapping[Any, Any]) -> str:
    """Estimate and limits of a row in percent; a dash where they are hidden."""
    values = [row[name] for name in ("estimate", "low", "high")]
    return percent_limits(*values) if all(isinstance(x, float) for x in values) else "–"


def rates_forest(frame: pd.DataFrame, mask_below: int = 0) -> pd.DataFrame:
    """The rates that can be drawn as `helpers.figures.forest.forest` takes them: without any small count."""
    kept = frame[[not has_small(row, mask_below) for row in frame.to_dict("records")]]
    names = [f"{a}, of {b}" for a, b in zip(kept["outcome"], kept["denominator"], strict=True)]
    return kept.assign(outcome=names, method=str(ProportionMethod.CLOPPER_PEARSON)).reset_index(drop=True)


def has_small(row: Mapping[Any, Any], below: int) -> bool:
    """Whether a count, its complement or its denominator has to be hidden."""
    count, n = int(row["count"]), int(row["n"])
    return any(0 < x < below for x in (count, n - count, n))
