"""Which lines of the field are pooled: within a group, near definitions if wished, and no patient twice."""

from __future__ import annotations

from collections.abc import Sequence
from math import log, sqrt
from typing import TYPE_CHECKING

from helpers.across.curves import NO_INTERVAL
from helpers.study.comparison import Group, Match

if TYPE_CHECKING:
    import pandas as pd

POOLED = ""
OTHER_DISEASE = "another disease: for contrast only"
APART = "another definition"
NEAR = "a near definition, left out as asked"


def pooled_lines(
    lines: pd.DataFrame, overlaps: pd.DataFrame, *, near: bool = True, possible_overlaps: bool = False
) -> pd.DataFrame:
    """The lines with two more columns: `pooled`, and `left_out` with the reason, empty where it is pooled.

    Parameters
    ----------
    lines, overlaps : of a `Field`.
    near : whether outcomes that mean nearly the same are pooled.
    possible_overlaps : whether studies that may share patients are pooled all the same; those that certainly do never
        are. Of an overlap, the study to keep is pooled where it prints the outcome, else the other.
    """
    import pandas as pd

    reasons = pd.Series(POOLED, index=lines.index)
    reasons[~lines["usable"].astype(bool)] = lines["how"]
    if not near:
        reasons[(reasons == POOLED) & (lines["match"] == str(Match.NEAR))] = NEAR
    reasons[(reasons == POOLED) & (lines["match"] == str(Match.APART))] = APART
    reasons[(reasons == POOLED) & (lines["group"] == str(Group.OTHER_DISEASE))] = OTHER_DISEASE
    chosen = overlaps if not possible_overlaps else overlaps[overlaps["certain"].astype(bool)]
    for _, part in lines[reasons == POOLED].groupby(["outcome", "group"], sort=False):
        sizes = dict(zip(part["study"], part["n"], strict=True))
        kept = representatives(sizes, chosen)
        for index, study in part["study"].items():
            if study not in kept:
                reasons[index] = f"{_certainty(chosen, study, kept)} share patients with {_whom(chosen, study, kept)}"
    return lines.assign(pooled=reasons == POOLED, left_out=reasons)


def with_least_errors(lines: pd.DataFrame) -> pd.DataFrame:
    """The lines, with the least possible error for survival printed without an interval, so that it can be pooled.

    If nobody was censored before the landmark, S(t) is a proportion of n and its standard error √(S(1 − S)/n);
    censoring
    only makes it larger. On the scale of log(−log S) it is divided by S |log S|.
    """
    found = lines.copy()
    for index, row in lines[
        (lines["how"] == NO_INTERVAL) & lines["estimate"].between(0, 1, inclusive="neither")
    ].iterrows():
        s = float(row["estimate"])
        found.loc[index, "error"] = sqrt(s * (1 - s) / row["n"]) / (s * -log(s))
        found.loc[index, "usable"] = True
    return found


def representatives(sizes: dict[str, int], overlaps: pd.DataFrame) -> set[str]:
    """The studies that can be pooled without counting anybody twice.

    A study that no other takes precedence over stays, and those that overlap with it go; then again among the rest.
    Where
    precedence runs in a circle, the largest study stays.
    """
    pairs = [
        (a, b, keep)
        for a, b, keep in zip(overlaps["study"], overlaps["other"], overlaps["keep"], strict=True)
        if a in sizes and b in sizes
    ]
    left, kept = set(sizes), set[str]()
    while left:
        loses = {a if keep == b else b for a, b, keep in pairs if {a, b} <= left}
        stay = left - loses or {max(sorted(left), key=lambda study: sizes[study])}
        kept |= stay
        gone = {x for a, b, _ in pairs for x in (a, b) if {a, b} & stay}
        left -= stay | gone
    return kept


def _rivals(overlaps: pd.DataFrame, study: str, kept: set[str]) -> pd.DataFrame:
    mine = (overlaps["study"] == study) & overlaps["other"].isin(kept)
    theirs = (overlaps["other"] == study) & overlaps["study"].isin(kept)
    return overlaps[mine | theirs]


def _certainty(overlaps: pd.DataFrame, study: str, kept: set[str]) -> str:
    return "these" if _rivals(overlaps, study, kept)["certain"].any() else "these may"


def _whom(overlaps: pd.DataFrame, study: str, kept: set[str]) -> str:
    rows = _rivals(overlaps, study, kept)
    names: Sequence[str] = [b if a == study else a for a, b in zip(rows["study"], rows["other"], strict=True)]
    return " and ".join(sorted(names))
