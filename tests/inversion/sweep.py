"""What every history of n patients prints under a convention, for every n up to 14 and all of them at once.

Written apart from `helpers.inversion`: S is a fraction of two whole numbers (14! fits into 64 bits), so estimates are
rounded in whole numbers; so are plain limits of a rounded pair. What is irrational is a float, and goes to the exact
brute force (`tests.inversion.brute`) wherever it lies within a billionth of a rounding boundary.

The tests ask about a selection. Every printed text of every n, under every convention at once, is asked about by

    python -m tests.inversion.sweep --most 14

which takes about half an hour on one core; ``--most 10`` takes three minutes, and ``--ask 2000`` asks about a selection
wherever there are more. ``--out`` writes one row for each n.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from helpers.conventions import Convention
from tests.inversion import brute
from tests.inversion.brute import Print
from tests.inversion.making import CONVENTIONS, landmarks

NEAR = 1e-9
LARGEST = 14


@dataclass(frozen=True)
class Ladder:
    """Every history: its code (binary, a leading 1, then 0 for E and 1 for C), S = top / bottom, Greenwood's sum G."""

    n: int
    code: np.ndarray
    top: np.ndarray
    bottom: np.ndarray
    g: np.ndarray

    @property
    def s(self) -> np.ndarray:
        return self.top / self.bottom


@cache
def ladder(n: int) -> Ladder:
    """The empty history and all that end in an event, 2 ** n of them."""
    assert n <= LARGEST
    code, top, bottom = (np.ones(1, np.int64) for _ in range(3))
    g = np.zeros(1)
    parts = [(code, top, bottom, g)]
    for r in range(n, 0, -1):
        grown = g + 1 / (r * (r - 1)) if r > 1 else np.zeros(len(g))
        died = (2 * code, top * (r - 1), bottom * r, grown)
        parts.append(died)
        code, top, bottom, g = (np.concatenate(p) for p in zip(died, (2 * code + 1, top, bottom, g), strict=True))
    return Ladder(n, *(np.concatenate(column) for column in zip(*parts, strict=True)))


def text(code: int) -> str:
    """A history as letters."""
    return f"{code:b}"[1:].replace("0", "E").replace("1", "C")


@cache
def histories(n: int) -> list[str]:
    """All histories as letters, in the order of the ladder."""
    return [text(code) for code in ladder(n).code.tolist()]


def in_units(top: np.ndarray, bottom: np.ndarray | int, per_one: int, rule: str) -> np.ndarray:
    """A fraction in whole units of 1 / `per_one`, rounded in whole numbers."""
    units, rest = np.divmod(top * per_one, bottom)
    if rule == "half-up":
        units += 2 * rest >= bottom
    elif rule == "half-even":
        units += (2 * rest > bottom) | ((2 * rest == bottom) & (units % 2 == 1))
    return units


def float_in_units(x: np.ndarray, per_one: int, rule: str) -> tuple[np.ndarray, np.ndarray]:
    """A float in whole units, and where it lies too near a boundary to be sure."""
    scaled = x * per_one + (0.0 if rule == "truncation" else 0.5)
    return np.floor(scaled).astype(np.int64), np.abs(scaled - np.round(scaled)) < NEAR * per_one


@lru_cache(maxsize=150)
def printed(n: int, convention: Convention, decimals: int) -> np.ndarray:
    """Estimate and limits of every history, in units of the last digit of a percentage; shape (2 ** n, 3)."""
    every, rule, one = ladder(n), str(convention.rounding), 10 ** (decimals + 2)
    s, error = every.s, every.s * np.sqrt(every.g)
    near = np.zeros(len(s), bool)
    fixed = convention.rounded_to
    if fixed is None:
        value = in_units(every.top, every.bottom, one, rule)
    else:
        rounded = in_units(every.top, every.bottom, 10**fixed, rule)
        value = in_units(rounded, 10**fixed, one, rule)
        width, near = float_in_units(error, 10**fixed, rule)
        near &= (error > 0) & (s > 0)
        s, error = rounded / 10**fixed, width / 10**fixed
    flat = (s <= 0) | (s >= 1) | (error == 0)
    columns = [value]
    for sign in (-1, 1):
        if fixed is not None and convention.interval == "plain" and convention.z == "1.96":
            whole = 100 * rounded + sign * 196 * width
            limit = in_units(np.clip(whole, 0, 100 * 10**fixed), 100 * 10**fixed, one, rule)
        else:
            x = _limit(s, error, sign * float(brute.multiplier(convention.z)), str(convention.interval))
            limit, doubtful = float_in_units(np.where(flat, s, np.clip(x, 0, 1)), one, rule)
            near |= doubtful & ~flat
        columns.append(np.where(flat, value, limit))
    found = np.column_stack(columns)
    for k in np.flatnonzero(near).tolist():
        state = brute.curve(text(int(every.code[k])), n)
        found[k] = [int(t.replace(".", "")) for t in brute.printed(*state, convention, decimals)]
    return found


