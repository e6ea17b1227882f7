"""Two proportions set beside each other: difference, odds ratio and Fisher's exact test, for forests of subgroups."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.errors import InputError, Problem
from helpers.estimators.checks import checked_groups
from helpers.estimators.describe import NOT_KNOWN
from helpers.estimators.proportions import ProportionMethod, proportion

_CONTRASTS = (
    "difference", "difference_low", "difference_high", "odds_ratio", "odds_ratio_low", "odds_ratio_high"
)  # fmt: skip


@dataclass(frozen=True)
class ProportionContrast:
    """Proportion of a group less, and over, that of a reference.

    `difference` has Newcombe's hybrid score interval. `odds_ratio` is the conditional maximum-likelihood estimate
    with its exact interval (0 and infinite limits occur; NaN where the table has an empty margin), `p_value` that of
    Fisher's two-sided exact test.
    """

    count: int
    n: int
    reference_count: int
    reference_n: int
    difference: float
    difference_low: float
    difference_high: float
    odds_ratio: float
    odds_ratio_low: float
    odds_ratio_high: float
    p_value: float
    level: float


def contrast_proportions(
    count: int, n: int, reference_count: int, reference_n: int, level: float = 0.95, *, ratio: bool = True
) -> ProportionContrast:
    """Compare count / n with reference_count / reference_n.

    Difference: Newcombe's method 10 (Stat Med 1998;17:873), with p the proportions and l, u their Wilson limits:

        p₁ − p₀ − √((p₁ − l₁)² + (u₀ − p₀)²)   to   p₁ − p₀ + √((u₁ − p₁)² + (p₀ − l₀)²)

    Odds ratio and test: conditional on both margins (noncentral hypergeometric), as R's ``fisher.test``; the interval
    is every odds ratio that neither one-sided exact test rejects. By scipy.

    Without `ratio` the odds ratio is left out (NaN): in groups of tens of thousands it takes many seconds.

    Raises
    ------
    ValueError
        If a count, n or level is out of range, as `proportion`.

    Examples
    --------
    >>> made = contrast_proportions(56, 70, 48, 80)
    >>> round(made.difference_low, 4), round(made.difference_high, 4)
    (0.0524, 0.3339)
    """
    from scipy.stats import fisher_exact
    from scipy.stats.contingency import odds_ratio

    own = proportion(count, n, ProportionMethod.WILSON, level)
    other = proportion(reference_count, reference_n, ProportionMethod.WILSON, level)
    gap = own.estimate - other.estimate
    low = gap - sqrt((own.estimate - own.low) ** 2 + (other.high - other.estimate) ** 2)
    high = gap + sqrt((own.high - own.estimate) ** 2 + (other.estimate - other.low) ** 2)
    table = np.array([[count, n - count], [reference_count, reference_n - reference_count]])
    p_value = float(fisher_exact(table).pvalue)
    odds = odds_low = odds_high = nan
    if ratio and (table.sum(axis=0) > 0).all():
        fitted = odds_ratio(table, kind="conditional")
        limits = fitted.confidence_interval(confidence_level=level)
        odds, odds_low, odds_high = (float(x) for x in (fitted.statistic, limits.low, limits.high))
    return ProportionContrast(
        count, n, reference_count, reference_n, gap, max(low, -1.0), min(high, 1.0), odds, odds_low, odds_high,
        min(p_value, 1.0), level,
    )  # fmt: skip


def subgroup_proportions(
    response: ArrayLike,
    subgroups: pd.DataFrame,
    *,
    method: ProportionMethod = ProportionMethod.CLOPPER_PEARSON,
    level: float = 0.95,
    ratio: bool = True,
) -> pd.DataFrame:
    """Proportion of responders in every level of every subgroup variable, each compared with the first level.

    Parameters
    ----------
    response : (n,) 1 or 0, missing if not evaluable; those are counted in `not_evaluable` and in no denominator.
    subgroups : (n, k) one row a patient; columns of labels, missing ones making a level of their own in no comparison.
    method, level : of the intervals of the proportions.
    ratio : whether odds ratios are computed; see `contrast_proportions`.

    Returns
    -------
    DataFrame
        First the row of all patients (`subgroup` and `level` empty), then one row a level, as text, "not known" for
        those whose label is missing: `subgroup`, `level`, `count`, `n`, `not_evaluable`, `estimate`, `low`, `high`,
        and against the first level with anyone evaluable: `difference`, `difference_low`, `difference_high`,
        `odds_ratio`, `odds_ratio_low`, `odds_ratio_high`, `p` (Fisher's; all NaN in the row of that level itself and of
        "not known"). Made for ``helpers.figures.subgroup_forest.rate_forest``.

    Raises
    ------
    InputError
        A response that is neither 0 nor 1; another number of rows.

    Examples
    --------
    >>> frame = subgroup_proportions([1, 1, 0, 0], pd.DataFrame({"sex": ["f", "f", "m", "m"]}))
    >>> frame[["level", "count", "n"]].values.tolist()
    [['', 2, 4], ['f', 2, 2], ['m', 0, 2]]
    """
    answers = pd.to_numeric(pd.Series(np.asarray(response, dtype=object))).to_numpy(dtype=float, na_value=nan)
    if len(subgroups) != answers.size:
        message = f"{len(subgroups)} rows of subgroups and {answers.size} responses do not pair up"
        raise InputError(Problem(message, "give one row for each patient"))
    strange = np.flatnonzero(~(np.isnan(answers) | (answers == 0) | (answers == 1)))
    if strange.size:
        message = f"the response of patient {strange[0] + 1} is neither 0 nor 1"
        raise InputError(Problem(message, "leave it empty if not evaluable", found=str(answers[strange[0]])))
    rows = [_row("", "", answers, None, method, level, ratio)]
    for name, column in subgroups.items():
        known = column.notna().to_numpy()
        levels = checked_groups(column[known], int(known.sum()), "subgroup") if known.any() else None
        reference: tuple[int, int] | None = None
        for number, label in enumerate(levels.names if levels else ()):
            inside = np.zeros(answers.size, dtype=bool)
            inside[np.flatnonzero(known)] = levels.of(number) if levels else False
            row = _row(str(name), label, answers[inside], reference, method, level, ratio)
            if reference is None and row["n"]:
                reference = (row["count"], row["n"])
            rows.append(row)
        if not known.all():
            rows.append(_row(str(name), NOT_KNOWN, answers[~known], None, method, level, ratio))
    return pd.DataFrame(rows)


def _row(
    subgroup: str,
    label: Any,
    answers: np.ndarray,
    reference: tuple[int, int] | None,
    method: ProportionMethod,
    level: float,
    ratio: bool,
) -> dict[str, Any]:
    evaluable = answers[~np.isnan(answers)]
    count, n = int(evaluable.sum()), int(evaluable.size)
    rate = proportion(count, n, method, level) if n else None
    contrast = contrast_proportions(count, n, *reference, level, ratio=ratio) if reference and n else None
    row: dict[str, Any] = {
        "subgroup": subgroup, "level": str(label), "count": count, "n": n, "not_evaluable": int(answers.size - n)
    }  # fmt: skip
    row |= {name: getattr(rate, name) if rate else nan for name in ("estimate", "low", "high")}
    row |= {name: getattr(contrast, name) if contrast else nan for name in _CONTRASTS}
    return row | {"p": contrast.p_value if contrast else nan}
