"""The command line: what it prints where, and the exit codes it promises."""

from __future__ import annotations

import json
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from helpers import cli
from helpers.paths import PROJECT

ROWS = [
    {"claim": "os_6mo", "field": "value", "printed": "67.90", "predicted": ["67.90"],
     "verdict": "re-derived", "note": ""},
    {"claim": "os_6mo", "field": "ci_high", "printed": "84.50", "predicted": ["87.50"],
     "verdict": "impossible", "note": "why"},
    {"claim": "m", "field": "value", "printed": "9", "predicted": {"min": "1", "max": "9"},
     "verdict": "consistent", "note": ""},
]  # fmt: skip
INVERSION = {
    "study": "zhuo2024",
    "endpoints": {
        "OS": {
            "n": 22, "exhaustive": True, "count": 2, "histories": ["EEC", "ECE"],
            "conventions": [{"interval": "plain", "z": "1.96", "rounded_to": 3, "rounding": "half-up"}],
            "set_aside": [{"claim": "os_6mo", "field": "ci_high", "printed": "84.50",
                           "expected": ["87.50"], "one_digit": True}],
            "events": [12, 12], "censored": [3, 4], "event_days": {"11": [287, 287], "12": [300, 310]},
        }
    },
}  # fmt: skip


class Row:
    def __init__(self, content: dict[str, Any]) -> None:
        self.as_dict = lambda: content


