"""Lesson 2: what Greenwood and the three intervals do to 22 patients."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import sqrt
from typing import TYPE_CHECKING

from helpers.conventions import Convention, Interval
from helpers.estimators.intervals import confidence_limits
from helpers.inversion.history import state_after
from helpers.inversion.printing import printed_text
from helpers.printed import Rounding, round_root
from helpers.teaching.answers import Number, Pair
from helpers.teaching.course.facts import facts
from helpers.teaching.exercise import Exercise, Slip
from helpers.teaching.functions import Function
from helpers.teaching.numerals import plainly
from helpers.teaching.quiz import Option, Question, Quiz

if TYPE_CHECKING:
    import pandas as pd

Z = 1.96
PAPER = Convention(Interval.PLAIN, "1.96", 3, Rounding.HALF_UP)


def greenwood(history: str, n: int) -> float:
    """Greenwood's sum after a history, by the suite."""
    return float(state_after(history, n).greenwood)


def limits(survival: float, root: float, interval: Interval, capped: bool = False) -> tuple[float, float]:
    """Limits of S from S and √G on one scale."""
    low, high = confidence_limits([survival], [root * root], interval, Z, capped=capped)
    return float(low[0]), float(high[0])


@cache
def coverage(rate: float, n: int, interval: Interval) -> float:
    """How often the interval holds the true S, exactly, where nobody is censored: a sum over all n + 1 outcomes.

    An outcome in which nobody or everybody has the event leaves no interval on the log-log scale, and one of no width
    on the plain one; either holds the truth only if it equals the estimate.
    """
    from scipy.stats import binom

    total = 0.0
    for alive in range(n + 1):
        s = alive / n
        if 0 < alive < n:
            low, high = limits(s, sqrt((1 - s) / (s * n)), interval)
            held = low <= rate <= high
        else:
            held = s == rate
        total += float(binom.pmf(alive, n, rate)) * held
    return total


def coverage_table(n: int) -> pd.DataFrame:
    """Coverage of the three intervals for several true S, in percent."""
    import pandas as pd

    rates = (0.5, 0.7, 0.8, 0.9, 0.95)
    rows = [{"true S": f"{100 * r:g} %"} | {str(i): f"{100 * coverage(r, n, i):.1f}" for i in Interval} for r in rates]
    return pd.DataFrame(rows)


def landmark_intervals() -> pd.DataFrame:
    """The first landmark with its interval on each scale, as a forest draws them: proportions."""
    import pandas as pd

    mark = facts().landmark("os_6mo")
    s, root = float(mark.survival), float(mark.state.greenwood) ** 0.5
    rows = []
    for interval in Interval:
        low, high = limits(s, root, interval, capped=True)
        rows.append(
            {"outcome": mark.claim.note, "method": str(interval), "count": "", "n": mark.n,
             "estimate": s, "low": low, "high": high}
        )  # fmt: skip
    return pd.DataFrame(rows)


def landmark_words(frame: pd.DataFrame) -> str:
    """The forest of `landmark_intervals` in words."""
    rows = "; ".join(f"{r.method} {100 * r.low:.1f} to {100 * r.high:.1f} %" for r in frame.itertuples())
    return f"{frame['outcome'].iloc[0]} with its 95 % interval on three scales. {rows}."


