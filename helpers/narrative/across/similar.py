"""Which study the first one is most like, in plain terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.across.field import OUTCOMES
from helpers.across.similarity import FEATURES, SAME
from helpers.figures.wording import MINUS
from helpers.narrative.phrases import counted, listed

if TYPE_CHECKING:
    import pandas as pd

_NOUNS = {
    "disease": "the disease",
    "after transplantation": "the setting after transplantation",
    "cells from": "the source of the cells",
    "target": "the target",
}
_FEW = 3  # outcomes below which a mean difference says little


def similarity_table(frame: pd.DataFrame) -> pd.DataFrame:
    """One row a study, most like the first one first."""
    import pandas as pd

    rows = [
        {
            "study": r["label"],
            "n": r["n"],
            **{name: r[name] for name in FEATURES},
            "outcomes in common": r["outcomes"],
            "mean difference": f"{100 * r['mean_difference']:.0f}" if r["outcomes"] else "–",
            "largest": _largest(r["largest_outcome"], r["largest_difference"]),
            "P < 0.05": r["unlikely"],
        }
        for r in frame.to_dict("records")
    ]
    names = ["study", "n", *FEATURES, "outcomes in common", "mean difference", "largest", "P < 0.05"]
    return pd.DataFrame(rows, columns=names)


def _largest(outcome: str, difference: float) -> str:
    if not outcome:
        return "–"
    sign = MINUS if difference < 0 else "+"
    return f"{sign}{abs(100 * difference):.0f}, {OUTCOMES[outcome]}"


def similarity_sentence(frame: pd.DataFrame, label: str, n: int) -> str:
    """Which studies are nearest, why, and whether their outcomes are like those of the first."""
    first = frame.iloc[0]
    level = frame[frame["points"] == first["points"]]
    most = 2 * len(FEATURES)
    if len(level) == 1:
        shared = listed([_NOUNS[name] for name in FEATURES if first[name] == SAME])
        nearest = (
            f"By who was treated and with what, **{label} is most like {first['label']}** ({first['n']} patients "
            f"beside {n}): they share {shared}."
        )
    else:
        names = listed([f"{r['label']} ({r['n']})" for r in level.to_dict("records")])
        nearest = (
            f"By who was treated and with what, {counted(len(level), 'study', 'studies')} are equally like {label}, "
            f"with {int(first['points'])} of {most} points (two for a feature that is the same, one where it is partly "
            f"so): {names}. Of these **{first['label']} is nearest in size**, {first['n']} patients beside {n}."
        )
    return f"{nearest} {_outcomes(frame)}"


def _outcomes(frame: pd.DataFrame) -> str:
    asked = frame[frame["outcomes"] >= _FEW]
    if asked.empty:
        return "No study prints three of the same outcomes."
    near = asked.loc[asked["mean_difference"].idxmin()]
    odd = frame[frame["unlikely"] > 0]
    told = (
        "Counts differ more than by chance (P < 0.05, not corrected for the number of comparisons) only from "
        f"{listed(odd['label'])}."
        if len(odd)
        else "From none of the studies does a count differ more than by chance (P < 0.05)."
    )
    return (
        f"By outcomes, of the studies that print at least {counted(_FEW, 'outcome')} in common, **{near['label']}** "
        f"comes nearest: {int(near['outcomes'])} outcomes, on average {100 * near['mean_difference']:.0f} percentage "
        f"points apart. {told}"
    )
