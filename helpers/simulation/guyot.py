"""Guyot's reconstruction (2012), as IPDfromKM and others use it: one guessed data set from a curve's clicks.

Written anew from the algorithm of Guyot, Ades, Ouwens and Welton, "Enhanced secondary analysis of survival data:
reconstructing the data from published Kaplan-Meier survival curves", BMC Med Res Methodol 2012;12:9. Between two
published numbers at risk, censorings are spread evenly and the events at each click are those that bring S down to the
click, rounded to whole patients; the number of censorings is then changed until the next number at risk is met.
Without numbers at risk nobody is censored, unless the total of events is known, which then sets the censorings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from helpers.simulation.cohort import Cohort, cohort

_TURNS = 500


@dataclass(frozen=True)
class Clicks:
    """Points read off a curve: times, rising from 0, and S there, never rising, from 1; both shape (k,)."""

    times: tuple[float, ...]
    survival: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse what is no curve."""
        if self.times[0] != 0 or self.survival[0] != 1:
            raise ValueError("a curve starts at time 0 with S = 1")
        if list(self.times) != sorted(self.times) or list(self.survival) != sorted(self.survival, reverse=True):
            raise ValueError("times must rise and S must not")


@dataclass
class _State:
    """What is being built: at each click the number at risk, deaths, censorings and the rebuilt curve."""

    at_risk: list[int]
    deaths: list[int]
    censored: list[int]
    rebuilt: list[float]
    last: int = 0
    spread: dict[int, list[float]] = field(default_factory=dict)


def reconstruct(clicks: Clicks, at_risk: Sequence[tuple[float, int]], events: int | None = None) -> Cohort:
    """The data set that the algorithm returns.

    Parameters
    ----------
    clicks : what was read off the curve.
    at_risk : published times and numbers at risk; the first is (0, n).
    events : published total of events, if any.

    Returns
    -------
    Cohort
        n patients: deaths at clicks, censorings between them, and those still at risk at the last click.
    """
    size = len(clicks.times)
    lower = [next((k for k, t in enumerate(clicks.times) if t >= time), size) for time, _ in at_risk]
    kept = [k for k, first in enumerate(lower) if first < size]
    lower, numbers = [lower[k] for k in kept], [at_risk[k][1] for k in kept]
    upper = [*(first - 1 for first in lower[1:]), size - 1]
    state = _State([numbers[0]] + [0] * size, [0] * size, [0] * size, [1.0] * size)
    guesses: list[int] = []
    lasts = [0]
    for i in range(len(lower) - 1):
        guess = _first_guess(clicks, lower, numbers, i)
        for _ in range(_TURNS):
            state.last = lasts[i]
            guess = max(guess, 0)
            _fill(clicks, state, lower[i], upper[i], clicks.times[lower[i + 1]], numbers[i], guess)
            off = state.at_risk[lower[i + 1]] - numbers[i + 1]
            if off == 0 or (off < 0 and guess == 0):
                break
            guess += off
        guesses.append(guess)
        numbers[i + 1] = min(numbers[i + 1], state.at_risk[lower[i + 1]])
        lasts.append(state.last)
    _last_interval(clicks, state, lower[-1], upper[-1], numbers[-1], guesses, lasts[-1], lower, events)
    return _patients(clicks, state)


def _first_guess(clicks: Clicks, lower: list[int], numbers: list[int], i: int) -> int:
    """Censorings of an interval if all of them came at its end."""
    here, there = clicks.survival[lower[i]], clicks.survival[lower[i + 1]]
    return round(numbers[i] * there / here - numbers[i + 1]) if here else 0


def _last_interval(
    clicks: Clicks,
    state: _State,
    first: int,
    end: int,
    number: int,
    guesses: list[int],
    last: int,
    lower: list[int],
    events: int | None,
) -> None:
    """After the last number at risk: censorings at the rate of before, or as many as the total of events wants."""
    guess = 0
    if guesses:
        before = clicks.times[first - 1] - clicks.times[lower[0]]
        rate = sum(guesses) / before if before else 0.0
        guess = min(round(rate * (clicks.times[end] - clicks.times[first])), number)
    past = sum(state.deaths[:first])
    if events is not None and past >= events and guesses:
        # All deaths have happened: from here on the curve is taken to be flat.
        state.at_risk[first:] = [number] * (len(state.at_risk) - first)
        state.deaths[first:] = [0] * (len(state.deaths) - first)
        return
    for _ in range(_TURNS):
        state.last = last
        _fill(clicks, state, first, end, clicks.times[end], number, max(guess, 0))
        total = past + sum(state.deaths[first : end + 1])
        if events is None or total == events or (total < events and guess <= 0):
            return
        if guess > number:
            return
        guess = max(guess, 0) + total - events


def _fill(clicks: Clicks, state: _State, first: int, end: int, until: float, number: int, censored: int) -> None:
    """Deaths and censorings of one interval, from its first to its last click, censorings evenly spread."""
    start = clicks.times[first]
    moments = [start + (j + 1) * (until - start) / (censored + 1) for j in range(censored)]
    state.spread[first] = moments
    state.at_risk[first] = number
    for k in range(first, end + 1):
        following = clicks.times[k + 1] if k < end else float("inf")
        state.censored[k] = sum(clicks.times[k] <= m < following for m in moments)
        before = state.rebuilt[state.last]
        share = 0.0 if k == 0 or before == 0 else 1 - clicks.survival[k] / before
        died = min(max(round(state.at_risk[k] * share), 0), state.at_risk[k])
        state.deaths[k] = died
        state.rebuilt[k] = before * (1 - died / state.at_risk[k]) if state.at_risk[k] else before
        left = state.at_risk[k] - died - state.censored[k]
        if left < 0:
            state.censored[k] = state.at_risk[k] - died
            left = 0
        state.at_risk[k + 1] = left
        if died:
            state.last = k


def _patients(clicks: Clicks, state: _State) -> Cohort:
    rows: list[tuple[Fraction, bool]] = []
    for k, time in enumerate(clicks.times):
        later = clicks.times[k + 1] if k + 1 < len(clicks.times) else time
        rows += [(Fraction(time), True)] * state.deaths[k]
        rows += [(Fraction((time + later) / 2), False)] * state.censored[k]
    left = state.at_risk[len(clicks.times)]
    return cohort(rows + [(Fraction(clicks.times[-1]) + 1, False)] * left)


def landmark_clicks(days: Sequence[Fraction], survival: Sequence[Fraction]) -> Clicks:
    """Printed landmarks as clicks. A step curve has its height just before a landmark too: it is clicked twice."""
    times, heights = [0.0], [1.0]
    for day, s in zip(days, survival, strict=True):
        height = min(heights[-1], float(s))
        just_before = max(times[-1], float(day) * (1 - 1e-6))
        times += [just_before, float(day)]
        heights += [height, height]
    return Clicks(tuple(times), tuple(heights))


def curve_clicks(patients: Cohort, until: Fraction, decimals: int = 3) -> Clicks:
    """A whole curve up to a day, read off without error but for rounding of S: more than any paper prints in words."""
    moments = sorted({d for d, e in zip(patients.days, patients.events, strict=True) if e and 0 < d <= until})
    heights = [round(float(patients.curve(day)[0]), decimals) for day in moments]
    end, last = float(until), heights[-1] if heights else 1.0
    return Clicks((0.0, *map(float, moments), end), (1.0, *heights, last))