def exercises() -> tuple[Exercise, ...]:
    """The exercises in order."""
    mark = facts().landmark("os_6mo")
    history, n, s, g = mark.history, mark.n, float(mark.survival), float(mark.state.greenwood)
    lead = len(history) - len(history.lstrip("E"))
    left = n - lead
    first, run = Fraction(1, n * (n - 1)), state_after("E" * lead, n).greenwood
    se3 = float(round_root(mark.state.variance, 3, Rounding.HALF_UP))
    s3 = float(plainly(mark.survival, 3))
    texts = [printed_text(mark.state, PAPER, sign, 2, Fraction(1, 100), Fraction(95, 100)) for sign in (-1, 1)]
    loglog = limits(s, sqrt(g), Interval.LOG_LOG)
    log = limits(s, sqrt(g), Interval.LOG)
    above = _last_above(n)
    surely = coverage(0.95, n, Interval.PLAIN)
    return (
        Exercise(
            "term",
            "Greenwood's sum G gets a term at each event: d / (r (r − d)), for d events among r at risk. What is "
            "the term of "
            f"the first of {n} deaths?",
            Number(first, 5, least=0),
            (f"r = {n} and d = 1.", f"1 divided by {n} times {n - 1}."),
            (Slip(Fraction(1, n * n), f"You divided by {n} twice. The second factor is those who come through: "
                                      f"{n - 1}."),
             Slip(Fraction(1, n), "That is the share who die. Greenwood divides once more, by those who come "
                                  "through.")),
            f"1 / ({n} × {n - 1}) = {plainly(first, 5)}.",
        ),
        Exercise(
            "sum",
            f"After {lead} deaths without a censoring the sum has {lead} terms. Add them up. (There is a trick: write "
            "1 / (r (r − 1)) as a difference of two fractions.)",
            Number(run, 5, least=0),
            ("1 / (r (r − 1)) = 1 / (r − 1) − 1 / r.", f"In the sum all but two terms cancel: 1 / {left} − 1 / {n} "
                                                       "is left."),
            (Slip(lead * first, f"You took {lead} times the first term. The terms grow, because fewer are at risk "
                                "each time."),),
            f"1 / {left} − 1 / {n} = {plainly(run, 5)}. Then S² G = S (1 − S) / n exactly: without censoring "
            "Greenwood's "
            "formula is nothing but the variance of a proportion.",
        ),
        Exercise(
            "error",
            f"At the landmark the history is `{history}`. The censoring adds nothing to G, the last death adds its "
            "term. "
            "What is the standard error S √G? Give three decimals.",
            Number(mark.std_error, 3, least=0),
            (f"G is the sum of the last exercise plus 1 / ({left - 1} × {left - 2}).",
             f"Then multiply √G by S = {plainly(mark.survival, 5)}."),
            (Slip(sqrt(g), "That is √G. Greenwood's formula multiplies it by S."),
             Slip(s * s * g, "That is the variance. Take its square root."),
             Slip(g, "That is G itself.")),
            f"√G = {sqrt(g):.4f}, times S: {mark.std_error:.5f}, shown as {se3:.3f}.",
        ),
        Exercise(
            "plain",
            f"The paper's authors had S = {s3:.3f} and a standard error of {se3:.3f}. Compute the plain interval S ± "
            "1.96 se in "
            "percent: lower and upper limit.",
            Pair(Number(Fraction(texts[0]), 2, 0, 100), Number(Fraction(texts[1]), 2, 0, 100)),
            (f"1.96 × {se3:.3f} = {Z * se3:.3f}.", "Take it away from S, add it to S, and multiply by 100."),
            (Slip((100 * (s3 - se3), 100 * (s3 + se3)), "That is one standard error to each side; 95 % takes 1.96 of "
                                                        "them."),
             Slip((100 * (s - Z * mark.std_error), 100 * (s + Z * mark.std_error)),
                  "That is from unrounded numbers. Take the two rounded ones, as the authors did.")),
            f"{texts[0]} to {texts[1]}. Now open the abstract: it prints {mark.claim.printed['ci_low'].text} to "
            f"{mark.claim.printed['ci_high'].text}. One of the two you have re-derived to the last digit. The other "
            "one is for "
            "Lesson 3.",
        ),
        Exercise(
            "loglog",
            "SAS would have printed the log-log interval, S to the power exp(± 1.96 √G / ln S). Which limits, in "
            "percent? One "
            "decimal is enough.",
            Pair(Number(100 * loglog[0], 1, 0, 100), Number(100 * loglog[1], 1, 0, 100)),
            (f"ln S = {_ln(s):.4f} and 1.96 √G / ln S = {Z * sqrt(g) / _ln(s):.4f}.",
             "The lower limit takes the larger power: S is below 1, so a larger power makes it smaller."),
            (Slip((100 * log[0], 100 * log[1]), "That is the log interval, S exp(± 1.96 √G), the default of R."),),
            f"{100 * loglog[0]:.1f} to {100 * loglog[1]:.1f}, and R's log interval is {100 * log[0]:.1f} to "
            f"{100 * log[1]:.1f}. "
            f"Three programs, one set of patients: the lower limits lie {100 * (log[0] - loglog[0]):.1f} points apart.",
        ),
        Exercise(
            "above",
            "The plain interval knows nothing of 100 %. With all deaths first and no censoring: after how many "
            "deaths does its "
            "upper limit lie above 100 % for the last time?",
            Number(above, 0, 0, n),
            (f"After k deaths S = (22 − k) / 22 and se = √(S (1 − S) / {n}).".replace("22", str(n)),
             "Try k = 1, 2, 3 …: when does S + 1.96 se first stay below 1?"),
            (Slip(above + 1, "There the limit is already below 100 %. The last time that it lies above is "
                             "asked for."),),
            _above_words(above, n),
        ),
        Exercise(
            "function",
            "Write `plain(history, n)`: the two limits of S ± 1.96 se, as shares, not cut off at 0 and 1.",
            Function(_plain, (("E", n), ("EE", n), ("EC", n), (history, n), (facts().landmark("os_12mo").history, n)),
                     "plain('EEC', 22)"),
            ("Walk down the string as in Lesson 1 and keep a third number, G.",
             "At an E add 1 / (r (r − 1)) to G, with r before it is lowered."),
            (Slip(lambda h, m: tuple(estimate(h, m) + side * Z * sqrt(greenwood(h, m)) for side in (-1, 1)),
                  "You took ± 1.96 √G. The standard error is S √G."),
             Slip(lambda h, m: limits(estimate(h, m), sqrt(greenwood(h, m)), Interval.LOG),
                  "That is the log interval.")),
            "You can now re-derive any plain interval of a small study.",
        ),
        Exercise(
            "coverage",
            f"A 95 % interval should hold the truth in 95 % of studies. Suppose the true S is 95 %, with {n} "
            "patients and nobody "
            "censored. In what share of studies does the plain interval hold it? Make a guess: within ten points is "
            "right.",
            Number(surely, 2, share=True, within=0.1),
            ("If nobody dies, S = 1 and se = 0: the interval has no width.",
             f"All {n} survive with probability 0.95 to the power {n}."),
            (Slip(0.95, "So one would hope. But the promise holds for many patients, and these are few."),
             Slip(1.0, "Never wrong? Think of the study in which nobody dies: what is its interval?")),
            f"In {100 * surely:.0f} % of studies. In {100 * 0.95**n:.0f} % nobody dies at all, and then the interval "
            "is the single "
            "point 100 %.",
        ),
    )  # fmt: skip


