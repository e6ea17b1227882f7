"""study.yaml: which keys it may have, and what each must hold."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints, ValidationError

from helpers.errors import Problem, nearest
from helpers.study.comparison_file import COMPARISON_EXPECTED, ComparisonFile, OverlapFile
from helpers.study.strict import Prose, Strict, StudyId
from helpers.study.yamltree import Path, YamlTree, dotted

ColumnName = Annotated[str, StringConstraints(pattern=r"\A[A-Za-z][A-Za-z0-9_]*\z", max_length=64)]
EndpointId = Annotated[str, StringConstraints(pattern=r"\A[A-Za-z][A-Za-z0-9_.-]*\z", max_length=32)]


def _day(value: object) -> object:
    """A YAML date, or a text that reads as one; pydantic refuses the rest."""
    if isinstance(value, datetime):
        raise ValueError("a time of day")
    return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else value


def _month_or_day(value: object) -> object:
    """``2015-09`` or ``2015-09-01`` as text, checked to be a real date."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d(-\d\d)?", value, re.ASCII):
        raise ValueError("neither a month nor a day")
    date.fromisoformat(value if len(value) == 10 else f"{value}-01")
    return value


def _z_as_text(value: object) -> object:
    return "1.96" if value == 1.96 else value


class EndpointFile(Strict):
    """One entry of `endpoints`."""

    name: Prose
    origin: Prose | None = None
    events: Prose | None = None
    n: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    subset: dict[str, Prose] = {}
    columns: EndpointId | None = None
    competing: Annotated[list[Prose], Field(max_length=8)] = []
    censoring: Annotated[list[Prose], Field(max_length=20)] = []


class CitationFile(Strict):
    """The paper."""

    authors: Prose | None = None
    journal: Prose | None = None
    year: Annotated[int, Field(ge=1950, le=2100)] | None = None
    doi: Annotated[str, StringConstraints(pattern=r"\A10\.\d{4,9}/[!-~]+\z")] | None = None
    pmcid: Annotated[str, StringConstraints(pattern=r"\APMC\d{1,12}\z")] | None = None


class EnrolledFile(Strict):
    """First and last month or day of enrolment."""

    from_: Annotated[str, BeforeValidator(_month_or_day)] | None = Field(default=None, alias="from")
    to: Annotated[str, BeforeValidator(_month_or_day)] | None = None


class ConventionsFile(Strict):
    """Choices that the paper states, or that the user wants fixed."""

    interval: Literal["plain", "log", "log-log"] | None = None
    z: Annotated[Literal["1.96", "exact"] | None, BeforeValidator(_z_as_text)] = None
    rounded_to: Annotated[int, Field(ge=0, le=10)] | None = None
    rounding: Literal["half-up", "half-even", "truncation"] | None = None


class OutcomesFile(Strict):
    """Claim ids by kind of outcome."""

    efficacy: list[str] = []
    safety: list[str] = []


class CovariateFile(Strict):
    """One entry of `covariates`."""

    kind: Literal["continuous", "categorical"]
    label: Prose | None = None
    unit: Prose | None = None
    levels: Annotated[list[Prose], Field(max_length=50)] = []


class GradingFile(Strict):
    """By which system toxicities are graded."""

    crs: Prose | None = None
    icans: Prose | None = None
    agvhd: Prose | None = None


class DefinitionFile(Strict):
    """One entry of `definitions`."""

    rows: dict[str, Prose] = {}
    of: dict[str, Prose] = {}


class StudyFile(Strict):
    """The whole of study.yaml."""

    id: StudyId
    title: Prose
    n: Annotated[int, Field(ge=1, le=10_000_000)]
    endpoints: Annotated[dict[EndpointId, EndpointFile], Field(max_length=50)]
    title_original: Prose | None = None
    citation: CitationFile = CitationFile()
    population: Prose | None = None
    product: Prose | None = None
    sites: list[Prose] = []
    enrolled: EnrolledFile = EnrolledFile()
    last_follow_up_before: Annotated[date, BeforeValidator(_day)] | None = None
    conventions: ConventionsFile = ConventionsFile()
    not_published: list[Prose] = []
    outcomes: OutcomesFile = OutcomesFile()
    totals: dict[str, list[str]] = {}
    covariates: Annotated[dict[ColumnName, CovariateFile], Field(max_length=100)] = {}
    grading: GradingFile = GradingFile()
    responses: Annotated[list[Prose], Field(max_length=20)] | None = None
    definitions: dict[str, DefinitionFile] = {}
    non_response_day: Annotated[int, Field(ge=0, le=3660)] | None = None
    ignored_columns: Annotated[list[Prose], Field(max_length=1000)] = []
    comparison: ComparisonFile | None = None
    overlaps: Annotated[dict[StudyId, OverlapFile], Field(max_length=100)] = {}


