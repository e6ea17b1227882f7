"""Lesson 6: event-free survival, competing risks, month lengths: choices that move results."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from helpers.estimators.competing_risks import cumulative_incidence
from helpers.estimators.kaplan_meier import exact_survival, survival_at, survival_table
from helpers.teaching.answers import Number, Pair
from helpers.teaching.course.facts import facts, times_and_events
from helpers.teaching.exercise import Exercise, Slip
from helpers.teaching.functions import Function
from helpers.teaching.numerals import plainly
from helpers.teaching.quiz import Option, Question, Quiz

if TYPE_CHECKING:
    import pandas as pd

# Made up for the lesson, one letter a patient in order of time: relapse, death without relapse, censored.
COURSE = "RDRCDRDRRC"
CODES = {"C": 0, "R": 1, "D": 2}
MONTHS = (28.0, 30.0, 30.4375)
AT = 3


def incidence(course: str) -> tuple[float, float]:
    """Cumulative incidence of relapse and of death without relapse at the end of a course."""
    table = cumulative_incidence(range(1, len(course) + 1), [CODES[letter] for letter in course])
    last = table.groupby("cause")["incidence"].last()
    return float(last[1]), float(last[2])


def naive(course: str, letter: str = "R") -> Fraction:
    """1 − Kaplan-Meier with the other event taken as a censoring."""
    steps = exact_survival(range(1, len(course) + 1), [int(x == letter) for x in course])
    return 1 - steps[-1][1]


def one_minus_km(course: str) -> float:
    """The naive number for relapse as a float."""
    return float(naive(course))


def month_table() -> pd.DataFrame:
    """S of the real rows at three months, by the length of a month."""
    import pandas as pd

    table = _days_table()
    rows = [(f"{m:g}", f"{AT * m:g}", f"{float(survival_at(table, [AT * m])[0]):.3f}") for m in MONTHS]
    return pd.DataFrame(rows, columns=["days in a month", f"day of month {AT}", "S"])


def incidence_frames() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Curves and numbers at risk of the made-up course, as the figure of cumulative incidence takes them."""
    import pandas as pd

    names = {1: "Relapse", 2: "Death without relapse"}
    n, table = len(COURSE), cumulative_incidence(range(1, len(COURSE) + 1), [CODES[x] for x in COURSE])
    curves = []
    for cause, name in names.items():
        own = table[table["cause"] == cause]
        start = pd.DataFrame([{"time": 0.0, "incidence": 0.0, "censored": 0}])
        curve = pd.concat([start, own.assign(censored=[int(x == "C") for x in COURSE])], ignore_index=True)
        curves.append(curve[["time", "incidence", "censored"]].assign(cause=name))
    drawn = pd.concat(curves, ignore_index=True).assign(group="", low=float("nan"), high=float("nan"))
    rows = []
    for day in range(0, n + 1, 2):
        seen = COURSE[: max(day - 1, 0)]
        rows.append(
            {"group": "", "day": day, "at_risk": n - len(seen), names[1]: seen.count("R"), names[2]: seen.count("D"),
             "censored": seen.count("C")}
        )  # fmt: skip
    return drawn, pd.DataFrame(rows)


