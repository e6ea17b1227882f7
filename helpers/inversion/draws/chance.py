"""Chance: one stream of random numbers for each draw, and draws from many small urns at once."""

from __future__ import annotations

import numpy as np

Ints = np.ndarray
_PAGE = 64


class Uniforms:
    """Random numbers in [0, 1), a stream for each draw, so that a draw is the same however many are made with it.

    Parameters
    ----------
    seed : of the whole.
    first : number of the first draw that is served, from 0.
    draws : how many are served.
    """

    def __init__(self, seed: int, first: int, draws: int) -> None:
        self._seed, self._first, self._draws = seed, first, draws
        self._numbers = np.empty((draws, 0))
        self._used = np.zeros(draws, np.int64)

    def take(self, draws: Ints) -> np.ndarray:
        """The next number of each of some different draws, counted from the first one served."""
        place = self._used[draws]
        self._used[draws] = place + 1
        return self.at(draws, place)

    def reserve(self, draws: Ints, wanted: Ints) -> Ints:
        """Set numbers aside for some users, who may be of the same draw; returns where in the stream each begins."""
        order = np.argsort(draws, kind="stable")
        before = np.cumsum(wanted[order]) - wanted[order]
        owner, first, size = np.unique(draws[order], return_index=True, return_counts=True)
        place = np.empty(len(draws), np.int64)
        place[order] = before - np.repeat(before[first], size) + self._used[draws[order]]
        self._used[owner] += np.add.reduceat(wanted[order], first) if len(first) else 0
        return place

    def at(self, draws: Ints, place: Ints) -> np.ndarray:
        """Numbers that were set aside."""
        last = int(place.max(initial=-1))
        while self._numbers.shape[1] <= last:
            self._numbers = np.hstack((self._numbers, self._page(self._numbers.shape[1] // _PAGE)))
        return self._numbers.ravel()[draws * self._numbers.shape[1] + place]

    def _page(self, number: int) -> np.ndarray:
        source = np.random.PCG64(np.random.SeedSequence([self._seed, number]))
        source.advance(self._first * _PAGE)
        return np.random.Generator(source).random((self._draws, _PAGE))


class Lottery:
    """Urns of weighted tickets: `urn` says in which urn each ticket lies."""

    def __init__(self, urn: Ints, weight: np.ndarray) -> None:
        """Tickets of no weight are never drawn."""
        held = np.flatnonzero(weight > 0)
        self._ticket = held[np.argsort(urn[held], kind="stable")]
        self._urns, first = np.unique(urn[self._ticket], return_index=True)
        self._last = np.append(first[1:], len(self._ticket)) - 1
        self._first = first
        size = np.diff(np.append(first, len(self._ticket)))
        rising = _within(weight[self._ticket], first, size)
        total = np.repeat(rising[self._last], size)
        self._rising = np.repeat(np.arange(len(first)), size) + rising / total

    def pick(self, urn: Ints, u: np.ndarray) -> Ints:
        """One ticket from each of some urns, by random numbers in [0, 1)."""
        rank = np.searchsorted(self._urns, urn)
        found = np.searchsorted(self._rising, rank + u, side="right")
        return self._ticket[np.clip(found, self._first[rank], self._last[rank])]


def _within(weight: np.ndarray, first: Ints, size: Ints) -> np.ndarray:
    """Sums from the first ticket of each urn on, each urn scaled by itself so that none drowns in another."""
    scaled = weight / np.repeat(np.maximum.reduceat(weight, first), size)
    rising = np.cumsum(scaled)
    return rising - np.repeat(rising[first] - scaled[first], size)


def choose(weight: np.ndarray, u: np.ndarray) -> Ints:
    """A column for each row, in proportion to its weight."""
    rising = np.cumsum(weight, axis=1)
    return np.minimum((rising <= (u * rising[:, -1])[:, None]).sum(axis=1), weight.shape[1] - 1)
