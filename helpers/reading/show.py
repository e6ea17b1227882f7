"""A draft in the terminal: each number, what it was read as, where it stands, and whether that is sure."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from rich.table import Table
from rich.text import Text

from helpers.paths import shown
from helpers.printed import FIELD_TITLES
from helpers.reading.draft import Draft
from helpers.reading.folder import claim_ids
from helpers.suite.terminal import console


def show_draft(draft: Draft, folder: Path, part: str) -> None:
    """Print the numbers that were placed and those that were not, then where the draft lies."""
    out = console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("number", justify="right", no_wrap=True)
    table.add_column("read as", no_wrap=True)
    table.add_column("sentence", ratio=1, overflow="fold")
    table.add_column("sure?", ratio=1, overflow="fold")
    names = {id(one): name for one, name in zip(draft.statements, claim_ids(draft.statements), strict=True)}
    for one, field, number in draft.readings():
        sure = Text("; ".join(one.doubts), style="yellow") if one.doubts else Text("yes", style="green")
        words = draft.excerpt(number.start, number.end, 40)
        table.add_row(number.text, f"{names[id(one)]} {FIELD_TITLES[field]}", f"{one.sentence}: {words}", sure)
    for left in draft.unplaced:
        words = draft.excerpt(left.start, left.start + len(left.written), 40)
        table.add_row(left.written, Text("not placed", style="red"), f"{left.sentence}: {words}", left.reason)
    out.print(table)
    if part:
        out.print(f"read was {part}", soft_wrap=True)
    aside = Counter(left.reason for left in draft.leftovers if left.known)
    if aside:
        out.print(
            "set aside: " + ", ".join(f"{reason} ({count})" for reason, count in aside.most_common()), soft_wrap=True
        )
    placed = sum(len(one.numbers) for one in draft.statements)
    unsure = sum(bool(one.doubts) for one in draft.statements)
    out.print(
        f"{placed} numbers in {len(draft.statements)} statements, {unsure} to check; {len(draft.unplaced)} not placed",
        soft_wrap=True,
    )
    out.print(
        f"{shown(folder)} holds the draft: confirm it with draft.md, then: unrounded check {shown(folder)}",
        soft_wrap=True,
    )
