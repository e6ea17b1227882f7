"""Runs of results: numbers listed one after the other, told apart or set against each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpers.reading.quantities import Item, Quantity
from helpers.reading.tokens import Token

# What may stand between the members of a list of results.
_BETWEEN = ("COMMA", "AND", "SEMI", "RESP", "PVALUE", "VS", "FOR", "WORD", "PATIENT", "OF", "CLOSE", "OPEN", "WITHIN")


CONTEXT = "the patients that a sentence is about"


@dataclass
class Run:
    """Results in a list; `versus` where they are set against each other, `respectively` where the text says so."""

    quantities: list[Quantity]
    first: int
    last: int
    versus: bool = False
    respectively: bool = False


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
        near = [token for token in items[max(0, run.first - 6) : run.last + 4] if isinstance(token, Token)]
        run.respectively = any(token.kind == "RESP" for token in near)
        _share_units(run)
    return runs


def _joined(items: Sequence[Item], run: Run, position: int) -> bool:
    between = [token for token in items[run.last + 1 : position] if isinstance(token, Token)]
    kinds = [token.kind for token in between]
    told_apart = "VS" in kinds or (kinds[:1] == ["FOR"] and kinds[-1:] == ["AND"])
    allowed = (*_BETWEEN, "DASH", "ID", "GAIN") if told_apart else _BETWEEN
    if not between or any(kind not in allowed for kind in kinds):
        return False
    before, after = run.quantities[-1], items[position]
    assert isinstance(after, Quantity)
    if before.aside or after.aside or (before.n is not None and before.value is None and before.count is None):
        return False
    words = [kind for kind in kinds if kind in ("WORD", "FOR", "PATIENT", "OF", "OPEN", "CLOSE", "WITHIN")]
    if told_apart:
        return (
            len(kinds) <= 12
            and (before.is_time, before.unit == "percent") == (after.is_time, after.unit == "percent")
            or "VS" in kinds
        )
    if words:
        return False
    same = (before.is_share, before.is_time) == (after.is_share, after.is_time)
    if before.count is not None and after.count is not None and (before.value is None) != (after.value is None):
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
