"""Reconcile: all printed fields of a paper at once, what has to be set aside, and what then stands.

The landmarks of each endpoint have been inverted before, and what they contradict among themselves was set aside.
Here medians, follow-up, the days of counts and the other endpoints join them. Where all agree nothing more is set
aside. Where they do not, the smallest sets over all kinds of fields are looked for, and the one with the nearest
repairs is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import cast

from helpers.conventions import Convention
from helpers.inversion.endpoints import nested_pairs
from helpers.inversion.evidence import Field
from helpers.inversion.joint import Assumptions, Diagnosis, Foretold, Joint, diagnose, foretell
from helpers.inversion.joint.conflicts import LIMIT
from helpers.inversion.joint.foretold import NOT_REACHED
from helpers.inversion.joint.removal import Sharp, sharpened
from helpers.inversion.joint.whole import whole_of
from helpers.inversion.landmarks import SetAside
from helpers.inversion.median_account import median_ways
from helpers.inversion.repair import nearest
from helpers.inversion.timelines import longest_day
from helpers.study.model import Study

MOST_RANKED = 24
MOST_EXPECTED = 20


@dataclass(frozen=True)
class Contradiction:
    """Printed fields that cannot all be right.

    `claims` are those that contradict each other. Each of `ways_out` is a smallest set of fields to set aside, nearest
    repair first; the first is the one that is set aside.
    """

    claims: tuple[str, ...]
    ways_out: tuple[tuple[SetAside, ...], ...]


@dataclass(frozen=True)
class Reconciled:
    """Everything printed, reconciled.

    Attributes
    ----------
    printed : all of it, under the paper's one account.
    sets : the smallest sets of fields to set aside, nearest repairs first; `removed` is the first.
    contradictions : what contradicts what.
    sharp : by endpoint, the histories that stand when `removed` is not read.
    unresolved : why no set was found, where the rest still contradicts itself; the landmarks alone then count.
    """

    printed: Joint
    sets: tuple[tuple[Field, ...], ...]
    contradictions: tuple[Contradiction, ...]
    sharp: Mapping[str, Sharp]
    unresolved: str = ""

    @property
    def removed(self) -> tuple[Field, ...]:
        """What is set aside."""
        return self.sets[0] if self.sets else ()

    @cached_property
    def joint(self) -> Joint:
        """Everything but what is set aside."""
        return self.printed.without(self.removed)

    def removed_for(self, target: Field) -> tuple[Field, ...]:
        """What else is set aside when one field is judged: the best of the sets that it belongs to, if it is in any."""
        chosen = next((some for some in self.sets if target in some), self.removed)
        return tuple(field for field in chosen if field != target)

    def foretell(self, endpoint: str, target: Field) -> Foretold:
        """What the rest says about one field, not read itself, nor anything set aside."""
        return foretold(self.printed, endpoint, target, self.removed_for(target))


def foretold(printed: Joint, endpoint: str, target: Field, removed: Iterable[Field]) -> Foretold:
    """What everything but some fields set aside says about one field; worked out once."""
    key = (endpoint, target, frozenset(removed))
    if key not in printed.memo:
        printed.memo[key] = foretell(printed.without(key[2]), endpoint, target)
    return printed.memo[key]


def reconcile(
    study: Study,
    set_aside: Mapping[str, tuple[tuple[Field, ...], ...]],
    conventions: tuple[Convention, ...],
    *,
    one_convention: bool,
    days_per_month: Fraction,
    linked: bool = True,
    same_follow_up: bool = True,
) -> Reconciled:
    """Bring everything printed together.

    Parameters
    ----------
    study : the study folder, read.
    set_aside : for each inverted endpoint what its landmarks and counts alone require to be set aside, the chosen set
        first and other, equally small ones after it.
    conventions : those that may have made the landmarks.
    one_convention : whether one of them explains every endpoint.
    days_per_month : length of a printed month in days.
    linked : whether endpoints of the same patients are linked.
    same_follow_up : whether a patient censored for the inner endpoint is censored for the outer one on that day.
    """
    ways = median_ways(study, days_per_month)
    longest = longest_day(study)
    wholes = {name: whole_of(study, name, days_per_month, longest, ways, set_aside) for name in set_aside}
    pairs = nested_pairs(study, set_aside) if linked else ()
    assumptions = Assumptions(conventions, one_convention, True, pairs, same_follow_up)
    printed = Joint(wholes, assumptions)
    base = tuple(field for sets in set_aside.values() for field in sets[0])
    if printed.without(base).consistent:
        sets = _with_alternatives(printed, set_aside)
        return _reconciled(printed, sets, tuple(tuple(f for f in some) for some in _by_endpoint(set_aside)))
    found = diagnose(printed)
    apart = printed.assuming(replace(assumptions, one_way=False))
    # A second way of making medians costs as much as one number set aside; where both cost the same, one way is taken.
    if (not found.sets or len(found.sets[0]) > len(base) + 1) and apart.without(base).consistent:
        return _reconciled(apart, _with_alternatives(apart, set_aside), _by_endpoint(set_aside))
    if found.sets:
        ranked = sorted(found.sets[:MOST_RANKED], key=lambda some: _slips(printed, some))
        if {field for field in ranked[0] if field in curves(printed)} != set(base):
            # What is left of the curves is only listed where that is as little work as it was in the search.
            printed = printed.assuming(replace(assumptions, limit=LIMIT))
        return _reconciled(printed, tuple(ranked), found.conflicts[ranked[0]])
    return _as_claims(printed, base, found)


def curves(printed: Joint) -> set[Field]:
    """The fields of all landmarks and counts."""
    return {field for whole in printed.wholes.values() for field in whole.curve.fields}


def _by_endpoint(set_aside: Mapping[str, tuple[tuple[Field, ...], ...]]) -> tuple[tuple[Field, ...], ...]:
    """What may be wrong with each endpoint's landmarks: every field of any of its sets."""
    conflicts = (tuple(dict.fromkeys(f for some in sets for f in some)) for sets in set_aside.values())
    return tuple(conflict for conflict in conflicts if conflict)


