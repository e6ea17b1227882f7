"""Results of sentences as statements, with the doubts a person should look at; every other number with its reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from helpers.reading.assign import UNTIMED, Assigned
from helpers.reading.cohort import Candidate, denominator
from helpers.reading.draft import Gathering, Leftover, Printed, Statement
from helpers.reading.quantities import Quantity
from helpers.reading.tokens import Token
from helpers.reading.words import Said

if TYPE_CHECKING:
    from helpers.reading.reader import Read

_SIZE = "the size of a group"
_ODD = "no number that can stand for patients, percent or time"
UNKNOWN = "no endpoint or outcome is named near it"
# Digits inside these tokens are no results; the reason stands beside the number in the list of what was set aside.
COMPOSITES = {
    "PVALUE": "a p value",
    "DATE": "a date",
    "ID": "part of a name or number",
    "LINK": "part of an address",
    "CITE": "a reference",
    "GRADE": "a grade",
    "LABEL": "part of a name or number",
    "RATIO": "a ratio",
    "POWER": "a dose or a measured amount",
    "DAYREF": "a point in time",
    "MOMENT": "a point in time",
    "TIME": "a point in time",
    "CI": "a confidence level",
}
_MOST_SIZES = 50
_LARGEST = 10_000_000
_NUMBERS = ("NUM", "WORDNUM")
_DIGITS = re.compile(r"(?:0|[1-9][0-9]{0,7})(?:\.[0-9]{1,8})?")
_TIMES = ("day", "week", "month", "year")


class Writer:
    """Turns sentences into statements, one after the other."""

    def __init__(
        self, original: str, text: str, cohort: Candidate | None, close: bool, sizes: Sequence[int] = ()
    ) -> None:
        """Take the text as printed and in plain characters, and the number of patients chosen for the study."""
        self.original, self.text = original, text
        self.cohort, self.close, self.sizes = cohort, close, sizes[:_MOST_SIZES]
        self.gathering = Gathering()
        self.leftovers: list[Leftover] = []
        self.level = ""
        self.unit = ""
        self.landmark: set[str] = set()
        self.placed: set[int] = set()
        self.told: set[tuple[str, int]] = set()
        self.named = False

    @property
    def statements(self) -> list[Statement]:
        """The statements so far, the number of patients first."""
        first = [one for one in self.gathering.statements if one.what == "patients"]
        return first + [one for one in self.gathering.statements if one.what != "patients"]

    @property
    def repeats(self) -> int:
        """How many statements said again what was there."""
        return self.gathering.repeats

    def sentence(self, part: Read) -> None:
        """Write down one sentence."""
        reasons: dict[int, tuple[str, bool]] = {}
        self.level = self.level or next((t.value for t in part.tokens if t.kind == "CI" and t.value), "")
        for one in part.results:
            self._note(one, part, reasons)
        for said in part.said:
            if not part.foreign:
                self._said(said, part)
        self._cohort(part)
        for token in part.tokens:
            if token.start in self.placed:
                continue
            if token.kind in _NUMBERS and not (token.kind == "WORDNUM" and token.start not in reasons):
                reason, known = reasons.get(token.start, ("", False))
                if not reason and self._in_time(part, token):
                    reason, known = COMPOSITES["TIME"], True
                self._leave(token, part, reason or UNKNOWN, known)
            elif (
                token.kind in COMPOSITES
                and token.kind != "CI"
                and any(c.isdigit() for c in self.text[token.start : token.end])
            ):
                self._leave(token, part, COMPOSITES[token.kind], True)

    def _in_time(self, part: Read, token: Token) -> bool:
        return any(
            isinstance(i, Token) and i.kind in ("TIME", "LAPSE") and i.start <= token.start < i.end for i in part.items
        )

    def _leave(self, token: Token, part: Read, reason: str, known: bool) -> None:
        written = self.original[token.start : token.end]
        self.leftovers.append(Leftover(written, token.start, part.sentence.number, reason, known))

    def _printed(self, token: Token) -> Printed:
        """A number token as it goes into claims.csv."""
        self.placed.add(token.start)
        return Printed(token.value, self.original[token.start : token.end], token.start, token.end)

    # results

    def _note(self, one: Assigned, part: Read, reasons: dict[int, tuple[str, bool]]) -> None:
        quantity = one.quantity
        why = part.foreign or one.aside
        if quantity is part.context:
            why = quantity.aside
        if not why and one.topic is not None and one.topic.kind == "ENDPOINT" and one.time:
            self.landmark.add(one.time)
        if why == UNTIMED and len(self.landmark) == 1 and not part.foreign:
            one.time, one.aside, why = next(iter(self.landmark)), "", ""
            one.doubts.append("the time stands in an earlier sentence")
        if not why and not _possible(quantity):
            why = _ODD
        if why or one.topic is None:
            known = why not in ("", UNKNOWN, _SIZE, UNTIMED, _ODD)
            for token in quantity.numbers():
                reasons[token.start] = (why or UNKNOWN, known)
            return
        statement = self._statement(one, part, reasons)
        if statement is not None:
            self.told.add((statement.what, statement.sentence))
            self.gathering.add(statement, grouped=one.group > 0)

    def _statement(self, one: Assigned, part: Read, reasons: dict[int, tuple[str, bool]]) -> Statement | None:
        quantity, topic = one.quantity, one.topic
        assert topic is not None
        doubts = list(one.doubts)
        numbers: dict[str, Printed] = {}
        for name, token in (("count", quantity.count), ("value", quantity.value)):
            if token is not None:
                numbers[name] = self._printed(token)
        statistic = {"FOLLOW": "follow_up", "OUTCOME": "proportion" if "value" in numbers else "count"}.get(
            topic.kind, ""
        )
        statistic = statistic or ("median" if quantity.is_time else "survival")
        level = self._limits(quantity, statistic, numbers, doubts, reasons)
        unit = quantity.unit
        if statistic in ("median", "follow_up"):
            unit = self._time_unit(quantity, doubts)
        for token in quantity.more:
            reasons[token.start] = (UNKNOWN, False)
        what, n = self._named(one, part, statistic, numbers, doubts)
        if quantity.n is not None:
            self.placed.add(quantity.n.start)
        at, _, at_unit = one.time.partition(" ")
        return Statement(
            statistic,
            what,
            numbers,
            part.sentence.number,
            at,
            at_unit,
            unit if "value" in numbers else "",
            n,
            level,
            tuple(doubts),
        )

    def _limits(self, quantity: Quantity, statistic: str, numbers: dict[str, Printed], doubts: list[str],
                reasons: dict[int, tuple[str, bool]]) -> str:  # fmt: skip
        """Limits where they are those of a confidence interval, or the range of a follow-up; the level they have."""
        if quantity.low is None or quantity.high is None:
            return ""
        span, level = quantity.span, quantity.level
        if span == "bare" and self.level:
            span, level = "ci", self.level
            doubts.append("no word says what the limits are; taken for a confidence interval as elsewhere in the text")
        if span == "range" and statistic == "follow_up":
            level = "100"
        elif span != "ci":
            what = {"range": "the end of a range", "iqr": "the end of an interquartile range"}.get(
                span, "a limit: interval or range?"
            )
            for token in (quantity.low, quantity.high):
                reasons[token.start] = (what, span != "bare")
            return ""
        for name, token in (("ci_low", quantity.low), ("ci_high", quantity.high)):
            if token.kind == "NR" and statistic not in ("median", "follow_up"):
                continue
            numbers[name] = self._printed(token)
        return level or "95"

    def _time_unit(self, quantity: Quantity, doubts: list[str]) -> str:
        if quantity.unit in _TIMES:
            self.unit = quantity.unit
            return quantity.unit
        doubts.append("the unit of time is not printed with it")
        return self.unit or "month"

    def _named(
        self, one: Assigned, part: Read, statistic: str, numbers: dict[str, Printed], doubts: list[str]
    ) -> tuple[str, str]:
        """What the statement is about, with grade and group, and its n where that is not the study's."""
        topic, quantity = one.topic, one.quantity
        assert topic is not None
        what = {"FOLLOW": "", "SURVIVAL": "OS"}.get(topic.kind, topic.value)
        if topic.grade:
            what += f"_{topic.grade}"
        elif topic.severe and topic.kind == "OUTCOME":
            what += "_severe"
        context = part.context.count.value if part.context is not None and part.context.count is not None else ""
        if topic.kind == "OUTCOME":
            n = self._denominator(context, numbers, quantity, doubts)
            if one.everyone and quantity.count is not None and not n:
                n = quantity.count.value
        else:
            own = quantity.n.value if quantity.n is not None else ""
            n = own or (context if statistic in ("survival", "median") else "")
        if self.cohort is not None and n == str(self.cohort.n):
            n = ""
        if one.group:
            what += f"_{one.group}"
        elif n and topic.kind in ("ENDPOINT", "SURVIVAL"):
            what += f"_n{n}"
        return what, n

    def _denominator(self, context: str, numbers: dict[str, Printed], quantity: Quantity, doubts: list[str]) -> str:
        """The n of a count or percentage: printed with it, or named in the sentence or the paper."""
        count, value = numbers.get("count"), numbers.get("value")
        if quantity.n is not None:
            return quantity.n.value
        study = str(self.cohort.n) if self.cohort is not None else ""
        if quantity.of_part:
            doubts.append("the percentage is one of responders: how many?")
        if count is not None and value is not None and quantity.unit == "percent":
            n, doubt = denominator(count.text, value.text, [study, context], self.sizes)
            doubts += [doubt] * bool(doubt)
            return n
        if context and (count is None or int(context) >= int(count.text)):
            return context
        if count is not None and study and int(count.text) > int(study):
            doubts.append(f"the count is above {study}: of how many patients is it?")
        return ""

    # numbers in words, and the number of patients

    def _said(self, said: Said, part: Read) -> None:
        what = said.topic.value + (f"_{said.topic.grade}" if said.topic.grade else "")
        word = said.word
        written = self.original[word.start : word.end]
        n = ""
        if said.number is not None:
            text = str(said.number)
        elif said.of is not None and said.of.count is not None:
            text = n = said.of.count.value
        elif self.cohort is not None:
            text = str(self.cohort.n)
        else:
            return
        if self.cohort is not None and n == str(self.cohort.n):
            n = ""
        if text == "0" and (what, part.sentence.number) in self.told:
            return
        doubt = f"read from the word «{written}»"
        self.gathering.add(
            Statement(
                "count",
                what,
                {"count": Printed(text, written, word.start, word.end)},
                part.sentence.number,
                n=n,
                doubts=(doubt,),
            )
        )

    def _cohort(self, part: Read) -> None:
        """The number of patients as a statement, where it stands."""
        if self.cohort is None or self.named:
            return
        token = next((t for t in part.tokens if t.start == self.cohort.place), None)
        if token is None:
            return
        self.named = True
        doubts = ("other numbers of patients are named as well: is this the number treated?",) if self.close else ()
        self.gathering.add(
            Statement("count", "patients", {"count": self._printed(token)}, part.sentence.number, doubts=doubts)
        )


def _possible(quantity: Quantity) -> bool:
    """Whether the numbers can stand in claims.csv: plain digits, no percentage above 100, no enormous count."""
    for token in quantity.numbers():
        if token.kind != "NR" and (not _DIGITS.fullmatch(token.value) or float(token.value) > _LARGEST):
            return False
    most = {"percent": 100, "proportion": 1}.get(quantity.unit, _LARGEST)
    rates = (quantity.value, quantity.low, quantity.high)
    return all(token is None or token.kind == "NR" or float(token.value) <= most for token in rates)
