"""Lesson 1: what a Kaplan-Meier estimate is, built by hand on 22 rungs."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from helpers.estimators.kaplan_meier import exact_survival
from helpers.inversion.history import state_after
from helpers.narrative.phrases import counted
from helpers.teaching.answers import Number, Text, Unreadable
from helpers.teaching.course.facts import facts, times_and_events
from helpers.teaching.exercise import Exercise, Slip
from helpers.teaching.functions import Function
from helpers.teaching.numerals import plainly
from helpers.teaching.quiz import Option, Question, Quiz


def survival(history: str, n: int) -> float:
    """S after a history, by the suite."""
    return float(state_after(history, n).survival)


def parts() -> tuple[str, int, int]:
    """The history up to the first landmark, how many events it begins with, and n."""
    mark = facts().landmark("os_6mo")
    return mark.history, len(mark.history) - len(mark.history.lstrip("E")), mark.n


def exercises() -> tuple[Exercise, ...]:
    """The exercises in order."""
    history, lead, n = parts()
    mark = facts().landmark("os_6mo")
    left = n - lead
    share, at_risk, s = Fraction(left, n), left - 1, mark.survival
    deaths = history.count("E")
    naive, without = Fraction(n - deaths, n), Fraction(n - 1 - deaths, n - 1)
    printed = mark.claim.printed["value"]
    three = plainly(s, 3)
    tied = _tied()
    return (
        Exercise(
            "share",
            f"{n} patients were treated. {counted(lead, 'death').capitalize()} have followed, and nobody has been "
            "lost. "
            "What share of the patients is alive?",
            Number(share, 3, share=True),
            (f"Count the rungs that are left: {n} minus {lead}.", "Divide those who are left by those who began."),
            (Slip(share.numerator, "That may be a count. A share is asked for: divide by those who began."),
             Slip(left, f"{left} patients are left, that is right. What share of {n} is that?")),
            f"{left} of {n} are alive: {left} / {n} = {plainly(share, 3)}. As long as nobody is lost, S is simply "
            "that.",
        ),
        Exercise(
            "lost",
            "Now one patient moves abroad, alive. Nobody knows what came of this patient. What is S now?",
            Number(share, 3, share=True),
            ("Has anybody died?", "S comes down at a death and at nothing else."),
            (Slip(Fraction(left - 1, n), "You counted the lost patient as dead. Nobody knows that."),
             Slip(Fraction(left - 1, n - 1), "You struck the patient out from the beginning. But being alive until "
                                             "that "
                  "day was seen, and it counts."),
             Slip(Fraction(left, n - 1), "You made the cohort smaller and kept those alive: then S would rise.")),
            f"Still {plainly(share, 3)}. A censoring leaves S where it is. It changes something else: from now on "
            f"{at_risk} are watched, no longer {left}.",
        ),
        Exercise(
            "factor",
            "Then the next patient dies. By which number is S multiplied?",
            Number(Fraction(at_risk - 1, at_risk), 4, share=True),
            ("The factor is the share of those at risk who come through this day.",
             f"Just before the death {at_risk} patients are at risk: {n} less {lead} dead and 1 lost."),
            (Slip(Fraction(n - 1, n), f"That would be right for the first death, with {n} at risk."),
             Slip(Fraction(left - 1, left), "The lost patient is still in your count of those at risk."),
             Slip(Fraction(1, at_risk), "That is the share who die on this day. S is multiplied by those who do not.")),
            f"{at_risk} are at risk, one of them dies: the factor is {at_risk - 1} / {at_risk}.",
        ),
        Exercise(
            "estimate",
            f"So what is S after this death, the {_ordinal(deaths)}? Give three decimals or more.",
            Number(s, 3, share=True),
            ("Multiply the last S by the factor of the last exercise.",
             f"{left} / {n} times {at_risk - 1} / {at_risk}."),
            (Slip(naive, f"That is 1 − {deaths} / {n}: the lost patient counts as alive to the end. Nobody knows "
                         "that."),
             Slip(without, "You struck the lost patient out from the beginning; until that day the patient was seen "
                           "alive."),
             Slip(Fraction(n - deaths - 1, n), "You counted the lost patient as dead.")),
            f"{left} / {n} × {at_risk - 1} / {at_risk} = {plainly(s, 5)}. To count the lost patient as alive for "
            "ever would "
            f"give {plainly(naive, 3)}; as never there, {plainly(without, 3)}; as dead, "
            f"{plainly(Fraction(n - deaths - 1, n), 3)}. Kaplan and Meier's answer lies between the best and the "
            "worst case.",
        ),
        Exercise(
            "printed",
            "A program shows S with three decimals. An author turns that into a percentage with two. Which digits "
            "stand in "
            "the paper? (A printed number is text: put it in quotes.)",
            Text((printed.text,), "12.30", printed=True, explain=_about_print(plainly(100 * s, 2))),
            (f"With three decimals S is {three}.", f"{three} as a percentage, with two decimals behind the point."),
            explanation=f"{printed.text}: the last digit is a zero because the third decimal of S was the last that "
                        "anybody "
            f"had. From the full number it would read {plainly(100 * s, 2)}. Look it up: the paper prints "
            f"{printed.text}.",
        ),
        Exercise(
            "where",
            f"Take {counted(deaths, 'death')} and one censoring. In which order, as a string of E and C, is S at the "
            "end the "
            "largest?",
            Text((_best(deaths, n),), "CEE", lambda text: _about_order(text, deaths, n), upper=True),
            ("A death costs 1 / (those at risk): it costs least while many are at risk.",
             "So let the patient be at risk at as many deaths as possible."),
            explanation=_orders(deaths, n),
        ),
        Exercise(
            "function",
            "Write it down once and for all: a function `survival(history, n)` that walks down the string and "
            "returns S.",
            Function(survival, (("E", n), ("EE", n), ("C", n), ("EC", 4), ("CE", 4), (history, n), ("ECECE", 10)),
                     "survival('EEC', 22)"),
            ("Keep two numbers as you walk: S, and how many are at risk.",
             "At an E multiply S by (r − 1) / r. At either letter take one from r."),
            (Slip(lambda h, m: 1 - h.count("E") / m, "You divide the deaths by all who began. After a censoring that "
                                                     "is no "
                  "longer the share: walk step by step."),
             Slip(_forgets_censored, "Your function does not take the censored patients out of those at risk.")),
            "With these four lines you have Kaplan and Meier's estimate.",
        ),
        Exercise(
            "ties",
            f"Now real patients, of another study. Before week {tied[0]} nothing happened to the {tied[1]} children "
            "who had "
            f"6-mercaptopurine. In week {tied[0]} there were {tied[2]} relapses, and {tied[3]} child was censored in "
            "that "
            "same week. What is S after it?",
            Number(tied[4], 3, share=True),
            ("By convention events of a day come before censorings of that day.",
             f"So all {tied[1]} were at risk of relapse."),
            (Slip(Fraction(tied[1] - tied[3] - tied[2], tied[1] - tied[3]),
                  "You let the censored child leave first. Then fewer were at risk, and S comes out lower."),
             Slip(Fraction(tied[1] - tied[2] - tied[3], tied[1]), "You counted the censored child as a relapse.")),
            f"({tied[1]} − {tied[2]}) / {tied[1]} = {plainly(tied[4], 3)}. One step of {tied[2]} and {tied[2]} steps "
            "of one give "
            "the same S. That is why a history needs no sign for a tie.",
        ),
    )  # fmt: skip


def quiz() -> Quiz:
    """Four questions."""
    history, _, n = parts()
    return Quiz(
        (
            Question("What does a censoring do to the curve on its own day?", (
                Option("It brings it down a little.", "No: only events do. A tick on the curve marks a censoring."),
                Option("Nothing, but later steps become larger.", "Yes: fewer are at risk, so each event weighs "
                                                                  "more.", True),
                Option("It lifts it.", "No: the curve never rises."),
            )),
            Question("What does the method assume about patients who are lost?", (
                Option("That they live for ever.", "No. That would be 1 − events / n."),
                Option("That they die at once.", "No. That would be the worst case."),
                Option("That they fare on like those who are still watched.",
                       "Yes. It can be wrong: patients too ill to travel are lost too, and then S comes out too "
                       "high.", True),
            )),
            Question(f"Of {n} patients, {n - len(history)} are left at six months. Is S = {n - len(history)} / {n}?", (
                Option("Yes, that share is left.", "No: some of those who are not left were censored, not dead."),
                Option("No, S is larger.", "Yes: the censored count for something until they left, so S is "
                                           "larger.", True),
                Option("No, S is smaller.", "No: censored patients are not deaths."),
            )),
            Question("Two patients die on the same day. What happens if they are entered one after the other?", (
                Option("The same S.", "Yes: the middle number cancels, (r − 1)/r × (r − 2)/(r − 1) = (r − 2)/r.", True),
                Option("A smaller S.", "No: write out both products, and something cancels."),
                Option("It depends on who dies first.", "No: to the estimate all patients are alike."),
            )),
        )
    )  # fmt: skip


def _ordinal(k: int) -> str:
    words = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    return words[k - 1] if 1 <= k <= len(words) else f"{k}th"


def _about_print(full: str) -> Callable[[str], str]:
    def about(text: str) -> str:
        if text == full:
            return "that is what full precision would print; here S was rounded to three decimals before"
        return f"`{text}` cannot come from three decimals of S and two more digits of zero"

    return about


def _all_orders(deaths: int) -> list[str]:
    return ["E" * k + "C" + "E" * (deaths - k) for k in range(deaths + 1)]


def _best(deaths: int, n: int) -> str:
    return max(_all_orders(deaths), key=lambda h: survival(h, n))


def _about_order(text: str, deaths: int, n: int) -> str:
    if set(text) - {"E", "C"}:
        raise Unreadable("a history holds the letters E and C and nothing else")
    if sorted(text) != sorted("E" * deaths + "C"):
        raise Unreadable(
            f"it should hold {deaths} letters E and one C; this one has {text.count('E')} and {text.count('C')}"
        )
    return f"`{text}` gives S = {plainly(state_after(text, n).survival, 4)}, and there is an order that gives more"


def _orders(deaths: int, n: int) -> str:
    some = [_all_orders(deaths)[k] for k in (0, deaths // 2, deaths - 1, deaths)]
    values = ", ".join(f"`{h}` {plainly(state_after(h, n).survival, 4)}" for h in some)
    return f"The order matters: {values}. So a printed S says something about the *order*. Lesson 3 lives on that."


def _tied() -> tuple[int, int, int, int, Fraction]:
    """The first week with an event: week, patients at risk, events, censored, S after it."""
    times, events = times_and_events()
    first = min(t for t, e in zip(times, events, strict=True) if e)
    here = [e for t, e in zip(times, events, strict=True) if t == first]
    s = next(s for t, s, _ in exact_survival(times, events) if t == first)
    return first, len(times), sum(here), len(here) - sum(here), s


def _forgets_censored(history: str, n: int) -> float:
    s, r = 1.0, n
    for kind in history:
        if kind == "E":
            s, r = s * (r - 1) / r, r - 1
    return s


def median_weeks() -> float:
    """The median of the real rows, where the figure draws its line."""
    return next(float(t) for t, s, _ in exact_survival(*times_and_events()) if s <= Fraction(1, 2))
