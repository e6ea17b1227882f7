"""Groups compared: log-rank test, hazard ratio, restricted means, and what a caption says of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import nan
from typing import TYPE_CHECKING

from helpers.conventions import Interval
from helpers.estimators.cox_fit import CoxFit
from helpers.estimators.firth import Penalty, fit_cox
from helpers.estimators.kaplan_meier import survival_table
from helpers.estimators.log_rank import LogRank, log_rank
from helpers.estimators.medians import brookmeyer_crowley
from helpers.estimators.restricted_means import restricted_mean_difference
from helpers.figures.at_risk import number_cell
from helpers.figures.subgroup_forest import ratio_with_limits
from helpers.figures.wording import number_text, p_equation, p_text
from helpers.narrative.patients.analyses import Analysis
from helpers.narrative.patients.exhibit import Exhibit, day_text, joined, limits_text, median_cell, with_abbreviation
from helpers.narrative.patients.grouping import Grouping
from helpers.narrative.patients.masking import masked, small, without_counts
from helpers.narrative.survival import Z

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Comparison:
    """An endpoint by group: the patients whose group is known, their groups, the test and the regression.

    `unknown` patients, `unknown_events` of them with an event, are in no group.
    """

    analysis: Analysis
    groups: pd.Series
    test: LogRank
    fit: CoxFit
    unknown: int
    unknown_events: int = 0

    @property
    def note(self) -> str:
        """The test, for the line over a picture."""
        return f"Log-rank {p_equation(self.test.p_value)}" if self.test.p_value == self.test.p_value else ""


def compare(analysis: Analysis, grouping: Grouping) -> Comparison | None:
    """Compare the groups of an analysis; None where fewer than two of them have patients."""
    import pandas as pd

    levels = grouping.of(analysis.rows)
    known = levels.notna().to_numpy()
    groups = levels[known].cat.remove_unused_categories().reset_index(drop=True)
    if len(groups.cat.categories) < 2:
        return None
    own = replace(
        analysis, rows=analysis.rows[known], days=analysis.days[known], event=analysis.event[known],
        transplant=None if analysis.transplant is None else analysis.transplant[known],
    )  # fmt: skip
    frame = pd.DataFrame({grouping.label: groups})
    return Comparison(
        own, groups, log_rank(own.days, own.event, groups), fit_cox(own.days, own.event, frame, Penalty.WHERE_NEEDED),
        int((~known).sum()), int(analysis.event[~known].sum()),
    )  # fmt: skip


def comparison_exhibit(found: list[Comparison], interval: Interval, mask_below: int = 0) -> Exhibit:
    """Each endpoint by group: patients, events, expected events, median, hazard ratio against the first group, P."""
    import pandas as pd

    frames = []
    for c in found:
        ratios = c.fit.table.set_index("level")
        rows = []
        for k, row in enumerate(c.test.groups.to_dict("records")):
            inside = (c.groups == row["group"]).to_numpy(dtype=bool)
            median = brookmeyer_crowley(survival_table(c.analysis.days[inside], c.analysis.event[inside]), interval, Z)
            ratio = ratios.loc[row["group"]] if k else {"hazard_ratio": 1.0, "low": nan, "high": nan}
            rows.append({
                "endpoint": c.analysis.id, "group": str(row["group"]), "n": row["n"], "events": row["observed"],
                "expected": row["expected"], "median": median.value, "median_low": median.low,
                "median_high": median.high, "hazard_ratio": ratio["hazard_ratio"], "low": ratio["low"],
                "high": ratio["high"], "reference": k == 0, "method": c.fit.method, "chi_square":
                c.test.test.statistic, "df": c.test.test.df, "log_rank_p": c.test.p_value,
            })  # fmt: skip
        frame = pd.DataFrame(rows)
        hidden = masked(frame, mask_below, count="events", of="n", beside=["expected"], adds_up=[])
        # Who is in no group is the rest of the endpoint, whose counts stand elsewhere.
        if any(small(x, mask_below) for x in (c.unknown, c.unknown_events, c.unknown - c.unknown_events)):
            hidden = None
        frames.append(frame.assign(events="–", expected="–") if hidden is None else hidden)
    exact = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    if exact.empty:
        return Exhibit(exact, exact)
    shown = pd.DataFrame({
        "endpoint": exact["endpoint"],
        "group": exact["group"],
        "patients": [number_cell(x) for x in exact["n"]],
        "events": [number_cell(x) for x in exact["events"]],
        "expected": [x if isinstance(x, str) else number_text(x, 1) for x in exact["expected"]],
        "median (days)": [median_cell(r["median"], r["median_low"], r["median_high"]) for r in _records(exact)],
        "HR (95 % CI)": [ratio_with_limits({**r, "estimate": r["hazard_ratio"]}) for r in _records(exact)],
        "log-rank P": [p_text(r["log_rank_p"]) if r["reference"] else "" for r in _records(exact)],
    })  # fmt: skip
    note = f"Expected: under equal hazards. {'; '.join(dict.fromkeys(exact['method']))}."
    told = [f"{c.analysis.id}: {without_counts(text, mask_below)}." for c in found for text in c.fit.notes]
    note = joined(note, *told)
    return Exhibit(shown, exact, with_abbreviation(note, shown))


def _records(frame: pd.DataFrame) -> list[dict[str, float]]:
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def differences_exhibit(found: list[Comparison], days: dict[str, list[float]], mask_below: int = 0) -> Exhibit:
    """Difference of the restricted means of two groups up to the last day of each endpoint; empty for more groups.

    With a threshold the exact table has the digits of the shown one.
    """
    import pandas as pd

    rows = []
    for c in found:
        names = list(c.groups.cat.categories)
        ends = [float(c.analysis.days[(c.groups == name).to_numpy()].max()) for name in names]
        horizon = min(max(days[c.analysis.id]), *ends)
        if len(names) != 2 or horizon <= 0:
            continue
        made = restricted_mean_difference(c.analysis.days, c.analysis.event, c.groups, horizon)
        means = made.groups.set_index("group")["mean"]
        rows.append({
            "endpoint": c.analysis.id, "horizon": horizon, "compared": made.compared, "reference": made.reference,
            "mean_compared": means[made.compared], "mean_reference": means[made.reference],
            "difference": made.difference.estimate, "std_error": made.difference.std_error,
            "low": made.difference.low, "high": made.difference.high, "p_value": made.difference.p_value,
        })  # fmt: skip
    exact = pd.DataFrame(rows)
    if exact.empty:
        return Exhibit(exact, exact)
    shown = pd.DataFrame({
        "endpoint": exact["endpoint"],
        "up to day": [day_text(x) for x in exact["horizon"]],
        "groups": [f"{a} minus {b}" for a, b in zip(exact["compared"], exact["reference"], strict=True)],
        "means (days)": [f"{number_text(a, 1)}, {number_text(b, 1)}" for a, b in zip(
            exact["mean_compared"], exact["mean_reference"], strict=True)],
        "difference (95 % CI)": [f"{number_text(r['difference'], 1)} ({limits_text(r['low'], r['high'], 1)})"
                                 for r in _records(exact)],
        "P": [p_text(x) for x in exact["p_value"]],
    })  # fmt: skip
    note = "Up to the last day read, or to where the shorter follow-up of the two ends."
    return Exhibit(shown, shown if mask_below > 1 else exact, note)
