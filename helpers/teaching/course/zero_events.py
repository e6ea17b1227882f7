"""Lesson 5: zero events in 22, exact intervals, Bayesian answers."""

from __future__ import annotations

from fractions import Fraction

from helpers.estimators.proportions import (
    JEFFREYS_PRIOR,
    UNIFORM_PRIOR,
    Posterior,
    ProportionMethod,
    counts_that_print,
    patients_to_rule_out,
    percentage_digits,
    posterior,
    proportion,
    rule_of_three,
    upper_bound_zero,
)
from helpers.printed import PrintedNumber, Rounding
from helpers.teaching.answers import Number, Pair, Text
from helpers.teaching.course.facts import facts
from helpers.teaching.exercise import Exercise, Slip
from helpers.teaching.functions import Function
from helpers.teaching.numerals import plainly
from helpers.teaching.quiz import Option, Question, Quiz

RATE = 0.05


def counts() -> tuple[int, int, int]:
    """Patients, those with complete remission, and those with the toxicity that nobody had."""
    paper = facts().paper
    return paper.n, _count("cr"), _count("icans")


def posteriors() -> list[tuple[str, str, Posterior]]:
    """The posterior of the toxicity rate after none, under two priors, as a figure draws them."""
    n, _, none = counts()
    return [("ICANS", name, posterior(none, n, prior))
            for name, prior in (("Jeffreys", JEFFREYS_PRIOR), ("uniform", UNIFORM_PRIOR))]  # fmt: skip


def upper_limit(n: int) -> float:
    """The largest rate that no event in n patients leaves open, one-sided 95 %."""
    return upper_bound_zero(n)


def exercises() -> tuple[Exercise, ...]:
    """The exercises in order."""
    n, responders, none = counts()
    chance = (1 - Fraction(str(RATE))) ** n
    bound, three = upper_bound_zero(n), rule_of_three(n)
    exact = proportion(none, n)
    wald = proportion(none, n, ProportionMethod.WALD)
    flat, jeffreys = (posterior(none, n, prior) for prior in (UNIFORM_PRIOR, JEFFREYS_PRIOR))
    enough = patients_to_rule_out(RATE)
    response = proportion(responders, n)
    printed = facts().paper.claim("cr").printed["value"].text
    cut = percentage_digits(responders, n, 2, Rounding.TRUNCATION)
    crs = facts().paper.claim("crs_grade_3_plus").printed["value"]
    (crs_count,) = counts_that_print(PrintedNumber(crs.text), n, Rounding.HALF_UP)
    return (
        Exercise(
            "chance",
            f"No patient of {n} had ICANS. Suppose its true rate were {100 * RATE:g} %. How likely is it to see none "
            f"in {n}?",
            Number(chance, 3, share=True),
            (f"One patient stays free with probability {1 - RATE:g}.", f"{n} patients all stay free: {1 - RATE:g} to "
                                                                       f"the power {n}."),
            (Slip(1 - chance, "That is the chance of at least one."),
             Slip(1 - n * RATE, f"{n} × {RATE:g} is the expected number; chances of independent patients multiply."),
             Slip(RATE**n, f"That is the chance that all {n} have it.")),
            f"{1 - RATE:g} to the power {n} is {plainly(chance, 3)}: about one study in three. So \"none occurred\" "
            "is weak "
            f"evidence against {100 * RATE:g} %.",
        ),
        Exercise(
            "bound",
            f"At which true rate is the chance of none in {n} just 5 %? Anything above it would be a surprise. Give "
            "the rate as a "
            "share, to three decimals.",
            Number(bound, 3, share=True),
            (f"Solve (1 − p) to the power {n} = 0.05 for p.", f"1 − p is the {n}th root of 0.05: `0.05 ** (1 / {n})`."),
            (Slip(1 - bound, "That is 1 − p."),
             Slip(three, "That is the rule of three, an approximation. The exact value is a little smaller."),
             Slip(exact.high, "That is the upper limit of the two-sided interval, with 2.5 % in place of 5 %.")),
            f"{plainly(bound, 4)}. With 95 % confidence the rate is below {100 * bound:.1f} %.",
        ),
        Exercise(
            "three",
            "Clinicians carry a short cut in their heads: after none in n the bound is 3 / n. How much does it give "
            "here?",
            Number(three, 3, share=True),
            (f"3 / {n}.",),
            (Slip(bound, "That is the exact value."),),
            f"{plainly(three, 3)}, beside {plainly(bound, 3)}. It works because −ln 0.05 is very nearly 3.",
        ),
        Exercise(
            "two-sided",
            f"The exact (Clopper-Pearson) interval for {none} of {n} is two-sided and keeps 2.5 % at each end. What "
            "is its upper "
            "limit?",
            Number(exact.high, 3, share=True),
            ("The same equation with 0.025 in place of 0.05.",),
            (Slip(bound, "That keeps all 5 % at one end."),
             Slip(wald.high, "That is the Wald interval: estimate ± 1.96 × √(p (1 − p) / n) has no width at p = 0. It "
                  "would claim certainty from 22 patients.".replace("22", str(n)))),
            f"{plainly(exact.high, 3)}. One-sided {100 * bound:.1f} %, two-sided {100 * exact.high:.1f} %: a paper "
            "should say which.",
        ),
        Exercise(
            "response",
            f"The other end: {responders} of {n} reached complete remission. Take `scipy.stats.binomtest` or a "
            "table: which exact "
            "95 % interval, in percent? One decimal.",
            Pair(Number(100 * response.low, 1, 0, 100), Number(100 * response.high, 1, 0, 100)),
            (f"`scipy.stats.binomtest({responders}, "
             f"{n}).proportion_ci(method=\"exact\")`.", "Multiply both ends by 100."),
            (Slip((response.low, response.high), "These are shares; percent are asked for."),
             Slip(_percent(responders, n, ProportionMethod.WALD), "That is the Wald interval, estimate ± 1.96 se."),
             Slip(_percent(responders, n, ProportionMethod.WILSON), "That is the Wilson interval: a good one, but "
                                                                    "not the exact one.")),
            f"{response.percent()}: \"most patients responded\" is sure, \"four in five\" is not.",
        ),
        Exercise(
            "enough",
            f"How many patients without a single event rule out a rate of {100 * RATE:g} % (one-sided, 95 %)?",
            Number(enough, 0, 1),
            (f"The smallest n with {1 - RATE:g} to the power n at most 0.05.", f"Rule of three: about 3 / {RATE:g}."),
            (Slip(round(3 / RATE), "That is the rule of three. The exact number is one less or so: try it."),
             Slip(enough - 1, f"Nearly: with {enough - 1} the chance of none is still above 5 %.")),
            f"{enough}. This study has {n}.",
        ),
        Exercise(
            "function",
            "Write `upper_limit(n)`: the rate at which none in n patients has probability 5 %.",
            Function(upper_limit, ((n,), (1,), (10,), (enough,), (1000,)), "upper_limit(22)"),
            ("Solve (1 − p) to the power n = 0.05 for p.",),
            (Slip(lambda m: min(1.0, 3 / m), "That is the rule of three; the exact solution is asked for."),
             Slip(lambda m: 1 - 0.025 ** (1 / m), "That is the two-sided limit, with 0.025."),
             Slip(lambda m: 0.05 ** (1 / m), "That is 1 − p.")),
            "One line, and you need no table for it.",
        ),
        Exercise(
            "bayes",
            f"A Bayesian begins with a prior. The uniform one is Beta(1, 1); after {none} of {n} it has become "
            f"Beta(1, {n + 1}). How "
            f"probable is then a true rate below {100 * RATE:g} %?",
            Number(flat.probability_below(RATE), 3, share=True),
            ("For Beta(1, b) the probability of a rate above p is (1 − p) to the power b.", f"b = {n + 1}."),
            (Slip(1 - chance, f"Close: that takes b = {n}. The prior counts as one patient more without the event."),
             Slip(flat.probability_above(RATE), "That is the probability of a rate *above*.")),
            f"{plainly(flat.probability_below(RATE), 3)} under the uniform prior, "
            f"{plainly(jeffreys.probability_below(RATE), 3)} under "
            "Jeffreys' Beta(½, ½). The data are the same: what differs was believed before. When two mild priors "
            "disagree this "
            "much, the study is too small to settle it.",
        ),
        Exercise(
            "digits",
            f"The paper prints {printed} % for {responders} of {n}. What would stand there if decimals were cut off "
            "instead of "
            "rounded? (Digits: in quotes.)",
            Text((cut,), "12.30", printed=True),
            (f"100 × {responders} / {n} = {plainly(Fraction(100 * responders, n), 4)}…",),
            (Slip(printed, "That is what is printed, and it was rounded."),),
            f"{cut}. So this number was *rounded*, while Lesson 4 found medians cut off: two hands, or two programs. "
            "The digits of "
            f"{crs.text} % for severe CRS fit {crs_count} of {n} and no other count.",
        ),
    )  # fmt: skip


