"""The whole paper: all endpoints and all printed numbers under one account of how the numbers were made.

One convention for the whole paper is preferred to a different one for every endpoint: each further convention costs
as much as one number set aside, and where the two cost the same, the single convention is taken. The landmarks and
counts are inverted first, endpoint by endpoint; then medians, follow-up, the calendar and the other endpoints of the
same patients join them (`reconcile`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import islice, product

from helpers.conventions import Convention, Interval, all_conventions
from helpers.inversion.certified import Tell, certified_endpoints, job_line, silent, size_of, size_words
from helpers.inversion.certify import Certificate, JobSize
from helpers.inversion.evidence import Evidence, Field, Landmark, evidence_of
from helpers.inversion.joint.removal import Removal
from helpers.inversion.landmarks import MAX_SET_ASIDE, Option, SetAside, options, set_aside_with_expectation, solved
from helpers.inversion.reconcile import Reconciled, expectations, reconcile
from helpers.inversion.search import TooLargeError
from helpers.inversion.solve import Solution
from helpers.printed import Rounding
from helpers.study.model import DAYS_PER_MONTH, Study

_COMBINATIONS = 4096
_NOTHING_FITS = f"no history fits, whichever {MAX_SET_ASIDE} numbers are set aside"


@dataclass(frozen=True)
class EndpointInversion:
    """What everything printed determines about one endpoint.

    `exhaustive` is False where the set could not be gone through; `why_not` then says why, `size` how large the job
    would have been, and `certificate` what is certain all the same (of what is left once fields are set aside; then
    `solution` is empty). `alternatives` are other, equally small sets of fields that could have been set aside.
    `removals` tell how many histories each kind of evidence rules out; of `undecided` histories it is not known, for
    want of work, whether they stand.
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
    removals: tuple[Removal, ...] = ()
    undecided: int = 0

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
    """The inversion of everything a study prints, endpoint by endpoint.

    `shared` are the conventions that explain every endpoint at once; empty where no single one does. `deadline` is the
    time limit that was set for endpoints too large to list, if any. `reconciled` holds all printed numbers together,
    and what contradicts what.
    """

    study: Study
    days_per_month: Fraction
    endpoints: dict[str, EndpointInversion]
    shared: tuple[Convention, ...] = field(default=())
    deadline: float | None = None
    reconciled: Reconciled = field(kw_only=True, repr=False)

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
    *,
    linked: bool = True,
    same_follow_up: bool = True,
) -> StudyInversion:
    """Invert everything a study prints about its endpoints.

    Parameters
    ----------
    study : the study folder, read.
    days_per_month : length of a printed month in days.
    deadline : seconds for each endpoint whose histories are too many to list; None: the usual work, counted in units
        and not in seconds, so that the result is the same on every machine.
    tell : called with a line about the size of each job before it starts.
    linked : whether endpoints of the same patients, one of which counts the other's events too, are linked.
    same_follow_up : an assumption: a patient censored for the inner endpoint (EFS) is censored for the outer one (OS)
        on the same day. Without it the outer follow-up may go on.

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
                searched[name] = _options_by_size(evidence, conventions, further=0)
        except TooLargeError as error:
            sizes[name] = replace(sizes[name], candidates=error.size, listable=False)
    choice, shared = _cheapest(searched)
    if len(choice) > 1 and not shared:
        # No convention serves all at the smallest sizes: perhaps one does with one number more set aside.
        for name in choice:
            searched[name] = _options_by_size(printed[name], conventions, further=1)
        choice, shared = _cheapest(searched)
    large = [name for name in printed if name not in searched]
    proven, shared = certified_endpoints(
        {name: printed[name] for name in large}, conventions, shared if searched else None, study, deadline, tell
    )
    endpoints = {}
    for name, evidence in printed.items():
        if name in choice:
            endpoints[name] = _endpoint(name, evidence, choice[name], searched[name], shared)
        elif name in proven:
            found = proven[name]
            rest = evidence.without(tuple(item.field for item in found.set_aside))
            endpoints[name] = EndpointInversion(
                name,
                evidence,
                Solution(rest.n, rest.landmarks, {}, rest.counts),
                found.set_aside,
                found.rivals,
                exhaustive=False,
                why_not=_NOTHING_FITS
                if found.contradiction
                else f"the set is too large to list: {size_words(sizes[name])}",
                size=sizes[name],
                certificate=found.certificate,
            )
        else:
            empty = Solution(evidence.n, evidence.landmarks, {})
            endpoints[name] = EndpointInversion(name, evidence, empty, why_not=_NOTHING_FITS)
    reconciled = reconcile(
        study,
        {name: (e.removed, *e.alternatives) for name, e in endpoints.items() if e.histories},
        conventions,
        one_convention=bool(shared),
        days_per_month=days_per_month,
        linked=linked,
        same_follow_up=same_follow_up,
    )
    endpoints = {name: _sharp(endpoint, reconciled) for name, endpoint in endpoints.items()}
    listed = [e.conventions for e in endpoints.values() if e.histories]
    shared = tuple(c for c in shared if all(c in some for some in listed))
    return StudyInversion(study, days_per_month, endpoints, shared, deadline, reconciled=reconciled)


def _sharp(endpoint: EndpointInversion, reconciled: Reconciled) -> EndpointInversion:
    """The endpoint with the histories that stand under everything printed, and what was set aside for that."""
    whole = reconciled.printed.wholes.get(endpoint.endpoint)
    if whole is None:
        return endpoint
    found = reconciled.sharp.get(endpoint.endpoint)
    own = {*whole.curve.fields, *(field for demand in whole.medians for field in demand.fields)}
    chosen = [field for field in reconciled.removed if field in own]
    rest = {field for field in reconciled.removed if field not in own}
    alternatives = [
        tuple(field for field in some if field in own)
        for some in reconciled.sets[1:]
        if {field for field in some if field not in own} == rest
    ]
    endpoint = replace(
        endpoint,
        set_aside=expectations(reconciled.printed, reconciled.removed, chosen),
        alternatives=tuple(alternatives),
    )
    if found is None:
        empty = Solution(endpoint.n, endpoint.evidence.landmarks, {})
        why = "without what had to be set aside there are too many histories to list"
        return replace(endpoint, solution=empty, exhaustive=False, why_not=why)
    return replace(
        endpoint,
        solution=found.solution,
        exhaustive=endpoint.exhaustive and not found.undecided,
        why_not=_undecided(found.undecided),
        removals=found.removals,
        undecided=found.undecided,
    )


def _undecided(number: int) -> str:
    """What to say where some histories could not be decided."""
    if not number:
        return ""
    return f"of {number} histories it was not found out whether days exist for them under everything printed"


def _options_by_size(evidence: Evidence, conventions: tuple[Convention, ...], further: int) -> tuple[Option, ...]:
    """The options of the smallest size that has any; of all sizes up to `further` where that is smaller."""
    solved(evidence, conventions)
    found: list[Option] = []
    first: int | None = None
    for size, some in options(evidence, conventions):
        found.extend(some)
        if some and first is None:
            first = size
        if first is not None and size >= max(first, further):
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
