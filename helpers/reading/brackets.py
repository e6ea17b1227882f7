"""Limits of an interval and what else stands in the brackets behind a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from helpers.reading.tokens import Token

_SEPARATORS = ("DASH", "TILDE", "TO", "COMMA")
_FILLING = ("COLON", "COMMA", "EQ", "OF", "BETWEEN", "WORD", "FOR")
NUMBERS = ("NUM", "WORDNUM")
_LONGEST_BLOCK = 60
# Brackets that begin with one of these are about something else than the number before them.
_OTHER_MATTER = ("ENDPOINT", "OUTCOME", "FOLLOW", "MEDIAN", "TIME", "SURVIVAL", "VS", "NUM", "STOP")


@dataclass
class Quantity:
    """Numbers that one phrase prints together, as tokens; `first` and `last` are positions in the sentence.

    `unit` is percent or a unit of time; `span` tells what the limits are (ci, range, iqr, or bare where no word says
    it); `aside` says why it is no result of the kind a study folder holds; `more` are numbers that belong to it in a
    way that is not understood.
    """

    first: int
    last: int
    value: Token | None = None
    unit: str = ""
    count: Token | None = None
    n: Token | None = None
    low: Token | None = None
    high: Token | None = None
    span: str = ""
    level: str = ""
    approximate: bool = False
    of_patients: bool = False
    of_part: bool = False
    aside: str = ""
    inside: bool = False
    more: list[Token] = field(default_factory=list)

    @property
    def is_share(self) -> bool:
        """Whether it is a count or a percentage of patients."""
        return self.is_rate or self.count is not None

    @property
    def is_rate(self) -> bool:
        """Whether it is a percentage or a proportion."""
        return self.unit in ("percent", "proportion")

    @property
    def is_time(self) -> bool:
        """Whether it is a length of time, or that none was reached."""
        return (self.unit != "" and not self.is_rate) or (self.value is not None and self.value.kind == "NR")

    def numbers(self) -> list[Token]:
        """Every number token in it."""
        own = [self.value, self.count, self.n, self.low, self.high]
        return [token for token in own if token is not None] + self.more


def whole(token: Token) -> bool:
    """Whether a token is a number without decimals."""
    return token.kind in NUMBERS and token.value.isdigit()


class Brackets:
    """Reads limits and brackets from the tokens of one sentence."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        """Take the tokens."""
        self.tokens = tokens

    def kind(self, i: int) -> str:
        """The kind of the token at a position; an empty text where there is none."""
        return self.tokens[i].kind if 0 <= i < len(self.tokens) else ""

    def _limit(self, j: int) -> tuple[Token, str, int] | None:
        """One limit: a number or a not-reached mark, with its unit if it has one."""
        kind = self.kind(j)
        if kind == "NR":
            return self.tokens[j], "", j + 1
        if kind != "NUM":
            return None
        after = self.kind(j + 1)
        if after == "PCT":
            return self.tokens[j], "percent", j + 2
        if after == "UNIT":
            return self.tokens[j], self.tokens[j + 1].value, j + 2
        return self.tokens[j], "", j + 1

    def limits(self, j: int) -> tuple[Token, Token, int, str] | None:
        """Two limits with a separator: the limits, the position after them, their unit."""
        nested = self.kind(j) == "OPEN"
        low = self._limit(j + nested)
        if low is None or self.kind(low[2]) not in (*_SEPARATORS, "AND"):
            return None
        k = low[2] + 1
        high = self._limit(k)
        if high is None:
            return None
        end = high[2] + (1 if nested and self.kind(high[2]) == "CLOSE" else 0)
        if self.kind(end) in ("POWER", "MEASURE", "OF", "SLASH") or (self.kind(low[2]) == "AND" and nested):
            return None
        return low[0], high[0], end, low[1] or high[1]

    def _marked(self, j: int) -> tuple[str, str, int] | None:
        """A word for limits (CI, range, IQR) at position j: what it says, its level, and the position after it."""
        spans = {"CI": "ci", "RANGE": "range", "IQR": "iqr"}
        if self.kind(j) not in spans:
            return None
        span, level = spans[self.kind(j)], self.tokens[j].value if self.kind(j) == "CI" else ""
        k = j + 1
        while self.kind(k) in _FILLING and k < j + 4:
            k += 1
        return span, level, k

    def _set(self, found: Quantity, span: str, level: str, limits: tuple[Token, Token, int, str]) -> None:
        low, high, _, unit = limits
        if found.low is not None:
            if found.span in ("range", "iqr") and span == "ci":
                found.more += [found.low, found.high] if found.high else [found.low]
            else:
                found.more += [low, high]
                return
        found.low, found.high, found.span, found.level = low, high, span, level
        reached = found.value is not None and found.value.kind != "NR"
        if unit and found.value is not None and (not found.unit if reached else unit != "percent"):
            found.unit = unit

    def limits_after(self, found: Quantity, j: int) -> Quantity:
        """Limits behind an estimate: in brackets, or after a comma with a word that says what they are."""
        if self.kind(j) == "OPEN":
            self.block(found, j)
            if found.unit == "" and found.value is not None and found.value.kind == "NUM":
                self.unit_after(found)
            return found
        k = j
        while self.kind(k) in ("COMMA", "SEMI", "FOR", "WORD", "COLON") and k < j + 3:
            k += 1
        marked = self._marked(k)
        if marked is not None:
            limits = self.limits(marked[2])
            if limits is not None:
                self._set(found, marked[0], marked[1], limits)
                found.last = limits[2] - 1
        return found

    def block(self, found: Quantity, j: int) -> bool:
        """What the brackets at position j add to a quantity; False, and nothing changed, where they add nothing."""
        k, end = j + 1, min(len(self.tokens), j + _LONGEST_BLOCK)
        added = False
        while k < end:
            kind = self.kind(k)
            if kind == "CLOSE":
                if added:
                    found.last = k
                return added
            step = self._part(found, k)
            if step is not None:
                added, k = True, step
            elif kind in _OTHER_MATTER and not added:
                return False
            else:
                if kind == "NUM":
                    found.more.append(self.tokens[k])
                if kind in ("POWER", "MEASURE"):
                    found.aside = found.aside or "a dose or a measured amount"
                if kind == "OPEN":
                    break
                k += 1
        if added:
            found.last = k - 1
        return added

    def _part(self, found: Quantity, k: int) -> int | None:
        """One item of a bracket taken up by the quantity; the position after it, or None."""
        marked = self._marked(k)
        if marked is not None:
            limits = self.limits(marked[2])
            if limits is None:
                return None
            self._set(found, marked[0], marked[1], limits)
            return limits[2]
        if self.kind(k) == "N" and self.kind(k + 1) == "NUM" and found.n is None:
            found.n = self.tokens[k + 1]
            return k + 2
        if self.kind(k) not in NUMBERS:
            return None
        token = self.tokens[k]
        if self.kind(k + 1) == "PCT" and found.value is None and found.count is not None:
            limits = self.limits(k)
            if limits is None or self.kind(k + 2) == "COMMA":
                found.value, found.unit = token, "percent"
                return k + 2
        wanted = found.count is None and found.unit == "percent" and whole(token)
        if wanted and self.kind(k + 1) in ("OF", "SLASH") and self.kind(k + 2) in NUMBERS and whole(self.tokens[k + 2]):
            found.count, found.n = token, self.tokens[k + 2]
            return k + 3
        limits = self.limits(k)
        if limits is not None and found.value is not None and found.low is None:
            self._set(found, "bare", "", limits)
            return limits[2]
        if wanted and self.kind(k + 1) == "PATIENT":
            found.count, found.of_patients = token, True
            return k + 2
        return None

    def unit_after(self, found: Quantity) -> None:
        """Take up a unit that stands behind the limits: ``287 (132-441) d``."""
        j = found.last + 1
        if self.kind(j) == "UNIT":
            found.unit, found.last = self.tokens[j].value, j
        elif self.kind(j) == "PCT":
            found.unit, found.last = "percent", j

    def starts_limits(self, j: int) -> bool:
        """Whether limits, or a word for them, begin at a position."""
        return self.kind(j) in ("CI", "RANGE", "IQR") or self.limits(j) is not None
