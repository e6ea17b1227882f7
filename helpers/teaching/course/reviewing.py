"""Lesson 7: reviewing. A doctored abstract holds one wrong digit more than the paper; find it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from helpers.ledger import LedgerRow, Verdict
from helpers.printed import FIELD_TITLES
from helpers.study import Claim, Study
from helpers.teaching.abstract import abstract_text
from helpers.teaching.answers import Number, Text
from helpers.teaching.course.facts import facts
from helpers.teaching.doctored import LABEL, Doctored, doctor
from helpers.teaching.exercise import Exercise, Slip
from helpers.teaching.functions import Function
from helpers.teaching.names import Names
from helpers.teaching.numerals import plainly
from helpers.teaching.quiz import Option, Question, Quiz

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Case:
    """A doctored paper, to be reviewed."""

    doctored: Doctored

    @property
    def study(self) -> Study:
        """What is shown."""
        return self.doctored.study

    @property
    def abstract(self) -> str:
        """The doctored abstract with its label, as Markdown."""
        return f"> **{LABEL}.** Not the paper's text.\n>\n> {abstract_text(self.study)}"

    def places(self) -> pd.DataFrame:
        """Every printed number with the name by which an exercise calls it."""
        import pandas as pd

        return pd.DataFrame(
            [
                {"name": f"{c.id}.{name}", "statement": c.note, "number": FIELD_TITLES[name], "printed": number.text}
                for c in self.study.claims
                for name, number in c.printed.items()
            ]
        )


def case(seed: int) -> Case:
    """The case of a seed."""
    return Case(doctor(facts().paper, seed))


def middle_gap(low: float, value: float, high: float) -> float:
    """How far an estimate lies from the middle of its limits."""
    return value - (low + high) / 2


def middles_table(study: Study) -> pd.DataFrame:
    """Every printed interval with the middle of its limits."""
    import pandas as pd

    rows = []
    for claim in _with_limits(study):
        low, value, high = _three(claim)
        rows.append(
            {"statement": claim.note, "estimate": claim.printed["value"].text,
             "middle of the limits": plainly((low + high) / 2, 3), "gap": plainly(value - (low + high) / 2, 3)}
        )  # fmt: skip
    return pd.DataFrame(rows)


def exercises(this: Case) -> tuple[Exercise, ...]:
    """The exercises in order, for one case."""
    secret, study = this.doctored, this.study
    odd = [c for c in _with_limits(study) if _gap(c)]
    cr = study.claim("cr")
    percent = Fraction(100 * int(cr.printed["count"].text), cr.n)
    true_row = secret.row(secret.place)
    cases = tuple(tuple(float(x) for x in _three(c)) for c in _with_limits(study))
    claim = study.claim(secret.claim)
    return (
        Exercise(
            "percentage",
            f"Begin with what is cheapest: counts. {cr.printed['count'].text} of {cr.n}: which percentage, with two "
            "decimals? Compare "
            "it with the abstract.",
            Number(percent, 2, 0, 100),
            (f"100 × {cr.printed['count'].text} / {cr.n}.",),
            (Slip(percent / 100, "That is a share; a percentage is asked for."),),
            f"{plainly(percent, 2)}. Printed is {cr.printed['value'].text}"
            + (". It fits." if plainly(percent, 2) == cr.printed["value"].text else ": these two do not fit."),
        ),
        Exercise(
            "function",
            "Next come intervals. Write `middle_gap(low, value, high)`: how far the estimate lies from the middle of "
            "its limits.",
            Function(middle_gap, cases, "middle_gap(40, 50, 61)"),
            ("The middle is (low + high) / 2.",),
            (Slip(lambda low, value, high: (low + high) / 2 - value, "The size is right, the sign is not: estimate "
                                                                     "minus middle."),
             Slip(lambda low, value, high: (low + high) / 2, "That is the middle itself; take it from the estimate.")),
            "A plain interval has its estimate in the middle, to within rounding.",
        ),
        Exercise(
            "asymmetric",
            "In how many of the printed intervals does the estimate lie off the middle by more than one unit of its "
            "last digit?",
            Number(len(odd), 0, 0, len(_with_limits(study))),
            ("Run your function over all of them, or read the table.",),
            explanation=f"In {len(odd)}: " + ", ".join(c.note for c in odd) + ". Two of them you know from Lessons 3 "
                                                                              "and 4."
            if len(odd) >= 2 else f"In {len(odd)}.",
        ),
        Exercise(
            "culprit",
            "Which printed number was changed? Give its name from the table, such as `'cr.value'`. (Not the two "
            "flaws that the true "
            "paper has: the upper limit of OS at six months, and the follow-up.)",
            Names(secret.place, {f"{r.claim}.{r.field}": _about(r, secret) for r in secret.after}),
            (f"Look at what is said about {claim.endpoint or 'the counts'}.", "Look at the statement "
                                                                              f"\"{claim.note}\".",
             f"One of its {len(claim.printed)} numbers does not go with the others: try each, and ask what the other "
             "ones "
             "would need."),
            explanation=f"{claim.note}, {FIELD_TITLES[secret.field]}: {secret.wrong}. The ledger says: "
                        f"{true_row.note or 'impossible'}.",
        ),
        Exercise(
            "repair",
            "And what should stand there? (Digits: in quotes.)",
            Text((secret.true,), "12.34", printed=True, explain=lambda text: _about_digits(text, secret, true_row)),
            ("One digit differs.", _repair_hint(claim, secret)),
            explanation=f"{secret.true}, as in the paper. The other printed numbers predict "
                        f"{true_row.predicted_text}: nobody needed to "
            "see a patient.",
        ),
    )  # fmt: skip


def found_sentence(this: Case) -> str:
    """What the ledger found beyond what the true paper contradicts itself in."""
    before = {(r.claim, r.field) for r in this.doctored.before if r.verdict is Verdict.IMPOSSIBLE}
    new = [r for r in this.doctored.after if r.verdict is Verdict.IMPOSSIBLE and (r.claim, r.field) not in before]
    names = ", ".join(f"**{this.study.claim(r.claim).note}**, {FIELD_TITLES[r.field]} {r.printed} (predicted: "
                      f"{r.predicted_text})"
                      for r in new)  # fmt: skip
    return (
        f"The ledger calls {len(before) + len(new)} numbers impossible: {len(before)} that the true paper has as "
        "well, and "
        f"{len(new)} new: {names}."
    )


def quiz() -> Quiz:
    """Four questions."""
    return Quiz(
        (
            Question("You have found a number that cannot be right. What do you write to the editor?", (
                Option("That the authors made up data.", "No. A wrong digit is a slip until something else is shown."),
                Option("The number, the arithmetic, and the smallest repair; and you ask the authors.", "Yes.", True),
                Option("Nothing, it is only a digit.", "No: others will compute with it."),
            )),
            Question("The ledger calls a number re-derived. Is it then true?", (
                Option("Yes.", "No: numbers can agree and all be wrong."),
                Option("It agrees with all others; that is what can be said.", "Yes.", True),
                Option("No.", "There is no reason to think so either."),
            )),
            Question("Why is each number judged without being read itself?", (
                Option("To save time.", "No, it costs time."),
                Option("Because a number that helped to build a prediction would vouch for itself.", "Yes.", True),
                Option("Because it may be missing.", "Then there would be nothing to judge."),
            )),
            Question("Why one account of rounding for the whole paper?", (
                Option("With a convention of its own for each number almost any digit finds an excuse.", "Yes.", True),
                Option("Programs have only one.", "No, papers often mix programs."),
                Option("It is simpler to compute.", "That is not why."),
            )),
        )
    )  # fmt: skip


def _with_limits(study: Study) -> list[Claim]:
    return [c for c in study.claims if {"value", "ci_low", "ci_high"} <= set(c.printed)]


def _three(claim: Claim) -> tuple[Fraction, Fraction, Fraction]:
    low, value, high = (Fraction(claim.printed[k].text) for k in ("ci_low", "value", "ci_high"))
    return low, value, high


def _gap(claim: Claim) -> bool:
    """Whether the estimate lies off the middle by more than a unit of its last digit."""
    low, value, high = _three(claim)
    return abs(value - (low + high) / 2) > claim.printed["value"].unit


def _about(row: LedgerRow, secret: Doctored) -> str:
    name = f"{row.claim}.{row.field}"
    if row.verdict is Verdict.IMPOSSIBLE:
        return f"`{name}` is indeed contradicted, but in the true paper too; another number was changed on purpose"
    if row.verdict is Verdict.NOT_DERIVABLE:
        return f"`{name}` could be anything: no other number bears on it, so nobody could tell a change"
    if row.claim == secret.claim:
        return f"the right statement, but the others predict {row.predicted_text} for `{name}`, and that is printed"
    return (
        f"the others predict {row.predicted_text} for `{name}`, and {row.printed} is printed: the ledger calls it "
        f"{row.verdict}"
    )


def _about_digits(text: str, secret: Doctored, row: LedgerRow) -> str:
    if text == secret.wrong:
        return "that is what the doctored abstract prints"
    if len(text) != len(secret.wrong) or sum(a != b for a, b in zip(text, secret.wrong, strict=True)) != 1:
        return f"more than one digit of {secret.wrong} would have to change for `{text}`"
    return f"`{text}` is one digit away, but the other numbers do not allow it either"


def _repair_hint(claim: Claim, secret: Doctored) -> str:
    if {"value", "ci_low", "ci_high"} <= set(claim.printed):
        return "In a plain interval estimate minus lower limit equals upper limit minus estimate."
    return f"Count and percentage of {claim.n} patients must agree."
