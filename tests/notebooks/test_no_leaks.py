"""Nothing of a cohort file gets into results but what tables need: not a name, not a path, not a column on the side."""

from __future__ import annotations

import base64
import csv
import io
import json
import os
import re
import subprocess
import sys
import zlib
from pathlib import Path

import pandas as pd
import pytest

from helpers.paths import PROJECT
from helpers.suite.hashing import files_below
from tests.cohort.invented import INVENTED, invented_claims, invented_events, invented_rows

pytestmark = pytest.mark.slow

PLACE, STEM, EVENTS = "Zzyzx-ward-of-mercy", "qwfp-registry-1999", "arst-toxicity-dump"
NAME, NOTE = "QZXPATIENT", "QZXDIARY"
YAML = """id: leaky
title: Invented CAR-T cells in invented patients
n: {n}
population: invented patients
endpoints:
  OS: {{name: Overall survival, origin: infusion, events: death}}
  EFS: {{name: Event-free survival, origin: infusion, events: "relapse, non-response or death"}}
covariates:
  product: {{kind: categorical, label: Product}}
  physician_code: {{kind: categorical, label: Code}}
  blasts: {{kind: continuous, label: Blasts, unit: "%"}}
ignored_columns: [diary]
grading: {{crs: ASTCT 2019}}
"""


def write(folder: Path, n: int = 30) -> tuple[Path, Path]:
    """A study folder, and elsewhere its rows with everything in them that must stay behind."""
    rows = invented_rows(n, seed=5, missing=0.0)
    rows["patient_id"] = [f"{NAME}-{k:03d}" for k in range(n)]
    kept = ["patient_id", "OS_days", "OS_event", "EFS_days", "EFS_event", "cr", "cri", "mrd_negative",
            "response_days", "relapse_days", "transplant_days", "crs_grade", "blasts", "product"]  # fmt: skip
    events = invented_events(rows, 5)
    rows = rows[kept].assign(
        # a level for each patient: a number in disguise, which no table can use
        physician_code=[f"{NOTE}-CODE-{k:03d}" for k in range(n)], diary=[f"{NOTE}-{k:03d}" for k in range(n)],
        email=[f"{NAME}{k}@example.org" for k in range(n)],
    )  # fmt: skip
    study, private = folder / "leaky", folder / PLACE
    study.mkdir()
    private.mkdir()
    (study / "study.yaml").write_text(YAML.format(n=n), encoding="utf-8")
    (study / "claims.csv").write_text(
        invented_claims(invented_rows(n, 5, 0.0), landmarks=False).split("\n")[0]
        + f"\npatients,,count,,,{n},{n},,,,,,text,Patients infused\n",
        encoding="utf-8",
    )
    for name, frame in ((STEM, rows), (EVENTS, events)):
        (private / f"{name}.csv").write_text(INVENTED + frame.to_csv(index=False), encoding="utf-8")
    (study / f"{NAME}.txt").write_text("a letter", encoding="utf-8")
    return study, private


def texts(folder: Path) -> dict[str, str]:
    """All that can be read in a folder of results: names of files, texts, and what pictures hold beside pixels."""
    found = {}
    for path in files_below(folder):
        name = str(path.relative_to(folder))
        content = path.read_bytes()
        parts = [name, content.decode("utf-8", errors="replace")]
        if path.suffix == ".pdf":
            streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
            parts += [zlib.decompressobj().decompress(s).decode("latin-1") for s in streams if s[:1] == b"\x78"]
        if path.suffix in (".ipynb", ".html"):
            pictures = re.findall(r"iVBORw0KGgo[A-Za-z0-9+/=]+", parts[1])
            parts += [base64.b64decode(text).decode("latin-1") for text in pictures]
            parts[1] = re.sub(r"[A-Za-z0-9+/=]{200,}", "", parts[1])  # pixels are no words
        found[name] = "\n".join(parts)
    return found


@pytest.fixture(scope="module", params=[0, 5])
def results(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The results of a run through the command line, and the folder in which the rows were."""
    root = tmp_path_factory.mktemp("leaks")
    study, private = write(root)
    command = [
        sys.executable, "-m", "helpers", "run", str(study), "--cohort", str(private / f"{STEM}.csv"),
        "--adverse-events", str(private / f"{EVENTS}.csv"), "--allow-identifiers", "--out", str(root / "results"),
        "-p", f"mask_below={request.param}",
    ]  # fmt: skip
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    assert STEM in done.stdout, "the terminal may say which file it was"
    return root / "results" / "leaky", private


def test_no_name_no_side_column_and_no_place_of_a_cohort_file_reaches_results(results: tuple[Path, Path]) -> None:
    folder, private = results
    found = texts(folder)
    assert {".ipynb", ".html", ".csv", ".json", ".svg", ".pdf", ".png"} <= {Path(name).suffix for name in found}
    for secret in (NAME, NOTE, PLACE, STEM, EVENTS, str(private), str(private.parent), "example.org"):
        leaks = [name for name, text in found.items() if secret.lower() in text.lower()]
        assert not leaks, (secret, leaks)


def test_running_numbers_stand_only_where_single_patients_are_shown(results: tuple[Path, Path]) -> None:
    folder, _ = results
    found = texts(folder)
    numbered = {name for name, text in found.items() if re.search(r"\bP\d\d\b", text) and not name.endswith(".pdf")}
    assert not [name for name in numbered if name.endswith((".csv", ".json"))], "tables are of groups of patients"
    swimmers = {name for name in found if "swimmer" in name}
    assert (
        numbered - swimmers <= {"notebooks/04_survival.ipynb", "pages/04_survival.html"} if swimmers else not numbered
    )


def test_tables_have_no_row_for_each_patient(results: tuple[Path, Path]) -> None:
    folder, private = results
    rows = pd.read_csv(private / f"{STEM}.csv", comment="#")
    pairs = {tuple(map(str, pair)) for pair in rows[["OS_days", "EFS_days"]].itertuples(index=False)}
    for path in sorted((folder / "tables").glob("*-rows-*.csv")):
        cells = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
        together = sum(any(a in row and b in row for row in cells) for a, b in pairs if a != b)
        assert together == 0, path.name


def test_the_manifest_tells_the_rows_by_their_hash_alone(results: tuple[Path, Path]) -> None:
    manifest = json.loads((results[0] / "manifest.json").read_text(encoding="utf-8"))
    data = manifest["inputs"]["data"]
    assert {"cohort", "adverse events", "leaky/study.yaml", "leaky/claims.csv"} == set(data)
    assert re.fullmatch(r"[0-9a-f]{64}", data["cohort"])


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure()
    figure.text(0.5, 0.5, STEM)
    for kind in ("svg", "pdf"):
        figure.savefig(tmp_path / f"a.{kind}", metadata={"Title": NAME})
    assert all(NAME in text for text in texts(tmp_path).values())
