"""What all printed numbers do together, in words and tables: how they were made, what they rule out, what clashes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from helpers.inversion.landmarks import SetAside
from helpers.inversion.median_account import median_accounts
from helpers.inversion.median_ways import SYMMETRIC, summed_up
from helpers.inversion.paper import StudyInversion
from helpers.inversion.repair import describe
from helpers.inversion.ways_frame import final_ways
from helpers.narrative.phrases import counted, listed

if TYPE_CHECKING:
    import pandas as pd

_FIELDS = {"value": "estimate", "ci_low": "lower limit", "ci_high": "upper limit", "count": "count"}
_FLAT = {
    "r-print": "R's print",
    "r-midpoint": "R's quantile",
    "sas-average": "SAS",
    "first-at-or-below": "first day at or below 1/2",
    "first-below": "first day below 1/2",
}


def evidence_table(inversion: StudyInversion) -> pd.DataFrame:
    """How many histories each kind of evidence leaves: columns endpoint, evidence, before, ruled out, left."""
    import pandas as pd

    rows = [
        {
            "endpoint": name,
            "evidence": step.evidence,
            "before": step.before,
            "ruled out": step.removed,
            "left": step.after,
        }
        for name, endpoint in inversion.endpoints.items()
        for step in endpoint.removals
    ]
    return pd.DataFrame(rows, columns=["endpoint", "evidence", "before", "ruled out", "left"])


def evidence_sentences(inversion: StudyInversion) -> list[str]:
    """For every endpoint, what medians, follow-up, calendar and the other endpoints take away from its histories."""
    sentences = []
    for name, endpoint in inversion.endpoints.items():
        if not endpoint.removals:
            continue
        first, *further = endpoint.removals
        number = counted(first.after, "history fits", "histories fit")
        start = f"**{name}.** {number.capitalize()} the {first.evidence}"
        taken = [f"{step.evidence} rule out {step.removed:,}" for step in further if step.removed]
        left = counted(endpoint.removals[-1].after, "history", "histories")
        if taken:
            sentences.append(f"{start}; {listed(taken)}, which leaves {left}.")
        elif further:
            sentences.append(f"{start}; none is ruled out by {listed([step.evidence for step in further], 'or')}.")
        if endpoint.undecided:
            sentences.append(f"Whether {endpoint.undecided:,} of them stand was not found out within the work limit.")
    return sentences


def assumption_sentence(inversion: StudyInversion) -> str:
    """Which endpoints are linked, and what is assumed about follow-up."""
    assumptions = inversion.reconciled.printed.assumptions
    if not assumptions.pairs:
        return "No two endpoints are linked: each is judged by its own numbers."
    pairs = listed([f"{inner} with {outer}" for inner, outer in assumptions.pairs])
    if assumptions.same_follow_up:
        how = "a patient censored for the first is censored for the second on the same day (an assumption)"
    else:
        how = "a patient censored for the first may be followed on for the second"
    return f"Linked as endpoints of the same patients: {pairs}; {how}."


def contradiction_sentences(inversion: StudyInversion) -> list[str]:
    """What contradicts what, each smallest way out with what the rest predicts and the nearest repair."""
    study, sentences = inversion.study, []
    for found in inversion.reconciled.contradictions:
        labels = listed([study.claim(claim).note or claim for claim in found.claims])
        ways = [_way_out(inversion, some) for some in found.ways_out]
        if len(ways) == 1:
            sentences.append(f"The numbers of **{labels}** cannot all be right. The smallest way out: {ways[0]}.")
        else:
            options = "; ".join(f"({k}) {way}" for k, way in enumerate(ways, start=1))
            sentences.append(f"The numbers of **{labels}** cannot all be right. Any of these is enough: {options}.")
    if inversion.reconciled.unresolved:
        sentences.append(f"Not everything could be reconciled: {inversion.reconciled.unresolved}.")
    return sentences


def _way_out(inversion: StudyInversion, some: Sequence[SetAside]) -> str:
    parts = []
    for item in some:
        label = inversion.study.claim(item.field.claim).note or item.field.claim
        expected = f"{item.span[0]} to {item.span[1]}" if item.span is not None else listed(item.expected, "or")
        says = f"; the rest says {expected}" if expected else ""
        repair = f"; nearest {describe(item.printed, item.nearest)}" if item.nearest is not None else ""
        parts.append(f"{label}, {_FIELDS[item.field.name]} {item.printed} is wrong{says}{repair}")
    return listed(parts)


def ways_table(frame: pd.DataFrame) -> pd.DataFrame:
    """The ways that explain each claim, those of one kind in one row: for reading, from a `ways_frame`.

    Columns: claim (its label), limits, made by, ties, z, rounding, as printed, without what is set aside, whole paper;
    a question mark where it is not known.
    """
    import pandas as pd

    keys = ["claim", "label", "limits", "rounded_to", "explains", "explains_rest", "explains_all"]
    known = frame.assign(**{key: [_plain(x) for x in frame[key]] for key in keys})
    shown = known[(known["explains"] != "no") | (known["explains_rest"] != "no")]
    rows = []
    for group, some in shown.groupby(keys, sort=False):
        about = dict(zip(keys, group, strict=True))
        rows.append(
            {
                "claim": about["label"],
                "limits": about["limits"],
                "made by": _made_by(about, some),
                "ties": ", ".join(tie for tie in dict.fromkeys(some["ties"]) if tie),
                "z": ", ".join(dict.fromkeys(some["z"])),
                "rounding": ", ".join(dict.fromkeys(some["rounding"])),
                "as printed": about["explains"],
                "without what is set aside": about["explains_rest"],
                "whole paper": about["explains_all"],
            }
        )
    return pd.DataFrame(rows)


def _plain(x: object) -> object:
    """Yes, no, a question mark where it is missing, or the thing itself."""
    if isinstance(x, bool):
        return "yes" if x else "no"
    return "?" if x is None or x != x else x


def _made_by(about: dict[str, object], some: pd.DataFrame) -> str:
    """The programs, or what was rounded first."""
    if about["limits"] == SYMMETRIC:
        return "SPSS"
    flat = [_FLAT[rule] for rule in dict.fromkeys(some["flat"]) if rule]
    if flat:
        return ", ".join(flat)
    first = about["rounded_to"]
    return "full precision" if first == "?" else f"S and its standard error rounded to {first} decimals first"


def ways_sentences(inversion: StudyInversion, frame: pd.DataFrame) -> list[str]:
    """For every median and follow-up, which ways of making it are possible, and what rounding is not."""
    sentences = []
    for _, some in frame[frame["statistic"] != "survival"].groupby("claim", sort=False):
        answers = [_plain(x) for x in some["explains_rest"]]
        rest = some[[answer == "yes" for answer in answers]]
        if rest.empty:
            continue
        aside = "" if "yes" in [_plain(x) for x in some["explains"]] else " once what is set aside is not read"
        parts = []
        for limits, kind in rest.groupby("limits", sort=False):
            never = [rule for rule in dict.fromkeys(some["rounding"]) if rule not in set(kind["rounding"])]
            not_by = f"; {listed(never, 'or')} impossible" if never else ""
            parts.append(f"{_limits(str(limits))} ({listed(dict.fromkeys(kind['rounding']), 'or')}{not_by})")
        only = "only as" if len(parts) == 1 and "?" not in answers else "as"
        sentences.append(f"**{some['label'].iloc[0]}** can have been made {only} {listed(parts, 'or')}{aside}.")
    return sentences + account_sentences(inversion)


def _limits(limits: str) -> str:
    return "symmetric limits as SPSS prints them" if limits == SYMMETRIC else f"event times of {limits} curves"


def account_sentences(inversion: StudyInversion) -> list[str]:
    """Which single account serves all medians and follow-ups of the paper."""
    joint = inversion.reconciled.joint
    if not any(whole.demands for whole in joint.wholes.values()):
        return []
    if not joint.assumptions.one_way:
        return ["No single way of making medians explains all of them; each is judged by its own."]
    parts = summed_up(final_ways(joint))
    accounts = median_accounts(inversion.study, inversion.days_per_month).values()
    decided = " Their limits are symmetric too often for an accident." if any(a.decisive for a in accounts) else ""
    kinds, rules = listed([_limits(limits) for limits in parts["limits"]], "or"), listed(parts["rounding"], "or")
    return [f"One account explains all medians together: **{kinds}**, brought to print by {rules}.{decided}"]
