"""Fuzz the loaders: `python -m tests.fuzz.run --inputs 100000`.

Prints one line of CSV for each target: inputs, loaded, refused, problems, slowest input in seconds, peak memory in MiB.
A problem is anything but a loaded object or an `InputError` of two-line messages: another exception, more than five
seconds, a process that dies. Each is printed with its seed; `--first SEED --inputs 1 --target NAME` repeats it.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import resource
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType

from tests.fuzz.targets import TARGETS, outcome

SHARES = {"study": 0.4, "cohort": 0.35, "reader": 0.25}
LIMIT = 5.0  # seconds of processor time for one input
MEMORY = 4 * 1024**3  # address space of the process that reads
COLUMNS = ("target", "first_seed", "inputs", "loaded", "refused", "problems", "slowest_s", "peak_mib")


@dataclass
class Tally:
    """What came of a range of seeds."""

    loaded: int = 0
    refused: int = 0
    slowest: float = 0.0
    peak: float = 0.0
    problems: list[tuple[int, str]] = field(default_factory=list)


class _TooSlow(BaseException):
    """An input took longer than the limit."""


def _stop(number: int, frame: FrameType | None) -> None:
    raise _TooSlow


def fuzz(name: str, seeds: range, folder: Path, pipe: Connection | None = None) -> Tally:
    """Read the inputs of a range of seeds one after another in this process; the pipe is told of each seed."""
    tally, target = Tally(), TARGETS[name]
    folder.mkdir(parents=True, exist_ok=True)
    before = signal.signal(signal.SIGVTALRM, _stop)
    try:
        for seed in seeds:
            if pipe is not None:
                pipe.send(seed)
            started = time.process_time()
            signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
            try:
                how, what = outcome(target, folder, seed)
            except _TooSlow:
                how, what = "problem", f"more than {LIMIT:g} seconds"
            finally:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            tally.slowest = max(tally.slowest, time.process_time() - started)
            tally.loaded += how == "loaded"
            tally.refused += how == "refused"
            if how == "problem":
                tally.problems.append((seed, what))
    finally:
        signal.signal(signal.SIGVTALRM, before)
    tally.peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return tally


def _child(name: str, seeds: range, folder: str, pipe: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    pipe.send(fuzz(name, seeds, Path(folder), pipe))


def in_a_process(name: str, seeds: range) -> Tally:
    """The same in a process of its own, with bounded memory; a process that dies is a problem of its last input."""
    whole, waiting = Tally(), seeds
    while waiting:
        here, there = multiprocessing.Pipe(duplex=False)
        with tempfile.TemporaryDirectory() as folder:
            process = multiprocessing.get_context("spawn").Process(target=_child, args=(name, waiting, folder, there))
            process.start()
            there.close()
            last: int | Tally = waiting.start
            try:
                while not isinstance(last, Tally):
                    last = here.recv()
            except EOFError:
                process.join()
                whole.problems.append((int(last), f"the process died with code {process.exitcode}"))
                waiting = range(int(last) + 1, waiting.stop)
                continue
            process.join()
        whole.loaded += last.loaded
        whole.refused += last.refused
        whole.slowest, whole.peak = max(whole.slowest, last.slowest), max(whole.peak, last.peak)
        whole.problems += last.problems
        break
    return whole


def main() -> int:
    """Fuzz, print, and end with 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=100_000, help="how many, over all targets (or of --target)")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--target", choices=list(TARGETS), help="one target only")
    chosen = parser.parse_args()
    shares = {chosen.target: 1.0} if chosen.target else SHARES
    writer, found = csv.writer(sys.stdout, lineterminator="\n"), 0
    writer.writerow(COLUMNS)
    for name, share in shares.items():
        seeds = range(chosen.first, chosen.first + round(chosen.inputs * share))
        tally = in_a_process(name, seeds)
        found += len(tally.problems)
        slow, peak = f"{tally.slowest:.2f}", f"{tally.peak:.0f}"
        row = [name, seeds.start, len(seeds), tally.loaded, tally.refused, len(tally.problems), slow, peak]
        writer.writerow(row)
        sys.stdout.flush()
        for seed, what in tally.problems:
            print(f"# {name} seed {seed}: {what}", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