def module(monkeypatch: pytest.MonkeyPatch, name: str, **content: Any) -> None:
    made = types.ModuleType(name)
    made.__dict__.update(content)
    monkeypatch.setitem(sys.modules, name, made)
    parent, _, child = name.rpartition(".")
    if parent in sys.modules:
        monkeypatch.setattr(sys.modules[parent], child, made, raising=False)


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Call the command line in this process; gives exit code, standard output and standard error."""
    monkeypatch.setattr("signal.signal", lambda *_: None)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["unrounded", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        code = ended.value.code
        return (0 if code is None else int(code)), out, err

    return run


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    module(monkeypatch, "helpers.ledger", ledger=lambda study, **_: tuple(Row(r) for r in ROWS))


@pytest.fixture
def inversion(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    asked: list[tuple[object, ...]] = []

    def as_json(found: object, endpoint: str | None, limit: int) -> dict[str, Any]:
        asked.append((found, endpoint, limit))
        return INVERSION

    def draw_patients(study: Any, draws: int, seed: int) -> pd.DataFrame:
        asked.append((study.id, draws, seed))
        return pd.DataFrame({"draw": [1, 1], "patient_id": ["1", "2"], "data_kind": ["reconstructed"] * 2})

    module(monkeypatch, "helpers.inversion", invert_study=lambda study, **_: study.id)
    module(monkeypatch, "helpers.inversion.report", as_json=as_json)
    module(monkeypatch, "helpers.inversion.draws", draw_patients=draw_patients)
    return asked


def test_starting_up_imports_nothing_heavy() -> None:
    heavy = [
        "numpy",
        "pandas",
        "scipy",
        "matplotlib",
        "lifelines",
        "statsmodels",
        "papermill",
        "nbformat",
        "pandera",
        "distributed",
        "rich",
    ]
    code = f"import sys, helpers.cli; print([m for m in {heavy} if m in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"


def test_help_lists_every_command(call: Any) -> None:
    code, out, _ = call("--help")
    assert code == 0
    for command in ("run", "check", "invert", "draw", "new", "read", "simulate", "studies", "baseline"):
        assert f"\n  {command} " in out


@pytest.mark.parametrize("arguments", [("nonsense",), ("run", "--nonsense"), ("check",), ("draw", "zhuo2024"), ()])
def test_wrong_usage_is_exit_code_2(call: Any, arguments: tuple[str, ...]) -> None:
    code, out, err = call(*arguments)
    assert code == 2
    assert "Traceback" not in out + err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("check", "zhuo2042"), "zhuo2024"),
        (("invert", "zhuo2024", "--endpoint", "OSS"), "did you mean OS?"),
        (("draw", "zhuo2024", "--out", "rows.xlsx"), ".csv or .parquet"),
        (("draw", "zhuo2024", "--out", "no/such/folder/rows.csv"), "folder that exists"),
        (("run", "zhuo2024", "--cohort", "none.csv"), "cohort file does not exist"),
        (("run", "zhuo2024", "--jobs", "0"), "--jobs"),
        (("baseline", "none.ipynb"), "no such notebook"),
    ],
)
def test_bad_input_is_two_lines_on_standard_error_and_exit_code_2(
    call: Any, inversion: object, arguments: tuple[str, ...], words: str
) -> None:
    code, out, err = call(*arguments)
    assert (code, out) == (2, "")
    assert words in err
    problem, remedy = err.splitlines()
    assert remedy.startswith("  remedy: ")


def test_debug_shows_the_traceback_wherever_it_stands(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from helpers.errors import InputError

    monkeypatch.setattr(sys, "argv", ["unrounded", "check", "nothing", "--debug"])
    with pytest.raises(InputError):
        cli.main()


def test_check_shows_the_ledger_and_its_sum(call: Any, ledger: None) -> None:
    code, out, err = call("check", "zhuo2024")
    assert (code, err) == (0, "")
    line = next(row for row in out.splitlines() if "84.50" in row)
    assert line.split() == ["os_6mo", "upper", "limit", "84.50", "87.50", "✕", "impossible", "why"]
    assert "1 to 9" in out
    assert out.splitlines()[-1] == "3 printed numbers: 1 re-derived, 1 impossible, 1 consistent"


def test_check_json_is_the_list_and_strict_exits_1(call: Any, ledger: None) -> None:
    code, out, _ = call("check", "zhuo2024", "--json")
    assert code == 0
    assert json.loads(out) == ROWS
    assert call("check", "zhuo2024", "--strict")[0] == 1


def test_strict_is_0_when_nothing_is_impossible(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    module(monkeypatch, "helpers.ledger", ledger=lambda study, **_: (Row(ROWS[0]),))
    assert call("check", "zhuo2024", "--strict")[0] == 0


def test_invert_shows_histories_conventions_and_what_was_set_aside(call: Any, inversion: list[object]) -> None:
    code, out, _ = call("invert", "zhuo2024", "--endpoint", "OS", "--limit", "5")
    assert code == 0
    assert inversion == [("zhuo2024", "OS", 5)]
    for words in (
        "zhuo2024 OS: n = 22",
        "2 histories could have printed",
        "1  ECE",
        "12 events, 3 to 4 censored",
        "plain interval, z 1.96, S and se rounded to 3 decimals first, half-up",
        "set aside: os_6mo upper limit 84.50; the rest predicts 87.50 (one digit off)",
        "event 11: day 287",
        "event 12: between day 300 and day 310",
    ):
        assert words in out


def test_invert_json_is_the_object_as_it_comes(call: Any, inversion: object) -> None:
    assert json.loads(call("invert", "zhuo2024", "--json")[1]) == INVERSION


@pytest.mark.parametrize("name", ["rows.csv", "rows.parquet"])
def test_draw_writes_labelled_tables(call: Any, inversion: list[object], tmp_path: Path, name: str) -> None:
    code, out, _ = call("draw", "zhuo2024", "--draws", "3", "--seed", "9", "--out", str(tmp_path / name))
    assert code == 0
    assert inversion == [("zhuo2024", 3, 9)]
    assert "reconstructed" in out
    read = pd.read_csv if name.endswith("csv") else pd.read_parquet
    assert list(read(tmp_path / name)["data_kind"]) == ["reconstructed"] * 2


def test_a_draw_without_its_label_is_never_written(
    call: Any, inversion: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    unlabelled = lambda study, draws, seed: pd.DataFrame({"data_kind": ["observed"]})  # noqa: E731
    module(monkeypatch, "helpers.inversion.draws", draw_patients=unlabelled)
    assert call("draw", "zhuo2024", "--out", str(tmp_path / "rows.csv"))[0] == 1
    assert list(tmp_path.iterdir()) == []


def test_check_holds_the_claims_against_named_rows(call: Any) -> None:
    path = str(PROJECT / "data" / "freireich1963" / "cohort.csv")
    code, out, err = call("check", "freireich1963", "--cohort", path, "--strict")
    assert (code, err) == (0, "")
    first, *table = out.splitlines()
    assert first == "rows: cohort.csv: 42 patients, no value missing"
    line = next(row for row in table if row.startswith("mp_23wk") and "upper" in row)
    assert line.split() == ["mp_23wk", "upper", "limit", "0.680", "0.680", "●", "reproduced"]
    assert "landmarks: log-log interval, full precision, half-up or half-even, z exact" in out
    assert table[-1] == "34 printed numbers: 34 reproduced"
    rows = json.loads(call("check", "freireich1963", "--cohort", path, "--json")[1])
    assert {row["verdict"] for row in rows} == {"reproduced"}
    assert set(ROWS[0]) < set(rows[0])


def test_check_finds_the_rows_of_a_study_folder_and_says_so(call: Any) -> None:
    _, out, _ = call("check", "freireich1963")
    assert "rows: cohort.csv, found in the study folder: 42 patients, no value missing" in out
    assert out.count("printed numbers: ") == 2
    assert {row["verdict"] for row in json.loads(call("check", "freireich1963", "--json")[1])} >= {"re-derived"}
    assert "rows: " not in call("check", "freireich1963", "--cohort", "none")[1]
    assert "rows: " not in call("check", "zhuo2024")[1]


def test_check_is_strict_about_rows_that_print_something_else(call: Any, tmp_path: Path) -> None:
    source = PROJECT / "data" / "freireich1963" / "cohort.csv"
    (tmp_path / "rows.csv").write_text(source.read_text().replace("01-6MP,1,6-MP,partial,10,1", "x,1,6-MP,partial,5,1"))
    arguments = ("check", "freireich1963", "--cohort", str(tmp_path / "rows.csv"))
    code, out, _ = call(*arguments)
    assert code == 0
    assert "✕ differs" in out and "printed +" in out
    assert call(*arguments, "--strict")[0] == 1


def test_check_tells_all_that_is_wrong_with_rows(call: Any, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("patient_id,arm,DR_weeks,DR_event,姓名\na,6-MP,-1,2,x\n", encoding="utf-8")
    arguments = ("check", "freireich1963", "--cohort", str(tmp_path / "rows.csv"))
    code, out, err = call(*arguments)
    assert (code, out) == (2, "")
    assert err.count("remedy: ") == 3
    code, _, err = call(*arguments, "--allow-identifiers")
    assert (code, err.count("remedy: ")) == (2, 2)


def test_new_makes_a_folder_that_studies_and_check_can_read(call: Any, ledger: None, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    code, out, _ = call("new", str(folder))
    assert code == 0
    assert "unrounded check" in out
    assert call("check", str(folder), "--json")[0] == 0
    assert call("new", str(folder))[0] == 2


def test_studies_lists_what_is_in_data(call: Any) -> None:
    code, out, _ = call("studies")
    assert code == 0
    lines = {line.split()[0]: line.split()[1:3] for line in out.splitlines()[1:]}
    assert list(lines) == sorted(path.name for path in (PROJECT / "data").iterdir() if path.is_dir())
    known = {"freireich1963": ["42", "16"], "sequential2022": ["23", "7"], "zhuo2024": ["22", "15"]}
    assert {name: lines[name] for name in known} == known


def test_run_passes_everything_on(call: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from helpers.suite import command

    seen: list[Any] = []
    monkeypatch.setattr(command, "run_studies", lambda *given: seen.append(given))
    assert (
        call("run", "-p", "seed=2", "-p", "interval=log", "--out", str(tmp_path), "--jobs", "3", "--force",
             "--cohort", "rows.csv", "--adverse-events", "ae.csv", "--allow-identifiers", "--only", "06_verdict",
             "--scheduler", "tcp://10.0.0.1:8786")[0]
        == 0
    )  # fmt: skip
    ((names, everything, settings, scheduler),) = seen
    assert (names, everything, scheduler) == (["zhuo2024"], False, "tcp://10.0.0.1:8786")
    assert settings.only == ("06_verdict",)
    assert (settings.pairs, settings.out, settings.jobs, settings.force) == (
        ("seed=2", "interval=log"),
        tmp_path,
        3,
        True,
    )
    assert (settings.cohort, settings.adverse_events) == (Path("rows.csv"), Path("ae.csv"))
    assert settings.allow_identifiers
    assert call("run", "--all")[0] == 0
    assert seen[1][:2] == ([], True)


def test_a_failed_notebook_is_exit_code_1_and_two_lines(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from helpers.suite import run as suite

    def fail(*_: object) -> None:
        raise suite.RunFailed("02_b failed: cell [4]: ValueError: x\n  remedy: read it")

    monkeypatch.setattr("helpers.suite.run.plan", fail)
    assert call("run") == (1, "", "02_b failed: cell [4]: ValueError: x\n  remedy: read it\n")


def test_every_study_is_what_all_means(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from helpers.suite import command

    seen: list[Any] = []
    monkeypatch.setattr(command, "_run_many", lambda names, *_: seen.append(list(names)))
    assert call("run", "--all", "--cohort", "none")[0] == 0
    assert seen == [sorted(path.name for path in (PROJECT / "data").iterdir() if path.is_dir())]
    code, _, err = call("run", "--all", "zhuo2024")
    assert (code, "exclude each other" in err) == (2, True)
    code, _, err = call("run", "zhuo2024", "hua2021", "--cohort", str(PROJECT / "README.md"))
    assert (code, "one cohort file belongs to one study" in err) == (2, True)


def test_an_error_of_our_own_making_is_told_without_a_traceback(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(study: object, **_: object) -> None:
        raise KeyError("oops")

    module(monkeypatch, "helpers.ledger", ledger=broken)
    code, _, err = call("check", "zhuo2024")
    assert code == 1
    assert "unexpected KeyError" in err
    assert "--debug" in err
    assert "Traceback" not in err
