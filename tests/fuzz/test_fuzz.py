"""A small version of the long run, over seeds of its own; hypothesis makes a failing one small."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.mutate import IN_TABLES, IN_YAML, mutated
from tests.fuzz.run import fuzz
from tests.fuzz.targets import CLAIMS, EVERY_KEY, TARGETS, outcome

INPUTS = {"study": 500, "cohort": 400, "reader": 300}
BEYOND = 1_000_000_000  # seeds that the long run does not use


@pytest.mark.parametrize("name", INPUTS)
def test_every_input_loads_or_is_refused_in_two_lines(name: str, tmp_path: Path) -> None:
    tally = fuzz(name, range(BEYOND, BEYOND + INPUTS[name]), tmp_path / "input")
    assert not tally.problems, tally.problems[:3]
    assert tally.loaded and tally.refused, "the mutations are too weak, or too strong, to say anything"


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**31), name=st.sampled_from(sorted(TARGETS)))
def test_any_seed(seed: int, name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    how, what = outcome(TARGETS[name], tmp_path_factory.mktemp("input"), seed)
    assert how != "problem", what


def test_the_fuzzer_finds_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tests.fuzz.targets as targets

    def broken(folder: Path) -> object:
        if b"\0" in (folder / "claims.csv").read_bytes():
            raise ValueError("embedded null byte")
        return original(folder)

    original = targets.load_study
    monkeypatch.setattr(targets, "load_study", broken)
    tally = fuzz("study", range(400), tmp_path / "input")
    assert any("embedded null" in what for _, what in tally.problems)


def test_an_input_that_never_ends_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tests.fuzz.run as run
    import tests.fuzz.targets as targets

    def endless(folder: Path) -> object:
        while True:
            pass

    monkeypatch.setattr(run, "LIMIT", 0.05)
    monkeypatch.setattr(targets, "load_study", endless)
    assert [what for _, what in fuzz("study", range(1), tmp_path / "input").problems] == ["more than 0.05 seconds"]


def test_the_same_seed_makes_the_same_input() -> None:
    for mutations, seed in ((IN_YAML, EVERY_KEY), (IN_TABLES, CLAIMS)):
        made = {mutated(seed, mutations, random.Random("x")) for _ in range(3)}
        assert len(made) == 1 and made != {seed}
