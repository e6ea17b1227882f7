"""Numbers that belong together: an estimate with its interval, a count with its percentage, the n they are of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from helpers.reading.tokens import Token

_SEPARATORS = ("DASH", "TILDE", "TO", "COMMA")
_FILLING = ("COLON", "COMMA", "EQ", "OF", "BETWEEN", "WORD", "FOR")
_NUMBERS = ("NUM", "WORDNUM")
_LONGEST_BLOCK = 60
_DESCRIBED = 16


@dataclass
class Quantity:
    """Numbers that one phrase prints together, as tokens; `first` and `last` are positions in the sentence.

    `unit` is percent or a unit of time; `span` tells what the limits are (ci, range, iqr, or bare where nothing says it);
    `aside` says why it is no result of the kind a study folder holds.
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
        return self.unit == "percent" or self.count is not None

    @property
    def is_time(self) -> bool:
        """Whether it is a length of time, or that none was reached."""
        return self.unit not in ("", "percent") or (self.value is not None and self.value.kind == "NR")

    def numbers(self) -> list[Token]:
        """Every number token in it."""
        own = [self.value, self.count, self.n, self.low, self.high]
        return [token for token in own if token is not None] + self.more


Item = Token | Quantity


def _whole(token: Token) -> bool:
    return token.kind in _NUMBERS and token.value.isdigit()


