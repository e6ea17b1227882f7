"""Numbers that belong together: an estimate with its interval, a count with its percentage, the n they are of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from helpers.reading.brackets import NUMBERS, Brackets, Quantity, whole
from helpers.reading.tokens import Token

__all__ = ["Item", "Quantity", "with_quantities"]

# Words that may describe patients between their number and the noun, and how many of them.
_DESCRIBING = ("WORD", "DASH", "SLASH", "ID", "AND", "OTHER", "OUTCOME", "OPEN", "CLOSE", "PLUS", "ALL")
_DESCRIBED = 16
_PROPORTION = re.compile(r"0\.[0-9]{2,4}|1\.0{2,4}")
_AMOUNTS = dict.fromkeys(("POWER", "MEASURE", "DOSAGE"), "a dose or a measured amount") | {"AGEUNIT": "an age"}
Item = Token | Quantity


class _Phrase(Brackets):
    """Reads quantities from the tokens of one sentence."""

    def read(self, i: int) -> Quantity | None:
        """The quantity that begins at position i, if one does."""
        kind = self.kind(i)
        if kind == "N" and self.kind(i + 1) == "NUM":
            return self._group(i)
        if kind == "NR":
            repeated = [self.kind(j) for j in range(i + 1, i + 4)] == ["OPEN", "NR", "CLOSE"]
            found = Quantity(i, i + 3 if repeated else i, value=self.tokens[i])
            return self.limits_after(found, found.last + 1)
        if kind not in NUMBERS:
            return None
        if kind == "WORDNUM" and not self._counts(i):
            return None
        found = self._amount(i) or self._count_of(i) or self._percent(i) or self._time(i) or self._count(i)
        found.approximate = self.kind(i - 1) == "APPROX"
        if self.kind(i - 1) == "CMP" and not found.aside:
            found.aside = "a standard error" if self.tokens[i - 1].text == "±" else "a threshold"
        if found.unit == "" and found.value is not None and _PROPORTION.fullmatch(found.value.value):
            found.unit = "proportion"
        return found

    def _counts(self, i: int) -> bool:
        """Whether a numeral in words counts patients: one of the next words says so."""
        after = self.kind(i + 1)
        if after in ("OPEN", "OF", "GAIN", "GRADE", "OUTCOME", "STOP", "COMMA", "") or self.kind(i - 1) == "FOR":
            return True
        return self._patients_at(i + 1) is not None

    def _patients_at(self, j: int) -> int | None:
        """Where the patients stand that a number counts, past the words for them: ``37 R/R B-ALL patients``."""
        for k in range(j, j + _DESCRIBED):
            if self.kind(k) == "PATIENT":
                return k
            if self.kind(k) not in _DESCRIBING or (self.kind(k) == "OPEN" and k == j):
                return None
        return None

    def _group(self, i: int) -> Quantity:
        """``n = 16``, with the percentage of that group if it follows."""
        found = Quantity(i, i + 1, n=self.tokens[i + 1])
        j = i + 2
        if self.kind(j) in ("COMMA", "SEMI", "COLON") and self.kind(j + 1) == "NUM" and self.kind(j + 2) == "PCT":
            found.value, found.unit, found.last = self.tokens[j + 1], "percent", j + 2
            return self.limits_after(found, j + 3)
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
            inner = self.limits(j + 1)
            if inner is not None and self.kind(inner[2]) == "CLOSE" and self.kind(inner[2] + 1) in _AMOUNTS:
                numbers += [inner[0], inner[1]]
                j = inner[2] + 1
        if self.kind(j) == "DASH" and self.kind(j + 1) == "COUNTED":
            j += 1
        reason = _AMOUNTS.get(self.kind(j))
        if reason is None and (self.kind(j) == "COUNTED" or (self.kind(j) == "WORD" and self.kind(j + 1) == "COUNTED")):
            reason = "a number of something other than patients"
        if reason is None:
            return None
        return Quantity(i, j, more=numbers, aside=reason)

    def _count_of(self, i: int) -> Quantity | None:
        """``18 of the 22 patients (81.82%)``, ``18/22``."""
        first, j = self.tokens[i], i + 1
        if not whole(first) or self.kind(j) not in ("OF", "SLASH") or self.kind(j + 1) not in NUMBERS:
            return None
        second = self.tokens[j + 1]
        if not whole(second) or int(second.value) < int(first.value) or self.kind(j + 2) in ("PCT", "UNIT", "SLASH"):
            return None
        found = Quantity(i, j + 1, count=first, n=second, of_patients=True)
        j += 2
        while self.kind(j) in ("PATIENT", "WORD") and j < i + 6:
            j += 1
        if self.kind(j) == "OPEN" and self.block(found, j):
            return found
        if self.kind(j) == "COMMA" and self.kind(j + 1) == "NUM" and self.kind(j + 2) == "PCT":
            found.value, found.unit, found.last = self.tokens[j + 1], "percent", j + 2
            return self.limits_after(found, j + 3)
        return found

    def _percent(self, i: int) -> Quantity | None:
        if self.tokens[i].kind != "NUM" or self.kind(i + 1) != "PCT":
            return None
        found = self.limits_after(Quantity(i, i + 1, value=self.tokens[i], unit="percent"), i + 2)
        return self._of_whom(found)

    def _of_whom(self, found: Quantity) -> Quantity:
        """``85% of 53 patients`` and ``89% of responders``."""
        j = found.last + 1
        if self.kind(j) in ("OF", "FOR"):
            noun = self._patients_at(j + 2)
            if self.kind(j + 1) in NUMBERS and whole(self.tokens[j + 1]) and noun is not None:
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
            return self.limits_after(Quantity(i, j, value=token, unit=self.tokens[j].value), j + 1)
        found = Quantity(i, i, value=token)
        if self.kind(j) == "OPEN" and self.starts_limits(j + 1) and self.block(found, j) and found.low is not None:
            self.unit_after(found)
            if found.span == "bare" and (self.kind(i + 3), self.kind(i + 4)) == ("PCT", "COMMA"):
                return None  # 136 (53%, 46.8-59.4): a count with its percentage
            return found if found.unit or found.span in ("ci", "range", "iqr") else None
        if self.kind(j) == "COMMA" and self.starts_limits(j + 1) and self.kind(j + 1) in ("CI", "RANGE", "IQR"):
            found = self.limits_after(found, j)
            self.unit_after(found)
            return found
        return None

    def _count(self, i: int) -> Quantity:
        """A count of patients with the percentage in brackets, or a bare number."""
        token, j = self.tokens[i], i + 1
        found = Quantity(i, i)
        if whole(token):
            found.count = token
        else:
            found.value = token
        noun = self._patients_at(j) if found.count is not None else None
        if noun is not None:
            found.of_patients, found.last, j = True, noun, noun + 1
        if self.kind(j) == "OPEN" and found.count is not None and self.block(found, j):
            j = found.last + 1
            while self.kind(j) == "PATIENT":
                found.of_patients, found.last = True, j
                j += 1
            if self.kind(j) == "OF" and self.kind(j + 1) in NUMBERS and whole(self.tokens[j + 1]) and found.n is None:
                found.n, found.last = self.tokens[j + 1], j + 1
        return found


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
