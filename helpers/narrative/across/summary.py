"""Summaries as tables and sentences: how studies differ, what hangs on one, and whether the first is unusual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isinf, isnan
from typing import TYPE_CHECKING

from helpers.across.field import CURVES, OUTCOMES
from helpers.across.summaries import Summary
from helpers.figures.wording import p_text
from helpers.narrative.phrases import counted, in_sentence, listed
from helpers.study.comparison import Group

if TYPE_CHECKING:
    import pandas as pd

UNLIKELY = 0.05
_LEAST_COMPARED = 4  # other studies below which being the highest or lowest says nothing
_FORETOLD = (
    "outcome", "printed", "%", "others higher, lower", "others pooled", "foretold, % (95 %)", "as far out", "note",
)  # fmt: skip


def percent(low: float, high: float) -> str:
    """Two proportions as a range of percentages with one decimal.

    >>> percent(0.1, 0.25)
    '10.0–25.0'
    """
    return "–" if isnan(low) or isnan(high) else f"{100 * low:.1f}–{100 * high:.1f}"


def _title(group: str) -> str:
    return Group(group).heading


def summary_table(found: Sequence[Summary]) -> pd.DataFrame:
    """One row a summary: studies, patients, estimate, tau with its limits, and where a further study would lie."""
    import pandas as pd

    rows = [
        {
            "group": _title(s.group),
            "outcome": s.title,
            "studies": len(s.studies),
            "patients": s.patients,
            "% (95 % interval)": f"{100 * s.estimate:.1f} ({percent(s.low, s.high)})",
            "a further study (95 %)": percent(s.predicted_low, s.predicted_high),
            "tau (95 % interval)": _tau(s),
        }
        for group in Group
        for s in found
        if s.group == str(group)
    ]
    names = [
        "group",
        "outcome",
        "studies",
        "patients",
        "% (95 % interval)",
        "a further study (95 %)",
        "tau (95 % interval)",
    ]
    return pd.DataFrame(rows, columns=names)


def _tau(s: Summary) -> str:
    if isnan(s.tau):
        return "cannot be told"
    high = "no limit" if isinf(s.tau_high) else f"{s.tau_high:.2f}"
    return f"{s.tau:.2f} ({s.tau_low:.2f}–{high})"


def summary_exact(found: Sequence[Summary]) -> pd.DataFrame:
    """The same, unrounded, for a file."""
    import pandas as pd

    names = (
        "outcome",
        "group",
        "patients",
        "estimate",
        "low",
        "high",
        "predicted_low",
        "predicted_high",
        "tau",
        "tau_low",
        "tau_high",
    )
    rows = [{**{name: getattr(s, name) for name in names}, "studies": " ".join(s.studies)} for s in found]
    return pd.DataFrame(rows, columns=[*names, "studies"])


def tau_sentence(found: Sequence[Summary]) -> str:
    """How little so few studies say about how studies differ."""
    counts = [s for s in found if s.outcome not in CURVES and not isnan(s.tau)]
    zero = [s for s in counts if s.tau_low == 0]
    if not counts:
        return "Nothing can be said about how studies differ."
    every = counted(len(counts), "summary", "summaries")
    many = f"all {every}" if len(zero) == len(counts) and len(zero) > 1 else f"{len(zero)} of {every}"
    return (
        f"For {many} of counts the interval of tau begins at "
        "0, where all studies share one rate. A tau of 1 on the logit scale spreads a common rate of 50 % over 12 to "
        "88 % in 95 % of studies: where the interval reaches that far, the studies are too few to tell whether they "
        "agree."
    )


def leave_one_out_table(frame: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """One row a summary: as it is, and the lowest and highest that leaving out one study makes of it."""
    import pandas as pd

    rows = []
    for (outcome, group), part in frame.groupby(["outcome", "group"], sort=False):
        whole, rest = part[part["left_out"] == ""].iloc[0], part[part["left_out"] != ""]
        low, high = rest.loc[rest["estimate"].idxmin()], rest.loc[rest["estimate"].idxmax()]
        rows.append(
            {
                "outcome": OUTCOMES[outcome],
                "group": _title(group),
                "studies": int(whole["studies"]),
                "%": f"{100 * whole['estimate']:.1f}",
                "lowest, without": f"{100 * low['estimate']:.1f}, {labels[low['left_out']]}",
                "highest, without": f"{100 * high['estimate']:.1f}, {labels[high['left_out']]}",
                "moved by at most": f"{100 * (rest['estimate'] - whole['estimate']).abs().max():.1f}",
            }
        )
    names = ["outcome", "group", "studies", "%", "lowest, without", "highest, without", "moved by at most"]
    return pd.DataFrame(rows, columns=names)


def leave_one_out_sentence(frame: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """Which summary hangs most on a single study."""
    if frame.empty:
        return "There is no summary, so nothing hangs on a single study."
    whole = frame[frame["left_out"] == ""].set_index(["outcome", "group"])["estimate"]
    rest = frame[frame["left_out"] != ""].reset_index(drop=True)
    moved = [r["estimate"] - whole[r["outcome"], r["group"]] for r in rest.to_dict("records")]
    most = max(range(len(moved)), key=lambda k: abs(moved[k]))
    row = rest.loc[most]
    return (
        f"The summary that hangs most on one study is that of *{in_sentence(OUTCOMES[row['outcome']])}* "
        f"({in_sentence(_title(row['group']))}): without {labels[row['left_out']]} it moves by "
        f"**{abs(100 * moved[most]):.1f} percentage points**, to {100 * row['estimate']:.1f} %."
    )


def choices_table(variants: Mapping[str, Sequence[Summary]]) -> pd.DataFrame:
    """One row a summary and choice of what is pooled: studies, and the estimate with its interval."""
    import pandas as pd

    rows = []
    keys = dict.fromkeys((s.outcome, s.group) for found in variants.values() for s in found)
    order = sorted(keys, key=lambda key: (list(OUTCOMES).index(key[0]), list(Group).index(Group(key[1]))))
    for outcome, group in order:
        cells = {}
        for name, found in variants.items():
            own = next((s for s in found if (s.outcome, s.group) == (outcome, group)), None)
            cells[name] = (
                "too few studies"
                if own is None
                else f"{100 * own.estimate:.1f} ({percent(own.low, own.high)}), k = {len(own.studies)}"
            )
        rows.append({"outcome": OUTCOMES[outcome], "group": _title(group), **cells})
    return pd.DataFrame(rows, columns=["outcome", "group", *variants])


def foretold_table(frame: pd.DataFrame) -> pd.DataFrame:
    """One row an outcome of the first study: what it prints, what the others foretell, and the tail probability."""
    import pandas as pd

    rows = [
        {
            "outcome": OUTCOMES[r["outcome"]],
            "printed": r["printed"],
            "%": "–" if isnan(r["estimate"]) else f"{100 * r['estimate']:.1f}",
            "others higher, lower": f"{r['higher']}, {r['lower']} of {r['compared']}" if r["compared"] else "–",
            "others pooled": r["others"],
            "foretold, % (95 %)": percent(r["expected_low"], r["expected_high"]),
            "as far out": "–" if isnan(r["tail"]) else p_text(r["tail"]),
            "note": r["note"] or ("unusual" if r["tail"] < UNLIKELY else "within what is foretold"),
        }
        for r in frame.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=list(_FORETOLD))


def foretold_sentence(frame: pd.DataFrame, label: str) -> str:
    """Whether the first study's numbers are unusual, and how much that says."""
    asked = frame[frame["tail"].notna()]
    if asked.empty:
        return f"For no outcome of {label} are there enough others to foretell it. {_ranks(frame, label)}"
    odd = asked[asked["tail"] < UNLIKELY]
    wide = asked.assign(width=asked["expected_high"] - asked["expected_low"])
    least, most = 100 * wide["width"].min(), 100 * wide["width"].max()
    which = listed([in_sentence(OUTCOMES[o]) for o in odd["outcome"]])
    verdict = (
        f"**None of the {counted(len(asked), 'outcome')}** that the others foretell is unusual"
        if odd.empty
        else f"**{which}** {'is' if len(odd) == 1 else 'are'} unusual among {counted(len(asked), 'outcome')}"
    )
    return (
        f"{verdict}. That says little: what is foretold for a study of this size is {least:.0f} to {most:.0f} "
        "percentage points wide, because the others are few, small or unlike. Only a number far out of line could have "
        "stood out. "
        f"{_ranks(frame, label)}"
    )


def _ranks(frame: pd.DataFrame, label: str) -> str:
    """Outcomes in which the first study is the highest or the lowest of its group, without any model."""
    ends = []
    for row in frame[frame["compared"] >= _LEAST_COMPARED].to_dict("records"):
        side = "lowest" if row["higher"] == row["compared"] else "highest" if row["lower"] == row["compared"] else ""
        if side:
            ends.append(f"the {side} *{in_sentence(OUTCOMES[row['outcome']])}* of {row['compared'] + 1} studies")
    if not ends:
        return f"In none of its outcomes is {label} the highest or lowest of at least {_LEAST_COMPARED + 1} studies."
    return f"Without any model: in its group {label} has {listed(ends)}."


def uncertain_sentence(frame: pd.DataFrame) -> str:
    """How much counts of which several are possible can move a summary."""
    if frame.empty:
        return "Every count that is pooled is certain."
    moved = (frame["with_highest"] - frame["with_lowest"]).max()
    return (
        "Where a paper prints a percentage that several counts share, the middle one was pooled. With the lowest or "
        f"the highest of them no summary moves by more than {100 * moved:.1f} percentage points."
    )
