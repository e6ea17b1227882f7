"""Lesson 3: reading a paper backwards, with pencil and paper first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import combinations
from math import sqrt

from helpers.conventions import Convention, Interval
from helpers.inversion.history import state_after
from helpers.inversion.printing import printed_text
from helpers.printed import Rounding
from helpers.teaching.answers import Number, Pair, Text, Unreadable
from helpers.teaching.course.facts import Landmark, facts
from helpers.teaching.exercise import Exercise, Slip
from helpers.teaching.functions import Function
from helpers.teaching.numerals import plainly
from helpers.teaching.quiz import Option, Question, Quiz

Z = Fraction("1.96")
PAPER = Convention(Interval.PLAIN, "1.96", 3, Rounding.HALF_UP)


def prints(history: str, n: int) -> tuple[str, str, str]:
    """What a history prints under the paper's convention: estimate, lower and upper limit, in percent."""
    state = state_after(history, n)
    value, low, high = (printed_text(state, PAPER, k, 2, Fraction(1, 100), Fraction(95, 100)) for k in (0, -1, 1))
    return value, low, high


def candidates(n: int, lost: int) -> Iterator[str]:
    """Every history of n patients that ends in an event with S > 0 and holds at most so many censorings."""
    for length in range(1, n):
        for number in range(min(lost, length - 1) + 1):
            for places in combinations(range(length - 1), number):
                yield "".join("C" if i in places else "E" for i in range(length))


def matching(claim: str, lost: int) -> tuple[str, ...]:
    """The histories with few censorings that print a landmark, all its three numbers."""
    mark = facts().landmark(claim)
    want = tuple(number.text for number in mark.claim.printed.values())
    return tuple(history for history in candidates(mark.n, lost) if prints(history, mark.n) == want)


def binomial_error(survival: Fraction, n: int) -> float:
    """√(S (1 − S) / n): Greenwood's standard error where nobody is censored, and smaller than with any censoring."""
    return sqrt(survival * (1 - survival) / n)


