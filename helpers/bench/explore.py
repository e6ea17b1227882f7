"""Benchmarks of the what-if bench: from a changed digit to the first answer with its pictures, as a person sees it."""

from __future__ import annotations

from collections.abc import Iterator

from helpers.bench.row import Row, Settings, Taken, timed
from helpers.explore.answer import first_answer, full_answer, options_quickly, with_ledger
from helpers.explore.panels import histories_panel, verdict_panel
from helpers.explore.pictures import curve_picture, ladder_picture
from helpers.explore.state import State
from helpers.inversion.solve import solve

MOST = 200.0  # ms
_EDITS = (
    ("os_6mo", "ci_high", "87.50"), ("os_6mo", "ci_high", "86.50"), ("os_6mo", "value", "67.91"),
    ("os_12mo", "value", "41.20"), ("efs_6mo", "value", "58.80"), ("efs_12mo", "ci_low", "13.93"),
)  # fmt: skip


def rows(settings: Settings) -> Iterator[Row]:
    """The slowest of several edits; nothing that one of them worked out serves the next."""
    edits = _EDITS[: max(settings.cases, 1)]
    taken = [Taken.middle([_edit(*edit) for _ in range(settings.repeats)]) for edit in edits]
    note = f"slowest of {len(edits)} edits of zhuo2024: verdict, histories, ladder and band of the curve alone"
    yield max(taken).row("a changed digit, first answer on the bench", "ms", most=MOST, note=note)
    state = _edited(*edits[0])
    later = timed(lambda: with_ledger(full_answer(state)))
    yield later.row("the same by everything printed, with the ledger", note="in a process of its own; nobody waits")


def _edited(claim: str, field: str, text: str) -> State:
    return State("zhuo2024", "EFS" if claim.startswith("efs") else "OS").edited(claim, field, text)


def _edit(claim: str, field: str, text: str) -> Taken:
    """One edit: the paper as printed is known, the changed one is not."""
    options_quickly.cache_clear()
    solve.cache_clear()
    state = _edited(claim, field, text)
    _paint(state.as_printed)
    return timed(lambda: _paint(state))


def _paint(state: State) -> None:
    """Everything between a keystroke and the first paint."""
    answer = first_answer(state)
    verdict_panel(answer, waiting=True)
    curve_picture(answer)
    histories_panel(answer, 0)
    if answer.courses:
        ladder_picture(answer, 0)
