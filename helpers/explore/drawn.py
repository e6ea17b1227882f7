"""A timeline drawn at random: one reconstructed table, its curve, and what censoring could have hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from helpers.explore.state import State, shown_endpoint, study_of

Steps = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Drawn:
    """One reconstructed table of an endpoint: whole days and event indicators, one patient each, in order of time."""

    state: State
    endpoint: str
    seed: int
    days: tuple[int, ...]
    events: tuple[int, ...]
    note: str = ""

    @property
    def history(self) -> str:
        """The drawn order of events and censorings, without trailing censorings."""
        return "".join("E" if event else "C" for event in self.events).rstrip("C")


def draw(state: State, seed: int) -> Drawn:
    """Draw one table that fits everything printed (after what had to be set aside); the same seed draws the same."""
    from helpers.inversion.draws import draw_patients

    study, name = study_of(state), shown_endpoint(state)
    frame = draw_patients(study, 1, seed)
    days, events = frame[f"{name}_days"], frame[f"{name}_event"]
    known = days.notna()
    rows = sorted(zip(days[known].astype(int), events[known].astype(int), strict=True), key=lambda r: (r[0], -r[1]))
    note = str(frame.attrs.get("distribution") or "")
    return Drawn(state, name, seed, tuple(int(d) for d, _ in rows), tuple(int(e) for _, e in rows), note)


def survival_steps(days: Sequence[int], events: Sequence[int]) -> Steps:
    """The Kaplan-Meier curve as (day, S from that day on), from (0, 1) on; events come before censorings of a day.

    >>> survival_steps([3, 5, 5, 8], [1, 1, 0, 0])
    ((0.0, 1.0), (3.0, 0.75), (5.0, 0.5))
    """
    rows = sorted(zip(days, events, strict=True), key=lambda r: (r[0], -r[1]))
    survival, steps = Fraction(1), [(0.0, 1.0)]
    for left, (day, event) in zip(range(len(rows), 0, -1), rows, strict=True):
        if event:
            survival *= Fraction(left - 1, left)
            if steps[-1][0] == day:
                steps.pop()
            steps.append((float(day), float(survival)))
    return tuple(steps)


def best_case(drawn: Drawn) -> Steps:
    """The curve if everybody who was censored had stayed free of the event to the end of the longest follow-up."""
    last = max(drawn.days, default=0)
    days = [day if event else last for day, event in zip(drawn.days, drawn.events, strict=True)]
    return survival_steps(days, drawn.events)


def worst_case(drawn: Drawn) -> Steps:
    """The curve if everybody who was censored had had the event on that very day."""
    return survival_steps(drawn.days, [1] * len(drawn.days))


def censored_marks(drawn: Drawn) -> Steps:
    """Where the ticks of the censored stand: (day, S)."""
    steps = survival_steps(drawn.days, drawn.events)

    def at(day: int) -> float:
        return [s for d, s in steps if d <= day][-1]

    return tuple((float(d), at(d)) for d, e in zip(drawn.days, drawn.events, strict=True) if not e)
