"""A plain text cut into tokens: numbers, the words of the lexicon, and composites whose digits are no results.

One pass of one regular expression, so that time grows with the length of the text and with nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from helpers.reading.composites import AFTER_NUMBER, COMPOSITES, NUMBER, UNITS
from helpers.reading.numerals import CHINESE, ENGLISH, in_digits
from helpers.reading.phrases import PHRASES
from helpers.reading.results import RESULTS

_PUNCTUATION = dict.fromkeys("([", "OPEN") | dict.fromkeys(")]", "CLOSE") | dict.fromkeys("≥≤<>≈±", "CMP")
_PUNCTUATION |= {
    ",": "COMMA",
    ";": "SEMI",
    ":": "COLON",
    "-": "DASH",
    "~": "TILDE",
    "/": "SLASH",
    "=": "EQ",
    "+": "PLUS",
}


@dataclass(frozen=True)
class Token:
    """A piece of the text: what it is, what it stands for, and where it stands."""

    kind: str
    value: str
    start: int
    end: int
    text: str = ""


def _pattern() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    """The one expression, and what each of its groups means."""
    meanings: dict[str, tuple[str, str]] = {}
    parts: list[str] = []

    def add(kind: str, value: str, pattern: str) -> None:
        name = f"g{len(meanings)}"
        meanings[name] = (kind, value)
        parts.append(f"(?P<{name}>{pattern})")

    for kind, pattern in COMPOSITES:
        add(kind, "", pattern)
    add("NUM", "", rf"(?<![0-9])(?:{NUMBER})")
    add("WORDNUM", "", rf"(?<![A-Za-z-])(?i:{ENGLISH})(?![A-Za-z])|{CHINESE}")
    add("PCT", "", r"%|(?i:per ?cent)(?![A-Za-z])|个百分点")
    for unit, pattern in UNITS.items():
        add("UNIT", unit, rf"(?<![A-Za-z])(?i:{pattern})")
    for kind, pattern in AFTER_NUMBER:
        add(kind, "", rf"(?<=[0-9)% -]){pattern}")
    for term in (*RESULTS, *PHRASES):
        add(term.kind, term.value, term.pattern())
    add("STOP", "", r"[。！？!?]|\.(?![0-9])|\n\n+")
    add("WORD", "", r"[A-Za-z]+(?:'[a-z]+)?")
    add("MARK", "", r"[^\s]")
    return re.compile("|".join(parts)), meanings


_TOKEN, _MEANINGS = _pattern()


def tokens(text: str, start: int, end: int) -> Iterator[Token]:
    """The tokens of one stretch of a plain text, in order."""
    for match in _TOKEN.finditer(text, start, end):
        name = match.lastgroup or ""
        if name == "level":
            name = next(key for key in _MEANINGS if match[key] is not None)
        kind, value = _MEANINGS[name]
        written = match[0]
        if kind == "NUM":
            value = written.replace(",", "")
        elif kind == "WORDNUM":
            value = in_digits(written)
        elif kind == "CI":
            value = match["level"] or ""
        elif kind == "MARK":
            kind, value = _PUNCTUATION.get(written, "MARK"), written
        elif not value:
            value = written
        yield Token(kind, value, match.start(), match.end(), written)
