"""Boxes of feedback in a notebook: HTML that reads in light and dark, plain text for everything else.

What a colour says, a sign and a word say too.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from enum import Enum

from helpers.figures.display import publish

_INLINE = (
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"\*\*(.+?)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])"), r"<em>\1</em>"),
)


@dataclass(frozen=True)
class Look:
    """Sign and colour of one kind of box."""

    sign: str
    colour: str


class Kind(Enum):
    """Kinds of boxes. The colours are those of the figures: they differ in lightness too."""

    QUESTION = Look("?", "#1f5a85")
    RIGHT = Look("✓", "#3d9183")
    WRONG = Look("✗", "#b00030")
    OPEN = Look("○", "#6b6b6b")
    HINT = Look("→", "#e07b1f")
    ANSWER = Look("=", "#3b2a73")


def box(kind: Kind, title: str, text: str = "") -> None:
    """Display a box: a sign, a title in bold, and some light Markdown (paragraphs, lists with ``- ``, inline marks)."""
    publish({"text/html": as_html(kind, title, text), "text/plain": as_text(kind, title, text)}, {})


def as_html(kind: Kind, title: str, text: str = "") -> str:
    """The box as HTML; everything in it is escaped first."""
    look = kind.value
    body = "".join(_block(part) for part in re.split(r"\n\s*\n", text.strip()) if part.strip())
    return (
        f'<div class="unrounded-{kind.name.lower()}" style="border-left:4px solid {look.colour};'
        'padding:0.35em 0.9em;margin:0.3em 0;max-width:46em;line-height:1.45">'
        f"<div><strong>{look.sign} {inline(title)}</strong></div>{body}</div>"
    )


def as_text(kind: Kind, title: str, text: str = "") -> str:
    """The box as plain text, its marks left as they are."""
    return f"{kind.value.sign} {title}" + (f"\n{text.strip()}" if text.strip() else "")


def inline(text: str) -> str:
    """Escape a text and turn its inline marks into HTML.

    >>> inline("`S` is **not** < 0")
    '<code>S</code> is <strong>not</strong> &lt; 0'
    """
    text = html.escape(text, quote=False)
    for pattern, replacement in _INLINE:
        text = pattern.sub(replacement, text)
    return text


def _block(part: str) -> str:
    lines = part.strip().splitlines()
    if all(line.startswith("- ") for line in lines):
        items = "".join(f"<li>{inline(line[2:])}</li>" for line in lines)
        return f'<ul style="margin:0.3em 0">{items}</ul>'
    return f'<div style="margin-top:0.3em">{inline(" ".join(lines))}</div>'