def exercises() -> tuple[Exercise, ...]:
    """The exercises in order."""
    paper = facts().paper
    n, responders = paper.n, int(paper.claim("cr").printed["count"].text)
    failed = n - responders
    early = Fraction(responders, n)
    short, long = AT * MONTHS[1], AT * MONTHS[2]
    table = _days_table()
    s_short, s_long = (float(survival_at(table, [day])[0]) for day in (short, long))
    week = next(t for t, e in zip(*times_and_events(), strict=True) if e and short < 7 * t <= long)
    six = 6 * MONTHS[2]
    efs, os_ = facts().landmark("efs_12mo").history, facts().landmark("os_12mo").history
    r, d = incidence(COURSE)
    wrong_r, wrong_d = naive(COURSE), naive(COURSE, "D")
    surplus = ": more than everybody" if wrong_r + wrong_d > 1 else f", and not to {r + d:.3f}"
    size = len(COURSE)
    place = COURSE.index("R", 1)
    step = Fraction(size - place, size) * Fraction(1, size - place)
    return (
        Exercise(
            "days",
            f"How many days are six months, if a month has {MONTHS[2]} days (a twelfth of 365.25)?",
            Number(Fraction(str(six)), 3, 0),
            (f"6 × {MONTHS[2]}.",),
            (Slip(180, "That is with months of 30 days. Papers use this too, and seldom say so."),),
            f"{six:g} days; with months of {MONTHS[1]:g} days it would be {6 * MONTHS[1]:g}. A death between the two "
            "is counted by one "
            "author and not by the other.",
        ),
        Exercise(
            "month",
            f"Does it matter? Real rows, 6-mercaptopurine: S at {AT} months with months of {MONTHS[1]:g} days is "
            f"{s_short:.3f}. One "
            f"relapse was in week {week}, on day {7 * week}. What is S at {AT} months with months of {MONTHS[2]} "
            "days? Three decimals.",
            Number(s_long, 3, share=True),
            (f"{AT} × {MONTHS[2]} = {long:g}: is day {7 * week} before it?",
             f"In week {week} there were {_at_risk(week)} at risk, and one relapsed."),
            (Slip(s_short, f"On day {long:g} the relapse of day {7 * week} has happened."),
             Slip(Fraction(_at_risk(week) - 1, _at_risk(week)), "That is the factor. Multiply the last S by it.")),
            f"{s_long:.3f}, {100 * (s_short - s_long):.1f} points lower, by nothing but the length of a month.",
        ),
        Exercise(
            "non-response",
            f"EFS counts *non-response* as an event. {responders} of {n} reached remission. If non-response is dated "
            "to day 1, what is "
            "EFS at the end of that day, supposing nothing else has happened?",
            Number(early, 3, share=True),
            (f"{failed} patients did not respond.", f"({n} − {failed}) / {n}."),
            (Slip(Fraction(failed, n), "That is the share of those with the event."),
             Slip(1, "That is EFS if non-response is dated later, to day 28 for instance.")),
            f"{responders} / {n} = {plainly(early, 3)}, on the first day. If the event is dated to day 28, EFS is 1 "
            "until then (but for "
            "deaths). The paper does not say which; the curve's first month depends on it, its later course does not.",
        ),
        Exercise(
            "first-month",
            "So how much area under the curve over the first 28 days, in days, hangs on this choice alone? (The "
            "restricted mean "
            "is that area.)",
            Number(failed * Fraction(27, n), 1, 0, 28),
            ("Between day 1 and day 28 one curve is at 1 and the other at the S of the last exercise.",
             f"27 days times {plainly(1 - early, 3)}."),
            (Slip(27 * early, "That is the area under the lower curve; the difference is asked for."),
             Slip(28 * (1 - early), "Nearly: on day 0 both curves are at 1.")),
            f"{plainly(failed * Fraction(27, n), 1)} days.",
        ),
        Exercise(
            "linked",
            f"Both endpoints run over the same patients. The inversion gives, up to one year, `{efs}` for EFS and "
            f"`{os_}` (or its "
            "twin) for OS. How many events, and how many deaths?",
            Pair(Number(efs.count("E"), 0, 0, n), Number(os_.count("E"), 0, 0, n), ("number of EFS "
                                                                                    "events", "number of deaths")),
            ("Count the letters E.",),
            (Slip((os_.count("E"), efs.count("E")), "In the other order: EFS first."),),
            f"{efs.count('E')} events and {os_.count('E')} deaths. Every death is an event of EFS, so at least "
            f"{efs.count('E') - os_.count('E')} patients had relapsed, or not responded, and were alive or lost. "
            "Reconstructed, not "
            "observed.",
        ),
        Exercise(
            "incidence-step",
            f"Now competing risks. {size} patients, made up for this exercise, leave in this order: `{COURSE}` (R "
            "relapse, D death "
            "without relapse, C censored). The cumulative incidence of relapse rises at each R by S just before it, "
            "times "
            f"1 / (those at risk). The first R adds 1 / {size}. How much does the second R add?",
            Number(step, 3, share=True),
            (f"Before the second R, S of *any* event is {size - place} / {size}.", f"At risk are {size - place}."),
            (Slip(Fraction(1, size - place), "Multiply by S just before: not everybody has come so far without an "
                                             "event."),),
            f"{size - place} / {size} × 1 / {size - place} = {plainly(step, 3)}. As long as nobody is censored, each "
            "relapse adds "
            f"1 / {size}, as it should.",
        ),
        Exercise(
            "incidence",
            "Go on to the end. What is the cumulative incidence of relapse?",
            Number(r, 3, share=True),
            ("After a censoring S stays, but fewer are at risk: each further event adds more.",
             "Make a table: letter, at risk, S before, what R adds."),
            (Slip(wrong_r, "That is 1 − Kaplan-Meier with deaths taken as censored. It lets the dead relapse."),
             Slip(Fraction(COURSE.count("R"), size), "That is the raw share; it takes the censored as free of "
                                                     "relapse for ever."),
             Slip(d, "That is the incidence of death without relapse.")),
            f"{r:.3f}, and {d:.3f} for death without relapse. They add up to {r + d:.3f}, and what is missing to 1 "
            "is the "
            "share still free of both.",
        ),
        Exercise(
            "naive",
            "Many papers take 1 − Kaplan-Meier, with a death counted as a censoring. Which incidence of relapse does "
            "that give?",
            Number(wrong_r, 3, share=True),
            ("Write E for R and C for both others, and use your function of Lesson 1.",),
            (Slip(r, "That is the right incidence. Now the wrong way, on purpose."),
             Slip(1 - wrong_r, "That is Kaplan-Meier; take it from 1.")),
            f"{plainly(wrong_r, 3)} in place of {r:.3f}. Do the same for death: {plainly(wrong_d, 3)}. The two add "
            "up to "
            f"{plainly(wrong_r + wrong_d, 3)}{surplus}.",
        ),
        Exercise(
            "function",
            "Write `incidence(course)` for such a string: return the pair (relapse, death without relapse).",
            Function(incidence, (("R",), ("RD",), ("RC",), ("CR",), (COURSE,)), "incidence('RDC')"),
            ("Keep S (of any event), the number at risk, and two sums.",
             "At an R or D add S / r to its sum; then multiply S by (r − 1) / r. Lower r at every letter."),
            (Slip(lambda c: (float(naive(c)), float(naive(c, "D"))), "That is 1 − Kaplan-Meier twice: each treats "
                                                                     "the other "
                  "event as a censoring."),
             Slip(lambda c: (c.count("R") / len(c), c.count("D") / len(c)), "Those are raw shares; a censoring must "
                                                                            "shift weight "
                  "to those who stay.")),
            "That is Aalen and Johansen's estimate.",
        ),
    )  # fmt: skip


