"""``unrounded read``: what it writes, what it shows, and its errors in two lines."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers import cli
from helpers.paths import PROJECT
from helpers.study import load_study
from tests.reading.measure import FIXTURES

ABSTRACT = FIXTURES / "zh_zhuo22.txt"


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """Call the command line in this process, in an empty folder."""
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["unrounded", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return (0 if ended.value.code is None else int(ended.value.code)), out, err

    return run


def test_it_drafts_a_folder_and_shows_every_number(call, tmp_path: Path) -> None:
    code, out, err = call("read", str(ABSTRACT), "--out", "draft")
    assert (code, err) == (0, "")
    assert load_study(tmp_path / "draft").n == 22
    line = next(row for row in out.splitlines() if row.split()[:2] == ["84.50", "os_6mo"])
    assert "48.30％～84.50％" in line and line.rstrip().endswith("yes")
    assert "31 numbers in 15 statements, 4 to check; 0 not placed" in out
    assert out.splitlines()[0].split() == ["number", "read", "as", "sentence", "sure?"]
    assert "unrounded check" in out.splitlines()[-1]


def test_the_folder_is_named_after_the_file(call, tmp_path: Path) -> None:
    assert call("read", str(ABSTRACT))[0] == 0
    assert (tmp_path / "zh_zhuo22" / "draft.md").is_file()
    code, _, err = call("read", str(ABSTRACT))
    assert code == 2 and "already there" in err


@pytest.mark.parametrize(
    ("content", "words"), [(None, "no such file"), (b"", "empty"), (b"\x89PNG\r\n", "a picture"), (b"%PDF-1.4", "PDF")]
)
def test_what_cannot_be_read_is_two_lines_and_writes_nothing(
    call, tmp_path: Path, content: bytes | None, words: str
) -> None:
    file = tmp_path / "input"
    if content is not None:
        file.write_bytes(content)
    code, out, err = call("read", str(file), "--out", "draft")
    assert (code, out) == (2, "")
    problem, remedy = err.splitlines()
    assert words in problem and remedy.startswith("  remedy: ")
    assert not (tmp_path / "draft").exists()


def test_unplaced_numbers_are_shown(call, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Of 22 patients, 18 (81.82%) achieved CR. OS was 72%.", encoding="utf-8")
    _, out, _ = call("read", "a.txt", "--out", "a")
    row = next(line for line in out.splitlines() if line.split()[:1] == ["72"])
    assert "not placed" in row and "without a time" in row


def test_it_reads_without_any_of_the_heavy_libraries(tmp_path: Path) -> None:
    heavy = ["numpy", "pandas", "scipy", "matplotlib", "bs4", "pypdf", "statsmodels"]
    code = (
        "import sys; from helpers import cli; sys.argv = ['unrounded', 'read', sys.argv[1], '--out', sys.argv[2]]\n"
        f"try: cli.main()\nexcept SystemExit: print([m for m in {heavy} if m in sys.modules])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, str(ABSTRACT), str(tmp_path / "d")],
        cwd=PROJECT, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )  # fmt: skip
    assert ended.stdout.splitlines()[-1] == "[]"
