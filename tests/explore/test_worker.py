"""Long answers come from another process; stale ones are ended, and a dead process is told of."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from helpers.explore.answer import full_answer, with_ledger
from helpers.explore.drawn import Drawn
from helpers.explore.model import Answer
from helpers.explore.state import State
from helpers.explore.worker import Apart, Before, Failure, Job, Said, work

pytestmark = pytest.mark.slow


@pytest.fixture
def apart() -> Iterator[Apart]:
    # Made where no event loop runs: another test's browser may have left one in this thread that never turns.
    with ThreadPoolExecutor(1) as elsewhere:
        runner = elsewhere.submit(Apart).result()
    yield runner
    runner.close()


def wait(condition: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_job_says_its_answer_its_ledger_and_what_there_was_before() -> None:
    state = State().edited("os_6mo", "ci_high", "87.50")
    answer, judged, before = work(Job(state))
    assert answer == full_answer(state) and judged == with_ledger(full_answer(state))
    assert isinstance(before, Before) and before.ledger == with_ledger(full_answer(State())).ledger


def test_what_comes_from_the_other_process_is_what_is_worked_out_here(apart: Apart) -> None:
    said: list[Said] = []
    state = State().edited("os_6mo", "ci_high", "87.50")
    apart.submit(Job(state), said.append)
    apart.submit(Job(state, 4), said.append, stale=False)
    wait(lambda: not apart.busy)
    assert said[:3] == list(work(Job(state)))
    assert isinstance(said[3], Drawn) and said[3].seed == 4


def test_a_stale_job_is_ended_and_never_heard(apart: Apart) -> None:
    old: list[Said] = []
    new: list[Said] = []
    slow = State().edited("os_median", "value", "288")  # seconds of work
    apart.submit(Job(slow), old.append)
    first = apart._process.pid
    apart.submit(Job(State(endpoint="EFS")), new.append)
    wait(lambda: not apart.busy)
    assert apart._process.pid != first
    wait(lambda: not alive(first), 5)
    assert not old
    assert isinstance(new[0], Answer) and new[0].endpoint == "EFS"


def test_a_failure_is_said_and_the_process_goes_on(apart: Apart) -> None:
    said: list[Said] = []
    apart.submit(Job(State("no such study")), said.append)
    wait(lambda: not apart.busy)
    assert isinstance(said[0], Failure) and "no such study" in said[0].text
    apart.submit(Job(State(), 1), said.append)
    wait(lambda: not apart.busy)
    assert isinstance(said[1], Drawn)


def test_a_process_that_dies_is_told_of_and_replaced(apart: Apart) -> None:
    said: list[Said] = []
    apart.submit(Job(State().edited("os_median", "value", "288")), said.append)
    os.kill(apart._process.pid, signal.SIGKILL)
    wait(lambda: bool(said), 20)
    assert isinstance(said[0], Failure) and "has ended" in said[0].text
    apart.submit(Job(State(), 1), said.append)
    wait(lambda: not apart.busy)
    assert isinstance(said[1], Drawn)


def test_closing_leaves_no_process(apart: Apart) -> None:
    apart.submit(Job(State().edited("os_median", "value", "288")), lambda item: None)
    pid = apart._process.pid
    apart.close()
    wait(lambda: not alive(pid), 5)
