"""Which studies are laid beside each other, what was matched with what, and who may be counted twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.across.field import Field, compared
from helpers.figures.display import literal
from helpers.narrative.phrases import counted, in_sentence, listed
from helpers.study.comparison import PROPORTIONS, SURVIVALS, Group, Match

if TYPE_CHECKING:
    import pandas as pd

    from helpers.study.model import Study


def studies_table(field: Field) -> pd.DataFrame:
    """One row a study: group, study, folder, patients, who they were, product, years of enrolment."""
    import pandas as pd

    rows = [
        {
            "group": compared(study).group.heading,
            "study": field.labels[study.id],
            "folder": study.id,
            "n": study.n,
            "patients": study.population,
            "cells": study.product,
            "enrolled": _years(study),
        }
        for group in Group
        for study in field.studies
        if compared(study).group is group
    ]
    return pd.DataFrame(rows)


def _years(study: Study) -> str:
    first, last = study.enrolled_from, study.enrolled_to
    return f"{first.year}–{last.year}" if first is not None and last is not None else "not told"


def studies_sentence(field: Field) -> str:
    """How many studies, of how many patients, in which groups, and which folders are left out."""
    parts = []
    for group in Group:
        own = [study for study in field.studies if compared(study).group is group]
        if own:
            parts.append(f"{len(own)} of *{in_sentence(group.heading)}* ({sum(s.n for s in own):,} patients)")
    out = ""
    if field.others:
        names = listed([f"*{literal(study.title)}*" for study in field.others])
        out = f" Not compared, but judged like the rest: {names}."
    first = field.labels[field.first.id]
    number = counted(len(field.studies), "study", "studies").capitalize()
    return f"**{number}**: {listed(parts)}; **{first}** is the first.{out}"


def matches_table(field: Field) -> pd.DataFrame:
    """One row for each outcome that a study has something for: outcome, study, claim, match, what was read into it."""
    import pandas as pd

    titles = {**PROPORTIONS, **SURVIVALS}
    rows = []
    for name, title in titles.items():
        for study in field.studies:
            entry = compared(study).outcomes.get(name)
            if entry is not None:
                rows.append(
                    {
                        "outcome": title,
                        "study": field.labels[study.id],
                        "claim or endpoint": entry.claim or entry.endpoint,
                        "match": str(entry.match),
                        "what was read into it": entry.why,
                    }
                )
    return pd.DataFrame(rows, columns=["outcome", "study", "claim or endpoint", "match", "what was read into it"])


def matches_sentence() -> str:
    """What the three kinds of match mean, as a list in Markdown."""
    return "\n".join(f"- **{match}**: {match.meaning}." for match in Match)


def overlaps_table(field: Field) -> pd.DataFrame:
    """One row a pair of studies that share patients, or may."""
    import pandas as pd

    labels = field.labels
    rows = [
        {
            "studies": f"{labels[row['study']]} and {labels[row['other']]}",
            "the same patients": "certainly" if row["certain"] else "possibly",
            "pooled": labels[row["keep"]],
            "why": row["why"],
        }
        for row in field.overlaps.sort_values("certain", ascending=False, kind="stable").to_dict("records")
    ]
    return pd.DataFrame(rows, columns=["studies", "the same patients", "pooled", "why"])


def overlaps_sentence(field: Field, *, possible_overlaps: bool) -> str:
    """What happens to overlapping studies in the summaries that follow."""
    certain = int(field.overlaps["certain"].sum())
    possible = len(field.overlaps) - certain
    rest = (
        "those that only may be the same are pooled all the same, as asked"
        if possible_overlaps
        else "nor are those that may be: what is lost by this care is shown with the summaries"
    )
    return (
        f"{counted(certain, 'pair').capitalize()} of studies certainly, and {counted(possible, 'pair')} possibly, "
        f"have patients in common. Patients who are certainly the same are never pooled twice; {rest}. Where the "
        "study to be kept does not print an outcome, the other one stands in for it."
    )
