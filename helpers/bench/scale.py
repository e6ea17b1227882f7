"""Runs at scale, measured: ``python -m helpers.bench.scale`` (about an hour on two cores for 200 studies).

Invented study folders are run twice, in turns so that a busy machine slows both alike: one after another in a plain
loop, and through a Dask cluster of two worker processes that listens on 127.0.0.1. In the middle one worker is killed.
The results of both must be the same, file by file. What is executed is the notebook of the verdicts, the fewest that
judge a paper; the report is written in both. Memory is the resident set of the processes, kernels left out. Then a few
studies run through the cluster with the whole sequence, to tell what that costs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from time import monotonic, perf_counter, process_time, sleep
from typing import TYPE_CHECKING

import psutil

from helpers.bench.machine import machine
from helpers.provenance import CRATE, SUMS
from helpers.simulation.folders import made_up_folder
from helpers.spread.cluster import cluster_crew, local_cluster
from helpers.suite.many import Ending, Target, Told, run_many
from helpers.suite.planning import Ground, Settings, ground, plan_one
from helpers.suite.run import run

if TYPE_CHECKING:
    from distributed import LocalCluster

FROZEN = Path(__file__).with_name("frozen") / "scale.json"
ONLY = ("06_verdict",)
WORKERS = 2
TURNS = 8
MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Mark:
    """Memory when so many studies were done through the cluster, in MB: this process with the scheduler, a worker.

    `worker` is the largest of the workers; one that was killed has been replaced by a younger one.
    """

    studies: int
    driver: float
    worker: float


@dataclass(frozen=True)
class Found:
    """What was measured: seconds for all studies in the loop and through the cluster, and what became of the kill.

    `different` are the studies whose results differ between the two; `failed` those that failed in the cluster.
    """

    studies: int
    workers: int
    notebooks: tuple[str, ...]
    loop_seconds: float
    cluster_seconds: float
    killed_after: int
    failed: tuple[str, ...]
    different: tuple[str, ...]
    files: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Whole:
    """A few studies with the whole sequence through the cluster: seconds, and processor seconds of this process.

    The latter, for the scheduler, the locks, the preparing and the publishing, bound how many workers one can feed.
    """

    studies: int
    workers: int
    seconds: float
    driver_seconds: float


class Killer(Told):
    """Kills one worker once, while it is at work, when a number of runs have ended; notes memory on the way."""

    def __init__(self, cluster: LocalCluster, after: int, marks: tuple[int, ...]) -> None:
        """Watch over a cluster; `marks` are the numbers of studies at which memory is noted."""
        self._cluster, self._after, self._wanted = cluster, after, marks
        self.count, self.killed_after = 0, 0
        self.marks: list[Mark] = []

    def finished(self, ending: Ending) -> None:
        """One more has ended."""
        self.count += 1
        if self.count in self._wanted:
            self.marks.append(Mark(self.count, _resident(os.getpid()), max(map(_resident, self.workers))))
        if self.count == self._after:
            os.kill(self._busiest(), signal.SIGKILL)
            self.killed_after = self.count

    @property
    def workers(self) -> list[int]:
        """Process ids of the workers."""
        return [nanny.pid for nanny in self._cluster.workers.values() if nanny.pid]

    def _busiest(self, patience: float = 60) -> int:
        """A worker that runs a kernel, so that it dies in the middle of a notebook."""
        until = monotonic() + patience
        while monotonic() < until:
            sleep(0.05)
            for pid in self.workers:
                if _runs_a_kernel(pid):
                    return pid
        raise TimeoutError("no worker ran a kernel")


def _runs_a_kernel(pid: int) -> bool:
    try:
        return any("ipykernel" in " ".join(child.cmdline()) for child in psutil.Process(pid).children())
    except psutil.Error:  # it has ended meanwhile
        return False


def measure(studies: int, seed: int, folder: Path, turns: int = TURNS) -> Found:
    """Run invented studies both ways below a folder, with a kill in the middle of the cluster's, and compare."""
    names = [str(made_up_folder(folder / "studies", seed, number)) for number in range(studies)]
    loop, spread = (Settings(out=folder / way, only=ONLY, jobs=1) for way in ("loop", "cluster"))
    given = ground(loop)
    seconds = {"loop": 0.0, "cluster": 0.0}
    failed: list[str] = []
    with local_cluster(WORKERS) as cluster:
        marks = tuple(sorted({max(1, studies * part // 4) for part in (1, 2, 4)}))
        killer = Killer(cluster, max(1, studies * 9 // 20), marks)
        for block in _blocks(names, turns):
            with _timed(seconds, "cluster"), cluster_crew(WORKERS, cluster.scheduler_address) as crew:
                targets = [Target(name, partial(plan_one, name, spread, given)) for name in block]
                failed += [ending.name for ending in run_many(targets, crew, killer) if ending.failure]
            with _timed(seconds, "loop"):
                _loop(block, loop, given)
    different, files = compared(folder / "loop", folder / "cluster")
    return Found(
        studies, WORKERS, ONLY, seconds["loop"], seconds["cluster"], killer.killed_after, tuple(map(_base, failed)),
        different, files, tuple(killer.marks),
    )  # fmt: skip


def measure_whole(studies: int, seed: int, folder: Path) -> Whole:
    """Run invented studies with the whole sequence through a cluster, undisturbed."""
    settings = Settings(out=folder / "whole")
    given = ground(settings)
    names = [str(made_up_folder(folder / "studies", seed, number)) for number in range(studies)]
    with cluster_crew(WORKERS, None) as crew:
        begin, worked = perf_counter(), process_time()
        endings = list(run_many([Target(name, partial(plan_one, name, settings, given)) for name in names], crew))
        seconds, worked = perf_counter() - begin, process_time() - worked
    failures = [ending.failure for ending in endings if ending.failure]
    if failures:
        raise RuntimeError(failures[0])
    return Whole(studies, WORKERS, seconds, worked)


def _loop(names: list[str], settings: Settings, given: Ground) -> None:
    for name in names:
        run(plan_one(name, settings, given))


def _blocks(names: list[str], turns: int) -> Iterator[list[str]]:
    size = -(-len(names) // turns)
    yield from (names[start : start + size] for start in range(0, len(names), size))


@contextmanager
def _timed(seconds: dict[str, float], way: str) -> Iterator[None]:
    begin = perf_counter()
    yield
    seconds[way] += perf_counter() - begin


def _base(name: str) -> str:
    return Path(name).name


def _resident(pid: int) -> float:
    return round(psutil.Process(pid).memory_info().rss / MEGABYTE, 1)


def compared(one: Path, other: Path) -> tuple[tuple[str, ...], int]:
    """The studies whose results differ, and how many files were compared; a study that one lacks differs."""
    left, right = contents(one), contents(other)
    different = {name.split("/")[0] for name in left.keys() | right.keys() if left.get(name) != right.get(name)}
    return tuple(sorted(different)), len(left)


def contents(folder: Path) -> dict[str, str]:
    """sha256 of every file of results; times, dates and what follows from them are left out."""
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.name not in (CRATE, SUMS)):
        data = path.read_bytes()
        if path.name == "manifest.json":
            data = _without_times(data)
        elif path.name == "index.html":
            data = re.sub(rb"Made on \d+ \w+ \d+", b"", data)
        found[path.relative_to(folder).as_posix()] = hashlib.sha256(data).hexdigest()
    return found


def _without_times(data: bytes) -> bytes:
    manifest = json.loads(data)
    del manifest["made"], manifest["report"]["index.html"]
    for record in manifest["notebooks"].values():
        del record["seconds"]
    return json.dumps(manifest, sort_keys=True).encode()


def as_json(found: Found, whole: Whole) -> str:
    """What was measured, with the machine."""
    content = {"machine": machine(), **asdict(found), "whole": asdict(whole)}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def main(arguments: list[str] | None = None) -> None:
    """Measure, tell, and write JSON; exit 1 if a study failed or differs."""
    parser = argparse.ArgumentParser(prog="python -m helpers.bench.scale", description=__doc__)
    parser.add_argument("--studies", type=int, default=200)
    parser.add_argument("--whole", type=int, default=6, help="studies that run with the whole sequence")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=FROZEN)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="unrounded-scale-") as folder:
        found = measure(chosen.studies, chosen.seed, Path(folder))
        whole = measure_whole(chosen.whole, chosen.seed, Path(folder))
    text = as_json(found, whole)
    chosen.out.parent.mkdir(exist_ok=True)
    chosen.out.write_text(text, encoding="utf-8")
    print(text)
    raise SystemExit(1 if found.failed or found.different else 0)


if __name__ == "__main__":
    main()
