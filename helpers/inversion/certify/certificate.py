"""The certificate: what is certain about a set of histories too large to list.

Everything here is a statement about the whole set except the sample and the estimate. Bounds contain every history of
the set; a bound is sharp where a history of the set, decided exactly, attains it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from time import monotonic

from helpers.conventions import Convention
from helpers.inversion.certify.bounds import Passages, passages
from helpers.inversion.certify.counting import Count as Counted
from helpers.inversion.certify.counting import Range, count, excluded
from helpers.inversion.certify.grid import grid_of
from helpers.inversion.certify.sampler import Draw, Sample, sample
from helpers.inversion.certify.tails import narrowed
from helpers.inversion.certify.task import Clock, OutOfTimeError, Task
from helpers.inversion.certify.witness import witness
from helpers.inversion.evidence import Count, Landmark
from helpers.inversion.history import EVENT, order_key

QUANTITIES = ("events", "censored", "at_risk")
_BOUND_CELLS = (500_000, 4_000_000, 20_000_000, 60_000_000)
_WITNESS_SECONDS = 4.0


@dataclass(frozen=True)
class Bound:
    """Every history of the set lies in low…high; histories of the set were found from attained_low to attained_high."""

    low: int
    high: int
    attained_low: int | None = None
    attained_high: int | None = None

    @property
    def sharp(self) -> bool:
        """Whether both ends are attained."""
        return self.low == self.attained_low and self.high == self.attained_high

    def seen(self, value: int) -> Bound:
        """With one more value attained."""
        lows = [x for x in (self.attained_low, value) if x is not None]
        highs = [x for x in (self.attained_high, value) if x is not None]
        return Bound(self.low, self.high, min(lows), max(highs))


@dataclass(frozen=True)
class LandmarkBounds:
    """Certified bounds up to one landmark: events, censorings before the last of them, patients left just after it.

    `survival` are bounds on S as a proportion, rounded outwards.
    """

    claim: str
    events: Bound
    censored: Bound
    at_risk: Bound
    survival: tuple[float, float]


@dataclass(frozen=True)
class Certificate:
    """What is known about the set of histories.

    Attributes
    ----------
    count : certified range for the number of histories under at least one convention.
    by_convention : certified ranges for single conventions, where computed.
    conventions : those under which a history was found; `excluded` certainly have none, `undecided` are the rest.
    bounds : one entry a landmark; empty where nothing fits or time ran out before the first bounds.
    sample : seeded draws from the set, uniform, with repetition.
    estimate, error : size of the set by the sample, with its standard error; not certified.
    complete : whether every part was finished within the time limit.
    notes : what is missing or limited, in plain words.
    """

    n: int
    count: Range
    by_convention: dict[Convention, Range]
    conventions: tuple[Convention, ...]
    excluded: tuple[Convention, ...]
    undecided: tuple[Convention, ...]
    bounds: tuple[LandmarkBounds, ...]
    sample: tuple[Draw, ...]
    estimate: float | None
    error: float | None
    complete: bool
    notes: tuple[str, ...]
    seconds: float

    @property
    def contradictory(self) -> bool:
        """Whether it is certain that no history fits."""
        return self.count.high == 0

    @property
    def histories(self) -> tuple[str, ...]:
        """The sampled histories without repetition, in ladder order."""
        return tuple(sorted({draw.history for draw in self.sample}, key=order_key))


@dataclass
class _Work:
    """What is known so far."""

    task: Task
    conventions: tuple[Convention, ...]
    notes: list[str] = field(default_factory=list)
    late: bool = False
    sample: Sample = Sample((), 0, 0.0)
    counted: Counted = Counted(Range(0, None), {})
    passing: tuple[Passages, ...] = ()
    found: dict[str, tuple[Convention, ...]] = field(default_factory=dict)
    bounds: dict[tuple[int, str], Bound] = field(default_factory=dict)

    def note(self, text: str, *, late: bool = True) -> None:
        self.notes.append(text)
        self.late |= late

    @property
    def commonest(self) -> list[Convention]:
        """The conventions, those of most histories found first."""
        seen = [c for conventions in self.found.values() for c in conventions]
        return sorted(self.conventions, key=lambda c: (-seen.count(c), self.conventions.index(c)))

    def meet(self, history: str, conventions: Iterable[Convention]) -> None:
        """A history of the set, decided exactly."""
        known = self.found.get(history, ())
        self.found[history] = tuple(dict.fromkeys((*known, *conventions)))


def certify(
    n: int,
    landmarks: Sequence[Landmark],
    conventions: Sequence[Convention],
    counts: Sequence[Count] = (),
    deadline: float = 30.0,
    seed: int = 0,
    size: int = 200,
) -> Certificate:
    """Certified count and bounds, and a seeded sample, for a set of histories that need not be listable.

    Parameters
    ----------
    n : patients at the start.
    landmarks : in order of time, as for `solve`.
    conventions : the ones to allow.
    counts : printed numbers at risk cut the ladder; events and censorings are used for the sample and the witnesses.
    deadline : seconds; what is known by then is returned, with `complete` False.
    seed : of the sample.
    size : draws wanted.
    """
    begin = monotonic()
    clock = Clock(deadline)
    task = Task(n, tuple(landmarks), tuple(counts))
    gone = excluded(task, conventions, clock.part(0.25)) if landmarks else tuple(conventions)
    work = _Work(task, tuple(c for c in conventions if c not in gone))
    if work.conventions:
        _sample(work, size, clock.part(0.3), seed)
        _bounds(work, clock.part(0.35))
        _count(work, clock.part(0.65))
        _witnesses(work, clock)
        _remark(work)
    else:
        work.counted = Counted(Range(0, 0), {})
    if work.counted.union.high == 0:  # nothing is left to say, however little time the other parts had
        work.notes, work.late = [], False
    return _certificate(work, gone, monotonic() - begin)


def _sample(work: _Work, size: int, clock: Clock, seed: int) -> None:
    work.sample = sample(work.task, work.conventions, size, clock, seed)
    for draw in work.sample.draws:
        work.meet(draw.history, draw.conventions)
    if not work.sample.finished:
        work.note(f"time limit: {len(work.sample.draws)} of {size} histories were drawn")


def _bounds(work: _Work, clock: Clock) -> None:
    """Bounds on ever finer grids, until the sample attains them or the time is gone."""
    for cells in _BOUND_CELLS:
        before = clock.left
        try:
            grid = grid_of(work.task, work.conventions, cells)
            if not grid.empty:
                work.passing = passages(grid, work.conventions, clock)
        except OutOfTimeError:
            if not work.passing:
                work.note("time limit: no certified bounds")
            return
        _read_bounds(work)
        if all(b.sharp for b in work.bounds.values()) or (before - clock.left) * 6 > clock.left:
            return


def _read_bounds(work: _Work) -> None:
    """Bounds of every quantity from the passages and the printed events, and what the known histories attain."""
    task, fresh = work.task, {}
    if not work.passing or not all(p.events for p in work.passing):
        work.bounds = {}
        return
    for k, passing in enumerate(work.passing):
        number = _events_printed_at(task, k)
        if number is not None:
            kept = {m: (number, number) for m, (low, high) in passing.events.items() if low <= number <= high}
            passing.events = kept or passing.events
        for quantity in QUANTITIES:
            low, high = passing.span(quantity, task.n)
            old = work.bounds.get((k, quantity))
            fresh[k, quantity] = Bound(max(low, old.low), min(high, old.high)) if old else Bound(low, high)
    work.bounds = fresh
    for history, conventions in work.found.items():
        _attain(work, history, conventions)


def _events_printed_at(task: Task, k: int) -> int | None:
    """The number of events printed for the very moment of landmark k, if any."""
    day = task.landmarks[k].day
    later = [mark.day for mark in task.landmarks[k + 1 :]]
    return next((c.number for c in task.counts if c.kind == "events" and c.day == day and day not in later), None)


def _attain(work: _Work, history: str, conventions: Iterable[Convention]) -> None:
    for convention in conventions:
        for way in work.task.ways(history, convention):
            for k, length in enumerate(way):
                events = history[:length].count(EVENT)
                values = {"events": events, "censored": length - events, "at_risk": work.task.n - length}
                for quantity, value in values.items():
                    if (k, quantity) in work.bounds:
                        work.bounds[k, quantity] = work.bounds[k, quantity].seen(value)


def _count(work: _Work, clock: Clock) -> None:
    order = work.commonest
    work.counted = count(work.task, order, clock.part(0.35))
    if not work.counted.finished:
        work.note("time limit: the range of the count could be narrower")
    if not work.counted.union.close:
        open_ = [c for c in order if work.counted.by_convention.get(c, Range(0, None)).high != 0]
        narrow = narrowed(work.task, open_, work.sample.draws, clock)
        work.counted = replace(work.counted, union=work.counted.union.tightened(narrow))


def _witnesses(work: _Work, clock: Clock) -> None:
    """Histories that attain what the sample does not, by integer programming."""
    for convention in work.commonest[:2]:
        for k, quantity in list(work.bounds):
            for sign in (1, -1):
                bound = work.bounds[k, quantity]
                done = bound.low == bound.attained_low if sign > 0 else bound.high == bound.attained_high
                if done or work.counted.union.high == 0:
                    continue
                if clock.left < 0.2:
                    work.note("time limit: not every bound was tried for a history that attains it")
                    return
                seconds = min(_WITNESS_SECONDS, clock.left)
                history = witness(work.task, work.passing, convention, k, quantity, sign, seconds)
                if history is not None:
                    work.meet(history, (convention,))
                    _attain(work, history, (convention,))


def _remark(work: _Work) -> None:
    """What the reader should know about the limits of the method itself."""
    if work.task.partial:
        work.note("printed events and censorings hardly enter the bounds, nor the upper limit of the count", late=False)
    if len(work.task.landmarks) > 1 and len(work.conventions) > 1:
        work.note("bounds and upper limit let each landmark be printed under a convention of its own", late=False)
    if work.task.zero_phase(work.conventions) is not None:
        work.note("histories that end with S = 0 are counted and bounded, but not sampled", late=False)
    if any(not bound.sharp for bound in work.bounds.values()):
        work.note("some bounds are certain but no history that attains them was found", late=False)


def _certificate(work: _Work, gone: tuple[Convention, ...], seconds: float) -> Certificate:
    possible = {c for conventions in work.found.values() for c in conventions}
    counted = work.counted
    none = {c for c, r in counted.by_convention.items() if r.high == 0} - possible
    out = {*gone, *none, *(work.conventions if counted.union.high == 0 else ())}
    union, bounds = counted.union.tightened(Range(len(work.found), None)), []
    for k, mark in enumerate(work.task.landmarks if work.bounds and union.high != 0 else ()):
        survival = work.passing[k].survival or (0.0, 1.0)
        events, censored, at_risk = (work.bounds[k, quantity] for quantity in QUANTITIES)
        bounds.append(LandmarkBounds(mark.claim, events, censored, at_risk, survival))
    ordered = (*work.conventions, *gone)
    return Certificate(
        work.task.n,
        union,
        counted.by_convention,
        tuple(c for c in work.conventions if c in possible),
        tuple(c for c in ordered if c in out),
        tuple(c for c in work.conventions if c not in possible and c not in out),
        tuple(bounds),
        work.sample.draws,
        work.sample.estimate,
        work.sample.error,
        not work.late,
        tuple(work.notes),
        seconds,
    )
