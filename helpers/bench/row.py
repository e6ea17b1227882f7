"""One row of the benchmark, and how a time is taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import Any


@dataclass(frozen=True)
class Settings:
    """How much is measured; the defaults are what the figures to reach are about.

    `repeats` times are taken of each task, and their median is reported. `draws` tables are drawn, `cohorts` curves are
    read by vectorised arithmetic and `fits` curves by fitting one after another. `deadlines` are the seconds given to
    the certification of 80 and of 200 patients, `rows` patients are run through the notebooks.
    """

    repeats: int = 5
    cases: int = 6
    draws: int = 100_000
    cohorts: int = 100_000
    fits: int = 60
    deadlines: tuple[float, float] = (10.0, 30.0)
    large: tuple[int, int] = (80, 200)
    rows: int = 200_000

    @staticmethod
    def quick() -> Settings:
        """Settings that only show that everything runs."""
        return Settings(1, 1, 2, 200, 2, (1.0, 1.0), (30, 40), 60)


@dataclass(frozen=True)
class Row:
    """A task, what it took (in `unit`: s, ms, GiB or times), and the figure to reach, if there is one.

    `most` and `least` are the figure to reach; `measured` is None where the task could not be done here. `processor` is
    the part of `measured` for which the processor worked, where that was taken.
    """

    task: str
    measured: float | None
    unit: str
    most: float | None = None
    least: float | None = None
    note: str = ""
    processor: float | None = None

    @property
    def goal(self) -> str:
        """The figure to reach, as text."""
        if self.most is not None:
            return f"≤ {self.most:g} {self.unit}"
        return f"≥ {self.least:,g} ×" if self.least is not None else ""

    @property
    def shown(self) -> str:
        """What was measured, with three digits.

        >>> Row("x", 0.01234, "s").shown, Row("x", 1234.5, "×").shown, Row("x", None, "s").shown
        ('0.0123 s', '1,230 ×', '–')
        """
        return self._digits(self.measured)

    @property
    def worked(self) -> str:
        """The processor time, with three digits; empty where it was not taken."""
        return "" if self.processor is None else self._digits(self.processor)

    def _digits(self, value: float | None) -> str:
        if value is None:
            return "–"
        number = float(f"{value:.3g}")
        return f"{number:,.0f} {self.unit}" if number >= 100 else f"{number:g} {self.unit}"

    @property
    def reached(self) -> bool | None:
        """Whether it was reached; None where there is none, or nothing was measured."""
        if self.measured is None or (self.most is None and self.least is None):
            return None
        return self.measured <= self.most if self.most is not None else self.measured >= (self.least or 0)


@dataclass(frozen=True, order=True)
class Taken:
    """Seconds by the clock, and seconds for which the processor worked; the clock also counts waiting for others."""

    clock: float
    processor: float

    @staticmethod
    def middle(some: Sequence[Taken]) -> Taken:
        """The medians of several."""
        return Taken(median(t.clock for t in some), median(t.processor for t in some))

    def row(self, task: str, unit: str = "s", **rest: Any) -> Row:
        """A row of the benchmark, in seconds or milliseconds."""
        factor = 1000 if unit == "ms" else 1
        return Row(task, factor * self.clock, unit, processor=factor * self.processor, **rest)


def timed(task: Callable[[], object], repeats: int = 1) -> Taken:
    """The median times of a task."""
    found = []
    for _ in range(repeats):
        clock, processor = perf_counter(), process_time()
        task()
        found.append(Taken(perf_counter() - clock, process_time() - processor))
    return Taken.middle(found)