# What each key must hold, and an example to write; `*` stands for a name the user chooses.
EXPECTED: dict[str, tuple[str, str]] = {
    "": ("keys with their values", "id: my-study"),
    "id": (
        "lower-case letters a-z, digits, _ and - that begin with a letter or digit, at most 64",
        "id: my-study",
    ),
    "title": ("a text", "title: CAR-T in B-ALL"),
    "n": ("a whole number of patients from 1 to 10,000,000", "n: 22"),
    "endpoints": ("a list of endpoint names, at most 50", "endpoints: {OS: {name: Overall survival}}"),
    "endpoints.*": (
        "keys name, origin, events, n, subset, columns, competing and censoring",
        "OS: {name: Overall survival, origin: infusion, events: death}",
    ),
    "endpoints.[key]": ("letters, digits, _ . - that begin with a letter, at most 32", "OS"),
    "endpoints.*.name": ("a text", "name: Overall survival"),
    "endpoints.*.origin": ("a text", "origin: infusion"),
    "endpoints.*.events": ("a text", "events: relapse or death"),
    "endpoints.*.n": ("the number of patients it runs over, where not all of them", "n: 18"),
    "endpoints.*.subset": ("columns of cohort.csv, each with the value that counts", "subset: {cr: '1'}"),
    "endpoints.*.subset.*": ("a text", "subset: {arm: 6-MP}"),
    "endpoints.*.columns": ("letters, digits, _ . - that begin with a letter, at most 32", "columns: OS"),
    "endpoints.*.competing": (
        "a list of events, at most 8, coded 2, 3, … in cohort.csv",
        "competing: [death without relapse]",
    ),
    "endpoints.*.censoring": ("a list of reasons, at most 20", "censoring: [alive at data cut-off, lost to follow-up]"),
    "title_original": ("a text", "title_original: the title as printed"),
    "citation": (
        "a group of the keys authors, journal, year, doi, pmcid",
        "citation: {journal: Blood, year: 2024}",
    ),
    "citation.authors": ("one text", "authors: Zhuo YQ, Tu SF"),
    "citation.journal": ("a text", "journal: Blood"),
    "citation.year": ("a year from 1950 to 2100", "year: 2024"),
    "citation.doi": ("a DOI without address", "doi: 10.1000/xyz123"),
    "citation.pmcid": ("a PubMed Central number", "pmcid: PMC10951125"),
    "population": ("a text", "population: relapsed B-ALL"),
    "product": ("a text", "product: CD19 CAR-T cells"),
    "sites": ("a list of texts", "sites: [First hospital, Second hospital]"),
    "enrolled": ("a group of the keys from and to", "enrolled: {from: 2015-09, to: 2022-12}"),
    "enrolled.from": ("a month or a day", "from: 2015-09"),
    "enrolled.to": ("a month or a day", "to: 2022-12-31"),
    "last_follow_up_before": ("a day", "last_follow_up_before: 2023-08-15"),
    "conventions": (
        "a group of the keys interval, z, rounded_to, rounding",
        "conventions: {interval: log-log}",
    ),
    "conventions.interval": ("one of plain, log, log-log", "interval: log-log"),
    "conventions.z": ("one of '1.96', exact", "z: exact"),
    "conventions.rounded_to": ("a whole number of decimals from 0 to 10, or null", "rounded_to: 3"),
    "conventions.rounding": ("one of half-up, half-even, truncation", "rounding: half-up"),
    "not_published": ("a list of texts", "not_published: [age, dose]"),
    "outcomes": ("a group of the keys efficacy and safety", "outcomes: {efficacy: [cr], safety: [crs]}"),
    "outcomes.efficacy": ("a list of claim ids", "efficacy: [cr]"),
    "outcomes.safety": ("a list of claim ids", "safety: [crs]"),
    "totals": ("claim ids, each with the ids that add up to it", "totals: {agvhd: [agvhd_2, agvhd_4]}"),
    "totals.*": ("a list of claim ids", "agvhd: [agvhd_2, agvhd_4]"),
    "covariates": (
        "columns of cohort.csv, at most 100, each with its kind",
        "covariates: {blasts: {kind: continuous, unit: '%'}}",
    ),
    "covariates.[key]": ("letters, digits and _ that begin with a letter, at most 64", "marrow_blasts"),
    "covariates.*": ("keys kind, label, unit and levels", "blasts: {kind: continuous, unit: '%'}"),
    "covariates.*.kind": ("one of continuous, categorical", "kind: categorical"),
    "covariates.*.label": ("a text", "label: Blasts in the marrow"),
    "covariates.*.unit": ("a text", "unit: year"),
    "covariates.*.levels": ("a list of texts, at most 50", "levels: [low, high]"),
    "grading": ("a group of the keys crs, icans and agvhd", "grading: {crs: ASTCT 2019, agvhd: MAGIC}"),
    "grading.crs": ("a text", "crs: ASTCT 2019"),
    "grading.icans": ("a text", "icans: ASTCT 2019"),
    "grading.agvhd": ("a text", "agvhd: MAGIC"),
    "responses": ("a list of texts, at most 20, best first", "responses: [CR, CRi, NR]"),
    "definitions": ("claim ids, each with the rows it counts", "definitions: {cr: {rows: {cr: '1'}}}"),
    "definitions.*": ("keys rows and of", "cr: {rows: {cr: '1'}}"),
    "definitions.*.rows": ("columns of cohort.csv, each with the value that counts", "rows: {crs_grade: '>= 3'}"),
    "definitions.*.rows.*": ("a text", "rows: {crs_grade: '>= 3'}"),
    "definitions.*.of": ("columns of cohort.csv, each with the value that counts", "of: {cr: '1'}"),
    "definitions.*.of.*": ("a text", "of: {cr: '1'}"),
    "non_response_day": ("a whole number of days from 0 to 3660", "non_response_day: 28"),
    "ignored_columns": ("a list of texts, at most 1000", "ignored_columns: [remarks]"),
    **COMPARISON_EXPECTED,
}
_NAMED_BY_USER = ("endpoints", "totals", "covariates", "definitions", "overlaps")
_KEYS_CHECKED = {
    "endpoints": "the name of an endpoint",
    "covariates": "the name of a covariate",
    "overlaps": "the id of a study",
}
_COLUMN_GROUPS = ("subset", "rows", "of")


