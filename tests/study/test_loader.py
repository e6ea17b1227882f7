"""What a sound study folder becomes, what is only warned of, and that the package stays light."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from helpers.conventions import Interval
from helpers.paths import PROJECT
from helpers.printed import Rounding
from helpers.study import load_study
from tests.study.folder import COUNT, HEADER, MEDIAN, SHARE, SOUND, YAML, table, write


def test_byte_order_mark_and_windows_line_ends_change_nothing(tmp_path: Path) -> None:
    plain = load_study(write(tmp_path / "plain"))
    marked = b"\xef\xbb\xbf" + table(SOUND).replace("\n", "\r\n").encode()
    windows = load_study(write(tmp_path / "windows", b"\xef\xbb\xbf" + YAML.replace("\n", "\r\n").encode(), marked))
    assert windows.claims == plain.claims
    assert (windows.id, windows.title) == (plain.id, plain.title)


def test_missing_trailing_columns_and_cells_are_empty(tmp_path: Path) -> None:
    text = "id,endpoint,statistic,at,at_unit,n,count\nicans,,count,,,,0\ndead,OS,events,,,,3\n"
    short = f"{HEADER}\nicans,,count,,,,0\n,,,,,,,,,,,,,\n\ndead,OS,events,,,,3\n"
    first, second = load_study(write(tmp_path / "a", claims=text)), load_study(write(tmp_path / "b", claims=short))
    assert [(c.id, c.count, c.note) for c in first.claims] == [(c.id, c.count, c.note) for c in second.claims]
    assert [c.row for c in second.claims] == [2, 5]


def test_rows_count_lines_even_after_a_note_of_two_lines(tmp_path: Path) -> None:
    text = table(COUNT | {"note": "one, \ntwo"}, SOUND)
    assert [c.row for c in load_study(write(tmp_path / "s", claims=text)).claims] == [2, 4]


def test_empty_cells_take_their_defaults(tmp_path: Path) -> None:
    study = load_study(write(tmp_path / "s", claims=table(SOUND, COUNT | {"n": "5"}, MEDIAN | {"ci_level": "90"})))
    assert [c.n for c in study.claims] == [22, 5, 22]
    assert [c.ci_level for c in study.claims] == [Fraction(95, 100), Fraction(95, 100), Fraction(9, 10)]


@pytest.mark.parametrize(
    "row",
    [
        SHARE | {"count": ""},
        SHARE | {"value": "", "unit": ""},
        SOUND | {"value": ""},
        SOUND | {"value": "100", "ci_low": "0", "ci_high": "100"},
        SOUND | {"value": "1", "ci_low": "0", "ci_high": "1.000", "unit": "proportion"},
        MEDIAN | {"value": "NR", "ci_low": "132", "ci_high": "NE"},
        MEDIAN | {"statistic": "follow_up", "endpoint": "", "ci_low": "5", "ci_high": "900", "ci_level": "100"},
        COUNT | {"statistic": "censored", "endpoint": "OS", "at": "26", "at_unit": "week"},
        COUNT | {"count": "22"},
    ],
)
def test_rows_at_the_edge_of_what_is_allowed(tmp_path: Path, row: dict[str, str]) -> None:
    study = load_study(write(tmp_path / "s", claims=table(row)))
    (claim,) = study.claims
    fields = ("count", "value", "ci_low", "ci_high")
    assert {f: n.text for f, n in claim.printed.items()} == {f: row[f] for f in fields if row.get(f)}
    assert study.warnings == ()


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (SOUND | {"value": "90.00"}, "48.30 to 84.50 of claim os_6mo does not contain its estimate 90.00"),
        (SOUND | {"ci_low": "84.50", "ci_high": "48.30"}, "84.50 to 48.30 of claim os_6mo has its limits reversed"),
        (MEDIAN | {"value": "NR", "ci_low": "1", "ci_high": "9"}, "1 to 9 of claim os_median does not contain"),
        (MEDIAN | {"ci_low": "NR", "ci_high": "9"}, "NR to 9 of claim os_median has its limits reversed"),
        (MEDIAN | {"ci_low": "NR", "ci_high": "NR"}, "NR to NR of claim os_median does not contain"),
    ],
)
def test_what_a_paper_may_misprint_is_a_warning(tmp_path: Path, row: dict[str, str], text: str) -> None:
    study = load_study(write(tmp_path / "s", claims=table(COUNT, row)))
    (warning,) = study.warnings
    assert "claims.csv, row 3: " in warning
    assert text in warning
    assert len(study.claims) == 2


def test_conventions_keep_a_null_that_was_written(tmp_path: Path) -> None:
    yaml = YAML + "conventions: {interval: log-log, z: 1.96, rounded_to: null, rounding: half-even}\n"
    fixed = load_study(write(tmp_path / "s", yaml)).conventions
    assert fixed == {
        "interval": Interval.LOG_LOG, "z": "1.96", "rounded_to": None, "rounding": Rounding.HALF_EVEN,
    }  # fmt: skip
    assert load_study(write(tmp_path / "t")).conventions == {}


def test_months_become_their_first_and_last_day(tmp_path: Path) -> None:
    study = load_study(write(tmp_path / "s", YAML + "enrolled: {from: 2016-02, to: 2016-02}\n"))
    assert (study.enrolled_from, study.enrolled_to) == (date(2016, 2, 1), date(2016, 2, 29))
    yaml = YAML + 'enrolled: {from: 2016-02-10, to: "2016-03-11"}\nlast_follow_up_before: "2017-01-01"\n'
    study = load_study(write(tmp_path / "t", yaml))
    assert (study.enrolled_from, study.enrolled_to) == (date(2016, 2, 10), date(2016, 3, 11))
    assert study.last_follow_up_before == date(2017, 1, 1)


def test_a_study_is_frozen(tmp_path: Path) -> None:
    study = load_study(write(tmp_path / "s", YAML + "outcomes: {efficacy: [os_6mo]}\n"))
    for mapping in (study.endpoints, study.conventions, study.citation, study.outcomes, study.totals):
        with pytest.raises(TypeError):
            mapping["x"] = 1  # type: ignore[index]


def test_relative_paths_start_at_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path / "my study {1} 研究")
    monkeypatch.chdir(tmp_path)
    for study in (Path(folder.name), folder.name, f"./{folder.name}", str(folder)):
        assert load_study(study).folder == folder
    monkeypatch.chdir(folder)
    assert load_study(".").folder == folder


def test_a_name_means_the_folder_in_data_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "zhuo2024")
    monkeypatch.chdir(tmp_path)
    assert load_study("zhuo2024").id == "zhuo2024"
    assert load_study(Path("zhuo2024")).id == "demo"


def test_importing_the_package_is_light() -> None:
    code = (
        "import sys, helpers.study; "
        "print(sorted({'yaml', 'pydantic', 'numpy', 'pandas', 'matplotlib', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
