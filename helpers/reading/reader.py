"""An abstract read sentence by sentence: numbers to statements, the rest to a list that says why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from helpers.reading.assign import Assigned, assign
from helpers.reading.characters import plain, tidy
from helpers.reading.cohort import Candidate, Share, choose, is_treated, prints
from helpers.reading.draft import Draft
from helpers.reading.facts import facts_of
from helpers.reading.quantities import Item, Quantity, with_quantities
from helpers.reading.runs import CONTEXT
from helpers.reading.sentences import Sentence, sentences
from helpers.reading.statements import Writer
from helpers.reading.times import with_times
from helpers.reading.tokens import Token, tokens
from helpers.reading.words import Said, said_in_words

_INFUSED = frozenset(("infused", "received", "treated", "given", "administered"))
_LEADING = ("FOR", "OF", "COMMA", "SEMI", "DATE", "TIME", "AT")


@dataclass(frozen=True)
class Read:
    """One sentence taken apart."""

    sentence: Sentence
    tokens: Sequence[Token]
    items: Sequence[Item]
    results: Sequence[Assigned]
    said: Sequence[Said]
    context: Quantity | None
    foreign: str


def read_text(text: str, title: str = "", around: str = "") -> Draft:
    """Read the text of an abstract.

    Parameters
    ----------
    text : English or Chinese, with line ends as they come.
    title : the title, if it does not stand in the text.
    around : the whole document, if the text is only its abstract; searched for a DOI and the like.

    Returns
    -------
    Draft
        Each number of the text is in exactly one place of it: a statement, a repeat of one, or a leftover.

    Examples
    --------
    >>> draft = read_text("18例（81.82％）患者获得CR。6个月OS率为67.90％（95％CI 48.30％～84.50％）。")
    >>> [(s.what, {name: number.text for name, number in s.numbers.items()}) for s in draft.statements]
    [('cr', {'count': '18', 'value': '81.82'}), ('OS', {'value': '67.90', 'ci_low': '48.30', 'ci_high': '84.50'})]
    """
    original = tidy(text)
    normal = plain(original)
    parts = [_read(normal, sentence) for sentence in sentences(normal)]
    candidates = _candidates(parts)
    chosen, close = choose(candidates, _shares(parts), _largest(parts))
    writer = Writer(original, normal, chosen, close, sorted({candidate.n for candidate in candidates}))
    for part in parts:
        writer.sentence(part)
    facts = facts_of(original, normal, chosen.n if chosen else None, plain(around))
    return Draft(
        replace(facts, title=title or facts.title),
        tuple(original[part.sentence.start : part.sentence.end] for part in parts),
        tuple(writer.statements),
        tuple(writer.leftovers),
        writer.repeats,
        original,
        frozenset(writer.placed),
    )


def _read(text: str, sentence: Sentence) -> Read:
    raw = list(tokens(text, sentence.start, sentence.end))
    items = with_quantities(with_times(raw))
    context = _context(items)
    foreign = "what was known before, not a result" if sentence.background else ""
    if any(token.kind == "OTHERS" for token in raw):
        foreign = "a result of another report"
    return Read(sentence, raw, items, assign(items), said_in_words(items), context, foreign)


def _context(items: Sequence[Item]) -> Quantity | None:
    """``In the 32 subjects who ...,``: the patients that the results of a sentence are about."""
    for position, item in enumerate(items[:6]):
        if not isinstance(item, Quantity):
            continue
        before = [
            token
            for token in items[:position]
            if isinstance(token, Token) and token.kind not in ("WORD", "COLON", "MARK")
        ]
        after = items[position + 1] if position + 1 < len(items) else None
        alone = item.count is not None and item.value is None and item.n is None and item.of_patients
        led = bool(before) and before[-1].kind in ("FOR", "OF") and all(t.kind in _LEADING for t in before)
        chinese = isinstance(after, Token) and after.value in ("的", "中")
        if alone and (led or chinese):
            item.aside = CONTEXT
            return item
        break
    return _mentioned(items)


def _mentioned(items: Sequence[Item]) -> Quantity | None:
    """``the rate in these 101 patients was``: patients that are known already, in the middle of a sentence."""
    found = None
    for previous, item in pairwise(items):
        if not isinstance(item, Quantity) or not isinstance(previous, Token) or previous.kind not in ("FOR", "OF"):
            continue
        definite = set(previous.text.lower().split()) & {"the", "these", "those"}
        if definite and item.count is not None and item.value is None and item.n is None and item.of_patients:
            item.aside = CONTEXT
            found = found or item
    return found


def _candidates(parts: Sequence[Read]) -> list[Candidate]:
    """Every number that may be the number of patients, weighed by the words around it."""
    found: list[Candidate] = []
    for part in parts:
        results = {id(one.quantity): one for one in part.results}
        for position, item in enumerate(part.items):
            if not isinstance(item, Quantity):
                continue
            one = results.get(id(item))
            result = one is not None and one.topic is not None and not one.aside
            if item.n is not None and item.n.value.isdigit() and (result or item.count is None):
                found.append(Candidate(int(item.n.value), item.n.start, 0.7))
            if item.count is None or item.value is not None or item.n is not None:
                continue
            if one is not None and one.topic is not None and not one.aside or item.aside not in ("", CONTEXT):
                continue
            weight = _weight(part, position) + 1.0 / part.sentence.number + _noun(part, position)
            weight -= 1.0 if item is part.context else 0.0
            weight += 3.0 if _is_sum(part, int(item.count.value)) else 0.0
            found.append(Candidate(int(item.count.value), item.count.start, weight, _is_part(part, position)))
    return [candidate for candidate in found if 0 < candidate.n < 10_000_000]


def _quantities(part: Read) -> list[Quantity]:
    return [item for item in part.items if isinstance(item, Quantity)]


def _largest(parts: Sequence[Read]) -> int:
    """The largest number of patients that a result is said to be of: the study has no fewer."""
    sizes = [0]
    for part in parts:
        for one in part.results:
            quantity = one.quantity
            if part.foreign or one.aside or one.topic is None:
                continue
            sizes += [int(t.value) for t in (quantity.count, quantity.n) if t is not None and t.value.isdigit()]
    return max(sizes)


def _is_part(part: Read, position: int) -> bool:
    """``其中28例``: some of the patients named before, unless they are those who were infused."""
    before = "".join(i.text.lower() for i in part.items[max(0, position - 2) : position] if isinstance(i, Token))
    behind = [i.text.lower() for i in part.items[position + 1 : position + 9] if isinstance(i, Token)]
    return before.endswith(("其中", "including")) and not any(word in _INFUSED for word in behind)


def _is_sum(part: Read, n: int) -> bool:
    """Whether two other numbers of patients in the sentence add up to this one: ``36: 12 with one and 24 with B``."""
    counts = Counter(int(q.count.value) for q in _quantities(part) if q.count is not None and q.value is None)
    return any(counts[n - other] >= (2 if n == 2 * other else 1) for other in counts if 0 < other < n)


def _noun(part: Read, position: int) -> float:
    """A number with a noun for patients counts, one without hardly, unless the next words say they were treated."""
    item = part.items[position]
    if isinstance(item, Quantity) and item.of_patients:
        return 1.0
    at_once = [i.text.lower() for i in part.items[position + 1 : position + 3] if isinstance(i, Token)]
    return 0.5 if any(word in _INFUSED for word in at_once) else -1.5


def _ends_clause(item: Item) -> bool:
    return item.count is not None if isinstance(item, Quantity) else item.kind in ("SEMI", "STOP")


def _weight(part: Read, position: int) -> float:
    ahead = part.items[position + 1 : position + 13]
    stop = next((p for p, i in enumerate(ahead) if _ends_clause(i)), len(ahead))
    words = [i.text.lower() for i in ahead[:stop] if isinstance(i, Token)]
    before = [i.text.lower() for i in part.items[max(0, position - 5) : position] if isinstance(i, Token)]
    weight = 0.0
    text = "".join(words).partition(",")[0]
    words = [piece for word in words for piece in word.split()]
    before = [piece for word in before for piece in word.split()]
    if any(is_treated(word) for word in words) or any(sign in text for sign in ("接受", "治疗", "输注", "纳入")):
        weight += 2.0
    if any(word in _INFUSED for word in words) or any(sign in text for sign in ("输注", "接受")):
        weight += 2.0
    if (
        any(is_treated(word) for word in before)
        or "total" in before
        or any(s in "".join(before) for s in ("纳入", "收治", "分析", "共", "收集", "回顾"))
    ):
        weight += 2.0
    previous = part.items[position - 1] if position else None
    if isinstance(previous, Token) and previous.kind in ("FOR", "OF"):
        weight += -1.0 if "the" in previous.text.lower().split() else 0.5
    item = part.items[position]
    near = [i.kind for i in part.items[max(0, position - 1) : position + 3] if isinstance(i, Token)]
    if "OTHER" in near and weight < 2.0:
        weight -= 3.0
    if any(word in ("remaining", "other", "responders", "其余") for word in before):
        weight -= 2.0
    if isinstance(item, Quantity) and item.count is not None and int(item.count.value) < 3:
        weight -= 3.0
    return weight


def _shares(parts: Sequence[Read]) -> list[Share]:
    """The percentages of patients in the text, each once."""
    found: Counter[tuple[str, int | None]] = Counter()
    for part in parts:
        sizes = {int(q.n.value) for q in _quantities(part) if q.n is not None and q.n.value.isdigit()}
        if part.context is not None and part.context.count is not None:
            sizes.add(int(part.context.count.value))
        for one in part.results:
            quantity = one.quantity
            if (
                quantity.count is not None
                and quantity.value is not None
                and quantity.unit == "percent"
                and any(prints(int(quantity.count.value), n, quantity.value.value) for n in sizes)
            ):
                continue
            if (
                part.foreign
                or one.topic is None
                or one.topic.kind != "OUTCOME"
                or one.aside
                or quantity.unit != "percent"
                or one.group
            ):
                continue
            if quantity.value is None or quantity.n is not None or float(quantity.value.value) > 100:
                continue
            found[(quantity.value.value, int(quantity.count.value) if quantity.count is not None else None)] += 1
    return [Share(percent, count) for percent, count in found]
