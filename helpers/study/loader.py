"""Study folders: find one, read and check both its files, and tell everything that is wrong at once."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from helpers import paths
from helpers.conventions import Interval
from helpers.errors import InputError, Problem, nearest
from helpers.printed import Rounding
from helpers.study.claims import ClaimsTable, read_claims
from helpers.study.comparison_file import check_comparison, comparison_of, overlaps_of
from helpers.study.declarations import check_declarations
from helpers.study.files import read_text
from helpers.study.model import RESPONSES, Covariate, Definition, Endpoint, Study
from helpers.study.references import check_references
from helpers.study.rules import MAX_N
from helpers.study.schema import CovariateFile, EndpointFile, StudyFile, check_study
from helpers.study.yamltree import YamlTree, read_yaml

MAX_ENDPOINTS = 50


@dataclass(frozen=True)
class StudySummary:
    """One line of a list of studies; `problem` says in one line why a folder cannot be read."""

    id: str
    title: str
    n: int | None
    claims: int
    folder: Path
    problem: str = ""


def load_study(study: str | Path) -> Study:
    """Read and check a study folder.

    Parameters
    ----------
    study : the name of a folder in ``data/``, or a path to a folder (relative ones from the working folder).

    Raises
    ------
    InputError
        With every problem of study.yaml and claims.csv, each with file, row, column, value and remedy.

    Examples
    --------
    >>> study = load_study("zhuo2024")
    >>> study.n, study.claim("os_6mo").value
    (22, PrintedNumber(text='67.90'))
    """
    folder = find_folder(study)
    problems: list[Problem] = []
    tree: YamlTree | None = None
    checked: StudyFile | None = None
    table: ClaimsTable | None = None
    yaml_file = f"{paths.shown(folder)}/study.yaml"
    try:
        tree = read_yaml(read_text(folder, "study.yaml"), yaml_file)
        problems += tree.problems
        if not _unreadable(tree):
            checked, faults = check_study(tree, yaml_file)
            told = {problem.column for problem in tree.problems}
            problems += [fault for fault in faults if fault.column not in told]
            problems += _check_dates(checked, tree, yaml_file)
            problems += _check_sizes(checked, tree, yaml_file)
            problems += check_declarations(checked, tree, yaml_file)
    except InputError as error:
        problems += error.problems
    try:
        text = read_text(folder, "claims.csv")
        table = read_claims(text, f"{paths.shown(folder)}/claims.csv", _patients(tree), _endpoint_sizes(tree))
        problems += table.problems
        if tree is not None and table.readable:
            problems += check_references(tree, yaml_file, table.ids, table.without_count)
            problems += check_comparison(checked, tree, yaml_file, table.claims, table.ids)
    except InputError as error:
        problems += error.problems
    if problems or checked is None or table is None:
        raise InputError(sorted(problems, key=lambda p: (p.file != yaml_file, p.row or 0)))
    return _study(checked, folder, table)


def list_studies() -> list[StudySummary]:
    """The study folders in ``data/`` in the order of their names, those that cannot be read included."""
    try:
        folders = sorted(f for f in paths.DATA.iterdir() if f.is_dir() and not f.name.startswith("."))
    except OSError:
        return []
    return [_summary(folder) for folder in folders]


def find_folder(study: str | Path) -> Path:
    """The folder of a study, or an InputError that names the study most like it.

    A text without a separator is looked up in ``data/`` first; every other text, and every `Path`, is a path.
    """
    name = str(study)
    try:
        if isinstance(study, str) and study and not set(study) & {"/", "\\", "\0"} and study not in (".", ".."):
            named = paths.DATA / study
            if named.is_dir():
                return named
        if name.strip() and "\0" not in name:
            path = Path(name)
            if path.is_dir():
                return path.absolute()
            if path.exists():
                remedy = f"give the folder that holds study.yaml and claims.csv, e.g. {path.parent}"
                raise InputError(Problem("a study is a folder, and this is a file", remedy, found=name))
    except (OSError, ValueError, RuntimeError):
        pass
    known = _known_names()
    close = nearest(Path(name.replace("\0", "")).name[:100], known)
    hint = f"did you mean {close}? " if close else ""
    remedy = f"{hint}The studies in data/ are {', '.join(known) or 'none'}; a path to a folder works as well"
    raise InputError(Problem("there is no such study", remedy, found=name))


def _known_names() -> list[str]:
    try:
        return sorted(f.name for f in paths.DATA.iterdir() if f.is_dir() and not f.name.startswith("."))
    except OSError:
        return []


def _summary(folder: Path) -> StudySummary:
    try:
        study = load_study(folder)
    except InputError as error:
        first = str(error.problems[0]).splitlines()[0]
        more = f" (and {len(error.problems) - 1} more)" if len(error.problems) > 1 else ""
        return StudySummary(folder.name, "", None, 0, folder, first + more)
    return StudySummary(study.id, study.title, study.n, len(study.claims), folder)


def _unreadable(tree: YamlTree) -> bool:
    """Whether the text was no YAML at all, so that asking for keys would only repeat it."""
    return tree.value is None and bool(tree.problems)


def _patients(tree: YamlTree | None) -> int | None:
    """The study's n if it is usable, even where other keys are at fault."""
    return _size(tree.value) if tree is not None else None


