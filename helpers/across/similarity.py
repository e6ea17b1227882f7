"""Which study is most like the first one: by who was treated, with what, how many, and with what outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpers.across.field import CURVES, OUTCOMES, Field, compared
from helpers.study.comparison import Comparison, Group

if TYPE_CHECKING:
    import pandas as pd

FEATURES = ("disease", "after transplantation", "cells from", "target")
SAME, PARTLY, OTHER, UNKNOWN = "same", "partly", "other", "not told"
_POINTS = {SAME: 2, PARTLY: 1, OTHER: 0, UNKNOWN: 0}


def similarity(field: Field) -> pd.DataFrame:
    """The other studies, most like the first one first.

    They are ordered by features in common (same counts twice as much as partly), then by how near their number of
    patients
    comes. Outcomes do not decide the order: whether like studies have like outcomes is the question.

    Returns
    -------
    DataFrame
        study, label, n, one column for each of `FEATURES` (same, partly, other, not told), in_common (features that are
        the
        same), points (two for each of these, one for each that is partly the same), outcomes (printed by both),
        mean_difference and largest_difference (of their estimates, proportions; the
        other study less the first), largest_outcome, and unlikely: how many counts differ more than by chance (Fisher's
        exact test, two-sided P < 0.05, not corrected for their number).
    """
    import pandas as pd

    first, own = field.first, compared(field.first)
    rows = []
    for study in field.studies[1:]:
        found = dict(zip(FEATURES, _features(own, compared(study)), strict=True))
        rows.append(
            {
                "study": study.id,
                "label": field.labels[study.id],
                "n": study.n,
                **found,
                "in_common": sum(value == SAME for value in found.values()),
                **_outcomes(field.lines, first.id, study.id),
                "points": sum(_POINTS[value] for value in found.values()),
                "ratio": max(study.n, first.n) / min(study.n, first.n),
            }
        )
    frame = pd.DataFrame(rows)
    ordered = frame.sort_values(["points", "ratio"], ascending=[False, True], kind="stable")
    return ordered.drop(columns="ratio").reset_index(drop=True)


def _features(first: Comparison, other: Comparison) -> tuple[str, str, str, str]:
    diseases = {comparison.group is Group.OTHER_DISEASE for comparison in (first, other)}
    one, two = set(first.targets), set(other.targets)
    target = UNKNOWN if not (one and two) else SAME if one == two else PARTLY if one & two else OTHER
    return (
        SAME if len(diseases) == 1 else OTHER,
        _graded(first.after_transplant, other.after_transplant, ("all", "most", "some", "none")),
        _graded(first.cells, other.cells, ("donor", "both", "patient")),
        target,
    )


def _graded(one: str, two: str, order: tuple[str, ...]) -> str:
    """Same, neighbours in an order, or further apart."""
    if one not in order or two not in order:
        return UNKNOWN
    apart = abs(order.index(one) - order.index(two))
    return SAME if apart == 0 else PARTLY if apart == 1 else OTHER


def _outcomes(lines: pd.DataFrame, first: str, other: str) -> dict[str, Any]:
    from scipy.stats import fisher_exact

    known = lines[lines["estimate"].notna()]
    ours = {row["outcome"]: row for row in known[known["study"] == first].to_dict("records")}
    theirs = {row["outcome"]: row for row in known[known["study"] == other].to_dict("records")}
    both = [outcome for outcome in OUTCOMES if outcome in ours and outcome in theirs]
    differences = {outcome: theirs[outcome]["estimate"] - ours[outcome]["estimate"] for outcome in both}
    nan = float("nan")
    largest = max(both, key=lambda outcome: abs(differences[outcome]), default="")
    unlikely = 0
    for outcome in both:
        if outcome not in CURVES:
            table = [
                [round(r["estimate"] * r["n"]), r["n"] - round(r["estimate"] * r["n"])]
                for r in (ours[outcome], theirs[outcome])
            ]
            unlikely += bool(fisher_exact(table).pvalue < 0.05)
    return {
        "outcomes": len(both),
        "mean_difference": sum(abs(x) for x in differences.values()) / len(both) if both else nan,
        "largest_difference": differences[largest] if largest else nan,
        "largest_outcome": largest,
        "unlikely": unlikely,
    }
