"""Histories as bits: bit i of a row is set where step i is a censoring, 64 steps a word.

A row stands for the steps alone; how many of them there are is kept beside it.
"""

from __future__ import annotations

import numpy as np

from helpers.inversion.history import CENSORED, EVENT

_WORD = 64


def no_censoring(rows: int, n: int) -> np.ndarray:
    """Rows for up to n steps, all of them events; shape (rows, words)."""
    return np.zeros((rows, -(-n // _WORD)), np.uint64)


def censored_at(bits: np.ndarray, step: int) -> np.ndarray:
    """The rows with one more step censored (0-based)."""
    found = bits.copy()
    found[:, step // _WORD] |= np.uint64(1) << np.uint64(step % _WORD)
    return found


def censored_up_to(bits: np.ndarray, first: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The rows with every step from `first` to `end` - 1 censored, both of shape (rows,)."""
    changed = np.flatnonzero(end > first)
    if not len(changed):
        return bits
    steps = np.arange(bits.shape[1] * _WORD)
    free = (steps >= first[changed, None]) & (steps < end[changed, None])
    found = bits.copy()
    found[changed] |= np.packbits(free, axis=1, bitorder="little").view("<u8")
    return found


def is_censored(bits: np.ndarray, n: int) -> np.ndarray:
    """Whether each of the first n steps is a censoring; shape (rows, n), boolean."""
    octets = np.ascontiguousarray(bits.astype("<u8")).view(np.uint8)
    return np.unpackbits(octets, axis=1, count=n, bitorder="little").astype(bool)


def texts(bits: np.ndarray, lengths: np.ndarray, n: int) -> list[str]:
    """The rows as histories of given lengths.

    >>> texts(censored_at(no_censoring(1, 4), 2), np.array([4]), 4)
    ['EECE']
    """
    letters = np.where(is_censored(bits, n), np.uint8(ord(CENSORED)), np.uint8(ord(EVENT)))
    letters[np.arange(n) >= lengths[:, None]] = 0  # NumPy drops zero bytes at the end of a text
    return [text.decode() for text in np.ascontiguousarray(letters).view(f"S{n}").ravel().tolist()]
