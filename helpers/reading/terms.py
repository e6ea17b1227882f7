"""What an entry of the lexicon is: a meaning and the ways to write it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A kind and a value, and what stands for them: words in whatever case, abbreviations as they are, and Chinese."""

    kind: str
    value: str
    words: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    chinese: tuple[str, ...] = ()

    def pattern(self) -> str:
        """All ways to write it as one regular expression; words and abbreviations stand free of other letters."""
        ways = []
        if self.words:
            ways.append(rf"(?<![A-Za-z])(?i:{'|'.join(self.words)})(?![A-Za-z])")
        if self.marks:
            ways.append(rf"(?<![A-Za-z])(?:{'|'.join(self.marks)})(?![A-Za-z])")
        return "|".join([*ways, *self.chinese])
