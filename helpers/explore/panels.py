"""The bench's verdict, its list of histories and its ledger as HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from helpers.errors import InputError, Problem
from helpers.explore.model import MOST_COURSES, PAPER, Answer
from helpers.figures.style import GRID, IMPOSSIBLE, MUTED, ink_on
from helpers.figures.verdict import VERDICT_COLOURS
from helpers.ledger.row import LedgerRow
from helpers.printed import FIELD_TITLES

CLASS = "unrounded-bench"
STYLE = f"""<style>
.{CLASS} {{ line-height: 1.45; }} .{CLASS} p {{ margin: .35em 0; }}
.{CLASS} .answer {{ font-size: 1.08em; }}
.{CLASS} .wait {{ color: var(--jp-ui-font-color1, {MUTED}); font-style: italic; }}
.{CLASS} table {{ border-collapse: collapse; width: auto; margin: .4em 0; }}
.{CLASS} th, .{CLASS} td {{ text-align: left; vertical-align: top;
  padding: .22em .8em .22em 0; border-bottom: 1px solid {GRID}; }}
.{CLASS} .number {{ text-align: right; font-variant-numeric: tabular-nums; }}
.{CLASS} .tile {{ padding: .08em .5em; border-radius: 2px; white-space: nowrap; }}
.{CLASS}.histories {{ max-width: 22em; margin-left: 1em; }} .{CLASS}.histories li {{ line-height: 1.3; }}
.{CLASS} .scroll {{ overflow-x: auto; max-width: 100%; }}
.{CLASS} .wrong {{ border-left: 4px solid {IMPOSSIBLE}; padding-left: .8em; }}
</style>"""
NO_PICTURE = Problem("there is no picture to save", "choose numbers that can be read")
WAITING = '<p class="wait">Being worked out for the numbers above …</p>'


def block(inner: str, kind: str = "") -> str:
    """HTML in the bench's own style."""
    return f'<div class="{CLASS} {kind}">{inner}</div>'


def inline(markdown: str) -> str:
    """One sentence of Markdown (bold, emphasis, code) as HTML; everything else is text."""
    text = (
        escape(markdown, quote=False)
        .replace("&amp;lt;", "&lt;")
        .replace("&amp;gt;", "&gt;")
        .replace("&amp;amp;", "&amp;")
    )
    text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
    text = re.sub(r"(?<![*\w])\*(?!\s)(.+?)\*", r"<em>\1</em>", text)
    return re.sub(r"`(.+?)`", r"<code>\1</code>", text)


def verdict_panel(answer: Answer, *, waiting: bool = False) -> str:
    """Whether any history can print the numbers, which number is in the way, and whether more is still to come."""
    first, *rest = answer.sentences
    whole = "By everything printed:" if answer.scope == PAPER else "By this curve alone:"
    paragraphs = f'<p class="answer">{whole} {inline(first)}</p>' + "".join(f"<p>{inline(s)}</p>" for s in rest)
    if waiting:
        paragraphs += '<p class="wait">Medians, follow-up and the other endpoints are being heard …</p>'
    return block(paragraphs, "wrong" if answer.fits is False else "")


def problem_panel(error: InputError) -> str:
    """What is wrong with an input, each with its remedy; nothing is shown of what stood there before."""
    items = "".join(
        f"<p><strong>{escape(p.where + ': ' if p.where else '')}{escape(p.message)}</strong>"
        f"{escape(f' (found {p.found!r})') if p.found is not None else ''}<br>{escape(p.remedy)}</p>"
        for p in error.problems
    )
    return block(f'<p class="answer">Nothing can be said of these numbers yet.</p>{items}', "wrong")


def histories_panel(answer: Answer, position: int) -> str:
    """The histories that are left, the one on display in bold, and how their numbers were made."""
    if not answer.courses:
        return block("<p>No history is listed.</p>")
    rows = "".join(
        f"<tr><td class='number'>{k}</td><td><code>{'<strong>' if k == position + 1 else ''}{c.history}"
        f"{'</strong>' if k == position + 1 else ''}</code></td><td class='number'>{c.history.count('E')}</td>"
        f"<td class='number'>{c.history.count('C')}</td></tr>"
        for k, c in enumerate(answer.courses[:12], start=1)
    )
    total = answer.count if answer.count is not None else len(answer.courses)
    drawn = min(total, MOST_COURSES)
    more = f"<p>{total:,} in all; {drawn} can be stepped through, 12 are listed.</p>" if total > 12 else ""
    ways = "".join(f"<li>{escape(c.describe())}</li>" for c in answer.conventions[:4])
    others = f"<li>and {len(answer.conventions) - 4} more</li>" if len(answer.conventions) > 4 else ""
    head = "".join(f"<th scope='col'>{name}</th>" for name in ("no.", "history", "events", "censored"))
    return block(
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{more}"
        f"<p>They print the numbers by:</p><ul>{ways}{others}</ul>"
        "<p>Reconstructed from printed numbers, not observed.</p>",
        "histories",
    )


def ledger_panel(answer: Answer, labels: Mapping[str, str], before: tuple[LedgerRow, ...] | None = None) -> str:
    """The ledger; where a line differs from that of the paper as printed, that is said; `labels` name the claims."""
    if answer.ledger is None:
        return block(WAITING)
    old = {(row.claim, row.field): row for row in before or ()}
    rows, changed = [], 0
    for row in answer.ledger:
        was = old.get((row.claim, row.field))
        said = "" if was is None else _was(row, was)
        changed += bool(said)
        colour = VERDICT_COLOURS[str(row.verdict)]
        tile = f'<span class="tile" style="background:{colour};color:{ink_on(colour)}">{row.verdict}</span>'
        rows.append(
            f"<tr><th scope='row'>{escape(labels.get(row.claim, row.claim))}</th>"
            f"<td>{FIELD_TITLES.get(row.field, row.field)}</td>"
            f"<td class='number'>{escape(row.printed)}</td><td class='number'>{escape(row.predicted_text)}</td>"
            f"<td>{tile}</td><td>{escape(said)}</td></tr>"
        )
    head = "".join(
        f"<th scope='col'{' class=number' if right else ''}>{name}</th>"
        for name, right in (("claim", 0), ("number", 0), ("printed", 1), ("the rest predicts", 1), ("verdict", 0),
                            ("as printed it was", 0))
    )  # fmt: skip
    line = f"{changed or 'No'} {'line differs' if changed == 1 else 'lines differ'}"
    told = f"<p>{line} from the ledger of the paper as printed.</p>"
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    frame = f'<div class="scroll" tabindex="0" role="group" aria-label="The ledger">{table}</div>'
    return block((told if before is not None else "") + frame)


def _was(row: LedgerRow, was: LedgerRow) -> str:
    """How a line stood in the ledger of the paper as printed, where it stood otherwise."""
    parts = []
    if row.printed != was.printed:
        parts.append(f"printed {was.printed}")
    if row.predicted != was.predicted:
        parts.append(f"predicted {was.predicted_text}")
    if row.verdict != was.verdict:
        parts.append(str(was.verdict))
    return ", ".join(parts)
