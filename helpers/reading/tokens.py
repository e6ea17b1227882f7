"""A plain text cut into tokens: numbers, the words of the lexicon, and composites whose digits are no results.

One pass of one regular expression, so that time grows with the length of the text and with nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from helpers.reading.lexicon import TERMS
from helpers.reading.numerals import CHINESE, ENGLISH, in_digits

_MONTH = r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
_YEAR = r"(?:19|20)[0-9]{2}"
_ROMAN = r"(?:I{1,3}V?|IV|V|[Ⅰ-Ⅴ])"
_STEP = rf"(?:[0-5](?![0-9.%])|{_ROMAN}(?![A-Za-z]))"
_JOIN = r" ?(?:-|~|/|to|or|and|至|和|、|或) ?"
_MORE = r"(?: ?(?:or|and) (?:higher|greater|above|more|worse|over|lower|less|below))"
GRADE = (
    rf"(?:[≥≤<>]=? ?)?(?i:grades?)[- ]?(?: ?(?:[≥≤<>]=?|of) ?)?{_STEP}(?:{_JOIN}(?:(?i:grades?) ?)?{_STEP})?{_MORE}?"
    rf"|[≥≤<>]=? ?{_STEP} ?[级度]|{_STEP}(?:{_JOIN}{_STEP})? ?[级度](?:及以上|或以上|以上|及以下|或以下|以下)?"
    rf"|G[1-5](?:{_JOIN}G?[1-5])?(?![0-9A-Za-z])"
)
_NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])|[0-9]+(?:\.[0-9]+)?|\.[0-9]+"
# Composites: their digits are read as part of something that is no result of a patient cohort.
_COMPOSITES = (
    ("LINK", r"(?:https?://|www\.|doi\.org/)[^\s]+|(?i:doi)[ :]*10\.[^\s]+|10\.[0-9]{4,9}/[^\s，。]+"),
    ("ID", r"(?:NCT|ChiCTR|EudraCT|ISRCTN|UMIN|CTRI|jRCT|ACTRN|KCT|IRCT|NTR)[-A-Za-z]*[ #:]*[0-9][-0-9]*"),
    ("ID", r"(?:PMID|PMCID|ISSN|ISBN)[ :]*[A-Z]*[0-9][-0-9X]*|PMC[0-9]+"),
    ("CITE", rf"{_YEAR};[ ]?[0-9]+(?:\([^)]{{1,20}}\))?(?::[ ]?[A-Za-z]?[0-9]+(?:-[A-Za-z]?[0-9]+)?)?"),
    ("CITE", r"(?<=[A-Za-z\u4e00-\u9fff.,;])[ ]?\[[0-9]{1,3}(?:(?:,[ ]?|-)[0-9]{1,3})*\](?![ ]?%)"),
    ("PVALUE", r"(?<![A-Za-z0-9-])[Pp](?: ?-? ?values?|值|均)?(?: for [a-z]{1,20})?(?: of| was)? ?(?:均)?[=<>≤≥]{1,2} ?(?:[0-9]*\.[0-9]+|[0-9]+)(?: ?[×x] ?10 ?\^? ?-? ?[0-9]+)?"),
    ("PVALUE", r"(?<![A-Za-z0-9-])[Pp](?:-| )(?:values?) (?:of |was )?[0-9]*\.[0-9]+"),
    ("GRADE", GRADE),
    ("DATE", rf"{_YEAR}年(?: ?[0-9]{{1,2}}月(?: ?[0-9]{{1,2}}日)?)?|[0-9]{{1,2}}月[0-9]{{1,2}}日"),
    ("DATE", rf"(?<![0-9.]){_YEAR}[-/.][0-9]{{1,2}}(?:[-/.][0-9]{{1,2}})?(?![0-9%])|(?<![0-9.])[0-9]{{1,2}}/{_YEAR}(?![0-9])"),
    ("DATE", rf"(?i:{_MONTH})\.? (?:[0-9]{{1,2}}(?:st|nd|rd|th)?,? )?{_YEAR}(?![0-9])|(?<![0-9])[0-9]{{1,2}}(?:st|nd|rd|th)? (?i:{_MONTH})\.?,? {_YEAR}(?![0-9])|(?<![A-Za-z]){_MONTH}\.? [0-9]{{1,2}}(?:st|nd|rd|th)?(?![0-9])"),
    ("DATE", rf"(?<![0-9.,]){_YEAR}(?:-{_YEAR})?(?![0-9]|\.[0-9]|,[0-9]| ?%| ?(?:patients|subjects|cases|例|名))"),
    ("DAYREF", r"(?<![A-Za-z])(?i:days?) ?\+?-?[0-9]+(?: ?(?:and|-|to|or|/) ?\+?[0-9]+)*(?![0-9.%])|(?<![A-Za-z])(?i:days) [0-9]+(?:, ?[0-9]+)+,? and [0-9]+(?![0-9.%])|(?<![A-Za-z0-9])[Dd]\+?[0-9]{1,3}(?![0-9A-Za-z.%])|第 ?[+-]?[0-9]+ ?(?:天|日|d)|\+ ?[0-9]{1,3} ?(?:d|天)(?![A-Za-z])"),
    ("MOMENT", r"(?<![A-Za-z])(?i:months?|weeks?|years?) ?\+?[0-9]+(?: ?(?:,|and|-|to) ?[0-9]+)*(?![0-9.%])|第 ?[0-9]+ ?(?:个月|周|年)"),
    ("LABEL", r"(?<![A-Za-z])(?i:phases?|cohorts?|tables?|fig(?:ure)?s?\.?|versions?|SPSS(?: Statistics)?|SAS|Stata|GraphPad|Prism|stages?|levels?|types?|parts?|refs?\.|No\.|vol(?:ume)?\.?|courses?|chapter|step|arm|group) ?#?[0-9IVab]+(?:\.[0-9]+)*(?:[-/][0-9IVab]+)?(?![0-9A-Za-z%])|(?<![A-Za-z])R (?:v(?:ersion)?\.? ?)?[0-9]+\.[0-9]+(?:\.[0-9]+)?"),
    ("CI", r"(?:(?P<level>[0-9]{2}(?:\.[0-9])?) ?%? ?-? ?)?(?:(?i:confidence (?:intervals?|limits?)|credible intervals?)|C\.?I\.?s?|CrI|IC|可信区间|置信区间|可信限)(?![A-Za-z])(?: ?[\[(] ?(?:95 ?% ?)?C\.?I\.?s? ?[\])])?(?: ?为)?"),
    ("N", r"(?<![A-Za-z0-9])[nN] ?= ?"),
    ("POWER", r"(?:[×xX*] ?)10 ?(?:\^|\(|\*\*)? ?-?[0-9]{0,2}\)?[⁰¹²³⁴⁵⁶⁷⁸⁹]*|10 ?\^ ?-?[0-9]+|10[⁰¹²³⁴⁵⁶⁷⁸⁹]+"),
    ("RATIO", r"(?<![0-9.])[0-9]{1,3} ?: ?[0-9]{1,3}(?! ?%)(?![0-9.])"),
    ("ID", r"(?:19-28z|4-1BB|[0-9]{1,2}-[0-9]{1,2}z)(?![A-Za-z])|(?<![A-Za-z0-9])(?!(?:CI|IQR|OS|EFS|PFS|RFS|LFS|DFS|HR|CR|CRi|ORR|NR|NE|to|and|vs|in|of|was|for|at|by|or|is|were|median|range|rate|plus|than)[0-9])[A-Za-z]+(?:[-/]?[A-Za-z]+)*[-]?[0-9]+(?:[-/.]?[A-Za-z0-9]+)*[+]?(?![0-9]*\.[0-9]*%)"),
    ("ID", r"(?<![0-9.])[0-9]+(?:st|nd|rd|th)(?![A-Za-z])|(?<![0-9.])[0-9]{1,2}(?:[ABCEFGHaz]|b/[0-9])(?![A-Za-z0-9])"),
)
_UNITS = {
    "day": r"(?:days?|d)(?![A-Za-z])|天|日(?!期)",
    "week": r"(?:weeks?|wks?|w)(?![A-Za-z])|周",
    "month": r"(?:months?|mos?\.?|mo|mths?)(?![A-Za-z])|个月|月",
    "year": r"(?:years?|yrs?\.?|y)(?![A-Za-z])|年",
}
_AFTER_NUMBER = (
    ("AGEUNIT", r"岁|(?:-| )?years?[- ](?:old|of age)"),
    ("MEASURE", r"(?:cells?/|mg|μg|ug|kg|mL|ml|IU|Gy|cGy|mmHg|℃|°C|copies|pg|ng|U/L|g/L|cells|hours?|hrs?|min(?:utes)?|kb|bp|years? old)(?![A-Za-z])|[×x]|(?:[gLUh])(?![A-Za-z])|小时|分钟|元"),
)
_PUNCTUATION = {
    "(": "OPEN", "[": "OPEN", ")": "CLOSE", "]": "CLOSE", ",": "COMMA", ";": "SEMI", ":": "COLON", "-": "DASH", "~": "TILDE",
    "/": "SLASH", "%": "PCT", "≥": "CMP", "≤": "CMP", "<": "CMP", ">": "CMP", "=": "EQ", "≈": "CMP", "±": "CMP", "+": "PLUS",
}  # fmt: skip


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

    for kind, pattern in _COMPOSITES:
        add(kind, "", pattern)
    add("NUM", "", rf"(?<![0-9])(?:{_NUMBER})")
    add("WORDNUM", "", rf"(?<![A-Za-z-])(?i:{ENGLISH})(?![A-Za-z])|{CHINESE}")
    add("PCT", "", r"%|(?i:per ?cent)(?![A-Za-z])|个百分点")
    for unit, pattern in _UNITS.items():
        add("UNIT", unit, rf"(?<![A-Za-z])(?i:{pattern})")
    for kind, pattern in _AFTER_NUMBER:
        add(kind, "", rf"(?<=[0-9)% -]){pattern}")
    for term in TERMS:
        ways = []
        if term.words:
            ways.append(rf"(?<![A-Za-z])(?i:{term.words})(?![A-Za-z])")
        if term.marks:
            ways.append(rf"(?<![A-Za-z])(?:{term.marks})(?![A-Za-z])")
        if term.chinese:
            ways.append(term.chinese)
        add(term.kind, term.value, "|".join(ways))
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
