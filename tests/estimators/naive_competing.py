"""Competing risks one day at a time, in fractions: slow, obvious, written separately."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

Rows = list[tuple[int, int]]

cohorts: st.SearchStrategy[Rows] = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), min_size=1, max_size=22)


def incidence(rows: Rows, cause: int, day: int) -> Fraction:
    alive, reached = Fraction(1), Fraction(0)
    for t in sorted({d for d, _ in rows if d <= day}):
        n = sum(d >= t for d, _ in rows)
        reached += alive * Fraction(rows.count((t, cause)), n)
        alive *= 1 - Fraction(sum(d == t and c > 0 for d, c in rows), n)
    return reached


def variance(rows: Rows, cause: int, day: int) -> Fraction:
    """Delta method: the multinomial variance of each day's steps, times what a step there does to F on the day."""
    total = Fraction(0)
    for t in sorted({d for d, c in rows if d <= day and c > 0}):
        n = sum(d >= t for d, _ in rows)
        own = Fraction(rows.count((t, cause)), n)
        others = Fraction(sum(d == t and c not in (0, cause) for d, c in rows), n)
        before = 1 - sum((incidence(rows, k, t - 1) for k in (1, 2, 3)), Fraction(0))
        after = before * (1 - own - others)
        later = (incidence(rows, cause, day) - incidence(rows, cause, t)) / after if after else Fraction(0)
        # An event of the cause adds its share and takes the future away; another event only takes it away.
        gain, loss = before * (1 - later), -before * later
        mean = own * gain + others * loss
        total += (own * gain**2 + others * loss**2 - mean**2) / n
    return total
