"""Conflicts: printed fields that contradict each other, and the smallest sets of them that have to be set aside.

A conflict is a set of fields that cannot all be right, looked for in ever larger company: a median by itself, the
landmarks and counts of an endpoint, these with one median or follow-up, everything about an endpoint, two endpoints of
the same patients, all. Whatever restores consistency has to take a field out of every conflict, so the smallest sets
are found by taking each field of a conflict in turn, and looking for the next conflict in what is left (Reiter,
Artif Intell 1987;32:57).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from helpers.inversion.evidence import Field
from helpers.inversion.joint.joint import Joint

MOST_REMOVED = 4
MOST_CHECKS = 400
MOST_SETS = 60
# In search of conflicts little work is spent on each question; what is not decided by it is taken to be consistent.
LIMIT = 100_000
_MOST, _WORK = 100, 60_000


@dataclass(frozen=True)
class Diagnosis:
    """The smallest sets of fields whose removal makes everything consistent, and the conflicts met on the way.

    `sets` is empty where none was found; `limit` then says whether the work limit was reached, rather than every set of
    up to `MOST_REMOVED` fields gone through. `conflicts` are those on the way to each set, one for each of its fields.
    """

    sets: tuple[tuple[Field, ...], ...]
    conflicts: dict[tuple[Field, ...], tuple[tuple[Field, ...], ...]]
    limit: bool = False


@dataclass
class _Checks:
    """How many consistency checks may still be made."""

    left: int = MOST_CHECKS
    reached: bool = field(default=False)

    def spend(self) -> bool:
        self.left -= 1
        self.reached |= self.left < 0
        return self.left >= 0


def diagnose(joint: Joint, most: int = MOST_REMOVED, checks: int = MOST_CHECKS) -> Diagnosis:
    """All smallest sets of fields to set aside.

    Parameters
    ----------
    joint : everything printed.
    most : largest size of a set.
    checks : how many times consistency may be asked for.
    """
    budget = _Checks(checks)
    joint = joint.assuming(replace(joint.assumptions, limit=LIMIT))
    quick = joint.assuming(replace(joint.assumptions, most=_MOST, work=_WORK))
    order = {name: k for k, name in enumerate(joint.fields)}
    level: dict[frozenset[Field], tuple[tuple[Field, ...], ...]] = {frozenset(): ()}
    for size in range(most + 1):
        found: dict[tuple[Field, ...], tuple[tuple[Field, ...], ...]] = {}
        following: dict[frozenset[Field], tuple[tuple[Field, ...], ...]] = {}
        for removed, met in level.items():
            conflict = find_conflict(quick.without(removed), budget)
            if conflict is None and not joint.without(removed).consistent:
                conflict = tuple(f for f in joint.fields if f not in removed)
            if budget.reached:
                return Diagnosis(tuple(found), found, limit=True)
            if conflict is None:
                found[tuple(sorted(removed, key=order.__getitem__))] = met
            elif size < most:
                for one in conflict:
                    following.setdefault(removed | {one}, (*met, conflict))
        if found:
            return Diagnosis(tuple(found)[:MOST_SETS], found)
        level = following
    return Diagnosis((), {})


def find_conflict(joint: Joint, budget: _Checks) -> tuple[Field, ...] | None:
    """Fields that cannot all be right, those of no more claims than needed; None if all is consistent."""
    alone = _by_itself(joint)
    if alone:
        return alone
    for claims in _companies(joint):
        if not budget.spend():
            return None
        some = joint.only(claims)
        if not some.consistent:
            return _shrunk(some, budget)
    return None


def _by_itself(joint: Joint) -> tuple[Field, ...] | None:
    """The fields of a median that no way explains, whatever the curve."""
    for whole in joint.wholes.values():
        for demand in whole.demands:
            if not demand.by_itself().ways:
                return demand.fields
    return None


def _companies(joint: Joint) -> Iterator[list[str]]:
    """Sets of claims to look at together, small ones first."""
    curves = {name: [f.claim for f in whole.curve.fields] for name, whole in joint.wholes.items()}
    yield from (claims for claims in curves.values() if claims)
    for name, whole in joint.wholes.items():
        others = dict.fromkeys(f.claim for f in whole.other_fields)
        yield from ([*curves[name], claim] for claim in others)
        if len(others) > 1:
            yield [*curves[name], *others]
    for inner, outer in joint.assumptions.pairs:
        if inner in curves and outer in curves:
            yield [*curves[inner], *curves[outer]]
    yield list(dict.fromkeys(f.claim for f in joint.fields))


def _shrunk(joint: Joint, budget: _Checks) -> tuple[Field, ...]:
    """Fields that still contradict each other, when whatever is not needed for it is dropped: claims, then fields.

    Of a curve alone only claims are dropped: with fewer fields there would be very many histories to look at.
    """
    for claim in dict.fromkeys(f.claim for f in joint.fields):
        rest = joint.without([f for f in joint.fields if f.claim == claim])
        if rest.fields and budget.spend() and not rest.consistent:
            joint = rest
    if not any(whole.other_fields for whole in joint.wholes.values()) and len(_curves(joint)) < 2:
        return joint.fields
    for one in joint.fields:
        rest = joint.without([one])
        if rest.fields and budget.spend() and not rest.consistent:
            joint = rest
    return joint.fields


def _curves(joint: Joint) -> list[str]:
    """The endpoints of which anything is left."""
    return [name for name, whole in joint.wholes.items() if whole.curve.fields]
