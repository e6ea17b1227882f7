"""Figures in words: alt texts for those who do not see them, and sentences that say what they show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from helpers.estimators.proportions import Posterior, rule_of_three, upper_bound_zero
from helpers.figures.display import literal
from helpers.figures.enrolment import Calendar, day_text

if TYPE_CHECKING:
    import pandas as pd

    from helpers.study.model import Claim, Study

ASTCT_CONSENSUS = date(2019, 1, 1)


def calendar_words(calendar: Calendar, follow_up: Claim | None) -> str:
    """The enrolment figure in words."""
    text = (
        f"Enrolment from {day_text(calendar.first)} to {day_text(calendar.last)}; nobody seen after "
        f"{day_text(calendar.seen)}. Bars: at most {calendar.longest:,} days of follow-up for the first "
        f"possible patient, {calendar.of_the_last:,} for the last."
    )
    if follow_up is None or follow_up.value is None:
        return text
    return f"{text} Below them the printed median follow-up, {follow_up.value.text} days."


def forest_words(frame: pd.DataFrame) -> str:
    """A forest of proportions in words; of several methods only the first is read out."""
    first = frame[frame["method"] == frame["method"].iloc[0]].to_dict("records")
    rows = "; ".join(
        f"{r['outcome']}, {r['count']} of {r['n']}, {100 * r['low']:.1f} to {100 * r['high']:.1f} %" for r in first
    )
    return f"Forest of proportions with 95 % intervals. {first[0]['method']}: {rows}."


def width_sentence(frame: pd.DataFrame) -> str:
    """How wide the widest exact interval is, and how far the methods differ, as Markdown."""
    wide = frame.assign(width=100 * (frame["high"] - frame["low"]))
    row = wide.loc[wide["width"].idxmax()]
    same = wide[wide["outcome"] == row["outcome"]]
    moved = 100 * max(same["low"].max() - same["low"].min(), same["high"].max() - same["high"].min())
    return (
        f"The widest interval, {row['method']} for *{literal(row['outcome'])}*, spans "
        f"**{row['width']:.0f} percentage points**. Another method moves either end of it by at most "
        f"{moved:.1f} points: the width comes from the number of patients, not from the choice of method."
    )


def posterior_words(triples: Sequence[tuple[str, str, Posterior]]) -> str:
    """The posterior figure in words."""
    rows = "; ".join(
        f"{outcome}, {prior.split(',')[0]}, median {100 * p.median:.1f} %, middle 95 % from {100 * p.low:.1f} "
        f"to {100 * p.high:.1f} %"
        for outcome, prior, p in triples
    )
    return f"Posterior densities of the true rates. {rows}."


def grade_words(frame: pd.DataFrame) -> str:
    """The stacked bars of grades in words."""
    rows = "; ".join(f"{r['family']}: {r['count']} {r['part']}" for r in frame.to_dict("records"))
    return f"Stacked bars of grades, in patients. {rows}."


def grading_sentence(study: Study) -> str:
    """Whether patients were treated before the ASTCT consensus on grading existed, as Markdown."""
    first = study.enrolled_from
    if first is None:
        return "The study folder does not say when patients were treated, nor thus which scales existed then."
    if first >= ASTCT_CONSENSUS:
        return (
            f"Patients of this study were enrolled from {first.year} on, when the ASTCT consensus was there to "
            "be used. Whether it was used is for the paper to say."
        )
    return (
        f"Patients of this study were enrolled from {first.year} on, **before the ASTCT consensus**. Unless "
        "the full paper says that early patients were graded again, two scales may be mixed in one count."
    )


def zero_words(n: int) -> str:
    """The zero-events figure in words."""
    return (
        f"Chance of seeing no event in {n} patients, falling as the true rate rises. It reaches 5 % at a true "
        f"rate of {100 * upper_bound_zero(n):.1f} %; the rule of three says {100 * rule_of_three(n):.1f} %, and "
        f"the two-sided exact interval ends at {100 * upper_bound_zero(n, 0.975):.1f} %."
    )
