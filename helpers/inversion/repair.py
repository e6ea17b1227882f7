"""Repairs: how far a printed number is from what it should be, in slips of the pen."""

from __future__ import annotations

from collections.abc import Iterable


def slips(printed: str, expected: str) -> int:
    """Fewest slips that turn one text into the other: a wrong, missing or extra character, or two swapped neighbours.

    Damerau's distance (restricted): Commun. ACM 1964;7(3):171-176.

    >>> slips("84.50", "87.50"), slips("546", "564"), slips("1037", "1028")
    (1, 1, 2)
    """
    rows = [[0] * (len(expected) + 1) for _ in range(len(printed) + 1)]
    for i in range(len(printed) + 1):
        for j in range(len(expected) + 1):
            if i == 0 or j == 0:
                rows[i][j] = i + j
                continue
            change = printed[i - 1] != expected[j - 1]
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + change)
            if i > 1 and j > 1 and printed[i - 2 : i] == expected[j - 2 : j][::-1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


def one_digit(printed: str, expected: str) -> bool:
    """Whether exactly one digit differs."""
    return len(printed) == len(expected) and sum(a != b for a, b in zip(printed, expected, strict=True)) == 1


def nearest(printed: str, expected: Iterable[str]) -> str | None:
    """The expected text with the fewest slips; the first of several."""
    return min(expected, key=lambda text: slips(printed, text), default=None)


def describe(printed: str, expected: str) -> str:
    """One phrase for the smallest repair.

    >>> describe("546", "564")
    '546 → 564 (two neighbouring digits swapped)'
    """
    if one_digit(printed, expected):
        how = "one digit"
    elif slips(printed, expected) == 1 and sorted(printed) == sorted(expected):
        how = "two neighbouring digits swapped"
    else:
        how = f"{slips(printed, expected)} slips"
    return f"{printed} → {expected} ({how})"
