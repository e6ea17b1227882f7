"""Summaries within a group of studies, what each owes to one study, and what the others foretell of the first."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, isnan, log
from typing import TYPE_CHECKING, Any

from helpers.across.curves import survival_of
from helpers.across.field import CURVES, OUTCOMES
from helpers.estimators.binomial_normal import PooledProportion, pool_proportions, predicted_counts
from helpers.estimators.random_effects import RandomEffects, pool_effects
from helpers.study.comparison import Group, Match

if TYPE_CHECKING:
    import pandas as pd

LEAST = 3  # studies; of two, nothing can be said about how studies differ
LEVEL = 0.95


@dataclass(frozen=True)
class Summary:
    """One outcome of one group: a common proportion, its limits, and the limits for a further study, from 0 to 1.

    `tau` is the standard deviation between studies, of logits for counts and of log(−log S) for curves, with its
    limits.
    `patients` are those of the studies together.
    """

    outcome: str
    group: str
    studies: tuple[str, ...]
    patients: int
    estimate: float
    low: float
    high: float
    tau: float
    tau_low: float
    tau_high: float
    predicted_low: float
    predicted_high: float
    fit: PooledProportion | RandomEffects

    @property
    def title(self) -> str:
        """The outcome as readers call it."""
        return OUTCOMES[self.outcome]


def summarise(part: pd.DataFrame, *, which: str = "middle", tau_limits: bool = True) -> Summary:
    """The summary of some lines of one outcome and group.

    Parameters
    ----------
    part : lines to pool, at least two.
    which : where a count is not certain, the lowest, the middle or the highest of those possible.
    tau_limits : whether the limits of tau are wanted too.
    """
    outcome, group = str(part["outcome"].iloc[0]), str(part["group"].iloc[0])
    common: dict[str, Any] = {
        "outcome": outcome,
        "group": group,
        "studies": tuple(part["study"]),
        "patients": int(part["n"].sum()),
    }
    if outcome in CURVES:
        fit = pool_effects([log(-log(s)) for s in part["estimate"]], part["error"].tolist(), LEVEL)
        return Summary(
            **common, estimate=survival_of(fit.mu), low=survival_of(fit.high), high=survival_of(fit.low),
            tau=fit.tau, tau_low=fit.tau_low, tau_high=fit.tau_high, predicted_low=survival_of(fit.predicted_high),
            predicted_high=survival_of(fit.predicted_low), fit=fit,
        )  # fmt: skip
    counts = {
        "lowest": part["count_low"],
        "middle": (part["estimate"] * part["n"]).round(),
        "highest": part["count_high"],
    }[which]
    own = pool_proportions([int(k) for k in counts], [int(n) for n in part["n"]], LEVEL, tau_limits=tau_limits)
    return Summary(
        **common, estimate=own.estimate, low=own.low, high=own.high, tau=own.tau, tau_low=own.tau_low,
        tau_high=own.tau_high, predicted_low=own.predicted_low, predicted_high=own.predicted_high, fit=own,
    )  # fmt: skip


def groups_of(pooled: pd.DataFrame) -> list[tuple[str, str, pd.DataFrame]]:
    """Outcome, group and pooled lines, of every group in which at least `LEAST` studies are pooled, in order."""
    found = []
    for outcome in OUTCOMES:
        for group in Group:
            part = pooled[(pooled["outcome"] == outcome) & (pooled["group"] == str(group)) & pooled["pooled"]]
            if len(part) >= LEAST:
                found.append((outcome, str(group), part))
    return found


def summaries(pooled: pd.DataFrame) -> list[Summary]:
    """Every summary that at least `LEAST` studies allow; `pooled` comes from `pooled_lines`."""
    return [summarise(part) for _, _, part in groups_of(pooled)]


def leave_one_out(pooled: pd.DataFrame) -> pd.DataFrame:
    """Each summary without each of its studies: outcome, group, left_out, studies, estimate, low, high, tau.

    The row with an empty `left_out` is the summary itself.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for outcome, group, part in groups_of(pooled):
        for left_out in ("", *part["study"]):
            found = summarise(part[part["study"] != left_out], tau_limits=False)
            rows.append(
                {"outcome": outcome, "group": group, "left_out": left_out, "studies": len(found.studies),
                 "estimate": found.estimate, "low": found.low, "high": found.high, "tau": found.tau}
            )  # fmt: skip
    columns = ["outcome", "group", "left_out", "studies", "estimate", "low", "high", "tau"]
    return pd.DataFrame(rows, columns=columns)


