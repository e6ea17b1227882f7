"""Foretold: between which digits a number certainly lies that is not read, where the set is too large to list.

A prediction here holds everything that the rest allows, and perhaps a little more. So digits outside it are certainly
impossible; digits inside it need not be possible.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from helpers.conventions import Convention
from helpers.inversion.certify.effort import Effort
from helpers.inversion.certify.groups import Groups
from helpers.inversion.certify.moments import moments_of, rest_of
from helpers.inversion.certify.predict import predicted_count, predicted_estimate
from helpers.inversion.evidence import Evidence, Field, Landmark
from helpers.inversion.landmarks import Prediction

LEVELS = 2  # how fine the searches are
_SECONDS = 4.0  # of work that one prediction may take
_TOO_LARGE = "too many histories to list, and nothing certain was found within the limits"


def groups_of(
    evidence: Evidence, conventions: tuple[Convention, ...], longest: int, keep: Landmark | None = None
) -> Groups:
    """The search for what is certain about some evidence; the cells of the moment of `keep` are kept."""
    moments = moments_of(evidence.n, evidence.landmarks, evidence.counts)
    groups = Groups(evidence.n, moments, rest_of(evidence.n, moments, evidence.counts, longest), conventions)
    groups.keep = None if keep is None else groups.moment_of(keep)
    return groups


def predict(
    evidence: Evidence,
    target: Field,
    set_aside: Iterable[Field],
    conventions: tuple[Convention, ...],
    longest: int,
    seconds: float = _SECONDS,
) -> Prediction:
    """Between which digits `target` certainly lies when it is not read itself, nor anything that is set aside.

    `bounds` of the prediction are the smallest and largest digits. `texts` hold all that the rest allows, and perhaps
    more; they are empty where certainly nothing can be printed, and None where they are too many or nothing is known.

    Parameters
    ----------
    evidence : everything printed about the endpoint.
    target : the field to predict.
    set_aside : fields that must not be used.
    conventions : the conventions allowed.
    longest : largest possible day.
    seconds : of work that it may take.
    """
    rest = evidence.without({*set_aside, target})
    if not rest.fields or not rest.landmarks:
        return Prediction(None, "no other printed number of this endpoint bears on it")
    count = next((c for c in evidence.counts if c.field == target), None)
    mark = None if count is not None else evidence.landmark(target.claim)
    after = mark is not None and evidence.landmarks.index(mark) >= len(rest.landmarks)
    if after and target.name != "value":
        return Prediction(None, "no other number is printed at this landmark")
    if mark is not None and after:
        mark = replace(mark, day=rest.landmarks[-1].day)
    groups = groups_of(rest, conventions, longest, mark)
    groups.search(Effort.of(seconds), LEVELS)
    if not groups.possible:
        return Prediction(())
    if not groups.known:
        return Prediction(None, _TOO_LARGE)
    if count is not None:
        low, high = predicted_count(groups, count)
        return Prediction(tuple(map(str, range(low, high + 1))), bounds=(str(low), str(high)))
    assert mark is not None
    found = predicted_estimate(groups, mark, target.name, getattr(mark, target.name))
    if found is None:
        return Prediction(())
    if after:
        return Prediction(None, "only the landmark before bounds it", ("0", found.high))
    return Prediction(found.texts, bounds=(found.low, found.high))
