"""Small studies made up for a test: written as a study folder and read by the loader, or put together in memory."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

from helpers.ledger import LedgerRow, ledger
from helpers.printed import PrintedNumber
from helpers.study import Claim, Endpoint, Study, load_study

COLUMNS = [
    "id",
    "endpoint",
    "statistic",
    "at",
    "at_unit",
    "n",
    "count",
    "value",
    "ci_low",
    "ci_high",
    "ci_level",
    "unit",
    "source",
    "note",
]
NUMBERS = ("count", "value", "ci_low", "ci_high")


def claim(name: str, statistic: str, **cells: str) -> dict[str, str]:
    """One row of a claims.csv; cells that are not given stay empty."""
    unknown = set(cells) - set(COLUMNS)
    assert not unknown, unknown
    return {"id": name, "statistic": statistic, **cells}


def landmark(
    name: str, at: int, value: str = "", low: str = "", high: str = "", endpoint: str = "OS"
) -> dict[str, str]:
    """A landmark in percent, `at` in months."""
    cells = {"at": str(at), "at_unit": "month", "value": value, "ci_low": low, "ci_high": high, "unit": "percent"}
    return claim(name, "survival", endpoint=endpoint, **cells)


def folder(where: Path, n: int, rows: list[dict[str, str]], extra: str = "") -> Study:
    """A study folder on disk, read back by the loader. `extra` is YAML that goes to the end of study.yaml."""
    where.mkdir(exist_ok=True)
    (where / "study.yaml").write_text(
        f"id: made-up\ntitle: A study made up for a test\nn: {n}\nendpoints:\n"
        "  OS: {name: Overall survival, origin: infusion, events: death}\n"
        "  EFS: {name: Event-free survival, origin: infusion, events: relapse or death}\n" + extra,
        encoding="utf-8",
    )
    with (where / "claims.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return load_study(where)


def study(n: int, rows: list[dict[str, str]]) -> Study:
    """The same without a folder: quick, for many studies in one test."""
    claims = tuple(
        Claim(
            id=row["id"],
            statistic=row["statistic"],
            n=int(row.get("n") or n),
            endpoint=row.get("endpoint") or None,
            at=Fraction(row["at"]) if row.get("at") else None,
            at_unit=row.get("at_unit", ""),
            ci_level=Fraction(row.get("ci_level") or "95") / 100,
            unit=row.get("unit", ""),
            **{name: PrintedNumber(row[name]) for name in NUMBERS if row.get(name)},
        )
        for row in rows
    )
    endpoints = {
        "OS": Endpoint("OS", "Overall survival", "infusion", "death"),
        "EFS": Endpoint("EFS", "Event-free survival", "infusion", "relapse or death"),
    }
    return Study("made-up", "A study made up for a test", n, Path("."), endpoints, claims)


def rows_of(some: Study) -> dict[tuple[str, str], LedgerRow]:
    """The ledger by claim and field."""
    return {(row.claim, row.field): row for row in ledger(some)}
