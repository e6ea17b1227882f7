"""Study folders written on the fly: a sound one, and variations of it."""

from __future__ import annotations

from pathlib import Path

HEADER = "id,endpoint,statistic,at,at_unit,n,count,value,ci_low,ci_high,ci_level,unit,source,note"
COLUMNS = HEADER.split(",")
YAML = """id: demo
title: A study for tests
n: 22
endpoints:
  OS: {name: Overall survival, origin: infusion, events: death}
"""
SOUND = {"id": "os_6mo", "endpoint": "OS", "statistic": "survival", "at": "6", "at_unit": "month",
         "value": "67.90", "ci_low": "48.30", "ci_high": "84.50", "unit": "percent"}  # fmt: skip
MEDIAN = {"id": "os_median", "endpoint": "OS", "statistic": "median", "value": "287", "unit": "day"}
COUNT = {"id": "icans", "statistic": "count", "count": "0"}
SHARE = {"id": "cr", "statistic": "proportion", "count": "18", "value": "81.82", "unit": "percent"}


def line(**cells: str) -> str:
    """One row of claims.csv with the given cells, all others empty."""
    return ",".join(f'"{cells[c]}"' if "," in cells.get(c, "") else cells.get(c, "") for c in COLUMNS)


def table(*rows: dict[str, str]) -> str:
    """A claims.csv with the usual header."""
    return "\n".join([HEADER, *(line(**row) for row in rows)]) + "\n"


def write(folder: Path, yaml: str | bytes = YAML, claims: str | bytes | None = None) -> Path:
    """A study folder; a sound one unless told otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    claims = table(SOUND) if claims is None else claims
    for name, content in (("study.yaml", yaml), ("claims.csv", claims)):
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return folder
