"""Which topic a run of results belongs to: the words before it, the words behind it, or what was named earlier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from helpers.reading.quantities import Item, Quantity
from helpers.reading.runs import Run, runs_of
from helpers.reading.tokens import Token
from helpers.reading.topics import CURVES, Topic, grade_key, topics_of

# What may stand between the members of a list of topics.
_BETWEEN = frozenset(
    ("COMMA", "AND", "RATE", "OPEN", "CLOSE", "GRADE", "OF", "SLASH", "SEVERE", "TIME", "MEDIAN", "DASH", "FOR", "MARK")
)


def fits(topic: Topic, quantity: Quantity) -> bool:
    """Whether numbers of this kind can be a result of this topic."""
    share = quantity.is_rate
    match topic.kind:
        case "ENDPOINT" | "SURVIVAL":
            return quantity.is_time or (share and quantity.count is None)
        case "INCIDENCE":
            return share and quantity.count is None
        case "OUTCOME":
            return quantity.is_share
        case "FOLLOW" | "OTHERTIME":
            return quantity.is_time
        case "DOSE":
            return not quantity.of_patients and quantity.count is None or not quantity.is_share
        case "AGE" | "HR":
            return quantity.unit != "percent" and not quantity.of_patients
        case _:
            return quantity.is_share or not quantity.is_time


class Picker:
    """The items of one sentence, with what has been used up so far."""

    def __init__(self, items: Sequence[Item]) -> None:
        """Find the topics and the runs of a sentence."""
        self.items = items
        self.topics = topics_of(items)
        self.runs = runs_of(items)
        self.used: set[int] = set()
        self.times_used: set[int] = set()
        self.last: Topic | None = None

    def kind(self, position: int) -> str:
        """The kind of the word at a position; an empty text for numbers, and where nothing stands."""
        item = self.items[position] if 0 <= position < len(self.items) else None
        return "" if item is None or isinstance(item, Quantity) else item.kind

    def kinds(self, first: int, last: int) -> list[str]:
        """The kinds from one position to before another."""
        return [self.kind(position) for position in range(max(0, first), min(last, len(self.items)))]

    def topics_for(self, run: Run, start: int, end: int) -> list[Topic]:
        """The topics of a run between the last run (`start`) and the next (`end`); none where nothing fits."""
        first = run.quantities[0]
        before = [t for t in self.topics if start < t.at < run.first and t.at not in self.used]
        after = self._behind(run, end)
        ratio = [t for t in before if t.kind == "HR"]
        any_ratio = any(topic.kind == "HR" for topic in self.topics)
        if any_ratio and first.unit == "proportion" and not ratio:
            return []
        if ratio and first.unit != "percent" and not first.is_time:
            return ratio[-1:]
        if any(kind == "MEAN" for kind in self.kinds(start + 1, run.first)) and first.is_time:
            return [Topic("OTHERTIME", "", run.first)]
        if self._is_bare(run) and not self._counts_here(run):
            return []
        fitting_after = [t for t in after if fits(t, first)]
        close = bool(fitting_after) and fitting_after[0].at - run.last <= 2
        explains = self.kinds(start + 1, run.first) == ["OPEN"] and not close
        if explains and self.last is not None and fits(self.last, first):
            return [self.last]
        fitting_before = [t for t in before if fits(t, first)]
        if fitting_after and self._gains(run, fitting_after[0]):
            return self._use(self._list_from(fitting_after, first))
        if any(t.kind == "OUTCOME" for t in fitting_after):
            fitting_before = [t for t in fitting_before if t.kind != "OTHER"]
        outside = [t for t in fitting_before if not t.inside]
        if outside and not first.inside:
            fitting_before = outside
        if fitting_before and self._linked(run, fitting_before[-1]):
            return self._list_to(fitting_before)
        grade = self._bare_grade(run, start, end)
        if fitting_after and not (grade and fitting_after[0].grade == ""):
            return self._use(self._list_from(fitting_after, first))
        if self.last is None:
            return []
        if grade and self.last.kind == "OUTCOME" and first.is_share:
            return [replace(self.last, grade=grade, severe=False)]
        holds = self._carries(run, start, end) or self._alone(first) or self._next_group(run, start)
        return [self.last] if holds and fits(self.last, first) else []

    def _next_group(self, run: Run, start: int) -> bool:
        """``受者组CR率为83.3%,供者组为100.0%``: the same of another group, named between the two."""
        between = self.items[start + 1 : run.first]
        named = any(isinstance(i, Token) and i.text in ("组", "group", "arm") for i in between)
        near = start >= 0 and len(between) <= 12 and "COMMA" in self.kinds(start, run.first)
        return named and near and run.quantities[0].is_rate

    def _linked(self, run: Run, topic: Topic) -> bool:
        """Whether a number of patients belongs to a topic before it: ``CRS in 5 patients``, not ``CRS. 5 patients``."""
        first = run.quantities[0]
        if first.unit != "" or first.n is not None or not first.of_patients:
            return True
        before = self.kinds(topic.at + 1, run.first)
        return "COLON" not in before or len(before) <= 2

    def _alone(self, quantity: Quantity) -> bool:
        """Whether no other topic could be meant, and the number is one of patients by its own words."""
        names = {(topic.kind, topic.value) for topic in self.topics}
        return len(names) == 1 and quantity.unit == "percent" and (quantity.n is not None or quantity.inside)

    def _behind(self, run: Run, end: int) -> list[Topic]:
        """Topics between this run and the next, up to the end of the clause."""
        found: list[Topic] = []
        for topic in self.topics:
            between = self.kinds(run.last, topic.at)
            if not run.last < topic.at < end or "SEMI" in between:
                continue
            near = run.quantities[-1].unit != "" and topic.at - run.last <= 8 and "VS" not in between
            if found or near or "COMMA" not in between:
                found.append(topic)
        return found

    def _use(self, topics: list[Topic]) -> list[Topic]:
        self.used |= {topic.at for topic in topics}
        return topics

    def _gains(self, run: Run, topic: Topic) -> bool:
        """``34 patients achieved CR``: a verb leads from the number to what follows it."""
        kinds = self.kinds(run.last + 1, topic.at)
        return "GAIN" in kinds and "COMMA" not in kinds[: kinds.index("GAIN")]

    def _list_to(self, topics: list[Topic]) -> list[Topic]:
        """The list of topics that ends with the last one."""
        chosen = [topics[-1]]
        for topic in reversed(topics[:-1]):
            between = set(self.kinds(topic.at + 1, chosen[0].at))
            alike = topic.kind == chosen[0].kind or {topic.kind, chosen[0].kind} <= set(CURVES)
            if not alike or not between <= _BETWEEN.union(CURVES):
                break
            chosen.insert(0, topic)
        return _once(chosen)

    def _list_from(self, topics: list[Topic], first: Quantity) -> list[Topic]:
        """The list of topics that begins with the first one."""
        chosen = [topics[0]]
        for topic in topics[1:]:
            between = set(self.kinds(chosen[-1].at + 1, topic.at))
            if topic.kind != chosen[0].kind or not between <= _BETWEEN.union({"OUTCOME"}) or not fits(topic, first):
                break
            chosen.append(topic)
        return _once(chosen)

    def _is_bare(self, run: Run) -> bool:
        """Whether a whole number stands there alone, without noun, unit or denominator."""
        first = run.quantities[0]
        alone = first.unit == "" and first.n is None and not first.of_patients
        return alone and first.count is not None and len(run.quantities) == 1

    def _counts_here(self, run: Run) -> bool:
        """Whether a number without a noun counts patients: ``in 7``, ``8 of them``, ``3 with grade 3``."""
        after = ("GAIN", "OF", "FOR", "ALL", "OUTCOME", "GRADE")
        return self.kind(run.first - 1) in ("FOR", "AT", "ALL") or self.kind(run.last + 1) in after

    def _bare_grade(self, run: Run, start: int, end: int) -> str:
        """A grade right at the number that belongs to an outcome named before: ``and was grade 3 or higher in 7``."""
        before, after = range(run.first - 1, max(start, run.first - 6), -1), range(run.last + 1, min(end, run.last + 4))
        for position in (*before, *after):
            if self.kind(position) == "GRADE":
                return grade_key(getattr(self.items[position], "value", ""))
            if position > run.last and self.kind(position) == "COMMA":
                break
        return ""

    def _carries(self, run: Run, start: int, end: int) -> bool:
        """Whether a topic named before the last result still holds: a new time is given, or a bracket explains it."""
        kinds = self.kinds(start + 1, run.first)
        short = len(kinds) <= 5 and set(kinds) <= {"OPEN", "COLON", "COMMA", "WORD", "TIME", "AT"}
        if short and {"OPEN", "COLON"} & set(kinds):
            return True
        fresh = [p for p in range(start + 1, run.first) if self.kind(p) == "TIME" and p not in self.times_used]
        later = [p for p in range(run.last + 1, min(end, run.last + 4)) if self.kind(p) == "TIME"]
        return self.last is not None and self.last.kind in CURVES and bool(fresh or later)


def _once(topics: list[Topic]) -> list[Topic]:
    """Each topic once: an abbreviation repeats its full name."""
    found: list[Topic] = []
    for topic in topics:
        if not any((topic.kind, topic.value, topic.grade) == (other.kind, other.value, other.grade) for other in found):
            found.append(topic)
    return found
