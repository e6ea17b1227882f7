"""Landmarks, medians and numbers at risk: each judged by inverting the paper without it."""

from __future__ import annotations

from fractions import Fraction

from helpers.conventions import Convention
from helpers.inversion.evidence import ESTIMATE_FIELDS, Field
from helpers.inversion.follow_up import follow_up_texts, printed_by
from helpers.inversion.history import event_steps, states
from helpers.inversion.landmarks import predict, solved
from helpers.inversion.median_account import MedianAccount, predicted_texts
from helpers.inversion.medians import PrintedMedian, symmetric_roundings
from helpers.inversion.paper import EndpointInversion, StudyInversion, conventions_of
from helpers.inversion.repair import describe, nearest
from helpers.inversion.search import TooLargeError
from helpers.inversion.timelines import Timeline, longest_day, timelines
from helpers.ledger.row import LedgerRow, judge, judge_range, unknown
from helpers.printed import PrintedNumber, Rounding, round_to, show
from helpers.study.model import Claim


def landmark_rows(inversion: StudyInversion, claim: Claim) -> list[LedgerRow]:
    """The rows of a claim of statistic `survival`."""
    endpoint = inversion.endpoints.get(claim.endpoint or "")
    if endpoint is None or all(mark.claim != claim.id for mark in endpoint.landmarks):
        why = f"printed for {claim.n} of {inversion.study.n} patients: a cohort within the cohort is not inverted"
        return [unknown(claim.id, name, number, why) for name, number in claim.printed.items()]
    return [
        _landmark_row(inversion, endpoint, Field(claim.id, name), number)
        for name, number in claim.printed.items()
        if name in ESTIMATE_FIELDS
    ]


def _landmark_row(
    inversion: StudyInversion, endpoint: EndpointInversion, target: Field, printed: PrintedNumber
) -> LedgerRow:
    if not printed.reached:
        return unknown(target.claim, target.name, printed, "not a number")
    if not endpoint.histories:
        return unknown(target.claim, target.name, printed, endpoint.why_not)
    conventions = conventions_without(inversion, endpoint, target)
    if not conventions:
        return unknown(target.claim, target.name, printed, "without it the rest is too large to go through")
    prediction = predict(endpoint.evidence, target, endpoint.removed, conventions)
    if prediction.texts is not None:
        row = judge(target.claim, target.name, printed, prediction.texts, _made(conventions))
        if target in endpoint.removed:
            return judge(target.claim, target.name, printed, prediction.texts, _repair(printed, prediction.texts))
        return row
    if prediction.bounds is not None:
        return judge_range(target.claim, target.name, printed, *prediction.bounds, note=prediction.why)
    return unknown(target.claim, target.name, printed, prediction.why)


def conventions_without(
    inversion: StudyInversion, endpoint: EndpointInversion, target: Field
) -> tuple[Convention, ...]:
    """The conventions that explain the whole paper when one field is not read."""
    others = [e for e in inversion.endpoints.values() if e is not endpoint and e.conventions]
    allowed = conventions_of(inversion.study)
    if inversion.shared:
        for other in others:
            allowed = tuple(c for c in allowed if c in _explaining(other))
    try:
        rest = endpoint.evidence.without({*endpoint.removed, target})
        return solved(rest, allowed).conventions if rest.landmarks else allowed
    except TooLargeError:
        return ()


def _explaining(endpoint: EndpointInversion) -> tuple[Convention, ...]:
    """Every convention that explains an endpoint alone, after what was set aside."""
    return endpoint.conventions


def _made(conventions: tuple[Convention, ...]) -> str:
    intervals = sorted({str(c.interval) for c in conventions})
    first = {c.rounded_to for c in conventions}
    rounded = f", S and se rounded to {first.pop()} decimals first" if len(first) == 1 and None not in first else ""
    return f"{' or '.join(intervals)} interval{rounded}" if len(intervals) <= 2 else "several conventions fit"