def check_study(tree: YamlTree, file: str) -> tuple[StudyFile | None, list[Problem]]:
    """Check the values of a study.yaml; either the study file or the problems that keep it from being one."""
    try:
        return StudyFile.model_validate(tree.value if tree.value is not None else {}), []
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
    return None, [_problem(detail["type"], detail["loc"], tree, file) for detail in details]


def _pattern(path: Path) -> str:
    """The key of `EXPECTED` for a path: names chosen by the user become ``*``, list positions fall away."""
    parts = [part for part in path if isinstance(part, str)]
    if len(parts) > 1 and parts[0] in _NAMED_BY_USER:
        parts[1] = "*"
    if len(parts) > 3 and parts[0] in _NAMED_BY_USER and parts[2] in _COLUMN_GROUPS:
        parts[3] = "*"
    return ".".join(parts)


def _problem(kind: str, loc: Path, tree: YamlTree, file: str) -> Problem:
    """One complaint of pydantic as a line on what is wrong and a line on what to write."""
    bad_key = kind != "extra_forbidden" and len(loc) == 3 and loc[0] in _KEYS_CHECKED and loc[2] == "[key]"
    path = loc[:-1] if bad_key else loc
    line = tree.line(path)
    if kind == "extra_forbidden":
        above = _pattern(path[:-1])
        prefix = f"{above}." if above else ""
        allowed = [key[len(prefix) :] for key in EXPECTED if key.startswith(prefix)]
        allowed = [key for key in allowed if key and "." not in key and key not in ("*", "[key]")]
        close = nearest(str(path[-1]), allowed)
        hint = f"did you mean {close}? " if close else ""
        remedy = f"{hint}Allowed here are {', '.join(allowed)}"
        return Problem("unknown key", remedy, file, line, dotted(path), str(path[-1]))
    what, example = EXPECTED.get(f"{loc[0]}.[key]" if bad_key else _pattern(path), EXPECTED[""])
    if kind == "missing":
        return Problem(f"the key {path[-1]} is missing", f"add it, e.g. `{example}`", file, line, dotted(path))
    found = str(path[-1]) if bad_key else tree.texts.get(path)
    subject = _KEYS_CHECKED[str(loc[0])] if bad_key else (f"{path[-1]}" if path else "the file")
    if path and isinstance(path[-1], int):
        subject, what = f"entry {path[-1] + 1}", "a claim id" if "claim ids" in what else "a text"
    quotes = "; put quotation marks around a text that looks like a number or date" if kind == "string_type" else ""
    return Problem(f"{subject} must be {what}", f"write e.g. `{example}`{quotes}", file, line, dotted(path), found)
