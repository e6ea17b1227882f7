"""Somebody who wants to know the small counts that a masked run hides: all tables taken together, as equations.

What tables of a run tell of counts becomes variables with bounds: a number is itself, ``<5`` is 1 to 4, ``≥5`` is 5
to all patients, anything else is open. The sums that everybody knows (levels make a group, groups make all, grades make
the recorded ones, remissions are CR and CRi, …) become equations, over all tables of all notebooks at once. A count is
told if integer programming leaves it one value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

ALL = "all"
COLUMNS = {
    "age": "Age (years)",
    "sex": "Sex",
    "product": "Product",
    "donor": "Donor",
    "blasts": "Blasts in the marrow (%)",
}
FAMILIES = {"CRS": "crs_grade", "ICANS": "icans_grade", "Acute GVHD": "agvhd_grade"}
RATES = {"Complete remission (CR)": "CR", "CR with incomplete recovery (CRi)": "CRi", "CR or CRi": "remission"}


@dataclass
class Told:
    """What is told of each count, and how counts add up."""

    n: int
    cells: dict[str, object] = field(default_factory=dict)
    sums: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def tell(self, name: str, cell: object) -> None:
        """One cell of a table; where a count stands twice, the more precise of the two counts."""
        known = self.cells.get(name)
        if known is None or _width(cell, self.n) < _width(known, self.n):
            self.cells[name] = cell

    def sum(self, whole: str, *parts: str) -> None:
        """An equation."""
        self.sums.append((whole, parts))
        for name in (whole, *parts):
            self.cells.setdefault(name, "")


def _bounds(cell: object, n: int) -> tuple[int, int]:
    text = str(cell).split(" (")[0].replace(",", "")
    if re.fullmatch(r"\d+(\.0)?", text):
        return int(float(text)), int(float(text))
    if match := re.fullmatch(r"<(\d+)", text):
        return 1, int(match[1]) - 1
    if match := re.fullmatch(r"≥(\d+)", text):
        return int(match[1]), n
    return 0, n


def _width(cell: object, n: int) -> int:
    low, high = _bounds(cell, n)
    return high - low


def possible(told: Told, name: str) -> tuple[int, int]:
    """The smallest and the largest value that a count can have."""
    names = list(told.cells)
    place = {x: k for k, x in enumerate(names)}
    low, high = np.array([_bounds(told.cells[x], told.n) for x in names]).T
    matrix = np.zeros((len(told.sums), len(names)))
    for row, (whole, parts) in zip(matrix, told.sums, strict=True):
        row[place[whole]] -= 1
        for part in parts:
            row[place[part]] += 1
    goal = np.zeros(len(names))
    goal[place[name]] = 1
    ends = []
    for sign in (1, -1):
        found = milp(sign * goal, constraints=LinearConstraint(matrix, 0, 0), bounds=Bounds(low, high),
                     integrality=np.ones(len(names)))  # fmt: skip
        assert found.x is not None, "what is told contradicts itself"
        ends.append(round(float(found.x[place[name]])))
    return ends[0], ends[1]


def subtracted(told: Told) -> dict[str, int]:
    """Every count that is told, or is the only unknown of a sum."""
    known = {name: low for name, (low, high) in ((x, _bounds(c, told.n)) for x, c in told.cells.items()) if low == high}
    grown = True
    while grown:
        grown = False
        for whole, parts in told.sums:
            unknown = [x for x in (whole, *parts) if x not in known]
            if len(unknown) == 1:
                inside = sum(known.get(x, 0) for x in parts)
                known[unknown[0]] = inside if unknown[0] == whole else known[whole] - inside
                grown = True
    return known


def read(results: Path) -> dict[str, pd.DataFrame]:
    """The tables of rows of a run, all cells as texts."""
    return {
        path.stem: pd.read_csv(path, dtype=str, keep_default_na=False)
        for path in sorted((results / "tables").glob("*-rows-*.csv")) if path.stat().st_size > 1
    }  # fmt: skip


def told_by(results: Path, n: int) -> Told:
    """All counts that the tables of a run tell."""
    told = Told(n)
    told.tell(ALL, n)
    tables = read(results)
    for part in (_responses, _characteristics, _subgroups, _endpoints, _grades, _adverse_events):
        part(told, tables)
    return told


def _rows(tables: Mapping[str, pd.DataFrame], name: str) -> list[dict[str, str]]:
    return tables[name].to_dict("records") if name in tables else []


def _responses(told: Told, tables: Mapping[str, pd.DataFrame]) -> None:
    told.sum(ALL, "remission", "no remission")
    told.sum("remission", "CR", "CRi")
    for row in _rows(tables, "01_cohort-rows-flow"):
        count, without = row.get("count", row.get("patients")), row.get("without", row.get("left out"))
        if row["stage"] == "In remission":
            told.tell("remission", count)
            told.tell("no remission", without)
        if row["stage"].startswith("MRD"):
            told.tell("MRD", count)
            told.tell("MRD positive in remission", without)
            told.sum("remission", "MRD", "MRD positive in remission")
    for row in _rows(tables, "02_efficacy-rows-rates"):
        if row["outcome"] in RATES:
            told.tell(RATES[row["outcome"]], row["count"])
        elif row["denominator"] == "patients in remission":
            told.tell("MRD", row["count"])
            told.tell("remission", row["n"])
        elif row["denominator"].startswith("all patients"):
            told.tell("MRD", row["count"])
            told.tell("missing|mrd_negative", row["not_recorded"])
    best = [row for row in _rows(tables, "02_efficacy-rows-best-response") if row["time"] == "Best response"]
    if best:
        told.sum(ALL, *(row["category"] for row in best))
        for row in best:
            told.tell(row["category"], row["count"])
    for row in _rows(tables, "01_cohort-rows-missing"):
        told.tell(f"missing|{row['column']}", row["missing"])


def _cells_of_groups(tables: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, str, str, str]]:
    """Table 1 as variable, level, group, cell; from the exact table or, with hidden counts, from the shown one."""
    for row in _rows(tables, "01_cohort-rows-table-one"):
        if "characteristic" in row:
            name = row["variable"].removesuffix(", n (%)")
            level = "missing" if row["characteristic"].startswith("missing") else row["characteristic"]
            for head, cell in list(row.items())[2:]:
                if level not in ("median (IQR)", "range"):
                    yield name, level, head.split(" (n =")[0], cell
        else:
            if row["kind"] == "categorical":
                yield row["variable"], row["level"], row["group"], row["n"]
            if row["missing"] != "0":
                yield row["variable"], "missing", row["group"], row["missing"]


def _characteristics(told: Told, tables: Mapping[str, pd.DataFrame]) -> None:
    levels: dict[tuple[str, str], dict[str, None]] = {}
    groups: dict[str, None] = {}
    for name, level, group, cell in _cells_of_groups(tables):
        told.tell(f"{name}|{level}|{group}", cell)
        levels.setdefault((name, group), {})[level] = None
        groups[group] = None
    parts = [group for group in groups if group != "All patients"]
    heads = {head.split(" (n =")[0]: head for table in ("01_cohort-rows-table-one",) if table in tables
             for head in tables[table].columns if " (n =" in head}  # fmt: skip
    if heads and "not known" not in heads and "size|not known" not in told.cells:
        told.tell("size|not known", 0)
    for group, head in heads.items():
        told.tell(f"size|{group}", re.search(r"n = ([\d,]+)", head)[1])
    for (name, group), found in levels.items():
        if found.keys() != {"missing"}:
            told.sum(
                ALL if group == "All patients" else f"size|{group}", *(f"{name}|{level}|{group}" for level in found)
            )
        if group == "All patients" and parts:
            for level in found:
                told.sum(f"{name}|{level}|{group}", *(f"{name}|{level}|{part}" for part in parts))
    for column, name in COLUMNS.items():
        if f"{name}|missing|All patients" in told.cells:
            told.sum(f"missing|{column}", f"{name}|missing|All patients")


def _subgroups(told: Told, tables: Mapping[str, pd.DataFrame]) -> None:
    """Remissions, patients and events in the levels of covariates."""
    sources = [
        ("02_efficacy-rows-subgroups", "remission", "count"),
        ("04_survival-rows-subgroups-os", "events|OS", "events"),
        ("04_survival-rows-subgroups-efs", "events|EFS", "events"),
    ]
    for table, whole, column in sources:
        by: dict[str, list[str]] = {}
        for row in _rows(tables, table):
            if not row["subgroup"]:
                told.tell(whole, row[column])
                continue
            size, part = f"{row['subgroup']}|{row['level']}|n", f"{row['subgroup']}|{row['level']}|{whole}"
            told.tell(part, row[column])
            told.tell(size, row["n"])
            told.sum(size, part, f"{part}|none")
            by.setdefault(row["subgroup"], []).append(part)
            if row["level"] == "not known":
                gap = next(key for key, name in COLUMNS.items() if name == row["subgroup"])
                told.sum(f"missing|{gap}", size)
            elif row["subgroup"] in ("Sex", "Product", "Donor"):
                told.sum(f"{row['subgroup']}|{row['level']}|All patients", size)
        for parts in by.values():
            told.sum(whole, *parts)
    for row in _rows(tables, "04_survival-rows-groups"):
        if row["endpoint"] in ("OS", "EFS"):
            told.tell(f"group|{row['group']}|events|{row['endpoint']}", row["events"])
            told.tell(f"size|{row['group']}", row["n"])
            told.sum(f"size|{row['group']}", f"group|{row['group']}|events|{row['endpoint']}",
                     f"group|{row['group']}|free|{row['endpoint']}")  # fmt: skip
    for endpoint in ("OS", "EFS"):
        parts = [name for name in told.cells if re.fullmatch(rf"group\|[^|]+\|events\|{endpoint}", name)]
        if parts:
            told.sum(f"events|{endpoint}", *parts, f"group|not known|{endpoint}")
            told.sum("size|not known", f"group|not known|{endpoint}", f"group|not known|free|{endpoint}")


def _endpoints(told: Told, tables: Mapping[str, pd.DataFrame]) -> None:
    for row in _rows(tables, "04_survival-rows-endpoints"):
        name = row["endpoint"]
        told.tell(f"n|{name}", row["n"])
        told.tell(f"events|{name}", row["events"])
        told.tell(f"censored|{name}", row["censored"])
        told.sum(f"n|{name}", f"events|{name}", f"censored|{name}")
        if name in ("OS", "EFS"):
            told.sum(ALL, f"n|{name}", f"not in {name}")
        else:
            told.sum("remission", f"n|{name}")
    told.sum("events|RFS", "events|DOR", "deaths in remission")
    for row in _rows(tables, "04_survival-rows-transplant-censored"):
        name = row["endpoint"]
        if row["censored at transplant"] == "yes":
            told.tell(f"cut|{name}", row["patients cut"])
            told.tell(f"events before|{name}", row["events"])
            told.sum(f"events|{name}", f"events before|{name}", f"events after|{name}")
            told.sum(f"n|{name}", f"cut|{name}", f"not cut|{name}")
        else:
            told.tell(f"events|{name}", row["events"])


def _grades(told: Told, tables: Mapping[str, pd.DataFrame]) -> None:
    for row in _rows(tables, "05_safety-rows-grades"):
        column = next(c for what, c in FAMILIES.items() if row["family"].startswith(what))
        if row["known"] == "True":
            told.tell(f"{column}|{row['grade']}", row["count"])
        else:
            told.tell(f"missing|{column}", row["count"])
    for column in FAMILIES.values():
        grades = sorted(name for name in told.cells if re.fullmatch(rf"{column}\|\d", name))
        told.sum(ALL, f"{column}|recorded", f"missing|{column}")
        told.sum(f"{column}|recorded", *grades)
        told.sum(f"{column}|any", *(name for name in grades if name[-1] != "0"))
        told.sum(f"{column}|severe", *(name for name in grades if name[-1] >= "3"))
        told.sum(f"{column}|recorded", f"{column}|severe", f"{column}|milder")
    for row in _rows(tables, "05_safety-rows-toxicity"):
        column = next(c for what, c in FAMILIES.items() if row["outcome"].startswith(what))
        told.tell(f"{column}|{'any' if row['outcome'].endswith('any grade') else 'severe'}", row["count"])
        told.tell(f"{column}|recorded", row["n"])
        told.tell(f"missing|{column}", row["not_recorded"])


def _adverse_events(told: Told, tables: Mapping[str, pd.DataFrame]) -> None:
    bands = {"grade 1–2": "12", "grade 3–4": "34", "grade 5": "5", "not recorded": "0"}
    for row in _rows(tables, "05_safety-rows-adverse-events"):
        term = row["term"]
        if "grade" in row:  # the exact table: one row a grade
            told.tell(f"{term}|any", row["any"])
            told.tell(f"{term}|{row['grade']}", row["count"])
        else:
            told.tell(f"{term}|any", row["any grade"])
            for band in bands:
                if band in row:
                    told.tell(f"{term}|{band}", row[band])
    for term in {name.split("|")[0] for name in told.cells if name.endswith("|any")} - set(FAMILIES.values()):
        for band, grades in bands.items():
            exact = [f"{term}|{grade}" for grade in grades if f"{term}|{grade}" in told.cells]
            if exact:
                told.sum(f"{term}|{band}", *exact)
        told.sum(f"{term}|any", *(f"{term}|{band}" for band in bands if f"{term}|{band}" in told.cells))
        told.sum(ALL, f"{term}|any", f"{term}|nobody")
