"""Endpoints whose histories are too many to list: what is certain all the same, found within limits.

The same questions as in `landmarks`, answered by certificates: whether anything can print the numbers, which fields to
set aside if not, and what the rest predicts for a field that is not read. A prediction is a range that certainly holds
everything that the rest allows, so a number outside it is impossible; one inside it need not be possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations

from helpers.conventions import Convention
from helpers.inversion.certify import Certificate, JobSize, certify, job_size
from helpers.inversion.certify.attain import members_of
from helpers.inversion.certify.effort import UNITS_A_SECOND, Effort, OutOfTimeError
from helpers.inversion.certify.groups import Groups
from helpers.inversion.certify.moments import moments_of, rest_of
from helpers.inversion.certify.predict import predicted_count, predicted_estimate
from helpers.inversion.certify.task import Task
from helpers.inversion.evidence import Evidence, Field, Landmark
from helpers.inversion.landmarks import MAX_SET_ASIDE, Prediction, SetAside
from helpers.inversion.timelines import longest_day
from helpers.printed import show
from helpers.study.model import Study

_MOST_TEXTS = 200
_LEVELS = 2  # how fine the searches for single predictions are
_PREDICTION = 4.0  # seconds that one prediction is meant to take at most
_SET_ASIDE = 30.0  # seconds that the search for fields to set aside is meant to take at most
_TOO_LARGE = "the set is too large to list, and what is certain of it says nothing here"


@dataclass(frozen=True)
class Certified:
    """What is certain about one endpoint: its certificate, once some fields are set aside.

    `rivals` are other, equally small sets of fields that could be set aside; `contradiction` says that none was found.
    """

    certificate: Certificate
    set_aside: tuple[SetAside, ...] = ()
    rivals: tuple[tuple[Field, ...], ...] = ()

    @property
    def contradiction(self) -> bool:
        """Whether nothing fits, whatever was set aside."""
        return self.certificate.contradictory


@dataclass(frozen=True)
class _Candidate:
    """Fields that may be set aside, with what the rest predicts; `found`: a history prints the rest."""

    aside: tuple[SetAside, ...]
    conventions: tuple[Convention, ...]
    found: bool

    @property
    def removed(self) -> tuple[Field, ...]:
        """The fields."""
        return tuple(one.field for one in self.aside)

    @property
    def cost(self) -> tuple[bool, int]:
        """Those with a history first, then those with the fewest slips to repair."""
        return not self.found, sum(one.slips for one in self.aside)


def size_of(evidence: Evidence, conventions: tuple[Convention, ...]) -> JobSize:
    """How large the job of listing every history would be, told before it starts."""
    return job_size(evidence.n, evidence.landmarks, conventions, evidence.counts)


def certified(
    evidence: Evidence,
    accounts: Sequence[tuple[Convention, ...]],
    longest: int,
    deadline: float | None = None,
) -> Certified:
    """The certificate of one endpoint; where it is contradictory, of what is left once fields are set aside.

    Parameters
    ----------
    evidence : everything printed about the endpoint.
    accounts : the conventions to allow, those preferred first; each further account costs as much as one field.
    longest : largest possible day.
    deadline : seconds for the certificate; None: the usual work.
    """
    effort = Effort(_SET_ASIDE * 3 if deadline is None else deadline, (deadline or _SET_ASIDE) * UNITS_A_SECOND)
    most = min(MAX_SET_ASIDE, len(evidence.fields))
    for cost in range(most + len(accounts)):
        for extra, conventions in enumerate(accounts):
            size = cost - extra
            if size == 0:
                found = _certificate(evidence, conventions, longest, deadline)
                if not found.contradictory:
                    return Certified(found)
            elif 0 < size <= most:
                try:
                    candidates = _candidates(evidence, size, conventions, longest, effort)
                except OutOfTimeError:
                    return Certified(found)
                if candidates:
                    return _best(evidence, candidates, longest, deadline)
    return Certified(found)


def certified_endpoints(
    large: Mapping[str, Evidence],
    conventions: tuple[Convention, ...],
    shared: tuple[Convention, ...] | None,
    study: Study,
    deadline: float | None,
) -> tuple[dict[str, Certified], tuple[Convention, ...]]:
    """The endpoints too large to list, under the account of the whole paper where one serves; and that account.

    Parameters
    ----------
    large : what each of them prints.
    conventions : all that are allowed.
    shared : those that explain every endpoint that could be listed; empty where no single one does, None where no
        endpoint was listed.
    study : for the longest possible follow-up.
    deadline : seconds for each endpoint; None: the usual work.
    """
    found: dict[str, Certified] = {}
    for name, evidence in large.items():
        accounts = [shared, conventions] if shared else [conventions]
        found[name] = certified(evidence, accounts, longest_day(study), deadline)
        own = found[name].certificate
        if not own.contradictory:
            earlier = conventions if shared is None else shared
            shared = tuple(c for c in earlier if c in own.conventions) or tuple(c for c in earlier if c in own.possible)
    return found, shared or ()


def size_words(size: JobSize) -> str:
    """How many candidates the job would form, in words."""
    return f"about {size.candidates:.1e} candidates"


def _certificate(
    evidence: Evidence, conventions: tuple[Convention, ...], longest: int, deadline: float | None
) -> Certificate:
    return certify(evidence.n, evidence.landmarks, conventions, evidence.counts, deadline, longest=longest)


def _groups(
    evidence: Evidence, conventions: tuple[Convention, ...], longest: int, keep: Landmark | None = None
) -> Groups:
    moments = moments_of(evidence.n, evidence.landmarks, evidence.counts)
    rest = rest_of(evidence.n, moments, evidence.counts, longest)
    groups = Groups(evidence.n, moments, rest, conventions)
    groups.keep = None if keep is None else groups.moment_of(keep)
    return groups


def _possible(evidence: Evidence, conventions: tuple[Convention, ...], longest: int, effort: Effort) -> Groups:
    """The groups of conventions that are left after a first search. Raises OutOfTimeError."""
    groups = _groups(evidence, conventions, longest)
    if not groups.search(effort, _LEVELS) and (effort.left <= 0 or effort.late):
        raise OutOfTimeError
    return groups


def _candidates(
    evidence: Evidence, size: int, conventions: tuple[Convention, ...], longest: int, effort: Effort
) -> list[_Candidate]:
    """Every set of so many fields without which the rest may fit, the likeliest first."""
    broken = [mark for mark in evidence.landmarks if not _alone(evidence, mark, conventions, longest, effort)]
    found = []
    for removed in combinations(evidence.fields, size):
        rest = evidence.without(removed)
        untouched = any(not set(mark.fields) & set(removed) for mark in broken)
        if untouched or not rest.landmarks:
            continue
        groups = _possible(rest, conventions, longest, effort)
        if groups.possible:
            aside = tuple(_set_aside(evidence, field, removed, groups.possible, longest) for field in removed)
            found.append(_Candidate(aside, groups.possible, _has_member(groups, rest, effort)))
    return sorted(found, key=lambda candidate: candidate.cost)


def _has_member(groups: Groups, evidence: Evidence, effort: Effort) -> bool:
    """Whether a history was found that prints everything."""
    task = Task(evidence.n, evidence.landmarks, evidence.counts)
    try:
        return next(members_of(groups, task, 1, effort.part(0.1), 0), None) is not None
    except OutOfTimeError:
        return False


def _alone(
    evidence: Evidence, mark: Landmark, conventions: tuple[Convention, ...], longest: int, effort: Effort
) -> bool:
    """Whether one landmark can be printed at all."""
    return bool(_possible(Evidence(evidence.n, (mark,)), conventions, longest, effort).possible)


def _best(evidence: Evidence, candidates: list[_Candidate], longest: int, deadline: float | None) -> Certified:
    """The likeliest candidate whose certificate is no contradiction either."""
    for chosen in candidates:
        rest = evidence.without(chosen.removed)
        certificate = _certificate(rest, chosen.conventions, longest, deadline)
        if not certificate.contradictory:
            break
    return Certified(certificate, chosen.aside, tuple(c.removed for c in candidates if c is not chosen))


def _set_aside(
    evidence: Evidence, field: Field, removed: tuple[Field, ...], conventions: tuple[Convention, ...], longest: int
) -> SetAside:
    prediction = predict(evidence, field, removed, conventions, longest)
    texts = _between(*prediction.bounds) if prediction.bounds is not None else ()
    return SetAside(field, evidence.printed_text(field), texts)


def _between(low: str, high: str) -> tuple[str, ...]:
    """Every text with the same decimals from one to another; none where they are too many."""
    decimals = len(low.partition(".")[2])
    unit = Fraction(1, 10**decimals)
    number = int((Fraction(high) - Fraction(low)) / unit) + 1
    return tuple(show(Fraction(low) + k * unit, decimals) for k in range(number)) if number <= _MOST_TEXTS else ()


def predict(
    evidence: Evidence,
    target: Field,
    set_aside: Iterable[Field],
    conventions: tuple[Convention, ...],
    longest: int,
    seconds: float = _PREDICTION,
) -> Prediction:
    """Between which digits `target` certainly lies when it is not read itself, nor anything that is set aside.

    `bounds` of the prediction are the smallest and largest digits; `texts` is empty, not None, where certainly nothing
    can be printed, and None otherwise.
    """
    rest = evidence.without({*set_aside, target})
    if not rest.fields or not rest.landmarks:
        return Prediction(None, "no other printed number of this endpoint bears on it")
    count = next((c for c in evidence.counts if c.field == target), None)
    if count is not None:
        groups = _searched(rest, conventions, longest, seconds)
        if not groups.possible:
            return Prediction(())
        if not groups.known:
            return Prediction(None, _TOO_LARGE)
        low, high = predicted_count(groups, count)
        return Prediction(None, bounds=(str(low), str(high)))
    mark = evidence.landmark(target.claim)
    after = evidence.landmarks.index(mark) >= len(rest.landmarks)
    if after and target.name != "value":
        return Prediction(None, "no other number is printed at this landmark")
    at = replace(mark, day=rest.landmarks[-1].day) if after else mark
    groups = _searched(rest, conventions, longest, seconds, at)
    if groups.possible and not groups.known:
        return Prediction(None, _TOO_LARGE)
    found = predicted_estimate(groups, at, target.name, getattr(mark, target.name)) if groups.possible else None
    if found is None:
        return Prediction(())
    return Prediction(None, *(("only the landmark before bounds it", ("0", found[1])) if after else ("", found)))


def _searched(
    evidence: Evidence,
    conventions: tuple[Convention, ...],
    longest: int,
    seconds: float,
    keep: Landmark | None = None,
) -> Groups:
    groups = _groups(evidence, conventions, longest, keep)
    groups.search(Effort(seconds * 4, seconds * UNITS_A_SECOND), _LEVELS)
    return groups
