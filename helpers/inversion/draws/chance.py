"""Chance: one stream of random numbers for each draw, and draws from many small urns at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Ints = np.ndarray
_PAGE = 64


class Uniforms:
    """Random numbers in [0, 1), a stream for each draw, so that a draw is the same however many are made with it.

    Parameters
    ----------
    seed : of the whole; several numbers for one of several sets of streams.
    first : number of the first draw that is served, from 0.
    draws : how many are served.
    """

    def __init__(self, seed: Sequence[int], first: int, draws: int) -> None:
        """No number is made before it is asked for."""
        self._seed, self._first, self._draws = tuple(seed), first, draws
        self._numbers = np.empty((0, draws, _PAGE))
        self._pages = 0
        self._used = np.zeros(draws, np.int64)

    def take(self, draws: Ints) -> np.ndarray:
        """The next number of each of some different draws, counted from the first one served."""
        place = self._used[draws]
        self._used[draws] = place + 1
        return self.at(draws, place)

    def reserve(self, draws: Ints, wanted: Ints) -> Ints:
        """Set numbers aside for some users, in the order of their draws; returns where in the stream each begins."""
        if not len(draws):
            return np.zeros(0, np.int64)
        before = np.cumsum(wanted) - wanted
        first = np.flatnonzero(np.append(True, draws[1:] != draws[:-1]))
        size = np.diff(np.append(first, len(draws)))
        place = before + np.repeat(self._used[draws[first]] - before[first], size)
        self._used[draws[first]] += np.add.reduceat(wanted, first)
        return place

    def at(self, draws: Ints, place: Ints) -> np.ndarray:
        """Numbers that were set aside."""
        last = int(place.max(initial=-1)) // _PAGE
        if last >= self._pages:
            self._turn_to(last)
        page, column = np.divmod(place, _PAGE)
        return self._numbers.ravel()[(page * self._draws + draws) * _PAGE + column]

    def _turn_to(self, last: int) -> None:
        if last >= len(self._numbers):
            grown = np.empty((2 * last + 1, self._draws, _PAGE))
            grown[: self._pages] = self._numbers[: self._pages]
            self._numbers = grown
        for number in range(self._pages, last + 1):
            source = np.random.PCG64(np.random.SeedSequence([*self._seed, number]))
            source.advance(self._first * _PAGE)
            np.random.Generator(source).random(out=self._numbers[number])
        self._pages = last + 1


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
