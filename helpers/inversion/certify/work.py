"""Certify: the certified count, bounds and conventions of a set of histories, and a sample of it, in limited time.

The parts, each with its share of the work: which conventions certainly print nothing, and bounds for the others; a
sample; the count; histories that attain the bounds. Limits are counted in units of work, so that the same question has
the same answer on every machine that is not far too slow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from helpers.conventions import Convention
from helpers.inversion.certify.attain import Attaining, members_of
from helpers.inversion.certify.certificate import Certificate, Enclosure, LandmarkBounds
from helpers.inversion.certify.counting import Count as Counted
from helpers.inversion.certify.counting import Range, count
from helpers.inversion.certify.effort import Effort, OutOfTimeError
from helpers.inversion.certify.groups import Groups
from helpers.inversion.certify.members import has_data
from helpers.inversion.certify.moments import moments_of, rest_of
from helpers.inversion.certify.sampler import Draw, Sample, sample
from helpers.inversion.certify.tails import narrowed
from helpers.inversion.certify.task import Task
from helpers.inversion.evidence import Count, Landmark
from helpers.inversion.history import EVENT
from helpers.inversion.timelines import DEFAULT_LONGEST

QUANTITIES = ("events", "censored", "at_risk")
_DIGITS, _PLAIN = 4, 7  # significant digits of counts, where they have more digits than so many
_WALKED = 12  # histories wanted of each group of conventions before the sample


@dataclass
class _Work:
    """What is known so far. `bounds` are by moment and quantity."""

    task: Task
    groups: Groups
    longest: int
    notes: list[str] = field(default_factory=list)
    late: bool = False
    sample: Sample = Sample((), 0, 0.0)
    counted: Counted = Counted(Range(0, None), {})
    found: dict[str, tuple[Convention, ...]] = field(default_factory=dict)
    bounds: dict[tuple[int, str], Enclosure] = field(default_factory=dict)

    def note(self, text: str, *, late: bool = True) -> None:
        self.notes.append(text)
        self.late |= late

    @property
    def commonest(self) -> list[Convention]:
        """The conventions that are left, those of most histories found first."""
        seen = [c for conventions in self.found.values() for c in conventions]
        alive = self.groups.possible
        return sorted(alive, key=lambda c: (-seen.count(c), alive.index(c)))

    @property
    def draws(self) -> tuple[Draw, ...]:
        """The histories found, in the form of draws."""
        return tuple(Draw(h, cs, self.task.ways(h, cs[0])[0]) for h, cs in self.found.items())

    @property
    def found_conventions(self) -> tuple[Convention, ...]:
        """The conventions under which a history was found."""
        found = {c for conventions in self.found.values() for c in conventions}
        return tuple(c for c in self.groups.conventions if c in found)

    def meet(self, history: str, conventions: Iterable[Convention]) -> None:
        """A history of the set, decided exactly; its values are attained if it has a timeline."""
        known = self.found.get(history, ())
        fresh = [c for c in conventions if c not in known]
        self.found[history] = (*known, *fresh)
        for way in {way for c in fresh for way in self.task.ways(history, c)} if self.bounds else ():
            if has_data(self.task, self.groups.moments, self.groups.rest, history, way, self.longest):
                self._attain(history, way)

    def attained(self, k: int, quantity: str, sign: int) -> bool:
        """Whether a history was found at one end of a bound."""
        bound = self.bounds[k, quantity]
        return bound.low == bound.attained_low if sign > 0 else bound.high == bound.attained_high

    def narrow(self, k: int, quantity: str, sign: int, value: int | None) -> None:
        """An end of a bound moves to the most extreme value that is still possible."""
        if value is not None:
            bound = self.bounds[k, quantity]
            self.bounds[k, quantity] = replace(bound, low=value) if sign > 0 else replace(bound, high=value)

    def _attain(self, history: str, way: Sequence[int]) -> None:
        for mark, length in zip(self.task.landmarks, way, strict=True):
            k = self.groups.moment_of(mark)
            events = history[:length].count(EVENT)
            values = {"events": events, "censored": length - events, "at_risk": self.task.n - length}
            for quantity, value in values.items():
                bound = self.bounds[k, quantity]
                if not bound.low <= value <= bound.high:
                    raise AssertionError(f"{history} lies outside the certified bounds of {quantity} at {mark.claim}")
                self.bounds[k, quantity] = bound.seen(value)


def certify(
    n: int,
    landmarks: Sequence[Landmark],
    conventions: Sequence[Convention],
    counts: Sequence[Count] = (),
    deadline: float | None = None,
    seed: int = 0,
    size: int = 200,
    longest: int = DEFAULT_LONGEST,
) -> Certificate:
    """Certified count and bounds, and a seeded sample, for a set of histories that need not be listable.

    Parameters
    ----------
    n : patients at the start.
    landmarks : in order of time, as for `solve`.
    conventions : the ones to allow.
    counts : printed numbers at risk, events and censorings.
    deadline : seconds; they buy so many units of work, of which an idle machine of today does about three times as
        many in that time. What is known by then is returned, with `complete` False. None: the work of twenty seconds,
        and patience with a busy machine.
    seed : of the sample.
    size : draws wanted.
    longest : largest possible day.
    """
    effort = Effort.usual(deadline)
    task = Task(n, tuple(landmarks), tuple(counts))
    moments = moments_of(n, task.landmarks, task.counts)
    groups = Groups(n, moments, rest_of(n, moments, task.counts, longest), tuple(conventions))
    work = _Work(task, groups, longest)
    if not groups.search(effort.part(0.3)):
        work.note("limit reached: the bounds could be narrower")
    if groups.possible and landmarks:
        _bounds(work)
        _start(work)
        _walk(work, effort.part(0.2), seed)
        _attain(work, effort.part(0.4), seed)
        _sample(work, size, effort.part(0.5), seed)
        _count(work, effort.part(0.8))
        groups.exclude_single(work.found_conventions, effort)
        _remark(work)
    return _certificate(work)


def _bounds(work: _Work) -> None:
    """Bounds of every quantity from the passages."""
    if not work.groups.known:
        work.note("limit reached: no certified bounds")
        return
    n = work.task.n
    for k, passage in enumerate(work.groups.passages):
        values = {
            "events": [e for _, e in passage.lengths],
            "censored": [m - e for m, e in passage.lengths],
            "at_risk": [n - m for m, _ in passage.lengths],
        }
        for quantity, some in values.items():
            work.bounds[k, quantity] = Enclosure(min(some), max(some))


def _start(work: _Work) -> None:
    """The history without any event, which the sample leaves out."""
    fitting = [c for c in work.groups.possible if work.task.ways("", c)]
    if fitting:
        work.meet("", fitting)


def _sample(work: _Work, size: int, effort: Effort, seed: int) -> None:
    work.sample = sample(work.task, work.groups.possible, size, effort, seed)
    for history, conventions in {draw.history: draw.conventions for draw in work.sample.draws}.items():
        work.meet(history, conventions)
    if not work.sample.finished:
        work.note(f"limit reached: {len(work.sample.draws)} of {size} histories were drawn")


def _count(work: _Work, effort: Effort) -> None:
    order = work.commonest
    work.counted = count(work.task, order, effort.part(0.4))
    if not work.counted.finished:
        work.note("limit reached: the range of the count could be narrower")
    if not work.counted.union.close:
        open_ = [c for c in order if work.counted.by_convention.get(c, Range(0, None)).high != 0]
        narrow = narrowed(work.task, open_, work.sample.draws or work.draws, effort)
        work.counted = replace(work.counted, union=work.counted.union.tightened(narrow))


def _walk(work: _Work, effort: Effort, seed: int) -> None:
    """A few histories for every group of conventions, so that it is known which are possible."""
    try:
        for history, conventions in members_of(work.groups, work.task, _WALKED, effort, seed):
            work.meet(history, conventions)
    except OutOfTimeError:
        work.note("limit reached: some conventions may be possible although no history was found for them")


def _attain(work: _Work, effort: Effort, seed: int) -> None:
    """Histories at the ends of the bounds, or narrower bounds."""
    try:
        for (k, quantity), sign in product(list(work.bounds), (1, -1)):
            end = Attaining(work.groups, work.task, k, quantity, sign)
            if work.attained(k, quantity, sign):
                continue
            for history, conventions in end.search(effort, seed):
                work.meet(history, conventions)
                work.narrow(k, quantity, sign, end.value)
                if work.attained(k, quantity, sign):
                    break
            work.narrow(k, quantity, sign, end.value)
    except OutOfTimeError:
        work.note("limit reached: not every bound was tried for a history that attains it")


def _remark(work: _Work) -> None:
    """What the reader should know about the limits of the method itself."""
    if work.task.partial:
        work.note("printed events and censorings do not enter the upper limit of the count", late=False)
    if len(work.task.landmarks) > 1 and len(work.groups.possible) > 1:
        work.note(
            "the upper limit of the count lets each landmark be printed under a convention of its own", late=False
        )
    if work.task.zero_phase(work.groups.possible) is not None:
        work.note("histories that end with S = 0 are counted and bounded, but not sampled", late=False)
    if any(not bound.sharp for bound in work.bounds.values()):
        work.note("some bounds are certain but no history that attains them was found", late=False)


def _certificate(work: _Work) -> Certificate:
    groups, task = work.groups, work.task
    none = {c for c, r in work.counted.by_convention.items() if r.high == 0}
    count = work.counted.union
    if not groups.possible or count.high == 0:
        none, count = set(groups.conventions), Range(0, 0)
        work.notes, work.late, work.bounds = [], False, {}
    found = work.found_conventions
    if none & set(found) or (count.high is not None and count.high < len(work.found)):
        raise AssertionError("a history was found where the certificate says that there is none")
    passages = groups.passages if work.bounds else ()
    bounds = []
    for mark in task.landmarks if work.bounds else ():
        k = groups.moment_of(mark)
        events, censored, at_risk = (work.bounds[k, quantity] for quantity in QUANTITIES)
        bounds.append(LandmarkBounds(mark.claim, events, censored, at_risk, passages[k].survival))
    possible = [c for c in groups.possible if c not in none]
    return Certificate(
        n=task.n,
        landmarks=task.landmarks,
        counts=task.counts,
        longest=work.longest,
        count=_outwards(count.tightened(Range(len(work.found), None))),
        by_convention=work.counted.by_convention,
        conventions=found,
        excluded=tuple(c for c in groups.conventions if c not in possible),
        undecided=tuple(c for c in possible if c not in found),
        bounds=tuple(bounds),
        moments=groups.moments,
        passages=passages,
        rest=groups.rest,
        members=dict(work.found),
        sample=work.sample.draws,
        estimate=work.sample.estimate,
        error=work.sample.error,
        complete=not work.late,
        notes=tuple(work.notes),
    )


def _outwards(count: Range) -> Range:
    """Large numbers to a few digits, so that nothing hangs on the last bit of a sum."""

    def rounded(number: int, up: int) -> int:
        unit = 10 ** max(0, len(str(number)) - _DIGITS) if number >= 10**_PLAIN else 1
        return (number + up * (unit - 1)) // unit * unit

    return Range(rounded(count.low, 0), None if count.high is None else rounded(count.high, 1))
