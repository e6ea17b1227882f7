"""Lesson 4: medians and follow-up, and how digits betray the program that printed them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import TYPE_CHECKING

from helpers.conventions import Interval
from helpers.estimators.follow_up import ReverseTies, reverse_table
from helpers.estimators.kaplan_meier import exact_survival, survival_table
from helpers.estimators.medians import brookmeyer_crowley, spss_median
from helpers.inversion.history import states
from helpers.inversion.medians import median_of, symmetric_roundings
from helpers.printed import PrintedNumber, Rounding
from helpers.study import Claim
from helpers.teaching.answers import Number, Pair
from helpers.teaching.course.facts import facts, times_and_events
from helpers.teaching.exercise import Exercise, Slip
from helpers.teaching.functions import Function
from helpers.teaching.names import Names
from helpers.teaching.numerals import plainly
from helpers.teaching.quiz import Option, Question, Quiz

if TYPE_CHECKING:
    import pandas as pd

Z = 1.96


def step_of_median(history: str, n: int) -> int:
    """The running number of the event at which S first reaches one half or less, exactly."""
    curve = states(history, n)
    first = next(i for i, state in enumerate(curve) if state.survival <= Fraction(1, 2))
    return history[:first].count("E")


def reverse_by_hand(times: list[int], events: list[int]) -> float:
    """The median follow-up: first time at which the curve of the flipped indicator is at one half or below.

    Infinite if it never is.
    """
    curve = exact_survival(times, [1 - e for e in events])
    return next((t for t, s, _ in curve if s <= Fraction(1, 2)), float("inf"))


def numbers(claim: str) -> tuple[Fraction, Fraction, Fraction]:
    """Estimate and limits of a printed median."""
    value, low, high = (Fraction(number.text) for number in facts().paper.claim(claim).printed.values())
    return value, low, high


def exercises() -> tuple[Exercise, ...]:
    """The exercises in order."""
    os_ = facts().histories("OS")
    n = facts().paper.n
    value, low, high = numbers("os_median")
    cells = [_half_widths(facts().paper.claim("os_median"), rule) for rule in (Rounding.HALF_UP, Rounding.TRUNCATION)]
    follow, f_low, f_high = numbers("follow_up")
    times, events = times_and_events()
    table = survival_table(times, events)
    spss, r = spss_median(table, Z), brookmeyer_crowley(table, Interval.LOG_LOG, Z)
    keep, strict = (reverse_table(times, events, ties) for ties in ReverseTies)
    slope = _slope(table)
    step = step_of_median(os_[0], n)
    plain_follow_up, reverse = median(times), reverse_by_hand(times, events)
    longest = facts().paper.longest_follow_up
    assert longest is not None
    return (
        Exercise(
            "step",
            f"The median is the first time at which S is one half or less. Walk down `{os_[0]}` with {n} patients. "
            "At which "
            "death does that happen? Give its running number.",
            Number(step, 0, 1, n),
            (f"Half of {n} is {n // 2}; but censored patients have left earlier.",
             "Compute S step by step, or look at the ladder: the column S."),
            (Slip(n // 2 - 1, "S is still above one half there, if only just."),
             Slip(os_[0].count("C") + step, "Count the deaths only.")),
            f"At death {step}. In the other history that remains it is death {step_of_median(os_[1], n)}. So this "
            "patient's day is "
            f"in print: day {value}. A median is the day of one single patient.",
        ),
        Exercise(
            "arms",
            f"The paper prints the median as {value} ({low}–{high}). How long are the two arms, in days?",
            Pair(Number(value - low, 0), Number(high - value, 0), ("left arm", "right arm")),
            (f"{value} − {low}, and {high} − {value}.",),
            explanation=f"{value - low} and {high - value}: one day apart. Limits that are *event times* would have "
                        "no reason to lie "
            "so evenly. Somebody, or something, computed estimate ± arm.",
        ),
        Exercise(
            "rounding",
            f"Suppose the limits are {value} − h and {value} + h, rounded to the nearest day. The lower one asks for "
            "an h from "
            f"{cells[0][0]} to {cells[0][1]}. What does the upper one ask for? Give both ends.",
            Pair(Number(Fraction(cells[0][2]), 1), Number(Fraction(cells[0][3]), 1), ("smallest h", "largest h")),
            (f"{high} is printed for everything from {float(high) - 0.5} up to {float(high) + 0.5}.",
             f"Take {value} away from both ends."),
            (Slip((float(cells[0][0]), float(cells[0][1])), "That is what the lower limit asks for."),),
            f"From {cells[0][2]} to {cells[0][3]}. The two ranges meet in the single point {cells[0][0]}, and there "
            "the halves go "
            "the wrong way: no h does both.",
        ),
        Exercise(
            "rule",
            "So rounding to the nearest day is out. Which rule lets one h print both limits? Choose `'half-up'`, "
            "`'half-even'` "
            "or `'truncation'` (cutting decimals off).",
            Names(_rule(), {
                "half-up": "then no h prints both limits; you have just shown it.",
                "half-even": "at the single point where the ranges meet, one of the halves would have to go to the "
                             "odd digit.",
                "truncation": "look again at what is cut off.",
            }),
            ("Under truncation the lower limit asks for an h from just above "
             f"{cells[1][0]} to {cells[1][1]}.",),
            explanation=f"Under truncation the lower limit asks for an h between {cells[1][0]} and {cells[1][1]}, "
                        "and the upper one for "
            f"one between {cells[1][2]} and {cells[1][3]}: the same range. The other median of the paper says the "
            "same. The decimals "
            "were cut off: by hand, it seems.",
        ),
        Exercise(
            "spss",
            "Do it on real rows, the weeks in remission on 6-mercaptopurine. The median is "
            f"{spss.value:.0f} weeks, with se = {slope.error:.4f} there. Around it S comes from {slope.above:.4f} in "
            "week "
            f"{slope.u} to {slope.below:.4f} in week {slope.l}. Which upper limit does SPSS print? One decimal.",
            Number(spss.high, 1, 0),
            (f"f = ({slope.above:.4f} − {slope.below:.4f}) / ({slope.l} − {slope.u}).",
             f"The arm is 1.96 × {slope.error:.4f} / f = {spss.high - spss.value:.2f} weeks."),
            (Slip(spss.low, "That is the lower limit."),
             Slip(spss.high - spss.value, "That is the arm. Add it to the median."),
             Slip(spss.value + (spss.high - spss.value) / Z, "You forgot the 1.96.")),
            f"{spss.high:.2f} weeks. And R? Its lower limit is {r.low:.0f} weeks, a week in which a child relapsed; "
            "its upper limit is "
            "*not reached*, because the upper curve never comes down to one half. A finite limit where others have "
            "none is "
            "another fingerprint of SPSS.",
        ),
        Exercise(
            "follow-up-middle",
            f"The median follow-up is printed as {follow} ({f_low}–{f_high}). What is the middle of its limits?",
            Number((f_low + f_high) / 2, 1),
            ("Add the limits and divide by two.",),
            (Slip(follow, "That is the printed estimate. Is it in the middle?"),),
            f"{plainly((f_low + f_high) / 2, 1)}, and printed is {follow}. Here the estimate is *not* in the middle. "
            "Either these limits "
            "were made in another way, or a digit slipped. The ledger says which slips would explain it, and cannot "
            "choose.",
        ),
        Exercise(
            "naive",
            "How long were the patients followed? Real rows: what is the plain median of all the observed weeks in the "
            "6-mercaptopurine arm, relapsed or not? They are listed above.",
            Number(Fraction(plain_follow_up), 1, 0),
            (f"Sort the {len(times)} numbers and take the one in the middle.",),
            (Slip(reverse, "That is the reverse Kaplan-Meier median already."),
             Slip(Fraction(median(t for t, e in zip(times, events, strict=True) if not e)),
                  "You left out the children who relapsed.")),
            f"{plain_follow_up} weeks. But a relapse *ended* the watch for many. They might have been followed far "
            "longer.",
        ),
        Exercise(
            "function",
            "Reverse Kaplan-Meier turns the question round: censoring is the event, and an event hides it. Write "
            "`follow_up(times, events)`: flip the indicator, walk down, return the first time at which the curve is "
            "at one half "
            "or below.",
            Function(reverse_by_hand, (([1, 2, 3], [0, 0, 0]), ([1, 2, 3, 4], [1, 0, 1, 0]), (times, events)),
                     "follow_up([1, 2, 3], [0, 1, 0])"),
            ("Go through the distinct times in order. At each, r patients have a time that is not smaller.",
             "With c of them censored on that day, multiply by (r − c) / r."),
            (Slip(lambda t, e: float(median(t)), "That is the plain median of the times; nothing was flipped."),
             Slip(lambda t, e: reverse_by_hand(t, [1 - x for x in e]), "The indicator is not flipped: that is the "
                                                                       "median time to "
                  "the event.")),
            f"For the real rows it gives {reverse:.0f} weeks, against {plain_follow_up} for the plain median: how "
            "long the children "
            "*would* have been watched, had none relapsed.",
        ),
        Exercise(
            "ties",
            f"A last detail. In week {times[0]} there were relapses and a censoring. Flipped: {len(times)} at risk, "
            "one censoring, S "
            f"comes down to {keep['survival'].iloc[0]:.4f}. The strict rule lets the relapsed leave first. To what "
            "does S come "
            "down then? Four decimals.",
            Number(strict["survival"].iloc[0], 4, share=True),
            (f"How many of the {len(times)} are still at risk of being censored once "
             f"{sum(e for t, e in zip(times, events, strict=True) if t == times[0])} have relapsed?",),
            (Slip(keep["survival"].iloc[0], "That is the other rule, with everybody at risk."),),
            f"{strict['survival'].iloc[0]:.4f}. R's `survfit` on the flipped indicator does the one, `prodlim` the "
            "other. Here the "
            "medians agree; the curves do not.",
        ),
        Exercise(
            "calendar",
            "Could the follow-up be longer than the calendar allows? The first patient can have come on "
            f"{_date(facts().paper.enrolled_from)}, and nobody can have been seen on "
            f"{_date(facts().paper.last_follow_up_before)} "
            "or later. How many days is the longest possible follow-up?",
            Number(longest, 0, 0),
            ("In Python: `(date(…) - date(…)).days`, from `datetime`.", "The last possible day is the one *before* "
                                                                        "the second date."),
            (Slip(longest + 1, "One day too many: on that date nobody was seen any more."),),
            f"{longest:,} days, far more than {f_high}. The printed follow-up fits the calendar, so the calendar "
            "cannot settle the slip.",
        ),
    )  # fmt: skip


def quiz() -> Quiz:
    """Four questions."""
    return Quiz(
        (
            Question("A median comes with limits that lie symmetrically about it. What do you suspect?", (
                Option("A large study.", "No: Brookmeyer-Crowley limits are event times in any study."),
                Option("A formula t ± arm, such as that of SPSS.", "Yes.", True),
                Option("A misprint.", "Not by itself: it is a method."),
            )),
            Question("R says that the upper limit of a median is not reached. What does that mean?", (
                Option("The program failed.", "No: it is an answer."),
                Option("The data do not bound the median from above.", "Yes: the upper curve stays above one "
                                                                       "half.", True),
                Option("The median itself is not reached.", "No: that can be reached while its limit is not."),
            )),
            Question("Many patients die early. Which is longer, the reverse Kaplan-Meier median or the median "
                     "observed time?", (
                Option("The reverse Kaplan-Meier median.", "Yes: it asks how long they would have been watched.", True),
                Option("The median observed time.", "No: early deaths pull it down."),
                Option("They are equal.", "Only where there are no events."),
            )),
            Question("S is exactly one half from one event to the next. What is the median?", (
                Option("The first of the two times.", "In some programs. Others print another."),
                Option("The middle of the two.", "In R and SAS. Others print another."),
                Option("It depends on the program.", "Yes, and a paper should say which.", True),
            )),
        )
    )  # fmt: skip


def _half_widths(claim: Claim, rule: Rounding) -> tuple[str, str, str, str]:
    """What each printed limit asks of the arm h under a rule: smallest and largest by the lower, then by the upper."""
    value = Fraction(claim.printed["value"].text)
    low, high = (PrintedNumber(claim.printed[k].text).cell(rule) for k in ("ci_low", "ci_high"))
    ends = (value - low.high, value - low.low, high.low - value, high.high - value)
    return tuple(plainly(x, 1) for x in ends)  # type: ignore[return-value]


@dataclass(frozen=True)
class _Slope:
    """What SPSS's formula takes from a curve: weeks u and l, S there, and the standard error at the median."""

    u: int
    l: int  # noqa: E741
    above: float
    below: float
    error: float


def _slope(table: pd.DataFrame) -> _Slope:
    rows = table[table["events"] > 0]
    above = rows[rows["survival"] >= 0.55].iloc[-1]
    below = rows[rows["survival"] <= 0.45].iloc[0]
    half = rows[rows["survival"] <= 0.5].iloc[0]
    return _Slope(int(above["time"]), int(below["time"]), above["survival"], below["survival"], half["std_error"])


def _rule() -> str:
    (rule,) = symmetric_roundings(median_of(facts().paper.claim("os_median")))
    return str(rule)


def _date(day: object) -> str:
    return f"{day:%-d %B %Y}"