def _with_alternatives(
    printed: Joint, set_aside: Mapping[str, tuple[tuple[Field, ...], ...]]
) -> tuple[tuple[Field, ...], ...]:
    """The chosen set, and those with another endpoint's set exchanged for an equally small one that serves too."""
    chosen = {name: sets[0] for name, sets in set_aside.items()}
    found = [tuple(field for some in chosen.values() for field in some)]
    for name, sets in set_aside.items():
        for other in sets[1:MOST_RANKED]:
            exchanged = tuple(field for some in {**chosen, name: other}.values() for field in some)
            if printed.without(exchanged).consistent:
                found.append(exchanged)
    return tuple(found)


def _as_claims(printed: Joint, base: tuple[Field, ...], found: Diagnosis) -> Reconciled:
    """No small set was found: medians and follow-ups in conflict are set aside as a whole, then linkage is given up."""
    removed = list(base)
    why = "the work limit was reached" if found.limit else "no set of up to four printed numbers restores consistency"
    for name, whole in printed.wholes.items():
        for claim in dict.fromkeys(field.claim for field in whole.other_fields):
            fields = [field for field in whole.other_fields if field.claim == claim]
            others = [field for field in whole.other_fields if field.claim != claim]
            alone = Joint({name: whole.without([*removed, *others])}, printed.assumptions)
            if not alone.consistent:
                removed += [field for field in fields if field not in removed]
    if not printed.without(removed).consistent:
        printed = printed.assuming(replace(printed.assumptions, pairs=()))
        why += "; the endpoints cannot belong to the same patients and are not linked"
    if not printed.without(removed).consistent:
        removed += [field for whole in printed.wholes.values() for field in whole.other_fields if field not in removed]
    sets = (tuple(removed),)
    return _reconciled(printed, sets, (tuple(removed),) if removed else (), why)


def _reconciled(
    printed: Joint, sets: tuple[tuple[Field, ...], ...], conflicts: Iterable[tuple[Field, ...]], why: str = ""
) -> Reconciled:
    joint = printed.without(sets[0])
    sharp = {name: sharpened(joint, name) for name in joint.listed}
    contradictions = tuple(_contradictions(printed, sets, conflicts))
    return Reconciled(printed, sets, contradictions, sharp, why)


def _contradictions(
    printed: Joint, sets: tuple[tuple[Field, ...], ...], conflicts: Iterable[tuple[Field, ...]]
) -> list[Contradiction]:
    """Conflicts that have a claim in common are one contradiction; each has its ways out, all else being equal."""
    groups: list[set[str]] = []
    for conflict in conflicts:
        claims = {field.claim for field in conflict}
        touching = [group for group in groups if group & claims]
        groups = [group for group in groups if not group & claims] + [claims.union(*touching)]
    found = []
    order = {field.claim: k for k, field in enumerate(printed.fields)}
    for group in sorted(groups, key=lambda some: min(order[claim] for claim in some)):
        elsewhere = {field for field in sets[0] if field.claim not in group}
        ways = [some for some in sets if {field for field in some if field.claim not in group} == elsewhere]
        inside = [tuple(field for field in some if field.claim in group) for some in ways]
        items = tuple(expectations(printed, some, part) for some, part in zip(ways, inside, strict=True))
        found.append(Contradiction(tuple(sorted(group, key=order.__getitem__)), items))
    return found


def expectations(printed: Joint, removed: tuple[Field, ...], fields: Iterable[Field]) -> tuple[SetAside, ...]:
    """For some of the fields set aside: the digits in print and what the rest predicts, where that is little work."""
    found, quick = [], _quick(printed)
    for target in fields:
        name = endpoint_of(quick, target)
        others = [field for field in removed if field != target]
        found.append(expected(quick, name, target, foretold(quick, name, target, others)))
    return tuple(found)


def _quick(printed: Joint) -> Joint:
    """The same with little work for the histories, kept so that what is worked out is worked out once."""
    if "quick" not in printed.memo:
        printed.memo["quick"] = printed.assuming(replace(printed.assumptions, limit=LIMIT))
    return cast(Joint, printed.memo["quick"])


def endpoint_of(printed: Joint, target: Field) -> str:
    """The endpoint about which a field says something."""
    return next(name for name, whole in printed.wholes.items() if target in whole.fields)


def expected(printed: Joint, name: str, target: Field, allowed: Foretold) -> SetAside:
    """A field set aside: its digits in print, and what is predicted in their place."""
    text = printed.wholes[name].printed_text(target)
    texts = allowed.sorted_texts
    if len(texts) <= MOST_EXPECTED and allowed.span is None:
        return SetAside(target, text, texts)
    ends = allowed.ends
    if ends is not None and (allowed.never or allowed.above):
        ends = ends[0], NOT_REACHED
    return SetAside(target, text, (), ends, nearest(text, texts) if texts else None)


def _slips(printed: Joint, removed: tuple[Field, ...]) -> int:
    """How many slips repair a set of fields."""
    return sum(item.slips for item in expectations(printed, removed, removed))
