"""Kinds of answers: what counts as right, and what a wrong one says about how it came about.

An answer never gives away the truth in what it says about a wrong one. Hints and the answer itself are the business
of the worksheet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from helpers.teaching.diagnosis import about_number
from helpers.teaching.numerals import exact, plainly


class Unreadable(Exception):
    """What was given cannot be an answer at all; the message says kindly what would be. It is not counted."""


@dataclass(frozen=True)
class Judgement:
    """Whether an answer is right, and if not, a sentence about this very answer."""

    right: bool
    about: str = ""


class Answer(Protocol):
    """One kind of answer."""

    @property
    def shown(self) -> str:
        """The right answer as a reader sees it, in light Markdown."""

    def read(self, given: object) -> Any:
        """The answer in its canonical form. Raises Unreadable."""

    def judge(self, read: Any) -> Judgement:
        """Right or wrong, and what a wrong one tells."""

    def same(self, read: Any, value: Any) -> bool:
        """Whether it is a certain (wrong) value, so that a known slip can be recognised."""


@dataclass(frozen=True)
class Number:
    """A number, right if it agrees with the truth when rounded to some decimals.

    Parameters
    ----------
    truth : computed, never typed; a float or, where a rounding boundary is near, an exact fraction.
    decimals : a learner may round to so many; 0 for whole numbers.
    least, most : what the quantity can be at all, if that is bounded.
    unit : what stands behind the number when it is shown, e.g. ``"%"``.
    share : whether it is a proportion, so that percent and complements are recognised as slips.
    within : how far off an estimate or a guess may be; None: half a unit of the last decimal.
    """

    truth: Fraction | float
    decimals: int = 3
    least: float | None = None
    most: float | None = None
    unit: str = ""
    share: bool = False
    within: float | None = None

    @property
    def shown(self) -> str:
        """The number with its unit, and as a fraction where that is short."""
        x = Fraction(self.truth)
        text = plainly(x, self.decimals) + (f" {self.unit}" if self.unit else "")
        return f"{text} (exactly {x})" if 1 < x.denominator <= 1000 else text

    @property
    def range(self) -> tuple[float | None, float | None]:
        """What it can be at all."""
        return (0.0, 1.0) if self.share else (self.least, self.most)

    def read(self, given: object) -> Fraction:
        """A fraction from anything that is one number."""
        number = exact(given)
        if number is None:
            raise Unreadable(f"a number is asked for, such as `0.5` or `11 / 22`; this is {_kind(given)}")
        return number

    def judge(self, read: Fraction) -> Judgement:
        """Compare, and look for the way a wrong number came about."""
        if self.same(read, self.truth):
            return Judgement(True)
        return Judgement(False, about_number(read, Fraction(self.truth), self.decimals, self.share, *self.range))

    def same(self, read: Fraction, value: Fraction | float) -> bool:
        """Equal to within half a unit of the last decimal asked for (and a float's own error), or to `within`."""
        half = Fraction(1, 2 * 10**self.decimals) if self.within is None else Fraction(self.within)
        return abs(read - Fraction(value)) <= half * (1 + Fraction(1, 10**9))


@dataclass(frozen=True)
class Pair:
    """Two numbers in order, such as the limits of an interval; each is judged as a `Number`."""

    low: Number
    high: Number
    names: tuple[str, str] = ("lower limit", "upper limit")

    @property
    def shown(self) -> str:
        """Both numbers."""
        return f"{self.low.shown} and {self.high.shown}"

    def read(self, given: object) -> tuple[Fraction, Fraction]:
        """Two fractions from a tuple, list or array of two."""
        try:
            parts = list(given)  # type: ignore[call-overload]
        except TypeError:
            parts = []
        if isinstance(given, str) or len(parts) != 2:
            raise Unreadable(f"two numbers are asked for, such as `(0.4, 0.6)`; this is {_kind(given)}")
        return self.low.read(parts[0]), self.high.read(parts[1])

    def judge(self, read: tuple[Fraction, Fraction]) -> Judgement:
        """Both must be right; a swapped pair is told apart from a wrong one."""
        low, high = self.low.judge(read[0]), self.high.judge(read[1])
        if low.right and high.right:
            return Judgement(True)
        if self.low.same(read[1], self.low.truth) and self.high.same(read[0], self.high.truth):
            return Judgement(False, f"these are the right numbers in the wrong order: the {self.names[0]} comes first")
        if low.right or high.right:
            good, bad, about = (
                (self.names[0], self.names[1], high.about) if low.right else (self.names[1], self.names[0], low.about)
            )
            return Judgement(False, f"the {good} is right. The {bad}: {about}")
        return Judgement(False, f"the {self.names[0]}: {low.about}")

    def same(self, read: tuple[Fraction, Fraction], value: tuple[float, float]) -> bool:
        """Both equal the value's."""
        return self.low.same(read[0], value[0]) and self.high.same(read[1], value[1])


@dataclass(frozen=True)
class Text:
    """A short text compared sign by sign, such as a history or the digits of a print.

    Parameters
    ----------
    truths : every text that is right, the first of them shown as the answer.
    like : an example of the form, e.g. ``"EEC"``, for those who give something else.
    explain : says what is wrong with a wrong text (e.g. what a history would print); may raise Unreadable for a text
        of the wrong form.
    upper : compare without regard to upper and lower case.
    printed : whether it is a printed number, where a float has lost its trailing zeros.
    """

    truths: tuple[str, ...]
    like: str
    explain: Callable[[str], str] = lambda text: ""
    upper: bool = False
    printed: bool = False

    @property
    def shown(self) -> str:
        """All right texts."""
        return " or ".join(f"`{text}`" for text in self.truths)

    def read(self, given: object) -> str:
        """The text without spaces around it."""
        if self.printed and isinstance(given, (int, float)):
            raise Unreadable(
                f"a printed number is text, because its digits count; put it in quotes, like `'{self.like}'`"
            )
        if not isinstance(given, str):
            raise Unreadable(f"a text is asked for, such as `'{self.like}'`; this is {_kind(given)}")
        text = given.strip()
        return text.upper() if self.upper else text

    def judge(self, read: str) -> Judgement:
        """Compare with every right text."""
        if any(self.same(read, truth) for truth in self.truths):
            return Judgement(True)
        if self.printed and exact(read) is not None and any(exact(read) == exact(truth) for truth in self.truths):
            return Judgement(False, f"the size is right, but not the digits: `{read}` is not how it was printed")
        return Judgement(False, self.explain(read) or f"`{read}` it is not")

    def same(self, read: str, value: str) -> bool:
        """The same text."""
        return read == (value.upper() if self.upper else value)


def _kind(given: object) -> str:
    text = repr(given)
    return f"`{text}`" if len(text) <= 30 else f"a {type(given).__name__}"