def _size(entry: object) -> int | None:
    n = entry.get("n") if isinstance(entry, dict) else None
    return n if isinstance(n, int) and not isinstance(n, bool) and 1 <= n <= MAX_N else None


def _endpoint_sizes(tree: YamlTree | None) -> dict[str, int | None] | None:
    """The endpoints, each with its own n if it has one, where there is a usable list of them."""
    found = tree.value.get("endpoints") if tree is not None and isinstance(tree.value, dict) else None
    usable = isinstance(found, dict) and len(found) <= MAX_ENDPOINTS
    return {name: _size(entry) for name, entry in found.items()} if found is not None and usable else None


def _check_sizes(checked: StudyFile | None, tree: YamlTree, file: str) -> list[Problem]:
    """Endpoints that run over more patients than there are."""
    if checked is None:
        return []
    return [
        Problem(
            f"endpoint {name} has more patients than the study, {checked.n}",
            f"write a number from 1 to {checked.n}",
            file,
            tree.line(("endpoints", name, "n")),
            f"endpoints.{name}.n",
            str(entry.n),
        )
        for name, entry in checked.endpoints.items()
        if entry.n is not None and entry.n > checked.n
    ]


def _first_day(text: str | None) -> date | None:
    if text is None:
        return None
    return date.fromisoformat(text if len(text) == 10 else f"{text}-01")


def _last_day(text: str | None) -> date | None:
    first = _first_day(text)
    if first is None or text is None or len(text) == 10:
        return first
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _check_dates(checked: StudyFile | None, tree: YamlTree, file: str) -> list[Problem]:
    """Dates that contradict each other."""
    if checked is None:
        return []
    problems = []
    first, last = _first_day(checked.enrolled.from_), _last_day(checked.enrolled.to)
    end = checked.last_follow_up_before
    if first and last and first > last:
        problems.append(
            Problem(
                f"enrolment ends before it begins on {first}",
                "correct `from` or `to`",
                file,
                tree.line(("enrolled", "to")),
                "enrolled.to",
                checked.enrolled.to,
            )
        )
    if first and end and end <= first:
        problems.append(
            Problem(
                f"follow-up ends before enrolment begins on {first}",
                "write a day after the first enrolment",
                file,
                tree.line(("last_follow_up_before",)),
                "last_follow_up_before",
                end.isoformat(),
            )
        )
    return problems


def _frozen(values: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(values))


def _study(checked: StudyFile, folder: Path, table: ClaimsTable) -> Study:
    """The checked files as frozen types."""
    fixed: dict[str, object] = {key: getattr(checked.conventions, key) for key in checked.conventions.model_fields_set}
    for key, kind in (("interval", Interval), ("rounding", Rounding)):
        if fixed.get(key) is not None:
            fixed[key] = kind(str(fixed[key]))
    fixed = {key: value for key, value in fixed.items() if value is not None or key == "rounded_to"}
    outcomes = {key: tuple(ids) for key, ids in checked.outcomes.model_dump().items() if ids}
    return Study(
        id=checked.id,
        title=checked.title,
        n=checked.n,
        folder=folder,
        endpoints=_frozen({key: _endpoint(key, entry) for key, entry in checked.endpoints.items()}),
        claims=tuple(table.claims),
        title_original=checked.title_original or "",
        citation=_frozen(checked.citation.model_dump(exclude_none=True)),
        population=checked.population or "",
        product=checked.product or "",
        sites=tuple(checked.sites),
        enrolled_from=_first_day(checked.enrolled.from_),
        enrolled_to=_last_day(checked.enrolled.to),
        last_follow_up_before=checked.last_follow_up_before,
        conventions=_frozen(fixed),
        not_published=tuple(checked.not_published),
        outcomes=_frozen(outcomes),
        totals=_frozen({key: tuple(ids) for key, ids in checked.totals.items()}),
        covariates=_frozen({key: _covariate(key, entry) for key, entry in checked.covariates.items()}),
        grading=_frozen(checked.grading.model_dump(exclude_none=True)),
        responses=RESPONSES if checked.responses is None else tuple(checked.responses),
        definitions=_frozen(
            {key: Definition(_frozen(entry.rows), _frozen(entry.of)) for key, entry in checked.definitions.items()}
        ),
        non_response_day=checked.non_response_day,
        ignored_columns=tuple(checked.ignored_columns),
        comparison=comparison_of(checked.comparison),
        overlaps=overlaps_of(checked.overlaps),
        warnings=tuple(table.warnings),
    )


def _endpoint(key: str, entry: EndpointFile) -> Endpoint:
    return Endpoint(
        key,
        entry.name,
        entry.origin or "",
        entry.events or "",
        entry.n,
        _frozen(entry.subset),
        entry.columns or "",
        tuple(entry.competing),
        tuple(entry.censoring),
    )


def _covariate(key: str, entry: CovariateFile) -> Covariate:
    return Covariate(key, entry.kind, entry.label or "", entry.unit or "", tuple(entry.levels))
