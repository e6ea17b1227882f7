"""What the bench has to say of a state: first of the curve on display alone, then of the whole paper.

The first answer is made to be quick: it reads the landmarks and counts of the endpoints only, and sets at most one
number an endpoint aside. The full answer is `invert_study`; it also hears the medians, the follow-up and the other
endpoint, and looks for larger repairs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from helpers.conventions import Convention
from helpers.explore.model import CURVE, MOST_COURSES, PAPER, Answer, Course, Passing
from helpers.explore.state import State, shown_endpoint, study_of
from helpers.inversion import EndpointInversion, StudyInversion, invert_study
from helpers.inversion.account import cheapest, chosen_endpoint
from helpers.inversion.certified import size_of
from helpers.inversion.enclosed import certified_band
from helpers.inversion.evidence import ESTIMATE_FIELDS, Evidence, evidence_of
from helpers.inversion.history import states
from helpers.inversion.landmarks import Option, SetAside
from helpers.inversion.paper import conventions_of
from helpers.inversion.printing import printed_text, shown
from helpers.inversion.report import endpoint_timelines
from helpers.inversion.search import TooLargeError
from helpers.inversion.solve import Solution, solve
from helpers.inversion.timelines import Timeline, longest_day, survival_band, timelines
from helpers.ledger import ledger_of
from helpers.narrative.evidence import contradiction_sentences, removal_sentence
from helpers.narrative.phrases import counted, listed
from helpers.narrative.reconstruction import convention_sentence, histories_sentence
from helpers.printed import FIELD_TITLES, PrintedNumber, Rounding, round_root
from helpers.study.model import Study

SMALL = 30  # patients up to whom every job is done without asking how large it will be
QUICK, MOST_QUICK = 300_000, 2_000  # candidates that are formed, histories that are listed for a quick answer
MOST_BANDED = 400  # histories of which the first answer draws a band
DEADLINE = 15.0  # seconds for each endpoint that is too large to list
_SIGNS = dict(zip(ESTIMATE_FIELDS, (0, -1, 1), strict=True))


def first_answer(state: State) -> Answer:
    """The quick answer: which histories print the curve on display.

    Parameters
    ----------
    state : what stands on the bench.

    Raises
    ------
    InputError
        where the state is not a paper that can be read.

    Examples
    --------
    >>> answer = first_answer(State("zhuo2024"))
    >>> answer.fits, answer.count, str(answer.set_aside[0].field)
    (False, 2, 'os_6mo.ci_high')
    """
    study, name, month = study_of(state), shown_endpoint(state), state.month
    conventions = conventions_of(study)
    evidence = {n: evidence_of(study, n, month) for n in study.endpoints}
    evidence = {n: e for n, e in evidence.items() if e.landmarks}
    own = evidence[name]
    if own.n > SMALL and not size_of(own, conventions).listable:
        said = f"**{name}.** More histories than can be listed may fit; what is certain of them is being worked out."
        return _answer(state, CURVE, study, name, own, None, None, (), (), (), (), (said,))
    try:
        alone = _solved(own, conventions)
        searched = {n: options_quickly(e, conventions) for n, e in evidence.items()}
    except TooLargeError:
        said = f"**{name}.** More histories than can be listed may fit; what is certain of them is being worked out."
        return _answer(state, CURVE, study, name, own, None, None, (), (), (), (), (said,))
    choice, shared = cheapest({n: found for n, found in searched.items() if found or n == name})
    if name not in choice:
        said = f"**No history of {own.n} patients prints the {name} curve as it stands.** "
        if all_looked_through(own, conventions):
            said += "Nor does one that leaves out any single number. "
        said += "What would have to change is being looked for."
        return _answer(state, CURVE, study, name, own, False, 0, (), (), (), (), (said,))
    chosen = chosen_endpoint(name, own, choice[name], searched[name], shared)
    if not chosen.histories:
        chosen = chosen_endpoint(name, own, choice[name], searched[name], ())
    found = tuple(t for t in timelines(_first(chosen.solution, MOST_BANDED), None, (), longest_day(study)))
    band = band_steps(found, own.n, int(own.landmarks[-1].day)) if len(chosen.histories) <= MOST_BANDED else ()
    sentences = _curve_sentences(study, chosen, bool(alone.by_convention))
    return _answer(
        state, CURVE, study, name, own, bool(alone.by_convention), len(chosen.histories), chosen.conventions,
        chosen.set_aside, _courses(study, chosen, found), band, sentences,
    )  # fmt: skip


@lru_cache(maxsize=256)
def options_quickly(evidence: Evidence, conventions: tuple[Convention, ...]) -> tuple[Option, ...]:
    """What fits with no number set aside, or else with one."""
    if evidence.n > SMALL and not size_of(evidence, conventions).listable:
        return ()
    whole = _solved(evidence, conventions)
    if whole.by_convention:
        return (Option((), whole),)
    found = []
    for field in evidence.fields:
        rest = evidence.without((field,))
        if rest.landmarks:
            try:
                solution = _solved(rest, conventions)
            except TooLargeError:
                continue  # see `all_looked_through`
            if solution.by_convention:
                found.append(Option((field,), solution))
    return tuple(found)


def all_looked_through(evidence: Evidence, conventions: tuple[Convention, ...]) -> bool:
    """Whether leaving out any single number leaves a job that was done, so that finding nothing means something."""
    for field in evidence.fields:
        rest = evidence.without((field,))
        try:
            if not rest.landmarks:
                return False
            _solved(rest, conventions)
        except TooLargeError:
            return False
    return True


def _solved(evidence: Evidence, conventions: tuple[Convention, ...]) -> Solution:
    """All histories that fit, where that is little work; how large the job is shows as it is done."""
    return solve(evidence.n, evidence.landmarks, conventions, QUICK, evidence.counts, MOST_QUICK)


def full_answer(state: State, deadline: float | None = DEADLINE) -> Answer:
    """The answer of everything printed, without the ledger.

    Parameters
    ----------
    state : what stands on the bench.
    deadline : seconds for each endpoint whose histories are too many to list.
    """
    inversion = _inverted(state, deadline)
    name = shown_endpoint(state)
    study, endpoint = inversion.study, inversion.endpoints[name]
    found = endpoint_timelines(inversion, name)
    last = int(endpoint.landmarks[-1].day)
    certificate = endpoint.certificate
    if found:
        band = band_steps(found, endpoint.n, last)
    elif certificate is not None and certificate.bounds:
        band = _changes(certified_band(certificate, int(certificate.landmarks[-1].day)).itertuples(index=False))
    else:
        band = ()
    fits: bool | None = not endpoint.set_aside and bool(endpoint.histories)
    if certificate is not None:
        fits = False if certificate.contradictory or endpoint.set_aside else None
    sentences = (
        histories_sentence(endpoint),
        *contradiction_sentences(inversion),
        removal_sentence(endpoint),
        convention_sentence(inversion),
    )
    return _answer(
        state, PAPER, study, name, endpoint.evidence, fits,
        len(endpoint.histories) if endpoint.exhaustive and certificate is None else None, endpoint.conventions,
        endpoint.set_aside, _courses(study, endpoint, found), band, tuple(s for s in sentences if s),
    )  # fmt: skip


def with_ledger(answer: Answer, deadline: float | None = DEADLINE) -> Answer:
    """The same answer with every printed number judged by all the others."""
    return replace(answer, ledger=ledger_of(_inverted(answer.state, deadline)))


@lru_cache(maxsize=16)
def _inverted(state: State, deadline: float | None) -> StudyInversion:
    return invert_study(study_of(state), state.month, deadline)


def band_steps(found: Sequence[Timeline], n: int, last: int) -> tuple[tuple[int, float, float], ...]:
    """The identified band where it changes: (day, smallest, largest S from that day on), up to the last landmark."""
    if not found:
        return ()
    turns = {0, last}
    for timeline in found:
        turns.update(day for day in (*timeline.chain.low, *timeline.chain.high) if day <= last)
    days = sorted(turns)
    band, _ = survival_band(tuple(found), n, days)
    return _changes((day, low, high) for day, (low, high) in zip(days, band, strict=True))


def _changes(rows: Iterable[tuple[int, float, float]]) -> tuple[tuple[int, float, float], ...]:
    """Only the rows that differ from the one before, and the last."""
    kept: list[tuple[int, float, float]] = []
    row = None
    for row in ((int(day), float(low), float(high)) for day, low, high in rows):
        if not kept or row[1:] != kept[-1][1:]:
            kept.append(row)
    return tuple(kept) if row is None or row == kept[-1] else (*kept, row)


def _first(solution: Solution, most: int) -> Solution:
    """The first histories of a solution only."""
    some = set(solution.histories[:most])
    kept = {c: tuple(h for h in found if h in some) for c, found in solution.by_convention.items()}
    return replace(solution, by_convention={c: found for c, found in kept.items() if found})


def _courses(study: Study, endpoint: EndpointInversion, found: Sequence[Timeline]) -> tuple[Course, ...]:
    """The first histories, with the days that all their systems together allow."""
    courses = []
    systems: dict[str, list[Timeline]] = {}
    for timeline in found:
        systems.setdefault(timeline.history, []).append(timeline)
    for history in endpoint.histories[:MOST_COURSES]:
        convention = next(c for c, some in endpoint.solution.by_convention.items() if history in some)
        own = systems.get(history, [])
        low = tuple(min(days) for days in zip(*(t.chain.low for t in own), strict=True))
        high = tuple(max(days) for days in zip(*(t.chain.high for t in own), strict=True))
        way = endpoint.solution.bindings(history, convention)[0]
        courses.append(Course(history, convention, low, high, _passed(study, endpoint, history, convention, way)))
    return tuple(courses)


def _passed(
    study: Study, endpoint: EndpointInversion, history: str, convention: Convention, way: tuple[int, ...]
) -> tuple[Passing, ...]:
    curve, found = states(history, endpoint.n), []
    for mark, length in zip(endpoint.solution.landmarks, way, strict=True):
        whole = endpoint.evidence.landmark(mark.claim)
        used = shown(curve[length], convention.rounded_to, convention.rounding)
        texts = [getattr(whole, field) for field in ESTIMATE_FIELDS]
        expected = (
            printed_text(curve[length], convention, sign, number.decimals, whole.scale, whole.level) if number else ""
            for number, sign in zip(texts, _SIGNS.values(), strict=True)
        )
        error = round_root(used.variance, convention.rounded_to or 6, Rounding.HALF_UP)
        first, second, third = (number.text if number else "" for number in texts)
        e1, e2, e3 = expected
        label = study.claim(mark.claim).note or mark.claim
        found.append(
            Passing(mark.claim, label, length, float(used.survival), float(error), (first, second, third), (e1, e2, e3))
        )
    return tuple(found)


def _curve_sentences(study: Study, chosen: EndpointInversion, fits: bool) -> tuple[str, ...]:
    """The quick verdict in words."""
    number = counted(len(chosen.histories), "history", "histories")
    verb = "prints" if len(chosen.histories) == 1 else "print"
    if fits and not chosen.set_aside:
        return (f"**Yes: {number} of {chosen.n} patients {verb} every number of the {chosen.endpoint} curve.**",)
    if fits:
        return (f"**{number.capitalize()} {verb} the {chosen.endpoint} curve** by the account of the whole paper.",)
    item = chosen.set_aside[0]
    label = study.claim(item.field.claim).note or item.field.claim
    instead = f" It would be {listed(item.expected[:4], 'or')}." if item.expected else ""
    others = len(chosen.alternatives)
    rivals = f" Leaving out one of {counted(others, 'other number')} would do as well." if others else ""
    return (
        f"**No history prints these {chosen.endpoint} numbers together.** Without {item.printed} "
        f"({FIELD_TITLES[item.field.name]}, {label}) {number} {verb} the rest.{instead}{rivals}",
    )


def _answer(
    state: State, scope: str, study: Study, name: str, evidence: Evidence, fits: bool | None, count: int | None,
    conventions: tuple[Convention, ...], set_aside: tuple[SetAside, ...], courses: tuple[Course, ...],
    band: tuple[tuple[int, float, float], ...], sentences: tuple[str, ...],
) -> Answer:  # fmt: skip
    endpoint = study.endpoints[name]

    def share(number: PrintedNumber | None, scale: Fraction) -> float | None:
        return None if number is None or not number.reached else float(number.value * scale)

    points = tuple(
        (float(m.day), share(m.value, m.scale), share(m.ci_low, m.scale), share(m.ci_high, m.scale))
        for m in evidence.landmarks
    )
    return Answer(
        state, scope, name, endpoint.name, evidence.n, endpoint.events, endpoint.origin, fits, count, conventions,
        set_aside, courses, band, points, sentences,
    )  # fmt: skip
