"""What study.yaml declares about patient-level rows: whether the declarations fit each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from helpers.errors import Problem
from helpers.study.schema import CovariateFile, StudyFile
from helpers.study.yamltree import Path, YamlTree, dotted

RESERVED = {
    "patient_id", "enrolled_month", "cr", "cri", "mrd_negative", "best_response", "crs_grade", "icans_grade",
    "agvhd_grade", "term", "grade", "day", "draw", "data_kind",
}  # fmt: skip
RESERVED_ENDINGS = ("_days", "_weeks", "_months", "_years", "_date", "_event", "_reason")
STANDARD_KINDS = {"age": "continuous", "sex": "categorical"}


def check_declarations(checked: StudyFile | None, tree: YamlTree, file: str) -> list[Problem]:
    """Covariates whose keys contradict their kind or whose name is taken; endpoints that share columns but differ."""
    if checked is None:
        return []
    faults = [*_covariates(checked), *_shared_columns(checked), *_repeated(checked)]
    return [
        Problem(message, remedy, file, tree.line(path), dotted(path), tree.texts.get(path))
        for path, message, remedy in faults
    ]


Fault = tuple[Path, str, str]


def _covariates(checked: StudyFile) -> Iterator[Fault]:
    for name, entry in checked.covariates.items():
        path: Path = ("covariates", name)
        if name in RESERVED or name.startswith("response_day_") or name.endswith(RESERVED_ENDINGS):
            yield path, f"the column {name} has a meaning of its own", "call the covariate otherwise"
        elif name in STANDARD_KINDS and entry.kind != STANDARD_KINDS[name]:
            yield (*path, "kind"), f"{name} is {STANDARD_KINDS[name]}", f"write kind: {STANDARD_KINDS[name]}"
        else:
            yield from _kind(path, name, entry)


def _kind(path: Path, name: str, entry: CovariateFile) -> Iterator[Fault]:
    if entry.kind == "continuous" and entry.levels:
        yield (*path, "levels"), "a continuous covariate has no levels", "delete levels, or write kind: categorical"
    if entry.kind == "continuous" and entry.unit is None and name not in STANDARD_KINDS:
        yield path, "a continuous covariate needs a unit", "add e.g. `unit: year`, or `unit: none` for a plain number"
    if entry.kind == "categorical" and entry.unit is not None:
        yield (*path, "unit"), "a categorical covariate has no unit", "delete unit, or write kind: continuous"


def _shared_columns(checked: StudyFile) -> Iterator[Fault]:
    """Endpoints that read the same columns must mean the same by them."""
    named = [(key, entry.columns or key, entry) for key, entry in checked.endpoints.items()]
    for (first, stem, one), (second, other_stem, other) in combinations(named, 2):
        if stem != other_stem:
            continue
        for part in ("origin", "competing", "censoring"):
            if getattr(one, part) != getattr(other, part):
                message = f"endpoints {first} and {second} share the columns {stem} but differ in {part}"
                yield ("endpoints", second, part), message, f"give both the same {part}, or columns of their own"


def _repeated(checked: StudyFile) -> Iterator[Fault]:
    """Names that stand twice in a list where each must be another."""
    lists: list[tuple[Path, list[str]]] = [(("responses",), checked.responses or [])]
    for name, covariate in checked.covariates.items():
        lists.append((("covariates", name, "levels"), covariate.levels))
    for key, entry in checked.endpoints.items():
        lists.append((("endpoints", key, "competing"), [*([entry.events] if entry.events else []), *entry.competing]))
        lists.append((("endpoints", key, "censoring"), entry.censoring))
    for path, entries in lists:
        twice = sorted({entry for entry in entries if entries.count(entry) > 1})
        if twice:
            yield path, f"{twice[0]} stands twice", "let each stand once"
