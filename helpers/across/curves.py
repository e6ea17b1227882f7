"""Outcomes that are curves: what a study prints of S(t) at a landmark, and the error that its interval gives away."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from fractions import Fraction
from math import exp, log

from helpers.conventions import Interval
from helpers.printed import PrintedNumber
from helpers.study.comparison import ComparedOutcome
from helpers.study.model import Claim, Study

Z = 1.959963984540054
NO_INTERVAL = "no interval is printed"


@dataclass(frozen=True)
class Read:
    """A printed S(t) as a proportion, with its limits as far as printed, and what they say of its error.

    `error` is the standard error of log(−log S), None where nothing says it; `how` tells from what it was computed.
    `contradicted` names the limits that the rest of the paper contradicts: they are shown, and not used.
    """

    claim: str
    n: int
    text: str
    estimate: float
    low: float | None
    high: float | None
    error: float | None
    how: str
    contradicted: tuple[str, ...] = ()

    @property
    def scale(self) -> float:
        """log(−log S), the scale on which survival is pooled: a larger value is a worse survival."""
        return log(-log(self.estimate))


def at_landmark(study: Study, outcome: ComparedOutcome, months: int) -> Claim | None:
    """The claim on an endpoint at so many months, however the paper names the time."""
    for claim in study.select("survival", outcome.endpoint):
        if claim.at is None or claim.value is None or claim.at_unit not in ("month", "year"):
            continue
        if claim.at * (12 if claim.at_unit == "year" else 1) == Fraction(months):
            return claim
    return None


def read_curve(claim: Claim, intervals: Collection[Interval], contradicted: Collection[str] = ()) -> Read:
    """A landmark with the error that its interval gives away.

    Parameters
    ----------
    claim : a landmark with an estimate.
    intervals : of which kinds the interval can be, as inferred; none where it is not known.
    contradicted : fields of the claim, of value, ci_low and ci_high, that the rest of the paper contradicts.

    Notes
    -----
    A log-log interval is symmetric on the scale of log(−log S), a plain one on that of S, a log one on that of log S;
    the
    width is divided by 2z there and carried over by the derivative. Where a limit is contradicted, the distance of the
    other one from the estimate is taken in place of half the width. Of several possible kinds the largest error counts.
    """
    value = claim.value
    assert value is not None
    s = float(value.value * claim.scale)
    low, high = (_share(number, claim) for number in (claim.ci_low, claim.ci_high))
    gone = tuple(name for name in ("value", "ci_low", "ci_high") if name in contradicted)
    interval_text = (
        f" ({claim.ci_low.text}–{claim.ci_high.text})" if claim.ci_low is not None and claim.ci_high is not None else ""
    )

    def answer(error: float | None, how: str) -> Read:
        return Read(claim.id, claim.n, value.text + interval_text, s, low, high, error, how, gone)

    usable = [x for x, name in ((low, "ci_low"), (high, "ci_high")) if x is not None and name not in gone]
    if low is None and high is None:
        return answer(None, NO_INTERVAL)
    if "value" in gone or not 0 < s < 1 or any(not 0 < x < 1 for x in usable):
        return answer(None, "the numbers allow no standard error")
    if not intervals or not usable:
        return answer(None, "of which kind the interval is could not be told")
    errors = [_error(s, usable, kind) for kind in intervals]
    if min(errors) <= 0:
        return answer(None, "the numbers allow no standard error")
    kinds = " or ".join(str(kind) for kind in intervals)
    which = "both limits" if len(usable) == 2 else "the limit that is not contradicted"
    return answer(max(errors), f"{kinds} interval, {which}")


def _error(s: float, limits: list[float], kind: Interval) -> float:
    """Standard error of log(−log S) from the limits of an interval, or from one limit and the estimate."""
    to, slope = _scales(kind, s)
    reach = abs(to(limits[0]) - to(limits[1])) / 2 if len(limits) == 2 else abs(to(limits[0]) - to(s))
    return reach / Z * slope


def _share(number: PrintedNumber | None, claim: Claim) -> float | None:
    return None if number is None or not number.reached else float(number.value * claim.scale)


def _scales(interval: Interval, s: float) -> tuple[Callable[[float], float], float]:
    """The scale on which an interval is symmetric, and the derivative of log(−log S) there, at S."""
    if interval is Interval.PLAIN:
        return (lambda x: x), 1 / (s * -log(s))
    if interval is Interval.LOG:
        return log, 1 / -log(s)
    return (lambda x: log(-log(x))), 1.0


def survival_of(scale: float) -> float:
    """S from log(−log S).

    >>> round(survival_of(0.0), 4)
    0.3679
    """
    return exp(-exp(scale)) if scale < 700 else 0.0
