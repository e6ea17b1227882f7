"""Foretelling: what everything else in print says about one printed field.

The field itself is not read, nor anything that is set aside. Landmarks and counts are foretold here; medians and
follow-ups in `foretell_medians`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from helpers.inversion.counts import possible
from helpers.inversion.evidence import ESTIMATE_FIELDS, Count, Field, Landmark
from helpers.inversion.history import states
from helpers.inversion.joint.candidates import Candidate
from helpers.inversion.joint.foretold import Foretold
from helpers.inversion.joint.joint import Joint
from helpers.inversion.joint.medians import foretell_median
from helpers.inversion.landmarks import landmark_states
from helpers.inversion.printing import printed_text
from helpers.inversion.search import CANDIDATE_LIMIT
from helpers.inversion.solve import Solution

_SIGNS = dict(zip(ESTIMATE_FIELDS, (0, -1, 1), strict=True))


def foretell(joint: Joint, name: str, target: Field) -> Foretold:
    """What the rest says about one field of an endpoint.

    Parameters
    ----------
    joint : everything printed, less what is set aside; the target is taken out here.
    name : the endpoint to which the field belongs.
    target : the field.
    """
    whole = joint.wholes[name]
    rest = joint.without([target])
    count = next((c for c in whole.curve.counts if c.field == target), None)
    if count is not None:
        return _count(rest, name, count)
    mark = next((m for m in whole.curve.landmarks if m.claim == target.claim), None)
    if mark is not None:
        return _landmark(rest, name, whole.curve.landmarks.index(mark), mark, target.name)
    return foretell_median(joint, rest, name, target)


def _unlisted(joint: Joint, name: str) -> Foretold:
    if not joint.wholes[name].curve.landmarks:
        return Foretold(why="no other printed number of this endpoint bears on it")
    return Foretold(why="without it there are too many histories to go through")


def _landmark(rest: Joint, name: str, position: int, mark: Landmark, field: str) -> Foretold:
    """The digits that the histories left can print."""
    if name not in rest.listed or not rest.listed[name].landmarks:
        return _unlisted(rest, name)
    number = getattr(mark, field)
    beyond = position >= len(rest.listed[name].landmarks)
    if beyond and field != "value":
        return Foretold(why="no other number is printed at this landmark")
    place = len(rest.listed[name].landmarks) - 1 if beyond else position

    def shown(candidate: Candidate) -> Iterator[str]:
        state = states(candidate.history, rest.wholes[name].n)[candidate.passed[place]]
        sign = 0 if beyond else _SIGNS[field]
        for convention in candidate.conventions:
            yield _text(state, convention, sign, number.decimals, mark.scale, mark.level)

    if len(rest.listed[name].histories) > rest.assumptions.most:
        if rest.assumptions.limit < CANDIDATE_LIMIT:
            return _unlisted(rest, name)
        texts = _unfiltered(rest.listed[name], place, 0 if beyond else _SIGNS[field], number.decimals, mark)
    else:
        texts = _texts(rest, name, shown)
    if beyond and texts:
        return Foretold(span=("0", max(texts, key=Fraction)), why="only the landmark before bounds it")
    return Foretold(texts)


def _unfiltered(solution: Solution, place: int, sign: int, decimals: int, mark: Landmark) -> frozenset[str]:
    """The digits of every history of the landmarks and counts, where these are too many to ask what else stands."""
    shown = (
        printed_text(state, convention, sign, decimals, mark.scale, mark.level)
        for convention, state in landmark_states(solution, place)
    )
    return frozenset(shown)


_text = lru_cache(maxsize=65536)(printed_text)


def _texts(rest: Joint, name: str, shown: Callable[[Candidate], Iterable[str]]) -> frozenset[str]:
    """The texts shown by candidates that stand; one candidate is enough for each."""
    found: set[str] = set()
    for candidate in rest.candidates(name):
        news = set(shown(candidate)) - found
        if news and rest.stands(name, candidate) is not False:
            found |= news
    return frozenset(found)


def _count(rest: Joint, name: str, count: Count) -> Foretold:
    """The numbers that the histories left can show."""
    if name not in rest.listed or not rest.listed[name].landmarks:
        return _unlisted(rest, name)
    days, n = rest.days[name], rest.wholes[name].n
    landmarks = rest.listed[name].landmarks
    found: set[int] = set()
    for candidate in rest.candidates(name):
        numbers = possible(candidate.history, n, landmarks, candidate.passed, count.kind, count.day)
        if all(k in found for k in numbers) or rest.stands(name, candidate) is False:
            continue
        for k in numbers:
            more = replace(days, counts=(*days.counts, replace(count, number=k)))
            if k not in found and rest.would_stand(name, candidate, more) is not False:
                found.add(k)
    return Foretold(frozenset(map(str, sorted(found))))
