"""The field: every study that says what it is compared by, its outcomes as one tidy frame, and who shares patients."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from helpers.across.counts import counted
from helpers.across.curves import at_landmark, read_curve
from helpers.across.verdicts import frozen_inversions, frozen_verdicts
from helpers.conventions import Interval
from helpers.errors import InputError, Problem, nearest
from helpers.study import list_studies, load_study
from helpers.study.comparison import PROPORTIONS, SURVIVALS, Comparison, Group
from helpers.study.model import Study

if TYPE_CHECKING:
    import pandas as pd

MONTHS = (6, 12)
# Outcomes in the order in which they are shown, with their titles; of curves one for each landmark.
OUTCOMES: Mapping[str, str] = {
    **PROPORTIONS,
    **{f"{name}_{months}": f"{title} at {months} months" for name, title in SURVIVALS.items() for months in MONTHS},
}
CURVES = tuple(f"{name}_{months}" for name in SURVIVALS for months in MONTHS)
COLUMNS = (
    "outcome", "group", "study", "label", "match", "claim", "count_low", "count_high", "n", "estimate", "low", "high",
    "printed", "how", "why", "error", "usable",
)  # fmt: skip


@dataclass(frozen=True)
class Field:
    """The studies side by side.

    `studies` are those with a key `comparison`, the first study first; `others` are the rest of data/. `verdicts` and
    `inversions` are the frozen tables of all of them. `overlaps` has a row a pair: study, other, certain, keep, why.
    """

    first: Study
    studies: tuple[Study, ...]
    others: tuple[Study, ...]
    verdicts: pd.DataFrame
    inversions: pd.DataFrame
    overlaps: pd.DataFrame
    lines: pd.DataFrame

    @property
    def labels(self) -> dict[str, str]:
        """What each study is called."""
        return {study.id: label(study) for study in (*self.studies, *self.others)}

    @property
    def by_id(self) -> dict[str, Study]:
        """The studies by their ids."""
        return {study.id: study for study in (*self.studies, *self.others)}


def load_field(first: str = "zhuo2024") -> Field:
    """Read every study folder in data/ and match their claims.

    Parameters
    ----------
    first : id of the study that the others are held against; it must have a key `comparison`.

    Raises
    ------
    InputError
        There is no such study, it has nothing to be compared by, overlaps contradict each other, or frozen verdicts are
        stale.
    """
    studies = [load_study(summary.id) for summary in list_studies()]
    compared = [study for study in studies if study.comparison is not None]
    names = [study.id for study in compared]
    if first not in names:
        close = nearest(first, names)
        remedy = f"{f'did you mean {close}? ' if close else ''}those that can be compared are {', '.join(names)}"
        raise InputError(Problem("there is no such study with a key comparison in study.yaml", remedy, found=first))
    compared.sort(key=lambda study: (study.id != first, _order(study)))
    others = tuple(study for study in studies if study.comparison is None)
    verdicts = frozen_verdicts([*compared, *others])
    inversions = frozen_inversions([*compared, *others])
    return Field(
        compared[0], tuple(compared), others, verdicts, inversions, overlaps_frame(studies),
        lines_frame(compared, verdicts, inversions),
    )  # fmt: skip


def compared(study: Study) -> Comparison:
    """What a study of the field is compared by."""
    assert study.comparison is not None
    return study.comparison


def _order(study: Study) -> tuple[int, int, str]:
    return list(Group).index(compared(study).group), -study.n, study.id


def label(study: Study) -> str:
    """A study as a reader calls it: by its own label, or first author (else name of the folder) and year.

    >>> label(load_study("zhang2021")), label(load_study("carcik2025"))
    ('Zhang C 2021', 'CARCIK 2025')
    """
    if study.comparison is not None and study.comparison.label:
        return study.comparison.label
    authors, name = str(study.citation.get("authors", "")), re.match(r"[a-z]+", study.id)
    surname = authors.split(" ")[0] if authors else (name[0] if name else study.id)
    digits = re.search(r"\d{4}", study.id)
    year = study.citation.get("year") or (digits[0] if digits else "")
    return f"{surname[:1].upper()}{surname[1:]} {year}".strip()


def overlaps_frame(studies: Sequence[Study]) -> pd.DataFrame:
    """One row a pair of studies that share patients, or may: study, other, certain, keep, why.

    Raises
    ------
    InputError
        An overlap with a study that is not in data/, or of which the two folders say different things.
    """
    import pandas as pd

    known = {study.id for study in studies}
    found: dict[tuple[str, str], dict[str, Any]] = {}
    problems = []
    for study in studies:
        for overlap in study.overlaps:
            if overlap.study not in known:
                close = nearest(overlap.study, known)
                problems.append(
                    Problem(
                        "an overlap with a study that is not in data/",
                        f"did you mean {close}?" if close else "add the study, or delete the entry",
                        f"data/{study.id}/study.yaml", column=f"overlaps.{overlap.study}", found=overlap.study,
                    )
                )  # fmt: skip
                continue
            pair = min(study.id, overlap.study), max(study.id, overlap.study)
            said = {"certain": overlap.certain, "keep": overlap.keep, "why": overlap.why}
            before = found.setdefault(pair, said)
            if (before["certain"], before["keep"]) != (said["certain"], said["keep"]):
                problems.append(
                    Problem(
                        f"the two folders say different things of the overlap of {pair[0]} and {pair[1]}",
                        "give both the same certain and keep",
                        f"data/{study.id}/study.yaml", column=f"overlaps.{overlap.study}",
                    )
                )  # fmt: skip
    if problems:
        raise InputError(problems)
    rows = [{"study": a, "other": b, **said} for (a, b), said in sorted(found.items())]
    return pd.DataFrame(rows, columns=["study", "other", "certain", "keep", "why"])


def lines_frame(studies: Sequence[Study], verdicts: pd.DataFrame, inversions: pd.DataFrame) -> pd.DataFrame:
    """One row a study and outcome, columns `COLUMNS`; estimates and limits are proportions.

    For counts the limits are exact (Clopper-Pearson), for curves those printed. `error` is that of log(−log S).
    `usable`
    says whether the numbers could be pooled at all (definitions and overlaps apart).
    """
    import pandas as pd

    rows = []
    for outcome in OUTCOMES:
        for study in studies:
            row = (_curve_row if outcome in CURVES else _count_row)(study, outcome, verdicts, inversions)
            if row is not None:
                rows.append({"outcome": outcome, "study": study.id, "label": label(study), **row})
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    rank = {str(group): place for place, group in enumerate(Group)}
    first = studies[0].id if studies else ""
    frame["rank"] = [(rank[g], s != first) for g, s in zip(frame["group"], frame["study"], strict=True)]
    places = {outcome: place for place, outcome in enumerate(OUTCOMES)}
    frame["place"] = frame["outcome"].map(places)
    return frame.sort_values(["place", "rank"], kind="stable").drop(columns=["place", "rank"]).reset_index(drop=True)


def _count_row(study: Study, outcome: str, verdicts: pd.DataFrame, inversions: pd.DataFrame) -> dict[str, Any] | None:
    comparison = compared(study)
    entry = comparison.outcomes.get(outcome)
    if entry is None:
        return None
    found = counted(study, entry)
    nan = float("nan")
    known = bool(found.counts)
    low, high = found.limits if known else (nan, nan)
    value = study.claim(entry.claim).value
    return {
        "group": str(comparison.group),
        "match": str(entry.match),
        "claim": entry.claim,
        "count_low": found.counts[0] if known else None,
        "count_high": found.counts[-1] if known else None,
        "n": found.n,
        "estimate": found.middle / found.n if known else nan,
        "low": low,
        "high": high,
        "printed": found.text if known else f"{value.text} % of {found.n}" if value is not None else "",
        "how": found.how,
        "why": entry.why,
        "error": nan,
        "usable": known,
    }


def _curve_row(study: Study, outcome: str, verdicts: pd.DataFrame, inversions: pd.DataFrame) -> dict[str, Any] | None:
    name, months = outcome.rsplit("_", 1)
    comparison = compared(study)
    entry = comparison.outcomes.get(name)
    claim = at_landmark(study, entry, int(months)) if entry is not None else None
    if entry is None or claim is None:
        return None
    own = verdicts[(verdicts["study"] == study.id) & (verdicts["claim"] == claim.id)]
    wrong = own.loc[own["verdict"] == "impossible", "field"].tolist()
    found = read_curve(claim, _intervals(study.id, entry.endpoint, inversions), wrong)
    nan = float("nan")
    contradicted = [getattr(claim, field).text for field in found.contradicted]
    how = found.how + (f"; {', '.join(contradicted)} is contradicted by the rest of the paper" if contradicted else "")
    return {
        "group": str(comparison.group),
        "match": str(entry.match),
        "claim": claim.id,
        "count_low": None,
        "count_high": None,
        "n": found.n,
        "estimate": found.estimate,
        "low": nan if found.low is None else found.low,
        "high": nan if found.high is None else found.high,
        "printed": found.text,
        "how": how,
        "why": entry.why,
        "error": nan if found.error is None else found.error,
        "usable": found.error is not None,
    }


def _intervals(study: str, endpoint: str, inversions: pd.DataFrame) -> tuple[Interval, ...]:
    """The kinds of interval of an endpoint that the inversion leaves."""
    rows = inversions[(inversions["study"] == study) & (inversions["endpoint"] == endpoint)]
    kinds = rows["interval"].iloc[0].split(" or ") if len(rows) else []
    return tuple(Interval(kind) for kind in kinds if kind)
