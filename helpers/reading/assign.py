"""Which endpoint or outcome a group of numbers belongs to, and at which time: one sentence at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from helpers.reading.pick import Picker
from helpers.reading.quantities import Item, Quantity
from helpers.reading.runs import CONTEXT, Run
from helpers.reading.topics import CURVES, Topic

_ASIDE = {
    "AGE": "an age",
    "DOSE": "a dose or a measured amount",
    "HR": "a hazard or odds ratio",
    "OTHERTIME": "a length of time other than survival or follow-up",
    "INCIDENCE": "a cumulative incidence: a study folder has no statistic for it",
}
UNTIMED = "a probability of survival without a time"
SAME_FIGURE = "one figure is printed for several endpoints"
GROUPS = "one of several groups: which, and of how many patients?"


@dataclass
class Assigned:
    """One group of numbers with what it is a result of; `time` is a point in time such as ``6 month``."""

    quantity: Quantity
    topic: Topic | None = None
    time: str = ""
    group: int = 0
    doubts: list[str] = field(default_factory=list)
    aside: str = ""
    everyone: bool = False


def assign(items: Sequence[Item]) -> list[Assigned]:
    """Every group of numbers of a sentence, in order, with its topic or the reason why it has none."""
    reader = _Sentence(items)
    found = [Assigned(item, aside=CONTEXT) for item in items if isinstance(item, Quantity) and item.aside == CONTEXT]
    for index in range(len(reader.runs)):
        found += reader.run(index)
    return found


class _Sentence(Picker):
    """The items of one sentence, with what has been used up so far."""

    def run(self, index: int) -> list[Assigned]:
        """The results of one run."""
        run = self.runs[index]
        asides = [Assigned(quantity, aside=quantity.aside) for quantity in run.quantities if quantity.aside]
        if asides:
            return asides
        if run.quantities[0].approximate:
            return [Assigned(quantity, aside="an approximate figure") for quantity in run.quantities]
        start = next((r.last for r in reversed(self.runs[:index]) if not r.quantities[0].aside), -1)
        end = self.runs[index + 1].first if index + 1 < len(self.runs) else len(self.items)
        chosen = self.topics_for(run, start, end)
        if not chosen:
            return [Assigned(quantity, aside=self._why_not(quantity)) for quantity in run.quantities]
        self.last = chosen[-1]
        found = self._pair(run, chosen, start, end)
        for one in found:
            self._finish(one, start, run, end)
        return found

    def _why_not(self, quantity: Quantity) -> str:
        if quantity.n is not None and quantity.count is None and quantity.value is None:
            return "the size of a group"
        return "no endpoint or outcome is named near it"

    def _pair(self, run: Run, topics: list[Topic], start: int, end: int) -> list[Assigned]:
        quantities = run.quantities
        times = [getattr(self.items[p], "value", "") for p in self._times(start, run)]
        if not times and len(quantities) > 1 and topics[0].kind in CURVES:
            earlier = [getattr(self.items[p], "value", "") for p in range(start + 1) if self.kind(p) == "TIME"]
            if len(topics) == 1 and len(earlier) == len(quantities):
                doubt = "the times stand earlier in the sentence"
                return [Assigned(q, topics[0], t, doubts=[doubt]) for q, t in zip(quantities, earlier, strict=True)]
        if len(quantities) == 1:
            return self._single(quantities[0], topics, topics[0].at > run.last)
        if len(topics) == len(quantities) and not run.versus:
            return [Assigned(q, self._graded(t, topics[0])) for q, t in zip(quantities, topics, strict=True)]
        if len(topics) == 1 and len(times) == len(quantities) and topics[0].kind in CURVES:
            return [Assigned(q, topics[0], time) for q, time in zip(quantities, times, strict=True)]
        if len(topics) * len(times) == len(quantities) and topics[0].kind in CURVES and len(times) > 1:
            pairs = [(topic, time) for topic in topics for time in times]
            doubt = "times and endpoints are listed together: is the order right?"
            return [Assigned(q, t, time, doubts=[doubt]) for q, (t, time) in zip(quantities, pairs, strict=True)]
        sized = all(q.n is not None for q in quantities)
        doubts = [GROUPS] if len(topics) == 1 else [GROUPS, "several outcomes are named before it"]
        return [
            Assigned(q, topics[-1], group=0 if sized else number, doubts=list(doubts))
            for number, q in enumerate(quantities, 1)
        ]

    def _graded(self, topic: Topic, first: Topic) -> Topic:
        """A grade before a list of outcomes holds for all of them."""
        bare = topic.kind == "OUTCOME" and not topic.grade and first.grade != "" and topic is not first
        return replace(topic, grade=first.grade) if bare else topic

    def _single(self, quantity: Quantity, topics: list[Topic], behind: bool) -> list[Assigned]:
        if len(topics) > 1 and topics[0].kind in CURVES:
            return [Assigned(quantity, topic, doubts=[SAME_FIGURE]) for topic in topics if topic.kind != "INCIDENCE"]
        doubts = ["several outcomes are named before it"] if len(topics) > 1 and not behind else []
        return [Assigned(quantity, topics[0] if behind else topics[-1], doubts=doubts)]

    def _times(self, start: int, run: Run) -> list[int]:
        return [p for p in range(start + 1, run.first) if self.kind(p) == "TIME" and p not in self.times_used]

    # what else belongs to it

    def _finish(self, one: Assigned, start: int, run: Run, end: int) -> None:
        topic, quantity = one.topic, one.quantity
        assert topic is not None
        before = self.kinds(run.first - 2, run.first)
        one.everyone = "ALL" in before or (topic.at > run.last and "ALL" in self.kinds(run.last + 1, topic.at))
        if topic.kind in _ASIDE:
            one.aside = _ASIDE[topic.kind]
        elif topic.kind == "OTHER":
            one.aside = topic.value
        elif topic.kind in CURVES and not quantity.is_time:
            self._timed(one, start, run, end)
        elif topic.kind in CURVES and not self._median(start, run):
            one.doubts.append("it is not called a median")
            if quantity.low is None and quantity.value is not None and quantity.value.kind != "NR" and not run.versus:
                one.aside = "a time that is not called a median"
        if topic.kind == "SURVIVAL":
            one.doubts.append("survival without further name is taken for overall survival")

    def _median(self, start: int, run: Run) -> bool:
        kinds = self.kinds(start + 1, run.first)
        return "MEDIAN" in kinds or ("MEDIAN" in self.kinds(0, start) and "TIME" not in kinds and start >= 0)

    def _timed(self, one: Assigned, start: int, run: Run, end: int) -> None:
        """The time of a landmark: before the estimate, right behind it, or elsewhere in the sentence."""
        if one.time:
            self.times_used |= set(self._times(start, run))
            return
        before = self._times(start, run)
        rest = range(run.last + 1, len(self.items))
        behind = [p for p in rest if self.kind(p) == "TIME" and p not in self.times_used]
        near = [p for p in behind if p < end and p - run.last <= 3]
        earlier = [p for p in range(0, run.first) if self.kind(p) == "TIME"]
        choices = (
            (before[-1:], ""),
            (near[:1], ""),
            (earlier[-1:], "the time stands earlier in the sentence"),
            (behind[:1], "the time stands later in the sentence"),
        )
        for places, doubt in choices:
            if places:
                one.time = getattr(self.items[places[0]], "value", "")
                if places == near[:1] and not before:
                    self.times_used.add(places[0])
                if doubt:
                    one.doubts.append(doubt)
                if len(before) > 1 and places == before[-1:]:
                    one.doubts.append("several times are named before it")
                return
        one.aside = UNTIMED