def _repair(printed: PrintedNumber, texts: tuple[str, ...]) -> str:
    best = nearest(printed.text, texts)
    return f"nearest repair {describe(printed.text, best)}" if best is not None else "no digits can be printed here"


def median_rows(inversion: StudyInversion, claim: Claim, accounts: dict[str, MedianAccount]) -> list[LedgerRow]:
    """The rows of a claim of statistic `median` or `follow_up`."""
    rows = []
    for name, number in claim.printed.items():
        if name not in ESTIMATE_FIELDS:
            continue
        account = accounts.get(claim.id)
        if account is None:
            rows.append(unknown(claim.id, name, number, f"printed for {claim.n} of {inversion.study.n} patients"))
        elif not number.reached:
            rows.append(unknown(claim.id, name, number, "not reached"))
        elif account.candidates:
            rows.append(_contradicting_row(inversion, account, name, number))
        elif account.symmetric:
            rows.append(_symmetric_row(inversion, claim, account, name, number, accounts))
        else:
            rows.append(_plain_row(inversion, claim, account, name, number))
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


def _plain_row(
    inversion: StudyInversion, claim: Claim, account: MedianAccount, name: str, number: PrintedNumber
) -> LedgerRow:
    """A median whose limits are not symmetric, or not printed: only the landmarks bound it."""
    if name != "value":
        return unknown(claim.id, name, number, "limits are event times, which nothing else fixes")
    endpoint = inversion.endpoints.get(claim.endpoint or "")
    if claim.statistic != "median" or endpoint is None or not endpoint.histories:
        return unknown(claim.id, name, number, "no other printed number bears on it")
    ends = [_median_days(t, endpoint) for t in _systems(inversion, endpoint, None, ())]
    lows, highs = [low for low, _ in ends if low is not None], [high for _, high in ends if high is not None]
    if not ends or len(lows) < len(ends) or len(highs) < len(ends):
        return unknown(claim.id, name, number, "the median may lie beyond the last landmark")
    texts = [_texts(Fraction(day) / account.printed.day, number) for day in (min(lows), max(highs))]
    least, most = min(texts[0], key=Fraction), max(texts[1], key=Fraction)
    return judge_range(claim.id, name, number, least, most, "the landmarks on either side bound it")


def _texts(x: Fraction, like: PrintedNumber) -> set[str]:
    return {show(round_to(x, like.decimals, rule), like.decimals) for rule in Rounding}


def _median_days(timeline: Timeline, endpoint: EndpointInversion) -> tuple[int | None, int | None]:
    curve = states(timeline.history, endpoint.n)
    half = Fraction(1, 2)
    steps = [i for i in event_steps(timeline.history) if curve[i + 1].survival <= half]
    if not steps:
        return None, None
    i = steps[0]
    if curve[i + 1].survival < half:
        return timeline.chain.low[i], timeline.chain.high[i]
    # On a step at exactly 1/2 some rules go on to the next event, which may lie beyond the history.
    return timeline.chain.low[i], timeline.chain.high[steps[1]] if len(steps) > 1 else None


def number_rows(inversion: StudyInversion, claim: Claim) -> list[LedgerRow]:
    """The rows of a claim of statistic `at_risk`, `events` or `censored`."""
    printed = claim.count
    if printed is None:
        return []
    endpoint = inversion.endpoints.get(claim.endpoint or "")
    target = Field(claim.id, "count")
    if endpoint is None or target not in endpoint.evidence.fields:
        return [unknown(claim.id, "count", printed, "no landmark of this endpoint bears on it")]
    if not endpoint.histories:
        return [unknown(claim.id, "count", printed, endpoint.why_not)]
    conventions = conventions_without(inversion, endpoint, target)
    prediction = predict(endpoint.evidence, target, endpoint.removed, conventions)
    if prediction.texts is None:
        return [unknown(claim.id, "count", printed, prediction.why)]
    return [judge(claim.id, "count", printed, prediction.texts, "from the surviving histories")]
