"""Student copies: solutions out, dots in; the stored ones as the masters make them; the command that makes them."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from helpers.cli import app
from helpers.errors import InputError
from helpers.suite.notebook import code_cells, read_notebook, tags
from helpers.teaching import copies
from helpers.teaching.student import TEACHER, has_solution, student_notebook, student_source

MASTERS = copies.masters()
each = pytest.mark.parametrize("master", MASTERS, ids=[m.stem for m in MASTERS])


def test_there_are_seven_lessons() -> None:
    assert [master.name[0] for master in MASTERS] == list("1234567")


def test_the_stored_copies_are_as_their_masters_make_them() -> None:
    assert copies.differences() == ()


@each
def test_no_copy_holds_a_solution_or_a_teacher_s_note(master: Path) -> None:
    copy = read_notebook(copies.copy_of(master))
    assert not [cell for cell in copy["cells"] if TEACHER in tags(cell) or has_solution(cell["source"])]
    for cell in code_cells(read_notebook(master)):
        if has_solution(cell["source"]):
            (student,) = (c for c in copy["cells"] if c["id"] == cell["id"])
            assert "# your answer" in student["source"]
            assert "work.check(" in student["source"] or "quiz.check(" in student["source"]


@each
def test_a_master_is_right_throughout_and_its_copy_open_throughout(master: Path) -> None:
    for path, sign in ((master, "✓"), (copies.copy_of(master), "○")):
        for cell in code_cells(read_notebook(path)):
            if "work.check(" in cell["source"] or "quiz.check(" in cell["source"]:
                texts = [output["data"]["text/plain"] for output in cell["outputs"]]
                assert texts
                assert all(text.startswith(sign) for text in texts), (path.name, texts)


@each
def test_every_exercise_is_asked_before_it_is_checked_once(master: Path) -> None:
    source = "\n".join(cell["source"] for cell in code_cells(read_notebook(master)))
    asked, checked = re.findall(r'work\.ask\("([\w-]+)"\)', source), re.findall(r'work\.check\("([\w-]+)"', source)
    assert asked == checked
    assert len(set(asked)) == len(asked) >= 5
    for name in asked:
        assert source.index(f'work.ask("{name}")') < source.index(f'work.check("{name}"')


SOLUTION = '''\
before = 1
# solution {
_step = before + 1
answer = _step * 2
answer = answer + 0
def twice(x):
    """Two times x."""
    return 2 * x
# }
check(answer, twice)'''


def test_names_become_dots_and_functions_keep_their_head() -> None:
    assert student_source(SOLUTION) == (
        "before = 1\nanswer = ...  # your answer\n"
        'def twice(x):\n    """Two times x."""\n    return ...  # your answer\ncheck(answer, twice)'
    )
    scope: dict[str, object] = {"check": lambda *given: None}
    exec(student_source(SOLUTION), scope)
    assert scope["answer"] is ...
    assert scope["twice"](2) is ...  # type: ignore[operator]


@pytest.mark.parametrize(
    ("source", "match"),
    [("# solution {\nx = 1", "not closed"), ("# solution {\n# solution {\nx = 1\n# }", "inside another"),
     ("# solution {\n_x = 1\n# }", "names nothing"), ("# solution {\nx.y = 1\n# }", "assigns to"),
     ("# solution {\nx = = 1\n# }", "no Python"), ("# solution {\nwith a: pass\n# }", "holds")],
)  # fmt: skip
def test_a_solution_that_cannot_be_taken_out_is_refused(source: str, match: str) -> None:
    with pytest.raises(InputError, match=match):
        student_source(source)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A folder with one small master and its copy."""
    folder = tmp_path / "lessons"
    (folder / copies.MASTERS).mkdir(parents=True)
    shutil.copy2(MASTERS[0], folder / copies.MASTERS / "1_x.ipynb")
    (folder / copies.STUDENTS).mkdir()
    shutil.copy2(copies.copy_of(MASTERS[0]), folder / copies.STUDENTS / "1_x.ipynb")
    return folder


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_changed_master_makes_its_copy_stale(course: Path) -> None:
    assert copies.differences(course) == ()
    edit(course / "teacher" / "1_x.ipynb", "Somebody is lost", "Somebody has gone")
    (difference,) = copies.differences(course)
    assert "differs from its master in cell" in difference.what
    assert copies.write_copies(course) == (course / "student" / "1_x.ipynb",)
    assert [d.what for d in copies.differences(course)] == ["was not executed"]


def test_a_changed_solution_changes_no_copy(course: Path) -> None:
    edit(course / "teacher" / "1_x.ipynb", "share = 16 / 22", "share = 8 / 11")
    assert copies.differences(course) == ()


def test_missing_and_orphaned_copies_are_named(course: Path) -> None:
    (course / "student" / "1_x.ipynb").rename(course / "student" / "2_y.ipynb")
    assert [d.what for d in copies.differences(course)] == ["is missing", "has no master"]
    copies.write_copies(course)
    assert [p.name for p in (course / "student").iterdir()] == ["1_x.ipynb"]


def test_a_broken_master_changes_nothing(course: Path) -> None:
    shutil.copy2(course / "teacher" / "1_x.ipynb", course / "teacher" / "2_y.ipynb")
    edit(course / "teacher" / "2_y.ipynb", "# }", "# ]")
    edit(course / "teacher" / "1_x.ipynb", "Somebody is lost", "Somebody has gone")
    before = (course / "student" / "1_x.ipynb").read_text(encoding="utf-8")
    with pytest.raises(InputError):
        copies.write_copies(course)
    assert (course / "student" / "1_x.ipynb").read_text(encoding="utf-8") == before


def test_the_copy_of_a_master_has_no_outputs() -> None:
    made = student_notebook(read_notebook(MASTERS[0]))
    assert not [cell for cell in code_cells(made) if cell["outputs"] or cell["execution_count"]]
    assert "reconstructed" in json.dumps(made)


def test_the_command_checks(monkeypatch: pytest.MonkeyPatch, course: Path) -> None:
    ended = CliRunner().invoke(app, ["lessons", "--check"])
    assert ended.exit_code == 0, ended.output
    assert "7 copies" in ended.output
    edit(course / "teacher" / "1_x.ipynb", "Somebody is lost", "Somebody has gone")
    monkeypatch.setattr(copies.differences, "__defaults__", (course,))
    ended = CliRunner().invoke(app, ["lessons", "--check"])
    assert ended.exit_code == 1
    assert "remedy: run unrounded lessons" in ended.output
