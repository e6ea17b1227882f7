"""A paper that nobody prepared: a few numbers typed in by hand, made into a study folder and read as one."""

from __future__ import annotations

import csv
import io
import tempfile
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from helpers.errors import InputError, Problem
from helpers.study import load_study
from helpers.study.model import Study

COLUMNS = (
    "id", "endpoint", "statistic", "at", "at_unit", "n", "count", "value", "ci_low", "ci_high", "ci_level", "unit",
    "source", "note",
)  # fmt: skip
MOST_PATIENTS = 2000
UNITS = ("month", "year", "week", "day")
ENDPOINTS = {"OS": ("Overall survival", "death"), "EFS": ("Event-free survival", "relapse, non-response or death"),
             "PFS": ("Progression-free survival", "progression or death")}  # fmt: skip


@dataclass(frozen=True)
class TypedLandmark:
    """One printed S(t) in percent with its 95 % interval, all as text; an empty text is a number not printed."""

    at: str = ""
    at_unit: str = "month"
    value: str = ""
    ci_low: str = ""
    ci_high: str = ""

    @property
    def empty(self) -> bool:
        """Nothing was typed."""
        return not (self.at.strip() or self.value.strip() or self.ci_low.strip() or self.ci_high.strip())


@dataclass(frozen=True)
class TypedPaper:
    """What was typed in: patients, endpoint, landmarks, and a median in days or months with its limits."""

    n: str = ""
    endpoint: str = "OS"
    landmarks: tuple[TypedLandmark, ...] = ()
    median: tuple[str, str, str] = ("", "", "")
    median_unit: str = "month"

    @property
    def rows(self) -> list[dict[str, str]]:
        """The rows of claims.csv."""
        found = []
        for number, mark in enumerate(self.landmarks, start=1):
            if not mark.empty:
                found.append({
                    "id": f"landmark_{number}", "endpoint": self.endpoint, "statistic": "survival",
                    "at": mark.at.strip(), "at_unit": mark.at_unit, "value": mark.value.strip(),
                    "ci_low": mark.ci_low.strip(), "ci_high": mark.ci_high.strip(), "ci_level": "95",
                    "unit": "percent", "source": "typed in",
                    "note": f"{self.endpoint} at {mark.at.strip()} {mark.at_unit}s",
                })  # fmt: skip
        value, low, high = (text.strip() for text in self.median)
        if value or low or high:
            found.append({
                "id": "median", "endpoint": self.endpoint, "statistic": "median", "value": value, "ci_low": low,
                "ci_high": high, "ci_level": "95", "unit": self.median_unit, "source": "typed in",
                "note": f"Median {self.endpoint}",
            })  # fmt: skip
        return found


def typed_files(paper: TypedPaper, study_id: str = "typed", title: str = "A paper typed in by hand") -> dict[str, str]:
    """The two files of a study folder with what was typed; nothing is checked here."""
    name, events = ENDPOINTS.get(paper.endpoint, (paper.endpoint, "event"))
    yaml = (
        f"# Made in notebooks/explore.ipynb from numbers typed in by hand.\nid: {study_id}\ntitle: {title}\n"
        f"n: {paper.n.strip() or 'null'}\nendpoints:\n"
        f'  {paper.endpoint}: {{name: {name}, origin: treatment, events: "{events}"}}\n'
    )
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(paper.rows)
    return {"study.yaml": yaml, "claims.csv": text.getvalue()}


@lru_cache(maxsize=32)
def typed_study(paper: TypedPaper) -> Study:
    """Read what was typed in as a study folder is read.

    Raises
    ------
    InputError
        with everything that is wrong with it, each naming the landmark and the number concerned.

    Examples
    --------
    >>> paper = TypedPaper("22", "OS", (TypedLandmark("6", "month", "67.90", "48.30", "87.50"),))
    >>> typed_study(paper).claim("landmark_1").ci_high.text
    '87.50'
    """
    n = paper.n.strip()
    if not (n.isascii() and n.isdigit() and len(n) <= 6 and 1 <= int(n) <= MOST_PATIENTS):
        remedy = f"write a whole number up to {MOST_PATIENTS:,}; larger papers go through `unrounded new`"
        raise InputError(Problem("the number of patients is missing or not of the kind read here", remedy, found=n))
    if not paper.rows:
        raise InputError(Problem("no landmark is typed in", "write a time, an estimate and its two limits"))
    with tempfile.TemporaryDirectory(prefix="unrounded-typed-") as folder:
        for name, text in typed_files(paper).items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        try:
            study = load_study(Path(folder))
        except InputError as error:
            raise InputError([_in_words(problem, paper) for problem in error.problems]) from None
    return replace(study, folder=Path("typed"))


def _in_words(problem: Problem, paper: TypedPaper) -> Problem:
    """A problem of a file that the reader never saw, told of the number typed in."""
    where = ""
    if problem.row is not None and "claims.csv" in problem.file and 0 <= problem.row - 2 < len(paper.rows):
        where = paper.rows[problem.row - 2]["note"]
    return replace(problem, file=where, row=None)