def _limit(s: np.ndarray, error: np.ndarray, z: float, interval: str) -> np.ndarray:
    with np.errstate(all="ignore"):
        if interval == "plain":
            return s + z * error
        if interval == "log":
            return s * np.exp(z * error / s)
        return s ** np.exp(z * error / (s * np.log(s)))


def as_text(units: int, decimals: int) -> str:
    whole, rest = divmod(units, 10**decimals)
    return f"{whole}.{rest:0{decimals}d}" if decimals else str(whole)


def as_print(units: tuple[int, ...], decimals: int, kept: int = 7) -> Print:
    """What stands in print: only the fields whose bit is set in `kept`."""
    texts = [as_text(u, decimals) if kept >> bit & 1 else None for bit, u in enumerate(units)]
    return Print(*texts)


def matching(n: int, convention: Convention, decimals: int, units: tuple[int, ...], kept: int = 7) -> np.ndarray:
    """The codes of the histories that print some fields."""
    columns = [bit for bit in range(3) if kept >> bit & 1]
    table = printed(n, convention, decimals)
    return ladder(n).code[(table[:, columns] == np.array(units)[columns]).all(axis=1)]


@lru_cache(maxsize=150)
def by_text(n: int, convention: Convention, decimals: int) -> dict[tuple[int, ...], set[str]]:
    """The histories that print each triple."""
    groups: dict[tuple[int, ...], set[str]] = defaultdict(set)
    for history, units in zip(histories(n), printed(n, convention, decimals).tolist(), strict=True):
        groups[tuple(units)].add(history)
    return dict(groups)


def passing(before: np.ndarray, codes: np.ndarray) -> set[str]:
    """Those histories that pass an earlier landmark on the way: one of their beginnings is among `before`."""
    allowed = set(before.tolist())
    return {text(c) for c in codes.tolist() if any(c >> k in allowed for k in range(c.bit_length()))}


def every_text(n: int, decimals: int) -> Iterator[tuple[int, ...]]:
    """Every distinct triple that any history prints under any convention."""
    tables = [printed(n, convention, decimals) for convention in CONVENTIONS]
    yield from map(tuple, np.unique(np.concatenate(tables), axis=0).tolist())


def disagreements(n: int, decimals: int, units: tuple[int, ...]) -> list[tuple[Convention, set[str], set[str]]]:
    """Conventions under which the search finds another set than the brute force: (convention, found, expected)."""
    from helpers.inversion.solve import solve

    found = solve.__wrapped__(n, landmarks((as_print(units, decimals),)), CONVENTIONS).by_convention
    wrong = []
    for convention in CONVENTIONS:
        expected = by_text(n, convention, decimals).get(units, set())
        if set(found.get(convention, ())) != expected:
            wrong.append((convention, set(found.get(convention, ())), expected))
    return wrong


def selection(every: list[tuple[int, ...]], most: int, seed: int) -> list[tuple[int, ...]]:
    """At most so many of the texts, the same for the same seed; all of them if `most` is 0."""
    return every if not most or len(every) <= most else random.Random(seed).sample(every, most)


def main() -> None:
    """Ask about every text of every n; exit with 1 if the search and the brute force ever differ."""
    parser = argparse.ArgumentParser(prog="python -m tests.inversion.sweep", description=__doc__)
    parser.add_argument("--least", type=int, default=1)
    parser.add_argument("--most", type=int, default=LARGEST)
    parser.add_argument("--decimals", type=int, nargs="*", default=[1])
    parser.add_argument("--ask", type=int, default=0, help="most texts of each n to ask about, by a seed; 0: all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    failed, rows = 0, ["n,decimals,conventions,histories,texts,asked,disagreements"]
    for n in range(chosen.least, chosen.most + 1):
        for decimals in chosen.decimals:
            begin, wrong, every = time.monotonic(), 0, list(every_text(n, decimals))
            asked = selection(every, chosen.ask, chosen.seed)
            for units in asked:
                for convention, found, expected in disagreements(n, decimals, units):
                    wrong += 1
                    print(f"n = {n}, {as_print(units, decimals)}, {convention}: {sorted(found ^ expected)}")
            failed += wrong
            rows.append(f"{n},{decimals},{len(CONVENTIONS)},{2**n},{len(every)},{len(asked)},{wrong}")
            words = f"{len(asked):,} of {len(every):,} texts under 72 conventions, {time.monotonic() - begin:.0f} s"
            print(f"n = {n}, {decimals} decimals: {words}", flush=True)
    if chosen.out is not None:
        chosen.out.write_text("\n".join(rows) + "\n", encoding="utf-8")
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
