"""What goes wrong because of an input, told in two lines: the problem with its value, and the remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_BLANKS = frozenset("\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an input, and what to do about it.

    `file`, `row` (1-based line of the file, the header being row 1) and `column` say where, as far as known;
    `found` is the offending text as it stands in the input.
    """

    message: str
    remedy: str
    file: str = ""
    row: int | None = None
    column: str = ""
    found: str | None = None

    @property
    def where(self) -> str:
        """File, row and column in one phrase, e.g. ``claims.csv, row 3, column value``."""
        parts = [self.file] if self.file else []
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column:
            parts.append(f"column {self.column}")
        return ", ".join(parts)

    def __str__(self) -> str:
        """Two lines: the problem with its value, then the remedy."""
        where = f"{self.where}: " if self.where else ""
        found = f" (found {shorten(self.found)!r})" if self.found is not None else ""
        return f"{printable(f'{where}{self.message}')}{found}\n  remedy: {printable(self.remedy)}"


class InputError(Exception):
    """An input cannot be used; carries every problem found in it, not only the first."""

    exit_code = 2

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        """Take one problem or several."""
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def shorten(text: str, limit: int = 60) -> str:
    """Cut a quoted value so that one message stays one line; control characters become visible escapes."""
    plain = printable(text[: 4 * limit])
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"


def printable(text: str) -> str:
    """Text that can do nothing to a terminal: control characters, also invisible ones, become visible escapes.

    >>> printable("a\\x1b[2Jb")
    'a\\\\x1b[2Jb'
    """
    if text.isprintable():
        return text
    shown = (" " if c in _BLANKS else c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return "".join(shown)


def nearest(word: str, allowed: Iterable[str]) -> str | None:
    """The allowed name most like `word`, or None if nothing is close."""
    import difflib

    matches = difflib.get_close_matches(word.lower(), {a.lower(): a for a in allowed}, n=1, cutoff=0.6)
    return next((a for a in allowed if matches and a.lower() == matches[0]), None)