def exercises() -> tuple[Exercise, ...]:
    """The exercises in order."""
    efs, os_ = facts().landmark("efs_6mo"), facts().landmark("os_6mo")
    n = efs.n
    value, low, high = (Fraction(x.text) for x in efs.claim.printed.values())
    width = (high - low) / 2
    error = width / Z / 100
    closest = min(range(n + 1), key=lambda k: abs(Fraction(k, n) - value / 100))
    fits = matching("efs_6mo", 1)
    o_value, o_low, o_high = (Fraction(x.text) for x in os_.claim.printed.values())
    mirrored = 2 * o_value - o_low
    small = (o_high - o_value) / Z / 100
    least = binomial_error(o_value / 100, n)
    two = facts().histories("OS")
    apart = [n - i for i, pair in enumerate(zip(*two, strict=True)) if len(set(pair)) > 1]
    total = 2 ** (n - 1) - 1
    return (
        Exercise(
            "width",
            f"Start with a landmark that behaves: EFS at six months, {value_text(efs)}. The interval is symmetric. "
            "How long is "
            "one arm, in percentage points?",
            Number(width, 2, 0, 100),
            ("Half of the distance between the limits.", f"({high_low(efs)}) / 2."),
            (Slip(2 * width, "That is both arms together."),),
            f"{plainly(width, 2)} points.",
        ),
        Exercise(
            "error",
            "In a plain interval an arm is 1.96 standard errors. What is the standard error, as a share, to three "
            "decimals?",
            Number(error, 3, 0, 1),
            (f"{plainly(width, 2)} / 1.96 is it in percentage points.", "Divide by 100 to get a share."),
            (Slip(100 * error, "That is in percentage points; divide by 100."),),
            f"{plainly(error, 3)}. So behind the three printed numbers stand two: S = {plainly(value / 100, 3)} and "
            f"se = {plainly(error, 3)}.",
        ),
        Exercise(
            "uncensored",
            f"If nobody had been censored, S would be k / {n} with a whole number k. Which k comes closest to "
            f"{plainly(value / 100, 3)}?",
            Number(closest, 0, 0, n),
            (f"Multiply {plainly(value / 100, 3)} by {n}.",),
            (Slip(n - closest, "That is how many have had the event. S counts those who have not."),),
            f"{closest} / {n} = {plainly(Fraction(closest, n), 3)}, and the paper has {plainly(value / 100, 3)}. No "
            "k fits. So "
            "*somebody was censored before six months*. Nobody told us; the digits did.",
        ),
        Exercise(
            "history",
            "Try one censoring. Find a history, as a string of E and C that ends in an E, which prints all three "
            "numbers "
            f"{value_text(efs)}.",
            Text(fits, "EEC", _explain(efs), upper=True),
            (f"With m patients left after the last event and one censoring at rung r, S = (m / {n}) × r / (r − 1).",
             f"Try m = {n - len(fits[0])}: then r / (r − 1) must be about "
             f"{float(value / 100 * n / (n - len(fits[0]))):.3f}.",
             f"The censoring is on rung {n - fits[0].index('C')} from below, that is, after {fits[0].index('C')} "
             "events."),
            explanation=f"`{fits[0]}` prints {', '.join(prints(fits[0], n))}. Of all histories with at most one "
                        "censoring it is "
            f"{'the only one' if len(fits) == 1 else f'one of {len(fits)}'}. You have read a paper backwards.",
        ),
        Exercise(
            "mirror",
            f"Now OS at six months: {value_text(os_)}. Is it symmetric? If the lower limit is right, which upper "
            "limit belongs "
            "to it?",
            Number(mirrored, 2, 0, 100),
            ("The estimate is the middle of a plain interval.", f"{plainly(o_value, 2)} + ({plainly(o_value, 2)} − "
             f"{plainly(o_low, 2)})."),
            (Slip(o_high, "That is what is printed. But how long are the two arms?"),
             Slip(2 * o_value - o_high, "That is the lower limit that would belong to the printed upper one.")),
            f"{plainly(mirrored, 2)}. Printed is {plainly(o_high, 2)}. One digit apart.",
        ),
        Exercise(
            "impossible",
            "But perhaps the upper limit is right and the lower one wrong? Then the standard error would be "
            f"{plainly(small, 3)}. Compute the standard error that {n} patients have at S = "
            f"{plainly(o_value / 100, 3)} if "
            "nobody is censored: √(S (1 − S) / n). Three decimals.",
            Number(least, 3, 0, 1),
            (f"S (1 − S) = {plainly(o_value / 100 * (1 - o_value / 100), 4)}.", f"Divide by {n} and take the square "
                                                                                "root."),
            (Slip(least**2, "Take the square root."),
             Slip(sqrt(float(o_value / 100 * (1 - o_value / 100))), f"Divide by {n} before you take the root.")),
            f"{least:.4f}. Censoring can only make it larger: patients who leave take knowledge with them. So "
            f"{plainly(small, 3)} is "
            f"*impossible* with {n} patients, whatever happened to them. The lower limit stands; the upper limit is "
            "the wrong "
            "one.",
        ),
        Exercise(
            "how-many",
            f"How many histories are there at all for {n} patients, if the string ends in an event and somebody is "
            "left (S > 0)?",
            Number(total, 0, 0),
            ("A string of length k that ends in E has k − 1 free letters: 2 to the power k − 1 of them.",
             f"Add up 1 + 2 + 4 + … for the lengths 1 to {n - 1}."),
            (Slip(2**n, "That is all strings of one length, with any last letter."),
             Slip(2 ** (n - 1), "Nearly: the sum 1 + 2 + … + 2^k is one less than the next power."),
             Slip(2**n - 1, f"With length {n} nobody would be left.")),
            f"{total:,}. Too many for a pencil, a moment's work for a computer.",
        ),
        Exercise(
            "function",
            "Let the computer try. Write `arm(history, n)`: the length of one arm of the interval in percentage "
            "points, "
            "1.96 × se, with se rounded to three decimals first.",
            Function(arm, (("E", n), ("EEC", n), (fits[0], n), (os_.history, n), ("EECEEECE", n)), "arm('EEC', 22)"),
            ("se = S √G, from Lessons 1 and 2.", "`round(se, 3)` rounds it; multiply by 196."),
            (Slip(lambda h, m: float(196 * sqrt(state_after(h, m).variance)),
                  "You used the full standard error. The authors used the rounded one, and that shows in print."),
             Slip(lambda h, m: arm(h, m) / 100, "That is a share; percentage points are asked for.")),
            "Together with S this is all that is needed to compare a history with the paper.",
        ),
        Exercise(
            "differ",
            f"The suite has gone through all {total:,} histories for both landmarks of OS. Two remain: `{two[0]}` and "
            f"`{two[1]}`. Look at the ladder. On which two rungs, counted from below, do they differ? Give the "
            "higher and the "
            "lower of the first two.",
            Pair(Number(apart[0], 0, 1, n), Number(apart[1], 0, 1, n), ("higher rung", "lower rung")),
            ("Write one string under the other and mark the places that differ.",
             f"The first letter stands on rung {n}, the second on rung {n - 1}."),
            explanation=f"They differ on the rungs {', '.join(map(str, apart))}. Everything else is *known*, though "
                        "nobody has "
            f"published it: {two[0].count('E')} deaths and {two[0].count('C')} censorings by one year in either of "
            "them.",
        ),
    )  # fmt: skip


