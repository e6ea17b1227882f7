"""The search: every history whose curve passes through a window at each landmark.

The ladder identity makes it cheap. On a history with risk sets n, n-1, … each step multiplies the risk set by
(r - 1)/r, so with m patients left and censorings at the risk-set sizes C

    ln S = ln(m / n) + Σ_C ln(r / (r - 1)),        G = 1/m - 1/n - Σ_C 1 / (r (r - 1)).

A history is its length and its set C: two sums over a subset must fall into two windows. The free positions are cut
into two halves, the subsets of one half are sorted, and each subset of the other half looks up its partners
(meet in the middle). Nothing is sampled and nothing is lost; the windows only prune.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np

from helpers.inversion.history import CENSORED, EVENT
from helpers.inversion.windows import Window

MAX_STEPS = 62
CANDIDATE_LIMIT = 15_000_000
_CHUNK = 4_000_000
_SLACK = 1e-11


class TooLargeError(Exception):
    """The set, or the search for it, is too large to go through one by one; `size` estimates how large."""

    def __init__(self, size: float) -> None:
        """Keep the estimate for the caller."""
        self.size = size
        super().__init__(f"about {size:.1e} candidates")


class Budget:
    """How many candidates may still be formed; spending more raises TooLargeError."""

    def __init__(self, limit: float) -> None:
        """Start with `limit` candidates."""
        self.left = limit

    def spend(self, candidates: float) -> None:
        """Take candidates off, or raise with the number that would be needed."""
        if candidates > self.left:
            raise TooLargeError(candidates)
        self.left -= candidates


@dataclass(frozen=True)
class Gate:
    """What a history must pass at one landmark: a window, at most `most` steps so far, and `exact` steps in all.

    Where `exact` is known, the steps between the landmark's last event and the landmark itself are censorings.
    """

    window: Window
    most: int | None = None
    exact: int | None = None


@dataclass(frozen=True)
class Paths:
    """Histories that end in an event (or are empty), as parallel arrays of shape (k,).

    Bit i of `bits` is set where step i is a censoring; `length` counts steps. `log_s` and `g` have shape
    (k, gates so far): the curve at each gate. A history stands here once for each way in which it passes the gates.
    """

    bits: np.ndarray
    length: np.ndarray
    log_s: np.ndarray
    g: np.ndarray

    def __len__(self) -> int:
        """Number of histories."""
        return len(self.bits)

    def take(self, index: np.ndarray) -> Paths:
        """Some of them."""
        return Paths(self.bits[index], self.length[index], self.log_s[index], self.g[index])

    def strings(self) -> list[str]:
        """The histories as text, without censorings after the last event."""
        return [
            "".join(CENSORED if bits >> i & 1 else EVENT for i in range(length)).rstrip(CENSORED)
            for bits, length in zip(self.bits.tolist(), self.length.tolist(), strict=True)
        ]


def search(n: int, gates: Sequence[Gate], budget: Budget) -> Paths:
    """All histories of n patients that pass the gates one after another.

    Raises TooLargeError before more candidates are formed than the budget allows.
    """
    if n > MAX_STEPS:
        raise TooLargeError(2.0**n)
    none = np.zeros((1, 0))
    paths = Paths(np.zeros(1, np.int64), np.zeros(1, np.int64), none, none)
    for k, gate in enumerate(gates):
        found = _extensions(n, paths, gate, budget)
        if not found:
            return _nothing(len(gates))
        paths = _joined(found)
        if gate.exact is not None and k < len(gates) - 1:
            paths = _padded(paths, gate.exact)
    return paths


def _padded(paths: Paths, steps: int) -> Paths:
    """Censorings after the last event, up to a known number of steps."""
    free = (np.int64(1) << np.int64(steps)) - (np.int64(1) << paths.length)
    return replace(paths, bits=paths.bits | free, length=np.full(len(paths), steps))


def _nothing(landmarks: int) -> Paths:
    none, columns = np.zeros(0, np.int64), np.zeros((0, landmarks))
    return Paths(none, none, columns, columns)


def _extensions(n: int, paths: Paths, gate: Gate, budget: Budget) -> list[Paths]:
    """Every way on to the next landmark, by the length of the history so far and by the step it ends on."""
    log_s, g = _last(paths)
    end = n if gate.most is None else min(n, gate.most)
    found = [_passed(paths, log_s, g, gate.window)]
    for length in np.unique(paths.length).tolist():
        index = np.flatnonzero(paths.length == length)
        for last in range(length, end):
            piece = _segment(n, paths.take(index), log_s[index], g[index], length, last, gate.window, budget)
            if piece is not None and len(piece):
                found.append(piece)
    return [piece for piece in found if len(piece)]


def _last(paths: Paths) -> tuple[np.ndarray, np.ndarray]:
    if paths.log_s.shape[1]:
        return paths.log_s[:, -1], paths.g[:, -1]
    return np.zeros(len(paths)), np.zeros(len(paths))


def _passed(paths: Paths, log_s: np.ndarray, g: np.ndarray, window: Window) -> Paths:
    """Histories that pass the window as they stand: no event between two landmarks."""
    s = np.exp(log_s)
    g_or_none = np.where(s <= 0, np.nan, g)
    inside = (s >= window.s_low) & (s <= window.s_high)
    inside &= np.isnan(g_or_none) | ((g >= window.g_low) & (g <= window.g_high)) | (s >= 1)
    index = np.flatnonzero(inside)
    kept = paths.take(index)
    return _reached(kept, kept.bits, kept.length, log_s[index], g[index])


def _segment(
    n: int,
    paths: Paths,
    log_s: np.ndarray,
    g: np.ndarray,
    length: int,
    last: int,
    window: Window,
    budget: Budget,
) -> Paths | None:
    """Continue histories of one length by free steps length…last-1 and an event at step `last` (0-based)."""
    at_risk, left = n - length, n - last - 1
    free = np.arange(length, last)
    sizes = n - free.astype(float)
    gain_s, gain_g = np.log(sizes / (sizes - 1)), 1 / (sizes * (sizes - 1))
    if left == 0:
        return _to_zero(paths, log_s, g, free, last, window, budget)
    base_s, base_g = log_s + log(left / at_risk), g + (1 / left - 1 / at_risk)
    s_low = log(window.s_low) if window.s_low > 0 else -np.inf
    s_high = log(window.s_high) if window.s_high > 0 else -np.inf
    reachable = (base_s <= s_high + _SLACK) & (base_s + gain_s.sum() >= s_low - _SLACK)
    reachable &= (base_g >= window.g_low - _SLACK) & (base_g - gain_g.sum() <= window.g_high + _SLACK)
    index = np.flatnonzero(reachable)
    if not len(index):
        return None
    cut = _cut(len(index), len(free))
    budget.spend((len(index) << cut) + (1 << (len(free) - cut)))
    a_s, a_g, a_bits = _subsets(gain_s[:cut], gain_g[:cut], free[:cut])
    b_s, b_g, b_bits = _subsets(gain_s[cut:], gain_g[cut:], free[cut:])
    left_s = (base_s[index, None] + a_s).ravel()
    left_g = (base_g[index, None] - a_g).ravel()
    left_bits = (paths.bits[index, None] | a_bits).ravel()
    left_index = np.repeat(index, len(a_s))
    order = np.argsort(b_s, kind="stable")
    b_s, b_g, b_bits = b_s[order], b_g[order], b_bits[order]
    first = np.searchsorted(b_s, s_low - left_s - _SLACK, "left")
    after = np.searchsorted(b_s, s_high - left_s + _SLACK, "right")
    counts = after - first
    budget.spend(int(counts.sum()))
    pieces = []
    for rows in _chunks(counts):
        i = np.repeat(rows, counts[rows])
        offset = np.arange(len(i)) - np.repeat(np.cumsum(counts[rows]) - counts[rows], counts[rows])
        j = first[i] + offset
        new_g = left_g[i] - b_g[j]
        keep = (new_g >= window.g_low - _SLACK) & (new_g <= window.g_high + _SLACK)
        i, j, new_g = i[keep], j[keep], new_g[keep]
        lengths = np.full(len(i), last + 1)
        bits = left_bits[i] | b_bits[j]
        pieces.append(_reached(paths.take(left_index[i]), bits, lengths, left_s[i] + b_s[j], new_g))
    return _joined(pieces) if pieces else None


def _to_zero(
    paths: Paths, log_s: np.ndarray, g: np.ndarray, free: np.ndarray, last: int, window: Window, budget: Budget
) -> Paths | None:
    """The curve falls to 0 with the last patient: every subset of the free steps does it."""
    if window.s_low > 0:
        return None
    budget.spend(len(paths) * 2.0 ** len(free))
    _, _, bits = _subsets(np.zeros(len(free)), np.zeros(len(free)), free)
    origin = np.repeat(np.arange(len(paths)), len(bits))
    all_bits = (paths.bits[:, None] | bits).ravel()
    lengths, bottom = np.full(len(all_bits), last + 1), np.full(len(all_bits), -np.inf)
    return _reached(paths.take(origin), all_bits, lengths, bottom, np.zeros(len(all_bits)))


def _cut(rows: int, free: int) -> int:
    """How many free positions join the left half so that both halves are about equally long."""
    return max(0, min(free, round((free - log(rows, 2)) / 2)))


def _subsets(
    gain_s: np.ndarray, gain_g: np.ndarray, positions: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sums and bit patterns of all subsets of some positions, each of shape (2 ** len(positions),)."""
    s, g, bits = np.zeros(1), np.zeros(1), np.zeros(1, np.int64)
    for a, b, position in zip(gain_s, gain_g, positions.tolist(), strict=True):
        s = np.concatenate([s, s + a])
        g = np.concatenate([g, g + b])
        bits = np.concatenate([bits, bits | (1 << position)])
    return s, g, bits


def _chunks(counts: np.ndarray) -> list[np.ndarray]:
    """Row numbers in groups whose candidates fit into memory together."""
    rows = np.flatnonzero(counts)
    if not len(rows):
        return []
    group = np.cumsum(counts[rows]) // _CHUNK
    return np.split(rows, np.flatnonzero(np.diff(group)) + 1)


def _reached(before: Paths, bits: np.ndarray, length: np.ndarray, log_s: np.ndarray, g: np.ndarray) -> Paths:
    """Histories that have come to one more landmark."""
    return Paths(bits, length, np.column_stack([before.log_s, log_s]), np.column_stack([before.g, g]))


def _joined(pieces: list[Paths]) -> Paths:
    return Paths(
        np.concatenate([p.bits for p in pieces]),
        np.concatenate([p.length for p in pieces]),
        np.concatenate([p.log_s for p in pieces]),
        np.concatenate([p.g for p in pieces]),
    )
