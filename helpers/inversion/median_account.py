"""The printed medians of a paper under one account: how their limits were made, and which number does not fit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import comb

from helpers.inversion.event_limits import event_time_median
from helpers.inversion.evidence import ESTIMATE_FIELDS, Field
from helpers.inversion.landmarks import SetAside
from helpers.inversion.median_ways import MedianWay, all_ways, symmetric_ways
from helpers.inversion.medians import PrintedMedian, median_of, symmetric_prediction, symmetric_roundings
from helpers.printed import PrintedNumber, Rounding, show
from helpers.study.model import DAYS_PER_MONTH, Study

# Symmetric limits are taken for SPSS's beyond doubt where chance would make them less often than this.
ACCIDENT = 1e-3


@dataclass(frozen=True)
class MedianAccount:
    """One printed median within the paper's account.

    `printed` is as printed; `used` is without the field set aside. `symmetric` says that the paper makes symmetric
    limits; `roundings` are the rules under which `used` then fits. `candidates` are the single fields of which one
    must be wrong, nearest repair first; empty where nothing contradicts. `decisive`: so many symmetric limits are no
    accident, so SPSS made them; otherwise they may be event times that happen to be symmetric.
    """

    printed: PrintedMedian
    used: PrintedMedian
    symmetric: bool
    roundings: tuple[Rounding, ...]
    candidates: tuple[SetAside, ...] = ()
    decisive: bool = False


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
    decisive = symmetric and _accident(printed, fitting, common) < ACCIDENT
    accounts = {}
    for key, median in printed.items():
        if not symmetric or not median.complete:
            accounts[key] = MedianAccount(median, event_time_median(median), False, tuple(Rounding))
        elif set(fitting[key]) & set(common):
            accounts[key] = MedianAccount(median, median, True, common, decisive=decisive)
        else:
            accounts[key] = replace(_contradicting(median, common), decisive=decisive)
    return accounts


def _accident(
    printed: dict[str, PrintedMedian], fitting: dict[str, tuple[Rounding, ...]], common: tuple[Rounding, ...]
) -> float:
    """How likely it is that so many medians have symmetric limits though these are event times.

    For one of them: of as many numbers as lie between its limits, only one or two would be symmetric. For several: the
    product, times the number of ways to choose them among all complete medians.
    """
    chance, number = 1.0, 0
    for key, rules in fitting.items():
        if set(rules) & set(common):
            median = printed[key]
            assert median.ci_low is not None and median.ci_high is not None
            width = (median.ci_high.value - median.ci_low.value) / median.ci_high.unit
            chance *= min(1.0, len(predicted_texts(median, "ci_high", common)) / max(1.0, float(width)))
            number += 1
    return chance * comb(len(fitting), number)


def median_ways(study: Study, days_per_month: Fraction = DAYS_PER_MONTH) -> dict[str, tuple[MedianWay, ...]]:
    """The ways in which each printed median can have been made, before any curve is looked at, by claim id.

    SPSS's alone where its symmetric limits are decisive, for the medians with both limits; else every way.
    """
    return {
        key: symmetric_ways(account.roundings) if account.symmetric and account.decisive else all_ways()
        for key, account in median_accounts(study, days_per_month).items()
    }


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
