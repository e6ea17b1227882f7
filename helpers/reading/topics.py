"""Topics of a sentence: the words that say what a number is, each with its grade."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from helpers.reading.quantities import Item, Quantity
from helpers.reading.tokens import Token

TOPICS = ("ENDPOINT", "SURVIVAL", "INCIDENCE", "OUTCOME", "FOLLOW", "AGE", "DOSE", "HR", "OTHERTIME", "OTHER")
CURVES = ("ENDPOINT", "SURVIVAL", "INCIDENCE")
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "Ⅴ": 5}
_STEP = re.compile(r"[0-5]|(?<![A-Za-z])(?:IV|I{1,3}|V)(?![A-Za-z])|[Ⅰ-Ⅴ]")


@dataclass(frozen=True)
class Topic:
    """A word that says what a number is: where it stands, and the grade that goes with it."""

    kind: str
    value: str
    at: int
    grade: str = ""
    severe: bool = False
    inside: bool = False


def topics_of(items: Sequence[Item]) -> list[Topic]:
    """The topics of a sentence in order; an abbreviation in brackets behind its own full name is not a second one."""
    found: list[Topic] = []
    for position, item in enumerate(items):
        if isinstance(item, Quantity):
            continue
        if item.kind == "MRD":
            if not _negative_after(items, position):
                continue
            item = Token("OUTCOME", "mrd_negative", item.start, item.end)
        if item.kind not in TOPICS:
            continue
        value = item.value if item.kind in ("ENDPOINT", "OUTCOME", "OTHER", "SURVIVAL") else ""
        if item.kind == "OUTCOME" and _names_a_group(items, position):
            continue
        last = found[-1] if found else Topic("", "", -99)
        if (last.kind, last.value) == (item.kind, value) and _only(items, last.at, position, _SAME):
            continue
        if {last.value, value} == {"mrd_negative", "cr"} and _only(items, last.at, position, _ONE_NAME):
            found[-1] = Topic("OUTCOME", "mrd_negative_cr", last.at, last.grade)
            continue
        depth = sum({"OPEN": 1, "CLOSE": -1}.get(i.kind, 0) for i in items[:position] if isinstance(i, Token))
        found.append(Topic(item.kind, value, position, *_grade_of(items, position), depth > 0))
    return found


# What may stand between a name and its abbreviation, and inside a name of two parts.
_SAME = ("OPEN", "CLOSE", "SLASH", "OF", "AND", "RATE", "MARK")
_ONE_NAME = ("OPEN", "CLOSE", "DASH")


def _only(items: Sequence[Item], first: int, last: int, kinds: tuple[str, ...]) -> bool:
    return last - first <= 4 and all(isinstance(i, Token) and i.kind in kinds for i in items[first + 1 : last])


def _negative_after(items: Sequence[Item], position: int) -> bool:
    """Whether MRD is said to be negative within the next words."""
    for item in items[position + 1 : position + 10]:
        if isinstance(item, Quantity):
            return False
        if item.value in ("阴", "negative", "negativity", "undetectable"):
            return True
        if item.kind in ("COMMA", "STOP", "SEMI", "OUTCOME", "ENDPOINT"):
            return False
    return False


def _names_a_group(items: Sequence[Item], position: int) -> bool:
    """``all CR patients``: the outcome says which patients, not what happened to them."""
    after = items[position + 1] if position + 1 < len(items) else None
    return isinstance(after, Token) and after.kind == "PATIENT" and "例" not in after.text


def _grade_of(items: Sequence[Item], position: int) -> tuple[str, bool]:
    """The grade that belongs to an outcome, right before or right behind it, and whether it is called severe."""
    severe = False
    for step in (-1, 1):
        for distance in range(1, 6):
            j = position + step * distance
            if not 0 <= j < len(items):
                break
            item = items[j]
            if isinstance(item, Quantity) or item.kind in ("COMMA", "STOP", "SEMI", "ENDPOINT"):
                break
            if item.kind == "OUTCOME" and step < 0:
                break
            if item.kind == "OUTCOME" and item.value != getattr(items[position], "value", ""):
                break
            if item.kind == "GRADE":
                return grade_key(item.value), severe
            severe |= item.kind == "SEVERE" and step < 0
    return "", severe


def grade_key(text: str) -> str:
    """A grade as part of a claim id.

    >>> grade_key("grade ≥3"), grade_key("Ⅱ度"), grade_key("grades III-IV"), grade_key("grade 2 or lower")
    ('grade_3_plus', 'grade_2', 'grade_3_plus', 'grade_2_or_lower')
    """
    steps = [int(s) if s.isdigit() else _ROMAN[s] for s in _STEP.findall(text)]
    if not steps:
        return ""
    low, high = min(steps), max(steps)
    if re.search(r"≤|<|lower|less|below|以下", text):
        return f"grade_{high}_or_lower" if "<" not in text or "=" in text else f"grade_{high - 1}_or_lower"
    if re.search(r">(?!=)", text):
        return f"grade_{low + 1}_plus"
    if re.search(r"≥|>=|higher|greater|above|more|worse|over|以上", text) or (high >= 4 and low < high):
        return f"grade_{low}_plus"
    return f"grade_{low}" if low == high else (f"grade_{high}_or_lower" if low <= 1 else f"grade_{low}_to_{high}")
