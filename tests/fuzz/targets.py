"""What is fuzzed: each target makes a file from a seed, reads it, and says how it ended."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from helpers.cohort import Cohort, load_cohort
from helpers.errors import InputError
from helpers.paths import PROJECT
from helpers.reading.reader import read_text
from helpers.reading.source import read_source
from helpers.study import Study, load_study
from tests.cohort.making import ROWS
from tests.cohort.making import YAML as COHORT_YAML
from tests.cohort.making import csv as rows_text
from tests.fuzz.mutate import ANYWHERE, IN_TABLES, IN_YAML, mutated
from tests.study.folder import COUNT, MEDIAN, SHARE, SOUND, YAML, table, write

EVERY_KEY = b"""id: demo
title: A study for tests
title_original: "\xe6\xa0\x87\xe9\xa2\x98"
n: 22
citation: {authors: "A B, C D", journal: J, year: 2024, doi: 10.1000/x, pmcid: PMC1}
sites: [one, two]
enrolled: {from: 2015-09, to: 2022-12-31}
last_follow_up_before: 2023-08-15
conventions: {interval: log-log, z: '1.96', rounded_to: 3, rounding: half-up}
not_published: [age, dose]
endpoints:
  OS: {name: Overall survival, origin: infusion, events: death, n: 20, censoring: [alive]}
  CIR: {name: Relapse, events: relapse, competing: [death], subset: {cr: '1'}, columns: CIR}
outcomes: {efficacy: [cr], safety: [icans]}
totals: {cr: [icans]}
covariates:
  blasts: {kind: continuous, unit: '%'}
  donor: {kind: categorical, levels: [sibling, haplo]}
grading: {crs: ASTCT 2019}
responses: [CR, CRi, NR]
definitions: {cr: {rows: {cr: '1'}, of: {crs_grade: '>= 3'}}}
non_response_day: 28
ignored_columns: [remarks]
"""
CLAIMS = table(SOUND, MEDIAN, COUNT, SHARE).encode()
EVENTS = b"patient_id,term,grade,day\na,Infection,3,12\nb,Fever,1,\n"
WIDE = b"patient_id,OS_months,OS_event,EFS_date,EFS_event,infusion_date,age,sex,donor,blasts,crs_grade\n" + b"".join(
    b"p%d,%d.5,%d,2020-0%d-11,0,2020-01-02,%d,F,sibling,4.5,%d\n" % (i, i + 3, i % 2, i + 2, 20 + i, i % 4)
    for i in range(6)
)
HTML = (
    b"<!doctype html><html><head><title>T</title></head><body><div class=abstract>"
    b"<p>18 of 22 patients (81.82%) reached CR.</p></div></body></html>"
)


@dataclass(frozen=True)
class Target:
    """One loader: `make` writes an input into a folder, `read` loads it and checks what comes back."""

    name: str
    make: Callable[[Path, random.Random], None]
    read: Callable[[Path], None]


def _make_study(folder: Path, rng: random.Random) -> None:
    yaml, claims = rng.choice((YAML.encode(), EVERY_KEY)), CLAIMS
    which = rng.random()
    if which < 0.6:
        yaml = mutated(yaml, IN_YAML, rng)
    if which > 0.4:
        claims = mutated(claims, IN_TABLES, rng)
    write(folder, yaml, claims)


def _read_study(folder: Path) -> None:
    study = load_study(folder)
    assert isinstance(study, Study)
    assert all(claim.n >= 1 and claim.printed for claim in study.claims)


@cache
def _the_study() -> Study:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        return load_study(write(Path(folder) / "s", COHORT_YAML, table(SOUND)))


@cache
def _parquet() -> bytes:
    import io

    import pandas as pd

    stream = io.BytesIO()
    pd.DataFrame(ROWS).to_parquet(stream, index=False)
    return stream.getvalue()


def _make_cohort(folder: Path, rng: random.Random) -> None:
    for leftover in folder.iterdir():
        leftover.unlink()
    which = rng.random()
    if which < 0.1:
        (folder / "rows.parquet").write_bytes(mutated(_parquet(), ANYWHERE, rng, rare=0))
        return
    rows = rng.choice((rows_text(ROWS).encode(), WIDE))
    if which > 0.8:
        (folder / "adverse_events.csv").write_bytes(mutated(EVENTS, IN_TABLES, rng))
        rows = rows_text(ROWS).encode()
    if which < 0.9:
        rows = mutated(rows, IN_TABLES, rng)
    (folder / "rows.csv").write_bytes(rows)


def _read_cohort(folder: Path) -> None:
    path = next(p for p in folder.iterdir() if p.stem == "rows")
    cohort = load_cohort(_the_study(), path)
    assert isinstance(cohort, Cohort)
    assert cohort.n == len(cohort.rows) and cohort.rows["patient_id"].is_unique
    for name in cohort.rows.columns:
        if str(name).endswith("_days"):
            assert (cohort.rows[name].dropna() >= 0).all()


@cache
def _abstracts() -> tuple[bytes, ...]:
    fixtures = sorted((PROJECT / "tests" / "reading" / "fixtures").glob("*.txt"))
    texts = [path.read_bytes() for path in fixtures]
    short = sorted(texts, key=len)[:12]
    chinese = "6个月OS率为67.90％（95％CI 48.30％～84.50％）。".encode()
    return (*short, HTML, b"Abstract\n" + short[0] + b"\nKeywords: CAR-T\n", chinese)


def _make_abstract(folder: Path, rng: random.Random) -> None:
    text = rng.choice(_abstracts())
    if len(text) > 600:  # a stretch of it: the point is the grammar, not the length
        at = rng.randrange(len(text) - 500)
        text = text[at : at + 500]
    start = rng.choice((b"",) * 12 + (b"%PDF-1.4\n", b"<html><body>", b"\xff\xfe", b"PK\x03\x04"))
    (folder / "a.txt").write_bytes(start + mutated(text, ANYWHERE, rng, rare=0.002))


def _read_abstract(folder: Path) -> None:
    source = read_source(folder / "a.txt")
    draft = read_text(source.text, source.title, source.around)
    for _, _, number in draft.readings():
        assert draft.text[number.start : number.end] == number.written


TARGETS = {
    "study": Target("study", _make_study, _read_study),
    "cohort": Target("cohort", _make_cohort, _read_cohort),
    "reader": Target("reader", _make_abstract, _read_abstract),
}


def outcome(target: Target, folder: Path, seed: int) -> tuple[str, str]:
    """How one input ended: ``("loaded", "")``, ``("refused", "")`` or ``("problem", what)``. Same seed, same input."""
    target.make(folder, random.Random(f"{target.name} {seed}"))
    try:
        target.read(folder)
    except InputError as error:
        if not error.problems:
            return "problem", "an InputError without a problem"
        for problem in error.problems:
            text = str(problem)
            if text.count("\n") != 1 or not all(line.isprintable() for line in text.split("\n")) or len(text) > 5_000:
                return "problem", f"a message that is not two short printable lines: {text[:200]!r}"
        return "refused", ""
    except Exception as error:  # the very thing looked for
        return "problem", f"{type(error).__name__}: {str(error)[:200]}"
    return "loaded", ""
