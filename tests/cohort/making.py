"""Studies and cohort files written on the fly."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.cohort import Cohort, load_cohort
from helpers.errors import InputError, Problem
from helpers.study import Study, load_study
from tests.study.folder import SOUND, table, write

YAML = """id: demo
title: A study for tests
n: 3
endpoints:
  OS: {name: Overall survival, origin: infusion, events: death, censoring: [alive, lost]}
  EFS: {name: Event-free survival, origin: infusion, events: "relapse, non-response or death"}
  CIR: {name: Relapse, origin: infusion, events: relapse, competing: [death without relapse]}
  RFS: {name: Relapse-free survival, origin: remission, events: relapse or death, n: 2, subset: {cr: "1"}}
covariates:
  donor: {kind: categorical, label: Donor, levels: [sibling, haplo]}
  blasts: {kind: continuous, label: Blasts, unit: "%"}
  site: {kind: categorical}
"""
ROWS = [
    {"patient_id": "a", "OS_days": "100", "OS_event": "1", "EFS_days": "60", "EFS_event": "1", "cr": "1"},
    {"patient_id": "b", "OS_days": "200", "OS_event": "0", "EFS_days": "200", "EFS_event": "0", "cr": "1"},
    {"patient_id": "c", "OS_days": "50", "OS_event": "1", "EFS_days": "28", "EFS_event": "1", "cr": "0"},
]


def study(folder: Path, yaml: str = YAML, claims: str | None = None) -> Study:
    """A study folder, loaded."""
    return load_study(write(folder / "study", yaml, claims or table(SOUND)))


def csv(rows: list[dict[str, str]]) -> str:
    """Rows as a CSV text; columns in order of their first occurrence, cells left out are empty."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [",".join(names), *(",".join(row.get(name, "") for name in names) for row in rows)]
    return "\n".join(lines) + "\n"


def rows(changes: dict[int, dict[str, str]] | None = None, **columns: list[str]) -> list[dict[str, str]]:
    """The sound rows with some cells changed (rows counted from 0), and further columns."""
    found = [dict(row) | (changes or {}).get(i, {}) for i, row in enumerate(ROWS)]
    for name, cells in columns.items():
        for row, cell in zip(found, cells, strict=True):
            row[name] = cell
    return found


def file(folder: Path, content: str | bytes | list[dict[str, str]], name: str = "rows.csv") -> Path:
    """A cohort file."""
    path = folder / name
    text = csv(content) if isinstance(content, list) else content
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def load(folder: Path, content: str | bytes | list[dict[str, str]], yaml: str = YAML, **options: object) -> Cohort:
    """A cohort read from rows or text."""
    return load_cohort(study(folder, yaml), file(folder, content), **options)  # type: ignore[arg-type]


def problems(
    folder: Path, content: str | bytes | list[dict[str, str]], yaml: str = YAML, **options: object
) -> tuple[Problem, ...]:
    """What is wrong with a cohort file."""
    with pytest.raises(InputError) as caught:
        load(folder, content, yaml, **options)
    assert caught.value.exit_code == 2
    return caught.value.problems
