"""Tables and sentences about the curves of a reconstructed (or real) table of patients."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING

from helpers.conventions import Interval, z_value
from helpers.estimators.follow_up import ReverseTies, reverse_table
from helpers.estimators.intervals import confidence_limits
from helpers.estimators.kaplan_meier import at_risk_table, survival_at, survival_table
from helpers.estimators.medians import FlatMedianRule, Median, brookmeyer_crowley, median_survival, spss_median
from helpers.ledger.row import LedgerRow, Verdict
from helpers.study.model import Claim, Study, days_in

if TYPE_CHECKING:
    import pandas as pd

Z = float(z_value("exact"))
_NAMES = {"ci_low": "low", "ci_high": "high", "value": "value"}


def curve_frame(table: pd.DataFrame, interval: Interval, z: float = Z) -> pd.DataFrame:
    """A Kaplan-Meier table as a curve from day 0 on: time, survival, low, high, censored."""
    import pandas as pd

    low, high = confidence_limits(table["survival"], table["greenwood"], interval, z)
    curve = table.assign(low=low, high=high)[["time", "survival", "low", "high", "censored"]]
    if curve["time"].iloc[0] > 0:
        start = pd.DataFrame([{"time": 0.0, "survival": 1.0, "low": 1.0, "high": 1.0, "censored": 0}])
        curve = pd.concat([start, curve], ignore_index=True)
    return curve


def group_frames(
    time: pd.Series,
    event: pd.Series,
    group: pd.Series | None = None,
    *,
    interval: Interval = Interval.LOG_LOG,
    days: Sequence[float] = (),
    rule: FlatMedianRule = FlatMedianRule.R_PRINT,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Curves, numbers at risk and medians of groups, as `helpers.figures.survival_groups` draws them.

    Parameters
    ----------
    time, event : Series
        One row a patient: follow-up in any unit, and 1 for an event or 0 for a censoring.
    group : Series, optional
        Each patient's group, in the order of its categories, else of first appearance; patients without one are
        "not known". None: one group without a name.
    interval : Interval
        Of the curves, and of the medians' limits (Brookmeyer-Crowley).
    days : sequence of float
        Below which the numbers stand; empty: about nine round days.
    rule : FlatMedianRule
        What the median is where S is flat at 1/2.

    Returns
    -------
    (DataFrame, DataFrame, DataFrame)
        Curves (group, time, survival, low, high, censored), numbers (group, day, at_risk, events, censored), and
        medians (group, median, low, high).
    """
    import pandas as pd

    names = pd.Series("", index=time.index) if group is None else group.astype(object).fillna("not known").map(str)
    order = list(dict.fromkeys(names))
    if group is not None and isinstance(group.dtype, pd.CategoricalDtype):
        ranks = [*map(str, group.cat.categories), "not known"]
        order.sort(key=ranks.index)
    below = list(days) or number_days(float(time.max()))
    curves, numbers, medians = [], [], []
    for name in order:
        own = names == name
        table = survival_table(time[own], event[own])
        curves.append(curve_frame(table, interval).assign(group=name))
        numbers.append(at_risk_table(time[own], event[own], below).assign(group=name))
        median = brookmeyer_crowley(table, interval, Z, rule)
        medians.append((name, median.value, median.low, median.high))
    return (
        pd.concat(curves, ignore_index=True),
        pd.concat(numbers, ignore_index=True),
        pd.DataFrame(medians, columns=["group", "median", "low", "high"]),
    )


def number_days(last: float, columns: int = 9) -> list[int]:
    """Round days below which the numbers at risk stand: about `columns` of them, from 0 on."""
    steps = (1, 2, 5, 7, 14, 30, 60, 90, 180, 365, 730, 1095, 1825)
    step = next((s for s in steps if last / s <= columns), steps[-1])
    return list(range(0, int(last) + 1, step))


