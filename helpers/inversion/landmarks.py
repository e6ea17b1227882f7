"""One endpoint's landmarks, inverted: what fits, what has to be set aside, and what the rest predicts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations

from helpers.conventions import Convention
from helpers.inversion.counts import possible
from helpers.inversion.evidence import ESTIMATE_FIELDS, Count, Evidence, Field, Landmark
from helpers.inversion.history import State, states
from helpers.inversion.printing import printed_text
from helpers.inversion.repair import nearest, one_digit, slips
from helpers.inversion.search import TooLargeError
from helpers.inversion.solve import Solution, solve

MAX_SET_ASIDE = 3
MOST_LISTED = 20_000  # histories; what every one of them implies has to be gone through again and again
_SIGNS = dict(zip(ESTIMATE_FIELDS, (0, -1, 1), strict=True))


@dataclass(frozen=True)
class SetAside:
    """A printed number that the others contradict, and the digits they predict in its place.

    Where they are too many to list, `expected` is empty, `span` has the smallest and the largest, and `closest` the
    ones with the fewest slips.
    """

    field: Field
    printed: str
    expected: tuple[str, ...]
    span: tuple[str, str] | None = None
    closest: str | None = None

    @property
    def nearest(self) -> str | None:
        """The expected digits with the fewest slips."""
        return self.closest if self.closest is not None else nearest(self.printed, self.expected)

    @property
    def slips(self) -> int:
        """Slips to the nearest expected digits; as many as there are digits where nothing is expected."""
        return slips(self.printed, self.nearest) if self.nearest is not None else len(self.printed)

    @property
    def one_digit(self) -> bool:
        """Whether one changed digit repairs it."""
        return any(one_digit(self.printed, text) for text in (*self.expected, self.closest or ""))


@dataclass(frozen=True)
class Option:
    """One way to make an endpoint's landmarks consistent: what to set aside, and what then fits."""

    removed: tuple[Field, ...]
    solution: Solution


@dataclass(frozen=True)
class Prediction:
    """What the rest says about one field: the texts it allows, or only their range, or nothing.

    `texts` is None where nothing can be said or the set is too large to go through; `why` then says which.
    """

    texts: tuple[str, ...] | None
    why: str = ""
    bounds: tuple[str, str] | None = field(default=None)


def options(evidence: Evidence, conventions: tuple[Convention, ...]) -> Iterator[tuple[int, tuple[Option, ...]]]:
    """Sizes 0, 1, 2, … and, for each, every set of that many fields whose removal leaves something that fits.

    Where too many histories would be left to list, the set is passed over without trying.
    """
    from helpers.inversion.certify.size import job_size

    fields = evidence.fields
    for size in range(min(MAX_SET_ASIDE, len(fields)) + 1):
        found = []
        for removed in combinations(fields, size):
            rest = evidence.without(removed)
            if not job_size(rest.n, rest.landmarks, conventions, rest.counts).listable:
                continue
            try:
                solution = solved(rest, conventions)
            except TooLargeError:
                continue
            if solution.by_convention:
                found.append(Option(removed, solution))
        yield size, tuple(found)


def landmark_states(solution: Solution, position: int) -> Iterator[tuple[Convention, State]]:
    """Each convention with each state in which a fitting history can pass one of the solution's landmarks."""
    for convention, histories in solution.by_convention.items():
        seen: set[State] = set()
        for history in histories:
            curve = states(history, solution.n)
            for way in solution.bindings(history, convention):
                state = curve[way[position]]
                if state not in seen:
                    seen.add(state)
                    yield convention, state


def solved(evidence: Evidence, conventions: tuple[Convention, ...]) -> Solution:
    """All histories that fit some evidence."""
    return solve(evidence.n, evidence.landmarks, conventions, counts=evidence.counts, most=MOST_LISTED)


def predict(
    evidence: Evidence, target: Field, set_aside: Iterable[Field], conventions: tuple[Convention, ...]
) -> Prediction:
    """What the evidence says about `target` when that is not read itself, nor anything that is set aside.

    Parameters
    ----------
    evidence : everything printed about the endpoint.
    target : the field to predict.
    set_aside : fields that must not be used.
    conventions : the conventions allowed.
    """
    rest = evidence.without({*set_aside, target})
    if not rest.fields or not rest.landmarks:
        return Prediction(None, "no other printed number of this endpoint bears on it")
    try:
        solution = solved(rest, conventions)
    except TooLargeError as error:
        return Prediction(None, f"too many histories to go through ({error})")
    count = next((c for c in evidence.counts if c.field == target), None)
    if count is not None:
        return _predicted_count(solution, count)
    mark = evidence.landmark(target.claim)
    position = evidence.landmarks.index(mark)
    if position >= len(rest.landmarks):
        return _after_the_last(solution, mark, target)
    decimals = getattr(mark, target.name).decimals
    texts = {
        printed_text(state, convention, _SIGNS[target.name], decimals, mark.scale, mark.level)
        for convention, state in landmark_states(solution, position)
    }
    return Prediction(tuple(sorted(texts, key=Fraction)))


def _predicted_count(solution: Solution, count: Count) -> Prediction:
    """The numbers that the surviving histories can show for a printed count."""
    numbers = {
        k
        for convention, histories in solution.by_convention.items()
        for history in histories
        for way in solution.bindings(history, convention)
        for k in possible(history, solution.n, solution.landmarks, way, count.kind, count.day)
    }
    return Prediction(tuple(map(str, sorted(numbers))))


def _after_the_last(solution: Solution, mark: Landmark, target: Field) -> Prediction:
    """Nothing is printed at this landmark or later: S can be anything from 0 to its value at the one before."""
    if target.name != "value":
        return Prediction(None, "no other number is printed at this landmark")
    decimals = getattr(mark, target.name).decimals
    texts = {
        printed_text(state, convention, 0, decimals, mark.scale, mark.level)
        for convention, state in landmark_states(solution, len(solution.landmarks) - 1)
    }
    if not texts:
        return Prediction(())
    return Prediction(None, "only the landmark before bounds it", ("0", max(texts, key=Fraction)))


def set_aside_with_expectation(
    evidence: Evidence, removed: tuple[Field, ...], conventions: tuple[Convention, ...]
) -> tuple[SetAside, ...]:
    """For each removed field: the digits in print and the digits that the rest predicts."""
    found = []
    for target in removed:
        prediction = predict(evidence, target, removed, conventions)
        found.append(SetAside(target, evidence.printed_text(target), prediction.texts or ()))
    return tuple(found)
