"""What the rest says about one printed number: the digits it allows, or only their range, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

NOT_REACHED = "NR"


@dataclass(frozen=True)
class Foretold:
    """What the rest allows for one number.

    Attributes
    ----------
    texts : every text allowed, without "not reached"; None where they are not known one by one.
    span : smallest and largest of them as text, where that is all that is known.
    never : whether the number may not be reached at all.
    above : whether nothing printed bounds it from above.
    why : what limits the answer, in plain words.
    how : how the numbers were made, for the note of a ledger row.
    """

    texts: frozenset[str] | None = None
    span: tuple[str, str] | None = None
    never: bool = False
    above: bool = False
    why: str = ""
    how: str = ""

    @property
    def known(self) -> bool:
        """Whether anything can be said."""
        return self.texts is not None or self.span is not None

    @property
    def sorted_texts(self) -> tuple[str, ...]:
        """The texts in order of size."""
        return tuple(sorted(self.texts or (), key=Fraction))

    @property
    def ends(self) -> tuple[str, str] | None:
        """Smallest and largest text; None where there is none."""
        if self.span is not None:
            return self.span
        texts = self.sorted_texts
        return (texts[0], texts[-1]) if texts else None

    def allows(self, printed: str, *, reached: bool) -> bool:
        """Whether the printed digits (or the mark for not reached) are among what is allowed."""
        if not reached:
            return self.never
        if self.texts is not None and printed in self.texts:
            return True
        return self.span is not None and Fraction(self.span[0]) <= Fraction(printed) <= Fraction(self.span[1])
