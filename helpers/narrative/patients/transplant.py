"""Transplantation and survival without immortal time: a landmark analysis, and transplant as a changing covariate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import nan
from typing import TYPE_CHECKING

import numpy as np

from helpers.errors import InputError, Problem
from helpers.estimators.cox_fit import CoxFit
from helpers.estimators.firth import Penalty, fit_cox
from helpers.estimators.landmark_analysis import Landmark, at_landmark, time_dependent_cox
from helpers.estimators.log_rank import log_rank
from helpers.figures.at_risk import number_cell
from helpers.figures.subgroup_forest import ratio_with_limits
from helpers.figures.wording import p_equation, p_text
from helpers.narrative.patients.analyses import Analysis
from helpers.narrative.patients.exhibit import Exhibit, joined
from helpers.narrative.patients.masking import NOT_SHOWN, small, without_counts
from helpers.tables.masking import Sum, masked_counts

if TYPE_CHECKING:
    import pandas as pd

NAIVE = "as if known on day 0 (wrong: immortal time)"
CHANGING = "covariate that changes on its day"


@dataclass(frozen=True, eq=False)
class TransplantAnalysis:
    """One endpoint by transplantation: the landmark with its patients as an analysis, and the regressions.

    `after` starts at the landmark; `groups` says of each of its patients whether transplanted by then. `fits` maps each
    way of counting to its regression, None where there is nothing to compare.
    """

    analysis: Analysis
    landmark: Landmark
    after: Analysis
    groups: pd.Series
    log_rank_p: float
    fits: dict[str, CoxFit | None]

    @property
    def note(self) -> str:
        """The test, for the line over the picture."""
        return f"Log-rank {p_equation(self.log_rank_p)}" if self.log_rank_p == self.log_rank_p else ""

    @property
    def comparable(self) -> bool:
        """Whether there are patients on both sides at the landmark."""
        return 0 < int(self.landmark.rows["exposed"].sum()) < len(self.landmark.rows)

    @property
    def counts(self) -> list[int]:
        """Patients with and without transplant by the landmark, and those left out."""
        exposed = int(self.landmark.rows["exposed"].sum())
        landmark = self.landmark
        return [
            exposed, len(landmark.rows) - exposed, landmark.events_before, landmark.censored_before,
            landmark.exposed_before, landmark.exposed_later,
        ]  # fmt: skip


def transplant_analysis(analysis: Analysis, day: int) -> TransplantAnalysis | None:
    """Survival after transplantation; None where nobody was transplanted, or nobody reaches the landmark.

    Raises
    ------
    InputError
        The landmark is negative.
    """
    import pandas as pd

    if day < 0:
        raise InputError(Problem("transplant_landmark is negative", "give a day from 0 on, e.g. 90", found=str(day)))
    if analysis.transplant is None or not analysis.everybody or not np.isfinite(analysis.transplant).any():
        return None
    try:
        cut = at_landmark(analysis.days, analysis.event, analysis.transplant, day)
    except InputError:
        return None
    positions = cut.rows["row"].to_numpy()
    after = replace(
        analysis, rows=analysis.rows.iloc[positions], days=cut.rows["time"].to_numpy(dtype=float),
        event=cut.rows["event"].to_numpy(dtype=np.int64), origin=f"the landmark (day {day})",
        definition=f"from day {day} {analysis.definition.partition(' to ')[1].strip()} "
        f"{analysis.definition.partition(' to ')[2]}", transplant=None,
    )  # fmt: skip
    names = [f"transplanted by day {day}", f"not transplanted by day {day}"]
    groups = pd.Series(pd.Categorical([names[0] if x else names[1] for x in cut.rows["exposed"]], categories=names))
    groups = groups.cat.remove_unused_categories()
    ever = np.isfinite(analysis.transplant) & (analysis.transplant <= analysis.days)
    fits = {
        NAIVE: _fit(analysis.days, analysis.event, ever),
        f"landmark at day {day}": _fit(after.days, after.event, cut.rows["exposed"].to_numpy(dtype=bool)),
        CHANGING: _changing(analysis) if ever.any() and not ever.all() else None,
    }
    p = log_rank(after.days, after.event, groups).p_value if len(groups.cat.categories) > 1 else nan
    return TransplantAnalysis(analysis, cut, after, groups, p, fits)


def _fit(days: np.ndarray, event: np.ndarray, exposed: np.ndarray) -> CoxFit | None:
    import pandas as pd

    if exposed.all() or not exposed.any() or not event.any():
        return None
    return fit_cox(days, event, pd.DataFrame({"transplant": exposed.astype(int)}), Penalty.WHERE_NEEDED)


def _changing(analysis: Analysis) -> CoxFit | None:
    if analysis.transplant is None or not analysis.event.any():
        return None
    return time_dependent_cox(analysis.days, analysis.event, analysis.transplant, penalty=Penalty.WHERE_NEEDED)


def transplant_exhibit(found: list[TransplantAnalysis], mask_below: int = 0) -> Exhibit:
    """The hazard ratio of transplantation counted in three ways, endpoint by endpoint, with the notes of the fits."""
    import pandas as pd

    rows = []
    for one in found:
        for way, fit in one.fits.items():
            term = fit.table.iloc[0] if fit is not None else None
            rows.append({
                "endpoint": one.analysis.id, "transplant counted": way,
                "hazard_ratio": nan if term is None else float(term["hazard_ratio"]),
                "low": nan if term is None else float(term["low"]),
                "high": nan if term is None else float(term["high"]),
                "p_value": nan if term is None else float(term["p_value"]),
                "log_rank_p": one.log_rank_p if way.startswith("landmark") else nan,
                "method": fit.method if fit is not None else "",
            })  # fmt: skip
    exact = pd.DataFrame(rows)
    if exact.empty:
        return Exhibit(exact, exact)
    shown = pd.DataFrame({
        "endpoint": exact["endpoint"],
        "transplant counted": exact["transplant counted"],
        "HR (95 % CI)": [ratio_with_limits({**r, "estimate": r["hazard_ratio"]}) for r in rows],
        "P": [p_text(x) for x in exact["p_value"]],
        "log-rank P": [p_text(x) if x == x else "" for x in exact["log_rank_p"]],
    })  # fmt: skip
    notes: dict[str, list[str]] = {}
    for one in found:
        for way, fit in one.fits.items():
            for text in fit.notes if fit is not None else ():
                told = f"{without_counts(text, mask_below)}."
                notes.setdefault(told, []).append(f"{one.analysis.id}, {way.partition(' (')[0]}")
    told_of = [f"{'; '.join(whom)}: {text}" for text, whom in notes.items()]
    return Exhibit(shown, exact, joined("Hazard ratio of transplanted to not transplanted patients.", *told_of))


def landmark_sentence(one: TransplantAnalysis, mask_below: int = 0) -> str:
    """Who is in the landmark analysis and who is not, every patient accounted for."""
    text = f"**{one.analysis.id}.** {one.landmark.sentence()}"
    if not any(small(x, mask_below) for x in (*one.counts, one.landmark.excluded)):
        return text
    if small(one.landmark.excluded, mask_below):
        return f"**{one.analysis.id}.** Landmark at day {one.landmark.day:g}: {NOT_SHOWN}."
    with_one, without = one.counts[:2]
    total = len(one.landmark.rows)
    try:
        hidden = masked_counts([total, with_one, without], [Sum(0, (1, 2))], mask_below, public=[0])
    except InputError:
        return f"**{one.analysis.id}.** Landmark at day {one.landmark.day:g}: {NOT_SHOWN}."
    texts = [hidden.get(k, number_cell(x)) for k, x in enumerate((total, with_one, without))]
    return (
        f"**{one.analysis.id}.** Landmark at day {one.landmark.day:g}: {texts[0]} patients, {texts[1]} with transplant "
        f"by then and {texts[2]} without."
    )


def can_be_drawn(one: TransplantAnalysis, mask_below: int) -> bool:
    """Whether the curves have patients on both sides, and enough of them to be shown."""
    return one.comparable and not any(small(x, mask_below) for x in (*one.counts[:2], one.landmark.excluded))
