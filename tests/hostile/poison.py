"""A study folder in which every text tries something: HTML, scripts, Markdown, LaTeX, formulas, control."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

SCRIPT = "<script>window.pwned=1;fetch('http://pwned.invalid/a')</script>"
IMAGE = "<img src=http://pwned.invalid/b.png onerror=window.pwned=1>"
LINK = "[click](javascript:window.pwned=1) ![x](http://pwned.invalid/c.png) <http://pwned.invalid/d>"
BREAK = "\"'></td></table><svg onload=window.pwned=1><style>@import 'http://pwned.invalid/e'</style>"
LATEX = r"$\href{javascript:window.pwned=1}{x}$ \(\frac{1\) $$\unclosed{ \begin{x} http://pwned.invalid/f"
FORMULA = "=cmd|'/C calc'!A0"
SPOOF = "a\u202eb\u200bc [bold red]rich[/] :bomb:"
TEMPLATE = "{{7*7}} {%raw%} %s {0} ${x} `code` \\ | # _a_ *b* ~~c~~"
PAYLOADS = (SCRIPT, IMAGE, LINK, BREAK, LATEX, FORMULA, SPOOF, TEMPLATE)
ALL = " ".join(PAYLOADS)
N = 8


def write_poisoned(folder: Path) -> Path:
    """The study folder, with rows of patients and their adverse events; `folder` must not exist yet."""
    folder.mkdir(parents=True)
    (folder / "study.yaml").write_text(json.dumps(_study(), ensure_ascii=True), encoding="utf-8")
    (folder / "claims.csv").write_text(_table(_claims()), encoding="utf-8", newline="")
    (folder / "cohort.csv").write_text(_table(_rows()), encoding="utf-8", newline="")
    (folder / "adverse_events.csv").write_text(_table(_events()), encoding="utf-8", newline="")
    return folder


def _study() -> dict[str, object]:
    return {
        "id": "poisoned",
        "title": f"T {ALL}",
        "title_original": IMAGE,
        "n": N,
        "citation": {"authors": f"A {SCRIPT}, B {LINK}", "journal": BREAK, "year": 2024,
                     "doi": "10.1000/x<script>window.pwned=1</script>", "pmcid": "PMC1"},
        "population": ALL,
        "product": SCRIPT,
        "sites": list(PAYLOADS),
        "enrolled": {"from": "2015-09", "to": "2022-12"},
        "last_follow_up_before": "2023-08-15",
        "not_published": list(PAYLOADS),
        "endpoints": {
            "OS": {"name": f"{FORMULA} {SCRIPT}", "origin": IMAGE, "events": LINK, "censoring": [BREAK, LATEX]},
            "EFS": {"name": LATEX, "events": SCRIPT},
            "CIR": {"name": SPOOF, "events": BREAK, "competing": [SCRIPT, FORMULA]},
        },
        "outcomes": {"efficacy": ["cr"], "safety": ["crs"]},
        "covariates": {
            "donor": {"kind": "categorical", "label": IMAGE, "levels": [FORMULA, f"{SCRIPT} {LATEX}"]},
            "blasts": {"kind": "continuous", "label": LINK, "unit": BREAK},
        },
        "grading": {"crs": SCRIPT, "icans": LINK, "agvhd": LATEX},
    }  # fmt: skip


def _claims() -> list[dict[str, str]]:
    mark = {"endpoint": "OS", "statistic": "survival", "at_unit": "month", "unit": "percent"}
    about = {"source": FORMULA, "note": f"{FORMULA} {ALL}"}
    return [
        {"id": "os_6mo", **mark, "at": "6", "value": "62.50", "ci_low": "22.90", "ci_high": "86.10", **about},
        {"id": "os_median", "endpoint": "OS", "statistic": "median", "value": "287", "unit": "day", **about},
        {"id": "cr", "statistic": "proportion", "count": "5", "value": "62.5", "unit": "percent", **about},
        {"id": "crs", "statistic": "count", "count": "2", **about},
    ]


def _rows() -> list[dict[str, str]]:
    levels = (FORMULA, f"{SCRIPT} {LATEX}")
    return [
        {"patient_id": f"{SCRIPT}{i}", "OS_days": str(90 + 40 * i), "OS_event": str(int(i < 4)),
         "EFS_days": str(60 + 40 * i), "EFS_event": str(int(i < 5)), "CIR_days": str(60 + 40 * i),
         "CIR_event": str(i % 4), "cr": str(int(i > 2)), "crs_grade": str(i % 3), "donor": levels[i % 2],
         "blasts": str(5 + i), "age": str(20 + 5 * i), "sex": "F" if i % 2 else "M"}
        for i in range(N)
    ]  # fmt: skip


def _events() -> list[dict[str, str]]:
    return [
        {"patient_id": f"{SCRIPT}{i}", "term": PAYLOADS[i % len(PAYLOADS)], "grade": str(1 + i % 4), "day": str(5 + i)}
        for i in range(N)
    ]


def _table(rows: list[dict[str, str]]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
