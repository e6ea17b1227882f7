"""Ways: which way of making it explains each printed claim, and which explains all of them, as a tidy frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from helpers.inversion.evidence import Evidence
from helpers.inversion.inverted import StudyInversion
from helpers.inversion.joint import Joint
from helpers.inversion.joint.whole import Demand, Whole
from helpers.inversion.median_ways import MedianWay, ReverseTies, all_ways
from helpers.inversion.paper import conventions_of
from helpers.inversion.search import TooLargeError
from helpers.inversion.solve import solve

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "claim",
    "label",
    "endpoint",
    "statistic",
    "limits",
    "z",
    "rounded_to",
    "flat",
    "ties",
    "rounding",
    "explains",
    "explains_rest",
    "explains_all",
)
_LIMIT = 2_000_000
Row = dict[str, object]


def ways_frame(inversion: StudyInversion) -> pd.DataFrame:
    """One row a claim and way of making it, for landmarks, medians and follow-ups of inverted endpoints.

    Columns: claim, label, endpoint, statistic; the way: limits (plain, log, log-log, or symmetric for SPSS's medians),
    z, rounded_to (decimals to which S and its standard error were rounded first; landmarks only), flat (the program's
    rule where S rests on 1/2; medians only), ties (rule of reverse Kaplan-Meier; follow-ups only), rounding.

    `explains`: whether some history of the endpoint prints all numbers of the claim so, beside the endpoint's landmarks
    where it is a median; `explains_rest`: the same without the numbers set aside; `explains_all`: whether the way is
    one of those that explain the whole paper. Missing: not known, for want of work.
    """
    import pandas as pd

    rows = [*_landmark_rows(inversion), *_median_rows(inversion)]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def _landmark_rows(inversion: StudyInversion) -> Iterator[Row]:
    every = conventions_of(inversion.study)
    removed = inversion.reconciled.removed
    for name, endpoint in inversion.endpoints.items():
        for mark in endpoint.landmarks:
            alone = Evidence(endpoint.n, (mark,))
            rest = alone.without(removed)
            answers = []
            for evidence in (alone, rest) if rest != alone else (alone,):
                try:
                    found = solve(endpoint.n, evidence.landmarks, every, _LIMIT) if evidence.landmarks else None
                except TooLargeError:
                    found = None
                answers.append(None if found is None else frozenset(found.by_convention))
            for convention in every:
                told = [None if answer is None else convention in answer for answer in answers]
                yield {
                    **_about(inversion, name, mark.claim, "survival"),
                    "limits": str(convention.interval),
                    "z": convention.z,
                    "rounded_to": convention.rounded_to,
                    "rounding": str(convention.rounding),
                    "explains": told[0],
                    "explains_rest": told[-1],
                    "explains_all": convention in (inversion.shared or endpoint.conventions),
                }


def _median_rows(inversion: StudyInversion) -> Iterator[Row]:
    reconciled = inversion.reconciled
    joint = reconciled.joint
    used = final_ways(joint)
    for name, whole in reconciled.printed.wholes.items():
        for demand in whole.demands:
            statistic = "follow_up" if demand.follow_up else "median"
            for ties in demand.ties if demand.follow_up else (None,):
                answers = [
                    ways_of_claim(joint, name, some, ties) for some in (demand, demand.without(reconciled.removed))
                ]
                for way in all_ways():
                    told = [True if way in found else None if way in open_ else False for found, open_ in answers]
                    yield {
                        **_about(inversion, name, demand.median.claim, statistic),
                        "limits": way.limits,
                        "z": way.z,
                        "flat": str(way.flat),
                        "ties": str(ties or ""),
                        "rounding": str(way.rounding),
                        "explains": told[0],
                        "explains_rest": told[1],
                        "explains_all": way in used,
                    }


def _about(inversion: StudyInversion, endpoint: str, claim: str, statistic: str) -> Row:
    label = inversion.study.claim(claim).note or claim
    about = {"claim": claim, "label": label, "endpoint": endpoint, "statistic": statistic}
    return {**about, "rounded_to": None, "flat": "", "ties": ""}


def final_ways(joint: Joint) -> frozenset[MedianWay]:
    """The ways in which all medians and follow-ups of the paper can have been made."""
    left = joint.ways
    for name in joint.listed:
        if joint.wholes[name].demands:
            left &= frozenset(
                way for candidate in joint.standing(name) for one in joint.systems(name, candidate) for way in one.ways
            )
    return left


def ways_of_claim(
    joint: Joint, name: str, demand: Demand, ties: ReverseTies | None
) -> tuple[frozenset[MedianWay], frozenset[MedianWay]]:
    """The ways that explain one median beside the landmarks of its endpoint, and those for which that is not ruled out.

    Parameters
    ----------
    joint : everything but what is set aside; the other medians are not looked at.
    name : the endpoint.
    demand : the median, by any way.
    ties : the only rule for ties to try, for a follow-up.
    """
    whole: Whole = joint.wholes[name]
    free = replace(demand, ways=all_ways(), ties=(ties,) if ties is not None else demand.ties)
    alone = replace(whole, demands=(free,) if free.fields else ())
    some = Joint({name: alone}, replace(joint.assumptions, pairs=(), one_way=False))
    found, open_ = set[MedianWay](), set[MedianWay]()
    if name not in some.listed:
        return frozenset(), frozenset(all_ways())
    for number, candidate in enumerate(some.candidates(name)):
        if number >= joint.assumptions.most:
            return frozenset(found), frozenset(all_ways())
        for one in some.systems(name, candidate):
            found |= one.found
            open_ |= one.ways
    return frozenset(found), frozenset(open_)