class _Phrase:
    """Reads quantities from the tokens of one sentence."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens

    def kind(self, i: int) -> str:
        return self.tokens[i].kind if 0 <= i < len(self.tokens) else ""

    def read(self, i: int) -> Quantity | None:
        """The quantity that begins at position i, if one does."""
        kind = self.kind(i)
        if kind == "N" and self.kind(i + 1) == "NUM":
            return self._group(i)
        if kind == "NR":
            repeated = [self.kind(j) for j in range(i + 1, i + 4)] == ["OPEN", "NR", "CLOSE"]
            found = Quantity(i, i + 3 if repeated else i, value=self.tokens[i])
            return self._limits_after(found, found.last + 1)
        if kind not in _NUMBERS:
            return None
        if kind == "WORDNUM" and not self._counts(i):
            return None
        found = self._amount(i) or self._count_of(i) or self._percent(i) or self._time(i) or self._count(i)
        found.approximate = self.kind(i - 1) == "APPROX"
        if self.kind(i - 1) == "CMP" and not found.aside:
            found.aside = "a threshold"
        return found

    def _counts(self, i: int) -> bool:
        """Whether a numeral in words counts patients: one of the next words says so."""
        after = self.kind(i + 1)
        if after in ("OPEN", "OF", "GAIN", "GRADE", "OUTCOME", "STOP", "COMMA", "") or self.kind(i - 1) == "FOR":
            return True
        return self._patients_at(i + 1) is not None

    def _patients_at(self, j: int) -> int | None:
        """The position of the patients that a number counts, past the words that describe them: ``37 R/R B-ALL patients``."""
        for k in range(j, j + _DESCRIBED):
            if self.kind(k) == "PATIENT":
                return k
            if self.kind(k) not in ("WORD", "DASH", "SLASH", "ID", "AND", "OTHER", "OUTCOME", "OPEN", "CLOSE", "PLUS", "ALL"):
                return None
            if self.kind(k) == "OPEN" and k == j:
                return None
        return None

    def _group(self, i: int) -> Quantity:
        """``n = 16``, with the percentage of that group if it follows."""
        found = Quantity(i, i + 1, n=self.tokens[i + 1])
        j = i + 2
        if self.kind(j) in ("COMMA", "SEMI", "COLON") and self.kind(j + 1) == "NUM" and self.kind(j + 2) == "PCT":
            found.value, found.unit, found.last = self.tokens[j + 1], "percent", j + 2
            return self._limits_after(found, j + 3)
        return found

    def _amount(self, i: int) -> Quantity | None:
        """A dose, a weight, a cell count, or a number of something that is no patient."""
        j = i + 1
        numbers = [self.tokens[i]]
        if self.kind(j) in ("DASH", "TILDE", "TO") and self.kind(j + 1) == "NUM":
            numbers.append(self.tokens[j + 1])
            j += 2
            if self.kind(j) in ("UNIT", "PCT"):
                what = "times" if self.kind(j) == "UNIT" else "percentages"
                return Quantity(i, j, more=numbers, aside=f"a range of {what}")
        elif self.kind(j) == "OPEN":
            inner = self._limits(j + 1)
            if inner is not None and self.kind(inner[2]) == "CLOSE" and self.kind(inner[2] + 1) in ("POWER", "MEASURE"):
                numbers += [inner[0], inner[1]]
                j = inner[2] + 1
        if self.kind(j) == "DASH" and self.kind(j + 1) == "COUNTED":
            j += 1
        reasons = {"POWER": "a dose or a measured amount", "MEASURE": "a dose or a measured amount", "AGEUNIT": "an age"}
        reason = reasons.get(self.kind(j))
        if reason is None and (self.kind(j) == "COUNTED" or (self.kind(j) == "WORD" and self.kind(j + 1) == "COUNTED")):
            reason = "a number of something other than patients"
        if reason is None:
            return None
        return Quantity(i, j, more=numbers, aside=reason)

    def _count_of(self, i: int) -> Quantity | None:
        """``18 of the 22 patients (81.82%)``, ``18/22``."""
        first, j = self.tokens[i], i + 1
        if not _whole(first) or self.kind(j) not in ("OF", "SLASH") or self.kind(j + 1) not in _NUMBERS:
            return None
        second = self.tokens[j + 1]
        if not _whole(second) or int(second.value) < int(first.value) or self.kind(j + 2) in ("PCT", "UNIT", "SLASH"):
            return None
        found = Quantity(i, j + 1, count=first, n=second, of_patients=True)
        j += 2
        while self.kind(j) in ("PATIENT", "WORD") and j < i + 6:
            j += 1
        if self.kind(j) == "OPEN" and self._block(found, j):
            return found
        if self.kind(j) == "COMMA" and self.kind(j + 1) == "NUM" and self.kind(j + 2) == "PCT":
            found.value, found.unit, found.last = self.tokens[j + 1], "percent", j + 2
            return self._limits_after(found, j + 3)
        return found

    def _percent(self, i: int) -> Quantity | None:
        if self.tokens[i].kind != "NUM" or self.kind(i + 1) != "PCT":
            return None
        found = self._limits_after(Quantity(i, i + 1, value=self.tokens[i], unit="percent"), i + 2)
        return self._of_whom(found)

    def _of_whom(self, found: Quantity) -> Quantity:
        """``85% of 53 patients`` and ``89% of responders``."""
        j = found.last + 1
        if self.kind(j) in ("OF", "FOR"):
            noun = self._patients_at(j + 2)
            if self.kind(j + 1) in _NUMBERS and _whole(self.tokens[j + 1]) and noun is not None:
                found.n, found.last = found.n or self.tokens[j + 1], noun
            elif self.kind(j) == "OF" and self.kind(j + 1) == "PATIENT":
                found.of_part = "responder" in self.tokens[j + 1].value.lower()
                found.last = j + 1
        return found

    def _time(self, i: int) -> Quantity | None:
        """A length of time, its unit before or after the limits."""
        token, j = self.tokens[i], i + 1
        if token.kind != "NUM":
            return None
        j += self.kind(j) == "DASH" and self.kind(j + 1) == "UNIT"
        if self.kind(j) == "UNIT":
            return self._limits_after(Quantity(i, j, value=token, unit=self.tokens[j].value), j + 1)
        found = Quantity(i, i, value=token)
        if self.kind(j) == "OPEN" and self._starts_limits(j + 1) and self._block(found, j) and found.low is not None:
            self._unit_after(found)
            return found if found.unit or found.span in ("ci", "range", "iqr") else None
        if self.kind(j) == "COMMA" and self._starts_limits(j + 1) and self.kind(j + 1) in ("CI", "RANGE", "IQR"):
            found = self._limits_after(found, j)
            self._unit_after(found)
            return found
        return None

    def _unit_after(self, found: Quantity) -> None:
        j = found.last + 1
        if self.kind(j) == "UNIT":
            found.unit, found.last = self.tokens[j].value, j
        elif self.kind(j) == "PCT":
            found.unit, found.last = "percent", j

    def _starts_limits(self, j: int) -> bool:
        return self.kind(j) in ("CI", "RANGE", "IQR") or self._limits(j) is not None

    def _count(self, i: int) -> Quantity:
        """A count of patients with the percentage in brackets, or a bare number."""
        token, j = self.tokens[i], i + 1
        found = Quantity(i, i)
        if _whole(token):
            found.count = token
        else:
            found.value = token
        noun = self._patients_at(j) if found.count is not None else None
        if noun is not None:
            found.of_patients, found.last, j = True, noun, noun + 1
        if self.kind(j) == "OPEN" and found.count is not None and self._block(found, j):
            j = found.last + 1
            while self.kind(j) == "PATIENT":
                found.of_patients, found.last = True, j
                j += 1
            if self.kind(j) == "OF" and self.kind(j + 1) in _NUMBERS and _whole(self.tokens[j + 1]) and found.n is None:
                found.n, found.last = self.tokens[j + 1], j + 1
        return found

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

    def _limits(self, j: int) -> tuple[Token, Token, int, str] | None:
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
        if unit and not found.unit and found.value is not None and found.value.kind != "NR":
            found.unit = unit
        elif unit and found.value is not None and found.value.kind == "NR" and unit != "percent":
            found.unit = unit

    def _limits_after(self, found: Quantity, j: int) -> Quantity:
        """Limits behind an estimate: in brackets, or after a comma with a word that says what they are."""
        if self.kind(j) == "OPEN":
            self._block(found, j)
            if found.unit == "" and found.value is not None and found.value.kind == "NUM":
                self._unit_after(found)
            return found
        k = j
        while self.kind(k) in ("COMMA", "SEMI", "FOR", "WORD", "COLON") and k < j + 3:
            k += 1
        marked = self._marked(k)
        if marked is not None:
            limits = self._limits(marked[2])
            if limits is not None:
                self._set(found, marked[0], marked[1], limits)
                found.last = limits[2] - 1
        return found

    def _block(self, found: Quantity, j: int) -> bool:
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
            elif kind in ("ENDPOINT", "OUTCOME", "FOLLOW", "MEDIAN", "TIME", "SURVIVAL", "VS") and not added:
                return False
            elif kind in ("NUM", "STOP") and not added:
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
            limits = self._limits(marked[2])
            if limits is None:
                return None
            self._set(found, marked[0], marked[1], limits)
            return limits[2]
        if self.kind(k) == "N" and self.kind(k + 1) == "NUM" and found.n is None:
            found.n = self.tokens[k + 1]
            return k + 2
        if self.kind(k) not in _NUMBERS:
            return None
        token = self.tokens[k]
        if self.kind(k + 1) == "PCT" and found.value is None and found.count is not None:
            limits = self._limits(k)
            if limits is None or self.kind(k + 2) == "COMMA":
                found.value, found.unit = token, "percent"
                return k + 2
        if self.kind(k + 1) in ("OF", "SLASH") and self.kind(k + 2) in _NUMBERS and found.count is None and found.unit == "percent":
            if _whole(token) and _whole(self.tokens[k + 2]):
                found.count, found.n = token, self.tokens[k + 2]
                return k + 3
        limits = self._limits(k)
        if limits is not None and found.value is not None and found.low is None:
            self._set(found, "bare", "", limits)
            return limits[2]
        if self.kind(k + 1) == "PATIENT" and found.count is None and found.unit == "percent" and _whole(token):
            found.count, found.of_patients = token, True
            return k + 2
        return None


def with_quantities(tokens: Sequence[Token]) -> list[Item]:
    """The tokens of a sentence with each group of numbers as one quantity; everything else stays as it is."""
    phrase, items = _Phrase(tokens), list[Item]()
    i = depth = 0
    while i < len(tokens):
        found = phrase.read(i)
        if found is not None:
            found.inside = depth > 0
            items.append(found)
            i = max(found.last, i) + 1
            continue
        depth += {"OPEN": 1, "CLOSE": -1}.get(tokens[i].kind, 0)
        items.append(tokens[i])
        i += 1
    return items