def quiz() -> Quiz:
    """Four questions."""
    return Quiz(
        (
            Question("A paper gives EFS and does not say when non-response counts. What do you ask for?", (
                Option("Nothing: EFS is EFS.", "No: you have seen what the day does to the first month."),
                Option("The day on which it is dated, and the curve under the other choice.", "Yes.", True),
                Option("The p-value.", "That does not help here."),
            )),
            Question("1 − Kaplan-Meier for relapse, deaths censored: it is …", (
                Option("too low.", "No: the dead are taken to be still at risk of relapse."),
                Option("too high.", "Yes, and the more so the more die without relapse.", True),
                Option("right if the sample is large.", "No: the error does not shrink with n."),
            )),
            Question("Two papers print different S at six months from the same rows. Which is the first thing to "
                     "compare?", (
                Option("How many days six months have.", "Yes. Then the date of origin, then ties.", True),
                Option("The software.", "Perhaps, but it gives the same S for the same days."),
                Option("The interval type.", "That moves limits, not S."),
            )),
            Question("Can EFS lie above OS at the same time, in the same patients?", (
                Option("Yes, by chance.", "No: every death is an event of EFS."),
                Option("Only if somebody made a mistake, or follow-up differs.", "Yes. It is a quick check of an "
                                                                                 "abstract.", True),
                Option("Yes, if many relapse.", "No: relapses push EFS down."),
            )),
        )
    )  # fmt: skip


def _days_table() -> pd.DataFrame:
    times, events = times_and_events()
    return survival_table([7 * t for t in times], events)


def _at_risk(week: int) -> int:
    return sum(t >= week for t in times_and_events()[0])
