"""Characters as papers typeset them, brought to one form without touching a digit.

The work is done in two steps. `tidy` drops what has no width and joins broken lines; `plain` then exchanges character
for character, so that a position in the plain text is the same position in the tidy one, and every number can be
shown as it stands in print.
"""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# Characters that a PDF may hold for others: radicals for ideographs, and letters tied together.
_DISGUISED = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufb06]")
_WIDE = "\u3001-\u303f\u3400-\u9fff\uff01-\uffe6"
_BESIDE_WIDE = re.compile(rf"(?<=[{_WIDE}]) | (?=[{_WIDE}])")
# A hyphen at the end of a line belongs to the word where its first part is one of these or ends in a digit; else it is
# a typesetter's.
_KEEPS_HYPHEN = re.compile(
    r"(?i)(?:event|relapse|progression|leuk[a]?emia|disease|failure|follow|graft|versus|host|post|pre|non|anti|low|high|"
    r"long|short|donor|car|mrd|cell|release|free|derived|related|associated|[0-9])$"
)
_HYPHENATED = re.compile(r"-\n(?=([A-Za-z0-9])?)")
_TABLE = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(
        map(ord, "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t"), " "
    ),
    **dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-"),
    **dict.fromkeys(map(ord, "～〜∼˜∽⁓"), "~"),
    **dict.fromkeys(map(ord, "﹪％"), "%"),
    **dict.fromkeys(map(ord, "［【〔〖﹝"), "["),
    **dict.fromkeys(map(ord, "］】〕〗﹞"), "]"),
    **dict.fromkeys(map(ord, "⩾≧﹥"), "≥"),
    **dict.fromkeys(map(ord, "⩽≦"), "≤"),
    **dict.fromkeys(map(ord, "“”„«»"), '"'),
    **dict.fromkeys(map(ord, "‘’`´"), "'"),
    ord("⁄"): "/",
    ord("∕"): "/",
    ord("\u2236"): ":",
    ord("✕"): "×",
    ord("✖"): "×",
}
_POINT = re.compile(r"(?<=[0-9])[·∙⋅・•‧．](?=[0-9])")


def tidy(text: str) -> str:
    """The text without invisible characters, broken words mended, lines joined into paragraphs.

    A paragraph ends at an empty line, and before a heading or an entry of a list; one blank stands for many, and none
    beside a Chinese character, where only the justification of lines puts one.

    >>> tidy("The 1-year event-\\nfree sur-\\nvival")
    'The 1-year event-free survival'
    """
    text = _INVISIBLE.sub(
        "", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    )
    text = _CONTROL.sub(" ", _DISGUISED.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text))
    text = re.sub(r"[^\S\n]+", " ", text)
    text = re.sub(r" ?\n ?", "\n", text)
    text = re.sub(r"\n(?=(?:#{1,6} |[-*•] ))", "\n\n", text)
    text = re.sub(r"(?<=\n)(#{1,6} [^\n]*)\n(?!\n)", r"\1\n\n", "\n" + text)[1:]
    text = _HYPHENATED.sub(_mended, text)
    text = re.sub(r"(?<!\n)\n(?!\n)", " ", text)
    text = _BESIDE_WIDE.sub("", text)
    return re.sub(r"\n{2,}", "\n\n", text).strip()


def _mended(match: re.Match[str]) -> str:
    """What stays of a hyphen at the end of a line."""
    before = match.string[max(0, match.start() - 12) : match.start()]
    typeset = before[-1:].islower() and (match[1] or "").islower() and not _KEEPS_HYPHEN.search(before)
    return "" if typeset else "-"


def plain(text: str) -> str:
    """Full-width forms, dashes, waves, blanks and raised decimal points as plain ones; the length stays the same.

    >>> plain("67·90％（48.30％～84.50％）")
    '67.90%(48.30%~84.50%)'
    """
    return _POINT.sub(".", text).translate(_TABLE)
