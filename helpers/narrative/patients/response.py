"""Who responded: remission in subgroups, and the best response over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.cohort.columns import response_day
from helpers.estimators.proportion_contrasts import subgroup_proportions
from helpers.estimators.proportions import proportion
from helpers.estimators.responses import NOT_ASSESSED, best_responses
from helpers.figures.style import RESPONSES
from helpers.figures.wording import p_text
from helpers.narrative.patients.exhibit import Exhibit
from helpers.narrative.patients.grouping import left_out_sentence, subgroups
from helpers.narrative.patients.masking import masked, small
from helpers.narrative.patients.rates import percent_cell

if TYPE_CHECKING:
    import pandas as pd

    from helpers.cohort import Cohort

BEST = "Best response"
REMISSION = ("CR", "CRi")
MOST_FOR_RATIOS = 5_000  # patients up to which exact odds ratios are computed
NOT_EVALUABLE = "NE"


def response_in_subgroups(cohort: Cohort, mask_below: int = 0) -> tuple[Exhibit, pd.DataFrame]:
    """Remission in every level of every covariate: the table, and the lines that can be drawn as a forest.

    The first level is what the others are compared with, by Fisher's exact test.
    """
    import pandas as pd

    levels, left_out = subgroups(cohort, mask_below)
    answered = cohort.responder
    if answered.notna().sum() == 0 or not levels:
        empty = pd.DataFrame()
        return Exhibit(empty, empty, left_out_sentence(left_out)), empty
    parts, drawn = [], []
    for name, series in {"": None, **levels}.items():
        own = pd.DataFrame(index=cohort.rows.index) if series is None else pd.DataFrame({name: series})
        answers = answered.to_numpy(dtype=object, na_value=None)
        frame = subgroup_proportions(answers, own, ratio=len(answers) <= MOST_FOR_RATIOS)
        frame = (frame.iloc[:1] if series is None else frame.iloc[1:]).reset_index(drop=True)
        hidden = _protected(frame, mask_below)
        if hidden is None:
            left_out.append(f"{name or 'all patients'}: a small count could be worked out")
            continue
        parts.append(hidden)
        drawn.append(frame[[not isinstance(x, str) for x in hidden["count"]]])
    exact = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    lines = pd.concat(drawn, ignore_index=True) if drawn else pd.DataFrame(columns=["n"])
    shown = _subgroup_table(exact) if len(exact) else exact
    note = "P by Fisher's exact test against the first level. Continuous variables are parted at their median."
    return Exhibit(shown, exact, f"{note} {left_out_sentence(left_out)}".strip()), lines[lines["n"] > 0]


def _protected(frame: pd.DataFrame, below: int) -> pd.DataFrame | None:
    if below <= 1:
        return frame
    if any(small(int(x), below) for x in frame["not_evaluable"]):
        return None
    contrasts = [c for c in frame.columns if c.startswith(("difference", "odds_ratio"))]
    beside = ["estimate", "low", "high", "p", *contrasts]
    found = masked(frame, below, count="count", of="n", beside=beside, adds_up=[] if len(frame) > 1 else None)
    if found is None:
        return None
    hidden = [isinstance(x, str) for x in found["count"]]
    if any(hidden):  # a contrast with the first level tells its count, too
        for name in ("p", *contrasts):
            found[name] = "–"
    return found


def _subgroup_table(exact: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    rows = exact.to_dict("records")
    p = [p_text(row["p"]) if isinstance(row["p"], float) else "–" for row in rows]
    return pd.DataFrame({
        "subgroup": [row["subgroup"] or "All patients" for row in rows],
        "level": [row["level"] for row in rows],
        "in remission": [f"{row['count']} of {row['n']:,}" for row in rows],
        "% (exact 95 % interval)": [percent_cell(row) for row in rows],
        "P": p,
    })  # fmt: skip


def best_response_frame(cohort: Cohort) -> pd.DataFrame:
    """Patients by the best response so far at each day of assessment, and over all: time, category, count, n.

    Columns as `helpers.figures.response.best_response` takes them; empty without columns of responses. Responses that
    nobody has are left out; where more than five are left, the worst are counted together.
    """
    import pandas as pd

    rows, order = cohort.rows, list(cohort.study.responses)
    known = [name for name in order if name != NOT_EVALUABLE]
    frames = []
    days = sorted(day for name in map(str, rows.columns) if (day := response_day(name)) is not None)
    if days:
        seen = cohort.assessments
        seen = seen[seen["response"] != NOT_EVALUABLE]
        found = best_responses(seen, rows["patient_id"].tolist(), days, known)
        frames.append(found.assign(time=[f"By day {int(day)}" for day in found["day"]]).drop(columns="day"))
    if "best_response" in rows:
        best = rows["best_response"].astype(object)
        counts = [int((best == name).sum()) for name in known]
        counts.append(len(rows) - sum(counts))
        frames.append(pd.DataFrame({"time": BEST, "category": [*known, NOT_ASSESSED], "count": counts, "n": len(rows)}))
    if not frames:
        return pd.DataFrame(columns=["time", "category", "count", "n"])
    frame = pd.concat(frames, ignore_index=True)[["time", "category", "count", "n"]]
    totals = frame.groupby("category")["count"].sum()
    kept = [name for name in known if totals.get(name, 0) > 0] or known[:1]
    most = len(RESPONSES)
    merged = " or ".join(kept[most - 1 :])
    names = {name: name if k < most - 1 or len(kept) <= most else merged for k, name in enumerate(kept)}
    frame = frame[frame["category"].isin([*kept, NOT_ASSESSED])]
    frame = frame.assign(category=[names.get(name, name) for name in frame["category"]])
    return frame.groupby(["time", "category"], sort=False, as_index=False).agg(count=("count", "sum"), n=("n", "first"))


def best_response_exhibit(frame: pd.DataFrame, mask_below: int = 0) -> Exhibit:
    """The best responses as a table, with exact intervals of each share.

    With a threshold only those of the whole time are shown: between two days few may have changed. How many are in
    remission, and how many are not, other tables tell.
    """
    if mask_below > 1 and len(frame):
        frame = frame[frame["time"] == frame["time"].iloc[-1]]
    limits = [proportion(int(c), int(n)) for c, n in zip(frame["count"], frame["n"], strict=True)]
    full = frame.assign(
        estimate=[p.estimate for p in limits], low=[p.low for p in limits], high=[p.high for p in limits],
        remission=frame["category"].isin(REMISSION) & (frame["time"] == BEST),
    )  # fmt: skip
    exact = masked(full, mask_below, count="count", beside=["estimate", "low", "high"], adds_up=["remission"])
    if exact is None:
        exact = full.iloc[:0]
    exact = exact.drop(columns="remission")
    rows = exact.to_dict("records")
    shown = exact.assign(percent=[percent_cell(row) for row in rows])[["time", "category", "count", "percent"]]
    shown = shown.assign(count=[f"{row['count']} of {row['n']:,}" for row in rows])
    shown = shown.rename(columns={"category": "response", "percent": "% (exact 95 % interval)"})
    return Exhibit(shown, exact, "Whoever has not been assessed by a day, for whatever reason, is counted as such.")


def responses_can_be_drawn(frame: pd.DataFrame, mask_below: int) -> bool:
    """Whether the bars show something; not where small counts are hidden, for they follow from bar to bar."""
    return len(frame) > 0 and mask_below <= 1
