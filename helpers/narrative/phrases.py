"""Small building blocks of sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun, small numbers in words.

    >>> counted(1, "history", "histories"), counted(2, "history", "histories"), counted(31, "printed number")
    ('one history', 'two histories', '31 printed numbers')
    """
    word = _WORDS[number] if number < len(_WORDS) else f"{number:,}"
    return f"{word} {noun if number == 1 else plural or noun + 's'}"


def listed(items: Iterable[str], last: str = "and") -> str:
    """Items as a reader says them: ``a, b and c``."""
    words: Sequence[str] = tuple(items)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def in_sentence(title: str) -> str:
    """A title as it stands within a sentence: its first letter small, unless it is an abbreviation.

    >>> in_sentence("Complete remission"), in_sentence("CRS grade 3 or higher"), in_sentence("Other B-ALL")
    ('complete remission', 'CRS grade 3 or higher', 'other B-ALL')
    """
    return title if title[1:2].isupper() else f"{title[:1].lower()}{title[1:]}"


def event_noun(events: str) -> str:
    """What an event is called on its own: ``death`` where only death counts, else ``event``."""
    return "death" if events.strip().lower() in {"death", "death from any cause"} else "event"
