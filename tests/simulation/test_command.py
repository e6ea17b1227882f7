"""Simulations through the command: the same table however the work is spread, and the one the module makes."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pytest

from helpers.errors import InputError
from helpers.simulation import coverage, identifiability, larger, mutation, real_data
from helpers.simulation import field as against_the_field
from helpers.simulation.catalogue import SIMULATIONS, Simulation
from helpers.simulation.command import run_simulation
from helpers.spread import spread_over
from tests.spread.test_spread import Unruly

SMALL = {
    "coverage": coverage.tasks(40, 3, together=7),
    "identifiability": [t for t in identifiability.tasks(3, 3, (8, 12)) if t.way.known][::5],
    "larger": larger.tasks(2, 3, (30,)),
    "mutation": mutation.tasks(5, 3, (10,), (1, 2), together=2),
    "field": [arm for arm in real_data.ARMS if arm.source != "R"][:2],
    "real-data": [arm for arm in real_data.ARMS if arm.source != "R"][:2],
}


@pytest.mark.parametrize("simulation", SIMULATIONS.values(), ids=SIMULATIONS.keys())
def test_the_table_is_the_same_however_the_tasks_are_spread(simulation: Simulation) -> None:
    tasks = SMALL[simulation.name]
    assert len(tasks) > 1
    alone = simulation.joined(map(simulation.part, tasks))
    spread = simulation.joined(spread_over(Unruly(5, 3), simulation.part, tasks))
    pd.testing.assert_frame_equal(alone, spread)
    before = random.Random(1).sample(list(tasks), len(tasks))  # what is done before a task does not matter
    apart = {id(task): simulation.part(task) for task in before}
    pd.testing.assert_frame_equal(alone, simulation.joined(apart[id(task)] for task in tasks))


def test_it_is_the_table_of_the_module() -> None:
    kept = SIMULATIONS["mutation"]
    whole = mutation.table(5, 3, sizes=(10,), decimals=(1, 2))
    pd.testing.assert_frame_equal(kept.joined(map(kept.part, SMALL["mutation"])), whole)
    for name, module in (("field", against_the_field), ("real-data", real_data)):
        simulation = SIMULATIONS[name]
        pd.testing.assert_frame_equal(simulation.joined(map(simulation.part, SMALL[name])), module.table(SMALL[name]))
    tally = coverage.run(40, 3)
    frame = SIMULATIONS["coverage"].joined(map(coverage.part, SMALL["coverage"]))
    assert dict(zip(frame["kind"], frame["cases"], strict=True)) == tally.by_kind
    assert (frame["listed"].sum(), frame["lost"].sum()) == (tally.listed, len(tally.misses))


@pytest.mark.slow
def test_two_processes_write_the_same_file_as_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told: list[str] = []
    assert run_simulation("coverage", 600, 4, out=tmp_path / "one.csv")
    assert run_simulation("coverage", 600, 4, jobs=2, out=tmp_path / "two.csv", tell=told.append)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    assert told[-1] == "coverage: 3 of 3"
    first, second = capsys.readouterr().out.split("kind", 2)[1:]
    assert first.split() == second.split()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.csv", "two.csv"]


def test_a_lost_truth_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(coverage, "ask", lambda case, limit: coverage.Answer(False, None, "gone"))
    assert not run_simulation("coverage", 9, 1)
    assert "0 7" in capsys.readouterr().out  # the numbers of the cases of the first kind


@pytest.mark.parametrize(
    ("name", "cases", "out", "words"),
    [
        ("mutations", None, None, "did you mean mutation"),
        ("field", 3, None, "leave --cases out"),
        ("coverage", 3, Path("no/such/folder/x.csv"), "cannot be written"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_done(
    name: str, cases: int | None, out: Path | None, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        run_simulation(name, cases, 1, out=out)