def quiz() -> Quiz:
    """Four questions."""
    n, _, _ = counts()
    bound = upper_bound_zero(n)
    return Quiz(
        (
            Question(f"\"No ICANS occurred in {n} patients.\" What may be concluded?", (
                Option("The product causes no ICANS.", "No: absence of evidence in few patients."),
                Option(f"The rate is probably below {100 * bound:.0f} %.", "Yes, and that is all.", True),
                Option("Nothing.", "Less than one wishes, but more than nothing: high rates are ruled out."),
            )),
            Question("Why is the exact interval called conservative?", (
                Option("It holds the truth in at least 95 % of studies, often in more.", "Yes: counts come in "
                                                                                         "steps.", True),
                Option("It is old.", "It is of 1934, but that is not why."),
                Option("It is too narrow.", "No: it is the widest of the usual ones."),
            )),
            Question("What does the Wald interval say for none in 22?".replace("22", str(n)), (
                Option("0 to 0.", "Yes: certainty from few patients. So it must not be used there.", True),
                Option("0 to about 15 %.", "No, that is the exact one."),
                Option("It is not defined.", "It is: it has no width."),
            )),
            Question("The posterior changes a lot with a mild prior. What follows?", (
                Option("Bayesian methods are useless.", "No: they have just shown you something."),
                Option("The data alone do not settle the question.", "Yes. Show both, and say so.", True),
                Option("Take the prior that gives the better result.", "No. Choose before you look."),
            )),
        )
    )  # fmt: skip


def _count(claim: str) -> int:
    return int(facts().paper.claim(claim).printed["count"].text)


def _percent(count: int, n: int, method: ProportionMethod) -> tuple[float, float]:
    found = proportion(count, n, method)
    return 100 * found.low, 100 * found.high
