"""Medians and median follow-up: each number judged by the two others, the landmarks and the rest of the paper."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from helpers.conventions import Interval
from helpers.inversion.event_limits import limit_step
from helpers.inversion.evidence import ESTIMATE_FIELDS
from helpers.inversion.follow_up import follow_up_texts, printed_by
from helpers.inversion.history import event_steps, states
from helpers.inversion.median_account import MedianAccount, predicted_texts
from helpers.inversion.medians import PrintedMedian, symmetric_roundings
from helpers.inversion.paper import EndpointInversion, StudyInversion
from helpers.inversion.repair import describe
from helpers.inversion.timelines import Timeline, longest_day, timelines
from helpers.ledger.row import LedgerRow, judge, judge_range, unknown
from helpers.printed import PrintedNumber, Rounding, round_to, show
from helpers.study.model import Claim


def median_rows(inversion: StudyInversion, claim: Claim, accounts: dict[str, MedianAccount]) -> list[LedgerRow]:
    """The rows of a claim of statistic `median` or `follow_up`."""
    rows = []
    for name, number in claim.printed.items():
        if name not in ESTIMATE_FIELDS:
            continue
        account = accounts.get(claim.id)
        if account is None:
            everybody = inversion.study.patients(claim.endpoint)
            rows.append(unknown(claim.id, name, number, f"printed for {claim.n} of {everybody} patients"))
        elif claim.ci_level == 1 and name != "value":
            rows.append(unknown(claim.id, name, number, "the end of a range, not of a confidence interval"))
        elif not number.reached:
            rows.append(unknown(claim.id, name, number, "not reached"))
        elif account.candidates:
            rows.append(_contradicting_row(inversion, account, name, number))
        elif account.symmetric:
            rows.append(_symmetric_row(inversion, claim, account, name, number, accounts))
        else:
            rows.append(_event_time_row(inversion, claim, account, name, number))
    return rows


def _contradicting_row(
    inversion: StudyInversion, account: MedianAccount, name: str, number: PrintedNumber
) -> LedgerRow:
    """Estimate and limits contradict each other: any one of the three may be the wrong one."""
    item = next(c for c in account.candidates if c.field.name == name)
    best = account.candidates[0]
    assert best.nearest is not None
    note = (
        "estimate and limits cannot be symmetric, as the paper's other medians are; one of the three is wrong, "
        f"fewest slips: {_title(best.field.name)} {describe(best.printed, best.nearest)}; "
        "or this interval was made in another way"
    )
    sharper = _on_follow_up(inversion, account, name, account.roundings)
    return judge(item.field.claim, name, number, sharper or item.expected, note)


def _on_follow_up(
    inversion: StudyInversion, account: MedianAccount, name: str, roundings: tuple[Rounding, ...]
) -> set[str] | None:
    """What a number of a median follow-up can be on the surviving histories; None if that cannot be said."""
    claim = inversion.study.claim(account.printed.claim)
    endpoint = inversion.endpoints.get(claim.endpoint or "")
    if claim.statistic != "follow_up" or endpoint is None:
        return None
    longest = longest_day(inversion.study)
    return follow_up_texts(endpoint.solution, account.printed, name, roundings, longest)


def _title(name: str) -> str:
    return {"value": "estimate", "ci_low": "lower limit", "ci_high": "upper limit"}[name]


def _symmetric_row(
    inversion: StudyInversion,
    claim: Claim,
    account: MedianAccount,
    name: str,
    number: PrintedNumber,
    accounts: dict[str, MedianAccount],
) -> LedgerRow:
    roundings = _roundings_without(accounts, claim.id, name)
    rest = account.printed.without(name)
    texts = _on_follow_up(inversion, account, name, roundings) or set(predicted_texts(account.printed, name, roundings))
    note = f"limits symmetric about the median, {' or '.join(roundings)}"
    endpoint = inversion.endpoints.get(claim.endpoint or "")
    if claim.statistic == "median" and endpoint is not None and endpoint.histories:
        found = _systems(inversion, endpoint, rest, roundings)
        if any(t.case is not None for t in found):
            texts = {text for t in found if t.case for text in _shown(t, name, number, account, roundings)}
            note += "; on the surviving histories by SPSS's formula"
    return judge(claim.id, name, number, texts, note)


def _roundings_without(accounts: dict[str, MedianAccount], claim: str, name: str) -> tuple[Rounding, ...]:
    """The rules that explain the paper's other medians, and this one without one of its numbers."""
    others = [set(a.roundings) for key, a in accounts.items() if key != claim and a.symmetric and not a.candidates]
    own = set(symmetric_roundings(accounts[claim].printed.without(name)))
    return tuple(rule for rule in Rounding if rule in own and all(rule in rules for rules in others))


