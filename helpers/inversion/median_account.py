"""The printed medians of a paper under one account: how their limits were made, and which number does not fit."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from helpers.inversion.event_limits import event_time_median
from helpers.inversion.evidence import ESTIMATE_FIELDS, Field
from helpers.inversion.landmarks import SetAside
from helpers.inversion.medians import PrintedMedian, median_of, symmetric_prediction, symmetric_roundings
from helpers.printed import PrintedNumber, Rounding, show
from helpers.study.model import DAYS_PER_MONTH, Study


@dataclass(frozen=True)
class MedianAccount:
    """One printed median within the paper's account.

    `printed` is as printed; `used` is without the field set aside. `symmetric` says that the paper makes symmetric
    limits; `roundings` are the rules under which `used` then fits. `candidates` are the single fields of which one
    must be wrong, nearest repair first; empty where nothing contradicts.
    """

    printed: PrintedMedian
    used: PrintedMedian
    symmetric: bool
    roundings: tuple[Rounding, ...]
    candidates: tuple[SetAside, ...] = ()


def median_accounts(study: Study, days_per_month: Fraction = DAYS_PER_MONTH) -> dict[str, MedianAccount]:
    """An account for every median and median follow-up of all patients of its endpoint, by claim id.

    Limits are taken to be symmetric (as SPSS prints them) if most complete medians of the paper are symmetric under a
    common rounding rule; a complete one that is not then contradicts itself. Otherwise limits are event times.
    """
    claims = (*study.select("median"), *study.select("follow_up"))
    printed = {c.id: median_of(c, days_per_month) for c in claims if c.n == study.patients(c.endpoint)}
    fitting = {key: symmetric_roundings(m) for key, m in printed.items() if m.complete}
    common = _common({key: rules for key, rules in fitting.items() if rules})
    agree = sum(bool(set(rules) & set(common)) for rules in fitting.values())
    symmetric = agree > 0 and 2 * agree > len(fitting)
    accounts = {}
    for key, median in printed.items():
        if not symmetric or not median.complete:
            accounts[key] = MedianAccount(median, event_time_median(median), False, tuple(Rounding))
        elif set(fitting[key]) & set(common):
            accounts[key] = MedianAccount(median, median, True, common)
        else:
            accounts[key] = _contradicting(median, common)
    return accounts


def _common(fitting: dict[str, tuple[Rounding, ...]]) -> tuple[Rounding, ...]:
    """The rounding rules that serve most of the medians."""
    counts = {rule: sum(rule in rules for rules in fitting.values()) for rule in Rounding}
    most = max(counts.values(), default=0)
    return tuple(rule for rule in Rounding if most and counts[rule] == most)


def _contradicting(median: PrintedMedian, roundings: tuple[Rounding, ...]) -> MedianAccount:
    candidates = []
    for name in ESTIMATE_FIELDS:
        number: PrintedNumber = getattr(median, name)
        expected = predicted_texts(median, name, roundings)
        candidates.append(SetAside(Field(median.claim, name), number.text, expected))
    ranked = tuple(sorted(candidates, key=lambda item: item.slips))
    return MedianAccount(median, median.without(ranked[0].field.name), True, roundings, ranked)


def predicted_texts(median: PrintedMedian, name: str, roundings: tuple[Rounding, ...]) -> tuple[str, ...]:
    """What symmetry alone predicts for one field from the two others, as text, under any of some rounding rules."""
    number: PrintedNumber = getattr(median, name)
    texts: set[str] = set()
    for rounding in roundings:
        ends = symmetric_prediction(median, name, rounding)
        if ends is not None:
            texts |= {show(unit * number.unit, number.decimals) for unit in range(ends[0], ends[1] + 1)}
    return tuple(sorted(texts, key=Fraction))
