"""The whole paper: all endpoints under one account of how the numbers were made.

One convention for the whole paper is preferred to a different one for every endpoint: each further convention costs
as much as one number set aside, and where the two cost the same, the single convention is taken.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import islice, product

from helpers.conventions import Convention, Interval, all_conventions
from helpers.inversion.certified import (
    Certified,
    Tell,
    certified_endpoints,
    job_line,
    silent,
    size_of,
    size_words,
    unlisted,
)
from helpers.inversion.certify import Certificate, JobSize
from helpers.inversion.evidence import Evidence, Field, Landmark, evidence_of
from helpers.inversion.landmarks import MAX_SET_ASIDE, Option, SetAside, options, set_aside_with_expectation, solved
from helpers.inversion.search import TooLargeError
from helpers.inversion.solve import Solution
from helpers.printed import Rounding
from helpers.study.model import DAYS_PER_MONTH, Study

_COMBINATIONS = 4096
_NOTHING_FITS = f"no history fits, whichever {MAX_SET_ASIDE} numbers are set aside"


@dataclass(frozen=True)
class EndpointInversion:
    """What the landmarks of one endpoint determine.

    `exhaustive` is False where the set could not be gone through; `why_not` then says why, `size` how large the job
    would have been, and `certificate` what is certain all the same (of what is left once fields are set aside; then
    `solution` is empty). `alternatives` are other, equally small sets of fields that could have been set aside.
    """

    endpoint: str
    evidence: Evidence
    solution: Solution
    set_aside: tuple[SetAside, ...] = ()
    alternatives: tuple[tuple[Field, ...], ...] = ()
    exhaustive: bool = True
    why_not: str = ""
    size: JobSize | None = None
    certificate: Certificate | None = None

    @property
    def n(self) -> int:
        """Patients at the start."""
        return self.evidence.n

    @property
    def landmarks(self) -> tuple[Landmark, ...]:
        """The printed landmarks, complete, in order of time."""
        return self.evidence.landmarks

    @property
    def histories(self) -> tuple[str, ...]:
        """Every history that could have printed the numbers, in ladder order."""
        return self.solution.histories

    @property
    def conventions(self) -> tuple[Convention, ...]:
        """The conventions under which they could have been printed, commonest first."""
        return self.solution.conventions if self.certificate is None else self.certificate.conventions

    @property
    def possible_conventions(self) -> tuple[Convention, ...]:
        """Those, and the ones that could be neither found nor excluded where the set is too large to list."""
        return self.solution.conventions if self.certificate is None else self.certificate.possible

    @property
    def removed(self) -> tuple[Field, ...]:
        """The fields set aside."""
        return tuple(item.field for item in self.set_aside)


@dataclass(frozen=True)
class StudyInversion:
    """The inversion of a study's landmarks, endpoint by endpoint.

    `shared` are the conventions that explain every endpoint at once; empty where no single one does. `deadline` is the
    time limit that was set for endpoints too large to list, if any.
    """

    study: Study
    days_per_month: Fraction
    endpoints: dict[str, EndpointInversion]
    shared: tuple[Convention, ...] = field(default=())
    deadline: float | None = None

    def conventions_for(self, endpoint: str) -> tuple[Convention, ...]:
        """The conventions that this endpoint may use in the account of the whole paper."""
        return self.endpoints[endpoint].conventions


def conventions_of(study: Study) -> tuple[Convention, ...]:
    """Every convention, less what the study folder rules out."""
    fixed = study.conventions
    choices: dict[str, tuple] = {}
    if "interval" in fixed:
        choices["intervals"] = (Interval(str(fixed["interval"])),)
    if "z" in fixed:
        choices["zs"] = (str(fixed["z"]),)
    if "rounded_to" in fixed:
        choices["rounded_to"] = (fixed["rounded_to"],)
    if "rounding" in fixed:
        choices["roundings"] = (Rounding(str(fixed["rounding"])),)
    return tuple(all_conventions(**choices))


def invert_study(
    study: Study,
    days_per_month: Fraction = DAYS_PER_MONTH,
    deadline: float | None = None,
    tell: Tell = silent,
) -> StudyInversion:
    """Invert the landmarks of every endpoint of a study.

    Parameters
    ----------
    study : the study folder, read.
    days_per_month : length of a printed month in days.
    deadline : seconds for each endpoint whose histories are too many to list; None: the usual work, counted in units
        and not in seconds, so that the result is the same on every machine.
    tell : called with a line about the size of each job before it starts.

    Returns
    -------
    StudyInversion
        with one entry for each endpoint that has a printed landmark.
    """
    conventions = conventions_of(study)
    printed = {name: evidence_of(study, name, days_per_month) for name in study.endpoints}
    printed = {name: evidence for name, evidence in printed.items() if evidence.landmarks}
    searched, sizes = {}, {}
    for name, evidence in printed.items():
        sizes[name] = size_of(evidence, conventions)
        tell(job_line(name, evidence.n, sizes[name]))
        try:
            if sizes[name].listable:
                found = _options_by_size(evidence, conventions)
                if found or not any(unlisted(evidence, size, conventions) for size in range(1, MAX_SET_ASIDE + 1)):
                    searched[name] = found
        except TooLargeError as error:
            sizes[name] = replace(sizes[name], candidates=error.size, listable=False)
    choice, shared = _cheapest(searched)
    large = [name for name in printed if name not in searched]
    proven, shared = certified_endpoints(
        {name: printed[name] for name in large}, conventions, shared if searched else None, study, deadline, tell
    )
    endpoints = {}
    for name, evidence in printed.items():
        if name in choice:
            endpoints[name] = _endpoint(name, evidence, choice[name], searched[name], shared)
            more = unlisted(evidence, len(choice[name].removed), conventions) if choice[name].removed else ()
            endpoints[name] = replace(endpoints[name], alternatives=(*endpoints[name].alternatives, *more))
        elif name in proven:
            endpoints[name] = _certified(name, evidence, proven[name], conventions)
        else:
            empty = Solution(evidence.n, evidence.landmarks, {})
            endpoints[name] = EndpointInversion(name, evidence, empty, why_not=_NOTHING_FITS)
    return StudyInversion(study, days_per_month, endpoints, shared, deadline)


def _certified(
    name: str, evidence: Evidence, found: Certified, conventions: tuple[Convention, ...]
) -> EndpointInversion:
    """An endpoint whose set is too large to list."""
    rest = evidence.without(tuple(item.field for item in found.set_aside))
    size = size_of(rest, conventions)
    return EndpointInversion(
        name,
        evidence,
        Solution(rest.n, rest.landmarks, {}, rest.counts),
        found.set_aside,
        found.rivals,
        exhaustive=False,
        why_not=_NOTHING_FITS if found.contradiction else f"the set is too large to list: {size_words(size)}",
        size=size,
        certificate=found.certificate,
    )


def _options_by_size(evidence: Evidence, conventions: tuple[Convention, ...]) -> tuple[Option, ...]:
    """The options of the smallest size that has any, and those one larger for the sake of a shared convention."""
    solved(evidence, conventions)
    found: list[Option] = []
    first: int | None = None
    for size, some in options(evidence, conventions):
        found.extend(some)
        if some and first is None:
            first = size
        if first is not None and size >= max(first, 1):
            break
    return tuple(found)


def _cheapest(
    searched: dict[str, tuple[Option, ...]],
) -> tuple[dict[str, Option], tuple[Convention, ...]]:
    """One option an endpoint: fewest numbers set aside plus further conventions, then fewest slips to repair."""
    names = [name for name, found in searched.items() if found]
    best: tuple[tuple[int, int], dict[str, Option], tuple[Convention, ...]] | None = None
    for picked in islice(product(*(searched[name] for name in names)), _COMBINATIONS):
        shared = _common(option.solution.conventions for option in picked)
        removed = sum(len(option.removed) for option in picked)
        extra = 0 if shared else 1
        cost = (removed + extra, extra)
        if best is None or cost < best[0]:
            best = (cost, dict(zip(names, picked, strict=True)), shared)
    return (best[1], best[2]) if best else ({}, ())


def _common(many: Iterable[tuple[Convention, ...]]) -> tuple[Convention, ...]:
    sets = list(many)
    return tuple(c for c in sets[0] if all(c in other for other in sets[1:])) if sets else ()


def _endpoint(
    name: str,
    evidence: Evidence,
    chosen: Option,
    searched: tuple[Option, ...],
    shared: tuple[Convention, ...],
) -> EndpointInversion:
    """The chosen option, or another of the same size that needs fewer slips under the same conventions."""
    rivals = [
        option
        for option in searched
        if len(option.removed) == len(chosen.removed) and (not shared or set(shared) & set(option.solution.conventions))
    ]

    def judged(option: Option) -> tuple[SetAside, ...]:
        allowed = shared or option.solution.conventions
        return set_aside_with_expectation(evidence, option.removed, allowed)

    ranked = sorted(rivals, key=lambda option: sum(item.slips for item in judged(option)))
    best = ranked[0]
    solution = best.solution.under(shared) if shared else best.solution
    return EndpointInversion(
        name,
        evidence,
        solution,
        judged(best),
        tuple(option.removed for option in ranked[1:]),
    )