def quiz() -> Quiz:
    """Four questions."""
    n, later = facts().paper.n, facts().landmark("os_12mo")
    ends = limits(float(later.survival), float(later.state.greenwood) ** 0.5, Interval.LOG)
    s, low, high = (f"{100 * x:.0f}" for x in (float(later.survival), *ends))
    return Quiz(
        (
            Question("Which interval can end above 100 %, if nobody cuts it off?", (
                Option("plain", "That is one. But look at S exp(+ 1.96 √G) near S = 1."),
                Option("plain and log", "Yes. R caps both at 1; a calculation by hand may print more.", True),
                Option("log-log", "No: a power of a number below 1 stays below 1."),
            )),
            Question(f"A paper prints {s} % ({low}–{high}). Which scale is it likely to be?", (
                Option("plain", "No: the two arms would be equally long."),
                Option("log", f"Yes: {high} / {s} is about {s} / {low}. On the log scale the arms are equal as "
                              "ratios.", True),
                Option("log-log", "No: its longer arm would not be that long at an S below one half."),
            )),
            Question("Where does the width of the interval come from?", (
                Option("Mostly from the type of interval.", "No: compare the three at one landmark. They move by a "
                                                            "few points."),
                Option(f"Mostly from having {n} patients.", "Yes: the width shrinks with the root of the "
                                                            "number.", True),
                Option("From the number of decimals.", "No: rounding moves a limit by a tenth of a point at most."),
            )),
            Question("Why do two correct programs print different intervals for one set of patients?", (
                Option("One of them is wrong.", "No: each keeps its own promise, approximately."),
                Option("They make S symmetric on different scales.", "Yes. So a methods section should name the "
                                                                     "scale.", True),
                Option("They use different estimates of S.", "No: S and Greenwood's G are the same."),
            )),
        )
    )  # fmt: skip


def estimate(history: str, n: int) -> float:
    """S after a history, by the suite."""
    return float(state_after(history, n).survival)


def _plain(history: str, n: int) -> tuple[float, float]:
    return limits(estimate(history, n), sqrt(greenwood(history, n)), Interval.PLAIN)


def _last_above(n: int) -> int:
    return max(k for k in range(1, n) if _plain("E" * k, n)[1] > 1)


def _above_words(above: int, n: int) -> str:
    highs = [100 * _plain("E" * k, n)[1] for k in (1, above, above + 1)]
    return (
        f"After {above}. The upper limit is {highs[0]:.1f} % after one death, {highs[1]:.1f} % after {above} and "
        f"{highs[2]:.1f} % "
        f"after {above + 1}. Log-log limits never leave the range from 0 to 100 %."
    )


def _ln(s: float) -> float:
    from math import log

    return log(s)
