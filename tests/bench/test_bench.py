"""The benchmark runs from end to end with tiny settings; nothing here depends on how fast the machine is."""

from __future__ import annotations

import json
import re
import socket

import pytest

from helpers.bench.__main__ import main
from helpers.bench.machine import machine
from helpers.bench.row import Row, Settings, Taken, timed
from helpers.paths import PROJECT


@pytest.mark.slow
def test_it_runs_and_says_the_same_in_the_terminal_and_as_data(tmp_path, capsys):
    main(["--quick", "--out", str(tmp_path / "bench.json")])
    shown = re.sub(r"[\s│]+", " ", capsys.readouterr().out)
    found = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    assert found["settings"]["draws"] == Settings.quick().draws
    assert len(found["rows"]) >= 13
    for row in found["rows"]:
        assert row["measured"] is None or row["measured"] > 0
        assert row["task"].split()[0] in shown
    goals = {(row["most"], row["least"]) for row in found["rows"]}
    limits = {(most, None) for most in (2.0, 5.0, 10.0, 30.0, 50.0, 200.0)}
    assert goals >= limits | {(None, 1000), (None, 50)}
    everything = shown + json.dumps(found)
    assert str(PROJECT) not in everything and "/home/" not in everything
    assert len(socket.gethostname()) <= 5 or socket.gethostname() not in everything


@pytest.mark.parametrize(
    ("row", "goal", "reached"),
    [
        (Row("a", 1.9, "s", most=2.0), "≤ 2 s", True),
        (Row("a", 2.1, "s", most=2.0), "≤ 2 s", False),
        (Row("a", 999.0, "×", least=1000), "≥ 1,000 ×", False),
        (Row("a", 1000.0, "×", least=1000), "≥ 1,000 ×", True),
        (Row("a", None, "×", least=50), "≥ 50 ×", None),
        (Row("a", 3.0, "s"), "", None),
    ],
)
def test_a_figure_is_reached_or_not_and_says_so(row, goal, reached):
    assert row.goal == goal and row.reached is reached


def test_times_are_medians_of_as_many_as_asked_for():
    called = []
    assert timed(lambda: called.append(1), 3).clock >= 0
    assert len(called) == 3
    middle = Taken.middle([Taken(3, 1), Taken(1, 2), Taken(2, 9)])
    assert middle == Taken(2, 2)
    row = middle.row("a", "ms", most=2500.0)
    assert (row.shown, row.worked, row.reached) == ("2,000 ms", "2,000 ms", True)


def test_the_machine_is_described_without_naming_it():
    about = machine()
    assert int(about["cores"]) >= 1 and about["python"].startswith("3.")
    assert set(about) >= {"numpy", "lifelines", "scikit-survival"}


@pytest.mark.parametrize(
    ("number", "text"), [(0.01234, "0.0123 s"), (1234.5, "1,230 s"), (99.96, "100 s"), (7.0, "7 s")]
)
def test_numbers_are_shown_with_three_digits(number, text):
    assert Row("a", number, "s").shown == text
