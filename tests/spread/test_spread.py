"""Spreading tasks: the same results in the same order whoever works, and no task lost with a worker that is killed."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import InputError
from helpers.paths import PROJECT
from helpers.spread import Alone, LostTask, open_crew, spread_over
from helpers.spread.cluster import HOST
from helpers.spread.crew import Ended
from helpers.spread.same_code import code_sha256, require_same


class Unruly(Alone):
    """A crew that ends its tasks in a random order."""

    def __init__(self, seed: int, workers: int) -> None:
        super().__init__()
        self.workers = workers
        self._random = random.Random(seed)
        self.most = 0

    def next(self) -> Ended:
        self.most = max(self.most, self.pending)
        self._waiting.rotate(self._random.randrange(self.pending))
        return super().next()


@given(st.lists(st.integers()), st.integers(1, 6), st.integers())
def test_results_come_in_the_order_of_the_tasks(tasks: list[int], workers: int, seed: int) -> None:
    crew = Unruly(seed, workers)
    told: list[int] = []
    assert list(spread_over(crew, str, tasks, told.append)) == [str(task) for task in tasks]
    assert told == list(range(1, len(tasks) + 1))
    assert crew.most <= 2 * workers


def test_an_endless_row_of_tasks_is_asked_for_as_it_is_needed() -> None:
    asked = []

    def endless():
        while True:
            asked.append(len(asked))
            yield asked[-1]

    found = spread_over(Unruly(1, 2), abs, endless())
    assert [next(found) for _ in range(5)] == [0, 1, 2, 3, 4]
    assert len(asked) < 30


def test_the_exception_of_a_task_is_raised() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        list(spread_over(Alone(), int, ["1", "x"]))


def test_other_code_and_another_place_are_refused() -> None:
    require_same(str(PROJECT), code_sha256())
    with pytest.raises(InputError, match="runs other code"):
        require_same(str(PROJECT), "0" * 64)
    with pytest.raises(InputError, match="does not see the project"):
        require_same("/no/such/folder", code_sha256())


def test_where_nobody_answers_it_is_said_in_two_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpers.spread.cluster.PATIENCE", "1s")
    with pytest.raises(InputError, match="no Dask scheduler answers there"), open_crew(2, "tcp://127.0.0.1:9"):
        pass
    with pytest.raises(InputError, match="no Dask scheduler answers there"), open_crew(2, "nonsense://x"):
        pass
    with pytest.raises(InputError, match="--jobs"), open_crew(0):
        pass


def pid_after(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def end_of_its_worker(folder: str) -> None:
    Path(folder, f"{os.getpid()}").touch()
    os.kill(os.getpid(), signal.SIGKILL)


def once_deadly(folder: str) -> str:
    marker = Path(folder, "died")
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def start_a_process(_: int) -> int:
    import multiprocessing

    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(abs, (-3,))


@pytest.mark.slow
def test_a_local_cluster_loses_only_what_kills_every_worker(tmp_path: Path) -> None:
    (tmp_path / "always").mkdir()
    with open_crew(2) as crew:
        me = psutil.Process()
        listening = [
            connection.laddr.ip
            for process in [me, *me.children(recursive=True)]
            for connection in process.net_connections()
            if connection.status == psutil.CONN_LISTEN
        ]
        assert len(listening) >= 3
        assert set(listening) == {HOST}
        assert crew.workers == 2
        deadly = crew.submit(end_of_its_worker, str(tmp_path / "always"))
        once = crew.submit(once_deadly, str(tmp_path))
        child = crew.submit(start_a_process, 1)
        others = [crew.submit(pid_after, 0.05) for _ in range(6)]
        ends = {}
        while crew.pending:
            end = crew.next()
            ends[end.ticket] = end
        assert isinstance(ends[deadly].error, LostTask)
        assert len(list((tmp_path / "always").iterdir())) == 4  # three more workers were asked
        assert ends[once].value() == "done"
        assert ends[child].value() == 3
        assert all(ends[ticket].value() != os.getpid() for ticket in others)
        with pytest.raises(IndexError):
            crew.next()
    assert not [p for p in psutil.Process().children(recursive=True) if "distributed" in " ".join(p.cmdline())]
