"""Numbers said in words: nobody is 0, everybody is the count they are of, and grades named one by one are 1 each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpers.reading.quantities import Item, Quantity
from helpers.reading.tokens import Token
from helpers.reading.topics import Topic, grade_key, topics_of

_AFTER_NONE = (
    "PATIENT",
    "OF",
    "GAIN",
    "GRADE",
    "SEVERE",
    "FOR",
    "ID",
    "OUTCOME",
    "AND",
    "MARK",
    "COMMA",
    "OPEN",
    "CLOSE",
)
_NAMING_GRADES = ("OPEN", "CLOSE", "OUTCOME", "RESP", "GRADE", "AND", "COMMA", "EACH", "MARK", "WORD", "COLON", "FOR")
_FEW = 9
_ATTRIBUTES = {
    "any",
    "new",
    "evidence",
    "signs",
    "sign",
    "one",
    "a",
    "further",
    "such",
    "events",
    "event",
    "other",
    "active",
    "life",
    "threatening",
}
_HAPPENED = {
    "occur",
    "occurred",
    "happen",
    "happened",
    "develop",
    "developed",
    "observed",
    "seen",
    "noted",
    "recorded",
    "reported",
    "documented",
}


@dataclass(frozen=True)
class Said:
    """A number that a word stands for: 0 for ``none``, `whole` for ``all``, 1 for each grade named."""

    topic: Topic
    word: Token
    number: int | None
    of: Quantity | None = None


def said_in_words(items: Sequence[Item]) -> list[Said]:
    """Every such number of a sentence."""
    topics = [topic for topic in topics_of(items) if topic.kind == "OUTCOME"]
    return [*_nobody(items, topics), *_everybody(items, topics), *_one_each(items, topics)]


def _kind(items: Sequence[Item], position: int) -> str:
    item = items[position] if 0 <= position < len(items) else None
    return "" if item is None or isinstance(item, Quantity) else item.kind


def _nobody(items: Sequence[Item], topics: list[Topic]) -> list[Said]:
    """``no ICANS``, ``none of the patients developed GVHD``, ``GVHD never occurred``, ``未发生ICANS``."""
    found: list[Said] = []
    for position, item in enumerate(items):
        if isinstance(item, Quantity) or item.kind != "NONE":
            continue
        ahead = [t for t in topics if position < t.at <= position + _FEW and _clear(items, position, t.at)]
        if ahead:
            found += [Said(t, item, 0) for t in _together(items, ahead)]
            continue
        follows = items[position + 1] if position + 1 < len(items) else None
        happens = follows is not None and not isinstance(follows, Quantity) and follows.value.lower() in _HAPPENED
        behind = [t for t in topics if position - 5 <= t.at < position]
        if happens and behind and not any(isinstance(i, Quantity) for i in items[behind[-1].at : position]):
            found.append(Said(behind[-1], item, 0))
    return found


def _clear(items: Sequence[Item], first: int, last: int) -> bool:
    """Whether only words of the same phrase stand between a negation and an outcome."""
    for item in items[first + 1 : last]:
        if isinstance(item, Quantity):
            return False
        if item.kind == "COMMA" and _kind(items, first + 1) != "OUTCOME":
            return False
        if item.kind in _AFTER_NONE or item.value.lower() in _ATTRIBUTES:
            continue
        return False
    return True


def _together(items: Sequence[Item], topics: list[Topic]) -> list[Topic]:
    """The outcomes that one negation covers: ``no CRS or ICANS``."""
    chosen = topics[:1]
    for topic in topics[1:]:
        kinds = {_kind(items, p) for p in range(chosen[-1].at + 1, topic.at)}
        if not kinds <= {"AND", "OPEN", "CLOSE", "GRADE", "COMMA", "OUTCOME"} or "AND" not in kinds:
            break
        chosen.append(topic)
    return chosen


def _everybody(items: Sequence[Item], topics: list[Topic]) -> list[Said]:
    """``all patients reached CR``, ``MRD均为阴性``; of the count named before it where there is one."""
    found: list[Said] = []
    for position, item in enumerate(items):
        if isinstance(item, Quantity) or item.kind != "ALL" or isinstance(_next(items, position), Quantity):
            continue
        before = [i for i in items[:position] if isinstance(i, Quantity) and i.count is not None]
        around = [t for t in topics if t.at == position - 1 or t.at == position + 1]
        if _kind(items, position + 1) == "PATIENT":
            ahead = [t for t in topics if position < t.at <= position + 6]
            if ahead and "GAIN" in {_kind(items, p) for p in range(position, ahead[0].at)} and not before:
                found.append(Said(ahead[0], item, None))
            continue
        near = [t for t in topics if position - 5 <= t.at <= position + 4 and t.value.startswith("mrd")] or around
        if near and before and _second(topics, near[-1], items, before[-1]):
            found.append(Said(near[-1], item, None, before[-1]))
    return found


def _second(topics: list[Topic], topic: Topic, items: Sequence[Item], count: Quantity) -> bool:
    """Whether a count before it already has an outcome of its own, so that this one is said of the same patients."""
    place = _place(items, count)
    between = items[place + 1 : topic.at]
    return any(place < other.at < topic.at for other in topics) and not any(isinstance(i, Quantity) for i in between)


def _place(items: Sequence[Item], quantity: Quantity) -> int:
    return next(p for p, item in enumerate(items) if item is quantity)


def _next(items: Sequence[Item], position: int) -> Item | None:
    for item in items[position + 1 : position + 3]:
        if isinstance(item, Quantity) or item.kind not in ("PATIENT", "WORD"):
            return item
    return None


def _one_each(items: Sequence[Item], topics: list[Topic]) -> list[Said]:
    """``2 patients had aGVHD (grade II and grade IV, respectively)``: as many grades as patients, so one of each."""
    found: list[Said] = []
    for topic in topics:
        counts = [i for i in items[max(0, topic.at - 8) : topic.at] if isinstance(i, Quantity) and i.count is not None]
        grades, j = list[Token](), topic.at + 1
        while _kind(items, j) in _NAMING_GRADES:
            item = items[j]
            if isinstance(item, Token) and item.kind == "GRADE":
                grades.append(item)
            j += 1
        keys = [grade_key(grade.value) for grade in grades]
        told_apart = len(grades) > 1 and len(set(keys)) == len(keys) and topic.grade in ("", *keys)
        if counts and told_apart and counts[-1].count is not None and counts[-1].count.value == str(len(grades)):
            for grade, key in zip(grades, keys, strict=True):
                found.append(Said(Topic("OUTCOME", topic.value, topic.at, key), grade, 1, counts[-1]))
    return found
