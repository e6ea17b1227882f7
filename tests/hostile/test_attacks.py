"""Named attacks on the loaders and commands: each is answered quickly, in two lines, what is too large is not read."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.cohort import load_cohort
from helpers.errors import InputError
from helpers.inversion.evidence import MAX_INVERTED, TOO_MANY
from helpers.reading.source import read_source
from helpers.study import load_study
from tests.cohort.making import study as cohort_study
from tests.fuzz.mutate import LAUGHS
from tests.study.folder import COUNT, SHARE, SOUND, YAML, table, write

SECONDS = 5.0  # of processor time
MIB = 300  # more memory than before


def refused(call: Callable[[], object]) -> str:
    """The message of an InputError, given quickly and without much memory."""
    started, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(InputError) as caught:
        call()
    assert time.process_time() - started < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MIB * 1024
    for problem in caught.value.problems:
        assert str(problem).count("\n") == 1 and len(str(problem)) < 5_000
    return str(caught.value)


def sparse(path: Path, size: int, start: bytes = b"") -> Path:
    """A file that says it has so many bytes and takes none."""
    with path.open("wb") as stream:
        stream.write(start)
        stream.truncate(size)
    return path


BOMBS = {
    "billion laughs": (LAUGHS.decode(), "anchors and aliases"),
    "merge key": (YAML + "<<: &a {n: 3}\n", "anchors and aliases"),
    "merge of a mapping": (YAML + "<<: {n: 3}\n", "key must be a short text"),
    "object": (YAML + "title_original: !!python/object/apply:os.system ['touch pwned']\n", "tags are not allowed"),
    "new object": (YAML + "title_original: !!python/object/new:os.system ['touch pwned']\n", "tags are not allowed"),
    "name": (YAML + "title_original: !!python/name:os.system\n", "tags are not allowed"),
    "own tag": (YAML + "title_original: !x y\n", "tags are not allowed"),
    "binary": (YAML + "title_original: !!binary AAAA\n", "tags are not allowed"),
    "deep list": (YAML + "sites: " + "[" * 5000 + "]" * 5000, "nested more than"),
    "deep mapping": (YAML + "sites: " + "{a: " * 3000 + "}" * 3000, "nested more than"),
    "second document": (YAML + "---\n" + YAML, "not valid YAML"),
    "long text": (YAML + "population: " + "x" * 50_000, "50,000 characters"),
    "a million characters": (YAML + "population: " + "x" * 1_000_000, "too large"),
    "NUL": (YAML + "population: a\0b\n", "NUL character"),
    "escaped NUL": (YAML + 'population: "a\\0b"\n', "U+0000"),
    "escape sequence": (YAML + 'population: "a\\x1b[2Jb"\n', "U+001B"),
    "lone surrogate": (YAML + 'population: "a\\ud800b"\n', ""),
    "huge number": (YAML.replace("22", "9" * 5000), "n"),
    "n of a billion": (YAML.replace("22", "1000000000"), "1 to 10,000,000"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_in_yaml(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    yaml, told = BOMBS[name]
    assert told in refused(lambda: load_study(write(tmp_path / "s", yaml)))
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize(
    "bad",
    ["../x", "..", "/etc/passwd", "a/b", "a\\b", ".hidden", "a b", "~", "$HOME", "CON:", "x\n", "-rf", "a\u202eb", "é"],
)
def test_an_id_cannot_lead_out_of_the_results(bad: str, tmp_path: Path) -> None:
    import json

    message = refused(lambda: load_study(write(tmp_path / "s", YAML.replace("demo", json.dumps(bad), 1))))
    assert "id must be lower-case letters" in message or "control" in message or "U+" in message


@pytest.mark.parametrize("argument", ["../zhuo2024", "../../etc", "/etc", "zhuo2024/../../etc", "~", "a\0b", "x" * 999])
def test_an_argument_that_is_no_study(argument: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    refused(lambda: load_study(argument))


@pytest.mark.parametrize("name", ["study.yaml", "claims.csv"])
@pytest.mark.parametrize("target", ["/etc/passwd", "/dev/zero", "../secret", "/proc/self/environ"])
def test_links_out_of_the_folder_are_not_followed(name: str, target: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("a secret", encoding="utf-8")
    folder = write(tmp_path / "s")
    (folder / name).unlink()
    (folder / name).symlink_to(target)
    message = refused(lambda: load_study(folder))
    assert "leaves the study folder" in message and "a secret" not in message and "root:" not in message


@pytest.mark.parametrize("name", ["cohort.csv", "adverse_events.csv"])
def test_rows_found_in_the_folder_are_no_links_out_of_it(name: str, tmp_path: Path) -> None:
    from helpers.cohort import find_cohort

    study = cohort_study(tmp_path)
    (tmp_path / "elsewhere.csv").write_text("patient_id,OS_days,OS_event\na,10,1\n", encoding="utf-8")
    if name != "cohort.csv":
        (study.folder / "cohort.csv").write_text("patient_id,OS_days,OS_event\na,10,1\n", encoding="utf-8")
    (study.folder / name).symlink_to(tmp_path / "elsewhere.csv")

    def load() -> object:
        path = find_cohort(study)
        return path and load_cohort(study, path)

    assert "leaves the study folder" in refused(load)


def test_files_that_never_end_are_not_read(tmp_path: Path) -> None:
    folder = write(tmp_path / "s")
    (folder / "claims.csv").unlink()
    os.mkfifo(folder / "claims.csv")
    assert "not a regular file" in refused(lambda: load_study(folder))
    assert "not a regular file" in refused(lambda: load_cohort(cohort_study(tmp_path), folder / "claims.csv"))
    refused(lambda: read_source(folder / "claims.csv"))
    refused(lambda: read_source(Path("/dev/zero")))


def test_a_billion_rows_are_refused_before_they_are_read(tmp_path: Path) -> None:
    folder, size = write(tmp_path / "s"), 60 * 10**9
    sparse(folder / "claims.csv", size, b"id,statistic\n")
    assert f"{size:,} bytes" in refused(lambda: load_study(folder))
    rows = sparse(tmp_path / "rows.csv", size, b"patient_id,OS_days\n")
    assert f"{size:,} bytes" in refused(lambda: load_cohort(cohort_study(tmp_path / "c"), rows))
    assert f"{size:,} bytes" in refused(lambda: read_source(rows))


def test_more_rows_than_are_read_are_refused(tmp_path: Path) -> None:
    text = table(*[SOUND | {"id": f"a{i}"} for i in range(10_002)])
    assert "more than 10,000 rows" in refused(lambda: load_study(write(tmp_path / "s", claims=text)))


@pytest.mark.parametrize("column", ["id", "note", "value", "endpoint", "statistic"])
def test_a_field_of_a_million_characters(column: str, tmp_path: Path) -> None:
    claims = table(SOUND | {column: "9" * 1_000_000})
    assert len(refused(lambda: load_study(write(tmp_path / "s", claims=claims)))) < 2_000
    header = "patient_id,OS_days,OS_event\n"
    for rows in (f"{'a' * 1_000_000},1,1\n", f"a,{'9' * 1_000_000},1\n", '"' + "a\n" * 500_000):
        path = tmp_path / "rows.csv"
        path.write_text(header + rows, encoding="utf-8")
        refused(lambda path=path: load_cohort(cohort_study(tmp_path / "c"), path))


@pytest.mark.parametrize("place", ["header", "cell", "end"])
def test_nul_bytes(place: str, tmp_path: Path) -> None:
    text = table(SOUND)
    bad = {"header": "\0" + text, "cell": text.replace("67.90", "67\0.90"), "end": text + "\0"}[place]
    assert "NUL character" in refused(lambda: load_study(write(tmp_path / "s", claims=bad)))
    rows = tmp_path / "rows.csv"
    rows.write_text("patient_id,OS_days,OS_event\na,10,1\n".replace("10", "1\0") + "\0" * (place == "end"), "utf-8")
    assert "NUL character" in refused(lambda: load_cohort(cohort_study(tmp_path / "c"), rows))


def test_pickles_are_refused_whatever_they_are_called(tmp_path: Path) -> None:
    import pickle

    raw = pickle.dumps({"patient_id": [1]})
    for name in ("rows.pkl", "rows.csv", "rows.parquet", "rows.pickle"):
        (tmp_path / name).write_bytes(raw)
        refused(lambda name=name: load_cohort(cohort_study(tmp_path / "c"), tmp_path / name))


def test_checked_rows_from_elsewhere_are_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from helpers.cohort import open_cohort, write_cohort
    from helpers.cohort.checked import keep_checked

    study = cohort_study(tmp_path)
    source = study.folder / "cohort.csv"
    source.write_text("patient_id,OS_days,OS_event\na,10,1\nb,20,0\n", encoding="utf-8")
    monkeypatch.setenv("UNROUNDED_SESSION_KEY", "the attacker's own")
    forged = load_cohort(study, source)
    forged.rows["OS_days"] = 999.0
    write_cohort(forged, study.folder)
    source.write_text("patient_id,OS_days,OS_event\na,10,1\nb,20,0\n", encoding="utf-8")
    keep_checked(forged, source)
    taken = open_cohort(study)
    assert taken is not None and set(taken.rows["OS_days"]) == {999.0}, "in the same session it is taken"
    for key in ("another session", None):
        if key is None:
            monkeypatch.delenv("UNROUNDED_SESSION_KEY")
        else:
            monkeypatch.setenv("UNROUNDED_SESSION_KEY", key)
        opened = open_cohort(study)
        assert opened is not None and list(opened.rows["OS_days"]) == [10.0, 20.0]
    (study.folder / "cohort.csv.checked.json").write_text('{"hashes": 1, "signature": []}', encoding="utf-8")
    monkeypatch.setenv("UNROUNDED_SESSION_KEY", "x")
    assert open_cohort(study) is not None


@pytest.mark.parametrize("n", [MAX_INVERTED + 1, 100_000, 10_000_000])
def test_papers_of_very_many_patients_are_answered_at_once(n: int, tmp_path: Path) -> None:
    from helpers.inversion import invert_study
    from helpers.inversion.report import as_json
    from helpers.ledger import ledger

    claims = table(SOUND, SHARE | {"n": str(n), "count": "18"}, COUNT | {"id": "all", "count": str(n), "n": str(n)})
    study = load_study(write(tmp_path / "s", YAML.replace("n: 22", f"n: {n}"), claims))
    told: list[str] = []
    started = time.process_time()
    rows = ledger(study, tell=told.append)
    inversion = invert_study(study)
    assert time.process_time() - started < SECONDS
    assert not inversion.endpoints and TOO_MANY in told[0] and f"{n:,} patients" in told[0]
    about = {row.field: row for row in rows if row.claim == "os_6mo"}
    assert {str(row.verdict) for row in about.values()} == {"not derivable"}
    assert all(row.note == TOO_MANY for row in about.values())
    assert TOO_MANY in refused(lambda: as_json(inversion, "OS"))


@pytest.mark.parametrize("command", ["check", "invert", "run"])
def test_a_billion_patients_are_refused_by_every_command(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from helpers.cli import main

    folder = write(tmp_path / "s", YAML.replace("22", str(10**9)))
    monkeypatch.setattr("sys.argv", ["unrounded", command, str(folder)])
    started = time.process_time()
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr()
    assert time.process_time() - started < SECONDS
    assert ended.value.code == 2 and not told.out
    assert told.err.count("\n") == 2 and "1 to 10,000,000" in told.err
