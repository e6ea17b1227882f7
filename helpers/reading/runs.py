"""Runs of results: numbers listed one after the other, told apart or set against each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpers.reading.quantities import Item, Quantity
from helpers.reading.tokens import Token

# What may stand between the members of a list of results.
_WORDS = frozenset(("WORD", "FOR", "PATIENT", "OF", "OPEN", "CLOSE", "WITHIN"))
_BETWEEN = _WORDS.union(("COMMA", "AND", "SEMI", "RESP", "PVALUE", "VS"))
_FAR = 14
# Words that end a comparison: what follows is told of something else.
_NEW_MATTER = frozenset(("ENDPOINT", "OUTCOME", "FOLLOW", "SURVIVAL", "INCIDENCE", "MEDIAN", "TIME", "SEMI", "STOP"))
CONTEXT = "the patients that a sentence is about"


@dataclass
class Run:
    """Results in a list, from one position to another; `versus` where they are set against each other."""

    quantities: list[Quantity]
    first: int
    last: int
    versus: bool = False


def runs_of(items: Sequence[Item]) -> list[Run]:
    """The results of a sentence, those that form a list together."""
    runs: list[Run] = []
    for position, item in enumerate(items):
        if not isinstance(item, Quantity) or item.aside == CONTEXT:
            continue
        if runs and _joined(items, runs[-1], position):
            between = [token for token in items[runs[-1].last + 1 : position] if isinstance(token, Token)]
            runs[-1].versus |= any(token.kind in ("VS", "FOR") for token in between)
            runs[-1].quantities.append(item)
            runs[-1].last = position
        else:
            runs.append(Run([item], position, position))
    for run in runs:
        _share_units(run)
    return runs


def _joined(items: Sequence[Item], run: Run, position: int) -> bool:
    """Whether a result continues a list: ``45.3%, 51.7%, and 53.2%``, ``7.6 vs 0.8``, ``73% for one and 54% for B``."""
    kinds = [token.kind for token in items[run.last + 1 : position] if isinstance(token, Token)]
    told_apart = "VS" in kinds or (kinds[:1] == ["FOR"] and kinds[-1:] == ["AND"])
    if not kinds or (not told_apart and not set(kinds) <= _BETWEEN):
        return False
    if told_apart and (_NEW_MATTER & set(kinds) or len(kinds) > _FAR):
        return False
    before, after = run.quantities[-1], items[position]
    assert isinstance(after, Quantity)
    if before.aside or after.aside or (before.n is not None and before.value is None and before.count is None):
        return False
    if told_apart:
        alike = (before.is_time, before.is_rate) == (after.is_time, after.is_rate)
        return "VS" in kinds or alike
    if _WORDS & set(kinds):
        return False
    same = (before.is_share, before.is_time) == (after.is_share, after.is_time)
    if same and ((before.count is None) != (after.count is None) or (before.value is None) != (after.value is None)):
        return False
    return same or (before.unit == "" and before.value is not None)


def _share_units(run: Run) -> None:
    """``7.6 vs 0.8 months``: a unit printed once for a list."""
    units = {quantity.unit for quantity in run.quantities if quantity.unit}
    if len(units) != 1:
        return
    unit = units.pop()
    for quantity in run.quantities:
        if quantity.unit:
            continue
        if quantity.value is None and quantity.count is not None and quantity.n is None and not quantity.of_patients:
            quantity.value, quantity.count = quantity.count, None
        if quantity.value is not None and quantity.value.kind == "NUM":
            quantity.unit = unit