def uncertain_counts(pooled: pd.DataFrame) -> pd.DataFrame:
    """Summaries that hold a count of which several are possible: the estimate with the lowest and with the highest."""
    import pandas as pd

    rows = []
    for outcome, group, part in groups_of(pooled):
        if outcome in CURVES or (part["count_low"] == part["count_high"]).all():
            continue
        low, high = (summarise(part, which=which, tau_limits=False).estimate for which in ("lowest", "highest"))
        rows.append({"outcome": outcome, "group": group, "with_lowest": low, "with_highest": high})
    return pd.DataFrame(rows, columns=["outcome", "group", "with_lowest", "with_highest"])


def against_the_others(pooled: pd.DataFrame, first: str) -> pd.DataFrame:
    """The first study against what the others of its group foretell for a study of its size.

    Returns
    -------
    DataFrame
        One row an outcome that the first study prints: outcome, printed, estimate; higher, lower and compared
        (others of its group with a higher or a lower estimate, and with any, pooled or not, other definitions left
        out); others (those pooled); expected_low, expected_high (of what is printed, 95 %; proportions); tail (chance
        of something at least as far out on its side, doubled, at most 1); note (why nothing is foretold).
    """
    import pandas as pd

    rows = []
    for row in pooled[pooled["study"] == first].to_dict("records"):
        others = pooled[
            (pooled["outcome"] == row["outcome"])
            & (pooled["group"] == row["group"])
            & pooled["pooled"]
            & (pooled["study"] != first)
        ]
        printing = pooled[
            (pooled["outcome"] == row["outcome"])
            & (pooled["group"] == row["group"])
            & (pooled["match"] != str(Match.APART))
            & (pooled["study"] != first)
        ]["estimate"].dropna()
        place = {
            "higher": int((printing > row["estimate"]).sum()),
            "lower": int((printing < row["estimate"]).sum()),
            "compared": len(printing),
        }
        nan = float("nan")
        found: dict[str, Any] = {"expected_low": nan, "expected_high": nan, "tail": nan, "note": ""}
        if not row["usable"]:
            found["note"] = row["how"]
        elif len(others) < LEAST:
            found["note"] = "too few others to foretell it"
        elif row["outcome"] in CURVES:
            found |= _curve_foretold(summarise(others, tau_limits=False), row)
        else:
            found |= _count_foretold(summarise(others, tau_limits=False), row)
        rows.append({"outcome": row["outcome"], "printed": row["printed"], "estimate": row["estimate"],
                     "others": len(others), **place, **found})  # fmt: skip
    columns = [
        "outcome",
        "printed",
        "estimate",
        "higher",
        "lower",
        "compared",
        "others",
        "expected_low",
        "expected_high",
    ]
    columns += ["tail", "note"]
    return pd.DataFrame(rows, columns=columns)


def _count_foretold(others: Summary, row: dict[Any, Any]) -> dict[str, Any]:
    fit = others.fit
    assert isinstance(fit, PooledProportion)
    if isnan(fit.tau):
        return {"note": "the others had none, or nothing but such patients"}
    n, k = int(row["n"]), int(row["count_low"])
    chances = predicted_counts(fit, n)
    tail = (1 - LEVEL) / 2
    below = [sum(chances[:x]) for x in range(n + 2)]
    low = max(x for x in range(n + 1) if below[x] <= tail)
    high = min(x for x in range(n + 1) if 1 - below[x + 1] <= tail)
    return {
        "expected_low": low / n,
        "expected_high": high / n,
        "tail": min(1.0, 2 * min(below[k + 1], 1 - below[k])),
    }


def _curve_foretold(others: Summary, row: dict[Any, Any]) -> dict[str, Any]:
    from scipy.stats import t

    fit = others.fit
    assert isinstance(fit, RandomEffects)
    spread = (fit.tau**2 + fit.error**2 + float(row["error"]) ** 2) ** 0.5
    reach = float(t.ppf((1 + LEVEL) / 2, fit.studies - 2)) * spread
    distance = abs(log(-log(row["estimate"])) - fit.mu) / spread
    return {
        "expected_low": exp(-exp(fit.mu + reach)),
        "expected_high": exp(-exp(fit.mu - reach)),
        "tail": float(2 * t.sf(distance, fit.studies - 2)),
    }