def median_table(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """The median of one curve by every rule, with its limits: columns endpoint, rule, median, low, high."""
    import pandas as pd

    found: list[tuple[str, Median]] = [("SPSS", spss_median(table))]
    for interval in Interval:
        found.append((f"Brookmeyer-Crowley, {interval} (as R prints)", brookmeyer_crowley(table, interval, Z)))
    rows = [{"endpoint": name, "rule": rule, **_texts(m)} for rule, m in found]
    for flat in (FlatMedianRule.FIRST_AT_OR_BELOW, FlatMedianRule.FIRST_BELOW):
        rows.append({"endpoint": name, "rule": f"first day, {flat}", "median": _day(median_survival(table, flat))})
    return pd.DataFrame(rows, columns=["endpoint", "rule", "median", "low", "high"])


def follow_up_table(time: pd.Series, event: pd.Series) -> pd.DataFrame:
    """Median follow-up by reverse Kaplan-Meier under both tie rules, with SPSS's and R's limits."""
    import pandas as pd

    rows = []
    for ties in ReverseTies:
        table = reverse_table(time, event, ties)
        rows.append({"ties": str(ties), "limits": "SPSS", **_texts(spss_median(table))})
        rows.append({"ties": str(ties), "limits": "R, log", **_texts(brookmeyer_crowley(table, Interval.LOG, Z))})
    return pd.DataFrame(rows, columns=["ties", "limits", "median", "low", "high"])


def _texts(median: Median) -> dict[str, str]:
    return {"median": _day(median.value), "low": _day(median.low), "high": _day(median.high)}


def _day(x: float) -> str:
    if isfinite(x):
        return f"{x:.1f}"
    return "not reached" if x == float("inf") else "–"


def interval_curves(table: pd.DataFrame) -> pd.DataFrame:
    """One curve with its interval of every type, one below the other: interval, time, survival, low, high, censored."""
    import pandas as pd

    return pd.concat([curve_frame(table, i).assign(interval=str(i)) for i in Interval], ignore_index=True)


def landmark_table(table: pd.DataFrame, claims: Sequence[Claim], days: Sequence[float]) -> pd.DataFrame:
    """S at each printed landmark from rows, with every type of interval, beside the print; in percent."""
    import pandas as pd

    rows = []
    for claim, day in zip(claims, days, strict=True):
        at = table[table["time"] <= day].tail(1)
        survival = float(survival_at(table, [day], extend=True)[0])
        printed = claim.value.text if claim.value else "–"
        if claim.ci_low and claim.ci_high:
            printed += f" ({claim.ci_low.text}–{claim.ci_high.text})"
        row = {"landmark": claim.note or claim.id, "as printed": printed, "S": f"{100 * survival:.2f}"}
        for interval in Interval:
            low, high = confidence_limits(at["survival"], at["greenwood"], interval, Z)
            row[str(interval)] = f"{100 * low[0]:.2f}–{100 * high[0]:.2f}" if len(at) else "–"
        rows.append(row)
    return pd.DataFrame(rows)


def printed_median(study: Study, endpoint: str) -> float | None:
    """The printed median of an endpoint in days, for a line in a figure; None if it is not printed or not reached."""
    for claim in study.select("median", endpoint):
        if claim.n == study.patients(claim.endpoint) and claim.value is not None and claim.value.reached:
            return float(claim.value.value * days_in(claim.unit or "day"))
    return None


def curve_words(curve: pd.DataFrame, numbers: pd.DataFrame, name: str) -> str:
    """A Kaplan-Meier figure in words."""
    points = "; ".join(
        f"day {int(r['day'])}: {int(r['at_risk'])} at risk, {int(r['events'])} events, {int(r['censored'])} censored"
        for r in numbers.to_dict("records")
    )
    last = curve.iloc[-1]
    return (
        f"{name}, Kaplan-Meier curve of reconstructed patients, from 100 % on day 0 to {100 * last['survival']:.0f} % "
        f"on day {int(last['time'])}. Beneath it, {points}."
    )


def with_verdicts(points: pd.DataFrame, rows: Sequence[LedgerRow]) -> pd.DataFrame:
    """Printed landmarks for a figure, marked where the ledger calls one of their numbers impossible."""
    wrong = {row.claim: _NAMES[row.field] for row in rows if row.verdict is Verdict.IMPOSSIBLE and row.field in _NAMES}
    return points.assign(
        impossible=[claim in wrong for claim in points["claim"]],
        impossible_field=[wrong.get(claim, "") for claim in points["claim"]],
    )


def endpoint_patients(rows: pd.DataFrame, name: str) -> tuple[pd.Series, pd.Series]:
    """Days and events of the patients of one endpoint; in a table of patients others have none (`subset`)."""
    own = rows.dropna(subset=[f"{name}_days"])
    return own[f"{name}_days"], own[f"{name}_event"].astype(int)


def endpoint_curve(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    """The Kaplan-Meier table of one endpoint of a table of patients."""
    return survival_table(*endpoint_patients(rows, name))
