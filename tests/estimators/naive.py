"""Textbook Kaplan-Meier, one patient list and one day at a time, in fractions: slow, obvious, written separately."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

Rows = list[tuple[int, int]]

# Few distinct days, so that ties of every kind are common.
cohorts: st.SearchStrategy[Rows] = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 1)), min_size=1, max_size=25)


def split(rows: Rows) -> tuple[list[int], list[int]]:
    return [day for day, _ in rows], [event for _, event in rows]


def survival(rows: Rows, day: float) -> Fraction:
    s = Fraction(1)
    for t in sorted({d for d, _ in rows if d <= day}):
        at_risk = [d for d, _ in rows if d >= t]
        died = [d for d, event in rows if d == t and event]
        s = s * (1 - Fraction(len(died), len(at_risk)))
    return s


def greenwood(rows: Rows, day: float) -> Fraction | None:
    g = Fraction(0)
    for t in sorted({d for d, _ in rows if d <= day}):
        n = sum(1 for d, _ in rows if d >= t)
        deaths = sum(1 for d, event in rows if d == t and event)
        if n == deaths:
            return None
        g = g + Fraction(deaths, n * (n - deaths))
    return g


def mean(rows: Rows, horizon: int) -> Fraction:
    """Area below the curve, day by day; all days are whole."""
    return sum((survival(rows, day) for day in range(horizon)), Fraction(0))


def mean_variance(rows: Rows, horizon: int) -> Fraction:
    variance = Fraction(0)
    for t in sorted({d for d, _ in rows if d <= horizon}):
        n = sum(1 for d, _ in rows if d >= t)
        deaths = sum(1 for d, event in rows if d == t and event)
        if n > deaths:
            beyond = mean(rows, horizon) - mean(rows, t)
            variance = variance + beyond**2 * Fraction(deaths, n * (n - deaths))
    return variance
