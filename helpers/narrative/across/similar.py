"""Which study the first one is most like, in plain terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.across.field import OUTCOMES
from helpers.across.similarity import FEATURES, SAME
from helpers.narrative.phrases import counted, listed

if TYPE_CHECKING:
    import pandas as pd

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
    return f"{100 * difference:+.0f}, {OUTCOMES[outcome]}".replace("-", "−", 1) if outcome else "–"


def similarity_sentence(frame: pd.DataFrame, label: str, n: int) -> str:
    """Which study is nearest, why, and whether its outcomes are like those of the first."""
    first = frame.iloc[0]
    level = frame[frame["in_common"] == first["in_common"]]
    features = [name for name in FEATURES if first[name] == SAME]
    partly = [name for name in FEATURES if first[name] == "partly"]
    more = f", and partly {listed(partly)}" if partly else ""
    nearest = (
        f"By who was treated and with what, **{label} is most like {first['label']}** ({first['n']} patients beside {n}): the "
        f"two share {listed(features)}{more}."
    )
    rest = [f"{r['label']} ({r['n']})" for r in level.iloc[1:].to_dict("records")]
    if rest:
        nearest += f" As many features are shared by {listed(rest)}."
    return f"{nearest} {_outcomes(frame)}"


def _outcomes(frame: pd.DataFrame) -> str:
    asked = frame[frame["outcomes"] >= _FEW]
    if asked.empty:
        return "No study prints three of the same outcomes."
    near = asked.loc[asked["mean_difference"].idxmin()]
    odd = frame[frame["unlikely"] > 0]
    told = (
        f"Counts differ more than by chance (P < 0.05, not corrected for the number of comparisons) only from {listed(odd['label'])}."
        if len(odd)
        else "From none of the studies does a count differ more than by chance (P < 0.05)."
    )
    return (
        f"By outcomes, of the studies that print at least {counted(_FEW, 'outcome')} in common, **{near['label']}** comes nearest: "
        f"{int(near['outcomes'])} outcomes, on average {100 * near['mean_difference']:.0f} percentage points apart. {told}"
    )
