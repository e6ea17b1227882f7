"""What a study can be compared by: the outcomes studies are laid beside each other for, and the groups they are in.

Claims of different papers are matched by meaning, and a person says so in `study.yaml`: no text is read for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Group(StrEnum):
    """Groups within which studies may be pooled; never across."""

    POST_TRANSPLANT = "post-transplant"
    B_ALL = "b-all"
    OTHER_DISEASE = "other disease"

    @property
    def heading(self) -> str:
        """What the group is called above its studies."""
        return {
            Group.POST_TRANSPLANT: "Relapse after transplantation, donor-derived cells",
            Group.B_ALL: "Other B-ALL",
            Group.OTHER_DISEASE: "Lymphoma and CLL, for contrast",
        }[self]


class Match(StrEnum):
    """How near what a paper counts comes to what an outcome means."""

    SAME = "same"
    NEAR = "near"
    APART = "apart"

    @property
    def meaning(self) -> str:
        """One phrase for a reader."""
        return {
            Match.SAME: "the paper counts what the outcome means",
            Match.NEAR: "nearly the same: pooled unless asked otherwise, and marked",
            Match.APART: "another definition: shown, never pooled",
        }[self]


# Outcomes that are counts of patients, and outcomes that are survival curves read at a landmark.
PROPORTIONS: Mapping[str, str] = MappingProxyType(
    {
        "cr": "Complete remission",
        "mrd_negative_cr": "MRD-negative complete remission, of all treated",
        "mrd_negative_in_cr": "MRD-negative, of those in complete remission",
        "crs_3": "CRS grade 3 or higher",
        "icans": "ICANS of any grade",
        "icans_3": "ICANS grade 3 or higher",
        "gvhd": "Graft-versus-host disease",
    }
)
SURVIVALS: Mapping[str, str] = MappingProxyType({"os": "Overall survival", "efs": "Event-free survival"})

AFTER_TRANSPLANT = ("all", "most", "some", "none", "not told")
CELLS = ("donor", "patient", "both", "not told")


@dataclass(frozen=True)
class ComparedOutcome:
    """Which claim, or which endpoint, of a study stands for an outcome.

    `of` is the claim whose count is the denominator, where it is not the claim's own n; `count` is a count that follows
    from the words of the claim (none of any grade: none of grade 3). `why` says what was read into it.
    """

    claim: str = ""
    endpoint: str = ""
    of: str = ""
    count: int | None = None
    match: Match = Match.SAME
    why: str = ""


@dataclass(frozen=True)
class Comparison:
    """By what a study is compared with others: who was treated, with which cells, and which claims mean what.

    `after_transplant` says how many were treated after an allogeneic transplantation, `cells` from whom the cells came.
    `label` is what the study is called in a figure; empty: first author and year.
    """

    group: Group
    after_transplant: str
    cells: str
    targets: tuple[str, ...]
    outcomes: Mapping[str, ComparedOutcome] = field(default_factory=lambda: MappingProxyType({}))
    label: str = ""


@dataclass(frozen=True)
class Overlap:
    """Another study that has, or may have, patients in common with this one; `keep` is the one of the two to pool."""

    study: str
    certain: bool
    keep: str
    why: str
