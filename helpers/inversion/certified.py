"""Endpoints whose histories are too many to list: what is certain all the same, found within limits.

Whether anything can print the numbers is asked of certificates. Where certainly nothing can, fields are set aside as
elsewhere: the fewest without which the rest may fit, with what the rest then predicts in their place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import inf

from helpers.conventions import Convention
from helpers.inversion.certify import Certificate, JobSize, certify, job_size
from helpers.inversion.certify.attain import members_of
from helpers.inversion.certify.effort import Effort, OutOfTimeError
from helpers.inversion.certify.groups import Groups
from helpers.inversion.certify.task import Task
from helpers.inversion.evidence import Evidence, Field, Landmark
from helpers.inversion.foretold import LEVELS, groups_of, predict
from helpers.inversion.landmarks import MAX_SET_ASIDE, SetAside
from helpers.inversion.timelines import DEFAULT_LONGEST, longest_day
from helpers.study.model import Study

Tell = Callable[[str], None]
_SHORT = 2.0  # seconds of work for a short search
_SET_ASIDE = 30.0  # seconds of work that the search for fields to set aside may take


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
    found: bool

    @property
    def removed(self) -> tuple[Field, ...]:
        """The fields."""
        return tuple(one.field for one in self.aside)

    @property
    def cost(self) -> tuple[bool, int]:
        """Those with a history first, then those with the fewest slips to repair."""
        return not self.found, sum(one.slips for one in self.aside)


def silent(line: str) -> None:
    """Tell nobody."""


def size_of(evidence: Evidence, conventions: tuple[Convention, ...]) -> JobSize:
    """How large the job of listing every history would be, told before it starts."""
    return job_size(evidence.n, evidence.landmarks, conventions, evidence.counts)


def unlisted(evidence: Evidence, size: int, conventions: tuple[Convention, ...]) -> tuple[tuple[Field, ...], ...]:
    """Sets of so many fields without which the histories that fit are too many to list, but not certainly none."""
    found = []
    for removed in combinations(evidence.fields, size):
        rest = evidence.without(removed)
        large = rest.landmarks and not size_of(rest, conventions).listable
        if large and not certainly_nothing(rest, conventions):
            found.append(removed)
    return tuple(found)


def size_words(size: JobSize) -> str:
    """How many candidates the job would form, in words."""
    if size.listable and size.candidates < 100:
        return "fewer than 100 candidates"
    if size.candidates == inf:
        return "more candidates than can be counted"
    number = f"{size.candidates:,.0f}" if size.candidates < 1e7 else f"{size.candidates:.1e}"
    return f"{'about' if size.listable else 'at least'} {number} candidates"


def job_line(name: str, n: int, size: JobSize) -> str:
    """How large the job of one endpoint is, before it starts."""
    way = "every history is looked for" if size.listable else "too large to list"
    return f"{name}: {n} patients, {size_words(size)} to form: {way}"


def certified_endpoints(
    large: Mapping[str, Evidence],
    conventions: tuple[Convention, ...],
    shared: tuple[Convention, ...] | None,
    study: Study,
    deadline: float | None,
    tell: Tell,
) -> tuple[dict[str, Certified], tuple[Convention, ...]]:
    """The endpoints too large to list, under the account of the whole paper where one serves; and that account.

    A convention that could be neither found nor excluded for one of them stays in the account, so nothing is lost.

    Parameters
    ----------
    large : what each of them prints.
    conventions : all that are allowed.
    shared : those that explain every endpoint that could be listed; empty where no single one does, None where no
        endpoint was listed.
    study : for the longest possible follow-up.
    deadline : seconds for each endpoint; None: the usual work.
    tell : called with a line for the reader before each endpoint.
    """
    found: dict[str, Certified] = {}
    for name, evidence in large.items():
        limit = "" if deadline is None else f" within {deadline:g} s"
        tell(f"{name}: looking for what is certain all the same{limit}")
        accounts = [shared, conventions] if shared else [conventions]
        found[name] = certified(evidence, accounts, longest_day(study), deadline)
        own = found[name].certificate
        if not own.contradictory:
            earlier = conventions if shared is None else shared
            shared = tuple(c for c in earlier if c in own.possible)
    return found, shared or ()


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
    effort = Effort.of(_SET_ASIDE) if deadline is None else Effort(deadline)
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
                    return _best(evidence, candidates, conventions, longest, deadline)
    return Certified(found)


def _certificate(
    evidence: Evidence, conventions: tuple[Convention, ...], longest: int, deadline: float | None
) -> Certificate:
    return certify(evidence.n, evidence.landmarks, conventions, evidence.counts, deadline, longest=longest)


def certainly_nothing(evidence: Evidence, conventions: tuple[Convention, ...]) -> bool:
    """Whether a short search makes it certain that no data set prints the evidence under any of the conventions."""
    groups = groups_of(evidence, conventions, DEFAULT_LONGEST)
    groups.search(Effort.of(_SHORT), LEVELS)
    return not groups.possible


def _possible(evidence: Evidence, conventions: tuple[Convention, ...], longest: int, effort: Effort) -> Groups:
    """The groups of conventions that are left after a first search. Raises OutOfTimeError."""
    groups = groups_of(evidence, conventions, longest)
    if not groups.search(effort, LEVELS) and (effort.left <= 0 or effort.late):
        raise OutOfTimeError
    return groups


def _candidates(
    evidence: Evidence, size: int, conventions: tuple[Convention, ...], longest: int, effort: Effort
) -> list[_Candidate]:
    """Every set of so many fields without which the rest may fit, the likeliest first. Raises OutOfTimeError."""
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
            found.append(_Candidate(aside, _has_member(groups, rest, effort)))
    return sorted(found, key=lambda candidate: candidate.cost)


def _alone(
    evidence: Evidence, mark: Landmark, conventions: tuple[Convention, ...], longest: int, effort: Effort
) -> bool:
    """Whether one landmark can be printed at all."""
    return bool(_possible(Evidence(evidence.n, (mark,)), conventions, longest, effort).possible)


def _has_member(groups: Groups, evidence: Evidence, effort: Effort) -> bool:
    """Whether a history was found that prints everything."""
    task = Task(evidence.n, evidence.landmarks, evidence.counts)
    try:
        return next(members_of(groups, task, 1, effort.part(0.1), 0), None) is not None
    except OutOfTimeError:
        return False


def _set_aside(
    evidence: Evidence, field: Field, removed: tuple[Field, ...], conventions: tuple[Convention, ...], longest: int
) -> SetAside:
    printed = evidence.printed_text(field)
    texts = predict(evidence, field, removed, conventions, longest).texts or ()
    return SetAside(field, printed, tuple(text for text in texts if text != printed))


def _best(
    evidence: Evidence,
    candidates: list[_Candidate],
    conventions: tuple[Convention, ...],
    longest: int,
    deadline: float | None,
) -> Certified:
    """The likeliest candidate whose certificate is no contradiction either."""
    for chosen in candidates:
        rest = evidence.without(chosen.removed)
        certificate = _certificate(rest, conventions, longest, deadline)
        if not certificate.contradictory:
            break
    return Certified(certificate, chosen.aside, tuple(c.removed for c in candidates if c is not chosen))