def _systems(
    inversion: StudyInversion,
    endpoint: EndpointInversion,
    median: PrintedMedian | None,
    roundings: tuple[Rounding, ...],
) -> tuple[Timeline, ...]:
    return tuple(timelines(endpoint.solution, median, roundings, longest_day(inversion.study)))


def _shown(
    timeline: Timeline, name: str, number: PrintedNumber, account: MedianAccount, roundings: tuple[Rounding, ...]
) -> set[str]:
    """What SPSS prints for one number of a median in a feasible system."""
    case = timeline.case
    assert case is not None
    t, gap = timeline.chain.low[case.median], timeline.chain.differences[-1][2]
    return {printed_by(case, t, gap, name, number, account.printed.day, r) for r in roundings}


def _event_time_row(
    inversion: StudyInversion, claim: Claim, account: MedianAccount, name: str, number: PrintedNumber
) -> LedgerRow:
    """A median whose limits are event times, or that has none: bounded by the landmarks and its other numbers."""
    endpoint = inversion.endpoints.get(claim.endpoint or "")
    if claim.statistic != "median" or endpoint is None or not endpoint.histories:
        return unknown(claim.id, name, number, "no other printed number bears on it")
    rest = account.used.without(name)
    lows: list[int] = []
    highs: list[int] = []
    for interval in rest.event_times:
        for system in _systems(inversion, endpoint, replace(rest, event_times=(interval,)), account.roundings):
            days = _days_of(system, endpoint.n, name, interval)
            if days is None:
                return unknown(claim.id, name, number, "it may lie beyond the last landmark")
            lows.append(days[0])
            highs.append(days[1])
    if not lows:
        return unknown(claim.id, name, number, "the rest of this median contradicts the landmarks")
    texts = [_texts(Fraction(day) / account.printed.day, number) for day in (min(lows), max(highs))]
    least, most = min(texts[0], key=Fraction), max(texts[1], key=Fraction)
    how = "the landmarks on either side bound it" if name == "value" else "limits taken as event times"
    return judge_range(claim.id, name, number, least, most, how)


def _days_of(timeline: Timeline, n: int, name: str, interval: Interval) -> tuple[int, int] | None:
    """Smallest and largest day of one number of a median in a feasible system; None if it may lie beyond the history.

    Where the curve rests on exactly 1/2, some programs go on to the next event for the median.
    """
    chain, curve, half = timeline.chain, states(timeline.history, n), Fraction(1, 2)
    step = limit_step(timeline.history, n, name, interval)
    if name == "value":
        resting = [i for i in event_steps(timeline.history) if curve[i + 1].survival == half]
        first = resting[0] if resting else step
        after = next((i for i in event_steps(timeline.history) if curve[i + 1].survival < half), None)
        return (chain.low[first], chain.high[after]) if first is not None and after is not None else None
    return (chain.low[step], chain.high[step]) if step is not None else None


def _texts(x: Fraction, like: PrintedNumber) -> set[str]:
    return {show(round_to(x, like.decimals, rule), like.decimals) for rule in Rounding}
