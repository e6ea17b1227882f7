"""The keys `comparison` and `overlaps` of study.yaml: what each must hold, and whether it fits the claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from pydantic import Field

from helpers.errors import Problem, nearest
from helpers.study.comparison import (
    AFTER_TRANSPLANT,
    CELLS,
    PROPORTIONS,
    SURVIVALS,
    ComparedOutcome,
    Comparison,
    Group,
    Match,
    Overlap,
)
from helpers.study.model import Claim
from helpers.study.strict import Prose, Strict, StudyId
from helpers.study.yamltree import Path, YamlTree, dotted

if TYPE_CHECKING:
    from helpers.study.schema import StudyFile

MatchText = Literal["same", "near", "apart"]
GroupText = Literal["post-transplant", "b-all", "other disease"]


class CountedFile(Strict):
    """An outcome that is a count of patients."""

    claim: str
    of: str | None = None
    count: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    match: MatchText = "same"
    why: Prose | None = None


class CurveFile(Strict):
    """An outcome that is a survival curve."""

    endpoint: str
    match: MatchText = "same"
    why: Prose | None = None


class OutcomesComparedFile(Strict):
    """Outcomes, each with the claim or endpoint that stands for it."""

    cr: CountedFile | None = None
    mrd_negative_cr: CountedFile | None = None
    mrd_negative_in_cr: CountedFile | None = None
    crs_3: CountedFile | None = None
    icans: CountedFile | None = None
    icans_3: CountedFile | None = None
    gvhd: CountedFile | None = None
    os: CurveFile | None = None
    efs: CurveFile | None = None


class ComparisonFile(Strict):
    """By what the study is compared with others."""

    group: GroupText
    label: Prose | None = None
    after_transplant: Literal["all", "most", "some", "none", "not told"] = "not told"
    cells: Literal["donor", "patient", "both", "not told"] = "not told"
    targets: Annotated[list[Prose], Field(max_length=10)] = []
    outcomes: OutcomesComparedFile = OutcomesComparedFile()


class OverlapFile(Strict):
    """One entry of `overlaps`."""

    certain: bool
    keep: StudyId
    why: Prose


def _one_of(kind: object) -> str:
    return f"one of {', '.join(get_args(kind))}"


_COUNTED = ("keys claim, of, count, match and why", "cr: {claim: cr}")
_CURVE = ("keys endpoint, match and why", "os: {endpoint: OS}")
_MATCH = (_one_of(MatchText), "match: near")
COMPARISON_EXPECTED: dict[str, tuple[str, str]] = {
    "comparison": (
        "a group of the keys group, label, after_transplant, cells, targets and outcomes",
        "comparison: {group: b-all, outcomes: {cr: {claim: cr}}}",
    ),
    "comparison.group": (_one_of(GroupText), "group: b-all"),
    "comparison.label": ("a text", "label: Zhuo 2024"),
    "comparison.after_transplant": (f"one of {', '.join(AFTER_TRANSPLANT)}", "after_transplant: all"),
    "comparison.cells": (f"one of {', '.join(CELLS)}", "cells: donor"),
    "comparison.targets": ("a list of texts", "targets: [CD19]"),
    "comparison.outcomes": (
        f"a group of the keys {', '.join([*PROPORTIONS, *SURVIVALS])}",
        "outcomes: {cr: {claim: cr}, os: {endpoint: OS}}",
    ),
    **{f"comparison.outcomes.{name}": _COUNTED for name in PROPORTIONS},
    **{f"comparison.outcomes.{name}.claim": ("a claim id", "claim: cr") for name in PROPORTIONS},
    **{f"comparison.outcomes.{name}.of": ("a claim id", "of: patients") for name in PROPORTIONS},
    **{f"comparison.outcomes.{name}.count": ("a whole number of patients", "count: 0") for name in PROPORTIONS},
    **{f"comparison.outcomes.{name}": _CURVE for name in SURVIVALS},
    **{f"comparison.outcomes.{name}.endpoint": ("the name of an endpoint", "endpoint: OS") for name in SURVIVALS},
    **{f"comparison.outcomes.{name}.match": _MATCH for name in (*PROPORTIONS, *SURVIVALS)},
    **{f"comparison.outcomes.{name}.why": ("a text", "why: CRi counts too") for name in (*PROPORTIONS, *SURVIVALS)},
    "overlaps": (
        "ids of studies, each with certain, keep and why",
        "overlaps: {eliana2023: {certain: true, keep: eliana2023, why: the same trial}}",
    ),
    "overlaps.[key]": ("lower-case letters a-z, digits, _ and -, at most 64", "eliana2023"),
    "overlaps.*": ("keys certain, keep and why", "eliana2023: {certain: true, keep: eliana2023, why: the same trial}"),
    "overlaps.*.certain": ("true or false", "certain: true"),
    "overlaps.*.keep": ("the id of one of the two studies", "keep: eliana2023"),
    "overlaps.*.why": ("a text", "why: the same trial at a later cut-off"),
}

Fault = tuple[Path, str, str]


def check_comparison(
    checked: StudyFile | None, tree: YamlTree, file: str, claims: Iterable[Claim], ids: Iterable[str]
) -> list[Problem]:
    """Check that outcomes name claims and endpoints that can stand for them, and overlaps one study to keep.

    Parameters
    ----------
    checked : study.yaml, or None where it has faults of its own.
    claims : the claims that could be read; `ids` are all that stand in claims.csv.
    """
    if checked is None:
        return []
    by_id = {claim.id: claim for claim in claims}
    faults = [*_outcomes(checked, by_id, tuple(ids)), *_overlaps(checked)]
    return [
        Problem(message, remedy, file, tree.line(path), dotted(path), tree.texts.get(path))
        for path, message, remedy in faults
    ]


def _outcomes(checked: StudyFile, claims: dict[str, Claim], ids: tuple[str, ...]) -> Iterator[Fault]:
    found = checked.comparison.outcomes if checked.comparison is not None else OutcomesComparedFile()
    for name in (*PROPORTIONS, *SURVIVALS):
        entry = getattr(found, name)
        path: Path = ("comparison", "outcomes", name)
        if entry is None:
            continue
        if isinstance(entry, CurveFile):
            if entry.endpoint not in checked.endpoints:
                yield (
                    (*path, "endpoint"),
                    "there is no such endpoint",
                    _remedy(entry.endpoint, sorted(checked.endpoints)),
                )
        else:
            yield from _counted(path, entry, claims, ids)
        read_into = entry.match != "same" or getattr(entry, "of", None) or getattr(entry, "count", None) is not None
        if read_into and entry.why is None:
            yield path, "what is read into the claim is not explained", "add why: and say what was read into it"


def _counted(path: Path, entry: CountedFile, claims: dict[str, Claim], ids: tuple[str, ...]) -> Iterator[Fault]:
    for key, name in (("claim", entry.claim), ("of", entry.of)):
        if name is not None and name not in ids:
            yield (*path, key), "there is no such claim id in claims.csv", _remedy(name, sorted(ids))
    claim, total = claims.get(entry.claim), claims.get(entry.of or "")
    if claim is not None and claim.statistic not in ("proportion", "count"):
        remedy = "name a claim whose statistic is proportion or count"
        yield (*path, "claim"), f"a claim of statistic {claim.statistic} counts no patients", remedy
        return
    if total is not None and total.count is None:
        yield (*path, "of"), "the claim has no count to divide by", "name a claim whose column count is filled"
        return
    if claim is None or (entry.of is not None and total is None):
        return
    n = int(total.count.value) if total is not None and total.count is not None else claim.n
    count = entry.count if entry.count is not None else int(claim.count.value) if claim.count is not None else None
    if count is not None and count > n:
        yield (*path, "count" if entry.count is not None else "of"), f"{count} of {n} patients", f"at most {n}"


def _overlaps(checked: StudyFile) -> Iterator[Fault]:
    for other, entry in checked.overlaps.items():
        path: Path = ("overlaps", other)
        if other == checked.id:
            yield path, "a study cannot overlap with itself", "delete the entry"
        elif entry.keep not in (checked.id, other):
            yield (*path, "keep"), "the study to keep is neither of the two", f"write {checked.id} or {other}"


def _remedy(name: str, known: Iterable[str]) -> str:
    names = list(known)
    close = nearest(name[:100], names) if len(names) <= 500 else None
    return f"{f'did you mean {close}? ' if close else ''}Known are: {', '.join(names[:20]) or 'none'}"


def comparison_of(entry: ComparisonFile | None) -> Comparison | None:
    """The checked key as a frozen type."""
    if entry is None:
        return None
    outcomes: dict[str, ComparedOutcome] = {}
    for name in (*PROPORTIONS, *SURVIVALS):
        found = getattr(entry.outcomes, name)
        if isinstance(found, CurveFile):
            outcomes[name] = ComparedOutcome(endpoint=found.endpoint, match=Match(found.match), why=found.why or "")
        elif isinstance(found, CountedFile):
            outcomes[name] = ComparedOutcome(
                found.claim, "", found.of or "", found.count, Match(found.match), found.why or ""
            )
    return Comparison(
        Group(entry.group), entry.after_transplant, entry.cells, tuple(entry.targets), MappingProxyType(outcomes),
        entry.label or "",
    )  # fmt: skip


def overlaps_of(entries: dict[str, OverlapFile]) -> tuple[Overlap, ...]:
    """The checked key as frozen types, in the order in which they stand."""
    return tuple(Overlap(other, entry.certain, entry.keep, entry.why) for other, entry in entries.items())
