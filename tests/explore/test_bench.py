"""The widgets, driven as a person would: set a value, look at what is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.explore.bench import VIEW, Bench
from helpers.explore.inputs import OWN
from helpers.explore.state import State
from helpers.explore.worker import Failure, Here, Job, Said, work
from helpers.study import load_study

UPPER = ("os_6mo", "ci_high")
RESULTS = ("ladder", "histories", "curve", "ledger")


class Later:
    """A runner that keeps its jobs until told to do them, so that what is shown meanwhile can be looked at."""

    def __init__(self) -> None:
        self.jobs: list[tuple[Job, Callable[[Said], None]]] = []
        self.closed = 0

    def submit(self, job: Job, said: Callable[[Said], None], *, stale: bool = True) -> None:
        self.jobs.append((job, said))

    def do(self, number: int = -1) -> None:
        job, said = self.jobs[number]
        for item in work(job):
            said(item)

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(runner=Here(), folder=tmp_path)


def shown(bench: Bench, name: str) -> str:
    return str(bench.out[name].value)


def test_it_opens_with_the_whole_answer(bench: Bench) -> None:
    assert "two histories" in shown(bench, "verdict")
    assert shown(bench, "ledger").count("<tr>") > 25
    assert "unrounded-picture" in shown(bench, "ladder") and "unrounded-picture" in shown(bench, "curve")


def test_a_typed_digit_changes_everything_at_once(bench: Bench) -> None:
    before = {name: shown(bench, name) for name in ("verdict", *RESULTS)}
    bench.numbers.boxes[UPPER].value = "87.50"
    for name in ("verdict", "ladder", "curve", "ledger"):
        assert shown(bench, name) != before[name], name
    assert "cannot be printed" not in shown(bench, "ladder")
    assert "differs from the ledger" in shown(bench, "ledger") or "differ from the ledger" in shown(bench, "ledger")
    bench.numbers.boxes[UPPER].value = "84.50"
    assert {name: shown(bench, name) for name in ("verdict", *RESULTS[:3])} == {
        k: v for k, v in before.items() if k != "ledger"
    }


def test_until_the_long_answer_is_there_nothing_old_is_shown(tmp_path: Path) -> None:
    runner = Later()
    bench = Bench(runner=runner, folder=tmp_path)
    bench.numbers.boxes[UPPER].value = "87.50"
    assert "By this curve alone" in shown(bench, "verdict") and "being heard" in shown(bench, "verdict")
    assert "worked out" in shown(bench, "ledger") and "<table" not in shown(bench, "ledger")
    bench.numbers.boxes[UPPER].value = "87.40"
    quick = shown(bench, "verdict")
    runner.do(0)  # the answer to 87.50 arrives late
    assert shown(bench, "verdict") == quick
    assert "<table" not in shown(bench, "ledger")
    runner.do(1)
    assert "By everything printed" in shown(bench, "verdict")
    assert "<table" in shown(bench, "ledger")


@pytest.mark.parametrize("text", ["87.", "8x", "187.50", ","])
def test_what_is_no_number_yet_clears_every_result(bench: Bench, text: str) -> None:
    bench.numbers.boxes[UPPER].value = text
    assert "Nothing can be said" in shown(bench, "verdict")
    assert [shown(bench, name) for name in RESULTS] == ["", "", "", ""]
    bench.draw.click()
    assert shown(bench, "curve") == ""


def test_buttons_move_the_last_digit_and_take_back(bench: Bench) -> None:
    bench.numbers.which.value = UPPER
    bench.numbers.up.click()
    assert bench.numbers.boxes[UPPER].value == "84.51"
    bench.numbers.down.click()
    bench.numbers.down.click()
    assert bench.numbers.boxes[UPPER].value == "84.49" and bench.state.edits
    bench.numbers.back.click()
    assert bench.numbers.boxes[UPPER].value == "84.50" and not bench.state.edits


def test_histories_are_stepped_through_round_and_round(bench: Bench) -> None:
    first = shown(bench, "ladder")
    bench.on.click()
    assert bench.step.value == 2 and shown(bench, "ladder") != first
    bench.on.click()
    assert bench.step.value == 1 and shown(bench, "ladder") == first
    bench.back.click()
    assert bench.step.value == 2


def test_conventions_month_and_endpoint_are_heard(tmp_path: Path) -> None:
    bench = Bench(runner=Later(), folder=tmp_path)
    bench.choices.conventions["interval"].value = "log-log"
    assert bench.state.interval == "log-log" and "wrong" in shown(bench, "verdict")
    bench.choices.conventions["interval"].value = ""
    curve = shown(bench, "curve")
    bench.choices.month.value = "28"
    assert shown(bench, "curve") != curve
    bench.choices.month.value = "nonsense"
    assert "between 20 and 40" in shown(bench, "verdict") and shown(bench, "curve") == ""
    bench.choices.month.value = "30.4375"
    bench.choices.endpoint.value = "EFS"
    assert all(claim.startswith("efs") for claim, _ in bench.numbers.boxes)
    assert "Event-free survival" in shown(bench, "ladder")


def test_a_timeline_is_drawn_and_its_cases_toggled(bench: Bench) -> None:
    bare = shown(bench, "curve")
    bench.seed.value = 3
    bench.draw.click()
    drawn = shown(bench, "curve")
    assert drawn != bare and "not observed" in shown(bench, "told")
    bench.worst.value = True
    worst = shown(bench, "curve")
    bench.best.value = True
    assert len({bare, drawn, worst, shown(bench, "curve")}) == 4
    bench.numbers.boxes[UPPER].value = "87.50"
    assert bench.drawn is None, "the drawn timeline was one of other numbers"


def test_another_study_and_one_without_a_curve(tmp_path: Path) -> None:
    bench = Bench(runner=Later(), folder=tmp_path)
    bench.choices.study.value = "freireich1963"
    assert bench.state.study == "freireich1963" and "unrounded-picture" in shown(bench, "ladder")
    bench.choices.study.value = "hay2019"
    assert "prints no S(t)" in shown(bench, "verdict") and [shown(bench, name) for name in RESULTS] == ["", "", "", ""]
    bench.choices.study.value = "zhuo2024"
    assert "two histories" in shown(bench, "verdict")


def test_a_paper_that_nobody_prepared(bench: Bench) -> None:
    bench.choices.study.value = OWN
    assert [shown(bench, name) for name in RESULTS] == ["", "", "", ""]
    bench.own.go.click()
    assert "number of patients" in shown(bench, "verdict")
    bench.own.n.value = "22"
    for line, texts in zip(
        bench.own.lines, (("6", "67.90", "48.30", "84.50"), ("12", "41.10", "19.15", "63.05")), strict=False
    ):
        for name, text in zip(("at", "value", "ci_low", "ci_high"), texts, strict=True):
            line[name].value = text
    bench.own.go.click()
    assert "84.50 → 87.50" in shown(bench, "verdict")
    bench.numbers.boxes["landmark_1", "ci_high"].value = "87.50"
    assert "set aside" not in shown(bench, "verdict")
    bench.save_study.click()
    assert load_study(bench.folder / "my_what_if").claim("landmark_1").ci_high.text == "87.50"  # type: ignore[union-attr]


def test_what_is_seen_is_saved(bench: Bench) -> None:
    bench.name.value = "mended"
    bench.numbers.boxes[UPPER].value = "87.50"
    bench.save_study.click()
    bench.save_figures.click()
    assert "7 files" in shown(bench, "told")
    assert load_study(bench.folder / "mended").claim("os_6mo").ci_high.text == "87.50"  # type: ignore[union-attr]
    bench.save_study.click()
    assert "stays as it is" in shown(bench, "told")
    bench.name.value = "../up"
    bench.save_study.click()
    assert "cannot be the name" in shown(bench, "told")
    assert not (bench.folder.parent / "up").exists()


def test_a_job_that_fails_is_told_and_leaves_nothing_waiting(tmp_path: Path) -> None:
    runner = Later()
    bench = Bench(runner=runner, folder=tmp_path)
    bench.numbers.boxes[UPPER].value = "87.50"
    runner.jobs[-1][1](Failure(bench.state, "it broke <b>"))
    assert "it broke &lt;b&gt;" in shown(bench, "told")
    assert "being heard" not in shown(bench, "verdict") and shown(bench, "ledger") == ""


def test_where_widgets_cannot_run_a_sentence_stands_in_their_place(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[dict[str, object]] = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: seen.append(data))
    bench.display()
    (data,) = seen
    assert VIEW in data and "make explore" in str(data["text/markdown"])
    assert data["text/plain"] == data["text/markdown"]


def test_every_control_has_a_name_of_its_own(bench: Bench) -> None:
    import ipywidgets as w

    def all_of(widget: w.Widget) -> list[w.Widget]:
        return [widget, *(x for child in getattr(widget, "children", ()) for x in all_of(child))]

    bench.choices.study.value = OWN
    controls = [
        x for x in all_of(bench.widget) if isinstance(x, (w.Text, w.Dropdown, w.Button, w.Checkbox, w.BoundedIntText))
    ]
    assert len(controls) > 20
    assert all(control.description.strip() for control in controls)


def test_the_default_state_is_the_first_study() -> None:
    assert State().study == "zhuo2024"