def quiz() -> Quiz:
    """Four questions."""
    n = facts().paper.n
    return Quiz(
        (
            Question("Which two numbers hide in an estimate with its interval?", (
                Option("S and the standard error.", "Yes: two equations for the history.", True),
                Option("S and the number of deaths.", "No: the number of deaths has to be found out."),
                Option("S and the p-value.", "No: nothing was tested."),
            )),
            Question("Why does the inversion work for small studies only?", (
                Option("Large studies round differently.", "No: they round alike."),
                Option("With many patients many histories print the same digits.",
                       "Yes: the digits stay as coarse, and the histories multiply.", True),
                Option("The formulas hold for small n only.", "No: it is rather the other way round."),
            )),
            Question("What do the trailing zeros of all four printed percentages say?", (
                Option("Chance.", f"Four zeros by chance: one in {10**4:,}."),
                Option("That the estimates were rounded to three decimals before they were made percentages.",
                       "Yes. Such a convention is itself found by inversion.", True),
                Option("That the study is exact.", "No: it is the opposite, digits have been lost."),
            )),
            Question("The reconstruction says that a patient was censored before six months. Was that observed?", (
                Option("Yes, the digits prove it.", "It is proved for whoever takes the printed numbers as right, "
                                                    "not observed."),
                Option("No: it is reconstructed, and holds if the numbers used are right.",
                       f"Yes. Every table of reconstructed data on {n} patients must say so.", True),
                Option("No, it is a guess.", "It is more: within the convention nothing else can print these digits."),
            )),
        )
    )  # fmt: skip


def arm(history: str, n: int) -> float:
    """One arm of the paper's interval in percentage points: 196 times the standard error rounded to 3 decimals."""
    from helpers.printed import round_root

    return float(196 * round_root(state_after(history, n).variance, 3, Rounding.HALF_UP))


def value_text(mark: Landmark) -> str:
    """A printed landmark in one phrase."""
    value, low, high = (number.text for number in mark.claim.printed.values())
    return f"{value} ({low}–{high})"


def high_low(mark: Landmark) -> str:
    """The subtraction of its limits, as one writes it down."""
    _, low, high = (number.text for number in mark.claim.printed.values())
    return f"{high} − {low}"


def _explain(mark: Landmark) -> Callable[[str], str]:
    def about(text: str) -> str:
        if not text or set(text) - {"E", "C"}:
            raise Unreadable("a history holds the letters E and C and nothing else")
        if len(text) >= mark.n:
            raise Unreadable(f"with {len(text)} letters nobody of {mark.n} would be left")
        if text.endswith("C"):
            raise Unreadable("a history ends with an event: a censoring after it leaves no trace")
        value, low, high = prints(text, mark.n)
        target, got = Fraction(mark.claim.printed["value"].text), Fraction(value)
        side = "S is right; the interval is not" if got == target else f"S is too {'high' if got > target else 'low'}"
        return f"`{text}` prints {value} ({low}–{high}): {side}"

    return about
