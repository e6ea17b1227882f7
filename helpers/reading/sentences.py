"""Sentences of an English or Chinese text, and the section of the abstract that each stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 2000
_ABBREVIATIONS = re.compile(
    r"(?:\b(?:vs|e\.g|i\.e|al|approx|ca|cf|fig|figs|no|nos|dr|st|resp|inc|ref|refs|jan|feb|mar|apr|jun|jul|aug|sept?|oct|"
    r"nov|dec|mo|mos|yr|yrs|wk)|\b[A-Z])\.$",
    re.IGNORECASE,
)
_END = re.compile(r"[。！？!?]+[\"')\]]*|\.[\"')\]]*(?= |\n|$|[\u4e00-\u9fff])|\n\n+")
_HEADING = re.compile(
    r"^(?:#{1,6} )?[\[(\"]{0,3}(?:(?P<english>(?i:background|introduction|objectives?|aims?|purpose|methods?"
    r"|patients and methods|materials|results?|findings|conclusions?|interpretation|discussion))"
    r"(?: and [a-z]+)?[\])\"]{0,3}(?:[:.]| -|\n|$| (?=[A-Z]))|(?:摘要)?[\])]?(?P<chinese>背景|目的|方法|结果|结论))"
)
_ABOUT_OTHERS = {"background", "introduction", "objective", "objectives", "aim", "aims", "purpose", "背景", "目的"}


@dataclass(frozen=True)
class Sentence:
    """One sentence: its number from 1, its place in the text, and whether it speaks of what was known before."""

    number: int
    start: int
    end: int
    background: bool = False


def sentences(text: str) -> Iterator[Sentence]:
    """Split a plain text; a sentence longer than `LONGEST` is cut at a blank, so that no step takes long over it."""
    start, number, section = 0, 0, ""
    for end in _ends(text):
        piece = text[start:end]
        lead = len(piece) - len(piece.lstrip())
        if piece.strip():
            heading = _HEADING.match(piece[lead:])
            if heading:
                section = (heading["english"] or heading["chinese"]).lower()
            number += 1
            yield Sentence(number, start + lead, start + len(piece.rstrip()), section in _ABOUT_OTHERS)
        start = end


def _ends(text: str) -> Iterator[int]:
    start = 0
    for match in _END.finditer(text):
        end = match.end()
        if match[0].startswith(".") and not _is_end(text, start, match):
            continue
        while end - start > LONGEST:
            blank = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
            start = blank + 1 if blank > 0 else start + LONGEST
            yield start
        if end > start:
            yield end
            start = end
    while len(text) - start > 0:
        start = min(len(text), start + LONGEST)
        yield start


def _is_end(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether a full stop ends a sentence: not after an abbreviation, and only before what can begin one."""
    stop = match.start() + 1
    if _ABBREVIATIONS.search(text[max(start, stop - 12) : stop]):
        return False
    after = text[match.end() : match.end() + 2].lstrip()
    return not after or not after[0].islower()
